"""Taking a conversation along, as a Word file or as Markdown; both are written when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from assistant import texts_nl as nl
from assistant.export import conversation_paper
from assistant.export_docx import docx
from assistant.export_markdown import markdown
from assistant.types import Answer

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def offer(answers: Sequence[Answer]) -> None:
    """Offer the answers so far as a file; nothing before the first one."""
    if not answers:
        return
    kept = tuple(answers)
    today = date.today()
    name = nl.APP_DOWNLOAD_NAME.format(date=today.isoformat())
    with st.popover(nl.APP_DOWNLOAD, icon=":material/download:", width="content", key="keep"):
        st.text(nl.APP_DOWNLOAD_NOTE)
        st.download_button(
            nl.APP_DOWNLOAD_WORD,
            lambda: docx(conversation_paper(kept, today)),
            f"{name}.docx",
            WORD,
            key="keep-word",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            nl.APP_DOWNLOAD_MARKDOWN,
            lambda: markdown(conversation_paper(kept, today)),
            f"{name}.md",
            "text/markdown",
            key="keep-markdown",
            on_click="ignore",
            width="stretch",
        )
