"""Puts the words that Tesseract found on a page together to lines: apart per column, without specks read as letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median, median_low

# Heights in sizes of the type, as in the faces that print is set in (Helvetica, Times, Verdana, Calibri: within 8 %).
ASCENT, T_HEIGHT, X_HEIGHT, DESCENT, COMMA = 0.72, 0.64, 0.52, 0.21, 0.14
WIDE_GAP = 2.0  # sizes of type between two words: not in one column, unless all gaps of the line were stretched
STRETCHED = 2.5  # times the usual gap of the line
GUTTER = 0.9  # sizes of type: the white between two columns is at least this wide
GUTTER_LINES = 3  # lines above and below that leave the same white open
NEAR = 12.0  # sizes of type above and below within which they are looked for
DOUBTFUL = 0.3  # confidence below which a word is a speck, a stain or a piece of a picture
DOUBTFUL_LINE = 0.4
_TALL = frozenset("bdfhklßij()[]!?\"'“”‘’%&/@")
_DEEP = frozenset("gjpqy()[]@")
# of other heights in every face: a word with one of these says less about its size
_VAGUE = frozenset("t,;@/-–Q")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its box in pixels, `top` and `bottom` from the head. `line`: Tesseract's block, paragraph and line."""

    text: str
    confidence: float
    left: int
    top: int
    right: int
    bottom: int
    line: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of one column. `size` of its type, `base` line from the head, in pixels."""

    words: tuple[Word, ...]
    size: float
    base: float

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> int:
        """Where the line begins."""
        return self.words[0].left

    @property
    def right(self) -> int:
        """Where the line ends."""
        return max(word.right for word in self.words)


def lines_of(words: Sequence[Word]) -> list[Row]:
    """Lines in Tesseract's order; one that runs over two columns or cells is cut between them."""
    kept = [word for word in words if not _is_speck(word)]
    rows = [_row(list(group)) for _, group in groupby(kept, key=lambda word: word.line)]
    result: list[Row] = []
    for row in rows:
        result += _cut(row, rows)
    return [row for row in result if not _is_stain(row)]


def _is_speck(word: Word) -> bool:
    return word.confidence < DOUBTFUL or (word.confidence < 2 * DOUBTFUL and not any(c.isalnum() for c in word.text))


def _is_stain(row: Row) -> bool:
    letters = sum(len(word.text) for word in row.words)
    sure = sum(word.confidence * len(word.text) for word in row.words) / letters
    return sure < DOUBTFUL_LINE or not any(c.isalnum() for c in row.text)


def _row(words: list[Word]) -> Row:
    words.sort(key=lambda word: word.left)
    plain = [word for word in words if len(word.text) > 1 and not _VAGUE & set(word.text)]
    size = median_low([_size(word) for word in plain or words])  # low, as specks make boxes larger, never smaller
    return Row(tuple(words), size, median([_base(word, size) for word in words]))


def _above(text: str) -> float:
    if any(c in _TALL or c.isupper() or c.isdigit() for c in text):
        return ASCENT
    return T_HEIGHT if "t" in text else X_HEIGHT


def _below(text: str) -> float:
    if any(c in _DEEP for c in text):
        return DESCENT
    return COMMA if any(c in ",;" for c in text) else 0.0


def _size(word: Word) -> float:
    """The size of the type by which letters of this kind have a box of this height."""
    return (word.bottom - word.top) / (_above(word.text) + _below(word.text))


def _base(word: Word, size: float) -> float:
    return word.bottom - _below(word.text) * size


def _cut(row: Row, rows: Sequence[Row]) -> list[Row]:
    gaps = [after.left - before.right for before, after in zip(row.words, row.words[1:], strict=False)]
    usual = median(gaps) if len(gaps) > 2 else row.size
    wide = max(WIDE_GAP * row.size, STRETCHED * usual)
    pieces: list[list[Word]] = [[row.words[0]]]
    for before, after, gap in zip(row.words, row.words[1:], gaps, strict=False):
        open_below = gap > GUTTER * row.size and _is_gutter(before.right, after.left, row, rows)
        if gap > wide or open_below:
            pieces.append([])
        pieces[-1].append(after)
    return [_row(piece) for piece in pieces] if len(pieces) > 1 else [row]


def _is_gutter(left: int, right: int, row: Row, rows: Sequence[Row]) -> bool:
    """Whether lines above and below leave the white between `left` and `right` open, with text on both sides of it."""
    middle = (left + right) / 2
    near = [other for other in rows if other is not row and abs(other.base - row.base) <= NEAR * row.size]
    crossing = [other for other in near if any(word.left <= middle <= word.right for word in other.words)]
    beside = [other for other in near if other not in crossing]
    before = sum(1 for other in beside if other.left < middle)
    after = sum(1 for other in beside if other.right > middle)
    return not crossing and min(before, after) >= GUTTER_LINES
