"""What a reader hands on: a document as a run of blocks, each with its own text and the edits made to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.types import Kind


class Part(StrEnum):
    """What a block is in the document's structure."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Edit:
    """One alteration of the original. `start`/`end`: offsets into the block's text (equal for a cut).

    `repair` is true where the publisher's characters were altered, reordered or left out inside running text;
    joining wrapped lines is not an edit.
    """

    rule: str
    line: int
    before: str
    after: str
    start: int
    end: int
    repair: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or list item, unwrapped to a single line of text.

    `level`: 1..6 for a heading, nesting depth from 1 for an item, 0 for a paragraph. `line`: line in the original,
    from 1
    (for a PDF: line on its page). `page`: physical page from 1 or None. `ordered` items keep their number in
    `text`; bullets are dropped.
    `address`: where a pure link leads, if known. `anchor`: name by which a web address leads to this heading.
    """

    part: Part
    kind: Kind
    text: str
    line: int
    level: int = 0
    page: int | None = None
    edits: tuple[Edit, ...] = ()
    address: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole document as read: its blocks in order, what was left out between them, what an editor should know.

    `page_labels`: printed label per physical page, empty where the source has no pages.
    `warnings`: codes of `texts_nl` with their details, ready to show. `found`: title, publisher, published, url as
    the file itself states them. `read_by_ocr`: pages read from their picture, each with its confidence from 0 to 1.
    """

    blocks: tuple[Block, ...]
    left_out: tuple[Edit, ...] = ()
    warnings: tuple[str, ...] = ()
    page_labels: tuple[str | None, ...] = ()
    found: dict[str, str] = field(default_factory=dict)
    read_by_ocr: tuple[tuple[int, float], ...] = ()
