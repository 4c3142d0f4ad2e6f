"""Takes the lines out of a PDF with their place and size. A child process of `pdf.py` that imports nothing of ours.

A PDF from outside can loop or eat memory, so this process limits itself and its parent kills it after a while.
Reads the file from stdin; writes one JSON object to stdout: `{"error": why}` or
`{"title", "labels", "pages": [{"height", "drawn", "lines": [[text, size, bold, x, y], ...]}]}`, lengths in points.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import sys
from collections import Counter
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

ADDRESS_SPACE = 1 << 30  # bytes
CPU_SECONDS = 120
MAX_PAGES = 500
MAX_CHARACTERS = 10_000_000
# a bullet that some writers put at 127, where their encoding has no other place for it
BULLET = "•"
# width of a character in sizes of its type, on average over a line: from condensed to wide faces
NARROW, WIDE = 0.35, 0.65
# a raised small number after a word is the mark of a footnote; it travels between these two private characters
MARK_OPEN, MARK_CLOSE = "\ue000", "\ue001"
# what a mark stands behind: a word, a year or a percentage; a raised number behind another number is a power
_MARKED = re.compile(r"(?:[^\W\d]{3}|\b(?:19|20)\d\d|%)[.,;:!?)’”'\"]*$")
_BOLD = re.compile(r"bold|black|heavy|semibd|demi", re.IGNORECASE)


class _Piece(NamedTuple):
    """Text as one operator of the file shows it; lengths in points."""

    text: str
    size: float
    bold: bool
    x: float
    y: float


class Refusal(Exception):
    """`why` as in UnreadableError."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def limit() -> None:
    """Bound memory and processor time of this process where the system can (not on Windows)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def extract(data: bytes) -> dict[str, Any]:
    """All pages as lines. Raises Refusal."""
    reader = PdfReader(io.BytesIO(data))
    # many public PDFs are locked for changes only: they open with an empty password
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refusal("encrypted")
    if not reader.pages:
        raise Refusal("no_pages")
    if len(reader.pages) > MAX_PAGES:
        raise Refusal("too_large")
    pages = []
    characters = 0
    for page in reader.pages:
        lines = page_lines(page)
        characters += sum(len(line[0]) for line in lines)
        if characters > MAX_CHARACTERS:
            raise Refusal("too_large")
        pages.append({"height": float(page.mediabox.height), "drawn": _drawn(page), "lines": lines})
    return {"title": _title(reader), "labels": _labels(reader), "pages": pages}


def page_lines(page: PageObject) -> list[list[Any]]:
    """Lines in the order of the file. Size and place are those of the line's main text; y counts from the foot."""
    rows: list[list[_Piece]] = [[]]
    bottom = float(page.mediabox.bottom)

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:  # noqa: ANN401
        scale = (tm[2] ** 2 + tm[3] ** 2) ** 0.5 * (cm[2] ** 2 + cm[3] ** 2) ** 0.5
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5] - bottom
        bold = bool(font and _BOLD.search(str(font.get("/BaseFont", ""))))
        for number, part in enumerate(text.split("\n")):
            if number:
                rows.append([])
            if part:
                rows[-1].append(_Piece(part.replace("\x7f", BULLET), round(abs(size * scale), 1), bold, x, y))

    page.extract_text(visitor_text=visit)
    lines: list[list[_Piece]] = []
    for row in rows:
        if not any(piece.text.strip() for piece in row):
            continue
        if lines and _same_line(lines[-1], row):
            lines[-1] += _spaced(lines[-1], row)
        else:
            lines.append(row)
    return [_line(row) for row in lines]


def _main(pieces: list[_Piece]) -> _Piece:
    """The first piece in the size of most of the line."""
    sizes: Counter[float] = Counter()
    for piece in pieces:
        sizes[piece.size] += len(piece.text.replace(" ", ""))
    size = sizes.most_common(1)[0][0]
    return next(piece for piece in pieces if piece.size == size and piece.text.strip())


def _same_line(before: list[_Piece], after: list[_Piece]) -> bool:
    """Whether what pypdf put on a new line goes on where the line before it ended, raised or lowered at most."""
    main = _main(before)
    start = next(piece for piece in after if piece.text.strip())
    if not -0.3 * main.size < start.y - main.y < 0.6 * main.size or (main.size < start.size and start.y != main.y):
        return False
    letters = sum(len(piece.text) for piece in before)
    reach = start.x - next(piece.x for piece in before if piece.text.strip())
    return NARROW * letters * main.size <= reach <= WIDE * letters * main.size + 1.5 * main.size


def _spaced(before: list[_Piece], after: list[_Piece]) -> list[_Piece]:
    """What goes on a line, with a space before it unless it is a raised mark or punctuation."""
    first = next(piece for piece in after if piece.text.strip())
    if first.size < 0.8 * _main(before).size or first.text.lstrip()[0] in ".,;:!?)]”’":
        return after
    return [first._replace(text=" "), *after]


def _line(pieces: list[_Piece]) -> list[Any]:
    main = _main(pieces)
    text = ""
    for piece in pieces:
        raised = piece.size < 0.8 * main.size and piece.y > main.y + 0.1 * main.size
        mark = raised and piece.text.strip().isdigit() and bool(_MARKED.search(text))
        text += f"{MARK_OPEN}{piece.text.strip()}{MARK_CLOSE}" if mark else piece.text
    heavy = sum(len(piece.text) for piece in pieces if piece.bold)
    bold = heavy > sum(len(piece.text) for piece in pieces) / 2
    return [" ".join(text.split()), main.size, bold, round(main.x, 1), round(main.y, 1)]


def _drawn(page: PageObject) -> bool:
    """Whether there is anything on the page."""
    contents = page.get_contents()
    return contents is not None and len(contents.get_data().strip()) > 0


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


def main() -> None:
    """Read stdin, write the result to stdout."""
    limit()
    logging.disable(logging.CRITICAL)  # pypdf tells of every oddity; the result says what matters
    try:
        result = extract(sys.stdin.buffer.read())
    except Refusal as refusal:
        result = {"error": refusal.why}
    except (FileNotDecryptedError, DependencyError):
        result = {"error": "encrypted"}
    except MemoryError:
        result = {"error": "too_large"}
    except (PyPdfError, Exception):  # pypdf raises nearly every built-in kind on damaged files
        result = {"error": "broken"}
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
