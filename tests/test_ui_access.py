"""Who sees and may do what, in the app itself: by the navigation, by an address and by a button that is still there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton
from streamlit.testing.v1 import AppTest

from assistant import texts_nl as nl
from assistant.access import Action
from assistant.ui import access, loading

ROOT = Path(__file__).resolve().parents[1]
SECRETS = """
[auth]
redirect_uri = "https://welwijzer.example/oauth2callback"
cookie_secret = "geheim"
client_id = "welwijzer"
client_secret = "geheim"
server_metadata_url = "https://login.example/.well-known/openid-configuration"
[roles]
editors = ["red@example.org"]
advisers = ["@ggd.example.org"]
"""


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("WELWIJZER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(ROOT / "corpus"))
    before = config.get_option("secrets.files"), config.get_option("server.address")
    config.set_option("secrets.files", [str(tmp_path / "secrets.toml")])
    config.set_option("server.address", "127.0.0.1")
    secrets_singleton._reset()
    loading.retry()
    yield
    config.set_option("secrets.files", before[0])
    config.set_option("server.address", before[1])
    secrets_singleton._reset()
    loading.retry()


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A deployment with a login, and someone who has come in by it (or not)."""

    def someone(email: str | None) -> None:
        (tmp_path / "secrets.toml").write_text(SECRETS, encoding="utf-8")
        claims = {"is_logged_in": email is not None} | ({"email": email} if email else {})
        monkeypatch.setattr(type(st.user), "to_dict", lambda self: claims)

    return someone


def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def links(shown: AppTest) -> list[str]:
    return [element.proto.label for element in shown.get("page_link")]


ALL = list(nl.APP_PAGES.values())


def test_without_configuration_everything_is_there():
    shown = app()
    assert not shown.exception
    assert links(shown) == ALL
    assert not [b for b in shown.button if b.label == nl.ACCESS_LOGOUT]


@pytest.mark.parametrize(
    ("email", "pages"),
    [
        ("red@example.org", ALL),
        ("a@ggd.example.org", ["Vraag", "Adviesgesprek", "Bronnen", "Over"]),
        ("juf@school.example", ["Vraag", "Bronnen", "Over"]),
    ],
)
def test_the_navigation_shows_what_is_yours(login, email: str, pages: list[str]):
    login(email)
    shown = app()
    assert not shown.exception
    assert links(shown) == pages
    assert [b for b in shown.button if b.label == nl.ACCESS_LOGOUT]


def test_who_has_not_logged_in_sees_nothing_but_the_way_in(login):
    login(None)
    shown = app()
    assert not shown.exception
    assert [b.label for b in shown.button] == [nl.ACCESS_LOGIN]
    assert links(shown) == [] and not shown.chat_input and not shown.text


def test_who_is_on_no_list_is_told(login, tmp_path: Path):
    login("juf@school.example")
    (tmp_path / "secrets.toml").write_text(SECRETS + 'readers = ["@ander.example"]\n', encoding="utf-8")
    shown = app()
    assert [t.value for t in shown.text] == [nl.ACCESS_UNKNOWN]
    assert [b.label for b in shown.button] == [nl.ACCESS_LOGOUT] and links(shown) == []


@pytest.mark.parametrize(
    "content", ["[roles\nkapot", '[roles]\neditors = ["red@example.org"]\n', "[auth]\n[roles]\nx = 1"]
)
def test_lists_that_cannot_be_read_let_nobody_in(tmp_path: Path, content: str):
    (tmp_path / "secrets.toml").write_text(content, encoding="utf-8")
    shown = app()
    assert not shown.exception
    assert links(shown) == [] and not shown.chat_input
    assert len(shown.text) == 1 and "Niemand" in shown.text[0].value


def test_where_others_can_reach_it_without_a_login_nobody_manages():
    config.set_option("server.address", "0.0.0.0")
    assert links(app()) == ["Vraag", "Bronnen", "Over"]


def guarded(action: str) -> None:
    """A page as they all are: it asks when it is drawn, and again in what its button does."""
    import streamlit as st

    from assistant.access import Action
    from assistant.ui import access

    def change() -> None:
        access.require(Action(action))
        st.session_state["changed"] = True

    access.require(Action.ASK)
    st.button("Verander", on_click=change)
    st.text(str(st.session_state.get("changed", False)))


@pytest.mark.parametrize(("email", "changed"), [("red@example.org", True), ("juf@school.example", False)])
def test_a_button_does_nothing_for_who_may_not(login, email: str, changed: bool):
    login(email)
    shown = AppTest.from_function(guarded, args=("manage",)).run()
    shown.button[0].click().run()
    assert not shown.exception
    assert ("changed" in shown.session_state) is changed
    assert any(t.value == nl.ACCESS_LINES["manage"] for t in shown.text) is not changed


@pytest.mark.parametrize("action", list(Action))
def test_each_action_has_its_own_line_for_who_may_not(login, action: Action):
    login(None)
    shown = AppTest.from_string(
        "from assistant.access import Action\nfrom assistant.ui import access\n"
        f"access.require(Action({json.dumps(str(action))}))\nimport streamlit as st\nst.button('geheim')"
    ).run()
    assert [t.value for t in shown.text] == [nl.ACCESS_LINES[action]] and not shown.button


def test_a_page_that_is_not_yours_is_not_reachable_by_its_address(login):
    login("juf@school.example")
    for module in ("brief_page", "quality_page"):
        shown = AppTest.from_string(f"from assistant.ui import {module}\n{module}.render()", default_timeout=60).run()
        assert not shown.exception
        assert [t.value for t in shown.title] == [nl.ACCESS_HEADING] and not shown.button, module


def test_the_secrets_are_empty_where_there_is_no_file():
    assert access.secrets() == {}


def test_the_budget_is_that_of_who_logged_in_or_else_of_the_session(login):
    def page() -> None:
        import streamlit as st

        from assistant.ui import access

        st.text(access.user())

    def whose(app: AppTest) -> str:
        return app.run().text[0].value

    one, other = (AppTest.from_function(page, default_timeout=30) for _ in range(2))
    assert whose(one) == whose(one) != whose(other) != ""
    login(" Red@Example.org ")
    assert whose(AppTest.from_function(page, default_timeout=30)) == "red@example.org"
    login(None)
    assert "@" not in whose(AppTest.from_function(page, default_timeout=30))
