"""Walks through the body of a Word document in order: paragraphs, list items, table rows, text boxes, notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml import etree

from assistant.types import Kind
from ingest.blocks import Block, Part
from ingest.clean import BULLET
from ingest.docx_styles import CAPTION, CONTENTS, MAX_LEVEL, TITLE, Numbering, Styles, switch, value
from ingest.docx_text import MAX_DEPTH, Speaker, Spoken, tag

_THROUGH = frozenset({"sdtContent", "ins", "moveTo", "customXml", "smartTag", "Choice"})
_GONE = frozenset({"del", "moveFrom", "Fallback"})
_CONTENTS_PART = "Table of Contents"
_SIDES = ("top", "left", "bottom", "right")
MAX_COLUMNS = 63  # of a Word table


@dataclass(frozen=True, slots=True)
class Draft:
    """A block with the look of its letters; `title`: set in the style of a title."""

    block: Block
    bold: bool = False
    size: float = 0.0
    title: bool = False


class Walk:
    """Gathers drafts. `notes` gives the text of a note by kind and id."""

    def __init__(
        self, styles: Styles, numbering: Numbering, speaker: Speaker, notes: Callable[[str, str], str]
    ) -> None:
        self._styles = styles
        self._numbering = numbering
        self._speaker = speaker
        self._note = notes
        self._drafts: list[Draft] = []
        self._waiting: list[Block] = []
        self._noted = 0
        self._paragraph = 0
        self._carried: Spoken | None = None
        self._title_seen = False

    def drafts(self, body: etree._Element) -> list[Draft]:
        """All drafts of a body; notes stand at the end of the section that refers to them."""
        self._blocks(body, Kind.BODY, 0)
        self._put_notes()
        return self._drafts

    def _blocks(self, container: etree._Element, kind: Kind, depth: int) -> None:
        for child in container if depth < MAX_DEPTH else ():
            name = tag(child)
            if name == "p":
                self._take(child, kind, depth)
            elif name == "tbl":
                self._table(child, kind, depth)
            elif name == "sdt":
                gallery = value(child, "sdtPr/docPartObj/docPartGallery") or ""
                prompt = child.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None
                if not prompt:
                    self._blocks(child, Kind.NOISE if gallery == _CONTENTS_PART else kind, depth + 1)
            elif name == "AlternateContent" or name in _THROUGH:
                self._blocks(child, kind, depth + 1)

    def _take(self, paragraph: etree._Element, kind: Kind, depth: int) -> None:
        """Take in one paragraph, with the one before it where the mark between them was deleted."""
        self._paragraph += 1
        contents = self._speaker.in_contents
        spoken = self._speaker.read(paragraph)
        if self._carried is not None:
            spoken.pieces[:0] = self._carried.pieces
            spoken.notes[:0] = self._carried.notes
            self._carried = None
        if paragraph.find("/".join((qn("w:pPr"), qn("w:rPr"), qn("w:del")))) is not None:
            boxes, spoken.boxes = spoken.boxes, []
            self._carried = spoken
            self._put_boxes(boxes, depth)
            return
        boxed = kind is Kind.BODY and _framed(paragraph)
        if contents or self._speaker.in_contents or self._styles.named(paragraph, CONTENTS):
            kind = Kind.NOISE
        draft = self._draft(paragraph, spoken, Kind.BOX if boxed and kind is Kind.BODY else kind)
        if draft is not None:
            self._put(draft)
        self._wait(spoken)
        self._put_boxes(spoken.boxes, depth)

    def _draft(self, paragraph: etree._Element, spoken: Spoken, kind: Kind) -> Draft | None:
        listing = self._numbering.of(paragraph)
        text = spoken.text
        if not text:
            return None
        title = self._styles.named(paragraph, TITLE) is not None
        level = self._styles.level(paragraph)
        look = (spoken.bold, spoken.size)
        if kind is Kind.NOISE:
            return Draft(Block(Part.PARAGRAPH, kind, text, self._paragraph), *look)
        if title or level:
            level = 1 if title else level + self._title_seen
            self._title_seen = self._title_seen or title
            return Draft(Block(Part.HEADING, kind, text, self._paragraph, min(level, MAX_LEVEL)), *look, title)
        if listing is None and (mark := BULLET.match(text)) and not text.startswith(("–", "—")):
            return Draft(self._item(spoken, text[mark.end() :], 1, kind), *look)
        if listing is not None:
            label = f"{listing.label} " if listing.label else ""
            return Draft(self._item(spoken, label + text, listing.depth, kind), *look)
        if self._styles.named(paragraph, CAPTION):
            kind = Kind.CAPTION
        address = _leads(spoken, text)
        kind = Kind.LINK if address and kind is Kind.BODY else kind
        return Draft(Block(Part.PARAGRAPH, kind, text, self._paragraph, address=address), *look)

    def _item(self, spoken: Spoken, text: str, depth: int, kind: Kind) -> Block:
        address = _leads(spoken, spoken.text)
        kind = kind if kind is not Kind.BODY else Kind.LINK if address else Kind.LIST
        return Block(Part.ITEM, kind, text, self._paragraph, depth, address=address)

    def _put(self, draft: Draft) -> None:
        if draft.block.part is Part.HEADING and draft.block.kind is not Kind.BOX:
            self._put_notes()
        self._drafts.append(draft)

    def _wait(self, spoken: Spoken) -> None:
        """Keep the notes a paragraph refers to until its section ends, numbered in order as a reader sees them."""
        for kind, identity in spoken.notes:
            self._noted += 1
            if text := self._note(kind, identity):
                self._waiting.append(Block(Part.PARAGRAPH, Kind.REFERENCE, f"{self._noted} {text}", self._paragraph))

    def _put_notes(self) -> None:
        self._drafts += [Draft(block) for block in self._waiting]
        self._waiting = []

    def _put_boxes(self, boxes: list[etree._Element], depth: int) -> None:
        for box in boxes:
            self._blocks(box, Kind.BOX, depth + 1)

    def _table(self, table: etree._Element, kind: Kind, depth: int) -> None:
        rows = [row for row in _rows(table) if not _hidden(row)]
        cells = [cell for row in rows for cell in _cells(row)]
        if len(cells) == 1:  # one cell is a box around text
            self._blocks(cells[0], Kind.BOX if kind is Kind.BODY else kind, depth + 1)
        elif len(rows) == 1 and any(len(list(_paragraphs(cell))) > 1 for cell in cells) or self._is_layout(cells):
            for cell in cells:
                self._blocks(cell, kind, depth + 1)
        else:
            self._put_rows(rows, kind if kind is Kind.NOISE else Kind.TABLE, depth)

    def _is_layout(self, cells: list[etree._Element]) -> bool:
        """Whether a table only places text: a heading or another table stands in a cell."""
        return any(
            cell.find(qn("w:tbl")) is not None or any(self._styles.level(p) for p in _paragraphs(cell))
            for cell in cells
        )

    def _put_rows(self, rows: list[etree._Element], kind: Kind, depth: int) -> None:
        above: dict[int, str] = {}
        for row in rows:
            texts: list[str] = []
            boxes: list[etree._Element] = []
            spoken = Spoken()
            first = self._paragraph + 1
            column = _number(row, "trPr/gridBefore")
            for cell in _cells(row):
                text = self._cell(cell, spoken, boxes)
                merged = cell.find("/".join((qn("w:tcPr"), qn("w:vMerge"))))
                if merged is not None and merged.get(qn("w:val"), "continue") != "restart":
                    text = text or above.get(column, "")
                above[column] = text
                texts.append(text)
                column += max(1, _number(cell, "tcPr/gridSpan"))
            if line := " | ".join(texts).rstrip("| "):
                self._put(Draft(Block(Part.PARAGRAPH, kind, line, first)))
            self._wait(spoken)
            self._put_boxes(boxes, depth)

    def _cell(self, cell: etree._Element, row: Spoken, boxes: list[etree._Element]) -> str:
        """The text of a cell; its notes and text boxes go to the row."""
        texts: list[str] = []
        for paragraph in _paragraphs(cell):
            self._paragraph += 1
            listing = self._numbering.of(paragraph)
            spoken = self._speaker.read(paragraph)
            row.notes += spoken.notes
            boxes += spoken.boxes
            if text := spoken.text:
                texts.append(f"{listing.label} {text}" if listing is not None and listing.label else text)
        return " ".join(texts)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if tag(child) == "tr":
            yield child
        elif tag(child) == "sdt" or tag(child) in _THROUGH:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if tag(child) == "tc":
            yield child
        elif tag(child) == "sdt" or tag(child) in _THROUGH:
            yield from _cells(child)


def _paragraphs(container: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs of a cell, also those in content controls, not those in text boxes."""
    for child in container:
        if tag(child) == "p":
            yield child
        elif tag(child) == "sdt" or tag(child) in _THROUGH:
            yield from _paragraphs(child)


def _hidden(row: etree._Element) -> bool:
    """Whether a row was deleted or is not shown."""
    properties = row.find(qn("w:trPr"))
    return properties is not None and (properties.find(qn("w:del")) is not None or bool(switch(properties, "hidden")))


def _number(element: etree._Element, path: str) -> int:
    stated = value(element, path) or "0"
    return min(int(stated), MAX_COLUMNS) if stated.isdigit() else 0


def _framed(paragraph: etree._Element) -> bool:
    """Whether lines are drawn on all four sides of a paragraph."""
    borders = paragraph.find("/".join((qn("w:pPr"), qn("w:pBdr"))))
    drawn = (value(borders, side) for side in _SIDES)
    return borders is not None and all(line not in {None, "nil", "none"} for line in drawn)


def _leads(spoken: Spoken, text: str) -> str | None:
    """Where a paragraph leads that is a link and no sentence."""
    return None if text.endswith((".", "!")) else spoken.address
