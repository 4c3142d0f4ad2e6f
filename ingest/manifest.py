"""The manifest of the corpus: one entry per publication in `sources.toml`, checked with errors an editor can act on."""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from pathlib import Path
from typing import Any

from assistant.errors import ManifestError
from assistant.types import SECTORS, Source

FILE = "sources.toml"
FIELDS = (
    *("id", "title", "publishers", "published", "url", "kind", "language", "sectors", "audience", "rights", "file"),
    *("superseded_by", "superseded_on"),
)
REQUIRED = ("id", "title", "publishers", "rights", "file")
_ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_PUBLISHED = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


def load(folder: Path) -> tuple[Source, ...]:
    """All sources of `<folder>/sources.toml`, in its order.

    Raises ManifestError naming the file, the entry and what to do about it.
    """
    path = folder / FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ManifestError(f"{FILE} is missing in the corpus folder; create it", file=FILE, entry=None) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{FILE} is not valid TOML: {error}", file=FILE, entry=None) from error
    entries = content.get("source")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ManifestError(f"{FILE} has no [[source]] entries; add one per publication", file=FILE, entry=None)
    sources = tuple(_source(entry, number, folder) for number, entry in enumerate(entries, start=1))
    for field in ("id", "file"):
        seen: set[str] = set()
        for source in sources:
            value = getattr(source, field)
            if value in seen:
                raise _problem(source.id, f"{field} {value!r} occurs twice; give each publication its own")
            seen.add(value)
    return sources


def is_date(text: str) -> bool:
    """Whether a text is a year, a month or a day as the manifest writes them."""
    match = _PUBLISHED.match(text)
    if not match:
        return False
    year, month, day = (int(part) if part else 1 for part in match.groups())
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _problem(entry: str, message: str) -> ManifestError:
    return ManifestError(f"{FILE}, entry {entry}: {message}", file=FILE, entry=entry)


def _source(entry: dict[str, Any], number: int, folder: Path) -> Source:
    name = str(entry.get("id") or f"number {number}")
    unknown = sorted(set(entry) - set(FIELDS))
    if unknown:
        raise _problem(name, f"unknown field {', '.join(unknown)}; known are {', '.join(FIELDS)}")
    for field in REQUIRED:
        if not entry.get(field):
            raise _problem(name, f"field {field} is missing or empty; fill it in")
    _check_values(name, entry)
    if not (folder / "documents" / entry["file"]).is_file():
        raise _problem(name, f"documents/{entry['file']} does not exist; put the original there or mend `file`")
    return Source(
        id=entry["id"],
        title=entry["title"],
        publishers=tuple(entry["publishers"]),
        published=entry.get("published"),
        url=entry.get("url"),
        kind=entry.get("kind", "publicatie"),
        language=entry.get("language", "nl"),
        sectors=tuple(entry.get("sectors", ())),
        audience=tuple(entry.get("audience", ())),
        rights=entry["rights"],
        file=entry["file"],
        superseded_by=entry.get("superseded_by"),
        superseded_on=entry.get("superseded_on"),
    )


def _check_values(name: str, entry: dict[str, Any]) -> None:
    for field in ("publishers", "sectors", "audience"):
        value = entry.get(field, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise _problem(name, f'{field} must be a list of texts, like ["Pharos"]')
    for field in FIELDS:
        if field in entry and field not in ("publishers", "sectors", "audience") and not isinstance(entry[field], str):
            raise _problem(name, f"{field} must be a text between quotation marks")
    if not _ID.match(entry["id"]):
        raise _problem(name, "id must be small letters and digits with hyphens, like checklist-welbevinden")
    for field in ("published", "superseded_on"):
        if field in entry and not is_date(entry[field]):
            raise _problem(name, f"{field} must be like 2023, 2023-12 or 2023-12-31; leave it out if unknown")
    newer = entry.get("superseded_by")
    if newer is not None and (newer == entry["id"] or not _ID.match(newer)):
        raise _problem(name, "superseded_by must be the id of another publication")
    wrong = [sector for sector in entry.get("sectors", []) if sector not in SECTORS]
    if wrong:
        raise _problem(name, f"unknown sector {', '.join(wrong)}; known are {', '.join(SECTORS)}")
    if Path(entry["file"]).name != entry["file"]:
        raise _problem(name, "file must be a name inside documents/, without folders")
