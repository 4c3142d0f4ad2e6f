"""The words of a sheet: its columns and values in Dutch, and how several texts stand in one cell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

_FILE = Path(__file__).resolve().parents[1] / "texts_nl.toml"
NEAR = 60  # rapidfuzz ratio; "vrag" is at 89 of "vraag", "opmerkingen" at 44 of the nearest
VALUED = ("kind", "sector", "asker", "expected", "referral", "status")
"""The columns that take one of a few words."""
_ESCAPED = re.compile(r"\\([n|=\\])")
_BETWEEN_WORDINGS = re.compile(r"\s*(?<!\\)\|\s*")
_AFTER_LABEL = re.compile(r"\s=\s")


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["sheet"]
    return table


def columns() -> Mapping[str, str]:
    """Field → Dutch name of its column, in the order in which a sheet is written."""
    names: dict[str, str] = _table()["columns"]
    return names


def explanation(column: str) -> str:
    """Tell an editor what belongs in a column."""
    told: str = _table()["explanations"][column]
    return told


def example() -> Mapping[str, str]:
    """Column → cell of the row that an empty sheet shows."""
    row: dict[str, str] = _table()["example"]
    return row


def word(name: str) -> str:
    """Give a single word or line of the sheet."""
    told: str = _table()["words"][name]
    return told


def values(column: str) -> Mapping[str, str]:
    """Dutch word → value, for a column of `VALUED`. The first word of a value is the one that is written."""
    words: dict[str, str] = _table()[column]
    return words


def dutch(column: str, value: str) -> str:
    """Give the word that is written for a value."""
    return next(name for name, known in values(column).items() if known == value)


def column_of(header: str) -> str | None:
    """Recognise a column by its Dutch or English name, whatever its capitals, blanks and dashes."""
    names: dict[str, str] = {_bare(name): name for name in columns()}
    names |= {_bare(name): column for column, name in columns().items()}
    names |= {_bare(name): column for name, column in _table()["also"].items()}
    return names.get(_bare(header))


def value_of(column: str, cell: str) -> str | None:
    """Recognise a value by its Dutch or English word."""
    names = {_bare(value): value for value in values(column).values()}
    names |= {_bare(name): value for name, value in values(column).items()}
    return names.get(_bare(cell))


def with_nearest(cell: str, known: Iterable[str], column: str = "") -> str:
    """Tell what was written, and which known word it looks most like if it looks like any."""
    shown = cell if len(cell) <= 40 else f"{cell[:39]}…"
    match = process.extractOne(cell[:100].lower(), list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
    told = word("written").format(column=column, cell=shown) if column else shown
    return word("near").format(told=told, near=match[0]) if match else told


def _bare(text: str) -> str:
    return re.sub(r"[\s_/-]+", "", text).casefold()


# several texts in one cell: a backslash before what would separate them


def lines_of(cell: str) -> tuple[str, ...]:
    """Split a cell into its texts, one on each line."""
    return tuple(_plain(line) for line in cell.split("\n") if line.strip())


def words_of(cell: str) -> tuple[str, ...]:
    """Split a cell into its texts, on lines or with `|` between them."""
    parts = (part for line in cell.split("\n") for part in _BETWEEN_WORDINGS.split(line))
    return tuple(_plain(part) for part in parts if part.strip())


def fact_of(line: str) -> tuple[str, tuple[str, ...]]:
    """Read one fact, `wording | wording` or `label = wording | wording`; without a label the first wording is it."""
    label, *rest = _AFTER_LABEL.split(line, maxsplit=1)
    wordings = words_of(rest[0] if rest else line)
    return (_plain(label) if rest else wordings[0] if wordings else ""), wordings


def lines_cell(texts: Iterable[str]) -> str:
    """Write texts so that `lines_of` gives them back."""
    return "\n".join(_escaped(text) for text in texts)


def words_cell(texts: Iterable[str]) -> str:
    """Write texts so that `words_of` gives them back."""
    return "\n".join(_escaped(text).replace("|", r"\|") for text in texts)


def fact_cell(label: str, wordings: Sequence[str]) -> str:
    """Write a fact so that `fact_of` gives it back."""
    told = " | ".join(_fact_text(wording) for wording in wordings)
    return told if label == wordings[0] else f"{_fact_text(label)} = {told}"


def _fact_text(text: str) -> str:
    return _escaped(text).replace("|", r"\|").replace("=", r"\=")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], text).strip()
