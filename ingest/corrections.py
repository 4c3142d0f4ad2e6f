"""Recorded repairs of damaged originals: what only a person can see, checked against the original each time.

A file `corrections/<source id>.toml` holds lists of entries, one list per operation (see `repairs.py`). `text` is what
the editor saw in the original, lines joined by a space, or "first words … last words" for a long range. Work goes in
the order of `ORDER`, so that `text` is always compared with the original's own characters.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorrectionError
from ingest.blocks import Edit
from ingest.lines import Line
from ingest.repairs import OPERATIONS, Entry, omit

ORDER = ("columns", "split", "heading", "kind", "begin", "join", "omit", "replace", "rearrange")
NEEDS_REASON = frozenset({"columns", "split", "replace", "rearrange", "omit"})


@dataclass(frozen=True, slots=True)
class Corrections:
    """All recorded corrections of one source, in order of work, and what readers of the document are told."""

    file: str
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()


def load(folder: Path, source_id: str) -> Corrections | None:
    """Read the corrections of one source from `<folder>/<source_id>.toml`; None where there is no such file.

    Raises CorrectionError for a file that can't be read or an entry of an unknown form.
    """
    path = folder / f"{source_id}.toml"
    if not path.is_file():
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _problem(path.name, None, str(error)) from error
    unknown = sorted(set(content) - {*ORDER, "warnings"})
    if unknown:
        raise _problem(path.name, None, f"unknown operation {', '.join(unknown)}; known are {', '.join(ORDER)}")
    for name in content:
        if not isinstance(content[name], list):
            raise _problem(path.name, None, f"{name} must be a list")
    entries = tuple(Entry(name, fields) for name in ORDER for fields in content.get(name, ()))
    for entry in entries:
        if entry.operation in NEEDS_REASON and not entry.reason:
            raise _problem(path.name, entry, "no reason given")
    return Corrections(path.name, entries, tuple(str(warning) for warning in content.get("warnings", ())))


def apply(lines: Sequence[Line], corrections: Corrections) -> tuple[list[Line], tuple[Edit, ...]]:
    """Make all corrections. Returns the lines in true reading order and the cuts after the last line.

    Raises CorrectionError where a correction doesn't fit the original.
    """
    result = list(lines)
    for entry in corrections.entries:
        try:
            result = OPERATIONS[entry.operation](result, entry)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            message = f"field {error} is missing" if isinstance(error, KeyError) else str(error)
            raise _problem(corrections.file, entry, message) from error
    return omit(result, [entry for entry in corrections.entries if entry.operation == "omit"])


def _problem(file: str, entry: Entry | None, message: str) -> CorrectionError:
    where = f": {entry.operation} at {entry.where}" if entry else ""
    return CorrectionError(f"{file}{where}: {message}", file=file, line=entry.where if entry else None)
