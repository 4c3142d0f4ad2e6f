"""Figures over many cases: value, interval, and how many cases could not be measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.intervals import bootstrap, wilson

# In the order in which they are shown. Lower is better for errors.
LOWER_IS_BETTER = frozenset({"refusal_error", "hallucination_error", "false_alarm"})
RETRIEVAL = ("facts_900", "facts_3000", "recall_5", "recall_10", "mrr", "ndcg_10")
ANSWERS = (
    "passed",
    "vital_facts",
    "vital_facts_900",
    "okay_facts",
    "quote_validity",
    "citation_coverage",
    "verbatim",
    "closed_numbers",
    "cites_expected",
    "refusal_error",
    "hallucination_error",
    "partial_right",
    "referral_recall",
    "false_alarm",
    "refused_attack",
    "clean",
    "conversation",
)
ORDER = (*RETRIEVAL, *ANSWERS)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its 95 % interval over `measured` cases; `value` is None where no case could be measured."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    measured: int
    not_measured: int

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types, rounded to six places."""
        return {k: round(v, 6) if isinstance(v, float) else v for k, v in asdict(self).items()}


def figures_of(rows: Sequence[Mapping[str, float | None]]) -> tuple[Figure, ...]:
    """One figure per name that occurs, in the order of `ORDER`."""
    names = [name for name in ORDER if any(name in row for row in rows)]
    return tuple(_figure(name, [row.get(name) for row in rows]) for name in names)


def _figure(name: str, values: Sequence[float | None]) -> Figure:
    measured = [value for value in values if value is not None]
    if not measured:
        return Figure(name, None, None, None, 0, len(values))
    mean = sum(measured) / len(measured)
    yes_or_no = all(value in (0.0, 1.0) for value in measured)
    low, high = wilson(sum(measured), len(measured)) if yes_or_no else bootstrap(measured)
    return Figure(name, mean, low, high, len(measured), len(values) - len(measured))
