"""Markdown into blocks with markdown-it: the marks removed, the addresses of real links kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.types import Kind
from ingest import clean
from ingest.blocks import Block, Edit, Part, Reading
from ingest.corrections import Corrections, apply
from ingest.lines import Line, decode, numbered
from ingest.shapes import settle

_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_MARKS = re.compile(r"\*\*\S|\]\(\S*\)|^[-*] \S", re.MULTILINE)


class _Piece(NamedTuple):
    """A block as the parser sees it: `first`/`last` are line indexes, `last` not included."""

    part: Part
    text: str
    first: int
    last: int
    kind: Kind
    level: int
    address: str | None


def looks_like(text: str) -> bool:
    """Whether a plain file holds Markdown: two headings with "#", or one and other marks."""
    headings = len(_HEADING.findall(text))
    return headings >= 2 or (headings == 1 and _MARKS.search(text) is not None)


def read(data: bytes, corrections: Corrections | None) -> Reading:
    """Read a Markdown file.

    Raises UnreadableError for empty or binary data, CorrectionError for a correction that doesn't fit.
    """
    lines, left = numbered(decode(data)), tuple[Edit, ...]()
    if corrections:
        lines, left = apply(lines, corrections)
    lines = _marked(lines)
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(line.text for line in lines))
    walk = _Walk()
    for token in tokens:
        walk.take(token)
    blocks = [block for piece in walk.pieces if (block := _block(piece, lines)) is not None]
    return Reading(settle(blocks), left, corrections.warnings if corrections else ())


def _marked(lines: Sequence[Line]) -> list[Line]:
    """Lines with the heading levels an editor set written as Markdown."""
    result: list[Line] = []
    for line in lines:
        if line.level:
            result.append(replace(line, text="#" * line.level + " " + line.text.strip().strip("*").lstrip("# ")))
        elif line.level == 0:
            result.append(replace(line, text=line.text.lstrip("# ")))
        else:
            result.append(line)
    return result


class _Walk:
    """Gathers headings, paragraphs, list items and table rows from the parser's tokens."""

    def __init__(self) -> None:
        self.pieces: list[_Piece] = []
        self._counters: list[int | None] = []
        self._item: str | None = None
        self._level = 0
        self._cells: list[str] | None = None

    def take(self, token: Token) -> None:
        """Take in the next token."""
        name = token.type
        if name in ("bullet_list_open", "ordered_list_open"):
            ordered = name.startswith("ordered")
            self._counters.append(int(token.attrGet("start") or 1) if ordered else None)
        elif name in ("bullet_list_close", "ordered_list_close"):
            self._counters.pop()
        elif name == "list_item_open":
            self._open_item()
        elif name in ("heading_open", "heading_close"):
            self._level = int(token.tag[1]) if token.nesting == 1 else 0
        elif name == "tr_open":
            self._cells = []
        elif name == "tr_close" and self._cells is not None:
            row, self._cells = " | ".join(self._cells).strip("| "), None
            self._add(Part.PARAGRAPH, row, token, Kind.TABLE)
        else:
            self._text(token)

    def _open_item(self) -> None:
        number = self._counters[-1]
        self._item = "" if number is None else f"{number}. "
        if number is not None:
            self._counters[-1] = number + 1

    def _text(self, token: Token) -> None:
        if token.type == "inline":
            text, address = _inline(token)
        elif token.type in ("fence", "code_block"):
            text, address = " ".join(token.content.split()), None
        elif token.type == "html_block":
            text, address = " ".join(_TAG.sub(" ", token.content).split()), None
        else:
            return
        if self._cells is not None:
            self._cells.append(text)
        elif self._level:
            self._add(Part.HEADING, text, token, Kind.BODY, self._level, address)
        elif self._item is not None:
            self._add(Part.ITEM, self._item + text, token, Kind.LIST, len(self._counters), address)
            self._item = None
        else:
            self._add(Part.PARAGRAPH, text, token, Kind.BODY, 0, address)

    def _add(self, part: Part, text: str, token: Token, kind: Kind, level: int = 0, address: str | None = None) -> None:
        last = self.pieces[-1].last if self.pieces else 0
        first, end = token.map or (last, last + 1)
        if text:
            self.pieces.append(_Piece(part, text, first, end, kind, level, address))


def _inline(token: Token) -> tuple[str, str | None]:
    """Text of an inline token without marks, and the address of its first real link."""
    parts: list[str] = []
    address: str | None = None
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "link_open":
            target = str(child.attrGet("href") or "")
            address = address or (target if not target.startswith("#") else None) or None
    return re.sub(r"\s*\n\s*", " ", "".join(parts)).strip(), address


def _block(piece: _Piece, lines: Sequence[Line]) -> Block | None:
    """Make a block of the piece, with the edits of its lines put where their results stand in it."""
    source = [line for line in lines[piece.first : piece.last] if not line.blank] or [lines[piece.first]]
    head = source[0]
    text = piece.text
    pointing = text[:1] in clean.ARROWS
    if pointing:
        text = text.lstrip(clean.ARROWS + " ")
    tidied = clean.tidy(Line(head.number, text))
    if not tidied.text:
        return None
    whole = len(tidied.text)
    edits = [*tidied.edits, *head.cuts]
    edits.extend(replace(cut, start=0, end=whole, repair=True) for line in source[1:] for cut in line.cuts)
    edits.extend(_placed(edit, tidied.text) for line in source for edit in line.edits)
    kind = head.kind or (Kind.LINK if pointing else piece.kind)
    return Block(piece.part, kind, tidied.text, head.number, piece.level, None, tuple(edits), piece.address)


def _placed(edit: Edit, text: str) -> Edit:
    """Put the edit where its result stands in `text`; over the whole of it where that is not certain."""
    if edit.after and text.count(edit.after) == 1:
        start = text.index(edit.after)
        return replace(edit, start=start, end=start + len(edit.after))
    return replace(edit, start=0, end=len(text))
