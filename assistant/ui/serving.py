"""The server around the pages: the model is read from the first moment, and what Streamlit sends first is Dutch as well."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse

from assistant import texts_nl as nl
from assistant.errors import WelwijzerError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from streamlit.starlette import App

log = logging.getLogger(__name__)

# What Streamlit's own page says before any script of ours runs. Where a next version words it otherwise, it stays as it is
# and `web/frame.js` still sets the language.
_FIRST_WORDS = (
    (b'<html lang="en">', b'<html lang="nl">'),
    (b"<title>Streamlit</title>", f"<title>{nl.APP_NAME}</title>".encode()),
    (b"You need to enable JavaScript to run this app.", nl.APP_NO_SCRIPT.encode()),
)


@asynccontextmanager
async def lifespan(_app: App) -> AsyncIterator[None]:
    """Begin to read the model when the server starts, not when the first visitor comes; the server waits for nothing."""
    Thread(target=_begin, name="begin", daemon=True).start()
    yield


def _begin() -> None:
    for first in ("assistant.ui.navigation", "assistant.ui.chat"):  # the page comes before the model
        import_module(first)
    from assistant.ui import loading

    try:
        loading.begin()
    except WelwijzerError as error:  # the page itself says so in Dutch, and offers to try again
        log.warning("nothing to load yet: %s", error)


class FirstPage:
    """Send the page in Dutch from its first byte, and the address of the default page to where Streamlit shows it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; all but those for a page go on untouched."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or "." in path.rpartition("/")[2]:
            await self._app(scope, receive, send)
        elif path.rstrip("/").endswith(f"/{nl.APP_DEFAULT_PAGE}"):
            await RedirectResponse(_default_address(scope, path))(scope, receive, send)
        elif "text/html" in Headers(scope=scope).get("accept", ""):
            await self._app(_uncompressed(scope), receive, _Dutch(send))
        else:
            await self._app(scope, receive, send)


class _Dutch:
    """Holds an answer in HTML back until it is whole, and puts our words in the place of Streamlit's."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            if kind.startswith("text/html"):
                self._start = message
                return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._body
        for theirs, ours in _FIRST_WORDS:
            body = body.replace(theirs, ours)
        headers = MutableHeaders(raw=list(start["headers"]))
        if self._body:  # none for HEAD
            headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _default_address(scope: Scope, path: str) -> str:
    """Where the default page is, seen from its own address, with the question that the address may bring along.

    Seen from there, so that a path such as "//elsewhere/vraag" leads nowhere else.
    """
    query = scope.get("query_string", b"").decode("latin-1")
    return ("../" if path.endswith("/") else "./") + (f"?{query}" if query else "")


def _uncompressed(scope: Scope) -> Scope:
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}
