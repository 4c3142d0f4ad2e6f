"""How far a claim is supported by its evidence: containment of its words, and what may not differ.

A claim may say less than its evidence, never more: each of its content words, figures and names stands there, with the
same negation, quantity and modality, and its words are bound to each other as there. Direction matters: the claim is
contained in the evidence, not the other way round (textual entailment; Dagan, Glickman & Magnini 2006).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.support.alignment import Alignment, align, bound
from assistant.support.clauses import Reading, read
from assistant.support.faults import Fault, faults
from assistant.support.opposites import Sense
from assistant.support.spelled import sentences
from assistant.thesaurus import OTHER_NAME, Thesaurus, expansions

# From here a claim counts as supported. Chosen for precision, on the TRAIN part of SICK-NL and the dev half of
# evals/benchmarks/support_pairs.tsv (November 2026, `python -m evals.benchmarks.entailment PATH --train`): at 0.9
# precision is 0.907 and 1.000, recall 0.360 and 0.886; at 0.85 precision 0.892 and 0.975 for one point of recall more on
# the first and none on the second; at 0.8, where claims with one unknown word come in, 0.774 and 0.837.
SUPPORTED = 0.9
FAULTY = 0.5  # share of the score that is left with a fault other than a missing word
INCOMPLETE = 0.8  # at most, with a missing word: below SUPPORTED whatever the encoder says
LIGHT = 1.3  # a missing word lighter than this (Zipf above 5.7) caps nothing; 1.0 to 3.0 tried on the same pairs
# The model that comes with the project reads English: its cosine tells supported pairs from others no better than chance
# (area under the curve 0.43 on the dev half, 0.67 on the first 2,000 TRAIN pairs; the score alone 0.95 and 0.84), and
# each of the weights 0.05 to 0.5 lowered the area. It may break a tie and no more.
ENCODER_WEIGHT = 0.05


class Encodes(Protocol):
    """An embedding model: `assistant.embedding.Encoder` is one."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts, shape (len(texts), dim), unit length."""


@dataclass(frozen=True, slots=True)
class Support:
    """How far the evidence supports a claim: `score` 0..1, why it was capped, and the claim's words that are not there."""

    score: float
    faults: tuple[Fault, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether the score reaches SUPPORTED."""
        return self.score >= SUPPORTED


def support(
    claim: str, evidence: Sequence[str], encoder: Encodes | None = None, thesaurus: Thesaurus | None = None
) -> Support:
    """Score a claim against its evidence: sentences or passages, in the order in which they are cited.

    The claim has to be contained in one sentence of the evidence, or in two in a row; the best of these counts. A fault
    (see `assistant.faults`) keeps it below SUPPORTED. With an encoder a share ENCODER_WEIGHT of the score is the cosine of
    the claim with the sentence nearest to it, which lifts no claim with a fault over the threshold. With a thesaurus its
    other names count as contained, for less. Deterministic; a claim without content or without evidence scores 0.
    """
    told = read(" ".join(claim.split()))
    pieces = [sentence for text in evidence for sentence in sentences(" ".join(text.split()))]
    if not told.content or not pieces:
        return Support(0.0)
    names = _names(told, thesaurus)
    stretches = [*pieces, *(f"{one} {two}" for one, two in zip(pieces, pieces[1:], strict=False))]
    best = _best(told, [read(stretch) for stretch in stretches], names)
    if encoder is None:
        return best
    vectors = encoder.encode([claim, *pieces])
    nearest = max(0.0, float((vectors[1:] @ vectors[0]).max()))
    score = (1 - ENCODER_WEIGHT) * best.score + ENCODER_WEIGHT * nearest
    return Support(score, best.faults, best.missing)


def _best(claim: Reading, stretches: Sequence[Reading], names: Mapping[int, tuple[Sense, ...]]) -> Support:
    """The best of all stretches; one that cannot beat the best so far is not looked at."""
    bounds = [bound(claim, stretch, names) for stretch in stretches]
    best = Support(-1.0)
    for n in sorted(range(len(stretches)), key=lambda n: -bounds[n]):
        if bounds[n] <= best.score:
            break
        if claim.words == stretches[n].words:
            return Support(1.0)
        found = _judged(align(claim, stretches[n], names))
        best = max(best, found, key=lambda one: one.score)
    return best


def _judged(alignment: Alignment) -> Support:
    found = tuple(faults(alignment, LIGHT))
    return Support(_capped(alignment.containment, found), found, tuple(token.word for token in alignment.missing))


def _capped(score: float, found: tuple[Fault, ...]) -> float:
    if not found:
        return score
    return min(score, INCOMPLETE) if found == (Fault.MISSING,) else FAULTY * score


def _names(claim: Reading, thesaurus: Thesaurus | None) -> Mapping[int, tuple[Sense, ...]]:
    """Per place of a claim's word the single words that mean the same by the thesaurus."""
    if thesaurus is None:
        return {}
    found: dict[int, tuple[Sense, ...]] = {}
    words = [token.word for token in claim.tokens]
    for start, end, concept in thesaurus.find(words):
        forms, _ = expansions(concept, tuple(words[start:end]))
        senses = tuple(Sense(key, weight) for key, weight in forms if weight >= OTHER_NAME)
        for at in range(start, end):
            found[at] = (*found.get(at, ()), *senses)
    return found
