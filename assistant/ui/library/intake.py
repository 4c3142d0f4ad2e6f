"""What an editor brings, from file or address to library, in two steps: read it and propose an entry; take it in."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.embedding import Encodes, model_name
from assistant.errors import UnreadableError, WelwijzerError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document, Source
from assistant.ui import loading
from ingest.addresses import Allowed, is_public
from ingest.blocks import Reading
from ingest.encoder import LazyEncoder
from ingest.fetch import fetch
from ingest.intake import Fields, Proposal, add
from ingest.placing import Placing, place
from ingest.read import MAX_BYTES, format_of, read
from ingest.resemblance import Near

_NAME = re.compile(r"[^\w.,() -]+")
_LONGEST_NAME = 120  # characters; file systems take 255 bytes


@dataclass(frozen=True, slots=True)
class Brought:
    """A document as it came: its bytes, its file's name, and its address if it was fetched."""

    data: bytes
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was read and is not taken in: its entry as proposed, and what it resembles.

    `paged`: whether its pages can be drawn. `replaces`: the id of the document that it was brought for.
    """

    brought: Brought
    reading: Reading
    source: Source
    near: tuple[Near, ...]
    paged: bool
    replaces: str | None = None


class _Seen(Exception):
    """Carries a proposal out of `add` before anything is done."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__("looked at")
        self.proposal = proposal


def brought(data: bytes, name: str) -> Brought:
    """A file as the browser sent it, under a name that is one. Raises UnreadableError for what no reader opens."""
    bare = _NAME.sub("_", Path(name.replace("\\", "/")).name).strip(". ")[-_LONGEST_NAME:] or "document"
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"{bare}: more than {MAX_BYTES} bytes", file=bare, why="too_large")
    try:
        format_of(data, bare)
    except UnreadableError as error:
        raise UnreadableError(f"{bare}: {error}", file=bare, why=error.details.get("why", "broken")) from error
    return Brought(data, bare)


def fetched(url: str, allowed: Allowed = is_public) -> Brought:
    """The document at an address. Raises IngestError."""
    found = fetch(url.strip(), allowed)
    return Brought(found.data, found.name, found.url)


def prepare(
    document: Brought, settings: Settings, library: Library, tell: Callable[[str], None], replaces: str | None = None
) -> Prepared:
    """Read a document and work out its entry; nothing is kept. Raises what `ingest.intake.add` raises."""
    tell("read")
    reading = read(document.data, document.name)
    if not any(block.text.strip() for block in reading.blocks):
        raise UnreadableError("nothing to read in it", file=document.name, why="no_text")
    tell("compare")
    proposal = _proposed(document, settings, library, replaces)
    paged = format_of(document.data, document.name) == "pdf"
    return Prepared(document, reading, proposal.source, proposal.near, paged, replaces)


def take_in(
    prepared: Prepared,
    source: Source,
    replaces: str | None,
    settings: Settings,
    library: Library,
    encoder: LazyEncoder,
    job: object,
) -> Document:
    """Take a prepared document in with the entry as confirmed, new or in the place of `replaces`. Raises what `add` raises."""
    if replaces is None:
        placing = Placing(source, prepared.brought.data, prepared.reading)
        return place(placing, settings, library, encoder, job)  # type: ignore[arg-type]  # a Job is a Progress
    fields = Fields(
        title=source.title,
        publishers=source.publishers,
        published=source.published,
        sectors=source.sectors,
        url=source.url,
    )
    with TemporaryDirectory() as folder:
        path = _written(prepared.brought, folder)
        return add(
            str(path),
            fields,
            settings,
            library,
            encoder,
            job,  # type: ignore[arg-type]
            replaces=replaces,
            confirm=lambda proposal: proposal,
        )


class _OneByOne:
    """Has texts encoded one at a time, which the project's own model does without torch.

    Loading torch takes 7 s of the processor that others ask questions on. A text of a document then takes 20 to 25 ms of it with
    one thread of torch in batches, and 27 to 30 ms one by one without it (December 2026, 321 texts, a busy machine).
    """

    def __init__(self, model: Encodes) -> None:
        self._model = model

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.concatenate([self._model.encode([text]) for text in texts])


def encoder_for(settings: Settings) -> LazyEncoder:
    """The model that the assistant already holds; where that could not start, one of its own. Raises ModelError."""

    def load() -> Encodes:
        try:
            held = loading.loading_assistant().result().retriever.encoder
        except WelwijzerError:
            return LazyEncoder.configured(settings)
        return held if "torch" in sys.modules else _OneByOne(held)

    return LazyEncoder(model_name(settings), load)


def _proposed(document: Brought, settings: Settings, library: Library, replaces: str | None) -> Proposal:
    """The entry that `add` would make, and what the document resembles."""

    def look(proposal: Proposal) -> Proposal:
        raise _Seen(proposal)

    encoder = LazyEncoder.configured(settings)
    with TemporaryDirectory() as folder:
        path = _written(document, folder)
        try:
            add(str(path), Fields(url=document.url), settings, library, encoder, replaces=replaces, confirm=look)
        except _Seen as seen:
            return seen.proposal
    raise AssertionError("add asks before it does anything")


def _written(document: Brought, folder: str) -> Path:
    path = Path(folder) / document.name
    path.write_bytes(document.data)
    return path


def with_values(source: Source, values: dict[str, object]) -> Source:
    """An entry with what the editor confirmed."""
    return replace(source, **values)  # type: ignore[arg-type]
