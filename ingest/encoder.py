"""The configured embedding model, loaded when a text has to be embedded that the library has no vector of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from assistant.settings import Settings


class Encodes(Protocol):
    """What is asked of a loaded model."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of unit length, shape (len(texts), dim)."""


class LazyEncoder:
    """Knows the model's name at once and loads the model (seconds, hundreds of megabytes) on the first new text."""

    def __init__(self, name: str, load: Callable[[], Encodes]) -> None:
        self.name = name
        self._load = load
        self._encoder: Encodes | None = None
        self._known: dict[str, np.ndarray] = {}

    @classmethod
    def configured(cls, settings: Settings) -> LazyEncoder:
        """The model of the settings. Raises ModelError when it is not there."""
        from assistant.embedding import load_encoder, model_name

        return cls(model_name(settings), lambda: load_encoder(settings))

    @property
    def loaded(self) -> bool:
        """Whether a text had to be embedded so far."""
        return self._encoder is not None

    def remember(self, known: dict[str, np.ndarray]) -> None:
        """Take over vectors that this same model made before, per text; forgets those of the document before."""
        self._known = known

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts, shape (len(texts), dim). Raises ModelError when the model can't be loaded."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            if self._encoder is None:
                self._encoder = self._load()
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])
