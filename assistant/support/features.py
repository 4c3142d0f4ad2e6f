"""What tells a claim in other words from one that says more: figures of its alignment with a stretch of evidence.

Which words are missing and what kind they are, whether the evidence has another word in their place, what differs
besides, and how close the wording is: a difference within the same words is another statement, one among other words is
often another way to say it.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence

import numpy as np

from assistant.support.alignment import Alignment
from assistant.support.clauses import Token
from assistant.support.faults import Fault
from assistant.support.opposites import opposites
from assistant.support.polarity import negative

MISSING_WEIGHT = 15.0  # at most; more words more missing says no more
NOUN_WEIGHT = 12.0
COMMON = 2.3  # weight below which a word is a common one
SLOT = 5  # words from a neighbour's place in which the evidence may have another word for a missing one
JUMP = 8  # words between the places of two neighbours of the claim: no longer one statement
SAME_START = 5  # letters in common that make two words related
BEHIND = 2  # words before a noun in which its article or preposition stands

NAMES = (
    "containment", "other_words", "missing", "missing_common", "missing_nouns", "missing_clauses", "missing_added",
    "missing_related", "missing_behind", "missing_share", "missing_heaviest", "missing_in_a_row", "held", "length",
    "left_over", "jumps", "first_held", "last_held", "clauses", "close", "close_missing", "binding",
    "close_binding", "modality", "close_modality", "quantity", "close_quantity", "condition", "close_condition",
    "subject", "close_subject", "polarity", "denied_more", "close_denied_more", "denied_less", "close_denied_less",
    "may_lost", "may_lost_somewhere", "must_added", "may_added", "all_added", "many_from_some", "some_lost",
    "passed_over", "sentences_over", "fused", "only_adds", "close_only_adds",
)  # fmt: skip


def features(a: Alignment, found: Container[Fault]) -> np.ndarray:
    """The figures of an alignment with these faults, in the order of NAMES."""
    close = _close(a)
    missing = _missing(a)
    differs = [float(fault in found) for fault in _SOFT]
    used = {n for places in a.clauses for n in places}
    denied = float(len(set(negative(a.claim)) - {token.word for token in a.evidence.tokens}))
    lost = float(len(set(negative(a.evidence, used)) - {token.word for token in a.claim.tokens}))
    rows = [*missing, *_held(a), close, close * missing[2]]
    rows += [figure for differ in differs for figure in (differ, close * differ)]
    rows += [
        float(Fault.POLARITY in found),
        denied,
        close * denied,
        lost,
        close * lost,
        *_modality(a),
        *_quantity(a),
        _passed_over(a),
    ]
    added = float(_only_adds(a))
    rows += [*_sentences(a), added, close * added]
    return np.array(rows)


_SOFT = (Fault.BINDING, Fault.MODALITY, Fault.QUANTITY, Fault.CONDITION, Fault.SUBJECT)


def _missing(a: Alignment) -> list[float]:
    """What is missing, and what it is like."""
    missing, content = a.missing, a.claim.content
    placed = {match.at for at, match in a.matches.items() if a.holds(at)}
    free = [token.at for token in a.evidence.content if token.at not in placed]
    last = max((token.at for token in content if a.holds(token.at)), default=-1)
    told = {token.clause for token in content if a.holds(token.at)}
    nouns = [token.weight for token in missing if _behind_article(a, token)]
    weights = [token.weight for token in missing]
    return [
        a.containment,
        sum(1 - a.matches[token.at].strength for token in content if a.holds(token.at)),
        min(sum(weights), MISSING_WEIGHT),
        float(sum(weight < COMMON for weight in weights)),
        min(sum(nouns), NOUN_WEIGHT),
        float(sum(token.clause not in told for token in missing)),
        float(sum(not _has_slot(a, token, free) for token in missing)),
        float(sum(_has_relative(a, token) for token in missing)),
        float(sum(token.at > last for token in missing)),
        len(missing) / len(content),
        max(weights, default=0.0),
        float(min(4, max(_runs(a), default=0))),
    ]


def _held(a: Alignment) -> Iterator[float]:
    """What is held, and where."""
    content = a.claim.content
    placed = [a.matches[token.at].at for token in content if a.holds(token.at)]
    used = {a.evidence.tokens[place].clause for place in placed}
    places = set(placed)
    left = sum(token.at not in places and token.clause in used for token in a.evidence.content)
    far = sum(abs(after - before) > JUMP for before, after in zip(placed, placed[1:], strict=False))
    yield math.log1p(len(placed))
    yield math.log1p(len(content))
    yield math.log1p(left)
    yield far / max(1, len(placed) - 1)
    yield float(a.holds(content[0].at))
    yield float(a.holds(content[-1].at))
    yield float(len(used))


def _close(a: Alignment) -> float:
    """The share of the claim's pairs of neighbouring words that are neighbours in the evidence."""
    theirs = {(one.word, other.word) for one, other in zip(a.evidence.tokens, a.evidence.tokens[1:], strict=False)}
    pairs = [(one.word, other.word) for one, other in zip(a.claim.tokens, a.claim.tokens[1:], strict=False)]
    return sum(pair in theirs for pair in pairs) / max(1, len(pairs))


def _modality(a: Alignment) -> Iterator[float]:
    tables = opposites()
    used = {n for places in a.clauses for n in places}
    mine = frozenset[str]().union(*(clause.modality for clause in a.claim.clauses))
    theirs = frozenset[str]().union(*(a.evidence.clauses[n].modality for n in used))
    main = a.evidence.clauses[a.clauses[0][0]].modality if a.clauses and a.clauses[0] else frozenset[str]()
    words = {token.word for token in a.evidence.tokens}
    purpose = any(token.word == tables.purpose for token in a.claim.tokens)
    yield float("can" in main and not mine & {"can", "may", "want"} and not purpose)
    yield float("can" in theirs and not mine & {"can", "may"} and not purpose)
    yield float("must" in mine and "must" not in theirs and words.isdisjoint(tables.alike["must"]))
    yield float("may" in mine and not theirs & {"may", "can"})


def _quantity(a: Alignment) -> Iterator[float]:
    used = {n for places in a.clauses for n in places}
    mine = frozenset[str]().union(*(clause.quantities for clause in a.claim.clauses))
    theirs = frozenset[str]().union(*(a.evidence.clauses[n].quantities for n in used))
    many = frozenset({"many", "most", "all"})
    yield float("all" in mine and "all" not in theirs)
    yield float(bool(mine & many) and "some" in theirs and not theirs & many)
    can = any("can" in clause.modality for clause in a.claim.clauses)
    yield float("some" in theirs and not mine and not can)


def _passed_over(a: Alignment) -> float:
    """Whether a word stands on another one though the evidence has the word itself in another clause."""
    homes: dict[str, set[int]] = {}
    for token in a.evidence.content:
        homes.setdefault(token.word, set()).add(token.clause)
    for token in a.claim.content:
        place = a.place(token.at)
        if place is None or a.evidence.tokens[place].word == token.word:
            continue
        if homes.get(token.word, set()) - {a.evidence.tokens[place].clause}:
            return 1.0
    return 0.0


def _sentences(a: Alignment) -> list[float]:
    """How many sentences more than the claim has clauses it stands on, and whether one clause stands on two."""
    home = [clause.sentence for clause in a.evidence.clauses]
    used = {home[n] for places in a.clauses for n in places}
    fused = any(len({home[n] for n in places}) > 1 for places in a.clauses)
    refers = any(clause.refers for clause in a.evidence.clauses if clause.sentence)
    return [float(max(0, len(used) - len(a.claim.clauses))), float(fused and not refers)]


def _only_adds(a: Alignment) -> bool:
    """Whether a claim is the evidence's own words and more, none of it in the place of other words."""
    content, missing = a.claim.content, a.missing
    placed = {match.at for at, match in a.matches.items() if a.holds(at)}
    free = [token.at for token in a.evidence.content if token.at not in placed]
    if not missing or any(a.holds(token.at) and a.matches[token.at].strength < 1.0 for token in content):
        return False
    return not any(_has_slot(a, token, free) or _has_relative(a, token) for token in missing)


def _behind_article(a: Alignment, token: Token) -> bool:
    before = {other.word for other in a.claim.tokens[max(0, token.at - BEHIND) : token.at]}
    return not before.isdisjoint(opposites().determiners | opposites().prepositions)


def _has_slot(a: Alignment, token: Token, free: Sequence[int]) -> bool:
    """Whether a word of the evidence that nothing stands on is near the places of the words beside a missing one."""
    before = [other.at for other in a.claim.content if other.at < token.at and a.holds(other.at)][-1:]
    after = [other.at for other in a.claim.content if other.at > token.at and a.holds(other.at)][:1]
    places = [a.matches[at].at for at in (*before, *after)]
    return any(abs(at - place) <= SLOT for at in free for place in places)


def _has_relative(a: Alignment, token: Token) -> bool:
    """Whether the evidence has a word that begins the same or is part of it ("geldproblemen", "geld")."""
    word = token.word
    for other in (token.word for token in a.evidence.content):
        if word[:SAME_START] == other[:SAME_START] and len(word) >= SAME_START:
            return True
        if min(len(word), len(other)) >= SAME_START and (word in other or other in word):
            return True
    return False


def _runs(a: Alignment) -> Iterator[int]:
    """How many words in a row are missing, up to each word."""
    run = 0
    for token in a.claim.content:
        run = 0 if a.holds(token.at) else run + 1
        yield run
