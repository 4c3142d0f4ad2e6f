"""Two writers at once, a full disk, a folder that can't be written: a clear line, and the library is as it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import TESTS, Workers, corpus, environment, rubbish

from assistant.settings import Settings

pytestmark = pytest.mark.slow

ADD = (
    f"import sys; sys.path[:0] = {[str(TESTS), str(TESTS / 'faults')]}\n"
    + """
import resource, signal
from assistant import texts_nl
from assistant.errors import WelwijzerError
from assistant.library import Library
from assistant.settings import Settings
from forked import encoder
from ingest.intake import Fields, add
settings = Settings.from_env()
if len(sys.argv) > 3:  # no file may grow beyond this
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    library = Library.open(settings.library_path)
    print(add(sys.argv[1], Fields(title=sys.argv[2]), settings, library, encoder(settings)).source.id)
except WelwijzerError as error:
    sys.exit(texts_nl.error_line(error))
"""
)


def adding(settings: Settings, path: Path, title: str, *limit: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ADD, str(path), title, *limit],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(settings),
    )


def large(path: Path, name: str, sections: int = 60) -> Path:
    parts = [f"# {name}\n"]
    for number in range(sections):
        parts.append(f"## Deel {number} van {name}\n\nHoofdstuk {number} van {name} gaat over school en welbevinden.\n")
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    started = Workers(corpus(tmp_path))
    started.sound("build")
    yield started
    started.close()


def test_two_processes_that_add_at_once_both_succeed_and_nothing_is_lost(workers: Workers, tmp_path: Path):
    paths = [large(tmp_path / f"nieuw-{n}.md", f"gids nummer {n}", 10) for n in range(3)]
    processes = [adding(workers.settings, path, "Gamma") for path in paths]  # one title: their ids must not collide
    ids = []
    for process in processes:
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
        ids.append(out.strip())
    assert sorted(ids) == ["gamma", "gamma-2", "gamma-3"]
    workers.sound("verify")
    assert set(workers.state(ask=False)["versions"]) == {"alfa", "beta", *ids}
    assert rubbish(workers.settings) == []


def test_the_same_file_added_twice_at_once_goes_in_once(workers: Workers, tmp_path: Path):
    path = large(tmp_path / "nieuw.md", "gids", 10)
    processes = [adding(workers.settings, path, f"Gamma {n}") for n in range(2)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in processes]
    assert sorted(code for _, code in ended) == [0, 1], ended
    ((_, line),) = (told for told, code in ended if code)
    assert "staat al in de bibliotheek" in line and line.count("\n") == 1
    workers.sound("verify")
    assert len(workers.state(ask=False)["versions"]) == 3


def test_a_command_while_another_writes_names_the_other_process(workers: Workers):
    from assistant.library import Library

    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        library = Library.open(workers.settings.library_path)
        with library.writer():
            ready.set()
            done.wait(60)
        library.close()

    thread = threading.Thread(target=hold)
    thread.start()
    ready.wait(10)
    try:
        assert workers.run("status") == 0  # readers are not kept waiting
        assert os.waitstatus_to_exitcode(workers.run("remove", arguments=["alfa"])) == 1
        assert f"Een ander proces ({os.getpid()})" in workers.log()
    finally:
        done.set()
        thread.join()
    workers.sound("remove", arguments=["alfa"])
    workers.sound("verify")


def unharmed(workers: Workers, before: dict[str, object]) -> None:
    workers.sound("verify")
    assert workers.state() == before
    assert rubbish(workers.settings) == []


@pytest.mark.parametrize("limit", [0, 4_096, 20_000, 70_000])
def test_a_file_that_cannot_grow_leaves_the_library_as_it_was(workers: Workers, tmp_path: Path, limit: int):
    """What a full disk does to each write, at whatever size it strikes; needs no rights of any kind."""
    before = workers.state()
    process = adding(workers.settings, large(tmp_path / "groot.md", "groot", 300), "Gamma", str(limit))
    out, error = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, ""), error
    (line,) = error.strip().splitlines()[-1:]
    assert "Er is niets veranderd" in line or "schrijfbaar" in line or "kan niet worden geschreven" in line, error
    unharmed(workers, before)


def mounted(folder: Path, options: str) -> None:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        if os.environ.get("CI"):
            pytest.fail("a small disk can't be mounted; run the tests as root in a container that may mount")
        pytest.skip("only who may mount can make a small disk; the test with files that can't grow ran")


def test_a_full_disk_leaves_the_library_as_it_was(workers: Workers, tmp_path: Path):
    data = workers.settings.data
    held = sum(p.stat().st_size for p in data.rglob("*") if p.is_file())
    shutil.move(data, tmp_path / "aside")
    data.mkdir()
    mounted(data, f"size={held + 300_000}")
    try:
        shutil.copytree(tmp_path / "aside", data, dirs_exist_ok=True)
        before = workers.state()
        process = adding(workers.settings, large(tmp_path / "groot.md", "groot", 600), "Gamma")
        out, error = process.communicate(timeout=120)
        assert (process.returncode, out) == (1, ""), error
        assert "De schijf is vol" in error.strip().splitlines()[-1], error
        unharmed(workers, before)
    finally:
        subprocess.run(["umount", "-l", str(data)], check=True)


def test_a_data_folder_that_cannot_be_written_is_told_and_left_alone(workers: Workers, tmp_path: Path):
    data = workers.settings.data
    before = workers.state()
    shutil.copytree(data, tmp_path / "aside")
    if os.geteuid():
        data.chmod(0o500)
        undo = ["chmod", "700", str(data)]
    else:  # nothing is forbidden to root but a disk that is read-only
        shutil.rmtree(data)
        data.mkdir()
        mounted(data, "size=20m")
        shutil.copytree(tmp_path / "aside", data, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(data)], check=True)
        undo = ["umount", "-l", str(data)]
    try:
        process = adding(workers.settings, large(tmp_path / "nieuw.md", "nieuw", 3), "Gamma")
        out, error = process.communicate(timeout=120)
        assert (process.returncode, out) == (1, ""), error
        assert str(data) in error.strip().splitlines()[-1], error
        assert "schrijfbaar" in error or "niet worden geschreven" in error
    finally:
        subprocess.run(undo, check=True)
    shutil.rmtree(data)
    shutil.copytree(tmp_path / "aside", data)
    unharmed(workers, before)


ASKER = """
import sys
from forked import *
settings = Settings.from_env()
library = Library.open(settings.library_path)
index = VectorIndex.open(settings.chroma_path, library)
model = Encoder(school.TrigramModel(), model_name(settings))
assistant = Assistant(library, Retriever(library, index, model, Thesaurus.load(settings.corpus / "thesaurus.toml")))
for line in sys.stdin:
    answer = assistant.ask(line)
    print(index.through_chroma, sorted({c.source for c in (*answer.citations, *answer.nearest)}), flush=True)
"""


def test_a_process_that_answers_takes_up_a_change_by_itself_and_a_second_one_answers_as_well(
    workers: Workers, tmp_path: Path
):
    path = tmp_path / "nieuw.md"
    path.write_text(
        "# Slaapgids\n\nSlaaptekort bij pubers maakt leren moeilijker. Pubers slapen het best na tien uur.\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment(workers.settings)}
    askers = [subprocess.Popen([sys.executable, "-c", ASKER], **pipes) for _ in range(1)]  # type: ignore[call-overload]

    def ask(number: int) -> str:
        askers[number].stdin.write("Wat doet slaaptekort bij pubers?\n")
        askers[number].stdin.flush()
        return askers[number].stdout.readline().strip()

    try:
        assert "gamma" not in ask(0) and ask(0).startswith("True")
        askers.append(subprocess.Popen([sys.executable, "-c", ASKER], **pipes))  # type: ignore[call-overload]
        assert ask(1).startswith("False")  # the first owns Chroma's folder
        workers.sound("add", target=str(path), id="gamma")
        assert "gamma" in ask(0) and ask(0).startswith("True")
        assert "gamma" in ask(1) and ask(1).startswith("False")
        workers.sound("remove", arguments=["gamma"])
        assert "gamma" not in ask(0) and "gamma" not in ask(1)
    finally:
        for asker in askers:
            asker.communicate(timeout=30)


# a shell that starts a process in the background makes it deaf to Ctrl-C, which Python then leaves so
SLOWLY = """
import school, time
signal.signal(signal.SIGINT, signal.default_int_handler)
usual = school._trigrams
school._trigrams = lambda text: time.sleep(0.05) or usual(text)
"""


def test_ctrl_c_while_texts_are_embedded_leaves_nothing_half(workers: Workers, tmp_path: Path):
    before = workers.state()
    slow = ADD.replace("settings =", SLOWLY + "settings =", 1)
    process = subprocess.Popen(
        [sys.executable, "-c", slow, str(large(tmp_path / "groot.md", "groot", 200)), "Gamma"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(workers.settings),
    )  # fmt: skip
    until = time.monotonic() + 60
    while not (workers.settings.data / ".staging").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode
    assert rubbish(workers.settings) == []  # nothing is left for the next command to clear up
    unharmed(workers, before)
