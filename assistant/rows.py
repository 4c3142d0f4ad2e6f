"""How records stand in the library's rows: texts and numbers as they are, structure as JSON, vectors as bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from assistant.types import Document, Kind, Passage, Role, Sentence, Source, StoredQuestion, Window


def source_of(record: str) -> Source:
    """The source of a stored record."""
    values = json.loads(record)
    for name in ("publishers", "sectors", "audience"):
        values[name] = tuple(values[name])
    return Source(**values)


def source_row(document: Document, signature: str, ordinal: int) -> dict[str, object]:
    """The row of a document in `sources`, with pages, sections, changes and warnings as JSON."""
    structure = {
        "pages": [asdict(page) for page in document.pages],
        "sections": [asdict(section) for section in document.sections],
        "changes": [asdict(change) for change in document.changes],
        "warnings": list(document.warnings),
    }
    return {
        "id": document.source.id,
        "ordinal": ordinal,
        "record": json.dumps(asdict(document.source), ensure_ascii=False),
        "text": document.text,
        "version": document.version,
        "original_sha256": document.original_sha256,
        "signature": signature,
        "structure": json.dumps(structure, ensure_ascii=False),
        "page_count": len(document.pages),
    }


def passage_of(record: str) -> Passage:
    """The passage of a stored record."""
    values = json.loads(record)
    values["kind"] = Kind(values["kind"])
    values["section"] = tuple(values["section"])
    values["sectors"] = tuple(values["sectors"])
    values["sentences"] = tuple(Sentence(s[0], s[1], Role(s[2]), s[3]) for s in values["sentences"])
    values["questions"] = tuple(StoredQuestion(q[0], q[1]) for q in values.get("questions", ()))
    return Passage(**values)


def passage_row(passage: Passage) -> dict[str, object]:
    """The row of a passage in `passages`."""
    values = asdict(passage)
    values["sentences"] = [[s.start, s.end, s.role, s.block] for s in passage.sentences]
    values["questions"] = [[q.text, q.sentence] for q in passage.questions]
    record = json.dumps(values, ensure_ascii=False)
    return {"id": passage.id, "source": passage.source, "ordinal": passage.ordinal, "record": record}


def window_of(row: Any) -> Window:  # noqa: ANN401 - SQLAlchemy's Row is untyped here
    """The window of a row; its vector shares the row's memory."""
    vector = np.frombuffer(row.vector, dtype=np.float32)
    return Window(row.id, row.passage, row.source, row.start, row.end, vector)


def window_row(window: Window) -> dict[str, object]:
    """The row of a window in `windows`: its vector as float32 bytes."""
    return {
        "id": window.id,
        "passage": window.passage,
        "source": window.source,
        "start": window.start,
        "end": window.end,
        "vector": window.vector.astype(np.float32).tobytes(),
    }


def digest(
    source: Mapping[Any, object], passages: Iterable[Mapping[Any, object]], windows: Iterable[Mapping[Any, object]]
) -> str:
    """A hash over all rows of one source, whatever their order: one altered byte gives another."""
    found = hashlib.sha256(_content(source))
    for table in (passages, windows):
        for row in sorted(table, key=lambda row: str(row["id"])):
            found.update(_content(row))
    return found.hexdigest()


def _content(row: Mapping[Any, object]) -> bytes:
    values = ((name, row[name]) for name in sorted(map(str, row)))
    return repr([(name, bytes(value) if isinstance(value, bytes) else value) for name, value in values]).encode()
