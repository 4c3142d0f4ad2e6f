"""What browser tests of the chat share: a question, asking it, and the marks of its answer."""

import re

from playwright.sync_api import Locator, Page

from assistant import texts_nl as nl

QUESTION = "Wat levert een schoolbrede aanpak van welbevinden op?"


def ask(page: Page, question: str) -> Locator:
    """Type a question and wait for its answer."""
    page.get_by_placeholder(nl.APP_INPUT).fill(question)
    page.keyboard.press("Enter")
    turn = page.get_by_role("region", name=question, exact=True)
    turn.locator(".card:not([aria-busy])").wait_for()
    return turn


def marks(turn: Locator) -> Locator:
    return turn.locator(".answer").get_by_role("button", name=re.compile("^bron [0-9]+: "))
