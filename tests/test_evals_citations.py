"""Quotes are real, carry what is said, and come from where the answer stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from small_case import (
    PLACES,
    QUOTE,
    TEXTS,
    VERSIONS,
    answer_of,
    case_of,
    citation_of,
    held_back,
    score_of,
)

from assistant.types import Outcome, Statement
from evals import citations
from evals.ranking import Place


@pytest.mark.parametrize("shift", [(1, 1), (-1, -1), (0, 1), (0, -1)])
def test_a_quote_shifted_by_one_character_is_invalid(shift: tuple[int, int]) -> None:
    good = citation_of("Elke school heeft vier kernpartners.")
    moved = replace(good, start=good.start + shift[0], end=good.end + shift[1])
    answer = answer_of(good.quote, citation=moved)
    assert citations.quote_validity(answer_of(good.quote, citation=good), TEXTS, VERSIONS) == 1.0
    assert citations.quote_validity(answer, TEXTS, VERSIONS) == 0.0
    assert ("quote_validity", "answered") in score_of(case_of(), answer).failures


def test_a_citation_to_the_wrong_source_or_an_old_version_is_invalid() -> None:
    wrong = replace(citation_of(), source="blad")
    assert citations.quote_validity(answer_of(citation=wrong), TEXTS, VERSIONS) == 0.0
    assert (
        citations.quote_validity(answer_of(citation=replace(citation_of(), version="0" * 64)), TEXTS, VERSIONS) == 0.0
    )
    elsewhere = citation_of("Hier staat iets heel anders over zwemles in de ochtend.", "blad")
    assert citations.cites_expected(PLACES, answer_of(citation=elsewhere)) == 0.0
    assert citations.cites_expected(PLACES, answer_of()) == 1.0


def test_a_quote_shown_as_found_nearby_is_checked_too() -> None:
    near = replace(held_back(Outcome.NO_EVIDENCE), nearest=(replace(citation_of(), start=3, end=9),))
    assert citations.quote_validity(near, TEXTS, VERSIONS) == 0.0


def test_a_statement_without_a_citation_or_with_an_unknown_one_is_seen() -> None:
    bare = replace(answer_of(), statements=(Statement(QUOTE, ()),))
    unknown = replace(answer_of(), statements=(Statement(QUOTE, (2,)),))
    assert citations.citation_coverage(bare) == citations.citation_coverage(unknown) == 0.0
    assert not score_of(case_of(), bare).passed


def test_spans_by_hand() -> None:
    places = (Place("kaart", 0, 40), Place("kaart", 30, 50), Place("blad", 0, 50))
    answer = replace(answer_of(), citations=(replace(citation_of(), start=25, end=75),))
    assert citations.span_recall(places, answer) == 0.25
    assert citations.span_precision(places, answer) == 1.0
    far = replace(citation_of(), start=citations.NEAR + 25, end=citations.NEAR + 75)
    assert citations.span_precision(places, replace(answer_of(), citations=(far,))) == 0.5
    none = replace(answer_of(), citations=())
    assert (citations.span_recall(places, none), citations.span_precision(places, none)) == (0.0, None)
    assert citations.span_recall((), answer) is citations.span_precision((), answer) is None


def test_citation_recall_and_precision_as_in_alce() -> None:
    def both_words(text: str, quotes: Sequence[str]) -> bool:
        return set(text.split()) <= set(" ".join(quotes).split())

    quotes = ("a b", "c", "x", "a b c")
    cited = tuple(replace(citation_of(), number=number, quote=quote) for number, quote in enumerate(quotes, 1))
    generated = replace(answer_of(), mode="generated", citations=cited)
    for numbers, recall, precision in (
        ((1, 2), 1.0, 1.0),  # each is needed
        ((1, 2, 3), 1.0, 2 / 3),  # the third is not
        ((4, 1), 1.0, 0.5),  # the first does it alone
        ((1, 3), 0.0, 0.0),
        ((), 0.0, None),
    ):
        answer = replace(generated, statements=(Statement("a b c", numbers),))
        assert citations.citation_recall(answer, both_words) == recall
        assert citations.citation_precision(answer, both_words) == precision
        assert citations.citation_recall(answer) is citations.citation_precision(answer) is None


def test_an_extractive_lead_in_and_its_item_are_both_needed() -> None:
    cited = tuple(replace(citation_of(), number=n, quote=q) for n, q in enumerate(("Dit helpt:", "samen\nspelen"), 1))
    answer = replace(answer_of(), statements=(Statement("Dit helpt: … samen spelen", (1, 2)),), citations=cited)
    assert citations.citation_recall(answer) == citations.citation_precision(answer) == 1.0
    assert citations.verbatim(answer) == 1.0
