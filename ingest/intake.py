"""Adds one document that an editor brings: a file, a web address, or a document of the corpus taken out before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import texts_nl
from assistant.errors import IngestError, UnknownSourceError, UnreadableError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document, Source
from ingest import shelf, staging
from ingest.blocks import Reading
from ingest.encoder import LazyEncoder
from ingest.fetch import Allowed, fetch, is_public
from ingest.pipeline import Progress, follow, ingest
from ingest.placing import Placing, place
from ingest.read import format_of, original, read
from ingest.resemblance import Near, near
from ingest.shelf import Item

MAX_TITLE = 200
# Measured on the project's publications: two different ones share at most 0.05 of the shorter one's stretches; one with
# half of its sentences left out keeps 0.77, and one in lines of 70 with hyphens and running heads shares 0.97.
NEAR_CONTAINED = 0.4  # worth a look
NEAR_SHARE = 0.9  # the same publication as far as a reader is concerned
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
class Proposal:
    """What is about to be taken in: its entry, what it resembles, and the id of the document it replaces, if any."""

    source: Source
    near: tuple[Near, ...] = ()
    replaces: str | None = None


Confirm = Callable[[Proposal], Proposal]


@dataclass(frozen=True, slots=True)
class _Brought:
    """An original as brought: its bytes, a file name, and where it comes from."""

    data: bytes
    name: str
    url: str | None = None


def unattended(proposal: Proposal) -> Proposal:
    """Take a proposal as it is, but not what is nearly the same as a document that is there. Raises IngestError."""
    for one in proposal.near:
        if one.share >= NEAR_SHARE:
            share = round(100 * one.share)
            raise IngestError(f"nearly the same as {one.source.id}", why="near", id=one.source.id, share=share)
    return proposal


def add(
    target: str,
    fields: Fields,
    settings: Settings,
    library: Library,
    encoder: LazyEncoder,
    progress: Progress | None = None,
    allowed: Allowed = is_public,
    replaces: str | None = None,
    confirm: Confirm = unattended,
) -> Document:
    """Take in `target`, a path, an address or the id of a withdrawn document, and return it as the library holds it.

    `replaces`: the id of the document of which this is the new version. `confirm` may change the entry or choose the
    document that is replaced. Raises IngestError ("already", "near", or why an address can't be fetched), UnreadableError,
    UnknownSourceError, ManifestError for fields of a wrong form, ModelError, ModelMismatchError, LibraryBusyError. Nothing
    is kept of a document that fails.
    """
    staging.recover(settings, library)
    if replaces is None and target in library.withdrawn():
        return _restore(target, settings, library, encoder, progress)
    if replaces is None and target in library.signatures():
        raise IngestError(f"{target} is in the library", why="already", id=target)
    if replaces is not None:
        _replaced(replaces, settings, library)
    brought = _bring(target, allowed)
    reading = read(brought.data, brought.name)
    if not any(block.text.strip() for block in reading.blocks):
        raise UnreadableError("nothing to read in it", file=brought.name, why="no_text")
    source = _source(brought, reading, fields)
    if replaces is not None:
        source = _as_version(source, fields, _replaced(replaces, settings, library).source)
    resembling = _resembling(brought.data, reading, source, library, replaces)
    proposal = confirm(Proposal(source, resembling, replaces))
    source = proposal.source
    if proposal.replaces is None:
        placing = Placing(source, brought.data, reading)
    else:
        old, before = _replaced(proposal.replaces, settings, library), library.signature(proposal.replaces)
        if replaces is None:
            source = _as_version(source, fields, old.source)
        # the corrections were made for the old original; its questions find the sentences that are still there
        beside = replace(old, corrections=old.corrections / "none")
        placing = Placing(source, brought.data, reading, beside, old, before)
    return place(placing, settings, library, encoder, progress)


def _restore(
    source_id: str, settings: Settings, library: Library, encoder: LazyEncoder, progress: Progress | None
) -> Document:
    item = next((item for item in shelf.corpus_items(settings) if item.source.id == source_id), None)
    if item is None:
        raise IngestError(f"{source_id} is no longer in the corpus", why="gone", id=source_id)
    document = ingest(item, library, encoder, progress)
    with library.writer():
        staging.record_withdrawn(settings, library)
    follow(settings, library)
    return document or library.document(source_id)


def _replaced(source_id: str, settings: Settings, library: Library) -> Item:
    item = shelf.item_of(settings, source_id)
    if item is None or source_id not in library.signatures():
        raise UnknownSourceError(f"no source {source_id!r}", id=source_id)
    return item


def _bring(target: str, allowed: Allowed) -> _Brought:
    if _ADDRESS.match(target):
        fetched = fetch(target, allowed)
        return _Brought(fetched.data, fetched.name, fetched.url)
    path = Path(target).expanduser()
    return _Brought(original(path), path.name)


def _resembling(
    data: bytes, reading: Reading, source: Source, library: Library, replaces: str | None
) -> tuple[Near, ...]:
    """What the new document resembles. Raises IngestError ("already") for an original, or a text, that is there."""
    digest = shelf.sha256(data)
    documents = [library.document(held.id) for held in library.sources()]
    text = " ".join(block.text for block in reading.blocks)
    found = near(text, source, documents, NEAR_CONTAINED)
    same = [document.source.id for document in documents if document.original_sha256 == digest]
    same += [one.source.id for one in found if one.why == "same"]
    if same:
        raise IngestError(f"same content as {same[0]}", why="already", id=same[0])
    return tuple(one for one in found if one.source.id != replaces)


def _source(brought: _Brought, reading: Reading, fields: Fields) -> Source:
    """The manifest entry: what the editor says, else what the document says of itself."""
    found = reading.found
    stem = Path(brought.name).stem
    title = " ".join((fields.title or found.get("title") or stem.replace("_", " ")).split())[:MAX_TITLE]
    kind = format_of(brought.data, brought.name)
    return Source(
        id=shelf.slug(fields.id or title),
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


def _as_version(new: Source, fields: Fields, old: Source) -> Source:
    """The entry of a new version: that of the old one, with the new file, its date and its address."""
    return replace(
        old,
        title=" ".join(fields.title.split())[:MAX_TITLE] if fields.title else old.title,
        publishers=fields.publishers or old.publishers,
        published=new.published or old.published,
        url=new.url or old.url,
        sectors=fields.sectors or old.sectors,
        file=new.file,
        origin="added",
    )
