"""The truth, in SQL: sources, stored texts, passages and their vectors. Everything else can be rebuilt from it.

Replacing a document is one transaction that also raises the generation number, so a reader sees the old or the new
version and never half. SQLite in WAL mode: readers never wait for the writer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout

from assistant.errors import LibraryBusyError, LibraryError, UnknownSourceError
from assistant.rows import passage_of, passage_row, source_of, source_row, window_of, window_row
from assistant.types import Change, Document, Page, Passage, Section, Source, Window

SCHEMA_VERSION = "1"
WRITER_WAIT_SECONDS = 10.0

_metadata = sa.MetaData()
_meta = sa.Table(
    "meta", _metadata, sa.Column("key", sa.String, primary_key=True), sa.Column("value", sa.String, nullable=False)
)
_sources = sa.Table(
    "sources",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("original_sha256", sa.String(64), nullable=False),
    sa.Column("signature", sa.String(64), nullable=False),
    sa.Column("structure", sa.Text, nullable=False),
    sa.Column("page_count", sa.Integer, nullable=False),
)
_passages = sa.Table(
    "passages",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("source", sa.String, sa.ForeignKey("sources.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
)
_windows = sa.Table(
    "windows",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("passage", sa.String, sa.ForeignKey("passages.id", ondelete="CASCADE"), nullable=False),
    sa.Column("source", sa.String, nullable=False, index=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
_withdrawn = sa.Table("withdrawn", _metadata, sa.Column("id", sa.String, primary_key=True))
_ALL_WINDOWS = sa.select(_windows).order_by(_windows.c.source, _windows.c.start, _windows.c.id)


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


class Library:
    """Reads and writes the library database. Safe to share between threads; one writer at a time over all processes."""

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self._engine = engine
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Library:
        """Open or create the library at `path`. Raises LibraryError when it can't be read or has another schema."""
        library = cls(_engine(path), path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.is_file() and path.stat().st_size == 0:
                _create(path)
            schema = library._value("schema")
        except (sa.exc.DatabaseError, OSError) as error:
            raise LibraryError(f"cannot open the library at {path}: {error}", path=str(path)) from error
        if schema != SCHEMA_VERSION:
            raise LibraryError(f"library schema {schema}, expected {SCHEMA_VERSION}", path=str(path))
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
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_sources.c.record).order_by(_sources.c.ordinal, _sources.c.id))
            return tuple(source_of(row.record) for row in rows)

    def withdrawn(self) -> frozenset[str]:
        """Ids of corpus documents that an editor took out and that `build` must not bring back."""
        with self._engine.connect() as connection:
            return frozenset(row.id for row in connection.execute(sa.select(_withdrawn.c.id)))

    def signatures(self) -> dict[str, str]:
        """Per source id the hash of everything that went into its ingestion."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_sources.c.id, _sources.c.signature))
            return {row.id: row.signature for row in rows}

    def signature(self, source_id: str) -> str | None:
        """The stored signature of one source, None if it is not in the library."""
        return self.signatures().get(source_id)

    def statuses(self) -> tuple[SourceStatus, ...]:
        """One record per source with its counts and warnings."""
        passages = sa.select(sa.func.count()).where(_passages.c.source == _sources.c.id).scalar_subquery()
        windows = sa.select(sa.func.count()).where(_windows.c.source == _sources.c.id).scalar_subquery()
        query = sa.select(_sources, passages.label("passages"), windows.label("windows"))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(_sources.c.ordinal, _sources.c.id)).all()
        return tuple(_status(row) for row in rows)

    def document(self, source_id: str) -> Document:
        """Everything of one source. Raises UnknownSourceError."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(_sources).where(_sources.c.id == source_id)).first()
            if row is None:
                raise UnknownSourceError(f"no source {source_id!r}", id=source_id)
            return _document(connection, row)

    def passages(self) -> tuple[Passage, ...]:
        """All passages, by source and place."""
        with self._engine.connect() as connection:
            return _all_passages(connection)

    def windows(self, source_id: str | None = None) -> tuple[Window, ...]:
        """All vectors (or those of one source) with what they stand for."""
        query = _ALL_WINDOWS if source_id is None else _ALL_WINDOWS.where(_windows.c.source == source_id)
        with self._engine.connect() as connection:
            return tuple(window_of(row) for row in connection.execute(query))

    def snapshot(self) -> tuple[int, tuple[Document, ...], tuple[Window, ...]]:
        """Generation, documents and windows of one and the same moment, for whoever derives an index from them."""
        with self._engine.connect() as connection:
            generation = int(_get(connection, "generation") or 0)
            rows = connection.execute(sa.select(_sources).order_by(_sources.c.ordinal, _sources.c.id)).all()
            documents = tuple(_document(connection, row) for row in rows)
            windows = tuple(window_of(row) for row in connection.execute(_ALL_WINDOWS))
        return generation, documents, windows

    # writing

    @contextmanager
    def writer(self) -> Iterator[None]:
        """Hold the one-writer lock over all processes. Raises LibraryBusyError with the owner's process id."""
        lock = FileLock(self._path.with_suffix(".lock"))
        owner_file = self._path.with_suffix(".owner")
        try:
            lock.acquire(timeout=WRITER_WAIT_SECONDS)
        except Timeout as error:
            owner = owner_file.read_text() if owner_file.exists() else ""
            raise LibraryBusyError(f"process {owner or '?'} is writing", owner=owner) from error
        try:
            owner_file.write_text(str(os.getpid()))
            yield
        finally:
            owner_file.unlink(missing_ok=True)
            lock.release()

    def replace(
        self, document: Document, windows: Sequence[Window], signature: str, model: str, ordinal: int = 0
    ) -> None:
        """Put in a document, or its new version, in one transaction."""
        with self.writer(), self._change() as connection:
            connection.execute(sa.delete(_sources).where(_sources.c.id == document.source.id))
            connection.execute(sa.delete(_withdrawn).where(_withdrawn.c.id == document.source.id))
            connection.execute(sa.insert(_sources), source_row(document, signature, ordinal))
            if document.passages:
                connection.execute(sa.insert(_passages), [passage_row(p) for p in document.passages])
            if windows:
                connection.execute(sa.insert(_windows), [window_row(w) for w in windows])
            _set(connection, "embedding_model", model)

    def remove(self, source_id: str, withdraw: bool = False) -> None:
        """Take a source out with its passages and vectors; `withdraw` records that `build` must leave it out."""
        with self.writer(), self._change() as connection:
            gone = connection.execute(sa.delete(_sources).where(_sources.c.id == source_id)).rowcount
            if not gone:
                raise UnknownSourceError(f"no source {source_id!r}", id=source_id)
            if withdraw:
                connection.execute(sa.insert(_withdrawn), {"id": source_id})

    def restore(self, source_id: str) -> None:
        """Forget that a corpus document was withdrawn; the next `build` takes it in again."""
        with self.writer(), self._change() as connection:
            connection.execute(sa.delete(_withdrawn).where(_withdrawn.c.id == source_id))

    @contextmanager
    def _change(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
                _set(connection, "generation", str(int(_get(connection, "generation") or 0) + 1))
        except sa.exc.OperationalError as error:
            raise LibraryError(f"cannot write the library: {error}", path=str(self._path)) from error

    def _value(self, key: str) -> str | None:
        with self._engine.connect() as connection:
            return _get(connection, key)


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    sa.event.listen(engine, "connect", _pragmas)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _create(path: Path) -> None:
    """Make an empty library beside its place and move it there: two processes may start at the same moment."""
    with FileLock(path.with_suffix(".lock"), timeout=WRITER_WAIT_SECONDS):
        if path.exists() and path.stat().st_size:
            return
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        engine = _engine(fresh)
        with engine.begin() as connection:
            _metadata.create_all(connection)
            _set(connection, "schema", SCHEMA_VERSION)
        engine.dispose()
        fresh.replace(path)


def _pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the DBAPI connection has no common type
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # what is removed leaves no text behind in free pages
    # the driver begins no transaction for reading, by which two reads would see two moments; `_begin` does
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _get(connection: sa.Connection, key: str) -> str | None:
    value: str | None = connection.execute(sa.select(_meta.c.value).where(_meta.c.key == key)).scalar()
    return value


def _set(connection: sa.Connection, key: str, value: str) -> None:
    connection.execute(sa.delete(_meta).where(_meta.c.key == key))
    connection.execute(sa.insert(_meta), {"key": key, "value": value})


def _document(connection: sa.Connection, row: Any) -> Document:  # noqa: ANN401 - SQLAlchemy's Row is untyped here
    query = sa.select(_passages.c.record).where(_passages.c.source == row.id).order_by(_passages.c.ordinal)
    structure = json.loads(row.structure)
    return Document(
        source=source_of(row.record),
        text=row.text,
        version=row.version,
        original_sha256=row.original_sha256,
        pages=tuple(Page(**page) for page in structure["pages"]),
        sections=tuple(Section(**(s | {"path": tuple(s["path"])})) for s in structure["sections"]),
        passages=tuple(passage_of(r.record) for r in connection.execute(query)),
        changes=tuple(Change(**change) for change in structure["changes"]),
        warnings=tuple(structure["warnings"]),
    )


def _all_passages(connection: sa.Connection) -> tuple[Passage, ...]:
    join = _passages.join(_sources)
    query = sa.select(_passages.c.record).select_from(join)
    query = query.order_by(_sources.c.ordinal, _sources.c.id, _passages.c.ordinal)
    return tuple(passage_of(row.record) for row in connection.execute(query))


def _status(row: Any) -> SourceStatus:  # noqa: ANN401 - SQLAlchemy's Row is untyped here
    title = json.loads(row.record)["title"]
    warnings = tuple(json.loads(row.structure)["warnings"])
    origin = json.loads(row.record)["origin"]
    return SourceStatus(row.id, title, row.version, origin, row.page_count, row.passages, row.windows, warnings)
