"""Takes the README's pictures of a running app, every page on a desk and a phone: `python tests/e2e/screenshots.py ADDRESS`.

ADDRESS is where `make run` serves it: http://127.0.0.1:8501. Look at what was taken before it is committed.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from assistant import texts_nl as nl

FOLDER = Path(__file__).resolve().parents[2] / "static" / "screenshots"
QUESTION = "Wat is mentaal welbevinden?"
SITUATION = "Ouders zijn moeilijk te bereiken en het team wil meer samen optrekken."
SWITCHES = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
SIZES = {"": (1280, 860), "-phone": (375, 812)}
SETTLED = 2500  # milliseconds


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES.split())
        for ending, (width, height) in SIZES.items():
            welcome = opened(browser, address, "", width, height)
            welcome.get_by_text(nl.APP_STARTERS_HEADING).wait_for(timeout=60_000)
            take(welcome, f"welcome{ending}")
            ask(welcome, mark=not ending)
            take(welcome, f"answer{ending}")
            brief = opened(browser, address, "adviesgesprek", width, height)
            brief.get_by_role("radio", name="vo", exact=True).click()
            brief.get_by_label(nl.BRIEF_PAGE["context"]).fill(SITUATION)
            brief.get_by_role("button", name=nl.BRIEF_PAGE["make"]).click()
            brief.locator(".sheet").wait_for(timeout=60_000)
            brief.locator(".sheet").scroll_into_view_if_needed()
            take(brief, f"brief{ending}")
            for path, name in (("bronnen", "library"), ("kwaliteit", "quality"), ("over", "about")):
                take(opened(browser, address, path, width, height), f"{name}{ending}")
        browser.close()


def opened(browser: Browser, address: str, path: str, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{address}/{path}")
    page.locator("h1").first.wait_for(timeout=60_000)
    return page


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(SETTLED)
    page.screenshot(path=FOLDER / f"{name}.png")


def ask(page: Page, mark: bool) -> None:
    box = page.get_by_placeholder(nl.APP_INPUT)
    box.fill(QUESTION)
    box.press("Enter")
    first = page.get_by_role("button", name="bron 1").first
    first.wait_for(timeout=60_000)
    if mark:
        first.click()


if __name__ == "__main__":
    main(sys.argv[1])
