"""The pages "Bronnen" and "Over", and the job of an editor: a PDF added, looked at, asked about, removed."""

import re
from pathlib import Path

import fpdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assistant import texts_nl as nl

TEXT = nl.LIBRARY
TITLE = "Gids bosvlinders"
HEAD = "Voorbeelduitgeverij - Gids bosvlinders"
SENTENCE = "De bosvlindercoach begeleidt elke ochtend zes kinderen op het plein."
WITH_MODEL = 300_000  # milliseconds
HOSTILE = "<i>Prikpen</i> *gids*"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def shelf(page: Page, server: str) -> Page:
    """The list of publications."""
    page.goto(f"{server}/bronnen")
    page.get_by_role("table").wait_for()
    return page


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """A PDF of two pages with a running head."""
    made = fpdf.FPDF()
    made.set_title(TITLE)
    pages = (
        (TITLE, "Buiten spelen doet kinderen goed. Een vast groepje gaat elke dag naar het plein."),
        ("Wie begeleidt?", f"{SENTENCE} Een rooster helpt daarbij."),
    )
    for heading, text in pages:
        made.add_page()
        made.set_font("helvetica", "", 9)
        made.text(20, 12, HEAD)
        made.set_xy(20, 25)
        made.set_font("helvetica", "B", 20)
        made.multi_cell(0, 10, heading, new_x="LMARGIN", new_y="NEXT")
        made.set_x(20)
        made.set_font("helvetica", "", 11)
        made.multi_cell(150, 6, text)
    path = tmp_path / "gids-bosvlinders.pdf"
    made.output(str(path))
    return path


def titles(page: Page) -> list[str]:
    return page.locator("tbody .open").all_inner_texts()


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def test_an_editor_adds_a_pdf_asks_about_it_and_removes_it(shelf: Page, pdf: Path, server: str):
    page = shelf
    page.get_by_role("button", name=TEXT["add"]).click()
    page.locator("input[type=file]").set_input_files(str(pdf))

    page.get_by_role("button", name=TEXT["take_in"], exact=True).wait_for()
    expect(page.locator("del")).to_have_text(HEAD)
    expect(page.locator(".text").get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Pagina 1 van 2"))).to_be_visible()
    page.get_by_role("button", name=nl.LIBRARY_READER["nextPage"]).click()
    expect(page.locator(".text")).to_contain_text(SENTENCE)
    expect(page.get_by_role("img", name=re.compile("Pagina 2 van 2"))).to_be_visible()
    assert violations(page) == []

    expect(page.get_by_label(nl.LIBRARY_FIELDS["title"])).to_have_value(TITLE)
    page.get_by_label(nl.LIBRARY_FIELDS["published"]).fill("ooit")
    page.get_by_role("button", name=TEXT["take_in"], exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(nl.INGEST_NO_DATE)
    page.get_by_label(nl.LIBRARY_FIELDS["published"]).fill("2025-09")
    page.get_by_label(nl.LIBRARY_FIELDS["publishers"]).fill("Voorbeelduitgeverij")
    page.get_by_role("button", name=TEXT["take_in"], exact=True).click()
    # the first text to be embedded waits for the model, which the app is still loading
    expect(page.locator(".said.good")).to_contain_text(TEXT["taken_in"].format(title=TITLE), timeout=WITH_MODEL)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text("Voorbeelduitgeverij · september 2025")).to_be_visible()
    address = page.url

    page.goto(f"{server}/?vraag=Wie%20begeleidt%20de%20kinderen%20als%20bosvlindercoach%3F")
    turn = page.locator(".turn")
    turn.locator(".card:not([aria-busy])").wait_for()
    expect(turn.locator(".answer")).to_contain_text(SENTENCE)
    turn.locator(".answer .mark").first.click()
    assert turn.locator(".passage mark").text_content() == SENTENCE
    turn.get_by_role("button", name=nl.APP_CARD["viewPage"]).click()
    expect(page.get_by_role("dialog")).to_contain_text(nl.APP_SHEET["marked"])

    page.goto(address)
    page.get_by_text(TEXT["manage"], exact=True).click()
    page.get_by_role("button", name=TEXT["remove"], exact=True).click()
    page.get_by_role("button", name=TEXT["remove_now"]).click()
    expect(page.locator(".said.good")).to_contain_text(TEXT["removed"].format(title=TITLE))
    page.get_by_role("table").wait_for()
    assert TITLE not in titles(page)


def test_a_file_that_is_no_document_gives_one_line_and_loses_nothing(shelf: Page, tmp_path: Path):
    page = shelf
    (tmp_path / "gids.pdf").write_bytes(b"MZ this is a program, whatever its name says")
    page.get_by_role("button", name=TEXT["add"]).click()
    page.locator("input[type=file]").set_input_files(str(tmp_path / "gids.pdf"))
    expect(page.get_by_role("alert")).to_contain_text("gids.pdf is beschadigd")
    expect(page.get_by_role("button", name=TEXT["fetch"])).to_be_visible()
    assert not re.search(r"per file|Browse|Drag|Upload\b|Limit", page.locator("[data-testid=stMain]").inner_text())


def test_the_list_sorts_filters_and_opens(shelf: Page):
    page = shelf
    page.get_by_role("button", name=nl.LIBRARY_COLUMNS["title"]).click()
    expect(page.locator("th.title[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    ascending = titles(page)
    page.get_by_role("button", name=nl.LIBRARY_COLUMNS["title"]).click()
    assert titles(page) == ascending[::-1] and len(ascending) >= 4
    page.get_by_label(nl.LIBRARY_TABLE["text"]).fill("vo-raad 2021")
    expect(page.locator("tbody .open")).to_have_count(1)
    page.get_by_label(nl.LIBRARY_TABLE["text"]).fill("bestaat niet")
    expect(page.get_by_text(nl.LIBRARY_TABLE["none"])).to_be_visible()
    page.get_by_label(nl.LIBRARY_TABLE["text"]).fill("")
    page.get_by_role("combobox", name=nl.LIBRARY_TABLE["sector"]).select_option("so")
    assert 0 < len(titles(page)) < len(ascending)


def test_a_document_full_of_markup_is_listed_read_and_searched_as_text(shelf: Page):
    page = shelf
    page.get_by_role("button", name=HOSTILE, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    page.get_by_role("searchbox", name=nl.LIBRARY_READER["search"]).fill("prikpen")
    marks = page.locator(".text mark")
    expect(marks.first).to_be_visible()
    assert {text.lower() for text in marks.all_inner_texts()} == {"prikpen"}
    expect(page.locator(".search .count")).to_have_text(nl.LIBRARY_READER["found"].format(at=1, count=marks.count()))
    page.keyboard.press("Enter")
    if marks.count() > 1:
        expect(marks.nth(1)).to_have_class("here")
    assert page.locator(".text img, .text script, .text b, .text i").count() == 0
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(shelf: Page, server: str, width: int):
    page = shelf
    page.set_viewport_size({"width": width, "height": 812})
    wide = "document.querySelector('[data-testid=stMain]').scrollWidth"
    assert violations(page) == [] and page.evaluate(wide) <= width
    page.locator("tbody .open").first.click()
    page.locator(".text").get_by_role("heading").first.wait_for()
    page.get_by_text(TEXT["manage"], exact=True).click()
    page.get_by_role("button", name=TEXT["undo"]).wait_for()
    assert violations(page) == [] and page.evaluate(wide) <= width
    page.goto(f"{server}/over")
    page.get_by_role("heading", level=2, name=nl.ABOUT["sources"]).wait_for()
    assert violations(page) == [] and page.evaluate(wide) <= width
