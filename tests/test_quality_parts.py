"""What the page with figures is made of: runs beside the visitors, how they are told, judging, and cases from a form."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from school import House
from small_case import case_of, held_back
from small_runs import CASES, FIRST, SECOND, result_of, right, run_of, until, wrong

from assistant import texts_nl as nl
from assistant.answer import Assistant
from assistant.types import Outcome
from assistant.ui.quality import labelling
from assistant.ui.quality.case_form import case_of as made_case
from assistant.ui.quality.comparing import table
from assistant.ui.quality.figures import cases_html
from assistant.ui.quality.measuring import Measured, Measuring, kept
from assistant.ui.quality.runs import before, change_words, changes, kept_runs, remove_run
from evals.cases import CasesError, load_cases
from evals.compare import Difference, compare, read_run
from evals.report.cases import case_views

TEXT = nl.QUALITY

# the runs that are kept


def test_a_run_is_kept_whole_under_its_moment_and_found_again_newest_first(tmp_path: Path):
    kept(run_of(wrong("een")), tmp_path / "runs", FIRST)
    kept(run_of(right()), tmp_path / "runs", SECOND)
    (tmp_path / "runs" / ".bezig-2026-03-03T10-00-00").mkdir()
    (tmp_path / "runs" / "2026-03-04T10-00-00").mkdir()
    newest, oldest = kept_runs(tmp_path)
    assert newest.when == "2 maart 2026, 10:00"
    assert newest.cases == 1 and newest.sets == ("kern",)
    assert before(newest, (newest, oldest)) == oldest
    assert before(oldest, (newest, oldest)) is None
    remove_run(oldest)
    assert kept_runs(tmp_path) == (newest,)


def test_two_runs_of_one_second_do_not_overwrite_each_other(tmp_path: Path):
    first, second = (kept(run_of(right()), tmp_path / "runs", FIRST) for _ in range(2))
    assert first != second and len(kept_runs(tmp_path)) == 2


def test_a_run_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    (tmp_path / "runs").write_text("in de weg")
    with pytest.raises(OSError, match="runs"):
        kept(run_of(right()), tmp_path / "runs", FIRST)
    assert kept_runs(tmp_path) == ()


def test_a_change_is_told_in_points_with_what_it_proves(tmp_path: Path):
    old = read_run(kept(run_of(wrong("een")), tmp_path, FIRST))
    new = read_run(kept(run_of(right()), tmp_path, SECOND))
    told = change_words(changes(new, old)["passed"], "1 maart")
    assert told == "+100 punt sinds 1 maart: niet te zeggen"
    assert change_words(None, "") == TEXT["no_change"]
    assert change_words(changes(new, new)["passed"], "gisteren") == TEXT["same"]
    assert changes(new, None) == {}
    worse = Difference("passed", 0.9, 0.803, 1, 20, 100, 0.001, "worse")
    assert change_words(worse, "1 maart") == "−9,7 punt sinds 1 maart: slechter"


def test_cases_and_figures_show_what_they_hold_as_text(tmp_path: Path):
    evil = "<script>window.hacked=1</script> & <h4>"
    case = case_of(id="een", question=f"Wat {evil}?")
    run = read_run(kept(run_of(result_of(case, held_back(Outcome.NO_EVIDENCE))), tmp_path, FIRST))
    shown = cases_html(case_views(run.cases.values(), {}))
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "&lt;h4&gt;" in shown
    assert "<details" in shown and "31 procent" in shown
    rows = table(compare(run, run).differences)
    assert rows.count("<tr>") == len(compare(run, run).differences) + 1


# one run at a time, beside the visitors


class Slow:
    """Stands where an assistant is asked for, and lets a test decide how far a run comes."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant, self.go = assistant, threading.Event()

    def __call__(self) -> Assistant:
        assert self.go.wait(30)
        return self.assistant


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    folder = tmp_path / "vragen"
    folder.mkdir()
    (folder / "klein.yaml").write_text(CASES, encoding="utf-8")
    return folder


def test_a_run_goes_on_by_itself_is_kept_and_tells_how_far_it_is(own_house: House, small_set: Path):
    measuring, slow = Measuring(), Slow(own_house.assistant)
    cases = load_cases(small_set)
    assert measuring.start(cases, False, slow, own_house.settings, (small_set,))
    assert measuring.state.running and measuring.state.total == 2
    assert not measuring.start(cases, False, slow, own_house.settings, (small_set,)), "one at a time"
    slow.go.set()
    ended = until(measuring, lambda state: not state.running)
    assert ended.error is None and ended.done == 2
    run = read_run(kept_runs(own_house.settings.data)[0].folder)
    assert set(run.cases) == {"druk", "fotosynthese"} and run.cases["druk"]["passed"]
    assert run.summary["whole"] is False and run.summary["made_with"]["code"]
    assert measuring.start(cases, False, slow, own_house.settings, (small_set,)), "and then another"
    until(measuring, lambda state: not state.running)


def test_a_run_that_is_stopped_keeps_nothing(own_house: House, small_set: Path):
    measuring, slow = Measuring(), Slow(own_house.assistant)
    measuring.start(load_cases(small_set), False, slow, own_house.settings, (small_set,))
    measuring.stop()
    assert measuring.state.stopping
    slow.go.set()
    ended = until(measuring, lambda state: not state.running)
    assert ended.stopped and ended.error is None and ended.done == 1
    assert kept_runs(own_house.settings.data) == ()


def test_a_run_that_fails_says_so_and_another_may_begin(own_house: House, small_set: Path):
    measuring = Measuring()

    def broken() -> Assistant:
        raise RuntimeError("no model")

    measuring.start(load_cases(small_set), False, broken, own_house.settings, (small_set,))
    assert isinstance(until(measuring, lambda state: not state.running).error, RuntimeError)
    assert measuring.start(load_cases(small_set), False, lambda: own_house.assistant, own_house.settings, (small_set,))
    assert until(measuring, lambda state: not state.running).error is None


def test_the_rest_is_estimated_from_what_is_done():
    assert Measured(total=10).seconds_left(5.0) is None
    assert Measured(done=2, total=10, began=1.0).seconds_left(5.0) == pytest.approx(16.0)
    assert [nl.quality_left(seconds) for seconds in (5, 61, 125)] == [
        "minder dan een minuut",
        "een minuut",
        "2 minuten",
    ]


# judging


def test_judging_goes_item_by_item_in_the_editors_own_order_and_is_taken_up_again(tmp_path: Path):
    run = read_run(kept(run_of(right(), wrong()), tmp_path, FIRST))
    judging = labelling.begun(run, " Noor ", 10, ())
    assert judging.editor == "Noor" and judging.at == 0
    assert [item.id for item in judging.items] == [label.item for label in judging.labels]
    values = {"supported": "full", "helpful": "helpful"}
    first = judging.items[0]
    judging = labelling.labelled(judging, values[first.claim], " goed ")
    assert judging.at == 1 and judging.labels[0].remark == "goed"
    again = labelling.begun(run, "noor", 10, [judging.record])
    assert again.labels[0].value == values[first.claim] and again.at == 1
    other = labelling.begun(run, "Sem", 10, [judging.record])
    assert other.record.labelled == 0, "nobody sees what another said"
    with pytest.raises(ValueError, match="full"):
        labelling.labelled(
            replace(judging, at=next(n for n, i in enumerate(judging.items) if i.claim == "helpful")), "full"
        )


# making a case


def test_a_case_is_made_of_a_form_or_told_what_is_wrong():
    fields = {
        "question": " Wat kost het? ",
        "expected": "no_evidence",
        "kind": "open",
        "sector": None,
        "asker": "teacher",
    }
    case = made_case(fields)
    assert case.turns == ("Wat kost het?",) and case.set == "eigen" and case.status == "draft"
    with pytest.raises(CasesError) as told:
        made_case(fields | {"expected": "answered"})
    assert [one.code for one in told.value.problems] == ["needs_fact"]
    with pytest.raises(CasesError):
        made_case(fields | {"question": "   "})
