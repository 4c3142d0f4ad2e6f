"""A paper as a Word file: named styles, real links, a footer with page numbers, Dutch as its language."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, time

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from assistant import texts_nl as nl
from assistant.export import Block, Look, Paper, Publication

FONT = "Calibri"
BODY_POINTS = 10
MARGIN = Cm(2)
ACCENT = RGBColor(0x0B, 0x5D, 0x66)  # 7.6:1 on white
GREY = RGBColor(0x4A, 0x55, 0x59)  # 7.5:1 on white
MAX_PROPERTY = 255  # characters that Word keeps of a title
_LOOKS = {Look.OWN: "own", Look.NOTE: "note", Look.WRITTEN: "written"}


def docx(paper: Paper) -> bytes:
    """The paper as the bytes of a .docx file."""
    document = Document()
    _set_up(document, paper)
    document.add_paragraph(paper.title, "Title")
    addresses = paper.addresses()
    for block in paper.blocks:
        _write(document, block, addresses)
    if paper.publications:
        document.add_paragraph(nl.EXPORT_SOURCES, "Heading 1")
    for number, each in enumerate(paper.publications):
        _publication(document, each, number)
    document.add_paragraph(nl.EXPORT_OWN_EXPLAINED, nl.EXPORT_STYLES["own"])
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: WordDocument, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    _styles(document)
    properties = document.core_properties
    properties.title = paper.title[:MAX_PROPERTY]
    properties.author = properties.last_modified_by = nl.APP_NAME
    properties.language = "nl-NL"
    properties.comments = paper.footer[:MAX_PROPERTY]
    properties.created = properties.modified = datetime.combine(paper.made, time(), UTC)
    _footer(section.footer.paragraphs[0], paper.footer)


def _styles(document: WordDocument) -> None:
    """The template's own styles in our type and colours, and one each for our text, notes, number marks and sources."""
    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia"):
            language.set(qn(name), "nl-NL")
    _typeset(styles["Normal"], BODY_POINTS, after=3)
    _typeset(styles["Title"], 20, ACCENT, after=6)
    _typeset(styles["Heading 1"], 13, ACCENT, before=9, after=2)
    _typeset(styles["Heading 2"], 10.5, GREY, before=4, after=1)
    for name in ("List Bullet", "List Bullet 2", "List Continue"):
        _typeset(styles[name], BODY_POINTS, after=2)
    for key, indent in (("own", 0), ("note", 0.6), ("place", 0.6)):
        made = styles.add_style(nl.EXPORT_STYLES[key], WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
        _typeset(made, BODY_POINTS if key != "place" else 9, None if key == "place" else GREY, after=2)
        made.font.italic = key != "place"
        made.paragraph_format.left_indent = Cm(indent)
    worded = styles.add_style(nl.EXPORT_STYLES["written"], WD_STYLE_TYPE.PARAGRAPH)
    worded.base_style = styles["Normal"]
    _typeset(worded, BODY_POINTS, after=3)
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = ACCENT, True
    mark = styles.add_style(nl.EXPORT_STYLES["mark"], WD_STYLE_TYPE.CHARACTER)
    mark.font.color.rgb, mark.font.size = ACCENT, Pt(8)


def _typeset(style: object, points: float, colour: RGBColor | None = None, before: float = 0, after: float = 0) -> None:
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size = FONT, Pt(points)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)  # a theme's type would win from ours
    if colour is not None:
        style.font.color.rgb = colour
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.0


def _footer(paragraph: Paragraph, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(f"{text} {nl.EXPORT_PAGE}")
    _field(paragraph, "PAGE")
    paragraph.add_run(nl.EXPORT_OF)
    _field(paragraph, "NUMPAGES")
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(8), GREY


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that Word fills in; until it does, it shows 1."""
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run(text if kind == "shown" else "")
        if kind in ("begin", "separate", "end"):
            run._r.append(_element("w:fldChar", {"w:fldCharType": kind}))
        elif not kind:
            instruction = _element("w:instrText", {"xml:space": "preserve"})
            instruction.text = f" {text} "
            run._r.append(instruction)


def _write(document: WordDocument, block: Block, addresses: dict[int, str]) -> None:
    if block.look is Look.HEADING:
        document.add_paragraph(block.text, f"Heading {min(block.level, 9)}")
        return
    paragraphs = [[line.strip() for line in part.split("\n") if line.strip()] for part in _paragraphs(block.text)]
    style = nl.EXPORT_STYLES[_LOOKS[block.look]] if block.look in _LOOKS else ""
    last: Paragraph | None = None
    for number, lines in enumerate(lines for lines in paragraphs if lines):
        for place, line in enumerate(lines):
            quoted = "List Bullet 2" if place else "List Continue" if number else "List Bullet"
            last = document.add_paragraph(style=style or quoted)
            last.paragraph_format.keep_with_next = place == 0 and len(lines) > 1 or None
            if block.label and number == place == 0:
                last.add_run(f"{block.label}: ").bold = True
            last.add_run(line)
    for mark in block.marks if last is not None else ():
        assert last is not None
        last.add_run("\u00a0")  # a number never stands alone on a line
        _link(last, f"[{mark}]", nl.EXPORT_STYLES["mark"], anchor=_bookmark(mark), tip=addresses.get(mark, ""))


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n[^\S\n]*\n", text)


def _publication(document: WordDocument, each: Publication, number: int) -> None:
    entry = document.add_paragraph(style="List Bullet")
    entry.add_run(each.title).bold = True
    entry.add_run(f". {each.facts}. ")
    if each.url:
        _link(entry, each.url, "Hyperlink", address=each.url)
    places = document.add_paragraph(style=nl.EXPORT_STYLES["place"])
    for at, (numbers, place, url) in enumerate(each.places):
        places.add_run("; " if at else "")
        for n in numbers:
            _marked(places, n)
        if url and place:
            _link(places, place, "Hyperlink", address=url)
        else:
            places.add_run(place)
    if not any(place or numbers for numbers, place, _ in each.places):
        document.element.body.remove(places._p)


def _marked(paragraph: Paragraph, number: int) -> None:
    """The number of a source, as the place where its marks in the text lead."""
    paragraph._p.append(_element("w:bookmarkStart", {"w:id": str(number), "w:name": _bookmark(number)}))
    paragraph.add_run(f"[{number}] ")
    paragraph._p.append(_element("w:bookmarkEnd", {"w:id": str(number)}))


def _bookmark(number: int) -> str:
    return f"bron_{number}"


def _link(paragraph: Paragraph, text: str, style: str, address: str = "", anchor: str = "", tip: str = "") -> None:
    """A real link: to an address, or to a place in the document."""
    link = _element("w:hyperlink", {"w:history": "1"})
    if address:
        link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        link.set(qn("w:anchor"), anchor)
    if tip:
        link.set(qn("w:tooltip"), tip)
    run = paragraph.add_run(text, style)
    link.append(run._r)
    paragraph._p.append(link)


def _element(name: str, attributes: dict[str, str]) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element
