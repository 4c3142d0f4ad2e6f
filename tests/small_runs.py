"""Runs of an evaluation over a small library, as they are kept, and a set of two cases to run."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import pytest
from small_case import LIBRARY, answer_of, case_of, held_back, score_of

from assistant.types import Answer, Outcome
from assistant.ui.quality.measuring import Measured, Measuring
from evals.cases import Case
from evals.run import Result, Run

CASES = """
set: klein
defaults: {asker: teacher, author: toets, status: draft, kind: open}
cases:
  - id: druk
    question: Hoeveel leerlingen op de basisschool ervaren druk door schoolwerk?
    expected: answered
    facts: [{text: 15 procent, any_of: ["ruim 15% van de leerlingen"]}]
  - id: fotosynthese
    question: Hoe werkt fotosynthese in een cactus?
    expected: no_evidence
"""
FIRST, SECOND = datetime(2026, 3, 1, 9, 30), datetime(2026, 3, 2, 10, 0)


def result_of(case: Case, answer: Answer) -> Result:
    return Result(case, answer, 0.5, (), (), score_of(case, answer), {}, 12.0)


def run_of(*results: Result) -> Run:
    return Run(results, {"code": "c", "corpus": "b"}, LIBRARY.texts, whole=False)


def right() -> Result:
    return result_of(case_of(id="een"), answer_of())


def wrong(id: str = "twee") -> Result:
    return result_of(case_of(id=id), held_back(Outcome.NO_EVIDENCE))


def until(measuring: Measuring, wanted: Callable[[Measured], bool]) -> Measured:
    for _ in range(600):
        if wanted(measuring.state):
            return measuring.state
        time.sleep(0.05)
    pytest.fail(f"the run came to {measuring.state}")
