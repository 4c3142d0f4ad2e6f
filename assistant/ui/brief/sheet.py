"""A brief as the page shows it: plain data, every word of it text and never markup; the browser side is `web/brief.js`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant import texts_nl as nl
from assistant.brief_records import Brief, BriefLine, BriefSection, Part, shown
from assistant.safety import plain
from assistant.types import Answer, Document, Outcome
from assistant.ui.card import Card, answer_card

# Paragraphs of lines of runs, as `answer_card` gives them.
Paragraphs = list[list[list[Card]]]


def sheet(brief: Brief, documents: Mapping[str, Document], can_undo: bool) -> Card:
    """Everything that the paper needs: what is struck stays visible, numbered is what will be on paper.

    `documents`: the cited sources that are in the library, by id.
    """
    kept = shown(brief)
    quoted = [line for line in _lines(kept) if not line.statement.own]
    urgent = [line.statement for line in _lines(kept, Part.URGENT)]
    told = Answer("", Outcome.ANSWERED, "", (*urgent, *(line.statement for line in quoted)), kept.citations)
    card = answer_card(told, documents)
    marked = {line.id: one["paragraphs"] for line, one in zip(quoted, card["statements"], strict=True)}
    return {
        "title": nl.BRIEF_TITLE.format(sector=brief.sector),
        "context": nl.BRIEF_CONTEXT.format(context=plain(brief.context)) if brief.context else "",
        "notices": list(brief.notices),
        "urgent": card["urgent"],
        "sections": [_section(s, marked) for s in brief.sections if s.part is not Part.URGENT],
        "sources": card["sources"],
        "passages": card["passages"],
        "canUndo": can_undo,
        "writtenNote": nl.BRIEF_WRITTEN if kept.written else "",
        "labels": nl.APP_CARD | nl.BRIEF_PAPER | {"word": nl.BRIEF_PAGE["word"]},
    }


def may_change(brief: Brief, line: str) -> bool:
    """Whether the adviser may strike, move or annotate a line: any line but those of a referral."""
    return any(found.id == line for s in brief.sections if s.part is not Part.URGENT for found in s.lines)


def _lines(brief: Brief, part: Part | None = None) -> Iterator[BriefLine]:
    for section in brief.sections:
        if part is None or section.part is part:
            yield from section.lines


def _section(section: BriefSection, marked: Mapping[str, Paragraphs]) -> Card:
    last = len(section.lines) - 1
    return {
        "heading": plain(section.heading),
        "level": section.level,
        "struck": bool(section.lines) and all(line.struck for line in section.lines),
        "lines": [_line(line, marked) | {"first": n == 0, "last": n == last} for n, line in enumerate(section.lines)],
    }


def _line(line: BriefLine, marked: Mapping[str, Paragraphs]) -> Card:
    return {
        "id": line.id,
        "label": plain(line.label),
        "note": line.note,
        "struck": line.struck,
        "own": line.statement.own,
        "written": line.written,
        "paragraphs": marked.get(line.id) or _bare(line.statement.text),
    }


def _bare(text: str) -> Paragraphs:
    """Text without marks, as `answer_card` gives it: paragraphs of lines of runs."""
    paragraphs = ([line for line in part.split("\n") if line.strip()] for part in text.split("\n\n"))
    return [[[_run(line)] for line in lines] for lines in paragraphs if lines]


def _run(text: str) -> Card:
    return {"text": text}
