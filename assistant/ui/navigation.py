"""What each look at a page begins with: page settings, who may come in, and the navigation; then the page itself."""

import html
from collections.abc import Callable
from importlib import import_module

import streamlit as st

from assistant import texts_nl as nl
from assistant.access import Action, may
from assistant.ui import access, browser

# Address, module, and what one must be allowed to do to see it in the navigation; the page itself asks again.
PAGES = (
    ("vraag", "assistant.ui.chat", Action.ASK),
    ("adviesgesprek", "assistant.ui.brief_page", Action.BRIEF),
    ("bronnen", "assistant.ui.library_page", Action.ASK),
    ("kwaliteit", "assistant.ui.quality_page", Action.MANAGE),
    ("over", "assistant.ui.about_page", Action.ASK),
)


def page(path: str, module: str) -> st.Page:
    """A page that is imported when it is first drawn: who starts the app waits for the chat alone."""

    def draw() -> None:
        render: Callable[[], None] = import_module(module).render
        render()

    return st.Page(
        draw, title=f"{nl.APP_PAGES[path]} · {nl.APP_NAME}", url_path=path, default=path == nl.APP_DEFAULT_PAGE
    )


def navigation(pages: dict[str, st.Page]) -> None:
    """Draw the links to the pages that are for who looks at them."""
    with st.container(key="nav", horizontal=True, vertical_alignment="center", gap="medium"):
        st.html(f'<p class="brand">{html.escape(nl.APP_NAME)}</p>', width="content")
        with st.container(key="nav-links", horizontal=True, vertical_alignment="center", gap=None, width="content"):
            here = access.role()  # once for all links: it is read from the login and from files
            for path, _, action in PAGES:
                if may(here, action):
                    st.page_link(pages[path], label=nl.APP_PAGES[path])
        access.leave()


def draw() -> None:
    """Draw the page of this address for who looks at it."""
    st.set_page_config(page_icon="static/icon.svg", layout="wide")
    browser.frame()
    access.enter()
    pages = {path: page(path, module) for path, module, _ in PAGES}
    chosen = st.navigation(list(pages.values()), position="hidden")
    navigation(pages)
    chosen.run()
