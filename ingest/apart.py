"""Reads a document in a child process and brings what was read back: foreign files may loop, grow or crash a reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from assistant.types import Kind
from ingest import child
from ingest.blocks import Block, Edit, Part, Reading
from ingest.child import Limits

# A web page of 20 MB takes about 10 s and 600 MB; what needs more was made to hold a reader up.
LIMITS = Limits(seconds=60.0, step=60.0, processor=60.0)
_AT_ONCE = 500  # blocks per line from the child


def read(reader: str, data: bytes) -> Reading:
    """Read `data` with `ingest.<reader>` under limits.

    Raises UnreadableError: what that reader raises, too_heavy where a limit was passed, broken where it crashed.
    """
    stated: dict[str, Any] = {}
    blocks: list[Block] = []
    for record in child.run("ingest.apart:records", data, LIMITS, (reader,)):
        stated.update(record.get("reading", {}))
        blocks += [_block(values) for values in record.get("blocks", ())]
    return Reading(
        tuple(blocks),
        tuple(Edit(**values) for values in stated["left_out"]),
        tuple(stated["warnings"]),
        tuple(stated["page_labels"]),
        stated["found"],
    )


def records(data: bytes, reader: str) -> Iterator[dict[str, Any]]:
    """What a reader found as values that JSON can carry: the child's side of `read`."""
    reading = _READERS[reader](data)
    for start in range(0, len(reading.blocks), _AT_ONCE):
        yield {"blocks": [asdict(block) for block in reading.blocks[start : start + _AT_ONCE]]}
    rest = {field.name: getattr(reading, field.name) for field in fields(reading) if field.name != "blocks"}
    yield {"reading": rest | {"left_out": [asdict(edit) for edit in reading.left_out]}}


def _html(data: bytes) -> Reading:
    from ingest import html

    return html.read(data)


def _docx(data: bytes) -> Reading:
    from ingest import docx

    return docx.read(data)


_READERS = {"html": _html, "docx": _docx}


def _block(values: dict[str, Any]) -> Block:
    edits = tuple(Edit(**edit) for edit in values["edits"])
    return Block(**(values | {"part": Part(values["part"]), "kind": Kind(values["kind"]), "edits": edits}))
