"""Running heads, feet and page numbers: found by what comes back from page to page, with the labels they give."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.layout import Line

MARGIN = 0.12  # of the page's height, above and below: where running heads, feet and page numbers stand
SAME_PLACE = 6.0  # points by which a running head may move from page to page
_PAGE_NUMBER = re.compile(
    r"^\W*(?:pagina|blz\.?|page|p\.)?\s*(\d{1,4})(?:\s*(?:van|of|/)\s*\d{1,4})?\W*$"
    r"|^(\d{1,4})\s*[|•–]\s|\s[|•–]\s*(\d{1,4})$",
    re.IGNORECASE,
)


def offset_of(lines: Sequence[Line], heights: Sequence[float]) -> int | None:
    """What the printed page numbers differ from the physical ones; None where no numbers are printed."""
    found: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        number = _PAGE_NUMBER.search(line.text)
        if number and _margin(line, heights):
            found[int(next(filter(None, number.groups()))) - line.page].add(line.page)
    counts = Counter({offset: len(pages) for offset, pages in found.items()})
    offset, count = counts.most_common(1)[0] if counts else (0, 0)
    return offset if count >= min(3, len(heights)) and (count > 1 or len(heights) == 1) else None


def running(lines: Sequence[Line], heights: Sequence[float], offset: int | None) -> frozenset[Line]:
    """Lines in the margins that come back at the same place on several pages, page numbers aside.

    Also those that the file itself marks as heads and feet, and page numbers by their place.
    """
    groups: dict[str, list[Line]] = defaultdict(list)
    margins = [line for line in lines if _margin(line, heights)]
    for line in margins:
        groups[_without_page_number(line, offset)].append(line)
    wanted = 2 if len(heights) <= 4 else 3
    found = {line for line in margins if line.pagination}
    for group in groups.values():
        for line in group:
            bare = _without_page_number(line, offset).strip("#-–—| ")
            if _comes_back(line, group, wanted) or (line.text and not bare):
                found.add(line)
    return frozenset(found | _numbered(margins, heights, offset, wanted))


def labels(stated: Sequence[str], offset: int | None, pages: int) -> tuple[str | None, ...]:
    """What is printed on each page: by the numbers found, else as the file states, else unknown."""
    result: list[str | None] = list(stated) if len(stated) == pages else [None] * pages
    if offset is not None:
        result = [str(n + offset) if n + offset > 0 else label for n, label in enumerate(result, 1)]
    return tuple(result)


def _margin(line: Line, heights: Sequence[float]) -> bool:
    height = heights[line.page - 1]
    return line.y < MARGIN * height or line.y > (1 - MARGIN) * height


def _comes_back(line: Line, group: Sequence[Line], wanted: int) -> bool:
    alike: set[int] = set()
    for other in group:
        if abs(other.y - line.y) <= SAME_PLACE:
            alike.add(other.page)
            if len(alike) >= wanted:
                return True
    return False


def _numbered(margins: Sequence[Line], heights: Sequence[float], offset: int | None, wanted: int) -> set[Line]:
    """Running heads that change with the chapter: the outermost line of a page, beginning or ending with its number."""
    if offset is None:
        return set()
    rows: dict[int, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in margins:
        rows[line.page][round(line.y / 2)].append(line)
    found: set[Line] = set()
    for page, own in rows.items():
        for place in {min(own), max(own)}:
            row = sorted(own[place], key=lambda line: line.x)
            text = " ".join(line.text for line in row)
            if re.search(rf"^{page + offset}\s+\D|\D\s+{page + offset}$", text):
                found.update(row)
    return found if len({line.page for line in found}) >= wanted else set()


def _without_page_number(line: Line, offset: int | None) -> str:
    """The line with its own page number, if it has one, as "#"."""
    printed = line.page + (offset or 0)
    return re.sub(rf"(?<!\d)(?:{printed}|{line.page})(?!\d)", "#", line.text, count=1)
