"""What is taken along: a brief or a conversation as one paper, which `export_docx` and `export_markdown` write out.

The same sentence has one number on the whole paper; the source list groups the numbers by publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from assistant import texts_nl as nl
from assistant.brief_records import Brief, BriefLine, Part, shown
from assistant.safety import plain
from assistant.types import Answer, Citation, Statement

SECTION_JOIN = " > "  # as a citation's section is joined
# XML 1.0 has no place for these, not even escaped; `plain` takes the control characters out.
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


class Look(StrEnum):
    """How a block looks: what it is."""

    HEADING = "heading"
    QUOTED = "quoted"
    WRITTEN = "written"  # worded by a chat model, and supported by what its numbers lead to
    OWN = "own"
    NOTE = "note"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a line. Line ends in `text` part the items of a list; an empty line parts paragraphs.

    `level`: of a heading, from 1. `label`: what stands before the text; `marks`: numbers of sources behind it.
    """

    look: Look
    text: str
    level: int = 0
    label: str = ""
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """An entry of the source list: a publication with its places, each with the numbers that lead there."""

    title: str
    facts: str
    url: str
    places: tuple[tuple[tuple[int, ...], str, str], ...]
    """Per place: numbers, page or section, address at that place ("" where there is none)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to be written out. All text is clean: no control characters, nothing that a reader can't see."""

    title: str
    blocks: tuple[Block, ...]
    publications: tuple[Publication, ...]
    made: date

    @property
    def footer(self) -> str:
        """By what, when, and what a number means."""
        written = any(block.look is Look.WRITTEN for block in self.blocks)
        words = nl.EXPORT_FOOTER_WRITTEN if written else nl.EXPORT_FOOTER
        return words.format(date=nl.app_date(self.made.isoformat()))

    def addresses(self) -> dict[int, str]:
        """Per number the web address of its place, where it has one."""
        return {n: url for each in self.publications for numbers, _, url in each.places for n in numbers if url}


def brief_paper(brief: Brief, made: date) -> Paper:
    """The brief as the adviser left it: without what was struck, with the notes."""
    brief = shown(brief)
    blocks: list[Block] = []
    context = [Block(Look.NOTE, clean(nl.BRIEF_CONTEXT.format(context=brief.context)))] if brief.context else []
    for section in sorted(brief.sections, key=lambda section: section.part is not Part.URGENT):
        if section.part is not Part.URGENT:
            blocks, context = blocks + context, []
        blocks.append(Block(Look.HEADING, clean(section.heading), section.level))
        for line in section.lines:
            blocks += _line_blocks(line)
    title = nl.BRIEF_TITLE.format(sector=brief.sector)
    return Paper(title, (*blocks, *context), _publications(brief.citations), made)


def conversation_paper(answers: Iterable[Answer], made: date) -> Paper:
    """Questions with their answers, the sources numbered over the whole conversation.

    Where a chat model worded answers, each says in which way it was made, and the quotes stand at the end.
    """
    answers = tuple(answers)
    worded = any(answer.mode == "generated" for answer in answers)
    numbers: dict[tuple[str, str, int, int], int] = {}
    cited: list[Citation] = []
    blocks: list[Block] = []
    for answer in answers:
        for citation in answer.citations:
            if _identity(citation) not in numbers:
                numbers[_identity(citation)] = len(numbers) + 1
                cited.append(replace(citation, number=len(numbers)))
        new = {citation.number: numbers[_identity(citation)] for citation in answer.citations}
        blocks += _answer_blocks(answer, new, worded)
    blocks += _quotes([c for c in cited if _identity(c) in _to_quote(answers)])
    return Paper(nl.EXPORT_CONVERSATION, tuple(blocks), _publications(cited), made)


def _to_quote(answers: Iterable[Answer]) -> frozenset[tuple[str, str, int, int]]:
    """The places whose words do not stand in the answers themselves."""
    return frozenset(_identity(c) for answer in answers if answer.mode == "generated" for c in answer.citations)


def _quotes(cited: Sequence[Citation]) -> Iterable[Block]:
    if cited:
        yield Block(Look.HEADING, nl.EXPORT_QUOTES, 1)
    for citation in cited:
        yield Block(Look.QUOTED, clean(citation.quote), marks=(citation.number,))


def _answer_blocks(answer: Answer, new: dict[int, int], worded: bool) -> Iterable[Block]:
    """One answer; `worded`: it has to say in which way it was made, because not all were made in the same."""
    yield Block(Look.HEADING, clean(nl.EXPORT_QUESTION.format(question=answer.question)), 1)
    told = list(answer.notices)
    written = answer.mode == "generated"
    if worded and answer.citations:
        told.insert(0, nl.EXPORT_WRITTEN if written else nl.EXPORT_VERBATIM)
    if answer.read_as:
        told.append(nl.READ_AS.format(text=answer.read_as))
    yield from (Block(Look.OWN, clean(text)) for text in told)
    for statement in answer.statements:
        marks = tuple(dict.fromkeys(new[number] for number in statement.citations))
        yield _block(statement, marks, written)
    if answer.missing:
        yield Block(Look.OWN, clean(nl.MISSING.format(missing=", ".join(answer.missing))))


def _line_blocks(line: BriefLine) -> Iterable[Block]:
    yield replace(_block(line.statement, line.statement.citations, line.written), label=clean(line.label))
    if line.note:
        yield Block(Look.NOTE, clean(nl.EXPORT_NOTE.format(note=line.note)))


def _block(statement: Statement, marks: tuple[int, ...], written: bool = False) -> Block:
    look = Look.OWN if statement.own else Look.WRITTEN if written else Look.QUOTED
    return Block(look, clean(statement.text), marks=marks)


def _identity(citation: Citation) -> tuple[str, str, int, int]:
    return citation.source, citation.version, citation.start, citation.end


def _publications(citations: Sequence[Citation]) -> tuple[Publication, ...]:
    """One entry per publication in the order of the numbers; a place is named once with all its numbers."""
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.source, []).append(citation)
    return tuple(_publication(group) for group in groups.values())


def _publication(group: Sequence[Citation]) -> Publication:
    first = group[0]
    new = first.superseded_by
    replaced = nl.superseded_by(new.title, new.on) if new else ""
    facts = (first.publisher, nl.app_date(first.published) or nl.NO_DATE, replaced)
    places: dict[tuple[str, str], list[int]] = {}
    for citation in group:
        places.setdefault((_place(citation), web_address(citation.url)), []).append(citation.number)
    return Publication(
        clean(first.title),
        clean(", ".join(part for part in facts if part)),
        web_address(first.url.split("#")[0] if first.url else None),
        tuple((tuple(numbers), place, url) for (place, url), numbers in places.items()),
    )


def _place(citation: Citation) -> str:
    """Page and section, as far as the source has them."""
    page = citation.page_label or (str(citation.page) if citation.page is not None else "")
    section = citation.section.split(SECTION_JOIN)[-1]
    named = (nl.PAGE.format(page=page) if page else "", nl.EXPORT_SECTION.format(section=section) if section else "")
    return clean(", ".join(part for part in named if part))


def clean(text: str) -> str:
    """Text as it may stand in any file: no control or hidden characters, no half characters; line ends are kept."""
    return _NO_XML.sub("", plain(text))


def web_address(url: str | None) -> str:
    """The address if it is a plain http(s) one without white space, else nothing: nothing else becomes a link."""
    address = clean(url or "").strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    sound = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"[\s<>\"\\^`{|}]", address)
    return address if sound else ""
