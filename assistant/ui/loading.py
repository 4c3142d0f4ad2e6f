"""Load the assistant behind the page: the first visitor sees the page while the model is still being read."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ContextDecorator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from assistant import texts_nl as nl
from assistant.errors import SettingsError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Outcome

if TYPE_CHECKING:
    from assistant.answer import Assistant

log = logging.getLogger(__name__)

SHOWN_STARTERS = 4
READING_TURN = 0.001  # seconds that the model's loading may keep the interpreter while another thread waits for it
BUSY_FROM = 4  # questions being answered at the same moment; each takes some 100 ms of one processor
CHAT_SETTINGS = ("WELWIJZER_CHAT_MODEL", "WELWIJZER_NLI_MODEL")  # without these there is an answer as well
PLACES = 2  # questions worked on at the same moment: the interpreter runs one thread, numpy works beside it
Starter = tuple[str, str, str]
T = TypeVar("T")


class Crowd(ContextDecorator):
    """Counts the questions that this process is answering now, and lets a few at a time be worked on; to be put around one.

    In turn, all are served as early as when all are worked on at once, and most of them earlier.
    """

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(PLACES)
        self._guard = threading.Lock()
        self._count = 0

    @property
    def busy(self) -> bool:
        """Whether who asks now waits for others."""
        return self._count >= BUSY_FROM

    def __enter__(self) -> Crowd:
        with self._guard:
            self._count += 1
        self._places.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self._places.release()
        with self._guard:
            self._count -= 1


crowd = Crowd()


@st.cache_resource(show_spinner=False)
def open_library() -> Library:
    """Open the library alone, without any model: enough for the empty page. Shared by all sessions, for reading.

    Raises SettingsError and LibraryError.
    """
    return Library.open(Settings.from_env().library_path)


def begin() -> None:
    """Start loading, before anyone has come. Raises SettingsError and LibraryError."""
    loading_starters(open_library().generation())


@st.cache_resource(show_spinner=False)
def loading_assistant() -> Future[Assistant]:
    """Return the one assistant of this process, on its way or there; shared by all sessions, for reading.

    What the wiring imports is slow as well, so that it happens in the thread too.
    """
    return _in_thread(_open)


@st.cache_resource(max_entries=1, show_spinner=False)
def loading_starters(generation: int) -> Future[tuple[Starter, ...]]:
    """Return the questions to begin with that the library of this generation answers; finding them warms it up too."""
    log.debug("looking for starter questions in generation %d", generation)
    assistant = loading_assistant()
    return _in_thread(lambda: _answered(assistant.result().extractive), lambda: _warm(assistant.result().extractive))


def chat_place() -> tuple[str, str] | None:
    """The chat model that words answers and where questions go to; the place is empty until the model is open.

    None where none is set, or it can't be used. Raises SettingsError.
    """
    name = Settings.from_env().chat_model
    if name is None:
        return None
    opened = loading_assistant()
    if not opened.done():
        return name, ""
    writer = opened.result().writer if opened.exception() is None else None
    return (writer.model.name, writer.model.place) if writer else None


def _in_thread(work: Callable[[], T], afterwards: Callable[[], object] | None = None) -> Future[T]:
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="loading")
    future = executor.submit(work)
    if afterwards is not None:
        executor.submit(afterwards)
    executor.shutdown(wait=False)
    return future


def _open() -> Assistant:
    from assistant.wiring import quiet

    quiet()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(READING_TURN)  # whoever looks at the page meanwhile gets a turn soon
    try:
        return _read()
    finally:
        sys.setswitchinterval(usual)


def _read() -> Assistant:
    from assistant.wiring import open_assistant

    settings = Settings.from_env()
    try:
        assistant = open_assistant(settings)
    except SettingsError as error:
        if settings.chat_model is None or error.details.get("name") not in CHAT_SETTINGS:
            raise
        log.error("answers are given without the chat model", exc_info=error)
        assistant = open_assistant(replace(settings, chat_model=None))
    assistant.retriever.view()
    _lasting()
    return assistant


def _answered(assistant: Assistant) -> tuple[Starter, ...]:
    found: list[Starter] = []
    for starter in nl.APP_STARTERS:
        if len(found) < SHOWN_STARTERS and assistant.ask(starter[2]).outcome is Outcome.ANSWERED:
            found.append(starter)
    _lasting()
    return tuple(found)


def _warm(assistant: Assistant) -> None:
    """Make what only some questions need (the words to repair spelling with): the first of these waited 1.6 s for them."""
    try:
        assistant.ask(nl.APP_WARM_UP)
    except Exception:
        log.exception("warming up failed")  # the questions themselves tell
    _lasting()


def _lasting() -> None:
    """Take what is there out of later collections of garbage: Streamlit makes one after every run, also of a part of a page.

    With the library in memory one costs 36 to 200 ms on 2 busy cores, in which nothing else runs; after this, nothing.
    """
    gc.collect()
    gc.freeze()


def retry() -> None:
    """Forget a failed start, so that the next page view tries again."""
    open_library.clear()
    loading_assistant.clear()
    loading_starters.clear()
