"""The question as it stands without the turns before, written by the model; None where the rules have to do it."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from assistant import dutch
from assistant.english import is_english
from assistant.generation.failures import ChatError
from assistant.generation.model import Call, ChatModel
from assistant.names import find_names
from assistant.prompt import rewrite_messages
from assistant.safety import attack, danger, plain
from assistant.types import Turn
from assistant.understand import find_sector

log = logging.getLogger(__name__)

SECONDS = 8.0  # of the time of the whole question
LOCAL_SHARE = 0.25  # or this share of it, where that is more: a local model reads slowly
MOST_CHARACTERS = 300
BROUGHT_IN = 0.34  # share of content words that stand neither in the question nor in the turns before
_NUMBER = re.compile(r"\d+")


def rewritten(question: str, history: Sequence[Turn], model: ChatModel, call: Call) -> str | None:
    """The stand-alone question, or None where the model fails, answers instead, or brings in what nobody said.

    `question` and `history` are masked already. Raises ChatError for a cancelled request alone.
    """
    seconds = max(SECONDS, LOCAL_SHARE * model.limits.total)
    try:
        reply = model.complete(rewrite_messages(question, history), call, seconds)
    except ChatError as error:
        if call.cancelled.is_set():
            raise
        log.info("question not rewritten: %s", error.failure)
        return None
    lines = [line.strip().strip("\"“”'*`") for line in plain(reply).splitlines() if line.strip()]
    text = lines[0] if len(lines) == 1 else ""
    return text if _acceptable(text, question, history) else None


def _acceptable(text: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether it is one Dutch question made of words of this conversation, and no order or sign of danger."""
    if not text or len(text) > MOST_CHARACTERS or attack(text) or danger(text):
        return False
    if dutch.normal(text).strip(" ?.!") == dutch.normal(question).strip(" ?.!"):
        return True
    if not text.endswith("?") and question.endswith("?"):
        return False
    said = " ".join([question, *(f"{turn.question} {turn.answer}" for turn in history)])
    if is_english(dutch.words(text)) and not is_english(dutch.words(question)):
        return False
    if not set(_NUMBER.findall(text)) <= set(_NUMBER.findall(said)):
        return False
    if any(text[start:end] not in said for start, end in find_names(text)):
        return False
    known = {key for word in dutch.words(said) for key in dutch.keys(word)}
    words = [word for word in dutch.content_words(text) if word not in dutch.QUESTION_WORDS]
    new = [word for word in words if known.isdisjoint(dutch.keys(word))]
    kept = {key for word in dutch.content_words(question) for key in dutch.keys(word)}
    sector = find_sector(question)
    held = (
        not kept
        or (sector is not None and sector == find_sector(text))
        or any(not kept.isdisjoint(dutch.keys(word)) for word in dutch.words(text))
    )
    return bool(words) and held and len(new) <= BROUGHT_IN * len(words)
