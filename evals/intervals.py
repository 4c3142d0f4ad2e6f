"""Intervals and the paired test: how sure a figure is, and whether two runs differ."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

Z95 = 1.959963984540054
RESAMPLES = 2000
_SEED = 20240101


def wilson(successes: float, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a proportion (Wilson 1927). Raises ValueError when `n` is 0."""
    if n <= 0:
        raise ValueError("an interval needs at least one measured case")
    p = successes / n
    denominator = 1 + Z95**2 / n
    centre = (p + Z95**2 / (2 * n)) / denominator
    half = Z95 * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2)) / denominator
    return max(0.0, centre - half), min(1.0, centre + half)


def share(part: int, whole: int) -> str:
    """Return a proportion as text with its Wilson interval: "3/4 = 0.750 [0.301, 0.954]"."""
    if not whole:
        return "not measured"
    low, high = wilson(part, whole)
    return f"{part}/{whole} = {part / whole:.3f} [{low:.3f}, {high:.3f}]"


def bootstrap(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of a mean (Efron 1979), the same on every run."""
    if not values:
        raise ValueError("an interval needs at least one measured case")
    array = np.asarray(values, dtype=np.float64)
    picks = np.random.default_rng(_SEED).integers(0, len(array), size=(RESAMPLES, len(array)))
    low, high = np.percentile(array[picks].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def sign_test(better: int, worse: int) -> float:
    """Two-sided exact sign test on paired differences, ties left out; on yes/no scores this is McNemar's exact test.

    Returns the probability of a split at least this uneven if better and worse were equally likely; 1 without pairs.
    """
    n = better + worse
    if n == 0:
        return 1.0
    tail: float = sum(math.comb(n, k) for k in range(min(better, worse) + 1)) / 2**n
    return min(1.0, 2 * tail)
