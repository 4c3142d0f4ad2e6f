"""Finds the headings that a Word document only shows by their look: short bold or large lines above running text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Kind
from ingest.blocks import Part
from ingest.clean import WORD
from ingest.docx_styles import MAX_LEVEL
from ingest.docx_walk import Draft
from ingest.plain import HEADING_LENGTH
from ingest.shapes import ATTRIBUTION, CAPTION, IMPRINT, POINTER

# Letters this much larger than those of the running text make a line stand out; Word's smallest heading has 1.09.
LARGER = 1.15
_UNFINISHED = (".", ",", ";", ":", "!", "…", "”")
Look = tuple[float, bool]


def settled(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts with the lines that look like headings as headings, and a title of several lines as one."""
    result = _one_title(drafts)
    body = _body(result)
    marked = [at for at, draft in enumerate(result) if _stands_out(draft, body)]
    chosen = [at for at in marked if _heads(result, at, marked)]
    looks = sorted({_look(result[at]) for at in chosen}, reverse=True)
    level = 0
    for at, draft in enumerate(result):
        if draft.block.part is Part.HEADING:
            level = draft.block.level
        elif at in set(chosen):
            own = min(level + 1 + looks.index(_look(draft)), MAX_LEVEL)
            result[at] = replace(draft, block=replace(draft.block, part=Part.HEADING, level=own))
    return result


def _one_title(drafts: Sequence[Draft]) -> list[Draft]:
    result: list[Draft] = []
    for draft in drafts:
        if draft.title and result and result[-1].title:
            joined = f"{result[-1].block.text} {draft.block.text}"
            result[-1] = replace(result[-1], block=replace(result[-1].block, text=joined))
        else:
            result.append(draft)
    return result


def _look(draft: Draft) -> Look:
    return draft.size, draft.bold


def _body(drafts: Sequence[Draft]) -> Look:
    """The look of most of the letters outside headings."""
    looks: Counter[Look] = Counter()
    for draft in drafts:
        if draft.block.part is not Part.HEADING and draft.size:
            looks[_look(draft)] += len(draft.block.text)
    return looks.most_common(1)[0][0] if looks else (0.0, False)


def _stands_out(draft: Draft, body: Look) -> bool:
    """Whether a short line without an end is bolder or larger than the running text."""
    block = draft.block
    if block.part is not Part.PARAGRAPH or block.kind not in {Kind.BODY, Kind.BOX} or len(block.text) > HEADING_LENGTH:
        return False
    size, bold = body
    if not (draft.bold and not bold and draft.size >= size) and draft.size < LARGER * size:
        return False
    if block.text.endswith(_UNFINISHED) or any(
        pattern.match(block.text) for pattern in (CAPTION, IMPRINT, POINTER, ATTRIBUTION)
    ):
        return False
    return any(len(word) >= 3 for word in WORD.findall(block.text))


def _heads(drafts: Sequence[Draft], at: int, marked: Sequence[int]) -> bool:
    """Whether something follows that the line can be the heading of: no other line of the same look, not the end."""
    following = drafts[at + 1] if at + 1 < len(drafts) else None
    if following is None or following.block.kind is Kind.REFERENCE:
        return False
    alike = _look(following) == _look(drafts[at])
    before = at > 0 and at - 1 in marked and _look(drafts[at - 1]) == _look(drafts[at])
    return not before and not (alike and (at + 1 in marked or following.bold))
