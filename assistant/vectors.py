"""Nearest windows by Chroma, the only file that knows Chroma. Derived from the library and never the truth.

Chroma is not safe between processes and can lose vectors without an error, so: one process owns the folder (an OS
lock); others search the library's vectors exactly. The index carries the state it was built from, has none while it is
written, and is rebuilt whenever it does not agree with the library. Where Chroma fails, exact search answers.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from assistant import index_state
from assistant.errors import IndexingError
from assistant.index_state import IndexState
from assistant.library import Library
from assistant.types import Window

log = logging.getLogger(__name__)

# text and stored questions apart: searching one collection by a filter on its metadata takes 14 ms for both, two 5 ms
COLLECTION = "windows"
QUESTIONS = "questions"
BATCH = 200  # Chroma takes at most 5,461 rows a call; 50..250 is comfortable
# With Chroma's own widths (16 neighbours, search 100) one in four questions got another list of 150 neighbours in another
# process, and 15 of 498 evaluation questions another order of passages. With these every list equals that of exact search.
HNSW = {"space": "l2", "max_neighbors": 48, "ef_construction": 400, "ef_search": 1000}
SELF_DISTANCE = 1e-4  # squared L2 of a unit vector to its own stored copy, float32


_Collections = tuple[Any, ...]  # Chroma's collections: that of text, that of questions


class VectorIndex:
    """Nearest windows of the library, through Chroma where this process owns it and exactly where it does not."""

    def __init__(self, folder: Path, library: Library) -> None:
        self._folder = folder
        self._library = library
        self._guard = threading.RLock()
        self._lock: FileLock | None = None
        self._client: Any = None
        self._collections: _Collections | None = None
        self._state: IndexState | None = None
        self._ids: list[str] = []
        self._row: dict[str, int] = {}
        self._sources: np.ndarray = np.empty(0, dtype=object)
        self._questions: np.ndarray = np.empty(0, dtype=bool)
        self._matrix: np.ndarray = np.empty((0, 0), dtype=np.float32)
        self._generation = -1

    @classmethod
    def open(cls, folder: Path, library: Library) -> VectorIndex:
        """Take ownership of the folder if no other process has it, and follow the library."""
        index = cls(folder, library)
        index._own()
        index.sync()
        return index

    @property
    def through_chroma(self) -> bool:
        """Whether questions are answered by Chroma (True) or by exact search over the library's vectors."""
        return self._collections is not None

    def sync(self) -> None:
        """Bring the index to the library's present state; does nothing when it is there already."""
        with self._guard:
            if self._library.generation() == self._generation:
                return
            generation, _, windows = self._library.snapshot()
            if self._lock is not None:
                self._follow(windows)
            self._remember(windows, generation)

    def nearest(
        self, vector: np.ndarray, k: int, sources: tuple[str, ...] = (), questions: bool = False
    ) -> list[tuple[str, float]]:
        """The `k` windows of text, or of stored questions, nearest to a unit vector: (window id, cosine similarity)."""
        with self._guard:
            if not self._ids:
                return []
            if self._collections is not None:
                try:
                    with _failures():
                        return self._approximate(vector, k, sources, questions)
                except IndexingError:
                    log.warning("Chroma failed on a question; searching exactly from now on", exc_info=True)
                    self._distrust()
            return self._exact(vector, k, sources, questions)

    def similarities(self, vector: np.ndarray, windows: Sequence[str]) -> np.ndarray:
        """The cosine of a unit vector with each of some windows, shape (len(windows),); 0 for one that is not there."""
        with self._guard:
            rows = [self._row.get(window, -1) for window in windows]
            found = self._matrix[rows] @ vector if self._ids and rows else np.zeros(len(rows), np.float32)
        return np.where(np.array(rows) >= 0, found, 0).astype(np.float32)

    def check(self) -> list[str]:
        """What is lost, doubled or stale: every window must be found by its own vector. Empty when all is well."""
        with self._guard:
            windows = self._library.windows()
            if self._collections is None:
                return [] if {w.id for w in windows} == set(self._ids) else ["exact search is behind the library"]
            try:
                with _failures():
                    return _problems(self._collections, windows)
            except IndexingError as error:
                self._distrust()
                return [str(error)]

    def close(self) -> None:
        """Let go of the folder so that another process can own it."""
        with self._guard:
            self._drop_client()
            if self._lock is not None:
                self._lock.release()
                self._lock = None
            self._generation = -1

    # owning and following

    def _own(self) -> None:
        lock = FileLock(self._folder / "owner.lock")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
            self._lock = lock
        except Timeout:
            log.info("another process owns the Chroma folder; searching the library's vectors exactly")
        except OSError:
            log.warning("the Chroma folder can't be used; searching the library's vectors exactly", exc_info=True)

    def _follow(self, windows: tuple[Window, ...]) -> None:
        """Make Chroma hold just `windows`: by small steps on a sound index, else built anew."""
        wanted = _by_source(windows, self._library.signatures(), self._library.embedding_model() or "")
        try:
            with _failures():
                if self._ready(windows, wanted):
                    return
        except IndexingError:
            log.warning("Chroma's index is not sound and is built anew", exc_info=True)
        try:
            with _failures():
                self._rebuild(windows, wanted)
        except IndexingError:
            log.error("Chroma can't be built; searching exactly", exc_info=True)
            self._drop_client()

    def _ready(self, windows: tuple[Window, ...], wanted: dict[str, str]) -> bool:
        """Whether the index that is there holds just `windows`, now that what had changed is changed in it."""
        if self._collections is None:
            self._state = IndexState.read(self._folder)
            if self._state is None:
                return False
            self._open_folder(self._folder / self._state.copy, create=False)
        have = self._state.sources if self._state else {}
        changed = {s for s in set(have) | set(wanted) if have.get(s) != wanted.get(s)}
        index_state.unfinished(self._folder)
        for source in sorted(changed & set(have)):
            for collection in self._collections or ():
                collection.delete(where={"source": source})
        fresh = tuple(w for w in windows if w.source in changed)
        _add(self._collections, fresh)
        if _count(self._collections) != len(windows) or _problems(self._collections, fresh, whole=False):
            return False
        self._finish(self._state.copy if self._state else "", wanted)
        return True

    def _rebuild(self, windows: tuple[Window, ...], wanted: dict[str, str]) -> None:
        self._drop_client()
        index_state.unfinished(self._folder)
        for old in self._folder.glob("copy-*"):
            shutil.rmtree(old, ignore_errors=True)
        name = f"copy-{os.urandom(6).hex()}"
        self._open_folder(self._folder / name, create=True)
        _add(self._collections, windows)
        problems = _problems(self._collections, windows)
        if problems:
            raise IndexingError(f"a fresh Chroma index is not sound: {problems[0]}")
        self._finish(name, wanted)

    def _finish(self, copy: str, sources: dict[str, str]) -> None:
        """Record what the index holds; also after opening it, by which Chroma changes its files a little."""
        self._state = IndexState(copy, sources, index_state.fingerprint(self._folder / copy))
        self._state.write(self._folder)

    def _distrust(self) -> None:
        """Search exactly until the index is built anew, by the next change or the next process."""
        self._drop_client()
        with contextlib.suppress(OSError):
            index_state.unfinished(self._folder)

    def _open_folder(self, folder: Path, create: bool) -> None:
        import chromadb  # 0.7 s to import, and not needed when nothing is searched or embedded

        settings = chromadb.config.Settings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(path=str(folder), settings=settings)
        if create:
            self._collections = tuple(
                self._client.create_collection(name, embedding_function=None, configuration={"hnsw": HNSW})
                for name in (COLLECTION, QUESTIONS)
            )
        else:
            self._collections = tuple(
                self._client.get_collection(name, embedding_function=None) for name in (COLLECTION, QUESTIONS)
            )

    def _drop_client(self) -> None:
        if self._client is not None:
            from chromadb.api.shared_system_client import SharedSystemClient

            # without this an open handle of the same path in this process would keep an old view
            SharedSystemClient.clear_system_cache()
        self._client = self._collections = None

    def _approximate(
        self, vector: np.ndarray, k: int, sources: tuple[str, ...], questions: bool
    ) -> list[tuple[str, float]]:
        count = min(k, int(np.count_nonzero(self._questions == questions)))
        if not count:
            return []
        where = {"source": {"$in": list(sources)}} if sources else None
        assert self._collections is not None  # the caller looked
        found = self._collections[questions].query(
            query_embeddings=[vector.tolist()], n_results=count, where=where, include=["distances"]
        )
        return _ordered((i, 1.0 - d / 2.0) for i, d in zip(found["ids"][0], found["distances"][0], strict=True))

    # exact search

    def _remember(self, windows: tuple[Window, ...], generation: int) -> None:
        self._ids = [w.id for w in windows]
        self._row = {window: row for row, window in enumerate(self._ids)}
        self._sources = np.array([w.source for w in windows], dtype=object)
        self._questions = np.array([w.of_question for w in windows], dtype=bool)
        self._matrix = np.stack([w.vector for w in windows]) if windows else np.empty((0, 0), dtype=np.float32)
        self._generation = generation

    def _exact(self, vector: np.ndarray, k: int, sources: tuple[str, ...], questions: bool) -> list[tuple[str, float]]:
        scores = np.where(self._questions == questions, self._matrix @ vector, -np.inf)
        if sources:
            scores = np.where(np.isin(self._sources, sources), scores, -np.inf)
        best = np.argsort(-scores, kind="stable")[:k]
        return _ordered((self._ids[i], float(scores[i])) for i in best if np.isfinite(scores[i]))


def _ordered(found: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Nearest first, the same way each time: windows with the same text lie equally near but for the last digit."""
    return sorted(((window, round(similarity, 6)) for window, similarity in found), key=lambda one: (-one[1], one[0]))


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """Whatever fails in Chroma as IndexingError; what its Rust code panics with is no `Exception`."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise IndexingError(f"Chroma: {type(error).__name__}: {error}") from error


def _by_source(windows: tuple[Window, ...], signatures: dict[str, str], model: str) -> dict[str, str]:
    return {source: f"{signatures.get(source, '')} {model}" for source in sorted({w.source for w in windows})}


def _add(collections: Any, windows: tuple[Window, ...]) -> None:  # noqa: ANN401 - Chroma's collections
    for of_question, batch in _batches(windows):
        collections[of_question].add(
            ids=[w.id for w in batch],
            embeddings=[w.vector.tolist() for w in batch],
            metadatas=[{"source": w.source} for w in batch],
        )


def _batches(windows: tuple[Window, ...]) -> Iterator[tuple[bool, tuple[Window, ...]]]:
    for of_question in (False, True):
        chosen = tuple(w for w in windows if w.of_question == of_question)
        for at in range(0, len(chosen), BATCH):
            yield of_question, chosen[at : at + BATCH]


def _count(collections: Any) -> int:  # noqa: ANN401
    return sum(int(collection.count()) for collection in collections)


def _problems(collections: Any, windows: tuple[Window, ...], whole: bool = True) -> list[str]:  # noqa: ANN401
    """Self-queries: each window's own vector must lead to it, or to one with the very same vector."""
    problems = []
    if whole and _count(collections) != len(windows):
        problems.append(f"Chroma counts {_count(collections)} vectors, the library {len(windows)}")
    known = {w.id for w in windows}
    for of_question, batch in _batches(windows):
        collection = collections[of_question]
        found = collection.query(
            query_embeddings=[w.vector.tolist() for w in batch], n_results=1, include=["distances"]
        )
        for window, ids, distances in zip(batch, found["ids"], found["distances"], strict=True):
            if not ids or distances[0] > SELF_DISTANCE:
                problems.append(f"window {window.id} is not found by its own vector")
            elif whole and ids[0] not in known:
                problems.append(f"Chroma still holds {ids[0]}, which the library does not")
    return problems
