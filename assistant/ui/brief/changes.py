"""What an adviser does to a brief, one change at a time, and back again. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.brief_records import Brief, annotate, move, strike
from assistant.ui.brief.sheet import may_change

MAX_STEPS = 100  # changes that can be undone


@dataclass(frozen=True, slots=True)
class Draft:
    """A brief as it stands, with how it was `before` each change, the oldest first."""

    brief: Brief
    before: tuple[Brief, ...] = ()


_CHANGES: Mapping[str, Callable[[Brief, str, str], Brief]] = {
    "strike": lambda brief, line, _: strike(brief, line),
    "restore": lambda brief, line, _: strike(brief, line, struck=False),
    "up": lambda brief, line, _: move(brief, line, -1),
    "down": lambda brief, line, _: move(brief, line, 1),
    "note": annotate,
}


def changed(draft: Draft, what: str, line: str, text: str = "") -> Draft:
    """Do `what` to a line, or undo the last change; anything else, and what changes nothing, leaves the draft as it is."""
    if what == "undo":
        return Draft(draft.before[-1], draft.before[:-1]) if draft.before else draft
    if what not in _CHANGES or not may_change(draft.brief, line):
        return draft
    brief = _CHANGES[what](draft.brief, line, text)
    return draft if brief == draft.brief else Draft(brief, (*draft.before, draft.brief)[-MAX_STEPS:])
