"""Calibration of abstention: how well the strength of the evidence tells answerable from unanswerable questions.

Two error rates over a threshold on that strength (NoMIRACL, Thakur et al. 2024), coverage and selective risk
(Geifman & El-Yaniv 2017), the area under the ROC curve, and a reliability table. Pure functions; nothing random.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from evals.intervals import Z95, wilson

STEPS = 20
"""Thresholds from 0 to 1 in steps of 1/20: as fine as some hundreds of questions can tell apart."""
BINS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One question. `strength`: share (0..1) of the question that the best passage speaks of, None if unknown.

    `answerable`: whether the sources answer it, None for a question that is about something else (danger, an attack,
    half an answer). `abstained`: whether the answer held back, judged as the error rate of its side judges it.
    """

    strength: float | None
    answerable: bool | None
    abstained: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % Wilson interval over `measured` questions; None where there are none."""

    value: float | None
    low: float | None
    high: float | None
    measured: int


@dataclass(frozen=True, slots=True)
class Point:
    """What holding back below `threshold` would give.

    `refused`: share of the answerable questions below it; `answered`: share of the unanswerable ones at or above it;
    `coverage`: share of all questions that get an answer; `risk`: share of those answers that the sources don't give.
    """

    threshold: float
    refused: float | None
    answered: float | None
    coverage: float
    risk: float | None


@dataclass(frozen=True, slots=True)
class Operating:
    """What the run did: its two error rates, and the threshold that comes nearest to its decisions.

    `agreement` is the share of decisions that this threshold alone would have made as well; the lowest one of equals.
    """

    refused: Rate
    answered: Rate
    threshold: float | None
    agreement: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions with a strength in `[low, high)` (the last bin includes 1): mean strength and share answerable."""

    low: float
    high: float
    strength: float | None
    answerable: Rate


@dataclass(frozen=True, slots=True)
class Calibration:
    """The whole picture. `auc` has a DeLong interval; `error` is the expected calibration error over the bins."""

    points: tuple[Point, ...]
    operating: Operating
    auc: Rate
    bins: tuple[Bin, ...]
    error: float | None
    measured: int
    not_measured: int

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types, rounded to six places."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def rows_of(records: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Take the rows from records of `cases.jsonl`: the side and the decision follow from its two NoMIRACL scores."""
    rows = []
    for record in records:
        refused, answered = (record["scores"].get(name) for name in ("refusal_error", "hallucination_error"))
        answerable = True if refused is not None else False if answered is not None else None
        rows.append(Row(record.get("evidence"), answerable, refused == 1 or answered == 0))
    return tuple(rows)


def calibrate(rows: Sequence[Row]) -> Calibration:
    """Compute everything. A row without strength or side is counted as not measured; no rows at all is no error.

    The rates of `operating` take every row with a side, also those without strength, so that they equal the run's figures.
    """
    sided = [row for row in rows if row.answerable is not None]
    known = [row for row in sided if row.strength is not None]
    strengths = np.array([row.strength for row in known], dtype=np.float64)
    answerable = np.array([row.answerable for row in known], dtype=bool)
    abstained = np.array([row.abstained for row in known], dtype=bool)
    bins = _bins(strengths, answerable)
    return Calibration(
        points=tuple(_point(step / STEPS, strengths, answerable) for step in range(STEPS + 1)) if known else (),
        operating=_operating(sided, strengths, abstained),
        auc=auc(strengths[answerable], strengths[~answerable]),
        bins=bins,
        error=_expected_error(bins),
        measured=len(known),
        not_measured=len(rows) - len(known),
    )


def auc(positives: np.ndarray, negatives: np.ndarray) -> Rate:
    """Area under the ROC curve as the Mann-Whitney statistic: how often an answerable question has the higher strength.

    A tie counts for half. The interval is DeLong's (DeLong et al. 1988) on the logit scale; None with fewer than two
    questions on a side, and where the sides don't overlap at all, as the variance can't be estimated then.
    """
    m, n = len(positives), len(negatives)
    if not m or not n:
        return Rate(None, None, None, m + n)
    wins = (positives[:, None] > negatives[None, :]) + 0.5 * (positives[:, None] == negatives[None, :])
    area = float(wins.mean())
    if m < 2 or n < 2 or area in (0.0, 1.0):
        return Rate(area, None, None, m + n)
    variance = wins.mean(axis=1).var(ddof=1) / m + wins.mean(axis=0).var(ddof=1) / n
    half = Z95 * math.sqrt(variance) / (area * (1 - area))
    centre = math.log(area / (1 - area))
    low, high = (1 / (1 + math.exp(-bound)) for bound in (centre - half, centre + half))
    return Rate(area, low, high, m + n)


def _point(threshold: float, strengths: np.ndarray, answerable: np.ndarray) -> Point:
    kept = strengths >= threshold
    return Point(
        threshold,
        _share(~kept[answerable]),
        _share(kept[~answerable]),
        float(kept.mean()),
        _share(~answerable[kept]),
    )


def _operating(sided: Sequence[Row], strengths: np.ndarray, abstained: np.ndarray) -> Operating:
    refused = _rate([row.abstained for row in sided if row.answerable])
    answered = _rate([not row.abstained for row in sided if not row.answerable])
    if not len(strengths):
        return Operating(refused, answered, None, None)
    thresholds = [step / 100 for step in range(101)]
    agreement = [float(((strengths < threshold) == abstained).mean()) for threshold in thresholds]
    best = int(np.argmax(agreement))
    return Operating(refused, answered, thresholds[best], agreement[best])


def _bins(strengths: np.ndarray, answerable: np.ndarray) -> tuple[Bin, ...]:
    places = np.clip((strengths * BINS).astype(int), 0, BINS - 1)
    found = []
    for place in range(BINS):
        inside = places == place
        mean = float(strengths[inside].mean()) if inside.any() else None
        found.append(Bin(place / BINS, (place + 1) / BINS, mean, _rate(answerable[inside].tolist())))
    return tuple(found)


def _expected_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error (Naeini et al. 2015): mean gap between strength and share answerable, by bin size."""
    total = sum(one.answerable.measured for one in bins)
    if not total:
        return None
    gaps = (
        one.answerable.measured * abs(one.strength - one.answerable.value)
        for one in bins
        if one.strength is not None and one.answerable.value is not None
    )
    return sum(gaps) / total


def _rate(values: Sequence[bool]) -> Rate:
    if not values:
        return Rate(None, None, None, 0)
    low, high = wilson(sum(values), len(values))
    return Rate(sum(values) / len(values), low, high, len(values))


def _share(flags: np.ndarray) -> float | None:
    return float(flags.mean()) if len(flags) else None


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
