"""Each figure, date and name of a statement is found in its quotes, however it is written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from small_case import (
    SOME_TEXT,
    answer_of,
    citation_of,
)

from assistant.types import Statement
from evals import closure
from evals.closure import Date


def test_number_words_close_with_figures() -> None:
    quote = "Elke school heeft vier kernpartners."
    answer = answer_of("Elke school heeft 4 kernpartners.", citation=citation_of(quote))
    assert closure.closed_numbers(answer) == 1.0
    assert closure.closed_numbers(answer_of("Elke school heeft vijf kernpartners.", citation=citation_of(quote))) == 0.0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("op 5 maart 2021", {Date(2021, 3, 5)}),
        ("op 2021-03-05 en 05-03-2021", {Date(2021, 3, 5)}),
        ("sinds Maart 2021", {Date(2021, 3)}),
        ("in mei, of eind sept. 2020", {Date(None, 5), Date(2020, 9)}),
        ("op 5 en 6 april", {Date(None, 4, 5), Date(None, 4, 6)}),
        ("schooljaar 2021-2022 en 2023/24", {Date(2021, until=2022), Date(2023, until=2024)}),
        ("in 2016 deden 12 scholen mee; 3,5 jaar; jan komt; 31-12", set()),
    ],
)
def test_dates_are_read_as_far_as_they_are_told(text: str, found: set[Date]) -> None:
    assert closure.dates(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Volgens het Trimbos-instituut helpt het. Scholen doen mee.", {"trimbosinstituut"}),
        ("De GGD'en en het NJi, zegt drs. J. Visser", {"ggd", "nji", "visser"}),
        ("In Delft werkt Sanne van der Berg bij de Gezonde School.", {"delft", "sanne van der berg", "gezonde school"}),
        ("Pharos ontwikkelt kennis:\n• Ouders helpen\n“Ik wil meer” … Samen spelen", {"pharos"}),
        ("Welbevindenlessen helpen. Tegelijkertijd leren kinderen beter.", set()),
    ],
)
def test_names_are_capitals_within_a_sentence_abbreviations_and_unknown_words(text: str, found: set[str]) -> None:
    assert closure.names(text) == found


@pytest.mark.parametrize(
    ("said", "quote", "closed"),
    [
        ("Het begon in maart 2021.", "Sinds 5 maart 2021 doet de school mee.", True),
        ("Het begon op 2021-03-05.", "Sinds 5 maart 2021 doet de school mee.", True),
        ("Het begon op 7 maart 2021.", "Sinds maart 2021 doet de school mee.", False),
        ("Dat was in het schooljaar 2022-2023.", "In 2021-2022 en 2023 deed de school mee.", False),
        ("Het ging om 15%.", "Het ging om 15 tot 20 procent.", True),
        ("Er doen 1200 scholen mee.", "Er doen 1.200 scholen mee.", True),
        ("Er doen 12 scholen mee.", "Er doen 1.200 scholen mee.", False),
        ("Er doen vijf scholen mee.", "Op 5 maart deden scholen mee.", False),
        ("Het begon in 2021.", "Op 5 maart 2021 deden scholen mee.", True),
        ("Het is van de GGD Utrecht.", "De GGD van Utrecht maakte het.", False),
        ("Het is van Trimbos.", "Het Trimbos-instituut maakte het.", True),
        ("Het is van Pharos' team in de regio Delft.", "Delft en Pharos maakten het.", True),
        ("Hij sprak met Hanneke Visser.", "Hanneke Jansen en Laura Visser spraken.", False),
    ],
)
def test_a_statement_is_closed_by_what_its_quote_tells(said: str, quote: str, closed: bool) -> None:
    answer = replace(answer_of(said), citations=(replace(citation_of(), quote=quote),))
    checks = (closure.closed_numbers(answer), closure.closed_dates(answer), closure.closed_names(answer))
    assert min(value for value in checks if value is not None) == float(closed)


def test_closure_is_not_measured_without_such_things_and_not_on_own_sentences() -> None:
    plain = answer_of("Dat helpt de kinderen.")
    own = replace(plain, statements=(Statement("Bel 113 in januari of vraag de GGD.", (), own=True),))
    for answer in (plain, own):
        assert closure.closed_numbers(answer) is closure.closed_dates(answer) is closure.closed_names(answer) is None


@given(SOME_TEXT)
def test_a_statement_that_is_its_quote_is_always_closed(text: str) -> None:
    answer = replace(answer_of(text), citations=(replace(citation_of(), quote=text),))
    for value in (closure.closed_numbers(answer), closure.closed_dates(answer), closure.closed_names(answer)):
        assert value in (None, 1.0)
