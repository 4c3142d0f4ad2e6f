"""Where the originals stand: the corpus with its manifest, and one folder per document that an editor added or changed.

An added document's folder has the form of a small corpus: `sources.toml` with one entry, `documents/` with the original,
`corrections/` and `questions/` where it has them, and `previous/` with the version before, of the same form. A folder
with the id of a document of the corpus stands in its place.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import IngestError, ManifestError
from assistant.settings import Settings
from assistant.types import Source
from ingest import manifest
from ingest.read import original

ADDED_ORDINAL = 1_000_000  # added documents stand behind those of the corpus
MAX_SLUG = 60  # characters; ids are typed by people
PREVIOUS = "previous"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Item:
    """One document to be in the library: its manifest entry, its original, its corrections and its stored questions."""

    source: Source
    original: Path
    corrections: Path
    questions: Path
    ordinal: int

    def content(self) -> bytes:
        """The original's bytes. Raises UnreadableError (missing, too_large)."""
        return original(self.original)


Problem = tuple[str, ManifestError]


def corpus_items(settings: Settings) -> tuple[Item, ...]:
    """The corpus in manifest order. Raises ManifestError."""
    return tuple(_item(settings.corpus, source, place) for place, source in enumerate(manifest.load(settings.corpus)))


def added_items(settings: Settings) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The added documents, and `(id, error)` for each whose entry can't be read."""
    items: list[Item] = []
    problems: list[Problem] = []
    for folder in added_folders(settings):
        try:
            items.append(added_item(folder))
        except ManifestError as error:
            problems.append((folder.name, error))
    return tuple(items), tuple(problems)


def items(settings: Settings) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """All documents that are to be in the library, each once, and the added ones whose entry can't be read.

    Raises ManifestError for the corpus. What is withdrawn is among them.
    """
    added, problems = added_items(settings)
    own = {item.source.id: item for item in added}
    broken = {name for name, _ in problems}
    corpus = [item for item in corpus_items(settings) if item.source.id not in broken]
    placed = [replace(own.pop(i.source.id), ordinal=i.ordinal) if i.source.id in own else i for i in corpus]
    return (*placed, *own.values()), problems


def item_of(settings: Settings, source_id: str) -> Item | None:
    """The document of this id as it stands on the shelf. Raises ManifestError."""
    return next((item for item in items(settings)[0] if item.source.id == source_id), None)


def in_corpus(settings: Settings, source_id: str) -> Item | None:
    """The document of the corpus with this id, None also where the corpus can't be read."""
    try:
        return next((item for item in corpus_items(settings) if item.source.id == source_id), None)
    except ManifestError:
        return None


def added_folders(settings: Settings) -> list[Path]:
    """The folders of added documents, by name."""
    if not settings.added_path.is_dir():
        return []
    return sorted(p for p in settings.added_path.iterdir() if p.is_dir() and not p.name.startswith("."))


def added_item(folder: Path, source_id: str | None = None) -> Item:
    """The document in a folder that has its id for a name, or that of `source_id`. Raises ManifestError."""
    entries = manifest.load(folder)
    if len(entries) != 1:
        entry = f"added/{folder.name}"
        raise ManifestError(f"{entry}: not one entry", file=manifest.FILE, entry=entry)
    return _item(folder, replace(entries[0], id=source_id or folder.name, origin="added"), ADDED_ORDINAL)


def write(folder: Path, source: Source, data: bytes, beside: Item | None = None, before: Path | None = None) -> Item:
    """Make a document's folder. Raises ManifestError for an entry of a wrong form, OSError.

    `beside`: the document whose corrections and questions go with it; `before`: the folder that is to be its `previous`.
    """
    (folder / "documents").mkdir(parents=True)
    write_durably(folder / "documents" / source.file, data)
    write_durably(folder / manifest.FILE, entry_text(source).encode())
    if beside is not None:
        _copy(beside.corrections / f"{beside.source.id}.toml", folder / "corrections")
        _copy(beside.questions, folder / "questions")
    if before is not None:
        shutil.copytree(before, folder / PREVIOUS, ignore=shutil.ignore_patterns(PREVIOUS))
    return added_item(folder)


@contextmanager
def writing(settings: Settings, folder: Path | None = None) -> Iterator[None]:
    """What the file system refuses, below the data folder or in `folder`, as IngestError: "full" where the disk is, else "shelf"."""
    try:
        yield
    except OSError as error:
        why = "full" if error.errno in _FULL else "shelf"
        place = folder or settings.data
        raise IngestError(f"cannot write below {place}: {error}", why=why, path=str(place)) from error


def entry_text(source: Source) -> str:
    """A source as an entry of `sources.toml`."""
    lines = ["[[source]]"]
    for field in manifest.FIELDS:
        value = getattr(source, field)
        if value is not None and value != ():
            # JSON texts and lists of texts are TOML as well, but for the character DEL
            lines.append(f"{field} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", ""))
    return "\n".join(lines) + "\n"


def slug(text: str) -> str:
    """Small letters and digits with hyphens, at most MAX_SLUG characters, cut between words: a readable id."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    whole = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(whole) <= MAX_SLUG:
        return whole or "document"
    return whole[: MAX_SLUG + 1].rpartition("-")[0] or whole[:MAX_SLUG]


def free_id(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, with a number behind it if it is taken."""
    if wanted not in taken:
        return wanted
    return next(f"{wanted}-{number}" for number in range(2, len(taken) + 3) if f"{wanted}-{number}" not in taken)


def sha256(data: bytes) -> str:
    """Hex digest of an original."""
    return hashlib.sha256(data).hexdigest()


def _item(folder: Path, source: Source, ordinal: int) -> Item:
    questions = folder / "questions" / f"{source.id}.yaml"
    return Item(source, folder / "documents" / source.file, folder / "corrections", questions, ordinal)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file that is to outlive a power cut: SQLite may know of it a moment later."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _copy(path: Path, folder: Path) -> None:
    if path.is_file():
        folder.mkdir()
        write_durably(folder / path.name, path.read_bytes())
