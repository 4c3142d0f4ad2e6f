"""Work of a chat model for one visitor: in a thread of its own, shown as far as it is, stopped when told to or left alone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

from assistant.generation.answering import Shown

log = logging.getLogger(__name__)

LEFT_SECONDS = 30.0  # without a look of the page; a browser lets a page that is not in sight look once a second
T = TypeVar("T")


class Cancelled(threading.Event):
    """Set by who stops the work, and by itself once nobody has looked for LEFT_SECONDS: a closed window costs no tokens."""

    def __init__(self, left: float = LEFT_SECONDS) -> None:
        super().__init__()
        self._left = left
        self._looked = time.monotonic()

    def look(self) -> None:
        """Tell that somebody still waits."""
        self._looked = time.monotonic()

    def is_set(self) -> bool:
        """Whether the work is to be ended."""
        if not super().is_set() and time.monotonic() - self._looked > self._left:
            self.set()
        return super().is_set()


class Writing(Generic[T]):
    """What a model writes: sentences as they are proven, and what the work returns. Begins at once."""

    def __init__(self, work: Callable[[Cancelled], Generator[Shown, None, T]], left: float = LEFT_SECONDS) -> None:
        self._cancelled = Cancelled(left)
        self._news = threading.Condition()
        self._sentences: list[Shown] = []
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._done = False
        threading.Thread(target=self._work, args=(work,), name="writing", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether it has ended, however that is."""
        return self._done

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._cancelled.is_set()

    def sentences(self) -> tuple[Shown, ...]:
        """What may be shown so far."""
        with self._news:
            return tuple(self._sentences)

    def stop(self) -> None:
        """Take the request to the model back; the work then ends within a moment, with what it has without the model."""
        self._cancelled.set()

    def look(self, known: int, seconds: float) -> None:
        """Wait until there are more than `known` sentences or it has ended, for at most `seconds`; somebody waits."""
        self._cancelled.look()
        with self._news:
            self._news.wait_for(lambda: self._done or len(self._sentences) > known, seconds)

    def result(self) -> T:
        """What came of it, waiting for its end; raises what the work raised."""
        with self._news:
            self._news.wait_for(lambda: self._done)
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _work(self, work: Callable[[Cancelled], Generator[Shown, None, T]]) -> None:
        steps = work(self._cancelled)
        error: BaseException | None = None
        try:
            while True:
                sentence = next(steps)
                with self._news:
                    self._sentences.append(sentence)
                    self._news.notify_all()
        except StopIteration as ended:
            self._results.append(ended.value)
        except BaseException as raised:  # told to who waits for the result
            error = raised
        finally:
            steps.close()
            with self._news:
                self._error, self._done = error, True
                self._news.notify_all()
