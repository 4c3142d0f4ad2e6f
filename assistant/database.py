"""The library's SQLite file: its tables, how it is opened, what its failures mean, and how another takes its place.

WAL with synchronous=NORMAL: readers never wait for the writer, and a process killed at any moment loses no commit and
leaves no half one. What NORMAL gives up is the last commits before a power cut, never the soundness of the file; they
can be made anew from the originals.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock

from assistant.errors import LibraryDamagedError, LibraryError

SCHEMA_VERSION = "1"
_BUSY_SECONDS = 30  # how long a statement waits for SQLite's own locks, held for milliseconds

metadata = sa.MetaData()
meta = sa.Table(
    "meta", metadata, sa.Column("key", sa.String, primary_key=True), sa.Column("value", sa.String, nullable=False)
)
sources = sa.Table(
    "sources",
    metadata,
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
passages = sa.Table(
    "passages",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("source", sa.String, sa.ForeignKey("sources.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
)
windows = sa.Table(
    "windows",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("passage", sa.String, sa.ForeignKey("passages.id", ondelete="CASCADE"), nullable=False),
    sa.Column("source", sa.String, nullable=False, index=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
withdrawn = sa.Table("withdrawn", metadata, sa.Column("id", sa.String, primary_key=True))


def engine(path: Path) -> sa.Engine:
    """Connections to the file at `path`, each with our pragmas."""
    made = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": _BUSY_SECONDS})
    sa.event.listen(made, "connect", _pragmas)
    sa.event.listen(made, "begin", _begin)
    return made


def create(path: Path, wait_seconds: float) -> None:
    """Make an empty library beside its place and move it there: two processes may start at the same moment."""
    with FileLock(path.with_suffix(".lock"), timeout=wait_seconds):
        if path.exists() and path.stat().st_size:
            return
        fresh = path.with_suffix(".new")
        _discard(fresh)  # of a process that was killed here
        made = engine(fresh)
        with made.begin() as connection:
            metadata.create_all(connection)
            put(connection, "schema", SCHEMA_VERSION)
        made.dispose()
        _put_away_log(path)
        fresh.replace(path)


@contextmanager
def failures(path: Path) -> Iterator[None]:
    """What SQLite or the file system says as LibraryError; LibraryDamagedError where the content makes no sense."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise  # our own mistake
    except sa.exc.DatabaseError as error:
        # without a name: what sqlite3 itself could not make out of a row
        name = str(getattr(error.orig, "sqlite_errorname", "SQLITE_CORRUPT"))
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR")):
            raise LibraryDamagedError(f"the library at {path} is damaged: {error}", path=str(path)) from error
        if name.startswith("SQLITE_FULL"):
            raise LibraryError(f"no room to write {path}: {error}", path=str(path), why="full") from error
        raise LibraryError(f"cannot use the library at {path}: {error}", path=str(path)) from error
    except OSError as error:
        raise LibraryError(f"cannot use the library at {path}: {error}", path=str(path)) from error


@contextmanager
def unreadable_rows(path: Path) -> Iterator[None]:
    """A row of which no record can be made as LibraryDamagedError."""
    try:
        yield
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise LibraryDamagedError(f"the library at {path} is damaged: {error}", path=str(path)) from error


def unsound(connection: sa.Connection) -> list[str]:
    """What SQLite finds wrong with the file itself; empty when all is well."""
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    return [] if found == ["ok"] else found


def copy_over(fresh: Path, path: Path) -> None:
    """Put all content of the closed database at `fresh` in the place of that at `path`, in one step.

    By SQLite's own copying where it can: who has the file open sees the old content or the new. Where the old file is
    no database any more nobody can read it, and it is exchanged. Raises LibraryError.
    """
    with failures(path):
        try:
            with (
                contextlib.closing(sqlite3.connect(fresh)) as source,
                contextlib.closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as target,
            ):
                source.backup(target)
                if target.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                    return
        except sqlite3.DatabaseError as error:
            if not str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                raise sa.exc.DatabaseError("copy", None, error) from error
        _put_away_log(path)
        fresh.replace(path)


def get(connection: sa.Connection, key: str) -> str | None:
    """A value of the table `meta`."""
    value: str | None = connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar()
    return value


def put(connection: sa.Connection, key: str, value: str | None) -> None:
    """Set a value of the table `meta`, or take it out."""
    connection.execute(sa.delete(meta).where(meta.c.key == key))
    if value is not None:
        connection.execute(sa.insert(meta), {"key": key, "value": value})


def _pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the DBAPI connection has no common type
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # what is removed leaves no text behind in free pages
    # the driver begins no transaction for reading, by which two reads would see two moments; `_begin` does
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)
    _put_away_log(path)


def _put_away_log(path: Path) -> None:
    """A log that was left behind would be played into the next file of that name."""
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
