"""How much two texts have in common, whatever was done to their lines: case, white space, hyphens and marks set aside."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from assistant.types import Document, Source

SPAN = 24  # letters; four or five words, so that stretches in common are sentences in common and not turns of phrase
ONE_IN = 8  # of all stretches of a text one in so many is looked at: those whose hash says so, in both texts the same
_PRIME = np.uint64(1_099_511_628_211)


@dataclass(frozen=True, slots=True)
class Near:
    """A document of the library that a new one may be a version of. `why`: "same", "text", "file", "title" or "url".

    `share`: of the stretches of both texts those in common (0..1); `contained`: of the shorter text's.
    """

    source: Source
    why: str
    share: float
    contained: float


def letters(text: str) -> str:
    """The letters and digits of a text, in small letters, one after the other: line ends and hyphens leave no trace."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def stretches(plain: str) -> np.ndarray:
    """Hashes of the stretches of SPAN letters that are looked at, sorted, each once; shape (n,), uint64."""
    codes = np.frombuffer(plain.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < SPAN:
        return np.empty(0, dtype=np.uint64)
    hashes = np.zeros(len(codes) - SPAN + 1, dtype=np.uint64)
    for at in range(SPAN):
        hashes = (hashes ^ codes[at : at + len(hashes)]) * _PRIME
    hashes ^= hashes >> np.uint64(29)
    return np.unique(hashes[hashes % np.uint64(ONE_IN) == 0])


def near(text: str, source: Source, documents: Iterable[Document], contained: float) -> list[Near]:
    """The documents that have at least `contained` of a text in common, or its file's name, title or address.

    Most alike first. `source` is the new document's entry.
    """
    plain = letters(text)
    ours = stretches(plain)
    found = []
    for document in documents:
        other = letters(document.text)
        theirs = stretches(other)
        common = len(np.intersect1d(ours, theirs, assume_unique=True))
        share = common / max(1, len(ours) + len(theirs) - common)
        inside = common / max(1, min(len(ours), len(theirs)))
        why = "same" if plain == other else "text" if inside >= contained else _named_alike(source, document.source)
        if why:
            found.append(Near(document.source, why, 1.0 if why == "same" else share, inside))
    return sorted(found, key=lambda one: (-one.share, -one.contained, one.source.id))


def _named_alike(new: Source, held: Source) -> str | None:
    if new.url and new.url == held.url:
        return "url"
    if letters(new.title) and letters(new.title) == letters(held.title):
        return "title"
    return "file" if new.file == held.file else None
