"""An answer as the page shows it: plain data, every word of it text and never markup.

The browser side (`web/turn.js`) puts each string into the page as a text node. Places and names are worked out here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from assistant import texts_nl as nl
from assistant.export import conversation_paper, web_address
from assistant.export_markdown import readable
from assistant.feedback import MAX_COMMENT
from assistant.safety import plain
from assistant.types import Answer, Citation, Document, Outcome, Statement
from assistant.ui.original import has_pages
from assistant.ui.passage import is_current, surroundings

# 112, 113 and 0800-numbers: only ever looked for in our own fixed sentences.
_TELEPHONE = re.compile(r"(?<![\d-])(?:11[23]|0[89]00[- ]?\d{4})(?![\d-]|\.\w)")
# Between the paragraphs of a quote; a single line end stands between the items of a list.
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
# Our own lines about the outcome; all other lines of ours before an answer are a referral.
_OUTCOME_LINES = frozenset({nl.NO_EVIDENCE, nl.PARTIAL, nl.REFUSED, nl.CAN_ASK, *nl.COURTESIES.values()})

Card = dict[str, Any]
QUESTION_PARAMETER = "vraag"  # of an address that asks a question
SECTION_JOIN = " > "  # as answer.py joins a section's path


def answer_card(answer: Answer, documents: Mapping[str, Document]) -> Card:
    """Everything the page needs to show one answer. `documents`: the cited sources that are in the library, by id."""
    citations = {citation.number: citation for citation in answer.citations}
    referral = [s for s in answer.statements if s.own and s.text not in _OUTCOME_LINES]
    outcome = [s.text for s in answer.statements if s.own and s.text in _OUTCOME_LINES]
    urgent = Statement("\n".join(s.text for s in referral), (), own=True)
    return {
        "question": plain(answer.question),
        "readAs": nl.READ_AS.format(text=plain(answer.read_as)) if answer.read_as else "",
        "notices": list(answer.notices),
        "urgent": [_statement(urgent, {})] if referral else [],
        "outcome": _outcome_lines(outcome, answer.missing),
        "quoted": bool(answer.citations),
        "written": nl.CHAT_WRITTEN if answer.mode == "generated" else "",
        "statements": [_statement(s, citations) for s in answer.statements if not s.own],
        "sources": _sources(answer.citations, "c"),
        "nearest": [_near(c) for c in answer.nearest],
        "passages": _passages(answer.citations, "c", documents) | _passages(answer.nearest, "n", documents),
        "followUps": [plain(question) for question in answer.follow_ups],
        "feedback": _feedback(answer),
        "labels": nl.APP_CARD | ({"nearest": nl.APP_NEAREST_REFERRAL} if answer.outcome is Outcome.REFERRAL else {}),
    }


def writing_card(told: Answer, documents: Mapping[str, Document], stopping: bool) -> Card:
    """What the page shows of an answer that is being written: no sources yet, nothing to judge, and a way to stop."""
    words = nl.CHAT_WRITING["stopping" if stopping else "more" if told.statements else "first"]
    card = answer_card(told, documents)
    # a page is drawn by a run of the whole page, which comes when the answer is there
    passages = {key: passage | {"viewable": False} for key, passage in card["passages"].items()}
    return card | {
        "passages": passages,
        "writing": words,
        "stopping": stopping,
        "sources": [],
        "feedback": None,
        "written": "",
    }


def _feedback(answer: Answer) -> Card:
    """What a reader can do with the answer: judge what was said, report what was not found, copy it or its question."""
    first, *rest = readable(conversation_paper([answer], date.today())).split("\n")
    courtesy = any(s.own and s.text in nl.COURTESIES.values() for s in answer.statements)
    unfound = answer.outcome in (Outcome.NO_EVIDENCE, Outcome.PARTIAL) and not courtesy
    return {
        "judge": answer.outcome is not Outcome.REFUSED and not courtesy,
        "report": unfound,
        "reasons": nl.FEEDBACK_REASONS,
        "words": nl.APP_FEEDBACK,
        "most": MAX_COMMENT,
        "copy": "\n".join([*rest, "", first]).strip(),
        "link": "?" + urlencode({QUESTION_PARAMETER: plain(answer.read_as or answer.question)}),
    }


def _outcome_lines(lines: list[str], missing: tuple[str, ...]) -> list[str]:
    """What is wrong with the answer, what it lacks in the same line, and what can be asked instead."""
    lacks = nl.MISSING.format(missing=", ".join(plain(part) for part in missing)) + "." if missing else ""
    first = " ".join(part for part in (lines[0] if lines else "", lacks) if part)
    return [line for line in (first, *lines[1:]) if line]


def cited_sources(answer: Answer) -> tuple[str, ...]:
    """Ids of all sources that the answer cites or offers, each once."""
    return tuple(dict.fromkeys(c.source for c in answer.citations + answer.nearest))


def _statement(statement: Statement, citations: Mapping[int, Citation]) -> Card:
    """Paragraphs of lines of runs; in a paragraph, lines after the first are items of the list that it introduces."""
    paragraphs = [[line for line in part.split("\n") if line.strip()] for part in _BLANK_LINE.split(statement.text)]
    paragraphs = [lines for lines in paragraphs if lines]
    if statement.own:
        return {"own": True, "paragraphs": [[_with_telephones(line) for line in lines] for lines in paragraphs]}
    marks = [(number, citations[number].quote) for number in statement.citations if number in citations]
    marked = iter(_with_marks([line for lines in paragraphs for line in lines], marks))
    return {"own": False, "paragraphs": [[next(marked) for _ in lines] for lines in paragraphs]}


def _with_telephones(line: str) -> list[Card]:
    runs: list[Card] = []
    at = 0
    for match in _TELEPHONE.finditer(line):
        runs.append({"text": line[at : match.start()]})
        runs.append({"text": match.group(), "tel": re.sub(r"\D", "", match.group())})
        at = match.end()
    return [run for run in [*runs, {"text": line[at:]}] if run["text"]]


def _with_marks(lines: list[str], marks: list[tuple[int, str]]) -> list[list[Card]]:
    """Put each mark right after the words it carries: after its quote, or after the first line of a quote of many."""
    places: dict[tuple[int, int], list[int]] = {}
    for number, quote in marks:
        places.setdefault(_place(lines, quote), []).append(number)
    return [_cut(line, {at: n for (row, at), n in places.items() if row == i}) for i, line in enumerate(lines)]


def _place(lines: list[str], quote: str) -> tuple[int, int]:
    """Line and offset where a quote's mark goes; the end of the last line when its words can't be found."""
    words = re.escape(_first_line(quote)).replace(r"\ ", r"\s+")
    for row, line in enumerate(lines):
        match = re.search(words, line)
        if match:
            return row, match.end()
    squeezed = " ".join(quote.split())
    for row, line in enumerate(lines):
        if " ".join(line.split()) in squeezed:
            return row, len(line)
    return len(lines) - 1, len(lines[-1]) if lines else 0


def _first_line(quote: str) -> str:
    """Return the line that a quote's mark follows: the first of its last paragraph, which may introduce a list."""
    last = _BLANK_LINE.split(quote.strip())[-1]
    return " ".join(last.split("\n")[0].split())


def _cut(line: str, marks: Mapping[int, list[int]]) -> list[Card]:
    runs: list[Card] = []
    at = 0
    for place in sorted(marks):
        runs.append({"text": line[at:place], "marks": marks[place]})
        at = place
    return [*runs, {"text": line[at:]}] if line[at:] else runs


def _place_name(citation: Citation) -> str:
    page = citation.page_label or (str(citation.page) if citation.page is not None else "")
    return nl.PAGE.format(page=page) if page else citation.section.split(SECTION_JOIN)[-1]


def _sources(citations: tuple[Citation, ...], prefix: str) -> list[Card]:
    """One entry per publication, in the order of the marks, with its places."""
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.source, []).append(citation)
    return [
        {
            "title": group[0].title,
            "facts": _facts(group[0]),
            "url": web_address(group[0].url),
            "places": _places(group, prefix),
        }
        for group in groups.values()
    ]


def _facts(citation: Citation) -> str:
    """Publisher, date and, where another publication has taken its place, which."""
    new = citation.superseded_by
    replaced = nl.superseded_by(new.title, new.on) if new else ""
    return ", ".join(part for part in (citation.publisher, nl.app_date(citation.published), replaced) if part)


def _places(citations: list[Citation], prefix: str) -> list[Card]:
    """Name each page or section once, with all the marks that lead there."""
    marks: dict[str, list[Card]] = {}
    for citation in citations:
        mark = {"key": f"{prefix}{citation.number}", "number": citation.number}
        marks.setdefault(_place_name(citation), []).append(mark)
    return [{"name": name, "marks": group} for name, group in marks.items()]


def _near(citation: Citation) -> Card:
    return {
        "key": f"n{citation.number}",
        "quote": citation.quote,
        "title": citation.title,
        "place": _place_name(citation),
    }


def _passages(citations: tuple[Citation, ...], prefix: str, documents: Mapping[str, Document]) -> dict[str, Card]:
    return {f"{prefix}{c.number}": _passage(c, prefix, documents.get(c.source)) for c in citations}


def _passage(citation: Citation, prefix: str, document: Document | None) -> Card:
    place = _place_name(citation)
    return asdict(surroundings(document, citation)) | {
        "heading": nl.app_source_number(citation.number) if prefix == "c" else nl.NEAREST,
        "name": nl.app_mark(citation.number, citation.title, place),
        "title": citation.title,
        "facts": _facts(citation),
        "page": place if citation.page is not None else "",
        "repaired": citation.repaired,
        "stale": not is_current(document, citation),
        "viewable": _viewable(citation, document),
        "url": web_address(citation.url),
    }


def _viewable(citation: Citation, document: Document | None) -> bool:
    """Whether the page that was cited can be shown as it looks."""
    if document is None or citation.page is None:
        return False
    return has_pages(document.source) and is_current(document, citation)
