"""Reads a PDF that has a text layer: pages and their printed labels, without running heads, as blocks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.errors import UnreadableError
from assistant.texts_nl import WARNING_PAGE_WITHOUT_TEXT
from ingest.blocks import Block, Edit, Part, Reading
from ingest.layout import Line, blocks_of, iter_lines
from ingest.pdf_text import CPU_SECONDS
from ingest.shapes import settle

TIMEOUT_SECONDS = CPU_SECONDS
MARGIN = 0.12  # of the page's height, above and below: where running heads, feet and page numbers stand
SAME_PLACE = 6.0  # points by which a running head may move from page to page
_PROGRAM = Path(__file__).with_name("pdf_text.py")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:pagina|blz\.?|page|p\.)?\s*(\d{1,4})(?:\s*(?:van|of|/)\s*\d{1,4})?\W*$"
    r"|^(\d{1,4})\s*[|•–]\s|\s[|•–]\s*(\d{1,4})$",
    re.IGNORECASE,
)
_JUNK_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)|untitled|\(anonymous\)|document\d*$|naamloos)|\.(?:docx?|pdf|indd|pptx?)$",
    re.IGNORECASE,
)


def read(data: bytes) -> Reading:
    """Read a PDF: see the module.

    Raises UnreadableError (encrypted, broken, no_pages, no_text, too_large; the last also when it takes too long).
    """
    extracted = _extract(data)
    pages = extracted["pages"]
    lines = list(iter_lines([page["lines"] for page in pages]))
    heights = [page["height"] for page in pages]
    offset = _offset(lines, heights)
    running = _running(lines, heights, offset)
    body = [line for line in lines if line not in running]
    if not any(character.isalpha() for line in body for character in line.text):
        raise UnreadableError("no text layer", why="no_text")
    blocks, left_out = _with_cuts(settle(blocks_of(body)), [line for line in lines if line in running])
    with_text = {line.page for line in body}
    empty = [n for n, page in enumerate(pages, 1) if n not in with_text and page["drawn"]]
    return Reading(
        blocks,
        left_out,
        warnings=tuple(WARNING_PAGE_WITHOUT_TEXT.format(page=page) for page in empty),
        page_labels=_labels(extracted["labels"], offset, len(pages)),
        found=_found(extracted["title"], blocks),
    )


def _with_cuts(blocks: Sequence[Block], gone: Sequence[Line]) -> tuple[tuple[Block, ...], tuple[Edit, ...]]:
    """Each line left out goes to the block after it as a cut; also returns those after the last block."""
    waiting = list(gone)
    result = []
    for block in blocks:
        place = (block.page or 0, block.line)
        cuts = [_cut(line) for line in waiting if (line.page, line.number) < place]
        waiting = waiting[len(cuts) :]
        result.append(replace(block, edits=(*cuts, *block.edits)))
    return tuple(result), tuple(_cut(line) for line in waiting)


def _cut(line: Line) -> Edit:
    return Edit("running head", line.number, line.text, "", 0, 0, False)


def _extract(data: bytes) -> dict[str, Any]:
    """Run `pdf_text.py` on the file: a child can be limited and killed, a thread cannot."""
    # -P: the folder of the program holds an html.py, which must not take the place of the standard library's
    command = [sys.executable, "-P", str(_PROGRAM)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError("reading takes too long", why="too_large") from error
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        reason = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise UnreadableError(f"the reader ended with {done.returncode}: {reason}", why="broken") from error
    if "error" in result:
        raise UnreadableError(f"pypdf: {result['error']}", why=result["error"])
    return result


def _margin(line: Line, heights: Sequence[float]) -> bool:
    height = heights[line.page - 1]
    return line.y < MARGIN * height or line.y > (1 - MARGIN) * height


def _offset(lines: Sequence[Line], heights: Sequence[float]) -> int | None:
    """What the printed page numbers differ from the physical ones; None where no numbers are printed."""
    found: Counter[int] = Counter()
    for line in lines:
        number = _PAGE_NUMBER.search(line.text)
        if number and _margin(line, heights):
            found[int(next(filter(None, number.groups()))) - line.page] += 1
    offset, count = found.most_common(1)[0] if found else (0, 0)
    return offset if count >= min(3, len(heights)) and (count > 1 or len(heights) == 1) else None


def _running(lines: Sequence[Line], heights: Sequence[float], offset: int | None) -> frozenset[Line]:
    """Lines in the margins that come back at the same place on several pages, page numbers aside."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if _margin(line, heights):
            groups[_without_page_number(line, offset)].append(line)
    wanted = 2 if len(heights) <= 4 else 3
    running = set()
    for group in groups.values():
        for line in group:
            alike = {other.page for other in group if abs(other.y - line.y) <= SAME_PLACE}
            if len(alike) >= wanted or (line.text and not _without_page_number(line, offset).strip("#-–—| ")):
                running.add(line)
    return frozenset(running | _numbered(lines, heights, offset, wanted))


def _numbered(lines: Sequence[Line], heights: Sequence[float], offset: int | None, wanted: int) -> set[Line]:
    """Running heads that change with the chapter: the outermost line of a page, beginning or ending with its number."""
    if offset is None:
        return set()
    outer: set[Line] = set()
    for page in {line.page for line in lines}:
        own = sorted((line for line in lines if line.page == page), key=lambda line: line.y)
        for line in {own[0], own[-1]}:
            if _margin(line, heights) and re.search(rf"^{page + offset}\s+\D|\D\s+{page + offset}$", line.text):
                outer.add(line)
    return outer if len({line.page for line in outer}) >= wanted else set()


def _without_page_number(line: Line, offset: int | None) -> str:
    """The line with its own page number, if it has one, as "#"."""
    printed = line.page + (offset or 0)
    return re.sub(rf"(?<!\d)(?:{printed}|{line.page})(?!\d)", "#", line.text, count=1)


def _labels(stated: Sequence[str], offset: int | None, pages: int) -> tuple[str | None, ...]:
    """What is printed on each page: by the numbers found, else as the file states, else unknown."""
    labels: list[str | None] = list(stated) if len(stated) == pages else [None] * pages
    if offset is not None:
        labels = [str(n + offset) if n + offset > 0 else label for n, label in enumerate(labels, 1)]
    return tuple(labels)


def _found(title: str, blocks: Sequence[Block]) -> dict[str, str]:
    """The title the file states, or the highest heading of its first page. Dates in a PDF are those of the file."""
    title = " ".join(title.split())
    if not title or _JUNK_TITLE.search(title):
        headings = [block for block in blocks if block.part is Part.HEADING and block.page == blocks[0].page]
        title = min(headings, key=lambda block: block.level).text if headings else ""
    return {"title": title} if title else {}
