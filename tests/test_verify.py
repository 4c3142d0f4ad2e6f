"""Nothing that is not in the stored text to the character reaches a reader."""

from __future__ import annotations

from dataclasses import replace

import pytest
import school

from assistant.types import Citation, Document, Statement
from assistant.verify import JOIN, quote_holds, statement_holds, verified

KADER = school.document("kader")
DOCUMENTS = {"kader": KADER, "signalen": school.document("signalen")}


def cite(number: int, quote: str, document: Document = KADER) -> Citation:
    start = document.text.index(quote)
    return Citation(
        number, document.source.id, "", "", None, None, None, None, "", quote, start, start + len(quote),
        document.version, False,
    )  # fmt: skip


ONE = cite(1, "Ouders kennen hun kind het langst.")
TWO = cite(2, "Betrek ouders daarom vroeg bij een plan.")
SAID = Statement(ONE.quote, (1,))


def test_what_stands_there_is_kept():
    other = Statement(TWO.quote, (2,))
    assert verified((SAID, other), (ONE, TWO), DOCUMENTS) == ((SAID, other), (ONE, TWO))


SHAKEN = {
    "shifted": replace(ONE, start=ONE.start + 1, end=ONE.end + 1),
    "one character more": replace(ONE, end=ONE.end + 1),
    "altered": replace(ONE, quote=ONE.quote.replace("langst", "kortst")),
    "foreign": replace(ONE, source="signalen", version=DOCUMENTS["signalen"].version),
    "unknown source": replace(ONE, source="weg"),
    "stale": replace(ONE, version="0" * 64),
    "before the text": replace(ONE, start=-1),
    "behind the text": replace(ONE, start=len(KADER.text) + 5, end=len(KADER.text) + 9, quote=""),
    "empty": replace(ONE, end=ONE.start, quote=""),
}


@pytest.mark.parametrize("citation", SHAKEN.values(), ids=SHAKEN)
def test_a_quote_that_does_not_hold_falls_with_its_statement(citation: Citation):
    assert not quote_holds(citation, DOCUMENTS)
    other = Statement(TWO.quote, (2,))
    assert verified((SAID, other), (citation, TWO), DOCUMENTS) == ((other,), (TWO,))


def test_a_statement_falls_with_any_of_its_quotes():
    joined = Statement(ONE.quote + JOIN + TWO.quote, (1, 2))
    assert verified((joined,), (ONE, TWO), DOCUMENTS)[0] == (joined,)
    stale = replace(TWO, version="0" * 64)
    assert verified((joined,), (ONE, stale), DOCUMENTS) == ((), ())


def test_a_statement_is_its_quotes_and_nothing_else():
    known = {1: ONE, 2: TWO}
    assert statement_holds(SAID, known)
    assert statement_holds(Statement(ONE.quote.replace(" ", "\n"), (1,)), known)
    for text in (ONE.quote + " Altijd.", ONE.quote[:-1], "Kortom: " + ONE.quote, TWO.quote, ""):
        assert not statement_holds(Statement(text, (1,)), known)
    assert not statement_holds(Statement(ONE.quote + TWO.quote, (1, 2)), known)
    assert not statement_holds(Statement(TWO.quote + JOIN + ONE.quote, (1, 2)), known)


def test_a_statement_without_citation_is_only_ours():
    assert not statement_holds(Statement(ONE.quote, ()), {1: ONE})
    assert not statement_holds(Statement(ONE.quote, (1, 3)), {1: ONE})
    assert statement_holds(Statement("Daarover staat niets.", (), own=True), {})
    assert not statement_holds(Statement("Daarover staat niets.", (1,), own=True), {1: ONE})


def test_a_citation_that_no_statement_uses_is_left_out():
    assert verified((SAID,), (ONE, TWO), DOCUMENTS) == ((SAID,), (ONE,))
