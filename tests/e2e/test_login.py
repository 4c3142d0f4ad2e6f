"""A real login by OpenID Connect: who you are decides what you see, also by an address, until you log out."""

import re
from collections.abc import Iterator

import pytest
from chatting import ask
from playwright.sync_api import Browser, Page, expect
from provider import CLIENT, Provider, providing
from running import free_port, running

from assistant import texts_nl as nl

READER, ADVISER, EDITOR = "juf@school.example", "adviseur@ggd.example", "redactie@school.example"
UNCHECKED, STRANGER = "redactie2@school.example", "iemand@elders.example"
PEOPLE = {
    email: {"email": email, "email_verified": email != UNCHECKED, "name": "<b>Naam</b>"}
    for email in (READER, ADVISER, EDITOR, UNCHECKED, STRANGER)
}
OF_READERS = [nl.APP_PAGES[name] for name in ("vraag", "bronnen", "over")]
OF_ADVISERS = [nl.APP_PAGES[name] for name in ("vraag", "adviesgesprek", "bronnen", "over")]
GUARDED = {"adviesgesprek": "brief", "kwaliteit": "manage"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing(PEOPLE) as provider:
        yield provider
        assert provider.problems == []


@pytest.fixture(scope="module")
def school(environment: dict[str, str], provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app with a login."""
    folder = tmp_path_factory.mktemp("login")
    port = free_port()
    (folder / "secrets.toml").write_text(
        f"""
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "dertig tekens die niemand raadt, echt"
client_id = "{CLIENT[0]}"
client_secret = "{CLIENT[1]}"
server_metadata_url = "{provider.address}/.well-known/openid-configuration"
[roles]
editors = ["{EDITOR}", "{UNCHECKED}"]
advisers = ["@ggd.example"]
readers = ["@school.example"]
""",
        encoding="utf-8",
    )
    with running(environment, folder / "log.txt", port, "--secrets.files", str(folder / "secrets.toml")) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser, school: str) -> Iterator[Page]:
    """The app as who has not logged in finds it."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(school)
    yield page
    context.close()


def log_in(page: Page, email: str) -> None:
    page.get_by_role("button", name=nl.ACCESS_LOGIN).click()
    page.get_by_role("link", name=email, exact=True).click()
    page.get_by_role("button", name=nl.ACCESS_LOGOUT).wait_for()


def links(page: Page) -> list[str]:
    return page.get_by_role("navigation").get_by_role("link").all_inner_texts()


def test_who_has_not_logged_in_sees_no_page_whatever_the_address(visitor: Page, school: str):
    for path in ("", *nl.APP_PAGES, "?vraag=Wat%20is%20welbevinden%3F"):
        visitor.goto(f"{school}/{path}")
        expect(visitor.get_by_role("button", name=nl.ACCESS_LOGIN)).to_be_visible()
        expect(visitor.get_by_text(nl.ACCESS_WELCOME)).to_be_visible()
        assert visitor.get_by_role("navigation").count() == 0 and visitor.locator("textarea, table, .card").count() == 0


@pytest.mark.parametrize(
    ("email", "pages", "closed"),
    [
        (READER, OF_READERS, ["adviesgesprek", "kwaliteit"]),
        (ADVISER, OF_ADVISERS, ["kwaliteit"]),
        (EDITOR, list(nl.APP_PAGES.values()), []),
    ],
)
def test_each_sees_what_is_theirs_also_by_address(
    visitor: Page, school: str, email: str, pages: list[str], closed: list[str]
):
    log_in(visitor, email)
    expect(visitor.get_by_role("navigation").get_by_role("link")).to_have_text(pages)
    for path in GUARDED:
        visitor.goto(f"{school}/{path}")
        visitor.get_by_role("heading", level=1).wait_for()
        if path in closed:
            expect(visitor.get_by_role("heading", level=1)).to_have_text(nl.ACCESS_HEADING)
            expect(visitor.get_by_text(nl.ACCESS_LINES[GUARDED[path]])).to_be_visible()
            expect(visitor.get_by_role("button")).to_have_text([re.compile(f"{nl.ACCESS_LOGOUT}$")])
        else:
            expect(visitor.get_by_role("heading", level=1)).not_to_have_text(nl.ACCESS_HEADING)
    visitor.goto(f"{school}/bronnen")
    visitor.get_by_role("table").wait_for()
    assert (visitor.get_by_role("button", name=nl.LIBRARY["add"]).count() > 0) is (email == EDITOR)


def test_a_reader_asks_and_logs_out_and_nothing_stays_behind(visitor: Page, school: str):
    log_in(visitor, READER)
    expect(ask(visitor, "Wat is mentaal welbevinden?").locator(".card")).to_be_visible()
    visitor.get_by_role("button", name=nl.ACCESS_LOGOUT).click()
    expect(visitor.get_by_role("button", name=nl.ACCESS_LOGIN)).to_be_visible()
    visitor.goto(f"{school}/bronnen")
    expect(visitor.get_by_role("button", name=nl.ACCESS_LOGIN)).to_be_visible()
    assert visitor.locator(".card, table").count() == 0


@pytest.mark.parametrize("email", [UNCHECKED, STRANGER])
def test_an_address_that_is_unchecked_or_on_no_list_gets_in_nowhere(visitor: Page, school: str, email: str):
    log_in(visitor, email)
    for path in ("", *nl.APP_PAGES):
        visitor.goto(f"{school}/{path}")
        expect(visitor.get_by_text(nl.ACCESS_UNKNOWN)).to_be_visible()
        assert visitor.get_by_role("navigation").count() == 0 and visitor.locator("textarea, table").count() == 0


def test_a_forged_cookie_is_no_login(visitor: Page, school: str):
    log_in(visitor, EDITOR)
    cookies = visitor.context.cookies()
    signed = [cookie for cookie in cookies if cookie["name"].startswith("_streamlit_user")]
    assert signed and all(cookie["httpOnly"] for cookie in signed)
    for cookie in signed:
        half = len(cookie["value"]) // 2
        changed = "A" if cookie["value"][half] != "A" else "B"
        value = cookie["value"][:half] + changed + cookie["value"][half + 1 :]
        visitor.context.add_cookies([cookie | {"value": value}])
    visitor.goto(f"{school}/kwaliteit")
    expect(visitor.get_by_role("button", name=nl.ACCESS_LOGIN)).to_be_visible()
