"""The settings, read in one place from the environment and checked at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from assistant.errors import SettingsError

# Some sixty answers of 3,000 tokens: more than a school day holds, and less than a runaway script spends.
DAILY_TOKENS = 200_000
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things stand and which model is used. README lists the variables with their defaults."""

    data: Path
    corpus: Path
    embedding_model: str | None = None
    chat_model: str | None = None
    chat_daily_tokens: int = DAILY_TOKENS
    nli_model: str | None = None
    question_days: int = 0
    """For how many days a deployment keeps the questions, masked; 0 is none."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read `WELWIJZER_*`. Raises SettingsError for a value that can't be: a file as folder, a corpus that is not there."""
        env = os.environ if env is None else env
        data = Path(env.get("WELWIJZER_DATA") or user_data_path("welwijzer", appauthor=False)).expanduser()
        corpus = Path(env.get("WELWIJZER_CORPUS") or PROJECT / "corpus").expanduser()
        if data.exists() and not data.is_dir():
            raise SettingsError(f"WELWIJZER_DATA is not a folder: {data}", name="WELWIJZER_DATA", value=str(data))
        if not corpus.is_dir():
            raise SettingsError(
                f"WELWIJZER_CORPUS is not a folder: {corpus}", name="WELWIJZER_CORPUS", value=str(corpus)
            )
        return cls(
            data.resolve(),
            corpus.resolve(),
            env.get("WELWIJZER_EMBEDDING_MODEL") or None,
            _chat_model((env.get("WELWIJZER_CHAT_MODEL") or "").strip()),
            _tokens(env.get("WELWIJZER_CHAT_DAILY_TOKENS") or str(DAILY_TOKENS)),
            (env.get("WELWIJZER_NLI_MODEL") or "").strip() or None,
            _days(env.get("WELWIJZER_KEEP_QUESTIONS_DAYS") or "0"),
        )

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


def _chat_model(value: str) -> str | None:
    """`provider:name`, None for no value. Whether the provider is known is seen where the model is opened."""
    provider, colon, name = value.partition(":")
    if value and not (provider.strip() and colon and name.strip()):
        raise SettingsError(f"not provider:name: {value}", why="chat_model", name="WELWIJZER_CHAT_MODEL", value=value)
    return value or None


def _tokens(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 12):
        name = "WELWIJZER_CHAT_DAILY_TOKENS"
        raise SettingsError(f"{name} is not a number of tokens: {value}", why="tokens", name=name, value=value)
    return int(value)


def _days(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 5):
        name = "WELWIJZER_KEEP_QUESTIONS_DAYS"
        raise SettingsError(f"{name} is not a number of days: {value}", why="days", name=name, value=value)
    return int(value)
