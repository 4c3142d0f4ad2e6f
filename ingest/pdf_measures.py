"""Lines of pages, and what is usual among those of one document: its type, its leading, its edges, its headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Kind

HEADING_RATIO = 1.07  # of the body size; Word's smallest heading step is 12 on 11 points
FIT = 1.2  # of the width a word would take by the letters of its line; the longest line may be shorter than its column
SHORT_RATIO = 0.8  # of a full line: where line and next word together stay below, the break was meant
MAX_HEADING = 150  # characters; longer ones are text that happens to be set large
MAX_LEVEL = 6
INDENT = 4.0  # points; less is no deeper level
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*(?!-?$)")  # not the last of a line: it may be half a word


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. `size`, `x`, `y` in points, `y` from the page's foot; `number` from 1 on its page.

    `right`: where it ends, 0 where that is unknown. `colour`: of its letters, 0xRRGGBB. `links`: (words, address).
    `pagination`: the file itself says that it is a running head or foot.
    """

    text: str
    size: float
    bold: bool
    x: float
    y: float
    page: int
    number: int
    right: float = 0.0
    colour: int = 0
    links: tuple[tuple[str, str], ...] = ()
    pagination: bool = False


@dataclass(frozen=True, slots=True)
class Float:
    """What stands apart from the running text: a box with its lines in order, a table with its rows of cells of lines.

    `lies_over`: whether columns may run on below it, as with a box laid over them.
    """

    kind: Kind
    items: tuple[Line | Float, ...] = ()
    rows: tuple[tuple[tuple[Line, ...], ...], ...] = ()
    lies_over: bool = False

    def lines(self) -> list[Line]:
        """All its lines."""
        own = [line for row in self.rows for cell in row for line in cell]
        for item in self.items:
            own += [item] if isinstance(item, Line) else item.lines()
        return own


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in this document.

    `leading`: distance between lines in points, per size; `full`: characters of the longest line, per page and indent;
    `edge`: where the longest ends. `bold`, `colour`: of the running text.
    """

    body: float
    leading: dict[float, float]
    full: dict[tuple[int, int], int]
    edge: dict[tuple[int, int], float]
    levels: dict[float, int]
    words: frozenset[str]
    bold: bool
    colour: int

    def forced(self, line: Line, word: str) -> bool:
        """Whether the line ended because the next word did not fit, as far as the lines around it tell."""
        place = (line.page, round(line.x / INDENT))
        edge = max(self.edge.get((line.page, place[1] + step), 0.0) for step in (-1, 0, 1))
        if line.right and edge:
            letter = (line.right - line.x) / max(len(line.text), 1)
            return line.right + FIT * (len(word) + 1) * letter > edge
        full = max(self.full.get((line.page, place[1] + step), 0) for step in (-1, 0, 1))
        return len(line.text) + 1 + len(word) > SHORT_RATIO * full


def measured(lines: Sequence[Line]) -> Measures:
    """What is usual among these lines."""
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
    edge: dict[tuple[int, int], float] = {}
    weights: Counter[bool] = Counter()
    colours: Counter[int] = Counter()
    for line in lines:
        weights[line.bold] += len(line.text)
        colours[line.colour] += len(line.text)
        if line.size <= body * HEADING_RATIO:
            place = (line.page, round(line.x / INDENT))
            full[place] = max(full.get(place, 0), len(line.text))
            edge[place] = max(edge.get(place, 0.0), line.right)
    words = frozenset(word for line in lines for word in _WORD.findall(line.text.lower()))
    larger = sorted((s for s in sizes if s >= body * HEADING_RATIO), reverse=True)
    levels = {size: min(rank, MAX_LEVEL) for rank, size in enumerate(_distinct(larger, lines), 1)}
    bold, colour = weights.most_common(1)[0][0], colours.most_common(1)[0][0]
    return Measures(body, leading, full, edge, levels, words, bold, colour)


def _distinct(sizes: list[float], lines: Sequence[Line]) -> list[float]:
    """Sizes of lines that can be headings, largest first."""
    used = {line.size for line in lines if len(line.text) <= MAX_HEADING and any(c.isalpha() for c in line.text)}
    return [size for size in sizes if size in used]
