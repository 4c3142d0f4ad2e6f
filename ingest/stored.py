"""The stored text of a document: its blocks in reading order, each with its place, section path and list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Kind, Page, Section
from ingest import sentences
from ingest.blocks import Block, Part, Reading


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with its place in the stored text, its section path and the number of its paragraph or list."""

    block: Block
    start: int
    end: int
    path: tuple[str, ...]
    number: int


def write(blocks: Sequence[Block]) -> tuple[str, list[Placed]]:
    """Write the stored text: blocks a blank line apart, items of a list on successive lines below their lead-in."""
    parts: list[str] = []
    placed: list[Placed] = []
    at = number = 0
    for index, (block, path) in enumerate(zip(blocks, _paths(blocks), strict=True)):
        previous = blocks[index - 1] if index else None
        joined = block.part is Part.ITEM and previous is not None and _introduces(previous, block)
        if previous is not None:
            parts.append("\n" if joined else "\n\n")
            at += len(parts[-1])
        if not (joined and previous is not None and previous.part is Part.ITEM):
            number += 1
        placed.append(Placed(block, at, at + len(block.text), path, number))
        parts.append(block.text)
        at += len(block.text)
    return "".join(parts), placed


def _introduces(previous: Block, item: Block) -> bool:
    """Tell whether an item stands directly below `previous`: an item of its list, or the line that introduces it."""
    if previous.kind is not item.kind and {previous.kind, item.kind} != {Kind.BODY, Kind.LIST}:
        return False
    if previous.part is Part.ITEM:
        return True
    if previous.part is Part.HEADING:
        return False
    return previous.text.rstrip('”"’)').endswith((":", "…", "...", "?")) or len(sentences.spans(previous.text)) == 1


def _paths(blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """Find the section path of each block (of a heading: with itself).

    The document's title, its only heading of the top level and standing first, heads its own lines but not the paths
    below it. A box is a section of its own that ends with its last block; then the section around it goes on.
    """
    headings = [block for block in blocks if block.part is Part.HEADING]
    top = headings[0] if headings and headings[0] is blocks[0] else None
    titled = top is not None and all(block.level > top.level for block in headings[1:])
    stack: list[Block] = []
    around: list[Block] | None = None
    paths: list[tuple[str, ...]] = []
    for block in blocks:
        if block.kind is not Kind.BOX and around is not None:
            stack, around = around, None
        if block.part is Part.HEADING:
            if block.kind is Kind.BOX and around is None:
                around = stack
            stack = [above for above in stack if above.level < block.level and not (titled and above is top)]
            stack.append(block)
        paths.append(tuple(heading.text for heading in stack))
    return paths


def sections(placed: Sequence[Placed]) -> tuple[Section, ...]:
    """List each heading's section: up to the next heading that is not below it; a box ends with its own blocks."""
    result: list[Section] = []
    for index, item in enumerate(placed):
        if item.block.part is not Part.HEADING:
            continue
        last = index
        for later in range(index + 1, len(placed)):
            inside = placed[later].path[: len(item.path)] == item.path
            again = placed[later].block.part is Part.HEADING and len(placed[later].path) <= len(item.path)
            if not inside or again:
                break
            last = later
        result.append(Section(item.path, item.block.level, item.start, placed[last].end, item.block.anchor))
    return tuple(result)


def pages(reading: Reading, placed: Sequence[Placed]) -> tuple[Page, ...]:
    """Find where each physical page stands in the stored text; an empty one has no length."""
    ends: dict[int, tuple[int, int]] = {}
    for item in placed:
        if item.block.page is not None:
            start, _ = ends.get(item.block.page, (item.start, item.end))
            ends[item.block.page] = (start, item.end)
    scanned = dict(reading.read_by_ocr)
    result: list[Page] = []
    for number, label in enumerate(reading.page_labels, start=1):
        at = result[-1].end if result else 0
        start, end = ends.get(number, (at, at))
        result.append(Page(number, label, start, end, scanned.get(number)))
    return tuple(result)
