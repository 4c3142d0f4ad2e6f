"""Which word of the evidence each word of a claim stands on, and which clauses each of its clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.support.clauses import DENIES, Reading, Token
from assistant.support.opposites import SAME, Sense, denial, opposites

PARTLY = 0.4  # a compound of which the evidence has some parts only
COMPOUND = 0.9  # a compound of which it has all parts, apart
NEARLY = 0.8  # of the best match: enough to prefer the clause that fits best
MATCHED = 0.6  # from here a word counts as contained


@dataclass(frozen=True, slots=True)
class Match:
    """The place of a claim's word in the evidence, how well it fits, and whether it says the opposite there."""

    at: int
    strength: float
    opposite: bool = False
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """A claim laid on a stretch of evidence.

    `matches`: per place of a claim's content word where it stands; `clauses`: per claim clause those of the evidence
    that its words stand in, the one with most of them first.
    """

    claim: Reading
    evidence: Reading
    matches: Mapping[int, Match]
    clauses: tuple[tuple[int, ...], ...]

    @property
    def containment(self) -> float:
        """The share of the claim's content words that stand in the evidence, rare ones weighing more; 0..1."""
        weak = opposites().weak
        counted = [token for token in self.claim.content if token.word not in weak or self.holds(token.at)]
        total = sum(token.weight for token in counted)
        held = sum(t.weight * self.matches[t.at].strength for t in counted if t.at in self.matches)
        return held / total if total else 0.0

    @property
    def missing(self) -> tuple[Token, ...]:
        """The content words of the claim that do not stand in the evidence, those that say little left out."""
        weak = opposites().weak
        return tuple(t for t in self.claim.content if not self.holds(t.at) and t.word not in weak)

    @property
    def word_for_word(self) -> bool:
        """Whether every content word of the claim stands in the evidence as itself, not in another word for it."""
        return all(t.at in self.matches and self.matches[t.at].strength == 1.0 for t in self.claim.content)

    def holds(self, at: int) -> bool:
        """Whether the claim's word at this place stands in the evidence, or its opposite does."""
        return at in self.matches and self.matches[at].strength >= MATCHED

    def place(self, at: int) -> int | None:
        """Where the claim's word at this place stands in the evidence, None when it does not."""
        return self.matches[at].at if self.holds(at) else None


def align(claim: Reading, evidence: Reading, names: Mapping[int, tuple[Sense, ...]]) -> Alignment:
    """Lay the claim on the evidence. `names`: per place of a claim's word other names that it may be found under."""
    options = {token.at: tuple(_options(token, evidence, names.get(token.at, ()))) for token in claim.content}
    fits: list[dict[int, float]] = [{} for _ in claim.clauses]
    for token in claim.content:
        best: dict[int, float] = {}
        for match in options[token.at]:
            clause = evidence.tokens[match.at].clause
            best[clause] = max(best.get(clause, 0.0), match.strength * token.weight)
        for clause, strength in best.items():
            fits[token.clause][clause] = fits[token.clause].get(clause, 0.0) + strength
    matches: dict[int, Match] = {}
    used: list[dict[int, float]] = [{} for _ in claim.clauses]
    taken = _taken(claim, options)
    for token in claim.content:
        free = tuple(m for m in options[token.at] if taken.get(m.at, token.at) == token.at)
        chosen = _chosen(token, claim, free, evidence, fits[token.clause])
        if chosen is not None:
            matches[token.at] = chosen
            clause = evidence.tokens[chosen.at].clause
            used[token.clause][clause] = used[token.clause].get(clause, 0.0) + chosen.strength * token.weight
    order = tuple(tuple(clause for clause, _ in sorted(u.items(), key=lambda item: (-item[1], item[0]))) for u in used)
    return Alignment(claim, evidence, matches, order)


def bound(claim: Reading, evidence: Reading, names: Mapping[int, tuple[Sense, ...]]) -> float:
    """A containment that `align` cannot exceed, found by looking up keys alone; 0..1."""
    total = held = 0.0
    weak = opposites().weak
    for token in claim.content:
        if not evidence.index.keys().isdisjoint(_lookups(token.word, token.keys, token.parts)) or any(
            sense.key in evidence.index for sense in names.get(token.at, ())
        ):
            held += token.weight
            total += token.weight
        elif token.word not in weak:
            total += token.weight
    return held / total if total else 1.0


@lru_cache(maxsize=50_000)
def _lookups(word: str, keys: tuple[str, ...], parts: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    """Every key that a word may be found under."""
    senses = opposites().senses
    found = {*keys, *denial(word), *(key for part in parts for key in part)}
    found |= {DENIES + key for key in (*keys, *denial(word))}
    return frozenset(found | {sense.key for key in keys for sense in senses.get(key, ())})


def _taken(claim: Reading, options: Mapping[int, tuple[Match, ...]]) -> dict[int, int]:
    """Places of the evidence that one word of the claim has to itself: those of a word with an opposite.

    "Meer beweging, meer onrust" does not stand twice on the one "meer" of "meer beweging, minder onrust".
    """
    senses = opposites().senses
    taken: dict[int, int] = {}
    for token in claim.content:
        if any(sense.opposite for key in token.keys for sense in senses.get(key, ())):
            same = [m.at for m in options[token.at] if m.strength == 1.0 and m.at not in taken]
            if same:
                taken[same[0]] = token.at
    return taken


def _options(token: Token, evidence: Reading, names: tuple[Sense, ...]) -> Iterator[Match]:
    """Every place where the word may stand, in the evidence's own words, in others', or as its opposite."""
    senses = opposites().senses
    for key in token.keys:
        for at, strength in evidence.index.get(key, ()):
            yield Match(at, strength)
        for at, strength in evidence.index.get(DENIES + key, ()):
            yield Match(at, strength * SAME, opposite=True, complete=True)
        for sense in senses.get(key, ()):
            yield from _by_sense(sense, evidence)
    for sense in names:
        yield from _by_sense(sense, evidence)
    for key in denial(token.word):
        for at, strength in evidence.index.get(DENIES + key, ()):
            yield Match(at, strength * SAME)
        for at, strength in evidence.index.get(key, ()):
            yield Match(at, strength * SAME, opposite=True, complete=True)
    yield from _by_parts(token, evidence)


def _by_sense(sense: Sense, evidence: Reading) -> Iterator[Match]:
    for at, strength in evidence.index.get(sense.key, ()):
        if strength == 1.0:
            yield Match(at, sense.weight, sense.opposite, sense.complete)


def _by_parts(token: Token, evidence: Reading) -> Iterator[Match]:
    found = [[place for key in part for place in evidence.index.get(key, ())] for part in token.parts]
    held = [max(places, key=lambda place: place[1]) for places in found if places]
    if held:
        strength = COMPOUND * min(s for _, s in held) if len(held) == len(found) else PARTLY
        yield Match(held[-1][0], strength)


def _chosen(
    token: Token, claim: Reading, options: tuple[Match, ...], evidence: Reading, fit: Mapping[int, float]
) -> Match | None:
    """The best place: the word itself before its opposite, nearly equal ones by clause and by the words before them."""
    if not options:
        return None
    plain = [match for match in options if not match.opposite and match.strength >= MATCHED]
    among = plain or options
    top = max(match.strength for match in among)
    near = [match for match in among if match.strength >= NEARLY * top]
    if len(near) == 1:
        return near[0]
    before = [t.word for t in claim.tokens[max(0, token.at - 2) : token.at]]

    comparative = opposites().comparative

    def rank(match: Match) -> tuple[bool, float, float, int, int]:
        degree = (evidence.tokens[match.at].word in comparative) == (token.word in comparative)
        there = [t.word for t in evidence.tokens[max(0, match.at - 2) : match.at]]
        same = 2 * (before[-1:] == there[-1:]) + (before == there)
        return degree, fit[evidence.tokens[match.at].clause], match.strength, same, -match.at

    return max(near, key=rank)
