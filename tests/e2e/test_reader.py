"""One full job of a reader, with a PDF; what a reader says of an answer; and axe-core on all of it."""

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from chatting import QUESTION, ask, marks
from PIL import Image
from playwright.sync_api import Page, expect
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assistant import texts_nl as nl
from assistant.feedback import FeedbackStore, Reason, Verdict

SENTENCE = "Een klankbordgroep bestaat uit acht tot twaalf leerlingen uit verschillende klassen."
ASKED = "Uit hoeveel leerlingen bestaat een klankbordgroep?"
PDF_TITLE = "Klankbordgroep <b>van</b> leerlingen"


@pytest.fixture
def publication(product: Callable[..., str], tmp_path: Path) -> Iterator[str]:
    """A PDF of two pages in the library, for one test."""
    canvas = Canvas(str(tmp_path / "klankbord.pdf"), pagesize=A4)
    first = ("Klankbordgroepen", "Deze handleiding gaat over leerlingen die meedenken over hun school.")
    for lines in (first, ("Een klankbordgroep beginnen", SENTENCE, "Een leerling leidt het gesprek.")):
        for number, line in enumerate(lines):
            canvas.setFont("Helvetica-Bold" if number == 0 else "Helvetica", 11 if number else 18)
            canvas.drawString(72, 760 - 40 * min(number, 1) - 16 * number, line)
        canvas.showPage()
    canvas.save()
    given = ("--title", PDF_TITLE, "--publisher", "Uitgeverij", "--published", "2025", "--sector", "vo", "--yes")
    id = product("ingest", "add", str(tmp_path / "klankbord.pdf"), *given).split()[-1]
    yield id
    product("ingest", "remove", id)


def marked(page: Page) -> tuple[Image.Image, str]:
    """The page's picture as the browser has it, and what stands in its place for who can't see it."""
    picture = page.get_by_role("dialog").get_by_role("img")
    picture.wait_for()
    data = picture.get_attribute("src").partition("base64,")[2]
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"), picture.get_attribute("alt")


def test_a_reader_asks_looks_judges_and_takes_the_conversation_along(
    page: Page, publication: str, environment: dict[str, str], tmp_path: Path
):
    turn = ask(page, ASKED)
    expect(turn.locator(".answer")).to_contain_text(SENTENCE)
    marks(turn).first.click()
    assert turn.locator(".passage mark").text_content() == SENTENCE
    assert turn.locator(".passage .title").inner_text() == PDF_TITLE

    view = turn.get_by_role("button", name=nl.APP_CARD["viewPage"])
    view.focus()
    page.keyboard.press("Enter")
    picture, alternative = marked(page)
    yellow = [
        (x / picture.width, y / picture.height)
        for x in range(0, picture.width, 4)
        for y in range(0, picture.height, 4)
        if picture.getpixel((x, y))[2] < 190 < picture.getpixel((x, y))[0]
    ]
    assert yellow and min(x for x, _ in yellow) == pytest.approx(72 / A4[0], abs=0.01)
    assert all(abs(1 - 704 / A4[1] - y) < 0.025 for _, y in yellow)
    expect(page.get_by_role("dialog")).to_contain_text(nl.APP_SHEET["marked"])
    assert alternative.startswith(nl.app_page_image("2", PDF_TITLE)) and SENTENCE in alternative
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(view).to_be_focused()

    follow_up = ask(page, "En wie leidt het gesprek?")
    expect(follow_up.locator(".card")).to_be_visible()

    turn.get_by_role("button", name=nl.APP_FEEDBACK["down"]).click()
    turn.get_by_label(nl.FEEDBACK_REASONS["incomplete"]).check()
    turn.get_by_label(nl.APP_FEEDBACK["comment"]).fill("Mail juf@example.org <b>over</b> de begeleiding")
    turn.get_by_role("button", name=nl.APP_FEEDBACK["send"]).click()
    expect(turn.get_by_text(nl.APP_FEEDBACK["thanks_down"])).to_be_visible()
    expect(turn.get_by_role("button", name=nl.APP_FEEDBACK["down"])).to_have_attribute("aria-pressed", "true")
    (record,) = [r for r in FeedbackStore(Path(environment["WELWIJZER_DATA"])).all() if r.question == ASKED]
    assert (record.verdict, record.reason) == (Verdict.DOWN, Reason.INCOMPLETE)
    assert record.comment == "Mail [e-mail] <b>over</b> de begeleiding"
    assert [place.source for place in record.citations] == [publication]

    page.get_by_role("button", name=nl.APP_DOWNLOAD).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=nl.APP_DOWNLOAD_WORD).click()
    download.value.save_as(tmp_path / "gesprek.docx")
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(tmp_path / "gesprek.docx")).paragraphs)
    assert SENTENCE in text and ASKED in text and PDF_TITLE in text
    with page.expect_download() as download:
        page.get_by_role("button", name=nl.APP_DOWNLOAD_MARKDOWN).click()
    assert SENTENCE in Path(download.value.path()).read_text(encoding="utf-8")


def test_what_is_not_there_can_be_reported_and_taken_back(page: Page, environment: dict[str, str]):
    question = "Hoe werkt fotosynthese bij naaldbomen?"
    turn = ask(page, question)
    report = turn.get_by_role("button", name=nl.APP_FEEDBACK["missing"])
    report.click()
    expect(turn.get_by_text(nl.APP_FEEDBACK["thanks_missing"])).to_be_visible()
    store = FeedbackStore(Path(environment["WELWIJZER_DATA"]))
    assert [r.verdict for r in store.all() if r.question == question] == [Verdict.MISSING]
    report.click()
    expect(turn.get_by_text(nl.APP_FEEDBACK["withdrawn"])).to_be_visible()
    assert [r for r in store.all() if r.question == question] == []


WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(WCAG)}}).response
    assert len(found["passes"]) > 5
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_against_wcag(page: Page, width: int, scheme: str):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 860})
    assert violations(page) == []
    turn = ask(page, QUESTION)
    marks(turn).first.click()
    turn.get_by_role("button", name=nl.APP_FEEDBACK["down"]).click()
    assert violations(page) == []
    page.get_by_role("button", name=nl.APP_DOWNLOAD).click()
    page.get_by_role("button", name=nl.APP_DOWNLOAD_WORD).wait_for()
    assert violations(page) == []


def test_axe_sees_into_the_cards(page: Page):
    turn = ask(page, QUESTION)
    turn.locator(".card").evaluate("card => card.append(document.createElement('img'))")
    assert any(line.startswith("image-alt") for line in violations(page))
