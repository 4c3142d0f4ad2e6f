"""What judging says to people: the sheet's words, one Dutch line per thing that is wrong, and the agreement as text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from evals import texts
from evals.judging.agreement import Judgement, MetricCheck
from evals.judging.coefficients import Measured
from evals.judging.labels import SCALES, Label, Labels, LabelsError

_FILE = Path(texts.__file__).with_name("texts_nl.toml")
_SHOWN_DIFFERENCES = 20
_SHOWN_PROBLEMS = 20
_SHOWN_CHARACTERS = 90


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["judging"]
    return table


def say(key: str, /, **values: object) -> str:
    """Fill in a line."""
    line: str = _table()[key]
    return line.format(**values)


def said(key: str) -> tuple[str, ...]:
    """Give a text of several lines."""
    return tuple(_table()[key])


def word(value: str | None) -> str:
    """Give the word that editors know a label by."""
    chosen: str = _table()["words"][value or "open"]
    return chosen


def label_of_word(claim: str, typed: str) -> str | None:
    """Find the label that an editor typed; capitals, spaces and a full stop don't matter. None when there is none."""
    wanted = " ".join(typed.casefold().split()).rstrip(".")
    return next((value for value in SCALES.get(claim, ()) if word(value).casefold() == wanted), None)


def error_lines(error: LabelsError) -> Iterator[str]:
    """One line for what is wrong, then one per row."""
    why = str(error.details.get("why", ""))
    known = _table()["errors"]
    yield known.get(why, known["other"]).format(file=error.details.get("file", ""))
    for problem in error.problems[:_SHOWN_PROBLEMS]:
        yield "- " + _table()["problems"][problem.code].format(row=problem.row, value=problem.value)
    left = len(error.problems) - _SHOWN_PROBLEMS
    if left > 0:
        yield "- " + say("more", count=left)


def sheet_line(rows: int, answers: int, path: Path) -> str:
    """Tell that a sheet was written."""
    return say("sheet_written", rows=rows, answers=answers, path=path)


def judgement_lines(judgement: Judgement) -> Iterator[str]:
    """Yield who judged how much, how far they agree, where they differ, and how far the metrics agree with them."""
    yield say("title", first=judgement.first.editor, second=judgement.second.editor, run=judgement.first.run)
    yield from map(_labels_line, (judgement.first, judgement.second))
    yield ""
    for one in judgement.agreements:
        yield say("agreement", question=say(f"ask_{one.claim}"), figure=_figure(one.kappa, say("kappa")))
        if one.kappa.observed is not None:
            yield "  " + say("observed", percent=_number(100 * one.kappa.observed, 0), items=one.kappa.items)
        if one.weighted is not None and one.weighted.value is not None:
            yield "  " + say("weighted", figure=_figure(one.weighted, say("kappa")))
    yield ""
    yield say("differences", count=len(judgement.differences))
    for two in judgement.differences[:_SHOWN_DIFFERENCES]:
        yield "- " + _difference_line(two.first, two.second)
    left = len(judgement.differences) - _SHOWN_DIFFERENCES
    if left > 0:
        yield "- " + say("more", count=left)
    if judgement.metrics is not None:
        yield ""
        yield say("metrics")
        yield from map(_metric_line, judgement.metrics)


def _labels_line(labels: Labels) -> str:
    return "- " + say(
        "labelled",
        editor=labels.editor,
        labelled=labels.labelled,
        drawn=labels.drawn,
        unlabelled=labels.unlabelled,
        removed=labels.removed,
    )


def _difference_line(first: Label, second: Label) -> str:
    remarks = [one.remark for one in (first, second) if one.remark]
    return say(
        "difference",
        case=first.case,
        question=say(f"ask_{first.claim}"),
        text=_short(first.asked if first.claim == "helpful" else first.text),
        first=word(first.value),
        second=word(second.value),
    ) + (f" ({'; '.join(map(_short, remarks))})" if remarks else "")


def _metric_line(one: MetricCheck) -> str:
    kind = say("kappa" if one.kind == "kappa" else "auc")
    return "- " + say(
        "metric",
        name=texts.figure_label(one.name),
        question=say(f"ask_{one.claim}"),
        figure=_figure(one.measured, kind),
        items=one.measured.items,
        ties=one.ties,
    )


def _figure(measured: Measured, name: str) -> str:
    if measured.value is None or measured.low is None or measured.high is None:
        reason: str = _table()["not_measured"][measured.why]
        return reason
    return say(
        "figure", name=name, value=_number(measured.value), low=_number(measured.low), high=_number(measured.high)
    )


def _number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARACTERS else line[:_SHOWN_CHARACTERS].rsplit(" ", 1)[0] + " …"
