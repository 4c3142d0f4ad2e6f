"""The second process of a run: the same results, whichever of the two asked, and none lost when it dies."""

from __future__ import annotations

import os
import signal
from functools import partial

import pytest
from school import open_house

from assistant.settings import Settings
from assistant.types import Outcome
from evals.cases import Case
from evals.helping import WORTH_IT, helped
from evals.records import record_of
from evals.run import Run, Subject, evaluate
from evals.scoring import Library

QUESTIONS = (
    "Wat is mentaal welbevinden?",
    "Hoeveel leerlingen ervaren druk door schoolwerk?",
    "Hoe betrek je ouders?",
    "Hoe repareer je een fietsband?",
    "Wat ziet een mentor als eerste?",
    "Waaruit bestaat een schoolbrede aanpak?",
    "Welke belangrijke rol heeft de stagebegeleider in het mbo?",
)
CASES = tuple(
    Case.model_validate(
        {
            "id": f"v{number}",
            "set": "proef",
            "turns": [question],
            "expected": Outcome.ANSWERED,
            "kind": "open",
            "asker": "teacher",
            "status": "draft",
            "author": "redactie",
            "date": "2026-11-22",
            "facts": [{"text": "leren beter", "any_of": ["leren beter"]}],
        }
    )
    for number, question in enumerate(QUESTIONS * 4)
)


def _open(settings: Settings) -> Subject:
    house = open_house(settings)
    return Subject(house.assistant, Library.of(house.library))


def _open_elsewhere(settings: Settings, parent: int) -> Subject:
    """Open the library in the helping process alone; it must be another one."""
    assert os.getpid() != parent
    (settings.data / "helped").touch()
    return _open(settings)


def _open_and_die(settings: Settings) -> Subject:
    (settings.data / "helped").touch()
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("not reached")


def _records(run: Run) -> list[dict[str, object]]:
    return [record_of(result, run.texts) for result in run.results]


@pytest.fixture
def subject(school_settings: Settings) -> Subject:
    return _open(school_settings)


def test_a_helping_process_gives_the_same_results_in_the_same_order(
    subject: Subject, school_settings: Settings
) -> None:
    done: list[int] = []
    with helped(partial(_open_elsewhere, school_settings, os.getpid()), WORTH_IT) as asking:
        assert asking is not None
        run = evaluate(CASES, subject, progress=lambda: done.append(1), asking=asking)
    assert (school_settings.data / "helped").exists()
    assert len(done) == len(CASES)
    assert [result.case.id for result in run.results] == [case.id for case in CASES]
    assert _records(run) == _records(evaluate(CASES, subject))


def test_what_a_helper_that_dies_leaves_is_asked_here(subject: Subject, school_settings: Settings) -> None:
    with helped(partial(_open_and_die, school_settings), WORTH_IT) as asking:
        run = evaluate(CASES, subject, asking=asking)
    assert (school_settings.data / "helped").exists()
    assert _records(run) == _records(evaluate(CASES, subject))


def test_few_cases_are_asked_without_a_second_process(school_settings: Settings) -> None:
    with helped(partial(_open_and_die, school_settings), WORTH_IT - 1) as asking:
        assert asking is None
    assert not (school_settings.data / "helped").exists()
