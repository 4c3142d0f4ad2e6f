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


def question_in(message: str) -> str:
    """The message without markup and without sentences about the form of the answer; whole where nothing else is left."""
    bare = " ".join(_MARKUP.sub(" ", message).split())
    kept = [sentence for sentence in _SENTENCES.split(bare) if not _pattern("form").match(dutch.normal(sentence))]
    text = " ".join(kept)
    return text if dutch.content_words(text) else bare if dutch.content_words(bare) else message


@cache
def _pattern(name: str) -> re.Pattern[str]:
    data = tomllib.loads((files("assistant") / "data" / "manners.toml").read_text("utf-8"))
    return re.compile(data[name])
