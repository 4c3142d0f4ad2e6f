"""What readers did not find: groups of questions, and two things to do with one: make a case, or note what is missing."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.errors import LibraryError
from assistant.feedback import FeedbackStore, Record, Verdict
from assistant.gaps import Gap, gaps
from assistant.safety import plain
from assistant.settings import Settings
from assistant.ui import access
from assistant.ui.labels import literal
from assistant.ui.quality.case_form import ask_for_case

TEXT = nl.QUALITY
SHOWN_GAPS = 20
SHOWN_QUESTIONS = 3
_OPEN = "quality_gap"  # (what is done, ids of the group's records) of the group that is worked on


def show(settings: Settings) -> None:
    """Draw the groups, the largest first, and below them what was done with earlier ones."""
    store = FeedbackStore(settings.data, settings.question_days)
    try:
        records = store.all()
    except LibraryError as error:
        st.warning(literal(nl.error_line(error)))
        return
    if said := st.session_state.pop("quality_gap_said", ""):
        st.success(literal(said))
    found = gaps(records)
    if not found:
        st.html(
            f'<div class="blank"><h2>{html.escape(TEXT["no_gaps_heading"])}</h2><p>{html.escape(TEXT["no_gaps"])}</p></div>'
        )
    else:
        st.html(f'<p class="small">{html.escape(TEXT["gaps_lead"])}</p>')
    shown = st.session_state.setdefault("quality-shown-gaps", SHOWN_GAPS)
    for number, gap in enumerate(found[:shown]):
        _group(number, gap, settings)
    if shown < len(found):
        more = min(SHOWN_GAPS, len(found) - shown)
        st.button(TEXT["more"].format(count=more), key="more-gaps", on_click=_more)
    _settled([record for record in records if record.note and record.verdict is not Verdict.UP], settings)


def _more() -> None:
    st.session_state["quality-shown-gaps"] += SHOWN_GAPS


def _group(number: int, gap: Gap, settings: Settings) -> None:
    """Draw a group: how often it was reported, its questions, and the two buttons."""
    ids = _ids(gap.records)
    opened = st.session_state.get(_OPEN)
    with st.container(key=f"gap-{number}", gap="small"):
        st.html(_group_html(gap))
        with st.container(horizontal=True, gap="small", key=f"gap-buttons-{number}"):
            for what, icon in (("case", "add_task"), ("note", "menu_book")):
                st.button(
                    TEXT[f"gap_{what}"],
                    key=f"gap-{what}-{number}",
                    icon=f":material/{icon}:",
                    on_click=_work_on,
                    args=(what, ids),
                )
        if opened == ("case", ids):
            ask_for_case(gap, settings, lambda case: _done(settings, ids, TEXT["gap_case_note"].format(id=case)))
            st.button(TEXT["gap_close"], key=f"gap-close-{number}", type="tertiary", on_click=_work_on, args=("", ids))
        elif opened == ("note", ids):
            _note(number, ids, settings)


def _note(number: int, ids: tuple[str, ...], settings: Settings) -> None:
    with st.form(f"gap-form-{number}"):
        note = st.text_input(TEXT["gap_note_label"], placeholder=TEXT["gap_note_hint"], max_chars=500)
        with st.container(horizontal=True, gap="small"):
            save = st.form_submit_button(TEXT["gap_save"], type="primary")
            close = st.form_submit_button(TEXT["gap_close"])
    if save and note.strip():
        access.require(Action.MANAGE)
        _done(settings, ids, TEXT["gap_noted"].format(note=note.strip()))
        st.rerun()
    elif save:
        st.warning(TEXT["gap_note_empty"])
    elif close:
        _work_on("", ids)
        st.rerun()


def _work_on(what: str, ids: tuple[str, ...]) -> None:
    access.require(Action.MANAGE)
    st.session_state[_OPEN] = (what, ids)


def _done(settings: Settings, ids: Sequence[str], note: str) -> None:
    """Write down what was done with a group, by which it is no gap any more."""
    access.require(Action.MANAGE)
    try:
        FeedbackStore(settings.data, settings.question_days).settle(ids, note)
        st.session_state["quality_gap_said"] = note
    except LibraryError as error:
        st.session_state["quality_gap_said"] = nl.error_line(error)
    st.session_state.pop(_OPEN, None)


def _settled(records: Sequence[Record], settings: Settings) -> None:
    """Draw what was done with earlier groups, each of which can be opened again."""
    notes: dict[str, list[Record]] = {}
    for record in reversed(records):
        notes.setdefault(record.note, []).append(record)
    if not notes:
        return
    st.header(TEXT["settled"].format(count=len(notes)), anchor=False)
    for number, (note, group) in enumerate(notes.items()):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"settled-{number}"):
            questions = " · ".join(dict.fromkeys(record.question for record in group))
            st.html(
                f'<p class="settled"><strong dir="auto">{_text(note)}</strong><br><span dir="auto">{_text(questions)}</span></p>'
            )
            st.button(
                TEXT["reopen"], key=f"reopen-{number}", type="tertiary", on_click=_reopen, args=(settings, _ids(group))
            )


def _reopen(settings: Settings, ids: tuple[str, ...]) -> None:
    access.require(Action.MANAGE)
    try:
        FeedbackStore(settings.data, settings.question_days).settle(ids, "")
    except LibraryError as error:
        st.session_state["quality_gap_said"] = nl.error_line(error)


def _group_html(gap: Gap) -> str:
    count = TEXT["gap_count_one"] if gap.count == 1 else TEXT["gap_count"].format(count=gap.count)
    how = [
        TEXT[f"gap_{name}"].format(count=n) for name in ("down", "missing", "unanswered") if (n := getattr(gap, name))
    ]
    first, *others = gap.questions
    shown = "".join(f'<li dir="auto">{_text(question)}</li>' for question in others[:SHOWN_QUESTIONS])
    left = len(others) - SHOWN_QUESTIONS
    more = f"<li>{_text(TEXT['gap_more'].format(count=left))}</li>" if left > 0 else ""
    parts = nl.MISSING.format(missing=", ".join(gap.parts)) if gap.parts else ""
    said = [record.comment for record in gap.records if record.comment]
    comments = "".join(f'<li dir="auto">“{_text(comment)}”</li>' for comment in said[:SHOWN_QUESTIONS])
    facts = ", ".join((*how, *(sector for sector in gap.sectors), nl.app_date(gap.last)))
    return (
        f'<div class="gap"><p class="count">{_text(count)}</p><div><h2 dir="auto">{_text(first)}</h2>'
        f'<ul>{shown}{more}{comments}</ul><p class="small">{_text(facts)}</p>'
        f"{f'<p class=small>{_text(parts)}</p>' if parts else ''}</div></div>"
    )


def _text(text: str) -> str:
    return html.escape(plain(text))


def _ids(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(record.id for record in records)
