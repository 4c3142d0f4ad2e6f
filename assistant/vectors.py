"""Nearest windows by Chroma, the only file that knows Chroma. Derived from the library and never the truth.

Chroma is not safe between processes and can lose vectors without an error, so: one process owns the folder (an OS
lock); others search the library's vectors exactly. The index carries the state it was built from, is marked unfinished
while it is written, and is rebuilt beside the old one whenever it does not agree with the library.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from assistant.library import Library
from assistant.types import Window

log = logging.getLogger(__name__)

COLLECTION = "windows"
BATCH = 200  # Chroma takes at most 5,461 rows a call; 50..250 is comfortable
SELF_DISTANCE = 1e-4  # squared L2 of a unit vector to its own stored copy, float32
LAYOUT = "1"  # raise when what is written changes


class VectorIndex:
    """Nearest windows of the library, through Chroma where this process owns it and exactly where it does not."""

    def __init__(self, folder: Path, library: Library) -> None:
        self._folder = folder
        self._library = library
        self._guard = threading.RLock()
        self._lock: FileLock | None = None
        self._client: Any = None
        self._collection: Any = None
        self._state: dict[str, Any] = {}
        self._ids: list[str] = []
        self._sources: np.ndarray = np.empty(0, dtype=object)
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
        return self._collection is not None

    def sync(self) -> None:
        """Bring the index to the library's present state; does nothing when it is there already."""
        with self._guard:
            if self._library.generation() == self._generation:
                return
            generation, _, windows = self._library.snapshot()
            if self._lock is not None:
                self._follow(windows)
            self._remember(windows, generation)

    def nearest(self, vector: np.ndarray, k: int, sources: tuple[str, ...] = ()) -> list[tuple[str, float]]:
        """The `k` windows nearest to a unit vector as (window id, cosine similarity), best first."""
        with self._guard:
            if not self._ids:
                return []
            if self._collection is None:
                return self._exact(vector, k, sources)
            where = {"source": {"$in": list(sources)}} if sources else None
            k = min(k, len(self._ids))
            found = self._collection.query(
                query_embeddings=[vector.tolist()], n_results=k, where=where, include=["distances"]
            )
        return [(i, 1.0 - d / 2.0) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def check(self) -> list[str]:
        """What is lost, doubled or stale: every window must be found by its own vector. Empty when all is well."""
        with self._guard:
            windows = self._library.windows()
            if self._collection is None:
                return [] if {w.id for w in windows} == set(self._ids) else ["exact search is behind the library"]
            return _problems(self._collection, windows)

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
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / "owner.lock")
        try:
            lock.acquire(timeout=0)
            self._lock = lock
        except Timeout:
            log.info("another process owns the Chroma folder; searching the library's vectors exactly")

    def _follow(self, windows: tuple[Window, ...]) -> None:
        """Make Chroma hold just `windows`: by small steps on a sound index, else built anew beside it and swapped in."""
        wanted = _by_source(windows, self._library.signatures(), self._library.embedding_model() or "")
        if self._collection is None:
            self._open_current()
        if self._collection is not None and self._state.get("sources") == wanted:
            return
        if self._collection is not None and self._step(windows, wanted):
            return
        self._rebuild(windows, wanted)

    def _step(self, windows: tuple[Window, ...], wanted: dict[str, str]) -> bool:
        have = self._state["sources"]
        changed = {s for s in set(have) | set(wanted) if have.get(s) != wanted.get(s)}
        self._mark(unfinished=True)
        try:
            for source in sorted(changed & set(have)):
                self._collection.delete(where={"source": source})
            fresh = tuple(w for w in windows if w.source in changed)
            _add(self._collection, fresh)
            if self._collection.count() != len(windows) or _problems(self._collection, fresh, whole=False):
                return False
        except Exception:  # Chroma raises many kinds; each means that this copy is not to be trusted
            log.warning("Chroma could not be updated and is built anew", exc_info=True)
            return False
        self._state["sources"] = wanted
        self._mark(unfinished=False)
        return True

    def _rebuild(self, windows: tuple[Window, ...], wanted: dict[str, str]) -> None:
        self._drop_client()
        for old in self._folder.glob("copy-*"):
            shutil.rmtree(old, ignore_errors=True)
        name = f"copy-{os.urandom(6).hex()}"
        self._open_folder(self._folder / name, create=True)
        _add(self._collection, windows)
        problems = _problems(self._collection, windows)
        if problems:
            log.error("a fresh Chroma index is not sound (%s); searching exactly", problems[0])
            self._drop_client()
            return
        self._state = {"layout": LAYOUT, "copy": name, "sources": wanted}
        self._mark(unfinished=False)

    def _open_current(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._state = json.loads((self._folder / "state.json").read_text(encoding="utf-8"))
        folder = self._folder / str(self._state.get("copy", ""))
        if self._state.get("layout") != LAYOUT or self._state.get("unfinished") or not folder.is_dir():
            return
        try:
            self._open_folder(folder, create=False)
        except Exception:  # as above
            log.warning("Chroma could not be opened and is built anew", exc_info=True)
            self._drop_client()

    def _open_folder(self, folder: Path, create: bool) -> None:
        import chromadb  # 0.7 s to import, and not needed when nothing is searched or embedded

        settings = chromadb.config.Settings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(path=str(folder), settings=settings)
        if create:
            self._collection = self._client.create_collection(COLLECTION, embedding_function=None)
        else:
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)

    def _drop_client(self) -> None:
        if self._client is not None:
            from chromadb.api.shared_system_client import SharedSystemClient

            # without this an open handle of the same path in this process would keep an old view
            SharedSystemClient.clear_system_cache()
        self._client = self._collection = None

    def _mark(self, unfinished: bool) -> None:
        self._state["unfinished"] = unfinished
        path = self._folder / "state.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(self._state), encoding="utf-8")
        fresh.replace(path)

    # exact search

    def _remember(self, windows: tuple[Window, ...], generation: int) -> None:
        self._ids = [w.id for w in windows]
        self._sources = np.array([w.source for w in windows], dtype=object)
        self._matrix = np.stack([w.vector for w in windows]) if windows else np.empty((0, 0), dtype=np.float32)
        self._generation = generation

    def _exact(self, vector: np.ndarray, k: int, sources: tuple[str, ...]) -> list[tuple[str, float]]:
        scores = self._matrix @ vector
        if sources:
            scores = np.where(np.isin(self._sources, sources), scores, -np.inf)
        best = np.argsort(-scores, kind="stable")[:k]
        return [(self._ids[i], float(scores[i])) for i in best if np.isfinite(scores[i])]


def _by_source(windows: tuple[Window, ...], signatures: dict[str, str], model: str) -> dict[str, str]:
    return {source: f"{signatures.get(source, '')} {model}" for source in sorted({w.source for w in windows})}


def _add(collection: Any, windows: tuple[Window, ...]) -> None:  # noqa: ANN401 - Chroma's collection
    for at in range(0, len(windows), BATCH):
        batch = windows[at : at + BATCH]
        collection.add(
            ids=[w.id for w in batch],
            embeddings=[w.vector.tolist() for w in batch],
            metadatas=[{"source": w.source} for w in batch],
        )


def _problems(collection: Any, windows: tuple[Window, ...], whole: bool = True) -> list[str]:  # noqa: ANN401
    """Self-queries: each window's own vector must lead to it, or to one with the very same vector."""
    problems = []
    if whole and collection.count() != len(windows):
        problems.append(f"Chroma counts {collection.count()} vectors, the library {len(windows)}")
    known = {w.id for w in windows}
    for at in range(0, len(windows), BATCH):
        batch = windows[at : at + BATCH]
        found = collection.query(
            query_embeddings=[w.vector.tolist() for w in batch], n_results=1, include=["distances"]
        )
        for window, ids, distances in zip(batch, found["ids"], found["distances"], strict=True):
            if not ids or distances[0] > SELF_DISTANCE:
                problems.append(f"window {window.id} is not found by its own vector")
            elif whole and ids[0] not in known:
                problems.append(f"Chroma still holds {ids[0]}, which the library does not")
    return problems
