"""Reads a PDF: its pages with their printed labels, as blocks in reading order, without running heads.

Pages without a usable text layer are read from their picture (see `ocr.py`) and marked so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.errors import OcrUnavailable, UnreadableError
from assistant.texts_nl import (
    WARNING_NO_OCR,
    WARNING_OCR,
    WARNING_PAGE_WITHOUT_TEXT,
    WARNING_PICTURE_PAGES,
    page_ranges,
)
from assistant.types import Kind
from ingest import child, ocr
from ingest.blocks import Block, Edit, Part, Reading
from ingest.layout import Float, Line, blocks_of
from ingest.pdf_boxes import take_boxes
from ingest.pdf_heads import labels, offset_of, running
from ingest.pdf_links import with_links
from ingest.pdf_order import arranged
from ingest.pdf_parts import PageText, part_of
from ingest.pdf_parts import Part as Placed
from ingest.pdf_tables import take_tables
from ingest.shapes import settle

LIMITS = child.Limits(seconds=300.0, step=10.0, processor=300.0)  # 1,000 pages of text take 25 s on one core
SCAN = 0.6  # of the page: pictures that cover as much are the page itself, and no illustrations
PROSE, PROSE_WORDS = 0.6, 6  # share of the letters in lines of so many words: prose, and no labels of a chart
_JUNK_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)|untitled|\(anonymous\)|document\d*$|naamloos)|\.(?:docx?|pdf|indd|pptx?)$",
    re.IGNORECASE,
)


def read(data: bytes) -> Reading:
    """Read a PDF: see the module.

    Raises UnreadableError (encrypted, broken, no_pages, no_text, too_large, too_heavy).
    """
    about, pages = _extracted(data)
    pages, warnings = _with_scans(data, pages)
    heights = [page.height for page in pages]
    lines = [line for page in pages for line in page.lines]
    offset = offset_of(lines, heights)
    heads = running(lines, heights, offset)
    items: list[Line | Float] = []
    gone: list[Line] = []
    for page in pages:
        own, left = _arranged(page, heads)
        items += own
        gone += left
    if not any(character.isalpha() for line in _lines(items) for character in line.text):
        raise UnreadableError("no page holds text", why="no_text")
    blocks, left_out = _with_cuts(settle(blocks_of(items)), gone)
    return Reading(
        blocks,
        left_out,
        warnings=warnings,
        page_labels=labels(about["labels"], offset, len(pages)),
        found=_found(about["title"], blocks),
        read_by_ocr=tuple((page.number, page.ocr) for page in pages if page.ocr is not None),
    )


def _extracted(data: bytes) -> tuple[dict[str, Any], list[PageText]]:
    records = child.run("ingest.pdf_text:pages", data, LIMITS)
    about = next(records)
    return about, [_page(number, record) for number, record in enumerate(records, 1)]


def _page(number: int, record: dict[str, Any]) -> PageText:
    lines = tuple(
        Line(text, size, bold, x0, y, number, at, x1, colour, (), pagination)
        for at, (text, size, bold, x0, x1, y, colour, pagination) in enumerate(record["stretches"], 1)
    )
    return PageText(
        number,
        record["width"],
        record["height"],
        with_links(lines, record["links"]),
        tuple(record["turned"]),
        tuple((x0, y0, x1, y1, colour) for x0, y0, x1, y1, colour in record["surfaces"]),
        tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in record["images"]),
        record["drawn"],
    )


# pages without a usable text layer


def _with_scans(data: bytes, pages: list[PageText]) -> tuple[list[PageText], tuple[str, ...]]:
    """The pages, those whose text can't be used read from their picture; and what an editor should know of that."""
    wanted = [page.number for page in pages if _needs_ocr(page)]
    if not wanted:
        return pages, ()
    warnings: list[str] = []
    found: dict[int, ocr.OcrPage] = {}
    try:
        found = ocr.read_pages(data, wanted)
    except OcrUnavailable:
        if len(wanted) == len(pages):
            raise
        warnings.append(WARNING_NO_OCR.format(pages=page_ranges(wanted)))
        return [_emptied(page) if page.number in wanted else page for page in pages], tuple(warnings)
    result = []
    read_: list[int] = []
    pictures: list[int] = []
    lost: list[int] = []
    for page in pages:
        scan = found.get(page.number)
        if page.number not in wanted:
            result.append(page)
        elif scan is not None and ocr.usable([line.text for line in scan.lines]) and _worth_reading(page, scan):
            read_.append(page.number)
            result.append(_scanned(page, scan))
        else:
            (pictures if _illustrated(page) else lost).append(page.number)
            result.append(_emptied(page) if not _illustrated(page) else page)
    if read_:
        confidence = sum(found[number].confidence for number in read_) / len(read_)
        warnings.append(WARNING_OCR.format(pages=page_ranges(read_), percent=round(100 * confidence)))
    if pictures:
        warnings.append(WARNING_PICTURE_PAGES.format(pages=page_ranges(pictures)))
    if lost:
        warnings.append(WARNING_PAGE_WITHOUT_TEXT.format(pages=page_ranges(lost)))
    return result, tuple(warnings)


def _needs_ocr(page: PageText) -> bool:
    """Whether a page shows something, yet has no text of its own that can be read."""
    if not page.drawn:
        return False
    texts = [line.text for line in page.lines if not line.pagination]
    if any(character.isalpha() for text in texts for character in text):
        return not ocr.usable([*texts, *page.turned])
    return bool(page.images) or bool(texts) or len(page.surfaces) > 0


def _illustrated(page: PageText) -> bool:
    """Whether its pictures are illustrations: together they are not the page itself."""
    covered = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in page.images)
    return bool(page.images) and covered < SCAN * page.width * page.height


def _worth_reading(page: PageText, scan: ocr.OcrPage) -> bool:
    """Whether what was read from illustrations is text: of a chart only scattered labels are read."""
    if not _illustrated(page):
        return True
    prose = sum(len(line.text) for line in scan.lines if len(line.text.split()) >= PROSE_WORDS)
    return prose >= PROSE * sum(len(line.text) for line in scan.lines)


def _scanned(page: PageText, scan: ocr.OcrPage) -> PageText:
    lines = tuple(replace(line, page=page.number, number=at) for at, line in enumerate(scan.lines, 1))
    return PageText(page.number, scan.width, scan.height, lines, drawn=True, ocr=scan.confidence)


def _emptied(page: PageText) -> PageText:
    """A page whose letters are no language keeps none of them; one with a bare number keeps that."""
    texts = [line.text for line in page.lines]
    return page if not any(c.isalpha() for text in texts for c in text) else replace(page, lines=(), turned=())


# reading order


def _arranged(page: PageText, heads: frozenset[Line]) -> tuple[list[Line | Float], list[Line]]:
    """The page in reading order, its lines numbered so; and the running heads and feet left out."""
    body = [line for line in page.lines if line not in heads]
    shared = take_boxes(page, *_tables(page, body))
    parts = [part_of(line) for line in shared.rest]
    parts += [Placed(*box, apart=item) for box, item in shared.floats]
    items = arranged(parts)
    if page.turned:
        items.append(Float(Kind.CAPTION, tuple(_turned(page))))
    gone = sorted((line for line in page.lines if line in heads), key=lambda line: -line.y)
    upper = [line for line in gone if line.y > page.height / 2]
    count = len(upper)
    numbered: list[Line | Float] = []
    for item in items:
        renumbered, count = _numbered(item, count)
        numbered.append(renumbered)
    left = [replace(line, number=at) for at, line in enumerate(upper, 1)]
    left += [replace(line, number=at) for at, line in enumerate(gone[len(upper) :], count + 1)]
    return numbered, left


def _tables(page: PageText, body: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Any]]:
    if page.ocr is not None:
        return body, ()
    shared = take_tables(page, body)
    return shared.rest, shared.floats


def _turned(page: PageText) -> list[Line]:
    return [Line(text, 8.0, False, 0.0, 0.0, page.number, 0) for text in page.turned if any(c.isalpha() for c in text)]


def _numbered(item: Line | Float, count: int) -> tuple[Line | Float, int]:
    if isinstance(item, Line):
        return replace(item, number=count + 1), count + 1
    inner: list[Line | Float] = []
    for part in item.items:
        numbered, count = _numbered(part, count)
        inner.append(numbered)
    rows = []
    for row in item.rows:
        cells = []
        for cell in row:
            cells.append(tuple(replace(line, number=count + at) for at, line in enumerate(cell, 1)))
            count += len(cell)
        rows.append(tuple(cells))
    return replace(item, items=tuple(inner), rows=tuple(rows)), count


def _lines(items: Sequence[Line | Float]) -> list[Line]:
    result: list[Line] = []
    for item in items:
        result += [item] if isinstance(item, Line) else item.lines()
    return result


def _with_cuts(blocks: Sequence[Block], gone: Sequence[Line]) -> tuple[tuple[Block, ...], tuple[Edit, ...]]:
    """Each line left out goes to the block after it as a cut; also returns those after the last block."""
    waiting = list(gone)
    result = []
    for block in blocks:
        place = (block.page or 0, block.line)
        cuts: list[Edit] = []
        while waiting and (waiting[0].page, waiting[0].number) < place:
            cuts.append(_cut(waiting.pop(0)))
        result.append(replace(block, edits=(*cuts, *block.edits)))
    return tuple(result), tuple(_cut(line) for line in waiting)


def _cut(line: Line) -> Edit:
    return Edit("running head", line.number, line.text, "", 0, 0, False)


def _found(title: str, blocks: Sequence[Block]) -> dict[str, str]:
    """The title the file states, or the highest heading of its first page. Dates in a PDF are those of the file."""
    title = " ".join(title.split())
    if not title or _JUNK_TITLE.search(title):
        headings = [block for block in blocks if block.part is Part.HEADING and block.page == blocks[0].page]
        title = min(headings, key=lambda block: block.level).text if headings else ""
    return {"title": title} if title else {}
