"""Work of a chat model in a thread: shown as far as it is, ended when told to, when nobody looks, and when it fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from model_servers import Model, Reply, serving
from school import House
from streamlit.testing.v1 import AppTest
from test_generate import QUESTION, TRUE, citing, with_model

from assistant import texts_nl as nl
from assistant import wiring
from assistant.answer import Assistant
from assistant.errors import SettingsError
from assistant.generation.answering import Shown
from assistant.generation.model import Limits, open_chat
from assistant.settings import Settings
from assistant.types import Answer, Statement
from assistant.ui import loading, wording
from assistant.ui.conversation import Asked, card_so_far, writing, written
from assistant.ui.writing import Cancelled, Writing

SOON = 120.0  # seconds that a busy machine may take for what is done at once


def sentence(text: str) -> Shown:
    return Shown(Statement(text, (1,)), ())


def waiting(cancelled: Cancelled, seconds: float = SOON) -> bool:
    """Whether the work is told to end within this time, asking as the client of a model does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if cancelled.is_set():
            return True
        time.sleep(0.01)
    return False


def test_sentences_are_seen_when_they_come_and_the_result_at_the_end():
    more = threading.Event()

    def work(_: Cancelled) -> Generator[Shown, None, str]:
        yield sentence("Een.")
        assert more.wait(SOON)
        yield sentence("Twee.")
        return "klaar"

    held = Writing(work)
    held.look(0, SOON)
    assert [one.statement.text for one in held.sentences()] == ["Een."] and not held.done
    more.set()
    held.look(1, SOON)
    assert held.result() == "klaar" and held.done and len(held.sentences()) == 2


def test_stopping_is_told_to_the_work_and_its_result_is_kept():
    def work(cancelled: Cancelled) -> Generator[Shown, None, bool]:
        yield sentence("Een.")
        return waiting(cancelled)

    held: Writing[bool] = Writing(work)
    held.stop()
    assert held.stopping and held.result() is True


def test_what_the_work_raises_is_raised_to_who_waits():
    def work(_: Cancelled) -> Generator[Shown, None, None]:
        yield sentence("Een.")
        raise RuntimeError("kapot")

    with pytest.raises(RuntimeError, match="kapot"):
        Writing(work).result()


def test_work_that_nobody_looks_at_ends_by_itself():
    def work(cancelled: Cancelled) -> Generator[Shown, None, bool]:
        yield from ()
        return waiting(cancelled)

    left: Writing[bool] = Writing(work, left=0.2)
    assert left.result() is True
    seen: Writing[bool] = Writing(lambda cancelled: work_for(cancelled, 0.5), left=0.3)
    for _ in range(8):
        seen.look(0, 0.08)
    assert seen.result() is False


def work_for(cancelled: Cancelled, seconds: float) -> Generator[Shown, None, bool]:
    yield from ()
    return waiting(cancelled, seconds)


@pytest.fixture
def model() -> Iterator[Model]:
    with serving("openai", citing("ruim 15%", TRUE)) as server:
        yield server


def test_a_turn_is_worded_by_the_model_on_the_budget_of_who_asks(house: House, tmp_path: Path, model: Model):
    with with_model(house, model, "openai", tmp_path, Limits(total=SOON, silence=SOON), tokens=1500) as assistant:
        opened = loading._in_thread(lambda: assistant)
        asked = Asked(QUESTION, fluent=True)
        held = writing(asked, (), opened, "sessie")
        held.look(0, SOON)
        assert held.sentences(), held.result()
        card = card_so_far(asked, held.sentences(), False, assistant.retriever.view().documents)
        assert card["writing"] == nl.CHAT_WRITING["more"] and card["feedback"] is None
        assert card["statements"][0]["paragraphs"][0][0][0]["marks"] == [1] and "c1" in card["passages"]
        shown = written(asked, held, house.library)
        assert shown.answer is not None and shown.answer.mode == "generated"
        assert shown.card["written"] == nl.CHAT_WRITTEN
        for user, mode in (("sessie", "generated"), ("sessie", "extractive"), ("ander", "generated")):
            answer = writing(asked, (), opened, user).result()
            assert isinstance(answer, Answer) and answer.mode == mode


def test_leaving_takes_the_request_back(house: House, tmp_path: Path):
    with (
        serving("openai", Reply("x" * 400, hang=1)) as model,
        with_model(house, model, "openai", tmp_path, Limits(total=30, silence=30)) as assistant,
    ):
        opened = loading._in_thread(lambda: assistant)
        asked = Asked(QUESTION, fluent=True)
        held = writing(asked, (), opened, "sessie")
        held.stop()
        shown = written(asked, held, house.library)
        assert shown.answer is not None and shown.answer.mode == "extractive" and not shown.answer.notices


def test_the_page_about_it_says_where_questions_go(monkeypatch: pytest.MonkeyPatch):
    def page() -> None:
        from assistant.ui import about_page

        about_page.render()

    monkeypatch.setattr(loading, "chat_place", lambda: ("mistralai:klein", "api.example.eu"))
    told = "\n".join(block.value for block in AppTest.from_function(page, default_timeout=30).run().get("html"))
    assert "mistralai:klein op api.example.eu" in told and "Er gaat niets naar een ander bedrijf" not in told
    monkeypatch.setattr(loading, "chat_place", lambda: None)
    told = "\n".join(block.value for block in AppTest.from_function(page, default_timeout=30).run().get("html"))
    assert "Er gaat niets naar een ander bedrijf" in told and "verwoordt daarmee" not in told


def test_the_app_answers_without_a_chat_model_that_cannot_be_opened_and_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    def opened(settings: Settings) -> Assistant:
        if settings.chat_model:
            open_chat(settings.chat_model)
        return house.assistant

    def page() -> None:
        from assistant.ui import wording

        wording.note()

    monkeypatch.setattr(wiring, "open_assistant", opened)
    monkeypatch.setenv("WELWIJZER_CHAT_MODEL", "openai:klein")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError):
        opened(Settings.from_env())
    read = loading._read()
    assert read is house.assistant and read.writer is None
    future = loading._in_thread(lambda: read)
    future.result(10)
    monkeypatch.setattr(loading, "loading_assistant", lambda: future)
    told = AppTest.from_function(page, default_timeout=30).run().get("html")[0].value
    assert nl.CHAT_UNUSABLE in told and not wording.fluent()
    # who asked while it was not known yet that the model can't be opened gets the answer without it
    early = writing(Asked(QUESTION, fluent=True), [], future, "iemand").result()
    assert early.mode == "extractive" and early.statements
