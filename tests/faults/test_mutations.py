"""Damaged and hostile files: each is read, or refused in one Dutch line, within its time and without filling memory.

60 of the 300 are read in the ordinary run; `MUTANTS=all` reads every one (some of those are held to their full time).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mutants import HEAVY, TOTAL, mutants

from ingest import apart, child, pdf

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 1_500_000_000  # bytes of the process that has them read
# A reader may use its whole time, and a page that turns out to be a scan is read from its picture after that.
SECONDS = max(pdf.LIMITS.seconds, apart.LIMITS.seconds) + child.START_SECONDS
ORDINARY = 60


def chosen() -> list[int]:
    """All, or some of each kind that take no long time."""
    every = mutants()
    if os.environ.get("MUTANTS") == "all":
        return list(range(len(every)))
    return [index for index, mutant in enumerate(every) if mutant.what not in HEAVY][:ORDINARY]


@pytest.fixture(scope="module")
def results() -> list[dict[str, object]]:
    """What one process made of them; its last line is its greatest memory."""
    indices = map(str, chosen())
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("mutants.py")), *indices],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=3600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_every_file_is_read_or_refused_in_one_dutch_line(results: list[dict[str, object]]):
    outcomes = results[:-1]
    assert len(outcomes) == len(chosen()) >= ORDINARY
    assert [one for one in outcomes if "crash" in one] == []
    for one in outcomes:
        line = str(one.get("reported", ""))
        assert ("read" in one) != bool(line), one
        assert "\n" not in line and "Traceback" not in line and "?" not in line, one


@pytest.mark.slow
def test_none_takes_longer_than_a_reader_may(results: list[dict[str, object]]):
    assert [one for one in results[:-1] if float(str(one["seconds"])) > SECONDS] == []


@pytest.mark.slow
def test_the_memory_of_who_has_them_read_stays_small(results: list[dict[str, object]]):
    assert int(str(results[-1]["memory"])) < MEMORY


@pytest.mark.slow
def test_damage_is_not_all_there_is(results: list[dict[str, object]]):
    """Readers that refuse everything, or a suite that damages nothing, would pass the others."""
    read = sum(1 for one in results[:-1] if "read" in one)
    assert 0.2 < read / len(results[:-1]) < 0.95


def test_there_are_as_many_of_them_as_is_said_and_all_differ():
    every = mutants()
    assert len(every) == TOTAL == 300
    assert len({mutant.what + mutant.name for mutant in every}) == TOTAL - 24
    assert {mutant.what for mutant in every} >= HEAVY
