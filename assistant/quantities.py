"""Whether a sentence tells how many there are of what was asked: a number of exactly that, not any number it holds.

"Hoeveel scholen doen mee?" is not answered by "in groep 8" nor by "twee filmpjes", nor one about mbo students by a figure
of primary school.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from assistant import dutch
from assistant.texts_nl import SECTOR_PATTERNS
from assistant.types import Term

REACH = 4  # words from a number within which what it counts stands ("vier regionale en landelijke themadagen")
SPOKEN = 0.5  # presence from which a sentence speaks of a term, as in `extract`
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_END = re.compile(r"[.;:!?]")


def counted(question: str, terms: Sequence[Term]) -> Term | None:
    """What a question wants the number of, as one of its terms; None where it names none, or only "people"."""
    found = _pattern("counted_after").search(dutch.normal(question))
    if found is None:
        return None
    by_word = {word: term for term in terms for word in term.word.split()}
    for word in dutch.words(question[found.end() :])[:REACH]:
        if _pattern("generic_counted").fullmatch(word):
            return None
        if word in by_word:
            return by_word[word]
    return None


def tells_number_of(sentence: str, what: Term, spoken: float) -> bool:
    """Whether the sentence has a number of `what`; `spoken`: how far it, with what it leans on, speaks of that (0..1).

    A share ("15%", "de helft") may stand anywhere beside it; a count stands before what it counts.
    """
    plain = _YEAR.sub(" ", _pattern("no_quantity").sub(" ", dutch.normal(sentence)))
    if _pattern("share").search(plain) and spoken >= SPOKEN:
        return True
    for number in _pattern("number").finditer(plain):
        rest = _END.split(plain[number.end() :], maxsplit=1)[0]
        if any(_is(word, what) for word in dutch.words(rest)[:REACH]):
            return True
    return False


def _is(word: str, what: Term) -> bool:
    """Whether a word is the term, one of its other names, or a compound of it ("praktijkvoorbeelden")."""
    forms = {key for key, weight in what.forms if weight >= SPOKEN}
    names = [word, *(word[at:] for at in range(dutch.MIN_PART, len(word) - dutch.MIN_PART + 1))]
    return any(key in forms for name in names for key in dutch.keys(name))


def of_another_sector(sentence: str, sector: str | None) -> bool:
    """Whether a sentence names sectors and not the one asked about."""
    if sector is None:
        return False
    plain = dutch.normal(sentence)
    named = {name for name, pattern in SECTOR_PATTERNS if re.search(pattern, plain)}
    return bool(named) and sector not in named


def years_in(text: str) -> frozenset[str]:
    """The years that a text names."""
    return frozenset(_YEAR.findall(text))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    data = tomllib.loads((files("assistant") / "data" / "quantities.toml").read_text("utf-8"))
    made = {
        "number": rf"\b(?:\d+(?:[.,]\d+)*|{data['number_words']})\b",
        "share": rf"\d\s*(?:%|procent\b)|\b(?:{data['share_words']})\b",
    }
    return re.compile(made.get(name) or data[name])
