"""What the evaluation says to people, from `texts_nl.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from evals.case_files import Problem
from evals.cases import Stale

_FILE = Path(__file__).resolve().parent / "texts_nl.toml"


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def say(key: str, /, table: str = "line", **values: object) -> str:
    """Fill in a line of the command line."""
    return _texts()[table][key].format(**values)


def figure_label(name: str) -> str:
    """Give the name of a figure."""
    return _texts()["figures"].get(name, [name])[0]


def figure_meaning(name: str) -> str:
    """Tell what a figure measures, in one line."""
    return _texts()["figures"].get(name, ["", ""])[1]


def failure_line(code: str, detail: str) -> str:
    """Tell why a case failed."""
    return _texts()["failures"].get(code, code).format(detail=detail)


def verdict_word(verdict: str) -> str:
    """Give the word for what a comparison says."""
    return _texts()["verdicts"][verdict]


def baseline_label(name: str) -> str:
    """Give the name of a baseline."""
    return _texts()["baselines"].get(name, name)


def set_label(name: str) -> str:
    """Tell what a set of cases holds."""
    return _texts()["sets"].get(name, name)


def problem_line(problem: Problem) -> str:
    """Give one line for a thing wrong in a case file: file, line, field and remedy."""
    table = _texts()["problems"]
    return say(
        "problem",
        file=problem.file,
        line=say("at_line", line=problem.line) if problem.line else "",
        case=f", {problem.case}" if problem.case else "",
        field=f", {problem.field}" if problem.field else "",
        message=table.get(problem.code, table["other"]),
    )


def stale_line(stale: Stale) -> str:
    """Give one line for a case whose source changed."""
    message = _texts()["problems"][stale.code].format(source=stale.source, text=stale.text)
    return say("stale", case=stale.case, message=message)
