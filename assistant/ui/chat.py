"""The page "Vraag": ask a question, read the answer, open the passages it stands on."""

from __future__ import annotations

import html
import logging
from concurrent.futures import Future
from functools import partial

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.errors import LibraryEmptyError, WelwijzerError
from assistant.library import Library
from assistant.sources import is_manual
from assistant.types import SECTORS, Source
from assistant.ui import access, browser, judging, keeping, loading, paging, wording
from assistant.ui.browser import Hooks, Said, Step
from assistant.ui.card import QUESTION_PARAMETER
from assistant.ui.conversation import Asked, Shown, answered, refreshed, thinking_card

log = logging.getLogger(__name__)

SECTOR_PARAMETER = "sector"
SOURCE_PARAMETER = "bron"
LOOK_AGAIN_SECONDS = 3.0  # each look costs the loading thread a collection of all garbage


def render() -> None:
    """Draw the page. All that is said stays in this session's state; the assistant is shared and only read."""
    access.require(Action.ASK)
    turns: dict[str, Shown] = st.session_state.setdefault("turns", {})
    try:
        library = loading.open_library()
        judging.store()
        sources = library.sources()
        if not sources:
            raise LibraryEmptyError("no sources")
    except WelwijzerError as error:
        _failed(error)
        return
    asked = _waiting(turns, sources)
    wording.settle(turns, asked, library)
    browser.announce("" if asked or not turns else list(turns.values())[-1].announce, len(turns))
    top = (
        st.empty()
    )  # always there: with a place more above it, the question field would be made anew and lose the focus
    if turns or asked:
        with top.container():
            _head(turns, sources)
    body = st.container(key="conversation", gap="medium")
    with st.container(key="composer", gap="small"):
        _composer(sources)
    with body:
        _conversation(turns, asked, library, sources)
    paging.show_wanted(turns, library)


def _conversation(turns: dict[str, Shown], asked: Asked | None, library: Library, sources: tuple[Source, ...]) -> None:
    """Draw what was said so far, and answer what is waiting for an answer."""
    assistant = loading.loading_assistant()
    failure = assistant.exception() if assistant.done() else None
    if failure is not None:
        _failed(failure)
        return
    if not turns and asked is None:
        _welcome(library, sources)
    generation = library.generation()
    for number, id in enumerate(list(turns), start=1):
        turns[id] = refreshed(turns[id], library, generation)
        step = Step.NEWEST if asked is None and number == len(turns) else Step.EARLIER
        browser.turn(f"turn-{id}", turns[id].card, step, _hooks(id), judging.given(id))
    if asked is not None and asked.fluent:
        wording.show(asked, turns, library, _hooks(asked.id))
    elif asked is not None:
        browser.turn(f"turn-{asked.id}", thinking_card(asked, assistant.done()), Step.THINKING, _hooks(asked.id))
        # Streamlit may begin a next run, which asks again, before this one has its answer: the first one counts.
        turns.setdefault(asked.id, answered(asked, list(turns.values()), assistant, library))
        st.rerun()


def _hooks(id: str) -> Hooks:
    return Hooks(_ask, partial(paging.want, id), partial(_judge, id), _stop)


def _stop() -> None:
    access.require(Action.ASK)
    wording.stop()


def _judge(id: str, said: Said) -> None:
    shown: Shown | None = st.session_state["turns"].get(id)
    if shown is not None and shown.answer is not None:
        judging.judge(id, shown.answer, shown.sector, said)


def _waiting(turns: dict[str, Shown], sources: tuple[Source, ...]) -> Asked | None:
    """Return the question that has no answer yet: typed, picked, or brought along in the address by a link."""
    if "asked" not in st.session_state:
        st.session_state["asked"] = None
        _from_address(sources)
    asked: Asked | None = st.session_state["asked"]
    return asked if asked is not None and asked.id not in turns else None


def _from_address(sources: tuple[Source, ...]) -> None:
    """Take over the question of a link, and the sector and publications that it names and that there are."""
    sector = st.query_params.get(SECTOR_PARAMETER, "")
    if sector in SECTORS:
        st.session_state["sector"] = sector
    known = {source.id for source in sources}
    wanted = [id for id in st.query_params.get_all(SOURCE_PARAMETER) if id in known]
    if wanted:
        st.session_state["sources"] = wanted
    _ask(st.query_params.get(QUESTION_PARAMETER, ""))


def _ask(question: str) -> None:
    """Put a question in line, with the sector and the publications that are chosen at this moment."""
    access.require(Action.ASK)
    sector = st.session_state.get("sector")
    if question.strip():
        sources = tuple(st.session_state.get("sources", ()))
        narrowed = sector if sector in SECTORS else None
        st.session_state["asked"] = Asked(question.strip(), narrowed, sources, wording.fluent())


def _new_conversation() -> None:
    st.session_state["turns"] = {}
    st.session_state["asked"] = None
    wording.forget()
    judging.forget()
    st.query_params.clear()


def _head(turns: dict[str, Shown], sources: tuple[Source, ...]) -> None:
    """Draw what stands above a conversation: who answers and from what, keeping it, and the way to a new one."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        provenance = html.escape(nl.app_provenance(*_counted(sources), wording.fluent()))
        title = f'<h1 class="talk">{html.escape(nl.APP_CONVERSATION)}</h1><p class="small">{provenance}</p>'
        st.html(title, width="stretch")
        keeping.offer([shown.answer for shown in turns.values() if shown.answer])
        st.button(nl.APP_NEW_CONVERSATION, icon=":material/add:", key="new", on_click=_new_conversation)


def _composer(sources: tuple[Source, ...]) -> None:
    """Draw the question field, with the sectors and the publications to search above it."""
    with st.container(key="filters", horizontal=True, vertical_alignment="center", gap="small"):
        default = None if "sector" in st.session_state else nl.APP_ALL_SECTORS
        st.segmented_control(
            nl.APP_SECTOR,
            [nl.APP_ALL_SECTORS, *SECTORS],
            default=default,
            key="sector",
            label_visibility="collapsed",
            width="content",
        )
        _publications(sources)
        wording.choice()
    st.chat_input(nl.APP_INPUT, key="typed", on_submit=_typed)
    wording.note()


def _publications(sources: tuple[Source, ...]) -> None:
    titles = {source.id: source.title for source in sources}
    chosen = [source for source in st.session_state.get("sources", ()) if source in titles]
    st.session_state["sources"] = chosen
    label = nl.APP_SOURCES_CHOSEN.format(count=len(chosen)) if chosen else nl.APP_SOURCES
    with st.popover(label, icon=":material/menu_book:", width="content"):
        st.multiselect(
            nl.APP_SOURCES_LABEL,
            list(titles),
            format_func=titles.__getitem__,
            key="sources",
            placeholder=nl.APP_SOURCES_ALL,
        )


def _typed() -> None:
    _ask(str(st.session_state["typed"] or ""))


def _counted(sources: tuple[Source, ...]) -> tuple[int, tuple[str, ...]]:
    """How many publications there are, and from which years; the program's own manual is none."""
    publications = [source for source in sources if not is_manual(source)]
    return len(publications), tuple(sorted({source.published[:4] for source in publications if source.published}))


def _welcome(library: Library, sources: tuple[Source, ...]) -> None:
    """Say what this is and offer questions; once they are known, only those that this library answers."""
    future = loading.loading_starters(library.generation())
    known = future.done() and future.exception() is None
    starters = future.result() if known else nl.APP_STARTERS[: loading.SHOWN_STARTERS]
    with st.container(key="welcome", gap="small"):
        st.title(nl.APP_HEADING, anchor=False)
        st.html(f'<p class="intro">{html.escape(nl.app_introduction(*_counted(sources), wording.fluent()))}</p>')
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
        label, icon=f":material/{icon}:", key=f"starter-{index}", width="stretch", on_click=_ask, args=(question,)
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
    st.title(nl.APP_EMPTY_HEADING if empty else nl.APP_NO_START_HEADING, anchor=False)
    st.text(nl.error_line(error) if isinstance(error, WelwijzerError) else nl.APP_UNEXPECTED_START)
    st.button(nl.APP_RETRY, icon=":material/refresh:", on_click=loading.retry)
