"""Draws pages whose text and order are known, by two writers, in many fonts, sizes, margins and gutters.

The sentences are made here. Each names a place that no other names, so that it can be found again in any reading.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import RectangleObject

from tests.sheets import HEIGHT, WIDTH
from tests.typesetting import Style, Truth, paragraph, style, wrapped


def column(
    page: Style, truth: Truth, x: float, y: float, width: float, foot: float, per: int = 3, breakable: bool = False
) -> float:
    """Fill a column with paragraphs down to `foot`."""
    while y > foot + 6 * page.leading * page.size:
        sentences = page.words.sentences(per if width > 250 else 2, breakable)
        height = len(wrapped(page, " ".join(sentences), width, page.size)) * page.leading * page.size
        if y - height < foot:
            break
        truth.add("body", *sentences)
        y = paragraph(page, x, y, width, " ".join(sentences)) - 0.6 * page.size
    return y


def heading(page: Style, truth: Truth, x: float, y: float, factor: float = 1.4) -> float:
    text = f"Samen bouwen aan {page.words.name()}"
    truth.add("heading", text)
    page.sheet.text(x, y, text, round(page.size * factor, 1), True)
    return y - 1.9 * factor * page.size


def columns(page: Style, truth: Truth, count: int, y: float, foot: float, breakable: bool = False) -> float:
    width = (page.wide - (count - 1) * page.gutter) / count
    lowest = y
    for number in range(count):
        at = page.margin + number * (width + page.gutter)
        lowest = min(lowest, column(page, truth, at, y, width, foot, breakable=breakable))
    return lowest


def one_column(page: Style, truth: Truth) -> None:
    for _ in range(2):
        y = heading(page, truth, page.margin, HEIGHT - page.margin - 20)
        y = column(page, truth, page.margin, y, page.wide, HEIGHT / 2)
        y = heading(page, truth, page.margin, y - page.size, 1.2)
        column(page, truth, page.margin, y, page.wide, page.margin + 20)
        page.sheet.page()


def two_columns(page: Style, truth: Truth) -> None:
    for _ in range(2):
        y = heading(page, truth, page.margin, HEIGHT - page.margin - 20)
        columns(page, truth, 2, y, page.margin + 20)
        page.sheet.page()


def three_columns(page: Style, truth: Truth) -> None:
    page.size = min(page.size, 9.5)
    y = heading(page, truth, page.margin, HEIGHT - page.margin - 20)
    columns(page, truth, 3, y, page.margin + 20)
    page.sheet.page()


def mixed(page: Style, truth: Truth) -> None:
    """Full-width headings and paragraphs above, between and below columns."""
    y = heading(page, truth, page.margin, HEIGHT - page.margin - 20, 1.8)
    y = column(page, truth, page.margin, y, page.wide, HEIGHT * 0.75)
    y = columns(page, truth, 2, y - page.size, HEIGHT * 0.45)
    y = heading(page, truth, page.margin, y - 2 * page.size, 1.5)
    y = column(page, truth, page.margin, y, page.wide, HEIGHT * 0.28)
    columns(page, truth, 2, y - page.size, page.margin + 10)
    page.sheet.page()


def heading_between(page: Style, truth: Truth) -> None:
    """A short heading over both columns of the part below it."""
    y = heading(page, truth, page.margin, HEIGHT - page.margin - 20, 1.8)
    y = columns(page, truth, 2, y, HEIGHT * 0.5)
    y = heading(page, truth, page.margin, y - 2.5 * page.size, 1.5)
    columns(page, truth, 2, y, page.margin + 10)
    page.sheet.page()


def _box(page: Style, truth: Truth, x: float, top: float, width: float, count: int, shade: float | None) -> float:
    """A box with a title; the height of its foot."""
    title, sentences = f"In het mbo van {page.words.name()}", page.words.sentences(count)
    inner = width - 20
    titles = wrapped(page, title, inner, page.size, True)
    lines = len(wrapped(page, " ".join(sentences), inner, page.size))
    height = (lines * page.leading + 2.2 + 1.2 * len(titles)) * page.size
    page.sheet.box(x, top - height, width, height, shade)
    y = top - 1.6 * page.size
    for line in titles:
        page.sheet.text(x + 10, y, line, page.size, True)
        y -= 1.2 * page.size
    paragraph(page, x + 10, y - 0.4 * page.size, inner, " ".join(sentences))
    truth.add("box", title, *sentences)
    return top - height


def box_in_column(page: Style, truth: Truth) -> None:
    y = heading(page, truth, page.margin, HEIGHT - page.margin - 20)
    y = column(page, truth, page.margin, y, page.wide, HEIGHT * 0.6)
    y = _box(page, truth, page.margin, y - page.size, page.wide, 3, page.words.random.choice([None, 0.85]))
    column(page, truth, page.margin, y - 2 * page.size, page.wide, page.margin + 20)
    page.sheet.page()


def box_at_foot(page: Style, truth: Truth) -> None:
    """A box across both columns, below them."""
    y = heading(page, truth, page.margin, HEIGHT - page.margin - 20)
    y = columns(page, truth, 2, y, HEIGHT * 0.4)
    _box(page, truth, page.margin, y - page.size, page.wide, 4, page.words.random.choice([None, 0.9]))
    page.sheet.page()


def box_over_columns(page: Style, truth: Truth) -> None:
    """A box laid over both columns: each goes on below it; what it says comes after them."""
    top = heading(page, truth, page.margin, HEIGHT - page.margin - 20)
    width = (page.wide - page.gutter) / 2
    upper, lower = HEIGHT * 0.62, HEIGHT * 0.42
    for x in (page.margin, page.margin + width + page.gutter):
        sentences = page.words.sentences(30)
        text = wrapped(page, " ".join(sentences), width, page.size)
        y, shown = top, []
        for line in text:
            if lower - 2 * page.size < y < upper + 0.5 * page.size:
                y = lower - 2 * page.size
            if y < page.margin:
                break
            page.sheet.text(x, y, line, page.size)
            shown.append(line)
            y -= page.leading * page.size
        whole = " ".join(shown)
        truth.add("body", *[sentence for sentence in sentences if sentence in whole])
    inset = Style(page.sheet, page.words, page.size, page.margin, page.gutter, False, 1.15)
    _box(inset, truth, page.margin, upper - 0.5 * page.size, page.wide, 2, 0.88)
    page.sheet.page()


def side_box(page: Style, truth: Truth) -> None:
    """A shaded box in a column of its own beside the text."""
    y = heading(page, truth, page.margin, HEIGHT - page.margin - 20)
    main = page.wide * 0.62
    column(page, truth, page.margin, y, main, page.margin + 20)
    _box(page, truth, page.margin + main + page.gutter, y + page.size, page.wide - main - page.gutter, 4, 0.9)
    page.sheet.page()


def running_heads(page: Style, truth: Truth) -> None:
    for number in range(5):
        page.sheet.text(page.margin, HEIGHT - 30, "Jaarbericht welbevinden", 8)
        page.sheet.text(WIDTH - page.margin - 12, 28, str(number + 3), 8)
        columns(page, truth, 1 + number % 2, HEIGHT - page.margin - 40, HEIGHT * 0.4)
        page.sheet.page()
    truth.unseen.append("Jaarbericht welbevinden")


def hyphenation(page: Style, truth: Truth) -> None:
    columns(page, truth, 2, HEIGHT - page.margin - 20, page.margin + 20, breakable=True)
    truth.sentences = [(s.replace("·", "").replace("=", "-"), kind) for s, kind in truth.sentences]
    page.sheet.page()


def footnotes(page: Style, truth: Truth) -> None:
    for number in range(2):
        own = Truth()
        note = f"Zie ook het verslag van de {page.words.name()} uit het vorige schooljaar."
        column(page, own, page.margin, HEIGHT - page.margin - 20, page.wide, page.margin + 80)
        page.sheet.rule(page.margin, page.margin + 50, page.margin + 140, page.margin + 50)
        page.sheet.text(page.margin, page.margin + 36, f"{number + 1} {note}", round(page.size * 0.75, 1))
        truth.sentences += own.sentences
        truth.add("reference", note)
        page.sheet.page()


def _cells(page: Style) -> list[list[str]]:
    return [["School", "Leerlingen", "Gesprekken"]] + [
        [
            f"De {page.words.name()}",
            str(page.words.random.randint(100, 900)),
            f"{page.words.random.randint(2, 9)} per jaar",
        ]
        for _ in range(5)
    ]


def _table(page: Style, truth: Truth, ruled: bool) -> None:
    y = column(page, truth, page.margin, HEIGHT - page.margin - 20, page.wide, HEIGHT * 0.65)
    rows, step, wide = _cells(page), 1.9 * page.size, page.wide / 3
    y -= page.size
    top = y + 1.3 * page.size
    for row in rows:
        for number, cell in enumerate(row):
            page.sheet.text(page.margin + 4 + number * wide, y, cell, page.size)
        truth.add("table", " | ".join(row))
        y -= step
    if ruled:
        for number in range(len(rows) + 1):
            page.sheet.rule(page.margin, top - number * step, page.margin + page.wide, top - number * step)
        for number in range(4):
            page.sheet.rule(page.margin + number * wide, top, page.margin + number * wide, top - len(rows) * step)
    truth.rows = [" | ".join(row) for row in rows]
    column(page, truth, page.margin, y - page.size, page.wide, page.margin + 20)
    page.sheet.page()


def ruled_table(page: Style, truth: Truth) -> None:
    _table(page, truth, True)


def open_table(page: Style, truth: Truth) -> None:
    _table(page, truth, False)


LAYOUTS: dict[str, Callable[[Style, Truth], None]] = {
    function.__name__: function
    for function in (
        *(one_column, two_columns, three_columns, mixed, heading_between, box_in_column, box_at_foot, box_over_columns),
        *(side_box, running_heads, hyphenation, footnotes, ruled_table, open_table),
    )
}


def drawn(name: str, seed: int, turned: int = 0) -> tuple[bytes, Truth]:
    """A document of a layout, its truth; `turned`: drawn sideways on pages that are shown turned by so many degrees."""
    page, truth = style(seed), Truth()
    LAYOUTS[name](page, truth)
    data = page.sheet.done()
    return (turned_pages(data, turned) if turned else data), truth


def turned_pages(data: bytes, degrees: int) -> bytes:
    writer = PdfWriter()
    for number in range(len(PdfReader(io.BytesIO(data)).pages)):
        page = writer.add_page(PdfReader(io.BytesIO(data)).pages[number])
        matrix = {
            90: Transformation().rotate(90).translate(HEIGHT, 0),
            180: Transformation().rotate(180).translate(WIDTH, HEIGHT),
            270: Transformation().rotate(270).translate(0, WIDTH),
        }[degrees]
        page.add_transformation(matrix)
        wide, high = (WIDTH, HEIGHT) if degrees == 180 else (HEIGHT, WIDTH)
        page.mediabox = page.cropbox = RectangleObject((0, 0, wide, high))
        page.rotate(degrees)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def sideways(data: bytes) -> bytes:
    """The same pages with all text running upward and no word of it in the file."""
    reader = PdfReader(io.BytesIO(turned_pages(data, 90)))
    writer = PdfWriter()
    for page in reader.pages:
        page.rotate(-90)
        writer.add_page(page)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def every(seeds: range) -> Iterator[tuple[str, int]]:
    """Each layout with each seed."""
    return ((name, seed) for name in LAYOUTS for seed in seeds)
