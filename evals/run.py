"""A run: ask every case the way the app does, score it, and write figures that come out the same every time.

`cases.jsonl` and `summary.json` are equal to the byte for equal corpus, model, settings and code; what time does to a
run stands apart in `times.json`.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assistant.types import Answer, Evidence, Turn
from evals.baselines import Retriever
from evals.cases import Case, Stale, stale_cases
from evals.figures import Figure, figures_of
from evals.matching import Folded
from evals.metrics import Place, Ranked
from evals.scoring import Library, Score, score_answer, score_retrieval

RETRIEVED = 20
SHOWN_PASSAGES = 5


class Asks(Protocol):
    """What is evaluated: the same object that the app and the command line use."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """One answer."""

    def search(self, question: str, k: int = 10, history: Sequence[Turn] = ()) -> Evidence:
        """Ranked passages."""


@dataclass(frozen=True, slots=True)
class Result:
    """One case with what came back: its answer, what was retrieved, its score, and the baselines' retrieval figures."""

    case: Case
    answer: Answer
    ranked: tuple[Ranked, ...]
    score: Score
    baselines: Mapping[str, Mapping[str, float | None]]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """All results, what they were made with, and the cases whose source changed."""

    results: tuple[Result, ...]
    made_with: Mapping[str, str]
    stale: tuple[Stale, ...] = ()
    baselines: tuple[str, ...] = field(default=())

    def figures(self, pick: Callable[[Result], bool] = lambda _: True) -> tuple[Figure, ...]:
        """Give the headline figures over the results that `pick` takes."""
        return figures_of([result.score.values for result in self.results if pick(result)])

    def baseline_figures(self, name: str, pick: Callable[[Result], bool] = lambda _: True) -> tuple[Figure, ...]:
        """Give the retrieval figures of one baseline over the results that `pick` takes."""
        return figures_of([result.baselines[name] for result in self.results if pick(result)])


def evaluate(
    cases: Sequence[Case],
    assistant: Asks,
    texts: Mapping[str, str],
    baselines: Sequence[Retriever] = (),
    made_with: Mapping[str, str] | None = None,
    progress: Callable[[], object] = lambda: None,
) -> Run:
    """Ask and score all cases. `texts` gives per source id the stored text that quotes are checked against."""
    versions = {source: hashlib.sha256(text.encode()).hexdigest() for source, text in texts.items()}
    library = Library(texts, versions)
    folded = {source: Folded(text) for source, text in texts.items()}
    results = []
    for case in cases:
        results.append(_evaluate_one(case, assistant, library, _places(case, folded), baselines))
        progress()
    known = dict(made_with or {}) | {"corpus": corpus_hash(versions), "cases": _hash(map(repr, cases))}
    return Run(tuple(results), known, stale_cases(cases, texts), tuple(one.name for one in baselines))


def corpus_hash(versions: Mapping[str, str]) -> str:
    """One hash over all stored texts: equal hashes, equal texts."""
    return _hash(f"{source}:{version}" for source, version in sorted(versions.items()))


def code_hash(*folders: Path) -> str:
    """One hash over all Python and data files of the packages."""
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".toml", ".tsv"})
    return _hash(f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)


def _evaluate_one(
    case: Case, assistant: Asks, library: Library, places: Sequence[Place], baselines: Sequence[Retriever]
) -> Result:
    history: tuple[Turn, ...] = ()
    for question in case.turns[:-1]:
        history = (*history, Turn(question, assistant.ask(question, history).text))
    began = time.perf_counter()
    answer = assistant.ask(case.question, history)
    milliseconds = 1000 * (time.perf_counter() - began)
    ranked = ranked_of(assistant.search(case.question, RETRIEVED, history)) if case.facts or case.passages else ()
    score = score_answer(case, places, answer, library)
    whole = " ".join(case.turns)
    return Result(
        case,
        answer,
        ranked,
        Score(case.id, {**score_retrieval(case, places, ranked), **score.values}, score.failures),
        {one.name: score_retrieval(case, places, one.search(whole) if case.facts else ()) for one in baselines},
        milliseconds,
    )


def ranked_of(evidence: Evidence) -> tuple[Ranked, ...]:
    """List the passages of evidence in their order."""
    passages = (hit.passage for hit in evidence.hits)
    return tuple(Ranked(passage.source, passage.start, passage.end, passage.text) for passage in passages)


def _places(case: Case, folded: Mapping[str, Folded]) -> tuple[Place, ...]:
    found = []
    for quotation in case.passages:
        span = folded[quotation.source].locate(quotation.quote) if quotation.source in folded else None
        if span is not None:
            found.append(Place(quotation.source, *span))
    return tuple(found)


# writing and reading


def write_run(run: Run, folder: Path) -> None:
    """Write `cases.jsonl`, `summary.json` and `times.json` into the folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(_json(record_of(result)) + "\n" for result in run.results)
    (folder / "cases.jsonl").write_text(lines, encoding="utf-8")
    (folder / "summary.json").write_text(_json(summary_of(run), indent=1) + "\n", encoding="utf-8")
    (folder / "times.json").write_text(_json(times_of(run), indent=1) + "\n", encoding="utf-8")


def times_of(run: Run) -> dict[str, float]:
    """Tell how long an answer took: median and 95th percentile in milliseconds."""
    times = [result.milliseconds for result in run.results]
    median, high = np.percentile(times, [50, 95]) if times else (0.0, 0.0)
    return {"median_ms": round(float(median), 1), "p95_ms": round(float(high), 1), "answers": len(times)}


def summary_of(run: Run) -> dict[str, Any]:
    """Give the run without its cases, as plain JSON types."""
    sets = sorted({result.case.set for result in run.results})
    splits = sorted({result.case.split for result in run.results})
    return {
        "made_with": dict(sorted(run.made_with.items())),
        "cases": len(run.results),
        "figures": [one.as_json() for one in run.figures()],
        "by_set": {name: [f.as_json() for f in run.figures(_in_set(name))] for name in sets},
        "by_split": {name: [f.as_json() for f in run.figures(_in_split(name))] for name in splits},
        "baselines": {name: [f.as_json() for f in run.baseline_figures(name)] for name in run.baselines},
        "baselines_by_set": {
            name: {part: [f.as_json() for f in run.baseline_figures(name, _in_set(part))] for part in sets}
            for name in run.baselines
        },
        "stale": [{"case": s.case, "source": s.source, "text": s.text, "code": s.code} for s in run.stale],
    }


def record_of(result: Result) -> dict[str, Any]:
    """One line of `cases.jsonl`: the same for the same answer, so without ids and times."""
    case, answer = result.case, result.answer.as_json()
    for changing in ("id", "milliseconds"):
        answer.pop(changing, None)
    return {
        "id": case.id,
        "set": case.set,
        "split": case.split,
        "kind": str(case.kind),
        "sector": case.sector,
        "asker": case.asker,
        "turns": list(case.turns),
        "expected": str(case.expected),
        "facts": [{"text": f.text, "weight": f.weight, "any_of": list(f.any_of)} for f in case.facts],
        "passages": [{"source": p.source, "quote": p.quote} for p in case.passages],
        "passed": result.score.passed,
        "failures": [list(failure) for failure in result.score.failures],
        "scores": {name: _rounded(value) for name, value in result.score.values.items()},
        "baselines": {n: {k: _rounded(v) for k, v in values.items()} for n, values in result.baselines.items()},
        "answer": answer,
        "retrieved": [
            {"source": one.source, "start": one.start, "end": one.end, "text": one.text}
            for one in result.ranked[:SHOWN_PASSAGES]
        ],
    }


def _in_set(name: str) -> Callable[[Result], bool]:
    return lambda result: result.case.set == name


def _in_split(name: str) -> Callable[[Result], bool]:
    return lambda result: result.case.split == name


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _json(record: Any, indent: int | None = None) -> str:  # noqa: ANN401 - any JSON
    return json.dumps(record, ensure_ascii=False, indent=indent)
