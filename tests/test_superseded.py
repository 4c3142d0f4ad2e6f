"""A publication that another one replaces is still cited, and every citation of it says which one and since when."""

from __future__ import annotations

import school
from school import House

from assistant.types import Outcome
from assistant.ui.card import answer_card

QUESTION = "Wat is mentaal welbevinden?"


def superseded(house: House, name: str, newer: str, on: str | None) -> None:
    document = school.document(name)
    school.put(house.library, school.renamed(document, superseded_by=newer, superseded_on=on or ""))


def test_the_citation_the_notice_and_the_card_say_what_replaces_it_and_since_when(own_house: House):
    plain = own_house.assistant.ask(QUESTION)
    cited = plain.citations[0].source
    assert all("superseded_by" not in citation for citation in plain.as_json()["citations"])
    newer = next(source for source in own_house.library.sources() if source.id != cited)
    superseded(own_house, cited, newer.id, "2026-03")
    answer = own_house.assistant.ask(QUESTION)
    assert answer.outcome is Outcome.ANSWERED and answer.text == plain.text
    (record, *_) = [c for c in answer.as_json()["citations"] if c["source"] == cited]
    assert record["superseded_by"] == {"source": newer.id, "title": newer.title, "on": "2026-03"}
    words = f"vervangen door ‘{newer.title}’ (maart 2026)"
    assert [notice for notice in answer.notices if words in notice and answer.citations[0].title in notice]
    card = answer_card(answer, {})
    assert words in card["sources"][0]["facts"] and words in card["passages"]["c1"]["facts"]


def test_a_successor_that_the_library_does_not_hold_is_named_by_its_id(own_house: House):
    cited = own_house.assistant.ask(QUESTION).citations[0].source
    superseded(own_house, cited, "komt-nog", None)
    assert "vervangen door ‘komt-nog’." in " ".join(own_house.assistant.ask(QUESTION).notices)
