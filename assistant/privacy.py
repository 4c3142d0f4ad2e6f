"""Pupils stay private: what points to a person in a question is noticed and masked before it is logged, stored or sent.

Rules and lists, no model: a name recogniser misses lower-case chat ("sanne", "Ömer") and masks people of the library,
who may be asked about. Besides names: dates of birth, addresses,
telephone numbers other than helplines, e-mail, BSN.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from assistant.names import find_names
from assistant.safety import plain

# Weights of the nine digits of a BSN in its check ("elfproef", Besluit burgerservicenummer).
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


class Private(StrEnum):
    """What was masked; the value is the Dutch word within the brackets."""

    NAME = "naam"
    BIRTH_DATE = "geboortedatum"
    ADDRESS = "adres"
    TELEPHONE = "telefoon"
    EMAIL = "e-mail"
    BSN = "bsn"


Span = tuple[int, int, Private]


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders ("[naam]") and the kinds that were found, each once, in the order of `Private`."""

    text: str
    found: tuple[str, ...]


def mask(text: str, known_names: frozenset[str] = frozenset()) -> Masked:
    """Replace everything that points to a person by a placeholder.

    `known_names` are names that stand in the library ("Hanneke Visser", "Ryan & Deci"): they may be asked about. Ages
    and groups stay: they are needed to answer and point to nobody by themselves. Hidden characters are taken out first.
    """
    text = plain(text)
    names = find_names(text, known_names)
    spans: list[Span] = []
    for start, end, kind in (*_numbers(text, bool(names)), *((start, end, Private.NAME) for start, end in names)):
        if all(end <= taken or start >= upto for taken, upto, _ in spans):
            spans.append((start, end, kind))
    for start, end, kind in sorted(spans, reverse=True):
        text = f"{text[:start]}[{kind}]{text[end:]}"
    kinds = {kind for _, _, kind in spans}
    return Masked(text, tuple(str(kind) for kind in Private if kind in kinds))


def passes_elfproef(digits: str) -> bool:
    """Whether digits pass the check of a BSN: 9a + 8b + … + 2h - i divisible by 11; eight digits get a leading 0."""
    digits = digits.zfill(len(_BSN_WEIGHTS)) if len(digits) == len(_BSN_WEIGHTS) - 1 else digits
    if len(digits) != len(_BSN_WEIGHTS) or not int(digits):
        return False
    return sum(weight * int(digit) for weight, digit in zip(_BSN_WEIGHTS, digits, strict=True)) % 11 == 0


def _numbers(text: str, named: bool) -> Iterator[Span]:
    """Spans of everything but names, the surest first; where somebody is `named`, any full date may be one of birth."""
    yield from _found(text, "email", Private.EMAIL)
    if not any(mark.isdigit() for mark in text):
        return
    yield from _found(text, "birth", Private.BIRTH_DATE)
    dates = list(_found(text, "date", Private.BIRTH_DATE))
    if named:
        yield from dates
    yield from _found(text, "bsn_named", Private.BSN)
    for start, end, kind in _found(text, "bsn", Private.BSN):
        if passes_elfproef(_digits(text[start:end])):
            yield start, end, kind
    for pattern in ("postcode", "street", "lives"):
        yield from _found(text, pattern, Private.ADDRESS)
    for start, end, kind in _found(text, "phone", Private.TELEPHONE):
        in_date = any(start < date_end and date_start < end for date_start, date_end, _ in dates)
        if not in_date and _is_phone(text[start:end]):
            yield start, end, kind


def _found(text: str, pattern: str, kind: Private) -> Iterator[Span]:
    """Where a pattern of the data file stands: its group `it`, or all of it."""
    expression = _patterns()[pattern]
    group = "it" if "it" in expression.groupindex else 0
    for match in expression.finditer(text):
        yield *match.span(group), kind


def _is_phone(written: str) -> bool:
    """Ten digits from 0, or an international number; never one of an organisation's national tariffs."""
    digits = _digits(written.replace("(0)", ""))
    if written.startswith(("+", "00")):
        return 10 <= len(digits) <= 15
    return len(digits) == 10 and not _patterns()["public_phone"].match(digits)


def _digits(text: str) -> str:
    return "".join(mark for mark in text if mark in "0123456789")


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Read `data/private.toml` once."""
    data = tomllib.loads((files("assistant") / "data" / "private.toml").read_text("utf-8"))
    words: dict[str, str] = data["words"]
    return {
        name: re.compile(re.sub(r"\{([a-z_]+)\}", lambda match: words[match.group(1)].replace(" ", r"\s"), pattern))
        for name, pattern in data["patterns"].items()
    }
