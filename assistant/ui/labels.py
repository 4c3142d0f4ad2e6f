"""Text from outside in the labels of Streamlit's own widgets, which read Markdown."""

from __future__ import annotations

import re

from assistant.safety import plain

# What Streamlit's Markdown gives a meaning to. No more than that: a screen reader gets the label with its backslashes.
_MARKUP = re.compile(r"([\\`*_\[\]<>$~#|&:@])")
_OPENING = re.compile(r"^([-+]|\d{1,9}(?=[.)]))")  # of a list
# Between the colons of a word like :smile: Streamlit puts a picture, escaped or not; a bare www. becomes a link.
_JOINER = "\u2060"


def literal(text: str) -> str:
    """Text on one line that a widget shows as it stands: no markup, links, mathematics, pictures or hidden characters."""
    line = _MARKUP.sub(r"\\\1", " ".join(plain(text).split())).replace("\\:", f"\\:{_JOINER}")
    return _OPENING.sub(rf"\1{_JOINER}", line).replace("www.", f"www{_JOINER}.")
