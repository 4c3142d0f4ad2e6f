"""Which words turn a claim over: negation, opposites, quantity, modality and numbers, from `data/opposites.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from assistant import dutch

SAME = 0.9  # another word for the same, or the same side of an opposite
NEAR = 0.75  # a word of `near_words.toml`: what someone who tells the same in other words may say
COMPLEMENT = "on"  # prefix of denial ("onveilig")
WITHOUT = ("loos", "loze")  # endings of denial ("kansloos")
GAP = "~"


@dataclass(frozen=True, slots=True)
class Sense:
    """A word that stands for, or against, another: its key, how much it counts, and whether it says the opposite.

    `complete`: between the two there is nothing ("aanwezig", "afwezig"), so the denial of one is the other.
    """

    key: str
    weight: float
    opposite: bool = False
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Opposites:
    """The tables of the file, by key (a stem, or a phrase in full)."""

    forward: frozenset[str]
    around: frozenset[str]
    whole: frozenset[str]
    not_only: frozenset[str]
    quantifiers: Mapping[tuple[str, ...], str]
    each_of: frozenset[str]
    modality: Mapping[str, str]
    covers: Mapping[str, frozenset[str]]
    numbers: Mapping[str, str]
    number_equals: Mapping[str, str]
    clause: frozenset[str]
    join: frozenset[str]
    passive: frozenset[str]
    binding: frozenset[str]
    by: str
    infinitive: str
    purpose: str
    exists: frozenset[tuple[str, ...]]
    condition: frozenset[str]
    whoever: str
    relative: frozenset[str]
    prepositions: frozenset[str]
    comparative: frozenset[str]
    determiners: frozenset[str]
    adjective: str
    reported: frozenset[str]
    done: frozenset[str]
    anaphora: frozenset[str]
    facing: frozenset[tuple[str, str]]
    parts: frozenset[str]
    bounds: frozenset[str]
    exact: frozenset[int]
    sector: int
    lessening: frozenset[str]
    forgotten: frozenset[str]
    needless: frozenset[str]
    alike: Mapping[str, frozenset[str]]
    little: frozenset[str]
    whether: str
    example: str
    forms: tuple[str, ...]
    ease: frozenset[str]
    back: frozenset[tuple[str, ...]]
    senses: Mapping[str, tuple[Sense, ...]]
    contrast: Mapping[str, tuple[int, int]]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    aliases: Mapping[str, str]
    listed: frozenset[str]
    light: frozenset[str]
    weak: frozenset[str]


@cache
def opposites() -> Opposites:
    """Read the file, once per process."""
    data = tomllib.loads((files("assistant") / "data" / "opposites.toml").read_text("utf-8"))
    negation, grammar, modality = data["negation"], data["grammar"], data["modality"]
    groups = [*data["contrast"]["groups"], *data["contrast"]["exact"]]
    named = [name for entry in data["opposite"] for name in (*entry["a"], *entry["b"])]
    named += [name for group in data["same"]["groups"] for name in group]
    named += [name for group in groups for member in group for name in member]
    aliases: dict[str, str] = data["aliases"]
    contrast = {
        k: (g, m) for g, group in enumerate(groups) for m, member in enumerate(group) for w in member for k in _keys(w)
    }
    return Opposites(
        forward=frozenset(negation["forward"]),
        around=frozenset(negation["around"]),
        whole=frozenset(negation["whole"]),
        not_only=frozenset(negation["not_only"]),
        quantifiers={
            tuple(w.split()): level for level, names in data["quantifiers"].items() if level != "each_of" for w in names
        },
        each_of=frozenset(data["quantifiers"]["each_of"]),
        modality={w: kind for kind, names in modality.items() for w in names},
        covers={kind: frozenset(weaker) for kind, weaker in data["modality_covers"].items()},
        numbers=data["numbers"],
        number_equals=data["number_equals"],
        clause=frozenset(grammar["clause"]),
        join=frozenset(grammar["join"]),
        passive=frozenset(grammar["passive"]),
        binding=frozenset(grammar["binding"]),
        by=grammar["by"],
        infinitive=grammar["infinitive"],
        purpose=grammar["purpose"],
        exists=frozenset(tuple(phrase.split()) for phrase in grammar["exists"]),
        condition=frozenset(grammar["condition"]),
        whoever=grammar["whoever"],
        relative=frozenset(grammar["relative"]),
        prepositions=frozenset(grammar["prepositions"]),
        comparative=frozenset(grammar["comparative"]),
        determiners=frozenset(grammar["determiners"]),
        adjective=grammar["adjective"],
        reported=frozenset(grammar["reported"]),
        done=frozenset(grammar["done"]),
        anaphora=frozenset(grammar["anaphora"]),
        facing=frozenset(pair for a, b in grammar["facing"] for pair in ((a, b), (b, a))),
        parts=frozenset(grammar["parts"]),
        bounds=frozenset(grammar["bounds"]),
        little=frozenset(negation["little"]),
        exact=frozenset(range(len(data["contrast"]["groups"]), len(groups))),
        sector=len(data["contrast"]["groups"]),
        lessening=frozenset(negation["lessening"]),
        forgotten=frozenset(negation["forgotten"]),
        needless=frozenset(negation["needless"]),
        alike={kind: frozenset(names) for kind, names in data["modality_like"].items()},
        whether=grammar["whether"],
        example=grammar["example"],
        forms=tuple(grammar["forms"]),
        ease=frozenset(grammar["ease"]),
        back=frozenset(tuple(phrase.split()) for phrase in grammar["back"]),
        senses=_with_near(_senses(data["opposite"], data["same"]["groups"], groups), contrast),
        contrast=contrast,
        phrases=_phrases([*named, *aliases]),
        aliases=aliases,
        light=frozenset(data["light"]["words"]),
        weak=frozenset(data["weak"]["words"]),
        listed=frozenset(dutch.fold(name) for name in named),
    )


def key(name: str) -> str:
    """The key of a listed name: the stem of its dictionary form, or the phrase itself."""
    return name if " " in name else dutch.keys(dutch.fold(name))[-1]


@lru_cache(maxsize=50_000)
def denial(word: str) -> tuple[str, ...]:
    """Keys of the word that this one denies by its form ("onveilig": veilig, "kansloos": kans), () when it denies none."""
    bases = [word[len(COMPLEMENT) :]] if word.startswith(COMPLEMENT) else []
    bases += [word[: -len(ending)] for ending in WITHOUT if word.endswith(ending)]
    return tuple(k for base in bases if len(base) >= 4 and dutch.is_word(base) for k in dutch.keys(base))


def _senses(
    pairs: Iterable[Mapping[str, object]], same: Iterable[list[str]], groups: Iterable[list[list[str]]]
) -> dict[str, dict[str, Sense]]:
    table: dict[str, dict[str, Sense]] = {}
    alike = [[key(name) for name in group] for group in same]
    alike += [[key(name) for name in member] for group in groups for member in group]
    for pair in pairs:
        sides = [[key(str(name)) for name in _names(pair[side])] for side in ("a", "b")]
        alike += sides
        for one, other in (sides, sides[::-1]):
            for left in one:
                for right in other:
                    sense = Sense(right, SAME, opposite=True, complete=bool(pair.get("complete")))
                    table.setdefault(left, {}).setdefault(right, sense)
    for group in alike:
        for left in group:
            for right in group:
                if left != right:
                    table.setdefault(left, {})[right] = Sense(right, SAME)
    return table


def _with_near(
    table: dict[str, dict[str, Sense]], contrast: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[Sense, ...]]:
    """The senses with those of `near_words.toml`, which give way to a nearer one.

    "Jongeren" is near under its own stem alone, not under "jong", which "jongens" has too.
    """
    for group in tomllib.loads((files("assistant") / "data" / "near_words.toml").read_text("utf-8"))["groups"]:
        found = [frozenset(k for n, k in enumerate(_keys(name)) if not n or k not in contrast) for name in group]
        for left in found:
            near = sorted(frozenset[str]().union(*found) - left)
            for k in sorted(left):
                for other in near:
                    table.setdefault(k, {}).setdefault(other, Sense(other, NEAR))
    return {left: tuple(senses.values()) for left, senses in table.items()}


def _phrases(names: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Listed names of several words, by their first."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        parts = tuple(name.split())
        if len(parts) > 1 and parts not in table.get(parts[0], []):
            table.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(found, key=len, reverse=True)) for first, found in table.items()}


def _keys(name: str) -> tuple[str, ...]:
    """Every key of a listed name: "ouders" is found under "ouder", though that is also a form of "oud"."""
    return (name,) if " " in name else dutch.keys(dutch.fold(name))


def _names(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError("a side of an opposite is a list of words")
    return value
