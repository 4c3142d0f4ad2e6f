"""The job of an adviser: a brief made, edited and taken along, and what is on paper is what was on the screen."""

import io
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import Locator, Page, expect
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assistant import texts_nl as nl
from assistant.library import Library

TEXT, PAPER = nl.BRIEF_PAGE, nl.BRIEF_PAPER
NOTE = "Vraag dit aan de <b>zorgcoördinator</b>."
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@pytest.fixture
def brief(page: Page, server: str) -> Page:
    """The page with a brief for a secondary school on one pillar."""
    page.goto(f"{server}/adviesgesprek")
    page.get_by_role("radio", name="vo", exact=True).click()
    page.get_by_text("Omgeving", exact=True).click()
    page.get_by_label(TEXT["context"]).fill(
        "Mijn leerling Sanne de Vries is vaak afwezig. Ouders zijn moeilijk te bereiken."
    )
    page.get_by_role("button", name=TEXT["make"]).click()
    page.locator(".sheet").wait_for()
    return page


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(WCAG)}}).response
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


def quoted(page: Page) -> Locator:
    """The first section with at least three quoted lines."""
    return page.locator(".part").filter(has=page.locator(".line.quoted:nth-of-type(3)")).first.locator(".line")


def words(line: Locator) -> str:
    """The text of a line without its marks."""
    text = line.locator(".words > p, .words > .list, .words > s").first.evaluate(
        "node => { const copy = node.cloneNode(true); copy.querySelectorAll('button, .about').forEach(b => b.remove());"
        " return copy.textContent; }"
    )
    return " ".join(text.split())


def do(line: Locator, what: str) -> None:
    line.hover()
    line.locator(f'[data-act="{what}"]').click()


def saved(page: Page, label: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    return Path(download.value.path()).read_bytes()


def test_a_brief_is_made_edited_and_taken_along(brief: Page, environment: dict[str, str]):
    expect(brief.locator(".sheet")).to_contain_text(PAPER["hint"])
    expect(brief.locator(".notice")).to_be_visible()
    assert "Sanne" not in brief.locator(".sheet").inner_text()
    lines = quoted(brief)
    first, second = words(lines.nth(0)), words(lines.nth(1))
    do(lines.nth(0), "down")
    expect(lines.nth(0)).to_contain_text(second[-40:])
    assert brief.evaluate(
        "document.activeElement.shadowRoot?.activeElement?.dataset.act ?? document.activeElement.dataset.act"
    )
    do(lines.nth(1), "strike")
    expect(lines.nth(1)).to_have_class(re.compile("gone"))
    do(lines.nth(0), "note")
    brief.get_by_label(PAPER["noteLabel"]).fill(NOTE)
    brief.get_by_role("button", name=PAPER["save"]).click()
    expect(lines.nth(0).locator(".note")).to_contain_text(NOTE)

    paper = Document(io.BytesIO(saved(brief, TEXT["word"])))
    on_paper = [" ".join(paragraph.text.split()) for paragraph in paper.paragraphs]
    everything = "\n".join(on_paper)
    assert on_paper[0] == nl.BRIEF_TITLE.format(sector="vo")
    assert NOTE in everything and "Sanne" not in everything
    assert second in everything and first not in everything
    assert nl.EXPORT_SOURCES in on_paper
    stored = Library.open(Path(environment["WELWIJZER_DATA"]) / "library.sqlite")
    texts = [" ".join(stored.document(source.id).text.split()) for source in stored.sources()]
    quotes = second.split(" … ")  # a list's lead-in and its item
    assert any(all(quote in text for quote in quotes) for text in texts), second

    written = saved(brief, TEXT["markdown"]).decode()
    assert written.startswith("# ") and "\\<b\\>" in written and "Sanne" not in written


def test_changes_are_undone_and_survive_another_page(brief: Page, server: str):
    lines = quoted(brief)
    do(lines.nth(0), "strike")
    expect(lines.nth(0)).to_have_class(re.compile("gone"))
    brief.get_by_role("link", name=nl.APP_PAGES["vraag"], exact=True).click()
    brief.get_by_placeholder(nl.APP_INPUT).wait_for()
    brief.get_by_role("link", name=nl.APP_PAGES["adviesgesprek"], exact=True).click()
    expect(quoted(brief).nth(0)).to_have_class(re.compile("gone"))
    brief.get_by_role("button", name=PAPER["undo"]).click()
    expect(quoted(brief).nth(0)).not_to_have_class(re.compile("gone"))


def test_a_mark_opens_its_passage_and_escape_closes_it(brief: Page):
    mark = quoted(brief).nth(0).locator(".mark").first
    mark.click()
    passage = brief.locator(".passage")
    quote = " ".join(passage.locator("mark").inner_text().split())
    assert quote[:60] in words(quoted(brief).nth(0))
    assert violations(brief) == []
    brief.keyboard.press("Escape")
    expect(passage).to_have_count(0)
    expect(mark).to_be_focused()


def test_the_page_of_a_pdf_is_shown_with_its_quote_and_the_focus_comes_back(
    brief: Page, server: str, tmp_path: Path, product
):
    canvas = Canvas(str(tmp_path / "ouders.pdf"), pagesize=A4)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(72, 760, "Partnerschap met ouders")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(
        72, 720, "Een ouderkamer helpt leraren ouders uit de wijk te bereiken die zelden op een ouderavond verschijnen."
    )
    canvas.save()
    given = (
        "--title",
        "Gids ouderkamer",
        "--publisher",
        "Uitgeverij",
        "--published",
        "2025",
        "--sector",
        "vo",
        "--yes",
    )
    id = product("ingest", "add", str(tmp_path / "ouders.pdf"), *given).split()[-1]
    try:
        brief.get_by_label(TEXT["context"]).fill("Een ouderkamer om ouders te bereiken")
        brief.get_by_role("button", name=TEXT["make_again"]).click()
        line = brief.locator(".line", has_text="Een ouderkamer helpt leraren").first
        line.locator(".mark").first.click()
        view = line.get_by_role("button", name=nl.APP_CARD["viewPage"])
        view.focus()
        brief.keyboard.press("Enter")
        dialog = brief.get_by_role("dialog")
        expect(dialog).to_contain_text(nl.APP_SHEET["marked"])
        expect(dialog.get_by_role("img", name=re.compile("Gids ouderkamer"))).to_be_visible()
        brief.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(view).to_be_focused()
    finally:
        product("ingest", "remove", id)


def test_danger_stands_first_and_a_phone_shows_all_in_one_column(page: Page, server: str):
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(f"{server}/adviesgesprek")
    page.get_by_role("radio", name="po", exact=True).click()
    page.get_by_label(TEXT["context"]).fill("Een leerling zegt dat hij er een eind aan wil maken.")
    page.get_by_role("button", name=TEXT["make"]).click()
    urgent = page.locator(".sheet .urgent")
    expect(urgent.get_by_role("link", name="113", exact=True).first).to_be_visible()
    assert urgent.bounding_box()["y"] < page.locator(".part").first.bounding_box()["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
