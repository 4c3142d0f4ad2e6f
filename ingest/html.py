"""Reads a web page: its main content by trafilatura, as headings, paragraphs, list items and table rows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from copy import deepcopy
from dataclasses import replace

import lxml.html
import trafilatura
from lxml import etree
from trafilatura.settings import DEFAULT_CONFIG, Document

from assistant.errors import UnreadableError
from assistant.texts_nl import WARNING_FOR_SEARCH_ENGINES
from assistant.types import Kind
from ingest import html_found, html_parts, html_questions, unseen
from ingest.blocks import Block, Part, Reading
from ingest.clean import tidy
from ingest.html_places import NUMBER, Place, Places, squeeze
from ingest.lines import Line
from ingest.shapes import settle

MAX_LEVEL = 6
LONGEST_NOTICE = 40  # words
MAX_ELEMENTS = 200_000  # the longest pages of law texts have some 50,000
MAX_DEPTH = 200  # nesting of elements that is still walked; pages made to exhaust the stack go deeper
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_META_WITHIN = 2048  # bytes; HTML asks for the charset within the first 1024
_FLOW = {"div", "body", "main", "section"}


def read(data: bytes) -> Reading:
    """Read one page. Raises UnreadableError (broken, too_heavy, no_text, no_content, script, moved)."""
    text = decode(data)
    # a page that marks no main part may lose its headings: say which part it is, and they come along
    framed = _tree(text)
    if not _frame(framed):
        return _read(_tree(text))
    try:
        plain = _read(_tree(text))
    except UnreadableError:
        return _read(framed)
    try:
        reading = _read(framed)
    except UnreadableError:
        return plain
    return reading if _headings(reading) > _headings(plain) else plain


def _read(tree: etree._Element) -> Reading:
    objects = html_questions.stated(tree)
    stated = html_found.found(tree, objects)
    empty = _why_empty(tree)
    etree.strip_elements(tree, "script", "style", with_tail=False)
    html_questions.unfold(tree)
    left_out = unseen.take_out(tree)
    for button in tree.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]//button"):
        button.drop_tag()
    added = html_questions.add(tree, html_questions.asked(objects))
    html_parts.prepare(tree)
    for line_break in tree.iter("br"):
        line_break.tail = " " + (line_break.tail or "")
    places, title = Places(tree), _title(tree)
    extracted = _extracted(tree)
    body = extracted.body if extracted is not None else None
    drafts = html_parts.without_service(list(_Walk().blocks(body))) if body is not None else []
    blocks = [_tidied(block, places.of(block.text)) for block in drafts]
    if not any(character.isalpha() for block in blocks for character in block.text):
        raise UnreadableError("no main content on the page", why=empty)
    if empty == "script" and _is_notice(blocks):
        raise UnreadableError("a notice that scripts are needed", why=empty)
    if title is not None and not any(block.text == title.text for block in blocks):
        blocks.insert(0, title)
    pairs = (("title", "title"), ("publisher", "sitename"), ("published", "date"), ("url", "url"))
    own = {key: value for key, field in pairs if (value := getattr(extracted, field))}
    warnings = list(unseen.hidden([text for text in left_out if text not in added]))
    if added:
        warnings.append(WARNING_FOR_SEARCH_ENGINES.format(count=len(added)))
    return Reading(settle(block for block in blocks if block.text), warnings=tuple(warnings), found=own | stated)


def _extracted(tree: etree._Element) -> Document | None:
    found = trafilatura.bare_extraction(
        tree,
        config=_config(),
        include_comments=False,
        include_tables=True,
        include_links=True,
        favor_recall=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    return found if isinstance(found, Document) else None


def _why_empty(tree: etree._Element) -> str:
    """What to say of a page in which nothing is found: it goes on elsewhere, needs its scripts, or is empty."""
    refresh = (element.get("http-equiv", "").lower() == "refresh" for element in tree.iter("meta"))
    if any(refresh):
        return "moved"
    return "script" if next(tree.iter("script"), None) is not None else "no_content"


def _is_notice(blocks: Sequence[Block]) -> bool:
    """Whether all that is read says that the page needs its scripts."""
    text = " ".join(block.text for block in blocks)
    return len(text.split()) <= LONGEST_NOTICE and "javascript" in text.lower()


def _title(tree: etree._Element) -> Block | None:
    """The page's one heading of the top level; sites often put it beside the part that holds the text."""
    headings = [element for element in tree.iter("h1") if "".join(element.itertext()).strip()]
    if len(headings) != 1:
        return None
    text = squeeze("".join(headings[0].itertext()))
    return _tidied(Block(Part.HEADING, Kind.BODY, text, 0, 1), Places(tree).of(text))


def _headings(reading: Reading) -> int:
    return sum(block.part is Part.HEADING for block in reading.blocks)


def _frame(tree: etree._Element) -> bool:
    """Wrap the body in `main` where a page has headings but names no main part; whether that was so."""
    body = tree.find("body")
    if body is None or tree.xpath("//main|//article|//*[@role='main']"):
        return False
    etree.strip_elements(body, "nav", "footer", with_tail=False)
    if not body.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"):
        return False
    main = etree.Element("main")
    main.text, body.text = body.text, None
    main.extend(list(body))
    body.append(main)
    return True


def _tidied(block: Block, place: Place) -> Block:
    line = tidy(Line(place.line, block.text))
    anchor = place.anchor if block.part is Part.HEADING else None
    kind = Kind.BOX if place.boxed and block.kind in {Kind.BODY, Kind.LIST} else block.kind
    return replace(block, text=line.text, line=place.line, edits=line.edits, anchor=anchor, kind=kind)


def decode(data: bytes) -> str:
    """Decode by byte order mark, as UTF-8 where it is that, then as the page says, then as Windows-1252."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    stated = _META_CHARSET.search(data[:_META_WITHIN])
    named = stated.group(1).decode("ascii", "replace") if stated else "utf-8"
    try:
        # text in another encoding is hardly ever valid UTF-8, while servers often say another one than the page has
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        # browsers read a page that says Latin-1 as Windows-1252
        encoding = "cp1252" if codecs.lookup(named).name == "iso8859-1" else codecs.lookup(named).name
        return data.decode(encoding, "strict" if encoding == "utf-8" and not _mostly_utf8(data) else "replace")
    except (LookupError, UnicodeDecodeError):
        return data.decode("cp1252", "replace")


def _mostly_utf8(data: bytes) -> bool:
    """Whether more letters beyond ASCII are whole in UTF-8 than broken."""
    text = data.decode("utf-8", "replace")
    return text.count("\ufffd") < sum(1 for character in text if character > "\x7f" and character != "\ufffd")


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
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        raise UnreadableError("too many elements", why="too_heavy")
    # control characters, which a page can also write as numbers, may stand in no text that is moved about
    for element in tree.iter("*"):
        element.text, element.tail = (_ILLEGAL.sub("", text) if text else text for text in (element.text, element.tail))
        if element.get("style"):
            element.set("style", _ILLEGAL.sub("", element.get("style")))
    return tree


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
            own = squeeze("".join(_own_text(item, skip="list")))
            ordered = element.get("rend") == "ol" and not NUMBER.match(own)
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
    text = squeeze(text)
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
    return squeeze("".join(element.itertext()))
