"""Joins the wrapped lines of a PDF: hyphens at line ends, marks of footnotes, ligatures; each edit with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from ingest.blocks import Edit
from ingest.clean import COORDINATORS, tidy
from ingest.lines import Line, rewrite
from ingest.pdf_marks import MARK_CLOSE, MARK_OPEN

MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_WORD_END = re.compile(r"^\W+|\W+$")
# a hyphen at a line's end that is part of the word: after an abbreviation, a number or one of the words that Dutch ties
# on with a hyphen
_KEEPS_HYPHEN = re.compile(r"(?:^|[\s(])(?:[A-ZÀ-Ý\d]+|non|ex|oud|niet|sociaal)-$")

# letters that would be read as one sound: a compound of two such parts keeps its hyphen ("radio-uitzending"), a single
# word broken there does not ("muse-um")
WELL_KNOWN = 2.0  # Zipf frequency; "radiouitzending", a common misspelling, has 1.6
_CLASH = frozenset("aa ee oo uu ii ae ai au ei eu ie oe oi ou ui ij".split())


def join_lines(lines: Sequence[tuple[str, int]], words: frozenset[str] = frozenset()) -> tuple[str, list[Edit]]:
    """One text from wrapped lines `(text, line number)`, with the edits made: hyphens, footnote marks, characters.

    `words`: lower-case words of the document, which decide whether a hyphen at a line's end belongs to the word.
    """
    text = ""
    edits: list[Edit] = []
    broken = False
    for raw, number in lines:
        line = _plain(raw, number)
        if text and line.text:
            first, last = line.text.split()[0], text.split()[-1]
            whole = last + first if broken else _joined(last, first, words)
            if whole is None:
                text += " "
            elif whole != last + first:
                text = text[:-1]
                edits = [replace(e, start=min(e.start, len(text)), end=min(e.end, len(text))) for e in edits]
                start = len(text) + len(first) - len(whole)
                guess = _WORD_END.sub("", whole.lower()) not in words
                edits.append(Edit("hyphen", number, f"{last} {first}", whole, start, start + len(whole), guess))
        edits += [replace(edit, start=edit.start + len(text), end=edit.end + len(text)) for edit in line.edits]
        text += line.text
        broken = raw.rstrip().endswith("\xad")
    return text, edits


def _joined(last: str, first: str, words: frozenset[str]) -> str | None:
    """The word that two halves at a line's end make; None where they are two words."""
    if not last.endswith("-") or len(last) < 2 or not first[0].isalpha():
        return None
    if first.lower().rstrip(",.;:") in COORDINATORS:  # "po- en vo-scholen"
        return None
    halves = (_WORD_END.sub("", (last + first).lower()), _WORD_END.sub("", (last[:-1] + first).lower()))
    if first[0].isupper() or halves[0] in words or (halves[1] not in words and _KEEPS_HYPHEN.search(last)):
        return last + first
    clash = (last[-2] + first[0]).lower() in _CLASH
    return last + first if clash and halves[1] not in words and not _known(halves[1]) else last[:-1] + first


@cache
def _known(word: str) -> bool:
    """Whether the dictionary has a word; loaded (0.2 s) only for the few that ask."""
    import wordfreq

    return wordfreq.zipf_frequency(word, "nl", wordlist="large") >= WELL_KNOWN


def _plain(raw: str, number: int) -> Line:
    """The line without marks of footnotes, ligatures and invisible characters."""
    line = Line(number, raw.rstrip().removesuffix("\xad"))
    for match in reversed(list(MARK.finditer(line.text))):
        line = rewrite(line, match.start(), match.end(), "", "footnote mark", repair=True)
    printed = (replace(edit, before=edit.before.strip(MARK_OPEN + MARK_CLOSE)) for edit in line.edits)
    return tidy(replace(line, edits=tuple(printed)))
