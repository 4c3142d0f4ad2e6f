"""What stands around a quote: the paragraph before it, its own paragraph, the one after, and the headings above it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Citation, Document, Section


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A quote in its place; `lead + quote + tail` is its own paragraph or list, exactly as stored.

    `before` and `after` are the neighbouring paragraphs of the same section, empty where there are none.
    """

    path: tuple[str, ...]
    before: str
    lead: str
    quote: str
    tail: str
    after: str


def surroundings(document: Document | None, citation: Citation) -> Surroundings:
    """Find the quote's neighbours in the stored text; the bare quote when that text was replaced or withdrawn."""
    if document is None or not is_current(document, citation):
        return Surroundings((), "", "", citation.quote, "", "")
    text, start, end = document.text, citation.start, citation.end
    section = _section(document.sections, start)
    blocks = _blocks(document)
    own = [span for span in blocks if span[0] < end and start < span[1]]
    first, last = (min(own)[0], max(span[1] for span in own)) if own else (start, end)
    first, last = min(first, start), max(last, end)
    low, high = (section.start, section.end) if section else (0, len(text))
    before = [span for span in blocks if low <= span[0] and span[1] <= first]
    after = [span for span in blocks if last <= span[0] and span[1] <= high]
    return Surroundings(
        path=section.path if section else (),
        before=text[slice(*before[-1])] if before else "",
        lead=text[first:start],
        quote=text[start:end],
        tail=text[end:last],
        after=text[slice(*after[0])] if after else "",
    )


def is_current(document: Document | None, citation: Citation) -> bool:
    """Whether the library still holds the very text that was quoted."""
    if document is None or document.version != citation.version:
        return False
    return document.text[citation.start : citation.end] == citation.quote


def _section(sections: tuple[Section, ...], place: int) -> Section | None:
    around = [section for section in sections if section.start <= place < section.end]
    return max(around, key=lambda section: (section.start, section.level), default=None)


def _blocks(document: Document) -> list[tuple[int, int]]:
    """The paragraphs and lists of a document as spans, in order; a block may run over several passages."""
    spans: dict[int, tuple[int, int]] = {}
    for passage in document.passages:
        for sentence in passage.sentences:
            start, end = spans.get(sentence.block, (sentence.start, sentence.end))
            spans[sentence.block] = (min(start, sentence.start), max(end, sentence.end))
    return sorted(spans.values())
