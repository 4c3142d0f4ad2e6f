"""Where the originals stand: the corpus with its manifest, and one folder per document that an editor added.

An added document's folder has the form of a small corpus: `sources.toml` with one entry, and `documents/` with the
original.
"""

from __future__ import annotations

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
_UNFINISHED = ".new-"


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


def corpus_items(settings: Settings) -> tuple[Item, ...]:
    """The corpus in manifest order. Raises ManifestError."""
    return tuple(_item(settings.corpus, source, place) for place, source in enumerate(manifest.load(settings.corpus)))


def added_items(settings: Settings) -> tuple[tuple[Item, ...], tuple[tuple[str, ManifestError], ...]]:
    """The added documents, and `(id, error)` for each whose entry can't be read."""
    items: list[Item] = []
    problems: list[tuple[str, ManifestError]] = []
    for folder in added_folders(settings):
        try:
            (source,) = manifest.load(folder)
            items.append(_item(folder, replace(source, id=folder.name, origin="added"), ADDED_ORDINAL))
        except ManifestError as error:
            problems.append((folder.name, error))
        except ValueError:
            entry = f"added/{folder.name}"
            problems.append((folder.name, ManifestError(f"{entry}: not one entry", file=manifest.FILE, entry=entry)))
    return tuple(items), tuple(problems)


def added_folders(settings: Settings) -> list[Path]:
    """The folders of added documents, by name."""
    if not settings.added_path.is_dir():
        return []
    return sorted(p for p in settings.added_path.iterdir() if p.is_dir() and not p.name.startswith("."))


@contextmanager
def placed(settings: Settings, source: Source, data: bytes) -> Iterator[Item]:
    """Put a new document on the shelf; it is taken off again if the block fails. Raises ManifestError, IngestError."""
    folder = settings.added_path / source.id
    fresh = settings.added_path / f"{_UNFINISHED}{source.id}-{os.getpid()}"
    try:
        (fresh / "documents").mkdir(parents=True)
        (fresh / "documents" / source.file).write_bytes(data)
        (fresh / manifest.FILE).write_text(entry_text(source), encoding="utf-8")
        (checked,) = manifest.load(fresh)
        fresh.rename(folder)
    except OSError as error:
        raise IngestError(f"cannot write {folder}: {error}", why="shelf", path=str(settings.added_path)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    try:
        yield _item(folder, replace(checked, origin="added"), ADDED_ORDINAL)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def take_off(settings: Settings, source_id: str) -> None:
    """Delete the folder of an added document."""
    shutil.rmtree(settings.added_path / source_id, ignore_errors=True)


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
