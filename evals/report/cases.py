"""What the report shows of one case: its answer, the quotes in their surroundings, and what was expected and found.

Records of older runs lack some fields; what is not there is not shown, and nothing is made up for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals import texts
from evals.report.words import say

_BLANK = re.compile(r"\n\s*\n")
_FIRST_WORD = re.compile(r"^\S+\s+")
_LAST_WORD = re.compile(r"\s\S*$")
Piece = tuple[str, bool]
"""A stretch of text and whether it is marked."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote in its surroundings, with where it stands and what was seen of it."""

    heading: str
    where: tuple[str, ...]
    pieces: tuple[Piece, ...]
    cited: bool | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as the report shows it; `record` is the line of `cases.jsonl` it comes from."""

    record: Mapping[str, Any]
    id: str
    set: str
    passed: bool
    question: str
    earlier: tuple[str, ...]
    reasons: tuple[str, ...]
    complaints: tuple[str, ...]
    citations: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    places: tuple[Quote, ...]
    retrieved: tuple[Quote, ...]

    def tokens(self, field: str) -> tuple[str, ...]:
        """Values of a field that the filter goes by; a case may have several sources and reasons, or none."""
        if field == "reason":
            return self.reasons
        if field == "source":
            return tuple(dict.fromkeys(p["source"] for p in self.record["passages"]))
        return (self.record[field] or "",)


def titles_of(records: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Titles by source id, as far as the answers cite the sources."""
    return {
        citation["source"]: citation["title"]
        for record in records
        for citation in (*record["answer"]["citations"], *record["answer"]["nearest"])
    }


def case_views(records: Iterable[Mapping[str, Any]], titles: Mapping[str, str]) -> tuple[CaseView, ...]:
    """Views of all cases, in their order. A source without a title is named by its id."""
    return tuple(_view(record, titles) for record in records)


def _view(record: Mapping[str, Any], titles: Mapping[str, str]) -> CaseView:
    answer, places = record["answer"], record.get("places", ())
    return CaseView(
        record=record,
        id=record["id"],
        set=record["set"],
        passed=record["passed"],
        question=record["turns"][-1],
        earlier=tuple(record["turns"][:-1]),
        reasons=tuple(dict.fromkeys(code for code, _ in record["failures"])),
        complaints=tuple(texts.failure_line(code, detail) for code, detail in record["failures"]),
        citations=tuple(_citation(one) for one in answer["citations"]),
        nearest=tuple(_citation(one) for one in answer["nearest"]),
        places=tuple(_place(one, titles) for one in places or record["passages"]),
        retrieved=tuple(_passage(one, n, places, titles) for n, one in enumerate(record["retrieved"], 1)),
    )


def _citation(citation: Mapping[str, Any]) -> Quote:
    page = citation["page_label"] or citation["page"]
    where = [citation["section"], say("case_page", page=page) if page else ""]
    where += [say("case_repaired")] if citation["repaired"] else []
    heading = f"[{citation['number']}] {citation['title']}"
    return Quote(heading, tuple(part for part in where if part), _surrounded(citation))


def _place(place: Mapping[str, Any], titles: Mapping[str, str]) -> Quote:
    heading = titles.get(place["source"], place["source"])
    return Quote(heading, (), _surrounded(place), place.get("cited"), place.get("rank"))


def _surrounded(quoted: Mapping[str, Any]) -> tuple[Piece, ...]:
    """A quote between what stands before and after it, both cut to whole words; blank lines around it are closed."""
    before, after = quoted.get("before") or "", quoted.get("after") or ""
    if before and quoted["start"] > len(before):
        before = "… " + _FIRST_WORD.sub("", before)
    if after and not after.rstrip().endswith((".", "!", "?")):
        after = _LAST_WORD.sub("", after) + " …"
    pieces = ((_BLANK.sub("\n", before), False), (quoted["quote"], True), (_BLANK.sub("\n", after), False))
    return tuple(piece for piece in pieces if piece[0])


def _passage(
    passage: Mapping[str, Any], rank: int, places: Sequence[Mapping[str, Any]], titles: Mapping[str, str]
) -> Quote:
    where = say("case_characters", start=passage["start"], end=passage["end"])
    heading = titles.get(passage["source"], passage["source"])
    return Quote(heading, (where,), _marked(passage, places), rank=rank)


def _marked(passage: Mapping[str, Any], places: Sequence[Mapping[str, Any]]) -> tuple[Piece, ...]:
    """Divide a retrieved passage at the expected quotations it overlaps, by their offsets in the stored text."""
    text, start = passage["text"], passage["start"]
    hits = sorted(
        (max(one["start"] - start, 0), min(one["end"] - start, len(text)))
        for one in places
        if one["source"] == passage["source"] and one["start"] < passage["end"] and start < one["end"]
    )
    pieces, at = [], 0
    for begin, end in hits:
        begin = max(begin, at)
        if begin < end:
            pieces += [(text[at:begin], False), (text[begin:end], True)]
            at = end
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])
