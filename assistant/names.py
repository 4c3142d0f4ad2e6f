"""Names of people in a text, found by lists and by what stands around them.

Two lists of given names: sure ones are names wherever they stand, also in lower case; doubtful ones ("Roos", "Mark")
are also ordinary words and need a context. A surname is known by what it follows. Names of the library, of schools and
of programmes are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.name_lists import WORD, NameLists, fold, folded_phrases, name_lists

_OPENING = re.compile(r"[.!?:\n]|^\W*[\"\u201c\u2018]")
_JOIN = re.compile(r"[ \t]{1,2}|\s?-\s?|\. ")
_AGE = re.compile(r"\s?,?\s?\(?\s?(?:van |is |wordt )?\d{1,2}(?!\d)\s?(?:\)|,|jaar|jr|j\b|years)")
_CITED = re.compile(r"\s?(?:,? et al\b|(?:&|en|and) [A-Z][\w-]+,? \(?(?:19|20)\d\d|,? (?:19|20)\d\d[a-z]?\))")
# Characters before a name in which the other author of a reference is looked for.
_CITED_REACH = 60
_CITED_BEFORE = re.compile(r"[A-Z][\w-]+,? (?:&|en|and) $")
_YEAR_AFTER = re.compile(r",? \(?(?:19|20)\d\d")
# Endings that mark a lower-case word after a given name as a surname and fit no ordinary Dutch word.
_SURNAME_ENDING = re.compile(r"\w{3,}(?:stra|inga|sma|oglu|ski|ska|ovic|enko|aoui)$")
# Words read back from "heet" for the person it is about.
_CALLED_REACH = 4
# Particles of one surname ("van de", "van der", "op den"); more in a row is no name.
MAX_PARTICLES = 4


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


def find_names(text: str, known_names: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Where people are named: character spans `[start, end)` in order, given names with their surnames.

    `known_names` are left alone, also as "mevrouw <surname>".
    """
    lists = name_lists()
    known = folded_phrases(known_names)
    tokens = _tokens(text)
    exempt = _exempt(text, tokens, known, lists)
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(tokens):
        first, last = (index, index) if index in exempt else _name_at(text, tokens, index, known, lists)
        if last > first and not _is_author(text, tokens[first:last], lists):
            spans.append((tokens[first].start, tokens[last - 1].end))
        index = max(last, index + 1)
    return spans


def names_in(text: str) -> frozenset[str]:
    """People whom a text of the library names in full, given name and surname: a question may name them as well."""
    tokens = _tokens(text)
    lists = name_lists()
    found: set[str] = set()
    for index, token in enumerate(tokens):
        if token.capital and token.folded in lists.sure | lists.doubtful:
            last = _surname_end(text, tokens, index + 1, lists)
            if last > index + 1 and tokens[last - 1].capital:
                found.add(text[token.start : tokens[last - 1].end])
    return frozenset(found)


def _name_at(
    text: str, tokens: list[_Token], index: int, known: frozenset[tuple[str, ...]], lists: NameLists
) -> tuple[int, int]:
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


def _is_given(text: str, tokens: list[_Token], index: int, before: str, lists: NameLists) -> bool:
    """Whether a token is a given name here."""
    token = tokens[index]
    word = _bare(token.folded, lists)
    if word in lists.sure or word not in lists.doubtful:
        return word in lists.sure
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


def _introduced(text: str, tokens: list[_Token], index: int, before: str, lists: NameLists) -> bool:
    """Whether a capital in no list is introduced as a person: "leerling Xandru", "hij heet Xandru", "leerling S."."""
    token = tokens[index]
    if not token.capital or token.folded in lists.not_names or (len(token.text) > 2 and token.text.isupper()):
        return False
    if before in lists.person:
        return True
    people = lists.person | {"hij", "zij", "ze", "die"}
    nearby = {tokens[back].folded for back in range(max(0, index - _CALLED_REACH), index)}
    after = tokens[index + 1].folded if index + 1 < len(tokens) else ""
    called = before in lists.called or (before == "is" and "naam" in nearby) or after in lists.called
    return called and bool(nearby & people)


def _titled_end(
    text: str, tokens: list[_Token], index: int, known: frozenset[tuple[str, ...]], lists: NameLists
) -> int:
    """Where the name after "meneer" or "juf" ends; `index` where what follows is no name or one of the library's."""
    last = _surname_end(text, tokens, index, lists)
    if last == index and _bare(tokens[index].folded, lists) in lists.sure | lists.doubtful:
        last = index + 1
    surname = tuple(token.folded for token in tokens[index:last])
    return index if any(name[-len(surname) :] == surname for name in known) else last


def _surname_end(text: str, tokens: list[_Token], index: int, lists: NameLists) -> int:
    """The token after the surname (and further given names) that begins at `index`; `index` where there is none."""
    end = index
    while end < len(tokens) and _joined(text, tokens, end):
        words = [token.folded for token in tokens[end : end + 3]]
        listed = next((size for size in range(len(words), 0, -1) if tuple(words[:size]) in lists.surnames), 0)
        part = end
        while (
            part < min(len(tokens), end + MAX_PARTICLES)
            and tokens[part].folded.strip("'\u2019") in lists.particles
            and _joined(text, tokens, part)
        ):
            part += 1
        if listed:
            end += listed
        elif part < len(tokens) and _joined(text, tokens, part) and _looks_like_surname(tokens[part], lists):
            end = part + 1
        else:
            break
    return end


def _looks_like_surname(token: _Token, lists: NameLists) -> bool:
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


def _exempt(text: str, tokens: list[_Token], known: frozenset[tuple[str, ...]], lists: NameLists) -> set[int]:
    """Positions of tokens that belong to the library's people, to schools and programmes, or to a citation."""
    out: set[int] = set()
    for index, token in enumerate(tokens):
        before = tokens[index - 1].folded if index else ""
        for size in (1, 2, 3, 4, 5):
            phrase = tuple(part.folded for part in tokens[index : index + size] if part.folded not in {"en", "and"})
            if phrase in lists.exempt or (
                phrase in known and (size > 1 or (token.capital and before not in lists.person))
            ):
                out.update(range(index, index + size))
        if token.capital and _is_cited(text, token):
            out.add(index)
    return out | set(_institutes(text, tokens, lists))


def _is_cited(text: str, token: _Token) -> bool:
    """Whether a capital is an author in a reference: "(Weare, 2015)", "Ryan & Deci (2000)", "Durlak et al."."""
    if _CITED.match(text, token.end):
        return True
    reach = max(0, token.start - _CITED_REACH)
    return bool(_YEAR_AFTER.match(text, token.end) and _CITED_BEFORE.search(text, reach, token.start))


def _is_author(text: str, name: list[_Token], lists: NameLists) -> bool:
    """Whether a full name with capitals is asked about as an author's: "Wat zegt Jelle Jolles over …"."""
    capitals = sum(token.capital for token in name)
    before = text[max(0, name[0].start - _CITED_REACH) : name[0].start]
    return capitals > 1 and lists.author_before.search(before) is not None


def _institutes(text: str, tokens: list[_Token], lists: NameLists) -> Iterator[int]:
    """Positions in a run of capitals that is a school or programme: "Jordan Montessori Lyceum", "obs Anne Frank"."""
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


def _bare(folded: str, lists: NameLists) -> str:
    """A name without the s of possession: "emma's", "sannes"."""
    word = re.sub(r"['\u2019]s?$", "", folded)
    known = word in lists.sure or word in lists.doubtful
    return word[:-1] if not known and len(word) > 4 and word[-1] == "s" and word[:-1] in lists.sure else word


def _tokens(text: str) -> list[_Token]:
    """The words of a text."""
    tokens: list[_Token] = []
    end = 0
    shouted = text.isupper()
    for match in WORD.finditer(text):
        gap = text[end : match.start()]
        initial = bool(tokens) and gap.startswith(". ") and len(tokens[-1].text) == 1
        opens = not tokens or (_OPENING.search(gap) is not None and not initial)
        word = match.group()
        capital = word[0].isupper() and not shouted and not (len(word) > 1 and word.isupper())
        tokens.append(_Token(match.group(), fold(match.group()), match.start(), match.end(), opens, capital))
        end = match.end()
    return tokens
