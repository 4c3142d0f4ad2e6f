"""Runs a reader of foreign files in a process of its own, which can be limited and killed; a thread cannot.

A document from outside can loop, eat memory or crash the library that reads it. So the reader is called in a child
with limits on time, memory and processor, without network, files to write to or programs to start, and what it finds
comes back line by line as JSON (nothing that could carry code). The parent holds one result at a time.

The child is this very file, started by its path: `python -P child.py` (`-P`: this folder holds an `html.py`, which must
not take the place of the standard library's).
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ADDRESS_SPACE = 1 << 30  # bytes
FILE_SECONDS = 120.0
STEP_SECONDS = 10.0  # per page, where a reader gives its results page by page
START_SECONDS = 60.0  # for Python and the reader's libraries; 0.3 s on an idle machine, long on a busy one
MAX_OUTPUT = 256 << 20  # bytes of all results together
MAX_LINE = 64 << 20  # bytes of one result
MAX_FILE = 64 << 20  # bytes of a file that the child may write, if it may write any
_AHEAD = 4  # results that wait for the caller; the child then waits too, so the parent's memory stays flat
_ROOT = str(Path(__file__).resolve().parents[1])
_BLOCKED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "pty.spawn")
# signals by which a system ends a process over its limits: processor time, file size, memory
_OVER_LIMIT = {getattr(signal, name) for name in ("SIGXCPU", "SIGXFSZ", "SIGKILL", "SIGABRT") if hasattr(signal, name)}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take: wall-clock seconds for the whole and for each step, processor seconds, bytes of memory.

    `programs`: whether it may write temporary files and start programs (Tesseract); they inherit the other limits.
    """

    seconds: float = FILE_SECONDS
    step: float = FILE_SECONDS
    processor: float = FILE_SECONDS
    memory: int = ADDRESS_SPACE
    programs: bool = False


def run(function: str, data: bytes, limits: Limits = Limits(), arguments: Sequence[Any] = ()) -> Iterator[Any]:  # noqa: B008 - frozen
    """Call `function` ("package.module:name") with `data` and `arguments` in a child; yield what it yields.

    `function` returns an iterable of values that JSON can carry, and so can `arguments`. The child ends with the
    iterator, however that ends. Raises UnreadableError: the one that the function raised (any exception with a `why`
    of its own), "too_heavy" where a limit was passed, "broken" where the child crashed or failed otherwise.
    """
    order = {"function": function, "arguments": list(arguments), **_terms(limits)}
    process = subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__).resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "PYTHONIOENCODING": "utf-8"},
        start_new_session=True,
    )
    threading.Thread(target=_feed, args=(process.stdin, json.dumps(order), data), daemon=True).start()
    try:
        yield from _results(process, limits)
    finally:
        _kill(process)


def _terms(limits: Limits) -> dict[str, Any]:
    return {"memory": limits.memory, "processor": limits.processor, "programs": limits.programs}


def _results(process: subprocess.Popen[bytes], limits: Limits) -> Iterator[Any]:
    # here, so that the child, which is this file too, starts without them
    from assistant.errors import UnreadableError

    assert process.stdout is not None
    lines: queue.Queue[bytes] = queue.Queue(_AHEAD)
    ended = threading.Event()
    threading.Thread(target=_pump, args=(process.stdout, lines, ended), daemon=True).start()
    deadline = time.monotonic() + START_SECONDS + limits.seconds
    wait, taken = START_SECONDS, 0
    try:
        while True:
            line = _next(lines, min(wait, deadline - time.monotonic()))
            taken += len(line)
            message = _message(line, process) if taken <= MAX_OUTPUT else {"error": "too_heavy", "reason": "output"}
            if "error" in message:
                raise UnreadableError(f"the reader: {message.get('reason')}", why=str(message["error"]))
            if "item" in message:
                yield message["item"]
            elif "ready" in message:
                deadline = time.monotonic() + limits.seconds
            else:
                return
            wait = limits.step
    except queue.Empty as error:
        raise UnreadableError("reading takes too long", why="too_heavy") from error
    finally:
        ended.set()


def _next(lines: queue.Queue[bytes], seconds: float) -> bytes:
    return lines.get(timeout=max(seconds, 0.001))


def _message(line: bytes, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """One line of the child; where it ended in the middle of one, or without a last word, how it ended."""
    if line.endswith(b"\n"):
        with contextlib.suppress(ValueError, RecursionError):
            message = json.loads(line)
            if isinstance(message, dict) and message.keys() & {"item", "ready", "end", "error"}:
                return dict(_whole(message)) if b"\\ud" in line else message
        return {"error": "broken", "reason": "no JSON"}
    if len(line) >= MAX_LINE:
        return {"error": "too_heavy", "reason": "a result that does not end"}
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
    code = process.returncode
    return {"error": "too_heavy" if code is not None and -code in _OVER_LIMIT else "broken", "reason": f"ended: {code}"}


def _whole(value: Any) -> Any:  # noqa: ANN401
    """The value with the sign for an unknown character where a text holds half a one, which no file could keep."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return value


def _feed(stdin: IO[bytes], order: str, data: bytes) -> None:
    """Write the order and the file to the child; one that has ended takes no more."""
    with contextlib.suppress(OSError, ValueError), stdin:
        stdin.write(order.encode() + b"\n")
        stdin.write(data)


def _pump(stdout: IO[bytes], lines: queue.Queue[bytes], ended: threading.Event) -> None:
    """Move lines from the pipe to the queue until the pipe ends (an empty line says so) or nobody reads any more."""
    with contextlib.suppress(OSError, ValueError):
        while not ended.is_set():
            line = stdout.readline(MAX_LINE)
            while not ended.is_set():
                with contextlib.suppress(queue.Full):
                    lines.put(line, timeout=0.2)
                    break
            if not line.endswith(b"\n"):
                return


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the child and the programs it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _limit(memory: int, processor: float, programs: bool) -> None:
    """Bound this process where the system can (not on Windows), and close the ways out that a reader has no use for."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (int(processor) + 1, int(processor) + 2))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, MAX_FILE) if programs else (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    blocked = ("socket.",) if programs else _BLOCKED

    def forbid(event: str, details: tuple[Any, ...]) -> None:
        if event.startswith(blocked):
            raise PermissionError(f"a reader may not use {event}")

    sys.addaudithook(forbid)


def _serve() -> None:
    """The child's side: read the order and the file from stdin, write one line per result to stdout."""
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not mix with the results

    def tell(message: dict[str, Any]) -> None:
        out.write(json.dumps(message).encode("ascii") + b"\n")
        out.flush()

    sys.dont_write_bytecode = True
    sys.path.insert(0, _ROOT)
    order = json.loads(sys.stdin.buffer.readline())
    module, _, name = order["function"].partition(":")
    try:
        function = getattr(importlib.import_module(module), name)
        _limit(order["memory"], order["processor"], order["programs"])
        data = sys.stdin.buffer.read()
        tell({"ready": True})
        for item in function(data, *order["arguments"]):
            tell({"item": item})
        tell({"end": True})
    except MemoryError:
        tell({"error": "too_heavy", "reason": "memory"})
    except Exception as error:  # parsers raise nearly every built-in kind on damaged files
        why = getattr(error, "why", None) or getattr(error, "details", {}).get("why") or "broken"
        tell({"error": str(why), "reason": f"{type(error).__name__}: {error}"[:300]})


if __name__ == "__main__":
    _serve()
    # a library's threads or destructors may not keep the process from ending
    sys.stderr.flush()
    os._exit(0)
