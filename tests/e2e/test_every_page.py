"""Every page in every state: WCAG by axe-core, light and dark, wide and narrow; and by the keyboard alone."""

import json
import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from chatting import QUESTION
from every_page import FOCUS, states
from playwright.sync_api import Page, expect

from assistant import texts_nl as nl

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
MOST_STOPS = 400


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, server: str, environment: dict[str, str], width: int, scheme: str
):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 812 if width == 375 else 860})
    wrong: dict[str, list[str]] = {}
    for name in states(page, server, environment):
        page.wait_for_timeout(300)
        found = violations(page)
        wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        if found or wide > width:
            wrong[name] = [*found, f"{wide} pixels wide"]
        if shots := os.environ.get("SHOTS"):
            page.screenshot(path=Path(shots) / f"{name.replace(', ', '-')}-{width}-{scheme}.png")
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


def test_the_keyboard_reaches_everything_and_its_place_is_always_seen(
    page: Page, server: str, environment: dict[str, str]
):
    wrong: dict[str, list[str]] = {}
    for name in states(page, server, environment):
        page.add_style_tag(content="* { transition: none !important; }")
        page.evaluate("document.activeElement?.blur(); getSelection().removeAllRanges()")
        page.evaluate(FOCUS)
        page.locator("body").press("Tab")
        outside = 0  # before the first and behind the last, where the browser itself has the focus
        for _ in range(MOST_STOPS):
            step = page.evaluate("focusTest.note()")
            outside += step == "outside"
            if step == "again" or outside > 1:
                break
            page.keyboard.press("Tab")
        missed, invisible = page.evaluate("[focusTest.missed(), focusTest.invisible]")
        if missed or invisible:
            wrong[name] = [*(f"not reached: {one}" for one in missed), *(f"focus not seen: {one}" for one in invisible)]
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


def test_arrows_move_within_a_group_of_buttons(page: Page, server: str):
    page.goto(f"{server}/bronnen")
    page.locator("tbody .open").first.click()
    page.get_by_text(nl.LIBRARY["manage"], exact=True).click()
    page.get_by_role("button", name="po", exact=True).or_(page.get_by_role("checkbox", name="po", exact=True)).focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent").strip() == "vo"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called `name`, or begins so."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(f"{FOCUS.strip()}, focusTest.note() === 'new' ? focusTest.name(focusTest.seen[0]) : ''")
        if focused.partition(" ")[2].startswith(name):
            return
    pytest.fail(f"the keyboard does not come to {name!r}")


def test_a_question_is_asked_read_and_judged_by_the_keyboard_alone(page: Page):
    tab_to(page, nl.APP_INPUT)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    turn = page.get_by_role("region", name=QUESTION, exact=True)
    turn.locator(".card:not([aria-busy])").wait_for()
    expect(page.get_by_placeholder(nl.APP_INPUT)).to_be_focused()
    tab_to(page, "bron 1: ")
    page.keyboard.press("Enter")
    expect(turn.locator(".passage")).to_be_focused()
    page.keyboard.press("Escape")
    expect(turn.locator(".passage")).to_have_count(0)
    expect(turn.locator(".answer .mark").first).to_be_focused()
    tab_to(page, nl.APP_FEEDBACK["up"])
    page.keyboard.press("Enter")
    expect(turn.get_by_text(nl.APP_FEEDBACK["thanks_up"])).to_be_visible()
