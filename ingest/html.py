"""Reads a web page: its main content by trafilatura, as headings, paragraphs, list items and table rows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from configparser import ConfigParser
from copy import deepcopy
from dataclasses import replace

import lxml.html
import trafilatura
from lxml import etree
from trafilatura.settings import DEFAULT_CONFIG, Document

from assistant.errors import UnreadableError
from assistant.types import Kind
from ingest import unseen
from ingest.blocks import Block, Part, Reading
from ingest.clean import tidy
from ingest.lines import Line
from ingest.shapes import settle

MAX_LEVEL = 6
MAX_DEPTH = 200  # nesting of elements that is still walked; pages made to exhaust the stack go deeper
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_WITHIN = 2048  # bytes; HTML asks for the charset within the first 1024
_LINED = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "td", "th", "tr", "dt", "dd", "blockquote", "summary", "div"}
_NUMBER = re.compile(r"\d+[.)]\s+")
_FLOW = {"div", "body", "main", "section"}


def read(data: bytes) -> Reading:
    """Read one page. Raises UnreadableError (broken, no_text)."""
    text = decode(data)
    reading = _read(_tree(text))
    if _has_heading(reading):
        return reading
    # a page that marks no main part gives bare paragraphs: say which part it is, and its headings come along
    tree = _tree(text)
    if not _frame(tree):
        return reading
    framed = _read(tree)
    return framed if _has_heading(framed) else reading


def _read(tree: etree._Element) -> Reading:
    unseen.unfold(tree)
    left_out = unseen.take_out(tree)
    for button in tree.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]//button"):
        button.drop_tag()
    lines = _Lines(tree)
    extracted = trafilatura.bare_extraction(
        tree,
        config=_config(),
        include_comments=False,
        include_tables=True,
        include_links=True,
        favor_recall=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    body = extracted.body if isinstance(extracted, Document) else None
    blocks = [_tidied(block, lines.of(block.text)) for block in _Walk().blocks(body)] if body is not None else []
    if not blocks:
        raise UnreadableError("no main content on the page", why="no_text")
    pairs = (("title", "title"), ("publisher", "sitename"), ("published", "date"), ("url", "url"))
    stated = {key: value for key, field in pairs if (value := getattr(extracted, field))}
    return Reading(settle(block for block in blocks if block.text), warnings=unseen.hidden(left_out), found=stated)


def _has_heading(reading: Reading) -> bool:
    return any(block.part is Part.HEADING for block in reading.blocks)


def _frame(tree: etree._Element) -> bool:
    """Wrap the body in `main` where a page has headings but names no main part; whether that was so."""
    body = tree.find("body")
    if body is None or tree.xpath("//main|//article|//*[@role='main']"):
        return False
    etree.strip_elements(body, "nav", "footer", "aside", "form", with_tail=False)
    if not body.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"):
        return False
    main = etree.Element("main")
    main.text, body.text = body.text, None
    main.extend(list(body))
    body.append(main)
    return True


def _tidied(block: Block, number: int) -> Block:
    line = tidy(Line(number, block.text))
    return replace(block, text=line.text, line=number, edits=line.edits)


def decode(data: bytes) -> str:
    """Decode by byte order mark, then the page's own statement, then UTF-8, then Windows-1252, as browsers do."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    stated = _META_CHARSET.search(data[:_META_WITHIN])
    for encoding in (*((stated.group(1).decode("ascii", "replace"),) if stated else ()), "utf-8"):
        try:
            # browsers read a page that says Latin-1 as Windows-1252
            return data.decode("cp1252" if codecs.lookup(encoding).name == "iso8859-1" else encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


def _config() -> ConfigParser:
    """Defaults, but short pages keep their structure: below 250 characters trafilatura would flatten them."""
    config: ConfigParser = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "1"
    return config


def _tree(text: str) -> etree._Element:
    # lxml refuses a str that carries an XML encoding declaration, so it gets bytes and is told what they are
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        tree: etree._Element = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError(f"not a web page: {error}", why="broken") from error
    etree.strip_elements(tree, "script", "style", with_tail=False)
    for line_break in tree.iter("br"):
        line_break.tail = " " + (line_break.tail or "")
    return tree


class _Lines:
    """Finds the line of the original on which a block stands; trafilatura drops line numbers."""

    _AHEAD = 400  # elements searched for a block whose text is only part of an element

    def __init__(self, tree: etree._Element) -> None:
        self._places = [
            (_squeeze("".join(element.itertext())), element.sourceline or 1)
            for element in tree.iter(*_LINED)
            if element.tag != "div" or not len(element)
        ]
        self._first: dict[str, list[int]] = {}
        for at, (text, _) in enumerate(self._places):
            self._first.setdefault(text, []).append(at)
        self._at = 0

    def of(self, text: str) -> int:
        """Line from 1 of the next element that holds `text`, the last found one if there is none."""
        text = _NUMBER.sub("", text)
        exact = next((at for at in self._first.get(text, ()) if at >= self._at), None)
        if exact is None:
            needle = text.split(" | ")[0][:60]
            ahead = range(self._at, min(self._at + self._AHEAD, len(self._places)))
            exact = next((at for at in ahead if needle in self._places[at][0]), None)
        if exact is not None:
            self._at = exact
        return self._places[self._at][1] if self._places else 1


class _Walk:
    """Turns trafilatura's tree into blocks. Lines are filled in afterwards."""

    def __init__(self) -> None:
        self._level = 1  # of the last heading that states one

    def blocks(self, element: etree._Element, depth: int = 0) -> Iterator[Block]:
        """Blocks of a container: its child elements and the loose text between them."""
        loose: list[str] = [element.text or ""]
        for child in element:
            handle = {"head": self._heading, "list": self._list, "table": self._table}.get(child.tag)
            if handle is None and child.tag not in {"p", "quote", "code", *_FLOW}:
                loose += ["".join(child.itertext()), child.tail or ""]
                continue
            yield from _paragraph("".join(loose))
            if handle is not None:
                yield from handle(child)
            elif depth < MAX_DEPTH and any(c.tag in {"p", "list", "table", "head", "quote", *_FLOW} for c in child):
                yield from self.blocks(child, depth + 1)
            else:
                yield from _paragraph(_text(child), child)
            loose = [child.tail or ""]
        yield from _paragraph("".join(loose))

    def _heading(self, element: etree._Element) -> Iterator[Block]:
        stated = re.fullmatch(r"h([1-6])", element.get("rend") or "")
        # the summary of a collapsed part states no level: it stands under the heading before it
        level = int(stated.group(1)) if stated else min(self._level + 1, MAX_LEVEL)
        if stated:
            self._level = level
        if text := _text(element):
            yield Block(Part.HEADING, Kind.BODY, text, 0, level)

    def _list(self, element: etree._Element, depth: int = 1) -> Iterator[Block]:
        for number, item in enumerate(element, 1):
            nested = [child for child in item if child.tag == "list"]
            own = _squeeze("".join(_own_text(item, skip="list")))
            ordered = element.get("rend") == "ol" and not _NUMBER.match(own)
            deeper = depth + ((item.get("rend") or "").startswith("dd"))
            kind, address = _link(item, own) if not nested else (Kind.LIST, None)
            if own:
                text = f"{number}. {own}" if ordered else own
                yield Block(Part.ITEM, kind or Kind.LIST, text, 0, deeper, address=address)
            for child in nested if depth < MAX_DEPTH else ():
                yield from self._list(child, depth + 1)

    def _table(self, element: etree._Element) -> Iterator[Block]:
        if element.find(".//cell//list") is not None or element.find(".//cell//head") is not None:
            for cell in element.iter("cell"):  # a table that only serves the layout
                yield from self.blocks(cell)
            return
        for row in element.iter("row"):
            cells = [_text(cell) for cell in row.iter("cell")]
            if text := " | ".join(cells).rstrip("| "):
                yield Block(Part.PARAGRAPH, Kind.TABLE, text, 0)


def _paragraph(text: str, element: etree._Element | None = None) -> Iterator[Block]:
    text = _squeeze(text)
    if text:
        kind, address = _link(element, text)
        yield Block(Part.PARAGRAPH, kind or Kind.BODY, text, 0, address=address)


def _link(element: etree._Element | None, text: str) -> tuple[Kind | None, str | None]:
    """A block that is one link and nothing else is no sentence to quote."""
    links = element.findall(".//ref") if element is not None else []
    if len(links) == 1 and _text(links[0]) == text and not text.endswith((".", "!")):
        return Kind.LINK, links[0].get("target")
    return None, None


def _own_text(element: etree._Element, skip: str) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag != skip:
            yield " " if child.tag in {"lb", "p", "head"} else ""
            yield _text(child) if child.tag in {"p", "head"} else "".join(child.itertext())
        yield " " if child.tag in {"lb", "p", "head", skip} else ""
        yield child.tail or ""


def _text(element: etree._Element) -> str:
    return _squeeze("".join(element.itertext()))


def _squeeze(text: str) -> str:
    return " ".join(text.split())
