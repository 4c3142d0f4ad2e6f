"""Fetches one document from the public web without being led into the own network.

A name is resolved once, every address it has is checked, and the connection goes to the checked address itself, so that
a second answer of the name server cannot lead elsewhere (DNS rebinding). Each redirect goes through the same gate.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
import time
import urllib.robotparser
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import certifi
import urllib3

from assistant.errors import IngestError

USER_AGENT = "Welwijzer/1.0 (document intake)"
MAX_BYTES = 20 * 1024 * 1024
MAX_ROBOTS_BYTES = 512 * 1024  # RFC 9309 asks for at least 500 KiB
MAX_REDIRECTS = 5
SECONDS = 20.0
CHUNK = 64 * 1024
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAFE = "/%:@!$&'()*+,;=~-._"

Allowed = Callable[[str], bool]


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


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is wrapped in an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def fetch(url: str, allowed: Allowed = is_public, seconds: float = SECONDS) -> Fetched:
    """Get the document at `url`; `allowed` judges addresses (tests let a server of their own through).

    Raises IngestError with `why`: url, blocked, dns, robots, redirects, status, type, web_too_large, timeout, failed.
    """
    outcome: list[Fetched | IngestError] = []

    def work() -> None:
        try:
            outcome.append(_Visit(allowed, time.monotonic() + seconds).document(url))
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

    def __init__(self, allowed: Allowed, deadline: float) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._robots: dict[str, urllib.robotparser.RobotFileParser] = {}

    def document(self, url: str) -> Fetched:
        """Follow redirects to the document, asking each host's robots.txt first."""
        final, response = self._follow(url, MAX_BYTES, obey=True)
        if response.status != 200:
            raise IngestError(f"{final}: status {response.status}", why="status", url=final, status=response.status)
        stated = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        kind = "application/pdf" if response.data.startswith(b"%PDF-") else stated
        if kind not in _SUFFIXES:
            raise IngestError(f"{final}: type {stated!r}", why="type", url=final, type=stated or "?")
        return Fetched(final, response.data, _name(urlsplit(final), _SUFFIXES[kind]))

    def _follow(self, url: str, limit: int, obey: bool) -> tuple[str, _Response]:
        for _ in range(MAX_REDIRECTS + 1):
            parts = _checked(url)
            if obey:
                self._ask(parts, url)
            response = self._get(parts, url, limit)
            target = response.headers.get("Location")
            if response.status not in _REDIRECTS or not target:
                return url, response
            url = urljoin(url, target)
        raise IngestError(f"{url}: more than {MAX_REDIRECTS} redirects", why="redirects", url=url)

    def _ask(self, parts: SplitResult, url: str) -> None:
        """Raise IngestError unless the host's robots.txt lets us read `url`."""
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._robots:
            try:
                self._robots[root] = self._rules(f"{root}/robots.txt")
            except IngestError as error:
                raise IngestError(str(error), **(error.details | {"url": url})) from error
        if not self._robots[root].can_fetch(USER_AGENT, url):
            raise IngestError(f"{url}: robots.txt forbids it", why="robots", url=url)

    def _rules(self, address: str) -> urllib.robotparser.RobotFileParser:
        """The rules at `address` (RFC 9309: no such file allows everything, a failing server nothing)."""
        rules = urllib.robotparser.RobotFileParser()
        _, response = self._follow(address, MAX_ROBOTS_BYTES, obey=False)
        text = response.data.decode("utf-8", "replace") if response.status == 200 else ""
        rules.parse(text.splitlines() if response.status < 500 else ["User-agent: *", "Disallow: /"])
        return rules

    def _get(self, parts: SplitResult, url: str, limit: int) -> _Response:
        """One request to the pinned address, its body read up to `limit` bytes and the deadline."""
        pool = self._pool(parts, url)
        query = f"?{quote(parts.query, safe=_SAFE + '?')}" if parts.query else ""
        target = quote(parts.path or "/", safe=_SAFE) + query
        headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        try:
            response = pool.urlopen(
                "GET", target, headers=headers, redirect=False, retries=False, preload_content=False,
                timeout=self._remaining(url),
            )  # fmt: skip
            data = bytearray()
            while chunk := response.read1(CHUNK):
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

    def _pool(self, parts: SplitResult, url: str) -> urllib3.HTTPConnectionPool:
        """A connection to the checked address that still asks for, and expects the certificate of, the named host."""
        host = str(parts.hostname)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        address = self._resolve(host, port, url)
        if not secure:
            return urllib3.HTTPConnectionPool(address, port)
        context = ssl.create_default_context(cafile=certifi.where())
        context.load_default_certs()  # an organisation's own authorities
        return urllib3.HTTPSConnectionPool(
            address, port, ssl_context=context, server_hostname=host, assert_hostname=host
        )

    def _resolve(self, host: str, port: int, url: str) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise IngestError(f"{url}: {error}", why="dns", url=url, host=host) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            if not self._allowed(address):
                raise IngestError(f"{url}: {host} is {address}", why="blocked", url=url, host=host)
        return addresses[0]

    def _remaining(self, url: str) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise IngestError(f"{url}: time is up", why="timeout", url=url)
        return left


def _checked(url: str) -> SplitResult:
    """The parts of an address that may be asked. Raises IngestError ("url")."""
    try:
        parts = urlsplit(url)
        port_fits = parts.port is None or parts.port > 0
    except ValueError as error:
        raise IngestError(f"{url}: {error}", why="url", url=url) from error
    odd = re.search(r"[\s\\\x00-\x20\x7f]", url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or odd or not port_fits:
        raise IngestError(f"{url}: not an http(s) address", why="url", url=url)
    return parts


def _name(parts: SplitResult, suffix: str) -> str:
    """A file name from the last part of the path, with the suffix of the content."""
    last = unquote(parts.path.rstrip("/").rpartition("/")[2]) or str(parts.hostname)
    stem = re.sub(r"\.(?:html?|pdf|txt|md|php|aspx)$", "", last, flags=re.IGNORECASE)
    return f"{stem}{suffix}"
