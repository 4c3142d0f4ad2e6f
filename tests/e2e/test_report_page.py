"""The evaluation's report as an editor uses it, on a phone and without its script."""

from pathlib import Path

from playwright.sync_api import Browser
from reported import PAGE


def test_the_filter_narrows_and_nothing_sticks_out_on_a_phone(browser: Browser, tmp_path: Path):
    planted = PAGE.replace("</main>", "<script>document.title = 'kwaad'</script></main>")
    (tmp_path / "report.html").write_text(planted, encoding="utf-8")
    page = browser.new_page(viewport={"width": 375, "height": 700})
    page.goto((tmp_path / "report.html").as_uri())
    assert page.title() != "kwaad"  # the policy lets no other script run
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    shown = "details.case:not([hidden])"
    assert page.locator(shown).count() == 4
    page.select_option("#f-reason", "missing_fact")
    assert page.locator(shown).evaluate_all("all => all.map((one) => one.id)") == ["case-fout"]
    assert page.inner_text("output") == "1 van 4 vragen"
    page.click("button[type=reset]")
    page.fill("#f-search", "VRÁAG goed")
    assert page.locator(shown).evaluate_all("all => all.map((one) => one.id)") == ["case-goed"]
    page.check("#f-failed")
    assert page.locator(shown).count() == 0
    without = browser.new_context(java_script_enabled=False).new_page()
    without.goto((tmp_path / "report.html").as_uri() + "#failed")
    assert not without.is_visible("#filter")
    without.click("#case-fout summary")
    assert without.is_visible("#case-fout mark")
