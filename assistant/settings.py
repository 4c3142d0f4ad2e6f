"""The settings, read in one place from the environment and checked at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from assistant.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things stand and which model is used. README lists the variables with their defaults."""

    data: Path
    corpus: Path
    embedding_model: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read `WELWIJZER_*`. Raises SettingsError when a folder is a file or the corpus is not there."""
        env = os.environ if env is None else env
        data = Path(env.get("WELWIJZER_DATA") or user_data_path("welwijzer", appauthor=False)).expanduser()
        corpus = Path(env.get("WELWIJZER_CORPUS") or PROJECT / "corpus").expanduser()
        if data.exists() and not data.is_dir():
            raise SettingsError(f"WELWIJZER_DATA is not a folder: {data}", name="WELWIJZER_DATA", value=str(data))
        if not corpus.is_dir():
            raise SettingsError(
                f"WELWIJZER_CORPUS is not a folder: {corpus}", name="WELWIJZER_CORPUS", value=str(corpus)
            )
        return cls(data.resolve(), corpus.resolve(), env.get("WELWIJZER_EMBEDDING_MODEL") or None)

    @property
    def library_path(self) -> Path:
        """The SQLite file that holds the truth."""
        return self.data / "library.sqlite"

    @property
    def chroma_path(self) -> Path:
        """The folder of the derived vector index; may be thrown away."""
        return self.data / "chroma"

    @property
    def added_path(self) -> Path:
        """Originals and manifest entries of the documents that editors added."""
        return self.data / "added"
