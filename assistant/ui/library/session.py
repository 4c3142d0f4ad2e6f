"""What one visitor's session keeps of the page: work on its way, a document that waits, and what was said last."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.library import Library
from assistant.settings import Settings
from assistant.ui import access
from assistant.ui.library.intake import Prepared
from assistant.ui.library.work import Job

TEXT = nl.LIBRARY
DOCUMENT = "document"  # in the address: the publication that is read
LOOK_AGAIN_SECONDS = 2.0  # each look makes Streamlit collect all garbage, which holds the work up
_JOB, _PREPARED, _SAID, _ADDING, _SERIAL, _PAGE = (
    f"library_{name}" for name in ("job", "prepared", "said", "adding", "serial", "page")
)


def job() -> Job[Any] | None:
    """The work on its way."""
    return st.session_state.get(_JOB)


def start(name: str, work: Callable[[Job[Any], Settings, Library], Any]) -> None:
    """Begin an editor's work, with a library of its own; only for who may, and one at a time in a session."""
    access.require(Action.MANAGE)
    if job() is not None:
        return
    settings = Settings.from_env()

    def on_library(watched: Job[Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        library = Library.open(settings.library_path)
        try:
            return work(watched, settings, library)
        finally:
            library.close()

    st.session_state[_SAID] = None
    st.session_state[_JOB] = Job(name, on_library)


def finished() -> Job[Any] | None:
    """The work that has ended since the page was drawn, taken out of the session."""
    watched = job()
    if watched is None or not watched.done:
        return None
    st.session_state[_JOB] = None
    return watched


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def watch(steps: tuple[str, ...]) -> None:
    """Show how far the work is, and draw the page anew when it has ended. `steps`: keys of `LIBRARY_STEPS`, in order."""
    watched = job()
    if watched is None or watched.done:
        st.rerun()
    at = steps.index(watched.step) if watched.step in steps else 0
    lines = []
    for number, step in enumerate(steps):
        state = "done" if number < at else "now" if number == at else "later"
        name, said = html.escape(nl.LIBRARY_STEPS[step]), html.escape(nl.LIBRARY_STEP_STATES[state])
        lines.append(f'<li class="{state}"><span>{name}</span> <span class="state">{said}</span></li>')
    st.html(f'<ol class="steps" role="status">{"".join(lines)}</ol>')
    if watched.share is not None and watched.step == "embed":
        st.progress(watched.share, TEXT["embedded"].format(done=watched.embedded, count=watched.to_embed))


def prepared() -> Prepared | None:
    """The document that was read and waits for the editor."""
    return st.session_state.get(_PREPARED)


def keep(document: Prepared | None) -> None:
    """Let a document wait for the editor, or none any more."""
    st.session_state[_PREPARED] = document
    st.session_state[_SERIAL] = serial() + 1
    show_page(1)


def serial() -> int:
    """A number that changes with every document brought: widgets with it in their key begin empty."""
    return int(st.session_state.setdefault(_SERIAL, 0))


def adding() -> bool:
    """Whether the page is at adding."""
    return bool(st.session_state.get(_ADDING))


def set_adding(on: bool) -> None:
    """Go to adding, or back."""
    access.require(Action.MANAGE)
    st.session_state[_ADDING] = on
    st.session_state[_SAID] = None
    keep(None)


def page() -> int:
    """The page that stands beside the text, 0 for none."""
    return int(st.session_state.get(_PAGE, 0))


def show_page(number: int) -> None:
    """Put another page beside the text."""
    st.session_state[_PAGE] = number


def open_document(source_id: str | None) -> None:
    """Go to a publication, or back to the list."""
    st.session_state[_SAID] = None
    st.session_state[_ADDING] = False
    show_page(0)
    if source_id is None:
        st.query_params.clear()
    else:
        st.query_params[DOCUMENT] = source_id


def say(line: str, good: bool) -> None:
    """Keep one line for the top of the page: what was done, or why not."""
    st.session_state[_SAID] = (line, good)


def said() -> None:
    """Draw what was said last."""
    found = st.session_state.get(_SAID)
    if found is not None:
        line, good = found
        kind, name = ("good", TEXT["done"]) if good else ("bad", TEXT["failed"])
        st.html(
            f'<p class="said {kind}" role="{"status" if good else "alert"}">'
            f"<strong>{html.escape(name)}</strong> <bdi>{html.escape(line)}</bdi></p>"
        )
