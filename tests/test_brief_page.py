"""The page on which an adviser makes a brief: the form, what is done to lines, and what may not happen."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from school import House
from streamlit.testing.v1 import AppTest

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.answer import Assistant
from assistant.brief import brief_for
from assistant.brief_records import Brief, BriefLine, BriefSection, Part
from assistant.types import Citation, Statement
from assistant.ui import access, loading
from assistant.ui.brief.changes import MAX_STEPS, Draft, changed
from assistant.ui.brief.sheet import sheet
from assistant.ui.labels import literal

PAGE = "from assistant.ui import brief_page\nbrief_page.render()\n"
TEXT = nl.BRIEF_PAGE


def citation(number: int) -> Citation:
    return Citation(
        number, "kader", "Gids kader", "Raad", "2023", None, 1, "1", "Cijfers", f"Zin {number}.", 0, 6, "v", False
    )


def line(id: str, *numbers: int, own: bool = False) -> BriefLine:
    text = "Vraag van ons" if own else " … ".join(f"Zin {number}." for number in numbers)
    return BriefLine(id, Statement(text, numbers, own))


BRIEF = Brief(
    "vo",
    ("Beleid",),
    (
        BriefSection("Eerst dit", (line("1.1", own=True),), Part.URGENT),
        BriefSection("Beleid", (line("2.1", 1), line("2.2", 2), line("2.3", 3)), Part.KNOWLEDGE),
        BriefSection("Vragen", (line("3.1", own=True),), Part.QUESTIONS),
    ),
    (citation(1), citation(2), citation(3)),
)


def ids(draft: Draft) -> list[str]:
    return [line.id for section in draft.brief.sections for line in section.lines]


# what is done to lines


def test_a_line_is_struck_and_brought_back():
    struck = changed(Draft(BRIEF), "strike", "2.1")
    assert struck.brief.sections[1].lines[0].struck
    back = changed(struck, "restore", "2.1")
    assert back.brief == BRIEF
    assert len(back.before) == 2


def test_a_line_moves_within_its_section():
    moved = changed(Draft(BRIEF), "down", "2.1")
    assert ids(moved) == ["1.1", "2.2", "2.1", "2.3", "3.1"]
    assert ids(changed(moved, "up", "2.1")) == ids(Draft(BRIEF))
    first = changed(Draft(BRIEF), "up", "2.1")
    assert first == Draft(BRIEF), "what changes nothing can't be undone either"


def test_every_change_can_be_undone_in_turn():
    draft = Draft(BRIEF)
    for what, at, text in (("strike", "2.1", ""), ("down", "2.2", ""), ("note", "2.3", "Vraag dit eerst.")):
        draft = changed(draft, what, at, text)
    assert draft.brief.sections[1].lines[2].note + draft.brief.sections[1].lines[1].note == "Vraag dit eerst."
    for _ in range(3):
        draft = changed(draft, "undo", "")
    assert draft == Draft(BRIEF)
    assert changed(draft, "undo", "") == draft


def test_only_so_many_changes_are_remembered():
    draft = Draft(BRIEF)
    for number in range(MAX_STEPS + 5):
        draft = changed(draft, "note", "2.1", f"nummer {number}")
    assert len(draft.before) == MAX_STEPS


@pytest.mark.parametrize(
    ("what", "at"),
    [("strike", "9.9"), ("erase", "2.1"), ("strike", ""), ("strike", "1.1"), ("note", "1.1"), ("up", "1.1")],
)
def test_a_line_that_is_not_there_an_unknown_deed_and_a_referral_are_left_alone(what: str, at: str):
    assert changed(Draft(BRIEF), what, at, "x") == Draft(BRIEF)


# what the paper shows


def test_the_paper_shows_struck_lines_without_numbers_and_numbers_the_rest_anew():
    struck = changed(Draft(BRIEF), "strike", "2.1")
    shown = sheet(struck.brief, {}, bool(struck.before))
    first, second, third = shown["sections"][0]["lines"]
    assert first["struck"] and first["paragraphs"] == [[[{"text": "Zin 1."}]]]
    assert second["paragraphs"] == [[[{"text": "Zin 2.", "marks": [1]}]]]
    assert third["paragraphs"] == [[[{"text": "Zin 3.", "marks": [2]}]]]
    assert sorted(shown["passages"]) == ["c1", "c2"]
    assert shown["canUndo"]
    assert [line["last"] for line in shown["sections"][0]["lines"]] == [False, False, True]


def test_a_referral_stands_apart_from_the_sections():
    shown = sheet(BRIEF, {}, False)
    assert shown["urgent"][0]["paragraphs"] == [[[{"text": "Vraag van ons"}]]]
    assert [section["heading"] for section in shown["sections"]] == ["Beleid", "Vragen"]
    assert shown["sections"][1]["lines"][0]["own"]
    assert not shown["canUndo"]


def test_a_section_whose_lines_are_all_struck_is_still_there_to_bring_them_back():
    draft = Draft(BRIEF)
    for at in ("2.1", "2.2", "2.3"):
        draft = changed(draft, "strike", at)
    shown = sheet(draft.brief, {}, True)
    assert shown["sections"][0]["struck"] and len(shown["sections"][0]["lines"]) == 3
    assert shown["sources"] == []


def test_every_line_of_a_real_brief_keeps_its_own_words_and_marks(house: House):
    brief = brief_for(house.assistant, "po", ("Beleid",), "Ouders zijn moeilijk te bereiken.")
    documents = {source.id: house.library.document(source.id) for source in house.library.sources()}
    shown = sheet(brief, documents, False)
    sections = [section for section in brief.sections if section.part is not Part.URGENT]
    assert sum(len(section.lines) for section in sections) > 2
    for section, drawn in zip(sections, shown["sections"], strict=True):
        for told, made in zip(section.lines, drawn["lines"], strict=True):
            rows = [row for rows in made["paragraphs"] for row in rows]
            runs = [run for row in rows for run in row]
            words = " ".join("".join(run["text"] for run in row) for row in rows)
            assert words.split() == told.statement.text.split()
            marks = {mark for run in runs for mark in run.get("marks", ())}
            assert marks == set(told.statement.citations)
            assert not marks or not made["own"]
    for passage in shown["passages"].values():
        assert not passage["stale"] and passage["quote"]


@pytest.mark.parametrize(
    "text",
    [
        "**vet** $x^2$ [klik](javascript:alert(1))",
        ":smile: :red[x] :material/home:",
        "a_b*c`d~e",
        "<b>x</b>",
        "1. a www.x.nl",
    ],
)
def test_text_in_labels_is_text(text: str):
    shown = literal(text)
    assert shown.replace("\u2060", "").replace("\\", "") == text
    assert all(shown[at - 1] == "\\" for at, sign in enumerate(shown) if sign in "*_$[]<>`~:")
    assert literal("Samenwerken, ook met (zorg)partners/ouders.") == "Samenwerken, ook met (zorg)partners/ouders."
    assert "\u202e" not in literal("a\u202eb")


# the page


@pytest.fixture
def page(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv("WELWIJZER_DATA", str(house.settings.data))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(house.settings.corpus))
    ready: Future[Assistant] = Future()
    ready.set_result(house.assistant)
    loading.retry()
    monkeypatch.setattr(loading, "loading_assistant", lambda: ready)
    monkeypatch.setattr(loading, "open_library", lambda: house.library)
    yield AppTest.from_string(PAGE, default_timeout=60).run()


def made(page: AppTest, situation: str = "", theme: str = "") -> AppTest:
    page.button_group(key="brief-sector").set_value("po").run()
    if situation:
        page.text_area[0].set_value(situation).run()
    if theme:
        page.text_input(key="brief-own-theme").set_value(theme).run()
    return page.button(key="brief-make").click().run()


def brief_of(page: AppTest) -> Brief:
    return page.session_state["brief_draft"].brief


def test_the_page_asks_for_the_sector_first(page: AppTest):
    assert not page.exception
    assert TEXT["empty"] in "".join(block.body for block in page.get("html"))
    page.button(key="brief-make").click().run()
    assert [one.value for one in page.warning] == [TEXT["no_sector"]]
    assert "brief_draft" not in page.session_state


def test_a_pillar_offers_its_principles_and_the_brief_is_about_what_is_ticked(page: AppTest):
    assert [box.label for box in page.checkbox] == ["Beleid", "Omgeving", "Educatie", "Signaleren"]
    page.checkbox(key="brief-theme-1").check().run()
    assert len(page.checkbox) > 4
    made(page)
    assert brief_of(page).themes == ("Omgeving",)
    page.checkbox(key="brief-theme-0").check().run()
    page.button(key="brief-make").click().run()
    assert brief_of(page).themes == ("Beleid", "Omgeving")


def test_the_situation_of_the_school_is_looked_up_and_pupils_are_masked(page: AppTest):
    made(page, "Mijn leerling Sanne de Vries huilt. Ouders zijn moeilijk te bereiken.")
    assert not page.exception
    brief = brief_of(page)
    assert "Sanne" not in brief.context and brief.notices
    assert "Sanne" not in (page.text_area[0].value or "")
    assert page.text_area[0].value == brief.context


def test_danger_gives_the_referral_first(page: AppTest):
    made(page, "Een leerling zegt dat hij er een eind aan wil maken.")
    assert brief_of(page).sections[0].part is Part.URGENT
    assert brief_of(page).referral == "suicide"


def test_what_cannot_be_made_is_told_and_the_earlier_brief_stays(page: AppTest):
    made(page)
    before = brief_of(page)
    for number in range(4):
        page.checkbox(key=f"brief-theme-{number}").check().run()
        for box in [box for box in page.checkbox if box.key and box.key.startswith(f"brief-theme-{number}-")]:
            box.check()
    page.run()
    page.button(key="brief-make").click().run()
    assert page.warning, "more themes than fit"
    assert brief_of(page) == before


def test_changes_survive_and_no_other_session_sees_the_brief(page: AppTest):
    made(page)
    draft = page.session_state["brief_draft"]
    at = next(line.id for section in draft.brief.sections for line in section.lines)
    page.session_state["brief_draft"] = changed(draft, "strike", at)
    page.run()
    struck = [line.id for section in brief_of(page).sections for line in section.lines if line.struck]
    assert struck == [at]
    other = AppTest.from_string(PAGE, default_timeout=60).run()
    assert "brief_draft" not in other.session_state


def test_a_theme_the_sources_do_not_know_gets_a_plain_line(page: AppTest):
    made(page, theme="zeilmakerij")
    texts = [line.statement.text for section in brief_of(page).sections for line in section.lines]
    assert nl.BRIEF_SILENT in texts


def test_without_the_right_there_is_no_page(page: AppTest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(access, "secrets", lambda: {"auth": {"client_id": "x"}, "roles": {"editors": []}})
    shown = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not shown.button and not shown.text_area
    assert shown.text[0].value == nl.ACCESS_LINES[Action.BRIEF]
