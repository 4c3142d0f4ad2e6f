"""What decides how the library holds a document, as one hash: as long as it stays the same, there is nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

from assistant import dutch, embedding, injection
from ingest import shelf
from ingest.passages import TARGET
from ingest.shelf import Item

# libraries whose new version may read, cut or embed a document differently
_READERS = ("lxml", "markdown-it-py", "pypdf", "pysbd", "python-docx", "trafilatura")
_ENCODERS = ("sentence-transformers", "transformers")
# modules here that decide nothing about the form a document gets
_ASIDE = frozenset(
    {
        *("__init__", "__main__", "addresses", "bar", "check", "differences", "editing", "encoder", "fetch", "intake"),
        *(
            "listing",
            "manifest",
            "pipeline",
            "placing",
            "proposing",
            "rebuild",
            "resemblance",
            "shelf",
            "signature",
            "staging",
            "talk",
        ),
    }
)
_HALF = 32  # hex digits


def signature_of(item: Item, original: bytes, model: str) -> str:
    """64 hex digits: the first half stands for how texts are embedded, the second for all else."""
    recorded = item.corrections / f"{item.source.id}.toml"
    parts = {
        "original": shelf.sha256(original),
        "file": item.original.name,
        "entry": asdict(item.source),
        "corrections": shelf.sha256(recorded.read_bytes()) if recorded.is_file() else None,
        "questions": shelf.sha256(item.questions.read_bytes()) if item.questions.is_file() else None,
        "code": _reading_code(),
        "target": TARGET,
    }
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return _embedding_half(model) + digest[:_HALF]


def same_vectors(signature: str | None, model: str) -> bool:
    """Whether vectors stored under `signature` are those that `model` would make now."""
    return signature is not None and signature[:_HALF] == _embedding_half(model)


def with_model(signature: str, model: str) -> str:
    """The signature of a document that is as it was but for its vectors, which `model` makes."""
    return _embedding_half(model) + signature[_HALF:]


@cache
def _embedding_half(model: str) -> str:
    return _hash([Path(embedding.__file__)], _ENCODERS, model)[:_HALF]


@cache
def _reading_code() -> str:
    """A hash of the code that reads and cuts: a number raised by hand is forgotten sooner or later."""
    files = [path for path in sorted(Path(__file__).parent.glob("*.py")) if path.stem not in _ASIDE]
    orders = Path(injection.__file__)  # its warnings are stored with the document
    rules = orders.parent / "data" / "attacks.toml"
    return _hash([*files, Path(dutch.__file__), Path(embedding.__file__), orders, rules], _READERS, "")


def _hash(files: Iterable[Path], libraries: Iterable[str], text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for name in libraries:
        digest.update(f"{name} {version(name)}\n".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()
