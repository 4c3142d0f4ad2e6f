"""Where the blocks of a page stand in its original: line, anchor of a heading, and whether inside a box."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from ingest.html_questions import HEADINGS
from ingest.unseen import MAX_AROUND

BOX = "data-welwijzer-box"  # set by us on what is a box
NUMBER = re.compile(r"\d+[.)]\s+")
_LINED = {*HEADINGS, "p", "li", "td", "th", "tr", "dt", "dd", "blockquote", "summary", "div", "figcaption", "caption"}
_PARTS = frozenset({"section", "article", "details", "li"})
_WHOLE = frozenset({"html", "head", "body"})


@dataclass(frozen=True, slots=True)
class Place:
    """`line` from 1; `anchor`: the name by which an address leads to a heading; `boxed`: part of a box."""

    line: int = 1
    anchor: str | None = None
    boxed: bool = False


class Places:
    """Finds the place of each block in turn; trafilatura drops line numbers and names."""

    _AHEAD = 400  # elements searched for a block whose text is only part of an element

    def __init__(self, tree: etree._Element) -> None:
        anchors = _anchors(tree)
        self._places = [
            (
                squeeze("".join(element.itertext())),
                Place(element.sourceline or 1, anchors.get(element), _boxed(element)),
            )
            for element in tree.iter(*_LINED)
            if element.tag != "div" or not any(child.tag in _LINED for child in element)
        ]
        self._first: dict[str, list[int]] = {}
        for at, (text, _) in enumerate(self._places):
            self._first.setdefault(text, []).append(at)
        self._at = 0

    def of(self, text: str) -> Place:
        """The place of the next element that holds `text`; that of the last found one, unnamed, if there is none."""
        text = NUMBER.sub("", text)
        same = self._first.get(text, [])
        later = bisect_left(same, self._at)
        exact = same[later] if later < len(same) else None
        if exact is None:
            needle = text.split(" | ")[0][:60]
            ahead = range(self._at, min(self._at + self._AHEAD, len(self._places)))
            exact = next((at for at in ahead if needle in self._places[at][0]), None)
        if exact is None:
            return Place(self._places[self._at][1].line) if self._places else Place()
        self._at = exact
        return self._places[exact][1]


def squeeze(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())


def _boxed(element: etree._Element) -> bool:
    return any(e.get(BOX) is not None for e in (element, *islice(element.iterancestors(), MAX_AROUND)))


def _name(element: etree._Element) -> str | None:
    """The name by which an address can lead to an element."""
    name = element.get("id") or (element.get("name") if element.tag == "a" else None)
    return name if name and not re.search(r"\s", name) else None


def _anchors(tree: etree._Element) -> dict[etree._Element, str]:
    """The names of headings.

    A heading's own, else one inside it, else the last before it with no text between them, else that of the part of the
    page that it is the first heading of.
    """
    found: dict[etree._Element, str] = {}
    waiting: str | None = None
    opened: set[etree._Element] = set()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if not isinstance(element.tag, str) or element.tag in _WHOLE:
            continue
        if event == "start":
            waiting = _name(element) or waiting
            if element.tag in HEADINGS:
                inside = next((name for part in element.iter("*") if (name := _name(part))), None)
                name = inside or waiting or _part(element, opened)
                if name:
                    found[element] = name
                opened.update(islice(element.iterancestors(), MAX_AROUND))
            if (element.text or "").strip():
                waiting = None
        if event == "end" and (element.tail or "").strip():
            waiting = None
    return found


def _part(heading: etree._Element, opened: set[etree._Element]) -> str | None:
    """The name of the nearest named part around a heading that holds no heading before it."""
    for around in islice(heading.iterancestors(), MAX_AROUND):
        if around in opened:
            return None
        if around.tag in _PARTS and (name := _name(around)):
            return name
    return None
