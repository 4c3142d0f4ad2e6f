"""Judging answers one by one, blind: what an editor sees is what `evals.judging.draw` shows, and each label is kept at once."""

from __future__ import annotations

import html
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.settings import Settings
from assistant.ui import access
from assistant.ui.labels import literal
from assistant.ui.quality.runs import kept_runs
from evals.compare import SavedRun, read_run
from evals.judging.agreement import judge
from evals.judging.draw import Draw, Item, Quoted, draw, run_hash
from evals.judging.labels import FOLDER, SCALES, Label, Labels, LabelsError, editor_name, load_labels, save_labels
from evals.judging.texts import error_lines, judgement_lines, say, word

log = logging.getLogger(__name__)

TEXT = nl.QUALITY
COUNT = 60
"""Answers that are drawn unless the editor says otherwise, as on the command line."""
COUNTS = (20, 40, COUNT, 100, 200)
SEED = 1
_JUDGING = "quality_judging"


@dataclass(frozen=True, slots=True)
class Judging:
    """One editor at one draw: the items in the editor's order, the labels so far, and which item is looked at."""

    editor: str
    drawn: Draw
    labels: tuple[Label, ...]
    at: int

    @property
    def items(self) -> tuple[Item, ...]:
        """The items in the editor's own order."""
        return self.drawn.for_editor(self.editor)

    @property
    def record(self) -> Labels:
        """The labels as they are kept."""
        drawn = self.drawn
        return Labels(self.editor, drawn.run, drawn.code, drawn.corpus, len(drawn.items), self.labels)


def begun(run: SavedRun, editor: str, count: int, known: Sequence[Labels]) -> Judging:
    """Draw answers of a run and take up what this editor said of them before. Raises LabelsError and RunError."""
    name = editor_name(editor)
    drawn = draw(run, count, SEED)
    items = drawn.for_editor(name)
    said = {
        label.item: label
        for one in known
        if one.run == drawn.run and one.editor.casefold() == name.casefold()
        for label in one.labels
    }
    labels = tuple(said.get(item.id) or _open(item) for item in items)
    judging = Judging(name, drawn, labels, 0)
    return replace(judging, at=_next_open(judging, 0))


def labelled(judging: Judging, value: str, remark: str = "") -> Judging:
    """Give the item that is looked at a label, and go on to the next. Raises ValueError for a label of another question."""
    item = judging.items[judging.at]
    if value not in SCALES[item.claim]:
        raise ValueError(value)
    label = replace(judging.labels[judging.at], value=value, remark=remark.strip())
    labels = (*judging.labels[: judging.at], label, *judging.labels[judging.at + 1 :])
    return replace(judging, labels=labels, at=judging.at + 1)


def _open(item: Item) -> Label:
    return Label(item.id, item.case, item.claim, item.turns[-1], item.text, None)


def _next_open(judging: Judging, start: int) -> int:
    """The first item from `start` that has no label yet; past the last one where all have."""
    places = range(start, len(judging.labels))
    return next((n for n in places if judging.labels[n].value is None), len(judging.labels))


# the page


def show(settings: Settings) -> None:
    """Draw the choice of a run, or the item that is to be judged."""
    judging = st.session_state.get(_JUDGING)
    if isinstance(judging, Judging):
        with st.container(key="label-item", gap="small"):
            _item(judging, settings)
        return
    with st.container(key="label-form", gap="small"):
        _begin(settings)


def _begin(settings: Settings) -> None:
    """Draw the choice of a run, the editor's name, and how many answers."""
    runs = {run.folder.name: run for run in kept_runs(settings.data)}
    if not runs:
        st.text(TEXT["no_runs"])
        return
    st.html(f'<p class="intro">{html.escape(TEXT["label_lead"])}</p>')
    name = st.selectbox(
        TEXT["shown_run"],
        list(runs),
        format_func=lambda name: runs[name].name,
        key="label-run",
        persist_state="session",
    )
    st.text_input(
        TEXT["your_name"], key="label-editor", max_chars=60, placeholder=TEXT["your_name_hint"], persist_state="session"
    )
    st.selectbox(TEXT["label_count"], COUNTS, index=COUNTS.index(COUNT), key="label-count", persist_state="session")
    if st.button(TEXT["label_start"], type="primary", key="label-start"):
        access.require(Action.MANAGE)
        try:
            run = read_run(runs[name].folder)
            known = load_labels(settings.data / FOLDER)
            st.session_state[_JUDGING] = begun(
                run, st.session_state["label-editor"], st.session_state["label-count"], known
            )
            st.rerun()
        except LabelsError as error:
            st.warning(literal(" ".join(error_lines(error))))
    _agreement(settings, read_run(runs[name].folder))


def _item(judging: Judging, settings: Settings) -> None:
    done, total = judging.record.labelled, len(judging.labels)
    st.progress(done / total, TEXT["label_progress"].format(done=done, total=total))
    if judging.at >= total:
        st.header(TEXT["label_done_heading"], anchor=False)
        if done == total:
            st.text(TEXT["label_done"])
        with st.container(horizontal=True, gap="small"):
            if done < total:
                st.button(TEXT["label_open"], type="primary", key="label-open", on_click=_go, args=(None,))
            st.button(TEXT["label_back"], key="label-back", icon=":material/arrow_back:", on_click=_go, args=(-1,))
            st.button(TEXT["label_other"], key="label-other", on_click=_leave)
        return
    item = judging.items[judging.at]
    st.html(f'<div class="judged" aria-live="polite">{_seen(item)}</div>')
    _choices(judging, item, settings)


def _choices(judging: Judging, item: Item, settings: Settings) -> None:
    """Draw a button for each label, with its key, and the ways past this item."""
    given = judging.labels[judging.at]
    if given.value is not None:
        st.html(f'<p class="small">{html.escape(TEXT["label_given"].format(word=word(given.value)))}</p>')
    keys = st.session_state.get("label-keys", True)  # WCAG 2.1.4: single keys can be turned off
    remark = f"label-remark-{item.id}"
    with st.container(horizontal=True, gap="small", key="label-values"):
        for number, value in enumerate(SCALES[item.claim], 1):
            st.button(
                word(value).capitalize(),
                key=f"label-{value}",
                type="primary" if value == given.value else "secondary",
                shortcut=str(number) if keys else None,
                on_click=_label,
                args=(settings, item.id, value, remark),
            )
        st.button(
            TEXT["label_skip"],
            key="label-skip",
            type="tertiary",
            shortcut="s" if keys else None,
            on_click=_go,
            args=(1,),
        )
        st.button(
            TEXT["label_back"],
            key="label-back",
            type="tertiary",
            shortcut="b" if keys else None,
            disabled=judging.at == 0,
            on_click=_go,
            args=(-1,),
        )
    st.text_input(TEXT["label_remark"], given.remark, key=remark, max_chars=500)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.toggle(TEXT["label_keys"], True, key="label-keys", persist_state="session")
        st.html(f'<p class="small">{html.escape(TEXT["label_keys_note"])}</p>', width="content")
        st.button(TEXT["label_other"], key="label-other", type="tertiary", on_click=_leave)


def _label(settings: Settings, item: str, value: str, remark: str) -> None:
    """Keep a label for the item that was on the screen; a second press that comes late changes nothing."""
    access.require(Action.MANAGE)
    judging = st.session_state.get(_JUDGING)
    if not isinstance(judging, Judging) or judging.at >= len(judging.labels) or judging.items[judging.at].id != item:
        return
    judging = labelled(judging, value, str(st.session_state.get(remark) or ""))
    try:
        save_labels(judging.record, settings.data / FOLDER)
    except LabelsError as error:
        st.toast(literal(" ".join(error_lines(error))))
        return
    except OSError as error:
        log.warning("label not kept: %s", error)
        st.toast(TEXT["not_writable"])
        return
    st.session_state[_JUDGING] = judging


def _go(steps: int | None) -> None:
    """Go some items on or back; to the first open one for None."""
    judging = st.session_state.get(_JUDGING)
    if isinstance(judging, Judging):
        at = _next_open(judging, 0) if steps is None else min(max(judging.at + steps, 0), len(judging.labels))
        st.session_state[_JUDGING] = replace(judging, at=at)


def _leave() -> None:
    st.session_state.pop(_JUDGING, None)


def _seen(item: Item) -> str:
    """What an editor may see of an item, as HTML: the questions, the text, and the quotes in their surroundings."""
    parts = [f'<p class="label">{html.escape(TEXT["label_asked"])}</p>', f"<h2>{_text(item.turns[-1])}</h2>"]
    if len(item.turns) > 1:
        earlier = "".join(f"<li>{_text(turn)}</li>" for turn in item.turns[:-1])
        parts.append(f'<p class="small">{html.escape(TEXT["label_earlier"])}</p><ol class="small">{earlier}</ol>')
    told = TEXT["label_statement" if item.claim == "supported" else "label_answer"]
    parts.append(f'<p class="label">{html.escape(told)}</p>')
    parts.append(f'<blockquote class="text">{_text(item.text) or html.escape(TEXT["label_nothing"])}</blockquote>')
    if item.quotes:
        heading = TEXT["label_quote"] if item.claim == "supported" else say("nearest")
        parts.append(f'<p class="label">{html.escape(heading)}</p>')
        parts += [_quote(one) for one in item.quotes]
    parts.append(f'<h3 class="asked">{html.escape(say(f"ask_{item.claim}"))}</h3>')
    return "".join(parts)


def _quote(quoted: Quoted) -> str:
    where = ", ".join(
        part for part in (quoted.title, say("page", page=quoted.page) if quoted.page else "", quoted.section) if part
    )
    before = f"… {quoted.before}" if quoted.before.strip() else ""
    after = f"{quoted.after} …" if quoted.after.strip() else ""
    around = f'<span class="around">{_text(before)}</span><mark>{_text(quoted.quote)}</mark>'
    around += f'<span class="around">{_text(after)}</span>'
    return f'<p class="small">{_text(where)}</p><blockquote class="text">{around}</blockquote>'


def _text(text: str) -> str:
    return html.escape(text)


def _agreement(settings: Settings, run: SavedRun) -> None:
    """Draw how far the first two editors agree who judged this run, where there are two."""
    try:
        known = [one for one in load_labels(settings.data / FOLDER) if one.run == run_hash(run)]
        if len(known) < 2:
            return
        lines = list(judgement_lines(judge(known[0], known[1], run)))
    except LabelsError as error:
        lines = list(error_lines(error))
    with st.expander(TEXT["label_agreement"]):
        st.html(f'<div class="text">{html.escape(chr(10).join(lines))}</div>')
