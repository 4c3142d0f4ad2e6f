"""What a reader says of an answer reaches the store once, can be changed and taken back, and fails with one line."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant import texts_nl as nl
from assistant.feedback import FeedbackStore, Reason, Verdict
from assistant.types import Answer, Outcome
from assistant.ui import judging

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("WELWIJZER_DATA", str(tmp_path))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(ROOT / "corpus"))
    monkeypatch.delenv("WELWIJZER_KEEP_QUESTIONS_DAYS", raising=False)
    return tmp_path


def session(given: list[tuple[str, str, str]]) -> None:
    """One reader's session in which these things are said of one answer, one after another."""
    import streamlit as st

    from assistant.types import Answer, Outcome
    from assistant.ui import judging
    from assistant.ui.browser import Said

    answer = Answer("Wat kost het?", Outcome.NO_EVIDENCE, "", (), ())
    for verdict, reason, comment in given:
        judging.judge("turn", answer, "vo", Said(verdict, reason, comment))
    state = judging.given("turn")
    st.text(state["verdict"])
    st.text(state["failed"])


def said(*given: tuple[str, str, str]) -> tuple[str, str]:
    shown = AppTest.from_function(session, args=(list(given),), default_timeout=30).run()
    assert not shown.exception
    verdict, failed = (element.value for element in shown.text)
    return verdict, failed


def test_the_last_thing_said_is_what_is_kept(data: Path):
    assert said(("up", "", ""), ("down", "wrong", "Mail juf@example.org")) == ("down", "")
    (record,) = FeedbackStore(data).all()
    assert (record.verdict, record.reason, record.sector) == (Verdict.DOWN, Reason.WRONG, "vo")
    assert record.comment == "Mail [e-mail]"


def test_what_was_said_can_be_taken_back(data: Path):
    assert said(("missing", "", ""), ("", "", "")) == ("", "")
    assert FeedbackStore(data).all() == ()


@pytest.mark.parametrize("verdict", ["asked", "prachtig", "UP"])
def test_a_verdict_that_the_page_does_not_offer_is_nothing(data: Path, verdict: str):
    assert said(("up", "", ""), (verdict, "", "")) == ("up", "")
    assert [record.verdict for record in FeedbackStore(data).all()] == [Verdict.UP]


def test_where_nothing_can_be_kept_the_reader_is_told(data: Path):
    (data / "feedback").write_text("in the way")
    assert said(("up", "", "")) == ("", nl.FEEDBACK_FAILED)


def test_a_question_is_kept_where_the_deployment_says_so_and_never_stops_an_answer(
    data: Path, monkeypatch: pytest.MonkeyPatch
):
    answer = Answer("Wat kost het?", Outcome.NO_EVIDENCE, "", (), ())
    judging.note_question(answer, None)
    assert not (data / "feedback").exists()
    monkeypatch.setenv("WELWIJZER_KEEP_QUESTIONS_DAYS", "30")
    judging.note_question(answer, "po")
    assert [(r.verdict, r.sector) for r in judging.store().all()] == [(Verdict.ASKED, "po")]
    monkeypatch.setenv("WELWIJZER_KEEP_QUESTIONS_DAYS", "altijd")
    judging.note_question(answer, "po")
