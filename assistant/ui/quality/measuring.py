"""One evaluation at a time beside the visitors: it has a thread of its own, can be stopped, and is there after a reload."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from assistant.answer import Assistant
from assistant.errors import WelwijzerError
from assistant.settings import PROJECT, Settings
from evals.cases import Case, document_path
from evals.planting import planted
from evals.records import write_run
from evals.run import Run, Subject, code_hash, evaluate
from evals.scoring import Library

log = logging.getLogger(__name__)

# Between two questions of a run, for those of visitors: an answer takes some 50 ms of one core, so a run of 800
# questions takes 16 s more and a visitor never waits for more than the one that is being asked.
PAUSE = 0.02
NAME = "%Y-%m-%dT%H-%M-%S"
UNFINISHED = ".bezig-"


class StoppedError(WelwijzerError):
    """A run was stopped by an editor."""

    code = "stopped"


@dataclass(frozen=True, slots=True)
class Measured:
    """How far the run is, or how the last one ended. `folder`: where its results are; `error`: why there are none."""

    done: int = 0
    total: int = 0
    began: float = 0.0
    running: bool = False
    stopping: bool = False
    stopped: bool = False
    folder: Path | None = None
    stale: int = 0
    error: BaseException | None = None

    def seconds_left(self, now: float) -> float | None:
        """How long the rest takes at the speed so far; None before anything can be said of it."""
        return (now - self.began) / self.done * (self.total - self.done) if self.done and self.total else None


class Measuring:
    """The runs of this process, shared by all its visitors: at most one goes at a time. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = Measured()
        self._stop = threading.Event()

    @property
    def state(self) -> Measured:
        """What is so at this moment."""
        return self._state

    def start(
        self,
        cases: Sequence[Case],
        whole: bool,
        assistant: Callable[[], Assistant],
        settings: Settings,
        places: Sequence[Path],
    ) -> bool:
        """Begin a run of `cases`; False where one goes already. `whole`: these are all cases; `places`: where they stand."""
        with self._lock:
            if self._state.running:
                return False
            self._stop.clear()
            self._state = Measured(total=len(cases), running=True)
        work = threading.Thread(
            target=self._work, args=(tuple(cases), whole, assistant, settings, places), name="evaluation", daemon=True
        )
        work.start()
        return True

    def stop(self) -> None:
        """Stop the run after the question that is being asked; nothing of it is kept."""
        with self._lock:
            if self._state.running:
                self._stop.set()
                self._state = replace(self._state, stopping=True)

    def forget(self) -> None:
        """Forget how the last run ended."""
        with self._lock:
            if not self._state.running:
                self._state = Measured()

    def _work(
        self,
        cases: tuple[Case, ...],
        whole: bool,
        assistant: Callable[[], Assistant],
        settings: Settings,
        places: Sequence[Path],
    ) -> None:
        try:
            opened = assistant()
            self._change(began=time.monotonic())
            run = replace(evaluated(cases, opened, settings, places, self._asked), whole=whole)
            folder = kept(run, settings.data / "runs", datetime.now())
            self._change(running=False, stopping=False, folder=folder, stale=len(run.stale))
        except StoppedError:
            self._change(running=False, stopping=False, stopped=True)
        except Exception as error:
            log.exception("the evaluation failed")
            self._change(running=False, stopping=False, error=error)

    def _asked(self) -> None:
        """Count one case, make room for visitors, and end the run where that is wanted. Raises StoppedError."""
        self._change(done=self._state.done + 1)
        if self._stop.wait(PAUSE):
            raise StoppedError("stopped by an editor")

    def _change(self, **values: object) -> None:
        with self._lock:
            self._state = replace(self._state, **values)  # type: ignore[arg-type]


def evaluated(
    cases: Sequence[Case], assistant: Assistant, settings: Settings, places: Sequence[Path], asked: Callable[[], object]
) -> Run:
    """Ask and score the cases of the assistant that visitors use; `asked` is called after each."""

    @contextmanager
    def plant(names: Sequence[str]) -> Iterator[Subject]:
        files = [path for name in names if (path := document_path(name, *places))]
        with planted(assistant, settings, files) as changed:
            yield Subject(changed, Library.of(changed.library))

    made_with = {
        "model": str(assistant.library.embedding_model()),
        "settings": f"embedding_model={settings.embedding_model or 'default'}",
        "knowledge": code_hash(settings.corpus),
        "code": code_hash(*(PROJECT / name for name in ("assistant", "ingest", "evals"))),
    }
    subject = Subject(assistant, Library.of(assistant.library))
    return evaluate(cases, subject, made_with=made_with, progress=asked, plant=plant)


def kept(run: Run, folder: Path, now: datetime) -> Path:
    """Write a run below `folder` under the moment it ended, whole or not at all. Raises OSError."""
    name = now.strftime(NAME)
    beside = folder / f"{UNFINISHED}{name}"
    try:
        write_run(run, beside)
        place = folder / name
        number = 1
        while place.exists():
            number += 1
            place = folder / f"{name}-{number}"
        return beside.rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
