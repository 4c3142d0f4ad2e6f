"""The word lists by which names of people are found, read from `data/` once and folded: no accents, no capitals."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

# A word of a text: letters with apostrophes inside, and the particle "'t".
WORD = re.compile(r"['\u2019]t(?!\w)|[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_PLAIN_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class NameLists:
    """The word lists of `data/`, folded. `strict`: months and the like, which a capital alone does not make a name."""

    sure: frozenset[str]
    doubtful: frozenset[str]
    strict: frozenset[str]
    surnames: frozenset[tuple[str, ...]]
    person: frozenset[str]
    title: frozenset[str]
    called: frozenset[str]
    verbs: frozenset[str]
    particles: frozenset[str]
    not_names: frozenset[str]
    endings: tuple[str, ...]
    before: frozenset[str]
    exempt: frozenset[tuple[str, ...]]
    author_before: re.Pattern[str]


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """Lower case without accents, also of Turkish and Polish letters that Unicode does not take apart."""
    marks = unicodedata.normalize("NFKD", word.casefold().translate(_PLAIN_LETTERS))
    return "".join(mark for mark in marks if not unicodedata.combining(mark))


@lru_cache(maxsize=64)
def folded_phrases(phrases: frozenset[str]) -> frozenset[tuple[str, ...]]:
    """Phrases as tuples of folded words, "X & Y" in both orders."""
    out: set[tuple[str, ...]] = set()
    for phrase in phrases:
        words = tuple(fold(word) for word in WORD.findall(phrase))
        words = tuple(word for word in words if word not in {"en", "and"})
        out.add(words)
        if "&" in phrase:
            out.add(words[::-1])
    return frozenset(out - {()})


def _lines(name: str) -> list[str]:
    """The lines of a data file, comments left out."""
    text = (files("assistant") / "data" / name).read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


@cache
def name_lists() -> NameLists:
    """The lists, read once."""
    context: dict[str, str] = tomllib.loads((files("assistant") / "data" / "name_context.toml").read_text("utf-8"))
    words = [word for line in _lines("given_names_words_nl.txt") for word in line.split()]
    surnames = (name for line in _lines("surnames_nl.txt") for name in line.split(","))
    return NameLists(
        sure=_folded(word for line in _lines("given_names_nl.txt") for word in line.split()),
        doubtful=_folded(word.rstrip("*") for word in words),
        strict=_folded(word.rstrip("*") for word in words if word.endswith("*")),
        surnames=frozenset(tuple(fold(part) for part in name.split()) for name in surnames if name.strip()),
        person=_folded(context["person"].split()),
        title=_folded(context["title"].split()),
        called=_folded(context["called"].split()),
        verbs=_folded(context["verbs"].split()),
        particles=_folded(context["particles"].split()),
        not_names=_folded(context["not_names"].split()),
        endings=tuple(context["institute_endings"].split()),
        before=_folded(context["institute_before"].split()),
        author_before=re.compile(context["author_before"]),
        exempt=folded_phrases(frozenset(_lines("not_names.txt"))),
    )
