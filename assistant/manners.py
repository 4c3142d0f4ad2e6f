"""What of a message is no question to the sources: thanks, a greeting, markup, and how the answer should look.

The patterns are data, `data/manners.toml`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from assistant import dutch

COURTESIES = ("thanks", "greeting", "self")
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
# A script or style with what is in it, a picture, a link's address, any other tag, a bare address.
_MARKUP = re.compile(
    r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|$)|!\[[^\]]*\]\([^)]*\)|(?<=\])\([^)\s]*\)|</?[a-z][^<>]{0,200}>|https?://\S+",
    re.IGNORECASE | re.DOTALL,
)


def courtesy(message: str) -> str | None:
    """`thanks`, `greeting` or `self` (who are you?) where the message is nothing else; None for anything more."""
    plain = dutch.normal(message).strip()
    return next((kind for kind in COURTESIES if _pattern(kind).fullmatch(plain)), None)


def about_itself(question: str) -> bool:
    """Whether a question names the program, and so may be answered from its manual."""
    return _pattern("itself").search(dutch.normal(question)) is not None


def question_in(message: str, first: bool = False) -> str:
    """The message without markup and without sentences about the form of the answer; whole where nothing else is left.

    "Hoe werkt dit?" as the `first` of a conversation asks about the program.
    """
    if first and _pattern("usage").fullmatch(dutch.normal(message).strip()):
        return str(_data()["usage_question"])
    bare = " ".join(_MARKUP.sub(" ", message).split())
    kept = [sentence for sentence in _SENTENCES.split(bare) if not _pattern("form").match(dutch.normal(sentence))]
    text = " ".join(kept)
    return text if dutch.content_words(text) else bare if dutch.content_words(bare) else message


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_data()[name])


@cache
def _data() -> dict[str, str]:
    return tomllib.loads((files("assistant") / "data" / "manners.toml").read_text("utf-8"))
