"""How far people agree with each other, and how far the metrics agree with people.

Everything here is exact and the same each time. What can't be computed has no value and says why; it is never NaN.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from evals.compare import SavedRun
from evals.figures import LOWER_IS_BETTER
from evals.judging.coefficients import Measured, auc, kappa
from evals.judging.draw import items_of, run_hash
from evals.judging.labels import SCALES, Claim, Label, Labels, LabelsError

ENOUGH = 30
"""Judged answers below which a metric gets no figure: the interval would span nearly the whole scale (judged)."""

CLAIMS: Mapping[Claim, tuple[str, ...]] = {
    "helpful": (
        "passed",
        "vital_facts",
        "vital_facts_900",
        "to_the_point",
        "cites_expected",
        "refusal_error",
        "hallucination_error",
    ),
    "supported": (
        "citation_recall",
        "citation_precision",
        "citation_coverage",
        "quote_validity",
        "verbatim",
        "closed_numbers",
        "closed_dates",
        "closed_names",
    ),
}
"""Which metrics claim what people are asked; one that a run does not have is passed over."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two editors on one claim: Cohen's kappa, and weighted kappa where the scale has more than two points."""

    claim: Claim
    kappa: Measured
    weighted: Measured | None


@dataclass(frozen=True, slots=True)
class Difference:
    """An item that two editors labelled differently; `distance` is 1 for opposite ends of the scale."""

    first: Label
    second: Label
    distance: float


@dataclass(frozen=True, slots=True)
class MetricCheck:
    """One metric beside people: kappa for a metric that says yes or no, else the area under the ROC curve.

    `measured.items` answers had both a value and a clear judgement; on `ties` answers people were divided.
    """

    name: str
    claim: Claim
    kind: Literal["kappa", "auc"]
    measured: Measured
    ties: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Two editors' labels side by side; `metrics` is None when no run was given to check them on."""

    first: Labels
    second: Labels
    agreements: tuple[Agreement, ...]
    differences: tuple[Difference, ...]
    metrics: tuple[MetricCheck, ...] | None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types; of the labels only how many there are."""
        people = [
            {"editor": one.editor, "drawn": one.drawn, "labelled": one.labelled, "unlabelled": one.unlabelled,
             "removed": one.removed}
            for one in (self.first, self.second)
        ]  # fmt: skip
        return {
            "run": self.first.run,
            "editors": people,
            "agreements": [asdict(one) for one in self.agreements],
            "differences": [asdict(one) for one in self.differences],
            "metrics": None if self.metrics is None else [asdict(one) for one in self.metrics],
        }


def judge(first: Labels, second: Labels, run: SavedRun | None = None) -> Judgement:
    """Put two editors' labels side by side, and with their run the metrics as well.

    Raises LabelsError: labels of different runs (other_run) or of one editor (same_editor).
    """
    if first.run != second.run or (run is not None and run_hash(run) != first.run):
        raise LabelsError("labels of different runs", why="other_run")
    if first.editor.casefold() == second.editor.casefold():
        raise LabelsError("both sheets are of one editor", why="same_editor")
    return Judgement(
        first,
        second,
        tuple(_agreement(claim, first, second) for claim in CLAIMS),
        differences(first, second),
        None if run is None else metrics_against_people(run, [first, second]),
    )


# between people


def differences(first: Labels, second: Labels) -> tuple[Difference, ...]:
    """List the items that both labelled differently, the furthest apart first, then by case."""
    found = [Difference(a, b, _distance(a, b)) for a, b in _pairs(first, second) if a.value != b.value]
    return tuple(sorted(found, key=lambda one: (-one.distance, one.first.case, one.first.claim, one.first.item)))


def _agreement(claim: Claim, first: Labels, second: Labels) -> Agreement:
    pairs = [(str(a.value), str(b.value)) for a, b in _pairs(first, second) if a.claim == claim]
    a, b = [one for one, _ in pairs], [other for _, other in pairs]
    scale = SCALES[claim]
    return Agreement(claim, kappa(a, b, scale), kappa(a, b, scale, weighted=True) if len(scale) > 2 else None)


def _pairs(first: Labels, second: Labels) -> list[tuple[Label, Label]]:
    """Pair the labels on the items that both labelled, in the first one's order."""
    others = {label.item: label for label in second.labels if label.value is not None}
    return [(one, others[one.item]) for one in first.labels if one.value is not None and one.item in others]


def _distance(a: Label, b: Label) -> float:
    scale = SCALES[a.claim]
    return abs(scale.index(str(a.value)) - scale.index(str(b.value))) / (len(scale) - 1)


# between metrics and people


def metrics_against_people(run: SavedRun, labels: Sequence[Labels]) -> tuple[MetricCheck, ...]:
    """Check each metric of the run that claims what people were asked, per answer.

    People's word on an item is its most frequent label; an answer counts as supported when each of its statements is
    fully. Where people are divided, the answer is left out and counted. Fewer than `ENOUGH` answers give no figure.
    Raises LabelsError (other_run) when labels are of another run.
    """
    if any(one.run != run_hash(run) for one in labels):
        raise LabelsError("labels of another run", why="other_run")
    checks = []
    for claim, names in CLAIMS.items():
        verdicts, ties = _verdicts(claim, run, labels)
        for name in names:
            scores = {case: run.cases[case]["scores"].get(name) for case in (*verdicts, *ties)}
            if any(name in record["scores"] for record in run.cases.values()):
                sign = -1.0 if name in LOWER_IS_BETTER else 1.0
                pairs = [(sign * scores[case], good) for case, good in verdicts.items() if scores[case] is not None]
                kind: Literal["kappa", "auc"] = "kappa" if _yes_or_no(name, run) else "auc"
                divided = sum(scores[case] is not None for case in ties)
                checks.append(MetricCheck(name, claim, kind, _against(pairs, kind), divided))
    return tuple(checks)


def _against(pairs: Sequence[tuple[float, bool]], kind: Literal["kappa", "auc"]) -> Measured:
    values, good = [value for value, _ in pairs], [verdict for _, verdict in pairs]
    if len(pairs) < ENOUGH:
        return Measured(None, None, None, None, len(pairs), "too_few")
    if len(set(good)) < 2:
        return Measured(None, None, None, None, len(pairs), "one_category")
    if len(set(values)) < 2:
        return Measured(None, None, None, None, len(pairs), "constant")
    if kind == "auc":
        return auc(values, good)
    best = max(values)
    return kappa(["yn"[value < best] for value in values], ["yn"[not one] for one in good], "yn")


def _yes_or_no(name: str, run: SavedRun) -> bool:
    return all(record["scores"].get(name) in (None, 0, 1) for record in run.cases.values())


def _verdicts(claim: Claim, run: SavedRun, labels: Sequence[Labels]) -> tuple[dict[str, bool], list[str]]:
    """Per case what people say of its answer, and the cases on which they are divided; others were not judged."""
    given: dict[str, list[str]] = {}
    for label in (label for one in labels for label in one.labels if label.value is not None):
        given.setdefault(label.item, []).append(str(label.value))
    best = SCALES[claim][0]
    verdicts: dict[str, bool] = {}
    ties: list[str] = []
    for case, record in run.cases.items():
        words = [_majority(given.get(item.id, [])) for item in items_of(record) if item.claim == claim]
        if any(one not in (best, "tie", "none_given") for one in words):
            verdicts[case] = False
        elif "tie" in words:
            ties.append(case)
        elif words and "none_given" not in words:
            verdicts[case] = True
    return verdicts, ties


def _majority(values: Sequence[str]) -> str:
    ranked = Counter(values).most_common(2)
    if not ranked:
        return "none_given"
    return "tie" if len(ranked) > 1 and ranked[0][1] == ranked[1][1] else ranked[0][0]
