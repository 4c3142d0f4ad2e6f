"""The truth, in SQL: sources, stored texts, passages and their vectors. Everything else can be rebuilt from it.

Replacing a document is one transaction that also raises the generation number, so a reader sees the old or the new
version and never half. The file itself, its tables and its failures: `database.py`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout

from assistant import database, rows
from assistant.database import passages as _passages
from assistant.database import sources as _sources
from assistant.database import windows as _windows
from assistant.database import withdrawn as _withdrawn
from assistant.errors import LibraryBusyError, LibraryError, UnknownSourceError
from assistant.types import Change, Document, Page, Passage, Section, Source, Window

WRITER_WAIT_SECONDS = 10.0

_ALL_WINDOWS = sa.select(_windows).order_by(_windows.c.source, _windows.c.start, _windows.c.id)
_DIGEST = "digest:"  # with a source's id: the key in `meta` of the hash over its rows


@dataclass(frozen=True, slots=True)
class Entry:
    """A document ready to be put in: with its vectors, the hash of all that it was made of, and its place in the order."""

    document: Document
    windows: Sequence[Window]
    signature: str
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One line of `ingest status`."""

    id: str
    title: str
    version: str
    origin: str
    pages: int
    passages: int
    windows: int
    warnings: tuple[str, ...]
    superseded_by: str | None = None
    superseded_on: str | None = None


class Library:
    """Reads and writes the library database. Safe to share between threads; one writer at a time over all processes.

    Whatever is done with it raises LibraryError where the file can't be used and LibraryDamagedError where its content
    is not what was written.
    """

    def __init__(self, path: Path) -> None:
        """Name a library without looking at its file, for who puts another in its place; else `open` it."""
        self._path = path
        self._engine = database.engine(path)
        self._lock = FileLock(path.with_suffix(".lock"))
        self._owner = path.with_suffix(".owner")
        self._inode = 0

    @classmethod
    def open(cls, path: Path) -> Library:
        """Open or create the library at `path`. Raises LibraryError when it can't be read or has another schema."""
        library = cls(path)
        with database.failures(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.is_file() and path.stat().st_size == 0:
                database.create(path, WRITER_WAIT_SECONDS)
        schema = library._value("schema")
        if schema != database.SCHEMA_VERSION:
            raise LibraryError(f"library schema {schema}, expected {database.SCHEMA_VERSION}", path=str(path))
        return library

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    # reading

    def generation(self) -> int:
        """How many changes were committed; derived indexes carry the number they were built from."""
        return int(self._value("generation") or 0)

    def embedding_model(self) -> str | None:
        """Name of the model that made the stored vectors, None while there are none."""
        return self._value("embedding_model")

    def sources(self) -> tuple[Source, ...]:
        """All sources, in manifest order, added ones last."""
        with self._reading() as connection:
            found = connection.execute(sa.select(_sources.c.record).order_by(_sources.c.ordinal, _sources.c.id))
            return tuple(rows.source_of(row.record) for row in found)

    def withdrawn(self) -> frozenset[str]:
        """Ids of corpus documents that an editor took out and that `build` must not bring back."""
        with self._reading() as connection:
            return frozenset(row.id for row in connection.execute(sa.select(_withdrawn.c.id)))

    def signatures(self) -> dict[str, str]:
        """Per source id the hash of everything that went into its ingestion."""
        with self._reading() as connection:
            found = connection.execute(sa.select(_sources.c.id, _sources.c.signature))
            return {row.id: row.signature for row in found}

    def signature(self, source_id: str) -> str | None:
        """The stored signature of one source, None if it is not in the library."""
        return self.signatures().get(source_id)

    def statuses(self) -> tuple[SourceStatus, ...]:
        """One record per source with its counts and warnings."""
        passages = sa.select(sa.func.count()).where(_passages.c.source == _sources.c.id).scalar_subquery()
        windows = sa.select(sa.func.count()).where(_windows.c.source == _sources.c.id).scalar_subquery()
        query = sa.select(_sources, passages.label("passages"), windows.label("windows"))
        with self._reading() as connection:
            found = connection.execute(query.order_by(_sources.c.ordinal, _sources.c.id)).all()
            return tuple(_status(row) for row in found)

    def document(self, source_id: str) -> Document:
        """Everything of one source. Raises UnknownSourceError."""
        with self._reading() as connection:
            row = connection.execute(sa.select(_sources).where(_sources.c.id == source_id)).first()
            if row is None:
                raise UnknownSourceError(f"no source {source_id!r}", id=source_id)
            return _document(connection, row)

    def passages(self) -> tuple[Passage, ...]:
        """All passages, by source and place."""
        with self._reading() as connection:
            return _all_passages(connection)

    def windows(self, source_id: str | None = None) -> tuple[Window, ...]:
        """All vectors (or those of one source) with what they stand for."""
        query = _ALL_WINDOWS if source_id is None else _ALL_WINDOWS.where(_windows.c.source == source_id)
        with self._reading() as connection:
            return tuple(rows.window_of(row) for row in connection.execute(query))

    def snapshot(self) -> tuple[int, tuple[Document, ...], tuple[Window, ...]]:
        """Generation, documents and windows of one and the same moment, for whoever derives an index from them."""
        with self._reading() as connection:
            generation = int(database.get(connection, "generation") or 0)
            found = connection.execute(sa.select(_sources).order_by(_sources.c.ordinal, _sources.c.id)).all()
            documents = tuple(_document(connection, row) for row in found)
            windows = tuple(rows.window_of(row) for row in connection.execute(_ALL_WINDOWS))
        return generation, documents, windows

    # writing

    @contextmanager
    def writer(self, wait_seconds: float | None = None) -> Iterator[None]:
        """Hold the one-writer lock over all processes; a thread that holds it may take it again.

        Raises LibraryBusyError with the owner's process id.
        """
        outermost = not self._lock.is_locked
        with database.failures(self._path):
            try:
                self._lock.acquire(timeout=WRITER_WAIT_SECONDS if wait_seconds is None else wait_seconds)
            except Timeout as error:
                owner = (self._owner.read_text() if self._owner.exists() else "") or "?"
                raise LibraryBusyError(f"process {owner} is writing", owner=owner) from error
        try:
            if outermost:
                with database.failures(self._path):
                    self._owner.write_text(str(os.getpid()))
            yield
        finally:
            if outermost:
                self._owner.unlink(missing_ok=True)
            self._lock.release()

    def replace(
        self, document: Document, windows: Sequence[Window], signature: str, model: str, ordinal: int = 0
    ) -> None:
        """Put in a document, or its new version, in one transaction."""
        with self._change() as connection:
            _take_out(connection, document.source.id)
            _put_in(connection, Entry(document, windows, signature, ordinal))
            database.put(connection, "embedding_model", model)

    def exchange(self, entries: Iterable[Entry], model: str) -> None:
        """Put these in the place of all that the library holds, in one transaction: vectors of two models never mix."""
        with self._change() as connection:
            for row in connection.execute(sa.select(_sources.c.id)).all():
                _take_out(connection, row.id)
            for entry in entries:
                _put_in(connection, entry)
            database.put(connection, "embedding_model", model)

    def remove(self, source_id: str, withdraw: bool = False) -> None:
        """Take a source out with its passages and vectors; `withdraw` records that `build` must leave it out."""
        with self._change() as connection:
            if not _take_out(connection, source_id):
                raise UnknownSourceError(f"no source {source_id!r}", id=source_id)
            if withdraw:
                connection.execute(sa.insert(_withdrawn), {"id": source_id})

    def restore(self, source_id: str) -> None:
        """Forget that a corpus document was withdrawn; the next `build` takes it in again."""
        with self._change() as connection:
            connection.execute(sa.delete(_withdrawn).where(_withdrawn.c.id == source_id))

    def withdraw(self, source_ids: Iterable[str]) -> None:
        """Record documents of the corpus that `build` must leave out."""
        with self._change() as connection:
            for source_id in source_ids:
                connection.execute(sa.delete(_withdrawn).where(_withdrawn.c.id == source_id))
                connection.execute(sa.insert(_withdrawn), {"id": source_id})

    def take_over(self, fresh: Library) -> None:
        """Become what `fresh`, a library just built, holds, in one step and with a generation not seen before."""
        with self.writer():
            try:
                last = self.generation()
            except LibraryError:
                last = int(time.time())  # larger than any count of changes
            with fresh._change() as connection:
                database.put(connection, "generation", str(last))
            fresh.close()
            self.close()
            database.copy_over(fresh._path, self._path)

    # soundness

    def damage(self) -> list[str]:
        """What is wrong with the file, and the sources whose rows are not what was written; empty when all is well."""
        try:
            with self._reading() as connection:
                return database.unsound(connection) or [
                    f"source {row.id}"
                    for row in connection.execute(sa.select(_sources)).all()
                    if _altered(connection, row)
                ]
        except LibraryError as error:
            return [str(error)]

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with database.failures(self._path), database.unreadable_rows(self._path):
            inode = self._path.stat().st_ino
            if inode != self._inode:  # another file was put in the place of the one that is open
                self._engine.dispose()
                self._inode = inode
            with self._engine.connect() as connection:
                yield connection

    @contextmanager
    def _change(self) -> Iterator[sa.Connection]:
        with self.writer(), database.failures(self._path), self._engine.begin() as connection:
            yield connection
            database.put(connection, "generation", str(int(database.get(connection, "generation") or 0) + 1))

    def _value(self, key: str) -> str | None:
        with self._reading() as connection:
            return database.get(connection, key)


def _put_in(connection: sa.Connection, entry: Entry) -> None:
    document = entry.document
    connection.execute(sa.delete(_withdrawn).where(_withdrawn.c.id == document.source.id))
    source = rows.source_row(document, entry.signature, entry.ordinal)
    held = [rows.passage_row(passage) for passage in document.passages]
    vectors = [rows.window_row(window) for window in entry.windows]
    connection.execute(sa.insert(_sources), source)
    if held:
        connection.execute(sa.insert(_passages), held)
    if vectors:
        connection.execute(sa.insert(_windows), vectors)
    database.put(connection, _DIGEST + document.source.id, rows.digest(source, held, vectors))


def _take_out(connection: sa.Connection, source_id: str) -> bool:
    """Delete a source with all that hangs on it, and tell whether there was one."""
    database.put(connection, _DIGEST + source_id, None)
    return bool(connection.execute(sa.delete(_sources).where(_sources.c.id == source_id)).rowcount)


def _altered(connection: sa.Connection, source: Any) -> bool:  # noqa: ANN401 - SQLAlchemy's Row is untyped here
    """Whether the rows of a source are others than were written."""
    held = connection.execute(sa.select(_passages).where(_passages.c.source == source.id)).mappings().all()
    vectors = connection.execute(sa.select(_windows).where(_windows.c.source == source.id)).mappings().all()
    written = database.get(connection, _DIGEST + source.id)  # None where an earlier version of the product wrote it
    return written is not None and written != rows.digest(source._mapping, held, vectors)


def _document(connection: sa.Connection, row: Any) -> Document:  # noqa: ANN401 - SQLAlchemy's Row is untyped here
    query = sa.select(_passages.c.record).where(_passages.c.source == row.id).order_by(_passages.c.ordinal)
    structure = json.loads(row.structure)
    return Document(
        source=rows.source_of(row.record),
        text=row.text,
        version=row.version,
        original_sha256=row.original_sha256,
        pages=tuple(Page(**page) for page in structure["pages"]),
        sections=tuple(Section(**(s | {"path": tuple(s["path"])})) for s in structure["sections"]),
        passages=tuple(rows.passage_of(r.record) for r in connection.execute(query)),
        changes=tuple(Change(**change) for change in structure["changes"]),
        warnings=tuple(structure["warnings"]),
    )


def _all_passages(connection: sa.Connection) -> tuple[Passage, ...]:
    join = _passages.join(_sources)
    query = sa.select(_passages.c.record).select_from(join)
    query = query.order_by(_sources.c.ordinal, _sources.c.id, _passages.c.ordinal)
    return tuple(rows.passage_of(row.record) for row in connection.execute(query))


def _status(row: Any) -> SourceStatus:  # noqa: ANN401 - SQLAlchemy's Row is untyped here
    source = rows.source_of(row.record)
    warnings = tuple(json.loads(row.structure)["warnings"])
    return SourceStatus(
        row.id,
        source.title,
        row.version,
        source.origin,
        row.page_count,
        row.passages,
        row.windows,
        warnings,
        source.superseded_by,
        source.superseded_on,
    )
