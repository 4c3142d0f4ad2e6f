"""Closure: every figure, date and name that a statement says stands in a quote that the statement cites.

A sentence can be supported in the main and yet carry one wrong figure or name; these three checks are exact where an
entailment score is not. The idea is the fact-level check of summaries (entity and number precision; Nan et al. 2021,
"Entity-level Factual Consistency of Abstractive Text Summarization"), here with Dutch patterns instead of a tagger.
Each gives the share of the statements with such a thing whose every such thing stands in their quotes, None where no
statement has one. The product's own fixed sentences don't count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from assistant import dutch
from assistant.name_lists import name_lists
from assistant.types import Answer
from evals.wordings.matching import canonical

_GAP = " … "
_DASH = re.compile(r"[‐‑‒–—-]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*%?")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
# "15 tot 20%" gives 15% as well.
_PERCENT_RANGE = re.compile(r"(\d+(?:,\d+)?) (?:(?:tot en met|tot|t/m|a|en|of) )?(?=\d+(?:,\d+)?%)")

_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "jan feb mrt apr - jun jul aug sep okt nov dec".split(),
)
_MONTH = {name: number for names in _MONTHS for number, name in enumerate(names, 1)} | {"sept": 9}
_NAMES = "|".join(_MONTHS[0])
_SHORT = "|".join(name for name in [*_MONTH, "sept"] if name not in _MONTHS[0] and name != "-")
_YEAR = r"(?:19|20)\d\d(?!\d|[-/–]\d)"
_SINCE = r"(?:19|20)\d\d"
# A day may be joined to the one before it: "5 en 6 maart", "5-6 maart".
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATES = re.compile(
    rf"\b(?P<iso_year>{_SINCE})-(?P<iso_month>0[1-9]|1[0-2])-(?P<iso_day>0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?<![\d-])(?P<d>{_DAY})(?P<mark>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=mark)(?P<y>{_YEAR})(?!\d)"
    rf"|\b(?P<since>{_SINCE})\s?[-‐‑‒–—/]\s?(?P<until>{_YEAR}|\d\d)(?![\d-])"
    rf"|(?<![\d.,])(?:(?P<other>{_DAY})(?:\s?[-–]\s?|\s+(?:en|of|tot en met|tot|t/m)\s+))?(?P<day>{_DAY})\s+"
    rf"(?P<month>(?:{_NAMES})\b|(?:{_SHORT})\b\.?)(?:,?\s+(?P<year>{_YEAR})\b)?"
    rf"|\b(?P<only_month>(?:{_NAMES})\b|(?:{_SHORT})\b\.?(?=\s+{_YEAR}\b))(?:,?\s+(?P<of_year>{_YEAR})\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as a text tells it; `until` is the last year of a school year or period ("2021-2022")."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    until: int | None = None

    def tells(self, other: Date) -> bool:
        """Whether this date tells all that the other does: "5 maart 2021" tells "maart 2021", not the other way round."""
        return all(
            wanted is None or wanted == known
            for wanted, known in (
                (other.year, self.year),
                (other.month, self.month),
                (other.day, self.day),
                (other.until, self.until),
            )
        )


def closed_numbers(answer: Answer) -> float | None:
    """Share of the statements with figures whose every figure stands in a quote they cite.

    Number words count as figures on both sides, "procent" as %; figures that belong to a date are left to
    `closed_dates`, and of a quote's date only the year closes a figure. A bare year is a figure.
    """
    return _closed(answer, lambda text: numbers(_DATES.sub(" ", text)), _figures_stand)


def closed_dates(answer: Answer) -> float | None:
    """Share of the statements with dates whose every date is told, as fully or more fully, by a quote they cite.

    Days ("5 maart 2021", "2021-03-05", "5-3-2021"), months ("maart 2021", "in maart") and periods ("2021-2022").
    """
    return _closed(answer, dates, _dates_stand)


def closed_names(answer: Answer) -> float | None:
    """Share of the statements with names whose every name stands, word for word in its order, in a quote they cite.

    What counts as a name: see `names`.
    """
    return _closed(answer, names, _names_stand)


def numbers(text: str) -> frozenset[str]:
    """The figures of a text: "vier" is "4", "15 procent" is "15%", "1.200" is "1200"; a dash divides figures."""
    return frozenset(_FIGURE.findall(_plain(text)))


def dates(text: str) -> frozenset[Date]:
    """The dates of a text, each with what it tells: year, month, day, or a period of years."""
    return frozenset(date for match in _DATES.finditer(text) for date in _dates_of(match))


@lru_cache(maxsize=8192)
def names(text: str) -> frozenset[str]:
    """The names of a text, folded (no capitals, accents or hyphens), a name of several words with blanks between.

    Capitalised words that do not open a sentence, list item or quotation; abbreviations (two capitals or more)
    wherever they stand; opening words that are given names or no ordinary Dutch words (so a lone "Utrecht" that opens a
    sentence is missed). Capitalised words side by side are one name; after a given name particles join as well ("Sanne
    van der Berg").
    """
    tokens = list(_tokens(text))
    found: list[str] = []
    at = 0
    while at < len(tokens):
        end = _name_end(tokens, at)
        if end > at:
            found.append(" ".join(token.form for token in tokens[at:end]))
        at = max(end, at + 1)
    return frozenset(found)


# figures and dates


def _plain(text: str) -> str:
    return _THOUSANDS.sub("", canonical(_DASH.sub(" ", text.replace("\u00ad", ""))))


def _figures_stand(said: frozenset[str], quotes: str) -> bool:
    known = _DATES.sub(lambda match: " ".join(f" {date.year} {date.until} " for date in _dates_of(match)), quotes)
    percents = {f"{figure}%" for figure in _PERCENT_RANGE.findall(_plain(known))}
    return said <= numbers(known) | percents


def _dates_stand(said: frozenset[Date], quotes: str) -> bool:
    known = dates(quotes)
    return all(any(one.tells(date) for one in known) for date in said)


def _dates_of(match: re.Match[str]) -> Iterator[Date]:
    part = {name: value.lower().rstrip(".") for name, value in match.groupdict().items() if value}
    year = int(part["year"]) if "year" in part else None
    if "iso_year" in part:
        yield Date(int(part["iso_year"]), int(part["iso_month"]), int(part["iso_day"]))
    elif "y" in part:
        yield Date(int(part["y"]), int(part["m"]), int(part["d"]))
    elif "since" in part:
        until = part["until"]
        yield Date(int(part["since"]), until=int(part["since"][:2] + until if len(until) == 2 else until))
    elif "day" in part:
        for name in ("other", "day"):
            if name in part:
                yield Date(year, _MONTH[part["month"]], int(part[name]))
    else:
        yield Date(int(part["of_year"]) if "of_year" in part else None, _MONTH[part["only_month"]])


# names

_TITLES = frozenset("dhr mevr mw drs dr prof ir mr ing ds st nr bijv resp".split())
_OPENS = re.compile(r"(?:^|[.!?:;…•|\n])[\s\"'“”‘’«»(\[*•–-]*$")
_BETWEEN = re.compile(r" (?:& )?")
_MIN_TAIL = 5
# Zipf frequencies: "tegelijkertijd" and "effectiviteit", which the dictionary lacks, are at 4.6 and 3.6; "Pharos" at 2.2.
_COMMON = 3.5
_COMMON_TAIL = 3.0


@dataclass(frozen=True, slots=True)
class _Token:
    """A word with its folded form, whether it counts as (part of) a name by itself, and whether it joins the one before."""

    text: str
    form: str
    name: bool
    joined: bool


def _tokens(text: str) -> Iterator[_Token]:
    end = -1
    before = ""
    for match in dutch.WORD.finditer(text):
        word, start = match.group(), match.start()
        opens = _OPENS.search(text[max(0, start - 8) : start]) is not None or not text[:start].strip("\"'“”‘’«»([* ")
        if opens and text[end:start] == ". " and (before.lower() in _TITLES or (len(before) == 1 and before.isupper())):
            opens = False
        joined = end >= 0 and _BETWEEN.fullmatch(text[end:start]) is not None
        yield _Token(word, _form(word), _is_name(word, opens), joined)
        before, end = word, match.end()


def _form(word: str) -> str:
    """Folded, without hyphens, genitive and the ending of an abbreviation ("GGD's", "GGD'en")."""
    folded = dutch.fold(word)
    head, apostrophe, tail = folded.partition("'")
    if apostrophe and (tail in ("s", "en", "er", "ers", "")):
        folded = head
    return folded.replace("-", "").replace("'", "")


def _is_name(word: str, opens: bool) -> bool:
    capitals = sum(character.isupper() for character in word)
    if not word[0].isupper() or len(word) < 2 or not any(character.islower() or capitals > 1 for character in word):
        return False
    if capitals > 1 and "-" not in word:
        return True
    lower = word.lower()
    if lower in dutch.STOPWORDS:
        return False
    return not opens or lower in name_lists().sure or not _is_ordinary(lower)


@lru_cache(maxsize=20_000)
def _is_ordinary(word: str) -> bool:
    """Whether a word in lower case is Dutch: known, common, or a compound that ends in such a word of five letters."""
    if dutch.is_word(word) or dutch.commonness(word) >= _COMMON:
        return True
    tails = (word[cut:] for cut in range(1, len(word) - _MIN_TAIL + 1)) if "-" not in word else ()
    return any(dutch.is_word(tail) or dutch.commonness(tail) >= _COMMON_TAIL for tail in tails)


def _name_end(tokens: list[_Token], at: int) -> int:
    """Where the name that begins at a token ends (exclusive); `at` itself where none begins."""
    if not tokens[at].name:
        return at
    lists = name_lists()
    given = tokens[at].form in lists.sure or tokens[at].form in lists.doubtful
    end = at + 1
    while end < len(tokens) and tokens[end].joined:
        ahead = end
        while given and ahead < len(tokens) and tokens[ahead].joined and tokens[ahead].form in lists.particles:
            ahead += 1
        if ahead == len(tokens) or not (tokens[ahead].joined and tokens[ahead].name):
            break
        end = ahead + 1
    return end


def _names_stand(said: frozenset[str], quotes: str) -> bool:
    """A name of one word may also stand as a part of a hyphenated word."""
    forms = [_form(match.group()) for match in dutch.WORD.finditer(quotes)]
    run, single = f" {' '.join(forms)} ", {*forms, *dutch.words(quotes)}
    return all(name in single if " " not in name else f" {name} " in run for name in said)


_Thing = TypeVar("_Thing", str, Date)


def _closed(
    answer: Answer, said: Callable[[str], frozenset[_Thing]], stand: Callable[[frozenset[_Thing], str], bool]
) -> float | None:
    """Share of the statements with things said (figures, dates, names) whose every thing stands in their quotes."""
    closed: list[bool] = []
    for statement in answer.statements:
        things = frozenset() if statement.own else said(statement.text)
        if things:
            quotes = (citation.quote for citation in answer.citations if citation.number in statement.citations)
            closed.append(stand(things, _GAP.join(quotes)))
    return sum(closed) / len(closed) if closed else None
