"""Who is here, and what they may do: asked again at each action, from the login and Streamlit's secrets.

A page calls `require` before it draws anything and once more in what its buttons do: what is not yours is not reachable,
also not by its address or by a widget that a page no longer shows.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from assistant import texts_nl as nl
from assistant.access import Action, UserRole, may, needs_login, role_of
from assistant.errors import SettingsError

log = logging.getLogger(__name__)


def secrets() -> Mapping[str, Any]:
    """Streamlit's secrets; empty where there is no file. Raises SettingsError for a file that can't be read."""
    if not any(Path(path).exists() for path in st.get_option("secrets.files")):
        return {}
    try:
        return st.secrets.to_dict()
    except StreamlitSecretNotFoundError as error:
        raise SettingsError(f"cannot read the secrets: {error}", why="access", name="secrets.toml") from error


def role() -> UserRole | None:
    """The place of who looks at the page now. Raises SettingsError."""
    return role_of(st.user.to_dict(), secrets(), st.get_option("server.address"))


def allowed(action: Action) -> bool:
    """Whether who looks at the page may do this: for leaving out what they can't. Raises SettingsError."""
    return may(role(), action)


def require(action: Action) -> None:
    """Go on only for who may do this; for all others say so in the page's place and stop, also within a callback."""
    try:
        if allowed(action):
            return
        heading, line = nl.ACCESS_HEADING, nl.ACCESS_LINES[action]
    except SettingsError as error:
        log.error("nobody may do anything", exc_info=error)
        heading, line = nl.ACCESS_HEADING, nl.error_line(error)
    st.title(heading, anchor=False)
    st.text(line)
    st.stop()


def enter() -> None:
    """Let in who needs no login or has a place; for all others show how to get in, and stop."""
    try:
        known = role()
        configured = secrets()
    except SettingsError:
        require(Action.ASK)
        return
    if known is not None:
        return
    st.set_page_config(page_title=nl.APP_NAME)
    st.title(nl.APP_NAME, anchor=False)
    if st.user.to_dict().get("is_logged_in"):
        st.text(nl.ACCESS_UNKNOWN)
        st.button(nl.ACCESS_LOGOUT, icon=":material/logout:", on_click=st.logout)
    else:
        st.html(f'<p class="intro">{html.escape(nl.ACCESS_WELCOME)}</p>')
        for provider in _providers(configured):
            label = nl.ACCESS_LOGIN_WITH.format(name=provider.capitalize()) if provider else nl.ACCESS_LOGIN
            # as a callback with what it is given: the name of a provider comes from the secrets, never from the page
            st.button(label, icon=":material/login:", key=f"login-{provider}", on_click=st.login, args=(provider,))
    st.stop()


def leave() -> None:
    """Offer to log out, to who has logged in."""
    if needs_login(secrets()):
        st.button(nl.ACCESS_LOGOUT, icon=":material/logout:", key="logout", type="tertiary", on_click=st.logout)


def user() -> str:
    """Whose budget a question costs: the address of who logged in, or this session, which no other can name."""
    claims = st.user.to_dict()
    email = claims.get("email") if claims.get("is_logged_in") else None
    if isinstance(email, str) and email.strip():
        return email.strip().casefold()
    session: str = st.session_state.setdefault("budget", uuid4().hex)
    return session


def _providers(configured: Mapping[str, Any]) -> tuple[str | None, ...]:
    """The names of the login's providers; one without a name where there is but one."""
    auth = configured.get("auth", {})
    if not isinstance(auth, Mapping):
        return (None,)
    return tuple(name for name, value in auth.items() if isinstance(value, Mapping)) or (None,)
