"""The chat model on the page "Vraag": the choice to do without it, where questions go, and an answer while it is written."""

from __future__ import annotations

import html

import streamlit as st

from assistant import texts_nl as nl
from assistant.errors import SettingsError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Answer
from assistant.ui import access, browser, loading
from assistant.ui.browser import Hooks, Step
from assistant.ui.card import Card
from assistant.ui.conversation import Asked, Shown, card_so_far, thinking_card, writing, written
from assistant.ui.writing import Writing

# The browser asks for a look before the one that waits has ended, so that a sentence is drawn as soon as it is there.
LOOK_SECONDS, NEXT_LOOK_SECONDS = 0.2, 0.1
VERBATIM = "verbatim"
_WRITING = "writing"
Turns = dict[str, Shown]


def fluent() -> bool:
    """Whether the next answer is worded by a chat model: where one is set, unless the visitor wants verbatim sentences."""
    try:
        return loading.chat_place() is not None and not st.session_state.get(VERBATIM)
    except SettingsError:
        return False  # said where the assistant is opened


def choice() -> None:
    """Draw the choice for verbatim sentences alone, where there is one."""
    if loading.chat_place() is not None:
        st.toggle(nl.CHAT_VERBATIM, key=VERBATIM, help=nl.CHAT_VERBATIM_HELP, persist_state="session")


def note() -> None:
    """Say that a machine answers and, with a chat model, where the question goes."""
    place = loading.chat_place()
    words = nl.APP_INPUT_NOTE
    if place is not None:
        words = f"{words} {nl.chat_place(*place) if fluent() else nl.CHAT_NOTHING_LEAVES}"
    elif Settings.from_env().chat_model is not None:
        words = f"{words} {nl.CHAT_UNUSABLE}"
    st.html(f'<p class="small">{html.escape(words)}</p>')


def settle(turns: Turns, asked: Asked | None, library: Library) -> None:
    """End what is being written when another question has come, and keep it as a turn."""
    held = _held()
    if held is not None and (asked is None or held[0].id != asked.id):
        _keep(turns, *held, library)


def forget() -> None:
    """Stop what is being written, and do not keep it."""
    if (held := _held()) is not None:
        held[1].stop()
    st.session_state[_WRITING] = None


def show(asked: Asked, turns: Turns, library: Library, hooks: Hooks) -> None:
    """Draw the answer that is being written, sentence by sentence, and the page anew when it is there."""
    held = _held()
    if held is None or held[0].id != asked.id:
        work = writing(asked, list(turns.values()), loading.loading_assistant(), access.user())
        st.session_state[_WRITING] = asked, work
    st.session_state[_DRAWN] = -1
    _watched(turns, library, hooks)


_DRAWN = "writing_drawn"  # sentences that stand on the page, -1 before the first drawing


@st.fragment(run_every=NEXT_LOOK_SECONDS)
def _watched(turns: Turns, library: Library, hooks: Hooks) -> None:
    held = _held()
    if held is None:
        st.rerun()
    asked, work = held
    drawn: int = st.session_state[_DRAWN]
    if drawn >= 0:
        work.look(drawn, LOOK_SECONDS)
    if not work.done:
        sentences = work.sentences()
        st.session_state[_DRAWN] = len(sentences)
        browser.turn(f"turn-{asked.id}", _card(asked, work), Step.THINKING, hooks)
        if drawn < 0:
            work.look(len(sentences), LOOK_SECONDS)  # what needs no model is there at once
    if work.done:
        _keep(turns, asked, work, library)
        st.rerun()


def _card(asked: Asked, work: Writing[Answer]) -> Card:
    assistant = loading.loading_assistant()
    if sentences := work.sentences():
        # as the assistant holds them: read from the library they would cost most of the time until a sentence is seen
        documents = assistant.result().retriever.view().documents
        return card_so_far(asked, sentences, work.stopping, documents)
    loaded = assistant.done()
    words = nl.CHAT_WRITING["stopping" if work.stopping else "first"] if loaded else ""
    return thinking_card(asked, loaded, words) | {"stoppable": True, "stopping": work.stopping}


def stop() -> None:
    """End the answer that is being written: what stands in the sources themselves is shown in its place."""
    if (held := _held()) is not None:
        held[1].stop()


def _keep(turns: Turns, asked: Asked, work: Writing[Answer], library: Library) -> None:
    work.stop()
    turns.setdefault(asked.id, written(asked, work, library))
    st.session_state[_WRITING] = None


def _held() -> tuple[Asked, Writing[Answer]] | None:
    held: tuple[Asked, Writing[Answer]] | None = st.session_state.get(_WRITING)
    return held
