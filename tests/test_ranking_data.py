"""The questions that the choice of statements is trained on, and those of another writer that measure it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.cases import load_cases
from evals.training.ranking import SECOND, labels, load_rows


def test_the_two_writers_asked_nothing_alike_and_nothing_of_the_evaluation() -> None:
    first, second = load_rows(), load_rows(SECOND)
    assert len(first) == 300 and len(second) == 260
    asked = {row.question.casefold() for row in first}
    others = {row.question.casefold() for row in second}
    assert not asked & others
    cases = {case.question.casefold() for case in load_cases()}
    assert len(others & cases) <= 3, "written apart from the cases"


def test_the_best_answer_is_told_from_others_that_help_and_from_the_rest() -> None:
    row = load_rows(SECOND)[0]
    source, best = row.answers[0]
    told = labels(row, [(source, best), (source, "Een zin die hier nergens staat."), ("elders", best)])
    assert told.tolist() == [2, 0, 0]


def test_a_line_without_an_answer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.tsv"
    path.write_text("bron\tWat is dit?\tEen zin.\nbron\tEn dit?\t \n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        load_rows(path)
