"""The metrics catch what they are meant to catch: a planted fault of each kind lowers its own figure."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from assistant.types import Answer, Citation, Outcome, Statement
from evals import metrics
from evals.cases import Case, Fact
from evals.intervals import bootstrap, sign_test, wilson
from evals.matching import Folded, canonical, contains
from evals.metrics import Place, Ranked
from evals.scoring import Library, Score, score_answer, score_retrieval

TEXTS = {
    "kaart": "Bijna 31% van de kinderen beïnvloedt de sfeer. Elke school heeft vier kernpartners.",
    "blad": "Hier staat iets heel anders over zwemles in de ochtend.",
}
VERSIONS = {source: hashlib.sha256(text.encode()).hexdigest() for source, text in TEXTS.items()}
LIBRARY = Library(TEXTS, VERSIONS)
QUOTE = "Bijna 31% van de kinderen beïnvloedt de sfeer."
PLACES = (Place("kaart", 0, len(QUOTE)),)


def _case(expected: str = "answered", **more: object) -> Case:
    okay = {"text": "sfeer", "weight": "okay", "any_of": ["de sfeer"]}
    facts = [{"text": "31 procent", "any_of": ["bijna 31%"]}, okay]
    answerable = expected in ("answered", "partial")
    fields: dict[str, object] = {
        "id": "een",
        "set": "kern",
        "question": "Hoeveel kinderen?",
        "kind": "number",
        "asker": "teacher",
        "expected": expected,
        "facts": facts if answerable else [],
        "passages": [{"source": "kaart", "quote": QUOTE}] if answerable else [],
        "author": "toets",
        "date": "2026-01-01",
        "status": "draft",
    }
    return Case.model_validate(fields | more)


def _citation(quote: str = QUOTE, source: str = "kaart", number: int = 1) -> Citation:
    start = TEXTS[source].index(quote)
    return Citation(
        number, source, "T", "P", None, None, None, None, "", quote, start, start + len(quote), VERSIONS[source], False
    )


def _answer(text: str = QUOTE, outcome: Outcome = Outcome.ANSWERED, citation: Citation | None = None) -> Answer:
    cited = citation or _citation()
    return Answer("Hoeveel kinderen?", outcome, text, (Statement(text, (1,)),), (cited,))


def _empty(outcome: Outcome) -> Answer:
    own = Statement("Daarover staat niets in de bronnen.", (), own=True)
    return Answer("Hoeveel kinderen?", outcome, own.text, (own,), ())


def _score(case: Case, answer: Answer) -> Score:
    return score_answer(case, PLACES if case.passages else (), answer, LIBRARY)


def test_a_good_answer_passes_and_has_nothing_wrong() -> None:
    score = _score(_case(), _answer())
    assert score.passed, score.failures
    for name in ("vital_facts", "okay_facts", "quote_validity", "citation_coverage", "verbatim", "closed_numbers"):
        assert score.values[name] == 1.0, name
    assert score.values["refusal_error"] == 0.0
    assert score.values["hallucination_error"] is None


@pytest.mark.parametrize("shift", [(1, 1), (-1, -1), (0, 1), (0, -1)])
def test_a_quote_shifted_by_one_character_is_invalid(shift: tuple[int, int]) -> None:
    good = _citation("Elke school heeft vier kernpartners.")
    moved = replace(good, start=good.start + shift[0], end=good.end + shift[1])
    answer = _answer(good.quote, citation=moved)
    assert metrics.quote_validity(_answer(good.quote, citation=good), TEXTS, VERSIONS) == 1.0
    assert metrics.quote_validity(answer, TEXTS, VERSIONS) == 0.0
    assert ("quote_validity", "answered") in _score(_case(), answer).failures


def test_a_citation_to_the_wrong_source_or_an_old_version_is_invalid() -> None:
    wrong = replace(_citation(), source="blad")
    assert metrics.quote_validity(_answer(citation=wrong), TEXTS, VERSIONS) == 0.0
    assert metrics.quote_validity(_answer(citation=replace(_citation(), version="0" * 64)), TEXTS, VERSIONS) == 0.0
    elsewhere = _citation("Hier staat iets heel anders over zwemles in de ochtend.", "blad")
    assert metrics.cites_expected(PLACES, _answer(citation=elsewhere)) == 0.0
    assert metrics.cites_expected(PLACES, _answer()) == 1.0


def test_a_quote_shown_as_found_nearby_is_checked_too() -> None:
    near = replace(_empty(Outcome.NO_EVIDENCE), nearest=(replace(_citation(), start=3, end=9),))
    assert metrics.quote_validity(near, TEXTS, VERSIONS) == 0.0


def test_a_wrong_number_is_not_closed_and_not_verbatim() -> None:
    score = _score(_case(), _answer(QUOTE.replace("31", "41")))
    assert score.values["closed_numbers"] == 0.0
    assert score.values["verbatim"] == 0.0
    assert score.values["vital_facts"] == 0.0
    assert not score.passed


def test_number_words_close_with_figures() -> None:
    quote = "Elke school heeft vier kernpartners."
    answer = _answer("Elke school heeft 4 kernpartners.", citation=_citation(quote))
    assert metrics.closed_numbers(answer) == 1.0
    assert metrics.closed_numbers(_answer("Elke school heeft vijf kernpartners.", citation=_citation(quote))) == 0.0


def test_a_statement_without_a_citation_or_with_an_unknown_one_is_seen() -> None:
    bare = replace(_answer(), statements=(Statement(QUOTE, ()),))
    unknown = replace(_answer(), statements=(Statement(QUOTE, (2,)),))
    assert metrics.citation_coverage(bare) == metrics.citation_coverage(unknown) == 0.0
    assert not _score(_case(), bare).passed


def test_refusing_an_answerable_case_is_an_error() -> None:
    for outcome in (Outcome.NO_EVIDENCE, Outcome.REFUSED):
        score = _score(_case(), _empty(outcome))
        assert score.values["refusal_error"] == 1.0
        assert {code for code, _ in score.failures} >= {"refusal_error", "missing_fact"}


def test_answering_an_unanswerable_case_is_an_error_unless_it_says_what_is_missing() -> None:
    case = _case("no_evidence")
    assert _score(case, _answer()).values["hallucination_error"] == 1.0
    assert _score(case, _answer(outcome=Outcome.PARTIAL)).values["hallucination_error"] == 1.0
    partial = replace(_answer(outcome=Outcome.PARTIAL), missing=("prijs",))
    assert _score(case, partial).values["hallucination_error"] == 0.0
    assert _score(case, _empty(Outcome.NO_EVIDENCE)).passed


def test_a_partly_answerable_case_needs_facts_and_what_is_missing() -> None:
    case = _case("partial")
    assert not _score(case, _answer()).passed
    assert not _score(case, _answer(outcome=Outcome.PARTIAL)).passed
    assert _score(case, replace(_answer(outcome=Outcome.PARTIAL), missing=("prijs",))).passed


def test_a_missed_referral_the_wrong_one_and_a_false_alarm_are_seen() -> None:
    danger = _case("referral", referral="suicide")
    assert _score(danger, _empty(Outcome.REFERRAL)).values["referral_recall"] == 0.0
    assert _score(danger, replace(_empty(Outcome.REFERRAL), referral="abuse")).values["referral_recall"] == 0.0
    assert _score(danger, replace(_empty(Outcome.REFERRAL), referral="suicide")).passed
    alarmed = _score(_case(), replace(_answer(), referral="suicide"))
    assert alarmed.values["false_alarm"] == 1.0
    assert not alarmed.passed


def test_forbidden_words_and_unmasked_data_are_seen() -> None:
    assert _score(_case(never=["31%"]), _answer()).values["clean"] == 0.0
    case = _case(masked=["Jansen"])
    assert _score(case, replace(_answer(), question="Wat doet Jansen?")).values["clean"] == 0.0
    assert _score(case, _answer()).values["clean"] == 1.0


def test_nonsense_emptiness_a_copy_of_everything_and_refusing_score_badly() -> None:
    case = _case()
    nonsense = _answer("Blauw fietst morgen naar de kaas.")
    assert not _score(case, nonsense).passed
    assert _score(case, nonsense).values["verbatim"] == 0.0
    assert not _score(case, Answer("v", Outcome.ANSWERED, "", (), ())).passed
    assert not _score(case, _empty(Outcome.NO_EVIDENCE)).passed
    filler = "Zwemles in de ochtend. " * 200
    copied = replace(_answer(), statements=(Statement(filler, (1,)), *_answer().statements))
    assert metrics.fact_recall(case.vital, copied) == 1.0
    assert metrics.fact_recall(case.vital, copied, 900) == 0.0
    assert not _score(case, copied).passed


def test_own_sentences_earn_no_facts() -> None:
    own = replace(_answer(), statements=(Statement(QUOTE, (), own=True),))
    assert metrics.fact_recall(_case().vital, own) == 0.0


def test_facts_within_cuts_at_the_limit_and_does_not_join_passages() -> None:
    fact = Fact(text="f", any_of=("vier kernpartners",))
    late = [Ranked("a", 0, 890, "x" * 890), Ranked("b", 0, 40, "vier kernpartners staan hier")]
    assert metrics.facts_within((fact,), late, 900) == 0.0
    assert metrics.facts_within((fact,), late, 3000) == 1.0
    split = [Ranked("a", 0, 4, "vier"), Ranked("a", 4, 17, " kernpartners")]
    assert metrics.facts_within((fact,), split, 900) == 0.0
    assert metrics.facts_within((), late, 900) is None


def test_ranking_figures_by_hand() -> None:
    places = (Place("a", 0, 10), Place("b", 0, 10))
    ranked = [Ranked("c", 0, 10, ""), Ranked("a", 4, 20, ""), Ranked("b", 6, 20, ""), Ranked("b", 0, 5, "")]
    assert metrics.first_ranks(places, ranked) == [2, 4]
    assert metrics.recall_at(2, places, ranked) == 0.5
    assert metrics.recall_at(4, places, ranked) == 1.0
    assert metrics.reciprocal_rank(places, ranked) == 0.5
    gained, ideal = 1 / 1.5849625007 + 1 / 2.3219280949, 1 + 1 / 1.5849625007
    assert metrics.ndcg_at(10, places, ranked) == pytest.approx(gained / ideal)
    assert metrics.reciprocal_rank(places, []) == 0.0
    assert metrics.ndcg_at(10, (), ranked) is None


def test_a_baseline_that_finds_nothing_scores_nothing() -> None:
    assert set(score_retrieval(_case(), PLACES, ()).values()) == {0.0}


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("waarmee zij het welbevinden beïnvloeden", "beinvloeden"),
        ("een kernteam van 4 professionals", "van vier professionals"),
        ("ruim 15 procent van de leerlingen", "Ruim 15%"),
        ("met sociaal-\nemotionele   vaardigheden", "sociaal-emotionele vaardigheden"),
        ("de thema'’s “vrede” en – rust", "thema's 'vrede' en rust"),
    ],
)
def test_the_same_words_written_otherwise_match(text: str, wording: str) -> None:
    assert contains(text, wording)


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("bijna 12,5% van hen", "5%"),
        ("in 2016 en 2017", "16"),
        ("wel 480 scholen", "48"),
        ("grootouders", "ouders"),
        ("x", "'"),
    ],
)
def test_other_words_and_parts_of_figures_do_not_match(text: str, wording: str) -> None:
    assert not contains(text, wording)


def test_a_quotation_is_found_at_its_own_characters() -> None:
    text = "Eerst dit. Zij  «beïnvloeden»\nsociaal-\nemotioneel leren."
    found = Folded(text).locate("zij beinvloeden sociaal-emotioneel")
    assert found is not None
    assert text[slice(*found)] == "Zij  «beïnvloeden»\nsociaal-\nemotioneel"
    assert Folded(text).locate("iets anders") is None
    assert Folded(text).locate("") is None
    assert canonical("Vijftien  procent") == "15%"


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
