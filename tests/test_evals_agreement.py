"""Agreement against published figures, what can't be measured, and metrics beside people."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from typing import Any

import pytest
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from evals.compare import SavedRun
from evals.figures import LOWER_IS_BETTER
from evals.judging import agreement
from evals.judging.agreement import ENOUGH, judge, metrics_against_people
from evals.judging.coefficients import Measured, auc, kappa
from evals.judging.draw import items_of, run_hash
from evals.judging.labels import SCALES, Label, Labels, LabelsError
from evals.judging.texts import error_lines, judgement_lines


def pairs_of(table: list[list[int]]) -> tuple[list[str], list[str]]:
    """Write a table of counts out as two raters' labels."""
    cells = [(str(i), str(j)) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [a for a, _ in cells], [b for _, b in cells]


# SAS PROC FREQ's output for these tables (kappa and 95 % limits, simple and with linear weights). The first is printed
# on J. Uebersax, "Calculating Kappa with SAS" (john-uebersax.com/stat/saskappa.htm), both in statsmodels' inter_rater.
PUBLISHED = [
    ([[0, 0, 0], [5, 16, 3], [8, 12, 28]], (0.3333, 0.1738, 0.4929), (0.2895, 0.1414, 0.4376)),
    ([[0, 4, 1], [0, 8, 0], [0, 1, 5]], (0.4842, 0.2137, 0.7547), (0.4701, 0.1845, 0.7558)),
]


@pytest.mark.parametrize(("table", "simple", "weighted"), PUBLISHED)
def test_kappa_and_its_interval_are_those_that_were_published(table: Any, simple: Any, weighted: Any):
    for wanted, weigh in ((simple, False), (weighted, True)):
        found = kappa(*pairs_of(table), "012", weigh)
        assert (found.value, found.low, found.high) == pytest.approx(wanted, abs=6e-5)


def test_kappa_of_cohens_own_table():
    """Cohen (1968), table 1: 200 diagnoses, unweighted kappa .492 at .70 agreement against .41 by chance."""
    found = kappa(*pairs_of([[88, 14, 18], [10, 40, 10], [2, 6, 12]]), "012")
    assert found.value == pytest.approx((0.70 - 0.41) / 0.59) and round(found.value or 0, 3) == 0.492
    assert found.observed == pytest.approx(0.70) and found.items == 200


@pytest.mark.parametrize("seed", range(8))
def test_kappa_equals_scikit_learns(seed: int):
    dice = random.Random(seed)
    a = [dice.choice("xyz") for _ in range(60)]
    b = [one if dice.random() < 0.6 else dice.choice("xyz") for one in a]
    assert kappa(a, b, "xyz").value == pytest.approx(cohen_kappa_score(a, b, labels=list("xyz")))
    linear = cohen_kappa_score(a, b, labels=list("xyz"), weights="linear")
    assert kappa(a, b, "xyz", weighted=True).value == pytest.approx(linear)
    both = kappa(a, b, "xyz", weighted=True), kappa(b, a, "xyz", weighted=True)
    assert both[0].low == pytest.approx(both[1].low)


def test_kappa_has_no_value_where_it_is_not_defined():
    assert kappa([], [], "xy") == Measured(None, None, None, None, 0, "no_items")
    assert kappa("xxx", "xxx", "xy") == Measured(None, None, None, 1.0, 3, "one_category")
    assert kappa("x" * 5, "xxyyx", "xy").value == pytest.approx(0)
    with pytest.raises(ValueError):
        kappa("xx", "x", "xy")
    with pytest.raises(ValueError):
        kappa("q", "x", "xy")


def test_full_agreement_on_few_items_still_has_a_width():
    few, many = kappa("xyxyx", "xyxyx", "xy"), kappa("xy" * 100, "xy" * 100, "xy")
    assert few.value == many.value == 1 == few.high
    assert few.low is not None and many.low is not None and few.low < 0.2 < 0.9 < many.low
    none = kappa("xyxy", "yxyx", "xy")
    assert none.value == none.low == -1 and none.high is not None and none.high > -0.5


@pytest.mark.parametrize("seed", range(6))
def test_no_figure_is_ever_nan_or_outside_its_interval(seed: int):
    dice = random.Random(seed)
    for _ in range(60):
        n = dice.randint(1, 12)
        a, b = ([dice.choice("xyz"[: dice.randint(1, 3)]) for _ in range(n)] for _ in range(2))
        values = [dice.choice((0.0, 0.5, 1.0)) for _ in range(n)]
        for one in (kappa(a, b, "xyz"), kappa(a, b, "xyz", True), auc(values, [x == "x" for x in a])):
            if one.value is None:
                assert one.low is one.high is None and one.why
            else:
                assert one.low is not None and one.high is not None
                assert -1 <= one.low <= one.value + 1e-9 and one.value - 1e-9 <= one.high <= 1


def test_area_under_the_curve_equals_scikit_learns_and_its_bounds_solve_newcombes_equation():
    dice = random.Random(3)
    good = [dice.random() < 0.6 for _ in range(50)]
    values = [round(dice.random() + 0.3 * one, 1) for one in good]
    found = auc(values, good)
    assert found.value == pytest.approx(roc_auc_score(good, values))
    m, half = sum(good), len(good) / 2 - 1
    for bound in (found.low, found.high):
        assert bound is not None and found.value is not None
        spread = 1 + half * (1 - bound) / (2 - bound) + half * bound / (1 + bound)
        error = math.sqrt(bound * (1 - bound) * spread / (m * (len(good) - m)))
        assert abs(bound - found.value) == pytest.approx(1.959964 * error, rel=1e-5)
    perfect = auc([0.0, 0.0, 1.0, 1.0], [False, False, True, True])
    assert perfect.value == perfect.high == 1 and perfect.low is not None and perfect.low < 0.8
    assert auc([1.0], [True]).why == "one_category" and auc([], []).why == "no_items"


# people and metrics


def record(number: int, scores: dict[str, float | None]) -> dict[str, Any]:
    cited = [{"number": n, "title": "T", "quote": f"Zin {n}."} for n in (1, 2)]
    told = [{"text": f"Zin {n}.", "citations": [n], "own": False} for n in (1, 2)]
    answer = {"outcome": "answered", "statements": told, "citations": cited, "nearest": []}
    return {"id": f"c{number:02}", "turns": ["Vraag?"], "passed": True, "scores": scores, "answer": answer}


def run_of(scores: list[dict[str, float | None]]) -> SavedRun:
    return SavedRun("map", {}, {}, {f"c{n:02}": record(n, one) for n, one in enumerate(scores)})


def labels_of(run: SavedRun, editor: str, helpful: Any, supported: Any = lambda number, place: "full") -> Labels:
    """An editor who labels by the answer's number and, for statements, their place; None leaves it open."""
    made = []
    for number, one in enumerate(run.cases.values()):
        for place, item in enumerate(items_of(one)):
            value = helpful(number) if item.claim == "helpful" else supported(number, place)
            made.append(Label(item.id, item.case, item.claim, item.turns[-1], item.text, value))
    return Labels(editor, run_hash(run), "", "", len(made), tuple(made))


def yes(number: int) -> str:
    return SCALES["helpful"][number % 2]


def test_a_metric_that_says_what_people_say_agrees_and_its_opposite_does_not():
    run = run_of([{"passed": float(n % 2 == 0), "refusal_error": float(n % 2), "cites_expected": float(n % 2),
                   "vital_facts": 1 - n % 2 * 0.4, "vital_facts_900": 1.0, "okay_facts": 1.0} for n in range(40)])  # fmt: skip
    people = [labels_of(run, "Anna", yes), labels_of(run, "Bart", yes)]
    checks = {one.name: one for one in metrics_against_people(run, people)}
    assert set(checks) == {"passed", "refusal_error", "cites_expected", "vital_facts", "vital_facts_900"}
    assert checks["passed"].measured.value == checks["refusal_error"].measured.value == 1
    assert checks["cites_expected"].measured.value == -1
    assert (checks["vital_facts"].kind, checks["vital_facts"].measured.value) == ("auc", 1)
    assert checks["vital_facts_900"].measured.why == "constant"


def test_an_answer_counts_as_supported_only_when_every_statement_is_fully():
    run = run_of([{"citation_recall": float(n % 2 == 0)} for n in range(40)])
    partly = labels_of(run, "Anna", yes, lambda n, place: "partly" if n % 2 and place else "full")
    (check,) = metrics_against_people(run, [partly])
    assert (check.claim, check.measured.value, check.measured.items) == ("supported", 1, 40)
    open_ones = labels_of(run, "Anna", yes, lambda n, place: None if place and n < 5 else ("none" if n % 2 else "full"))
    (check,) = metrics_against_people(run, [open_ones])
    assert check.measured.items == 37, "answers with an open statement count only where another one failed"


def test_answers_on_which_people_are_divided_are_left_out_and_counted_and_a_third_decides():
    run = run_of([{"passed": float(n % 2 == 0)} for n in range(40)])
    anna = labels_of(run, "Anna", yes)
    bart = labels_of(run, "Bart", lambda n: yes(n + (n < 6)))
    (divided,) = metrics_against_people(run, [anna, bart])
    assert (divided.ties, divided.measured.items, divided.measured.value) == (6, 34, 1)
    (decided,) = metrics_against_people(run, [anna, bart, labels_of(run, "Cato", yes)])
    assert (decided.ties, decided.measured.items, decided.measured.value) == (0, 40, 1)


def test_fewer_than_thirty_answers_give_no_figure_but_say_so():
    run = run_of([{"passed": float(n % 2 == 0)} for n in range(ENOUGH)])
    labelled = labels_of(run, "Anna", lambda n: yes(n) if n else None)
    (check,) = metrics_against_people(run, [labelled])
    assert check.measured == Measured(None, None, None, None, ENOUGH - 1, "too_few")
    (check,) = metrics_against_people(run, [labels_of(run, "Anna", yes)])
    assert check.measured.value == 1
    (same,) = metrics_against_people(run, [labels_of(run, "Anna", lambda n: "helpful")])
    assert same.measured.why == "one_category"


def test_differences_stand_furthest_apart_first_and_open_rows_are_no_difference():
    run = run_of([{"passed": 1.0}] * 3)
    anna = labels_of(run, "Anna", lambda n: "helpful")
    bart = labels_of(run, "Bart", lambda n: "not_helpful" if n == 2 else None,
                     lambda n, place: ("partly", "none", "full")[n] if place else "full")  # fmt: skip
    found = agreement.differences(anna, bart)
    assert [(one.first.case, one.second.value, one.distance) for one in found] == [
        ("c01", "none", 1.0), ("c02", "not_helpful", 1.0), ("c00", "partly", 0.5),
    ]  # fmt: skip


def test_two_editors_side_by_side_as_lines_and_as_json():
    run = run_of([{"passed": float(n % 2 == 0), "vital_facts": None, "to_the_point": 1.0} for n in range(40)])
    anna = labels_of(run, "Anna", yes)
    bart = labels_of(run, "Bart", lambda n: yes(n + (n % 10 == 0)) if n else None)
    result = judge(anna, replace(bart, labels=bart.labels[:-3]), run)
    lines = list(judgement_lines(result))
    text = "\n".join(lines)
    assert "Anna: 120 van 120 beoordeeld, 0 leeg gelaten, 0 rijen weggehaald" in text
    assert "Bart: 116 van 120 beoordeeld, 1 leeg gelaten, 3 rijen weggehaald" in text
    assert "Staat dit in de bron? niet gemeten: alle oordelen zijn hetzelfde" in text
    assert "Verschillend beoordeeld, het grootste verschil eerst (3):" in text
    assert "- c10 | Helpt dit antwoord? | Vraag? | helpt / helpt niet" in lines
    assert "Helpt dit antwoord? kappa 0,84" in text and "{" not in text and "nan" not in text.lower()
    record = json.loads(json.dumps(result.as_json(), allow_nan=False))
    assert record["agreements"][0]["kappa"]["items"] == 38 and len(record["differences"]) == 3
    assert "Automatische" not in "\n".join(judgement_lines(judge(anna, bart)))


def test_labels_that_do_not_belong_together_are_refused():
    run, other = run_of([{"passed": 1.0}]), run_of([{"passed": 1.0}] * 2)
    anna = labels_of(run, "Anna", yes)
    for call, why in (
        (lambda: judge(anna, labels_of(other, "Bart", yes)), "other_run"),
        (lambda: judge(anna, labels_of(run, "Bart", yes), other), "other_run"),
        (lambda: judge(anna, labels_of(run, "anna", yes)), "same_editor"),
        (lambda: metrics_against_people(other, [anna]), "other_run"),
    ):
        with pytest.raises(LabelsError) as caught:
            call()
        assert caught.value.details["why"] == why and len(list(error_lines(caught.value))) == 1


def test_the_metrics_that_are_checked_are_figures_of_a_run():
    from evals.figures import ORDER

    names = {name for claimed in agreement.CLAIMS.values() for name in claimed}
    assert names <= set(ORDER) and set(agreement.CLAIMS) == set(SCALES)
    assert {"refusal_error", "hallucination_error"} == names & LOWER_IS_BETTER
