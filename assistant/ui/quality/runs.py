"""The runs that were kept: which there are, how they are called, and which one came before."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant import texts_nl as nl
from assistant.settings import Settings
from evals import texts
from evals.cases import CASES_FOLDER
from evals.compare import Difference, RunError, SavedRun, compare, read_run
from evals.report.words import percent

TEXT = nl.QUALITY
FOLDER = "runs"
_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)(?:-\d+)?")


@dataclass(frozen=True, slots=True)
class Kept:
    """A run in its folder, read as far as its name needs."""

    folder: Path
    when: str
    sets: tuple[str, ...]
    whole: bool
    cases: int

    @property
    def what(self) -> str:
        """Which questions were asked."""
        if self.whole:
            return TEXT["everything"]
        if len(self.sets) == 1:
            return texts.set_label(self.sets[0])
        return TEXT["sets_together"].format(count=len(self.sets))

    @property
    def name(self) -> str:
        """When it was, what was asked and how much."""
        return TEXT["run_name"].format(when=self.when, what=self.what, count=self.cases)


def places_of(settings: Settings) -> tuple[Path, ...]:
    """Where the cases stand: those of the project, and those that editors of this library made."""
    own = settings.data / "cases"
    return (CASES_FOLDER, own) if own.is_dir() else (CASES_FOLDER,)


def kept_runs(data: Path) -> tuple[Kept, ...]:
    """All runs below the users' data, the newest first; a folder that holds no whole run is passed over."""
    folder = data / FOLDER
    found = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    return tuple(kept for path in found if (kept := _kept(path)) is not None)


def remove_run(kept: Kept) -> None:
    """Throw a run away for good. Raises OSError."""
    shutil.rmtree(kept.folder)


def before(chosen: Kept, runs: Sequence[Kept]) -> Kept | None:
    """The last run before this one that asked the same sets."""
    earlier = [run for run in runs if run.folder.name < chosen.folder.name]
    return next((run for run in earlier if (run.whole, run.sets) == (chosen.whole, chosen.sets)), None)


def changes(chosen: SavedRun, earlier: SavedRun | None) -> dict[str, Difference]:
    """Per figure how it changed over the questions that both runs asked."""
    return {one.name: one for one in compare(earlier, chosen).differences} if earlier else {}


def change_words(change: Difference | None, when: str) -> str:
    """A change as people read it: points up or down, since when, and what that proves."""
    if change is None:
        return TEXT["no_change"]
    points = percent(abs(change.after - change.before)).rstrip("%")
    if points == "0":
        return TEXT["same"]
    sign = "+" if change.after > change.before else "−"
    return TEXT["change"].format(sign=sign, points=points, when=when, verdict=texts.verdict_word(change.verdict))


def _kept(path: Path) -> Kept | None:
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    try:
        summary = read_run(path).summary
        return Kept(
            path, _moment(named[1]), tuple(sorted(summary["by_set"])), bool(summary["whole"]), int(summary["cases"])
        )
    except (RunError, KeyError, TypeError, ValueError):
        return None


def _moment(name: str) -> str:
    when = datetime.strptime(name, "%Y-%m-%dT%H-%M-%S")
    return f"{nl.app_date(when.date().isoformat())}, {when:%H:%M}"


def figures_by_name(run: SavedRun) -> dict[str, Any]:
    """The figures of a run by their names."""
    return {figure["name"]: figure for figure in run.summary["figures"]}
