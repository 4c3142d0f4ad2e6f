"""Follow-ups read by rules: completed, told by an item of the last answer, beside the turn before, or on their own."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import texts_nl
from assistant.answer_lists import item_of
from assistant.followup import LOOSE, Reading, read
from assistant.types import Turn

PILLARS = (
    "Er zijn vier pijlers: [1]\n\nScholen werken hiermee:\n- Beleid\n- Schoolomgeving\n- Educatie\n- Signaleren [2]"
)
NEEDS = "Een theorie over motivatie. [1]\n\nDeze basisbehoeften zijn autonomie, competentie en relatie. [2]"
BULLIED = "Wat doet het Spectrum aan pesten?"


def after(question: str, *before: str, answer: str = "") -> Reading:
    return read(question, [*(Turn(turn) for turn in before[:-1]), Turn(before[-1], answer)])


# completed


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("Hoe betrek je ouders in het mbo?", "En in het vo?", "Hoe betrek je ouders in het vo?"),
        ("Hoe betrek je ouders in het mbo?", "en op de basisschool", "Hoe betrek je ouders op de basisschool?"),
        ("Hoe betrek je ouders in het mbo?", "In groep 8?", "Hoe betrek je ouders in groep 8?"),
        ("Hoe betrek je ouders in het mbo?", "En hoe zit het met groep 8?", "Hoe betrek je ouders in groep 8?"),
        ("Hoe betrek je ouders?", "Oké, duidelijk. En in het mbo?", "Hoe betrek je ouders in het mbo?"),
        ("Hoe betrek je ouders?", "En hoeveel in het mbo?", "Hoe betrek je ouders in het mbo?"),
        ("Hoeveel jongens hebben stress?", "En meisjes?", "Hoeveel meisjes hebben stress?"),
        ("Hoeveel jongens hebben stress?", "En hoe zit dat bij de meisjes?", "Hoeveel meisjes hebben stress?"),
        ("Hoe voorkom je stress bij leerlingen?", "En bij leraren?", "Hoe voorkom je stress bij leraren?"),
        ("Hoe voorkom je stress bij leerlingen?", "en leraren?", "Hoe voorkom je stress bij leraren?"),
        ("Wat helpt tegen pesten op school?", "En bij ouders?", "Wat helpt tegen pesten op school bij ouders?"),
        ("Wat helpt tegen pesten?", "En tegen stress?", "Wat helpt tegen stress?"),
        (BULLIED, "En de Parkschool?", "Wat doet de Parkschool aan pesten?"),
        ("Wat is groepsdynamiek?", "En klasklimaat?", "Wat is klasklimaat?"),
        ("Wat zijn selectieve interventies?", "En universele?", "Wat zijn universele interventies?"),
        ("Wat is welbevinden?", "En volgens de infosheet?", "Wat is welbevinden volgens de infosheet?"),
        ("How do you involve parents?", "And in secondary school?", "How do you involve parents in secondary school?"),
    ],
)
def test_words_take_the_place_of_their_counterpart(before: str, question: str, whole: str):
    reading = after(question, before)
    assert reading.text == reading.read_as == whole
    assert reading.parts == ()


def test_a_chain_is_completed_turn_by_turn():
    reading = after("En in het vo?", "Hoeveel jongens in het mbo hebben stress?", "En meisjes?")
    assert reading.text == "Hoeveel meisjes in het vo hebben stress?"


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("Nee, ik bedoel het vo.", "Hoe betrek je ouders in het vo?"),
        ("Nee, niet het mbo maar het vo", "Hoe betrek je ouders in het vo?"),
        ("Ik bedoelde eigenlijk hoe je ouders bereikt", "hoe je ouders bereikt"),
    ],
)
def test_a_correction_replaces_what_was_asked(question: str, whole: str):
    assert after(question, "Hoe betrek je ouders in het mbo?").text == whole


def test_who_is_described_further_is_not_replaced():
    reading = after("En de ouders?", "Wat doe je met een leerling die spijbelt?")
    assert reading.text == "de ouders"
    assert [part.text for part in reading.parts] == ["doe je met een leerling die spijbelt"]
    assert reading.read_as == "En de ouders? (bij je vraag: ‘Wat doe je met een leerling die spijbelt?’)"


# items of the last answer


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("Wat houdt de tweede pijler in?", PILLARS, "Wat houdt ‘Schoolomgeving’ in?"),
        ("Vertel meer over de laatste.", PILLARS, "Vertel meer over ‘Signaleren’."),
        ("En de een-na-laatste?", PILLARS, "En ‘Educatie’?"),
        ("En nummer 3?", PILLARS, "En ‘Educatie’?"),
        ("Wat is het verschil tussen de eerste en de tweede?", PILLARS, "Wat is het verschil tussen ‘Beleid’ en ‘Schoolomgeving’?"),
        ("En wat bedoelen ze met de eerste?", NEEDS, "En wat bedoelen ze met ‘autonomie’?"),
        ("Kun je die derde uitleggen?", NEEDS, "Kun je ‘relatie’ uitleggen?"),
    ],
)  # fmt: skip
def test_an_ordinal_is_an_item_of_the_last_answer(question: str, answer: str, told: str):
    assert after(question, "Wat zijn de pijlers?", answer=answer).read_as == told


@pytest.mark.parametrize(
    "question", ["Wat gebeurt er in de eerste weken?", "Wat is de eerste stap?", "Wie kiest de vijfde vrijdag?"]
)
def test_an_ordinal_of_something_else_is_no_item(question: str):
    reading = after(question, "Wat zijn de pijlers?", answer=PILLARS)
    assert reading.text == question and "‘" not in (reading.read_as or "")


def test_an_ordinal_without_a_list_leans_on_the_turn_before():
    reading = after("En wat is de tweede?", "Wat zijn de pijlers?")
    assert [part.text for part in reading.parts] == ["zijn de pijlers"]


@pytest.mark.parametrize(
    ("number", "item"), [(0, "Beleid"), (3, "Signaleren"), (-1, "Signaleren"), (-2, "Educatie"), (7, None)]
)
def test_items_of_a_list(number: int, item: str | None):
    assert item_of(PILLARS, number, "pijlers") == item


def test_the_list_that_was_asked_about_is_taken():
    answer = "Ouders helpen zo:\n- luisteren\n- praten [1]\n\nLeraren helpen zo:\n- groeten\n- vragen [2]"
    assert item_of(answer, 1, "leraren") == "vragen"


def test_a_list_without_a_line_of_its_own_begins_with_its_first_item():
    assert item_of("Beleid\n- Omgeving\n- Educatie [1]", 0, "") == "Beleid"


def test_without_a_list_statements_are_counted_but_not_our_own_lines():
    answer = f"{texts_nl.PARTIAL}\n\nOuders helpen. [1]\n\nLeraren helpen ook. [2]"
    assert item_of(answer, 0, "") == "Ouders helpen."
    assert item_of("Ouders helpen. [1]", 0, "") is None


# beside the turn before


@pytest.mark.parametrize(
    "question",
    [
        "Waarom?",
        "Hoe dan?",
        "Sinds wanneer?",
        "Heb je een voorbeeld?",
        "Vertel daar eens meer over.",
        "Welke training gebruiken ze?",
        "En wat vinden ouders daarvan?",
        "Waar staat het?",
        "Van wie is die training?",
        "Is er bewijs?",
        "Wat zijn de gevolgen?",
        "Wie moet ik dan bellen?",
        "Welke is het handigst?",
        "Welke scholen?",
        "Zijn er nog meer scholen?",
        "En als hij 17 is?",
    ],
)
def test_a_question_that_points_back_has_the_turn_before_beside_it(question: str):
    reading = after(question, BULLIED)
    assert [part.text for part in reading.parts] == ["doet het spectrum aan pesten"]
    assert reading.parts[0].weight > LOOSE
    assert reading.read_as == f"{question} (bij je vraag: ‘{BULLIED}’)"


def test_what_was_said_longer_ago_counts_less():
    reading = after("En hoe vaak is die inloop?", BULLIED, "Hoe betrekken ze ouders daarbij?")
    assert [part.text for part in reading.parts] == ["betrekken ze ouders", "doet het spectrum aan pesten"]
    assert reading.parts[0].weight > reading.parts[1].weight > 0


def test_a_name_that_the_answer_gave_may_be_meant():
    answer = "Op het Eligant Lyceum merkten ze dat de sfeer beter werd. [1]"
    reading = after("Wat merken ze daar nog meer?", "Welke school verbood mobieltjes?", answer=answer)
    assert "het Eligant Lyceum" in {part.text for part in reading.parts}
    assert len(after("Wat merken ze daar nog meer?", BULLIED, answer=answer).parts) == 1


def test_a_long_question_before_is_told_by_its_beginning():
    told = after("Waarom?", "Wat doe je " + "met ouders " * 60).read_as
    assert told is not None and len(told) < 220 and "…" in told


# on its own


@pytest.mark.parametrize(
    "question",
    [
        "Hoe werkt fotosynthese?",
        "Wat is mentaal welbevinden?",
        "Hoe laat is het?",
        "Wie ben jij?",
        "Hoe help je kinderen die gepest worden?",
        "Hoe zorg je dat leerlingen zich veilig voelen?",
        "Hoe leer je kinderen dat ze hun emoties reguleren?",
        "Kun je meer vertellen over ouderparticipatie?",
        "pestbeleid",
    ],
)
def test_a_whole_question_carries_nothing(question: str):
    assert after(question, BULLIED) == Reading(question, question)


@pytest.mark.parametrize(
    "question", ["Iets anders: wat is welbevinden?", "Oké, ander onderwerp. wat is welbevinden?", "Nieuwe vraag: wat is welbevinden?"]
)  # fmt: skip
def test_a_new_topic_that_is_announced_carries_nothing(question: str):
    assert after(question, BULLIED) == Reading("wat is welbevinden?", "wat is welbevinden?")


@pytest.mark.parametrize("thanks", ["Dank je!", "Bedankt, daar heb ik wat aan", "Oké, top!", "Duidelijk", "Thank you"])
def test_thanks_ask_nothing_and_are_skipped_by_the_next_turn(thanks: str):
    assert after(thanks, BULLIED).text == ""
    assert after("En de Parkschool?", BULLIED, thanks).text == "Wat doet de Parkschool aan pesten?"


def test_thanks_before_a_question_are_no_thanks_alone():
    assert after("Bedankt! En de Parkschool?", BULLIED).text == "Wat doet de Parkschool aan pesten?"


# robustness


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=300))
def test_any_text_is_read(question: str, before: str, answer: str):
    reading = after(question, BULLIED, before, answer=answer)
    assert all(0 < part.weight <= 1 for part in reading.parts)
    assert 0 < reading.kept <= 1


@pytest.mark.parametrize("piece", ["en ", "hoe ", "het ", "ok ", "in de ", "kaart", "a, ", "- x\n", "De Ab ", "nee, "])
def test_a_long_monotonous_text_is_read_at_once(piece: str):
    text = (piece * 4000)[:4000]
    began = time.perf_counter()
    read(text, [Turn(text, text), Turn(BULLIED, text)])
    assert time.perf_counter() - began < 2
