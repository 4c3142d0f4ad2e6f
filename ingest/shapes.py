"""What a block is by its wording alone, for readers of every format: captions, pointers, references, attributions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.types import Kind
from ingest.blocks import Block, Part

CAPTION = re.compile(r"^(?:Figuur|Tabel|Afbeelding|Grafiek|Schema)\s+\d+\s*[.:]", re.IGNORECASE)
ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$")
POINTER = re.compile(
    r"^(?:>|lees (?:hier |er )?(?:meer|verder)\b|lees hier\b|dat lees je\b|meer (?:lezen|weten|zien|informatie)\b"
    r"|klik\b|meld je aan|ga naar (?:het|de)\b|download\b|naar boven|terug naar)",
    re.IGNORECASE,
)
REFERENCES = re.compile(
    r"^(?:bronnen|bronvermelding|referenties|literatuur|literatuurlijst|bibliografie|noten|voetnoten|eindnoten)\s*:?$",
    re.IGNORECASE,
)
# A date or a mark of copyright on a line of its own says something about the document, not of its subject.
IMPRINT = re.compile(r"^(?:\d{1,2} [a-z]+ \d{4}|©.{0,60}|\(c\) \d{4}.{0,60})$", re.IGNORECASE)
ATTRIBUTION = re.compile(r"^[–—-]\s+\S")
# A pointer is one short line; longer, it says something of its own.
POINTER_LENGTH = 130


def settle(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Give the blocks their kinds by wording, and each attribution put behind the quote it belongs to."""
    result: list[Block] = []
    in_references = False
    given = list(blocks)
    for at, block in enumerate(given):
        if block.part is Part.HEADING and _leads_in(given, at):
            block = replace(block, part=Part.PARAGRAPH, level=0)
        if block.part is Part.HEADING:
            in_references = REFERENCES.match(block.text) is not None
        elif block.kind is Kind.BODY or (block.kind is Kind.LIST and block.part is Part.ITEM):
            block = replace(block, kind=_kind(block, in_references))
        if ATTRIBUTION.match(block.text) and result and _speaks(result[-1]) and block.part is Part.PARAGRAPH:
            result[-1] = _attributed(result[-1], block)
        else:
            result.append(block)
    return tuple(result)


def _leads_in(blocks: Sequence[Block], at: int) -> bool:
    """Whether a heading is the line that introduces the list below it."""
    following = blocks[at + 1] if at + 1 < len(blocks) else None
    return blocks[at].text.endswith(":") and following is not None and following.part is Part.ITEM


def _kind(block: Block, in_references: bool) -> Kind:
    if CAPTION.match(block.text):
        return Kind.CAPTION
    if ADDRESS.match(block.text) or (POINTER.match(block.text) and len(block.text) <= POINTER_LENGTH):
        return Kind.LINK
    return Kind.REFERENCE if in_references or IMPRINT.match(block.text) else block.kind


def _speaks(block: Block) -> bool:
    """Whether the block ends in quoted speech that nobody is named for yet."""
    return (
        block.part is Part.PARAGRAPH
        and block.text.rstrip().endswith(("”", '"', "’", "»"))
        and (re.search(r"[“\"«‘]", block.text[:-1]) is not None)
    )


def _attributed(quote: Block, name: Block) -> Block:
    at = len(quote.text) + 1
    edits = tuple(replace(edit, start=edit.start + at, end=edit.end + at) for edit in name.edits)
    return replace(quote, text=f"{quote.text} {name.text}", edits=(*quote.edits, *edits))
