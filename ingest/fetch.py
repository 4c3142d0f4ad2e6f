"""Fetches one document from the public web without being led into the own network.

A name is resolved once, every address it has is checked, and the connection goes to the checked address itself, so that
a second answer of the name server cannot lead elsewhere (DNS rebinding). Each redirect goes through the same gate.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import certifi
import urllib3
from protego import Protego

from assistant.errors import IngestError
from ingest.addresses import Allowed, Resolve, checked, is_public, resolve
from ingest.read import is_html

__all__ = ["Allowed", "Fetched", "fetch", "is_public"]

USER_AGENT = "Welwijzer/1.0 (document intake)"
ROBOT = "Welwijzer"  # the name that robots.txt may call
MAX_BYTES = 20 * 1024 * 1024
MAX_ROBOTS_BYTES = 512 * 1024  # RFC 9309 asks for at least 500 KiB
MAX_REDIRECTS = 5
SECONDS = 20.0
CHUNK = 64 * 1024
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    _WORD: ".docx",
    "application/vnd.ms-word.document.macroenabled.12": ".docx",
}
# What servers say of files they know nothing about; then the first bytes decide.
_UNSTATED = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/zip", "application/download"}
)
_ACCEPT = "text/html,application/xhtml+xml,application/pdf,*/*;q=0.5"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAFE = "/%:@!$&'()*+,;=~-._"
_STATUS = {404: "not_found", 410: "not_found", 401: "login", 403: "login", 407: "login"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched document: its bytes, the address it was found at in the end, and a file name that fits its type."""

    url: str
    data: bytes
    name: str


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: urllib3.HTTPHeaderDict
    data: bytes


def fetch(url: str, allowed: Allowed = is_public, seconds: float = SECONDS, resolve: Resolve = resolve) -> Fetched:
    """Get the document at `url`; `allowed` judges the addresses that `resolve` finds for each host.

    Raises IngestError with `why`: url, credentials, port, blocked, dns, robots, redirects, status, not_found, server, login,
    type, empty, web_too_large, timeout, failed.
    """
    outcome: list[Fetched | IngestError] = []

    def work() -> None:
        try:
            outcome.append(_Visit(allowed, resolve, time.monotonic() + seconds).document(url))
        except IngestError as error:
            outcome.append(error)
        except Exception as error:  # whatever a foreign server brings about is told in one line
            outcome.append(IngestError(f"{url}: {error!r}", why="failed", url=url))

    # a thread of its own, because neither the resolver nor slowly dripping headers heed a time limit
    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(seconds + 1)
    if not outcome:
        raise IngestError(f"{url}: no answer within {seconds:.0f} s", why="timeout", url=url)
    if isinstance(outcome[0], IngestError):
        raise outcome[0]
    return outcome[0]


class _Visit:
    """One fetch with its deadline and the robots.txt files read for it."""

    def __init__(self, allowed: Allowed, resolve: Resolve, deadline: float) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._deadline = deadline
        self._robots: dict[str, Callable[[str], bool]] = {}

    def document(self, url: str) -> Fetched:
        """Follow redirects to the document, asking each host's robots.txt first."""
        final, response = self._follow(url, MAX_BYTES, obey=True)
        if response.status != 200:
            why = _STATUS.get(response.status, "server" if response.status >= 500 else "status")
            raise IngestError(f"{final}: status {response.status}", why=why, url=final, status=response.status)
        if not response.data.strip():
            raise IngestError(f"{final}: nothing in it", why="empty", url=final)
        stated = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        kind = _kind(response.data, stated)
        if kind not in _SUFFIXES:
            raise IngestError(f"{final}: type {stated!r}", why="type", url=final, type=stated or "?")
        return Fetched(final, response.data, _name(urlsplit(final), _SUFFIXES[kind]))

    def _follow(self, url: str, limit: int, obey: bool) -> tuple[str, _Response]:
        for _ in range(MAX_REDIRECTS + 1):
            parts = checked(url)
            url = parts.geturl()
            if obey:
                self._ask(parts, url)
            response = self._get(parts, url, limit)
            target = response.headers.get("Location")
            if response.status not in _REDIRECTS or not target:
                return url, response
            url = urljoin(url, _text_of(target))
        raise IngestError(f"{url}: more than {MAX_REDIRECTS} redirects", why="redirects", url=url)

    def _ask(self, parts: SplitResult, url: str) -> None:
        """Raise IngestError unless the host's robots.txt lets us read `url`."""
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._robots:
            try:
                self._robots[root] = self._rules(f"{root}/robots.txt")
            except IngestError as error:
                raise IngestError(str(error), **(error.details | {"url": url})) from error
        if not self._robots[root](url):
            raise IngestError(f"{url}: robots.txt forbids it", why="robots", url=url)

    def _rules(self, address: str) -> Callable[[str], bool]:
        """What the rules at `address` say of an address (RFC 9309: no such file allows all, a failing server nothing)."""
        _, response = self._follow(address, MAX_ROBOTS_BYTES, obey=False)
        if response.status >= 500:
            return lambda url: False
        if response.status != 200:
            return lambda url: True
        rules = Protego.parse(response.data.decode("utf-8-sig", "replace"))
        return lambda url: bool(rules.can_fetch(url, ROBOT))

    def _get(self, parts: SplitResult, url: str, limit: int) -> _Response:
        """One request to a checked address; where several belong to the host, the first that can be reached."""
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        addresses = self._addresses(host, port, url)
        for address in addresses[:-1]:
            try:
                return self._ask_one(address, port, parts, url, limit)
            except IngestError as error:
                if not isinstance(error.__cause__, urllib3.exceptions.NewConnectionError):
                    raise
        return self._ask_one(addresses[-1], port, parts, url, limit)

    def _ask_one(self, address: str, port: int, parts: SplitResult, url: str, limit: int) -> _Response:
        """One request to the pinned address, its body read up to `limit` bytes unpacked and the deadline."""
        pool = _pool(address, port, parts)
        query = f"?{quote(parts.query, safe=_SAFE + '?')}" if parts.query else ""
        target = quote(parts.path or "/", safe=_SAFE) + query
        headers = {"Host": parts.netloc, "User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept": _ACCEPT}
        try:
            response = pool.urlopen(
                "GET", target, headers=headers, redirect=False, retries=False, preload_content=False,
                timeout=self._remaining(url),
            )  # fmt: skip
            if int(response.headers.get("Content-Length") or 0) > limit:
                raise IngestError(f"{url}: more than {limit} bytes", why="web_too_large", url=url)
            data = bytearray()
            while chunk := response.read1(CHUNK):  # urllib3 unpacks no more than that at once
                data += chunk
                self._remaining(url)
                if len(data) > limit:
                    raise IngestError(f"{url}: more than {limit} bytes", why="web_too_large", url=url)
        except urllib3.exceptions.TimeoutError as error:
            refused = isinstance(error, urllib3.exceptions.NewConnectionError)  # which urllib3 counts among these
            raise IngestError(f"{url}: {error}", why="failed" if refused else "timeout", url=url) from error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise IngestError(f"{url}: {error}", why="failed", url=url) from error
        finally:
            pool.close()
        return _Response(response.status, response.headers, bytes(data))

    def _addresses(self, host: str, port: int, url: str) -> list[str]:
        """All addresses of the host, none of which may lie inside."""
        try:
            addresses = list(self._resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise IngestError(f"{url}: {error}", why="dns", url=url, host=host) from error
        for address in addresses:
            if not self._allowed(address):
                raise IngestError(f"{url}: {host} is {address}", why="blocked", url=url, host=host)
        if not addresses:
            raise IngestError(f"{url}: no address", why="dns", url=url, host=host)
        return addresses

    def _remaining(self, url: str) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise IngestError(f"{url}: time is up", why="timeout", url=url)
        return left


def _pool(address: str, port: int, parts: SplitResult) -> urllib3.HTTPConnectionPool:
    """A connection to the checked address that still asks for, and expects the certificate of, the named host."""
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, port)
    host = str(parts.hostname)
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()  # an organisation's own authorities
    return urllib3.HTTPSConnectionPool(address, port, ssl_context=context, server_hostname=host, assert_hostname=host)


def _kind(data: bytes, stated: str) -> str:
    """The type of a document by its first bytes, else by what the server says."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if data.startswith(b"PK\x03\x04"):
        from ingest.docx_package import holds

        return _WORD if holds(data) == "docx" else stated
    return "text/html" if stated in _UNSTATED and is_html(data) else stated


def _text_of(target: str) -> str:
    """The target of a redirect; servers write letters beyond ASCII as UTF-8, which arrives as Latin-1."""
    try:
        return target.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return target


def _name(parts: SplitResult, suffix: str) -> str:
    """A file name from the last part of the path, with the suffix of the content."""
    last = unquote(parts.path.rstrip("/").rpartition("/")[2]) or str(parts.hostname)
    stem = re.sub(r"\.(?:html?|pdf|txt|md|php|aspx?|docx?|docm)$", "", last, flags=re.IGNORECASE)
    return f"{stem}{suffix}"
