"""Who may do what: readers ask, advisers also make briefs, editors also manage the library and see the figures.

Without a login everything works, for whoever sits at this machine. With one, a person's place follows from lists of
e-mail addresses in Streamlit's secrets. What is unclear gives less, never more.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from assistant.errors import SettingsError


class UserRole(StrEnum):
    """A person's place; each may do what those before may."""

    READER = "reader"
    ADVISER = "adviser"
    EDITOR = "editor"


class Action(StrEnum):
    """What a page or a button is for."""

    ASK = "ask"
    BRIEF = "brief"
    MANAGE = "manage"


_ALLOWED: Mapping[UserRole, frozenset[Action]] = {
    UserRole.READER: frozenset({Action.ASK}),
    UserRole.ADVISER: frozenset({Action.ASK, Action.BRIEF}),
    UserRole.EDITOR: frozenset(Action),
}
# The list of the secrets' table `roles` for each place, the widest first.
LISTS: Mapping[str, UserRole] = {
    "editors": UserRole.EDITOR,
    "advisers": UserRole.ADVISER,
    "readers": UserRole.READER,
}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def needs_login(secrets: Mapping[str, Any]) -> bool:
    """Whether people have to log in: as soon as a login or a list of people is configured."""
    return "auth" in secrets or "roles" in secrets


def role_of(user: Mapping[str, Any], secrets: Mapping[str, Any], address: str | None = "127.0.0.1") -> UserRole | None:
    """The place of `user`, who has none (None) before logging in, or when no list names them.

    `user`: the claims of the login, with `is_logged_in` and `email`. `address`: where the app listens; without a login
    only those at this machine may manage it. An entry of a list is an address or "@domain"; without a list of readers
    everyone who logs in is one. Raises SettingsError for lists that can't be read.
    """
    if not needs_login(secrets):
        return UserRole.EDITOR if address in _LOOPBACK else UserRole.READER
    lists = _lists(secrets)
    if not user.get("is_logged_in"):
        return None
    email = user.get("email")
    # a provider that says that it did not check the address would let anyone be anyone
    if not isinstance(email, str) or "@" not in email or user.get("email_verified") in (False, "false"):
        return None
    for name, role in LISTS.items():
        if name in lists and _named(email, lists[name]):
            return role
    return None if "readers" in lists else UserRole.READER


def may(role: UserRole | None, action: Action) -> bool:
    """Whether someone in this place may do this."""
    return role is not None and action in _ALLOWED[role]


def _lists(secrets: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    if "auth" not in secrets:
        raise SettingsError("secrets name roles but no login", why="access", name="[auth]")
    roles = secrets.get("roles", {})
    if not isinstance(roles, Mapping):
        raise SettingsError("roles is not a table", why="access", name="[roles]")
    for name, entries in roles.items():
        right = isinstance(entries, (list, tuple)) and all(isinstance(e, str) and "@" in e for e in entries)
        if name not in LISTS or not right:
            raise SettingsError(f"roles.{name} is not a known list of addresses", why="access", name=f"roles.{name}")
    return {name: tuple(entries) for name, entries in roles.items()}


def _named(email: str, entries: tuple[str, ...]) -> bool:
    address = email.strip().casefold()
    domain = address[address.rindex("@") :]
    wanted = {entry.strip().casefold() for entry in entries}
    return address in wanted or domain in wanted
