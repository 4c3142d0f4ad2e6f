"""A document as parts to read: its stored text in headings, paragraphs and items, nothing left out.

And the same of what was just read of a document that is not taken in yet, with what was left out beside it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant import texts_nl as nl
from assistant.types import Change, Document, Kind, Page, Passage, Role, Section
from ingest.blocks import Block, Edit, Part, Reading

GONE, REPAIRED = "gone", "repaired"
# Marks that cleaning takes off without a reader missing anything: they are not struck through in the preview.
_UNSEEN = frozenset({"invisible", "control", "hidden"})


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one part; `state`: "", "gone" (left out) or "repaired", of which `title` says more."""

    text: str
    state: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, paragraph or item. `kind`: "heading", "item", "paragraph" or a `Kind`; `page`: number and name, or None."""

    kind: str
    level: int
    runs: tuple[Run, ...]
    page: Mapping[str, Any] | None = None
    label: str = ""

    @property
    def text(self) -> str:
        """What is shown, without what was left out."""
        return "".join(run.text for run in self.runs if run.state != GONE)


def pieces(document: Document) -> tuple[Piece, ...]:
    """The stored text, cut at its paragraphs, headings and items: every character of it but the line ends between them."""
    headings = {section.start: section for section in document.sections}
    items = {s.start for passage in document.passages for s in passage.sentences if s.role is Role.ITEM}
    starts = [passage.start for passage in document.passages]
    repairs = [change for change in document.changes if change.repair and change.start < change.end]
    places = [page for page in document.pages if page.end > page.start]
    found = []
    for start, end in _lines(document.text):
        passage = _at(document.passages, starts, start)
        kind, level = _kind(headings.get(start), passage, start in items)
        runs = tuple(_repaired(document.text, start, end, repairs))
        label = nl.LIBRARY_KINDS.get(str(passage.kind), "") if passage and kind != "heading" else ""
        found.append(Piece(kind, level, runs, page_name(_page(places, start)), label))
    return _labelled_once(found)


def contents(parts: Sequence[Piece]) -> list[dict[str, Any]]:
    """The table of contents: each heading with its level, from 1 for the highest there is, and its part's number."""
    levels = sorted({part.level for part in parts if part.kind == "heading"})
    return [
        {"text": part.text, "level": levels.index(part.level) + 1, "part": number}
        for number, part in enumerate(parts)
        if part.kind == "heading"
    ]


def preview(reading: Reading) -> tuple[Piece, ...]:
    """What was read of a document, in order, with what cleaning left out where it stood."""
    left = sorted(reading.left_out, key=lambda edit: edit.line)
    paged = bool(reading.page_labels)
    found: list[Piece] = []
    for block in reading.blocks:
        page = _preview_page(block.page, reading)
        while left and not paged and left[0].line < block.line:
            found.extend(_cut(left.pop(0), page))
        inside = [edit for edit in block.edits if not _beside(edit)]
        for edit in block.edits:
            if _beside(edit):
                found.extend(_cut(edit, page))
        kind, level = _block_kind(block)
        label = "" if kind in ("heading", "item") else nl.LIBRARY_KINDS.get(str(block.kind), "")
        found.append(Piece(kind, level, tuple(_edited(block.text, inside)), page, label))
    last = _preview_page(reading.blocks[-1].page, reading) if reading.blocks else None
    for edit in left:
        found.extend(_cut(edit, last))
    return _labelled_once(found)


def page_name(page: Page | None) -> dict[str, Any] | None:
    """Number and name of a page: its printed label, with its place in the file where that is another."""
    return None if page is None else {"number": page.number, "name": nl.library_page(page.number, page.label)}


def data(parts: Sequence[Piece]) -> list[dict[str, Any]]:
    """Parts as the browser takes them (`web/reader.js`)."""
    return [asdict(part) for part in parts]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield at, at + len(line)
        at += len(line) + 1


def _at(passages: Sequence[Passage], starts: list[int], place: int) -> Passage | None:
    index = bisect_right(starts, place) - 1
    return passages[index] if index >= 0 and place < passages[index].end else None


def _kind(heading: Section | None, passage: Passage | None, item: bool) -> tuple[str, int]:
    if heading is not None:
        return "heading", heading.level
    if item:
        return "item", 0
    kind = passage.kind if passage is not None else Kind.BODY
    return ("paragraph" if kind in (Kind.BODY, Kind.LIST) else str(kind)), 0


def _page(pages: Sequence[Page], place: int) -> Page | None:
    index = bisect_right(pages, place, key=lambda page: page.start) - 1
    return pages[index] if index >= 0 else None


def _repaired(text: str, start: int, end: int, repairs: Sequence[Change]) -> Iterator[Run]:
    """A line in runs, those that a repair touches apart."""
    at = start
    for change in sorted((c for c in repairs if c.touches(start, end)), key=lambda c: c.start):
        low, high = max(change.start, at), min(change.end, end)
        if low >= high:
            continue
        if at < low:
            yield Run(text[at:low])
        yield Run(text[low:high], REPAIRED, nl.LIBRARY["repaired"].format(before=" ".join(change.before.split())))
        at = high
    if at < end:
        yield Run(text[at:end])


def _preview_page(number: int | None, reading: Reading) -> dict[str, Any] | None:
    if number is None:
        return None
    labels = reading.page_labels
    label = labels[number - 1] if number <= len(labels) else None
    return {"number": number, "name": nl.library_page(number, label)}


def _block_kind(block: Block) -> tuple[str, int]:
    if block.part is Part.HEADING:
        return "heading", block.level
    if block.part is Part.ITEM:
        return "item", 0
    return ("paragraph" if block.kind in (Kind.BODY, Kind.LIST) else str(block.kind)), 0


def _beside(edit: Edit) -> bool:
    """Whether something stood before a block and not in it."""
    return edit.start == edit.end == 0 and not edit.after


def _cut(edit: Edit, page: Mapping[str, Any] | None) -> Iterator[Piece]:
    if edit.before.strip() and edit.rule not in _UNSEEN:
        yield Piece("paragraph", 0, (Run(edit.before, GONE, edit.reason),), page, nl.LIBRARY["left_out"])


def _edited(text: str, edits: Sequence[Edit]) -> Iterator[Run]:
    """A block's text in runs: what was cut out struck through, what a repair put in its place marked."""
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        cut = edit.start == edit.end and edit.before.strip() and edit.rule not in _UNSEEN
        if edit.start < at or not (cut or edit.repair):
            continue
        if edit.start > at:
            yield Run(text[at : edit.start])
        if cut:
            yield Run(edit.before, GONE, edit.reason)
        elif edit.end > edit.start:
            said = nl.LIBRARY["repaired"].format(before=" ".join(edit.before.split()))
            yield Run(text[edit.start : edit.end], REPAIRED, said)
        at = max(at, edit.end)
    if at < len(text):
        yield Run(text[at:])


def _labelled_once(parts: Sequence[Piece]) -> tuple[Piece, ...]:
    """Of parts of one kind in a row only the first says what they are."""
    result: list[Piece] = []
    before = ""
    for part in parts:
        shown = "" if part.label == before else part.label
        result.append(Piece(part.kind, part.level, part.runs, part.page, shown))
        before = part.label
    return tuple(result)
