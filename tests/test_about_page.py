"""The page "Over": it says what must be said, of this library, and shows what comes from outside as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant import texts_nl as nl
from assistant.about import program_version, statements
from assistant.library import Library
from assistant.settings import Settings
from assistant.ui import loading
from ingest.pipeline import build
from tests.seeded import SeededModel, encoder, make_corpus


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    made = make_corpus(tmp_path)
    monkeypatch.setenv("WELWIJZER_DATA", str(made.data))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(made.corpus))
    loading.retry()
    yield made
    loading.retry()


def shown() -> str:
    def page() -> None:
        from assistant.ui import about_page

        about_page.render()

    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception
    return "\n".join(block.value for block in app.get("html"))


def test_the_statements_name_what_the_law_and_honesty_ask_for():
    sections, known = statements()
    text = " ".join((*(s for section in sections for s in (*section.paragraphs, *section.list)),))
    for words in ("Er antwoordt een machine", "diagnose", "112", "WCAG 2.2", "namen of andere gegevens van leerlingen"):
        assert words in text
    assert [section.id for section in sections].count("accessibility") == 1
    assert known and all(problem.what and problem.seen for problem in known)


def test_the_page_tells_the_state_of_this_library(settings: Settings):
    library = Library.open(settings.library_path)
    build(settings, library, encoder(SeededModel()))
    passages = sum(status.passages for status in library.statuses())
    page = shown()
    assert nl.ABOUT["count"].format(documents=2, passages=passages) in page
    assert f"Ze is {library.generation()} keer veranderd" in page
    assert program_version() in page
    for source in library.sources():
        assert source.title in page and source.rights in page
    library.close()


def test_every_known_problem_stands_in_the_accessibility_statement(settings: Settings):
    page = shown()
    for problem in statements()[1]:
        assert problem.what.replace('"', "&quot;") in page


def test_a_publication_full_of_markup_is_shown_as_text(settings: Settings):
    entries = (settings.corpus / "sources.toml").read_text(encoding="utf-8")
    title = next(line for line in entries.splitlines() if line.startswith("title"))
    hostile = "title = '<img src=x onerror=alert(1)> **vet**'"
    (settings.corpus / "sources.toml").write_text(entries.replace(title, hostile, 1), encoding="utf-8")
    library = Library.open(settings.library_path)
    build(settings, library, encoder(SeededModel()))
    library.close()
    page = shown()
    assert "<img" not in page and "&lt;img src=x onerror=alert(1)&gt; **vet**" in page


def test_without_a_library_that_can_be_read_the_statements_still_stand(settings: Settings):
    settings.data.mkdir(parents=True, exist_ok=True)
    settings.library_path.write_bytes(b"this is not a database" * 100)
    page = shown()
    assert statements()[0][0].heading in page
    assert nl.ABOUT["unreadable"].split("{")[0] in page


def test_the_page_says_when_a_deployment_keeps_questions(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    assert nl.ABOUT["not_kept"] in shown()
    monkeypatch.setenv("WELWIJZER_KEEP_QUESTIONS_DAYS", "30")
    page = shown()
    assert nl.ABOUT["kept"].format(days=30) in page and nl.ABOUT["not_kept"] not in page
