"""Opens what a page folds away: each question of a list of questions becomes a heading, with its answer below it.

Pages fold answers in many ways: `details`, a button that says what it opens, pairs of elements named question and
answer, definition lists, and statements for search engines (schema.org) of questions that a script puts on the screen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any

import lxml.html
from lxml import etree

from ingest import unseen
from ingest.shapes import POINTER

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LONGEST_QUESTION = 250  # characters
LEAST_ANSWER = 3  # words
MAX_STATED = 1 << 20  # characters of statements for search engines
MAX_DEPTH = 50
_AROUND = frozenset({"nav", "header", "footer", "form", "dialog"})
_PRESSED = re.compile(
    r"^(?:toon|lees|meer|minder|bekijk|sluit\w*|menu|zoek\w*|filter\w*|deel|open|verberg|laad|alles?|submenu)\b",
    re.IGNORECASE,
)
_FOLDED = r"faq|accord[ei]on|toggle|collaps|uitklap|harmonica|expand|question|vraag"
_ASKS = re.compile(
    rf"^(?=.*(?:{_FOLDED})).*(?:question|vraag|title|titel|head|header|heading|trigger|button|toggle|summary|label)s?$",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"(?:answer|antwoord|content|inhoud|panel|paneel|body|collapse|collapsible|text|tekst)s?$", re.IGNORECASE
)
_ENDS_SENTENCE = re.compile(r"[.!?][\"”’)]*$")
_LONG_DEFINITION = 6  # words; shorter ones are data such as a place and a date


@dataclass(frozen=True, slots=True)
class Stated:
    """A question with its answer as HTML, as a page states them for search engines."""

    question: str
    answer: str


def stated(tree: etree._Element) -> list[Any]:
    """The objects in the page's JSON-LD, those inside others too."""
    found: list[Any] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json" and len(script.text or "") <= MAX_STATED:
            try:
                found += _objects(json.loads(script.text or ""), 0)
            except (ValueError, RecursionError):
                continue
    return found


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(part, depth + 1)


def of_type(value: dict[str, Any], *names: str) -> bool:
    """Whether a JSON-LD object is of one of these types."""
    types = value.get("@type")
    return any(str(kind).rpartition("/")[2] in names for kind in (types if isinstance(types, list) else [types]))


def asked(objects: Sequence[dict[str, Any]]) -> list[Stated]:
    """The questions among JSON-LD objects."""
    result = []
    for value in objects:
        if of_type(value, "Question"):
            answers = value.get("acceptedAnswer") or value.get("suggestedAnswer") or []
            texts = [
                a.get("text") for a in (answers if isinstance(answers, list) else [answers]) if isinstance(a, dict)
            ]
            question, answer = _bare(str(value.get("name") or "")), next((t for t in texts if isinstance(t, str)), "")
            if question and answer.strip():
                result.append(Stated(question, unescape(answer) if "&lt;" in answer else answer))
    return result


def unfold(tree: etree._Element) -> None:
    """Make each question a heading and show its answer."""
    unseen.unfold(tree)
    chosen: dict[etree._Element, None] = {}
    for name, choose in (("details", _details), ("*", _microdata), ("*", _pressed), ("*", _named), ("dl", _defined)):
        for element in list(tree.iter(name)):
            for question in choose(element):
                chosen.setdefault(question)
    level = 1
    for element in list(tree.iter("*")):
        if element in chosen:
            _set_heading(element, min(level + 1, 6))
        elif element.tag in HEADINGS and not any(around in chosen for around in element.iterancestors()):
            level = int(element.tag[1])


def add(tree: etree._Element, questions: Sequence[Stated]) -> list[str]:
    """Put in answers that only the statements for search engines hold; returns their texts."""
    added: list[str] = []
    if not questions:
        return added
    seen = _bare("".join(tree.itertext()))
    shown = [place for stated_ in questions if (place := _shows(tree, stated_.question)) is not None]
    level = min((int(place.tag[1]) for place in shown if place.tag in HEADINGS), default=2)
    for stated_ in questions:
        answer = lxml.html.fragment_fromstring(stated_.answer, create_parent="div")
        etree.strip_elements(answer, "script", "style", "iframe", etree.Comment, with_tail=False)
        unseen.take_out(answer)
        text = _bare(answer.text_content())
        place = _shows(tree, stated_.question)
        if place is not None and place.tag not in HEADINGS and not _inside(place, HEADINGS):
            _set_heading(place, level)
        if not text or text[:80] in seen:
            continue
        added.append(text)
        if place is None:
            container = next(iter(tree.xpath("//main|//article|//*[@role='main']")), tree.find("body"))
            if container is None:
                continue
            place = etree.SubElement(container, f"h{level}")
            place.text = stated_.question
        heading = next((e for e in (place, *place.iterancestors()) if e.tag in HEADINGS), place)
        answer.tail, heading.tail = heading.tail, None
        heading.addnext(answer)
    return added


def _shows(tree: etree._Element, question: str) -> etree._Element | None:
    """The innermost element that holds the question and nothing else."""
    found = None
    for element in tree.iter("*"):
        if (
            element.tag not in {"head", "title", "html", "script"}
            and _bare("".join(islice(element.itertext(), 20))) == question
        ):
            found = element
    return found


def _details(element: etree._Element) -> Iterator[etree._Element]:
    summary = element.find("summary")
    if summary is not None and _text(summary):
        element.tag = "div"
        yield from _bare_or_heading(summary)


def _microdata(element: etree._Element) -> Iterator[etree._Element]:
    if not (element.get("itemtype") or "").rstrip("/").endswith("schema.org/Question"):
        return
    name = next((e for e in element.iter("*") if e.get("itemprop") == "name"), None)
    answer = next((e for e in element.iter("*") if "Answer" in (e.get("itemprop") or "")), None)
    if name is not None and answer is not None and _asks(name):
        for part in (answer, *answer.iter("*")):
            if part.get("itemprop"):
                unseen.show(part)
        yield from _bare_or_heading(name)


def _pressed(element: etree._Element) -> Iterator[etree._Element]:
    """A button that opens a part of the page."""
    if element.get("aria-expanded") is None and element.get("aria-controls") is None:
        return
    if element.tag not in {"button", "a", "div", "span", "p", "strong"} or element.get("role") == "tab":
        return
    if _asks(element) and not _inside(element, _AROUND) and _answer(element, None) is not None:
        yield from _bare_or_heading(element)


def _named(element: etree._Element) -> Iterator[etree._Element]:
    """An element named as a question or the head of a part that folds, before one named as its content."""
    names = (element.get("class") or "").split()
    if any(_ASKS.match(name) for name in names) and _asks(element) and not _inside(element, _AROUND):
        answer = _answer(element, _ANSWERS)
        if answer is not None:
            unseen.show(answer)
            yield from _bare_or_heading(element)


def _defined(element: etree._Element) -> Iterator[etree._Element]:
    """The terms of a definition list that holds questions or definitions, not data such as a place and a date."""
    terms = [child for child in element.iter("dt") if _text(child)]
    if not terms or not all(_asks(term) or len(_text(term)) <= LONGEST_QUESTION for term in terms):
        return
    texts = [_text(child) for child in element.iter("dd")]
    long = [text for text in texts if len(text.split()) >= _LONG_DEFINITION and _ENDS_SENTENCE.search(text)]
    asks = [term for term in terms if _text(term).endswith("?")]
    if 2 * len(asks) < len(terms) and 2 * len(long) < len(texts):
        return
    for child in element.iter("dd"):
        unseen.show(child)
        child.tag = "div"
    element.tag = "div"
    yield from terms


def _asks(element: etree._Element) -> bool:
    """Whether its text can be a question or the title of a part: a few words that are no order to the reader."""
    text = _text(element)
    return (
        len(text.split()) >= 2
        and len(text) <= LONGEST_QUESTION
        and not (_PRESSED.match(text) and len(text.split()) <= 3)
        and not POINTER.match(text)
    )


def _answer(element: etree._Element, named: re.Pattern[str] | None) -> etree._Element | None:
    """The part that follows a question, beside it or beside what wraps it; with a name that fits `named`, if given."""
    for around in (element, *islice(element.iterancestors(), 2)):
        following = around.getnext()
        if following is not None and isinstance(following.tag, str):
            names = (following.get("class") or "").split()
            fits = named is None or any(named.search(name) for name in names)
            return following if fits and len(_text(following).split()) >= LEAST_ANSWER else None
        if _text(around) != _text(element):
            return None
    return None


def _bare_or_heading(element: etree._Element) -> Iterator[etree._Element]:
    """The element, unless a heading stands in it or around it, which then stays what it is."""
    if next(element.iter(*HEADINGS), None) is None and not _inside(element, HEADINGS):
        yield element
    else:
        element.attrib.pop("role", None)
        if _inside(element, HEADINGS):
            element.drop_tag()
        elif element.tag in {"button", "a", "summary"}:
            element.tag = "div"


def _set_heading(element: etree._Element, level: int) -> None:
    """Turn the element into a heading that no list, paragraph or link holds any more."""
    for child in element.xpath(".//a|.//button|.//div|.//p|.//span"):
        child.tag = "span"
    element.tag = f"h{level}"
    element.attrib.pop("role", None)
    for around in islice(element.iterancestors(), 4):
        if around.tag in {"li", "ul", "ol", "p", "a", "strong", "b", "span", "button"}:
            around.tag = "div"
        elif around.tag in {"main", "article", "section", "body"}:
            break


def _inside(element: etree._Element, names: Sequence[str] | frozenset[str]) -> bool:
    return any(around.tag in names for around in islice(element.iterancestors(), unseen.MAX_AROUND))


def _text(element: etree._Element) -> str:
    return _bare("".join(element.itertext()))


def _bare(text: str) -> str:
    return " ".join(text.split())
