"""Text that would like to be more than text: HTML, Markdown, LaTeX, scripts, pictures by name, turned-round reading order."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from assistant import texts_nl as nl
from assistant.feedback import FeedbackStore, Verdict, record_of
from assistant.types import Answer, Outcome

SEEN = (
    "<img src=x onerror=window.hacked=1> **vet** $x^2$ $$y$$ [klik](javascript:alert(1)) :smile: :red[rood] "
    "<script>window.hacked=1</script>"
)
TURNED = "\u202e\u2066"  # what follows is read from right to left
TYPED = f"{SEEN} {TURNED}einde"
MARKUP = "img, script, iframe, .katex, strong:text-is('vet'), a[href^='javascript'], span[style*='color']"
TURNING = "(text) => /[\\u202a-\\u202e\\u2066-\\u2069\\u200e\\u200f]/.test(text)"


def assert_text(page: Page, place: Locator) -> None:
    """`place` shows SEEN as it stands, and nothing on the page was made of it."""
    expect(place.first).to_contain_text(SEEN)
    assert place.first.locator(MARKUP).count() == 0
    assert page.locator("[data-testid=stMain] .katex").count() == 0
    assert page.evaluate("window.hacked") is None
    assert not page.evaluate(TURNING, place.first.inner_text())


def test_a_question(page: Page):
    page.get_by_placeholder(nl.APP_INPUT).fill(TYPED)
    page.keyboard.press("Enter")
    page.locator(".turn .card:not([aria-busy])").wait_for()
    assert_text(page, page.locator(".turn"))


def test_a_question_in_the_address(page: Page, server: str):
    page.goto(f"{server}/vraag")
    page.evaluate("(question) => { location.search = '?vraag=' + encodeURIComponent(question); }", TYPED)
    page.locator(".turn .card:not([aria-busy])").wait_for()
    assert_text(page, page.locator(".turn"))


def test_a_brief(page: Page, server: str):
    page.goto(f"{server}/adviesgesprek")
    page.get_by_role("radio", name="po", exact=True).click()
    page.get_by_label(nl.BRIEF_PAGE["own_theme"]).fill(TYPED)
    page.get_by_label(nl.BRIEF_PAGE["context"]).fill(f"De prikpenmethode helpt leerlingen. {TYPED}")
    page.get_by_role("button", name=nl.BRIEF_PAGE["make"]).click()
    page.locator(".sheet").wait_for()
    assert_text(page, page.locator(".sheet .context"))
    assert page.locator(".sheet").locator(MARKUP).count() == 0
    note = page.locator(".quoted").first
    note.hover()
    note.locator('[data-act="note"]').click()
    page.get_by_label(nl.BRIEF_PAPER["noteLabel"]).fill(TYPED)
    page.get_by_role("button", name=nl.BRIEF_PAPER["save"]).click()
    assert_text(page, page.locator(".note"))


def test_the_list_of_gaps_and_the_case_made_of_one(page: Page, server: str, environment: dict[str, str]):
    store = FeedbackStore(Path(environment["WELWIJZER_DATA"]))
    store.erase()
    answer = Answer(TYPED, Outcome.NO_EVIDENCE, "", (), ())
    store.add(record_of(answer, Verdict.DOWN, sector="po", comment=TYPED))
    page.goto(f"{server}/kwaliteit")
    page.get_by_role("radio", name=nl.QUALITY["gaps"]).click()
    assert_text(page, page.locator(".gap"))
    page.get_by_role("button", name=nl.QUALITY["gap_note"]).click()
    page.get_by_label(nl.QUALITY["gap_note_label"]).fill(TYPED)
    page.get_by_role("button", name=nl.QUALITY["gap_save"]).click()
    assert_text(page, page.locator(".settled"))
    assert page.locator("[data-testid=stMain]").locator(MARKUP).count() == 0
    assert page.evaluate("window.hacked") is None
    store.erase()


@pytest.mark.parametrize("path", ["bronnen", "over"])
def test_a_publication(page: Page, server: str, path: str):
    page.goto(f"{server}/{path}")
    title = page.get_by_text("<i>Prikpen</i> *gids*").first
    expect(title).to_be_visible()
    assert page.locator("[data-testid=stMain] i:has-text('Prikpen'), [data-testid=stMain] em").count() == 0
    if path == "bronnen":
        title.click()
        text = page.locator(".text")
        text.get_by_role("heading").first.wait_for()
        assert text.locator("img, script, b, i, a[href^='javascript'], .katex").count() == 0
        expect(text).to_contain_text("<script>")
    assert page.evaluate("window.hacked") is None
