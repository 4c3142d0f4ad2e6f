"""Typesets the user manual: `python -m assistant.manual` makes the PDF in the corpus from its manuscript and pictures.

Needs the extra `dev` (fpdf2, and brotli for the typeface of the app, which it takes from `static/fonts`). The same
manuscript and pictures give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.image_parsing import preload_image
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.settings import PROJECT

MANUSCRIPT = PROJECT / "corpus" / "manual" / "handleiding.md"
EDITION = datetime(2026, 11, 22, tzinfo=UTC)  # of the manuscript; its entry in the manifest says the same
TYPESET = PROJECT / "corpus" / "documents" / "handleiding-welwijzer.pdf"
_FONTS = PROJECT / "static" / "fonts"
_FAMILY = "Source Sans 3"
_CUTS = (
    ("", "source-sans-3-latin-wght-normal.woff2", 400),
    ("B", "source-sans-3-latin-wght-normal.woff2", 650),
    ("I", "source-sans-3-latin-wght-italic.woff2", 400),
)
# A4 in millimetres; sizes in points
_MARGIN, _TOP, _BOTTOM = 32.0, 26.0, 28.0
_TITLE, _HEADING, _TEXT, _SMALL = 26.0, 15.0, 11.5, 9.5
_LEADING = 1.42
_MM_PER_POINT = 25.4 / 72
_INK, _ACCENT, _QUIET = (28, 36, 39), (11, 93, 102), (84, 97, 101)
_INDENT = 6.5
_PICTURE_CAPTION = 14.0  # millimetres that a picture's caption and the space around it take
_HEADING_KEEPS = 34.0  # a heading with less room than this below it goes to the next page


class _Manual(FPDF):
    """Pages with a title at the foot and a number."""

    def footer(self) -> None:
        """Put title and page number at the foot, but for the first page's title."""
        self.set_y(-16)
        self.set_font(_FAMILY, "", _SMALL)
        self.set_text_color(*_QUIET)
        self.cell(0, 5, str(self.title) if self.page_no() > 1 else "", align="L")
        self.set_x(-_MARGIN - 20)
        self.cell(20, 5, str(self.page_no()), align="R")


def typeset(manuscript: Path) -> bytes:
    """The PDF of a manuscript in Markdown: headings, paragraphs, lists, and pictures that stand beside it.

    Raises ValueError for a part of Markdown that has no form here, OSError for a picture that is not there.
    """
    tokens = MarkdownIt().parse(manuscript.read_text(encoding="utf-8"))
    title = next(token.content for before, token in zip(tokens, tokens[1:], strict=False) if before.tag == "h1")
    pdf = _opened(title)
    lists: list[int | None] = []  # per open list the next number, None where it has bullets
    opened: list[Token] = []
    for token in tokens:
        if token.nesting == 1:
            opened.append(token)
            if token.type in ("ordered_list_open", "bullet_list_open"):
                lists.append(1 if token.type == "ordered_list_open" else None)
        elif token.nesting == -1:
            opened.pop()
            if token.type in ("ordered_list_close", "bullet_list_close"):
                lists.pop()
                pdf.ln(2.2)
        elif token.type == "inline":
            _part(pdf, token, opened, lists, manuscript.parent)
        else:
            raise ValueError(f"no form for {token.type} in {manuscript.name}")
    return bytes(pdf.output())


def _opened(title: str) -> _Manual:
    pdf = _Manual(format="A4")
    pdf.set_creation_date(EDITION)
    pdf.set_title(title)
    pdf.set_lang("nl")
    with TemporaryDirectory() as folder:
        for number, (style, name, weight) in enumerate(_CUTS):
            cut = Path(folder) / f"{number}.ttf"
            _cut(_FONTS / name, weight, cut)
            pdf.add_font(_FAMILY, style, cut)
    pdf.set_margins(_MARGIN, _TOP, _MARGIN)
    pdf.set_auto_page_break(True, _BOTTOM)
    pdf.add_page()
    return pdf


def _cut(path: Path, weight: int, target: Path) -> None:
    """Write one weight of a variable typeface as fpdf2 reads it, with the typeface's own dates."""
    font = instantiateVariableFont(TTFont(path, recalcTimestamp=False), {"wght": weight})
    font.flavor = None
    font.save(target)


def _part(pdf: FPDF, token: Token, opened: Sequence[Token], lists: list[int | None], folder: Path) -> None:
    children = token.children or []
    if opened[-1].type == "heading_open":
        _heading(pdf, token.content, int(opened[-1].tag[1]))
    elif children and children[0].type == "image":
        _picture(pdf, folder / str(children[0].attrs["src"]), children[0].content)
    elif lists:
        _item(pdf, token.content, lists)
    else:
        _text(pdf, token.content)


def _heading(pdf: FPDF, text: str, level: int) -> None:
    size = _TITLE if level == 1 else _HEADING
    if level > 1:
        pdf.ln(4.0)
        if pdf.get_y() + _HEADING_KEEPS > pdf.h - _BOTTOM:
            pdf.add_page()
    pdf.start_section(text, level - 1)
    pdf.set_font(_FAMILY, "B", size)
    pdf.set_text_color(*_ACCENT)
    pdf.multi_cell(0, size * 1.2 * _MM_PER_POINT, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(4.0 if level == 1 else 1.6)


def _text(pdf: FPDF, text: str) -> None:
    pdf.set_font(_FAMILY, "", _TEXT)
    pdf.set_text_color(*_INK)
    with pdf.unbreakable() as block:  # a sentence is cited by one page
        height = _TEXT * _LEADING * _MM_PER_POINT
        block.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(2.6)


def _item(pdf: FPDF, text: str, lists: list[int | None]) -> None:
    number = lists[-1]
    pdf.set_font(_FAMILY, "", _TEXT)
    pdf.set_text_color(*_INK)
    height = _TEXT * _LEADING * _MM_PER_POINT
    with pdf.unbreakable() as block:
        block.cell(_INDENT, height, "•" if number is None else f"{number}.")
        block.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(0.8)
    if number is not None:
        lists[-1] = number + 1


def _picture(pdf: FPDF, path: Path, caption: str) -> None:
    width = pdf.epw
    info = preload_image(pdf.image_cache, path)[2]
    height = width * info.height / info.width
    if pdf.get_y() + height + _PICTURE_CAPTION > pdf.h - _BOTTOM:
        pdf.add_page()
    pdf.ln(1.5)
    pdf.set_draw_color(213, 222, 223)
    pdf.image(path, w=width, h=height, alt_text=caption)
    pdf.rect(pdf.l_margin, pdf.get_y() - height, width, height)
    pdf.ln(1.5)
    pdf.set_font(_FAMILY, "I", _SMALL)
    pdf.set_text_color(*_QUIET)
    pdf.multi_cell(0, 5, caption, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(2.5)


def main() -> int:
    """Write the manual where the manifest expects it."""
    TYPESET.write_bytes(typeset(MANUSCRIPT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
