"""Pupils stay private: what points to a person in a question is noticed and masked before it is logged, stored or sent.

Rules and lists of names, no model: they miss less than a name recogniser does on lower-case chat ("sanne", "Ömer") and leave the
people of the library alone, who may be asked about. Numbers: the BSN by its check digit, Dutch and international telephone numbers
(not the helplines), postal codes and streets, dates of birth, e-mail addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.names import find_names
from assistant.safety import plain


class Private(StrEnum):
    """What was masked; the value is the Dutch word within the brackets."""

    NAME = "naam"
    BIRTH_DATE = "geboortedatum"
    ADDRESS = "adres"
    TELEPHONE = "telefoon"
    EMAIL = "e-mail"
    BSN = "bsn"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders ("[naam]") and the kinds that were found, each once, in the order of `Private`."""

    text: str
    found: tuple[str, ...]


_MONTH = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|mrt|maart|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:(?:19|20)\d{2}|['\u2019]?\d{2})"
_FULL_DATE = (
    rf"(?<!\d)(?:\d{{1,2}}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?{_YEAR}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}|\d{{1,2}}\s{_MONTH}\.?\s{_YEAR})(?!\d|\.\d)"
)
_DATE = re.compile(_FULL_DATE, re.IGNORECASE)
_BIRTH = re.compile(
    r"\b(?:geboren|geb\.?|geboortedatum|geboortedag|gebdatum|gbd|jarig|verjaart|verjaardag|born|date of birth|dob)\b"
    r"(?:\s(?:is|op|in|on|was|van|de|hij|ze|zij|ben|:)|\s?:)*\s*"
    rf"(?P<date>{_FULL_DATE}|\d{{1,2}}\s{_MONTH}(?!\w)|\d{{1,2}}\s?[-/]\s?\d{{1,2}}(?![\d/-]))",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+'-]+\s?(?:@|\[at\]|\(at\)|\sat\s(?=[\w-]+\.(?:nl|com|org|net|eu|be)\b))\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_BSN = re.compile(r"(?<![\d+.,/-])\d(?:[ .-]?\d){7,8}(?![\d,/-]|\.\d)")
_BSN_SAID = re.compile(
    r"\b(?:bsn|bsn-?nummer|burgerservicenummer|sofi-?nummer|onderwijsnummer|pgn|persoonsgebonden nummer|leerlingnummer)\b[^\d\n]{0,20}"
    r"(?P<number>\d(?:[ .-]?\d){3,9})(?!\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d.,/-])(?:(?:\+|00)\d{2}[\s.-]?(?:\(0\))?(?:[\s.-]?\d){8,11}|\(?0\d{1,3}\)?(?:\s?[-./]?\s?\d){6,8})(?!\d|[.,/-]\d)"
)
# Numbers with a national tariff belong to organisations, never to a pupil: 0800, 0900, 0906, 0909, 085, 088 (ACM numbering plan).
_PUBLIC_PHONE = re.compile(r"0(?:800|900|906|909|85|88)")
_POSTCODE = re.compile(r"(?<![\w-])[1-9]\d{3}\s?(?P<letters>[A-Z]{2}|(?<=\d)[a-z]{2})(?![\w-])")
# Letters after a year that are a sector or a word, not a postal code; SA, SD and SS are never given out (PostNL).
_NO_POSTCODE = frozenset({"PO", "VO", "SO", "HO", "IB", "SA", "SD", "SS", "UUR"})
_STREET_SURE = r"(?:straat|laan|gracht|kade|singel|dijk|steeg|dreef|plantsoen|weg|plein|straatje|laantje|boulevard)"
_STREET_RISKY = r"(?:hof|pad|park|ring|veld|baan|markt|wal|burg|kamp|akker|oord|erf|hoek|berg|weide|beemd|donk|straatweg|haven|gaarde)"
_HOUSE = r"\s?,?\s?(?:nr\.?\s?|nummer\s)?\d{1,4}(?:\s?-\s?\d{1,3}|\s?-?\s?(?:[a-zA-Z]|bis|hs|[IV]{1,3})(?!\w))?(?!\d|\s?(?:%|procent|jaar|uur|minuten|leerlingen|keer|meter|km))"
_STREET = re.compile(
    rf"(?<![\w-])(?:(?:[A-Z][\w.'’-]*\s(?:(?:van|de|den|der|het|'t)\s){{0,2}}){{0,3}}[A-Z][\w'’-]*(?:{_STREET_SURE}|{_STREET_RISKY})"
    rf"|(?:[a-z]+\s)?[a-z'’-]{{3,}}{_STREET_SURE}|(?:[A-Z][\w'’-]*\s){{1,2}}(?i:{_STREET_SURE}|{_STREET_RISKY}))(?P<house>{_HOUSE})"
)
_NO_STREET = re.compile(
    r"\b(?:onderweg|snelweg|halverwege|leerweg|stappenplein|schoolplein|speelplein|doorweg|omweg|uitweg|studieweg|route|bewaarweg|leerweg\w*)\s", re.IGNORECASE
)
_LIVES = re.compile(
    r"\b(?:woont|wonen|woonachtig|wonend|adres(?: is)?|huisadres(?: is)?|verhuisd)\b:?\s(?:(?:op|aan|in|naar|bij|nu)\s)*(?P<address>(?:[\w'’.-]+\s){1,4}?\d{1,4}(?:-\d{1,3}|\s?[a-zA-Z])?)(?![\w-]|\s?(?:jaar|km|kilometer|minuten|procent|keer|weken|maanden|andere|kinderen|leerlingen|broers|broertjes|zussen|zusjes|huizen|gezinnen|adressen))"
)
_ELEVEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def mask(text: str, known_names: frozenset[str] = frozenset()) -> Masked:
    """The text with everything that points to a person replaced by a placeholder.

    `known_names` are names that stand in the library ("Hanneke Visser", "Ryan & Deci"): they may be asked about. Ages and groups
    stay, for they are needed to answer and point to nobody by themselves. Hidden characters are taken out first.
    """
    text = plain(text)
    names = find_names(text, known_names)
    spans: list[tuple[int, int, Private]] = []
    for start, end, kind in (*_numbers(text, named=bool(names)), *((start, end, Private.NAME) for start, end in names)):
        if all(end <= taken or start >= upto for taken, upto, _ in spans):
            spans.append((start, end, kind))
    for start, end, kind in sorted(spans, reverse=True):
        text = f"{text[:start]}[{kind}]{text[end:]}"
    kinds = {kind for _, _, kind in spans}
    return Masked(text, tuple(str(kind) for kind in Private if kind in kinds))


def _numbers(text: str, named: bool) -> Iterator[tuple[int, int, Private]]:
    """Spans of everything but names, the surest first; a full date counts as one of birth where somebody is `named`."""
    for match in _EMAIL.finditer(text):
        yield match.start(), match.end(), Private.EMAIL
    if not any(mark.isdigit() for mark in text):
        return
    for match in _BIRTH.finditer(text):
        yield *match.span("date"), Private.BIRTH_DATE
    if named:
        for match in _DATE.finditer(text):
            yield match.start(), match.end(), Private.BIRTH_DATE
    yield from _bsns(text)
    yield from _addresses(text)
    dates = [match.span() for match in _DATE.finditer(text)]
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group().replace("(0)", ""))
        if _is_phone(match.group(), digits) and all(match.end() <= start or match.start() >= end for start, end in dates):
            yield match.start(), match.end(), Private.TELEPHONE


def _is_phone(written: str, digits: str) -> bool:
    """Ten digits from 0, or an international number; never one of an organisation's national tariffs."""
    if written.startswith(("+", "00")):
        return 10 <= len(digits) <= 15
    return len(digits) == 10 and not _PUBLIC_PHONE.match(digits)


def _bsns(text: str) -> Iterator[tuple[int, int, Private]]:
    """Numbers called a BSN, and nine (or eight) digits that pass the check."""
    for match in _BSN_SAID.finditer(text):
        yield *match.span("number"), Private.BSN
    for match in _BSN.finditer(text):
        if passes_elfproef(re.sub(r"\D", "", match.group())):
            yield match.start(), match.end(), Private.BSN


def _addresses(text: str) -> Iterator[tuple[int, int, Private]]:
    """Postal codes, streets with a house number, and what follows "woont op"."""
    for match in _POSTCODE.finditer(text):
        spaced_year = " " in match.group() and match.group()[:2] in {"19", "20"}
        if not (spaced_year and match.group("letters") in _NO_POSTCODE) and match.group("letters") not in {"SA", "SD", "SS"}:
            yield match.start(), match.end(), Private.ADDRESS
    for match in _STREET.finditer(text):
        if not _NO_STREET.match(text, match.start()):
            yield match.start(), match.end(), Private.ADDRESS
    for match in _LIVES.finditer(text):
        yield *match.span("address"), Private.ADDRESS


def passes_elfproef(digits: str) -> bool:
    """Whether digits have the check digit of a BSN: 9·a + 8·b + … + 2·h - i divisible by 11 (Besluit BSN; eight digits get a leading 0)."""
    if len(digits) == 8:
        digits = "0" + digits
    if len(digits) != len(_ELEVEN) or not int(digits):
        return False
    return sum(weight * int(digit) for weight, digit in zip(_ELEVEN, digits, strict=True)) % 11 == 0
