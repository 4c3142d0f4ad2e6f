"""A model's reply → sentences with their source numbers, each as soon as it is complete: JSON by the schema, or plain text.

Small models ignore a schema: they write prose with [1] marks, JSON in a code fence, or JSON of their own making. What holds
sentences with numbers is read; what does not is `UNREADABLE`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.generation.failures import ChatError, Failure

MAX_REPLY = 12_000  # characters; an answer of twelve sentences has some 2,500
MAX_SENTENCES = 12
MAX_RANGE = 10  # sources of one "[1-4]"

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_OPEN_THOUGHT = re.compile(r"<think(?:ing)?>(?!.*</think)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```[a-z]*\s*", re.IGNORECASE)
_LIST = re.compile(r'"(?:sentences|zinnen)"\s*:\s*\[')
_MARK = r"\[\s*\d+(?:\s*(?:[,;]|-|–|en)\s*\d+)*\s*\]"
_MARKS = re.compile(_MARK)
_MARKS_AFTER = re.compile(rf"([.!?])\s*((?:{_MARK}\s*)+)")
_PLACE = re.compile(r"\s*" + _MARK)
_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(*]*[A-Z0-9À-Ý])")
_COMPLETE = re.compile(rf"(?:{_MARK}\s*[.!?]?|[.!?])\s+(?=[^\s\[])|{_MARK}\s*[.!?]?[ \t]*\n|\n\s*(?=[^\s\[])")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_MARKUP = re.compile(r"\*\*|__|`")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the model, without its marks, and the numbers that it gave for it, in its order."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """The follow-up questions at the end of a reply."""

    questions: tuple[str, ...]


def sentences(pieces: Iterable[str]) -> Iterator[Sentence | Proposed]:
    """The sentences of a reply, each when its last character is there. At most MAX_SENTENCES.

    Raises ChatError: EMPTY for nothing at all, UNREADABLE where no sentence can be found in what there is. A schema's empty
    list is no error and yields nothing.
    """
    reader = _Reader()
    for piece in pieces:
        yield from reader.feed(piece)
        if reader.full:
            return
    yield from reader.finish()


class _Reader:
    """What was received so far, and how far it was read."""

    def __init__(self) -> None:
        self._raw = ""
        self._given = 0
        self._at: int | None = None  # place behind the last object of the schema's list
        self._closed = False

    @property
    def full(self) -> bool:
        """Whether more is not read: a model that does not stop is stopped."""
        return self._given >= MAX_SENTENCES or len(self._raw) > MAX_REPLY

    def feed(self, piece: str) -> Iterator[Sentence | Proposed]:
        self._raw += piece
        text = self._text()
        if not text.strip() or _OPEN_THOUGHT.search(text):
            return
        if _is_json(text):
            yield from self._objects(text)
        elif piece.strip(" ") != piece or "\n" in piece or any(mark in piece for mark in ".!?]"):
            ends = [match.end() for match in _COMPLETE.finditer(text)]
            if ends:
                yield from self._plain(text[: ends[-1]])

    def finish(self) -> Iterator[Sentence | Proposed]:
        text = self._text()
        if not text.strip():
            raise ChatError(Failure.EMPTY, "nothing was said")
        if not _is_json(text):
            yield from self._plain(text)
            return
        yield from self._objects(text)
        whole = _parsed(text)
        if isinstance(whole, dict) and isinstance(questions := whole.get("follow_ups"), list):
            yield Proposed(tuple(q.strip() for q in questions if isinstance(q, str) and q.strip()))
        if self._given or self._closed:
            return
        prose = "\n".join(_strings(whole))
        if not _MARKS.search(prose):
            raise ChatError(Failure.UNREADABLE, "no sentences with numbers")
        yield from self._plain(prose)

    def _text(self) -> str:
        return _FENCE.sub("", _THOUGHT.sub("", self._raw))

    def _objects(self, text: str) -> Iterator[Sentence]:
        """The objects of the schema's list that are complete and not yet given."""
        if self._at is None:
            opened = _LIST.search(text)
            if opened is None:
                return
            self._at = opened.end()
        while not self._closed and not self.full:
            rest = re.compile(r"[\s,]*").match(text, self._at)
            start = rest.end() if rest else self._at
            if text[start : start + 1] == "]":
                self._closed = True
                return
            try:
                value, self._at = json.JSONDecoder().raw_decode(text, start)
            except ValueError:
                return
            sentence = _from_object(value)
            if sentence is not None:
                self._given += 1
                yield sentence

    def _plain(self, text: str) -> Iterator[Sentence]:
        for sentence in _in_prose(text)[self._given : MAX_SENTENCES]:
            self._given += 1
            yield sentence


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] == "{" or re.match(r"\s*\[\s*[\[{\"]", text) is not None


def _parsed(text: str) -> Any:  # noqa: ANN401 - whatever JSON the model wrote
    try:
        return json.JSONDecoder().raw_decode(text, len(text) - len(text.lstrip()))[0]
    except ValueError:
        return None


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON the model wrote
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _from_object(value: Any) -> Sentence | None:  # noqa: ANN401 - whatever JSON the model wrote
    """A sentence of the list: by the schema, or as a string with marks."""
    if isinstance(value, str):
        found = _in_prose(value)
        return Sentence(" ".join(s.text for s in found), tuple(n for s in found for n in s.sources)) if found else None
    if not isinstance(value, dict):
        return None
    text = next((value[key] for key in ("text", "tekst", "zin") if isinstance(value.get(key), str)), "")
    given: list[Any] = next((value[key] for key in ("sources", "bronnen") if isinstance(value.get(key), list)), [])
    numbers = [int(n) for n in given if isinstance(n, int) or (isinstance(n, str) and n.isdecimal())]
    if len(numbers) < len(given):
        numbers.append(0)  # something that is no number was cited: it exists nowhere
    numbers += _numbers(text)
    text = _clean(text)
    return Sentence(text, tuple(dict.fromkeys(numbers))) if text else None


def _in_prose(text: str) -> list[Sentence]:
    """The sentences of running text; headings and lines that only announce a list are left out."""
    found: list[Sentence] = []
    for line in text.splitlines():
        if line.lstrip().startswith(("#", "```")) or (line.rstrip().endswith(":") and not _MARKS.search(line)):
            continue
        moved = _MARKS_AFTER.sub(lambda match: f" {match[2].strip()}{match[1]} ", _BULLET.sub("", line))
        for part in _END.split(moved):
            clean = _clean(part)
            if any(mark.isalnum() for mark in clean):
                found.append(Sentence(clean, tuple(dict.fromkeys(_numbers(part)))))
    return found


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for mark in _MARKS.findall(text):
        inside = re.findall(r"\d+", mark)
        if ("-" in mark or "–" in mark) and len(inside) == 2 and 0 <= int(inside[1]) - int(inside[0]) < MAX_RANGE:
            found += range(int(inside[0]), int(inside[1]) + 1)
        else:
            found += map(int, inside)
    return found


def _clean(text: str) -> str:
    """The sentence without marks and markup, white space evened out."""
    bare = " ".join(_MARKUP.sub("", _PLACE.sub("", _BULLET.sub("", text))).split())
    return re.sub(r"\s+(?=[.,;:!?](?:\s|$))", "", bare)
