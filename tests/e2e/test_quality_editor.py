"""The job of an editor: an evaluation run, its failures read, and a case made of what a reader did not find."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assistant import texts_nl as nl
from assistant.feedback import FeedbackStore, Verdict, record_of
from assistant.types import Answer, Outcome
from evals.cases import load_cases

TEXT = nl.QUALITY
MISSED = "Wat kost <img src=x onerror=window.hacked=1> de Kanjertraining?"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CASES = """
set: proefrun
defaults: {asker: teacher, author: toets, status: draft, kind: open}
cases:
  - id: proef-fotosynthese
    question: Hoe werkt fotosynthese in een cactus?
    expected: no_evidence
  - id: proef-prijs
    question: Wat is mentaal welbevinden?
    expected: answered
    facts: [{text: "bestaat <b>niet</b>", any_of: ["dit staat nergens in de bronnen"]}]
"""


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(WCAG)}}).response
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


@pytest.fixture
def quality(page: Page, server: str, environment: dict[str, str]) -> Page:
    """The page with a small set of cases to run, and one gap that a reader sent in."""
    data = Path(environment["WELWIJZER_DATA"])
    (data / "cases").mkdir(exist_ok=True)
    (data / "cases" / "proefrun.yaml").write_text(CASES, encoding="utf-8")
    store = FeedbackStore(data)
    store.erase()
    store.add(record_of(Answer(MISSED, Outcome.NO_EVIDENCE, "", (), ()), Verdict.MISSING, sector="po"))
    page.goto(f"{server}/kwaliteit")
    page.get_by_role("heading", level=1, name=TEXT["title"]).wait_for()
    return page


def test_a_set_is_run_and_what_failed_opens_to_why(quality: Page):
    quality.get_by_role("combobox", name=TEXT["set"]).click()
    quality.get_by_role("option", name="proefrun (2)").click()
    quality.get_by_role("button", name=TEXT["run"]).click()
    quality.locator(".verdict").wait_for(timeout=240_000)  # the first run waits for the model as well
    expect(quality.locator(".verdict")).to_contain_text(TEXT["verdict"].format(passed=1, count=2))
    expect(quality.locator(".tile")).to_have_count(5)
    failed = quality.locator("details.case")
    expect(failed).to_have_count(1)
    failed.locator("summary").click()
    expect(failed).to_contain_text("bestaat <b>niet</b>")
    assert violations(quality) == []
    with quality.expect_download() as download:
        quality.get_by_role("button", name=TEXT["report"]).click()
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert report.startswith("<!doctype html>") and "proef-prijs" in report


def test_what_was_not_found_becomes_a_case(quality: Page, environment: dict[str, str]):
    quality.get_by_role("radio", name=TEXT["gaps"]).click()
    gap = quality.locator(".gap")
    expect(gap.get_by_role("heading", name=MISSED)).to_be_visible()
    assert quality.evaluate("window.hacked") is None
    quality.get_by_role("button", name=TEXT["gap_case"]).click()
    expect(quality.get_by_label(TEXT["case_question"], exact=True)).to_have_value(MISSED)
    assert violations(quality) == []
    quality.get_by_label(TEXT["case_question"], exact=True).fill("Wat kost de Kanjertraining?")
    quality.get_by_role("button", name=TEXT["case_save"]).click()
    expect(quality.get_by_text(re.compile("^Testvraag gemaakt")).first).to_be_visible()
    expect(gap).to_have_count(0)
    cases = load_cases(Path(environment["WELWIJZER_DATA"]) / "cases" / "eigen.yaml")
    assert "Wat kost de Kanjertraining?" in [case.question for case in cases]
    quality.set_viewport_size({"width": 375, "height": 812})
    assert quality.evaluate("document.documentElement.scrollWidth") <= 375
