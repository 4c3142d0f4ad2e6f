"""What a reader says of an answer, from the browser into the store; and the questions that a deployment keeps."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.errors import WelwijzerError
from assistant.feedback import FeedbackStore, Verdict, record_of
from assistant.settings import Settings
from assistant.types import Answer
from assistant.ui import access
from assistant.ui.browser import Said

log = logging.getLogger(__name__)

_GIVEN = "judgements"
_SENT = frozenset({Verdict.UP, Verdict.DOWN, Verdict.MISSING})


def store() -> FeedbackStore:
    """The deployment's feedback. Raises SettingsError."""
    settings = Settings.from_env()
    return FeedbackStore(settings.data, settings.question_days)


def given(turn: str) -> Mapping[str, str]:
    """What this session's reader said of a turn and is kept: `verdict`, and `failed` where keeping it did not succeed."""
    return {"verdict": "", "failed": ""} | {k: v for k, v in _all().get(turn, {}).items() if k != "id"}


def judge(turn: str, answer: Answer, sector: str | None, said: Said) -> None:
    """Keep what was said of a turn in the place of what was said before; an empty verdict takes it back."""
    access.require(Action.ASK)
    before = _all().get(turn, {})
    verdict = said.verdict
    if verdict and verdict not in _SENT:
        log.warning("no such verdict: %r", verdict[:20])
        return
    try:
        kept = store()
        new = {"verdict": verdict, "failed": ""}
        if verdict:
            record = record_of(answer, Verdict(verdict), sector=sector, reason=said.reason, comment=said.comment)
            kept.add(record)
            new["id"] = record.id
        if before.get("id"):
            kept.remove([before["id"]])
        _all()[turn] = new
    except WelwijzerError as error:
        log.error("feedback was not kept", exc_info=error)
        _all()[turn] = before | {"verdict": before.get("verdict", ""), "failed": nl.FEEDBACK_FAILED}


def note_question(answer: Answer, sector: str | None) -> None:
    """Keep the question where the deployment keeps questions; an answer never fails for it."""
    try:
        store().asked(answer, sector)
    except WelwijzerError as error:
        log.error("question was not kept", exc_info=error)


def forget() -> None:
    """Begin anew with the conversation; what was kept stays kept."""
    st.session_state[_GIVEN] = {}


def _all() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = st.session_state.setdefault(_GIVEN, {})
    return found
