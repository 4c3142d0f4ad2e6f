"""One self-contained HTML file about a run, for editors: figures with intervals, what failed and why, and every case."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals import texts
from evals.compare import SavedRun
from evals.figures import HEADLINES, LOWER_IS_BETTER, Diagnosis, diagnosis
from evals.report import charts
from evals.report.cases import CaseView, case_views, titles_of
from evals.report.figures import baselines_of, calibrated, parts_of
from evals.report.words import apart, name_of, percent, say, written
from evals.thresholds import Shortfall, shortfalls

TEMPLATE = "web/report.html.j2"
HERE = Path(__file__).resolve().parent
POLICY = "default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline figure, large; `below` says which limit it misses, `why` what goes wrong most; empty if nothing."""

    label: str
    value: str
    between: str
    sentence: str
    lower: bool
    below: str
    why: str
    chart: Markup


def write_report(run: SavedRun, path: Path) -> None:
    """Write the report of a saved run to `path`."""
    path.write_text(render(run), encoding="utf-8", newline="\n")


def render(run: SavedRun) -> str:
    """Render the report as HTML: one file, no network; the script only filters, and nothing needs it."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    style, script = (Markup((HERE / "web" / f"report.{kind}").read_text(encoding="utf-8")) for kind in ("css", "js"))
    titles = titles_of(run.cases.values())
    views = case_views(run.cases.values(), titles)
    missed = shortfalls(run.summary)
    return environment.get_template(TEMPLATE).render(
        say=say,
        texts=texts,
        name_of=name_of,
        written=written,
        style=style,
        script=script,
        policy=POLICY.format(style=_digest(style), script=_digest(script)),
        summary=run.summary,
        times=run.times,
        views=views,
        failed=_by_set([view for view in views if not view.passed], views),
        passed=_by_set([view for view in views if view.passed], views),
        tiles=_tiles(run, missed),
        missed=[(one, *apart(one.name, one.value, one.limit)) for one in missed],
        reasons=_reasons(views),
        parts=parts_of(run, titles),
        options=_options(views, titles),
        calibration=calibrated(run),
        baselines=baselines_of(run.summary),
    )


def _digest(text: str) -> str:
    """Name an inline style or script in a content security policy, so that no other one runs."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _tiles(run: SavedRun, missed: Sequence[Shortfall]) -> tuple[Tile, ...]:
    figures = {figure["name"]: figure for figure in run.summary["figures"]}
    limits = {one.name: one for one in missed if not one.set}
    cases = run.cases.values()
    causes = {one.name: one for one in diagnosis([c["scores"] for c in cases], [c["failures"] for c in cases])}
    return tuple(_tile(figures[name], limits.get(name), causes.get(name)) for name in HEADLINES if name in figures)


def _tile(figure: Mapping[str, Any], missed: Shortfall | None, cause: Diagnosis | None) -> Tile:
    name, value = figure["name"], figure["value"]
    label, meaning = texts.figure_label(name), texts.figure_meaning(name)
    if value is None:
        return Tile(label, say("not_measured"), "", f"{_capitalised(meaning)}.", False, "", "", Markup(""))
    measured, share, below = figure["measured"], percent(value), ""
    if missed is not None:
        share, limit = apart(name, value, missed.limit)
        below = say("limit_min" if missed.at_least else "limit_max", limit=limit)
    between = say("between", low=percent(figure["low"]), high=percent(figure["high"]))
    return Tile(
        label,
        share,
        f"{between} ({say('over', count=measured)})",
        say(name, "headline", default=meaning, count=round(value * measured), measured=measured, share=share),
        name in LOWER_IS_BETTER,
        below,
        "" if cause is None else _why(cause),
        charts.span(value, figure["low"], figure["high"]),
    )


def _why(cause: Diagnosis) -> str:
    """What fails most in the cases that lose on a figure, without the failure that is the figure itself."""
    others = [(code, count) for code, count in cause.reasons if code != cause.name]
    if not others:
        return ""
    told = [say("tile_reason", reason=_uncapitalised(name_of("reason", code)), count=count) for code, count in others]
    key = "tile_why" if len(others) == len(cause.reasons) else "tile_also"
    return say(key, losing=cause.losing, measured=cause.measured, reasons="; ".join(told))


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _uncapitalised(words: str) -> str:
    return words[:1].lower() + words[1:]


def _reasons(views: Iterable[CaseView]) -> list[tuple[str, str, int]]:
    """(code, words, number of cases) of each reason, the most frequent first."""
    counted = Counter(code for view in views for code in view.reasons)
    return [(code, name_of("reason", code), count) for code, count in counted.most_common()]


def _by_set(views: Sequence[CaseView], among: Sequence[CaseView]) -> list[tuple[str, list[CaseView], int]]:
    """(set, its cases, how many the set has in all), in the order of the run."""
    totals = Counter(view.set for view in among)
    return [(name, [v for v in views if v.set == name], totals[name]) for name in dict.fromkeys(v.set for v in views)]


def _options(views: Sequence[CaseView], titles: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Per field of the filter its values with their names, by name."""
    found = []
    for field in ("set", "kind", "sector", "source", "reason"):
        values = {value for view in views for value in view.tokens(field)}
        named = {value: titles.get(value) or name_of(field, value) for value in values}
        found.append((field, sorted(named.items(), key=lambda item: item[1].lower())))
    return found
