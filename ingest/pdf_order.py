"""Puts the lines of a page in the order in which people read them: columns, and what runs over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from ingest.layout import Float, Line
from ingest.pdf_measures import HEADING_RATIO
from ingest.pdf_parts import Part

GUTTER = 0.7  # of the size: the least white between two columns
LEAST_GUTTER = 6.0  # points
LEAST_COLUMN = 4.0  # of the size times ten letters: columns are wider than a label
LEAST_LINES = 2  # of each column
LEAST_RUN = 5  # lines of both columns together
SAME_EDGE = 3.0  # points by which the beginnings of a column's lines differ
SAME_LINE = 0.35  # of the size: baselines that are one line
SAME_START = 3.0  # points by which columns that go on below a heading over both may begin apart
HEADING_WHITE = 0.5  # of the heading's size: white above and below it that the column beside it must leave too


def arranged(parts: Sequence[Part]) -> list[Line | Float]:
    """Lines (whole again where columns or tabs had split them), boxes and tables in reading order."""
    return _leaves(_ordered(list(parts)))


def _ordered(parts: list[Part]) -> list[list[Part]]:
    """Groups of parts that are read from top to bottom, in reading order."""
    if not parts:
        return []
    found = _columns(parts)
    if found is None:
        return [parts]
    above, left, right, after, below = found
    return [*_ordered(above), *_ordered(left), *_ordered(right), *_ordered(after), *_ordered(below)]


_Split = tuple[list[Part], list[Part], list[Part], list[Part], list[Part]]


def _columns(parts: list[Part]) -> _Split | None:
    """The best gutter: what stands above it, left and right of it, boxes lying over it, and what stands below."""
    lines = [part for part in parts if part.line is not None]
    if len(lines) < LEAST_RUN:
        return None
    size = median(part.size for part in lines)
    wanted = max(GUTTER * size, LEAST_GUTTER)
    best: tuple[float, list[Part], list[Part]] | None = None
    falling = sorted(parts, key=lambda part: -part.top)
    aside = [part.x0 for part in parts if part.apart is not None and part.apart.lies_over]
    for edge in (*_edges(lines), *aside):
        for run, over in _runs(falling, edge, wanted):
            worth = _worth(run, edge, size)
            if worth and (best is None or worth > best[0]):
                best = worth, run, over
                gutter = edge
    if best is None:
        return None
    _, run, over = best
    run = _trimmed(run, gutter, falling)
    chosen = {id(part) for part in (*run, *over)}
    top, foot = max(part.top for part in run), min(part.bottom for part in run)
    rest = [part for part in parts if id(part) not in chosen]
    above = [part for part in rest if (part.top + part.bottom) / 2 > (top + foot) / 2]
    below = [part for part in rest if (part.top + part.bottom) / 2 <= (top + foot) / 2]
    left = [part for part in run if part.x0 < gutter - 1]
    right = [part for part in run if part.x0 >= gutter - 1]
    if _aside(left):
        left, right = right, left
    cut = _heading_between(left, right)
    if cut is not None:
        lower = [part for part in (*run, *over) if part.top <= cut]
        return [], *_cut_columns(above, run, over, cut, gutter), [*lower, *below]
    return above, left, right, over, below


def _cut_columns(
    above: list[Part], run: list[Part], over: list[Part], cut: float, gutter: float
) -> tuple[list[Part], list[Part], list[Part]]:
    """The columns above a heading that stands over both: what is above them, then left and right."""
    upper = [part for part in run if part.top > cut]
    left = [part for part in upper if part.x0 < gutter - 1]
    right = [part for part in upper if part.x0 >= gutter - 1]
    lying = [part for part in over if part.top > cut]
    # a box lying over the columns comes after them; what is above comes first, in order of its own
    return [*above], left, [*right, *lying]


def _edges(lines: Sequence[Part]) -> list[float]:
    """Where the lines of a column may begin: left edges that several lines share."""
    starts = sorted(part.x0 for part in lines)
    edges: list[float] = []
    at = 0
    while at < len(starts):
        end = at
        while end + 1 < len(starts) and starts[end + 1] - starts[at] <= SAME_EDGE:
            end += 1
        if end - at + 1 >= LEAST_LINES and at:
            edges.append(starts[at])
        at = end + 1
    return edges


def _runs(falling: Sequence[Part], edge: float, wanted: float) -> list[tuple[list[Part], list[Part]]]:
    """Runs of parts from top to bottom that leave the white before `edge` free; with the boxes that lie over them."""
    runs: list[tuple[list[Part], list[Part]]] = []
    run: list[Part] = []
    over: list[Part] = []
    for part in falling:
        if part.x0 < edge - 1 and part.x1 > edge - wanted:
            if part.apart is not None and part.apart.lies_over and run:
                over.append(part)
                continue
            runs.append((run, over))
            run, over = [], []
        else:
            run.append(part)
    runs.append((run, over))
    result = []
    for run, over in runs:
        if run and over and not _jumps(run, over, edge):
            result += _banded(run, over)
        elif run:
            foot = min(part.bottom for part in run)
            result.append((run, [part for part in over if part.top > foot]))
    return result


def _banded(run: Sequence[Part], over: Sequence[Part]) -> list[tuple[list[Part], list[Part]]]:
    """The run cut at each box that lies over it."""
    heights = [(box.top + box.bottom) / 2 for box in over]
    bands: dict[int, list[Part]] = {}
    for part in run:
        bands.setdefault(sum(1 for height in heights if part.top < height), []).append(part)
    return [(band, []) for _, band in sorted(bands.items())]


def _jumps(run: Sequence[Part], over: Sequence[Part], edge: float) -> bool:
    """Whether columns go on below a box that lies over them, rather than end above it.

    Told from the text: which lines go on with the sentence before them. Where that says nothing, they go on.
    """
    height = (over[0].top + over[0].bottom) / 2
    quarters: list[list[Line]] = [[], [], [], []]
    for part in run:
        if part.line is not None:
            quarters[2 * (part.x0 >= edge - 1) + (part.top < height)].append(part.line)
    left_above, left_below, right_above, right_below = quarters
    banded = ((left_above, right_above), (right_above, left_below), (left_below, right_below))
    jumping = ((left_above, left_below), (left_below, right_above), (right_above, right_below))
    return _flow(jumping) >= _flow(banded)


def _flow(steps: Sequence[tuple[list[Line], list[Line]]]) -> float:
    total = 0.0
    for before, after in steps:
        if before and after:
            open_end = not before[-1].text.rstrip('”’") ').endswith((".", "!", "?", ":"))
            small = after[0].text[:1].islower()
            total += 1.0 if open_end and small else 0.25 if not open_end and not small else 0.0
    return total


def _worth(run: Sequence[Part], edge: float, size: float) -> float:
    """How good a gutter is: the lines it divides; 0 where these are no columns."""
    left = [part for part in run if part.x0 < edge - 1]
    right = [part for part in run if part.x0 >= edge - 1]
    if not _enough(left) or not _enough(right) or len(left) + len(right) < LEAST_RUN:
        return 0.0
    if min(_width(left), _width(right)) < LEAST_COLUMN * size:
        return 0.0
    beside = min(max(p.top for p in left), max(p.top for p in right)) - max(
        min(p.bottom for p in left), min(p.bottom for p in right)
    )
    if beside < 1.5 * size:
        return 0.0
    near = edge - max(part.x1 for part in left)
    return len(left) + len(right) + min(near / size, 5.0) / 100


def _enough(parts: Sequence[Part]) -> bool:
    """Whether there are lines for a column, or boxes that stand in one of their own."""
    lines = [part for part in parts if part.line is not None]
    return len(lines) >= LEAST_LINES or (not lines and _aside(parts))


def _aside(parts: Sequence[Part]) -> bool:
    """Whether there is nothing but boxes: they are read after the text beside them, on whichever side they stand."""
    return bool(parts) and all(part.apart is not None and part.apart.lies_over for part in parts)


def _width(parts: Sequence[Part]) -> float:
    """Width of the longer half of the lines."""
    widths = sorted(part.x1 - part.x0 for part in parts)
    return median(widths[len(widths) // 2 :])


def _trimmed(run: list[Part], edge: float, falling: Sequence[Part]) -> list[Part]:
    """Without the short lines at its foot that head what runs over both columns below."""
    foot = min(part.bottom for part in run)
    below = [part for part in falling if part.top <= foot + 1 and part not in run]
    if not below or not any(part.x0 < edge - 1 and part.x1 > edge for part in below):
        return run
    kept = sorted(run, key=lambda part: -part.top)
    gaps = [
        (upper.line.y - lower.line.y, at)
        for at, (upper, lower) in enumerate(zip(kept, kept[1:], strict=False), 1)
        if upper.line is not None and lower.line is not None
    ]
    if not gaps:
        return run
    usual = median(gap for gap, _ in gaps if gap > 1) if any(gap > 1 for gap, _ in gaps) else 0
    for gap, at in reversed(gaps[-3:]):
        tail = kept[at:]
        one_side = len({part.x0 >= edge - 1 for part in tail}) == 1
        if gap > 1.4 * max(usual, tail[0].size) and one_side and all(_heads(part, kept) for part in tail):
            return kept[:at]
    return run


def _heads(part: Part, others: Sequence[Part]) -> bool:
    """Whether a line is set as a heading among the others."""
    if part.line is None:
        return False
    sizes = [other.size for other in others if other.line is not None]
    usual = median(sizes)
    bold = part.line.bold and not all(other.line.bold for other in others if other.line is not None)
    return part.size >= HEADING_RATIO * usual or bold


def _heading_between(left: Sequence[Part], right: Sequence[Part]) -> float | None:
    """The height at which a heading that fits in the first column stands over both, if there is one.

    The column beside it leaves its height free, and below it both go on at the same height.
    """
    for part in sorted(left, key=lambda part: -part.top):
        if not _heads(part, left):
            continue
        white = HEADING_WHITE * part.size
        if any(other.bottom < part.top + white and other.top > part.bottom - white for other in right):
            continue
        above = [other for other in right if other.bottom >= part.top]
        next_left = max((p.top for p in left if p.top <= part.bottom + 1), default=None)
        next_right = max((p.top for p in right if p.top <= part.bottom + 1), default=None)
        upper_left = [p for p in left if p.bottom >= part.top - 1]
        if above and upper_left and next_left is not None and next_right is not None:
            ends = min(p.bottom for p in above) - part.top > 0.8 * part.size
            if abs(next_left - next_right) <= SAME_START and ends:
                return part.top
    return None


def _leaves(groups: Sequence[list[Part]]) -> list[Line | Float]:
    result: list[Line | Float] = []
    for group in groups:
        result += _rows(group)
    return result


def _rows(parts: Sequence[Part]) -> list[Line | Float]:
    """From top to bottom, with the stretches of one line joined."""
    falling = sorted(parts, key=lambda part: (-(part.line.y if part.line is not None else part.top), part.x0))
    rows: list[list[Part]] = []
    for part in falling:
        last = rows[-1][0] if rows else None
        if last is not None and last.line is not None and part.line is not None and _one_line(last, part):
            rows[-1].append(part)
        else:
            rows.append([part])
    return [_joined(row) for row in rows]


def _one_line(a: Part, b: Part) -> bool:
    assert a.line is not None and b.line is not None
    return bool(abs(a.line.y - b.line.y) <= SAME_LINE * min(a.size, b.size))


def _joined(row: Sequence[Part]) -> Line | Float:
    first = row[0]
    if first.line is None:
        assert first.apart is not None
        return first.apart
    lines = [part.line for part in sorted(row, key=lambda part: part.x0) if part.line is not None]
    if len(lines) == 1:
        return lines[0]
    main = max(lines, key=lambda line: len(line.text))
    return replace(
        main,
        text=" ".join(line.text for line in lines),
        x=lines[0].x,
        right=max(part.x1 for part in row),
        bold=sum(len(line.text) for line in lines if line.bold) > sum(len(line.text) for line in lines) / 2,
        links=tuple(link for line in lines for link in line.links),
    )
