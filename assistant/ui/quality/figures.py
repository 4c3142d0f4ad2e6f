"""The figures of one run: the verdict, five tiles, and every case as the report shows it, those that failed first."""

from __future__ import annotations

import html
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import streamlit as st
from jinja2 import Environment, PackageLoader, StrictUndefined

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.settings import Settings
from assistant.ui import access
from assistant.ui.labels import literal
from assistant.ui.quality.runs import Kept, before, change_words, changes, figures_by_name, kept_runs, remove_run
from evals import texts
from evals.compare import Difference, SavedRun, read_run
from evals.figures import HEADLINES, LOWER_IS_BETTER
from evals.report.cases import CaseView, case_views, titles_of
from evals.report.page import render as report
from evals.report.words import name_of, percent, say

log = logging.getLogger(__name__)

TEXT = nl.QUALITY
VERDICT, *TILES = HEADLINES  # the verdict stands above, as a sentence
SHOWN_CASES = 20
_CASES = '{% import "web/case.html.j2" as case with context %}{% for view in views %}{{ case.show(view) }}{% endfor %}'


def show(settings: Settings, going: bool) -> None:
    """Draw the newest run, or the one that is chosen; where there is none yet, what to do, unless one is `going`."""
    runs = kept_runs(settings.data)
    if not runs and going:
        return
    if not runs:
        st.html(
            f'<div class="blank"><h2>{html.escape(TEXT["no_runs_heading"])}</h2><p>{html.escape(TEXT["no_runs"])}</p></div>'
        )
        return
    names = {run.folder.name: run for run in runs}
    if st.session_state.get("quality-run") not in names:
        st.session_state["quality-run"] = runs[0].folder.name
    chosen = names[
        st.selectbox(TEXT["shown_run"], list(names), format_func=lambda name: names[name].name, key="quality-run")
    ]
    run = read_run(chosen.folder)
    earlier = before(chosen, runs)
    st.html(_headlines(run, changes(run, read_run(earlier.folder) if earlier else None), earlier))
    _buttons(run, chosen)
    _cases(run, chosen.folder.name)


def _headlines(run: SavedRun, changed: Mapping[str, Difference], earlier: Kept | None) -> str:
    """The verdict as a sentence and a bar, and a tile for each of the other headlines."""
    figures = figures_by_name(run)
    count = int(run.summary["cases"])
    passed = sum(bool(case["passed"]) for case in run.cases.values())
    when = earlier.when if earlier else ""
    verdict = figures[VERDICT]
    share = TEXT["verdict_share"].format(share=percent(verdict["value"]), between=_between(verdict))
    said = TEXT["verdict"].format(passed=passed, count=count)
    change = change_words(changed.get(VERDICT), when)
    head = (
        f'<div class="verdict"><h2>{html.escape(said)}</h2>{_bar(verdict)}'
        f"<p>{html.escape(share)} · {html.escape(change)}</p></div>"
    )
    tiles = "".join(_tile(name, figures.get(name), changed.get(name), when) for name in TILES)
    return f'{head}<ul class="tiles">{tiles}</ul>'


def _tile(name: str, figure: Mapping[str, Any] | None, change: Difference | None, when: str) -> str:
    label = html.escape(texts.figure_label(name))
    if figure is None or figure["value"] is None:
        meaning = texts.figure_meaning(name).removesuffix(f" ({TEXT['lower']})")
        return (
            f'<li class="tile"><h3>{label}</h3><p class="value absent">{html.escape(say("not_measured"))}</p>'
            f'<p class="small">{html.escape(meaning[:1].upper() + meaning[1:])}.</p></li>'
        )
    value, measured = figure["value"], figure["measured"]
    lower = f' <span class="small">{html.escape(TEXT["lower"])}</span>' if name in LOWER_IS_BETTER else ""
    changed = f'<p class="change {_direction(change)}">{html.escape(change_words(change, when))}</p>' if when else ""
    told = say(name, "headline", count=round(value * measured), measured=measured, share=percent(value))
    return (
        f'<li class="tile"><h3>{label}</h3><p class="value">{html.escape(percent(value))}{lower}</p>{_bar(figure)}'
        f'<p class="small">{html.escape(_between(figure))}</p>{changed}<p class="small">{html.escape(told)}</p></li>'
    )


def _direction(change: Difference | None) -> str:
    return change.verdict if change is not None and change.verdict in ("better", "worse") else "even"


def _between(figure: Mapping[str, Any]) -> str:
    if figure["low"] is None or figure["high"] is None:
        return str(say("not_measured"))
    return TEXT["between"].format(low=percent(figure["low"]), high=percent(figure["high"]))


def _bar(figure: Mapping[str, Any]) -> str:
    """The interval on a line from 0 to 100 %, with the figure as a stroke; what it says stands in words beside it."""
    if figure["value"] is None or figure["low"] is None:
        return ""
    low, high, value = (max(0.0, min(100.0, 100 * figure[name])) for name in ("low", "high", "value"))
    return (
        f'<div class="interval" aria-hidden="true"><span style="left:{low:.1f}%;width:{high - low:.1f}%"></span>'
        f'<i style="left:{value:.1f}%"></i></div>'
    )


def _buttons(run: SavedRun, chosen: Kept) -> None:
    """Draw what can be done with a run: take the report along, or throw the run away."""
    name = chosen.folder.name
    with st.container(horizontal=True, gap="small", key="quality-run-buttons"):
        st.download_button(
            TEXT["report"],
            lambda: report(run).encode(),
            TEXT["report_file"].format(name=name),
            "text/html",
            key="quality-report",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover(TEXT["remove"], icon=":material/delete:"):
            st.text(TEXT["remove_sure"])
            st.button(TEXT["remove_yes"], key="quality-remove", on_click=_remove, args=(chosen,))


def _remove(chosen: Kept) -> None:
    access.require(Action.MANAGE)
    try:
        remove_run(chosen)
    except OSError as error:
        log.warning("run not removed: %s", error)
        st.toast(TEXT["not_writable"])
        return
    st.toast(TEXT["removed"])


def _cases(run: SavedRun, name: str) -> None:
    """Draw the cases that failed, for one reason or all, and on demand those that passed."""
    views = case_views(run.cases.values(), titles_of(run.cases.values()))
    failed = [view for view in views if not view.passed]
    st.header(TEXT["failed_cases"], anchor=False)
    if not failed:
        st.text(TEXT["nothing_failed"])
    else:
        counted = TEXT["failed_of"].format(failed=len(failed), count=len(views))
        st.html(f'<p class="small">{html.escape(counted)}. {html.escape(say("failed_lead"))}</p>')
        counts = Counter(reason for view in failed for reason in view.reasons)
        reason = st.selectbox(
            TEXT["filter"],
            ["", *(code for code, _ in counts.most_common())],
            format_func=lambda code: _reason(code, counts),
            key=f"quality-reason-{name}",
        )
        _listed([view for view in failed if not reason or reason in view.reasons], f"failed-{name}-{reason}")
    passed = [view for view in views if view.passed]
    if passed and st.toggle(literal(TEXT["passed_cases"].format(count=len(passed))), key=f"quality-passed-{name}"):
        _listed(passed, f"passed-{name}")


def _reason(code: str, counts: Mapping[str, int]) -> str:
    return (
        TEXT["reason_count"].format(reason=name_of("reason", code), count=counts[code]) if code else TEXT["filter_all"]
    )


def _listed(views: Sequence[CaseView], key: str) -> None:
    """Draw cases, each closed, some at a time."""
    shown = st.session_state.setdefault(f"quality-shown-{key}", SHOWN_CASES)
    for at in range(0, min(shown, len(views)), SHOWN_CASES):
        st.html(f'<div class="cases">{cases_html(views[at : min(at + SHOWN_CASES, shown)])}</div>')
    if shown < len(views):
        more = min(SHOWN_CASES, len(views) - shown)
        st.button(TEXT["more"].format(count=more), key=f"more-{key}", on_click=_more, args=(f"quality-shown-{key}",))


def _more(key: str) -> None:
    st.session_state[key] += SHOWN_CASES


def cases_html(views: Sequence[CaseView]) -> str:
    """Cases as the report shows them: closed, opening to what is wrong, the answer, what was expected and what was found."""
    shown: str = _environment().from_string(_CASES).render(views=views, say=say, name_of=name_of)
    return shown.replace("<h4>", "<h3>").replace(
        "</h4>", "</h3>"
    )  # a case stands right below a heading of level 2 here


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("evals.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    return environment
