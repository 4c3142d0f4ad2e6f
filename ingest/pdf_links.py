"""Finds the words over which the links of a PDF page lie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ingest.layout import Line
from ingest.pdf_parts import right_of
from ingest.wrapped import MARK


def with_links(lines: Sequence[Line], links: Sequence[Sequence[Any]]) -> tuple[Line, ...]:
    """The lines with the addresses that lie over them, each with the words it lies over."""
    if not links:
        return tuple(lines)
    return tuple(replace(line, links=_over(line, links)) for line in lines)


def _over(line: Line, links: Sequence[Sequence[Any]]) -> tuple[tuple[str, str], ...]:
    middle, right = line.y + 0.3 * line.size, right_of(line)
    found: list[tuple[float, str, str]] = []
    for x0, y0, x1, y1, address in links:
        if y0 <= middle <= y1 and x0 < right and x1 > line.x:
            words = _between(line, x0, x1)
            if words:
                found.append((x0, words, str(address)))
    return tuple((words, address) for _, words, address in sorted(found))


def _between(line: Line, x0: float, x1: float) -> str:
    """The words of a line whose middle lies between two places, as if all letters were as wide."""
    width = (right_of(line) - line.x) / max(len(line.text), 1)
    own = [
        word for word in re.finditer(r"\S+", line.text) if x0 < line.x + width * (word.start() + word.end()) / 2 < x1
    ]
    return MARK.sub("", line.text[own[0].start() : own[-1].end()]).strip("()[].,;:") if own else ""
