"""Questions that a new passage answers, proposed by the model for `corpus/questions`: an editor confirms each of them."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any

from assistant import dutch
from assistant.english import is_english
from assistant.generation.failures import ChatError
from assistant.generation.model import Call, ChatModel
from assistant.injection import may_order, without_orders
from assistant.prompt import MOST_QUESTIONS, QUESTIONS_SCHEMA, propose_messages
from assistant.safety import attack, danger, plain
from assistant.texts_nl import INTERROGATIVE
from assistant.types import Passage, StoredQuestion
from assistant.verify import Citable

if TYPE_CHECKING:
    from assistant.retrieve import Retriever

log = logging.getLogger(__name__)

MOST_CHARACTERS = 200
NEAR_HITS = 5  # best passages, of which one must be of the section: an answer is composed of these
SAME = 0.8  # share of the words of two questions that they have in common when they are the same question
FROM_PASSAGE = 0.5  # share of a question's content words that its sentence, its neighbours and the headings hold


def proposed(model: ChatModel, source: Citable, call: Call) -> tuple[StoredQuestion, ...]:
    """Questions with the number of the sentence that answers them; none where the model fails or nothing fits."""
    numbers = sorted(source.allowed)
    if not numbers:
        return ()
    messages = propose_messages(source.heading, [source.sentence(number) for number in numbers])
    try:
        reply = "".join(model.stream(messages, call, QUESTIONS_SCHEMA))
    except ChatError as error:
        log.info("no questions proposed: %s", error.failure)
        return ()
    found: dict[str, StoredQuestion] = {}
    for text, place in _read(reply):
        if 1 <= place <= len(numbers) and _fits(text, numbers[place - 1], source):
            found.setdefault(dutch.normal(text), StoredQuestion(text, numbers[place - 1]))
    return tuple(found.values())[:MOST_QUESTIONS]


def answered_there(question: str, passage: Passage, retriever: Retriever) -> bool:
    """Whether our own retrieval, without the question being stored, finds its answer in the section of the passage."""
    view = retriever.view()
    evidence = retriever.retrieve(retriever.understand(question, (), None, (), view), view=view)
    near = [hit.passage for hit in without_orders(evidence).hits[:NEAR_HITS]]
    return any((p.source, p.section) == (passage.source, passage.section) for p in near)


def resembles(question: str, other: str) -> bool:
    """Whether two questions ask the same in nearly the same words, the asking word among them."""
    one, two = (frozenset(dutch.keys(word)[-1] for word in _asking(text)) for text in (question, other))
    return bool(one and two) and len(one & two) >= SAME * len(one | two)


def _asking(text: str) -> list[str]:
    words = dutch.words(text)
    content = set(dutch.content_words(text))
    return [word for word in words if word in content or re.fullmatch(INTERROGATIVE, word)]


def _read(reply: str) -> list[tuple[str, int]]:
    """The questions of a reply with their numbers; nothing of what has another form."""
    start = reply.find("{")
    try:
        whole: Any = json.JSONDecoder().raw_decode(reply, max(start, 0))[0]
    except ValueError:
        return []
    listed = whole.get("questions") if isinstance(whole, dict) else None
    return [
        (" ".join(plain(one["text"]).split()), one["sentence"])
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and isinstance(one.get("text"), str) and isinstance(one.get("sentence"), int)
    ]


def _fits(text: str, number: int, source: Citable) -> bool:
    """Whether it is one Dutch question, no order, and mostly about what stands at its sentence."""
    if not text.endswith("?") or len(text) > MOST_CHARACTERS or attack(text) or may_order(text) or danger(text):
        return False
    if is_english(dutch.words(text)):
        return False
    near = [n for n in (number - 1, number, number + 1) if n in source.allowed]
    held = " ".join([source.heading, *(source.sentence(n) for n in near)])
    keys = {key for word in dutch.words(held) for key in dutch.keys(word)}
    words = [word for word in dutch.content_words(text) if word not in dutch.QUESTION_WORDS]
    known = sum(not keys.isdisjoint(dutch.keys(word)) for word in words)
    return bool(words) and known >= FROM_PASSAGE * len(words)
