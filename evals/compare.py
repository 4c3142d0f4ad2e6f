"""Two runs side by side: which cases flipped, and whether a figure is better, worse, or can't be told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.errors import WelwijzerError
from evals.figures import LOWER_IS_BETTER, ORDER
from evals.intervals import sign_test

SIGNIFICANT = 0.05
Verdict = Literal["better", "worse", "cant_tell", "equal"]


class RunError(WelwijzerError):
    """A run's folder can't be read; `details['folder']`."""

    code = "run"


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run as it was written: its summary, its times, and its cases by id."""

    folder: str
    summary: Mapping[str, Any]
    times: Mapping[str, Any]
    cases: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure over the cases that both runs measured: how many went up, down, and what that proves."""

    name: str
    before: float
    after: float
    better: int
    worse: int
    pairs: int
    p: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """Flips first: ids that were right and are wrong now, the other way round, then the figures."""

    broken: tuple[str, ...]
    fixed: tuple[str, ...]
    differences: tuple[Difference, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    changed_cases: tuple[str, ...]


def read_run(folder: Path) -> SavedRun:
    """Read what `write_run` wrote. Raises RunError."""
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        lines = (folder / "cases.jsonl").read_text(encoding="utf-8").split("\n")  # a record may hold other line ends
        cases = [json.loads(line) for line in lines if line]
        times_file = folder / "times.json"
        times = json.loads(times_file.read_text(encoding="utf-8")) if times_file.exists() else {}
        by_id = {case["id"]: case for case in cases if isinstance(case["scores"], dict)}
        if not isinstance(summary["figures"], list) or len(by_id) != len(cases):
            raise ValueError("not a run")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"no run in {folder}: {error}", folder=str(folder)) from error
    return SavedRun(str(folder), summary, times, by_id)


def compare(before: SavedRun, after: SavedRun) -> Comparison:
    """Pair the cases by id; a case whose question or expectation changed is named and left out."""
    shared = [case_id for case_id in before.cases if case_id in after.cases]
    changed = tuple(i for i in shared if _expectation(before.cases[i]) != _expectation(after.cases[i]))
    pairs = [(before.cases[i], after.cases[i]) for i in shared if i not in set(changed)]
    return Comparison(
        broken=tuple(a["id"] for a, b in pairs if a["passed"] and not b["passed"]),
        fixed=tuple(a["id"] for a, b in pairs if b["passed"] and not a["passed"]),
        differences=tuple(d for name in ORDER if (d := _difference(name, pairs)) is not None),
        only_before=tuple(i for i in before.cases if i not in after.cases),
        only_after=tuple(i for i in after.cases if i not in before.cases),
        changed_cases=changed,
    )


def _expectation(case: Mapping[str, Any]) -> tuple[Any, ...]:
    facts = [(fact["text"], fact["weight"], fact["any_of"]) for fact in case.get("facts", ())]
    return (*(case.get(name) for name in ("turns", "expected", "passages", "never")), facts)


def _difference(name: str, pairs: list[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Difference | None:
    values = [
        (float(old), float(new))
        for a, b in pairs
        if (old := a["scores"].get(name)) is not None and (new := b["scores"].get(name)) is not None
    ]
    if not values:
        return None
    up, down = sum(new > old for old, new in values), sum(new < old for old, new in values)
    better, worse = (down, up) if name in LOWER_IS_BETTER else (up, down)
    p = sign_test(better, worse)
    n = len(values)
    before, after = sum(old for old, _ in values) / n, sum(new for _, new in values) / n
    return Difference(name, before, after, better, worse, n, p, _verdict(better, worse, p))


def _verdict(better: int, worse: int, p: float) -> Verdict:
    if better == worse == 0:
        return "equal"
    if p >= SIGNIFICANT:
        return "cant_tell"
    return "better" if better > worse else "worse"
