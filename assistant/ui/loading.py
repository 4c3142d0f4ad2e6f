"""Load the assistant behind the page: the first visitor sees the page while the model is still being read."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from assistant import texts_nl as nl
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Outcome

if TYPE_CHECKING:
    from assistant.answer import Assistant

log = logging.getLogger(__name__)

SHOWN_STARTERS = 4
Starter = tuple[str, str, str]
T = TypeVar("T")


@st.cache_resource(show_spinner=False)
def open_library() -> Library:
    """Open the library alone, without any model: enough for the empty page. Shared by all sessions, for reading.

    Raises SettingsError and LibraryError.
    """
    return Library.open(Settings.from_env().library_path)


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
    return _in_thread(lambda: _answered(assistant.result().extractive))


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


def _in_thread(work: Callable[[], T]) -> Future[T]:
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="loading")
    future = executor.submit(work)
    executor.shutdown(wait=False)
    return future


def _open() -> Assistant:
    from assistant.wiring import open_assistant, quiet

    quiet()
    assistant = open_assistant(Settings.from_env())
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
