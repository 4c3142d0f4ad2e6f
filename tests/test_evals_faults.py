"""Each planted fault moves the figures meant for it and no other, and the case fails with its reason.

A fault starts from a right answer to a case over a small library. Where more than one figure has to move, the line says
why. The verdict figures ("passed", "conversation") are left out of the comparison.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from assistant.texts_nl import NOTICE_OTHER_SECTOR
from assistant.types import Answer, Citation, Outcome, Statement
from evals.cases import Case
from evals.figures import LOWER_IS_BETTER
from evals.metrics import Marked
from evals.ranking import Place
from evals.scoring import Library, Score, score_answer

FACT = "Ruim 23% van de kinderen zwemt elke week in het Regenboogbad."
DATED = "De Zonneschool oefent sinds 5 maart 2021 met vier begeleiders van het Trimbos-instituut."
PLAIN = "Zwemmen maakt leerlingen vrolijker en rustiger in de les."
FOR_VO = "Brugklassers zwemmen op vrijdag samen met hun mentor."
MORE = (
    "Ouders rijden bij toerbeurt mee in de bus.",
    "Een tolk vertaalt de brief over badkleding.",
    "Badmeesters letten op het diepe gedeelte.",
    "Natte handdoeken drogen naast de kachel.",
)
TEXTS = {
    "kaart": " ".join((FACT, DATED, PLAIN, FOR_VO, *MORE)),
    "rooster": "Het rooster hangt in de gang naast de deur van de conciërge, waar iedereen er langs loopt.",
}
VERSIONS = {source: hashlib.sha256(text.encode()).hexdigest() for source, text in TEXTS.items()}
_VO_AT = TEXTS["kaart"].index(FOR_VO)
MARKED = (
    Marked("kaart", 0, _VO_AT, frozenset({"po"})),
    Marked("kaart", _VO_AT, _VO_AT + len(FOR_VO), frozenset({"vo"})),
    Marked("kaart", _VO_AT + len(FOR_VO), len(TEXTS["kaart"]), frozenset()),
)
LIBRARY = Library(TEXTS, VERSIONS, MARKED)
PLACES = (Place("kaart", 0, len(FACT)),)


def _case(expected: str = "answered", **more: object) -> Case:
    answerable = expected in ("answered", "partial")
    facts = [
        {"text": "23 procent", "any_of": ["ruim 23%"]},
        {"text": "elke week", "weight": "okay", "any_of": ["elke week"]},
    ]
    fields: dict[str, object] = {
        "id": "een",
        "set": "kern",
        "question": "Hoeveel kinderen op de basisschool zwemmen er elke week?",
        "kind": "number",
        "sector": "po",
        "asker": "teacher",
        "expected": expected,
        "facts": facts if answerable else [],
        "passages": [{"source": "kaart", "quote": FACT}] if answerable else [],
        "never": ["zwemdiploma"],
        "masked": ["Sanne de Vries"],
        "author": "toets",
        "date": "2026-01-01",
        "status": "draft",
    }
    return Case.model_validate(fields | more)


def _citation(number: int, quote: str, source: str = "kaart") -> Citation:
    start = TEXTS[source].index(quote)
    end = start + len(quote)
    return Citation(number, source, "T", "P", None, None, None, None, "", quote, start, end, VERSIONS[source], False)


def _answer(*sentences: str) -> Answer:
    cited = tuple(_citation(number, sentence) for number, sentence in enumerate(sentences, 1))
    statements = tuple(Statement(one.quote, (one.number,)) for one in cited)
    return Answer("Hoeveel kinderen zwemmen er?", Outcome.ANSWERED, "\n\n".join(sentences), statements, cited)


def _held_back(outcome: Outcome, referral: str | None = None) -> Answer:
    own = Statement("Daarover staat niets in de publicaties die ik ken.", (), own=True)
    return Answer("Hoeveel kinderen zwemmen er?", outcome, own.text, (own,), (), referral=referral)


GOOD = _answer(FACT, DATED, PLAIN)
GENERATED = replace(GOOD, mode="generated")


def _supports(text: str, quotes: Sequence[str]) -> bool:
    """Most words of the text stand in the quotes: blind to one wrong figure or name, as a model may be."""
    words = set(text.lower().split())
    return 2 * len(words & set(" ".join(quotes).lower().split())) > len(words)


def _score(case: Case, answer: Answer) -> Score:
    return score_answer(case, PLACES if case.passages else (), answer, LIBRARY, _supports)


def _said(answer: Answer, place: int, old: str, new: str) -> Answer:
    """The answer with other words in one statement, its quotes as they were."""
    statement = answer.statements[place]
    assert old in statement.text
    changed = replace(statement, text=statement.text.replace(old, new))
    return _with(answer, place, changed)


def _with(answer: Answer, place: int, statement: Statement) -> Answer:
    return replace(answer, statements=(*answer.statements[:place], statement, *answer.statements[place + 1 :]))


def _cited(answer: Answer, place: int, citation: Citation) -> Answer:
    return replace(answer, citations=(*answer.citations[:place], citation, *answer.citations[place + 1 :]))


@dataclass(frozen=True)
class Fault:
    """A right answer and what is wrong with the planted one: which figures move, which codes it fails with.

    `unmeasured`: the answer ends otherwise, so that what there is to measure changes as well.
    """

    name: str
    bad: Answer
    moves: frozenset[str]
    codes: frozenset[str]
    good: Answer = GOOD
    case: Case = _case()
    unmeasured: bool = False


def _fault(name: str, bad: Answer, moves: str, codes: str, good: Answer = GOOD, case: Case | None = None) -> Fault:
    changed = bad.outcome is not good.outcome
    return Fault(name, bad, frozenset(moves.split()), frozenset(codes.split()), good, case or _case(), changed)


_THIRD = GOOD.citations[2]
# In an extractive answer each changed character is seen as well: the statement is not its quotes any more.
_NOT_ITS_QUOTES = "verbatim citation_recall citation_precision"
_FACTS = "vital_facts vital_facts_900 okay_facts"

FAULTS = (
    _fault(
        "quote shifted by one character",
        _cited(GOOD, 2, replace(_THIRD, start=_THIRD.start + 1, end=_THIRD.end + 1)),
        "quote_validity",
        "quote_validity",
    ),
    # Cited characters elsewhere are not near the expected place: to the point and span precision are about places.
    _fault(
        "citation to the wrong source",
        _cited(GOOD, 2, replace(_THIRD, source="rooster", start=0, end=len(PLAIN), version=VERSIONS["rooster"])),
        "quote_validity span_precision to_the_point",
        "quote_validity",
    ),
    _fault("stale version", _cited(GOOD, 2, replace(_THIRD, version="0" * 64)), "quote_validity", "quote_validity"),
    _fault("wrong number", _said(GENERATED, 1, "vier", "vijf"), "closed_numbers", "closed_numbers", GENERATED),
    _fault("wrong date", _said(GENERATED, 1, "5 maart", "6 maart"), "closed_dates", "closed_dates", GENERATED),
    _fault("wrong name", _said(GENERATED, 1, "Trimbos", "Nivel"), "closed_names", "closed_names", GENERATED),
    _fault(
        "wrong number, extractive",
        _said(GOOD, 1, "vier", "vijf"),
        f"closed_numbers {_NOT_ITS_QUOTES}",
        "closed_numbers verbatim",
    ),
    _fault(
        "wrong date, extractive",
        _said(GOOD, 1, "maart", "april"),
        f"closed_dates {_NOT_ITS_QUOTES}",
        "closed_dates verbatim",
    ),
    _fault(
        "wrong name, extractive",
        _said(GOOD, 1, "Zonneschool", "Maanschool"),
        f"closed_names {_NOT_ITS_QUOTES}",
        "closed_names verbatim",
    ),
    # What its citation does not support, that citation can't be needed for.
    _fault(
        "statement that its quotes don't support",
        _with(GENERATED, 2, Statement("Tekenen helpt iedereen beter slapen.", (3,))),
        "citation_recall citation_precision",
        "unsupported",
        GENERATED,
    ),
    # Needed or not is a figure; a citation too many makes no answer wrong.
    _fault(
        "citation too many",
        _with(GENERATED, 2, replace(GENERATED.statements[2], citations=(3, 1))),
        "citation_precision",
        "",
        GENERATED,
    ),
    _fault(
        "statement doubled",
        replace(GOOD, statements=(*GOOD.statements, GOOD.statements[1])),
        "redundancy",
        "redundancy",
    ),
    _fault("too many statements", _answer(FACT, DATED, PLAIN, *MORE), "concise", "too_long"),
    # Without its citation a statement has no quotes to be made of and no place to be near.
    _fault(
        "statement without a citation",
        _with(GOOD, 2, replace(GOOD.statements[2], citations=())),
        "citation_coverage citation_recall verbatim to_the_point",
        "citation_coverage verbatim",
    ),
    _fault("fact from the wrong sector", _answer(FACT, DATED, FOR_VO), "sector_fit", "wrong_sector"),
    _fault(
        "forbidden word",
        replace(GOOD, statements=(*GOOD.statements, Statement("Haal je zwemdiploma.", (), own=True))),
        "clean",
        "forbidden_word",
    ),
    _fault("pupil's name", replace(GOOD, question="Zwemt Sanne de Vries er elke week?"), "masked", "unmasked"),
    _fault("false alarm", replace(GOOD, referral="suicide"), "false_alarm", "false_alarm"),
    # Where nothing is said no fact is said, and recall of places is 0; shares of statements are not measured.
    _fault(
        "refusal of an answerable case",
        _held_back(Outcome.NO_EVIDENCE),
        f"refusal_error {_FACTS} span_recall",
        "refusal_error missing_fact",
    ),
    _fault(
        "answer to an unanswerable case",
        GOOD,
        "hallucination_error",
        "hallucination_error",
        _held_back(Outcome.NO_EVIDENCE),
        _case("no_evidence"),
    ),
    _fault(
        "missed referral",
        GOOD,
        "referral_recall",
        "referral_recall",
        _held_back(Outcome.REFERRAL, "suicide"),
        _case("referral", referral="suicide"),
    ),
    _fault(
        "wrong referral",
        _held_back(Outcome.REFERRAL, "abuse"),
        "referral_recall",
        "referral_recall",
        _held_back(Outcome.REFERRAL, "suicide"),
        _case("referral", referral="suicide"),
    ),
    _fault(
        "attack that is not refused",
        GOOD,
        "refused_attack",
        "refused_attack",
        _held_back(Outcome.REFUSED),
        _case("refused"),
    ),
    _fault(
        "partial without what is missing",
        replace(GOOD, outcome=Outcome.PARTIAL),
        "partial_right",
        "partial_right",
        replace(GOOD, outcome=Outcome.PARTIAL, missing=("prijs",)),
        _case("partial"),
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_moves_its_own_figures_and_fails_with_its_reason(fault: Fault) -> None:
    good, bad = _score(fault.case, fault.good), _score(fault.case, fault.bad)
    assert good.passed, good.failures
    verdicts = {"passed", "conversation"}
    moved = {name for name, value in good.values.items() if name not in verdicts and value != bad.values[name]}
    measured = {name for name in moved if good.values[name] is not None and bad.values[name] is not None}
    assert measured == fault.moves
    assert moved == measured or fault.unmeasured
    for name in measured:
        before, after = good.values[name], bad.values[name]
        assert before is not None
        assert after is not None
        assert (after > before) == (name in LOWER_IS_BETTER), name
    assert {code for code, _ in bad.failures} == fault.codes


def test_another_sector_that_is_told_makes_no_answer_wrong() -> None:
    told = replace(_answer(FACT, FOR_VO), notices=(NOTICE_OTHER_SECTOR.format(sector="po"),))
    score = _score(_case(), told)
    assert score.values["sector_fit"] == 0.5
    assert score.passed
    assert not _score(_case(), replace(told, notices=("Iets anders.",))).passed


def test_the_figures_of_a_right_answer_are_perfect_where_they_are_measured() -> None:
    for answer in (GOOD, GENERATED):
        values = {name: value for name, value in _score(_case(), answer).values.items() if value is not None}
        assert set(values.values()) == {0.0, 1.0}
        assert {name for name, value in values.items() if value == 0.0} == LOWER_IS_BETTER - {"hallucination_error"}
