"""Adding a publication: drop it, see how far it is, look at what was read, confirm its entry, take it in."""

from __future__ import annotations

import html
from typing import Any

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.errors import WelwijzerError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document
from assistant.ui import access
from assistant.ui.labels import literal
from assistant.ui.library import components, entry, intake, session
from assistant.ui.library.intake import Brought, Prepared
from assistant.ui.library.pictures import page_picture
from assistant.ui.library.text import Piece, data, preview
from assistant.ui.library.work import Job
from ingest import shelf
from ingest.read import MAX_BYTES

TEXT = nl.LIBRARY
PREPARE, TAKE_IN = "prepare", "take_in"
STEPS = {PREPARE: ("fetch", "read", "compare"), TAKE_IN: ("cut", "embed", "store")}
SUFFIXES = ("pdf", "docx", "docm", "html", "htm", "txt", "md")
_PART = 60  # paragraphs that are shown at once of a document without pages
_APART = ""  # the choice to take a document in as a new one


def show() -> None:
    """Draw the step at which the editor is."""
    access.require(Action.MANAGE)
    st.button(
        TEXT["back"], icon=":material/arrow_back:", key="library-back", on_click=session.set_adding, args=(False,)
    )
    st.title(TEXT["add_heading"], anchor=False)
    session.said()
    waiting = session.prepared()
    if session.job() is not None:
        session.watch(STEPS.get(session.job().name, STEPS[PREPARE]))  # type: ignore[union-attr]
    elif waiting is None:
        bring(None)
    else:
        _confirm(waiting)


def bring(replaces: str | None) -> None:
    """Draw where a file is dropped or an address is typed; `replaces`: the publication of which it is the new version."""
    serial = session.serial()
    key = f"library-file-{replaces or 'new'}-{serial}"
    size = MAX_BYTES // (1024 * 1024)
    st.file_uploader(
        TEXT["file"].format(size=size),
        type=list(SUFFIXES),
        key=key,
        max_upload_size=size,
        on_change=_file,
        args=(key, replaces),
    )
    with st.form(f"library-address-{replaces or 'new'}-{serial}", border=False):
        name = f"library-url-{replaces or 'new'}-{serial}"
        st.text_input(TEXT["address"], key=name, placeholder="https://", max_chars=entry.MAX_VALUE)
        st.form_submit_button(TEXT["fetch"], icon=":material/language:", on_click=_address, args=(name, replaces))


def settled(done: Job[Any]) -> None:
    """Take what came of reading or taking in."""
    failure = done.failure()
    if failure is not None:
        session.say(failure, False)
    elif done.name == PREPARE:
        session.keep(done.result())
    else:
        document: Document = done.result()
        session.keep(None)
        session.open_document(document.source.id)
        session.say(TEXT["taken_in"].format(title=document.source.title), True)


def _file(key: str, replaces: str | None) -> None:
    access.require(Action.MANAGE)
    uploaded = st.session_state.get(key)
    if uploaded is None:
        return
    try:
        found = intake.brought(uploaded.getvalue(), uploaded.name)
    except WelwijzerError as error:
        session.say(nl.error_line(error), False)
        return
    _read(lambda _: found, replaces)


def _address(key: str, replaces: str | None) -> None:
    access.require(Action.MANAGE)
    url = str(st.session_state.get(key, "")).strip()
    if not url:
        session.say(TEXT["no_address"], False)
        return

    def fetched(job: Job[Any]) -> Brought:
        job.step = "fetch"
        return intake.fetched(url)

    _read(fetched, replaces)


def _read(get: Any, replaces: str | None) -> None:  # noqa: ANN401 - a function of the job
    def work(job: Job[Any], settings: Settings, library: Library) -> Prepared:
        found = get(job)

        def tell(step: str) -> None:
            job.step = step

        return intake.prepare(found, settings, library, tell, replaces)

    session.start(PREPARE, work)
    st.session_state["library_adding"] = True


def _confirm(waiting: Prepared) -> None:
    """Draw what was read beside its pages, the entry, and the last question."""
    st.html(f'<p class="intro">{html.escape(TEXT["look"])}</p>')
    for warning in waiting.reading.warnings:
        st.html(
            f'<p class="said warn"><strong>{html.escape(TEXT["warning"])}</strong> <bdi>{html.escape(warning)}</bdi></p>'
        )
    _preview(waiting)
    st.header(TEXT["entry_heading"], anchor=False)
    key = f"library-entry-{session.serial()}"
    with st.container(key="library-entry", gap="small"):
        entry.fields(waiting.source, key)
        _version(waiting)
        with st.container(horizontal=True, gap="small"):
            st.button(
                TEXT["take_in"],
                type="primary",
                icon=":material/check:",
                key="library-take",
                on_click=_take_in,
                args=(key,),
            )
            st.button(TEXT["leave"], key="library-leave", on_click=session.keep, args=(None,))


def _version(waiting: Prepared) -> None:
    """Ask whether the document is a new version of one that it resembles."""
    if waiting.replaces is not None or not waiting.near:
        return
    for near in waiting.near:
        line = nl.INGEST_NEAR[near.why].format(
            title=near.source.title, id=near.source.id, share=round(100 * near.contained)
        )
        st.html(
            f'<p class="said warn"><strong>{html.escape(TEXT["warning"])}</strong> <bdi>{html.escape(line)}</bdi></p>'
        )
    titles = {near.source.id: near.source.title for near in waiting.near}

    def name(choice: str) -> str:
        return TEXT["apart"] if choice == _APART else TEXT["in_place_of"].format(title=literal(titles[choice]))

    st.radio(
        TEXT["version"], [*titles, _APART], index=None, format_func=name, key=f"library-version-{session.serial()}"
    )


def _take_in(key: str) -> None:
    access.require(Action.MANAGE)
    waiting = session.prepared()
    if waiting is None:
        return
    filled = entry.entered(key)
    choice = st.session_state.get(f"library-version-{session.serial()}")
    problem = filled.problem
    if waiting.near and waiting.replaces is None and choice is None:
        problem = problem or TEXT["no_version"]
    if problem is not None:
        session.say(problem, False)
        return
    source = intake.with_values(waiting.source, filled.values)
    replaces = waiting.replaces or choice or None

    def work(job: Job[Any], settings: Settings, library: Library) -> Document:
        job.step = "cut"
        return intake.take_in(waiting, source, replaces, settings, library, intake.encoder_for(settings), job)

    session.start(TAKE_IN, work)


def _preview(waiting: Prepared) -> None:
    """One page of the document as it was read, beside its picture; a document without pages in parts."""
    parts = preview(waiting.reading)
    shown, count = portion(parts, len(waiting.reading.page_labels), session.page())
    page = min(max(1, session.page()), count)
    image: dict[str, Any] | None = None
    if count > 1 or waiting.paged:
        name = TEXT["page_of" if waiting.reading.page_labels else "part_of"].format(page=page, count=count)
        picture = ""
        if waiting.paged:
            picture = page_picture(shelf.sha256(waiting.brought.data), page, waiting.brought.data)
        problem = TEXT["no_picture"] if waiting.paged and not picture else ""
        image = {"page": page, "count": count, "name": name, "src": picture, "alt": TEXT["picture"].format(name=name)}
        image |= {"problem": problem, "closes": False}
    components.reader(
        f"preview-{session.serial()}",
        {
            "document": f"preview-{session.serial()}",
            "labels": nl.LIBRARY_READER,
            "parts": data(shown),
            "contents": [],
            "image": image,
            "pictures": False,
            "searchable": False,
        },
        session.show_page,
    )


def portion(parts: tuple[Piece, ...], pages: int, page: int) -> tuple[tuple[Piece, ...], int]:
    """The parts of page `page`, and how many pages there are; without pages (0), so many paragraphs each."""
    if pages:
        page = min(max(1, page), pages)
        return tuple(part for part in parts if part.page is not None and part.page["number"] == page), pages
    count = max(1, -(-len(parts) // _PART))
    page = min(max(1, page), count)
    return parts[(page - 1) * _PART : page * _PART], count
