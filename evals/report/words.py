"""The words and numbers of the report: table `report` of `texts_nl.toml`, and figures as Dutch writes them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from evals import texts

NOT_SHARES = frozenset({"mrr", "ndcg_10"})
"""Figures that are no share of anything; written as 0,72 instead of 72%."""
MOST_DIGITS = 4
_FILE = Path(__file__).resolve().parents[1] / "texts_nl.toml"


@cache
def _words() -> dict[str, Any]:
    report: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["report"]
    return report


def say(key: str, table: str = "", /, default: str | None = None, **values: object) -> str:
    """Fill in a line of the report, from a table of it if one is named. Raises KeyError when there is no such line."""
    words = _words()[table] if table else _words()
    line: str = words[key] if default is None else words.get(key, default)
    return line.format(**values)


def name_of(field: str, value: str) -> str:
    """Give the name that a reader knows for a value of a field: a kind, sector, set, reason, outcome, ..."""
    if field == "set":
        return texts.set_label(value)
    if field == "sector" and not value:
        return say("no_sector")
    if field == "reason" and value not in _words()["reason_names"]:
        return texts.failure_line(value, "…")
    names: dict[str, str] = _words().get(f"{field}_names", {})
    return names.get(value, value)


def percent(value: float | None, digits: int = 1) -> str:
    """Write a share as a percentage, without a needless zero: 0.5 is 50%, 0.7343 is 73,4%."""
    if value is None:
        return say("not_measured")
    number = f"{100 * value:.{digits}f}"
    return (number.rstrip("0").rstrip(".") if "." in number else number).replace(".", ",") + "%"


def written(name: str, value: float | None, digits: int = 1) -> str:
    """Write the value of a figure the way that figure is read: 73,4%, or 0,72 for one that is no share."""
    if value is None or name not in NOT_SHARES:
        return percent(value, digits)
    return f"{value:.{digits + 1}f}".replace(".", ",")


def apart(name: str, value: float, limit: float) -> tuple[str, str]:
    """Write a figure and its limit with as many digits as it takes to see that they differ."""
    for digits in range(1, MOST_DIGITS):
        pair = written(name, value, digits), written(name, limit, digits)
        if pair[0] != pair[1]:
            return pair
    return written(name, value, MOST_DIGITS), written(name, limit, MOST_DIGITS)
