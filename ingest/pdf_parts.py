"""What stands on a page once text is told from the page: stretches of text, boxes and tables, each with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.types import Kind
from ingest.layout import Float, Line

Box = tuple[float, float, float, float]
"""x0, bottom, x1, top in points from the page's lower left corner."""

ASCENT, DESCENT = 0.75, 0.22  # of the size: how far letters reach above and below their baseline


@dataclass(frozen=True, slots=True)
class PageText:
    """One page as its reader found it, upright. `surfaces`: with a colour 0xRRGGBB, -1 for an outline.

    `ocr`: confidence from 0 to 1 of a page that was read from its picture.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    turned: tuple[str, ...] = ()
    surfaces: tuple[tuple[float, float, float, float, int], ...] = ()
    images: tuple[Box, ...] = ()
    drawn: bool = False
    ocr: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to put in order: a line, or a box or table as a whole (`apart`)."""

    x0: float
    bottom: float
    x1: float
    top: float
    line: Line | None = None
    apart: Float | None = None

    @property
    def size(self) -> float:
        """Of its letters; of a box or table 0."""
        return self.line.size if self.line is not None else 0.0


@dataclass(slots=True)
class Sorted:
    """Lines of a page shared out: `floats` with their place, and the rest."""

    rest: list[Line]
    floats: list[tuple[Box, Float]] = field(default_factory=list)


def part_of(line: Line) -> Part:
    """The place a line takes."""
    return Part(line.x, line.y - DESCENT * line.size, right_of(line), line.y + ASCENT * line.size, line)


def right_of(line: Line) -> float:
    """Where a line ends; a guess where its reader did not say."""
    return line.right or line.x + 0.5 * line.size * len(line.text)


def inside(line: Line, box: Box, slack: float = 2.0) -> bool:
    """Whether a line lies in a box: its middle in height, and most of its width."""
    x0, bottom, x1, top = box
    middle = line.y + 0.3 * line.size
    if not bottom - slack <= middle <= top + slack:
        return False
    right = right_of(line)
    return min(right, x1 + slack) - max(line.x, x0 - slack) >= 0.8 * (right - line.x)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def table_float(rows: Sequence[Sequence[Sequence[Line]]]) -> Float:
    """A table of rows of cells of lines."""
    return Float(Kind.TABLE, rows=tuple(tuple(tuple(cell) for cell in row) for row in rows))
