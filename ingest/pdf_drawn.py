"""What the instructions of a page leave on it: pieces of text, surfaces, lines and images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Edge = tuple[float, float, float, float]
Surface = tuple[float, float, float, float, int]
OUTLINE = -1  # the colour of what is only drawn around
THIN = 2.5  # points: a surface thinner than this is a line


@dataclass(frozen=True, slots=True)
class Piece:
    """Text drawn in one go. From (`x0`, `y0`) to (`x1`, `y1`) along its baseline, lengths in points."""

    text: str
    size: float
    bold: bool
    x0: float
    y0: float
    x1: float
    y1: float
    colour: int
    pagination: bool = False


@dataclass(slots=True)
class Drawn:
    """What stands on a page. `surfaces`: (x0, y0, x1, y1, colour or -1 for an outline); `images`: (x0, y0, x1, y1)."""

    pieces: list[Piece] = field(default_factory=list)
    surfaces: list[tuple[float, float, float, float, int]] = field(default_factory=list)
    images: list[tuple[float, float, float, float]] = field(default_factory=list)


def painted(path: Sequence[Edge], colour: int) -> Iterator[Surface]:
    """What a path covers: surfaces where it is filled, else its straight edges or the frame of a closed outline."""
    if not path:
        return
    if colour == OUTLINE:
        yield from _outline(path)
    elif len(path) > 4 and len(path) % 4 == 0 and all(_straight(path[at : at + 4]) for at in range(0, len(path), 4)):
        for at in range(0, len(path), 4):  # several rectangles at once
            yield (*_bounds(path[at : at + 4]), colour)
    else:
        yield (*_bounds(path), colour)


def _outline(path: Sequence[Edge]) -> Iterator[Surface]:
    if _straight(path):
        for edge in path:
            yield (*_bounds([edge]), OUTLINE)
    elif abs(path[0][0] - path[-1][2]) < THIN and abs(path[0][1] - path[-1][3]) < THIN:
        x0, y0, x1, y1 = _bounds(path)  # rounded corners
        for edge in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            yield (*edge, OUTLINE)


def _bounds(path: Sequence[Edge]) -> Edge:
    xs = [x for part in path for x in (part[0], part[2])]
    ys = [y for part in path for y in (part[1], part[3])]
    return min(xs), min(ys), max(xs), max(ys)


def _straight(path: Sequence[Edge]) -> bool:
    return all(abs(x0 - x1) < THIN or abs(y0 - y1) < THIN for x0, y0, x1, y1 in path)
