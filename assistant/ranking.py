"""How likely a sentence helps the asker: a logistic regression over how the sentence was found and what it looks like.

Weights: `data/ranking.toml`, made by `python -m evals.training.ranking --write` from questions that were written for it, each
with the sentences that answer it. By ten-fold cross-validation over these 300 questions, with and without stored questions
(November 2026): the first sentence helps in 65 and 46 % (by `worth` alone 58 and 40 %), and with a floor of 0.15 an answer
shows 3.5 and 3.6 sentences instead of 4.5 and 5.7 and holds the best one in 80 and 66 % (77 and 70 %).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from assistant.types import SECTORS, Evidence, Hit, Kind, Passage, Role, ScoredSentence

FILE = "ranking.toml"
CERTAIN = 1.5  # score of the sentence that answers a stored question that is the asker's own, word for word


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: what it is worth, and which share of the question it and its passage speak of.

    `form`: its factor for the form that was asked for; `leans`: whether it can't be read without the sentence before.
    """

    scored: ScoredSentence
    worth: float
    own: float
    around: float
    present: tuple[float, ...]
    form: float = 1.0
    leans: bool = False


def helpful(evidence: Evidence, candidates: Sequence[Candidate]) -> np.ndarray:
    """The probability that each candidate helps, shape (len(candidates),)."""
    if not candidates:
        return np.zeros(0)
    return _weights().chances(features(evidence, candidates))


def features(evidence: Evidence, candidates: Sequence[Candidate]) -> np.ndarray:
    """What is known of each candidate, in the order of NAMES; shape (len(candidates), len(NAMES))."""
    best = _Best.of(evidence, candidates)
    return np.array([_features(evidence, candidate, best) for candidate in candidates], dtype=np.float64)


NAMES = (
    *("worth", "own", "around", "score", "passage", "passage_lexical", "passage_dense"),
    *("cosine", "run", "asked", "cosine_below", "run_below", "asked_below", "own_below", "relative_worth"),
    *(
        "form",
        "item",
        "lead_in",
        "length",
        "first",
        "position",
        "hit",
        "question",
        "colon",
        "leans",
        "box",
        "list",
        "sector",
    ),
    *("has_asked", "any_asked", "has_asked_worth", "relative_worth_squared", "cosine_own"),
)


@dataclass(frozen=True, slots=True)
class _Best:
    """The best of each figure among all candidates."""

    passage: float
    lexical: float
    cosine: float
    run: float
    asked: float
    own: float
    worth: float

    @classmethod
    def of(cls, evidence: Evidence, candidates: Sequence[Candidate]) -> _Best:
        return cls(
            max((hit.score for hit in evidence.hits), default=0.0) or 1.0,
            max((hit.lexical for hit in evidence.hits), default=0.0) or 1.0,
            max(c.scored.cosine for c in candidates),
            max(c.scored.run for c in candidates),
            max(c.scored.asked for c in candidates),
            max(c.own for c in candidates),
            max(c.worth for c in candidates) or 1.0,
        )


def _features(evidence: Evidence, candidate: Candidate, best: _Best) -> tuple[float, ...]:
    hit = evidence.hits[candidate.scored.hit]
    relative = candidate.worth / best.worth
    has = float(candidate.scored.asked > 0)
    return (
        *_found(candidate, hit, best),
        relative,
        *_form(candidate, hit.passage, evidence.query.sector),
        *(has, float(best.asked > 0), has * relative, relative**2, candidate.scored.cosine * candidate.own),
    )


def _found(candidate: Candidate, hit: Hit, best: _Best) -> tuple[float, ...]:
    scored = candidate.scored
    return (
        *(candidate.worth, candidate.own, candidate.around, scored.score),
        *(hit.score / best.passage, hit.lexical / best.lexical, hit.dense),
        *(scored.cosine, scored.run, scored.asked),
        *(best.cosine - scored.cosine, best.run - scored.run, best.asked - scored.asked, best.own - candidate.own),
    )


def _form(candidate: Candidate, passage: Passage, sector: str | None) -> tuple[float, ...]:
    number = candidate.scored.sentence
    sentence = passage.sentences[number]
    text = passage.text[sentence.start - passage.start : sentence.end - passage.start].rstrip("\"' ”)")
    return (
        candidate.form,
        *(float(sentence.role is not Role.SENTENCE), float(sentence.role is Role.LEAD_IN), math.log(max(len(text), 1))),
        *(float(number == 0), min(number, 6) / 6, math.log(1 + candidate.scored.hit)),
        *(float(text.endswith("?")), float(text.endswith(":")), float(candidate.leans)),
        *(float(passage.kind is Kind.BOX), float(passage.kind is Kind.LIST)),
        _sector(passage, sector),
    )


def _sector(passage: Passage, sector: str | None) -> float:
    """1 for a passage about the sector asked for, -1 for one about others only, 0 where nothing tells."""
    if sector is None or not passage.sectors or set(passage.sectors) == set(SECTORS):
        return 0.0
    return 1.0 if sector in passage.sectors else -1.0


@dataclass(frozen=True, slots=True)
class Weights:
    """A regression over scaled features: p = 1 / (1 + exp(-((x - mean) / scale @ weight + bias)))."""

    mean: np.ndarray
    scale: np.ndarray
    weight: np.ndarray
    bias: float

    def chances(self, x: np.ndarray) -> np.ndarray:
        """The probability that each row of features helps, shape (len(x),)."""
        found: np.ndarray = 1 / (1 + np.exp(-(((x - self.mean) / self.scale) @ self.weight + self.bias)))
        return found


@cache
def _weights() -> Weights:
    data = tomllib.loads((files("assistant") / "data" / FILE).read_text("utf-8"))
    rows = np.array([[data["feature"][name][part] for part in ("mean", "scale", "weight")] for name in NAMES])
    return Weights(rows[:, 0], rows[:, 1], rows[:, 2], float(data["bias"]))
