"""The form of a publication's entry: title, publisher, date, address and sector, as an editor confirms or changes them."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from assistant import texts_nl as nl
from assistant.export import web_address
from assistant.types import SECTORS, Source
from ingest.intake import MAX_TITLE
from ingest.manifest import is_date

FIELD = nl.LIBRARY_FIELDS
MAX_VALUE = 1_000  # characters of an address or of all publishers together


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in the form: values of a `Source`, or one Dutch line that says what is wrong with one."""

    values: dict[str, object]
    problem: str | None = None


def fields(source: Source, key: str) -> None:
    """Draw the fields, filled with what `source` says; `key` tells forms of one page apart."""
    st.text_input(FIELD["title"], source.title, key=f"{key}-title", max_chars=MAX_TITLE)
    st.text_input(FIELD["publishers"], ", ".join(source.publishers), key=f"{key}-publishers", max_chars=MAX_VALUE)
    left, right = st.columns(2, gap="small")
    with left:
        st.text_input(FIELD["published"], source.published or "", key=f"{key}-published", max_chars=10)
    with right:
        chosen = [sector for sector in source.sectors if sector in SECTORS]
        st.pills(FIELD["sectors"], SECTORS, selection_mode="multi", default=chosen, key=f"{key}-sectors")
    st.text_input(FIELD["url"], source.url or "", key=f"{key}-url", max_chars=MAX_VALUE)


def entered(key: str) -> Entered:
    """Read the fields drawn with this key."""
    state = st.session_state
    title = " ".join(str(state[f"{key}-title"]).split())
    publishers = tuple(part.strip() for part in str(state[f"{key}-publishers"]).split(",") if part.strip())
    published, url = str(state[f"{key}-published"]).strip(), str(state[f"{key}-url"]).strip()
    sectors = tuple(sector for sector in SECTORS if sector in (state[f"{key}-sectors"] or ()))
    values: dict[str, object] = {
        "title": title,
        "publishers": publishers,
        "published": published or None,
        "url": url or None,
        "sectors": sectors,
    }
    return Entered(values, _problem(title, publishers, published, url))


def _problem(title: str, publishers: tuple[str, ...], published: str, url: str) -> str | None:
    if not title:
        return nl.LIBRARY["no_title"]
    if not publishers:
        return nl.LIBRARY["no_publisher"]
    if published and not is_date(published):
        return nl.INGEST_NO_DATE
    if url and not web_address(url):
        return nl.LIBRARY["no_url"]
    return None
