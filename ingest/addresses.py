"""Which addresses may be asked: web addresses of a plain form, on the public internet, at a port that speaks HTTP."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, urlsplit

import idna

from assistant.errors import IngestError

Allowed = Callable[[str], bool]
# host and port to the addresses they have; raises OSError where there are none
Resolve = Callable[[str, int], Sequence[str]]

# Global by the registries, and yet inside: what a cloud answers its own machines with, and ways around through IPv6.
_INSIDE = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("168.63.129.16/32", "192.88.99.0/24", "100.64.0.0/10", "192.0.0.0/24"),
        *("64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/9"),
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # before the IPv4 address in the lower half of an IPv6 one
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
_ODD = re.compile(r"[\s\\\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_FIRST_FREE_PORT = 1024
# Ports above that on which other services listen, to which a request could be made to look like one of theirs:
# those that browsers refuse (Fetch standard, "bad port") and the usual ones of databases and remote control.
_OTHER_SERVICES = frozenset(
    {
        *(
            1719,
            1720,
            1723,
            2049,
            3659,
            4045,
            4190,
            5060,
            5061,
            6000,
            6566,
            6665,
            6666,
            6667,
            6668,
            6669,
            6679,
            6697,
            10080,
        ),
        *(1433, 1521, 2375, 2376, 2379, 3306, 3389, 5432, 5900, 6379, 9042, 9200, 9300, 10250, 11211, 27017),
    }
)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is wrapped in an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _wrapped(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    if any(ip in network for network in _INSIDE if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _wrapped(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    inner = ip.ipv4_mapped or ip.sixtofour
    if inner is None and (ip in _NAT64 or int(ip) >> 32 & 0xFFFFFFFF in _ISATAP):
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return inner


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(url: str) -> SplitResult:
    """The parts of an address that may be asked, its host in ASCII and without its fragment.

    Raises IngestError: url for what is no plain http(s) address, credentials, port.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        if parts.scheme not in {"http", "https"} or _ODD.search(url):
            raise ValueError("not an http(s) address")
        host = _ascii(host)
    except ValueError as error:
        raise IngestError(f"{url}: {error}", why="url", url=url) from error
    if "@" in parts.netloc:
        raise IngestError(f"{host}: credentials in the address", why="credentials", url=url, host=host)
    if port is not None and not _speaks_http(port):
        raise IngestError(f"{url}: port {port}", why="port", url=url, port=port)
    place = host if port is None else f"{host}:{port}"
    return parts._replace(netloc=place, fragment="")


def _speaks_http(port: int) -> bool:
    return port in {80, 443} or (port >= _FIRST_FREE_PORT and port not in _OTHER_SERVICES)


def _ascii(host: str) -> str:
    """The host as a resolver takes it. Raises ValueError."""
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode("ascii")  # its errors are ValueErrors
    host = host.lower()
    if not _HOST.fullmatch(host) or len(host) > 254:
        raise ValueError(f"no host name: {host!r}")
    return host
