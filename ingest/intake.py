"""Adds one document that an editor brings: a file, a web address, or a document of the corpus taken out before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant import texts_nl
from assistant.errors import IngestError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document, Source
from ingest import shelf
from ingest.blocks import Reading
from ingest.encoder import LazyEncoder
from ingest.fetch import Allowed, fetch, is_public
from ingest.pipeline import Progress, follow, ingest
from ingest.read import format_of, original, read

MAX_TITLE = 200
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fields:
    """What the editor says about the document; None or () where the document's own statement is to be used."""

    id: str | None = None
    title: str | None = None
    publishers: tuple[str, ...] = ()
    published: str | None = None
    sectors: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class _Brought:
    """An original as brought: its bytes, a file name, and where it comes from."""

    data: bytes
    name: str
    url: str | None = None


def add(
    target: str,
    fields: Fields,
    settings: Settings,
    library: Library,
    encoder: LazyEncoder,
    progress: Progress | None = None,
    allowed: Allowed = is_public,
) -> Document:
    """Take in `target`, a path, an address or the id of a withdrawn document, and return it as the library holds it.

    Raises IngestError ("already", or why an address can't be fetched), UnreadableError, ManifestError for fields of a
    wrong form, ModelError, ModelMismatchError, LibraryBusyError. Nothing is kept of a document that fails.
    """
    if target in library.withdrawn():
        return _restore(target, settings, library, encoder, progress)
    if target in library.signatures():
        raise IngestError(f"{target} is in the library", why="already", id=target)
    brought = _bring(target, allowed)
    reading = read(brought.data, brought.name)
    _check_new(brought.data, reading, library)
    source = _source(brought, reading, fields, settings, library)
    with shelf.placed(settings, source, brought.data) as item:
        document = ingest(item, library, encoder, progress)
    follow(settings, library)
    return document or library.document(source.id)


def _restore(
    source_id: str, settings: Settings, library: Library, encoder: LazyEncoder, progress: Progress | None
) -> Document:
    item = next((item for item in shelf.corpus_items(settings) if item.source.id == source_id), None)
    if item is None:
        raise IngestError(f"{source_id} is no longer in the corpus", why="gone", id=source_id)
    document = ingest(item, library, encoder, progress)
    follow(settings, library)
    return document or library.document(source_id)


def _bring(target: str, allowed: Allowed) -> _Brought:
    if _ADDRESS.match(target):
        fetched = fetch(target, allowed)
        return _Brought(fetched.data, fetched.name, fetched.url)
    path = Path(target).expanduser()
    return _Brought(original(path), path.name)


def _check_new(data: bytes, reading: Reading, library: Library) -> None:
    """Refuse an original, or a text, that the library holds already, under whatever name."""
    digest = shelf.sha256(data)
    text = " ".join(block.text for block in reading.blocks)
    for source in library.sources():
        held = library.document(source.id)
        if held.original_sha256 == digest or " ".join(held.text.split()) == " ".join(text.split()):
            raise IngestError(f"same content as {source.id}", why="already", id=source.id)


def _source(brought: _Brought, reading: Reading, fields: Fields, settings: Settings, library: Library) -> Source:
    """The manifest entry: what the editor says, else what the document says of itself."""
    found = reading.found
    stem = Path(brought.name).stem
    title = " ".join((fields.title or found.get("title") or stem.replace("_", " ")).split())[:MAX_TITLE]
    taken = {
        *library.signatures(),
        *library.withdrawn(),
        *(folder.name for folder in shelf.added_folders(settings)),
        *(item.source.id for item in shelf.corpus_items(settings)),
    }
    kind = format_of(brought.data, brought.name)
    return Source(
        id=shelf.free_id(shelf.slug(fields.id or title), taken),
        title=title,
        publishers=fields.publishers or (found.get("publisher") or texts_nl.UNKNOWN_PUBLISHER,),
        published=fields.published or found.get("published"),
        url=fields.url or brought.url or found.get("url"),
        kind=texts_nl.ADDED_KINDS["web" if kind == "html" else "file"],
        language="nl",
        sectors=fields.sectors,
        audience=(),
        rights=texts_nl.ADDED_RIGHTS,
        file=f"{shelf.slug(stem)}{Path(brought.name).suffix.lower()}",
        origin="added",
    )
