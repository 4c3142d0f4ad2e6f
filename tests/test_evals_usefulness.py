"""The judged statements: that the file can be read, and that what is printed is what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.benchmarks import usefulness


def test_the_file_can_be_read_and_numbers_the_statements_of_every_answer_from_one():
    judgements = usefulness.load_judgements()
    numbers: dict[str, list[int]] = {}
    for judgement in judgements:
        numbers.setdefault(judgement.case, []).append(judgement.number)
    assert len(numbers) == 60
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert {judgement.set_name for judgement in judgements} == set(usefulness.SETS.values())
    assert "corpus=" in usefulness.made_with()


def test_the_printed_share_is_that_of_a_recount(capsys: pytest.CaptureFixture[str]):
    rows = [line.split("\t") for line in usefulness.FILE.read_text(encoding="utf-8").splitlines()[2:]]
    unhelpful = sum(row[4] == "no" for row in rows)
    assert usefulness.main([]) == 0
    told = capsys.readouterr().out.splitlines()
    [share] = [line for line in told if line.startswith("statements that do not help")]
    assert f" {unhelpful}/{len(rows)} = {unhelpful / len(rows):.3f} [" in share
    unhelped = {row[0] for row in rows} - {row[0] for row in rows if row[4] == "yes"}
    [without] = [line for line in told if line.startswith("answers without one that helps")]
    assert f" {len(unhelped)}/60 = " in without


@pytest.mark.parametrize("row", ["k-a\tq\t1\ts\tmaybe\t\tyes", "k-a\tq\t1\ts\tno\t\tyes", "k-a\tq\t2\ts\tyes\t\tyes"])
def test_an_unknown_label_or_a_no_without_reason_is_told(tmp_path: Path, row: str):
    head = "case\tquestion\tstatement_number\tstatement\thelps\tnote\tanswers"
    path = tmp_path / "judged.tsv"
    path.write_text(f"# made_with code=1\n{head}\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3"):
        usefulness.load_judgements(path)
