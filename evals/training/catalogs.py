"""Dutch text and its English original, read from translated software: catalogs and help pages.

All of it is found under one folder, into which the packages named in README.md were unpacked. Nothing of it is kept in
the project or in the weights' folder.
"""

from __future__ import annotations

import html
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path

Translation = tuple[str, str]
"""A Dutch text and its English original."""

_BLOCK = re.compile(
    r"<(para|p|title|h[1-6]|li|dt|dd|item|screeninfo)\b[^>]*>(.*?)(?=</\1>|<(?:para|p|title|li|dd)\b)", re.S
)
_IDENTIFIED = re.compile(r"<(?:p|h[1-6]) id=\"(\w+)\"[^>]*>(.*?)</(?:p|h[1-6])>", re.S)
_TAG = re.compile(r"<[^>]*>")
_PLACEHOLDER = re.compile(r"%\d*\$?[-+ #0-9.]*[a-zA-Z]|\$\{?\w+\}?|\{[^}]*\}|\$\d|%\d+|\[\[|\]\]|'''?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
ENGLISH_FOLDERS = ("/en/", "/C/", "/en-US/", "/en_US/")
MAX_CHARACTERS = 400


def translations(folder: Path) -> Iterator[Translation]:
    """Every pair under the folder, cleaned of markup, sentence by sentence where both sides have as many."""
    for dutch, english in _raw(folder):
        yield from _sentences(clean(dutch), clean(english))


def _raw(folder: Path) -> Iterator[Translation]:
    for path in sorted(folder.rglob("*.mo")):
        if path.parent.name == "LC_MESSAGES" and path.parent.parent.name == "nl":
            yield from _catalog(path.read_bytes())
    for path in sorted(folder.rglob("nl.json")):
        yield from _messages(path)
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".html", ".docbook", ".page", ".xml", ".nl"} and path.is_file():
            yield from _pages(path)


def _catalog(data: bytes) -> Iterator[Translation]:
    """The entries of a gettext catalog (GNU gettext manual, "The Format of GNU MO Files")."""
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    _, _, count, originals, translated = struct.unpack(f"{order}5I", data[:20])
    for number in range(count):
        english, dutch = (
            data[start : start + size].decode("utf-8", "replace").split("\0")[0]
            for table in (originals, translated)
            for size, start in [struct.unpack_from(f"{order}2I", data, table + 8 * number)]
        )
        english = english.split("\x04")[-1]
        if english:
            yield dutch, english


def _messages(path: Path) -> Iterator[Translation]:
    """The messages of a MediaWiki extension: `en.json` stands beside `nl.json`."""
    try:
        dutch, english = (json.loads((path.parent / name).read_text("utf-8")) for name in ("nl.json", "en.json"))
    except (OSError, ValueError):
        return
    for key, text in dutch.items():
        if isinstance(text, str) and isinstance(english.get(key), str):
            yield text, english[key]


def _pages(path: Path) -> Iterator[Translation]:
    """The paragraphs of a Dutch page: by their ids, else one by one when both pages have the same elements in a row."""
    place = path.as_posix()
    if "/nl/" in place:
        others = [Path(place.replace("/nl/", folder)) for folder in ENGLISH_FOLDERS]
    elif "/nl-NL/" in place:
        others = [Path(place.replace("/nl-NL/", "/en-US/"))]
    else:
        return
    other = next((one for one in others if one.is_file()), None)
    if other is None:
        return
    dutch, english = path.read_text("utf-8", "replace"), other.read_text("utf-8", "replace")
    named = dict(_IDENTIFIED.findall(english))
    if len(named) > 2:
        yield from ((text, named[key]) for key, text in _IDENTIFIED.findall(dutch) if key in named)
        return
    ours, theirs = _BLOCK.findall(dutch), _BLOCK.findall(english)
    if [tag for tag, _ in ours] == [tag for tag, _ in theirs]:
        yield from ((ours[n][1], theirs[n][1]) for n in range(len(ours)))


def clean(text: str) -> str:
    """A text without tags, placeholders, accelerator marks and superfluous blanks."""
    text = html.unescape(_TAG.sub(" ", text))
    text = _PLACEHOLDER.sub(" ", text)
    text = re.sub(r"(?<!\w)[_~&](?=\w)|(?<=\w)[~&](?=\w)", "", text)
    text = re.sub(r"(?<=[A-Za-z])_(?=[a-z])|(?<=\s)_(?=\w)|^_", "", text)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split())).strip(" .…:;,-*|=")


def _sentences(dutch: str, english: str) -> Iterator[Translation]:
    ours, theirs = _SENTENCE_END.split(dutch), _SENTENCE_END.split(english)
    both = zip(ours, theirs, strict=True) if len(ours) == len(theirs) else [(dutch, english)]
    yield from (pair for pair in both if _is_language(*pair))


def _is_language(dutch: str, english: str) -> bool:
    """Whether both are words for people to read, of like length, and not the same."""
    if dutch.lower() == english.lower() or not (
        2 < len(dutch) <= MAX_CHARACTERS and 2 < len(english) <= MAX_CHARACTERS
    ):
        return False
    if not 0.4 < (len(dutch) + 5) / (len(english) + 5) < 2.5:
        return False
    return all(sum(c.isalpha() or c == " " for c in text) > 0.85 * len(text) for text in (dutch, english))
