"""What each user may spend on the chat model per day, in tokens: counted in a file below the data folder, without texts.

A user is kept as a hash that changes every day, so that the file tells nobody who asked how much yesterday.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from filelock import FileLock, Timeout

log = logging.getLogger(__name__)

LOCK_SECONDS = 2.0
KEY_CHARACTERS = 16


class Allowance:
    """The budget of one deployment. Safe for several processes. `tokens`: per user and day, 0 for no limit.

    A file that can't be used stops no answer: it is logged, and what this process counted itself holds.
    """

    def __init__(self, data: Path, tokens: int, today: Callable[[], date] | None = None) -> None:
        self._folder = data / "chat"
        self._tokens = tokens
        self._today = today or _today
        self._own: dict[str, int] = {}

    def left(self, user: str) -> bool:
        """Whether this user may still ask the model today."""
        return not self._tokens or self._spent().get(self._key(user), 0) < self._tokens

    def spend(self, user: str, tokens: int) -> None:
        """Count what one question used."""
        if not self._tokens or tokens <= 0:
            return
        key = self._key(user)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "allowance.lock", timeout=LOCK_SECONDS):
                spent = self._spent()
                spent[key] = spent.get(key, 0) + tokens
                fresh = self._path.with_suffix(".new")
                fresh.write_text(json.dumps(spent), encoding="utf-8")
                fresh.replace(self._path)
                self._own = spent
                self._forget()
        except (OSError, Timeout) as error:
            log.warning("the budget of the chat model can't be written: %s", error)
            self._own[key] = self._own.get(key, 0) + tokens

    @property
    def _path(self) -> Path:
        return self._folder / f"allowance-{self._today().isoformat()}.json"

    def _key(self, user: str) -> str:
        return hashlib.sha256(f"{self._today().isoformat()}\0{user}".encode()).hexdigest()[:KEY_CHARACTERS]

    def _spent(self) -> dict[str, int]:
        try:
            read = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
            stored = {str(key): int(value) for key, value in read.items()}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.warning("the budget of the chat model can't be read: %s", error)
            stored = {}
        return {key: max(stored.get(key, 0), self._own.get(key, 0)) for key in (*stored, *self._own)}

    def _forget(self) -> None:
        """Throw away the days before; their keys in memory no longer occur."""
        for path in self._folder.glob("allowance-*.json"):
            if path != self._path:
                path.unlink(missing_ok=True)


def _today() -> date:
    return datetime.now(UTC).date()
