"""A reader in a child process: what it finds comes back, and what it does wrong stays there."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import UnreadableError
from ingest import child
from ingest.child import Limits

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of memory are Linux's")
READERS = """
import ctypes, os, signal, socket, subprocess, sys, time
from pathlib import Path

def letters(data, *more):
    for part in data.split():
        yield part.decode()
    yield list(more)

def refuses(data):
    yield 1
    error = ValueError("shut")
    error.details = {"why": "encrypted"}
    raise error

def fails(data):
    raise RuntimeError("no such page")

def stops(data):
    yield 1
    time.sleep(60)

def slow(data):
    for number in range(100):
        time.sleep(0.3)
        yield number

def spins(data):
    while True:
        pass
    yield

def eats(data):
    yield len(b"x" * (3 << 30))

def eats_deeper(data):
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    yield libc.malloc(ctypes.c_size_t(3 << 30))

def crashes(data):
    yield 1
    os.kill(os.getpid(), signal.SIGSEGV)

def leaves(data):
    yield 1
    os._exit(0)

def talks(data):
    print("a library that prints")
    sys.stderr.write("x" * 1_000_000)
    yield "well"

def floods(data):
    while True:
        yield "x" * 1_000_000

def half(data):
    os.write(1, b'{"item": ')
    os._exit(3)

def connects(data):
    socket.create_connection(("127.0.0.1", int(data)), timeout=5)
    yield "connected"

def looks_up(data):
    yield socket.getaddrinfo("localhost", 80)[0][4]

def writes(data):
    Path(data.decode()).write_bytes(b"x" * 10)
    yield "written"

def starts(data):
    yield subprocess.run(["echo", "started"], capture_output=True).stdout.decode()

def waits_for_another(data):
    process = subprocess.Popen(["sleep", "60"])
    yield process.pid
    process.wait()

def half_a_letter(data):
    yield {"\\ud800": ["a\\udfffb", 1, "\\U0001f600"]}

def escapes(data):
    import html
    yield html.escape("<")
"""


@pytest.fixture(autouse=True)
def readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of readers that misbehave, which the child finds on its path."""
    (tmp_path / "odd_readers.py").write_text(READERS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def run(name: str, data: bytes = b"", limits: Limits = Limits(), *arguments: object) -> Iterator[object]:  # noqa: B008
    return child.run(f"odd_readers:{name}", data, limits, arguments)


def why(name: str, data: bytes = b"", limits: Limits = Limits()) -> object:  # noqa: B008
    with pytest.raises(UnreadableError) as raised:
        list(run(name, data, limits))
    return raised.value.details["why"]


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_results_come_back_in_order_with_the_arguments():
    assert list(run("letters", "één twee".encode(), Limits(), "drie", [4])) == ["één", "twee", ["drie", [4]]]


def test_a_large_file_goes_in_and_results_larger_than_a_pipe_come_out():
    data = b" ".join([b"x" * 200_000] * 50)
    assert [len(str(item)) for item in list(run("letters", data))[:-1]] == [200_000] * 50


def test_what_a_reader_says_is_wrong_is_said_here():
    found = run("refuses")
    assert next(found) == 1
    with pytest.raises(UnreadableError, match="shut") as raised:
        next(found)
    assert raised.value.details["why"] == "encrypted"


def test_any_other_failure_is_a_broken_file():
    assert why("fails") == "broken"


@pytest.mark.parametrize("name", ["crashes", "leaves", "half"])
def test_a_crash_is_a_broken_file(name: str):
    assert why(name) == "broken"


def test_a_reader_that_stops_is_ended():
    began = time.monotonic()
    assert why("stops", limits=Limits(step=1.0)) == "too_heavy"
    assert time.monotonic() - began < 20


def test_a_reader_that_always_finds_a_little_more_is_ended_too():
    assert why("slow", limits=Limits(seconds=1.0)) == "too_heavy"


@ON_LINUX
def test_the_processor_is_limited():
    assert why("spins", limits=Limits(processor=1)) == "too_heavy"


@ON_LINUX
def test_memory_is_limited():
    assert why("eats") == "too_heavy"
    assert list(run("eats_deeper")) == [None]


@ON_LINUX
def test_the_parents_memory_stays_flat_whatever_the_child_sends():
    found = run("floods")
    next(found)
    before = _resident()
    with pytest.raises(UnreadableError) as raised:
        for _ in found:
            pass
    assert raised.value.details["why"] == "too_heavy"
    assert _resident() - before < 100 << 20


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_what_a_library_prints_is_no_result():
    assert list(run("talks")) == ["well"]


def test_the_child_has_no_network(unused_server: int):
    assert why("connects", str(unused_server).encode()) == "broken"
    assert why("looks_up") == "broken"


@pytest.fixture
def unused_server() -> Iterator[int]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server.getsockname()[1]
        with pytest.raises(TimeoutError):
            server.accept()


@ON_LINUX
def test_the_child_writes_no_file_and_starts_no_program_unless_it_may(tmp_path: Path):
    target = tmp_path / "written"
    assert why("writes", str(target).encode()) == "broken"
    assert not target.exists() or target.read_bytes() == b""
    assert why("starts") == "broken"
    assert list(run("starts", limits=Limits(programs=True))) == ["started\n"]
    assert list(run("writes", str(target).encode(), Limits(programs=True))) == ["written"]


@ON_LINUX
def test_leaving_the_results_ends_the_child_and_what_it_started():
    found = run("waits_for_another", limits=Limits(programs=True))
    pid = next(found)
    assert isinstance(pid, int) and alive(pid)
    found.close()  # type: ignore[attr-defined]
    for _ in range(50):
        if not alive(pid):
            break
        time.sleep(0.1)
    assert not alive(pid)


def test_half_a_letter_becomes_the_sign_for_an_unknown_one():
    assert list(run("half_a_letter")) == [{"\ufffd": ["a\ufffdb", 1, "\U0001f600"]}]


def test_the_child_knows_the_standard_library_although_our_folder_has_a_module_of_that_name():
    assert list(run("escapes")) == ["&lt;"]


def test_a_reader_that_is_not_there_is_told():
    assert why("nobody") == "broken"
