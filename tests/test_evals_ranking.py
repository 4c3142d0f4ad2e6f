"""Rankings, wordings, intervals and figures, against values known by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_case import (
    PLACES,
    SOME_OFFSET,
    SOME_PLACES,
    SOME_SOURCE,
    SOME_TEXT,
    case_of,
)

from evals import ranking
from evals.cases import Fact
from evals.figures import ORDER, RETRIEVAL, diagnosis, figures_of
from evals.intervals import bootstrap, sign_test, wilson
from evals.ranking import Place, Ranked
from evals.scoring import score_retrieval


def test_facts_within_cuts_at_the_limit_and_does_not_join_passages() -> None:
    fact = Fact(text="f", any_of=("vier kernpartners",))
    late = [Ranked("a", 0, 890, "x" * 890), Ranked("b", 0, 40, "vier kernpartners staan hier")]
    assert ranking.facts_within((fact,), late, 900) == 0.0
    assert ranking.facts_within((fact,), late, 3000) == 1.0
    split = [Ranked("a", 0, 4, "vier"), Ranked("a", 4, 17, " kernpartners")]
    assert ranking.facts_within((fact,), split, 900) == 0.0
    assert ranking.facts_within((), late, 900) is None


def test_ranking_figures_by_hand() -> None:
    places = (Place("a", 0, 10), Place("b", 0, 10))
    ranked = [Ranked("c", 0, 10, ""), Ranked("a", 4, 20, ""), Ranked("b", 6, 20, ""), Ranked("b", 0, 5, "")]
    assert ranking.first_ranks(places, ranked) == [2, 4]
    assert ranking.recall_at(2, places, ranked) == 0.5
    assert ranking.recall_at(4, places, ranked) == 1.0
    assert ranking.reciprocal_rank(places, ranked) == 0.5
    gained, ideal = 1 / 1.5849625007 + 1 / 2.3219280949, 1 + 1 / 1.5849625007
    assert ranking.ndcg_at(10, places, ranked) == pytest.approx(gained / ideal)
    assert ranking.reciprocal_rank(places, []) == 0.0
    assert ranking.ndcg_at(10, (), ranked) is None


def test_a_baseline_that_finds_nothing_scores_nothing() -> None:
    assert set(score_retrieval(case_of(), PLACES, ()).values()) == {0.0}


def test_intervals_and_the_paired_test_against_known_values() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 5)[0] == 0.0
    low, high = bootstrap([0.0, 0.5, 1.0, 1.0])
    assert (low, high) == bootstrap([0.0, 0.5, 1.0, 1.0])
    assert 0.0 <= low < 0.625 < high <= 1.0
    assert sign_test(0, 0) == 1.0
    assert sign_test(9, 1) == pytest.approx(22 / 1024)
    assert sign_test(1, 9) == sign_test(9, 1)
    for empty in (lambda: wilson(0, 0), lambda: bootstrap([])):
        with pytest.raises(ValueError, match="at least one"):
            empty()


@given(st.lists(st.builds(Ranked, SOME_SOURCE, SOME_OFFSET, SOME_OFFSET, SOME_TEXT), max_size=5), SOME_PLACES)
def test_whatever_is_ranked_each_figure_is_a_share_or_not_measured(
    ranked: list[Ranked], places: tuple[Place, ...]
) -> None:
    values = score_retrieval(case_of(), places, ranked)
    assert set(values) == set(RETRIEVAL)
    assert all(value is None or 0.0 <= value <= 1.0 for value in values.values())


_VALUES = st.one_of(st.none(), st.floats(0, 1))


@given(st.lists(st.dictionaries(st.sampled_from(ORDER), _VALUES), max_size=6))
def test_a_figure_counts_every_case_as_measured_or_not(rows: list[dict[str, float | None]]) -> None:
    for figure in figures_of(rows):
        assert figure.measured + figure.not_measured == len(rows)
        assert (figure.value is None) == (figure.measured == 0)
        for value in (figure.value, figure.low, figure.high):
            assert value is None or -1e-9 <= value <= 1 + 1e-9


def test_a_diagnosis_counts_the_losing_cases_and_a_code_once_per_case() -> None:
    rows = [{"passed": 1.0}, {"passed": 0.0}, {"passed": 0.0}, {"passed": None}]
    failures = [[], [("missing_fact", "a"), ("missing_fact", "b")], [("missing_fact", "a"), ["too_long", ""]], []]
    (told,) = diagnosis(rows, failures)
    assert (told.name, told.losing, told.measured) == ("passed", 2, 3)
    assert told.value == pytest.approx(1 / 3)
    assert told.reasons == (("missing_fact", 2), ("too_long", 1))
    assert diagnosis([], []) == ()
    with pytest.raises(ValueError, match="shorter"):
        diagnosis(rows, failures[:1])
