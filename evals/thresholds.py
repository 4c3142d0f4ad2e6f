"""What a run must reach, from `thresholds.toml`; a figure that was not measured is not held against the run."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent / "thresholds.toml"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A figure on the wrong side of its limit; `set` is empty for the whole run."""

    name: str
    set: str
    value: float
    limit: float
    at_least: bool


def shortfalls(summary: Mapping[str, Any], file: Path = FILE) -> tuple[Shortfall, ...]:
    """All figures of a run's summary that miss their limit: those of `always`, and over all the project's cases the rest."""
    limits = tomllib.loads(file.read_text(encoding="utf-8"))
    found = list(_missed(limits.get("always", {}), summary["figures"], ""))
    if summary.get("whole", True):
        found += _missed(limits.get("figures", {}), summary["figures"], "")
        for name, wanted in limits.get("sets", {}).items():
            found += _missed(wanted, summary["by_set"].get(name, []), name)
    return tuple(found)


def _missed(limits: Mapping[str, Mapping[str, float]], figures: list[dict[str, Any]], part: str) -> Iterator[Shortfall]:
    values = {figure["name"]: figure["value"] for figure in figures}
    for name, limit in limits.items():
        value = values.get(name)
        if value is None:
            continue
        if "min" in limit and value < limit["min"]:
            yield Shortfall(name, part, value, limit["min"], True)
        if "max" in limit and value > limit["max"]:
            yield Shortfall(name, part, value, limit["max"], False)
