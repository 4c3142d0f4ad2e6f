"""Turns the placed lines of PDF pages into blocks: headings, items, footnotes, and where a paragraph ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.types import Kind
from ingest.blocks import Block, Edit, Part
from ingest.clean import BULLETS, NUMBER, OPEN_WORDS
from ingest.links import with_addresses
from ingest.pdf_measures import INDENT, MAX_HEADING, MAX_LEVEL, Float, Line, Measures, measured
from ingest.wrapped import MARK, join_lines

__all__ = ["BULLET", "Float", "Line", "blocks_of"]

NOTE_RATIO = 0.88  # a footnote is set at least this much smaller than the body
GAP_RATIO = 1.3  # of the usual distance between lines: more white than that ends a paragraph
WIDER_RATIO = 1.08  # a little more white ends one where the next line could begin a sentence
LONG_LINE = 60  # characters; a shorter last line without a full stop may be a heading or a label
# as in plain text, with the bullets of Word's symbol fonts; "o" is Courier's, for the second level
_SIGNS = BULLETS + "❖◆∙‧⁃\uf0a7\uf0d8\uf0fc\uf02d\uf0e0"
BULLET = re.compile(f"^(?:[{_SIGNS}]\\s*|[-–—]\\s+|o\\s+(?=[^\\W\\d]))(?=\\S)")
_LONEBULLET = re.compile(f"^[{_SIGNS}]$")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$|[.!?…]\d{1,2}$")
_ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$")
MAX_BOX_TITLE = 90  # characters
_CONTENTS_TITLE = re.compile(r"^(?:inhoud|inhoudsopgave)$", re.IGNORECASE)
_ENTRY = re.compile(r"\D\s\d{1,3}$")
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d+$")


@dataclass(slots=True)
class _Open:
    """A block that still grows."""

    part: Part
    kind: Kind
    level: int
    lines: list[Line] = field(default_factory=list)
    ordered: bool = False


def blocks_of(items: Sequence[Line | Float]) -> list[Block]:
    """Blocks in reading order; one that runs over a page belongs to the page on which it begins.

    A box or table stands behind the paragraph that it interrupts.
    """
    lines = [line for item in items for line in ([item] if isinstance(item, Line) else item.lines())]
    return _Flow(measured(lines)).blocks(items) if lines else []


class _Flow:
    """Turns one flow of lines into blocks; a box is a flow of its own."""

    def __init__(self, measures: Measures, level: int = 0) -> None:
        self._measures = measures
        self._level = level  # of the heading that this flow stands under
        self._blocks: list[Block] = []
        self._notes: list[_Open] = []
        self._floats: list[Float] = []
        self._current: _Open | None = None
        self._indents: list[float] = []
        self._contents = False

    def blocks(self, items: Sequence[Line | Float]) -> list[Block]:
        """All blocks of the flow."""
        for item in items:
            if isinstance(item, Float):
                self._floats.append(item)
            else:
                self._take(item)
        self._close()
        return _listed(self._blocks)

    def _take(self, line: Line) -> None:
        measures, current = self._measures, self._current
        target = self._notes[-1] if self._notes else None
        if _is_note(line, measures, current, target):
            if target is None or _NUMBER_START.match(line.text) or target.lines[-1].page != line.page:
                self._notes.append(_Open(Part.PARAGRAPH, Kind.REFERENCE, 0))
            self._notes[-1].lines.append(line)
            return
        if current is not None and _continues(current, line, measures) and not self._waits(current, line):
            current.lines.append(line)
            return
        self._close()
        self._current = _opened(line, measures)
        if self._contents and self._current.part is not Part.HEADING and _ENTRY.search(line.text):
            self._current = _Open(Part.PARAGRAPH, Kind.NOISE, 0, [line])
        _nest(self._current, self._indents)

    def _waits(self, current: _Open, line: Line) -> bool:
        """Whether a box or table stands between a finished paragraph (or a heading) and the line."""
        done = current.part is Part.HEADING or bool(_ENDS.search(MARK.sub("", current.lines[-1].text)))
        return bool(self._floats) and current.lines[-1].page == line.page and done

    def _close(self) -> None:
        """Add the finished block, then the footnotes met while it ran, then the boxes and tables."""
        opened = (self._current, *self._notes)
        closed = [_block(item, self._measures.words) for item in opened if item is not None]
        self._blocks += [block for block in closed if block.text]
        if self._current is not None and self._current.part is Part.HEADING and self._blocks:
            self._level = self._blocks[-1].level
            self._contents = bool(_CONTENTS_TITLE.match(self._blocks[-1].text))
        self._current = None
        self._notes.clear()
        floats, self._floats = self._floats, []
        for item in floats:
            self._blocks += self._apart(item)

    def _apart(self, item: Float) -> list[Block]:
        if item.kind is Kind.TABLE:
            return [row for cells in item.rows if (row := _row(cells, self._measures.words)) is not None]
        if item.kind is not Kind.BOX:
            blocks = [
                _block(_Open(Part.PARAGRAPH, item.kind, 0, [line]), self._measures.words) for line in item.lines()
            ]
            return [block for block in blocks if block.text]
        inner = _Flow(_of_box(self._measures, item.lines()), self._level).blocks(item.items)
        return [_boxed(block, self._level) for block in _titled_box(inner)]


def _of_box(measures: Measures, lines: Sequence[Line]) -> Measures:
    """The measures of the document with the type of a box: what is usual there may be small or bold elsewhere."""
    own = measured(lines)
    words = measures.words
    return replace(own, words=words, bold=own.bold, leading=measures.leading | own.leading)


def _titled_box(blocks: list[Block]) -> list[Block]:
    """A short first line without a full stop is the title of its box, however it is set."""
    if len(blocks) < 2 or any(block.part is Part.HEADING for block in blocks):
        return blocks
    first = blocks[0]
    if first.part is not Part.PARAGRAPH or len(first.text) > MAX_BOX_TITLE or not _titled(first.text):
        return blocks
    return [replace(first, part=Part.HEADING, level=1), *blocks[1:]]


def _boxed(block: Block, level: int) -> Block:
    """A block of a box: its headings stand below the section that the box stands in."""
    if block.part is Part.HEADING:
        return replace(block, kind=Kind.BOX, level=min(level + max(block.level, 1), MAX_LEVEL))
    return replace(block, kind=Kind.BOX) if block.kind in (Kind.BODY, Kind.LIST) else block


def _row(cells: Sequence[Sequence[Line]], words: frozenset[str]) -> Block | None:
    """A row of a table as one line, its cells apart as in tables of web pages."""
    text, edits = "", list[Edit]()
    first = next((line for cell in cells for line in cell), None)
    if first is None:
        return None
    for at, cell in enumerate(cells):
        text += " | " if at else ""
        own, changed = join_lines([(line.text, line.number) for line in cell], words)
        edits += [replace(edit, start=edit.start + len(text), end=edit.end + len(text)) for edit in changed]
        text += own
    shorter = text.rstrip("| ")
    edits = [replace(e, start=min(e.start, len(shorter)), end=min(e.end, len(shorter))) for e in edits]
    return Block(Part.PARAGRAPH, Kind.TABLE, shorter, first.number, 0, first.page, tuple(edits)) if shorter else None


def _nest(block: _Open, indents: list[float]) -> None:
    """Set an item's level by its indent among the items just before it."""
    if block.part is not Part.ITEM:
        indents.clear()
        return
    x = block.lines[0].x
    while indents and indents[-1] > x + INDENT:
        indents.pop()
    if not indents or x > indents[-1] + INDENT:
        indents.append(x)
    block.level = min(len(indents), MAX_LEVEL)


_NUMBER_START = re.compile(rf"^(?:\d{{1,3}}|[*†‡]|{MARK.pattern})\s*\S")


def _is_note(line: Line, measures: Measures, current: _Open | None, note: _Open | None) -> bool:
    """A footnote starts with its number in small type below the text; its further lines follow it closely."""
    if line.size > measures.body * NOTE_RATIO or current is None:
        return False
    if note is not None and note.lines[-1].page == line.page and line.y < note.lines[-1].y:
        return True
    below = current.lines[-1].page != line.page or line.y < current.lines[-1].y
    return below and bool(_NUMBER_START.match(line.text))


def _opened(line: Line, measures: Measures) -> _Open:
    text = line.text
    if line.size in measures.levels and len(text) <= MAX_HEADING and not _ADDRESS.match(text) and _titled(text):
        return _Open(Part.HEADING, Kind.BODY, measures.levels[line.size], [line])
    if BULLET.match(text) or _LONEBULLET.match(text):
        return _Open(Part.ITEM, Kind.LIST, 1, [line])
    if NUMBER.match(text):
        return _Open(Part.ITEM, Kind.LIST, 1, [line], ordered=True)
    if _stands_out(line, measures):
        return _Open(Part.HEADING, Kind.BODY, min(len(measures.levels) + 1, MAX_LEVEL), [line])
    if _CONTENTS.search(text):
        return _Open(Part.PARAGRAPH, Kind.NOISE, 0, [line])
    return _Open(Part.PARAGRAPH, Kind.BODY, 0, [line])


def _titled(text: str) -> bool:
    return any(c.isalpha() for c in text) and not text.endswith((".", ":", ";", ","))


def _stands_out(line: Line, measures: Measures) -> bool:
    """A heading in the body's size: short, and bold, in capitals or in another colour than the text and its links."""
    letters = [c for c in line.text if c.isalpha()]
    capitals = len(letters) >= 4 and all(c.isupper() for c in letters)
    bold = line.bold and not measures.bold
    coloured = line.colour != measures.colour and not line.links and line.size >= measures.body - 0.1
    return (bold or capitals or coloured) and len(line.text) <= MAX_HEADING and _titled(line.text)


def _continues(block: _Open, line: Line, measures: Measures) -> bool:
    """Whether `line` is the next line of `block`."""
    before = block.lines[-1]
    if _CONTENTS.search(before.text) or _ADDRESS.match(before.text) or _ADDRESS.match(line.text):
        return False
    fresh = _opened(line, measures)
    if block.part is Part.HEADING:
        close = before.page == line.page and 0 < before.y - line.y <= 1.6 * line.size
        return fresh.part is Part.HEADING and fresh.level == block.level and before.bold == line.bold and close
    if fresh.part is not Part.PARAGRAPH and not (fresh.part is Part.ITEM and _LONEBULLET.match(before.text)):
        return False
    if _LONEBULLET.match(before.text):
        return True
    if abs(before.size - line.size) > 0.06 * measures.body:
        return False
    if before.page != line.page or line.y > before.y + before.size / 2:
        return _runs_on(before.text, line.text)
    gap = (before.y - line.y) / measures.leading.get(line.size, 1.4 * line.size)
    opened = _left_open(before.text)
    if gap > GAP_RATIO:
        # white as wide as a picture or box: the sentence may go on below it
        return gap > 2 * GAP_RATIO and not _ENDS.search(before.text) and (opened or line.text[:1].islower())
    # no white between paragraphs: a break that the next word did not force ends one, as does an indent
    first = line.text.split()[0]
    forced = measures.forced(before, first)
    ended = bool(_ENDS.search(MARK.sub("", before.text)))
    if not opened and (not forced or gap > WIDER_RATIO) and (ended or first[:1].isupper()):
        return False
    return block.part is Part.ITEM or not (ended and line.x > before.x + 0.5 * line.size)


def _left_open(text: str) -> bool:
    """Whether a line ends in a word that ends no sentence and no heading."""
    return text.rpartition(" ")[2].lower() in OPEN_WORDS


def _runs_on(before: str, after: str) -> bool:
    """Whether a sentence goes on over the end of a page or column."""
    if _ENDS.search(MARK.sub("", before)):
        return False
    return after[:1].islower() or before.endswith(("-", ",")) or len(before) > LONG_LINE or _left_open(before)


def _block(block: _Open, words: frozenset[str]) -> Block:
    first = block.lines[0]
    text, edits = join_lines([(line.text, line.number) for line in block.lines], words)
    links = [(*link, line.number) for line in block.lines for link in line.links]
    text, edits, address = with_addresses(text, edits, links) if links else (text, edits, None)
    kind = Kind.LINK if _ADDRESS.match(text) or (address and block.part is not Part.HEADING) else block.kind
    if kind is Kind.BODY and not any(c.isalpha() for c in text):
        kind = Kind.NOISE
    address = address or (text if kind is Kind.LINK else None)
    if block.part is Part.ITEM and not block.ordered and (bullet := BULLET.match(text)):
        cut = bullet.end()
        text = text[cut:]
        edits = [replace(e, start=max(e.start - cut, 0), end=max(e.end - cut, 0)) for e in edits]
    return Block(block.part, kind, text, first.number, block.level, first.page, tuple(edits), address)


def _listed(blocks: list[Block]) -> list[Block]:
    """What follows a line that ends in ":" in small letters, paragraph by paragraph, is a list without bullets."""
    result: list[Block] = []
    open_list = False
    for block in blocks:
        plain = block.part is Part.PARAGRAPH and block.kind is Kind.BODY
        if open_list and plain and block.text[:1].islower() and len(block.text) < MAX_HEADING:
            block = replace(block, part=Part.ITEM, kind=Kind.LIST, level=1)
        else:
            open_list = block.text.endswith(":") and block.part is not Part.HEADING
        result.append(block)
    return result
