"""Takes text with its place, surfaces, images and links out of a PDF. Runs in a child process (see `child.py`).

pypdf is the reader: it parses the file, decrypts it, decodes its streams and fonts. Scripts and embedded files are
never opened.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from ingest.pdf_content import Walk
from ingest.pdf_faces import Face, Matrix
from ingest.pdf_rows import turn, upright

MAX_PAGES = 3000
MAX_CHARACTERS = 20_000_000
MAX_LINKS = 500  # of one page
FONTS = 400  # kept in memory; documents put together from many files have their own for every part


class Refusal(Exception):
    """`why` as in UnreadableError."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def pages(data: bytes) -> Iterator[dict[str, Any]]:
    """First `{"title", "labels", "pages"}`, then a record per page; lengths in points, y from the page's foot.

    A page: `width`, `height`, `stretches` [text, size, bold, x0, x1, y, colour, pagination], `turned` texts,
    `surfaces` [x0, y0, x1, y1, colour], `images` [x0, y0, x1, y1], `links` [x0, y0, x1, y1, address], `drawn`.
    Raises Refusal (encrypted, no_pages, too_large).
    """
    logging.disable(logging.CRITICAL)  # pypdf tells of every oddity; the result says what matters
    reader = _opened(data)
    count = len(reader.pages)
    if count == 0:
        raise Refusal("no_pages")
    if count > MAX_PAGES:
        raise Refusal("too_large")
    yield {"title": _title(reader), "labels": _labels(reader), "pages": count}
    faces: dict[int, Face] = {}
    characters = 0
    for page in reader.pages:
        record = page_record(page, faces)
        characters += sum(len(stretch[0]) for stretch in record["stretches"])
        if characters > MAX_CHARACTERS:
            raise Refusal("too_large")
        yield record
        # what a page has drawn in is not needed again, and a thousand pages would fill the memory
        reader.resolved_objects.clear()
        if len(faces) > FONTS:
            faces.clear()


def _opened(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(data))
        # many public PDFs are locked for changes only: they open with an empty password
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refusal("encrypted")
        return reader
    except (FileNotDecryptedError, DependencyError) as error:
        raise Refusal("encrypted") from error


def page_record(page: PageObject, faces: dict[int, Face]) -> dict[str, Any]:
    """One page as `pages` yields it."""
    base, width, height = _upright(page)
    drawn = Walk(base, faces).page(page)
    result = upright(drawn, width, height)
    return {
        "width": result.width,
        "height": result.height,
        "stretches": [
            [s.text, s.size, s.bold, s.x0, s.x1, s.y, s.colour, s.pagination] for s in result.stretches if s.text
        ],
        "turned": [text for text in result.turned if text],
        "surfaces": result.surfaces,
        "images": result.images,
        "links": _links(page, base, result.quarter, width, height),
        "drawn": bool(drawn.pieces or drawn.surfaces or drawn.images),
    }


def _upright(page: PageObject) -> tuple[Matrix, float, float]:
    """The matrix that puts the visible part of a page upright with its foot at zero, and its size."""
    box = page.cropbox
    x0, y0, x1, y1 = float(box.left), float(box.bottom), float(box.right), float(box.top)
    width, height = x1 - x0, y1 - y0
    turned = int(page.rotation or 0) % 360
    if turned == 90:
        return (0.0, -1.0, 1.0, 0.0, -y0, x1), height, width
    if turned == 180:
        return (-1.0, 0.0, 0.0, -1.0, x1, y1), width, height
    if turned == 270:
        return (0.0, 1.0, -1.0, 0.0, y1, -x0), height, width
    return (1.0, 0.0, 0.0, 1.0, -x0, -y0), width, height


def _links(page: PageObject, base: Matrix, quarter: int, width: float, height: float) -> list[list[Any]]:
    """Where links to addresses lie; a damaged one is passed over."""
    found: list[list[Any]] = []
    try:
        annotations = page.get("/Annots")
        for annotation in (annotations.get_object() if annotations is not None else [])[:MAX_LINKS]:
            entry = annotation.get_object()
            action = entry.get("/A") if entry.get("/Subtype") == "/Link" else None
            address = action.get_object().get("/URI") if action is not None else None
            if address is None:
                continue
            a, b, c, d = (float(value) for value in entry["/Rect"])
            corners = [
                turn(base[0] * x + base[2] * y + base[4], base[1] * x + base[3] * y + base[5], quarter, width, height)
                for x, y in ((a, b), (c, d))
            ]
            (x0, y0), (x1, y1) = corners
            found.append([min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), str(address)])
    except MemoryError:
        raise
    except Exception:  # pypdf raises nearly every built-in kind on damaged objects
        return found
    return found


def _title(reader: PdfReader) -> str:
    try:
        return str((reader.metadata and reader.metadata.title) or "").strip()
    except Exception:  # a damaged title is no reason to refuse the text
        return ""


def _labels(reader: PdfReader) -> list[str]:
    """What the file says is printed on its pages; pypdf would count from 1 where it says nothing."""
    try:
        return list(reader.page_labels) if "/PageLabels" in reader.root_object else []
    except Exception:  # as above
        return []
