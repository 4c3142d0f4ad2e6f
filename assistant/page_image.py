"""A page of a PDF as a picture, with a quote marked on it; never a mark where its place is not certain.

`drawn` is what a reader's process calls (see `ingest/child.py`): a PDF from outside may loop or crash its library.
"""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

WIDTH = 1240  # pixels: A4 at 150 dots per inch; small print stays readable on a screen
MAX_PIXELS = 4_000_000  # a poster or a very long page gets fewer dots per inch
MIN_LETTERS = 8  # letters and digits; what is shorter may stand anywhere
# Of the word before: a note's number is set at some two thirds, a figure in the text at its full size.
NOTE_HEIGHT = 0.8
# How reading writes down where a link of the page leads; the page itself shows the words of the link alone.
_LINK = re.compile(r"\s*\(https?://[^\s()]*\)")
_MARK = (255, 236, 158)  # multiplied with the page, so that the words stay as they are
_EDGE = (150, 104, 0)  # around it, for pages that are dark themselves
_GAP = 3  # pixels between the words and that edge
_QUALITY = 85

Pixels = tuple[int, int, int, int]
"""Left, top, right and bottom in the picture."""
Corners = tuple[float, float, float, float]
"""Left, bottom, right and top on the page, in points."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in shares of the page's width and height, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a JPEG with its size in pixels, and where the quote is marked: nowhere where its place is not certain."""

    jpeg: bytes
    width: int
    height: int
    boxes: tuple[Box, ...]

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> PageImage:
        """The page of what `drawn` gave."""
        boxes = tuple(Box(**box) for box in record["boxes"])
        return cls(base64.b64decode(record["jpeg"]), int(record["width"]), int(record["height"]), boxes)


def drawn(data: bytes, page: int, quote: str) -> Iterator[dict[str, Any]]:
    """One record of plain JSON types for `PageImage.of`: see `page_image`."""
    image = page_image(data, page, quote)
    yield {
        "jpeg": base64.b64encode(image.jpeg).decode("ascii"),
        "width": image.width,
        "height": image.height,
        "boxes": [asdict(box) for box in image.boxes],
    }


def page_image(data: bytes, page: int, quote: str) -> PageImage:
    """Draw page `page` (from 1) of a PDF with `quote` marked.

    Raises IndexError where there is no such page, pypdfium2.PdfiumError for a file that can't be read.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        if not 1 <= page <= len(document):
            raise IndexError(f"no page {page}")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        scale = min(WIDTH / width, (MAX_PIXELS / (width * height)) ** 0.5)
        bitmap = sheet.render(scale=scale, rev_byteorder=True)
        picture = bitmap.to_pil().convert("RGB")
        place = bitmap.get_posconv(sheet)
        boxes = [_pixels(place, corners) for corners in _corners(sheet, quote)]
        return _picture(picture, _lines(boxes))
    finally:
        document.close()


def _picture(picture: Image.Image, rectangles: list[Pixels]) -> PageImage:
    wide, high = picture.size
    for box in rectangles:
        within = (max(box[0], 0), max(box[1], 0), min(box[2], wide), min(box[3], high))
        if within[0] < within[2] and within[1] < within[3]:
            part = picture.crop(within)
            picture.paste(ImageChops.multiply(part, Image.new("RGB", part.size, _MARK)), within[:2])
            around = (within[0] - _GAP, within[1] - _GAP, within[2] + _GAP, within[3] + _GAP)
            ImageDraw.Draw(picture).rectangle(around, outline=_EDGE, width=2)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    boxes = tuple(Box(left / wide, top / high, right / wide, bottom / high) for left, top, right, bottom in rectangles)
    return PageImage(out.getvalue(), wide, high, boxes)


def _pixels(place: pypdfium2.PdfPosConv, corners: Corners) -> Pixels:
    """The rectangle in the picture, whichever way the page is turned."""
    left, bottom, right, top = corners
    one, other = place.to_bitmap(left, bottom), place.to_bitmap(right, top)
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _corners(sheet: pypdfium2.PdfPage, quote: str) -> list[Corners]:
    """The corners of each character of a quote that stands on the page exactly once; else none.

    A turned page is read as it is shown and as it was written: PDFium orders its words for one of the two.
    """
    shown = sheet.get_rotation()
    found = _found(sheet, quote)
    if not found and shown:
        sheet.set_rotation(0)
        found = _found(sheet, quote)
        sheet.set_rotation(shown)
    return found


def _found(sheet: pypdfium2.PdfPage, quote: str) -> list[Corners]:
    text = sheet.get_textpage()
    try:
        characters = [chr(pypdfium2.raw.FPDFText_GetUnicode(text, index)) for index in range(text.count_chars())]
        bare = _LINK.sub("", quote)
        span = locate(characters, quote) or locate(_without_notes(text, characters), quote) or locate(characters, bare)
        if span is None:
            return []
        printed = [index for index in range(*span) if not characters[index].isspace()]
        boxes = [text.get_charbox(index, loose=True) for index in printed if characters[index].isprintable()]
        return [box for box in boxes if box[0] < box[2] and box[1] < box[3]]
    finally:
        text.close()


def _without_notes(text: pypdfium2.PdfTextPage, characters: list[str]) -> list[str]:
    """The characters with a blank for each number of a note: digits smaller than the word before them."""
    result = list(characters)
    height = 0.0
    for index, character in enumerate(characters):
        if not character.isprintable() or character.isspace():
            continue
        _, bottom, _, top = text.get_charbox(index, loose=True)
        if character.isdigit() and top - bottom < NOTE_HEIGHT * height:
            result[index] = " "
        else:
            height = top - bottom
    return result


def locate(characters: list[str], quote: str) -> tuple[int, int] | None:
    """Where a quote stands among a page's characters, `[start, end)`; None unless it stands there exactly once.

    Letters and digits are compared and nothing else: white space, hyphens at the ends of lines, bullets and kinds of
    quotation marks differ between a page and the text that was read from it. A quote begins and ends with whole words.
    """
    wanted = "".join(_letters(quote))
    if len(wanted) < MIN_LETTERS:
        return None
    letters: list[str] = []
    places: list[int] = []
    for index, character in enumerate(characters):
        for letter in _letters(character):
            letters.append(letter)
            places.append(index)
    held = "".join(letters)
    found: list[tuple[int, int]] = []
    at = held.find(wanted)
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        if _whole(characters, start, end) and places[at - 1 : at] != [start]:
            found.append((start, end))
        at = held.find(wanted, at + 1)
    if len(found) != 1:
        return None
    start, end = found[0]
    return start, _with_closing(characters, end, quote)


def _letters(text: str) -> Iterator[str]:
    """Letters and digits without accents, ligatures taken apart, in small letters."""
    for character in unicodedata.normalize("NFKD", text).casefold():
        if character.isalnum():
            yield character


def _whole(characters: list[str], start: int, end: int) -> bool:
    """Whether no letter or digit stands right before or behind."""
    before = characters[start - 1] if start else " "
    behind = characters[end] if end < len(characters) else " "
    return not before.isalnum() and not behind.isalnum()


def _with_closing(characters: list[str], end: int, quote: str) -> int:
    """The end with the marks that close the quote, where the page has the same ones."""
    closing = quote.rstrip()
    tail = closing[len(closing.rstrip(".,;:!?)]»”’\"'…")) :]
    for mark in tail:
        if end < len(characters) and characters[end] == mark:
            end += 1
    return end


def _lines(boxes: list[Pixels]) -> list[Pixels]:
    """Join the boxes of characters that stand beside one another: one rectangle for each line of the quote."""
    lines: list[Pixels] = []
    for box in boxes:
        if lines and _beside(lines[-1], box):
            last = lines[-1]
            lines[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            lines.append(box)
    return lines


def _beside(line: Pixels, box: Pixels) -> bool:
    """Whether a character goes on where the line ends: at its height, and at most two heights away."""
    height = min(line[3] - line[1], box[3] - box[1])
    shared = min(line[3], box[3]) - max(line[1], box[1])
    apart = max(line[0], box[0]) - min(line[2], box[2])
    return shared > height / 2 and apart < 2 * (box[3] - box[1])
