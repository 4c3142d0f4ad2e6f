"""A run as files: `cases.jsonl` and `summary.json`, equal to the byte for equal corpus, model, settings and code.

What time does to a run stands apart in `times.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.types import SECTORS, Outcome
from evals import metrics
from evals.calibration import Row, calibrate
from evals.ranking import Place, first_ranks
from evals.run import Result, Run
from evals.wordings.matching import contains

SHOWN_PASSAGES = 5
AROUND = 200
"""Characters of the stored text shown before and after a quote."""


def write_run(run: Run, folder: Path, summary: Mapping[str, Any] | None = None) -> None:
    """Write the three files into the folder, which is made; `summary` where it has been worked out already."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(_json(record_of(result, run.texts)) + "\n" for result in run.results)
    (folder / "cases.jsonl").write_text(lines, encoding="utf-8")
    (folder / "summary.json").write_text(_json(summary or summary_of(run), indent=1) + "\n", encoding="utf-8")
    (folder / "times.json").write_text(_json(times_of(run), indent=1) + "\n", encoding="utf-8")


def times_of(run: Run) -> dict[str, float]:
    """Tell how long an answer took: median and 95th percentile in milliseconds."""
    times = [result.milliseconds for result in run.results]
    median, high = np.percentile(times, [50, 95]) if times else (0.0, 0.0)
    return {"median_ms": round(float(median), 1), "p95_ms": round(float(high), 1), "answers": len(times)}


def summary_of(run: Run) -> dict[str, Any]:
    """Give the run without its cases, as plain JSON types."""
    by_set = _parts(run, lambda result: (result.case.set,))
    return {
        "made_with": dict(sorted(run.made_with.items())),
        "cases": len(run.results),
        "whole": run.whole,
        "figures": [one.as_json() for one in run.figures()],
        "by_set": _figures(run, by_set),
        "by_split": _figures(run, _parts(run, lambda result: (result.case.split,))),
        "by_kind": _figures(run, _parts(run, lambda result: (str(result.case.kind),))),
        "by_sector": _figures(run, _parts(run, lambda result: (result.case.sector or "",), SECTORS)),
        "by_source": _figures(run, _parts(run, lambda result: {one.source for one in result.case.passages})),
        "by_asker": _figures(run, _parts(run, lambda result: (result.case.asker,))),
        "baselines": {name: [f.as_json() for f in run.baseline_figures(name)] for name in run.baselines},
        "baselines_by_set": {
            name: {part: [f.as_json() for f in run.baseline_figures(name, pick)] for part, pick in by_set.items()}
            for name in run.baselines
        },
        "calibration": calibrate([_row(result) for result in run.results]).as_json(),
        "stale": [{"case": s.case, "source": s.source, "text": s.text, "code": s.code} for s in run.stale],
    }


def record_of(result: Result, texts: Mapping[str, str]) -> dict[str, Any]:
    """One line of `cases.jsonl`: the same for the same answer, so without ids and times."""
    case, answer = result.case, result.answer.as_json()
    for changing in ("id", "milliseconds"):
        answer.pop(changing, None)
    for citation in (*answer["citations"], *answer["nearest"]):
        place = Place(citation["source"], citation["start"], citation["end"])
        citation["before"], citation["after"] = _around(place, texts)
    return {
        "id": case.id,
        "set": case.set,
        "split": case.split,
        "kind": str(case.kind),
        "sector": case.sector,
        "asker": case.asker,
        "turns": list(case.turns),
        "expected": str(case.expected),
        "facts": list(_facts(result)),
        "passages": [{"source": p.source, "quote": p.quote} for p in case.passages],
        "places": list(_places(result, texts)),
        "never": list(case.never),
        "passed": result.score.passed,
        "failures": [list(failure) for failure in result.score.failures],
        "evidence": _rounded(result.evidence),
        "scores": {name: _rounded(value) for name, value in result.score.values.items()},
        "baselines": {n: {k: _rounded(v) for k, v in values.items()} for n, values in result.baselines.items()},
        "answer": answer,
        "retrieved": [
            {"source": one.source, "start": one.start, "end": one.end, "text": one.text}
            for one in result.ranked[:SHOWN_PASSAGES]
        ],
    }


def _facts(result: Result) -> Iterable[dict[str, Any]]:
    """The expected facts, whether the answer says each, and the rank of the first passage that does."""
    for fact in result.case.facts:
        ranks = [
            rank
            for rank, passage in enumerate(result.ranked, 1)
            if any(contains(passage.text, wording) for wording in fact.any_of)
        ]
        yield {
            "text": fact.text,
            "weight": fact.weight,
            "any_of": list(fact.any_of),
            "said": metrics.fact_recall((fact,), result.answer) == 1,
            "rank": min(ranks, default=None),
        }


def _places(result: Result, texts: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """The expected quotations as they stand in the sources, whether the answer cites each, and where it was found."""
    cited = result.answer.citations
    for place, rank in zip(result.places, first_ranks(result.places, result.ranked), strict=True):
        before, after = _around(place, texts)
        touched = any(c.source == place.source and c.start < place.end and place.start < c.end for c in cited)
        quote = texts[place.source][place.start : place.end]
        yield {
            "source": place.source,
            "start": place.start,
            "end": place.end,
            "before": before,
            "quote": quote,
            "after": after,
            "cited": touched,
            "rank": rank,
        }


def _around(place: Place, texts: Mapping[str, str]) -> tuple[str, str]:
    text = texts.get(place.source, "")
    return text[max(0, place.start - AROUND) : place.start], text[place.end : place.end + AROUND]


def _row(result: Result) -> Row:
    answerable = {Outcome.ANSWERED: True, Outcome.NO_EVIDENCE: False}.get(result.case.expected)
    refused = metrics.refusal_error(result.case, result.answer)
    return Row(result.evidence, answerable, metrics.abstained(result.answer) if refused is None else refused == 1)


Pick = Callable[[Result], bool]


def _parts(run: Run, values: Callable[[Result], Iterable[str]], known: Iterable[str] | None = None) -> dict[str, Pick]:
    """Per value that occurs, in alphabetical order, or per value of `known`, what picks the results with it."""
    found = sorted({value for result in run.results for value in values(result)})
    allowed = found if known is None else list(known)
    return {value: partial(_has, value, values) for value in allowed}


def _has(value: str, values: Callable[[Result], Iterable[str]], result: Result) -> bool:
    return value in values(result)


def _figures(run: Run, parts: Mapping[str, Pick]) -> dict[str, list[dict[str, Any]]]:
    return {value: [one.as_json() for one in run.figures(pick)] for value, pick in parts.items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _json(record: Any, indent: int | None = None) -> str:  # noqa: ANN401 - any JSON
    return json.dumps(record, ensure_ascii=False, indent=indent, allow_nan=False)
