"""Stand-ins at real seams: a small corpus on disk, and an embedding model whose vectors follow from the text alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.settings import Settings
from ingest.encoder import LazyEncoder

TEXTS = {
    "alfa": (
        "Werken aan welbevinden\n\nEen veilig schoolklimaat is de basis van welbevinden op school. Leerlingen die zich"
        " veilig voelen, leren beter en zijn vaker aanwezig.\n\nSamen met ouders\n\nOuders kennen hun kind het langst."
        " Betrek hen daarom vroeg bij een plan, en vertel wat de school zelf doet.\n"
    ),
    "beta": (
        "Signaleren in de klas\n\nEen mentor ziet als eerste dat een leerling stiller wordt dan anders. Bespreek wat je"
        " ziet met de intern begeleider.\n\n• let op verzuim;\n• let op stemming;\n• let op vriendschappen.\n"
    ),
}


class SeededModel:
    """Unit vectors of 16 numbers drawn with the text's own hash as seed; counts what it embedded."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += texts
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).normal(size=16)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def encoder(model: SeededModel, name: str = "seeded") -> LazyEncoder:
    return LazyEncoder(name, lambda: model)


def make_corpus(folder: Path, texts: dict[str, str] | None = None) -> Settings:
    """A corpus and an empty data folder below `folder`."""
    corpus = folder / "corpus"
    (corpus / "documents").mkdir(parents=True, exist_ok=True)
    entries = []
    for name, text in (TEXTS if texts is None else texts).items():
        (corpus / "documents" / f"{name}.txt").write_text(text, encoding="utf-8")
        entries.append(entry(name))
    (corpus / "sources.toml").write_text("\n".join(entries), encoding="utf-8")
    return Settings((folder / "data").resolve(), corpus.resolve())


def entry(name: str, title: str = "") -> str:
    return (
        f'[[source]]\nid = "{name}"\ntitle = "{title or name.title()}"\npublishers = ["Voorbeeldraad"]\n'
        f'rights = "Voorbeeld"\nfile = "{name}.txt"\n'
    )
