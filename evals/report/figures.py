"""The charts of the report with the numbers behind them: parts of the cases, abstention, and ordinary systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from evals import texts
from evals.calibration import calibrate, rows_of
from evals.compare import SavedRun
from evals.figures import figures_of
from evals.report import charts
from evals.report.charts import Bar, Curve
from evals.report.words import name_of, percent, say, written

PARTS = ("set", "kind", "sector", "source", "asker", "split")
COMPARED = ("facts_900", "facts_3000", "mrr")


@dataclass(frozen=True, slots=True)
class Part:
    """How it went per value of one field: a chart, and the same numbers as rows for a table; `note` says what is left out."""

    title: str
    note: str
    chart: Markup
    rows: tuple[tuple[str, Mapping[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What the run did (`now`), what the charts tell, both charts, and the numbers behind them."""

    now: tuple[str, ...]
    told: tuple[str, ...]
    curves: Markup
    bins: Markup
    numbers: Mapping[str, Any]


# where it goes well and where not


def parts_of(run: SavedRun, titles: Mapping[str, str]) -> tuple[Part, ...]:
    """How it went per set, kind, sector, source, asker and split. `titles` gives a source's title by its id."""
    return tuple(part for field in PARTS if (part := _part(field, run, titles)) is not None)


def _part(field: str, run: SavedRun, titles: Mapping[str, str]) -> Part | None:
    groups = run.summary.get(f"by_{field}") or _grouped(field, run.cases.values())
    rows = tuple((titles.get(value) or name_of(field, value), _passed(figures)) for value, figures in groups.items())
    if not rows:
        return None
    title = say("part_title", field=say(field).lower())
    drawn = [
        Bar(_counted(label, one["measured"]), one["value"], one["low"], one["high"], percent(one["value"]))
        for label, one in rows
    ]
    values = "; ".join(f"{bar.label}: {bar.written}" for bar in drawn)
    note = say(f"parts_note_{field}") if field == "source" or (field == "sector" and "" not in groups) else ""
    return Part(title, note, charts.bars(f"part-{field}", title, say("part_description", values=values), drawn), rows)


def _passed(figures: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    nothing = {"value": None, "low": None, "high": None, "measured": 0}
    return next((figure for figure in figures if figure["name"] == "passed"), nothing)


def _counted(label: str, count: int) -> str:
    return say({0: "bin_empty", 1: "bin_one"}.get(count, "bin_count"), label=label, count=count)


def _grouped(field: str, cases: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The same as the summary's `by_…`, for a run that was written without it."""
    rows: dict[str, list[dict[str, float | None]]] = {}
    for case in cases:
        values = {p["source"] for p in case["passages"]} if field == "source" else {case[field] or ""}
        for value in values:
            rows.setdefault(value, []).append({"passed": case["scores"].get("passed")})
    return {value: [one.as_json() for one in figures_of(rows[value])] for value in sorted(rows)}


# abstention


def calibrated(run: SavedRun) -> Calibrated | None:
    """The picture of abstention; None where no case tells how strong its evidence was."""
    numbers = run.summary.get("calibration") or calibrate(rows_of(run.cases.values())).as_json()
    if not numbers["measured"]:
        return None
    return Calibrated(tuple(_now(numbers)), tuple(_told(numbers)), _curves(numbers), _bins(numbers), numbers)


def _now(numbers: Mapping[str, Any]) -> Iterable[str]:
    now = numbers["operating"]
    rates = {name: percent(now[name]["value"]) for name in ("refused", "answered")}
    if now["refused"]["measured"] and now["answered"]["measured"]:
        yield say("calibration_now", **rates, **{f"{name}_between": _between(now[name]) for name in rates})
    if now["threshold"] is not None:
        agreement = percent(now["agreement"])
        yield say("calibration_threshold", threshold=percent(now["threshold"]), agreement=agreement)


def _told(numbers: Mapping[str, Any]) -> Iterable[str]:
    area = numbers["auc"]
    if area["value"] is not None:
        between = "" if area["low"] is None else f" ({_between(area)})"
        yield say("calibration_auc", auc=percent(area["value"]), between=between)
    if numbers["error"] is not None:
        yield say("calibration_error", error=percent(numbers["error"]).rstrip("%"))
    if numbers["not_measured"]:
        whole = numbers["measured"] + numbers["not_measured"]
        yield say("calibration_missing", count=numbers["not_measured"], all=whole)


def _between(rate: Mapping[str, Any]) -> str:
    return say("between", low=percent(rate["low"]), high=percent(rate["high"]))


def _curves(numbers: Mapping[str, Any]) -> Markup:
    now = numbers["operating"]
    lines = [
        Curve(
            say(f"curve_{name}"),
            tuple((one["threshold"], one[name]) for one in numbers["points"] if one[name] is not None),
            now[name]["value"],
            name,
        )
        for name in ("refused", "answered")
    ]
    words = charts.Axes(say("curve_x"), say("curve_y"), say("curve_use", threshold=percent(now["threshold"])))
    return charts.curves("curves", say("curve_title"), say("curve_description"), lines, now["threshold"], words)


def _bins(numbers: Mapping[str, Any]) -> Markup:
    drawn = []
    for one in numbers["bins"]:
        rate = one["answerable"]
        label = say("bin", low=percent(one["low"], 0), high=percent(one["high"], 0))
        drawn.append(
            Bar(
                _counted(label, rate["measured"]),
                rate["value"],
                rate["low"],
                rate["high"],
                percent(rate["value"]),
                one["strength"],
            )
        )
    values = "; ".join(f"{bar.label}: {bar.written}" for bar in drawn)
    return charts.bars("bins", say("bins_title"), say("bins_description", values=values), drawn)


# beside ordinary systems


def baselines_of(summary: Mapping[str, Any]) -> list[tuple[str, Markup, list[tuple[str, Mapping[str, Any]]]]]:
    """Per retrieval figure: its name, a chart of ours and each baseline's, and the same as rows."""
    ours = {figure["name"]: figure for figure in summary["figures"]}
    found = []
    for name in COMPARED:
        rows = [(texts.say("column_ours"), ours[name])] if name in ours else []
        for baseline, figures in summary["baselines"].items():
            rows += [(texts.baseline_label(baseline), figure) for figure in figures if figure["name"] == name]
        rows = [(label, figure) for label, figure in rows if figure["value"] is not None]
        if len(rows) > 1:
            found.append((name, _side_by_side(name, rows), rows))
    return found


def _side_by_side(name: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> Markup:
    drawn = [
        Bar(label, one["value"], one["low"], one["high"], written(name, one["value"]), plain=number > 0)
        for number, (label, one) in enumerate(rows)
    ]
    values = "; ".join(f"{bar.label}: {bar.written}" for bar in drawn)
    description = say("baselines_description", meaning=texts.figure_meaning(name), values=values)
    return charts.bars(f"base-{name}", texts.figure_label(name), description, drawn)
