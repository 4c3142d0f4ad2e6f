"""English questions: how one is recognised, and what its words are called in Dutch (`data/english.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import simplemma
import wordfreq

from assistant import dutch

TERMS = Path(__file__).parent / "data" / "english.toml"
# Mean lead of English over Dutch Zipf frequency, per word at most MOST either way, from which a question is English:
# questions of evals/cases lie below -0.5 or above 1.
IS_ENGLISH = 0.5
MOST = 3.0
ENGLISH_WORD = 1.0  # lead from which a single word in a Dutch question is read as English ("bullying", not "trainer")
_LOOSE = frozenset("a an the of to in at on for from with by and s".split())


@dataclass(frozen=True, slots=True)
class Name:
    """An English name in a question, from word `start` up to `end`, and its Dutch translations as folded words."""

    start: int
    end: int
    dutch: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """English names by their stems, each with its Dutch translations; `words` are all words of the names."""

    names: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
    words: frozenset[str]
    longest: int

    def find(self, words: Sequence[str]) -> list[Name]:
        """All names that occur, overlapping ones as well. In a Dutch question only words that are not Dutch count."""
        everywhere = is_english(words)
        at = [n for n, word in enumerate(words) if word not in _LOOSE]
        stems = [_stem(words[n]) for n in at]
        found: list[Name] = []
        for size in range(min(self.longest, len(stems)), 0, -1):
            for first in range(len(stems) - size + 1):
                translations = self.names.get(tuple(stems[first : first + size]))
                start, end = at[first], at[first + size - 1] + 1
                if translations and (everywhere or all(_is_only_english(w) for w in words[start:end])):
                    found.append(Name(start, end, translations))
        return found


@cache
def glossary() -> Glossary:
    """The project's own list, read once."""
    return _read(TERMS)


def is_english(words: Sequence[str]) -> bool:
    """Whether the words of a question are English rather than Dutch, by how common each is in both."""
    leads = [_lead(word) for word in words if word.isalpha()]
    return bool(leads) and sum(leads) / len(leads) >= IS_ENGLISH


@lru_cache(maxsize=20_000)
def commonness(word: str) -> float:
    """How common a word is in English, as Zipf frequency; 0 below once per million words."""
    return float(wordfreq.zipf_frequency(word, "en", wordlist="small"))


def _lead(word: str) -> float:
    return max(-MOST, min(MOST, commonness(word) - dutch.commonness(word)))


def _is_only_english(word: str) -> bool:
    return not dutch.is_word(word) and commonness(word) - dutch.commonness(word) >= ENGLISH_WORD


def _read(path: Path) -> Glossary:
    table: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    words: set[str] = set()
    for name, translations in tomllib.loads(path.read_text(encoding="utf-8"))["names"].items():
        known = tuple(tuple(dutch.words(translation)) for translation in translations)
        for variant in _variants(name):
            key = tuple(_stem(word) for word in variant if word not in _LOOSE)
            table[key] = tuple(dict.fromkeys((*table.get(key, ()), *known)))
            words.update(variant)
    return Glossary(table, frozenset(words), max(map(len, table), default=0))


def _variants(name: str) -> set[tuple[str, ...]]:
    """A name as it is typed: "self-esteem" is "self esteem" and "selfesteem" as well."""
    return {tuple(dutch.words(name.replace("-", between))) for between in ("-", " ", "")}


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """The dictionary form: "pupils" is "pupil". Not the stem, in which "university" and "universal" are one."""
    return str(simplemma.lemmatize(word, "en")).lower()
