"""Names of people in a text, found by lists and by what stands around them.

Two lists of given names: sure ones are names wherever they stand, also in lower case; doubtful ones ("Roos", "Mark", "Max") are also
ordinary words and need a context. A surname is known by what it follows. Names of the library, of schools and of programmes are left alone.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_TOKEN = re.compile(r"['\u2019]t(?!\w)|[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_PLAIN_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae"})
_JOIN = re.compile(r"[ \t]{1,2}|\s?-\s?|\. ")
_AGE = re.compile(r"\s?,?\s?\(?\s?(?:van |is |wordt )?\d{1,2}(?!\d)\s?(?:\)|,|jaar|jr|j\b|years)")
_CITED = re.compile(r"\s?(?:,? et al\b|(?:&|en|and) [A-Z][\w-]+,? \(?(?:19|20)\d\d|,? (?:19|20)\d\d[a-z]?\))")
_CITED_BEFORE = re.compile(r"[A-Z][\w-]+,? (?:&|en|and) $")
_YEAR_AFTER = re.compile(r",? \(?(?:19|20)\d\d")
# Endings that mark a lower-case word after a given name as a surname and fit no ordinary Dutch word.
_SURNAME_ENDING = re.compile(r"\w{3,}(?:stra|inga|sma|oglu|ski|ska|ovic|enko|aoui)$")
# Words read back from "heet" for the person it is about.
_CALLED_REACH = 4


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of the text with its place, its form without accents and capitals, and whether it opens a sentence.

    `capital` is false throughout a text written in capitals: there it tells nothing.
    """

    text: str
    folded: str
    start: int
    end: int
    opens: bool
    capital: bool


@dataclass(frozen=True, slots=True)
class _Lists:
    """The word lists of `data/`, folded. `strict` names are months and the like: a capital alone does not make them a name."""

    sure: frozenset[str]
    doubtful: frozenset[str]
    strict: frozenset[str]
    surnames: frozenset[tuple[str, ...]]
    person: frozenset[str]
    title: frozenset[str]
    called: frozenset[str]
    verbs: frozenset[str]
    particles: frozenset[str]
    not_names: frozenset[str]
    endings: tuple[str, ...]
    before: frozenset[str]
    exempt: frozenset[tuple[str, ...]]


def find_names(text: str, known_names: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Where people are named: character spans `[start, end)` in order, given names with their surnames.

    `known_names` are left alone, also as "mevrouw <surname>".
    """
    lists = _lists()
    known = _folded_phrases(known_names)
    tokens = _tokens(text)
    exempt = _exempt(text, tokens, known, lists)
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(tokens):
        first, last = (index, index) if index in exempt else _name_at(text, tokens, index, known, lists)
        if last > first:
            spans.append((tokens[first].start, tokens[last - 1].end))
        index = max(last, index + 1)
    return spans


def names_in(text: str) -> frozenset[str]:
    """People whom a text of the library names in full, given name and surname with capitals: whom a question may name as well."""
    tokens = _tokens(text)
    lists = _lists()
    found: set[str] = set()
    for index, token in enumerate(tokens):
        if token.capital and token.folded in lists.sure | lists.doubtful:
            last = _surname_end(text, tokens, index + 1, lists)
            if last > index + 1 and tokens[last - 1].capital:
                found.add(text[token.start : tokens[last - 1].end])
    return frozenset(found)


def _name_at(text: str, tokens: list[_Token], index: int, known: frozenset[tuple[str, ...]], lists: _Lists) -> tuple[int, int]:
    """The name that begins at a token, as token positions `[first, last)`; empty where none begins."""
    token = tokens[index]
    before = tokens[index - 1].folded if index and _JOIN.fullmatch(text[tokens[index - 1].end : token.start]) else ""
    if before in lists.title:
        return index, _titled_end(text, tokens, index, known, lists)
    if _is_given(text, tokens, index, before, lists):
        return index, _surname_end(text, tokens, index + 1, lists)
    if _introduced(text, tokens, index, before, lists):
        return index, _surname_end(text, tokens, index + 1, lists)
    return index, index


def _is_given(text: str, tokens: list[_Token], index: int, before: str, lists: _Lists) -> bool:
    """Whether a token is a given name here."""
    token = tokens[index]
    word = _bare(token.folded, lists)
    if word in lists.sure:
        return True
    if word not in lists.doubtful:
        return False
    clear = token.capital or word not in lists.strict
    if clear and (before in lists.person or (token.capital and _AGE.match(text, token.end))):
        return True
    if not token.capital:
        return False
    if _surname_end(text, tokens, index + 1, lists) > index + 1:
        return True
    if word in lists.strict or before in {"de", "het", "een", "the", "a"}:
        return False
    after = tokens[index + 1].folded if index + 1 < len(tokens) else ""
    return not token.opens or after in lists.verbs


def _introduced(text: str, tokens: list[_Token], index: int, before: str, lists: _Lists) -> bool:
    """Whether a capital that is in no list is introduced as a person: "leerling Xandru", "hij heet Xandru", "leerling S."."""
    token = tokens[index]
    if not token.capital or token.folded in lists.not_names or (len(token.text) > 2 and token.text.isupper()):
        return False
    if before in lists.person:
        return True
    people = lists.person | {"hij", "zij", "ze", "die"}
    nearby = {tokens[back].folded for back in range(max(0, index - _CALLED_REACH), index)}
    after = tokens[index + 1].folded if index + 1 < len(tokens) else ""
    return (before in lists.called or (before == "is" and "naam" in nearby) or after in {"heet", "genaamd"}) and bool(nearby & people)


def _titled_end(text: str, tokens: list[_Token], index: int, known: frozenset[tuple[str, ...]], lists: _Lists) -> int:
    """Where the name after "meneer" or "juf" ends; `index` where what follows is no name or one of the library's."""
    last = _surname_end(text, tokens, index, lists)
    if last == index and _bare(tokens[index].folded, lists) in lists.sure | lists.doubtful:
        last = index + 1
    surname = tuple(token.folded for token in tokens[index:last])
    return index if any(name[-len(surname) :] == surname for name in known) else last


def _surname_end(text: str, tokens: list[_Token], index: int, lists: _Lists) -> int:
    """The token after the surname (and further given names) that begins at `index`; `index` where there is none."""
    end = index
    while end < len(tokens) and _joined(text, tokens, end):
        listed = next((size for size in (3, 2, 1) if tuple(t.folded for t in tokens[end : end + size]) in lists.surnames), 0)
        part = end
        while part < len(tokens) and tokens[part].folded.strip("'\u2019") in lists.particles and _joined(text, tokens, part):
            part += 1
        if listed:
            end += listed
        elif part < len(tokens) and _joined(text, tokens, part) and _looks_like_surname(tokens[part], lists):
            end = part + 1
        else:
            break
    return end


def _looks_like_surname(token: _Token, lists: _Lists) -> bool:
    """A capital that is no school word or institute, a given name, or a word with an ending of surnames."""
    if token.folded in lists.not_names or token.folded.endswith(lists.endings):
        return False
    if token.capital:
        return not (len(token.text) > 1 and token.text.isupper() and len(token.text) <= 4)
    return _bare(token.folded, lists) in lists.sure or _SURNAME_ENDING.fullmatch(token.folded) is not None


def _joined(text: str, tokens: list[_Token], index: int) -> bool:
    """Whether only a space or hyphen stands between a token and the one before it."""
    if index == 0:
        return True
    gap = text[tokens[index - 1].end : tokens[index].start]
    return _JOIN.fullmatch(gap) is not None and (gap != ". " or len(tokens[index - 1].text) == 1)


def _exempt(text: str, tokens: list[_Token], known: frozenset[tuple[str, ...]], lists: _Lists) -> set[int]:
    """Positions of tokens that belong to the library's people, to schools and programmes, or to a citation."""
    out: set[int] = set()
    for index, token in enumerate(tokens):
        before = tokens[index - 1].folded if index else ""
        for size in (1, 2, 3, 4, 5):
            phrase = tuple(part.folded for part in tokens[index : index + size] if part.folded not in {"en", "and"})
            if phrase in lists.exempt or (phrase in known and (size > 1 or (token.capital and before not in lists.person))):
                out.update(range(index, index + size))
        if token.capital and _is_cited(text, token):
            out.add(index)
    return out | set(_institutes(text, tokens, lists))


def _is_cited(text: str, token: _Token) -> bool:
    """Whether a capital is an author in a reference: "(Weare, 2015)", "Ryan & Deci (2000)", "Durlak et al."."""
    if _CITED.match(text, token.end):
        return True
    return _YEAR_AFTER.match(text, token.end) is not None and _CITED_BEFORE.search(text[: token.start]) is not None


def _institutes(text: str, tokens: list[_Token], lists: _Lists) -> Iterator[int]:
    """Positions within a run of capitals that is a school or programme: "Jordan Montessori Lyceum", "basisschool Anne Frank"."""
    index = 0
    while index < len(tokens):
        end = index
        while end < len(tokens) and tokens[end].capital and (end == index or _joined(text, tokens, end)):
            end += 1
            linked = end
            while linked < len(tokens) and tokens[linked].folded in lists.particles and _joined(text, tokens, linked):
                linked += 1
            if linked > end and linked < len(tokens) and tokens[linked].capital and _joined(text, tokens, linked):
                end = linked
        if end > index:
            before = tokens[index - 1].folded if index and _joined(text, tokens, index) else ""
            after = tokens[end].folded if end < len(tokens) and _joined(text, tokens, end) else ""
            run = [token.folded for token in tokens[index:end]] + [after]
            if before in lists.before or run[0] in lists.before or any(word.endswith(lists.endings) for word in run):
                yield from range(index, end)
        index = max(end, index + 1)


def _bare(folded: str, lists: _Lists) -> str:
    """A name without the s of possession: "emma's", "sannes"."""
    word = re.sub(r"['\u2019]s?$", "", folded)
    return word[:-1] if word not in lists.sure | lists.doubtful and word.endswith("s") and word[:-1] in lists.sure and len(word) > 4 else word


def _tokens(text: str) -> list[_Token]:
    """The words of a text."""
    tokens: list[_Token] = []
    end = 0
    shouted = text.isupper()
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        opens = not tokens or bool(re.search(r"[.!?:\n]|^\W*[\"\u201c\u2018]", gap)) and not (gap.startswith(". ") and len(tokens[-1].text) == 1)
        capital = match.group()[0].isupper() and not shouted
        tokens.append(_Token(match.group(), _fold(match.group()), match.start(), match.end(), opens, capital))
        end = match.end()
    return tokens


@lru_cache(maxsize=4096)
def _fold(word: str) -> str:
    """Lower case without accents; the Turkish and Polish letters that Unicode does not take apart are written plainly."""
    marks = unicodedata.normalize("NFKD", word.casefold().translate(_PLAIN_LETTERS))
    return "".join(mark for mark in marks if not unicodedata.combining(mark))


@lru_cache(maxsize=64)
def _folded_phrases(phrases: frozenset[str]) -> frozenset[tuple[str, ...]]:
    """Phrases as tuples of folded words, "X & Y" in both orders."""
    out: set[tuple[str, ...]] = set()
    for phrase in phrases:
        words = tuple(_fold(word) for word in _TOKEN.findall(phrase))
        words = tuple(word for word in words if word not in {"en", "and"})
        out.add(words)
        if "&" in phrase:
            out.add(words[::-1])
    return frozenset(out - {()})


def _lines(name: str) -> list[str]:
    """The lines of a data file, comments left out."""
    text = (files("assistant") / "data" / name).read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_fold(word) for word in words)


@cache
def _lists() -> _Lists:
    """The lists, read once."""
    context: dict[str, str] = tomllib.loads((files("assistant") / "data" / "name_context.toml").read_text("utf-8"))
    words = [word for line in _lines("given_names_words_nl.txt") for word in line.split()]
    surnames = (name for line in _lines("surnames_nl.txt") for name in line.split(","))
    return _Lists(
        sure=_folded(word for line in _lines("given_names_nl.txt") for word in line.split()),
        doubtful=_folded(word.rstrip("*") for word in words),
        strict=_folded(word.rstrip("*") for word in words if word.endswith("*")),
        surnames=frozenset(tuple(_fold(part) for part in name.split()) for name in surnames if name.strip()),
        person=_folded(context["person"].split()),
        title=_folded(context["title"].split()),
        called=_folded(context["called"].split()),
        verbs=_folded(context["verbs"].split()),
        particles=_folded(context["particles"].split()),
        not_names=_folded(context["not_names"].split()),
        endings=tuple(context["institute_endings"].split()),
        before=_folded(context["institute_before"].split()),
        exempt=_folded_phrases(frozenset(_lines("not_names.txt"))),
    )
