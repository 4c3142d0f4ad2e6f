"""Words that deny or lessen: what a claim and its evidence may both have, in other words."""

from __future__ import annotations

from collections.abc import Container

from assistant.support.alignment import Alignment
from assistant.support.clauses import Reading
from assistant.support.opposites import denial, opposites


def negative(reading: Reading, clauses: Container[int] | None = None) -> tuple[str, ...]:
    """The words that deny or lessen something, of these clauses or of all."""
    tables = opposites()
    lessen = tables.around | tables.forward | tables.whole | tables.lessening
    found: list[str] = []
    for token in reading.tokens:
        if clauses is not None and token.clause not in clauses:
            continue
        after = reading.tokens[token.at + 1].word if token.at + 1 < len(reading.tokens) else ""
        only = token.word in tables.around and after in tables.not_only
        if (
            (token.word in lessen and not only)
            or not tables.around.isdisjoint(token.word.split()[:-1])
            or denial(token.word)
        ):
            found.append(token.word)
    return tuple(found)


def reworded(a: Alignment) -> bool:
    """Whether the claim denies or lessens in a word that the evidence has not, and the other way round."""
    used = {n for places in a.clauses for n in places}
    mine, theirs = {token.word for token in a.claim.tokens}, {token.word for token in a.evidence.tokens}
    return bool(set(negative(a.claim)) - theirs) and bool(set(negative(a.evidence, used)) - mine)


def only_lost(a: Alignment) -> bool:
    """Whether "niet alleen" became "alleen"."""
    return (True in _only(a.claim)) and _only(a.evidence) == {False}


def _only(reading: Reading) -> set[bool]:
    """Whether a reading says "alleen" (True), "niet alleen" (False), or both."""
    tables = opposites()
    pairs = zip(("", *(token.word for token in reading.tokens)), reading.tokens, strict=False)
    return {before not in tables.around for before, token in pairs if token.word in tables.not_only}
