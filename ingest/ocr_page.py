"""Renders pages of a PDF, sets them upright and has Tesseract read them. Runs in a child process of `ocr.py`."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pypdfium2
import pytesseract
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from ingest.ocr_lines import Word, lines_of

DPI = 300
# of a page's image: A3 at 300 dpi; a larger page is rendered coarser, so no page takes more than 20 MB per copy
MAX_PIXELS = 20_000_000
MIN_SIDE = 20  # pixels; Tesseract refuses less
# for one page in all its turns: 3 s for an upright one and 12 for any other on an idle core, more on a busy machine
READING_SECONDS = 120.0
SURE = 0.6  # confidence below which other orientations are tried; upright print has 0.85 and more, lying print 0.3
ENOUGH = 20  # letters; less is no proof that a page stands upright
SKEWS = np.arange(-5.0, 5.01, 0.25)  # degrees
SPECKS = 5e-5  # share of lone dots; clean scans 5e-6, a bad copy 3e-4 (recall 0.90, 1.00 once they are smoothed away)
INK = 128  # grey levels between print and paper; with less the print is stretched to black (recall from 0.30 to 0.99)
_LANGUAGES = "nld+eng"
# Sauvola's: black is what is darker than its surroundings. Recall on a page in shadow 0.99, by the usual one 0.62
_THRESHOLD = "-c thresholding_method=2"
_FORM = "TIFF"  # what pytesseract writes an image as: the quickest of the forms without loss
_Gray = NDArray[np.uint8]


def read(data: bytes, numbers: Sequence[int], workers: int = 1, dpi: int = DPI) -> Iterator[dict[str, Any]]:
    """Yield, in order, `{"number", "width", "height", "confidence", "lines"}` per page, with the number alone if it fails.

    `width` and `height` in points, of the upright page; a line is `[text, size, x, y, right]`, `y` from the foot.
    """
    document = pypdfium2.PdfDocument(data)
    waiting: deque[tuple[int, Future[dict[str, Any]]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for number in numbers:
            waiting.append((number, _started(pool, document, number, dpi)))
            while len(waiting) > workers:
                yield _finished(*waiting.popleft())
        while waiting:
            yield _finished(*waiting.popleft())


def _started(
    pool: ThreadPoolExecutor, document: pypdfium2.PdfDocument, number: int, dpi: int
) -> Future[dict[str, Any]]:
    """Render here, as pdfium bears one thread only, and read elsewhere."""
    try:
        image, drawn = render(document, number, dpi)
    except Exception as error:  # a page that can't be rendered keeps no other back
        failed: Future[dict[str, Any]] = Future()
        failed.set_exception(error)
        return failed
    return pool.submit(_read_image, image, drawn)


def _finished(number: int, future: Future[dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"number": number, **future.result()}
    except Exception:  # as above; Tesseract out of time or memory is among them
        return {"number": number}


def render(document: pypdfium2.PdfDocument, number: int, dpi: int = DPI) -> tuple[Image.Image, float]:
    """A page as a grey image, and its resolution in dots per inch: `dpi`, or less where the page is very large."""
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(dpi / 72, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    image: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")
    page.close()
    if min(image.size) < MIN_SIDE:
        raise ValueError(f"page {number} is too narrow to hold text")
    return image, scale * 72


def _read_image(image: Image.Image, dpi: float) -> dict[str, Any]:
    image = cleaned(image)
    upright, words = _upright(image, dpi)
    width, height = upright.size
    points = 72 / dpi
    lines = lines_of(words)
    placed = [
        [
            line.text,
            round(line.size * points, 1),
            line.left * points,
            (height - line.base) * points,
            line.right * points,
        ]
        for line in lines
    ]
    return {
        "width": width * points,
        "height": height * points,
        "confidence": round(_confidence([word for line in lines for word in line.words]), 3),
        "lines": placed,
    }


def cleaned(image: Image.Image) -> Image.Image:
    """Without the specks of a bad copy, and with black on white where it is grey on grey."""
    grey = np.asarray(image)
    if _specks(grey) > SPECKS:
        image = image.filter(ImageFilter.MedianFilter(3))
    dark, light = np.percentile(grey[::4, ::4], (0.5, 90))
    return ImageOps.autocontrast(image, cutoff=(0.5, 5)) if INK / 16 < light - dark < INK else image


def _specks(grey: _Gray) -> float:
    """Share of the dots that are dark among light ones on all sides, or the reverse."""
    part = grey.astype(np.int16)
    middle = part[1:-1, 1:-1]
    around = (part[:-2, 1:-1], part[2:, 1:-1], part[1:-1, :-2], part[1:-1, 2:])
    return float(np.mean((np.minimum.reduce(around) - middle > 80) | (middle - np.maximum.reduce(around) > 80)))


def skew(image: Image.Image) -> float:
    """Degrees by which the lines of an upright page climb to the right: where their shadow on the side is sharpest."""
    small = image.resize((max(image.width // 4, 1), max(image.height // 4, 1)), Image.Resampling.BOX)
    grey = np.asarray(small)
    down, across = np.nonzero(grey < (int(grey.min()) + int(np.median(grey))) // 2)
    if len(down) < 500:
        return 0.0
    step = max(len(down) // 40_000, 1)
    down, across = down[::step], across[::step]

    def sharpness(degrees: float) -> float:
        rows = np.rint(down + across * np.tan(np.radians(degrees))).astype(np.int64)
        return float(np.square(np.bincount(rows - rows.min())).sum())

    return float(max(SKEWS, key=sharpness))


def _upright(image: Image.Image, dpi: float) -> tuple[Image.Image, list[Word]]:
    """The page turned so that it can be read, and its words. Raises RuntimeError where its time is over."""
    ends = time.monotonic() + READING_SECONDS
    best, words = _straight(image, dpi, ends)
    if _sure(words) or int(np.min(np.asarray(image))) >= INK:
        return best, words
    for turn in _turns(image, dpi, ends):
        try:
            turned, others = _straight(image.transpose(turn), dpi, ends)
        except RuntimeError:  # out of time: what was read the first way may be all there is
            break
        if _weight(others) > _weight(words):
            best, words = turned, others
        if _sure(words):
            break
    return best, words


def _turns(image: Image.Image, dpi: float, ends: float) -> list[Image.Transpose]:
    """The ways to turn a page, the likeliest first: Tesseract tells in 0.8 s, where reading it all takes 3."""
    turns = {90: Image.Transpose.ROTATE_270, 270: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180}
    image.format = _FORM
    try:
        seen = pytesseract.image_to_osd(
            image, config=f"--dpi {round(dpi)}", output_type=pytesseract.Output.DICT, timeout=_left(ends)
        )
        first = turns.pop(int(seen["rotate"]), None)
    except (pytesseract.TesseractError, RuntimeError, KeyError, ValueError):  # too few letters, or no data for it
        first = None
    return [*([first] if first is not None else []), *turns.values()]


def _straight(image: Image.Image, dpi: float, ends: float) -> tuple[Image.Image, list[Word]]:
    """The words of an image after its lines are made level."""
    angle = skew(image)
    if abs(angle) >= 0.25:
        image = image.rotate(-angle, Image.Resampling.BICUBIC, fillcolor=255)
    return image, _words(image, dpi, ends)


def _left(ends: float) -> float:
    """Seconds that are left; Tesseract takes 0 for "no limit"."""
    return max(ends - time.monotonic(), 0.01)


def _words(image: Image.Image, dpi: float, ends: float) -> list[Word]:
    image.format = _FORM
    table = pytesseract.image_to_data(
        image,
        lang=_LANGUAGES,
        config=f"--psm 3 --dpi {round(dpi)} {_THRESHOLD}",
        output_type=pytesseract.Output.DICT,
        timeout=_left(ends),
    )
    keys = ("text", "conf", "left", "top", "width", "height", "block_num", "par_num", "line_num")
    return [
        Word(text.strip(), float(conf) / 100, left, top, left + width, top + height, (block, paragraph, line))
        for text, conf, left, top, width, height, block, paragraph, line in zip(*(table[k] for k in keys), strict=True)
        if text.strip() and float(conf) >= 0
    ]


def _confidence(words: Sequence[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _weight(words: Sequence[Word]) -> float:
    """What speaks for this way up: letters of words that Tesseract is sure of."""
    return sum(len(word.text) * word.confidence for word in words if len(word.text) > 2 and word.confidence >= SURE)


def _sure(words: Sequence[Word]) -> bool:
    return _confidence(words) >= SURE and sum(len(word.text) for word in words if len(word.text) > 2) >= ENOUGH
