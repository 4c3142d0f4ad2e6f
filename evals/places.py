"""Where the wordings of facts stand in stored texts: the quotations for a case that an editor gave without."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evals.wordings.matching import contains_literally, fold

Span = tuple[int, int]
Wordings = Sequence[str]
_LINE_OR_SENTENCE = re.compile(r"[^\n.!?]+[.!?]?")


class Texts:
    """Stored texts (source id → text) prepared for finding wordings in them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {source: (text, *fold(text)) for source, text in texts.items()}

    def quotations(self, facts: Sequence[Wordings]) -> tuple[tuple[str, str], ...]:
        """Find (source, quote) for each fact, any of whose wordings will do.

        All come from the source that has most of the facts, the first of equals. Of a wording that stands in several
        places the one nearest to the rarest fact is taken. A fact that stands nowhere brings nothing.
        """
        best: tuple[tuple[str, str], ...] = ()
        most = 0
        for source, (text, form, origins) in self._texts.items():
            found = [spans for wordings in facts if (spans := _spans(wordings, text, form, origins))]
            if len(found) > most:
                most = len(found)
                best = tuple((source, text[start:end]) for start, end in _close(found))
        return best


def _spans(wordings: Wordings, text: str, form: str, origins: Sequence[int]) -> list[Span]:
    """Find where a fact stands; a number written in another way ("vier") brings its whole sentence."""
    spans = [span for wording in wordings for span in _literal(wording, form, origins)]
    if not spans and any(contains_literally(text, wording) for wording in wordings):
        pieces = (match for match in _LINE_OR_SENTENCE.finditer(text) if match.group().strip())
        spans = [
            piece.span() for piece in pieces if any(contains_literally(piece.group(), wording) for wording in wordings)
        ]
    return spans


def _literal(wording: str, form: str, origins: Sequence[int]) -> list[Span]:
    """Find a wording as whole words: "sel" stands in "SEL-lessen", not in "bijzondersel"; "48" not in "480"."""
    wanted = fold(wording)[0].strip()
    if not wanted:
        return []
    before = r"(?<![a-z0-9])(?<![0-9][.,])" if wanted[0].isdigit() else r"(?<![a-z0-9])" if wanted[0].isalpha() else ""
    after = r"(?![0-9])(?![.,][0-9])" if wanted[-1].isdigit() else ""
    found = re.finditer(before + re.escape(wanted) + after, form)
    return [(origins[match.start()], origins[match.end() - 1] + 1) for match in found]


def _close(found: Sequence[Sequence[Span]]) -> list[Span]:
    """Take one span of each fact, those nearest to the first span of the rarest; each once, in the facts' order."""
    anchor = min(found, key=len)[0][0]
    return list(dict.fromkeys(min(spans, key=lambda span: abs(span[0] - anchor)) for spans in found))
