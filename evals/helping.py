"""A second process that asks half of the cases: on two cores a whole run takes little more than half the time.

It opens the same library. Chroma's folder belongs to one process, so one of the two searches exactly over the library's
vectors, which gives the same lists (`tests/test_vectors.py`), and each case goes to the same process every time.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from assistant.errors import WelwijzerError
from assistant.settings import Settings
from evals.cases import Case
from evals.run import Asking, Result, Subject, results_of
from evals.scoring import Library

WORTH_IT = 150
"""Cases from which a second process gains: opening it takes as long as some 150 answers (9 s; 60 ms, 2 cores)."""
_PORTION = 10  # cases sent at a time, so that the progress bar goes on
_FAREWELL = 5.0  # seconds


def opened(settings: Settings, with_questions: bool) -> Subject:
    """Open the assistant with its library, as the second process does."""
    from assistant.wiring import open_assistant, quiet

    quiet()
    assistant = open_assistant(settings, with_questions)
    return Subject(assistant, Library.of(assistant.library))


@contextmanager
def helped(open_subject: Callable[[], Subject], cases: int) -> Iterator[Asking | None]:
    """Start the second process where it gains time, and give what asks cases with it; None where it does not.

    `open_subject` travels to that process, so it is a function of a module or a `partial` of one.
    """
    if cases < WORTH_IT or (os.cpu_count() or 1) < 2:
        yield None
        return
    context = multiprocessing.get_context("spawn")  # a fork would take torch's and Chroma's threads along half alive
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, open_subject), daemon=True)
    process.start()
    theirs.close()
    try:
        yield lambda cases, subject, progress: _shared(ours, cases, subject, progress)
    finally:
        ours.close()  # at which it ends by itself
        process.join(_FAREWELL)
        process.terminate()


def _shared(
    helper: Connection, cases: Sequence[Case], subject: Subject, progress: Callable[[], object]
) -> Iterable[Result]:
    """Every second case asked by the helper, the others here; what the helper does not bring back is asked here too."""
    theirs = list(cases[1::2])
    brought: list[Result] = []

    def fetch() -> None:
        with suppress(EOFError, OSError):
            for at in range(0, len(theirs), _PORTION):
                helper.send(theirs[at : at + _PORTION])
                for result in helper.recv():
                    brought.append(result)
                    progress()

    # a thread, because a result that nobody takes from the pipe would hold the helper up
    fetching = threading.Thread(target=fetch, daemon=True)
    fetching.start()
    own = list(results_of(cases[0::2], subject, progress))
    fetching.join()
    return [*own, *brought, *results_of(theirs[len(brought) :], subject, progress)]


def _serve(ours: Connection, open_subject: Callable[[], Subject]) -> None:
    """Answer portions of cases with their results until the other side goes; ends quietly where it can't."""
    with suppress(EOFError, OSError, KeyboardInterrupt, WelwijzerError):
        subject = open_subject()
        while True:
            ours.send(list(results_of(ours.recv(), subject)))
