"""The lines of `ingest status` for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from assistant import texts_nl
from assistant.library import SourceStatus
from ingest.differences import Difference


def lines(
    statuses: Sequence[SourceStatus], withdrawn: Sequence[str], differences: Sequence[Difference]
) -> Iterator[str]:
    """One line per document with what hangs on it, then what was taken out, then what is not as it should be."""
    if not statuses:
        yield texts_nl.INGEST_EMPTY
    titles = {status.id: status.title for status in statuses}
    for status in statuses:
        pages = texts_nl.INGEST_PAGES.format(count=status.pages) if status.pages else texts_nl.INGEST_NO_PAGES
        yield texts_nl.INGEST_LINE.format(**asdict(status) | {"version": status.version[:12], "pages": pages})
        if status.superseded_by is not None:
            newer = titles.get(status.superseded_by, status.superseded_by)
            words = texts_nl.superseded_by(newer, status.superseded_on)
            yield texts_nl.INGEST_SUPERSEDED_LINE.format(words=words)
        yield from (texts_nl.INGEST_WARNING.format(warning=warning) for warning in status.warnings)
    yield from (texts_nl.INGEST_WITHDRAWN_LINE.format(id=name) for name in withdrawn)
    yield from (difference.line for difference in differences)
