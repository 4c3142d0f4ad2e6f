"""Load the assistant behind the page: the first visitor sees the page while the model is still being read."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import streamlit as st

from assistant import texts_nl as nl
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Outcome

if TYPE_CHECKING:
    from assistant.answer import Assistant

log = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def open_library() -> Library:
    """The library alone, without any model: enough for the empty page. Shared by all sessions, for reading.

    Raises SettingsError and LibraryError.
    """
    return Library.open(Settings.from_env().library_path)


@st.cache_resource(show_spinner=False)
def loading_assistant() -> Future[Assistant]:
    """The one assistant of this process, on its way or there; shared by all sessions, for reading.

    What the wiring imports is slow as well, so that it happens in the thread too.
    """
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="loading")
    future = executor.submit(_open)
    executor.shutdown(wait=False)
    return future


def _open() -> Assistant:
    from assistant.wiring import open_assistant, quiet

    quiet()
    assistant = open_assistant(Settings.from_env())
    answered_starters(assistant, assistant.library.generation())
    return assistant


@st.cache_resource(max_entries=1, show_spinner=False)
def answered_starters(_assistant: Assistant, generation: int) -> tuple[tuple[str, str, str], ...]:
    """The questions to begin with that the library of this generation answers; asked once, which warms it up too."""
    answered = [s for s in nl.APP_STARTERS if _assistant.ask(s[2]).outcome is Outcome.ANSWERED]
    log.info("%d of %d starter questions answered in generation %d", len(answered), len(nl.APP_STARTERS), generation)
    return tuple(answered)


def retry() -> None:
    """Forget a failed start, so that the next page view tries again."""
    open_library.clear()
    loading_assistant.clear()
