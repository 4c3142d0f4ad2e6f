"""PDFs are made here, line by line, so that every expectation can be read beside what was drawn."""

from __future__ import annotations

import io
from pathlib import Path

import pytesseract
import pytest
import reportlab
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import UnreadableError
from assistant.types import Kind
from ingest import pdf
from ingest.blocks import Part, Reading
from ingest.pdf_text import MAX_PAGES
from ingest.wrapped import join_lines

Line = tuple[float, float, float, str, str]  # x, y, size, font, text
BODY, BOLD = "Helvetica", "Helvetica-Bold"


def draw(*pages: list[Line], title: str = "") -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setTitle(title)
    for lines in pages:
        for x, y, size, font, text in lines:
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def text_block(*lines: str, y: float = 700, x: float = 72, size: float = 11) -> list[Line]:
    return [(x, y - 14 * number, size, BODY, line) for number, line in enumerate(lines)]


def shown(reading: Reading) -> list[tuple[Part, str]]:
    return [(block.part, block.text) for block in reading.blocks]


LONG = "Welbevinden op school vraagt om aandacht voor elke leerling en voor elke leraar op elke"


def test_lines_become_paragraphs_and_larger_type_becomes_headings():
    page = [
        (72, 780, 20, BODY, "Werken aan welbevinden"),
        (72, 740, 14, BODY, "Waarom het telt"),
        *text_block(LONG, "dag van het schooljaar, van groep een tot en met het laatste examenjaar."),
        *text_block("Een tweede alinea staat na een regel wit en begint dus opnieuw als deel van", "de tekst.", y=660),
        (72, 610, 11, BOLD, "Vet kopje"),
        *text_block("Tekst onder het vette kopje.", y=595),
    ]
    reading = pdf.read(draw(page))
    assert shown(reading) == [
        (Part.HEADING, "Werken aan welbevinden"),
        (Part.HEADING, "Waarom het telt"),
        (Part.PARAGRAPH, f"{LONG} dag van het schooljaar, van groep een tot en met het laatste examenjaar."),
        (
            Part.PARAGRAPH,
            "Een tweede alinea staat na een regel wit en begint dus opnieuw als deel van de tekst.",
        ),
        (Part.HEADING, "Vet kopje"),
        (Part.PARAGRAPH, "Tekst onder het vette kopje."),
    ]
    assert [block.level for block in reading.blocks if block.part is Part.HEADING] == [1, 2, 3]
    assert reading.found == {"title": "Werken aan welbevinden"}


def test_running_heads_and_page_numbers_go_and_give_the_printed_labels():
    pages = [
        [
            (72, 810, 9, BODY, "Welbevinden op School"),
            *text_block(f"Bladzijde met inhoud nummer {'i' * n} over een eigen onderwerp."),
            (300, 30, 9, BODY, f"{n + 6}"),
        ]
        for n in range(1, 5)
    ]
    reading = pdf.read(draw(*pages))
    assert [block.page for block in reading.blocks] == [1, 2, 3, 4]
    assert all(block.text.startswith("Bladzijde met inhoud") for block in reading.blocks)
    assert reading.page_labels == ("7", "8", "9", "10")
    cut = [e.before for block in reading.blocks for e in block.edits] + [e.before for e in reading.left_out]
    assert sorted(cut) == sorted(["Welbevinden op School"] * 4 + ["7", "8", "9", "10"])


def test_heads_that_change_with_the_chapter_go_by_their_page_number():
    heads = {1: "1 Beleid", 2: "Aanpak op school 2", 3: "3 Beleid", 4: "Ouders 4"}
    pages = [
        [(72, 800, 9, BODY, head), *text_block(f"Over {'a' * n} gaat deze bladzijde."), (300, 30, 9, BODY, str(n))]
        for n, head in heads.items()
    ]
    assert [b.text for b in pdf.read(draw(*pages)).blocks] == [f"Over {'a' * n} gaat deze bladzijde." for n in heads]


def test_a_line_that_only_happens_to_stand_high_is_kept():
    pages = [[*text_block(f"Zin {word} staat bovenaan.", y=800)] for word in ("een", "twee", "drie", "vier")]
    assert len(pdf.read(draw(*pages)).blocks) == 4


def test_stated_page_labels_are_used_where_no_numbers_are_printed():
    writer = PdfWriter(clone_from=io.BytesIO(draw(text_block("Voorwoord met tekst."), text_block("Hoofdstuk een."))))
    writer.set_page_label(0, 0, style="/r")
    writer.set_page_label(1, 1, style="/D", start=1)
    stream = io.BytesIO()
    writer.write(stream)
    assert pdf.read(stream.getvalue()).page_labels == ("i", "1")


def test_a_sentence_over_the_page_belongs_to_the_page_where_it_begins_and_footnotes_do_not_break_it():
    first = [
        *text_block(LONG, "school, en dat begint bij een team dat elkaar kent en dat samen", y=200),
        (72, 80, 8, BODY, "1 Zie ook de theoretische onderbouwing uit 2023."),
    ]
    second = text_block("aan dezelfde doelen werkt.", y=760) + text_block("Dit is een nieuwe alinea.", y=700)
    reading = pdf.read(draw(first, second))
    sentence, note, after = reading.blocks
    assert sentence.text.endswith("dat samen aan dezelfde doelen werkt.") and sentence.page == 1
    assert (note.kind, note.page) == (Kind.REFERENCE, 1)
    assert (after.text, after.page) == ("Dit is een nieuwe alinea.", 2)


def test_marks_of_footnotes_leave_the_sentence_and_are_recorded():
    page = text_block(LONG, "school. ") + [
        (72, 600, 11, BODY, "Het aandeel daalde in 2022"),
        (72 + pdfmetrics.stringWidth("Het aandeel daalde in 2022", BODY, 11), 604, 7, BODY, "4"),
        (84 + pdfmetrics.stringWidth("Het aandeel daalde in 2022", BODY, 11), 600, 11, BODY, "weer verder."),
    ]
    block = pdf.read(draw(page)).blocks[-1]
    assert block.text == "Het aandeel daalde in 2022 weer verder."
    assert [(e.rule, e.before, e.start, e.end, e.repair) for e in block.edits] == [("footnote mark", "4", 26, 26, True)]


def test_bullets_numbers_and_levels():
    page = [
        *text_block("Een school kan kiezen uit deze stappen:"),
        (80, 680, 11, BODY, "• maak afspraken met de klas en hang ze op een plek waar iedereen ze"),
        (90, 666, 11, BODY, "kan zien"),
        (100, 652, 11, BODY, "– samen met de ouders"),
        (80, 638, 11, BODY, "• kijk elk half jaar terug"),
        (80, 610, 11, BODY, "1. Eerst kijken"),
        (80, 596, 11, BODY, "2. Dan doen"),
    ]
    items = [block for block in pdf.read(draw(page)).blocks if block.part is Part.ITEM]
    assert [(item.level, item.text) for item in items] == [
        (1, "maak afspraken met de klas en hang ze op een plek waar iedereen ze kan zien"),
        (2, "samen met de ouders"),
        (1, "kijk elk half jaar terug"),
        (1, "1. Eerst kijken"),
        (1, "2. Dan doen"),
    ]
    assert {item.kind for item in items} == {Kind.LIST}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("aandacht voor het school-", "klimaat is nodig.", "aandacht voor het schoolklimaat is nodig."),
        ("dat geldt voor po-", "en vo-scholen.", "dat geldt voor po- en vo-scholen."),
        ("werken aan sociaal-", "emotioneel leren.", "werken aan sociaal-emotioneel leren."),
        ("de rol van de GGD-", "adviseur daarbij.", "de rol van de GGD-adviseur daarbij."),
        ("aan het wel\u00ad", "bevinden van allen.", "aan het welbevinden van allen."),
        ("een gewone regel", "die doorloopt.", "een gewone regel die doorloopt."),
        ("een radio-", "uitzending over pesten.", "een radio-uitzending over pesten."),
        ("naar het muse-", "um met de klas.", "naar het museum met de klas."),
        ("dat speelt over-", "al op school.", "dat speelt overal op school."),
    ],
)
def test_words_broken_at_a_line_end(first: str, second: str, expected: str):
    text, edits = join_lines([(first, 1), (second, 2)])
    assert text == expected
    assert all(text[edit.start : edit.end] == edit.after for edit in edits)


def test_the_documents_own_words_decide_on_a_hyphen_and_a_guess_is_called_a_repair():
    words = frozenset({"school-ouderrelatie", "schoolklimaat"})
    kept, no_edits = join_lines([("de school-", 1), ("ouderrelatie", 2)], words)
    joined, (known,) = join_lines([("het school-", 1), ("klimaat", 2)], words)
    _, (guess,) = join_lines([("het klas-", 1), ("klimaat", 2)], words)
    assert (kept, no_edits) == ("de school-ouderrelatie", [])
    assert joined == "het schoolklimaat" and not known.repair
    assert guess.repair


@settings(max_examples=200)
@given(st.lists(st.text(alphabet="ab-­ ﬁ\ue0007\ue001.E", max_size=12), max_size=6))
def test_every_edit_stands_where_it_says(lines: list[str]):
    text, edits = join_lines(list(enumerate_lines(lines)))
    for edit in edits:
        assert 0 <= edit.start <= edit.end <= len(text)
        assert edit.rule != "hyphen" or edit.after.startswith(text[edit.start : edit.end])


def enumerate_lines(lines: list[str]) -> list[tuple[str, int]]:
    return [(line, number) for number, line in enumerate(lines, 1)]


def test_ligatures_are_written_out():
    font = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    pdfmetrics.registerFont(TTFont("Vera", str(font)))
    reading = pdf.read(draw([(72, 700, 11, "Vera", "De \ufb01etsles is speci\ufb01ek voor de brugklas.")]))
    assert reading.blocks[0].text == "De fietsles is specifiek voor de brugklas."


def test_a_page_without_text_is_told_and_all_without_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nowhere/tesseract")  # reading a picture takes long
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.drawString(72, 700, "Een bladzijde met tekst.")
    canvas.showPage()
    canvas.rect(100, 100, 300, 300, fill=1)
    canvas.showPage()
    canvas.save()
    (warning,) = pdf.read(stream.getvalue()).warnings
    assert "2" in warning
    assert refusal(draw([], [])) == "no_text"


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        pdf.read(data)
    return str(caught.value.details["why"])


def written(writer: PdfWriter) -> bytes:
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_encrypted_files_are_refused_unless_an_empty_password_opens_them():
    plain = draw(text_block("Deze tekst mag gelezen worden."))
    locked, limited = PdfWriter(clone_from=io.BytesIO(plain)), PdfWriter(clone_from=io.BytesIO(plain))
    locked.encrypt("geheim", algorithm="RC4-128")
    limited.encrypt("", owner_password="eigenaar", algorithm="RC4-128")
    assert refusal(written(locked)) == "encrypted"
    assert pdf.read(written(limited)).blocks[0].text == "Deze tekst mag gelezen worden."


def test_zero_pages_damage_and_too_many_pages():
    assert refusal(written(PdfWriter())) == "no_pages"
    assert refusal(b"%PDF-1.7\n" + bytes(range(256)) * 20) == "broken"
    many = PdfWriter()
    for _ in range(MAX_PAGES + 1):
        many.add_blank_page(100, 100)
    assert len(PdfReader(io.BytesIO(written(many))).pages) == MAX_PAGES + 1
    assert refusal(written(many)) == "too_large"


def test_a_cut_off_file_is_read_as_far_as_it_goes_or_refused_but_never_crashes():
    whole = draw(*[text_block(f"Bladzijde {number} met tekst.") for number in range(3)])
    for size in (len(whole) // 3, len(whole) * 2 // 3, len(whole) - 20):
        try:
            assert pdf.read(whole[:size]).blocks
        except UnreadableError as error:
            assert error.details["why"] in {"broken", "no_pages", "no_text"}
