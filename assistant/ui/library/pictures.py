"""A page of a PDF as a picture for the browser, drawn in a process of its own."""

from __future__ import annotations

import base64
import logging

import streamlit as st

from assistant.errors import WelwijzerError
from assistant.page_image import PageImage
from assistant.settings import Settings
from ingest import child, shelf

log = logging.getLogger(__name__)

# A page of A4 takes 0.2 s on one core, most of it the start of the process
LIMITS = child.Limits(seconds=20.0, step=20.0, processor=20.0)
KEPT = 48  # pictures of some 200 kB


@st.cache_data(max_entries=KEPT, show_spinner=False)
def page_picture(digest: str, page: int, _data: bytes) -> str:
    """Page `page` (from 1) of the PDF with this sha256 as a `data:` address, "" where it can't be drawn."""
    try:
        record = next(child.run("assistant.page_image:drawn", _data, LIMITS, [page, ""]))
    except (WelwijzerError, StopIteration) as error:
        log.warning("page %d of %s can't be drawn: %s", page, digest[:12], error)
        return ""
    return "data:image/jpeg;base64," + base64.b64encode(PageImage.of(record).jpeg).decode("ascii")


@st.cache_data(max_entries=4, show_spinner=False)
def original(source_id: str, digest: str) -> bytes | None:
    """The PDF on the shelf of which the library holds the text; None where it is another one or none."""
    try:
        item = shelf.item_of(Settings.from_env(), source_id)
        data = item.content() if item is not None else b""
    except WelwijzerError as error:
        log.warning("no original of %s: %s", source_id, error)
        return None
    is_the_one = b"%PDF-" in data[:1024] and shelf.sha256(data) == digest
    return data if is_the_one else None
