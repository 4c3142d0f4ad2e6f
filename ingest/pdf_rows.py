"""Puts the pieces of a page together to stretches of a line, upright, whichever way the page or its text is turned."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.pdf_drawn import THIN, Drawn, Piece
from ingest.pdf_faces import WORD_GAP
from ingest.pdf_marks import MARK_CLOSE, MARK_OPEN

# a bullet that some writers put at 127, where their encoding has no other place for it
BULLET = "•"
SPLIT = 0.9  # of the size: white this wide within a line may be a gutter, so what stands behind it is a new stretch
BACK = 0.4  # of the size: kerning and italics let a piece begin before the one before it ends
TRACKED = 1.7  # of the usual gap between letters that are set apart
SMALL = 0.8  # of the size of the line's main text: what is smaller than this may be a mark
MAX_SURFACES = 4000  # of one page; a map or a chart has tens of thousands
LEAST_SURFACE = 6.0  # points: what is smaller in both directions is an icon or a dot
WHITE = 0xFFFFFF
SKEWED = 10.0  # degrees from upright: text at an angle is no line of the page
# what a mark stands behind: a word, a year or a percentage; a raised number behind another number is a power
_MARKED = re.compile(r"(?:[^\W\d]{3}|\b(?:19|20)\d\d|%)[.,;:!?)’”'\"]*$")
_SPELT = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text of one line without wide gaps. `y` from the page's foot, lengths in points; `pagination`: the file says so."""

    text: str
    size: float
    bold: bool
    x0: float
    x1: float
    y: float
    colour: int
    pagination: bool


@dataclass(frozen=True, slots=True)
class Upright:
    """A page turned so that most of its text is upright: its size, its stretches, and texts that stand at an angle."""

    width: float
    height: float
    stretches: tuple[Stretch, ...]
    turned: tuple[str, ...]
    surfaces: tuple[tuple[float, float, float, float, int], ...]
    images: tuple[tuple[float, float, float, float], ...]
    quarter: int


def upright(drawn: Drawn, width: float, height: float) -> Upright:
    """Turn the page by quarters until most text is upright, and put its pieces together."""
    quarters: dict[int, list[Piece]] = {}
    askew: list[Piece] = []
    for piece in drawn.pieces:
        angle = math.degrees(math.atan2(piece.y1 - piece.y0, piece.x1 - piece.x0))
        quarter = round(angle / 90)
        if abs(angle - 90 * quarter) > SKEWED:
            askew.append(piece)
        else:
            quarters.setdefault(quarter % 4, []).append(piece)
    main = max(quarters, key=lambda q: (sum(len(p.text) for p in quarters[q]), -q), default=0)
    turned = [
        stretch.text
        for quarter, pieces in sorted(quarters.items())
        if quarter != main
        for stretch in stretches(_turned(pieces, quarter, width, height))
    ]
    own = _turned(quarters.get(main, []), main, width, height)
    box = (height, width) if main % 2 else (width, height)
    inside = [p for p in own if p.x1 > 0 and p.x0 < box[0] and -p.size < p.y0 < box[1]]
    surfaces = [(*_corners(s[:4], main, width, height), s[4]) for s in _worth(drawn.surfaces)]
    images = [_corners(image, main, width, height) for image in drawn.images]
    turned += [piece.text.strip() for piece in askew]
    return Upright(*box, tuple(stretches(inside)), tuple(turned), tuple(surfaces), tuple(images), main)


def turn(x: float, y: float, quarter: int, width: float, height: float) -> tuple[float, float]:
    """Where a point of a page comes to stand when the page is turned clockwise by this many quarters."""
    if quarter == 1:
        return y, width - x
    if quarter == 2:
        return width - x, height - y
    return (height - y, x) if quarter == 3 else (x, y)


def _turned(pieces: Sequence[Piece], quarter: int, width: float, height: float) -> list[Piece]:
    if not quarter:
        return list(pieces)
    result = []
    for piece in pieces:
        x0, y0 = turn(piece.x0, piece.y0, quarter, width, height)
        x1, y1 = turn(piece.x1, piece.y1, quarter, width, height)
        result.append(replace(piece, x0=x0, y0=y0, x1=x1, y1=y1))
    return result


def _corners(
    box: tuple[float, float, float, float], quarter: int, width: float, height: float
) -> tuple[float, float, float, float]:
    a, b = turn(box[0], box[1], quarter, width, height), turn(box[2], box[3], quarter, width, height)
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _worth(surfaces: Iterable[tuple[float, float, float, float, int]]) -> list[tuple[float, float, float, float, int]]:
    """Surfaces that can be a line, a cell or a box, each once."""
    found: dict[tuple[float, float, float, float, int], None] = {}
    for x0, y0, x1, y1, colour in surfaces:
        across, up = x1 - x0, y1 - y0
        if max(across, up) < LEAST_SURFACE or (colour == WHITE and min(across, up) > THIN):
            continue
        if len(found) < MAX_SURFACES:
            found[round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1), colour] = None
    return list(found)


def stretches(pieces: Sequence[Piece]) -> list[Stretch]:
    """Stretches in the order of the file."""
    open_: list[list[Piece]] = []
    for piece in pieces:
        if open_ and _twice(open_[-1], piece):
            continue
        if open_ and _joins(open_[-1], piece):
            open_[-1].append(piece)
        else:
            open_.append([piece])
    return [_stretch(group) for group in _raised(_merged(open_))]


def _twice(group: Sequence[Piece], piece: Piece) -> bool:
    """Whether the piece was drawn before at the same place, to look bold or to throw a shadow."""
    near = 0.15 * piece.size
    return any(
        old.text == piece.text and abs(old.x0 - piece.x0) < near and abs(old.y0 - piece.y0) < near
        for old in group[-len(piece.text) - 2 :]
    )


def _joins(group: Sequence[Piece], piece: Piece) -> bool:
    """Whether a piece goes on where the stretch ends, raised or lowered at most."""
    last = group[-1]
    size = max(last.size, piece.size)
    gap = piece.x0 - last.x1
    if not -BACK * size < gap < SPLIT * size or piece.x0 < group[0].x0:
        return False
    rise = piece.y0 - last.y0
    if abs(rise) <= 0.15 * size:
        return True
    small = min(last.size, piece.size) < 0.85 * size
    # a mark stands higher than the text before it, and lower goes the text behind it
    return small and (-0.3 * size < rise < 0.6 * size if piece.size < last.size else -0.6 * size < rise < 0.3 * size)


def _merged(groups: list[list[Piece]]) -> list[list[Piece]]:
    """Join stretches of one baseline that the file draws apart, in the order in which the first of them stands there."""
    by_line: dict[int, list[list[Piece]]] = {}
    for group in groups:
        by_line.setdefault(round(group[0].y0), []).append(group)
    gone: set[int] = set()
    for y, own in by_line.items():
        line = sorted((group for near in (y - 1, y, y + 1) for group in by_line.get(near, ())), key=lambda g: g[0].x0)
        if len(own) < 1 or len(line) < 2:
            continue
        before = line[0]
        for group in line[1:]:
            if id(group) in gone or id(before) in gone:
                before = group if id(group) not in gone else before
            elif abs(before[0].y0 - group[0].y0) <= 1 and _joins(before, group[0]):
                before.extend(group)
                gone.add(id(group))
            else:
                before = group
    return [group for group in groups if id(group) not in gone]


def _raised(groups: list[list[Piece]]) -> list[list[Piece]]:
    """Put a mark that the file draws apart into the line it stands in."""
    result: list[list[Piece]] = []
    marks: list[list[Piece]] = []
    for group in groups:
        short = sum(len(piece.text) for piece in group) <= 3 and all(p.text.strip().isdigit() for p in group)
        (marks if short else result).append(group)
    for mark in marks:
        host = next((group for group in result if _hosts(group, mark[0])), None)
        if host is None:
            result.append(mark)
        else:
            host.extend(mark)
    return result


def _hosts(group: Sequence[Piece], mark: Piece) -> bool:
    size = max(piece.size for piece in group)
    right = max(piece.x1 for piece in group)
    higher = 0.1 * size < mark.y0 - group[0].y0 < 0.7 * size
    return mark.size < 0.85 * size and higher and group[0].x0 < mark.x0 < right + 0.5 * size


def _main(pieces: Sequence[Piece]) -> Piece:
    """The first piece in the size of most of the stretch."""
    sizes: Counter[float] = Counter()
    for piece in pieces:
        sizes[piece.size] += len(piece.text.replace(" ", ""))
    size = sizes.most_common(1)[0][0]
    return next(piece for piece in pieces if piece.size == size and piece.text.strip())


def _stretch(group: list[Piece]) -> Stretch:
    pieces = sorted(group, key=lambda piece: piece.x0)
    main = _main(pieces)
    weight = sum(len(piece.text) for piece in pieces)
    colours: Counter[int] = Counter()
    for piece in pieces:
        colours[piece.colour] += len(piece.text)
    return Stretch(
        _text(pieces, main),
        main.size,
        sum(len(piece.text) for piece in pieces if piece.bold) > weight / 2,
        round(min(piece.x0 for piece in pieces), 1),
        round(max(piece.x1 for piece in pieces), 1),
        round(main.y0, 1),
        colours.most_common(1)[0][0],
        all(piece.pagination for piece in pieces),
    )


def _text(pieces: Sequence[Piece], main: Piece) -> str:
    text, before, gap = "", None, _gap(pieces)
    for piece in pieces:
        raised = piece.size < SMALL * main.size and piece.y0 > main.y0 + 0.1 * main.size
        shown = piece.text.replace("\x7f", BULLET)
        if before is not None and piece.x0 - before.x1 > (gap if not raised else 1.0) * max(piece.size, before.size):
            text += " "
        mark = raised and shown.strip().isdigit() and bool(_MARKED.search(text.rstrip()))
        text = text.rstrip() + f"{MARK_OPEN}{shown.strip()}{MARK_CLOSE}" if mark else text + shown
        if mark and shown.endswith(" "):
            text += " "
        before = piece
    return " ".join(_SPELT.sub(_unspelt, re.sub(r" {2,}", "\t", text)).split())


def _unspelt(found: re.Match[str]) -> str:
    """A word that was set with a space between its letters; two letters of it may be a word, five are not."""
    letters = found.group().replace(" ", "")
    return letters if len(set(letters.lower())) > 2 else found.group()


def _gap(pieces: Sequence[Piece]) -> float:
    """From which gap on, in sizes, two pieces are two words; wider where all letters are set apart."""
    gaps = sorted(
        (after.x0 - before.x1) / after.size
        for before, after in zip(pieces, pieces[1:], strict=False)
        if len(before.text) == 1 and len(after.text) == 1
    )
    return max(WORD_GAP, TRACKED * gaps[len(gaps) // 2]) if len(gaps) >= 4 else WORD_GAP
