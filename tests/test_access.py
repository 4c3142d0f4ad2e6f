"""Who may do what: nobody gets more than the lists say."""

import pytest

from assistant.access import Action, UserRole, may, needs_login, role_of
from assistant.errors import SettingsError

AUTH = {"client_id": "x", "redirect_uri": "https://example.org/oauth2callback"}
SECRETS = {
    "auth": AUTH,
    "roles": {"editors": ["Redactie@Example.org"], "advisers": ["@ggd.example.org", "ad@example.org"]},
}


def user(email: object, **more: object) -> dict[str, object]:
    return {"is_logged_in": True, "email": email} | more


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        (UserRole.READER, {Action.ASK}),
        (UserRole.ADVISER, {Action.ASK, Action.BRIEF}),
        (UserRole.EDITOR, set(Action)),
        (None, set()),
    ],
)
def test_each_place_may_do_its_own_things_and_no_more(role: UserRole | None, actions: set[Action]):
    assert {action for action in Action if may(role, action)} == actions


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("redactie@example.org", UserRole.EDITOR),
        (" REDACTIE@EXAMPLE.ORG ", UserRole.EDITOR),
        ("iemand@ggd.example.org", UserRole.ADVISER),
        ("iemand@sub.ggd.example.org", UserRole.READER),
        ("iemand@nietggd.example.org", UserRole.READER),
        ("redactie@example.org@kwaad.example", UserRole.READER),
        ("ad@example.org", UserRole.ADVISER),
        ("leraar@school.example", UserRole.READER),
        ("", None),
        (None, None),
        (["redactie@example.org"], None),
    ],
)
def test_a_place_follows_from_the_lists(email: object, role: UserRole | None):
    assert role_of(user(email), SECRETS) == role


def test_who_has_not_logged_in_has_no_place():
    assert role_of({"is_logged_in": False, "email": "redactie@example.org"}, SECRETS) is None
    assert role_of({}, SECRETS) is None


@pytest.mark.parametrize("claim", [False, "false"])
def test_an_address_that_the_provider_did_not_check_counts_for_nothing(claim: object):
    assert role_of(user("redactie@example.org", email_verified=claim), SECRETS) is None
    assert role_of(user("redactie@example.org", email_verified=True), SECRETS) == UserRole.EDITOR


def test_a_list_of_readers_shuts_out_everyone_else():
    secrets = {"auth": AUTH, "roles": {"readers": ["@school.example"], "editors": ["red@example.org"]}}
    assert role_of(user("juf@school.example"), secrets) == UserRole.READER
    assert role_of(user("red@example.org"), secrets) == UserRole.EDITOR
    assert role_of(user("ander@example.org"), secrets) is None


def test_a_login_without_lists_makes_readers():
    assert needs_login({"auth": AUTH})
    assert role_of(user("juf@school.example"), {"auth": AUTH}) == UserRole.READER


@pytest.mark.parametrize(
    ("address", "role"),
    [("127.0.0.1", UserRole.EDITOR), ("::1", UserRole.EDITOR), ("localhost", UserRole.EDITOR),
     ("0.0.0.0", UserRole.READER), ("192.168.1.4", UserRole.READER), ("", UserRole.READER), (None, UserRole.READER)],
)  # fmt: skip
def test_without_a_login_only_this_machine_manages(address: str | None, role: UserRole):
    assert not needs_login({})
    assert role_of({}, {}, address) == role


@pytest.mark.parametrize(
    "secrets",
    [
        {"roles": {"editors": ["red@example.org"]}},
        {"auth": AUTH, "roles": {"editor": ["red@example.org"]}},
        {"auth": AUTH, "roles": {"editors": "red@example.org"}},
        {"auth": AUTH, "roles": {"editors": ["iedereen"]}},
        {"auth": AUTH, "roles": ["red@example.org"]},
    ],
)
def test_lists_that_cannot_be_read_give_nobody_a_place(secrets: dict[str, object]):
    with pytest.raises(SettingsError):
        role_of(user("red@example.org"), secrets)
