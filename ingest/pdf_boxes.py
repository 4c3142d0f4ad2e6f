"""Finds framed and shaded boxes among the surfaces of a page: text in them is an answer of its own, not running text."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Kind
from ingest.layout import Float, Line
from ingest.pdf_drawn import THIN
from ingest.pdf_order import arranged
from ingest.pdf_parts import Box, PageText, Part, Sorted, around, inside, part_of

WHOLE_PAGE = 0.8  # of the page's area: from here on a surface is its ground or its frame
MOST_TEXT = 0.9  # of the page's letters: a surface that holds as many is the page's own ground
LEAST_WORDS = 6  # of a box; with fewer it is a label, a button or part of a drawing
LEAST_SIDE = 24.0  # points
TOUCH = 3.0  # points within which edges meet
PALE = 0xF8  # per channel: paler than this no eye sees a surface on white


def take_boxes(page: PageText, lines: Sequence[Line], floats: Sequence[tuple[Box, Float]]) -> Sorted:
    """Share out the lines: those in a box go to it, in the order of its own columns; tables in a box go along."""
    sorted_ = Sorted(list(lines), list(floats))
    letters = sum(len(line.text) for line in lines)
    for box in _candidates(page):
        own = [line for line in sorted_.rest if inside(line, box)]
        size = sum(len(line.text) for line in own)
        if len(own) < 2 or sum(len(line.text.split()) for line in own) < LEAST_WORDS:
            continue
        if size > MOST_TEXT * letters and _ground(box, page):
            continue
        gone = {id(line) for line in own}
        sorted_.rest = [line for line in sorted_.rest if id(line) not in gone]
        within = [item for item in sorted_.floats if item[1].kind is Kind.TABLE and _holds(box, item[0])]
        sorted_.floats = [item for item in sorted_.floats if item not in within]
        parts = [part_of(line) for line in own] + [Part(*place, apart=item) for place, item in within]
        sorted_.floats.append((box, Float(Kind.BOX, tuple(arranged(parts)), lies_over=True)))
    return sorted_


def _ground(box: Box, page: PageText) -> bool:
    return _area(box) > 0.5 * page.width * page.height


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer[0] <= inner[0] + TOUCH
        and outer[1] <= inner[1] + TOUCH
        and outer[2] >= inner[2] - TOUCH
        and outer[3] >= inner[3] - TOUCH
    )


def _candidates(page: PageText) -> list[Box]:
    """Filled surfaces and frames that may be boxes: stacked ones as one, and of nested ones only the outermost."""
    filled: list[tuple[Box, int]] = []
    rules: list[Box] = []
    for x0, y0, x1, y1, colour in page.surfaces:
        if min(x1 - x0, y1 - y0) <= THIN:
            rules.append((x0, y0, x1, y1))
        elif colour >= 0 and _seen(colour):
            filled.append(((x0, y0, x1, y1), colour))
    boxes = _stacked(filled) + _frames(rules)
    boxes = _headed(boxes)
    area = page.width * page.height
    fitting = [
        box for box in boxes if min(box[2] - box[0], box[3] - box[1]) >= LEAST_SIDE and _area(box) < WHOLE_PAGE * area
    ]
    fitting.sort(key=lambda box: -_area(box))
    outer: list[Box] = []
    for box in fitting:
        if not any(_holds(other, box) for other in outer):
            outer.append(box)
    return outer


def _seen(colour: int) -> bool:
    return min(colour >> 16, colour >> 8 & 0xFF, colour & 0xFF) < PALE


def _stacked(filled: Sequence[tuple[Box, int]]) -> list[Box]:
    """Surfaces of one colour and width that follow each other closely are one: a word processor shades line by line."""
    groups: dict[tuple[int, int, int], list[Box]] = {}
    for box, colour in filled:
        groups.setdefault((round(box[0] / TOUCH), round(box[2] / TOUCH), colour), []).append(box)
    result: list[Box] = []
    for group in groups.values():
        open_: list[Box] = []
        for box in sorted(group, key=lambda box: -box[3]):
            if open_ and box[3] < open_[-1][1] - TOUCH:
                result.append(around(open_))
                open_ = []
            open_.append(box)
        result.append(around(open_))
    return result


def _frames(rules: Sequence[Box]) -> list[Box]:
    """Rectangles that lines close: an upper and a lower line of the same width, and a line at each side."""
    across = sorted((r for r in rules if r[2] - r[0] > LEAST_SIDE), key=lambda r: -r[1])
    upright = [r for r in rules if r[3] - r[1] > LEAST_SIDE / 2]
    found: list[Box] = []
    for at, upper in enumerate(across):
        for lower in across[at + 1 :]:
            same = abs(lower[0] - upper[0]) <= TOUCH and abs(lower[2] - upper[2]) <= TOUCH
            if not same or upper[1] - lower[1] < LEAST_SIDE:
                continue
            height = upper[1] - lower[1]
            sides = [_side(upright, x, lower[1], upper[1]) for x in (upper[0], upper[2])]
            if min(sides) >= 0.9 * height:
                found.append((upper[0], lower[1], upper[2], upper[3]))
                break
    return found


def _side(upright: Sequence[Box], x: float, bottom: float, top: float) -> float:
    """How much of a side is drawn."""
    own = [r for r in upright if abs((r[0] + r[2]) / 2 - x) <= TOUCH]
    return sum(max(0.0, min(r[3], top + TOUCH) - max(r[1], bottom - TOUCH)) for r in own)


def _headed(boxes: list[Box]) -> list[Box]:
    """A box with the bar of its title directly above it is one box."""
    result = list(boxes)
    for bar in boxes:
        for at, box in enumerate(result):
            if box == bar or abs(bar[0] - box[0]) > TOUCH or abs(bar[2] - box[2]) > TOUCH:
                continue
            if abs(bar[1] - box[3]) <= TOUCH and bar[3] > box[3]:
                result[at] = around([bar, box])
    return result
