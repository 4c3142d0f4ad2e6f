"""Finds tables on a page: by the lines drawn around their cells, or by cells that stand below each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from ingest.layout import BULLET, Line
from ingest.pdf_drawn import THIN
from ingest.pdf_parts import Box, PageText, Sorted, around, inside, part_of, right_of, table_float

TOUCH = 3.5  # points within which two lines of a grid meet
MAX_EDGES = 700  # of one page; more are a drawing
SPANNED = 0.5  # of a grid's width or height: a line that runs on so far divides it
SAME_EDGE = 4.0  # points by which cells of a column may begin (or end) apart
FULL = 0.7  # of the width of a column: cells of tables end before, lines of running text don't
LEAST_ROWS = 3  # of a table without drawn lines
CELL_GAP = 1.0  # of the size: the least white between two cells
ROW_GAP = 1.25  # of the smallest distance between lines: more begins a new row
FAR = 3.2  # of the size: lines further apart are of two tables
LONG_CELL = 70  # characters in the middle cell of a table without drawn lines; longer ones are running text
MAX_COLUMNS = 12
PROSE_CELL = 15  # characters from which a line can be one of a text
_MARKER = re.compile(r"^(?:\d{1,3}[.)]?|[a-z][.)]|[ivx]{1,4}[.)]|\d+(?:\.\d+)+\.?)$")
Rows = list[list[list[Line]]]


def take_tables(page: PageText, lines: Sequence[Line]) -> Sorted:
    """Share out the lines: those of tables go to them, row by row and cell by cell."""
    sorted_ = Sorted(list(lines))
    for box, rows in _ruled(page, sorted_.rest):
        _take(sorted_, box, rows)
    for rows in _aligned(sorted_.rest):
        _take(sorted_, around([_place(line) for row in rows for cell in row for line in cell]), rows)
    return sorted_


def _take(sorted_: Sorted, box: Box, rows: Rows) -> None:
    gone = {id(line) for row in rows for cell in row for line in cell}
    sorted_.rest = [line for line in sorted_.rest if id(line) not in gone]
    sorted_.floats.append((box, table_float(rows)))


def _place(line: Line) -> Box:
    part = part_of(line)
    return part.x0, part.bottom, part.x1, part.top


# by drawn lines


def _ruled(page: PageText, lines: Sequence[Line]) -> list[tuple[Box, Rows]]:
    edges = _edges(page)
    if len(edges) > MAX_EDGES:
        return []
    found: list[tuple[Box, Rows]] = []
    for group in _touching(edges):
        box = around(group)
        ys = _divisions([(e[1], e[0], e[2]) for e in group if e[3] - e[1] <= THIN], box[2] - box[0])
        xs = _divisions([(e[0], e[1], e[3]) for e in group if e[2] - e[0] <= THIN], box[3] - box[1])
        if len(ys) < 3 or len(xs) < 3 or len(xs) > MAX_COLUMNS + 1:
            continue
        own = [line for line in lines if inside(line, box)]
        rows = _in_grid(own, xs, sorted(ys, reverse=True))
        if rows is not None:
            found.append((box, rows))
    return found


def _edges(page: PageText) -> list[Box]:
    """Lines, and the four edges of every filled cell, each once."""
    edges: dict[Box, None] = {}
    for x0, y0, x1, y1, _ in page.surfaces:
        if min(x1 - x0, y1 - y0) <= THIN:
            edges[x0, y0, x1, y1] = None
        elif (x1 - x0) * (y1 - y0) < 0.5 * page.width * page.height:
            for edge in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
                edges[edge] = None
    return list(edges)


def _touching(edges: Sequence[Box]) -> list[list[Box]]:
    """Groups of edges that hang together."""
    groups: list[list[Box]] = []
    waiting = sorted(edges, key=lambda edge: edge[0])
    while waiting:
        group, fresh = [], [waiting.pop(0)]
        while fresh:
            edge = fresh.pop()
            group.append(edge)
            near = [other for other in waiting if _meet(edge, other)]
            fresh += near
            gone = {id(other) for other in near}
            waiting = [other for other in waiting if id(other) not in gone]
        groups.append(group)
    return [group for group in groups if len(group) >= 5]


def _meet(a: Box, b: Box) -> bool:
    return (
        a[0] <= b[2] + TOUCH and b[0] <= a[2] + TOUCH and a[1] <= b[3] + TOUCH and b[1] <= a[3] + TOUCH
    )  # fmt: skip


def _divisions(edges: Sequence[tuple[float, float, float]], whole: float) -> list[float]:
    """Places (in rising order) where lines together run along enough of the whole; each edge is (place, from, to)."""
    places: list[tuple[float, float]] = []
    for place, start, end in sorted(edges):
        if places and place - places[-1][0] <= TOUCH:
            places[-1] = places[-1][0], places[-1][1] + end - start
        else:
            places.append((place, end - start))
    return [place for place, length in places if length >= SPANNED * whole]


def _in_grid(lines: Sequence[Line], xs: Sequence[float], ys: Sequence[float]) -> Rows | None:
    """The lines in the cells of a grid; None where most of it is empty or its lines run over the cells."""
    rows: Rows = [[[] for _ in xs[1:]] for _ in ys[1:]]
    crossing = 0
    for line in lines:
        middle = line.y + 0.3 * line.size
        row = sum(1 for y in ys[1:-1] if middle < y)
        column = sum(1 for x in xs[1:-1] if line.x + 2 >= x)
        if column + 2 < len(xs) and right_of(line) > xs[column + 1] + line.size:
            crossing += 1
        rows[row][column].append(line)
    rows = [_reading(row) for row in rows if any(row)]
    filled = [sum(1 for cell in row if cell) for row in rows]
    if len(rows) < 2 or crossing > len(lines) / 4 or sum(1 for count in filled if count >= 2) < len(rows) / 2:
        return None
    return rows


def _reading(row: Sequence[list[Line]]) -> list[list[Line]]:
    return [sorted(cell, key=lambda line: (-round(line.y), line.x)) for cell in row]


# by alignment


def _aligned(lines: Sequence[Line]) -> list[Rows]:
    """Tables without drawn lines: at least three rows of short cells that stand below each other."""
    found: list[Rows] = []
    group: list[list[Line]] = []
    for row in _baselines(lines):
        near = group and group[-1][0].y - row[0].y <= FAR * max(row[0].size, group[-1][0].size)
        if group and not near:
            found += _table(group)
            group = []
        group.append(row)
    return found + _table(group)


def _baselines(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines of one height as rows, from the top, each from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-line.y, line.x)):
        if rows and rows[-1][0].y - line.y <= 0.3 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_rejoined(sorted(row, key=lambda line: line.x)) for row in rows]


def _rejoined(row: list[Line]) -> list[Line]:
    """A bullet or a number is no cell before the text it stands for."""
    return row[1:] if len(row) > 1 and (BULLET.match(row[0].text + " x") and len(row[0].text) <= 2) else row


def _table(group: Sequence[list[Line]]) -> list[Rows]:
    """The longest run of rows in the group that share their columns, and so on with the rest."""
    at, found = 0, []
    while at < len(group):
        if len(group[at]) < 2:
            at += 1
            continue
        columns = [line.x for line in group[at]]
        end = at + 1
        while end < len(group) and (fit := _fitting(group[end], columns)) is not None:
            columns, end = fit, end + 1
        rows = _as_rows(group[at:end], columns)
        if rows is not None:
            found.append(rows)
            at = end
        else:
            at += 1
    return found


def _fitting(row: Sequence[Line], columns: list[float]) -> list[float] | None:
    """The columns with this row, if its cells begin where columns do and none runs into the next."""
    for line in row:
        at = next((n for n, x in enumerate(columns) if abs(line.x - x) <= SAME_EDGE), None)
        if at is None:
            # numbers stand right in their column
            at = next(
                (n for n, x in enumerate(columns) if n and x - 40 < line.x < x + 60 and _numeric(line.text)), None
            )
        if at is None or (at + 1 < len(columns) and right_of(line) > columns[at + 1] - 2):
            return None
    return columns


def _numeric(text: str) -> bool:
    return bool(re.fullmatch(r"[€<>±~–-]?\s*[\d.,]+\s*(?:%|‰|x|p)?", text))


def _column(line: Line, columns: Sequence[float]) -> int:
    return min(range(len(columns)), key=lambda n: abs(line.x - columns[n]))


def _as_rows(group: Sequence[list[Line]], columns: Sequence[float]) -> Rows | None:
    """Rows of cells, wrapped lines put to the row they belong to; None where these are no table."""
    many = [row for row in group if len(row) >= 2]
    if len(many) < LEAST_ROWS or len(many) < len(group) / 3 or len(columns) > MAX_COLUMNS:
        return None
    if not _short(many, columns) or _listed(many) or _contents(many):
        return None
    gaps = [upper[0].y - lower[0].y for upper, lower in zip(group, group[1:], strict=False)]
    tight = min(gaps)
    rows: Rows = []
    for at, row in enumerate(group):
        wrapped = at > 0 and (gaps[at - 1] <= ROW_GAP * tight)
        first = _column(row[0], columns) == 0
        several = max(gaps) > ROW_GAP * tight
        if not rows or not wrapped or (first and not several):
            rows.append([[] for _ in columns])
        for line in row:
            rows[-1][_column(line, columns)].append(line)
    return rows


def _short(many: Sequence[Sequence[Line]], columns: Sequence[float]) -> bool:
    """Whether cells end before their column does, as lines of running text don't."""
    shares = []
    for row in many:
        for line in row:
            at = _column(line, columns)
            if at + 1 < len(columns):
                shares.append((right_of(line) - line.x) / max(columns[at + 1] - columns[at], 1.0))
    if _prose(many, columns):
        return False
    lengths = [len(line.text) for row in many for line in row]
    last = [len(row[-1].text) for row in many if _column(row[-1], columns) == len(columns) - 1]
    return bool(shares) and median(shares) < FULL and median(lengths) <= LONG_CELL and bool(last)


def _prose(many: Sequence[Sequence[Line]], columns: Sequence[float]) -> bool:
    """Whether most cells go on with the sentence of the cell above, as lines of columns of text do."""
    below: dict[int, Line] = {}
    flowing = steps = 0
    for row in many:
        for line in row:
            above = below.get(at := _column(line, columns))
            if above is not None and len(above.text) >= PROSE_CELL:
                steps += 1
                flowing += line.text[:1].islower() and not above.text.endswith((".", "!", "?", ":", ";"))
            below[at] = line
    return flowing > steps / 3


def _listed(many: Sequence[Sequence[Line]]) -> bool:
    """Whether the first column holds nothing but the numbers of a list or of headings."""
    return len(many[0]) == 2 and sum(1 for row in many if _MARKER.match(row[0].text)) > len(many) / 2


def _contents(many: Sequence[Sequence[Line]]) -> bool:
    """Whether this is a table of contents: it ends in page numbers that rise."""
    last = [int(row[-1].text) for row in many if row[-1].text.isdigit()]
    words = sum(1 for row in many if any(c.isalpha() for c in row[0].text + row[1].text))
    return (
        len(last) >= 0.8 * len(many)
        and last == sorted(last)
        and max(last) < 2000
        and words == len(many)
        and len(many[0]) <= 3
    )
