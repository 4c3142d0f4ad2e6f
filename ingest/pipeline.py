"""The way of a document into the library: read → clean → passages → embed → replace. Unchanged means no work.

`build` makes the library equal to the shelf; each document is one commit, so one that fails keeps no other back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from assistant.embedding import Encoder, embed_windows, window_places
from assistant.errors import ModelError, ModelMismatchError, UnknownSourceError, UnreadableError, WelwijzerError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document, Window
from ingest import corrections, questions, shelf
from ingest.encoder import LazyEncoder
from ingest.passages import TARGET, assemble
from ingest.read import read
from ingest.shelf import Item
from ingest.signature import same_vectors, signature_of

# called with a document's id, the number of windows embedded just now, and the number added to the work
Progress = Callable[[str, int, int], object]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be put into the library."""

    document: Document
    windows: tuple[Window, ...]
    signature: str
    ordinal: int


@dataclass(slots=True)
class Report:
    """What a build did: ids per outcome, and the error of each document that failed."""

    taken_in: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[tuple[str, WelwijzerError]] = field(default_factory=list)


def prepare(item: Item, library: Library, encoder: LazyEncoder, progress: Progress | None = None) -> Prepared | None:
    """Read, clean, cut and embed one document; None if the library holds it in just this state.

    Raises UnreadableError, CorrectionError, QuestionsError, ModelError.
    """
    data = item.content()
    signature = signature_of(item, data, encoder.name)
    if library.signature(item.source.id) == signature:
        return None
    recorded = corrections.load(item.corrections, item.source.id)
    reading = read(data, item.original.name, recorded)
    document = assemble(item.source, reading, shelf.sha256(data), TARGET)
    document = questions.attach(document, questions.load(item.questions, item.source.id))
    if not document.passages:
        raise UnreadableError("nothing to read in it", file=item.original.name, why="no_text")
    _remember(item.source.id, library, encoder)
    tell = progress or (lambda *_: None)
    tell(item.source.id, 0, sum(len(window_places(passage)) for passage in document.passages))
    windows = embed_windows(document, cast(Encoder, encoder), lambda done: tell(item.source.id, done, 0))
    return Prepared(document, windows, signature, item.ordinal)


def ingest(item: Item, library: Library, encoder: LazyEncoder, progress: Progress | None = None) -> Document | None:
    """Bring the library to the state of one document; None if it is there already.

    Raises what `prepare` raises, LibraryBusyError, and ModelMismatchError where vectors of two models would mix.
    """
    stored = library.embedding_model()
    if stored not in (None, encoder.name) and library.signatures():
        raise ModelMismatchError("the library has another model's vectors", model=encoder.name, stored=stored)
    prepared = prepare(item, library, encoder, progress)
    if prepared is None:
        return None
    _commit(prepared, library, encoder)
    return prepared.document


def build(settings: Settings, library: Library, encoder: LazyEncoder, progress: Progress | None = None) -> Report:
    """Make the library equal to the corpus without what was withdrawn, plus what editors added.

    Raises ManifestError before anything is done, ModelError and LibraryBusyError; other failures are in the report.
    """
    report = Report()
    items = shelf.corpus_items(settings)
    added, unreadable = shelf.added_items(settings)
    report.failed.extend(unreadable)
    withdrawn = library.withdrawn()
    wanted = [item for item in (*items, *added) if item.source.id not in withdrawn]
    _discard_orphans(wanted, library, report)
    another_model = library.embedding_model() not in (None, encoder.name) and bool(library.signatures())
    ready: list[Prepared] = []
    for item in wanted:
        try:
            prepared = prepare(item, library, encoder, progress)
        except ModelError:
            raise  # none of the others could be embedded either
        except WelwijzerError as error:
            report.failed.append((item.source.id, error))
            continue
        if prepared is None:
            report.unchanged.append(item.source.id)
        elif another_model:
            ready.append(prepared)
        else:
            _commit(prepared, library, encoder)
            report.taken_in.append(item.source.id)
    if ready:
        _change_model(ready, library, encoder, report)
    if report.taken_in or report.removed or not settings.chroma_path.exists():
        follow(settings, library)
    return report


def remove(source_id: str, settings: Settings, library: Library) -> None:
    """Take a document out: an added one wholly, one of the corpus so that `build` leaves it out. UnknownSourceError."""
    added = source_id in {folder.name for folder in shelf.added_folders(settings)}
    if source_id in library.signatures():
        origin = library.document(source_id).source.origin
        library.remove(source_id, withdraw=origin == "corpus")
        follow(settings, library)
    elif not added:
        raise UnknownSourceError(f"no source {source_id!r}", id=source_id)
    if added:
        shelf.take_off(settings, source_id)


def follow(settings: Settings, library: Library) -> None:
    """Bring the vector index to the library's state; where another process owns it, that one follows by itself."""
    # imports chromadb (0.7 s), so only after something changed
    from assistant.vectors import VectorIndex

    VectorIndex.open(settings.chroma_path, library).close()


def _commit(prepared: Prepared, library: Library, encoder: LazyEncoder) -> None:
    library.replace(prepared.document, prepared.windows, prepared.signature, encoder.name, prepared.ordinal)


def _remember(source_id: str, library: Library, encoder: LazyEncoder) -> None:
    """Let the encoder reuse the vectors of this document's unchanged texts."""
    known = {}
    if same_vectors(library.signature(source_id), encoder.name):
        held = library.document(source_id)
        texts = {place.id: place.text for passage in held.passages for place in window_places(passage)}
        known = {texts[window.id]: window.vector for window in library.windows(source_id) if window.id in texts}
    encoder.remember(known)


def _discard_orphans(wanted: list[Item], library: Library, report: Report) -> None:
    """Take out documents of the corpus that the manifest no longer names; added ones stay, whatever happened."""
    names = {item.source.id for item in wanted}
    for source in library.sources():
        if source.origin == "corpus" and source.id not in names:
            library.remove(source.id)
            report.removed.append(source.id)


def _change_model(ready: list[Prepared], library: Library, encoder: LazyEncoder, report: Report) -> None:
    """Exchange all documents at once, now that all new vectors are there: those of two models must never mix."""
    for source_id in library.signatures():
        library.remove(source_id)
    for prepared in ready:
        _commit(prepared, library, encoder)
        report.taken_in.append(prepared.document.source.id)
