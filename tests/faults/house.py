"""A small library in a folder of its own, worked on by other processes that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import school
from seeded import make_corpus

from assistant.settings import Settings

TESTS = Path(__file__).resolve().parents[1]


def folders(settings: Settings) -> dict[str, str]:
    return {"WELWIJZER_DATA": str(settings.data), "WELWIJZER_CORPUS": str(settings.corpus)}


def environment(settings: Settings) -> dict[str, str]:
    paths = os.pathsep.join(map(str, (TESTS.parent, TESTS, TESTS / "faults")))
    return os.environ | folders(settings) | {"PYTHONPATH": paths, "WELWIJZER_EMBEDDING_MODEL": ""}


def corpus(folder: Path) -> Settings:
    settings = make_corpus(folder)
    (settings.corpus / "thesaurus.toml").write_text(school.THESAURUS, encoding="utf-8")
    return settings


class Workers:
    """Runs tasks (`forked.run`) one after the other, each in a process of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._log = (settings.corpus.parent / "worker.log").open("w+")
        self._server = subprocess.Popen(
            [sys.executable, str(TESTS / "faults" / "forked.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=environment(settings),
        )

    def run(self, do: str, kill: Callable[[int], None] | None = None, **task: object) -> int:
        """The wait status of one task; `kill` is called with its process id while it runs."""
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.write(json.dumps({"do": do, "environment": folders(self.settings), **task}) + "\n")
        self._server.stdin.flush()
        child = int(self._server.stdout.readline())
        if kill is not None:
            kill(child)
        # what the command printed stands between the two numbers
        for line in self._server.stdout:
            if line.strip().isdigit():
                return int(line)
            self._log.write(line)
        raise AssertionError(self.log())

    @contextmanager
    def at(self, settings: Settings) -> Iterator[Workers]:
        """The same processes at work on another library."""
        usual, self.settings = self.settings, settings
        try:
            yield self
        finally:
            self.settings = usual

    def sound(self, do: str, **task: object) -> None:
        assert self.run(do, **task) == 0, self.log()

    def state(self, ask: bool = True) -> dict[str, Any]:
        out = self.settings.corpus.parent / "state.json"
        self.sound("state", out=str(out), ask=ask)
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found

    def log(self) -> str:
        self._log.flush()
        return Path(self._log.name).read_text(encoding="utf-8")[-4000:]

    def close(self) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait(30)
        self._log.close()


def rubbish(settings: Settings) -> list[str]:
    """Whatever lies in the data folder that no library at rest has."""
    found = [path.relative_to(settings.data).as_posix() for path in settings.data.rglob("*")]
    copies = [name for name in found if name.startswith("chroma/copy-") and name.count("/") == 1]
    usual = {
        "library.sqlite",
        "library.lock",
        "withdrawn.txt",
        "chroma",
        "chroma/owner.lock",
        "chroma/state.json",
        "added",
    }
    odd = [n for n in found if n not in usual and not n.startswith(("chroma/copy-", "added/gamma"))]
    return odd + (copies if len(copies) > 1 else [])


def after(seconds: float, condition: Callable[[], bool], limit: float) -> bool:
    """Wait until a condition holds, looking as often as one can, and then some more; False if it never does."""
    until = time.perf_counter() + limit
    while not condition():
        if time.perf_counter() > until:
            return False
    time.sleep(seconds)
    return True
