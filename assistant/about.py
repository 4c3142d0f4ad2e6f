"""What stands on the page "Over": the product's own statements, read from data and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from assistant.settings import PROJECT


@dataclass(frozen=True, slots=True)
class AboutSection:
    """A heading with paragraphs, a list below them, and a paragraph `after` all that; `id`: "" or "accessibility".

    `with_model`: the paragraphs in the place of those, where a chat model words answers; empty where they are the same.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    with_model: tuple[str, ...] = ()
    list: tuple[str, ...] = ()
    id: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class KnownProblem:
    """Something that is not accessible yet, and how that was seen."""

    what: str
    seen: str


@cache
def statements() -> tuple[tuple[AboutSection, ...], tuple[KnownProblem, ...]]:
    """The sections in order, and what is known to be wrong with accessibility. Raises TypeError for an unknown field."""
    content = tomllib.loads((files("assistant.data") / "about.toml").read_text(encoding="utf-8"))
    sections = tuple(
        AboutSection(**(entry | {name: tuple(entry.get(name, ())) for name in ("paragraphs", "with_model", "list")}))
        for entry in content["section"]
    )
    return sections, tuple(KnownProblem(**entry) for entry in content["known"])


@cache
def program_version() -> str:
    """The version of this program, also where it runs from its folder without being installed."""
    try:
        return version("welwijzer")
    except PackageNotFoundError:
        return str(tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
