"""What a brief is about: the pillars with their leading principles, named as the library's own headings name them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant import dutch
from assistant.types import Document, Section

FEWEST_PRINCIPLES = 2
"""Headings right below one of a pillar's name, from which they are taken for its principles."""
SAME_NAME = 0.6
"""Share of the content words of the shorter of two names that the other has as well, when both name one principle."""

TIE = 0.5
"""Weight of the longer name's share: of two names that lie within another, the one that says more of it is meant."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a source and the headings that lead there."""

    source: str
    path: Path


@dataclass(frozen=True, slots=True)
class Principle:
    """A leading principle: how it is called, our own question about it, and the section about it if the library has one."""

    name: str
    question: str = ""
    place: Place | None = None
    search: str = ""
    """The question by which it is looked up where the library has no section about it; "" for the general one."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A pillar with (some of) its principles, or, without principles, something in the adviser's own words."""

    name: str
    principles: tuple[Principle, ...] = ()
    place: Place | None = None
    tools: tuple[str, ...] = ()
    """Questions by which its tools are looked up."""


@dataclass(frozen=True, slots=True)
class Pillar:
    """A pillar of `data/brief.toml`: `headings` by which a library names it, `also` what else it is called."""

    theme: Theme
    headings: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefRules:
    """`data/brief.toml`, compiled. `search`, `tools`, `asks` and `care` are the questions by which lines are looked up."""

    search: str
    tools: str
    asks: str
    care: str
    patterns: Mapping[str, re.Pattern[str]]
    words: Mapping[str, str]
    pillars: tuple[Pillar, ...]


@cache
def rules() -> BriefRules:
    """The rules and template lines of a brief."""
    data = tomllib.loads((files("assistant") / "data" / "brief.toml").read_text("utf-8"))
    names = (
        "example_heading", "example_label", "school_name", "inviting", "not_for_schools", "for_others", "leans",
        "tool", "vulnerable", "young",
    )  # fmt: skip
    return BriefRules(
        data["search"],
        data["tools"],
        data["asks"],
        data["care"],
        {name: re.compile(data[name], re.IGNORECASE if name == "example_label" else 0) for name in names},
        data["words"],
        tuple(_pillar(pillar) for pillar in data["pillar"]),
    )


def pillars(documents: Mapping[str, Document]) -> tuple[Theme, ...]:
    """The pillars with their principles: those of the library's own headings where it has them, else those of the rules."""
    return tuple(_found(pillar, documents.values()) for pillar in rules().pillars)


def theme_named(name: str, documents: Mapping[str, Document]) -> Theme | None:
    """The pillar that is called so, or the pillar with the one principle that is; None for anything else."""
    asked = _plain(name)
    for pillar, theme in zip(rules().pillars, pillars(documents), strict=True):
        if asked in {_plain(known) for known in (pillar.theme.name, theme.name, *pillar.headings, *pillar.also)}:
            return theme
    for pillar, theme in zip(rules().pillars, pillars(documents), strict=True):
        for principle in (*theme.principles, *pillar.theme.principles):
            if asked == _plain(principle.name):
                same = [
                    own
                    for own in theme.principles
                    if own.name == principle.name or _in_common(own.name, name) >= SAME_NAME
                ]
                return Theme(theme.name, tuple(same[:1]) or (principle,), theme.place)
    return None


def _pillar(data: Mapping[str, object]) -> Pillar:
    listed = data["principle"]
    assert isinstance(listed, list)
    principles = tuple(Principle(p["name"], p["question"], None, p["search"]) for p in listed)
    headings, also, tools = data["headings"], data["also"], data["tools"]
    assert isinstance(headings, list) and isinstance(also, list) and isinstance(tools, list)
    return Pillar(Theme(str(data["name"]), principles, None, tuple(tools)), tuple(headings), tuple(also))


def _found(pillar: Pillar, documents: Iterable[Document]) -> Theme:
    """The pillar by the document that has most headings below its name."""
    named = {_plain(heading) for heading in pillar.headings}
    best: list[Section] = []
    place: Place | None = None
    for document in documents:
        for section in document.sections:
            if section.path and _plain(section.path[-1]) in named:
                below = [s for s in document.sections if s.path[:-1] == section.path]
                if len(below) > max(len(best), FEWEST_PRINCIPLES - 1):
                    best, place = below, Place(document.source.id, section.path)
    if place is None:
        return pillar.theme
    names = dict.fromkeys(section.path for section in best)
    principles = tuple(_principle(Place(place.source, path), pillar.theme.principles) for path in names)
    return Theme(place.path[-1], principles, place, pillar.theme.tools)


def _principle(place: Place, known: Sequence[Principle]) -> Principle:
    name = place.path[-1].rstrip(".:; ")
    alike = [principle for principle in known if _in_common(principle.name, name) >= SAME_NAME]
    nearest = max(alike, key=lambda principle: _in_common(principle.name, name), default=None)
    return Principle(name, nearest.question if nearest else "", place)


def _in_common(one: str, other: str) -> float:
    """How much of two names is the same: of the shorter one's words, and a little of the longer one's."""
    a, b = ({dutch.keys(word)[-1] for word in dutch.content_words(name)} for name in (one, other))
    shorter, longer = sorted((len(a), len(b)))
    return len(a & b) * (1 / shorter + TIE / longer) / (1 + TIE) if shorter else 0.0


def _plain(name: str) -> str:
    return " ".join(dutch.words(name))
