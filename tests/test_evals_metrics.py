"""What an answer says and how it ends; and whatever it is, each figure is a share or not measured."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from school import House
from small_case import (
    PLACES,
    QUOTE,
    SOME_OFFSET,
    SOME_PLACES,
    SOME_SOURCE,
    SOME_TEXT,
    TEXTS,
    VERSIONS,
    answer_of,
    case_of,
    citation_of,
    held_back,
    saying,
    score_of,
)

from assistant.types import Answer, Outcome, Statement
from evals import metrics
from evals.cases import Case
from evals.figures import ANSWERS, ORDER
from evals.ranking import Place
from evals.scoring import CODES, Library, score_answer
from evals.texts import failure_line, figure_label, figure_meaning


def test_a_good_answer_passes_and_has_nothing_wrong() -> None:
    score = score_of(case_of(), answer_of())
    assert score.passed, score.failures
    for name in ("vital_facts", "okay_facts", "quote_validity", "citation_coverage", "verbatim", "closed_numbers"):
        assert score.values[name] == 1.0, name
    assert score.values["refusal_error"] == 0.0
    assert score.values["hallucination_error"] is None


def test_a_wrong_number_is_not_closed_and_not_verbatim() -> None:
    score = score_of(case_of(), answer_of(QUOTE.replace("31", "41")))
    assert score.values["closed_numbers"] == 0.0
    assert score.values["verbatim"] == 0.0
    assert score.values["vital_facts"] == 0.0
    assert not score.passed


def test_refusing_an_answerable_case_is_an_error() -> None:
    for outcome in (Outcome.NO_EVIDENCE, Outcome.REFUSED):
        score = score_of(case_of(), held_back(outcome))
        assert score.values["refusal_error"] == 1.0
        assert {code for code, _ in score.failures} >= {"refusal_error", "missing_fact"}


def test_answering_an_unanswerable_case_is_an_error_unless_it_says_what_is_missing() -> None:
    case = case_of("no_evidence")
    assert score_of(case, answer_of()).values["hallucination_error"] == 1.0
    assert score_of(case, answer_of(outcome=Outcome.PARTIAL)).values["hallucination_error"] == 1.0
    partial = replace(answer_of(outcome=Outcome.PARTIAL), missing=("prijs",))
    assert score_of(case, partial).values["hallucination_error"] == 0.0
    assert score_of(case, held_back(Outcome.NO_EVIDENCE)).passed


def test_a_partly_answerable_case_needs_facts_and_what_is_missing() -> None:
    case = case_of("partial")
    assert not score_of(case, answer_of()).passed
    assert not score_of(case, answer_of(outcome=Outcome.PARTIAL)).passed
    assert score_of(case, replace(answer_of(outcome=Outcome.PARTIAL), missing=("prijs",))).passed


def test_a_missed_referral_the_wrong_one_and_a_false_alarm_are_seen() -> None:
    danger = case_of("referral", referral="suicide")
    assert score_of(danger, held_back(Outcome.REFERRAL)).values["referral_recall"] == 0.0
    assert score_of(danger, replace(held_back(Outcome.REFERRAL), referral="abuse")).values["referral_recall"] == 0.0
    assert score_of(danger, replace(held_back(Outcome.REFERRAL), referral="suicide")).passed
    alarmed = score_of(case_of(), replace(answer_of(), referral="suicide"))
    assert alarmed.values["false_alarm"] == 1.0
    assert not alarmed.passed


def test_forbidden_words_and_unmasked_data_are_seen() -> None:
    assert score_of(case_of(never=["31%"]), answer_of()).values["clean"] == 0.0
    case = case_of(masked=["Jansen"])
    assert score_of(case, replace(answer_of(), question="Wat doet Jansen?")).values["masked"] == 0.0
    assert score_of(case, answer_of()).values["masked"] == 1.0
    assert score_of(case, answer_of()).values["clean"] is None


def test_own_sentences_earn_no_facts() -> None:
    own = replace(answer_of(), statements=(Statement(QUOTE, (), own=True),))
    assert metrics.fact_recall(case_of().vital, own) == 0.0


@pytest.mark.parametrize(
    ("first", "second", "again"),
    [
        ("Ouders helpen mee.", "ouders  helpen mee", True),
        ("Ouders helpen op vrijdag mee in de bus.", "Kinderen spelen buiten op het plein.", False),
        (
            "Psychosociale hulp aanbieden binnen school heeft positieve effecten op het welbevinden van leerlingen.",
            "Het bieden van psychosociale hulp op school heeft positieve effecten op welbevinden van een leerling.",
            True,
        ),
        (
            "In het basisonderwijs ervaart 15% van de leerlingen veel druk door het schoolwerk.",
            "In het basisonderwijs ervaart 20% van de leerlingen veel druk door het schoolwerk.",
            False,
        ),
        ("Dit rapport is er voor mbo-scholen.", "Dit rapport is er voor basisscholen.", False),
    ],
)
def test_a_statement_that_says_the_same_again_is_redundant(first: str, second: str, again: bool) -> None:
    assert metrics.redundancy(saying(first, second)) == (0.5 if again else 0.0)
    assert metrics.redundancy(saying(first)) is None


def test_taking_a_statement_up_and_adding_to_it_is_not_redundant() -> None:
    short = "Gezonde School is een programma dat scholen helpt bij de gezondheid van leerlingen."
    longer = f"{short[:-1]}, samen met gemeenten, sportclubs, bibliotheken, huisartsen en alle ouders uit de wijk."
    assert metrics.redundancy(saying(short, longer)) == 0.0
    assert metrics.redundancy(saying(longer, short)) == 0.5


def test_items_of_one_list_are_one_group() -> None:
    items = [f"voordeel nummer {number}" for number in range(10)]
    text = "Dit helpt:\n" + "\n".join(items)
    cited = []
    for number, item in enumerate(["Dit helpt:", *items], 1):
        start = text.index(item)
        cited.append(replace(citation_of(), number=number, quote=item, start=start, end=start + len(item)))
    answer = replace(
        saying(*(c.quote for c in cited), quotes=tuple((c.number,) for c in cited)), citations=tuple(cited)
    )
    assert metrics.concise(answer, {"kaart": text}) == 1.0
    assert metrics.concise(answer, {"kaart": text.replace("\n", " ")}) == 0.0
    with_lead_in = tuple(replace(s, citations=(1, *s.citations)) for s in answer.statements[1:])
    assert metrics.concise(replace(answer, statements=with_lead_in), {}) == 1.0


def test_too_many_characters_and_nothing_at_all() -> None:
    assert metrics.concise(saying("x" * 3000), TEXTS) == 1.0
    assert metrics.concise(saying("x" * 3001), TEXTS) == 0.0
    assert metrics.concise(held_back(Outcome.ANSWERED), TEXTS) is None
    assert metrics.says_something(held_back(Outcome.ANSWERED)) == metrics.says_something(saying("Van de.", "…")) == 0.0
    assert metrics.says_something(answer_of()) == 1.0
    assert metrics.says_something(held_back(Outcome.NO_EVIDENCE)) is None


def test_a_statement_is_to_the_point_by_a_fact_or_by_its_place() -> None:
    facts = case_of().facts
    away = replace(citation_of(), source="blad")
    assert metrics.to_the_point(facts, PLACES, replace(answer_of(), citations=(away,))) == 1.0
    assert metrics.to_the_point(facts, PLACES, replace(answer_of("Zwemles."), citations=(away,))) == 0.0
    assert metrics.to_the_point(facts, PLACES, answer_of("Zwemles.")) == 1.0
    assert metrics.to_the_point(facts, (), answer_of()) is None
    off = score_of(case_of(), replace(answer_of("Zwemles."), citations=(away,)))
    assert "off_topic" in {code for code, _ in off.failures}


def test_sectors_are_not_measured_without_marks_or_a_sector() -> None:
    marks = (metrics.Marked("kaart", 0, 20, frozenset({"vo"})), metrics.Marked("kaart", 20, 90, frozenset()))
    po = case_of(sector="po")
    assert metrics.sector_fit(po, answer_of(), ()) is None
    assert metrics.sector_fit(case_of(), answer_of(), marks) is None
    assert metrics.sector_fit(po, answer_of(), marks) == 1.0
    assert metrics.sector_fit(po, answer_of(), marks[:1]) == 0.0
    vo = case_of(sector="vo", question="Hoeveel kinderen in het vo?")
    assert metrics.sector_fit(vo, answer_of(), marks[:1]) == 1.0
    assert metrics.sector_fit(case_of(sector="vo"), answer_of(), marks[:1]) is None  # it does not say so


_CITATIONS = st.builds(
    lambda number, source, quote, start, end: replace(
        citation_of(), number=number, source=source, quote=quote, start=start, end=end
    ),
    st.integers(0, 4),
    SOME_SOURCE,
    st.one_of(SOME_TEXT, st.just(QUOTE)),
    SOME_OFFSET,
    SOME_OFFSET,
)


_STATEMENTS = st.builds(
    Statement,
    st.one_of(SOME_TEXT, st.just(QUOTE)),
    st.lists(st.integers(0, 4), max_size=3).map(tuple),
    st.booleans(),
)


_ANSWERS = st.builds(
    Answer,
    question=SOME_TEXT,
    outcome=st.sampled_from(Outcome),
    text=SOME_TEXT,
    statements=st.lists(_STATEMENTS, max_size=4).map(tuple),
    citations=st.lists(_CITATIONS, max_size=4).map(tuple),
    referral=st.sampled_from([None, "suicide", "abuse"]),
    missing=st.lists(SOME_TEXT, max_size=1).map(tuple),
    nearest=st.lists(_CITATIONS, max_size=1).map(tuple),
    mode=st.sampled_from(["extractive", "generated"]),
)


_CASES = (
    case_of(sector="po", never=["zwemles"], masked=["Sanne"]),
    case_of("partial"),
    case_of("no_evidence"),
    case_of("refused"),
    case_of("referral", referral="abuse"),
    case_of(turns=["Een?", "Twee?"], question=None),
)


_MARKED = Library(TEXTS, VERSIONS, (metrics.Marked("kaart", 0, 40, frozenset({"vo"})),))


@given(_ANSWERS, st.sampled_from(_CASES), SOME_PLACES)
def test_whatever_is_answered_each_figure_is_a_share_or_not_measured(
    answer: Answer, case: Case, places: tuple[Place, ...]
) -> None:
    score = score_answer(case, places, answer, _MARKED, lambda text, quotes: text in quotes)
    assert set(score.values) == set(ANSWERS)
    assert all(value is None or 0.0 <= value <= 1.0 for value in score.values.values())
    assert score.passed == (score.values["passed"] == 1.0)
    assert {code for code, _ in score.failures} <= set(CODES)


def test_each_figure_and_each_failure_has_its_text() -> None:
    for name in ORDER:
        assert figure_label(name)
        assert figure_meaning(name)
    for code in CODES:
        assert failure_line(code, "x").endswith(".")


def test_the_library_to_check_against_is_what_is_stored(house: House) -> None:
    library = Library.of(house.library)
    assert library.texts
    for source, text in library.texts.items():
        assert library.versions[source] == hashlib.sha256(text.encode()).hexdigest()
    passages = house.library.passages()
    assert len(library.marked) == len(passages)
    assert {one.sectors for one in library.marked} == {frozenset(passage.sectors) for passage in passages}
