"""How fast the app is in a real browser: `python -m evals.benchmarks.app [--starts N] [--people N, 0 for none]`.

Times a start from the process to a question field that takes a question and to the first answer, the time from Enter to
the answer on the screen for questions one after the other, and for many people who ask at the same moment, each in a
browser session of its own, whether everybody gets the answer to the own question. Chromium draws on the same processors.
It uses the library that the settings name, already built, and needs playwright and Chromium. Judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import texts_nl as nl
from assistant.settings import PROJECT
from evals.cases import load_cases

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run")
PATIENCE = 60_000  # milliseconds
WARM_UP = 3
QUESTIONS = 40


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start of the process until each of these was there; `answer`: to a question asked at once."""

    server: float
    field: float
    shown: float
    answer: float


@dataclass(frozen=True, slots=True)
class Served:
    """A running app: its address, the moment (`time.perf_counter`) its process began, and that process."""

    address: str
    began: float
    process: int


def main() -> int:
    """Time starts, then one reader, then a crowd; print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--people", type=int, default=25)
    arguments = parser.parse_args()
    asyncio.run(_measure(arguments.starts, arguments.people))
    return 0


async def _measure(starts: int, people: int) -> None:
    from playwright.async_api import async_playwright

    questions = list(dict.fromkeys(case.question for case in load_cases() if len(case.question) < 150))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(SWITCHES))
        await (await browser.new_page()).close()
        figures = [await _start(browser, questions[0]) for _ in range(starts)]
        for what, name in (
            ("server answers", "server"),
            ("question field takes a question", "field"),
            ("the question is on the screen", "shown"),
            ("its answer is on the screen", "answer"),
        ):
            tell(f"start until {what}, s", [getattr(figure, name) for figure in figures])
        with serving() as served:
            one = await _one_after_the_other(browser, served.address, questions[: WARM_UP + QUESTIONS])
            tell("from Enter to the answer, one reader, ms", [1000 * seconds for seconds, _ in one[WARM_UP:]])
            if people:
                await _crowd(browser, served.address, questions[-people:])
        await browser.close()


async def _start(browser: Browser, question: str) -> Start:
    """Start the app and ask as soon as that can be done."""
    with serving() as served:
        address, began = served.address, served.began
        server = time.perf_counter() - began
        page = await browser.new_page()
        await page.goto(address, wait_until="commit")
        field = page.get_by_placeholder(nl.APP_INPUT)
        await field.fill(question, timeout=PATIENCE)
        usable = time.perf_counter() - began
        await field.press("Enter")
        await page.get_by_role("heading", level=2, name=question, exact=True).wait_for(timeout=PATIENCE)
        shown = time.perf_counter() - began
        await page.locator(".card:not([aria-busy])").wait_for(timeout=PATIENCE)
        answer = time.perf_counter() - began
        await page.close()
        return Start(server, usable, shown, answer)


async def _one_after_the_other(browser: Browser, address: str, questions: Sequence[str]) -> list[tuple[float, str]]:
    """Seconds and the answer's text for each question, each in a conversation of its own."""
    page = await _opened(browser, address)
    found = []
    for question in questions:
        found.append(await _asked(page, question))
        await page.get_by_role("button", name=nl.APP_NEW_CONVERSATION).click()
        await page.get_by_role("heading", level=1, name=nl.APP_HEADING).wait_for(timeout=PATIENCE)
    await page.close()
    return found


async def _crowd(browser: Browser, address: str, questions: Sequence[str]) -> None:
    """Let as many people as there are questions ask at the same moment; compare with each answer given alone."""
    alone = [text for _, text in await _one_after_the_other(browser, address, questions)]
    pages = [await _opened(browser, address) for _ in questions]
    answers = await asyncio.gather(*(_asked(page, question) for page, question in zip(pages, questions, strict=True)))
    turns = [await page.locator(".turn").count() for page in pages]
    others = sum(text != own or count != 1 for (_, text), own, count in zip(answers, alone, turns, strict=True))
    tell(f"from Enter to the answer, {len(questions)} people at once, ms", [1000 * seconds for seconds, _ in answers])
    print(f"answers that are not the one given to the question alone: {others} of {len(questions)}")


async def _opened(browser: Browser, address: str) -> Page:
    """A page in a session of its own, with the model loaded."""
    page = await (await browser.new_context(reduced_motion="reduce")).new_page()
    await page.goto(address)
    await page.get_by_placeholder(nl.APP_INPUT).wait_for(timeout=PATIENCE)
    await page.get_by_text(nl.APP_LOADING).wait_for(state="detached", timeout=PATIENCE)
    return page


async def _asked(page: Page, question: str) -> tuple[float, str]:
    field = page.get_by_placeholder(nl.APP_INPUT)
    await field.fill(question)
    began = time.perf_counter()
    await field.press("Enter")
    card = page.get_by_role("region", name=question, exact=True).locator(".card:not([aria-busy])")
    await card.wait_for(timeout=PATIENCE)
    return time.perf_counter() - began, await card.inner_text()


@contextmanager
def serving() -> Iterator[Served]:
    """The app as `make run` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("--server.port", str(port), "--server.headless", "true")
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options],
        cwd=PROJECT,
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/_stcore/health", process)
        yield Served(address, began, process.pid)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError("the app did not start")


def tell(what: str, figures: Sequence[float]) -> None:
    """Print the median and the 95th percentile of some figures."""
    ordered = sorted(figures)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"{what}: median {statistics.median(ordered):.2f}, p95 {late:.2f}, n {len(ordered)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
