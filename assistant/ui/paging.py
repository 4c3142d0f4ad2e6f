"""The page of a PDF in a dialog above a conversation or a brief, when a reader asked to see it."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.errors import UnknownSourceError, WelwijzerError
from assistant.library import Library
from assistant.safety import plain
from assistant.types import Citation
from assistant.ui import access, browser, original
from assistant.ui.conversation import Shown

log = logging.getLogger(__name__)

_WANTED = "page_wanted"


def want(turn: str, passage: str) -> None:
    """Note that the page of this passage of a turn is to be shown; `passage` is its key on the card."""
    access.require(Action.ASK)
    st.session_state[_WANTED] = (turn, passage)


def show_wanted(turns: Mapping[str, Shown], library: Library) -> None:
    """Open the dialog where a page was asked for in this run."""
    turn, passage = st.session_state.pop(_WANTED, ("", ""))
    shown = turns.get(turn)
    if shown is not None and shown.answer is not None:
        _show({"c": shown.answer.citations, "n": shown.answer.nearest}, passage, library)


def show_cited(key: str, citations: tuple[Citation, ...], library: Library) -> None:
    """The same for a paper with citations of its own, by the name that `want` was given for it."""
    wanted, passage = st.session_state.get(_WANTED, ("", ""))
    if wanted == key:
        del st.session_state[_WANTED]
        _show({"c": citations}, passage, library)


@st.dialog(nl.APP_PAGE_IMAGE, width="medium")
def _dialog(library: Library, citation: Citation) -> None:
    label = citation.page_label or str(citation.page)
    try:
        browser.sheet(
            original.page_of(library, citation), nl.app_page_image(label, plain(citation.title)), citation.quote
        )
    except UnknownSourceError as error:
        log.info("page is gone: %s", error)
        st.text(nl.APP_SHEET["gone"])
    except WelwijzerError as error:
        log.error("page was not drawn", exc_info=error)
        st.text(nl.APP_SHEET["failed"])


def _show(citations: Mapping[str, tuple[Citation, ...]], passage: str, library: Library) -> None:
    """Open the page of the citation behind a passage's key: "c" or "n" with its number."""
    kind, number = passage[:1], passage[1:]
    for citation in citations.get(kind, ()):
        if str(citation.number) == number:
            _dialog(library, citation)
            return
