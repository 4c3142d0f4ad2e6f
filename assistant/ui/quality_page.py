"""The page "Kwaliteit": measure the answers, see what went wrong, compare, judge, and read what readers did not find."""

from __future__ import annotations

import html
import logging
import time
from pathlib import Path

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.errors import SettingsError, WelwijzerError
from assistant.settings import Settings
from assistant.ui import access, loading
from assistant.ui.labels import literal
from assistant.ui.quality import comparing, figures, gap_list, labelling
from assistant.ui.quality.measuring import Measured, Measuring
from assistant.ui.quality.runs import places_of
from evals import texts
from evals.case_files import CasesError
from evals.cases import Case, load_cases
from evals.compare import RunError

log = logging.getLogger(__name__)

TEXT = nl.QUALITY
PARTS = ("figures", "compare", "label", "gaps")
LOOK_AGAIN_SECONDS = 1.0
MOST_PROBLEMS = 10
_STYLE = Path(__file__).parent / "web" / "work.css"


def render() -> None:
    """Draw the page. Runs, labels and cases are kept below `WELWIJZER_DATA`; the one run that goes is shared by all."""
    access.require(Action.MANAGE)
    st.html(_STYLE)
    st.title(TEXT["title"], anchor=False)
    st.html(f'<p class="intro">{html.escape(TEXT["intro"])}</p>')
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        st.text(nl.error_line(error))
        return
    part = st.segmented_control(
        TEXT["part"],
        PARTS,
        default=PARTS[0],
        required=True,
        format_func=TEXT.__getitem__,
        key="quality-part",
        label_visibility="collapsed",
        persist_state="session",
    )
    try:
        _part(part or PARTS[0], settings)
    except RunError as error:  # thrown away by another editor in between
        log.info("run not read: %s", error)
        st.text(texts.say("run_unreadable", folder=Path(str(error.details["folder"])).name))


def _part(part: str, settings: Settings) -> None:
    if part == "figures":
        _measure(settings)
        figures.show(settings, measuring().state.running)
    elif part == "compare":
        comparing.show(settings)
    elif part == "label":
        labelling.show(settings)
    else:
        gap_list.show(settings)


@st.cache_resource(show_spinner=False)
def measuring() -> Measuring:
    """The runs of this process: shared by all sessions, and locked where it is changed."""
    return Measuring()


def _measure(settings: Settings) -> None:
    """Draw the choice of questions with the button, or the run that goes, or how the last one ended."""
    state = measuring().state
    if state.running:
        _going()
        return
    _ended(state)
    try:
        cases = _cases(places_of(settings), _stamp(places_of(settings)))
    except CasesError as error:
        st.warning(TEXT["cases_wrong"])
        st.text("\n".join(texts.problem_line(problem) for problem in error.problems[:MOST_PROBLEMS]))
        return
    counts = {name: sum(case.set == name for case in cases) for name in dict.fromkeys(case.set for case in cases)}
    with st.container(key="quality-start", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            TEXT["set"],
            ["", *counts],
            format_func=lambda name: (
                TEXT["one_set"].format(label=texts.set_label(name), count=counts[name])
                if name
                else TEXT["all_sets"].format(count=len(cases))
            ),
            key="quality-set",
            persist_state="session",
        )
        st.button(TEXT["run"], type="primary", icon=":material/play_arrow:", key="quality-start-run", on_click=_start)


@st.cache_resource(max_entries=1, show_spinner=False)
def _cases(places: tuple[Path, ...], stamp: tuple[object, ...]) -> tuple[Case, ...]:
    """All cases as their files stand now. Raises CasesError."""
    log.debug("reading the cases of %s", stamp)
    return load_cases(*places)


def _stamp(places: tuple[Path, ...]) -> tuple[object, ...]:
    """What changes when a file of cases does."""
    files = sorted(path for place in places for path in place.iterdir() if path.is_file())
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def _start() -> None:
    """Begin a run of the chosen set, which goes on whatever happens to this page."""
    access.require(Action.MANAGE)
    name = st.session_state.get("quality-set") or ""
    try:
        settings = Settings.from_env()
        places = places_of(settings)
        cases = _cases(places, _stamp(places))
    except WelwijzerError as error:
        log.warning("no run: %s", error)
        return
    chosen = tuple(case for case in cases if not name or case.set == name)
    assistant = loading.loading_assistant()
    if not chosen or not measuring().start(chosen, not name, lambda: assistant.result().extractive, settings, places):
        st.toast(TEXT["busy"])
    st.session_state.pop("quality-run", None)  # the new one is shown when it is there


def _stop() -> None:
    access.require(Action.MANAGE)
    measuring().stop()


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def _going() -> None:
    """Show how far the run is, looking again every second; draw the page anew when it has ended."""
    state = measuring().state
    if not state.running:
        st.rerun()
    with st.container(key="quality-going", gap="small"):
        st.progress(min(state.done / state.total, 1.0) if state.total else 0.0, _progress_words(state))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                TEXT["cancel"], icon=":material/stop:", key="quality-stop", disabled=state.stopping, on_click=_stop
            )
            st.html(f'<p class="small">{html.escape(TEXT["by"])}</p>')


def _progress_words(state: Measured) -> str:
    if state.stopping:
        return TEXT["cancelling"]
    if state.total and state.done >= state.total:
        return TEXT["finishing"]
    left = state.seconds_left(time.monotonic())
    if left is None:
        return TEXT["preparing"]
    return TEXT["running_left"].format(done=state.done, total=state.total, left=nl.quality_left(left))


def _ended(state: Measured) -> None:
    """Say once how the last run ended, where that needs words."""
    if state.stopped:
        st.info(TEXT["cancelled"])
    elif isinstance(state.error, WelwijzerError):
        st.warning(literal(TEXT["failed"].format(line=_error_words(state.error))))
    elif state.error is not None:
        st.warning(TEXT["unexpected"])
    elif state.stale:
        st.info(TEXT["stale"].format(count=state.stale))
    measuring().forget()


def _error_words(error: WelwijzerError) -> str:
    return texts.problem_line(error.problems[0]) if isinstance(error, CasesError) else nl.error_line(error)
