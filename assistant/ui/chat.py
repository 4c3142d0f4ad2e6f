"""The page "Vraag": ask a question, read the answer, open the passages it stands on."""

from __future__ import annotations

import html
import logging
import textwrap
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from assistant import texts_nl as nl
from assistant.errors import LibraryEmptyError, UnknownSourceError, WelwijzerError
from assistant.library import Library
from assistant.safety import plain
from assistant.types import SECTORS, Answer, Document, Outcome, Source, Turn
from assistant.ui import browser, loading
from assistant.ui.card import Card, answer_card, cited_sources

if TYPE_CHECKING:
    from assistant.answer import Assistant

log = logging.getLogger(__name__)

QUESTION_PARAMETER = "vraag"
HISTORY_TURNS = 6
LOOK_AGAIN_SECONDS = 3.0  # each look costs the loading thread a collection of all garbage
HEADING_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn as this session keeps it; no answer where the question failed. `generation`: of the library then."""

    card: Card
    announce: str
    answer: Answer | None = None
    sector: str | None = None
    generation: int = 0


def render() -> None:
    """Draw the page. All that is said stays in this session's state; the assistant is shared and only read."""
    turns: list[Shown] = st.session_state.setdefault("turns", [])
    question = _next_question()
    browser.page(turns[-1].announce if turns and question is None else "", len(turns))
    try:
        library = loading.open_library()
        sources = library.sources()
        if not sources:
            raise LibraryEmptyError("no sources")
    except WelwijzerError as error:
        _head((), False)
        _failed(error)
        return
    chosen = _head(sources, bool(turns))
    body = st.container(key="conversation", gap="medium")
    with st.container(key="composer", gap="small"):
        sector = _composer()
    future = loading.loading_assistant()
    failure = future.exception() if future.done() else None
    with body:
        if failure is not None:
            _failed(failure)
            return
        if not turns and question is None:
            _welcome(library, sources)
        for index, shown in enumerate(refreshed(turns, library)):
            newest = question is None and index == len(turns) - 1
            browser.turn(f"turn-{index}", shown.card | {"newest": newest}, _queue)
        if question is not None:
            _answer(question, sector, chosen, future, library)
            st.rerun()


def _next_question() -> str | None:
    """Return the question to answer in this run: typed, picked, or brought along in the address by a link.

    It stays in the session until it has its answer: Streamlit may break a run off to start the next one.
    """
    if "asked" not in st.session_state:
        st.session_state["asked"] = st.query_params.get(QUESTION_PARAMETER)
    question: str | None = st.session_state["asked"]
    return question.strip() or None if question else None


def _queue(question: str) -> None:
    st.session_state["asked"] = question


def _new_conversation() -> None:
    st.session_state["turns"] = []
    st.session_state["asked"] = None
    st.query_params.clear()


def _head(sources: tuple[Source, ...], started: bool) -> tuple[str, ...]:
    """Draw the name, the choice of publications and the way to a new conversation; return the chosen ids."""
    tag = "h1" if started else "p"
    titles = {source.id: source.title for source in sources}
    chosen = tuple(source for source in st.session_state.get("sources", ()) if source in titles)
    st.session_state["sources"] = list(chosen)
    label = nl.APP_SOURCES_CHOSEN.format(count=len(chosen)) if chosen else nl.APP_SOURCES
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<{tag} class="brand">{html.escape(nl.APP_NAME)}</{tag}>', width="stretch")
        if titles:
            with st.popover(label, icon=":material/menu_book:", width="content"):
                st.multiselect(
                    nl.APP_SOURCES_LABEL,
                    list(titles),
                    format_func=titles.__getitem__,
                    key="sources",
                    placeholder=nl.APP_SOURCES_ALL,
                )
        if started:
            st.button(nl.APP_NEW_CONVERSATION, icon=":material/add:", key="new", on_click=_new_conversation)
    return chosen


def _composer() -> str | None:
    """Draw the question field with the sectors above it; return the chosen sector."""
    sector = st.segmented_control(
        nl.APP_SECTOR,
        [nl.APP_ALL_SECTORS, *SECTORS],
        default=nl.APP_ALL_SECTORS,
        key="sector",
        label_visibility="collapsed",
    )
    st.chat_input(nl.APP_INPUT, key="typed", on_submit=_typed)
    st.html(f'<p class="small">{html.escape(nl.APP_INPUT_NOTE)}</p>')
    return sector if sector in SECTORS else None


def _typed() -> None:
    _queue(str(st.session_state["typed"] or ""))


def _welcome(library: Library, sources: tuple[Source, ...]) -> None:
    """Say what this is and offer questions; once they are known, only those that this library answers."""
    years = tuple(sorted({source.published[:4] for source in sources if source.published}))
    future = loading.loading_starters(library.generation())
    known = future.done() and future.exception() is None
    starters = future.result() if known else nl.APP_STARTERS[: loading.SHOWN_STARTERS]
    with st.container(key="welcome", gap="small"):
        st.title(nl.APP_HEADING, anchor=False)
        st.html(f'<p class="intro">{html.escape(nl.app_introduction(len(sources), years))}</p>')
        if starters:
            st.header(nl.APP_STARTERS_HEADING, anchor=False)
        columns = st.columns(2, gap="small")
        for index, (who, icon, question) in enumerate(starters):
            with columns[index % 2]:
                _starter(index, who, icon, question)
        if not future.done():
            _wait(future)


def _starter(index: int, who: str, icon: str, question: str) -> None:
    label = f"**{who}**  \n{question}"
    st.button(
        label, icon=f":material/{icon}:", key=f"starter-{index}", width="stretch", on_click=_queue, args=(question,)
    )


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def _wait(future: Future[tuple[loading.Starter, ...]]) -> None:
    """Say that the model is being read; look again now and then, and draw the page anew when all is there."""
    if future.done():
        st.rerun()
    st.html(f'<p class="small" role="status">{html.escape(nl.APP_LOADING)}</p>')


def _failed(error: BaseException) -> None:
    empty = isinstance(error, LibraryEmptyError)
    log.error("cannot answer questions", exc_info=error)
    st.header(nl.APP_EMPTY_HEADING if empty else nl.APP_NO_START_HEADING, anchor=False)
    st.text(nl.error_line(error) if isinstance(error, WelwijzerError) else nl.APP_UNEXPECTED_START)
    st.button(nl.APP_RETRY, icon=":material/refresh:", on_click=loading.retry)


def _answer(
    question: str, sector: str | None, sources: tuple[str, ...], future: Future[Assistant], library: Library
) -> None:
    """Show the question with a skeleton, ask, and keep the turn for the next run of the page."""
    turns: list[Shown] = st.session_state["turns"]
    thinking = nl.APP_THINKING if future.done() else nl.APP_LOADING_ASKED
    card = {"question": _heading(question), "thinking": thinking, "labels": nl.APP_CARD, "newest": True}
    browser.turn(f"turn-{len(turns)}", card, _queue)
    history = tuple(Turn(t.answer.question, t.answer.text, t.sector) for t in turns if t.answer)[-HISTORY_TURNS:]
    try:
        generation = library.generation()
        answer = future.result().ask(question, history, sector, sources)
        card = answer_card(answer, _documents(library, answer))
        shown = Shown(card, announcement(answer), answer, sector, generation)
    except WelwijzerError as error:
        log.warning("question not answered: %s", error)
        shown = _error(question, nl.error_line(error))
    except Exception:
        log.exception("question not answered")
        shown = _error(question, nl.APP_UNEXPECTED)
    turns.append(shown)
    st.session_state["asked"] = None


def _error(question: str, line: str) -> Shown:
    return Shown({"question": _heading(question), "error": line, "labels": nl.APP_CARD}, line)


def _heading(question: str) -> str:
    """Return the question as a heading until its answer is there: no hidden characters, no pages of pasted text."""
    return textwrap.shorten(plain(question), HEADING_CHARACTERS, placeholder="…")


def refreshed(turns: list[Shown], library: Library) -> list[Shown]:
    """Look again at the passages of earlier answers when the library has changed: their text may be gone."""
    generation = library.generation()
    for index, shown in enumerate(turns):
        if shown.answer is not None and shown.generation != generation:
            card = answer_card(shown.answer, _documents(library, shown.answer))
            turns[index] = replace(shown, card=card, generation=generation)
    return turns


def _documents(library: Library, answer: Answer) -> dict[str, Document]:
    documents = {}
    for source in cited_sources(answer):
        try:
            documents[source] = library.document(source)
        except UnknownSourceError:
            log.info("cited source %s is no longer in the library", source)
    return documents


def announcement(answer: Answer) -> str:
    """What a screen reader says when the answer arrives."""
    if answer.referral is not None or answer.outcome is Outcome.REFERRAL:
        return nl.APP_ANSWER_REFERRAL
    if answer.outcome is Outcome.REFUSED:
        return nl.APP_ANSWER_REFUSED
    if answer.outcome is Outcome.NO_EVIDENCE:
        return nl.APP_ANSWER_NONE
    count = len(answer.citations)
    return nl.APP_ANSWER_READY_ONE if count == 1 else nl.APP_ANSWER_READY.format(count=count)
