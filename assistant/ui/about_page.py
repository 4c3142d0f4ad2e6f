"""The page "Over": what Welwijzer is and is not, what happens to questions, accessibility, sources and rights."""

from __future__ import annotations

import html
import logging
from collections.abc import Iterator
from datetime import datetime

import streamlit as st

from assistant import texts_nl as nl
from assistant.about import AboutSection, KnownProblem, program_version, statements
from assistant.access import Action
from assistant.errors import WelwijzerError
from assistant.export import web_address
from assistant.library import Library
from assistant.safety import plain
from assistant.settings import Settings
from assistant.sources import is_manual
from assistant.types import Source
from assistant.ui import access, loading
from assistant.ui.library import components

log = logging.getLogger(__name__)

TEXT = nl.ABOUT


def render() -> None:
    """Draw the page; it says what it can also where the library can't be read."""
    access.require(Action.ASK)
    components.style()
    st.title(TEXT["title"], anchor=False)
    sections, known = statements()
    place = _chat_place()
    parts = [part for section in sections for part in _section(section, known, place)]
    try:
        library = loading.open_library()
        settings = Settings.from_env()
        parts += [*_state(library, settings), *_rights(library.sources())]
    except WelwijzerError as error:
        log.error("no library", exc_info=error)
        parts += [_heading(TEXT["state"]), _paragraph(TEXT["unreadable"].format(line=nl.error_line(error)))]
    st.html(f'<div class="about">{"".join(parts)}</div>')


def _chat_place() -> tuple[str, str] | None:
    """The chat model and where questions go; its name stands for the place until that is known."""
    try:
        found = loading.chat_place()
    except WelwijzerError as error:
        log.info("no chat model: %s", error)
        return None
    return (found[0], found[1] or TEXT["place_unknown"]) if found else None


def _section(section: AboutSection, known: tuple[KnownProblem, ...], chat: tuple[str, str] | None) -> Iterator[str]:
    yield _heading(section.heading)
    if chat is not None and section.with_model:
        yield from (_paragraph(text.format(model=chat[0], place=chat[1])) for text in section.with_model)
    else:
        yield from (_paragraph(text) for text in section.paragraphs)
    if section.list:
        yield _list(section.list)
    if section.id == "accessibility":
        yield _list(tuple(f"{problem.what} {problem.seen}" for problem in known))
    if section.after:
        yield _paragraph(section.after)


def _state(library: Library, settings: Settings) -> Iterator[str]:
    """Version of the program, size of the library and when it was last changed."""
    statuses, generation = library.statuses(), library.generation()
    passages = sum(status.passages for status in statuses)
    moment = datetime.fromtimestamp(settings.library_path.stat().st_mtime)
    changed = nl.app_date(moment.date().isoformat())
    yield _heading(TEXT["state"])
    yield _paragraph(TEXT["version"].format(version=program_version()))
    yield _paragraph(
        TEXT["count"].format(documents=sum(not is_manual(source) for source in library.sources()), passages=passages)
    )
    yield _paragraph(TEXT["generation"].format(generation=generation, moment=changed) if generation else TEXT["never"])
    days = settings.question_days
    yield _paragraph(TEXT["kept"].format(days=days) if days else TEXT["not_kept"])


def _rights(sources: tuple[Source, ...]) -> Iterator[str]:
    yield _heading(TEXT["sources"])
    if not sources:
        yield _paragraph(TEXT["no_sources"])
        return
    yield _paragraph(TEXT["sources_intro"])
    yield f'<ul class="rights">{"".join(_source(source) for source in sources)}</ul>'


def _source(source: Source) -> str:
    facts = ", ".join(fact for fact in (*source.publishers, nl.app_date(source.published)) if fact)
    lines = [f"<strong><bdi>{_said(source.title)}</bdi></strong> <bdi>{_said(facts)}</bdi>. "]
    lines.append(f"<bdi>{_said(TEXT['rights'].format(rights=source.rights))}</bdi>")
    if address := web_address(source.url):
        target = f'href="{html.escape(address)}" target="_blank" rel="noopener noreferrer"'
        name = html.escape(nl.APP_CARD["open"])
        said = html.escape(f"{nl.APP_CARD['open']}: {plain(source.title)} ({nl.APP_CARD['newTab']})")
        lines.append(f' <a {target} aria-label="{said}">{name}</a>')
    return f"<li>{''.join(lines)}</li>"


def _heading(text: str) -> str:
    return f"<h2>{html.escape(text)}</h2>"


def _paragraph(text: str) -> str:
    return f"<p>{_said(text)}</p>"


def _list(lines: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{_said(line)}</li>' for line in lines)}</ul>"


def _said(text: str) -> str:
    return html.escape(plain(text))
