"""Concepts and their other names, read from `corpus/thesaurus.toml`, which editors keep."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant import dutch, english
from assistant.errors import ManifestError
from assistant.types import Forms

TRANSLATION = 1.0  # the word itself, as Dutch sources say it
OTHER_NAME = 0.8
RELATED = 0.4
COMMON = 4.5  # Zipf frequency of a word that says little by itself ("school"); 4.0 and 5.0 find the same facts
# Words that may stand or change within a name: "lekker in je vel" is "lekker in zijn vel", "ouders betrekken" is
# "ouders te betrekken".
_LOOSE = frozenset("te de het een om er in aan op je jouw mijn mn zijn zn haar hun ons onze uw jullie".split())


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea: `names` mean the same (the first is preferred), `related` are near it. All folded words.

    `weight` is what another name counts beside the one that was used.
    """

    names: tuple[tuple[str, ...], ...]
    related: tuple[tuple[str, ...], ...]
    weight: float = OTHER_NAME


@dataclass(frozen=True)
class Thesaurus:
    """All concepts, found by the words of a question."""

    concepts: tuple[Concept, ...]

    @classmethod
    def load(cls, path: Path) -> Thesaurus:
        """Read the file; a missing file is an empty thesaurus. Raises ManifestError when it is not valid."""
        if not path.exists():
            return cls(())
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8")).get("concept", [])
            return cls(tuple(_concept(entry) for entry in entries))
        except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
            raise ManifestError(f"{path.name}: {error}", file=path.name, entry=str(error)) from error

    def find(self, words: Sequence[str]) -> list[tuple[int, int, Concept]]:
        """Names that occur in a question as (start, end, concept), longest first and not overlapping.

        English names count as their translations, with what those are called besides.
        """
        named = [*self._named(words), *self._translated(words)]
        found: list[tuple[int, int, Concept]] = []
        for start, end, concept in sorted(named, key=lambda item: item[0] - item[1]):
            if not any(start < e and s < end and (s, e) != (start, end) for s, e, _ in found):
                found.append((start, end, concept))
        return sorted(dict.fromkeys(found), key=lambda item: item[0])

    def _named(self, words: Sequence[str]) -> list[tuple[int, int, Concept]]:
        """All names that occur, overlapping ones as well, longest first."""
        at = [n for n, word in enumerate(words) if word not in _LOOSE]
        stems = [_stem(words[n]) for n in at]
        return [
            (at[first], at[first + size - 1] + 1, concept)
            for size in range(min(self._longest, len(stems)), 0, -1)
            for first in range(len(stems) - size + 1)
            for concept in self._by_name.get(tuple(stems[first : first + size]), ())
        ]

    def _translated(self, words: Sequence[str]) -> list[tuple[int, int, Concept]]:
        """The same for English names: each with its translations as one concept, and the concepts that these name."""
        found: list[tuple[int, int, Concept]] = []
        for name in english.glossary().find(words):
            spoken = Concept((tuple(words[name.start : name.end]), *name.dutch), (), TRANSLATION)
            own = [c for translation in name.dutch for c in self._by_name.get(_stems(translation), ())]
            found.extend((name.start, name.end, concept) for concept in (spoken, *own))
        return found

    @cached_property
    def _longest(self) -> int:
        return max((len(_stems(name)) for concept in self.concepts for name in concept.names), default=0)

    @cached_property
    def _by_name(self) -> dict[tuple[str, ...], tuple[Concept, ...]]:
        table: dict[tuple[str, ...], tuple[Concept, ...]] = {}
        for concept in self.concepts:
            for name in concept.names:
                stems = _stems(name)
                if concept not in table.get(stems, ()):
                    table[stems] = (*table.get(stems, ()), concept)
        return table


def expansions(concept: Concept, words: tuple[str, ...]) -> tuple[Forms, tuple[tuple[Forms, ...], ...]]:
    """What else says the same as `words`: single-word forms, and names of several words."""
    forms: dict[str, float] = {}
    phrases: list[tuple[Forms, ...]] = []
    for names, weight in ((concept.names, concept.weight), (concept.related, RELATED)):
        for name in names:
            whole = _whole(name)
            content = [w for w in whole if w not in dutch.STOPWORDS]
            if name == words or not content or _says_less(whole, content):
                continue
            if len(content) == 1:
                for key in dutch.keys(content[0]):
                    forms[key] = max(weight, forms.get(key, 0.0))
            else:
                phrases.append(tuple(tuple((key, weight) for key in dutch.keys(word)) for word in content))
    return tuple(forms.items()), tuple(phrases)


def _says_less(name: Sequence[str], content: Sequence[str]) -> bool:
    """Whether a name is lost without its small words: "niet naar school komen" is not "school", "in je vel" is "vel"."""
    return len(name) > 1 and len(content) == 1 and dutch.commonness(content[0]) >= COMMON


def _concept(entry: dict[str, object]) -> Concept:
    names = [entry["preferred"], *_strings(entry, "other")]
    return Concept(
        tuple(tuple(dutch.words(str(name))) for name in names),
        tuple(tuple(dutch.words(name)) for name in _strings(entry, "related")),
    )


def _whole(name: tuple[str, ...]) -> list[str]:
    """The words of a name, a hyphenated one only by its parts (`dutch.words` gives both)."""
    return [w for at, w in enumerate(name) if w != "".join(name[at + 1 : at + 3])]


def _strings(entry: dict[str, object], name: str) -> list[str]:
    values = entry.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{entry.get('preferred')}: {name} must be a list of strings")
    return values


def _stems(name: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_stem(word) for word in name if word not in _LOOSE)


def _stem(word: str) -> str:
    return dutch.keys(word)[-1]
