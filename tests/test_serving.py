"""The first thing a browser gets: Dutch, whole, and at the address that it asked for."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import file_util

from assistant import texts_nl as nl
from assistant.ui.serving import FirstPage

HTML = {"accept": "text/html,*/*;q=0.8", "accept-encoding": "gzip"}


def streamlits_page(_request: Request) -> Response:
    page = Path(file_util.get_static_dir()) / "index.html"
    return HTMLResponse(page.read_text(encoding="utf-8"), headers={"set-cookie": "een=1"})


@pytest.fixture
def client() -> TestClient:
    routes = [
        Route("/data.html", lambda _: HTMLResponse('<html lang="en">')),
        Route("/words", lambda _: PlainTextResponse('<html lang="en">')),
        Route("/{path:path}", streamlits_page),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(FirstPage), Middleware(GZipMiddleware)])
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize("path", ["/", "/bronnen", "/over"])
def test_streamlits_own_page_is_dutch_from_its_first_byte(client: TestClient, path: str):
    got = client.get(path, headers=HTML)
    assert '<html lang="nl">' in got.text and 'lang="en"' not in got.text
    assert f"<title>{nl.APP_NAME}</title>" in got.text and nl.APP_NO_SCRIPT in got.text
    assert "enable JavaScript" not in got.text
    assert got.headers["content-length"] == str(len(got.content)) and got.headers["set-cookie"] == "een=1"


def test_nothing_else_is_touched(client: TestClient):
    assert client.get("/data.html", headers=HTML).text == '<html lang="en">'
    assert client.get("/words", headers=HTML).text == '<html lang="en">'
    assert 'lang="en"' in client.get("/bronnen", headers={"accept": "*/*"}).text
    assert client.get("/bronnen", headers={"accept": "*/*"}).headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/vraag", "./"),
        ("/vraag?vraag=Wat%20is%20dit%3F&sector=vo", "./?vraag=Wat%20is%20dit%3F&sector=vo"),
        ("/vraag/", "../"),
        ("//elders.example/vraag", "./"),
    ],
)
def test_the_address_of_the_chat_leads_to_where_it_is(client: TestClient, asked: str, to: str):
    got = client.get(asked, headers=HTML)
    assert got.status_code == 307 and got.headers["location"] == to
    assert client.post("/vraag").status_code != 307
    assert client.get("/navraag", headers=HTML).status_code == 200
