"""A Reading becomes the Document the library holds: stored text, sections, passages of whole sentences, changes."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.types import Change, Document, Kind, Passage, Role, Sentence, Source
from ingest import sentences, stored
from ingest.blocks import Edit, Part, Reading
from ingest.stored import Placed

# Length a passage aims at, in characters; to be measured between 300 and 900 on the evaluation set.
TARGET = 600
# A passage shorter than this joins its neighbour of the same section and kind.
TINY = 120
# A list is kept whole up to this many times the target.
WHOLE_LIST = 4

_SECTORS = {
    "po": re.compile(r"\b(?:po|primair|basisonderwijs|basisschool|basisscholen)\b", re.IGNORECASE),
    "vo": re.compile(r"\b(?:vo|voortgezet onderwijs|middelbare scho(?:ol|len))\b", re.IGNORECASE),
    "so": re.compile(r"\b(?:v?so|speciaal onderwijs)\b", re.IGNORECASE),
    "mbo": re.compile(r"\b(?:mbo|middelbaar beroepsonderwijs)\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class _Unit:
    """Sentences that stay in one passage where possible: a paragraph, or a list with its lead-in.

    `whole`: kept together even if long (a list, a quotation with its speaker). `sectors`: named in its section, if any.
    """

    kind: Kind
    sentences: tuple[Sentence, ...]
    path: tuple[str, ...]
    page: int | None
    whole: bool
    sectors: tuple[str, ...]

    @property
    def start(self) -> int:
        return self.sentences[0].start

    @property
    def end(self) -> int:
        return self.sentences[-1].end

    @property
    def length(self) -> int:
        return self.end - self.start


def assemble(source: Source, reading: Reading, original_sha256: str, target: int = TARGET) -> Document:
    """Assemble the document as it is stored; the same input always gives the same result.

    Blocks stand a blank line apart, items of a list on successive lines below the line that introduces them.
    """
    text, placed = stored.write(reading.blocks)
    version = hashlib.sha256(text.encode("utf-8")).hexdigest()
    groups = _passages(_units(text, placed), target)
    passages = tuple(_passage(source, reading, version, text, ordinal, group) for ordinal, group in enumerate(groups))
    return Document(
        source=source,
        text=text,
        version=version,
        original_sha256=original_sha256,
        pages=stored.pages(reading, placed),
        sections=stored.sections(placed),
        passages=passages,
        changes=_changes(reading, placed, passages, len(text)),
        warnings=reading.warnings,
    )


def _units(text: str, placed: Sequence[Placed]) -> list[_Unit]:
    """Everything but headings and noise, as runs of sentences that belong together."""
    units: list[_Unit] = []
    for item in placed:
        block = item.block
        if block.part is Part.HEADING or block.kind is Kind.NOISE or not block.text:
            continue
        if block.part is Part.ITEM:
            _add_item(units, item, text)
        else:
            found = tuple(
                Sentence(item.start + start, item.start + end, Role.SENTENCE, item.number)
                for start, end in sentences.spans(block.text)
            )
            units.append(_Unit(block.kind, found, item.path, block.page, _attributed(block.text), _sectors(item)))
    return units


def _add_item(units: list[_Unit], item: Placed, text: str) -> None:
    """Put a list item behind its list, or start a list with the sentence that introduces it."""
    sentence = Sentence(item.start, item.end, Role.ITEM, item.number)
    last = units[-1] if units else None
    directly = last is not None and text[last.end : item.start] == "\n"
    if last is None or not directly:
        units.append(_Unit(item.block.kind, (sentence,), item.path, item.block.page, True, _sectors(item)))
    elif last.sentences[-1].role is Role.ITEM:
        units[-1] = replace(last, sentences=(*last.sentences, sentence))
    else:
        before, lead = last.sentences[:-1], replace(last.sentences[-1], role=Role.LEAD_IN, block=item.number)
        if before and before[-1].end - before[0].start < TINY and not _neighbour(units):
            before, kept = (), before
        else:
            kept = ()
        units[-1:] = [replace(last, sentences=before)] if before else []
        units.append(_Unit(item.block.kind, (*kept, lead, sentence), item.path, last.page, True, last.sectors))


def _neighbour(units: Sequence[_Unit]) -> bool:
    """Whether the unit before the last can take in what the last one leaves behind."""
    if len(units) < 2:
        return False
    before, last = units[-2], units[-1]
    return (before.kind, before.path, before.page) == (last.kind, last.path, last.page)


def _passages(units: Sequence[_Unit], target: int) -> list[list[_Unit]]:
    """Units gathered into passages: neighbours of one section, page and kind, about `target` characters together."""
    result: list[list[_Unit]] = []
    for _, run in groupby(units, key=lambda unit: (unit.kind, unit.path, unit.page, unit.sectors)):
        pieces = [piece for unit in run for piece in _cut(unit, target)]
        result.extend(_gathered(pieces, target))
    return result


def _cut(unit: _Unit, target: int) -> list[_Unit]:
    """Cut a unit in even pieces of whole sentences, if it is much longer than `target`."""
    limit = target * WHOLE_LIST if unit.whole else target * 3 // 2
    if unit.length <= limit:
        return [unit]
    count = max(2, round(unit.length / target))
    pieces: list[_Unit] = []
    rest = list(unit.sentences)
    for left in range(count, 0, -1):
        if not rest:
            break
        share = (rest[-1].end - rest[0].start) / left
        taken = [rest.pop(0)]
        while rest and left > 1 and _nearer(taken, rest[0], share):
            taken.append(rest.pop(0))
        pieces.append(replace(unit, sentences=tuple(taken + (rest if left == 1 else []))))
    return pieces


def _nearer(taken: Sequence[Sentence], following: Sentence, share: float) -> bool:
    """Whether taking one more sentence comes closer to the share of a piece."""
    now = taken[-1].end - taken[0].start
    more = following.end - taken[0].start
    return abs(more - share) < abs(now - share)


def _gathered(units: Sequence[_Unit], target: int) -> list[list[_Unit]]:
    """Successive units put together while that stays near the target; a tiny rest joins the one before it."""
    groups: list[list[_Unit]] = []
    for unit in units:
        if groups:
            start, size = groups[-1][0].start, groups[-1][-1].end - groups[-1][0].start
            tiny = size < TINY or unit.length < TINY
            if unit.end - start <= target * (3 / 2 if tiny else 7 / 6):
                groups[-1].append(unit)
                continue
        groups.append([unit])
    return groups


def _passage(
    source: Source, reading: Reading, version: str, text: str, ordinal: int, group: Sequence[_Unit]
) -> Passage:
    """Make the passage of a group of units, with a name that stays the same while its place and text do."""
    start, end = group[0].start, group[-1].end
    found = text[start:end]
    digest = hashlib.sha256(found.encode("utf-8")).hexdigest()[:10]
    page = group[0].page
    labels = reading.page_labels
    return Passage(
        id=f"{source.id}:{ordinal:04d}:{digest}",
        source=source.id,
        version=version,
        ordinal=ordinal,
        page=page,
        page_label=labels[page - 1] if page and page <= len(labels) else None,
        section=group[0].path,
        kind=group[0].kind,
        sectors=group[0].sectors or source.sectors,
        start=start,
        end=end,
        text=found,
        sentences=tuple(sentence for unit in group for sentence in unit.sentences),
    )


def _attributed(text: str) -> bool:
    """Whether a paragraph is one quotation with the name of who said it."""
    return text[:1] in ('"', "“") and re.search(r"[\"”] [–—-] [^\"”]{3,150}$", text) is not None


def _sectors(item: Placed) -> tuple[str, ...]:
    """Sectors named by the nearest heading that names any; of a box without a title: by its first words."""
    for title in reversed(item.path):
        named = tuple(sector for sector, pattern in _SECTORS.items() if pattern.search(title))
        if named:
            return named
    if item.block.kind is not Kind.BOX:
        return ()
    opening = " ".join(item.block.text.split()[:3])
    return tuple(sector for sector, pattern in _SECTORS.items() if pattern.search(opening))


def _changes(
    reading: Reading, placed: Sequence[Placed], passages: Sequence[Passage], length: int
) -> tuple[Change, ...]:
    """All edits as changes of the stored text; what was cut out within a passage counts as a repair."""
    changes = [_change(edit, item.start) for item in placed for edit in item.block.edits]
    changes.extend(_change(replace(edit, start=0, end=0), length) for edit in reading.left_out)
    starts = [passage.start for passage in passages]
    ends = [passage.end for passage in passages]
    return tuple(replace(change, repair=True) if _cut_inside(change, starts, ends) else change for change in changes)


def _change(edit: Edit, offset: int) -> Change:
    return Change(
        edit.rule, edit.line, edit.before, edit.after, edit.start + offset, edit.end + offset, edit.repair, edit.reason
    )


def _cut_inside(change: Change, starts: Sequence[int], ends: Sequence[int]) -> bool:
    """Whether printed text was left out strictly within one of the passages, which stand in order."""
    if change.start != change.end or change.rule in ("invisible", "control"):
        return False
    at = bisect_left(starts, change.start) - 1
    return at >= 0 and change.start < ends[at]
