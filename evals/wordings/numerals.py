"""Dutch numbers in one form: number words, ordinals and shares as figures, decimals with a comma."""

from __future__ import annotations

import re
from functools import lru_cache

_UNITS = dict(zip("een twee drie vier vijf zes zeven acht negen".split(), range(1, 10), strict=True))
_TEENS = dict(
    zip(
        "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split(),
        range(10, 20),
        strict=True,
    )
)
_TENS = dict(
    zip("twintig dertig veertig vijftig zestig zeventig tachtig negentig".split(), range(20, 100, 10), strict=True)
)
_COUNTS = _UNITS | _TEENS | _TENS
_ORDINALS = {"eerste": 1, "derde": 3, "achtste": 8}
_SHARES = {"een kwart": "25%", "driekwart": "75%", "de helft": "50%"}
_SHARE = re.compile(r"\b(een kwart|driekwart|de helft)(?=\s+van\b)", re.IGNORECASE)
_THIRD = re.compile(r"\b(een|één|twee|drie)\s+(derde|vierde|vijfde)(?=\s+van\b|\s+deel\b)", re.IGNORECASE)


@lru_cache(maxsize=16384)
def number(word: str) -> str | None:
    """Give a figure in one form: "vijfentwintig" → 25, "derde" → 3e, "4.5" → 4,5, "1.000" → 1000, "48 procent" → 48%.

    None for what is no number, and for "een", the article far more often than the number.
    """
    if word[0].isdigit():
        plain = re.sub(r"\s?(?:%|procent|percent)$", "%", word)
        plain = re.sub(r"(?<=\d)(?:de|ste)$", "e", plain)
        return re.sub(r"\.(?=\d{3}(?!\d))", "", plain).replace(".", ",")
    if word in ("anderhalf", "anderhalve"):
        return "1,5"
    count = None if word == "een" else _count(word)
    if count is not None:
        return str(count)
    for ending in ("ste", "de"):
        if word.endswith(ending) and (count := _count(word.removesuffix(ending))) and word not in ("eende",):
            return f"{count}e"
    return f"{_ORDINALS[word]}e" if word in _ORDINALS else None


def with_shares(text: str) -> str:
    """Write shares so that they are one figure: "een kwart van" as 25%, and no ordinal of "een derde van"."""
    text = _SHARE.sub(lambda match: _SHARES[match.group().lower()], text)
    return _THIRD.sub(lambda match: f"{number(match[1].lower()) or 1} {match[2]}deel", text)


def _count(word: str) -> int | None:
    """Value of a cardinal number word below a million, None for any other word."""
    if word in _COUNTS:
        return _COUNTS[word]
    for unit, value in (("duizend", 1000), ("honderd", 100)):
        before, found, after = word.partition(unit)
        if found:
            left = 1 if not before else _count(before)
            right = 0 if not after else _count(after.removeprefix("en"))
            return None if left is None or right is None or right >= value else left * value + right
    for ten, value in _TENS.items():
        unit_word = word.removesuffix(ten).removesuffix("en") if word.endswith("en" + ten) else ""
        if unit_word in _UNITS:
            return value + _UNITS[unit_word]
    return None
