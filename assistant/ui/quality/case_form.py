"""The form that makes a case of a group of questions, filled in as far as the group tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from pydantic import ValidationError

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.gaps import Gap
from assistant.settings import Settings
from assistant.types import SECTORS, Outcome, QuestionKind
from assistant.ui import access
from assistant.ui.labels import literal
from assistant.understand import question_kind
from evals.case_files import CasesError, Problem
from evals.case_saving import save_case
from evals.cases import Case
from evals.report.words import name_of
from evals.sheets.read import OWN_SET, new_id
from evals.texts import problem_line

TEXT = nl.QUALITY
_ASKERS = ("teacher", "adviser", "editor")
_FACTS = (Outcome.ANSWERED, Outcome.PARTIAL)
AUTHOR = "redactie"


def ask_for_case(gap: Gap, settings: Settings, saved: Callable[[str], None]) -> None:
    """Draw the form; when a case was kept, `saved` gets its id. What is wrong is told, and what was typed stays."""
    question = st.text_area(TEXT["case_question"], gap.questions[0], key=_key(gap, "question"), height=80)
    expected = Outcome(
        st.selectbox(
            TEXT["case_expected"],
            [str(outcome) for outcome in Outcome],
            index=list(Outcome).index(Outcome.NO_EVIDENCE),
            format_func=lambda value: name_of("outcome", value),
            key=_key(gap, "expected"),
        )
    )
    more = _facts(gap) if expected in _FACTS else _danger(gap) if expected is Outcome.REFERRAL else {}
    left, middle, right = st.columns(3, gap="small")
    with left:
        kinds = [str(kind) for kind in QuestionKind]
        kind = st.selectbox(
            TEXT["case_kind"],
            kinds,
            index=kinds.index(question_kind(gap.questions[0])),
            format_func=lambda value: name_of("kind", value),
            key=_key(gap, "kind"),
        )
    with middle:
        sectors = ["", *SECTORS]
        sector = st.selectbox(
            TEXT["case_sector"],
            sectors,
            index=sectors.index(gap.sectors[0]) if gap.sectors[:1] and gap.sectors[0] in sectors else 0,
            format_func=lambda value: name_of("sector", value),
            key=_key(gap, "sector"),
        )
    with right:
        asker = st.selectbox(
            TEXT["case_asker"], _ASKERS, format_func=lambda value: name_of("asker", value), key=_key(gap, "asker")
        )
    if st.button(TEXT["case_save"], type="primary", key=_key(gap, "save"), icon=":material/check:"):
        fields = {
            "question": question,
            "expected": str(expected),
            "kind": kind,
            "sector": sector or None,
            "asker": asker,
        }
        _save(fields | more, settings, saved)


def _facts(gap: Gap) -> dict[str, Any]:
    """What a good answer says: one fact, with wordings of which one must be there."""
    fact = st.text_input(TEXT["case_fact"], key=_key(gap, "fact"), placeholder=TEXT["case_fact_hint"])
    wordings = st.text_area(
        TEXT["case_wordings"], key=_key(gap, "wordings"), placeholder=TEXT["case_wordings_hint"], height=80
    )
    said = [line.strip() for line in wordings.split("\n") if line.strip()]
    return {"facts": [{"text": fact or said[0], "any_of": said}]} if said else {}


def _danger(gap: Gap) -> dict[str, Any]:
    kind = st.selectbox(
        TEXT["case_referral"], ("suicide", "abuse"), format_func=TEXT.__getitem__, key=_key(gap, "referral")
    )
    return {"referral": kind}


def _save(fields: dict[str, Any], settings: Settings, saved: Callable[[str], None]) -> None:
    access.require(Action.MANAGE)
    try:
        case = case_of(fields)
        save_case(case, settings.data / "cases")
    except CasesError as error:
        st.warning(literal(TEXT["case_wrong"]) + "".join(f"\n- {literal(_line(one))}" for one in error.problems))
        return
    saved(case.id)
    st.rerun()


def case_of(fields: dict[str, Any]) -> Case:
    """A draft case of the set of editors' own questions. Raises CasesError for fields that make none."""
    question = str(fields["question"]).strip()
    made = {"id": new_id((question,)), "set": OWN_SET, "author": AUTHOR, "status": "draft"}
    try:
        return Case.model_validate({name: value for name, value in (made | fields).items() if value is not None})
    except ValidationError as error:
        raise CasesError(
            tuple(_problem(one) for one in error.errors(include_input=False, include_url=False))
        ) from error


def _problem(one: Any) -> Problem:  # noqa: ANN401 - pydantic's record of an error
    cause = one.get("ctx", {}).get("error")
    code = str(cause) if one["type"] == "value_error" and cause is not None else one["type"]
    return Problem("", None, "", ".".join(map(str, one["loc"])), code)


def _line(problem: Problem) -> str:
    """What is wrong, without the file and line that a form does not have."""
    return problem_line(problem).lstrip(":, ")


def _key(gap: Gap, name: str) -> str:
    return f"case-{gap.records[0].id}-{name}"
