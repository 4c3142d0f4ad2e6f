"""Work that takes longer than a page view: done in a thread, watched by the page, and not lost when the page is used."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from assistant import texts_nl as nl
from assistant.errors import WelwijzerError

log = logging.getLogger(__name__)

T = TypeVar("T")


class Job(Generic[T]):
    """One piece of work on its way; tells its step and, while texts are embedded, how many of how many.

    It is the `Progress` that the pipeline tells how far it is.
    """

    def __init__(self, name: str, work: Callable[[Job[T]], T]) -> None:
        """Begin at once. `name`: which work this is, for who finds it done."""
        self.name = name
        self.step = ""
        self.embedded = 0
        self.to_embed = 0
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="library")
        self._future: Future[T] = executor.submit(work, self)
        executor.shutdown(wait=False)

    @property
    def done(self) -> bool:
        """Whether it has ended, however that is."""
        return self._future.done()

    @property
    def share(self) -> float | None:
        """How much of the embedding is done (0..1), None where there is none."""
        return min(1.0, self.embedded / self.to_embed) if self.to_embed else None

    def reading(self, source_id: str, number: int, count: int) -> None:
        """Be told by the pipeline that a document is being read."""
        self.step = "read"

    def embedding(self, source_id: str, done: int, more: int) -> None:
        """Be told by the pipeline how many texts were embedded, and how many came to the work."""
        self.step = "embed"
        self.embedded += done
        self.to_embed += more

    def result(self) -> T:
        """What came of it, when it is done; raises what the work raised."""
        return self._future.result()

    def failure(self) -> str | None:
        """One Dutch line for who waits, where the work failed."""
        error = self._future.exception()
        if error is None:
            return None
        if isinstance(error, WelwijzerError):
            log.info("%s failed: %s", self.name, error)
            return nl.error_line(error)
        log.error("%s failed", self.name, exc_info=error)
        return nl.LIBRARY["unexpected"]
