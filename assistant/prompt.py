"""What a chat model is asked: the prompt of `data/prompt.toml`, filled with numbered passages and a question as fenced data."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from assistant.types import Turn

MOST_FURTHER = 5  # sentences after the first, as in an extractive answer
MAX_TURNS = 4
MAX_TURN_CHARACTERS = 600
MARK_CHARACTERS = 10
MOST_QUESTIONS = 4

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "sources": {"type": "array", "items": {"type": "integer"}}},
                "required": ["text", "sources"],
                "additionalProperties": False,
            },
        },
        "follow_ups": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["sentences", "follow_ups"],
    "additionalProperties": False,
}
QUESTIONS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "questions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "sentence": {"type": "integer"}},
                "required": ["text", "sentence"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["questions"],
    "additionalProperties": False,
}

_FENCE = re.compile(r"<{2,}|>{2,}|`{3,}|<\|[^|<>]{0,40}\|>")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat. `role` as LangChain names it."""

    role: Literal["system", "human", "ai"]
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as the model sees it: its number, from 1, where it comes from, and its text."""

    number: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence that did not hold, with the numbers it gave and why (keys of `[repair.reasons]`)."""

    text: str
    numbers: tuple[int, ...]
    reasons: tuple[str, ...]


def answer_messages(
    question: str, sources: Sequence[Source], history: Sequence[Turn] = (), sector: str | None = None
) -> tuple[Message, ...]:
    """The request for an answer. Everything here must be masked already."""
    texts = _texts("answer")
    mark = _mark([question, *(s.text for s in sources), *(t.question + t.answer for t in history)])
    turns = _turns(history, mark)
    user = texts["user"].format(
        history=texts["history"].lstrip("\n").format(turns=turns) if turns else "",
        sources="\n\n".join(_fenced(f"bron {s.number}", f"{s.heading}\n{s.text}", mark) for s in sources),
        sector=texts["sector"].format(sector=sector) if sector else "",
        question=_fenced("vraag", question, mark),
    )
    return Message("system", texts["system"].format(most=MOST_FURTHER).strip()), Message("human", user.strip())


def connect_messages(parts: Sequence[tuple[str, Sequence[Source]]], words: int) -> tuple[Message, ...]:
    """The request for connecting sentences of a brief: per part its heading and its lines, of at most `words` words each."""
    texts = _texts("connect")
    mark = _mark([text for heading, sources in parts for text in (heading, *(s.text for s in sources))])
    told = "\n\n".join(
        texts["part"].format(
            heading=_fenced("kop", heading, mark),
            sources="\n\n".join(_fenced(f"bron {s.number}", f"{s.heading}\n{s.text}", mark) for s in sources),
        )
        for heading, sources in parts
    )
    user = texts["user"].format(parts=told)
    return Message("system", texts["system"].format(words=words).strip()), Message("human", user.strip())


def repair_messages(asked: Sequence[Message], reply: str, rejected: Iterable[Rejected]) -> tuple[Message, ...]:
    """The request to write anew what did not hold, after the question and the reply that it stood in."""
    texts = _data()["repair"]
    lines = [
        texts["sentence"].format(
            text=_bare(one.text),
            numbers=", ".join(map(str, one.numbers)) or "-",
            reasons="; ".join(texts["reasons"][reason] for reason in one.reasons),
        )
        for one in rejected
    ]
    return (*asked, Message("ai", reply), Message("human", texts["user"].format(sentences="\n".join(lines)).strip()))


def rewrite_messages(question: str, history: Sequence[Turn]) -> tuple[Message, ...]:
    """The request for the question as it stands without the turns before."""
    texts = _texts("rewrite")
    mark = _mark([question, *(t.question + t.answer for t in history)])
    user = texts["user"].format(turns=_turns(history, mark), question=_fenced("vraag", question, mark))
    return Message("system", texts["system"].strip()), Message("human", user.strip())


def propose_messages(heading: str, sentences: Sequence[str]) -> tuple[Message, ...]:
    """The request for questions that single sentences of a passage answer, numbered from 1."""
    texts = _texts("propose")
    text = "\n".join(f"{number}. {' '.join(sentence.split())}" for number, sentence in enumerate(sentences, 1))
    user = texts["user"].format(sources=_fenced("passage", f"{heading}\n{text}", _mark([text])))
    return Message("system", texts["system"].format(most=MOST_QUESTIONS).strip()), Message("human", user.strip())


def _turns(history: Sequence[Turn], mark: str) -> str:
    template = _texts("answer")["turn"]
    turns = (
        template.format(question=turn.question, answer=turn.answer[:MAX_TURN_CHARACTERS])
        for turn in history[-MAX_TURNS:]
    )
    return "\n".join(_fenced("beurt", turn, mark) for turn in turns)


def _fenced(name: str, text: str, mark: str) -> str:
    return f"<<<{name} {mark}>>>\n{_bare(text).strip()}\n<<<einde {name} {mark}>>>"


def _bare(text: str) -> str:
    """Text that holds nothing that looks like our fence, or like a chat model's own marks."""
    return _FENCE.sub(" ", text)


def _mark(texts: Iterable[str]) -> str:
    """A word for the fence that no text can hold, because it depends on all of them; the same for the same request."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:MARK_CHARACTERS]


def _texts(part: str) -> Mapping[str, str]:
    texts: Mapping[str, str] = _data()[part]
    return texts


@cache
def _data() -> Mapping[str, Any]:
    """Read `data/prompt.toml` once."""
    return tomllib.loads((files("assistant") / "data" / "prompt.toml").read_text("utf-8"))
