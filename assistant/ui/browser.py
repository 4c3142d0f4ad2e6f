"""The parts of the page that run in the browser: a turn of the conversation, a page's picture, the frame around all."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import streamlit as st

from assistant import texts_nl as nl
from assistant.page_image import PageImage
from assistant.ui.card import Card

_WEB = Path(__file__).parent / "web"
_ROOT = '<div class="root"></div>'
_UNSEEN = ".unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }"


def _web(*names: str) -> str:
    return "\n".join((_WEB / name).read_text(encoding="utf-8") for name in names)


_turn = st.components.v2.component(
    "welwijzer_turn", html=_ROOT, css=_web("turn.css"), js=_web("dom.js", "reactions.js", "turn.js")
)
_sheet = st.components.v2.component("welwijzer_sheet", html=_ROOT, css=_web("sheet.css"), js=_web("dom.js", "sheet.js"))
_frame = st.components.v2.component(
    "welwijzer_frame", html='<div class="unseen"></div>', css=_UNSEEN, js=_web("frame.js")
)
_voice = st.components.v2.component(
    "welwijzer_voice", html='<div role="status" class="unseen"></div>', css=_UNSEEN, js=_web("voice.js")
)


def frame() -> None:
    """Set the language and the style of every page, and put Streamlit's own words into Dutch. Drawn once per run."""
    st.html(f"<style>{_web('app.css')}</style>")
    _frame(key="frame", data={"words": nl.APP_STREAMLIT_WORDS, "navigation": nl.APP_NAVIGATION})


def announce(text: str, number: int) -> None:
    """Say `text` to a screen reader; `number` tells a new announcement from an old one with the same words."""
    _voice(key="voice", data={"announce": text, "turn": number})


class Step(IntEnum):
    """How far a turn is; the browser never goes back to an earlier step of the same turn."""

    THINKING = 0
    NEWEST = 1
    EARLIER = 2


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader says of an answer, as the browser sends it: to be checked. An empty verdict takes it back."""

    verdict: str
    reason: str
    comment: str


@dataclass(frozen=True, slots=True)
class Hooks:
    """What happens with what a reader does in a turn: a question picked, a page wanted (by its passage), a judgement.

    `stop`: an answer that is being written is enough as it is.
    """

    ask: Callable[[str], None]
    page: Callable[[str], None]
    said: Callable[[Said], None]
    stop: Callable[[], None]


def turn(key: str, card: Card, step: Step, hooks: Hooks, given: Mapping[str, str] | None = None) -> None:
    """Show one question with its answer. `given`: what the reader said of it and is kept, `verdict` and `failed`."""

    def value(name: str) -> Any:  # noqa: ANN401 - whatever the browser sends
        return st.session_state[key].get(name)

    def picked() -> None:
        if isinstance(question := value("ask"), str):
            hooks.ask(question)

    def wanted() -> None:
        if isinstance(passage := value("page"), str):
            hooks.page(passage)

    def judged() -> None:
        sent = value("said")
        if isinstance(sent, Mapping):
            hooks.said(Said(*(str(sent.get(name) or "") for name in ("verdict", "reason", "comment"))))

    def stopped() -> None:
        if value("stop"):
            hooks.stop()

    data = card | {"turn": key, "step": int(step), "newest": step is not Step.EARLIER}
    data["given"] = given or {"verdict": "", "failed": ""}
    _turn(
        key=key,
        data=data,
        on_ask_change=picked,
        on_page_change=wanted,
        on_said_change=judged,
        on_stop_change=stopped,
    )


def sheet(image: PageImage, caption: str, quote: str) -> None:
    """Show a page of a document with what is marked on it."""
    source = "data:image/jpeg;base64," + base64.b64encode(image.jpeg).decode("ascii")
    first = image.boxes[0] if image.boxes else None
    note = nl.APP_SHEET["marked" if first else "unmarked"]
    alt = f"{caption}. {nl.APP_SHEET['quote'].format(quote=' '.join(quote.split()))}" if first else caption
    data = {
        "src": source,
        "alt": alt,
        "caption": caption,
        "note": note,
        "width": image.width,
        "height": image.height,
        "mark": {"top": first.top, "left": first.left} if first else None,
        "labels": nl.APP_SHEET,
    }
    _sheet(key="sheet", data=data)
