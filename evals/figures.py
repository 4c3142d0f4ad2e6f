"""Figures over many cases: value, interval, how many cases could not be measured, and why a headline is what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.intervals import bootstrap, wilson

# In the order in which they are shown. Lower is better for errors.
LOWER_IS_BETTER = frozenset({"refusal_error", "hallucination_error", "false_alarm", "redundancy"})
RETRIEVAL = ("facts_900", "facts_3000", "recall_5", "recall_10", "mrr", "ndcg_10")
ANSWERS = (
    "passed",
    "vital_facts",
    "vital_facts_900",
    "okay_facts",
    "to_the_point",
    "redundancy",
    "concise",
    "says_something",
    "quote_validity",
    "citation_coverage",
    "citation_recall",
    "citation_precision",
    "verbatim",
    "closed_numbers",
    "closed_dates",
    "closed_names",
    "cites_expected",
    "span_recall",
    "span_precision",
    "sector_fit",
    "refusal_error",
    "hallucination_error",
    "partial_right",
    "referral_recall",
    "false_alarm",
    "refused_attack",
    "clean",
    "masked",
    "conversation",
)
ORDER = (*RETRIEVAL, *ANSWERS)

HEADLINES = (
    "passed",
    "vital_facts_900",
    "quote_validity",
    "refusal_error",
    "hallucination_error",
    "referral_recall",
)
"""What an editor reads first; each of them can't be made good by making another bad.

`passed` is the verdict. `vital_facts_900` is whether the reader finds the answer on the first screen: a copy of
everything says all facts and still scores badly. `quote_validity` is whether what is shown is real. The two errors of
abstention weigh each other: refusing everything has no hallucinations, answering everything has no refusals.
`referral_recall` is the one that must never be traded for any other.
"""
MAX_REASONS = 3


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


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a headline figure is not perfect: how many of the measured cases lose on it, and what failed in those most.

    `reasons` are (failure code, number of these cases), most frequent first, at most `MAX_REASONS`.
    """

    name: str
    value: float
    losing: int
    measured: int
    reasons: tuple[tuple[str, int], ...]


def figures_of(rows: Sequence[Mapping[str, float | None]]) -> tuple[Figure, ...]:
    """One figure per name that occurs, in the order of `ORDER`."""
    names = [name for name in ORDER if any(name in row for row in rows)]
    return tuple(_figure(name, [row.get(name) for row in rows]) for name in names)


def diagnosis(
    rows: Sequence[Mapping[str, float | None]], failures: Sequence[Sequence[Sequence[str]]]
) -> tuple[Diagnosis, ...]:
    """Tell per headline figure that is not perfect why, in the order of `HEADLINES`.

    `rows` are the values per case, `failures` the (code, detail) pairs of the same cases in the same order. A case
    counts once per code. Raises ValueError when the two differ in length.
    """
    pairs = [(row, {failure[0] for failure in found}) for row, found in zip(rows, failures, strict=True)]
    return tuple(one for name in HEADLINES if (one := _diagnosis(name, pairs)) is not None)


def _diagnosis(name: str, pairs: Sequence[tuple[Mapping[str, float | None], set[str]]]) -> Diagnosis | None:
    measured = [(value, codes) for row, codes in pairs if (value := row.get(name)) is not None]
    perfect = 0.0 if name in LOWER_IS_BETTER else 1.0
    losing = [codes for value, codes in measured if value != perfect]
    if not losing:
        return None
    counts = Counter(code for codes in losing for code in codes)
    reasons = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_REASONS]
    mean = sum(value for value, _ in measured) / len(measured)
    return Diagnosis(name, mean, len(losing), len(measured), tuple(reasons))


def _figure(name: str, values: Sequence[float | None]) -> Figure:
    measured = [value for value in values if value is not None]
    if not measured:
        return Figure(name, None, None, None, 0, len(values))
    mean = sum(measured) / len(measured)
    yes_or_no = all(value in (0.0, 1.0) for value in measured)
    low, high = wilson(sum(measured), len(measured)) if yes_or_no else bootstrap(measured)
    return Figure(name, mean, low, high, len(measured), len(values) - len(measured))
