"""The page "Bronnen": all publications, each to read and to search, and for editors to add, change and take out."""

from __future__ import annotations

import html
import logging
from typing import Any

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.errors import UnknownSourceError, WelwijzerError
from assistant.export import web_address
from assistant.library import Library
from assistant.safety import plain
from assistant.types import Document, Source
from assistant.ui import access, loading
from assistant.ui.library import adding, components, listing, managing, proposing, session
from assistant.ui.library.pictures import original, page_picture
from assistant.ui.library.text import contents, data, pieces
from assistant.ui.library.work import Job

log = logging.getLogger(__name__)

TEXT = nl.LIBRARY


def render() -> None:
    """Draw the list, the publication that the address names, or adding. What editors do is checked at each action."""
    access.require(Action.ASK)
    components.style()
    try:
        library = loading.open_library()
        sources = library.sources()
        done = session.finished()
        if done is not None:
            _settled(done)
            sources = library.sources()
            if len(sources) == 1:
                loading.retry()  # an assistant that had nothing to answer from gets another chance
        _page(library, sources)
    except WelwijzerError as error:
        log.error("no library", exc_info=error)
        st.title(TEXT["title"], anchor=False)
        st.text(nl.error_line(error))
        st.button(nl.APP_RETRY, icon=":material/refresh:", on_click=loading.retry)


def _settled(done: Job[Any]) -> None:
    """Hand what has ended to who began it."""
    if done.name in proposing.STEPS:
        proposing.settled(done)
    else:
        (adding if done.name in adding.STEPS else managing).settled(done)


def _page(library: Library, sources: tuple[Source, ...]) -> None:
    chosen = st.query_params.get(session.DOCUMENT)
    if session.adding() and access.allowed(Action.MANAGE):
        adding.show()
    elif chosen is None:
        _list(library, sources)
    else:
        try:
            document = library.document(chosen)
        except UnknownSourceError:
            session.say(TEXT["gone"].format(id=plain(chosen)[:80]), False)
            _list(library, sources)
            return
        _read(document, sources)


def _list(library: Library, sources: tuple[Source, ...]) -> None:
    editor = access.allowed(Action.MANAGE)
    with st.container(key="library-head", horizontal=True, vertical_alignment="center", gap="small"):
        st.title(TEXT["title"], anchor=False, width="stretch")
        if editor:
            st.button(
                TEXT["add"],
                type="primary",
                icon=":material/add:",
                key="library-add",
                on_click=session.set_adding,
                args=(True,),
            )
    st.html(f'<p class="intro">{html.escape(TEXT["intro"])}</p>')
    session.said()
    if session.job() is not None:
        session.watch(managing.STEPS)
    if sources:
        components.shelf("shelf", listing.table(library.statuses(), sources), session.open_document)
    else:
        st.text(TEXT["empty"])
    if editor and session.job() is None:
        managing.withdrawn(library)


def _read(document: Document, sources: tuple[Source, ...]) -> None:
    st.button(
        TEXT["back"], icon=":material/arrow_back:", key="library-back", on_click=session.open_document, args=(None,)
    )
    _head(document, {source.id: source.title for source in sources})
    session.said()
    if (job := session.job()) is not None:
        session.watch(proposing.STEPS.get(job.name, managing.STEPS))
    elif access.allowed(Action.MANAGE):
        managing.show(document.source, sources)
        proposing.show(document)
    parts = pieces(document)
    pdf = original(document.source.id, document.original_sha256) if document.pages else None
    components.reader(
        "reader",
        {
            "document": document.source.id,
            "labels": nl.LIBRARY_READER,
            "parts": data(parts),
            "contents": contents(parts),
            "image": _image(document, pdf),
            "pictures": pdf is not None,
            "searchable": True,
        },
        session.show_page,
    )


def _image(document: Document, pdf: bytes | None) -> dict[str, Any] | None:
    """The page that the reader wants to see beside the text."""
    number = session.page()
    if pdf is None or not 1 <= number <= len(document.pages):
        return None
    picture = page_picture(document.original_sha256, number, pdf)
    name = nl.library_page(number, document.pages[number - 1].label)
    return {
        "page": number,
        "count": len(document.pages),
        "name": name,
        "src": picture,
        "alt": TEXT["picture"].format(name=name),
        "problem": "" if picture else TEXT["no_picture"],
        "closes": True,
    }


def _head(document: Document, titles: dict[str, str]) -> None:
    """Title, what is known of the publication, its address and its warnings."""
    source = document.source
    facts = [", ".join(source.publishers), nl.app_date(source.published), source.kind, ", ".join(source.sectors)]
    if document.pages:
        facts.append(nl.INGEST_PAGES.format(count=len(document.pages)))
    lines = [f'<h1 class="document"><bdi>{html.escape(plain(source.title))}</bdi></h1>']
    lines.append(f'<p class="facts"><bdi>{html.escape(plain(" · ".join(fact for fact in facts if fact)))}</bdi></p>')
    if source.superseded_by is not None:
        words = nl.superseded_by(titles.get(source.superseded_by, source.superseded_by), source.superseded_on)
        lines.append(_notice(words[:1].upper() + words[1:] + "."))
    lines += [_notice(warning) for warning in document.warnings]
    lines.append(f'<p class="facts">{html.escape(source.rights)}</p>')
    if address := web_address(source.url):
        label = html.escape(f"{TEXT['open']} ({nl.APP_CARD['newTab']})")
        name = html.escape(TEXT["open"])
        target = f'href="{html.escape(address)}" target="_blank" rel="noopener noreferrer"'
        lines.append(f'<p class="facts"><a {target} aria-label="{label}">{name}</a></p>')
    st.html("".join(lines))


def _notice(line: str) -> str:
    return f'<p class="said warn"><strong>{html.escape(TEXT["warning"])}</strong> <bdi>{html.escape(plain(line))}</bdi></p>'
