"""The two parts of the page "Bronnen" that run in the browser: the table of publications and the reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

_WEB = Path(__file__).parents[1] / "web"


def _web(*names: str) -> str:
    return "\n".join((_WEB / name).read_text(encoding="utf-8") for name in names)


_shelf = st.components.v2.component(
    "welwijzer_shelf", html='<div class="root"></div>', css=_web("shelf.css"), js=_web("dom.js", "shelf.js")
)
_reader = st.components.v2.component(
    "welwijzer_reader", html='<div class="root"></div>', css=_web("reader.css"), js=_web("dom.js", "reader.js")
)


def style() -> None:
    """Give the page the looks of its own that the app's style sheet does not have."""
    st.html(_WEB / "library.css")


def shelf(key: str, data: Mapping[str, Any], on_open: Callable[[str], None]) -> None:
    """Show the table; `on_open` gets the id of the publication whose title is pressed."""

    def opened() -> None:
        chosen = st.session_state[key].get("open")
        if isinstance(chosen, str):
            on_open(chosen)

    _shelf(key=key, data=dict(data), on_open_change=opened)


def reader(key: str, data: Mapping[str, Any], on_page: Callable[[int], None]) -> None:
    """Show a document, or a page of one; `on_page` gets the number of the page wanted beside it, 0 for none."""

    def wanted() -> None:
        page = st.session_state[key].get("page")
        if isinstance(page, int) and not isinstance(page, bool) and page >= 0:
            on_page(page)

    _reader(key=key, data=dict(data), on_page_change=wanted)
