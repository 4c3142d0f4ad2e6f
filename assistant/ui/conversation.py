"""One visitor's conversation: what was asked, what was shown, and what a later question may refer to."""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import WeakKeyDictionary

from assistant import texts_nl as nl
from assistant.errors import UnknownSourceError, WelwijzerError
from assistant.generation.answering import Shown as Proven
from assistant.library import Library
from assistant.safety import plain
from assistant.types import Answer, Document, Outcome, Turn
from assistant.ui import judging, loading
from assistant.ui.card import Card, answer_card, cited_sources, writing_card
from assistant.ui.writing import Cancelled, Writing

if TYPE_CHECKING:
    from assistant.answer import Assistant

log = logging.getLogger(__name__)

HISTORY_TURNS = 6
HEADING_CHARACTERS = 400
# Per library the documents of its last state: reading one from the file takes longer than drawing the card.
_read: WeakKeyDictionary[Library, tuple[int, dict[str, Document]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what narrowed it when it was asked; `id` tells two times the same question apart.

    `fluent`: whether a chat model may word the answer.
    """

    question: str
    sector: str | None = None
    sources: tuple[str, ...] = ()
    fluent: bool = False
    id: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn as this session keeps it; no answer where the question failed. `generation`: of the library then."""

    card: Card
    announce: str
    answer: Answer | None = None
    sector: str | None = None
    generation: int = 0


@loading.crowd
def answered(asked: Asked, before: Iterable[Shown], assistant: Future[Assistant], library: Library) -> Shown:
    """Answer a question in its conversation by verbatim sentences, waiting for the assistant if need be."""
    history = _history(before)
    return _shown(
        asked,
        library,
        lambda: assistant.result().extractive.ask(asked.question, history, asked.sector, asked.sources),
    )


def writing(asked: Asked, before: Iterable[Shown], assistant: Future[Assistant], user: str) -> Writing[Answer]:
    """Let a chat model word the answer to a question in its conversation; `user`: whose budget it costs."""
    history = _history(before)

    def work(cancelled: Cancelled) -> Generator[Proven, None, Answer]:
        stream = assistant.result().stream
        for step in stream(asked.question, history, asked.sector, asked.sources, user, cancelled):
            if isinstance(step, Answer):
                return step
            yield step
        raise AssertionError("a stream ends in an answer")

    return Writing(work)


def written(asked: Asked, work: Writing[Answer], library: Library) -> Shown:
    """What came of an answer that was being written, waiting for its end."""
    return _shown(asked, library, work.result)


def _history(before: Iterable[Shown]) -> tuple[Turn, ...]:
    return tuple(Turn(t.answer.question, t.answer.text, t.sector) for t in before if t.answer)[-HISTORY_TURNS:]


def _shown(asked: Asked, library: Library, get: Callable[[], Answer]) -> Shown:
    """The turn of an answer; a failure becomes a turn too."""
    try:
        generation = library.generation()
        answer = get()
        card = answer_card(answer, _documents(library, answer))
        judging.note_question(answer, asked.sector)
        return Shown(card, announcement(answer), answer, asked.sector, generation)
    except WelwijzerError as error:
        log.warning("question not answered: %s", error)
        return _failure(asked, nl.error_line(error))
    except Exception:
        log.exception("question not answered")
        return _failure(asked, nl.APP_UNEXPECTED)


def card_so_far(asked: Asked, sentences: Sequence[Proven], stopping: bool, documents: Mapping[str, Document]) -> Card:
    """What stands in an answer's place while a model words it: the sentences that are proven, each with its marks."""
    statements = tuple(one.statement for one in sentences)
    citations = tuple(citation for one in sentences for citation in one.citations)
    told = Answer(_heading(asked.question), Outcome.ANSWERED, "", statements, citations, mode="generated")
    return writing_card(told, documents, stopping)


def thinking_card(asked: Asked, loaded: bool, words: str = "") -> Card:
    """Return what stands in an answer's place until it is there; `words`: of what is being done, where it is not searching."""
    words = words or (nl.APP_LOADING_ASKED if not loaded else nl.APP_BUSY if loading.crowd.busy else nl.APP_THINKING)
    return {"question": _heading(asked.question), "thinking": words, "labels": nl.APP_CARD}


def refreshed(shown: Shown, library: Library, generation: int) -> Shown:
    """Look again at the passages of an earlier answer when the library has changed: their text may be gone."""
    if shown.answer is None or shown.generation == generation:
        return shown
    card = answer_card(shown.answer, _documents(library, shown.answer))
    return replace(shown, card=card, generation=generation)


def announcement(answer: Answer) -> str:
    """Return what a screen reader says when the answer arrives."""
    if answer.referral is not None or answer.outcome is Outcome.REFERRAL:
        return nl.APP_ANSWER_REFERRAL
    if answer.outcome is Outcome.REFUSED:
        return nl.APP_ANSWER_REFUSED
    if answer.outcome is Outcome.NO_EVIDENCE:
        return nl.APP_ANSWER_NONE
    count = len(answer.citations)
    return nl.APP_ANSWER_READY_ONE if count == 1 else nl.APP_ANSWER_READY.format(count=count)


def _failure(asked: Asked, line: str) -> Shown:
    return Shown({"question": _heading(asked.question), "error": line, "labels": nl.APP_CARD}, line)


def _heading(question: str) -> str:
    """Return the question as a heading until its answer is there: no hidden characters, no pages of pasted text."""
    text = " ".join(plain(question).split())
    short = textwrap.shorten(text, HEADING_CHARACTERS, placeholder="…")
    return short if len(short) > 1 else text[:HEADING_CHARACTERS] + "…"  # one endless word has no place to end at


def _documents(library: Library, answer: Answer) -> dict[str, Document]:
    """The documents that an answer cites; each is read once per state of the library, for all sessions together."""
    generation = library.generation()
    read = _read.get(library)
    if read is None or read[0] != generation:
        read = _read[library] = (generation, {})
    documents = {}
    for source in cited_sources(answer):
        try:
            if source not in read[1]:
                read[1][source] = library.document(source)
            documents[source] = read[1][source]
        except UnknownSourceError:
            log.info("cited source %s is no longer in the library", source)
    return documents
