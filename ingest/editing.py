"""Changes to documents that are there: their entry, "vervangen door", and back to the version before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.errors import IngestError, UnknownSourceError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document, Source
from ingest import pipeline, shelf, staging
from ingest.encoder import LazyEncoder
from ingest.pipeline import Draft, Progress, Unwatched
from ingest.placing import Placing, place
from ingest.shelf import PREVIOUS, Item
from ingest.signature import signature_of


def edit(
    source_id: str, changes: Mapping[str, object], settings: Settings, library: Library, encoder: LazyEncoder
) -> Document:
    """Give a document other values in its entry; nothing is embedded. A document of the corpus gets an entry of its own.

    Raises UnknownSourceError, ManifestError for a value of a wrong form, IngestError, LibraryBusyError.
    """
    staging.recover(settings, library)
    item, before = _item(source_id, settings, library), library.signature(source_id)
    source = replace(item.source, origin="added", **changes)  # type: ignore[arg-type]
    if source == replace(item.source, origin="added"):
        return library.document(source_id)
    placing = Placing(source, item.content(), beside=item, replaces=item, before=before)

    def relabelled(new: Item) -> Draft | None:
        """The document as it is with its new entry, unless its text or its sectors have to be read again."""
        data = placing.data
        if source.sectors != item.source.sectors or before != signature_of(item, data, encoder.name):
            return pipeline.draft(new, library, encoder.name)
        held = replace(library.document(source_id), source=new.source)
        return Draft(held, signature_of(new, data, encoder.name), new.ordinal, before)

    return place(placing, settings, library, encoder, drafted=relabelled)


def supersede(
    source_id: str, newer: str | None, on: str | None, settings: Settings, library: Library, encoder: LazyEncoder
) -> Document:
    """Record that a document is replaced by `newer`, or no longer (None); it stays, and its citations say so.

    Raises what `edit` raises, IngestError ("circle") where `newer` is itself replaced by this one.
    """
    if newer is not None:
        _item(newer, settings, library)
        _check_no_circle(source_id, newer, {source.id: source for source in library.sources()})
    return edit(source_id, {"superseded_by": newer, "superseded_on": on}, settings, library, encoder)


def undo(
    source_id: str, settings: Settings, library: Library, encoder: LazyEncoder, progress: Progress | None = None
) -> Document:
    """Put the version before the last change back, of an added document or of one of the corpus; a second time undoes that.

    Raises UnknownSourceError, IngestError ("no_previous") where it was never changed.
    """
    staging.recover(settings, library)
    item, before = _item(source_id, settings, library), library.signature(source_id)
    folder = settings.added_path / source_id
    if item.source.origin == "added" and (folder / PREVIOUS).is_dir():
        old = shelf.added_item(folder / PREVIOUS, source_id)
        placing = Placing(old.source, old.content(), beside=old, replaces=item, before=before)
        return place(placing, settings, library, encoder, progress)
    original = shelf.in_corpus(settings, source_id)
    if item.source.origin != "added" or original is None:
        raise IngestError(f"{source_id} was never changed", why="no_previous", id=source_id)
    with staging.staged(settings, library) as stage:
        draft = pipeline.draft(original, library, encoder.name)
        assert draft is not None  # its origin alone is another
        for entry in pipeline.embed([draft], library, encoder, progress or Unwatched()):
            with library.writer():
                with shelf.writing(settings):
                    folder.rename(stage / source_id)
                if not pipeline.commit(entry, before, library, encoder):
                    raise IngestError(f"{source_id} was changed meanwhile", why="meanwhile", id=source_id)
    pipeline.follow(settings, library)
    return draft.document


def _item(source_id: str, settings: Settings, library: Library) -> Item:
    item = shelf.item_of(settings, source_id)
    if item is None or source_id not in library.signatures():
        raise UnknownSourceError(f"no source {source_id!r}", id=source_id)
    return item


def _check_no_circle(source_id: str, newer: str, sources: Mapping[str, Source]) -> None:
    at: str | None = newer
    seen: set[str] = set()
    while at is not None and at not in seen:
        if at == source_id:
            raise IngestError(f"{newer} is replaced by {source_id}", why="circle", id=source_id, newer=newer)
        seen.add(at)
        at = sources[at].superseded_by if at in sources else None
