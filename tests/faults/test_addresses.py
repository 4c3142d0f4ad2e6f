"""Addresses made to lead a fetch into the own network: no connection is made but to the one server that may be asked.

Two servers listen: one stands for the outside (tests let only its address through), the other for what must never be
reached. It counts who comes; an audit hook of the interpreter sees every other attempt to connect.
"""

from __future__ import annotations

import http.server
import itertools
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from assistant.errors import IngestError
from assistant.texts_nl import error_line
from ingest import html
from ingest.addresses import is_public
from ingest.fetch import fetch

OUTSIDE = "127.0.0.8"  # stands for the public server; all of 127/8 is this machine
INSIDE = "127.0.0.1"
PAGE = b"<html><head><title>Rust</title></head><body><main><h1>Rust</h1><p>%s</p></main></body></html>" % (
    b"Een rustige klas begint bij de deur, zegt een leraar die iedereen begroet. " * 4
)

# every socket this process connects is written down here while a test looks; a hook can never be taken away
_watched: list[object] | None = None


def _watch(event: str, details: tuple[object, ...]) -> None:
    if _watched is not None and event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        _watched.append(details[1])


sys.addaudithook(_watch)

# Forms of one loopback address; {port} is that of the server that must not be reached.
FORMS = """127.0.0.1 127.1 127.0.1 2130706433 017700000001 0x7f000001 0x7f.0.0.1 0177.0.0.1 0177.0.0.01 0x7f.1
    00000177.0.0.1 0X7F.0X0.0X0.0X1 127.0.0.1. 127.127.127.127 127.255.255.254 0 0.0.0.0 0x0 00 0.0 LOCALHOST localhost.
    [::1] [0:0:0:0:0:0:0:1] [0000:0000::0001] [::ffff:127.0.0.1] [::FFFF:7F00:1] [0:0:0:0:0:ffff:127.0.0.1] [::127.0.0.1]
    [::7f00:1] [::] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::]
    [2002:7f00:0001:0000:0000:0000:0000:0001] [2001:0:4136:e378:8000:63bf:80ff:fffe] [2a00:1450::200:5efe:7f00:1]
    ①②⑦.⓪.⓪.① １２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ¹²⁷.⁰.⁰.¹ 𝟏𝟐𝟕.𝟎.𝟎.𝟏 𝟘𝕩𝟟𝕗.1 ١٢٧.٠.٠.١ ۱۲۷.۰.۰.۱
    ⓛⓞⓒⓐⓛⓗⓞⓢⓣ locaｌhost ℓocalhost lоcalhost ｌｏｃａｌｈｏｓｔ LOCALHOST。 127.0.0.1\u200b 127\u00ad.0.0.1
    %31%32%37.0.0.1 127%2e0%2e0%2e1 %6c%6fcalhost 127.0.0.1%00.voorbeeld.test localhost%23.voorbeeld.test 127.0.0.1%09
    127.0.0.1%2f.voorbeeld.test [::1%25lo] [fe80::1%lo] [127.0.0.1] [::1 ::1 [[::1]] [::1]x 127..0.0.1 127.0.0.1.. -127.0.0.1
    256.256.256.256 127.0.0.1.1 0x7f.0x.0.1 1e3 127.0.0.1;x 127.0.0.1,voorbeeld.test""".split()
# Addresses inside of other kinds, metadata services among them.
PLACES = """10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 169.254.170.2 100.64.0.1
    100.100.100.200 168.63.129.16 192.0.0.192 192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 192.88.99.1 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 3232235521 167772161
    [fd00:ec2::254] [fc00::1] [fe80::1] [fec0::1] [ff02::1] [2001:db8::1] [3fff::1] [100::1] [5f00::1] [2001:10::1]
    [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [2002:a9fe:a9fe::] [64:ff9b::a9fe:a9fe] [::10.0.0.1]""".split()
WHOLE = (
    *("http://gebruiker:geheim@127.0.0.1:{port}/", "http://voorbeeld.test@127.0.0.1:{port}/", "http://@127.0.0.1:{port}/"),
    *("http://127.0.0.1:{port}@voorbeeld.test/", "http://voorbeeld.test:80@127.0.0.1:{port}/", "http://:@127.0.0.1:{port}/"),
    *("http://a@b@127.0.0.1:{port}/", "http://voorbeeld.test%40127.0.0.1:{port}/", "http://127.0.0.1:{port}#@voorbeeld.test/"),
    *("http://127.0.0.1:{port}?@voorbeeld.test/", "http://voorbeeld.test&@127.0.0.1:{port}#@x/"),
    *("http:\\\\127.0.0.1:{port}\\", "http://voorbeeld.test\\@127.0.0.1:{port}/", "http:/\\127.0.0.1:{port}/"),
    *("http://127.0.0.1:{port}\\.voorbeeld.test/", "http:\\/\\/127.0.0.1:{port}/", "http:///127.0.0.1:{port}/"),
    *("http:127.0.0.1:{port}/", "http:/127.0.0.1:{port}/", "https:127.0.0.1/", "//127.0.0.1:{port}/", "///127.0.0.1/"),
    *("http://127.0.0.1:{port}/\r\nHost: voorbeeld.test", "http://\n127.0.0.1:{port}/", "http://127.0.0.1\t:{port}/"),
    *("http://voor\tbeeld.test/", "http://voorbeeld.test/\r\n\r\nGET /geheim", "\x00http://127.0.0.1:{port}/"),
    *("http://127.0.0.1:{port}/ HTTP/1.1", "http://voorbeeld.test\u202e@127.0.0.1/", "HTTP://127.0.0.1:{port}/"),
    *("hTtPs://LOCALHOST:{port}/", "file:///etc/passwd", "FILE://localhost/etc/passwd", "file://127.0.0.1/etc/passwd"),
    *("ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_GET%20/geheim", "dict://127.0.0.1:{port}/x", "ldap://127.0.0.1/"),
    *("data:text/html,<p>x</p>", "javascript:alert(1)", "jar:http://127.0.0.1:{port}/!/", "view-source:http://127.0.0.1/"),
    *("ws://127.0.0.1:{port}/", "http+unix://%2Ftmp%2Fs/", "unix:/run/s", "url:http://127.0.0.1:{port}/", "blob:http://x/1"),
    *("feed:http://127.0.0.1/", "http://", "https://", "http:", "http://:80/", "http://.", "http://../", "http://?x"),
    *("http://voorbeeld.test:22/", "http://voorbeeld.test:25/", "http://voorbeeld.test:6379/", "http://127.0.0.1:11211/"),
    *("http://voorbeeld.test:99999/", "http://voorbeeld.test:-1/", "http://voorbeeld.test:0/", "http://127.0.0.1:+{port}/"),
    *("http://127.0.0.1:{port}:80/", "http://voorbeeld.test:８０/", "http://voorbeeld.test:0x50/", "http://voorbeeld.test:/"),
)  # fmt: skip
# What the test's own resolver says of names; one that is not here does not exist.
NAMES: dict[str, list[str]] = {
    "localhost": ["127.0.0.1", "::1"], "localhost.": ["127.0.0.1"], "localhost.localdomain": ["127.0.0.1"],
    "intern.test": ["10.0.0.5"], "metadata.google.internal": ["169.254.169.254"], "v6.test": ["::1"],
    "verpakt.test": ["::ffff:10.0.0.1"], "nul.test": ["0.0.0.0"], "gemengd.test": [OUTSIDE, INSIDE],
    "gemengd-om.test": [INSIDE, OUTSIDE], "zone.test": ["fe80::1%lo"], "127.0.0.1.nip.test": ["127.0.0.1"],
    "xn--127-bla.test": ["127.0.0.1"], "niets.test": [], "nat64.test": ["64:ff9b::a00:1"], "buiten.test": [OUTSIDE],
}  # fmt: skip
# Where the server outside sends a visitor.
TARGETS = (
    *("http://127.0.0.1:{port}/geheim", "//127.0.0.1:{port}/geheim", "http://localhost:{port}/geheim", "//localhost:{port}/"),
    *("http://2130706433:{port}/", "//127.1:{port}/", "http://0x7f000001:{port}/", "http://0:{port}/", "http://[::1]:{port}/"),
    *("http://[::ffff:127.0.0.1]:{port}/", "https://127.0.0.1:{port}/", "http://169.254.169.254/latest/meta-data/"),
    *("http://metadata.google.internal/", "http://intern.test:{port}/", "http://gemengd.test:{port}/", "http://nul.test:{port}/"),
    *("file:///etc/passwd", "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_x", "data:text/html,<p>x</p>"),
    *("javascript:alert(1)", "http://buiten.test@127.0.0.1:{port}/", "http://buiten.test:1@127.0.0.1:{port}/"),
    *("\\\\127.0.0.1:{port}\\", "/\\127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}/", "//127.0.0.1\\@buiten.test:{port}/"),
    *("http:/127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "http:127.0.0.1:{port}/", "////127.0.0.1:{port}/"),
    *("http://%31%32%37.0.0.1:{port}/", "http://①②⑦.⓪.⓪.①:{port}/", "http://127。0。0。1:{port}/", "?@127.0.0.1:{port}/"),
    *("http://127.0.0.1:{port}/#@buiten.test", "/keten", "/eindeloos", "http://wisselend.test:{port}/", " http://127.0.0.1:{port}/"),
)  # fmt: skip


class Server(http.server.ThreadingHTTPServer):
    """Counts connections; `answer` writes what a path gets."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: str, answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> None:
        self.connections = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__((address, 0), Handler)
        self.port = int(self.server_address[1])
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def verify_request(self, *_: object) -> bool:
        self.connections += 1
        return True


@dataclass
class World:
    """Both servers, the test's own resolver, and where the process connected to."""

    outside: Server
    inside: Server
    changing: Iterator[str] = field(default_factory=lambda: itertools.cycle([OUTSIDE, INSIDE]))
    asked: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host == "wisselend.test":
            return [next(self.changing)]
        if host in NAMES:
            return NAMES[host]
        # numbers in all their forms, as the system reads them; no name is looked up
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [str(entry[4][0]) for entry in found]

    def refused(self, url: str) -> str:
        """The reason why `url` is refused; its Dutch line is one line."""
        with pytest.raises(IngestError) as caught:
            fetch(url, lambda address: address == OUTSIDE or is_public(address), 5, self.resolve)
        line = error_line(caught.value)
        assert line.count("{") == 0 and line.strip()
        return str(caught.value.details["why"])


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Server, Server]]:
    inside = Server(INSIDE, lambda handler: send(handler, 200, {"Content-Type": "text/html"}, PAGE))

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        number = handler.path.rpartition("/")[2]
        if handler.path.startswith("/naar/"):
            target = TARGETS[int(number)].format(port=inside.port)
            send(handler, (301, 302, 303, 307, 308)[int(number) % 5], {"Location": target.encode().decode("latin-1")})
        elif handler.path == "/keten":
            send(handler, 302, {"Location": f"http://127.0.0.1:{inside.port}/geheim"})
        elif handler.path == "/eindeloos":
            send(handler, 302, {"Location": "/eindeloos"})
        elif handler.path == "/robots.txt" and handler.headers["Host"].startswith("robots"):
            send(handler, 302, {"Location": f"http://127.0.0.1:{inside.port}/robots.txt"})
        elif handler.path == "/inhoud":
            send(handler, 200, {"Content-Type": "text/html", "Refresh": f"0;url={hidden(inside)}"}, content(inside))
        else:
            send(handler, 404, {})

    try:
        outside = Server(OUTSIDE, answer)
    except OSError:
        inside.server_close()
        pytest.skip("this system knows one loopback address only")
    yield outside, inside
    for server in (outside, inside):
        server.shutdown()
        server.server_close()


def hidden(inside: Server) -> str:
    return f"http://127.0.0.1:{inside.port}/geheim"


def content(inside: Server) -> bytes:
    """A page whose every part points inside."""
    url = hidden(inside)
    head = f"<meta http-equiv=refresh content='0;url={url}'><base href='{url}'><link rel=stylesheet href='{url}'>"
    body = f"<img src='{url}'><iframe src='{url}'></iframe><object data='{url}'></object><script src='{url}'></script>"
    entity = f"<!DOCTYPE html [<!ENTITY x SYSTEM '{url}'>]>"
    return PAGE.replace(b"<html>", f"{entity}<html>".encode()).replace(b"</head>", f"{head}</head>".encode()).replace(
        b"</main>", f"{body}<p>&x;</p></main>".encode()
    )  # fmt: skip


def send(handler: http.server.BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes = b"") -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def world(servers: tuple[Server, Server]) -> Iterator[World]:
    """Both servers, watched: at the end nothing may have gone inside, or anywhere but to the address outside."""
    global _watched
    outside, inside = servers
    _watched, before = [], inside.connections
    yield World(outside, inside)
    connected, _watched = _watched, None
    assert inside.connections == before
    assert {address[0] for address in connected if isinstance(address, tuple)} <= {OUTSIDE}


def addresses() -> list[str]:
    """All addresses that are asked for directly."""
    hosts = [
        *FORMS,
        *PLACES,
        *(name for name in NAMES if name != "buiten.test" and name not in FORMS),
        "wisselend.test.",
    ]
    return [*(f"http://{host}:{{port}}/geheim" for host in hosts), *WHOLE]


def test_there_are_at_least_150_of_them_and_no_two_the_same():
    asked = addresses()
    assert len(set(asked)) == len(asked) >= 150 and len(set(TARGETS)) == len(TARGETS) >= 30


@pytest.mark.parametrize("url", addresses())
def test_an_address_inside_is_never_asked(world: World, url: str):
    why = world.refused(url.replace("{port}", str(world.inside.port)))
    assert why in {"url", "blocked", "dns", "credentials", "port"}


@pytest.mark.parametrize("number", range(len(TARGETS)), ids=[repr(target) for target in TARGETS])
def test_no_redirect_leads_inside(world: World, number: int):
    before = world.outside.connections
    why = world.refused(f"http://buiten.test:{world.outside.port}/naar/{number}")
    assert why in {"url", "blocked", "dns", "credentials", "redirects", "not_found", "failed"}
    assert world.outside.connections > before


def test_robots_txt_that_redirects_inside_is_not_followed(world: World):
    NAMES["robots.test"] = [OUTSIDE]
    assert world.refused(f"http://robots.test:{world.outside.port}/inhoud") == "blocked"


def test_a_name_that_changes_its_address_between_two_requests_is_checked_each_time(world: World):
    assert world.refused(f"http://wisselend.test:{world.outside.port}/inhoud") == "blocked"
    assert world.asked == ["wisselend.test", "wisselend.test"]


def test_a_name_is_resolved_once_for_each_connection(world: World):
    before = world.outside.connections
    url = f"http://buiten.test:{world.outside.port}/inhoud"
    fetch(url, lambda address: address == OUTSIDE, 5, world.resolve)
    assert len(world.asked) == world.outside.connections - before == 2


def test_nothing_that_a_page_points_to_is_fetched(world: World):
    url = f"http://buiten.test:{world.outside.port}/inhoud"
    found = fetch(url, lambda address: address == OUTSIDE, 5, world.resolve)
    assert found.url == url and any("begroet" in block.text for block in html.read(found.data).blocks)


def test_a_resolver_that_never_answers_ends_at_the_deadline(world: World):
    def never(host: str, port: int) -> Sequence[str]:
        time.sleep(30)
        return []

    started = time.monotonic()
    with pytest.raises(IngestError) as caught:
        fetch("http://traag.test/", is_public, 0.3, never)
    assert caught.value.details["why"] == "timeout" and time.monotonic() - started < 5


def test_the_watching_itself_sees_a_connection(servers: tuple[Server, Server]):
    """What proves that nothing connects must notice when something does."""
    global _watched
    _, inside = servers
    _watched, before = [], inside.connections
    url = f"http://binnen.test:{inside.port}/"
    fetch(url, lambda address: True, 5, lambda host, port: [INSIDE])
    connected, _watched = _watched, None
    assert (INSIDE, inside.port) in connected and inside.connections == before + 2
