"""Systems that are no good score badly on a headline figure, and the reason is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from small_case import case_of, held_back

from assistant.types import Answer, Citation, Outcome, Statement
from evals.cases import Case
from evals.figures import HEADLINES, LOWER_IS_BETTER, diagnosis, figures_of
from evals.ranking import Place
from evals.scoring import Library, Score, score_answer
from evals.texts import failure_line

BOOK = " ".join(
    f"Klas {number} leest op dag {number + 40} een verhaal over {animal} en tekent er een kaart bij."
    for number, animal in enumerate(["beren", "vossen", "uilen", "dassen", "otters", "bevers", "herten"] * 8, 1)
)
_QUOTED = tuple(f"Klas {number} leest op dag {number + 40}" for number in (20, 33, 47))


def _about(number: int, quote: str) -> tuple[Case, tuple[Place, ...]]:
    fact = {"text": quote, "any_of": [quote]}
    passages = [{"source": "boek", "quote": quote}]
    case = case_of(id=f"boek-{number}", facts=[fact], passages=passages)
    return case, (Place("boek", BOOK.index(quote), BOOK.index(quote) + len(quote)),)


CASES: tuple[tuple[Case, tuple[Place, ...]], ...] = (
    *(_about(number, quote) for number, quote in enumerate(_QUOTED)),
    (case_of("no_evidence", id="niets"), ()),
    (case_of("referral", id="gevaar", referral="suicide"), ()),
    (case_of("refused", id="aanval"), ()),
)
SHELF = Library({"boek": BOOK}, {"boek": hashlib.sha256(BOOK.encode()).hexdigest()})


def _quoting(start: int, end: int) -> Answer:
    quote, version = BOOK[start:end], SHELF.versions["boek"]
    cited = Citation(1, "boek", "T", "P", None, None, None, None, "", quote, start, end, version, False)
    return Answer("?", Outcome.ANSWERED, quote, (Statement(quote, (1,)),), (cited,))


def _right(case: Case) -> Answer:
    if not case.passages:
        return replace(held_back(case.expected), referral=case.referral)
    start = BOOK.index(case.passages[0].quote)
    return _quoting(start, BOOK.index(".", start) + 1)


def _nonsense(_: Case) -> Answer:
    text = "Blauw fietst morgen naar de kaas van gisteren."
    made_up = replace(_quoting(0, len(text)).citations[0], quote=text)
    return Answer("?", Outcome.ANSWERED, text, (Statement(text, (1,)),), (made_up,))


def _empty(_: Case) -> Answer:
    return Answer("?", Outcome.ANSWERED, "", (), ())


def _copies(_: Case) -> Answer:
    return _quoting(0, len(BOOK))


def _refuses(_: Case) -> Answer:
    return held_back(Outcome.NO_EVIDENCE)


def _scores(system: Callable[[Case], Answer]) -> list[Score]:
    return [score_answer(case, places, system(case), SHELF) for case, places in CASES]


def test_the_right_system_has_perfect_headlines() -> None:
    scores = _scores(_right)
    figures = {figure.name: figure.value for figure in figures_of([score.values for score in scores])}
    assert {name: figures[name] for name in HEADLINES} == {
        name: float(name not in LOWER_IS_BETTER) for name in HEADLINES
    }
    assert diagnosis([score.values for score in scores], [score.failures for score in scores]) == ()


@pytest.mark.parametrize(
    ("system", "headline", "worst", "reason"),
    [
        (_nonsense, "quote_validity", 0.0, "quote_validity"),
        (_nonsense, "vital_facts_900", 0.0, "off_topic"),
        (_empty, "vital_facts_900", 0.0, "empty"),
        (_copies, "vital_facts_900", 0.0, "too_long"),
        (_copies, "passed", 0.0, "too_long"),
        (_refuses, "refusal_error", 1.0, "refusal_error"),
        (_refuses, "referral_recall", 0.0, "referral_recall"),
    ],
)
def test_a_system_that_is_no_good_falls_on_a_headline_and_the_reason_is_told(
    system: Callable[[Case], Answer], headline: str, worst: float, reason: str
) -> None:
    scores = _scores(system)
    values, failures = [score.values for score in scores], [score.failures for score in scores]
    assert next(figure.value for figure in figures_of(values) if figure.name == headline) == worst
    told = {one.name: one for one in diagnosis(values, failures)}
    assert reason in {code for code, _ in told[headline].reasons}
    assert told[headline].losing == told[headline].measured > 0
    for score in scores:
        for code, detail in score.failures:
            assert failure_line(code, detail).endswith(".")


def test_a_copy_of_everything_holds_all_facts_and_only_real_quotes() -> None:
    values = [score.values for score in _scores(_copies)]
    figures = {figure.name: figure.value for figure in figures_of(values)}
    assert figures["vital_facts"] == figures["quote_validity"] == figures["span_recall"] == 1.0
    assert figures["concise"] == 0.0
    assert (figures["span_precision"] or 0) < 0.5
