"""When two stretches of Dutch say the same: literally, typography and number words apart, or in other forms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from evals.wordings.paraphrase import states

_QUOTES = frozenset("'’‘‚‛ʼ′＇“”„‟″\"`´*«»‹›")
_DASHES = frozenset("-‐‑‒–—―−﹘﹣－\u00ad")
# "een" is left out: it is the article far more often than the number.
_NUMBER_WORDS = {
    "nul": "0", "twee": "2", "drie": "3", "vier": "4", "vijf": "5", "zes": "6", "zeven": "7", "acht": "8", "negen": "9",
    "tien": "10", "elf": "11", "twaalf": "12", "dertien": "13", "veertien": "14", "vijftien": "15", "zestien": "16",
    "zeventien": "17", "achttien": "18", "negentien": "19", "twintig": "20",
    "dertig": "30", "veertig": "40", "vijftig": "50", "zestig": "60", "zeventig": "70", "tachtig": "80",
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})\b")
_PERCENT = re.compile(r"\s*(?:%|\bprocent\b)")


def fold(text: str) -> tuple[str, list[int]]:
    """Give the comparable form of a text, and for each of its characters the place in `text` that it came from.

    Lower case, without accents ("beïnvloeden" is "beinvloeden"), quotation marks, asterisks and dashes (a dash also
    takes the white space after it, so that a word split over lines is whole again), white space collapsed to a blank.
    """
    characters: list[str] = []
    origins: list[int] = []
    after_dash = False
    for place, character in enumerate(text):
        if character in _QUOTES:
            continue
        if character in _DASHES:
            after_dash = True
            continue
        if character.isspace():
            if not after_dash and characters and characters[-1] != " ":
                characters.append(" ")
                origins.append(place)
            continue
        after_dash = False
        for part in unicodedata.normalize("NFKD", character).lower():
            if not unicodedata.combining(part):
                characters.append(part)
                origins.append(place)
    return "".join(characters), origins


@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """`fold` with number words as figures ("vier" is "4") and "procent" as "%"."""
    folded = fold(text)[0].strip()
    folded = _NUMBER_WORD.sub(lambda match: _NUMBER_WORDS[match.group()], folded)
    return _PERCENT.sub("%", folded)


@lru_cache(maxsize=8192)
def _pattern(wording: str) -> re.Pattern[str] | None:
    form = canonical(wording)
    if not form:
        return None
    before = r"(?<![a-z0-9])(?<![0-9][.,])" if form[0].isdigit() else r"(?<![a-z0-9])" if form[0].isalpha() else ""
    after = r"(?![0-9])(?![.,][0-9])" if form[-1].isdigit() else ""
    return re.compile(before + re.escape(form) + after)


def contains_literally(text: str, wording: str) -> bool:
    """Whether the wording stands in the text, from the start of a word; a figure only as a whole figure."""
    pattern = _pattern(wording)
    return pattern is not None and pattern.search(canonical(text)) is not None


def contains(text: str, wording: str) -> bool:
    """Whether the text says the wording: literally, or within one sentence in other forms of the same words.

    Other forms are inflection, compounds open or closed, separated verbs, another word order and numbers written
    otherwise (`evals.wordings.paraphrase`); how well that works is measured by `python -m evals.benchmarks.wordings`. For words
    that must not occur use `contains_literally`.
    """
    return contains_literally(text, wording) or states(text, wording)


class Folded:
    """A stored text prepared for finding quotations in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._form, self._origins = fold(text)

    def locate(self, quotation: str) -> tuple[int, int] | None:
        """Find the first `[start, end)` in the stored text where the quotation stands, None if it does not."""
        form = fold(quotation)[0].strip()
        place = self._form.find(form) if form else -1
        if place < 0:
            return None
        return self._origins[place], self._origins[place + len(form) - 1] + 1
