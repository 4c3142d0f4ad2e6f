"""Every statement against the stored text: what is not there to the character is taken out."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.types import Citation, Document, Statement

JOIN = " … "


def quote_holds(citation: Citation, documents: Mapping[str, Document]) -> bool:
    """Whether the quote stands in the stored text at its offsets, in the version that is cited."""
    document = documents.get(citation.source)
    if document is None or document.version != citation.version:
        return False
    inside = 0 <= citation.start < citation.end <= len(document.text)
    return inside and document.text[citation.start : citation.end] == citation.quote


def statement_holds(statement: Statement, citations: Mapping[int, Citation]) -> bool:
    """Whether a statement is its quotes and nothing else, white space apart; our own fixed sentences cite nothing."""
    if statement.own:
        return not statement.citations
    if not statement.citations or any(number not in citations for number in statement.citations):
        return False
    quotes = JOIN.join(citations[number].quote for number in statement.citations)
    return " ".join(quotes.split()) == " ".join(statement.text.split())


def verified(
    statements: tuple[Statement, ...], citations: tuple[Citation, ...], documents: Mapping[str, Document]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The statements and citations that hold; a statement falls with any of its citations."""
    sound = {c.number: c for c in citations if quote_holds(c, documents)}
    kept = tuple(s for s in statements if statement_holds(s, sound))
    used = {number for statement in kept for number in statement.citations}
    return kept, tuple(c for c in citations if c.number in used)
