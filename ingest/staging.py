"""Changes to the shelf and the library that are whole or not there, also when the process is killed between the two.

The library's commit decides. A folder of the shelf that comes or goes lies in a place of its own beside the shelf until
the library knows; then one rule settles it, in the same process or in the next command after a kill: a folder whose
document the library holds in just this state belongs on the shelf, any other is thrown away.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import LibraryBusyError, LibraryError, UnknownSourceError, WelwijzerError
from assistant.library import Library
from assistant.settings import Settings
from ingest import shelf

log = logging.getLogger(__name__)

_ROOT = ".staging"
_LOCK = "lock"  # held by the process whose place it is
_OUT = ".out"
WITHDRAWN = "withdrawn.txt"


@contextmanager
def staged(settings: Settings, library: Library) -> Iterator[Path]:
    """Give an empty place for folders named by their documents' ids; what lies there in the end is settled.

    Raises IngestError where the data folder can't be written, LibraryBusyError.
    """
    recover(settings, library)
    with own_place(settings, library) as place:
        yield place
        with library.writer():
            settle(settings, library, place)


@contextmanager
def own_place(settings: Settings, library: Library) -> Iterator[Path]:
    """Give an empty folder that goes when the block ends, or else with the next command. Raises as `staged` does."""
    place = settings.data / _ROOT / os.urandom(6).hex()
    lock = FileLock(place / _LOCK)
    with library.writer(), shelf.writing(settings):
        try:
            place.mkdir(parents=True)
            lock.acquire(timeout=0)
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise
    try:
        yield place
    except BaseException:
        lock.release()
        with contextlib.suppress(WelwijzerError):  # then the next command does it
            recover(settings, library)
        raise
    with library.writer():
        _clear(place)
    lock.release()


def staged_ids(settings: Settings) -> set[str]:
    """Ids that are taken by documents on their way."""
    return {folder.name for folder in (settings.data / _ROOT).glob("*/*") if folder.is_dir()}


def settle(settings: Settings, library: Library, place: Path) -> None:
    """Put on the shelf what the library holds; the caller has the writer's lock and clears the rest away."""
    for folder in sorted(p for p in place.iterdir() if p.is_dir() and not p.name.startswith(".")):
        if not _held(library, folder):
            continue
        target = settings.added_path / folder.name
        with shelf.writing(settings):
            settings.added_path.mkdir(exist_ok=True)
            if target.exists():
                target.rename(place / _OUT)
            folder.rename(target)
        shutil.rmtree(place / _OUT, ignore_errors=True)


def recover(settings: Settings, library: Library) -> None:
    """Finish or undo what a killed process left behind, unless another process is writing just now."""
    root = settings.data / _ROOT
    owner = settings.library_path.with_suffix(".owner")
    try:
        if root.is_dir() or owner.exists() or _recorded(settings) != library.withdrawn():
            with library.writer(wait_seconds=0):
                for place in sorted(root.iterdir()) if root.is_dir() else ():
                    _recover(settings, library, place)
                _clear_root(root)
                record_withdrawn(settings, library)
    except LibraryBusyError:
        return
    except OSError:
        log.warning("cannot clear up in %s", settings.data, exc_info=True)


def record_withdrawn(settings: Settings, library: Library) -> None:
    """Keep the ids of withdrawn documents beside the library as well: a library made anew knows them from there."""
    recorded, held = _recorded(settings), library.withdrawn()
    if recorded and not library.generation():
        library.withdraw(sorted(recorded))
    elif recorded != held:
        path = settings.data / WITHDRAWN
        fresh = path.with_suffix(".new")
        try:
            fresh.write_text("".join(f"{name}\n" for name in sorted(held)), encoding="utf-8")
            fresh.replace(path)
        except OSError:
            log.warning("cannot write %s; the next command tries again", path, exc_info=True)


def known_withdrawn(settings: Settings, library: Library) -> frozenset[str]:
    """Ids of withdrawn documents, also where the library can't be read."""
    with contextlib.suppress(LibraryError):
        return library.withdrawn()
    return _recorded(settings)


def _recorded(settings: Settings) -> frozenset[str]:
    path = settings.data / WITHDRAWN
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()


def _recover(settings: Settings, library: Library, place: Path) -> None:
    lock = FileLock(place / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return  # its process is at work
    try:
        settle(settings, library, place)
        _clear(place)
    finally:
        lock.release()


def _clear(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    _clear_root(place.parent)


def _clear_root(root: Path) -> None:
    """Take the folder of the places away once it is empty; a kill may have come just before."""
    if root.is_dir() and not any(root.iterdir()):
        root.rmdir()


def _held(library: Library, folder: Path) -> bool:
    """Whether the library holds this folder's document, with this entry and this original."""
    try:
        item = shelf.added_item(folder)
        digest = shelf.sha256(item.content())
        held = library.document(item.source.id)
    except UnknownSourceError:
        return False
    except LibraryError:
        raise
    except WelwijzerError:
        return False  # a folder that was not written to its end
    return held.source == replace(item.source, origin="added") and held.original_sha256 == digest
