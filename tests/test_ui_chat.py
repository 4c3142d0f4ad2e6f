"""The page where there is nothing to answer from: it says so in Dutch, and goes on."""

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from assistant import texts_nl as nl
from assistant.library import Library
from assistant.types import Answer, Citation, Document, Outcome, Source, Statement
from assistant.ui import loading
from assistant.ui.card import answer_card
from assistant.ui.conversation import Asked, Shown, announcement, refreshed, thinking_card

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("WELWIJZER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(ROOT / "corpus"))
    loading.retry()
    yield tmp_path / "data"
    loading.retry()


def page() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()


def test_an_empty_library_is_named_with_what_to_do():
    shown = page()
    assert not shown.exception
    assert [h.value for h in shown.title] == [nl.APP_EMPTY_HEADING]
    assert "python -m ingest build" in shown.text[0].value
    assert not shown.chat_input


def test_a_library_that_cannot_be_read_is_named_and_can_be_tried_again(settings: Path):
    settings.mkdir()
    (settings / "library.sqlite").write_bytes(b"this is not a database" * 100)
    shown = page()
    assert not shown.exception
    assert [h.value for h in shown.title] == [nl.APP_NO_START_HEADING]
    (settings / "library.sqlite").unlink()
    Library.open(settings / "library.sqlite").close()
    shown.button[0].click().run()
    assert [h.value for h in shown.title] == [nl.APP_EMPTY_HEADING]


def test_the_manual_is_not_counted_among_the_publications(settings: Path):
    settings.mkdir()
    library = Library.open(settings / "library.sqlite")
    for id, kind, year in (("gids", "pdf", "2021"), ("handleiding-welwijzer", "handleiding", "2026")):
        source = Source(id, id, ("Uitgever",), year, None, kind, "nl", (), (), "", f"{id}.txt")
        library.replace(
            Document(source, id, hashlib.sha256(id.encode()).hexdigest(), "", (), (), (), (), ()), [], "s", "m"
        )
    library.close()
    shown = page()
    assert not shown.exception
    written = [element.proto.body for element in shown.get("html")]
    assert any(nl.app_introduction(1, ("2021",)) in text for text in written)


def test_who_waits_is_told_for_what():
    def words(loaded: bool = True) -> str:
        return str(thinking_card(Asked("Wat is welbevinden?"), loaded)["thinking"])

    assert words() == nl.APP_THINKING and words(loaded=False) == nl.APP_LOADING_ASKED
    end = Event()
    inside: list[int] = []

    def ask(number: int) -> None:
        with loading.crowd:
            inside.append(number)
            end.wait(10)

    with ThreadPoolExecutor(loading.BUSY_FROM) as others:
        for number in range(loading.BUSY_FROM - 1):
            others.submit(ask, number)
        assert _soon(lambda: len(inside) == loading.PLACES)
        assert words() == nl.APP_THINKING
        others.submit(ask, loading.BUSY_FROM)
        assert _soon(lambda: words() == nl.APP_BUSY)
        assert len(inside) == loading.PLACES, "a few are worked on at a time"
        end.set()
    assert words() == nl.APP_THINKING
    assert len(inside) == loading.BUSY_FROM, "and all get their turn"


def _soon(holds: Callable[[], bool]) -> bool:
    """Whether it holds within five seconds."""
    until = time.monotonic() + 5
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    return holds()


def test_a_setting_that_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("WELWIJZER_DATA", str(tmp_path / "file"))
    shown = page()
    assert not shown.exception
    assert "WELWIJZER_DATA" in shown.text[0].value


CITATION = Citation(1, "gids", "Gids", "", None, None, 1, None, "", "Zin.", 0, 4, "", False)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer("?", Outcome.ANSWERED, "", (), (CITATION,)), nl.APP_ANSWER_READY_ONE),
        (Answer("?", Outcome.PARTIAL, "", (), (CITATION, CITATION)), nl.APP_ANSWER_READY.format(count=2)),
        (Answer("?", Outcome.NO_EVIDENCE, "", (), ()), nl.APP_ANSWER_NONE),
        (Answer("?", Outcome.REFUSED, "", (), ()), nl.APP_ANSWER_REFUSED),
        (Answer("?", Outcome.ANSWERED, "", (), (CITATION,), referral="abuse"), nl.APP_ANSWER_REFERRAL),
    ],
)
def test_each_outcome_is_announced_in_its_own_words(answer: Answer, said: str):
    assert announcement(answer) == said


def test_an_answer_says_so_when_its_publication_has_gone(tmp_path: Path):
    text = "Een zin die er straks niet meer is."
    source = Source("gids", "Gids", ("Uitgever",), None, None, "pdf", "nl", (), (), "", "gids.txt")
    version = hashlib.sha256(text.encode()).hexdigest()
    library = Library.open(tmp_path / "library.sqlite")
    library.replace(Document(source, text, version, "", (), (), (), (), ()), [], "signature", "model")
    cited = Citation(1, "gids", "Gids", "Uitgever", None, None, None, None, "", text, 0, len(text), version, False)
    answer = Answer("?", Outcome.ANSWERED, "", (Statement(text, (1,)),), (cited,))
    card = answer_card(answer, {"gids": library.document("gids")})
    before = Shown(card, "", answer, None, library.generation())
    same = refreshed(before, library, library.generation())
    assert same is before and same.card["passages"]["c1"]["stale"] is False
    library.remove("gids")
    after = refreshed(before, library, library.generation())
    assert after.card["passages"]["c1"]["stale"] is True
    assert after.card["passages"]["c1"]["quote"] == text
    library.close()
