"""What the vector index was built from, in a file beside it; where it is missing or does not fit, the index is rebuilt."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

LAYOUT = "5"  # raise when what is written changes
FILE = "state.json"


@dataclass(frozen=True, slots=True)
class IndexState:
    """A finished copy: its folder's name, per source what its vectors were made of, and a hash over its files."""

    copy: str
    sources: dict[str, str]
    files: str

    @classmethod
    def read(cls, folder: Path) -> IndexState | None:
        """The state in `folder`; None when there is none, it can't be read, or the files are not what they were."""
        try:
            stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
            state = cls(str(stored["copy"]), dict(stored["sources"]), str(stored["files"]))
            sound = stored["layout"] == LAYOUT and state.files == fingerprint(folder / state.copy)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return state if sound and (folder / state.copy).is_dir() else None

    def write(self, folder: Path) -> None:
        """Put the state in place in one step."""
        fresh = folder / f"{FILE}.new"
        stored = {"layout": LAYOUT, "copy": self.copy, "sources": self.sources, "files": self.files}
        fresh.write_text(json.dumps(stored), encoding="utf-8")
        fresh.replace(folder / FILE)


def unfinished(folder: Path) -> None:
    """Take the state away before the index is written to: who finds none does not trust what stands there."""
    (folder / FILE).unlink(missing_ok=True)


def fingerprint(copy: Path) -> str:
    """A hash over all files of a copy. A cut or altered file can end Chroma's process, so it is seen before it is opened."""
    digest = hashlib.sha256()
    for path in sorted(p for p in copy.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(copy).as_posix()} {content}\n".encode())
    return digest.hexdigest()
