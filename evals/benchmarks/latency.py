"""How long things take on this machine: `python -m evals.benchmarks.latency [--runs N]`.

Warm answers are timed inside one process over the evaluation questions; starts are whole processes of the command
line, on a fresh data folder. Prints milliseconds or seconds as median and 95th percentile; judges nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.settings import PROJECT, Settings
from assistant.wiring import open_assistant, quiet
from evals.cases import load_cases


def main() -> int:
    """Time warm answers, first answers, and the first and second build; print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3, help="processes per command")
    runs = parser.parse_args().runs
    quiet()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        environment = os.environ | {"WELWIJZER_DATA": folder}
        _tell("ingest build, first, s", [_process(["ingest", "build"], environment)])
        for command in (["ingest", "build"], ["ingest", "status"], ["ingest", "show", _first_id(data)]):
            _tell(f"{' '.join(command[:2])}, unchanged, s", [_process(command, environment) for _ in range(runs)])
        ask = ["assistant", "ask", "Wat is welbevinden?", "--json"]
        _tell("assistant ask, whole process, s", [_process(ask, environment) for _ in range(runs)])
        _tell("warm answer, ms", _warm(data))
    return 0


def _warm(data: Path) -> list[float]:
    assistant = open_assistant(Settings(data, Settings.from_env().corpus))
    questions = [case.question for case in load_cases()]
    assistant.ask(questions[0])
    return [assistant.ask(question).milliseconds["total"] for question in questions]


def _process(arguments: Sequence[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", *arguments], cwd=PROJECT, env=environment, check=True, capture_output=True, timeout=600
    )
    return time.perf_counter() - began


def _first_id(data: Path) -> str:
    from assistant.library import Library

    library = Library.open(data / "library.sqlite")
    try:
        return library.sources()[0].id
    finally:
        library.close()


def _tell(what: str, figures: Sequence[float]) -> None:
    ordered = sorted(figures)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"{what}: {statistics.median(ordered):.1f} (p95 {late:.1f}, n {len(ordered)})")


if __name__ == "__main__":
    sys.exit(main())
