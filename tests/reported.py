"""A small saved run and the page made of it, for the tests of the report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from evals.compare import SavedRun
from evals.figures import figures_of
from evals.report.page import render
from evals.scoring import Library

SENTENCES = (
    "Op de Zonneschool krijgt ruim 23% van de kinderen elke dag zwemles.",
    "Kinderen die zwemmen, slapen volgens de juf beter.",
    "De kok maakt soep van de pompoenen uit de schooltuin.",
)
TEXT = "\n\n".join(SENTENCES)
VERSION = hashlib.sha256(TEXT.encode()).hexdigest()
LIBRARY = Library({"krant": TEXT}, {"krant": VERSION})


def record_of(case_id: str, passed: bool, **more: Any) -> dict[str, Any]:
    start = TEXT.index(SENTENCES[1])
    place = {"source": "krant", "start": start, "end": start + len(SENTENCES[1]), "quote": SENTENCES[1]}
    around = {"before": TEXT[start - 30 : start], "after": TEXT[place["end"] : place["end"] + 30]}
    shown = {"number": 1, "title": "De krant", "section": "Kop", "page": 3, "page_label": None, "repaired": False}
    answer = {
        "outcome": "answered",
        "statements": [{"text": SENTENCES[1], "citations": [1], "own": False}],
        "citations": [place | around | shown],
        "nearest": [],
        "read_as": None,
        "notices": [],
        "missing": [],
    }
    record = {
        "id": case_id,
        "set": "kern",
        "split": "dev",
        "kind": "why",
        "sector": None,
        "asker": "teacher",
        "turns": [f"Vraag {case_id}?"],
        "expected": "answered",
        "facts": [{"text": "slapen", "weight": "vital", "any_of": ["slapen beter"], "said": passed, "rank": 2}],
        "passages": [{"source": "krant", "quote": SENTENCES[1]}],
        "places": [place | around | {"cited": True, "rank": 1}],
        "never": [],
        "passed": passed,
        "failures": [] if passed else [["missing_fact", "slapen"]],
        "evidence": 0.8 if passed else 0.3,
        "scores": {"passed": float(passed), "vital_facts_900": float(passed), "refusal_error": 0.0},
        "answer": answer,
        "retrieved": [{"source": "krant", "start": 0, "end": len(TEXT), "text": TEXT}],
    }
    return record | more


def run_of(records: Sequence[dict[str, Any]], **more: Any) -> SavedRun:
    figures = [one.as_json() for one in figures_of([record["scores"] for record in records])]
    summary = {"made_with": {"model": "geen"}, "cases": len(records), "figures": figures, "by_set": {}}
    summary |= {"baselines": {}, "stale": []} | more
    return SavedRun("x", summary, {"median_ms": 1.5, "p95_ms": 2.5}, {record["id"]: record for record in records})


def unanswerable(case_id: str, answered: float, evidence: float) -> dict[str, Any]:
    scores = {"passed": 1 - answered, "hallucination_error": answered}
    record = record_of(case_id, not answered, expected="no_evidence", passages=[], scores=scores, evidence=evidence)
    return record | {"failures": [["hallucination_error", "answered"], ["redundancy", ""]] if answered else []}


RUN = run_of(
    [record_of("goed", True), record_of("fout", False), unanswerable("weg", 0.0, 0.1), unanswerable("mis", 1.0, 0.6)],
    baselines={
        "bm25": [{"name": "facts_900", "value": 0.4, "low": 0.3, "high": 0.5, "measured": 9, "not_measured": 0}]
    },
)
RUN.summary["figures"].insert(
    0, {"name": "facts_900", "value": 0.5, "low": 0.4, "high": 0.6, "measured": 9, "not_measured": 0}
)
PAGE = render(RUN)
