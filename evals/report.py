"""One self-contained HTML file about a run: figures with intervals, and every failed case with all that is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals import texts
from evals.compare import SavedRun
from evals.figures import LOWER_IS_BETTER, RETRIEVAL

TEMPLATE = "report.html.j2"
GROUPS = ("set", "kind", "sector", "asker")


def write_report(run: SavedRun, path: Path) -> None:
    """Write the report of a saved run to `path`."""
    path.write_text(render(run), encoding="utf-8")


def render(run: SavedRun) -> str:
    """Render the report as HTML: no script, no network, one file."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"figure": _figure, "share": _share}
    cases = list(run.cases.values())
    failed = [case for case in cases if not case["passed"]]
    return environment.get_template(TEMPLATE).render(
        run=run,
        summary=run.summary,
        times=run.times,
        cases=cases,
        failed=failed,
        reasons=Counter(code for case in failed for code in {failure[0] for failure in case["failures"]}).most_common(),
        groups={name: _grouped(cases, name) for name in GROUPS},
        baselines=_baselines(run.summary),
        lower_is_better=LOWER_IS_BETTER,
        texts=texts,
    )


def _grouped(cases: Sequence[Mapping[str, Any]], name: str) -> list[tuple[str, int, int]]:
    """(value, passed, all) per value of a field."""
    totals = Counter(str(case[name] or "–") for case in cases)
    passed = Counter(str(case[name] or "–") for case in cases if case["passed"])
    return [(value, passed[value], count) for value, count in sorted(totals.items())]


def _baselines(summary: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """Per retrieval figure ours and each baseline's, as (label, figure)."""
    rows = []
    ours = {figure["name"]: figure for figure in summary["figures"]}
    for name in ("facts_900", "facts_3000", "mrr"):
        row = [(texts.say("column_ours"), ours[name])] if name in ours else []
        for baseline, figures in summary["baselines"].items():
            row += [(texts.baseline_label(baseline), figure) for figure in figures if figure["name"] == name]
        rows.append((name, [(label, figure) for label, figure in row if figure["value"] is not None]))
    return [(name, row) for name, row in rows if row and name in RETRIEVAL]


def _figure(value: float | None) -> str:
    return texts.say("not_measured") if value is None else f"{value:.3f}".replace(".", ",")


def _share(value: float | None) -> str:
    return texts.say("not_measured") if value is None else f"{100 * value:.1f}%".replace(".", ",")
