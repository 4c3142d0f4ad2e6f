"""A consultation brief as a record, and what an adviser may do to it: strike, move and annotate lines. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from assistant.safety import plain
from assistant.types import Citation, Statement

MAX_NOTE = 2_000
"""Characters of a note; what is longer is cut off, as a brief is at most three pages."""


class Part(StrEnum):
    """What a section of a brief is for."""

    URGENT = "urgent"
    SITUATION = "situation"
    KNOWLEDGE = "knowledge"
    QUESTIONS = "questions"
    TOOLS = "tools"
    EXAMPLES = "examples"
    CARE = "care"


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One line. `label`: what it is about, in few words, shown before it; `note`: the adviser's own text under it.

    `id` is unique in its brief and stays the same whatever is done to the line. A line that is struck can be brought back.
    `written`: a chat model worded it; the lines that its citations lead to support it.
    """

    id: str
    statement: Statement
    label: str = ""
    note: str = ""
    struck: bool = False
    written: bool = False


@dataclass(frozen=True, slots=True)
class BriefSection:
    """A heading with its lines; `level` 2 stands under the last section of level 1 before it."""

    heading: str
    lines: tuple[BriefLine, ...]
    part: Part
    level: int = 1


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief for one school. `context`: its situation as the adviser told it, pupils' data masked.

    `notices`: what the adviser must know and what is no part of the brief; `referral`: the kind of danger that was told.
    """

    sector: str
    themes: tuple[str, ...]
    sections: tuple[BriefSection, ...]
    citations: tuple[Citation, ...]
    context: str = ""
    notices: tuple[str, ...] = ()
    referral: str | None = None

    @property
    def written(self) -> bool:
        """Whether a chat model worded any of it."""
        return any(line.written for section in self.sections for line in section.lines)

    def as_json(self) -> dict[str, Any]:
        """The brief as agreed in the README: what is shown of it, as plain JSON types."""
        brief = shown(self)
        citations = [asdict(citation) for citation in brief.citations]
        for citation in citations:
            if citation["superseded_by"] is None:
                del citation["superseded_by"]
        sections = [{"heading": s.heading, "lines": [asdict(x.statement) for x in s.lines]} for s in brief.sections]
        record = {"sector": brief.sector, "themes": list(brief.themes), "sections": sections, "citations": citations}
        # stands only where there is something to say: sentences beside the quotes that are no quotes
        return record | ({"mode": "generated"} if brief.written else {})


def strike(brief: Brief, line: str, struck: bool = True) -> Brief:
    """Leave a line out of what is shown, or bring it back. Raises KeyError for a line that is not in the brief."""
    return _changed(brief, line, lambda found: replace(found, struck=struck))


def annotate(brief: Brief, line: str, note: str) -> Brief:
    """Put the adviser's own text under a line; an empty one takes it away. Raises KeyError."""
    whole = note.encode("utf-8", "ignore").decode("utf-8")
    return _changed(brief, line, lambda found: replace(found, note=plain(whole).strip()[:MAX_NOTE]))


def move(brief: Brief, line: str, steps: int) -> Brief:
    """Move a line `steps` places down in its section (up when negative), as far as there is room. Raises KeyError."""
    at = _section_of(brief, line)
    lines = list(brief.sections[at].lines)
    place = next(n for n, found in enumerate(lines) if found.id == line)
    moved = lines.pop(place)
    lines.insert(min(max(place + steps, 0), len(lines)), moved)
    return _with_lines(brief, at, tuple(lines))


def shown(brief: Brief) -> Brief:
    """The brief without what is struck, sections that are empty by that, and sources no line cites; numbered anew."""
    sections = [replace(s, lines=tuple(line for line in s.lines if not line.struck)) for s in brief.sections]
    kept = [s for n, s in enumerate(sections) if s.lines or _heads(sections, n)]
    order = list(dict.fromkeys(number for s in kept for line in s.lines for number in line.statement.citations))
    new = {number: place for place, number in enumerate(order, 1)}
    by_number = {citation.number: citation for citation in brief.citations}
    return replace(
        brief,
        sections=tuple(replace(s, lines=tuple(_renumbered(line, new) for line in s.lines)) for s in kept),
        citations=tuple(replace(by_number[number], number=new[number]) for number in order),
    )


def _heads(sections: list[BriefSection], at: int) -> bool:
    """Whether a section of level 1 has one with lines under it."""
    below = sections[at + 1 :]
    until = next((n for n, s in enumerate(below) if s.level == 1), len(below))
    return sections[at].level == 1 and any(s.lines for s in below[:until])


def _renumbered(line: BriefLine, new: dict[int, int]) -> BriefLine:
    statement = replace(line.statement, citations=tuple(new[number] for number in line.statement.citations))
    return replace(line, statement=statement)


def _section_of(brief: Brief, line: str) -> int:
    for at, section in enumerate(brief.sections):
        if any(found.id == line for found in section.lines):
            return at
    raise KeyError(line)


def _changed(brief: Brief, line: str, change: Callable[[BriefLine], BriefLine]) -> Brief:
    at = _section_of(brief, line)
    lines = tuple(change(found) if found.id == line else found for found in brief.sections[at].lines)
    return _with_lines(brief, at, lines)


def _with_lines(brief: Brief, at: int, lines: tuple[BriefLine, ...]) -> Brief:
    changed = replace(brief.sections[at], lines=lines)
    return replace(brief, sections=(*brief.sections[:at], changed, *brief.sections[at + 1 :]))
