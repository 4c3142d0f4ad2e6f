"""What an answer cites: whether the quotes are real, carry what is said, and come from where the answer stands.

A value of None means "not measured": the case gives nothing to measure it by. It is counted as such, never averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.types import Answer, Citation, Statement
from evals.ranking import Place

Supports = Callable[[str, Sequence[str]], bool]
"""Whether quotes, taken together, support a statement: called with the statement's text and the quotes."""

NEAR = 600
"""Characters before and after an expected place that still belong to its surroundings: one passage of the library."""


def told(answer: Answer) -> tuple[Statement, ...]:
    """The statements that speak for the sources: all but the product's own fixed sentences."""
    return tuple(statement for statement in answer.statements if not statement.own)


def cited(statement: Statement, answer: Answer) -> tuple[Citation, ...]:
    """The citations of the answer that a statement refers to."""
    return tuple(citation for citation in answer.citations if citation.number in statement.citations)


def quote_validity(answer: Answer, texts: Mapping[str, str], versions: Mapping[str, str]) -> float | None:
    """Share of citations whose quote is, to the character, what stands at its place in the text it names.

    `texts` and `versions` give per source id the stored text and its SHA-256. None without citations.
    """
    shown = (*answer.citations, *answer.nearest)
    if not shown:
        return None
    return sum(_valid(citation, texts, versions) for citation in shown) / len(shown)


def citation_coverage(answer: Answer) -> float | None:
    """Share of statements that cite at least one citation of the answer, and none that it lacks (Liu et al. 2023).

    None without statements other than the product's own.
    """
    numbers = {citation.number for citation in answer.citations}
    statements = told(answer)
    whole = [bool(statement.citations) and set(statement.citations) <= numbers for statement in statements]
    return sum(whole) / len(whole) if whole else None


def verbatim(answer: Answer) -> float | None:
    """Share of statements that are their quotes and nothing else, white space and " … " apart.

    None for a generated answer and without statements.
    """
    statements = told(answer)
    if not statements or answer.mode != "extractive":
        return None
    return sum(_made_of_quotes(statement, answer) for statement in statements) / len(statements)


def citation_recall(answer: Answer, supports: Supports | None = None) -> float | None:
    """Share of statements that the quotes they cite, taken together, support (ALCE; Gao et al. 2023).

    An extractive statement is supported when each of its pieces (between " … ") stands in one of the quotes; for a
    generated one `supports` tells. None without statements, and for a generated answer without `supports`. A
    statement without citations counts as not supported.
    """
    judge = _judge(answer, supports)
    statements = told(answer)
    if judge is None or not statements:
        return None
    return sum(_supported(judge, statement, answer) for statement in statements) / len(statements)


def citation_precision(answer: Answer, supports: Supports | None = None) -> float | None:
    """Share of citations of statements that are needed (ALCE; Gao et al. 2023).

    A citation is precise when its statement is supported by all that it cites, and the citation supports it alone or
    the others no longer do without it. None without such citations and where `citation_recall` is not measured.
    """
    judge = _judge(answer, supports)
    if judge is None:
        return None
    precise: list[bool] = []
    for statement in told(answer):
        quotes = [citation.quote for citation in cited(statement, answer)]
        whole = bool(quotes) and judge(statement.text, quotes)
        for at, quote in enumerate(quotes):
            others = quotes[:at] + quotes[at + 1 :]
            needed = whole and (not others or judge(statement.text, [quote]) or not judge(statement.text, others))
            precise.append(needed)
    return sum(precise) / len(precise) if precise else None


def cites_expected(places: Sequence[Place], answer: Answer) -> float | None:
    """1 when a citation overlaps a place that the case names, else 0. None without places or without citations."""
    if not places or not answer.citations:
        return None
    return float(_Spans.of(answer.citations).common(_Spans.of(places)) > 0)


def span_recall(places: Sequence[Place], answer: Answer) -> float | None:
    """Share of the characters of the expected places that the cited spans cover.

    Recall on characters, as Smith & Troynikov (2024, "Evaluating Chunking Strategies for Retrieval") count it on tokens
    of highlighted excerpts. None without places; 0 for an answer without citations.
    """
    expected = _Spans.of(places)
    return expected.common(_Spans.of(answer.citations)) / expected.length if expected.length else None


def span_precision(places: Sequence[Place], answer: Answer) -> float | None:
    """Share of the cited characters that lie in the surroundings (`NEAR`) of an expected place.

    The mirror of `span_recall` but for the surroundings: exact characters would punish a quote of the whole sentence
    around a short place. Low for an answer that copies much beside the point. None without places or citations.
    """
    spans = _Spans.of(answer.citations)
    return spans.common(_Spans.of(places, NEAR)) / spans.length if places and spans.length else None


def near_expected(places: Sequence[Place], citations: Sequence[Citation]) -> bool:
    """Whether one of the citations lies in or within `NEAR` characters of an expected place."""
    return _Spans.of(citations).common(_Spans.of(places, NEAR)) > 0


@dataclass(frozen=True, slots=True)
class _Spans:
    """Characters of sources as stretches that do not overlap: (source, start, end), in order."""

    stretches: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, spans: Sequence[Place] | Sequence[Citation], margin: int = 0) -> _Spans:
        """The characters of places or citations, each made longer by `margin` on both sides."""
        merged: list[tuple[str, int, int]] = []
        for source, start, end in sorted((s.source, max(0, s.start - margin), s.end + margin) for s in spans):
            if merged and merged[-1][0] == source and start <= merged[-1][2]:
                merged[-1] = (source, merged[-1][1], max(end, merged[-1][2]))
            elif start < end:
                merged.append((source, start, end))
        return cls(tuple(merged))

    @property
    def length(self) -> int:
        """How many characters."""
        return sum(end - start for _, start, end in self.stretches)

    def common(self, other: _Spans) -> int:
        """How many characters both have."""
        return sum(
            max(0, min(end, other_end) - max(start, other_start))
            for source, start, end in self.stretches
            for other_source, other_start, other_end in other.stretches
            if source == other_source
        )


def _valid(citation: Citation, texts: Mapping[str, str], versions: Mapping[str, str]) -> bool:
    text = texts.get(citation.source)
    return (
        text is not None
        and bool(citation.quote)
        and citation.start >= 0
        and citation.end - citation.start == len(citation.quote)
        and text[citation.start : citation.end] == citation.quote
        and citation.version == versions.get(citation.source)
    )


def _made_of_quotes(statement: Statement, answer: Answer) -> bool:
    by_number = {citation.number: citation.quote for citation in answer.citations}
    quotes = [by_number.get(number, "") for number in statement.citations]
    return bool(quotes) and _bare(statement.text) == _bare("".join(quotes))


def _judge(answer: Answer, supports: Supports | None) -> Supports | None:
    return _stands_in if answer.mode == "extractive" else supports


def _supported(judge: Supports, statement: Statement, answer: Answer) -> bool:
    quotes = [citation.quote for citation in cited(statement, answer)]
    return bool(quotes) and judge(statement.text, quotes)


def _stands_in(text: str, quotes: Sequence[str]) -> bool:
    pieces = [piece for part in text.split("…") if (piece := _bare(part))]
    within = [_bare(quote) for quote in quotes]
    return bool(pieces) and all(any(piece in quote for quote in within) for piece in pieces)


def _bare(text: str) -> str:
    return "".join(text.replace("…", "").split())
