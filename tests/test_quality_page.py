"""The page with figures: a run, a comparison, labels, and what is done with what readers did not find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest
from school import House
from small_case import case_of
from small_runs import CASES, FIRST, SECOND, right, run_of, until, wrong
from streamlit.testing.v1 import AppTest

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.answer import Assistant
from assistant.feedback import FeedbackStore, Verdict, record_of
from assistant.types import Answer, Outcome
from assistant.ui import access, loading, quality_page
from assistant.ui.quality.measuring import kept
from assistant.ui.quality.runs import places_of
from evals.cases import load_cases
from evals.judging.labels import FOLDER, load_labels

TEXT = nl.QUALITY
PAGE = "from assistant.ui import quality_page\nquality_page.render()\n"


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    folder = tmp_path / "vragen"
    folder.mkdir()
    (folder / "klein.yaml").write_text(CASES, encoding="utf-8")
    return folder


@pytest.fixture
def page(own_house: House, small_set: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], AppTest]]:
    monkeypatch.setenv("WELWIJZER_DATA", str(own_house.settings.data))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(own_house.settings.corpus))
    ready: Future[Assistant] = Future()
    ready.set_result(own_house.assistant)
    monkeypatch.setattr(loading, "loading_assistant", lambda: ready)
    monkeypatch.setattr(quality_page, "places_of", lambda _settings: (small_set,))
    quality_page.measuring.clear()

    def opened(part: str = "figures") -> AppTest:
        return (
            AppTest.from_string(PAGE, default_timeout=60).run().button_group(key="quality-part").set_value(part).run()
        )

    yield opened
    until(quality_page.measuring(), lambda state: not state.running)
    quality_page.measuring.clear()


def shown(page: AppTest) -> str:
    return "".join(block.body for block in page.get("html"))


def report(house: House, questions: Sequence[str], verdict: Verdict = Verdict.MISSING) -> None:
    store = FeedbackStore(house.settings.data)
    for question in questions:
        store.add(record_of(Answer(question, Outcome.NO_EVIDENCE, "", (), ()), verdict, sector="po"))


def test_a_run_is_started_on_the_page_and_its_figures_stand_there_after(page: Callable[[str], AppTest]):
    at = page("figures")
    assert TEXT["no_runs"] in shown(at)
    assert at.selectbox(key="quality-set").options == [TEXT["all_sets"].format(count=2), "klein (2)"]
    at.button(key="quality-start-run").click().run()
    assert not at.exception
    until(quality_page.measuring(), lambda state: not state.running)
    at.run()
    assert 'class="verdict"' in shown(at) and shown(at).count('class="tile"') == 5
    assert at.selectbox(key="quality-run").options[0].endswith("2 vragen")


def test_two_runs_are_compared_on_the_page(page: Callable[[str], AppTest], own_house: House):
    assert [one.value for one in page("compare").text] == [TEXT["needs_two"]]
    for run, when in ((run_of(right()), FIRST), (run_of(wrong("een")), SECOND)):
        kept(run, own_house.settings.data / "runs", when)
    at = page("compare")
    assert [header.value for header in at.header][:2] == [f"{TEXT['broken']} (1)", f"{TEXT['fixed']} (0)"]
    assert "<table" in shown(at)


def test_a_label_is_kept_as_soon_as_it_is_given(page: Callable[[str], AppTest], own_house: House):
    kept(run_of(right(), wrong()), own_house.settings.data / "runs", FIRST)
    at = page("label")
    at.button(key="label-start").click().run()
    assert at.warning, "a name is needed"
    at.text_input(key="label-editor").set_value("Noor").run()
    at.button(key="label-start").click().run()
    judged = next(block.body for block in at.get("html") if 'class="judged"' in block.body)
    assert case_of().question in judged
    for told in ("31 procent", "Geslaagd", "kern<", nl.QUALITY["failed_cases"]):
        assert told not in judged, "judging is blind"
    at.button(key="label-skip").click().run()
    at.button(key="label-back").click().run()
    value = next(key for key in ("label-full", "label-helpful") if any(b.key == key for b in at.button))
    at.button(key=value).click().run()
    (labels,) = load_labels(own_house.settings.data / FOLDER)
    assert labels.editor == "Noor" and labels.labelled == 1


def test_gaps_are_grouped_and_one_becomes_a_case(page: Callable[[str], AppTest], own_house: House):
    report(own_house, ["Wat kost de Kanjertraining?", "Wat kost een Kanjertraining?", "Hoe lang duurt rouw <b>x</b>?"])
    at = page("gaps")
    assert shown(at).count('class="gap"') == 2 and "&lt;b&gt;" in shown(at)
    assert TEXT["gap_count"].format(count=2) in shown(at)
    at.button(key="gap-case-0").click().run()
    assert at.text_area[0].value.endswith("Kanjertraining?")
    next(button for button in at.button if button.label == TEXT["case_save"]).click().run()
    assert not at.exception
    (case,) = load_cases(own_house.settings.data / "cases")
    assert case.question.endswith("Kanjertraining?") and case.expected is Outcome.NO_EVIDENCE and case.sector == "po"
    assert case.id in at.success[0].value.replace("\\", "")
    at.run()
    assert shown(at).count('class="gap"') == 1
    assert own_house.settings.data / "cases" in places_of(own_house.settings)


def test_a_gap_gets_a_note_of_what_is_missing_and_can_be_opened_again(page: Callable[[str], AppTest], own_house: House):
    report(own_house, ["Wat kost de Kanjertraining?"])
    at = page("gaps")
    at.button(key="gap-note-0").click().run()
    at.text_input[0].set_value("Prijslijst van de uitgever")
    next(button for button in at.button if button.label == TEXT["gap_save"]).click().run()
    (record,) = FeedbackStore(own_house.settings.data).all()
    assert "Prijslijst van de uitgever" in record.note
    assert TEXT["no_gaps"] in shown(at)
    at.button(key="reopen-0").click().run()
    assert FeedbackStore(own_house.settings.data).all()[0].note == ""


def test_case_files_that_cannot_be_read_are_told(page: Callable[[str], AppTest], small_set: Path):
    (small_set / "stuk.yaml").write_text("set: [", encoding="utf-8")
    at = page("figures")
    assert at.warning[0].value == TEXT["cases_wrong"] and "stuk.yaml" in at.text[0].value


def test_without_the_right_there_is_no_page_and_no_action(
    page: Callable[[str], AppTest], monkeypatch: pytest.MonkeyPatch
):
    at = page("figures")
    monkeypatch.setattr(access, "secrets", lambda: {"auth": {"client_id": "x"}, "roles": {"editors": []}})
    at.button(key="quality-start-run").click().run()
    assert not quality_page.measuring().state.running and quality_page.measuring().state.total == 0
    assert at.text[0].value == nl.ACCESS_LINES[Action.MANAGE]
    assert not at.button
