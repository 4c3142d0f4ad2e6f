"""Tells whether the text layer of a page is real language, or rubbish that only looks like text to a program.

A scanner's own bad reading, a font whose letters carry the wrong codes, letters without words: such a page has text,
yet nobody can find or quote it. It is measured on the text itself, as no file says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

# Fewer letters than this say too little: a title page, a table of numbers, a page with a picture and its caption.
FEW_LETTERS = 60
# Share of a page's letters that stand in words of the lists below.
# Real pages (running text, tables, references, English): 0.54 and more; garbled ones: 0.12 and less.
KNOWN_LETTERS = 0.3
ODD_CHARACTERS = 0.12  # share of characters that no text holds; 0.02 at most on real pages
SPELT_LETTERS = 0.5  # share of the letters that stand alone, four and more in a row: "w e l b e v i n d e n"
PAGE_NUMBERS = 2  # numbers that may stand alone on a page that is else a picture: its own, and that of the chapter
_RUN = 4
_DISTINCT = 3  # different letters in such a run; a row of a table repeats its "x" or its "V"
# a page of rare words, as a list of compounds: fewer known ones, yet their letters follow each other as the lists' do
# (share of threes of letters: 0.90 and more on real pages, 0.68 at most on garbled ones that still have spaces)
KNOWN_AMONG_RARE = 0.12
USUAL_THREES = 0.88
USUAL = 20  # words in the lists that hold the same three letters
_CODE = re.compile(r"\(cid:\d+\)|/[A-Za-z]?\d{1,3}(?=/)|\\u[0-9a-f]{4}")
_WORD = re.compile(r"[^\W\d_]+")
_SIGN = frozenset("\ue000\ue001\uf0a7\uf0b7\uf0d8\uf0fc\uf02d\uf0e0\uf0e8")  # our marks, and bullets of symbol fonts
_ODD = frozenset({"Cc", "Co", "Cn", "Cs"})  # control, private, unassigned, half a character
_LANGUAGES = ("nl", "en")
# a brochure for parents may be in any of these; asked only where Dutch and English fail
_OTHERS = ("de", "fr", "es", "it", "pt", "pl", "tr", "ro", "id", "sv")


def usable(lines: Sequence[str]) -> bool:
    """Whether the lines of a page can be read by people; False too where there is nothing to read."""
    text = "\n".join(lines)
    characters = sum(1 for character in text if not character.isspace())
    if not any(character.isalpha() for character in text) and len(re.findall(r"\d+", text)) <= PAGE_NUMBERS:
        return False
    if _odd(text) > ODD_CHARACTERS * characters:
        return False
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    if letters < FEW_LETTERS:
        return True
    if sum(_spelt(line) for line in lines) > SPELT_LETTERS * letters:
        return False
    words = [_plain(word) for word in words]
    if _known(words, *_LANGUAGES) >= KNOWN_LETTERS * letters or _rare(words, letters) or _foreign(words, letters):
        return True
    return any(_known(words, language) >= KNOWN_LETTERS * letters for language in _OTHERS)


def _odd(text: str) -> int:
    """Count characters that stand for no writing: codes of glyphs, private and control characters, replacements."""
    codes = sum(len(found) for found in _CODE.findall(text))
    return codes + sum(1 for c in text if c == "\ufffd" or (not c.isspace() and c not in _SIGN and _is_odd(c)))


@cache
def _is_odd(character: str) -> bool:
    return unicodedata.category(character) in _ODD


def _spelt(line: str) -> int:
    """Letters of a line that stand alone, in runs."""
    return sum(len(run) for run in _runs(line.split()) if len(run) >= _RUN and len(set(run)) >= _DISTINCT)


def _runs(tokens: Sequence[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for token in tokens:
        if len(token) == 1 and token.isalpha():
            run.append(token)
        else:
            yield run
            run = []
    yield run


def _known(words: Sequence[str], *languages: str) -> int:
    """Letters in words of these languages; a word of one or two letters is no proof, as chance makes those too."""
    lists = [_list(language) for language in languages]
    return sum(len(word) for word in words if len(word) > 2 and any(word in one for one in lists))


def _rare(words: Sequence[str], letters: int) -> bool:
    """Whether these are words of our languages, though not the frequent ones."""
    if _known(words, *_LANGUAGES) < KNOWN_AMONG_RARE * letters:
        return False
    threes = [three for word in words if len(word) > 2 for three in _threes(word)]
    return sum(1 for three in threes if three in _usual()) >= USUAL_THREES * len(threes)


def _threes(word: str) -> list[str]:
    bounded = f"^{word}$"
    return [bounded[at : at + 3] for at in range(len(bounded) - 2)]


@cache
def _usual() -> frozenset[str]:
    """Three letters that follow each other in many words."""
    counts = Counter(three for language in _LANGUAGES for word in _list(language) for three in _threes(word))
    return frozenset(three for three, count in counts.items() if count >= USUAL)


def _foreign(words: Sequence[str], letters: int) -> bool:
    """Whether the page is written in one other script: no font error turns Latin letters into those of one alphabet."""
    scripts: dict[str, int] = {}
    for word in words:
        script = unicodedata.name(word[0], "?").split()[0]
        scripts[script] = scripts.get(script, 0) + len(word)
    script = max(scripts, key=lambda name: scripts[name])
    return script not in {"LATIN", "?"} and scripts[script] >= 0.8 * letters


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).lower()


@cache
def _list(language: str) -> frozenset[str]:
    """Frequent words of a language."""
    import wordfreq  # 0.1 s per language, so only when a page is judged

    return frozenset(wordfreq.get_frequency_dict(language, "small"))
