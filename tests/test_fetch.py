"""Fetching against a real server on the loopback address, which only these tests may reach."""

from __future__ import annotations

import gzip
import http.server
import io
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from seeded import SeededModel, encoder, make_corpus

from assistant.errors import IngestError
from assistant.library import Library
from assistant.texts_nl import error_line
from ingest import fetch as fetching
from ingest.addresses import is_public
from ingest.fetch import fetch
from ingest.intake import Fields, add

Answer = tuple[int, dict[str, str], bytes]
Routes = dict[str, Answer | Callable[[http.server.BaseHTTPRequestHandler], None]]
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = b"<html><body><p>Dag.</p></body></html>"


def loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


class Site:
    def __init__(self) -> None:
        self.routes: Routes = {}
        self.seen: list[tuple[str, str]] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.seen.append((self.path, self.headers["Host"]))
                answer = site.routes.get(self.path, (404, {}, b""))
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.root = f"http://localhost:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    real = socket.getaddrinfo
    # the machine may know localhost by an IPv6 address as well, where the server does not listen
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **kw: real("127.0.0.1" if host == "localhost" else host, *a, **kw)
    )
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def refusal(url: str, **options: object) -> str:
    with pytest.raises(IngestError) as caught:
        fetch(url, **options)  # type: ignore[arg-type]
    return str(caught.value.details["why"])


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
    ],
)
def test_addresses_inside(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "145.100.1.1", "2a00:1450:400e::200e", "::ffff:8.8.8.8"])
def test_addresses_outside(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://169.254.169.254/latest/meta-data/"),
        *("http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://2130706433:{port}/", "http://0:{port}/"),
    ],
)
def test_the_own_network_is_never_asked(site: Site, url: str):
    site.routes["/"] = (200, HTML, PAGE)
    assert refusal(url.format(port=site.port)) == "blocked"
    assert site.seen == []


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://voorbeeld.nl/a", "gopher://x/", "http://", "https:///pad", "http://a b/"),
        *("http://voorbeeld.nl:99999/", "http://voorbeeld.nl\\@127.0.0.1/", "http://[::1/"),
    ],
)
def test_what_is_no_web_address(url: str):
    assert refusal(url) == "url"


def test_a_document_with_its_name_and_final_address(site: Site):
    site.routes |= {
        "/oud": (301, {"Location": "/map/nieuw.aspx?x=1"}, b""),
        "/map/nieuw.aspx?x=1": (200, HTML, PAGE),
        "/rapport": (200, {"Content-Type": "application/octet-stream"}, b"%PDF-1.7 rest"),
    }
    found = fetch(f"{site.root}/oud", loopback)
    assert (found.url, found.name, found.data) == (f"{site.root}/map/nieuw.aspx?x=1", "nieuw.html", PAGE)
    assert fetch(f"{site.root}/rapport", loopback).name == "rapport.pdf"
    assert {host for _, host in site.seen} == {f"localhost:{site.port}"}


def test_a_redirect_inside_is_refused_at_the_redirect(site: Site):
    site.routes["/"] = (302, {"Location": f"http://127.0.0.2:{site.port}/geheim"}, b"")
    site.routes["/geheim"] = (200, HTML, PAGE)
    assert refusal(f"{site.root}/", allowed=lambda address: address == "127.0.0.1") == "blocked"
    site.routes["/"] = (302, {"Location": "file:///etc/passwd"}, b"")
    assert refusal(f"{site.root}/", allowed=loopback) == "url"
    assert "/geheim" not in {path for path, _ in site.seen}


def test_a_name_that_changes_its_address_cannot_lead_inside(site: Site, monkeypatch: pytest.MonkeyPatch):
    site.routes["/"] = (200, HTML, PAGE)
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *rest: object, **options: object) -> object:
        if host == "wisselend.test":
            asked.append(host)
            host = "127.0.0.1" if len(asked) % 2 == 1 else "127.0.0.3"
        return real(host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    url = f"http://wisselend.test:{site.port}/"
    assert refusal(url, allowed=lambda address: address == "127.0.0.1") == "blocked"
    assert [path for path, _ in site.seen] == ["/robots.txt"]


def test_one_bad_address_among_several_is_enough(monkeypatch: pytest.MonkeyPatch):
    entries = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    assert refusal("http://gemengd.test/") == "blocked"


def test_an_unknown_name(monkeypatch: pytest.MonkeyPatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refusal("http://bestaat-niet.test/") == "dns"


def test_endless_redirects(site: Site):
    site.routes["/"] = (302, {"Location": "/"}, b"")
    assert refusal(f"{site.root}/", allowed=loopback) == "redirects"


@pytest.mark.parametrize(
    ("status", "why"), [(404, "not_found"), (410, "not_found"), (500, "server"), (403, "login"), (418, "status")]
)
def test_status(site: Site, status: int, why: str):
    site.routes["/"] = (status, HTML, PAGE)
    assert refusal(f"{site.root}/", allowed=loopback) == why


def test_kinds_that_are_no_document(site: Site):
    site.routes["/"] = (200, {"Content-Type": "image/png"}, b"\x89PNG")
    assert refusal(f"{site.root}/", allowed=loopback) == "type"


def test_robots_txt_is_obeyed(site: Site):
    site.routes |= {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /besloten\n"),
        "/besloten/a": (200, HTML, PAGE),
        "/open": (200, HTML, PAGE),
        "/omweg": (302, {"Location": "/besloten/a"}, b""),
    }
    assert refusal(f"{site.root}/besloten/a", allowed=loopback) == "robots"
    assert refusal(f"{site.root}/omweg", allowed=loopback) == "robots"
    assert fetch(f"{site.root}/open", loopback).data == PAGE
    site.routes["/robots.txt"] = (503, {}, b"")
    assert refusal(f"{site.root}/open", allowed=loopback) == "robots"


def test_the_rules_of_robots_txt_are_those_of_the_standard(site: Site):
    rules = b"User-agent: *\nDisallow: /map/\nAllow: /map/open\nDisallow: /*.pdf$\nDisallow: /*?druk=\n\n"
    rules += b"User-agent: Anders\nDisallow: /\n"
    site.routes["/robots.txt"] = (200, {"Content-Type": "text/plain"}, rules)
    for path, forbidden in (
        ("/map/a", True), ("/map/open", False), ("/gids.pdf", True), ("/gids.pdf.html", False), ("/a?druk=1", True),
        ("/a?b=1", False),
    ):  # fmt: skip
        site.routes[path] = (200, HTML, PAGE)
        if forbidden:
            assert refusal(f"{site.root}{path}", allowed=loopback) == "robots"
        else:
            assert fetch(f"{site.root}{path}", loopback).data == PAGE
    site.routes["/robots.txt"] = (200, {}, b"User-agent: Welwijzer\nDisallow: /\n\nUser-agent: *\nAllow: /")
    assert refusal(f"{site.root}/map/open", allowed=loopback) == "robots"


def test_a_body_that_is_packed_though_we_ask_for_none(site: Site):
    site.routes["/"] = (200, HTML | {"Content-Encoding": "gzip"}, gzip.compress(PAGE))
    assert fetch(f"{site.root}/", loopback).data == PAGE


@pytest.mark.parametrize("layers", [1, 2])
def test_a_body_packed_to_burst_stops_at_the_limit(site: Site, layers: int):
    packed = gzip.compress(b"\0" * (300 << 20), 1)
    for _ in range(layers - 1):
        packed = gzip.compress(packed)
    encoding = ", ".join(["gzip"] * layers)
    site.routes["/"] = (200, HTML | {"Content-Encoding": encoding}, packed)
    tracemalloc.start()
    try:
        assert refusal(f"{site.root}/", allowed=loopback) == "web_too_large"
        assert tracemalloc.get_traced_memory()[1] < 4 * fetching.MAX_BYTES
    finally:
        tracemalloc.stop()


def test_a_stated_length_over_the_limit_is_not_read(site: Site):
    def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(1 << 40))
        handler.end_headers()

    site.routes["/"] = endless
    assert refusal(f"{site.root}/", allowed=loopback) == "web_too_large"


def test_a_page_with_nothing_in_it(site: Site):
    site.routes["/"] = (200, HTML, b"  \n")
    assert refusal(f"{site.root}/", allowed=loopback) == "empty"


def test_the_content_decides_where_the_server_does_not_know(site: Site):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
    word = file.getvalue()
    for number, (stated, data, name) in enumerate((
        ("application/octet-stream", word, "0.docx"),
        ("text/plain", word, "1.docx"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word, "2.docx"),
        ("application/octet-stream", b"<!DOCTYPE html><p>x", "3.html"),
        ("", b"\xef\xbb\xbf<html><p>x", "4.html"),
        ("text/html", b"%PDF-1.4 x", "5.pdf"),
    )):  # fmt: skip
        site.routes[f"/{number}"] = (200, {"Content-Type": stated} if stated else {}, data)
        assert fetch(f"{site.root}/{number}", loopback).name == name
    site.routes["/zip"] = (200, {"Content-Type": "application/zip"}, b"PK\x03\x04 geen word")
    assert refusal(f"{site.root}/zip", allowed=loopback) == "type"


def test_names_and_passwords_in_an_address_are_refused(site: Site):
    site.routes["/"] = (200, HTML, PAGE)
    assert refusal(f"http://jan:geheim@localhost:{site.port}/", allowed=loopback) == "credentials"
    assert site.seen == []


def test_an_address_loses_its_fragment_and_keeps_its_letters(site: Site):
    site.routes["/caf%C3%A9?q=%C3%A9&x=[1]".replace("[1]", "%5B1%5D")] = (200, HTML, PAGE)
    found = fetch(f"{site.root}/café?q=é&x=[1]#kop", loopback)
    assert found.url == f"{site.root}/café?q=é&x=[1]"


def test_a_host_with_letters_beyond_ascii_is_asked_by_its_ascii_name(site: Site):
    site.routes["/"] = (200, HTML, PAGE)
    found = fetch(f"http://één.voorbeeld.test:{site.port}/", loopback, resolve=lambda host, port: ["127.0.0.1"])
    assert found.url == f"http://xn--n-9faa.voorbeeld.test:{site.port}/"
    assert site.seen[-1] == ("/", f"xn--n-9faa.voorbeeld.test:{site.port}")


def test_the_next_address_is_tried_where_one_cannot_be_reached(site: Site):
    site.routes["/"] = (200, HTML, PAGE)
    found = fetch(f"http://twee.test:{site.port}/", loopback, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert found.data == PAGE


def test_every_refusal_has_a_line_of_its_own(site: Site):
    site.routes["/leeg"] = (200, HTML, b"")
    site.routes["/stuk"] = (503, HTML, b"")
    site.routes["/plaatje"] = (200, {"Content-Type": "image/png"}, b"x")
    addresses = ("weg", "leeg", "stuk", "plaatje")
    lines = set()
    for url in (*(f"{site.root}/{name}" for name in addresses), "http://127.0.0.2/", "http://a.test:22/", "x://y"):
        with pytest.raises(IngestError) as caught:
            fetch(
                url,
                lambda address: address == "127.0.0.1",
                resolve=lambda host, port: [host.replace("localhost", "127.0.0.1")],
            )
        lines.add(error_line(caught.value).replace(url, ""))
    assert len(lines) == 7 and not any("{" in line or "\n" in line for line in lines)


def test_size_limit(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "MAX_BYTES", 1000)
    site.routes["/"] = (200, HTML, b"x" * 200_000)
    assert refusal(f"{site.root}/", allowed=loopback) == "web_too_large"


def test_a_body_that_drips_ends_at_the_deadline(site: Site):
    def drip(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        try:
            for _ in range(100):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    site.routes["/"] = drip
    started = time.monotonic()
    assert refusal(f"{site.root}/", allowed=loopback, seconds=0.5) == "timeout"
    assert time.monotonic() - started < 3


def test_a_dead_port(site: Site):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refusal(f"http://localhost:{port}/", allowed=loopback) == "failed"


def test_a_document_is_added_from_its_address(site: Site, tmp_path: Path):
    body = "<html><head><title>Rust in de klas</title></head><body><main><h1>Rust in de klas</h1><p>Een rustige klas"
    body += " begint bij de deur, zegt een leraar die iedere ochtend alle leerlingen begroet.</p></main></body></html>"
    site.routes["/nieuws/rust?id=7"] = (200, HTML, body.encode())
    settings = make_corpus(tmp_path, {})
    (settings.corpus / "sources.toml").write_text("source = []")
    library = Library.open(settings.library_path)
    url = f"{site.root}/nieuws/rust?id=7"
    document = add(url, Fields(), settings, library, encoder(SeededModel()), allowed=loopback)
    assert (document.source.title, document.source.url) == ("Rust in de klas", url)
    assert (settings.added_path / "rust-in-de-klas" / "documents" / "rust.html").read_bytes() == body.encode()
    with pytest.raises(IngestError) as caught:
        add(url, Fields(), settings, library, encoder(SeededModel()), allowed=loopback)
    assert caught.value.details["why"] == "already"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_the_certificate_must_be_that_of_the_named_host(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=naam.test"]
    command += ["-addext", "subjectAltName=DNS:naam.test", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    named: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    site.routes["/"] = (200, HTML, PAGE)
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **kw: real("127.0.0.1" if host.endswith(".test") else host, *a, **kw)
    )
    assert refusal(f"https://naam.test:{site.port}/", allowed=loopback) == "failed"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(f"https://naam.test:{site.port}/", loopback).data == PAGE
    assert site.seen[-1] == ("/", f"naam.test:{site.port}") and set(named) == {"naam.test"}
    assert refusal(f"https://ander.test:{site.port}/", allowed=loopback) == "failed"
