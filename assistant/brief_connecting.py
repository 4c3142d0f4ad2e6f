"""A brief's connecting sentences: worded by a chat model, each supported by lines of the section it stands in, or not shown."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import dutch
from assistant import texts_nl as nl
from assistant.brief_records import Brief, BriefLine, BriefSection, Part
from assistant.generation.failures import Failure
from assistant.injection import ordering
from assistant.prompt import Source, connect_messages
from assistant.types import Citation, Document, Statement
from assistant.verify import Citable, Verdict, leans

if TYPE_CHECKING:
    from threading import Event

    from assistant.generation.model import Call
    from assistant.generation.writer import Proven, Writer, Written

log = logging.getLogger(__name__)

CONNECTED = (Part.SITUATION, Part.KNOWLEDGE, Part.TOOLS, Part.EXAMPLES, Part.CARE)
FEWEST_LINES = 2  # one line needs nothing that connects it
MOST_SENTENCES = 2  # of one section
MOST_WORDS = 28  # of one sentence
AT_ONCE = 6  # sections in one request: a reply is read up to twelve sentences


@dataclass(frozen=True, slots=True)
class Connected:
    """The brief with its connecting sentences, if any; `notices`: what was struck, or why there are none."""

    brief: Brief
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """A section of level 1 with those below it: where it stands, its heading, and its quotes by their citations' numbers."""

    at: int
    heading: str
    quotes: Mapping[int, Citable]


def connected(
    brief: Brief,
    documents: Mapping[str, Document],
    writer: Writer,
    room: int,
    user: str = "",
    cancelled: Event | None = None,
) -> Connected:
    """Put one or two sentences on top of each section that has several quoted lines, `room` words of them in all.

    Everything that the model gets stands in publications, but for the headings, which may be the adviser's, masked.
    """
    groups = list(_groups(brief, documents))
    if not groups:
        return Connected(brief)
    if not writer.may_ask(user):
        return Connected(brief, (nl.CHAT_FAILURES[Failure.SPENT],))
    call = writer.call(cancelled)
    try:
        found: dict[int, list[Statement]] = {}
        struck = 0
        failure: Failure | None = None
        for first in range(0, len(groups), AT_ONCE):
            some = groups[first : first + AT_ONCE]
            proven, written = _asked(some, writer, call)
            struck += written.struck
            failure = failure or written.failure
            for sentence in proven:
                for at, statement in _placed(sentence, some):
                    found.setdefault(at, []).append(statement)
            if written.failure not in (None, Failure.UNPROVEN, Failure.EMPTY):
                break
    finally:
        writer.settle(user, call)
    told = (nl.struck(struck),) if struck else ()
    kept = _within(found, room)
    if not kept:
        why = nl.CHAT_FAILURES.get(str(failure or Failure.UNPROVEN), "")
        return Connected(brief, (*([why] if why else []), *told))
    return Connected(_with(brief, kept), told)


def _groups(brief: Brief, documents: Mapping[str, Document]) -> Iterator[_Group]:
    cited = {citation.number: citation for citation in brief.citations}
    heads = [n for n, section in enumerate(brief.sections) if section.level == 1]
    for at, until in zip(heads, [*heads[1:], len(brief.sections)], strict=True):
        if brief.sections[at].part not in CONNECTED:
            continue
        lines = [line for section in brief.sections[at:until] for line in section.lines if not line.statement.own]
        numbers = [number for line in lines for number in line.statement.citations]
        quotes = {number: one for number in numbers if (one := _citable(cited[number], documents)) is not None}
        if len(lines) >= FEWEST_LINES and quotes:
            yield _Group(at, brief.sections[at].heading, quotes)


def _citable(cited: Citation, documents: Mapping[str, Document]) -> Citable | None:
    """A quote as a model may cite it: its whole sentences, without those that give orders to a machine."""
    document = documents[cited.source]
    passage = next((p for p in document.passages if p.start <= cited.start and cited.end <= p.end), None)
    if passage is None:
        return None
    inside = {n for n, s in enumerate(passage.sentences) if cited.start <= s.start and s.end <= cited.end}
    one = Citable(passage, document.source.title, frozenset(inside) - ordering(passage))
    return one if one.text else None


def _asked(groups: Sequence[_Group], writer: Writer, call: Call) -> tuple[list[Proven], Written]:
    sources = {number: quote for group in groups for number, quote in group.quotes.items()}
    parts = [(g.heading, [Source(n, one.heading, one.text) for n, one in g.quotes.items()]) for g in groups]
    steps = writer.prove(connect_messages(parts, MOST_WORDS), sources, call)
    proven: list[Proven] = []
    try:
        while True:
            proven.append(next(steps))
    except StopIteration as ended:
        written: Written = ended.value
    return proven, written


def _placed(sentence: Proven, groups: Sequence[_Group]) -> Iterator[tuple[int, Statement]]:
    """The section that a sentence belongs to, with the lines there that support it; none where it is no use there."""
    if leans(sentence.text) or len(sentence.text.split()) > MOST_WORDS:
        return
    for group in groups:
        numbers = tuple(n for n, quote in group.quotes.items() if _stands_on(sentence.verdict, quote))
        if numbers:
            if not any(_same(sentence.text, group.quotes[n].text) for n in numbers):
                yield group.at, Statement(sentence.text, numbers)
            return


def _stands_on(verdict: Verdict, quote: Citable) -> bool:
    return any(s.passage.id == quote.passage.id and quote.allowed.issuperset(s.sentences) for s in verdict.stretches)


def _same(one: str, other: str) -> bool:
    """Whether a sentence says what stands below it already, word for word."""
    return dutch.normal(one).strip(" .") in " ".join(dutch.normal(other).split())


def _within(found: Mapping[int, Sequence[Statement]], room: int) -> dict[int, list[Statement]]:
    """What there is room for: the first sentence of each section before the second of any."""
    kept: dict[int, list[Statement]] = {}
    for place in range(MOST_SENTENCES):
        for at, statements in found.items():
            words = len(statements[place].text.split()) if place < len(statements) else room + 1
            if words <= room:
                kept.setdefault(at, []).append(statements[place])
                room -= words
    return kept


def _with(brief: Brief, found: Mapping[int, Sequence[Statement]]) -> Brief:
    sections = tuple(_headed(s, found.get(at, ()), f"v{at + 1}") for at, s in enumerate(brief.sections))
    return replace(brief, sections=sections)


def _headed(section: BriefSection, statements: Sequence[Statement], id: str) -> BriefSection:
    lines = tuple(BriefLine(f"{id}.{n}", statement, written=True) for n, statement in enumerate(statements, 1))
    return replace(section, lines=(*lines, *section.lines))
