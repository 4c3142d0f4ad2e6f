"""The way of a document into the library: read → clean → passages → embed → replace. Unchanged means no work.

`build` makes the library equal to the shelf; each document is one commit, so one that fails keeps no other back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from assistant.embedding import embed_windows, unembedded, window_places
from assistant.errors import (
    IngestError,
    LibraryDamagedError,
    ModelMismatchError,
    UnknownSourceError,
    UnreadableError,
    WelwijzerError,
)
from assistant.library import Entry, Library
from assistant.settings import Settings
from assistant.types import Document
from ingest import corrections, questions, shelf, staging
from ingest.blocks import Reading
from ingest.encoder import LazyEncoder
from ingest.passages import TARGET, assemble
from ingest.read import read
from ingest.shelf import Item
from ingest.signature import same_vectors, signature_of, with_model

MayRemove = Callable[[Sequence[str], int], bool]


class Progress(Protocol):
    """Is told how far the work is."""

    def reading(self, source_id: str, number: int, count: int) -> None:
        """The `number`-th of `count` documents is about to be read."""

    def embedding(self, source_id: str, done: int, more: int) -> None:
        """`done` texts of a document were embedded just now, `more` texts were added to the work."""


class Unwatched:
    """Progress that nobody looks at."""

    def reading(self, source_id: str, number: int, count: int) -> None:
        """Tell nobody."""

    def embedding(self, source_id: str, done: int, more: int) -> None:
        """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that was read and lacks its vectors."""

    document: Document
    signature: str
    ordinal: int
    before: str | None  # the signature under which the library held it when it was read


@dataclass(slots=True)
class Report:
    """What a build did: ids per outcome, and the error of each document that failed."""

    taken_in: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[tuple[str, WelwijzerError]] = field(default_factory=list)


def draft(item: Item, library: Library, model: str, reading: Reading | None = None) -> Draft | None:
    """Read, clean and cut one document; None if the library holds it in just this state.

    `reading`: what was read of the original already. Raises UnreadableError, CorrectionError, QuestionsError.
    """
    data = item.content()
    signature, before = signature_of(item, data, model), library.signature(item.source.id)
    if before == signature:
        return None
    recorded = corrections.load(item.corrections, item.source.id)
    document = assemble(item.source, reading or read(data, item.original.name, recorded), shelf.sha256(data), TARGET)
    document = questions.attach(document, questions.load(item.questions, item.source.id))
    if not document.passages:
        raise UnreadableError("nothing to read in it", file=item.original.name, why="no_text")
    return Draft(document, signature, item.ordinal, before)


def embed(drafts: Sequence[Draft], library: Library, encoder: LazyEncoder, progress: Progress) -> Iterator[Entry]:
    """Give drafts their vectors, one by one; texts that the library has a vector of are not embedded. Raises ModelError."""
    for one in drafts:
        more = len(unembedded(one.document, _known(one, library, encoder.name)))
        progress.embedding(one.document.source.id, 0, more)
    for one in drafts:
        name = one.document.source.id
        vectors = embed_windows(
            one.document,
            encoder,
            lambda done, name=name: progress.embedding(name, done, 0),  # type: ignore[misc]
            _known(one, library, encoder.name),
        )
        yield Entry(one.document, vectors, one.signature, one.ordinal)


def ingest(item: Item, library: Library, encoder: LazyEncoder, progress: Progress | None = None) -> Document | None:
    """Bring the library to the state of one document; None if it is there already.

    Raises what `draft` and `embed` raise, LibraryBusyError, and ModelMismatchError where vectors of two models would mix.
    """
    same_model(library, encoder)
    made = draft(item, library, encoder.name)
    if made is None:
        return None
    for entry in embed([made], library, encoder, progress or Unwatched()):
        if not commit(entry, made.before, library, encoder):
            raise IngestError(f"{item.source.id} was changed meanwhile", why="meanwhile", id=item.source.id)
    return made.document


def build(
    settings: Settings,
    library: Library,
    encoder: LazyEncoder,
    progress: Progress | None = None,
    may_remove: MayRemove | None = None,
) -> Report:
    """Make the library equal to the corpus without what was withdrawn, plus what editors added.

    `may_remove` is asked, with the ids and the number of documents there are, before more than half of them go.
    Raises ManifestError, LibraryDamagedError and IngestError ("many_removed") before anything is done, ModelError and
    LibraryBusyError; other failures are in the report.
    """
    staging.recover(settings, library)
    if damage := library.damage():
        raise LibraryDamagedError(f"the library is damaged: {damage[0]}", path=str(settings.library_path))
    report = fill(settings, library, encoder, progress or Unwatched(), may_remove)
    if report.taken_in or report.removed or not settings.chroma_path.exists():
        follow(settings, library)
    return report


def fill(
    settings: Settings,
    library: Library,
    encoder: LazyEncoder,
    progress: Progress,
    may_remove: MayRemove | None = None,
) -> Report:
    """`build` for the library alone, without the indexes that are made from it."""
    report = Report()
    items, unreadable = shelf.items(settings)
    report.failed.extend(unreadable)
    withdrawn = library.withdrawn()
    wanted = [item for item in items if item.source.id not in withdrawn]
    orphans = _orphans(wanted, library, may_remove)
    drafts = _drafts(wanted, library, encoder.name, progress, report)
    for source_id in orphans:
        library.remove(source_id)
        report.removed.append(source_id)
    if _another_model(library, encoder):
        # all at once, when all new vectors are there: those of two models must never mix
        kept = _kept(drafts, library, encoder.name)
        library.exchange(list(embed([*drafts, *kept], library, encoder, progress)), encoder.name)
        report.taken_in.extend(one.document.source.id for one in drafts)
        return report
    for one, entry in zip(drafts, embed(drafts, library, encoder, progress), strict=True):
        done = commit(entry, one.before, library, encoder)
        (report.taken_in if done else report.unchanged).append(entry.document.source.id)
    return report


def remove(source_id: str, settings: Settings, library: Library) -> None:
    """Take a document out: an added one wholly, one of the corpus so that `build` leaves it out. UnknownSourceError."""
    with staging.staged(settings, library) as place, library.writer():
        folder = settings.added_path / source_id
        added = folder.name == source_id and folder.is_dir()
        held = source_id in library.signatures()
        if not added and not held:
            raise UnknownSourceError(f"no source {source_id!r}", id=source_id)
        with shelf.writing(settings):
            if added:
                folder.rename(place / source_id)
        if held:
            library.remove(source_id, withdraw=not added or shelf.in_corpus(settings, source_id) is not None)
            staging.record_withdrawn(settings, library)
    follow(settings, library)


def follow(settings: Settings, library: Library) -> None:
    """Bring the vector index to the library's state; where another process owns it, that one follows by itself."""
    # imports chromadb (0.7 s), so only after something changed
    from assistant.vectors import VectorIndex

    VectorIndex.open(settings.chroma_path, library).close()


def commit(entry: Entry, before: str | None, library: Library, encoder: LazyEncoder) -> bool:
    """Put a document into the library, the moment from which it is there; False where another process changed it first."""
    with library.writer():
        if library.signature(entry.document.source.id) != before:
            return False
        same_model(library, encoder)
        library.replace(entry.document, entry.windows, entry.signature, encoder.name, entry.ordinal)
    return True


def same_model(library: Library, encoder: LazyEncoder) -> None:
    """Raise ModelMismatchError where the library's vectors were made by another model."""
    if _another_model(library, encoder):
        stored = library.embedding_model()
        raise ModelMismatchError("the library has another model's vectors", model=encoder.name, stored=stored)


def _another_model(library: Library, encoder: LazyEncoder) -> bool:
    return library.embedding_model() not in (None, encoder.name) and bool(library.signatures())


def _known(one: Draft, library: Library, model: str) -> dict[str, np.ndarray]:
    """The vectors of this document's unchanged texts."""
    source_id = one.document.source.id
    if not same_vectors(library.signature(source_id), model):
        return {}
    held = library.document(source_id)
    texts = {place.id: place.text for passage in held.passages for place in window_places(passage)}
    return {texts[window.id]: window.vector for window in library.windows(source_id) if window.id in texts}


def _orphans(wanted: list[Item], library: Library, may_remove: MayRemove | None) -> list[str]:
    """Documents of the corpus that the manifest no longer names; added ones stay, whatever happened."""
    names = {item.source.id for item in wanted}
    sources = library.sources()
    gone = [source.id for source in sources if source.origin == "corpus" and source.id not in names]
    if len(gone) * 2 > len(sources) and not (may_remove and may_remove(gone, len(sources))):
        raise IngestError(
            f"{len(gone)} of {len(sources)} documents would go", why="many_removed", count=len(gone), total=len(sources)
        )
    return gone


def _drafts(wanted: list[Item], library: Library, model: str, progress: Progress, report: Report) -> list[Draft]:
    """Read what is new or changed; all of it before the first text is embedded, so that the time left can be told."""
    drafts: list[Draft] = []
    for number, item in enumerate(wanted, start=1):
        progress.reading(item.source.id, number, len(wanted))
        try:
            made = draft(item, library, model)
        except WelwijzerError as error:
            report.failed.append((item.source.id, error))
            continue
        if made is None:
            report.unchanged.append(item.source.id)
        else:
            drafts.append(made)
    return drafts


def _kept(drafts: list[Draft], library: Library, model: str) -> list[Draft]:
    """The documents that could not be read anew, as the library holds them: they get vectors of the new model as well."""
    names = {one.document.source.id for one in drafts}
    return [
        Draft(library.document(source_id), with_model(signature, model), shelf.ADDED_ORDINAL, signature)
        for source_id, signature in library.signatures().items()
        if source_id not in names
    ]
