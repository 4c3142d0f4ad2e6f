"""Turns the placed lines of PDF pages into blocks: headings, items, footnotes, and where a paragraph ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.types import Kind
from ingest.blocks import Block, Part
from ingest.clean import BULLETS, NUMBER
from ingest.wrapped import MARK, join_lines

HEADING_RATIO = 1.07  # of the body size; Word's smallest heading step is 12 on 11 points
NOTE_RATIO = 0.88  # a footnote is set at least this much smaller than the body
GAP_RATIO = 1.3  # of the usual distance between lines: more white than that ends a paragraph
WIDER_RATIO = 1.08  # a little more white ends one where the next line could begin a sentence
SHORT_RATIO = 0.8  # of a full line: where line and next word together stay below, the break was meant
MAX_HEADING = 150  # characters; longer ones are text that happens to be set large
MAX_LEVEL = 6
LONG_LINE = 60  # characters; a shorter last line without a full stop may be a heading or a label
INDENT = 4.0  # points; less is no deeper level
# as in plain text, with the bullets of Word's symbol fonts; "o" is Courier's, for the second level
_SIGNS = BULLETS + "❖◆∙‧⁃\uf0a7\uf0d8\uf0fc\uf02d\uf0e0"
_BULLET = re.compile(f"^(?:[{_SIGNS}]\\s*|[-–—]\\s+|o\\s+(?=[^\\W\\d]))(?=\\S)")
_LONE_BULLET = re.compile(f"^[{_SIGNS}]$")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$|[.!?…]\d{1,2}$")
_ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$")
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d+$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*(?!-?$)")  # not the last of a line: it may be half a word


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. `size`, `x`, `y` in points, `y` from the page's foot; `number` from 1 on its page."""

    text: str
    size: float
    bold: bool
    x: float
    y: float
    page: int
    number: int


@dataclass(slots=True)
class _Open:
    """A block that still grows."""

    part: Part
    kind: Kind
    level: int
    lines: list[Line] = field(default_factory=list)
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is usual in this document.

    `leading`: distance between lines in points, per size; `full`: characters of the longest line, per page and indent.
    """

    body: float
    leading: dict[float, float]
    full: dict[tuple[int, int], int]
    levels: dict[float, int]
    words: frozenset[str]

    def full_line(self, line: Line) -> int:
        """Characters of the longest line that begins where this one does, on its page."""
        return self.full[line.page, round(line.x / INDENT)]


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """Blocks in reading order; one that runs over a page belongs to the page on which it begins."""
    if not lines:
        return []
    measures = _measure(lines)
    blocks: list[Block] = []
    notes: list[_Open] = []
    current: _Open | None = None
    indents: list[float] = []
    for line in lines:
        target = notes[-1] if notes else None
        if _is_note(line, measures, current, target):
            if target is None or _NUMBER_START.match(line.text) or target.lines[-1].page != line.page:
                notes.append(_Open(Part.PARAGRAPH, Kind.REFERENCE, 0))
            notes[-1].lines.append(line)
            continue
        if current is not None and _continues(current, line, measures):
            current.lines.append(line)
            continue
        blocks += _closed(current, notes, measures.words)
        notes.clear()
        current = _opened(line, measures)
        _nest(current, indents)
    return _listed(blocks + _closed(current, notes, measures.words))


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


def _measure(lines: Sequence[Line]) -> _Measures:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    gaps: dict[float, Counter[float]] = {}
    for before, after in zip(lines, lines[1:], strict=False):
        if before.page == after.page and before.size == after.size and before.y > after.y:
            gaps.setdefault(before.size, Counter())[round(before.y - after.y)] += 1
    # the smallest of the common distances: paragraphs of one line each would make the white between them the usual one
    leading = {
        size: min(gap for gap, count in counter.items() if count >= max(counter.values()) / 3)
        for size, counter in gaps.items()
    }
    full: dict[tuple[int, int], int] = {}
    for line in lines:
        if line.size <= body * HEADING_RATIO:
            place = (line.page, round(line.x / INDENT))
            full[place] = max(full.get(place, 0), len(line.text))
    words = frozenset(word for line in lines for word in _WORD.findall(line.text.lower()))
    larger = sorted((s for s in sizes if s >= body * HEADING_RATIO), reverse=True)
    levels = {size: min(rank, MAX_LEVEL) for rank, size in enumerate(_distinct(larger, lines), 1)}
    return _Measures(body, leading, full, levels, words)


def _distinct(sizes: list[float], lines: Sequence[Line]) -> list[float]:
    """Sizes of lines that can be headings, largest first."""
    used = {line.size for line in lines if len(line.text) <= MAX_HEADING and any(c.isalpha() for c in line.text)}
    return [size for size in sizes if size in used]


def _is_note(line: Line, measures: _Measures, current: _Open | None, note: _Open | None) -> bool:
    """A footnote starts with its number in small type below the text; its further lines follow it closely."""
    if line.size > measures.body * NOTE_RATIO or current is None:
        return False
    if note is not None and note.lines[-1].page == line.page and line.y < note.lines[-1].y:
        return True
    below = current.lines[-1].page != line.page or line.y < current.lines[-1].y
    return below and bool(_NUMBER_START.match(line.text))


def _opened(line: Line, measures: _Measures) -> _Open:
    text = line.text
    if line.size in measures.levels and len(text) <= MAX_HEADING and not _ADDRESS.match(text) and _titled(text):
        return _Open(Part.HEADING, Kind.BODY, measures.levels[line.size], [line])
    if _BULLET.match(text) or _LONE_BULLET.match(text):
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


def _stands_out(line: Line, measures: _Measures) -> bool:
    """A heading in the body's size: short, and bold or in capitals."""
    letters = [c for c in line.text if c.isalpha()]
    capitals = len(letters) >= 4 and all(c.isupper() for c in letters)
    return (line.bold or capitals) and len(line.text) <= MAX_HEADING and _titled(line.text)


def _continues(block: _Open, line: Line, measures: _Measures) -> bool:
    """Whether `line` is the next line of `block`."""
    before = block.lines[-1]
    if _CONTENTS.search(before.text) or _ADDRESS.match(before.text) or _ADDRESS.match(line.text):
        return False
    fresh = _opened(line, measures)
    if block.part is Part.HEADING:
        close = before.page == line.page and 0 < before.y - line.y <= 1.6 * line.size
        return fresh.part is Part.HEADING and fresh.level == block.level and before.bold == line.bold and close
    if fresh.part is not Part.PARAGRAPH and not (fresh.part is Part.ITEM and _LONE_BULLET.match(before.text)):
        return False
    if _LONE_BULLET.match(before.text):
        return True
    if abs(before.size - line.size) > 0.06 * measures.body:
        return False
    if before.page != line.page or line.y > before.y + before.size / 2:
        return _runs_on(before.text, line.text)
    gap = (before.y - line.y) / measures.leading.get(line.size, 1.4 * line.size)
    if gap > GAP_RATIO:
        return False
    # no white between paragraphs: a break that the next word did not force ends one, as does an indent
    first = line.text.split()[0]
    forced = len(before.text) + 1 + len(first) > SHORT_RATIO * measures.full_line(before)
    ended = bool(_ENDS.search(MARK.sub("", before.text)))
    if (not forced or gap > WIDER_RATIO) and (ended or first[:1].isupper()):
        return False
    return block.part is Part.ITEM or not (ended and line.x > before.x + 0.5 * line.size)


def _runs_on(before: str, after: str) -> bool:
    """Whether a sentence goes on over the end of a page or column."""
    if _ENDS.search(MARK.sub("", before)):
        return False
    return after[:1].islower() or before.endswith(("-", ",")) or len(before) > LONG_LINE


def _closed(block: _Open | None, notes: Sequence[_Open], words: frozenset[str]) -> list[Block]:
    """The finished block, then the footnotes met while it ran."""
    closed = [_block(item, words) for item in (block, *notes) if item is not None]
    return [block for block in closed if block.text]


def _block(block: _Open, words: frozenset[str]) -> Block:
    first = block.lines[0]
    text, edits = join_lines([(line.text, line.number) for line in block.lines], words)
    kind = Kind.LINK if _ADDRESS.match(text) else block.kind
    if kind is Kind.BODY and not any(c.isalpha() for c in text):
        kind = Kind.NOISE
    address = text if kind is Kind.LINK else None
    if block.part is Part.ITEM and not block.ordered and (bullet := _BULLET.match(text)):
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


def iter_lines(pages: Sequence[Sequence[Sequence[object]]]) -> Iterator[Line]:
    """Lines from the child's lists, pages from 1."""
    for page, lines in enumerate(pages, 1):
        for number, (text, size, bold, x, y) in enumerate(lines, 1):
            yield Line(str(text), float(str(size)), bool(bold), float(str(x)), float(str(y)), page, number)
