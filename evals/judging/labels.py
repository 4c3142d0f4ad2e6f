"""What people said of answers, and how it is kept: records, JSON lines, and a folder that one writes at a time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from assistant.errors import WelwijzerError

Claim = Literal["supported", "helpful"]
SCALES: Mapping[str, tuple[str, ...]] = {
    "supported": ("full", "partly", "none"),
    "helpful": ("helpful", "not_helpful"),
}
"""Per claim the labels that an editor may give, best first."""

FOLDER = "labels"
"""Where labels are kept, below the folder of the users' data."""

_LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a sheet; `row` counts from 1 as a spreadsheet does, `code` picks the Dutch explanation."""

    row: int
    code: str
    value: str = ""


class LabelsError(WelwijzerError):
    """Labels can't be used or kept.

    `details['why']`: missing, kind, unreadable, too_large, not_a_sheet, empty, mixed, rows, exists, other_run,
    same_editor, nothing_to_draw, no_name, broken, busy. `details['file']` where there is one; `problems` for rows.
    """

    code = "labels"

    def __init__(self, message: str, problems: Sequence[Problem] = (), **details: object) -> None:
        super().__init__(message, **details)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Label:
    """One editor's label on one item, with what was judged; `value` is one of the claim's `SCALES`, None if left open."""

    item: str
    case: str
    claim: Claim
    asked: str
    text: str
    value: str | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """One editor's labels on one draw of `drawn` items; items whose row was taken out of the sheet are not listed."""

    editor: str
    run: str
    code: str
    corpus: str
    drawn: int
    labels: tuple[Label, ...]

    @property
    def labelled(self) -> int:
        """How many items have a label."""
        return sum(label.value is not None for label in self.labels)

    @property
    def unlabelled(self) -> int:
        """How many items were left open."""
        return len(self.labels) - self.labelled

    @property
    def removed(self) -> int:
        """How many items are gone from the sheet."""
        return self.drawn - len(self.labels)


def editor_name(editor: str) -> str:
    """Tidy an editor's name. Raises LabelsError when nothing is left."""
    name = " ".join(editor.split())
    if not name:
        raise LabelsError("an editor needs a name", why="no_name")
    return name


def labels_jsonl(labels: Sequence[Labels]) -> str:
    """Write labels as JSON lines, one per item and editor; an item left open has a label of null."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for one in labels for record in _records(one))


def labels_from_jsonl(text: str, file: str = "") -> tuple[Labels, ...]:
    """Read what `labels_jsonl` wrote, equal to what went in. Raises LabelsError (`why` is broken)."""
    found: dict[tuple[Any, ...], Labels] = {}
    try:
        for line in filter(None, text.split("\n")):  # not splitlines: a text may hold U+2028
            record = json.loads(line)
            head = tuple(record[name] for name in ("editor", "run", "code", "corpus"))
            if not all(isinstance(value, str) for value in head) or not isinstance(record["items"], int):
                raise ValueError("wrong types")
            editor, run, code, corpus = head
            known = found.setdefault(head, Labels(editor, run, code, corpus, record["items"], ()))
            found[head] = replace(known, labels=(*known.labels, _label(record)))
    except (ValueError, KeyError, TypeError) as error:
        raise LabelsError(f"no labels in {file}: {error}", why="broken", file=file) from error
    return tuple(found.values())


def save_labels(labels: Labels, folder: Path) -> Path:
    """Keep one editor's labels on one run in the folder, in place of earlier ones, and return the file.

    Written beside its place and moved there, under a lock. Raises LabelsError (busy) and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = editor_name(labels.editor).casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:40] + "-" + hashlib.sha256(name.encode()).hexdigest()[:8]
    path = folder / f"{labels.run}-{slug}.jsonl"
    try:
        with FileLock(folder / ".lock", timeout=_LOCK_SECONDS):
            fresh = path.with_suffix(".new")
            fresh.write_text(labels_jsonl([labels]), encoding="utf-8")
            fresh.replace(path)
    except Timeout as error:
        raise LabelsError("another process is writing labels", why="busy", file=str(path)) from error
    return path


def load_labels(folder: Path) -> tuple[Labels, ...]:
    """Read all labels kept in the folder; none when there is no folder. Raises LabelsError (broken) naming the file."""
    found: list[Labels] = []
    for path in sorted(folder.glob("*.jsonl")):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise LabelsError(f"no labels in {path}", why="broken", file=str(path)) from error
        found += labels_from_jsonl(text, str(path))
    return tuple(found)


def _records(labels: Labels) -> Iterator[dict[str, Any]]:
    head = {name: getattr(labels, name) for name in ("editor", "run", "code", "corpus")} | {"items": labels.drawn}
    for label in labels.labels:
        record = asdict(label)
        yield {**head, **{name: record[name] for name in ("item", "case", "claim", "asked", "text")},
               "label": label.value, "remark": label.remark}  # fmt: skip


def _label(record: Mapping[str, Any]) -> Label:
    claim, value = record["claim"], record["label"]
    if value is not None and value not in SCALES[claim]:
        raise ValueError(f"unknown label {value!r}")
    told = [record[name] for name in ("item", "case", "claim", "asked", "text")]
    if not all(isinstance(part, str) for part in (*told, record["remark"])):
        raise TypeError("a label is made of text")
    return Label(record["item"], record["case"], claim, record["asked"], record["text"], value, record["remark"])
