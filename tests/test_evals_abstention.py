"""The questions that the sources do not answer: readable, no question of the evaluation, and counted as they should be."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.types import Outcome
from evals.benchmarks.abstention import SECOND, Question, lines, load_questions
from evals.cases import load_cases


def test_the_file_holds_both_sorts_once_and_none_of_the_evaluations_questions() -> None:
    questions = load_questions()
    assert Counter(question.verdict for question in questions) == {"none": 240, "partial": 60}
    asked = [" ".join(question.text.casefold().split()) for question in questions]
    assert len(set(asked)) == len(asked)
    known = {case.question.casefold() for case in load_cases()}
    assert sum(question in known for question in asked) <= 3, "written apart from the cases"


def test_the_second_writers_are_others() -> None:
    second = load_questions(SECOND)
    assert Counter(question.verdict for question in second) == {"none": 150, "partial": 50}
    asked = {question.text.casefold() for question in second}
    assert len(asked) == len(second)
    assert not asked & {question.text.casefold() for question in load_questions()}
    assert len(asked & {case.question.casefold() for case in load_cases()}) <= 3


def test_each_share_is_of_its_own_side() -> None:
    questions = [Question("none", "prijs", "a"), Question("none", "wet", "b"), Question("answered", "", "c")]
    told = list(lines([*questions, Question("partial", "", "d")], [Outcome.ANSWERED, *[Outcome.PARTIAL] * 3]))
    assert told[0].startswith("unanswerable, answered as if known: 1/2 ")
    assert told[1].startswith("answerable, refused: 0/1 ")
    assert told[2].startswith("answerable, called half answerable: 1/1 ")
    assert told[3].startswith("half answerable, recognised: 1/1 ")
    assert told[4:] == ["  prijs: 1 of 1"]


@pytest.mark.parametrize("row", ["maybe\tprijs\tWat kost het?\t", "none\tprijs\t \t", "none\tprijs\tWat kost het?"])
def test_a_row_that_cannot_be_read_is_told(tmp_path: Path, row: str) -> None:
    path = tmp_path / "questions.tsv"
    path.write_text(f"verdict\tsort\tquestion\tsentence\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        load_questions(path)
