"""The page of a PDF in a dialog above the conversation, when a reader asked to see it."""

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
    citation = _citation(turns.get(turn), passage)
    if citation is not None:
        _dialog(library, citation)


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


def _citation(shown: Shown | None, passage: str) -> Citation | None:
    """The citation behind a passage's key: "c" or "n" with its number."""
    if shown is None or shown.answer is None:
        return None
    kind, number = passage[:1], passage[1:]
    citations = {"c": shown.answer.citations, "n": shown.answer.nearest}.get(kind, ())
    return next((citation for citation in citations if str(citation.number) == number), None)
