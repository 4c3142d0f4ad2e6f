"""Prepares a page for the search of its main part: what serves the site goes, boxes and tables get a plain form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from itertools import islice

from lxml import etree

from assistant.types import Kind
from ingest import unseen
from ingest.blocks import Block, Part
from ingest.clean import BULLET
from ingest.html_places import BOX, squeeze
from ingest.html_questions import HEADINGS
from ingest.shapes import CAPTION

# Names by which sites mark what is about the site: consent, sharing, other pages, reactions.
_SERVICE = re.compile(
    r"(?:^|[-_\s])(?:cookies?|consent|onetrust|gdpr|cookiebar|newsletter|nieuwsbrief|breadcrumbs?|kruimelpad|sharing"
    r"|share|social|sharedaddy|addtoany|related|gerelateerd|most-?read|meest-?gelezen|feedback|reacties|comments"
    r"|skip-?links?|pagination|paging|paginering|wpcli|cli-bar)(?:$|[-_\s])",
    re.IGNORECASE,
)
_BOXES = re.compile(
    r"(?:^|[-_])(?:callout|kader|tip|notice|attention|infobox|info-?box|alert|highlight|admonition|well|textbox"
    r"|tekstkader|aandacht)(?:$|[-_])",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"^(?:zie ook|lees (?:ook|meer|verder)|(?:meer|verder) lezen|meer (?:over|informatie|weten|nieuws)\b.*|gerelateerd\w*\b.*"
    r"|verwante\b.*|meest gelezen|recente berichten|ook interessant|deel (?:dit|deze)\b.*|relevante links|bekijk ook)\W*$",
    re.IGNORECASE,
)
# Words that stand in the last line of a site, and how long such a line is.
_SITE = re.compile(
    r"\b(?:privacy(?:verklaring|statement)?|disclaimer|cookies|cookiebeleid|sitemap|colofon|proclaimer)\b", re.I
)
LONGEST_LINE = 12
# A part that holds this share of all words is the page itself, whatever its name.
MOST = 0.4
LEAST_BOX = 6  # words
LINKED = 0.5  # share of letters in links from which a part only leads elsewhere
LONGEST_HEADING = 100
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "br",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
    }
)
_BLOCKS = ("p", "div", "ul", "ol", "table", "section", "article", "blockquote", "dl", *HEADINGS)
_UNFINISHED = (".", ",", ";", ":", "!", "…")
MAX_SPAN = 50  # rows that one cell may cover; pages made to exhaust a reader state more


def prepare(tree: etree._Element) -> None:
    """Take out what serves the site, mark boxes, and give lists, tables and headings their plain form."""
    words = len(_text(tree).split()) or 1
    _take_out_service(tree, words)
    for element in list(tree.iter("aside", "div", "section", "p", "blockquote")):
        if _is_box(element, words):
            element.tag = "div" if element.tag == "aside" else element.tag
            element.set(BOX, "")
    for paragraph in list(tree.iter("p")):
        _listed(paragraph)
    for paragraph in list(tree.iter("p")):
        _headed(paragraph)
    for table in tree.iter("table"):
        _table(table)
    for caption in list(tree.iter("figcaption")):
        caption.tag = "p"
        caption.attrib.pop("class", None)
        if caption.getparent().tag == "figure":
            caption.getparent().tag = "div"
    for part in list(tree.iter("div", "section", "article", "main", "blockquote")):
        _wrap(part)


def _take_out_service(tree: etree._Element, words: int) -> None:
    for form in list(tree.iter("form")):  # sites that put the whole page into one
        if form.find(".//h1") is not None or len(_text(form).split()) > MOST * words:
            form.tag = "div"
    for element in list(tree.iter("div", "section", "aside", "ul", "p", "nav")):
        if element.getparent() is None or element.tag == "body":
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _SERVICE.search(names) and len(_text(element).split()) < MOST * words and element.find(".//h1") is None:
            unseen.drop(element)


def _is_box(element: etree._Element, words: int) -> bool:
    text = _text(element)
    names = (element.get("class") or "").split()
    named = element.tag == "aside" or element.get("role") == "note" or any(_BOXES.search(name) for name in names)
    if not named or not LEAST_BOX <= len(text.split()) < MOST * words or element.find(".//form") is not None:
        return False
    around = [other for other in islice(element.iterancestors(), unseen.MAX_AROUND) if isinstance(other.tag, str)]
    if any(other.tag in {"nav", "header", "footer", "aside"} or other.get(BOX) is not None for other in around):
        return False
    if element.tag == "aside" and not any(
        other.tag in {"main", "article"} or other.get("role") == "main" for other in around
    ):
        return False
    linked = sum(len(_text(link)) for link in element.iter("a"))
    heading = next(element.iter(*HEADINGS, "strong"), None)
    return linked < LINKED * len(text) and not (heading is not None and _RELATED.match(_text(heading)))


def _wrap(part: etree._Element) -> None:
    """Make paragraphs of the loose text between other parts, which the search for the main part would drop."""
    loose: list[etree._Element | str] = [part.text or ""]
    runs: list[tuple[int, list[etree._Element | str]]] = [(0, loose)]
    for at, child in enumerate(part):
        inline = child.tag in _INLINE and next(child.iter(*_BLOCKS), None) is None
        if inline:
            runs[-1][1].append(child)
            runs[-1][1].append(child.tail or "")
        else:
            runs.append((at + 1, [child.tail or ""]))
    for at, run in reversed(runs):
        words = "".join(piece if isinstance(piece, str) else "".join(piece.itertext()) for piece in run)
        if not words.strip() or all(not isinstance(piece, str) or not piece.strip() for piece in run):
            continue
        paragraph = etree.Element("p")
        before = part[at - 1] if at else None
        if before is not None:
            before.tail = None
        else:
            part.text = None
        for piece in run:
            _append(paragraph, piece)
        part.insert(at, paragraph)


def _append(paragraph: etree._Element, piece: etree._Element | str) -> None:
    if not isinstance(piece, str):
        piece.tail = None
        paragraph.append(piece)
    elif len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "") + piece
    else:
        paragraph.text = (paragraph.text or "") + piece


def _listed(paragraph: etree._Element) -> None:
    """Make a list of the lines of a paragraph that begin with a typed mark."""
    if len(paragraph.findall("br")) < 2 or any(
        child.tag not in {"br", "strong", "b", "em", "i"} for child in paragraph
    ):
        return
    lines: list[list[str]] = [[paragraph.text or ""]]
    for child in paragraph:
        if child.tag == "br":
            lines.append([child.tail or ""])
        else:
            lines[-1] += ["".join(child.itertext()), child.tail or ""]
    texts = [text for line in lines if (text := squeeze("".join(line)))]
    marked = [index for index, text in enumerate(texts) if BULLET.match(text)]
    if len(marked) < 2 or marked != list(range(marked[0], len(texts))) or marked[0] > 1:
        return
    items = etree.Element("ul")
    items.tail, paragraph.tail = paragraph.tail, None
    for text in texts[marked[0] :]:
        etree.SubElement(items, "li").text = BULLET.sub("", text)
    paragraph.addnext(items)
    for child in list(paragraph):
        paragraph.remove(child)
    paragraph.text = " ".join(texts[: marked[0]])


def _headed(paragraph: etree._Element) -> None:
    """Make a heading of a short bold line above a paragraph or list."""
    bold = next((child for child in paragraph if child.tag in {"b", "strong"}), None)
    text = _text(paragraph)
    if bold is None or _text(bold) != text or len(text) > LONGEST_HEADING or text.endswith(_UNFINISHED):
        return
    following = paragraph.getnext()
    if following is None or following.tag not in {"p", "ul", "ol", "table", "div"} or not _text(following):
        return
    if CAPTION.match(text) or paragraph.find(".//a") is not None or not any(c.isalpha() for c in text):
        return
    second = next((child for child in following if child.tag in {"b", "strong"}), None)
    if following.tag == "p" and second is not None and _text(second) == _text(following):
        return
    before = next((e for e in paragraph.itersiblings(*HEADINGS, preceding=True)), None)
    if before is None:
        before = next((e for e in paragraph.iterancestors() if e.tag in {"li", "td", "blockquote"}), None)
        if before is not None:
            return
    if any(around.get(BOX) is not None for around in paragraph.iterancestors()) and before is None:
        paragraph.tag = "h4"
        return
    # stands below the last heading that is no bold line itself
    levels = [int(e.tag[1]) for e in paragraph.itersiblings(*HEADINGS, preceding=True) if e.get("data-bold") is None]
    paragraph.tag = f"h{min((levels[0] if levels else 1) + 1, 6)}"
    paragraph.set("data-bold", "")


def _table(table: etree._Element) -> None:
    """Put a cell that covers several rows in each of them, and the caption before the table."""
    caption = table.find("caption")
    if caption is not None:
        caption.tag = "p"
        table.addprevious(caption)
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for at, row in enumerate(rows):
        column = 0
        for cell in [child for child in row if child.tag in {"td", "th"}]:
            covers, cell_rows = _count(cell.get("colspan")), _count(cell.get("rowspan"))
            cell.attrib.pop("rowspan", None)
            for below in rows[at + 1 : at + cell_rows]:
                copy = deepcopy(cell)
                copy.tail = None
                copy.attrib.pop("id", None)
                below.insert(min(column, len(below)), copy)
            column += 1 if covers < 1 else 1


def _count(stated: str | None) -> int:
    return min(int(stated), MAX_SPAN) if stated and stated.isdigit() else 1


def without_service(blocks: Sequence[Block]) -> list[Block]:
    """Leave out lines about the site, and parts that only lead to other pages, under a heading that says so."""
    blocks = [block for block in blocks if not _about_the_site(block)]
    result: list[Block] = []
    start = 0  # of the part in hand: a heading and what stands below it
    for end in range(1, len(blocks) + 1):
        if end == len(blocks) or blocks[end].part is Part.HEADING:
            heading, *part = blocks[start:end]
            leads = heading.part is Part.HEADING and _RELATED.match(heading.text) and part
            if not (leads and all(block.kind is Kind.LINK for block in part)):
                result += blocks[start:end]
            start = end
    return result


def _about_the_site(block: Block) -> bool:
    short = len(block.text.split()) <= LONGEST_LINE and not block.text.endswith((".", "!", "?", ":"))
    return block.part is Part.PARAGRAPH and short and _SITE.search(block.text) is not None


def _text(element: etree._Element) -> str:
    return squeeze("".join(element.itertext()))
