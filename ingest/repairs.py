"""What each kind of recorded correction does to the lines of a document; each one first compares what it finds there.

Lines are named by their number in the original; "12-15" is a range and a list may combine both. Once `columns` or
`split` has cut a line in two, its parts are "12L" and "12R", or "12A" and "12B"; "12L-15L" names all left parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.types import Kind
from ingest.blocks import Edit
from ingest.lines import Line, drop, rewrite

_RANGE = re.compile(r"^(\d+)([LRAB]?)(?:-(\d+)([LRAB]?))?$")


class Misfit(ValueError):
    """The original isn't as the correction says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded correction as it stands in its file."""

    operation: str
    fields: Mapping[str, Any]

    @property
    def reason(self) -> str:
        """Why an editor made it."""
        return str(self.fields.get("reason", ""))

    @property
    def where(self) -> str:
        """The lines it names, for messages."""
        return str(self.fields.get("lines", "?"))


def columns(lines: list[Line], entry: Entry) -> list[Line]:
    """Cut lines with two columns: all left parts first, then all right parts; every character stays."""
    places = _named(lines, entry.fields["lines"])
    right = {int(number): str(text) for number, text in entry.fields["right"].items()}
    halves: dict[str, list[Line]] = {"L": [], "R": []}
    for at in places:
        line = lines[at]
        whole = line.text.strip()
        tail = right.pop(line.number, "")
        if tail and not (whole == tail or whole.endswith(f" {tail}")):
            raise Misfit(f"line {line.number} does not end in {tail!r}")
        head = whole[: len(whole) - len(tail)].strip() if tail else whole
        for side, text in (("L", head), ("R", tail)):
            edit = Edit("columns", line.number, whole, text, 0, len(text), True, entry.reason)
            halves[side].append(replace(line, text=text, side=side, edits=(edit,) if text else ()))
    if right:
        raise Misfit(f"lines outside the range: {sorted(right)}")
    between = Line(lines[places[-1]].number, "")
    return [*lines[: places[0]], *halves["L"], between, *halves["R"], *lines[places[-1] + 1 :]]


def split(lines: list[Line], entry: Entry) -> list[Line]:
    """Cut one line in two paragraphs after the words `after`."""
    (at,) = _named(lines, entry.fields["lines"])
    line, head = lines[at], str(entry.fields["after"])
    if line.text.count(head) != 1:
        raise Misfit(f"{head!r} does not stand there exactly once")
    cut = line.text.index(head) + len(head)
    first = replace(line, text=line.text[:cut], side="A")
    second = replace(line, text=line.text[cut:].strip(), side="B")
    return [*lines[:at], first, Line(line.number, ""), second, *lines[at + 1 :]]


def heading(lines: list[Line], entry: Entry) -> list[Line]:
    """Make one heading of the named lines; blank lines within it go."""
    places = [at for at in _chosen(lines, entry) if not lines[at].blank]
    level = int(entry.fields["level"])
    if not 1 <= level <= 6:
        raise Misfit(f"level {level} is not from 1 to 6")
    gone = {at for at in range(places[0], places[-1]) if lines[at].blank}
    marks = {at: replace(lines[at], level=level, starts=at == places[0], follows=at != places[0]) for at in places}
    return [marks.get(at, line) for at, line in enumerate(lines) if at not in gone]


def kind(lines: list[Line], entry: Entry) -> list[Line]:
    """Say what the named lines are; those that are no heading by now are running text of that kind."""
    meant = Kind(entry.fields["kind"])
    return _marked(lines, entry, lambda line: replace(line, kind=meant, level=line.level or 0))


def begin(lines: list[Line], entry: Entry) -> list[Line]:
    """Let a new paragraph start at each named line."""
    return _marked(lines, entry, lambda line: replace(line, starts=True, level=line.level or 0))


def join(lines: list[Line], entry: Entry) -> list[Line]:
    """Let each named line continue the paragraph before it."""
    return _marked(lines, entry, lambda line: replace(line, follows=True))


def replace_words(lines: list[Line], entry: Entry) -> list[Line]:
    """Replace characters within lines; they must stand exactly once in each."""
    before, after = str(entry.fields["before"]), str(entry.fields["after"])
    result = list(lines)
    for first, side, last in _labels(entry.fields["lines"]):
        for number in range(first, last + 1):
            places = [at for at in _named(result, f"{number}{side}") if before in result[at].text]
            if not before or sum(result[at].text.count(before) for at in places) != 1:
                raise Misfit(f"{before!r} does not stand exactly once in line {number}")
            line = result[places[0]]
            start = line.text.index(before)
            end = start + len(before)
            result[places[0]] = rewrite(line, start, end, after, "replace", repair=True, reason=entry.reason)
    return result


def rearrange(lines: list[Line], entry: Entry) -> list[Line]:
    """Put the lines of a range in the order given; every printed line must be named exactly once.

    The seams become repairs; lines named in `mark` become repairs as a whole.
    """
    inside = _named(lines, entry.fields["lines"])
    order = _named(lines, entry.fields["order"])
    missing = {at for at in inside if not lines[at].blank} - set(order)
    if missing or len(order) != len(set(order)) or not set(order) <= set(inside):
        raise Misfit(f"order is no permutation; missing: {sorted(lines[at].label for at in missing)}")
    marked = set(_named(lines, entry.fields.get("mark", [])))
    moved = [_whole(lines[at], entry.reason) if at in marked else lines[at] for at in order]
    new = [*lines[: inside[0]], *moved, *lines[inside[-1] + 1 :]]
    return _seams(lines, new, entry.reason)


def omit(lines: Sequence[Line], entries: Sequence[Entry]) -> tuple[list[Line], tuple[Edit, ...]]:
    """Leave out the lines that the omissions name; blank lines around them stay, so that paragraphs stay apart.

    `entries` have been compared with the lines already. Returns the lines kept and the cuts after the last.
    """
    reasons = {
        id(lines[at]): entry.reason
        for entry in entries
        for at in _named(lines, entry.fields["lines"])
        if not lines[at].blank
    }
    numbers = {line.number: reasons[id(line)] for line in lines if id(line) in reasons}

    def explained(cuts: Sequence[Edit]) -> tuple[Edit, ...]:
        return tuple(replace(c, reason=numbers.get(c.line, "")) if c.rule == "omit" else c for c in cuts)

    kept, left = drop(lines, lambda line: "omit" if id(line) in reasons else None)
    return [replace(line, cuts=explained(line.cuts)) for line in kept], explained(left)


def compare(lines: list[Line], entry: Entry) -> list[Line]:
    """Change nothing, but make sure that the named lines are what the editor saw."""
    _chosen(lines, entry)
    return lines


OPERATIONS: dict[str, Callable[[list[Line], Entry], list[Line]]] = {
    "columns": columns,
    "split": split,
    "heading": heading,
    "kind": kind,
    "begin": begin,
    "join": join,
    "omit": compare,
    "replace": replace_words,
    "rearrange": rearrange,
}


def _labels(spec: object) -> list[tuple[int, str, int]]:
    """Read a line specification as `(first, side, last)` for each of its parts."""
    parts: list[tuple[int, str, int]] = []
    for token in spec if isinstance(spec, list) else [spec]:
        match = _RANGE.match(str(token))
        if match is None:
            raise Misfit(f"not a line or range: {token!r}")
        first, side, last = int(match.group(1)), match.group(2), int(match.group(3) or match.group(1))
        if last < first or (match.group(3) and match.group(4) != side):
            raise Misfit(f"not a range: {token!r}")
        parts.append((first, side, last))
    return parts


def _named(lines: Sequence[Line], spec: object) -> list[int]:
    """Find the places in `lines` that `spec` names, in its order; blank lines within a range are included."""
    places: list[int] = []
    for first, side, last in _labels(spec):
        found = [i for i, line in enumerate(lines) if first <= line.number <= last and (not side or line.side == side)]
        if not found:
            raise Misfit(f"no line {first}{side}")
        places.extend(found)
    return places


def _chosen(lines: Sequence[Line], entry: Entry) -> list[int]:
    """Find the places that `entry.lines` names, after comparing them with the text the editor saw there."""
    places = _named(lines, entry.fields["lines"])
    there = " ".join(" ".join(lines[at].text for at in places).split())
    expected = " ".join(str(entry.fields["text"]).split())
    opening, dots, ending = expected.partition(" … ")
    if not (there.startswith(opening) and there.endswith(ending) if dots else there == expected):
        raise Misfit(f"expected {expected!r}, found {there[:120]!r}")
    return places


def _marked(lines: list[Line], entry: Entry, mark: Callable[[Line], Line]) -> list[Line]:
    places = set(_chosen(lines, entry))
    return [mark(line) if at in places and not line.blank else line for at, line in enumerate(lines)]


def _whole(line: Line, reason: str) -> Line:
    text = line.text.strip()
    edit = Edit("rearrange", line.number, text, text, 0, len(line.text), True, reason)
    return line if line.blank else replace(line, edits=(*line.edits, edit))


def _seams(old: Sequence[Line], new: Sequence[Line], reason: str) -> list[Line]:
    """Mark the places where two lines now meet that did not follow each other before."""
    printed = [line.label for line in old if not line.blank]
    previous = dict(zip(printed[1:], printed, strict=False))
    result: list[Line] = []
    last: str | None = None
    for line in new:
        moved = line
        if not line.blank:
            if last is not None and previous.get(line.label) != last:
                seam = Edit("rearrange", line.number, "", "", 0, 0, True, reason)
                moved = replace(line, cuts=(*line.cuts, seam))
            last = line.label
        result.append(moved)
    return result
