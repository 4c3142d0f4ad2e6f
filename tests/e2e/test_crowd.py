"""People who ask at the same moment, by the protocol that browsers speak: each gets the answer to the own question."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.ui.browser import Step
from evals.benchmarks import crowd

QUESTIONS = ("Wat is pesten?", "Wat is welbevinden?", "Hoe betrek je ouders?", "Wat is een trajectruimte?")


@pytest.mark.usefixtures("environment")
def test_each_of_several_who_ask_at_once_gets_the_own_answer(server: str) -> None:
    with ThreadPoolExecutor(1) as apart:  # playwright keeps an event loop running in the thread of the tests
        got = apart.submit(lambda: asyncio.run(crowd.crowd(server, QUESTIONS))).result()
    assert [one.question for one in got] == list(QUESTIONS)
    assert all(0 < one.seconds < crowd.PATIENCE for one in got)


def test_the_benchmark_waits_for_the_step_that_the_app_calls_newest() -> None:
    assert Step.NEWEST == crowd.ANSWERED


def test_a_masked_name_is_no_other_question() -> None:
    assert crowd.is_own("Ons Lotte  huilt veel.", "Ons [naam] huilt veel.")
    assert crowd.is_own("Wat is pesten?", "Wat is pesten?")
    assert not crowd.is_own("Wat is pesten?", "Wat is welbevinden?")
    assert not crowd.is_own("Ons Lotte huilt veel.", "Ons [naam] lacht veel.")
