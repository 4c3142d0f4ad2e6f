"""Two questions in one: each is looked up by itself, the second with what the first was about, and the drafts are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant import dutch
from assistant.extract import MAX_STATEMENTS, Draft, Span
from assistant.texts_nl import INTERROGATIVE, SECOND_QUESTION
from assistant.types import Outcome

MOST = 3
"""Questions told apart in one message; more are read as one."""
_SHORTEST = 3
"""Words that a part has at least: "Hoeveel meisjes en hoeveel jongens ervaren druk?" shares what it asks."""
_TRAILING = re.compile(r"(?:\b(?:en|of|maar|ook|and)\b|[,;?.\s])+$", re.IGNORECASE)


def questions_in(text: str) -> tuple[str, ...]:
    """The questions of a message in their order; the whole message where it holds one, or where that is not certain."""
    places = [match.start(1) for match in re.finditer(SECOND_QUESTION, text, re.IGNORECASE)]
    pieces = [text[a:b].strip(" ,;") for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    parts = tuple(_TRAILING.sub("", piece) + "?" for piece in pieces)
    whole = not re.search(INTERROGATIVE, text[: places[0]] if places else text, re.IGNORECASE)
    if whole or not 2 <= len(parts) <= MOST or any(len(dutch.words(part)) < _SHORTEST for part in parts):
        return (text,)
    return parts


def joined(drafts: Sequence[Draft], parts: Sequence[str]) -> Draft:
    """One draft of those of all parts: partial where only some are answered, naming the parts that are not."""
    silent = [n for n, draft in enumerate(drafts) if draft.outcome is Outcome.NO_EVIDENCE]
    if len(silent) == len(drafts):
        return Draft(Outcome.NO_EVIDENCE, (), _once(m for d in drafts for m in d.missing), drafts[0].nearest)
    missing = _once(
        name
        for number, draft in enumerate(drafts)
        for name in ((parts[number].rstrip("?").strip(),) if number in silent else draft.missing)
    )
    return Draft(
        outcome=Outcome.PARTIAL if missing else Outcome.ANSWERED,
        statements=_statements([draft.statements for draft in drafts]),
        missing=missing,
        nearest=tuple(span for number in silent for span in drafts[number].nearest),
    )


def _statements(of_parts: Sequence[tuple[tuple[Span, ...], ...]]) -> tuple[tuple[Span, ...], ...]:
    """A fair share of each part's statements, in the order of the parts, none twice."""
    answered = [statements for statements in of_parts if statements]
    share = MAX_STATEMENTS // max(len(answered), 1)
    chosen: list[tuple[Span, ...]] = []
    shown: set[tuple[str, int, int]] = set()
    for statements in answered:
        for spans in statements[:share]:
            places = {(span.passage.source, span.start, span.end) for span in spans}
            if not places & shown:
                chosen.append(spans)
                shown |= places
    return tuple(chosen)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
