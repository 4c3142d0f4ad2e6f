"""The page "Vraag" as a visitor uses it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from chatting import QUESTION, ask, marks
from playwright.sync_api import Page, expect

from assistant import texts_nl as nl
from assistant.library import Library

MARKUP = (Path(__file__).parent / "documents" / "markup.txt").read_text(encoding="utf-8").split("\n")[2]
PROBE = "<img src=x onerror=window.hacked=1> **vet** $x^2$ [klik](javascript:alert(1)) <script>window.hacked=1</script>"


@pytest.fixture(scope="session")
def expected(product: Callable[..., str]) -> dict:
    """What the command line answers to QUESTION."""
    return json.loads(product("assistant", "ask", QUESTION, "--json"))


def settle(page: Page) -> None:
    """Wait on the empty page until the model is there and the starter questions are chosen."""
    page.locator("[class*=st-key-starter-] button").first.wait_for()
    page.wait_for_timeout(1_000)
    expect(page.get_by_text(nl.APP_LOADING)).to_have_count(0)


def test_the_page_says_what_it_is_and_offers_questions(page: Page):
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.get_by_text(nl.app_introduction(4, ("2021",)))).to_be_visible()
    expect(page.get_by_placeholder(nl.APP_INPUT)).to_be_visible()
    settle(page)
    starters = page.locator("[class*=st-key-starter-] button")
    expect(starters.first).to_be_visible()
    assert 1 <= starters.count() <= 4


def test_a_starter_question_is_answered(page: Page):
    settle(page)
    page.locator("[class*=st-key-starter-] button").first.click()
    expect(marks(page.locator(".turn")).first).to_be_visible()


def test_every_mark_opens_its_passage_with_exactly_the_quote_highlighted(
    page: Page, environment: dict[str, str], expected: dict
):
    library = Library.open(Path(environment["WELWIJZER_DATA"]) / "library.sqlite")
    turn = ask(page, QUESTION)
    assert expected["outcome"] == "answered"
    assert marks(turn).count() == len(expected["citations"]) > 0
    for citation in expected["citations"]:
        marks(turn).filter(has_text=re.compile(f"^{citation['number']}$")).click()
        passage = turn.locator(".passage")
        assert passage.locator("mark").text_content() == citation["quote"]
        assert passage.locator(".own-paragraph").text_content() in library.document(citation["source"]).text
        expect(passage.locator("mark")).to_be_in_viewport()
        expect(passage.get_by_role("link")).to_have_attribute("href", citation["url"])


def test_the_answer_is_made_of_its_statements(page: Page, expected: dict):
    turn = ask(page, QUESTION)
    shown = " ".join(turn.locator(".answer").inner_text().split())
    for number in range(1, len(expected["citations"]) + 1):
        shown = re.sub(rf" ?\b{number}\b(?= |$)", "", shown, count=1)
    assert shown == " ".join(" ".join(s["text"].split()) for s in expected["statements"])


def test_escape_closes_the_passage_and_gives_the_focus_back(page: Page):
    turn = ask(page, QUESTION)
    mark = marks(turn).first
    mark.focus()
    page.keyboard.press("Enter")
    expect(mark).to_have_attribute("aria-expanded", "true")
    expect(turn.locator(".passage")).to_be_focused()
    page.keyboard.press("Escape")
    expect(turn.locator(".passage")).to_have_count(0)
    expect(mark).to_have_attribute("aria-expanded", "false")
    expect(mark).to_be_focused()


def test_a_new_answer_is_announced(page: Page):
    ask(page, QUESTION)
    expect(page.get_by_role("status").first).to_contain_text(re.compile("^Het antwoord staat er, met"))


def test_a_follow_up_is_asked_with_one_press(page: Page):
    turn = ask(page, QUESTION)
    follow_up = turn.locator(".follow").first
    question = follow_up.inner_text()
    follow_up.click()
    page.get_by_role("region", name=question, exact=True).locator(".card:not([aria-busy])").wait_for()
    assert page.get_by_role("heading", level=2).all_inner_texts() == [QUESTION, question]


def test_a_question_is_not_lost_when_the_page_is_used_while_it_is_answered(page: Page):
    for number, sector in enumerate(("po", "vo", "so", "mbo"), start=1):
        page.get_by_placeholder(nl.APP_INPUT).fill(QUESTION)
        page.keyboard.press("Enter")
        page.get_by_role("radio", name=sector).click()
        expect(page.locator(".card:not([aria-busy])")).to_have_count(number)


def test_a_new_conversation_starts_empty(page: Page):
    ask(page, QUESTION)
    page.get_by_role("button", name=nl.APP_NEW_CONVERSATION).click()
    expect(page.get_by_role("heading", level=1, name=nl.APP_HEADING)).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_role("button", name=nl.APP_DOWNLOAD)).to_have_count(0)


def test_one_visitor_does_not_see_the_conversation_of_another(page: Page, server: str):
    ask(page, QUESTION)
    other = page.context.browser.new_page()
    other.goto(server)
    expect(other.get_by_role("heading", level=1, name=nl.APP_HEADING)).to_be_visible()
    expect(other.locator(".turn")).to_have_count(0)
    other.close()


def test_a_question_full_of_markup_is_shown_as_text(page: Page):
    turn = ask(page, PROBE)
    assert turn.get_by_role("heading", level=2).inner_text() == PROBE
    assert turn.locator("img, script, strong:has-text('vet'), a[href^='javascript']").count() == 0
    assert page.evaluate("window.hacked") is None


def test_a_document_full_of_markup_is_shown_as_text(page: Page):
    turn = ask(page, "Hoe helpt de prikpenmethode leerlingen?")
    expect(turn.locator(".answer")).to_contain_text(MARKUP)
    marks(turn).first.click()
    assert turn.locator("mark").text_content() == MARKUP
    assert turn.locator(".passage .title").inner_text() == "<i>Prikpen</i> *gids*"
    assert turn.locator("img, script, b, i, a[href^='javascript']").count() == 0
    assert page.evaluate("window.hacked") is None


def test_an_unanswerable_question_says_so(page: Page):
    turn = ask(page, "Hoe werkt fotosynthese?")
    expect(turn).to_contain_text(nl.NO_EVIDENCE)
    expect(marks(turn)).to_have_count(0)


def test_danger_puts_the_telephone_numbers_first(page: Page):
    turn = ask(page, "Een leerling zegt dat hij er een eind aan wil maken")
    assert turn.locator(".main > *").first.get_attribute("class") == "urgent"
    numbers = turn.locator(".urgent a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert {"tel:112", "tel:113"} <= set(numbers)


def test_a_question_in_the_address_is_asked(page: Page, server: str):
    page.goto(f"{server}/?vraag=Wat%20is%20welbevinden%3F")
    expect(page.get_by_role("heading", level=2, name="Wat is welbevinden?")).to_be_visible()
    page.locator(".card:not([aria-busy])").wait_for()
    expect(page.get_by_text(nl.app_provenance(4, ("2021",)))).to_be_visible()


@pytest.mark.parametrize("path", ["vraag", "vraag/"])
def test_the_chat_has_an_address_of_its_own(page: Page, server: str, path: str):
    page.goto(f"{server}/{path}?vraag=Wat%20is%20welbevinden%3F")
    page.get_by_role("heading", level=2, name="Wat is welbevinden?").wait_for()
    page.locator(".card:not([aria-busy])").wait_for()
    expect(page.get_by_text(nl.APP_STREAMLIT_WORDS["Page not found"])).to_have_count(0)


def test_a_link_names_the_sector_and_the_publications_too(page: Page, server: str):
    page.goto(f"{server}/?vraag=Wat%20is%20welbevinden%3F&sector=vo&bron=vo-raad-praktijkkaarten&bron=bestaat-niet")
    page.locator(".card:not([aria-busy])").wait_for()
    expect(page.get_by_role("radio", name="vo")).to_be_checked()
    expect(page.get_by_role("button", name=nl.APP_SOURCES_CHOSEN.format(count=1))).to_be_visible()


def test_answer_and_link_can_be_copied(page: Page, server: str):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name=nl.APP_FEEDBACK["copy"], exact=True).click()
    expect(turn.get_by_role("status")).to_have_text(nl.APP_FEEDBACK["copied"])
    copied = page.evaluate("navigator.clipboard.readText()")
    assert QUESTION in copied and "[1]" in copied and nl.EXPORT_SOURCES in copied
    turn.get_by_role("button", name=nl.APP_FEEDBACK["link"]).click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('http'))")
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.get_by_role("heading", level=2, name=QUESTION)).to_be_visible()


def test_every_page_is_reached_from_the_navigation_and_named(page: Page):
    for path, name in nl.APP_PAGES.items():
        page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_title(f"{name} · {nl.APP_NAME}")
        current = page.locator("[aria-current=page]")
        expect(current).to_have_text([name])
        assert page.url.rstrip("/").endswith(path) or path == "vraag"
        expect(page.get_by_role("heading", level=1).first).to_be_visible()


def test_only_chosen_publications_are_searched(page: Page):
    page.get_by_role("button", name=nl.APP_SOURCES).click()
    page.get_by_role("combobox", name=nl.APP_SOURCES_LABEL).click()
    page.get_by_role("option", name="Nieuwe ondersteuning voor welbevinden van leerlingen").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name=nl.APP_SOURCES_CHOSEN.format(count=1)).wait_for()
    turn = ask(page, "Welke ondersteuning is er voor welbevinden van leerlingen?")
    titles = turn.locator(".sources .title, .nearest bdi").all_inner_texts()
    assert titles and all(title.startswith("Nieuwe ondersteuning voor welbevinden") for title in titles)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_sideways_scrolling(page: Page, scheme: str):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 375, "height": 812})
    wide = "document.querySelector('[data-testid=stMain]').scrollWidth"
    assert page.evaluate(wide) <= 375
    turn = ask(page, QUESTION)
    marks(turn).first.click()
    links = page.get_by_role("navigation").get_by_role("link").all()
    assert len({round(link.bounding_box()["y"]) for link in links}) == 1
    passage = turn.locator(".passage").bounding_box()
    answer = turn.locator(".answer").bounding_box()
    assert passage["y"] >= answer["y"] + answer["height"]
    expect(turn.locator("mark")).to_be_in_viewport()
    assert page.evaluate(wide) <= 375
    assert passage["x"] >= 0 and passage["x"] + passage["width"] <= 375


def test_every_control_has_a_name_and_headings_form_an_outline(page: Page):
    turn = ask(page, QUESTION)
    marks(turn).first.click()
    for control in page.locator("button:visible, a:visible, textarea:visible").all():
        name = control.get_attribute("aria-label") or control.inner_text() or control.get_attribute("placeholder")
        assert name and name.strip(), control.evaluate("node => node.outerHTML")
    levels = [int(h.evaluate("node => node.tagName[1]")) for h in page.get_by_role("heading").all()]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))
