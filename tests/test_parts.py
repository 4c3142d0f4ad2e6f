"""Several questions in one message are told apart, looked up one by one, and what is missing is named."""

from __future__ import annotations

import pytest
from school import House, assert_grounded

from assistant.parts import questions_in
from assistant.types import Outcome


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Wat is SEL en wat kost een training daarin?", ("Wat is SEL?", "wat kost een training daarin?")),
        ("Wat is welbevinden? En hoe meet je dat?", ("Wat is welbevinden?", "hoe meet je dat?")),
        ("Wie betaalde het en om hoeveel euro ging het?", ("Wie betaalde het?", "om hoeveel euro ging het?")),
        (
            "Hoe ga je om met pesten, en wat zeg je tegen ouders?",
            ("Hoe ga je om met pesten?", "wat zeg je tegen ouders?"),
        ),
        ("Hoe betrek je ouders en leerlingen bij beleid?", None),
        ("Hoeveel meisjes en hoeveel jongens ervaren druk?", None),
        ("Welke scholen in het vo en in het mbo zijn voorbeelden?", None),
        ("Ik heb een leerling die niet wil, wat moet ik doen?", None),
        ("Wat doe je als een kind niet weet hoe het zich voelt?", None),
        ("Wat is dit en wat is dat en wat is zus en wat is zo en wat nog?", None),
        ("", None),
        ("en hoe", None),
    ],
)
def test_questions_are_told_apart_where_that_is_certain(text: str, parts: tuple[str, ...] | None):
    assert questions_in(text) == (parts or (text,))


def test_both_parts_are_answered(house: House):
    answer = house.assistant.ask("Wat is mentaal welbevinden en hoe lang duurt het prikpenspel?")
    assert_grounded(answer, house.library)
    assert answer.outcome is Outcome.ANSWERED
    assert "kwaliteit van leven" in answer.text and "twintig minuten" in answer.text
    assert answer.text.index("kwaliteit van leven") < answer.text.index("twintig minuten")


def test_the_part_without_an_answer_is_named(house: House):
    answer = house.assistant.ask("Wat is mentaal welbevinden en wat kost een cursus daarover?")
    assert_grounded(answer, house.library)
    assert answer.outcome is Outcome.PARTIAL
    assert answer.missing == ("wat kost een cursus daarover",)
    assert "kwaliteit van leven" in answer.text


def test_when_no_part_has_an_answer_there_is_none(house: House):
    answer = house.assistant.ask("Hoe werkt fotosynthese en wat kost een vliegticket?")
    assert answer.outcome is Outcome.NO_EVIDENCE
    assert not answer.citations


def test_the_second_part_goes_on_from_the_first(house: House):
    answer = house.assistant.ask("Wat is de prikpen en hoe lang duurt dat spel?")
    assert_grounded(answer, house.library)
    assert "twintig minuten" in answer.text
    assert len([s for s in answer.statements if not s.own]) <= 6
