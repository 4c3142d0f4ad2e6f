"""The page "Adviesgesprek voorbereiden": a short form beside the brief as it will look on paper."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.brief import brief_for
from assistant.brief_records import Brief, shown
from assistant.brief_themes import Theme, pillars
from assistant.errors import LibraryEmptyError, UnknownSourceError, WelwijzerError
from assistant.export import brief_paper
from assistant.export_docx import docx
from assistant.export_markdown import markdown
from assistant.library import Library
from assistant.types import SECTORS, Document
from assistant.ui import access, browser, loading, paging
from assistant.ui.brief import connecting
from assistant.ui.brief.changes import Draft, changed
from assistant.ui.brief.paper import paper
from assistant.ui.brief.sheet import sheet
from assistant.ui.labels import literal

if TYPE_CHECKING:
    from assistant.answer import Assistant

log = logging.getLogger(__name__)

TEXT = nl.BRIEF_PAGE
MAX_SITUATION = 1_500  # characters; the assistant reads a question of 4,000
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_STYLE = Path(__file__).parent / "web" / "work.css"
_PROBLEM = "brief_problem"  # why the last one was not made
_DRAFT = "brief_draft"  # what this session made; widgets of their own are forgotten when they are not drawn


def render() -> None:
    """Draw the page. The brief and every change to it stay in this session's state; the assistant is shared, and only read."""
    access.require(Action.BRIEF)
    st.html(_STYLE)
    st.title(TEXT["title"], anchor=False)
    st.html(f'<p class="intro">{html.escape(TEXT["intro"])}</p>')
    try:
        library = loading.open_library()
        if not library.sources():
            raise LibraryEmptyError("no sources")
        themes = _themes(library.generation())
    except WelwijzerError as error:
        _failed(error)
        return
    left, right = st.columns([5, 12], gap="large")
    with left, st.container(key="brief-form", gap="small"):
        wanted = _form(themes)
    with right:
        _result(wanted, library)


@st.cache_resource(max_entries=1, show_spinner=False)
def _themes(generation: int) -> tuple[Theme, ...]:
    """The pillars with their principles as the library of this generation names them."""
    log.debug("reading the pillars of generation %d", generation)
    library = loading.open_library()
    return pillars({source.id: library.document(source.id) for source in library.sources()})


def _form(themes: tuple[Theme, ...]) -> bool:
    """Draw the form; True when the brief is asked for in this run."""
    st.header(TEXT["form"], anchor=False)
    st.segmented_control(TEXT["sector"], SECTORS, key="brief-sector", persist_state="session")
    st.html(f'<h3 class="label" id="brief-themes">{html.escape(TEXT["themes"])}</h3>')
    st.html(f'<p class="small">{html.escape(TEXT["themes_note"])}</p>')
    for number, theme in enumerate(themes):
        if st.checkbox(literal(theme.name), key=f"brief-theme-{number}", persist_state="session"):
            with st.container(key=f"brief-principles-{number}", gap="small"):
                st.html(f'<p class="small">{html.escape(TEXT["principles"])}</p>')
                for place, principle in enumerate(theme.principles):
                    key = f"brief-theme-{number}-{place}"
                    st.checkbox(literal(principle.name), key=key, persist_state="session")
    st.text_input(TEXT["own_theme"], key="brief-own-theme", max_chars=200, persist_state="session")
    st.text_area(
        TEXT["context"],
        key=_situation_key(),
        height=140,
        max_chars=MAX_SITUATION,
        placeholder=TEXT["context_hint"],
        persist_state="session",
    )
    st.html(f'<p class="small">{html.escape(TEXT["context_note"])}</p>')
    connecting.choice()
    made = _draft() is not None
    asked = st.button(
        TEXT["make_again" if made else "make"], type="primary", icon=":material/edit_note:", key="brief-make"
    )
    if made:
        st.html(f'<p class="small">{html.escape(TEXT["replaces"])}</p>')
    return asked


def _situation_key() -> str:
    """The field of the situation; a new one after each brief, in which pupils' data are masked."""
    return f"brief-situation-{st.session_state.get('brief_made', 0)}"


def _chosen(themes: tuple[Theme, ...]) -> list[str]:
    """Names of the pillars and principles that are ticked, then the adviser's own theme."""
    state = st.session_state
    names: list[str] = []
    for number, theme in enumerate(themes):
        if state.get(f"brief-theme-{number}"):
            ticked = [p.name for n, p in enumerate(theme.principles) if state.get(f"brief-theme-{number}-{n}")]
            names += ticked or [theme.name]
    own = str(state.get("brief-own-theme") or "").strip()
    return [*names, own] if own else names


def _result(wanted: bool, library: Library) -> None:
    """Draw what stands on the right: the brief that is there, the one that is being made, or what will come."""
    if wanted:
        access.require(Action.BRIEF)
        if not st.session_state.get("brief-sector"):
            st.warning(TEXT["no_sector"])
        elif connecting.wanted():
            connecting.begin(partial(_brief, _wish(library), access.user()))
        elif _made(library):
            st.rerun()
    if connecting.busy():
        connecting.watch(_settled)
        return
    if said := st.session_state.pop(_PROBLEM, None):
        st.warning(literal(said))
    draft = _draft()
    if draft is None:
        st.html(
            f'<div class="blank"><h2>{html.escape(TEXT["empty_heading"])}</h2><p>{html.escape(TEXT["empty"])}</p></div>'
        )
        return
    lines = sum(len(section.lines) for section in draft.brief.sections)
    made = st.session_state["brief_made"]
    browser.announce(TEXT["ready"].format(lines=lines), made)
    _downloads(draft.brief)
    shown_brief = sheet(draft.brief, _documents(draft.brief, library), bool(draft.before))
    paper("brief-paper", shown_brief | {"made": made}, _act)
    paging.show_cited(_DRAFT, shown(draft.brief).citations, library)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the form asks for."""

    sector: str
    themes: tuple[str, ...]
    situation: str


def _wish(library: Library) -> _Wish:
    situation = str(st.session_state.get(_situation_key()) or "")
    themes = _themes(library.generation())
    return _Wish(st.session_state["brief-sector"], tuple(_chosen(themes)), situation)


def _brief(wish: _Wish, user: str, assistant: Assistant, cancelled: Event | None = None) -> Brief:
    return brief_for(assistant, wish.sector, wish.themes, wish.situation, user, cancelled)


def _made(library: Library) -> bool:
    """Make the brief in place of the earlier one; where it can't be made, say why and leave the earlier one."""
    assistant = loading.loading_assistant()
    words = TEXT["thinking"] if assistant.done() else TEXT["loading"]
    waiting = st.empty()
    waiting.html(
        f'<div class="blank" role="status"><p>{html.escape(words)}</p><span class="bar"></span><span class="bar"></span></div>'
    )
    wish = _wish(library)
    _settled(lambda: _brief(wish, "", assistant.result().extractive))
    waiting.empty()
    return _PROBLEM not in st.session_state


def _settled(get: Callable[[], Brief]) -> None:
    """Take the brief that was made; where it could not be, keep why for the page."""
    try:
        brief = get()
    except WelwijzerError as error:
        log.warning("brief not made: %s", error)
        st.session_state[_PROBLEM] = nl.error_line(error)
        return
    except Exception:
        log.exception("brief not made")
        st.session_state[_PROBLEM] = TEXT["failed"]
        return
    st.session_state[_DRAFT] = Draft(brief)
    st.session_state["brief_made"] = st.session_state.get("brief_made", 0) + 1
    st.session_state[_situation_key()] = brief.context


def _draft() -> Draft | None:
    draft = st.session_state.get(_DRAFT)
    return draft if isinstance(draft, Draft) else None


def _act(what: str, line: str, text: str) -> None:
    """Do to the brief what was chosen on the paper; what can't be done leaves it as it is. "page": show that of a passage."""
    access.require(Action.BRIEF)
    if what == "page":
        paging.want(_DRAFT, line)
        return
    draft = _draft()
    if draft is not None:
        st.session_state[_DRAFT] = changed(draft, what, line, text)


def _downloads(brief: Brief) -> None:
    """Draw the two ways to take the brief along; the files are written when they are asked for."""
    name = TEXT["file"].format(sector=brief.sector)

    def word() -> bytes:
        return docx(brief_paper(brief, date.today()))

    def text() -> bytes:
        return markdown(brief_paper(brief, date.today())).encode()

    with st.container(key="brief-downloads", horizontal=True, gap="small"):
        for label, data, ending, kind, icon in (
            (TEXT["word"], word, "docx", WORD_TYPE, "description"),
            (TEXT["markdown"], text, "md", "text/markdown", "notes"),
        ):
            file = f"{name}.{ending}"
            st.download_button(
                label, data, file, kind, key=f"brief-{ending}", icon=f":material/{icon}:", on_click="ignore"
            )


def _documents(brief: Brief, library: Library) -> Mapping[str, Document]:
    """The cited sources that are still in the library, by id."""
    found = {}
    for source in dict.fromkeys(citation.source for citation in shown(brief).citations):
        try:
            found[source] = library.document(source)
        except UnknownSourceError:
            log.info("cited source %s is no longer in the library", source)
    return found


def _failed(error: WelwijzerError) -> None:
    log.error("cannot make briefs", exc_info=error)
    empty = isinstance(error, LibraryEmptyError)
    st.header(nl.APP_EMPTY_HEADING if empty else TEXT["failed_heading"], anchor=False)
    st.text(nl.error_line(error))
    st.button(nl.APP_RETRY, icon=":material/refresh:", on_click=loading.retry)
