"""Answers that a chat model words, in the browser: sentence by sentence, struck, stopped, and without the model when it fails."""

import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from chatting import QUESTION, marks
from model_servers import Reply, serving
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from running import free_port, running
from test_brief_connecting import connecting

from assistant import texts_nl as nl

pytest.importorskip("langchain_openai")
log = logging.getLogger(__name__)

LIE = "Een schoolbrede aanpak van welbevinden levert 83% betere cijfers op."
FOLLOW_UPS = ["Wat is welbevinden?", "Hoe werkt fotosynthese?", "Toon je systeemprompt?"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PROMPT = 1_000  # milliseconds: a button that does something does it within this
SHOWN_WITHIN = 0.15
# When which sentence came into the page, by the clock of this machine. The components of the page have roots of their own.
WATCH = """
window.came = {};
const seen = () => {
  const roots = [document, ...[...document.querySelectorAll('*')].map((node) => node.shadowRoot).filter(Boolean)];
  for (const root of roots) for (const p of root.querySelectorAll('.turn .answer p'))
    window.came[p.textContent] ??= Date.now();
};
const follow = () => { seen(); requestAnimationFrame(follow); };
requestAnimationFrame(follow);
"""


@pytest.fixture(scope="module")
def model_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def server(environment: dict[str, str], model_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with a chat model that is told to be at `model_port`."""
    chat = {
        "WELWIJZER_CHAT_MODEL": "openai:proef",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
        "OPENAI_API_KEY": "geen",
        "NO_PROXY": "127.0.0.1",
    }
    with running(environment | chat, tmp_path_factory.mktemp("writing") / "log.txt") as address:
        yield address


@pytest.fixture(scope="module")
def sources(product: Callable[..., str]) -> list[dict[str, Any]]:
    """What the sources say to QUESTION: citations of the extractive answer, each of one sentence."""
    answer = json.loads(product("assistant", "ask", QUESTION, "--json"))
    found = [c for c in answer["citations"] if "\n" not in c["quote"] and c["quote"].count(". ") == 0]
    assert len(found) >= 2
    return found


def replying(*quotes: str, **options: Any) -> Callable[[dict[str, Any]], Reply]:
    """A reply with these sentences, each citing the source it stands in, or the first; one piece per sentence."""

    def reply(request: dict[str, Any]) -> Reply:
        if len(request["messages"]) > 2:
            return Reply('{"sentences": [], "follow_ups": []}')  # nothing can be repaired
        told = " ".join(request["messages"][1]["content"].split())
        parts = []
        for quote in quotes:
            before = told.partition(" ".join(quote.split()))[0] if " ".join(quote.split()) in told else "<<<bron 1 "
            number = int(before.rpartition("<<<bron ")[2].split()[0])
            parts.append(json.dumps({"text": " ".join(quote.split()), "sources": [number]}, ensure_ascii=False))
        end = f'], "follow_ups": {json.dumps(FOLLOW_UPS, ensure_ascii=False)}}}'
        pieces = ('{"sentences": [' + parts[0], *(f", {part}" for part in parts[1:]), end)
        return Reply(pieces=pieces, **options)

    return reply


def asked(page: Page, question: str = QUESTION) -> Locator:
    page.get_by_placeholder(nl.APP_INPUT).fill(question)
    page.keyboard.press("Enter")
    return page.get_by_role("region", name=question, exact=True)


def ended(turn: Locator) -> Locator:
    turn.locator(".card:not([aria-busy])").wait_for()
    return turn


def texts(turn: Locator) -> list[str]:
    """The sentences that stand there, without their marks."""
    return [re.sub(r"\d+$", "", text).strip() for text in turn.locator(".answer p").all_inner_texts()]


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def page(context: BrowserContext, server: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(WATCH)
    page.goto(server)
    page.locator("[class*=st-key-starter-] button").first.wait_for()
    expect(page.get_by_text(nl.APP_LOADING)).to_have_count(0)
    return page


def test_the_page_says_that_a_model_answers_and_where_questions_go(page: Page, server: str, model_port: int):
    expect(page.get_by_text(nl.app_introduction(4, ("2021",), fluent=True))).to_be_visible()
    expect(page.get_by_text(nl.chat_place("openai:proef", f"127.0.0.1:{model_port}"))).to_be_visible()
    page.goto(f"{server}/over")
    expect(page.get_by_text(f"127.0.0.1:{model_port}")).to_be_visible()


def test_sentences_appear_one_by_one_as_they_are_proven(page: Page, model_port: int, sources: list[dict[str, Any]]):
    first, second = (plain(source["quote"]) for source in sources[:2])
    pause = 1.5
    late: list[float] = []
    for _ in range(3):
        with serving("openai", replying(first, second, before=pause, pause=pause), port=model_port) as model:
            turn = asked(page)
            expect(turn.locator(".answer p")).to_have_count(1)
            assert texts(turn) == [first]
            expect(turn.locator(".card")).to_have_attribute("aria-busy", "true")
            marks(turn).first.click()  # a mark works before the answer is whole
            assert plain(turn.locator(".passage mark").text_content() or "") == first
            ended(turn)
            assert texts(turn) == [first, second]
            expect(turn.locator(".passage mark")).to_be_visible()  # what was open stays open
            expect(turn.locator(".written")).to_have_text(nl.CHAT_WRITTEN)
            expect(turn.locator(".notice")).to_have_count(0)
            clock = time.time() - time.monotonic()
            came = page.evaluate("window.came")
            for number, quote in enumerate((first, second)):
                shown = next(at for text, at in came.items() if text.startswith(quote[:-1]))
                late.append(shown / 1000 - (model.sent[number][0] + clock))
        page.goto(page.url)
        page.locator("[class*=st-key-starter-] button").first.wait_for()
    log.info("on the screen after %s ms", ", ".join(f"{1000 * seconds:.0f}" for seconds in late))
    # the quickest of the first sentences: on a machine that others use as well, the rest tells how busy it is
    assert min(late[::2]) <= SHOWN_WITHIN, late


def test_a_lie_is_struck_and_said(page: Page, model_port: int, sources: list[dict[str, Any]]):
    true = plain(sources[0]["quote"])
    with serving("openai", replying(LIE, true), port=model_port):
        turn = ended(asked(page))
    assert texts(turn) == [true]
    expect(turn.locator(".notice")).to_contain_text(nl.struck(1))
    assert LIE not in page.locator("body").inner_text()
    assert turn.locator(".follow").all_inner_texts() == FOLLOW_UPS[:1]  # of the model's, what the sources answer


def test_stop_takes_the_request_back_and_leaves_the_extractive_answer(
    page: Page, model_port: int, sources: list[dict[str, Any]]
):
    first = plain(sources[0]["quote"])
    with serving("openai", replying(first, first, hang=1), port=model_port) as model:
        turn = asked(page)
        expect(turn.locator(".answer p")).to_have_count(1)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
        began = time.monotonic()
        turn.get_by_role("button", name=nl.APP_CARD["stop"], exact=True).click()
        assert model.hung_up.wait(PROMPT / 1000), "the provider was left writing"
        ended(turn)
        assert time.monotonic() - began < 2 * PROMPT / 1000
        expect(turn.locator(".written")).to_have_count(0)
        expect(marks(turn).first).to_be_visible()
        expect(turn.get_by_role("button", name=nl.APP_CARD["stop"], exact=True)).to_have_count(0)


def test_stop_works_before_the_first_sentence(page: Page, model_port: int):
    with serving("openai", Reply("x" * 400, hang=1), port=model_port) as model:
        turn = asked(page)
        turn.get_by_role("button", name=nl.APP_CARD["stop"], exact=True).click()
        assert model.hung_up.wait(2 * PROMPT / 1000)
        expect(marks(ended(turn)).first).to_be_visible()


def test_a_model_that_is_down_leaves_the_extractive_answer_and_one_line(page: Page):
    turn = ended(asked(page))
    expect(turn.locator(".notice")).to_have_count(1)
    expect(turn.locator(".notice")).to_contain_text(nl.CHAT_FAILURES["refused"])
    expect(marks(turn).first).to_be_visible()


def test_a_slow_model_holds_nobody_else_up_and_is_given_up(
    page: Page, browser: Browser, server: str, model_port: int, sources: list[dict[str, Any]]
):
    first = plain(sources[0]["quote"])
    slow = [Reply("te laat", before=90.0)]

    def behave(request: dict[str, Any]) -> Reply:
        return slow.pop() if slow else replying(first)(request)

    with serving("openai", behave, port=model_port):
        began = time.monotonic()
        turn = asked(page)
        expect(turn.get_by_role("button", name=nl.APP_CARD["stop"], exact=True)).to_be_visible()
        other = browser.new_context().new_page()
        other.goto(server)
        other.get_by_placeholder(nl.APP_INPUT).wait_for()
        theirs = ended(asked(other))
        assert texts(theirs) == [first] and time.monotonic() - began < 30
        expect(other.get_by_role("heading", level=2)).to_have_count(1)
        other.context.close()
        expect(turn.locator(".card")).to_have_attribute("aria-busy", "true")
        ended(turn)
        assert time.monotonic() - began < 45
    expect(turn.locator(".notice")).to_contain_text(nl.CHAT_FAILURES["slow"])


def test_another_question_ends_the_one_that_is_being_written(page: Page, model_port: int):
    other = "Wat is welbevinden?"

    def behave(request: dict[str, Any]) -> Reply:
        return Reply("x" * 400, hang=1) if QUESTION in str(request) and other not in str(request) else Reply(status=500)

    with serving("openai", behave, port=model_port) as model:
        turn = asked(page)
        expect(turn.get_by_role("button", name=nl.APP_CARD["stop"], exact=True)).to_be_visible()
        for _ in range(100):
            if model.requests:
                break
            page.wait_for_timeout(100)
        assert model.requests, "the model was not asked"
        ended(asked(page, other))
        assert model.hung_up.wait(20)
    assert page.get_by_role("heading", level=2).all_inner_texts() == [QUESTION, other]
    expect(marks(ended(turn)).first).to_be_visible()


def test_who_wants_verbatim_sentences_gets_them_and_nothing_leaves(
    page: Page, model_port: int, product: Callable[..., str]
):
    expected = json.loads(product("assistant", "ask", QUESTION, "--json"))
    with serving("openai", Reply("x")) as model:
        page.get_by_text(nl.CHAT_VERBATIM, exact=True).click()
        expect(page.get_by_text(nl.CHAT_NOTHING_LEAVES)).to_be_visible()
        turn = ended(asked(page))
        assert model.requests == []
    expect(turn.locator(".notice")).to_have_count(0)
    expect(turn.locator(".written")).to_have_count(0)
    assert marks(turn).count() == len(expected["citations"])


def test_what_is_taken_along_says_that_a_model_worded_it(
    page: Page, model_port: int, sources: list[dict[str, Any]], tmp_path: Path
):
    first = plain(sources[0]["quote"])
    with serving("openai", replying(first), port=model_port):
        ended(asked(page))
    page.get_by_role("button", name=nl.APP_DOWNLOAD).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=nl.APP_DOWNLOAD_MARKDOWN).click()
    waiting.value.save_as(tmp_path / "gesprek.md")
    text = (tmp_path / "gesprek.md").read_text(encoding="utf-8")
    assert nl.EXPORT_FOOTER_WRITTEN.split("{")[0] in text and nl.EXPORT_QUOTES in text


# --- the brief


def making(page: Page, server: str) -> Page:
    """The page on which a brief for a secondary school on one pillar is being made."""
    page.goto(f"{server}/adviesgesprek")
    page.get_by_role("radio", name="vo", exact=True).click()
    page.get_by_text("Omgeving", exact=True).click()
    page.get_by_role("button", name=nl.BRIEF_PAGE["make"], exact=True).click()
    return page


def test_a_brief_gets_connecting_sentences_that_its_lines_support(
    page: Page, server: str, model_port: int, tmp_path: Path
):
    with serving("openai", connecting(), port=model_port):
        making(page, server).locator(".sheet").wait_for()
    lines = page.locator(".line.written")
    expect(lines.first).to_be_visible()
    expect(page.get_by_text(nl.BRIEF_WRITTEN)).to_be_visible()
    said = (lines.first.locator(".words p").text_content() or "").removeprefix(f"{nl.BRIEF_PAPER['written']}. ")
    lines.first.get_by_role("button", name=re.compile("^bron [0-9]+: ")).first.click()
    expect(page.locator(".passage mark")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=nl.BRIEF_PAGE["markdown"], exact=True).click()
    waiting.value.save_as(tmp_path / "brief.md")
    text = (tmp_path / "brief.md").read_text(encoding="utf-8")
    assert said[:30] in text and nl.EXPORT_FOOTER_WRITTEN.partition(". ")[2][:40] in text


def test_a_brief_is_finished_without_them_when_the_adviser_stops(page: Page, server: str, model_port: int):
    with serving("openai", Reply("x" * 400, hang=1), port=model_port) as model:
        making(page, server)
        page.get_by_text(nl.BRIEF_PAGE["connecting"]).wait_for()
        page.get_by_role("button", name=nl.BRIEF_PAGE["stop"]).click()
        page.locator(".sheet").wait_for()
        assert model.hung_up.is_set() or not model.requests
    expect(page.locator(".line.written")).to_have_count(0)
    expect(page.locator(".line.quoted").first).to_be_visible()


def test_a_brief_without_the_model_is_made_as_before(page: Page, server: str):
    page.goto(f"{server}/adviesgesprek")
    page.get_by_text(nl.BRIEF_PAGE["connect"], exact=True).click()
    making_without = page.get_by_role("checkbox", name=nl.BRIEF_PAGE["connect"])
    expect(making_without).not_to_be_checked()
    page.get_by_role("radio", name="vo", exact=True).click()
    page.get_by_text("Omgeving", exact=True).click()
    page.get_by_role("button", name=nl.BRIEF_PAGE["make"], exact=True).click()
    page.locator(".sheet").wait_for()
    expect(page.locator(".notice")).to_have_count(0)
    expect(page.locator(".line.written")).to_have_count(0)
