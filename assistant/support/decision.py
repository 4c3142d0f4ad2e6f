"""Whether a claim in other words is still supported: a logistic regression over the figures of its alignment.

Its weights stand in `data/support_weights.toml`, with how they were trained (`python -m evals.training.support`).
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from assistant.support.features import NAMES

FILE = "support_weights.toml"


@dataclass(frozen=True, slots=True)
class Decision:
    """A trained decision: the weights of `features.NAMES`, in that order, and what is added to them."""

    bias: float
    weights: np.ndarray

    def probability(self, figures: np.ndarray) -> float:
        """How likely a claim with these figures is supported; 0..1."""
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.bias + float(self.weights @ figures)))))


@cache
def decision() -> Decision:
    """Read the weights, once per process. Raises ValueError when the file names other figures than are computed."""
    data = tomllib.loads((files("assistant") / "data" / FILE).read_text("utf-8"))
    if set(data["weights"]) != set(NAMES):
        raise ValueError(f"{FILE} and the figures differ: {sorted(set(data['weights']) ^ set(NAMES))}")
    return Decision(data["bias"], np.array([data["weights"][name] for name in NAMES]))
