"""Puts one document of an editor on the shelf and into the library, or its new version in the place of the old: one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.errors import IngestError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document, Source
from ingest import pipeline, shelf, staging
from ingest.blocks import Reading
from ingest.encoder import LazyEncoder
from ingest.pipeline import Draft, Progress, Unwatched
from ingest.shelf import Item


@dataclass(frozen=True, slots=True)
class Placing:
    """A document as it is to stand on the shelf.

    `data`: the original's bytes; `reading`: what was read of it, if it was read; `beside`: the document whose corrections
    and questions go with it; `replaces`: the one whose place it takes, which is kept as its previous version; `before`: the
    signature under which the library held that one when its entry was read.
    """

    source: Source
    data: bytes
    reading: Reading | None = None
    beside: Item | None = None
    replaces: Item | None = None
    before: str | None = None


def place(
    placing: Placing,
    settings: Settings,
    library: Library,
    encoder: LazyEncoder,
    progress: Progress | None = None,
    drafted: Callable[[Item], Draft | None] | None = None,
) -> Document:
    """Take a document in, as a new one under an id that is free or in the place of another, and return it as stored.

    `drafted` makes the draft where the original need not be read. Raises what `pipeline.ingest` raises, ManifestError for
    an entry of a wrong form, IngestError ("meanwhile") where another process changed the same document first. Nothing is
    kept of a document that fails.
    """
    pipeline.same_model(library, encoder)
    replaced = placing.replaces
    with staging.staged(settings, library) as folder:
        with library.writer(), shelf.writing(settings):
            source = placing.source
            if replaced is None:
                source = replace(source, id=shelf.free_id(source.id, _taken(settings, library)))
            before = replaced.original.parent.parent if replaced and replaced.source.origin == "added" else None
            item = shelf.write(folder / source.id, source, placing.data, placing.beside, before)
        if replaced is not None:
            item = replace(item, ordinal=replaced.ordinal)
        read = drafted or (lambda item: pipeline.draft(item, library, encoder.name, placing.reading))
        draft = read(item)
        if draft is None:
            return library.document(source.id)
        for entry in pipeline.embed([draft], library, encoder, progress or Unwatched()):
            with library.writer():
                if replaced is None:
                    _check_still_new(entry.document, library)
                if not pipeline.commit(entry, placing.before, library, encoder):
                    raise IngestError(f"{source.id} was changed meanwhile", why="meanwhile", id=source.id)
                staging.settle(settings, library, folder)
    pipeline.follow(settings, library)
    return draft.document


def _taken(settings: Settings, library: Library) -> set[str]:
    return {
        *library.signatures(),
        *library.withdrawn(),
        *staging.staged_ids(settings),
        *(folder.name for folder in shelf.added_folders(settings)),
        *(item.source.id for item in shelf.corpus_items(settings)),
    }


def _check_still_new(document: Document, library: Library) -> None:
    """Refuse what another process took in while this one was embedding it."""
    for source in library.sources():
        if library.document(source.id).version == document.version:
            raise IngestError(f"same content as {source.id}", why="already", id=source.id)
