"""How an answer is put on paper: the places of its quotes, Markdown with [1] marks, and what to say about where they come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote, urldefrag

from assistant import texts_nl
from assistant.extract import Span
from assistant.types import Citation, Document, Passage, Source, Statement, Successor

_IN_FRAGMENT = "!$&'()*+,;=:@/?-._~%"  # RFC 3986; a name that is percent-encoded already stays so
# Two or more capitalised words in a row, with surname particles between them: a name that stands in a source.
_NAME = re.compile(
    r"\b[A-ZÀ-Ý][\w'’-]+(?: (?:van|de|der|den|ten|ter|te|el|la|&|’t|'t|[A-ZÀ-Ý][\w'’-]+))* [A-ZÀ-Ý][\w'’-]+"
)


def citation(span: Span, number: int, documents: Mapping[str, Document]) -> Citation:
    """The place of a quote, as it is shown and stored."""
    document = documents[span.passage.source]
    source = document.source
    return Citation(
        number=number,
        source=source.id,
        title=source.title,
        publisher=", ".join(source.publishers),
        published=source.published,
        url=address(document, span.start),
        page=span.passage.page,
        page_label=span.passage.page_label,
        section=" > ".join(span.passage.section),
        quote=span.passage.text[span.start - span.passage.start : span.end - span.passage.start],
        start=span.start,
        end=span.end,
        version=span.passage.version,
        repaired=any(c.repair and c.touches(span.start, span.end) for c in document.changes),
        superseded_by=_successor(source, documents),
    )


def _successor(source: Source, documents: Mapping[str, Document]) -> Successor | None:
    if source.superseded_by is None:
        return None
    held = documents.get(source.superseded_by)
    title = held.source.title if held else source.superseded_by
    return Successor(source.superseded_by, title, source.superseded_on)


def address(document: Document, at: int) -> str | None:
    """The document's web address, at the innermost named heading above offset `at` where there is one."""
    named = [s for s in document.sections if s.anchor and s.start <= at < s.end]
    if document.source.url is None or not named:
        return document.source.url
    return f"{urldefrag(document.source.url).url}#{quote(named[-1].anchor or '', safe=_IN_FRAGMENT)}"


def sector_notice(sector: str | None, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Tell when a sector was asked about and all quotes, or some, come from publications for others."""
    if sector is None or not passages:
        return ()
    fits = [not passage.sectors or sector in passage.sectors for passage in passages]
    if all(fits):
        return ()
    notice = texts_nl.NOTICE_PART_OTHER_SECTOR if any(fits) else texts_nl.NOTICE_OTHER_SECTOR
    return (notice.format(sector=sector),)


def superseded_notices(used: Sequence[Citation]) -> tuple[str, ...]:
    """Tell of each cited publication that has been replaced, once."""
    replaced = {c.title: c.superseded_by for c in used if c.superseded_by}
    return tuple(texts_nl.superseded_notice(title, new.title, new.on) for title, new in replaced.items())


def markdown(statements: Iterable[Statement]) -> str:
    """Statements as paragraphs with [1] marks; characters that Markdown would take as markup are escaped."""
    return "\n\n".join(_marked(statement) for statement in statements)


def _marked(statement: Statement) -> str:
    """One paragraph, or a lead-in with its items: within a quote a single line end divides a list's items."""
    escaped = re.sub(r"([\\`*_\[\]<>#|$])", r"\\\1", statement.text)
    marks = "".join(f" [{number}]" for number in statement.citations)
    return escaped.replace("\n\n", "\v").replace("\n", "\n- ").replace("\v", "\n\n") + marks


@lru_cache(maxsize=4)
def _cached_names(_generation: int, texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for text in texts for match in _NAME.finditer(text) for name in _endings(match.group()))


def _endings(run: str) -> Iterable[str]:
    """A run of capitalised words and what is left without its first ones: "Directeur Hanneke Visser" holds a name."""
    words = run.split(" ")
    return (" ".join(words[at:]) for at in range(len(words) - 1) if words[at][0].isupper())


def public_names(generation: int, documents: Mapping[str, Document]) -> frozenset[str]:
    """Names of people and schools that stand in the sources: public, so never masked."""
    return _cached_names(generation, tuple(document.text for document in documents.values()))
