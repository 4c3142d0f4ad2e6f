"""Plain text into blocks: lines unwrapped, noise left out, headings, lists and captions told apart by shape."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Kind
from ingest import clean, markdown
from ingest.blocks import Block, Edit, Part, Reading
from ingest.corrections import Corrections, apply
from ingest.lines import Line, decode, numbered, rewrite
from ingest.shapes import ADDRESS, ATTRIBUTION, CAPTION, POINTER, REFERENCES, settle

# Longest heading that is recognised by shape alone; the longest true one in the seed texts has 84 characters.
HEADING_LENGTH = 100
# Lines of a block that are looked at to see whether it goes on (an open bracket, the end of a sentence).
LOOK_BACK = 20
CAPITAL = re.compile(r"^[“‘\"'’\d]*\s?[A-ZÀ-Ý]|^’[a-z]\s[A-Z]")
UNFINISHED = (".", ",", ";", ":", "!", "-", "/", "…", "”", "’")


def read(data: bytes, corrections: Corrections | None) -> Reading:
    """Read a `.txt` file; one that holds Markdown is read as such.

    Raises UnreadableError for empty or binary data, CorrectionError for a correction that doesn't fit.
    """
    text = decode(data)
    if markdown.looks_like(text):
        return markdown.read(data, corrections)
    lines, left = numbered(text), tuple[Edit, ...]()
    if corrections:
        lines, left = apply(lines, corrections)
    blocks, noise = blocks_of(lines)
    return Reading(blocks, (*left, *noise), corrections.warnings if corrections else ())


def blocks_of(lines: Sequence[Line]) -> tuple[tuple[Block, ...], tuple[Edit, ...]]:
    """Blocks of corrected (or undamaged) lines, and what was left out after the last of them."""
    tidied = [clean.tidy(line) for line in lines]
    kept, noise = clean.without_noise(tidied)
    known = clean.words_of(kept)
    groups = _groups(_with_headings(kept))
    return settle(_block(group, known, number == 0) for number, group in enumerate(groups)), noise


def _with_headings(lines: Sequence[Line]) -> list[Line]:
    """Lines with a heading level wherever the shape or an editor says so."""
    result = list(lines)
    for at, line in enumerate(result):
        decided = line.blank or line.level is not None or line.kind is not None or line.starts or line.follows
        if not decided and _is_heading(result, at):
            result[at] = replace(line, level=2)
    return result


def _is_heading(lines: Sequence[Line], at: int) -> bool:
    """Recognise a short line with a capital and no end, after a blank line and above text or another heading."""
    text = lines[at].text
    if REFERENCES.match(text):
        return True
    if (at and not lines[at - 1].blank and not lines[at - 1].level) or len(text) > HEADING_LENGTH:
        return False
    if not CAPITAL.match(text) or text.endswith(UNFINISHED):
        return False
    if _listed(text) or CAPTION.match(text) or POINTER.match(text) or ATTRIBUTION.match(text) or _dated(text):
        return False
    if re.search(r"[a-z)]\. ", text):
        return False
    words = clean.WORD.findall(text)
    if not any(len(word) >= 3 for word in words) or text.count("(") != text.count(")"):
        return False
    following = next((i for i in range(at + 1, len(lines)) if not lines[i].blank), None)
    if following is None:
        return False
    if following > at + 1:
        return not clean.continues(text, lines[following], 1)
    return _above(lines, at)


def _above(lines: Sequence[Line], at: int) -> bool:
    """Whether the line stands directly above a paragraph and was not simply wrapped into it."""
    text, following = lines[at].text, lines[at + 1].text
    end = at + 1
    while end < len(lines) and not lines[end].blank:
        end += 1
    width = max(len(line.text) for line in lines[at + 1 : end])
    first = following.split(" ", 1)[0]
    runs_on = width >= 40 and (end - at > 2 or clean.ends_sentence(following))
    capital = following.lstrip("“‘\"' ")[:1].isupper()
    return runs_on and capital and len(text) + 1 + len(first) < width and not _listed(following)


def _dated(text: str) -> bool:
    return re.match(r"^\d{1,2}\s[a-z]+\s\d{4}$", text) is not None


def _listed(text: str) -> bool:
    return clean.BULLET.match(text) is not None or clean.NUMBER.match(text) is not None


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that make one block each."""
    groups: list[list[Line]] = []
    gap = 0
    for line in lines:
        if line.blank:
            gap += 1
            continue
        if groups and _goes_on(groups[-1], line, gap):
            groups[-1].append(line)
        else:
            groups.append([line])
        gap = 0
    return groups


def _goes_on(group: Sequence[Line], line: Line, gap: int) -> bool:
    """Whether `line` belongs to the block of `group`."""
    last = group[-1]
    if line.follows:
        return True
    if line.starts or line.kind != last.kind or bool(line.level) != bool(last.level) or line.page != last.page:
        return False
    if line.level:
        return False
    if _listed(line.text) or line.text[0] in clean.ARROWS or CAPTION.match(line.text):
        return False
    if gap and len(group) == 1 and POINTER.match(last.text):
        return False
    if ADDRESS.match(line.text) and (gap or ADDRESS.match(last.text)):
        return False
    if ATTRIBUTION.match(line.text) and gap:
        return False
    return not gap or clean.continues(" ".join(part.text for part in group[-LOOK_BACK:]), line, gap)


def _block(group: Sequence[Line], known: Counter[str], first: bool) -> Block:
    head = group[0]
    kind = head.kind or Kind.BODY
    if head.level:
        text, edits = clean.merge(group, known)
        level = 1 if first and head.level == 2 and not any(line.starts for line in group) else head.level
        return Block(Part.HEADING, kind, text, head.number, level, head.page, edits)
    marked = clean.BULLET.match(head.text)
    if marked and not ATTRIBUTION.match(head.text) or (marked and head.text[0] == "-"):
        text, edits = clean.merge([_without_mark(head, marked.end()), *group[1:]], known)
        return Block(Part.ITEM, kind if head.kind else Kind.LIST, text, head.number, 1, head.page, edits)
    if head.kind is Kind.LIST:
        text, edits = clean.merge(group, known)
        return Block(Part.ITEM, kind, text, head.number, 1, head.page, edits)
    if head.text[0] in clean.ARROWS:
        bare = _without_mark(head, len(head.text) - len(head.text.lstrip(clean.ARROWS + " ")))
        text, edits = clean.merge([bare, *group[1:]], known)
        return Block(Part.PARAGRAPH, head.kind or Kind.LINK, text, head.number, 0, head.page, edits)
    text, edits = clean.merge(group, known)
    if clean.NUMBER.match(head.text) and len(text) < 600:
        return Block(Part.ITEM, kind if head.kind else Kind.LIST, text, head.number, 1, head.page, edits)
    return Block(Part.PARAGRAPH, kind, text, head.number, 0, head.page, edits)


def _without_mark(line: Line, length: int) -> Line:
    """Return the line without its bullet; no edit, as a bullet is layout."""
    bare = rewrite(line, 0, length, "", "bullet", repair=False)
    return replace(bare, edits=bare.edits[:-1])
