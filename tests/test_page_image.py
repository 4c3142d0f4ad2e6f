"""A page as a picture: the mark covers the quote's words and nothing else, and is not there where it may be wrong."""

import io
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import UnreadableError
from assistant.page_image import WIDTH, Box, PageImage, locate, page_image
from ingest import child

LINES = (
    "Een school begint met kijken en luisteren.",
    "Leerlingen geven zelf aan wat zij nodig hebben om zich",
    "veilig te voelen in de groep. Daarna maakt het team een plan.",
)
QUOTE = "Leerlingen geven zelf aan wat zij nodig hebben om zich veilig te voelen in de groep."
LEFT, TOP, SIZE, LEADING = 72.0, 760.0, 12.0, 18.0


def pdf(
    lines: tuple[str, ...] = LINES, rotate: int = 0, before: int = 0, size: tuple[float, float] = A4, top: float = TOP
) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for _ in range(before):
        canvas.drawString(LEFT, TOP, "Een andere bladzijde.")
        canvas.showPage()
    canvas.setFont("Helvetica", SIZE)
    for number, line in enumerate(lines):
        canvas.drawString(LEFT, top - number * LEADING, line)
    canvas.setPageRotation(rotate)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def expected(lines: tuple[str, ...], words: tuple[tuple[int, str], ...]) -> list[tuple[float, float, float, float]]:
    """Where words were drawn, by the widths of the font: left, base line, right, in shares of the page."""
    canvas = Canvas(io.BytesIO(), pagesize=A4)
    found = []
    for number, part in words:
        before = lines[number][: lines[number].index(part)]
        left = LEFT + canvas.stringWidth(before, "Helvetica", SIZE)
        right = left + canvas.stringWidth(part, "Helvetica", SIZE)
        base = TOP - number * LEADING
        found.append((left / A4[0], 1 - (base + SIZE) / A4[1], right / A4[0], 1 - (base - 0.3 * SIZE) / A4[1]))
    return found


def picture(image: PageImage) -> Image.Image:
    return Image.open(io.BytesIO(image.jpeg)).convert("RGB")


def test_the_mark_covers_exactly_the_words_of_the_quote():
    image = page_image(pdf(before=2), 3, QUOTE)
    wanted = expected(LINES, ((1, LINES[1]), (2, "veilig te voelen in de groep.")))
    assert len(image.boxes) == 2
    for box, (left, top, right, bottom) in zip(image.boxes, wanted, strict=True):
        assert box.left == pytest.approx(left, abs=0.004) and box.right == pytest.approx(right, abs=0.004)
        assert top - 0.004 <= box.top < box.bottom <= bottom + 0.004
        assert box.bottom - box.top > 0.6 * SIZE / A4[1]


def test_the_mark_is_coloured_and_the_rest_of_the_page_is_as_it_was():
    marked, bare = page_image(pdf(), 1, QUOTE), page_image(pdf(), 1, "Dit staat nergens op deze bladzijde.")
    assert (marked.width, marked.height) == (bare.width, bare.height) == (WIDTH, round(WIDTH * A4[1] / A4[0]))
    one, other = picture(marked), picture(bare)
    changed = [
        (x / marked.width, y / marked.height)
        for x in range(0, marked.width, 3)
        for y in range(0, marked.height, 3)
        if sum(abs(a - b) for a, b in zip(one.getpixel((x, y)), other.getpixel((x, y)), strict=True)) > 60
    ]
    assert len(changed) > 500
    slack = 0.008  # a JPEG's blocks
    for x, y in changed:
        assert any(
            b.left - slack <= x <= b.right + slack and b.top - slack <= y <= b.bottom + slack for b in marked.boxes
        )


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_marked_where_its_words_are(angle: int):
    wide = landscape(A4)
    size = wide if angle == 180 else A4  # reportlab exchanges width and height of a page that it turns by a quarter
    straight = page_image(pdf(size=wide, top=500), 1, QUOTE)
    turned = page_image(pdf(rotate=angle, size=size, top=500), 1, QUOTE)
    assert turned.boxes and (turned.width > turned.height) == (angle == 180)

    def back(box: Box) -> Box:
        if angle == 180:
            return Box(1 - box.right, 1 - box.bottom, 1 - box.left, 1 - box.top)
        if angle == 90:
            return Box(box.top, 1 - box.right, box.bottom, 1 - box.left)
        return Box(1 - box.bottom, box.left, 1 - box.top, box.right)

    boxes = [back(box) for box in turned.boxes]
    assert min(b.left for b in boxes) == pytest.approx(min(b.left for b in straight.boxes), abs=0.01)
    assert max(b.right for b in boxes) == pytest.approx(max(b.right for b in straight.boxes), abs=0.01)
    assert min(b.top for b in boxes) == pytest.approx(straight.boxes[0].top, abs=0.01)
    assert max(b.bottom for b in boxes) == pytest.approx(straight.boxes[1].bottom, abs=0.01)


@pytest.mark.parametrize(
    "lines",
    [
        (*LINES, *LINES[1:]),  # twice on the page
        (LINES[0], LINES[1]),  # only a part of it
        (LINES[0], LINES[1].replace("zelf", "nooit"), LINES[2]),
    ],
)
def test_no_mark_where_the_quote_is_absent_changed_or_doubled(lines: tuple[str, ...]):
    assert page_image(pdf(lines), 1, QUOTE).boxes == ()


def test_line_ends_hyphens_bullets_and_kinds_of_quotation_marks_make_no_difference():
    lines = ("De school­brede aanpak helpt:", "• luister naar leer-", "lingen en ‘vraag’ door", "• maak een plan")
    quote = "De schoolbrede aanpak helpt:\nluister naar leerlingen en 'vraag' door\nmaak een plan"
    document = FPDF()
    document.add_page()
    document.set_font("helvetica", size=12)
    for line in lines:
        document.cell(0, 8, line.replace("•", "-").replace("‘", "'").replace("’", "'"), new_x="LMARGIN", new_y="NEXT")
    assert len(page_image(bytes(document.output()), 1, quote).boxes) == 4


def test_a_quote_begins_and_ends_with_whole_words():
    assert locate(list("Onveilige school, veilige school"), "veilige school") == (18, 32)
    assert locate(list("Onveilige scholen"), "veilige schol") is None
    assert locate(list("veilige school"), "a b") is None
    assert locate(list("de eﬃciënte aanpak."), "efficiënte aanpak.") == (3, 19)
    assert locate([], QUOTE) is None


def noted(size: float) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    text = canvas.beginText(LEFT, TOP)
    for words, points, rise in (("De klas telt 20", 12, 0), ("23", size, 4), (" leerlingen.", 12, 0)):
        text.setFont("Helvetica", points)
        text.setRise(rise)
        text.textOut(words)
    canvas.drawText(text)
    canvas.save()
    return out.getvalue()


def test_the_number_of_a_note_is_no_part_of_the_text_and_a_figure_is():
    assert len(page_image(noted(7), 1, "De klas telt 20 leerlingen.").boxes) == 1
    assert page_image(noted(12), 1, "De klas telt 20 leerlingen.").boxes == ()
    assert len(page_image(noted(12), 1, "De klas telt 2023 leerlingen.").boxes) == 1


def test_the_address_of_a_link_need_not_be_printed():
    page = pdf(("Lees de handreiking van de raad.", "Daarna begint het werk."))
    assert len(page_image(page, 1, "Lees de handreiking (https://example.org/a-b?c=d) van de raad.").boxes) == 1
    assert page_image(page, 1, "Lees de handreiking (2019) van de raad.").boxes == ()


def test_a_page_that_is_not_there_is_named():
    for page in (0, 2):
        with pytest.raises(IndexError):
            page_image(pdf(), page, QUOTE)


def test_a_huge_page_stays_a_small_picture():
    image = page_image(pdf(size=(400.0, 14_000.0)), 1, QUOTE)
    assert image.width * image.height <= 4_020_000


def test_in_a_process_of_its_own_the_same_comes_out(tmp_path: Path):
    (record,) = child.run("assistant.page_image:drawn", pdf(), arguments=[1, QUOTE])
    assert PageImage.of(record) == page_image(pdf(), 1, QUOTE)
    with pytest.raises(UnreadableError):
        list(child.run("assistant.page_image:drawn", b"%PDF-1.4 broken", arguments=[1, QUOTE]))
