"""SIGKILL at any moment of adding, replacing and removing: after the next command all is as before or as after.

30 kills in an ordinary run; TEST_KILLS sets another number (300 without a failure bound the rate at 1 %).
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from house import Workers, after, corpus, rubbish

KILLS = int(os.environ.get("TEST_KILLS", "30"))
LIMIT = 5.0  # seconds; a command takes a fraction of one
THEMES = ("pauzes", "vriendschap", "verzuim", "huiswerk", "slaap", "muziek", "sport", "leesplezier", "buiten spelen")


def text(version: int) -> str:
    """A document of a dozen passages, of which the versions share some."""
    parts = [f"# Handreiking\n\nDit is druk {version} van de handreiking.\n"]
    for number, theme in enumerate(THEMES):
        edition = version if number % 2 else 0
        parts.append(
            f"## Over {theme}\n\nDe school praat in druk {edition} met leerlingen over {theme}. Een mentor die over {theme}"
            f" begint, hoort volgens hoofdstuk {number} meer dan een mentor die afwacht. Ouders lezen over {theme} in de brief.\n"
        )
    return "\n".join(parts)


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    folder = tmp_path_factory.mktemp("kills")
    for version in (1, 2):
        (folder / f"druk-{version}.md").write_text(text(version), encoding="utf-8")
    started = Workers(corpus(folder))
    started.sound("build")
    yield started
    started.close()


Step = tuple[
    str, dict[str, Any], tuple[int, bool]
]  # a task and the state that it leads to: gamma's version, beta there


def steps(at: tuple[int, bool], folder: Path) -> list[Step]:
    """Each step that can be taken from a state: adding, replacing and removing of an added and of a corpus document."""
    version, beta = at
    found: list[Step] = [("remove", {"arguments": ["beta"]}, (version, False))] if beta else []
    if not beta:
        found.append(("add", {"target": "beta"}, (version, True)))
    if version:
        path = str(folder / f"druk-{3 - version}.md")
        found.append(("add", {"target": path, "replaces": "gamma"}, (3 - version, beta)))
        found.append(("remove", {"arguments": ["gamma"]}, (0, beta)))
    else:
        found += [
            ("add", {"target": str(folder / f"druk-{v}.md"), "id": "gamma", "title": "Handreiking"}, (v, beta))
            for v in (1, 2)
        ]
    return found


def killer(data: Path, random_: random.Random) -> tuple[str, Callable[[int], None]]:
    """When to kill: anywhere, or aimed inside the commit, the change of the shelf, or the flush of Chroma's index."""
    aims: dict[str, tuple[Callable[[], bool], float]] = {
        "anywhere": (lambda: True, 0.25),
        "commit": ((data / "library.owner").exists, 0.004),
        "shelf": ((data / ".staging").exists, 0.03),
        "flush": (lambda: not (data / "chroma" / "state.json").exists(), 0.06),
    }
    aim = random_.choice(list(aims))
    condition, spread = aims[aim]

    def kill(process: int) -> None:
        after(random_.uniform(0, spread), lambda: condition() or ended(process), LIMIT)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    return aim, kill


def ended(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.slow
def test_after_a_kill_the_library_is_whole_and_in_one_of_two_states(workers: Workers, tmp_path: Path):
    folder, settings = workers.settings.corpus.parent, workers.settings
    random_ = random.Random(20261122)
    references: dict[tuple[int, bool], dict[str, Any]] = {}
    for version in (0, 1, 2):
        with workers.at(corpus(tmp_path / f"clean-{version}")) as clean:
            clean.sound("build")
            if version:
                clean.sound("add", target=str(folder / f"druk-{version}.md"), id="gamma", title="Handreiking")
            references[version, True] = clean.state()
            clean.sound("remove", arguments=["beta"])
            references[version, False] = clean.state()
    at, kills, tries, finished = (0, True), 0, 0, 0
    aims: dict[str, int] = {}
    while kills < KILLS:
        tries += 1
        assert tries < 6 * KILLS + 20, "too few commands could be killed"
        do, task, then = random_.choice(steps(at, folder))
        aim, kill = killer(settings.data, random_)
        status = workers.run(do, kill, **task)
        assert status in (0, signal.SIGKILL), workers.log()
        workers.sound("verify")  # the next command: what was left behind is finished or undone, and nothing is lost
        assert rubbish(settings) == []
        held = workers.state()
        matching = [state for state in (at, then) if references[state] == held]
        assert len(matching) == 1, f"{at} → {then}, {aim}: {held['versions']}"
        if status == 0:
            assert matching == [then]
            finished += 1
        else:
            kills += 1
            aims[aim] = aims.get(aim, 0) + 1
        at = matching[0]
    (tmp_path / "kills.txt").write_text(f"{kills} kills {aims}, {finished} commands ended first")
    assert KILLS < 30 or all(aims.get(aim) for aim in ("anywhere", "commit", "shelf", "flush"))
