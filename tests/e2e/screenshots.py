"""Takes the README's pictures of a running app: `python tests/e2e/screenshots.py http://127.0.0.1:8501`."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[2] / "static" / "screenshots"
QUESTION = "Wat is mentaal welbevinden?"
SWITCHES = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES.split())
        desk = browser.new_page(viewport={"width": 1280, "height": 860})
        desk.goto(address)
        desk.get_by_placeholder("Stel je vraag").wait_for()
        desk.get_by_text("Begin bijvoorbeeld met").wait_for(timeout=60_000)
        desk.wait_for_timeout(3000)
        desk.screenshot(path=FOLDER / "welcome.png")
        answer = ask(desk)
        answer.screenshot(path=FOLDER / "answer.png")
        phone = browser.new_page(viewport={"width": 375, "height": 812})
        phone.goto(address)
        ask(phone, opened=False).screenshot(path=FOLDER / "answer-phone.png")
        browser.close()


def ask(page: Page, opened: bool = True) -> Page:
    box = page.get_by_placeholder("Stel je vraag")
    box.fill(QUESTION)
    box.press("Enter")
    mark = page.get_by_role("button", name="bron 1").first
    mark.wait_for(timeout=60_000)
    if opened:
        mark.click()
    page.wait_for_timeout(1500)
    return page


if __name__ == "__main__":
    main(sys.argv[1])
