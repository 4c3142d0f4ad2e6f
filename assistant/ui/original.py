"""The page of a PDF that a citation stands on, drawn from the original as the library keeps it."""

from __future__ import annotations

import threading
from pathlib import PurePath

import streamlit as st

from assistant.errors import UnknownSourceError, UnreadableError
from assistant.library import Library
from assistant.page_image import PageImage
from assistant.settings import Settings
from assistant.types import Citation, Source
from assistant.ui.passage import is_current
from ingest import child, shelf

KEPT_PAGES = 24  # pictures of some 200 kB: what a few readers look at in a few minutes
AT_ONCE = 2  # processes that draw at the same moment, however many readers wait
# A page of text takes 0.2 s with the start of Python; a map or a poster seconds.
_LIMITS = child.Limits(seconds=15.0, step=15.0, processor=10.0)
_drawing = threading.Semaphore(AT_ONCE)


def has_pages(source: Source) -> bool:
    """Whether the original is a PDF, whose pages can be shown."""
    return PurePath(source.file).suffix.lower() == ".pdf"


def page_of(library: Library, citation: Citation) -> PageImage:
    """The page that a citation stands on, with its quote marked where its place is certain.

    Raises UnknownSourceError where the original or its text is not what was cited any more, UnreadableError where the
    page can't be drawn, and ManifestError.
    """
    document = library.document(citation.source)
    settings = Settings.from_env()
    item = shelf.item_of(settings, citation.source)
    if item is None or citation.page is None or not has_pages(item.source) or not is_current(document, citation):
        raise UnknownSourceError(f"{citation.source} has no such page any more", id=citation.source)
    data = item.content()
    if shelf.sha256(data) != document.original_sha256:
        raise UnknownSourceError(f"the original of {citation.source} was changed", id=citation.source)
    return _drawn(document.original_sha256, citation.page, citation.quote, data)


@st.cache_data(max_entries=KEPT_PAGES, show_spinner=False)
def _drawn(original: str, page: int, quote: str, _data: bytes) -> PageImage:
    """Draw in a process of its own: a file from outside may loop or crash the library that reads it."""
    with _drawing:
        for record in child.run("assistant.page_image:drawn", _data, _LIMITS, (page, quote)):
            return PageImage.of(record)
    raise UnreadableError(f"page {page} of {original} gave no picture", file=original, why="broken")
