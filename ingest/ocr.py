"""Reads scanned pages: rendered by pypdfium2, read by Tesseract in Dutch and English, in a child process.

`usable` says which pages need it. Without Tesseract or its Dutch data nothing else of the product is touched.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from typing import Any

from assistant.errors import OcrUnavailable, UnreadableError
from ingest import child
from ingest.layout import Line
from ingest.legible import usable

__all__ = ["OcrPage", "available", "read_pages", "usable"]

PAGE_SECONDS = 150.0  # to render a page (1 s) and to read it, which `ocr_page.py` ends after 120
FILE_SECONDS = 1800.0
# measured sizes within this ratio are one size: Tesseract's boxes jump by a pixel or two, which at 300 dpi is 4 %
SAME_SIZE = 1.12
WORKERS = min(os.cpu_count() or 1, 4)  # pages read at the same time, each by a Tesseract of one thread
_READER = "ingest.ocr_page:read"


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A scanned page as read: lengths in points, of the upright page; `y` of its lines counts from the foot.

    `lines` stand in Tesseract's order (block by block), none spans two columns; their `size` is estimated and `bold`
    always False. `confidence`: Tesseract's own, 0 to 1, over the letters of all words kept; 0 where there are none.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    confidence: float


def available() -> None:
    """Do nothing where scans can be read. Raises OcrUnavailable."""
    import pytesseract  # takes 0.1 s (PIL, numpy), and most documents have no scanned page

    try:
        languages = set(pytesseract.get_languages(config=""))
    except (pytesseract.TesseractNotFoundError, OSError) as error:
        raise OcrUnavailable("no Tesseract on this machine", missing="tesseract") from error
    if "nld" not in languages:
        raise OcrUnavailable("Tesseract has no Dutch", missing="nld")


def read_pages(data: bytes, numbers: Sequence[int]) -> dict[int, OcrPage]:
    """Read these pages (physical numbers from 1) of a PDF, keyed by number.

    A page that can't be rendered or read in its time is left out; one without a letter comes back without lines.
    Raises OcrUnavailable.
    """
    if not numbers:
        return {}
    available()
    waiting = sorted(set(numbers))
    pages: dict[int, OcrPage] = {}
    alone, ends = 0, time.monotonic() + FILE_SECONDS
    while waiting and (left := ends - time.monotonic()) > 0:
        batch = waiting[:1] if alone else list(waiting)
        for found in _until_it_fails(data, batch, left):
            waiting.remove(found["number"])
            if "lines" in found:
                pages[found["number"]] = _page(found)
        if alone:
            alone -= 1
            waiting = [number for number in waiting if number != batch[0]]
        elif waiting:
            # one of the pages in work took the child down: read those one by one, and give up the one that does it again
            alone = min(WORKERS + 1, len(waiting))
    return _levelled(pages)


def _until_it_fails(data: bytes, numbers: Sequence[int], seconds: float) -> Iterator[dict[str, Any]]:
    limits = child.Limits(seconds, PAGE_SECONDS, FILE_SECONDS, programs=True)
    with contextlib.suppress(UnreadableError):
        yield from child.run(_READER, data, limits, [list(numbers), WORKERS])


def _page(found: Mapping[str, Any]) -> OcrPage:
    number = int(found["number"])
    lines = tuple(
        Line(text=text, size=size, bold=False, x=x, y=y, page=number, number=at, right=right)
        for at, (text, size, x, y, right) in enumerate(found["lines"], 1)
    )
    return OcrPage(number, found["width"], found["height"], lines, found["confidence"])


def _levelled(pages: Mapping[int, OcrPage]) -> dict[int, OcrPage]:
    """Give lines of nearly one size that size: the body's first, as a line set apart by its size would be a heading."""
    letters: Counter[float] = Counter()
    for page in pages.values():
        for line in page.lines:
            letters[line.size] += len(line.text)
    shared: dict[float, float] = {}
    while rest := [size for size in letters.elements() if size not in shared]:
        middle = median_low(rest)
        near = {size for size in rest if middle / SAME_SIZE <= size <= middle * SAME_SIZE}
        shared.update(dict.fromkeys(near, round(middle, 1)))
    return {
        number: replace(page, lines=tuple(replace(line, size=shared[line.size]) for line in page.lines))
        for number, page in pages.items()
    }
