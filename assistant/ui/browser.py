"""The parts of the page that run in the browser: a turn of the conversation, and the frame around all of them."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from pathlib import Path

import streamlit as st

from assistant import texts_nl as nl
from assistant.ui.card import Card

_WEB = Path(__file__).parent / "web"


def _web(name: str) -> str:
    return (_WEB / name).read_text(encoding="utf-8")


_turn = st.components.v2.component(
    "welwijzer_turn", html='<div class="root"></div>', css=_web("turn.css"), js=_web("turn.js")
)
_page = st.components.v2.component(
    "welwijzer_page",
    html='<div role="status" class="unseen"></div>',
    css=".unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }",
    js=_web("page.js"),
)


def page(announce: str, turn: int) -> None:
    """Set the page's language and style, put Streamlit's words into Dutch, and say `announce` to a screen reader.

    `turn` tells a new announcement from an old one with the same words.
    """
    st.html(f"<style>{_web('app.css')}</style>")
    _page(key="page", data={"announce": announce, "turn": turn, "words": nl.APP_STREAMLIT_WORDS})


class Step(IntEnum):
    """How far a turn is; the browser never goes back to an earlier step of the same turn."""

    THINKING = 0
    NEWEST = 1
    EARLIER = 2


def turn(key: str, card: Card, step: Step, on_follow_up: Callable[[str], None]) -> None:
    """Show one question with its answer; `on_follow_up` gets the question that the reader picks from it."""

    def picked() -> None:
        question = st.session_state[key].get("ask")
        if isinstance(question, str):
            on_follow_up(question)

    data = card | {"step": int(step), "newest": step is not Step.EARLIER}
    _turn(key=key, data=data, on_ask_change=picked)
