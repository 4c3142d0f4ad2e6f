"""Questions that a chat model proposes for a section of a publication: an editor sees each, and keeps some or none."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.errors import IngestError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document
from assistant.ui import access, loading
from assistant.ui.labels import literal
from assistant.ui.library import intake, session
from assistant.ui.library.work import Job
from ingest import proposing
from ingest.proposing import Proposal

TEXT = nl.PROPOSING
PROPOSE, KEEP = "propose_questions", "keep_questions"
STEPS = {PROPOSE: ("propose",), KEEP: ("embed", "store")}
_FOUND = "library_proposals"


@dataclass(frozen=True, slots=True)
class Found:
    """What was proposed for a publication and waits for the editor."""

    source: str
    proposals: tuple[Proposal, ...]


def show(document: Document) -> None:
    """Draw the way to have questions proposed, or those that wait for the editor; nothing without a chat model."""
    access.require(Action.MANAGE)
    place = loading.chat_place()
    if place is None:
        return
    found: Found | None = st.session_state.get(_FOUND)
    waiting = found is not None and found.source == document.source.id
    with st.expander(TEXT["heading"], icon=":material/contact_support:", key="library-propose", expanded=waiting):
        if waiting and found is not None:
            _confirm(found)
        else:
            _ask(document, place[1] or place[0])


def settled(done: Job[Any]) -> None:
    """Take what came of it."""
    failure = done.failure()
    if failure is not None:
        session.say(failure, False)
    elif done.name == KEEP:
        session.say(done.result(), True)
    else:
        found: Found = done.result()
        st.session_state[_FOUND] = found if found.proposals else None
        if not found.proposals:
            session.say(nl.PROPOSED_NONE, False)


def _ask(document: Document, place: str) -> None:
    st.text(TEXT["intro"])
    paths = proposing.sections(document)
    names = [" > ".join(path) or TEXT["whole"] for path in paths]
    at = st.selectbox(TEXT["section"], range(len(paths)), format_func=names.__getitem__, key="library-propose-section")
    st.html(f'<p class="small">{html.escape(TEXT["place"].format(place=place))}</p>')
    if at is not None:
        st.button(
            TEXT["propose"],
            icon=":material/contact_support:",
            key="library-propose-start",
            on_click=_start,
            args=(document.source.id, paths[at]),
        )


def _start(source_id: str, section: tuple[str, ...]) -> None:
    user = access.user()
    opened = loading.loading_assistant()

    def work(job: Job[Any], settings: Settings, library: Library) -> Found:
        job.step = "propose"
        assistant = opened.result()
        if assistant.writer is None:
            raise IngestError("no chat model", why="no_chat_model")
        document = library.document(source_id)
        found = proposing.proposals(document, section, assistant.writer, assistant.retriever, user)
        return Found(source_id, found)

    session.start(PROPOSE, work)


def _confirm(found: Found) -> None:
    """Draw the proposals, none ticked: each is to be read."""
    key = f"library-questions-{session.serial()}"
    with st.form(key, border=False):
        st.text(TEXT["found"])
        for number, one in enumerate(found.proposals):
            st.checkbox(literal(one.text), key=f"{key}-{number}")
            st.html(f'<p class="small"><bdi>{html.escape(TEXT["answers"].format(sentence=one.sentence))}</bdi></p>')
        st.form_submit_button(TEXT["keep"], icon=":material/check:", on_click=_keep, args=(key,))
    st.button(TEXT["none"], icon=":material/close:", key="library-questions-none", on_click=_drop)


def _keep(key: str) -> None:
    access.require(Action.MANAGE)
    found: Found | None = st.session_state.get(_FOUND)
    if found is None:
        return
    chosen = [one for n, one in enumerate(found.proposals) if st.session_state.get(f"{key}-{n}")]
    if not chosen:
        _drop()
        return
    st.session_state[_FOUND] = None

    def work(job: Job[Any], settings: Settings, library: Library) -> str:
        job.step = "embed"
        encoder = intake.encoder_for(settings)
        document = proposing.confirm(found.source, chosen, settings, library, encoder)
        return nl.questions_stored(len(chosen), document.source.title)

    session.start(KEEP, work)


def _drop() -> None:
    access.require(Action.MANAGE)
    st.session_state[_FOUND] = None
    session.say(TEXT["dropped"], True)
