"""What an editor does with a publication that is there: other values, a new version, "vervangen door", back, and out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.errors import LibraryError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document, Source
from assistant.ui import access
from assistant.ui.labels import literal
from assistant.ui.library import adding, entry, intake, session
from assistant.ui.library.work import Job
from ingest import editing, pipeline
from ingest import intake as intake_
from ingest.manifest import is_date

TEXT = nl.LIBRARY
REMOVE, CHANGE = "remove", "change"
STEPS = ("store",)
_SURE = "library_sure"  # the id of the document about to be removed


def show(source: Source, sources: tuple[Source, ...]) -> None:
    """Draw all that can be done with one publication."""
    access.require(Action.MANAGE)
    with st.expander(TEXT["manage"], icon=":material/edit:", key="library-manage"):
        _entry(source)
        st.subheader(TEXT["new_version"], anchor=False)
        adding.bring(source.id)
        _successor(source, sources)
        st.subheader(TEXT["undo_heading"], anchor=False)
        st.button(TEXT["undo"], icon=":material/undo:", key="library-undo", on_click=_undo, args=(source.id,))
        _removal(source)


def withdrawn(library: Library) -> None:
    """Draw the publications of the corpus that were taken out, each with a way back."""
    gone = sorted(library.withdrawn())
    if not gone:
        return
    st.subheader(TEXT["withdrawn"], anchor=False)
    for source_id in gone:
        label = TEXT["restore"].format(id=literal(source_id))
        st.button(
            label, icon=":material/undo:", key=f"library-restore-{source_id}", on_click=_restore, args=(source_id,)
        )


def settled(done: Job[Any]) -> None:
    """Take what came of a change."""
    failure = done.failure()
    if failure is not None:
        session.say(failure, False)
        return
    line = done.result()
    if done.name == REMOVE:
        session.open_document(None)
    session.say(line, True)


def _entry(source: Source) -> None:
    key = f"library-edit-{source.id}-{session.serial()}"
    with st.form(key, border=False):
        entry.fields(source, key)
        st.form_submit_button(TEXT["save"], icon=":material/check:", on_click=_save, args=(source.id, key))


def _save(source_id: str, key: str) -> None:
    access.require(Action.MANAGE)
    filled = entry.entered(key)
    if filled.problem is not None:
        session.say(filled.problem, False)
        return

    def work(job: Job[Any], settings: Settings, library: Library) -> str:
        job.step = "store"
        before = library.generation()
        found = editing.edit(source_id, filled.values, settings, library, intake.encoder_for(settings))
        changed = library.generation() != before
        return TEXT["edited" if changed else "as_it_was"].format(title=found.source.title)

    session.start(CHANGE, work)


def _successor(source: Source, sources: tuple[Source, ...]) -> None:
    """Ask which other publication has taken this one's place, and since when."""
    st.subheader(TEXT["successor_heading"], anchor=False)
    titles = {other.id: other.title for other in sources if other.id != source.id}
    options = ["", *titles]
    held = source.superseded_by if source.superseded_by in titles else ""
    key = f"library-successor-{source.id}"
    with st.form(key, border=False):
        st.selectbox(
            TEXT["successor"],
            options,
            index=options.index(held),
            format_func=lambda name: titles.get(name, TEXT["no_successor"]),
            key=f"{key}-id",
        )
        st.text_input(TEXT["since"], source.superseded_on or "", key=f"{key}-on", max_chars=10)
        st.form_submit_button(TEXT["record"], icon=":material/check:", on_click=_supersede, args=(source.id, key))


def _supersede(source_id: str, key: str) -> None:
    access.require(Action.MANAGE)
    newer = str(st.session_state[f"{key}-id"]) or None
    on = str(st.session_state[f"{key}-on"]).strip() if newer else ""
    if on and not is_date(on):
        session.say(nl.INGEST_NO_DATE, False)
        return

    def work(job: Job[Any], settings: Settings, library: Library) -> str:
        job.step = "store"
        encoder = intake.encoder_for(settings)
        document = editing.supersede(source_id, newer, on or None, settings, library, encoder)
        if newer is None:
            return TEXT["not_superseded"].format(title=document.source.title)
        words = nl.superseded_by(library.document(newer).source.title, on or None)
        return TEXT["superseded"].format(title=document.source.title, words=words)

    session.start(CHANGE, work)


def _undo(source_id: str) -> None:
    def work(job: Job[Any], settings: Settings, library: Library) -> str:
        document = editing.undo(source_id, settings, library, intake.encoder_for(settings), job)
        return TEXT["undone"].format(title=document.source.title)

    session.start(CHANGE, work)


def _removal(source: Source) -> None:
    """Ask twice before a publication goes."""
    st.subheader(TEXT["remove_heading"], anchor=False)
    if st.session_state.get(_SURE) != source.id:
        st.button(TEXT["remove"], icon=":material/delete:", key="library-remove", on_click=_ask, args=(source.id,))
        return
    st.text(TEXT["sure"].format(title=source.title))
    with st.container(horizontal=True, gap="small"):
        st.button(TEXT["remove_now"], type="primary", key="library-remove-now", on_click=_remove, args=(source.id,))
        st.button(TEXT["cancel"], key="library-remove-not", on_click=_ask, args=(None,))


def _ask(source_id: str | None) -> None:
    access.require(Action.MANAGE)
    st.session_state[_SURE] = source_id


def _remove(source_id: str) -> None:
    access.require(Action.MANAGE)
    if st.session_state.get(_SURE) != source_id:
        return
    st.session_state[_SURE] = None

    def work(job: Job[Any], settings: Settings, library: Library) -> str:
        job.step = "store"
        title = _title(library, source_id)
        pipeline.remove(source_id, settings, library)
        back = source_id in library.withdrawn()
        return TEXT["withdrawn_now" if back else "removed"].format(title=title)

    session.start(REMOVE, work)


def _restore(source_id: str) -> None:
    def work(job: Job[Any], settings: Settings, library: Library) -> str:
        encoder = intake.encoder_for(settings)
        document: Document = intake_.add(source_id, intake_.Fields(), settings, library, encoder, job)
        return TEXT["taken_in"].format(title=document.source.title)

    session.start(CHANGE, work)


def _title(library: Library, source_id: str) -> str:
    try:
        return library.document(source_id).source.title
    except LibraryError:
        return source_id
