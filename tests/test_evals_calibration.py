"""Calibration of abstention against figures worked out by hand."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from evals.calibration import BINS, Row, auc, calibrate, rows_of
from evals.intervals import wilson

ROWS = (
    *(Row(0.9, True, False) for _ in range(6)),
    *(Row(0.5, True, False) for _ in range(2)),
    *(Row(0.2, True, True) for _ in range(2)),
    *(Row(0.1, False, True) for _ in range(3)),
    Row(0.5, False, False),
)


def test_error_rates_at_a_threshold_are_those_of_nomiracl() -> None:
    points = {point.threshold: point for point in calibrate(ROWS).points}
    assert (points[0.0].refused, points[0.0].answered, points[0.0].coverage) == (0.0, 1.0, 1.0)
    at = points[0.5]
    assert (at.refused, at.answered) == (pytest.approx(2 / 10), pytest.approx(1 / 4))
    assert (at.coverage, at.risk) == (pytest.approx(9 / 14), pytest.approx(1 / 9))
    assert (points[1.0].coverage, points[1.0].risk) == (0.0, None)
    refused = [point.refused for point in points.values()]
    assert refused == sorted(refused)


def test_the_operating_point_is_what_the_run_did_and_the_threshold_that_explains_it() -> None:
    operating = calibrate(ROWS).operating
    assert operating.refused.value == pytest.approx(0.2)
    assert (operating.refused.low, operating.refused.high) == pytest.approx(wilson(2, 10))
    assert operating.answered.value == pytest.approx(0.25)
    assert operating.threshold == 0.21
    assert operating.agreement == 1.0
    shifted = calibrate([*ROWS, Row(0.95, True, True)]).operating
    assert shifted.agreement == pytest.approx(14 / 15)


def test_auc_counts_ties_for_half_and_its_interval_is_delongs() -> None:
    positives, negatives = [0.9, 0.8, 0.5, 0.5, 0.2], [0.5, 0.3, 0.1]
    wins = [[1.0 if p > n else 0.5 if p == n else 0.0 for n in negatives] for p in positives]
    area = sum(map(sum, wins)) / 15
    rows = [sum(row) / 3 for row in wins]
    columns = [sum(row[k] for row in wins) / 5 for k in range(3)]
    spread = sum((v - area) ** 2 for v in rows) / 4 / 5 + sum((v - area) ** 2 for v in columns) / 2 / 3
    half = 1.959963984540054 * math.sqrt(spread) / (area * (1 - area))
    logit = math.log(area / (1 - area))
    found = auc(np.array(positives), np.array(negatives))
    assert found.value == pytest.approx(area)
    assert found.low == pytest.approx(1 / (1 + math.exp(half - logit)))
    assert found.high == pytest.approx(1 / (1 + math.exp(-half - logit)))


def test_auc_without_a_side_is_not_measured_and_without_overlap_has_no_interval() -> None:
    nothing = auc(np.array([0.5]), np.array([]))
    assert (nothing.value, nothing.low, nothing.measured) == (None, None, 1)
    apart = auc(np.array([0.8, 0.9]), np.array([0.1, 0.2]))
    assert (apart.value, apart.low, apart.high) == (1.0, None, None)


def test_bins_and_expected_calibration_error_by_hand() -> None:
    found = calibrate(ROWS)
    assert [one.answerable.measured for one in found.bins] == [3, 2, 3, 0, 6]
    assert [one.answerable.value for one in found.bins] == [0.0, 1.0, pytest.approx(2 / 3), None, 1.0]
    by_hand = (3 * 0.1 + 2 * 0.8 + 3 * abs(0.5 - 2 / 3) + 6 * 0.1) / 14
    assert found.error == pytest.approx(by_hand)
    assert calibrate([Row(1.0, True, False)]).bins[BINS - 1].answerable.measured == 1


def test_rows_that_cannot_be_measured_are_counted_and_no_rows_are_no_error() -> None:
    found = calibrate([*ROWS, Row(None, True, True), Row(0.4, None, False)])
    assert (found.measured, found.not_measured) == (14, 2)
    assert found.operating.refused.measured == 11  # without strength there still is a decision
    empty = calibrate([])
    assert (empty.points, empty.error, empty.auc.value, empty.measured) == ((), None, None, 0)
    for one in (found, empty):
        assert "NaN" not in json.dumps(one.as_json())
    assert json.dumps(calibrate(ROWS).as_json()) == json.dumps(calibrate(ROWS).as_json())


def test_rows_follow_from_the_scores_of_a_record() -> None:
    def record(refused: float | None, answered: float | None, **more: float) -> dict[str, Any]:
        return {"scores": {"refusal_error": refused, "hallucination_error": answered}, **more}

    records = [record(0.0, None, evidence=0.8), record(1.0, None), record(None, 0.0, evidence=0.1), record(None, None)]
    assert rows_of(records) == (
        Row(0.8, True, False),
        Row(None, True, True),
        Row(0.1, False, True),
        Row(None, None, False),
    )
