"""A progress bar on stderr with the time left, in Dutch; it appears only where a person is watching."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Never

from tqdm import tqdm

from assistant import texts_nl

_FORMAT = "{desc} {percentage:3.0f}% |{bar:30}| {n_fmt}/{total_fmt}, " + texts_nl.INGEST_LEFT + "{postfix}"
_READ_FORMAT = "{desc} {n_fmt}/{total_fmt}{postfix}"


class Bar:
    """Progress of reading, then of embedding."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None
        self._embedding = False

    def reading(self, source_id: str, number: int, count: int) -> None:
        """Show which document is being read."""
        if self._bar is None:
            self._open(texts_nl.INGEST_READING, count, _READ_FORMAT)
        if self._bar is not None:
            self._bar.n = number
            self._bar.set_postfix_str(source_id)

    def embedding(self, source_id: str, done: int, more: int) -> None:
        """Count texts."""
        if not self._embedding and (done or more):
            self.close()
            self._embedding = True
            self._open(texts_nl.INGEST_PROGRESS, 0, _FORMAT)
        if self._bar is not None and self._embedding:
            self._bar.total = (self._bar.total or 0) + more
            self._bar.set_postfix_str(source_id, refresh=False)
            self._bar.update(done)

    def close(self) -> None:
        """Wipe the bar out."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _open(self, name: str, total: int, form: str) -> None:
        self._bar = tqdm(total=total, desc=name, bar_format=form, disable=None, leave=False, dynamic_ncols=True)


@contextmanager
def progress() -> Iterator[Bar]:
    """Give a bar that is wiped out at the end, whatever happens."""
    bar = Bar()
    try:
        yield bar
    finally:
        bar.close()
