"""Servers on loopback that speak the OpenAI and the Ollama protocol, streaming and whole, and do what a script says.

They stand where a provider stands: the product reaches them through the real LangChain clients.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    `pause` seconds stand between the pieces of `size` characters, `before` in front of the first; after `cut` pieces the
    connection breaks, after `hang` pieces nothing comes any more. `raw` is sent in the place of a protocol's own lines.
    """

    text: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    size: int = 40
    pieces: tuple[str, ...] = ()
    before: float = 0.0
    pause: float = 0.0
    cut: int | None = None
    hang: int | None = None
    raw: bytes | None = None
    finish: str | None = "stop"
    counted: bool = True

    def split(self) -> list[str]:
        return list(self.pieces) or [self.text[at : at + self.size] for at in range(0, len(self.text), self.size)]


Script = Sequence[Reply | Callable[[dict[str, Any]], Reply]]


@dataclass
class Model:
    """A running server: what it was asked, when it sent which piece, and how many askers hung up."""

    url: str
    script: list[Reply | Callable[[dict[str, Any]], Reply]]
    requests: list[dict[str, Any]] = field(default_factory=list)
    sent: list[tuple[float, str]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)
    connections: list[socket.socket] = field(default_factory=list)

    def next(self, request: dict[str, Any]) -> Reply:
        """The reply of this request; the last of the script is repeated."""
        self.requests.append(request)
        step = self.script[min(len(self.requests), len(self.script)) - 1]
        return step(request) if callable(step) else step

    @property
    def told(self) -> str:
        """Everything that ever left for this server."""
        return json.dumps(self.requests, ensure_ascii=False)

    def sent_at(self, mark: str) -> float:
        """When the piece that completes this text was sent."""
        text = ""
        for at, piece in self.sent:
            text += piece
            if mark in text:
                return at
        raise AssertionError(f"never sent: {mark}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: Model

    def setup(self) -> None:
        super().setup()
        self.model.connections.append(self.connection)

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.model.next(body)
        try:
            self._answer(body, reply)
        except (BrokenPipeError, ConnectionResetError):
            self.model.hung_up.set()
            self.close_connection = True

    def _answer(self, body: dict[str, Any], reply: Reply) -> None:
        self._wait(reply.before)
        if reply.status != 200:
            self._whole(
                reply.status, {"error": {"message": "scripted", "type": "scripted", "code": "scripted"}}, reply.headers
            )
        elif body.get("stream", self.path == "/api/chat"):
            self._stream(body, reply)
        else:
            self._whole(200, self.complete(body, reply), ())

    def _whole(self, status: int, value: object, headers: Sequence[tuple[str, str]]) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        for name, text in (("Content-Type", "application/json"), ("Content-Length", str(len(data))), *headers):
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, body: dict[str, Any], reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", self.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if reply.raw is not None:
            self._chunk(reply.raw)
            self.wfile.write(b"0\r\n\r\n")
            return
        for number, piece in enumerate(reply.split()):
            if number == reply.cut:
                self._break()
                return
            if number == reply.hang:
                self._hang()
            if number:
                self._wait(reply.pause)
            self._chunk(self.line(body, piece))
            self.model.sent.append((time.monotonic(), piece))
        if reply.finish:
            for line in self.end(body, reply):
                self._chunk(line)
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _wait(self, seconds: float) -> None:
        """Wait, and notice when the asker hangs up meanwhile."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.model.closing.is_set():
            self._look()
            time.sleep(min(0.02, left))

    def _hang(self) -> None:
        while not self.model.closing.is_set():
            self._look()
            time.sleep(0.02)
        raise BrokenPipeError

    def _look(self) -> None:
        self.connection.setblocking(False)
        try:
            if self.connection.recv(1) == b"":
                raise BrokenPipeError
        except BlockingIOError:
            pass
        finally:
            self.connection.setblocking(True)

    def _break(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(2)


class _OpenAI(_Handler):
    content_type = "text/event-stream"

    def line(self, body: dict[str, Any], piece: str) -> bytes:
        return self._event(
            body, [{"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}]
        )

    def end(self, body: dict[str, Any], reply: Reply) -> Iterator[bytes]:
        yield self._event(body, [{"index": 0, "delta": {}, "finish_reason": reply.finish}])
        if reply.counted:
            yield self._event(body, [], usage=_usage(reply))
        yield b"data: [DONE]\n\n"

    def complete(self, body: dict[str, Any], reply: Reply) -> dict[str, Any]:
        message = {"role": "assistant", "content": reply.text}
        choice = {"index": 0, "message": message, "finish_reason": reply.finish}
        return _head(body) | {"object": "chat.completion", "choices": [choice], "usage": _usage(reply)}

    def _event(self, body: dict[str, Any], choices: list[dict[str, Any]], **more: object) -> bytes:
        value = _head(body) | {"object": "chat.completion.chunk", "choices": choices} | more
        return f"data: {json.dumps(value)}\n\n".encode()


class _Ollama(_Handler):
    content_type = "application/x-ndjson"

    def line(self, body: dict[str, Any], piece: str) -> bytes:
        return json.dumps(self._part(body, piece) | {"done": False}).encode() + b"\n"

    def end(self, body: dict[str, Any], reply: Reply) -> Iterator[bytes]:
        yield (
            json.dumps(self._part(body, "") | {"done": True, "done_reason": reply.finish} | _counts(reply)).encode()
            + b"\n"
        )

    def complete(self, body: dict[str, Any], reply: Reply) -> dict[str, Any]:
        return self._part(body, reply.text) | {"done": True, "done_reason": reply.finish} | _counts(reply)

    def _part(self, body: dict[str, Any], text: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        return {"model": body["model"], "created_at": "2026-01-01T00:00:00Z", "message": message}


def _head(body: dict[str, Any]) -> dict[str, Any]:
    return {"id": "scripted", "created": 0, "model": body["model"]}


def _usage(reply: Reply) -> dict[str, int]:
    return {
        "prompt_tokens": 1000,
        "completion_tokens": len(reply.text) // 3,
        "total_tokens": 1000 + len(reply.text) // 3,
    }


def _counts(reply: Reply) -> dict[str, int]:
    return {"prompt_eval_count": 1000, "eval_count": len(reply.text) // 3} if reply.counted else {}


@contextmanager
def serving(protocol: str, *script: Reply | Callable[[dict[str, Any]], Reply], port: int = 0) -> Iterator[Model]:
    """A server of a protocol ("openai", "ollama") that follows a script, at a free port or at that one."""
    kind = {"openai": _OpenAI, "ollama": _Ollama}[protocol]
    server = ThreadingHTTPServer(("127.0.0.1", port), kind)
    server.daemon_threads = True
    path = "/v1" if protocol == "openai" else ""
    model = Model(f"http://127.0.0.1:{server.server_address[1]}{path}", list(script))
    server.RequestHandlerClass = type(kind.__name__, (kind,), {"model": model})
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield model
    finally:
        model.closing.set()
        server.shutdown()
        server.server_close()
        for connection in model.connections:  # nobody goes on talking to a server that is gone
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
