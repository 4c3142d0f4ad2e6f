"""Two runs side by side: what broke, what was mended, and which figures differ for more than chance."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from assistant import texts_nl as nl
from assistant.settings import Settings
from assistant.ui.quality.figures import SHOWN_CASES, cases_html
from assistant.ui.quality.runs import before, kept_runs
from evals import texts
from evals.compare import Comparison, Difference, SavedRun, compare, read_run
from evals.report.cases import case_views, titles_of
from evals.report.words import written

TEXT = nl.QUALITY


def show(settings: Settings) -> None:
    """Draw the choice of two runs and how they differ."""
    runs = kept_runs(settings.data)
    if len(runs) < 2:
        st.text(TEXT["needs_two"])
        return
    names = {run.folder.name: run for run in runs}
    earlier = before(runs[0], runs) or runs[1]
    left, right = st.columns(2, gap="small")
    options = list(names)
    with left:
        first = st.selectbox(
            TEXT["before"],
            options,
            index=options.index(earlier.folder.name),
            format_func=lambda name: names[name].name,
            key="compare-before",
        )
    with right:
        second = st.selectbox(TEXT["after"], options, format_func=lambda name: names[name].name, key="compare-after")
    if first == second:
        st.text(TEXT["same_run"])
        return
    old, new = read_run(names[first].folder), read_run(names[second].folder)
    comparison = compare(old, new)
    if not comparison.differences and not comparison.changed_cases:
        st.text(TEXT["nothing_shared"])
        return
    _flips(TEXT["broken"], comparison.broken, new)
    _flips(TEXT["fixed"], comparison.fixed, new)
    st.header(TEXT["differences"], anchor=False)
    st.html(table(comparison.differences))
    if left_out := _left_out(comparison):
        st.html(f'<p class="small">{html.escape(left_out)}</p>')


def _flips(heading: str, ids: Sequence[str], run: SavedRun) -> None:
    """Draw the cases whose verdict changed, each closed, as they are in the second run."""
    st.header(f"{heading} ({len(ids)})", anchor=False)
    if not ids:
        st.text(TEXT["none"])
        return
    records = [run.cases[id] for id in ids]
    views = case_views(records, titles_of(run.cases.values()))
    for at in range(0, len(views), SHOWN_CASES):
        st.html(f'<div class="cases">{cases_html(views[at : at + SHOWN_CASES])}</div>')


def table(differences: Sequence[Difference]) -> str:
    """The figures of both runs as an HTML table; a verdict is a word, and bold where it proves something."""
    names = ("column_figure", "column_before", "column_after", "column_better", "column_worse", "column_verdict")
    head = "".join(f'<th scope="col">{html.escape(TEXT[name])}</th>' for name in names)
    rows = "".join(_row(one) for one in differences)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(TEXT["differences"])}">'
        f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(one: Difference) -> str:
    cells = (written(one.name, one.before), written(one.name, one.after), str(one.better), str(one.worse))
    told = html.escape(texts.verdict_word(one.verdict))
    verdict = f"<strong>{told}</strong>" if one.verdict in ("better", "worse") else told
    numbers = "".join(f'<td class="n">{html.escape(cell)}</td>' for cell in cells)
    label = html.escape(texts.figure_label(one.name))
    return f'<tr><th scope="row">{label}</th>{numbers}<td>{verdict}</td></tr>'


def _left_out(comparison: Comparison) -> str:
    counts = {
        "changed": len(comparison.changed_cases),
        "before": len(comparison.only_before),
        "after": len(comparison.only_after),
    }
    return TEXT["left_out"].format(**counts) if any(counts.values()) else ""
