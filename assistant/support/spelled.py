"""A text cut into sentences, and a sentence into words as they are compared: numbers, percentages and phrases as one."""

from __future__ import annotations

import re

from assistant import dutch
from assistant.support.opposites import GAP, Opposites

_PIECE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_](?:\w|['’\-‑](?=\w))*|%|[,;:()–—.!?]")
_THOUSANDS = re.compile(r"\.(?=\d{3}(?:\D|$))")
_TENS = re.compile(r"([a-z]+?)en((?:twin|der|veer|vijf|zes|zeven|tach|negen)tig)")
_ONE = re.compile(r"é[eé]n", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'“‘(]?[A-Z0-9À-Ý])")
PERCENT = "procent"
ORDINAL = 11  # from here an ordinal is an age or a place in a long row ("vanaf haar zestiende"), below it a step
Word = tuple[str, str, bool]  # as written, folded, whether it opens a sentence


def sentences(text: str) -> list[str]:
    """The sentences of a piece of evidence, by end marks followed by a capital."""
    return [piece for piece in _SENTENCE_END.split(text.strip()) if piece]


def spelled(text: str, tables: Opposites) -> list[Word]:
    """The words, numbers and marks of a text in order; a number with its percent sign, or a listed phrase, is one."""
    pieces = [match.group() for match in _PIECE.finditer(text)]
    found: list[Word] = []
    opens = True
    for raw in pieces:
        word = PERCENT if raw == "%" else "1" if _ONE.fullmatch(raw) else dutch.fold(raw)
        if raw[0].isdigit():
            word = _THOUSANDS.sub("", raw)
        figure = number(found[-1][1], tables) if word == PERCENT and found else None
        if figure is not None:
            found[-1] = (found[-1][0], tables.number_equals.get(f"{figure}%", f"{figure}%"), found[-1][2])
            continue
        found.append((raw, word, opens))
        opens = raw in ".!?:"
    return _joined(found, tables)


def number(word: str, tables: Opposites) -> str | None:
    """A folded word as a figure ("43" for "drieenveertig"), None when it is no number."""
    if word[0].isdigit():
        return word
    if word in tables.numbers:
        return tables.numbers[word]
    if word.endswith("de") and (figure := tables.numbers.get(word[:-2], "")).isdigit() and int(figure) >= ORDINAL:
        return figure
    compound = _TENS.fullmatch(word)
    if compound is None:
        return None
    unit, tens = (tables.numbers.get(part, "1" if part == "een" else "") for part in compound.groups())
    return str(int(tens) + int(unit)) if unit.isdigit() and tens.isdigit() else None


def _joined(words: list[Word], tables: Opposites) -> list[Word]:
    """Listed names of several words as one word; with a gap, what stands between keeps its place."""
    found: list[Word] = []
    gone: set[int] = set()
    for at, (raw, word, opens) in enumerate(words):
        if at in gone:
            continue
        for phrase in tables.phrases.get(word, ()):
            places = _places(words, at, phrase)
            if places:
                gone.update(places)
                word = tables.aliases.get(" ".join(phrase), " ".join(phrase))
                break
        found.append((raw, word, opens))
    return found


def _places(words: list[Word], at: int, phrase: tuple[str, ...]) -> list[int]:
    """Where the words after the first of a phrase stand, [] when they don't."""
    if GAP not in phrase:
        same = tuple(word for _, word, _ in words[at : at + len(phrase)]) == phrase
        return list(range(at + 1, at + len(phrase))) if same else []
    for place in range(at + 1, len(words)):
        if words[place][1] in ",;:.!?":
            return []
        if words[place][1] == phrase[-1]:
            return [place]
    return []
