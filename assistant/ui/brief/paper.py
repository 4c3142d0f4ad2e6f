"""The paper in the browser: the brief as it will look, with buttons to strike, move and annotate each line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from assistant.ui.card import Card

_WEB = Path(__file__).parents[1] / "web"
_paper = st.components.v2.component(
    "welwijzer_brief",
    html='<div class="root"></div>',
    css="\n".join((_WEB / name).read_text(encoding="utf-8") for name in ("turn.css", "brief.css")),
    js="\n".join((_WEB / name).read_text(encoding="utf-8") for name in ("dom.js", "brief.js")),
)


def paper(key: str, data: Card, on_act: Callable[[str, str, str], None]) -> None:
    """Show the paper; `on_act` gets what is done (strike, restore, up, down, note, undo, page), to which line or passage, and its text."""

    def acted() -> None:
        act = st.session_state[key].get("act")
        if isinstance(act, dict):
            what, line, text = (act.get(name) for name in ("do", "line", "text"))
            if isinstance(what, str):
                on_act(what, line if isinstance(line, str) else "", text if isinstance(text, str) else "")

    _paper(key=key, data=data, on_act_change=acted)
