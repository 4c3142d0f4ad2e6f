"""Coefficients of agreement with their intervals: Cohen's kappa, and the area under the ROC curve.

Exact and the same each time. What can't be computed has no value and says why; it is never NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evals.intervals import Z95, wilson

_STEPS = 60
"""Halvings of [0, 1]: to the last digit of a float."""

Why = Literal["", "no_items", "one_category", "constant", "too_few"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A coefficient with its 95 % interval over `items`; without a value `why` says what was lacking.

    `observed` is the share of items on which both agree outright; None where nothing was paired.
    """

    value: float | None
    low: float | None
    high: float | None
    observed: float | None
    items: int
    why: Why = ""


def kappa(a: Sequence[str], b: Sequence[str], scale: Sequence[str], weighted: bool = False) -> Measured:
    """Cohen's kappa (1960) of paired labels; weighted: with linear weights over the ordered scale (Cohen 1968).

    The interval is the large-sample one of Fleiss, Cohen & Everitt (1969). It has no width where the two agree, or
    differ, on every item; there Wilson's interval of the observed agreement is used, chance agreement taken as known.
    No value without pairs, or when both use one and the same label throughout. Raises ValueError on unequal lengths
    or a label that is not on the scale.
    """
    size = len(scale)
    table = np.zeros((size, size))
    for one, other in zip(a, b, strict=True):
        table[scale.index(one), scale.index(other)] += 1
    n = int(table.sum())
    if n == 0:
        return Measured(None, None, None, None, 0, "no_items")
    places = np.arange(size)
    apart = np.abs(places[:, None] - places[None, :]) / max(size - 1, 1)
    weights = 1 - (apart if weighted else apart > 0)
    shares = table / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, chance = float((weights * shares).sum()), float(rows @ weights @ columns)
    exact = float(np.trace(shares))
    if math.isclose(chance, 1.0):
        return Measured(None, None, None, exact, n, "one_category")
    value = (observed - chance) / (1 - chance)
    means = (weights @ columns)[:, None] + (rows @ weights)[None, :]
    spread = float((shares * (weights * (1 - chance) - means * (1 - observed)) ** 2).sum())
    variance = (spread - (observed * chance - 2 * chance + observed) ** 2) / (n * (1 - chance) ** 4)
    if variance > 1e-12:
        half = Z95 * math.sqrt(variance)
        low, high = value - half, value + half
    else:
        low, high = ((bound - chance) / (1 - chance) for bound in wilson(observed * n, n))
    return Measured(value, max(-1.0, low), min(1.0, high), exact, n)


def auc(values: Sequence[float], good: Sequence[bool]) -> Measured:
    """Area under the ROC curve: how often an answer that people call good has the higher value, ties counting half.

    This is the Mann-Whitney statistic over its maximum (Hanley & McNeil 1982); the interval is Newcombe's score
    interval (2006, part 2, method 5), which keeps a width when the value is 0 or 1. No value when all are good or none.
    """
    array, mask = np.asarray(values, dtype=np.float64), np.asarray(good, dtype=bool)
    high, low = array[mask], array[~mask]
    if not len(array):
        return Measured(None, None, None, None, 0, "no_items")
    if not len(high) or not len(low):
        return Measured(None, None, None, None, len(array), "one_category")
    apart = np.sign(high[:, None] - low[None, :])
    value = float((1 + apart.mean()) / 2)
    lower = 1 - _bound(1 - value, len(high), len(low))
    return Measured(value, lower, _bound(value, len(high), len(low)), None, len(array))


def _bound(value: float, m: int, n: int) -> float:
    """Find the largest area that lies within 1.96 of its own standard errors of the value, by halving."""
    half = (m + n) / 2 - 1

    def reaches(area: float) -> bool:
        spread = 1 + half * (1 - area) / (2 - area) + half * area / (1 + area)
        return area - value <= Z95 * math.sqrt(area * (1 - area) * spread / (m * n))

    low, high = value, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if reaches(middle) else (low, middle)
    return low
