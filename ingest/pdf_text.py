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
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

ADDRESS_SPACE = 1 << 30  # bytes
CPU_SECONDS = 120
MAX_PAGES = 500
MAX_CHARACTERS = 10_000_000
# a raised small number after a word is the mark of a footnote; it travels between these two private characters
MARK_OPEN, MARK_CLOSE = "\ue000", "\ue001"
# what a mark stands behind: a word, a year or a percentage; a raised number behind another number is a power
_MARKED = re.compile(r"(?:[^\W\d]{3}|\b(?:19|20)\d\d|%)[.,;:!?)’”'\"]*$")
_BOLD = re.compile(r"bold|black|heavy|semibd|demi", re.IGNORECASE)


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
    labels = list(reader.page_labels) if "/PageLabels" in reader.root_object else []
    return {"title": _title(reader), "labels": labels, "pages": pages}


def page_lines(page: PageObject) -> list[list[Any]]:
    """Lines in the order of the file. Size and place are those of the line's main text; y counts from the foot."""
    lines: list[list[Any]] = []
    pieces: list[tuple[str, float, bool, float, float]] = []
    bottom = float(page.mediabox.bottom)

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:  # noqa: ANN401
        scale = (tm[2] ** 2 + tm[3] ** 2) ** 0.5 * (cm[2] ** 2 + cm[3] ** 2) ** 0.5
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5] - bottom
        bold = bool(font and _BOLD.search(str(font.get("/BaseFont", ""))))
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.extend(_line(pieces))
                pieces.clear()
            if part:
                pieces.append((part, abs(size * scale), bold, x, y))

    page.extract_text(visitor_text=visit)
    lines.extend(_line(pieces))
    return lines


def _line(pieces: list[tuple[str, float, bool, float, float]]) -> list[list[Any]]:
    sizes: Counter[float] = Counter()
    bold = 0
    for text, size, heavy, _, _ in pieces:
        letters = len(text.replace(" ", ""))
        sizes[round(size, 1)] += letters
        bold += letters if heavy else 0
    if not sizes or not (total := sum(sizes.values())):
        return []
    size = sizes.most_common(1)[0][0]
    x, y = next((x, y) for text, s, _, x, y in pieces if text.strip() and round(s, 1) == size)
    text = ""
    for part, part_size, _, _, part_y in pieces:
        raised = part_size < 0.8 * size and part_y > y + 0.1 * size
        mark = raised and part.strip().isdigit() and bool(_MARKED.search(text))
        text += f"{MARK_OPEN}{part.strip()}{MARK_CLOSE}" if mark else part
    return [[text.strip(), size, bold > total / 2, round(x, 1), round(y, 1)]]


def _drawn(page: PageObject) -> bool:
    """Whether there is anything on the page."""
    contents = page.get_contents()
    return contents is not None and len(contents.get_data().strip()) > 0


def _title(reader: PdfReader) -> str:
    try:
        return str((reader.metadata and reader.metadata.title) or "").strip()
    except Exception:  # a damaged title is no reason to refuse the text
        return ""


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
