"""A run and a comparison as plain text for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evals import texts
from evals.compare import Comparison
from evals.figures import LOWER_IS_BETTER
from evals.run import Run
from evals.thresholds import Shortfall

_SHOWN_IDS = 20
_SHOWN_FAILED = 10


def run_lines(summary: Mapping[str, Any], times: Mapping[str, Any]) -> Iterator[str]:
    """Yield the table of figures with the baselines beside ours, then the sets, then what is stale."""
    made = summary["made_with"]
    yield texts.say(
        "title",
        count=summary["cases"],
        corpus=made.get("corpus", "?"),
        model=made.get("model", "?"),
        code=made.get("code", "?"),
    )
    yield ""
    yield from _table(_figure_rows(summary))
    blank = [texts.figure_label(one["name"]) for one in summary["figures"] if not one["measured"]]
    if blank:
        yield texts.say("never_measured", names=", ".join(blank))
    yield ""
    yield from _table(_set_rows(summary))
    yield ""
    yield from _table(_side_by_side_rows(summary))
    yield ""
    yield texts.say("times", **{name: _comma(times.get(name, 0.0), 1) for name in ("median_ms", "p95_ms")})
    passed = next((one for one in summary["figures"] if one["name"] == "passed"), None)
    if passed is not None and passed["value"] is not None:
        count = round(passed["value"] * passed["measured"])
        yield texts.say("passed", passed=count, count=passed["measured"])


def failed_lines(run: Run) -> Iterator[str]:
    """The first questions that went wrong, each with the reasons."""
    failed = [result for result in run.results if not result.score.passed]
    if failed:
        yield ""
        yield texts.say("failed", count=len(failed))
    for result in failed[:_SHOWN_FAILED]:
        yield f"- {result.case.question}  ({result.case.id})"
        yield from (f"    {texts.failure_line(code, detail)}" for code, detail in result.score.failures)
    if len(failed) > _SHOWN_FAILED:
        yield texts.say("failed_more", count=len(failed) - _SHOWN_FAILED)


def shortfall_line(one: Shortfall) -> str:
    """One line for a figure that misses its limit."""
    limit = _comma(one.limit, 3)
    return texts.say(
        "below",
        name=texts.figure_label(one.name),
        where=texts.say("in_set", set=one.set) if one.set else "",
        value=_comma(one.value, 3),
        bound=texts.say("at_least" if one.at_least else "at_most", limit=limit),
    )


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Flips first, then the figures."""
    for key, ids in (("broken", comparison.broken), ("fixed", comparison.fixed)):
        yield texts.say(key, count=len(ids))
        yield from (f"  {one}" for one in ids) if ids else [f"  {texts.say('none')}"]
    yield ""
    for one in comparison.differences:
        yield texts.say(
            "difference",
            label=texts.figure_label(one.name),
            before=_comma(one.before, 3),
            after=_comma(one.after, 3),
            better=one.better,
            worse=one.worse,
            pairs=one.pairs,
            p=_comma(one.p, 3),
            verdict=texts.verdict_word(one.verdict),
        )
    for key in ("changed_cases", "only_before", "only_after"):
        ids = getattr(comparison, key)
        if ids:
            yield texts.say(key, ids=", ".join(ids[:_SHOWN_IDS]) + (" …" if len(ids) > _SHOWN_IDS else ""))


def _figure_rows(summary: Mapping[str, Any]) -> Iterator[list[str]]:
    baselines = summary["baselines"]
    by_name = {name: {one["name"]: one["value"] for one in figures} for name, figures in baselines.items()}
    yield [
        texts.say("column_figure"),
        texts.say("column_ours"),
        texts.say("column_interval"),
        *(texts.baseline_label(name) for name in baselines),
        texts.say("column_measured"),
        texts.say("column_not_measured"),
    ]
    for one in (figure for figure in summary["figures"] if figure["measured"]):
        arrow = " ↓" if one["name"] in LOWER_IS_BETTER else ""
        yield [
            texts.figure_label(one["name"]) + arrow,
            _comma(one["value"], 3),
            f"{_comma(one['low'], 3)}–{_comma(one['high'], 3)}",
            *(_or_blank(values.get(one["name"])) for values in by_name.values()),
            str(one["measured"]),
            str(one["not_measured"]),
        ]


_SET_FIGURES = ("passed", "vital_facts", "refusal_error", "hallucination_error")
_SIDE_BY_SIDE = ("facts_900", "facts_3000")


def _set_rows(summary: Mapping[str, Any]) -> Iterator[list[str]]:
    yield ["", *(texts.figure_label(name) for name in _SET_FIGURES)]
    for name, figures in (*summary["by_set"].items(), *summary["by_split"].items()):
        yield [name, *_cells(figures, _SET_FIGURES)]


def _side_by_side_rows(summary: Mapping[str, Any]) -> Iterator[list[str]]:
    """Per set the facts within 900 / 3000 characters, ours and each baseline's."""
    baselines = summary["baselines_by_set"]
    yield [texts.say("side_by_side"), texts.say("column_ours"), *(texts.baseline_label(name) for name in baselines)]
    for part, figures in summary["by_set"].items():
        columns = [figures, *(by_set[part] for by_set in baselines.values())]
        yield [part, *(" / ".join(_cells(column, _SIDE_BY_SIDE)) for column in columns)]


def _cells(figures: list[dict[str, Any]], names: tuple[str, ...]) -> list[str]:
    values = {one["name"]: one["value"] for one in figures}
    return [_or_blank(values.get(name)) or "–" for name in names]


def _table(rows: Iterator[list[str]]) -> Iterator[str]:
    kept = list(rows)
    widths = [max(len(row[column]) for row in kept) for column in range(len(kept[0]))]
    for row in kept:
        first, *others = zip(row, widths, strict=True)
        yield "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])


def _or_blank(value: float | None) -> str:
    return "" if value is None else _comma(value, 3)


def _comma(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",")
