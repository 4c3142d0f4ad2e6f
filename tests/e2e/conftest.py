"""The real app in a real browser, on a small library built from part of the corpus and one hostile document."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from running import ROOT, free_port, running

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SOURCES = ("programma-welbevinden-op-school", "vo-raad-praktijkkaarten", "infosheet-scholen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Without a browser these tests are skipped at home, and fail where they count."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI"):
        pytest.fail("no Chromium: install it, the browser tests may not be skipped here")
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def environment(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of a library of its own, built once."""
    folder = tmp_path_factory.mktemp("e2e")
    corpus = folder / "corpus"
    (corpus / "documents").mkdir(parents=True)
    entries = tomllib.loads((ROOT / "corpus" / "sources.toml").read_text(encoding="utf-8"))["source"]
    entries = [entry for entry in entries if entry["id"] in SOURCES]
    for entry in entries:
        shutil.copy(ROOT / "corpus" / "documents" / entry["file"], corpus / "documents")
    shutil.copy(Path(__file__).parent / "documents" / "markup.txt", corpus / "documents")
    hostile = entries[0] | {"id": "prikpen", "title": "<i>Prikpen</i> *gids*", "file": "markup.txt", "sectors": ["po"]}
    tables = [
        "[[source]]\n" + "\n".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items())
        for entry in [*entries, hostile | {"url": "https://example.org/prikpen"}]
    ]
    (corpus / "sources.toml").write_text("\n\n".join(tables), encoding="utf-8")
    shutil.copytree(ROOT / "corpus" / "corrections", corpus / "corrections")
    shutil.copy(ROOT / "corpus" / "thesaurus.toml", corpus)
    settings = {"WELWIJZER_DATA": str(folder / "data"), "WELWIJZER_CORPUS": str(corpus)}
    command(settings, "ingest", "build")
    return settings


def command(settings: dict[str, str], *arguments: str) -> str:
    """Run one of the product's commands and return what it printed."""
    line = [sys.executable, "-m", *arguments]
    done = subprocess.run(line, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def server(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started as `make run` starts it."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with running(environment, log, free_port()) as address:
        yield address


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=120_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """One visitor; whatever the page asks of another address fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    elsewhere: list[str] = []
    context.on("request", lambda request: None if request.url.startswith(server) else elsewhere.append(request.url))
    yield context
    context.close()
    assert [url for url in elsewhere if url.startswith("http")] == []


@pytest.fixture
def page(context: BrowserContext, server: str) -> Page:
    """The page as a visitor finds it."""
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(server)
    page.get_by_role("heading", level=1).wait_for()
    return page


@pytest.fixture(scope="session")
def product(environment: dict[str, str]) -> Callable[..., str]:
    """Run one of the product's commands on this library and return what it printed."""
    return lambda *arguments: command(environment, *arguments)
