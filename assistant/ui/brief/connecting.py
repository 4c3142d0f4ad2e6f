"""The chat model on the page "Adviesgesprek": the choice for its connecting sentences, and the page while it writes them."""

from __future__ import annotations

import html
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.brief_records import Brief
from assistant.generation.answering import Shown
from assistant.ui import access, loading
from assistant.ui.writing import Cancelled, Writing

if TYPE_CHECKING:
    from assistant.answer import Assistant

TEXT = nl.BRIEF_PAGE
LOOK_SECONDS = 0.5
_WANTED = "brief-connect"
_WRITING = "brief_writing"


def choice() -> None:
    """Draw the choice, where a chat model is set, and where the quotes go."""
    place = loading.chat_place()
    if place is None:
        return
    st.session_state.setdefault(_WANTED, True)
    st.checkbox(TEXT["connect"], key=_WANTED, persist_state="session")
    st.html(f'<p class="small">{html.escape(TEXT["connect_note"].format(place=place[1] or place[0]))}</p>')


def wanted() -> bool:
    """Whether the brief is to have connecting sentences."""
    return loading.chat_place() is not None and bool(st.session_state.get(_WANTED))


def begin(make: Callable[[Assistant, Cancelled], Brief]) -> None:
    """Let the brief be made in a thread, in the place of one that is being made."""
    if (held := _held()) is not None:
        held.stop()
    assistant = loading.loading_assistant()

    def work(cancelled: Cancelled) -> Generator[Shown, None, Brief]:
        yield from ()
        return make(assistant.result(), cancelled)

    st.session_state[_WRITING] = Writing(work)


def busy() -> bool:
    """Whether a brief is being made."""
    return _held() is not None


@st.fragment(run_every=LOOK_SECONDS)
def watch(settle: Callable[[Callable[[], Brief]], None]) -> None:
    """Say what is being done, with a way to go on without it; hand the brief to `settle` when it is there."""
    held = _held()
    if held is None:
        st.rerun()
    held.look(0, 0.0)
    if held.done:
        st.session_state[_WRITING] = None
        settle(held.result)
        st.rerun()
    loaded = loading.loading_assistant().done()
    words = TEXT["stopping" if held.stopping else "connecting" if loaded else "loading"]
    bars = '<span class="bar"></span>' * 2
    st.html(f'<div class="blank" role="status"><p>{html.escape(words)}</p>{bars}</div>')
    st.button(TEXT["stop"], icon=":material/stop:", key="brief-stop", disabled=held.stopping, on_click=_stop)


def _stop() -> None:
    access.require(Action.BRIEF)
    if (held := _held()) is not None:
        held.stop()


def _held() -> Writing[Brief] | None:
    held: Writing[Brief] | None = st.session_state.get(_WRITING)
    return held
