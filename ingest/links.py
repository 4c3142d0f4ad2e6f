"""Keeps the addresses of links: a "hier" in print says nothing without the address it leads to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.blocks import Edit

_SCHEME = re.compile(r"^(?:https?://(?:www\.)?|mailto:)", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:hier|deze|link|website|webpagina|pagina|site|klik|lees|meer|verder|download|bekijk|via|video|filmpje)\b",
    re.IGNORECASE,
)
POINTING = 6  # words: longer ones say themselves what they lead to
MOST = 0.5  # of a block: a link that is most of it is a pointer too


def with_addresses(
    text: str, edits: Sequence[Edit], links: Sequence[tuple[str, str, int]]
) -> tuple[str, list[Edit], str | None]:
    """The block's text with the address behind each pointing link, and the address of a block that is one link.

    `links`: words, address and line number of each. Addresses of other links stand in the edits, so that none is lost.
    """
    edits, at, only = list(edits), 0, None
    for words, address, number in _whole(links):
        place = text.find(words, at)
        if place < 0 or not _SCHEME.match(address):
            continue
        at = end = place + len(words)
        only = address if len(words) >= len(text) - 2 else only
        bare = _SCHEME.sub("", address).rstrip("/")
        if bare.lower() in text.lower().replace(" ", "") or "@" in words:
            continue
        if _pointing(words, text):
            after = f" ({address})"
            text = text[:end] + after + text[end:]
            edits = [_moved(edit, end, len(after)) for edit in edits]
            edits.append(Edit("link", number, words, words + after, place, end + len(after), False, address))
            at += len(after)
        else:
            edits.append(Edit("link", number, words, words, place, end, False, address))
    return text, edits, only


def _whole(links: Sequence[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """The links, one that runs over a line end as one."""
    found: list[tuple[str, str, int]] = []
    for words, address, number in links:
        if found and found[-1][1] == address and found[-1][2] == number - 1:
            found[-1] = (f"{found[-1][0]} {words}", address, number)
        else:
            found.append((words, address, number))
    return found


def _pointing(words: str, text: str) -> bool:
    few = len(words.split()) <= POINTING
    return (few and _POINTS.search(words) is not None) or len(words) > MOST * len(text)


def _moved(edit: Edit, place: int, by: int) -> Edit:
    start = edit.start + by if edit.start >= place else edit.start
    return replace(edit, start=start, end=edit.end + by if edit.end > place else edit.end)
