"""The rows of the table of publications: plain data, every word of it text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant import texts_nl as nl
from assistant.library import SourceStatus
from assistant.safety import plain
from assistant.types import SECTORS, Source

TEXT = nl.LIBRARY
COLUMNS = ("title", "publishers", "published", "sectors", "pages", "passages", "warnings")


def table(statuses: Sequence[SourceStatus], sources: Sequence[Source]) -> dict[str, Any]:
    """All that the browser needs to show, sort and filter the publications (`web/shelf.js`)."""
    entries = {source.id: source for source in sources}
    titles = {source.id: source.title for source in sources}
    rows = [_row(status, entries[status.id], titles) for status in statuses if status.id in entries]
    return {
        "columns": [(name, nl.LIBRARY_COLUMNS[name]) for name in COLUMNS],
        "rows": rows,
        "sectors": [sector for sector in SECTORS if any(sector in row["sectorList"] for row in rows)],
        "warnings": any(row["warningList"] for row in rows),
        "labels": nl.LIBRARY_TABLE,
    }


def _row(status: SourceStatus, source: Source, titles: dict[str, str]) -> dict[str, Any]:
    publishers, sectors = ", ".join(source.publishers), ", ".join(source.sectors)
    replaced = ""
    if status.superseded_by is not None:
        newer = titles.get(status.superseded_by, status.superseded_by)
        replaced = nl.superseded_by(newer, status.superseded_on)
    shown = {
        "title": plain(source.title),
        "publishers": plain(publishers),
        "published": nl.app_date(source.published) or TEXT["no_date"],
        "sectors": sectors or TEXT["all_sectors"],
        "pages": str(status.pages or "–"),
        "passages": str(status.passages),
        "warnings": nl.library_warnings(len(status.warnings)),
    }
    return shown | {
        "id": status.id,
        "replaced": plain(replaced),
        "sectorList": list(source.sectors or SECTORS),  # what is for no sector in particular is for all
        "warningList": [plain(warning) for warning in status.warnings],
        "search": " ".join((source.title, publishers, sectors, source.published or "", source.kind)),
        "keys": {
            "title": source.title,
            "publishers": publishers,
            "published": source.published or "",
            "sectors": sectors,
            "pages": status.pages or "",
            "passages": status.passages,
            "warnings": len(status.warnings),
        },
    }
