"""Which publication a question names: "volgens de inspiratiekaart", "in de infosheet"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant import dutch
from assistant.followup_rules import rules
from assistant.lexical import LexicalIndex

_TITLE = re.compile(r"\s*[\"'‘“]|\s+[A-ZÀ-Ý]")
FOLLOWING = 4  # words after the name of a publication that may tell which one is meant


def named_sources(question: str, index: LexicalIndex, names: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The sources that a question names by a word of their id or other name, and the question without naming them.

    Nothing, and the question as it is, where no source or every source is called so, where what follows the name tells
    of another one, or where nothing else is asked.
    """
    match = rules().named_source.search(dutch.normal(question))
    if match is None:
        return (), question
    wanted, after = _words(match.group(1)), question[match.end() :]
    sources = sorted({passage.source for passage in index.passages})
    called = {source: _words(f"{source.replace('-', ' ')} {names.get(source, '')}") for source in sources}
    found = tuple(source for source in sources if wanted & called[source])
    further = _words(" ".join(after.split()[:FOLLOWING]))
    narrowed = tuple(source for source in found if further & called[source])
    found = narrowed if narrowed or _TITLE.match(after) else found
    rest = re.sub(r"\s+(?=[?.!,])", "", " ".join(f"{question[: match.start()]} {after}".split()))
    if not found or len(found) == len(sources) or not _subject(rest):
        return (), question
    return found, rest


def _words(text: str) -> set[str]:
    return {key for word in dutch.content_words(text) for key in dutch.keys(word)}


def _subject(text: str) -> bool:
    return any(word not in dutch.QUESTION_WORDS for word in dutch.content_words(text))
