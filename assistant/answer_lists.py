"""The lists in an answer that was shown: what "de tweede" and "de laatste" in a next question can be about."""

from __future__ import annotations

import re

from assistant import dutch
from assistant.texts_nl import CAN_ASK, NO_EVIDENCE, PARTIAL, REFUSED

MAX_ITEM = 160  # characters of an item that a follow-up is completed with; more would drown the question's own words
MAX_INLINE = 5  # words of one member of an enumeration within a sentence

OWN_LINES = frozenset({CAN_ASK, NO_EVIDENCE, PARTIAL, REFUSED})

_MARKS = re.compile(r"(?: \[\d+\])+$")
_ESCAPE = re.compile(r"\\(?=[\\`*_\[\]<>#|$])")
_JOINED = re.compile(r"[,;] (?:(?:en|of|and|or) )?| (?:en|of|and|or) ")
# Where an enumeration within a sentence begins: after a colon or the last of these words.
_BEFORE_FIRST = re.compile(
    r"(?:.*[:(]|.*\b(?:zijn|is|zoals|namelijk|waaronder|bijvoorbeeld|omvat|omvatten|uit|de|het|een|are|like)\b)\s*",
    re.S,
)


def item_of(answer: str, number: int, about: str) -> str | None:
    """Item `number` (from 0; -1 the last) of the list in an answer that fits `about` best; None when it has no such list.

    Where it has none at all, the answer's own paragraphs are counted. Of one paragraph a list goes before an enumeration
    within a sentence.
    """
    shown = (part.strip() for part in answer.split("\n\n"))
    paragraphs = [_ESCAPE.sub("", _MARKS.sub("", part)) for part in shown if part and part not in OWN_LINES]
    wanted = {dutch.keys(word)[-1] for word in dutch.content_words(about)}
    lists = [_listed(part) or _enumerated(part) for part in paragraphs]
    fitting = [at for at, items in enumerate(lists) if len(items) > 1 and -len(items) <= number < len(items)]
    if fitting:
        best = max(fitting, key=lambda at: _shared(paragraphs[at], wanted))  # of equal ones the first
        return _cut(lists[best][number])
    if len(paragraphs) > 1 and -len(paragraphs) <= number < len(paragraphs):
        return _cut(paragraphs[number])
    return None


def _listed(paragraph: str) -> list[str]:
    """The items of a list; its first line is one of them unless it introduces the others."""
    lines = paragraph.split("\n")
    items = [line.removeprefix("- ").strip(" ;,.") for line in lines[1:] if line.startswith("- ")]
    if not items:
        return []
    return items if lines[0].rstrip().endswith((":", ".", "...", "…")) else [lines[0].strip(" ;,."), *items]


def _enumerated(paragraph: str) -> list[str]:
    """The members of the longest "a, b en c" in a paragraph."""
    best: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", paragraph.replace("\n", " ")):
        members = _JOINED.split(sentence.rstrip(" .!?"))
        if len(members) > 2:
            members[0] = _BEFORE_FIRST.sub("", members[0], count=1)
            if all(0 < len(member.split()) <= MAX_INLINE for member in members) and len(members) > len(best):
                best = members
    return best


def _shared(paragraph: str, wanted: set[str]) -> int:
    """How many of the wanted words stand in a paragraph."""
    return len(wanted & {dutch.keys(word)[-1] for word in dutch.content_words(paragraph)})


def _cut(item: str) -> str:
    """The item, or the first sentence or words of a long one."""
    if len(item) <= MAX_ITEM:
        return item
    first = re.split(r"(?<=[.!?])\s", item)[0]
    return first if len(first) <= MAX_ITEM else first[:MAX_ITEM].rsplit(" ", 1)[0]
