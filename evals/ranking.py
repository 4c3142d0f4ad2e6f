"""How well a retriever ranks: pure functions over ranked passages and the places that a case names.

A value of None means "not measured": the case gives nothing to measure it by. It is counted as such, never averaged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evals.cases import Fact
from evals.wordings.matching import contains


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage as a retriever ranked it: `text` is `[start, end)` of the source's stored text."""

    source: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case's quotation stands: `[start, end)` of the source's stored text."""

    source: str
    start: int
    end: int


def facts_within(facts: Sequence[Fact], ranked: Sequence[Ranked], limit: int) -> float | None:
    """1 when each fact has an accepted wording within the first `limit` characters of the ranked passages, else 0.

    Passages are laid end to end and the one at the limit is cut there, so retrievers with passages of any size are
    compared at equal numbers of characters; a wording has to stand within one passage. None without facts.
    """
    if not facts:
        return None
    pieces: list[str] = []
    left = limit
    for passage in ranked:
        if left <= 0:
            break
        pieces.append(passage.text[:left])
        left -= len(passage.text)
    return float(all(stated(fact, pieces) for fact in facts))


def first_ranks(places: Sequence[Place], ranked: Sequence[Ranked]) -> list[int | None]:
    """Per place the rank (from 1) of the first passage that holds at least half of it, None where none does."""
    return [
        next((rank for rank, passage in enumerate(ranked, 1) if 2 * _overlap(place, passage) >= length), None)
        for place in places
        for length in [place.end - place.start]
    ]


def recall_at(k: int, places: Sequence[Place], ranked: Sequence[Ranked]) -> float | None:
    """Share of the expected places found within the first k passages (recall@k). None without places."""
    if not places:
        return None
    return sum(rank is not None and rank <= k for rank in first_ranks(places, ranked)) / len(places)


def reciprocal_rank(places: Sequence[Place], ranked: Sequence[Ranked]) -> float | None:
    """1 / rank of the first passage that holds an expected place, 0 when none does (MRR is its mean; Voorhees 1999)."""
    if not places:
        return None
    ranks = [rank for rank in first_ranks(places, ranked) if rank is not None]
    return 1 / min(ranks) if ranks else 0.0


def ndcg_at(k: int, places: Sequence[Place], ranked: Sequence[Ranked]) -> float | None:
    """nDCG@k (Järvelin & Kekäläinen 2002); each place gains 1 at the first passage that holds it, ideal: one per rank.

    A passage that holds several places can beat that ideal, so the value is capped at 1.
    """
    if not places:
        return None
    gains = [1 / math.log2(rank + 1) for rank in first_ranks(places, ranked) if rank is not None and rank <= k]
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(places), k) + 1))
    return min(1.0, sum(gains) / ideal)


def stated(fact: Fact, pieces: Sequence[str]) -> bool:
    """Whether one of the pieces of text says the fact in one of its accepted wordings."""
    return any(contains(piece, wording) for piece in pieces for wording in fact.any_of)


def _overlap(place: Place, passage: Ranked) -> int:
    if place.source != passage.source:
        return 0
    return max(0, min(place.end, passage.end) - max(place.start, passage.start))
