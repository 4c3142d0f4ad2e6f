"""The configured embedding model, loaded when a text has to be embedded that the library has no vector of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assistant.embedding import Encodes
from assistant.settings import Settings


class LazyEncoder:
    """Knows the model's name at once and loads the model (seconds, hundreds of megabytes) on the first new text."""

    def __init__(self, name: str, load: Callable[[], Encodes]) -> None:
        self.name = name
        self._load = load
        self._encoder: Encodes | None = None

    @classmethod
    def configured(cls, settings: Settings) -> LazyEncoder:
        """The model of the settings. Raises ModelError when it is not there."""
        from assistant.embedding import load_encoder, model_name

        return cls(model_name(settings), lambda: load_encoder(settings))

    @property
    def loaded(self) -> bool:
        """Whether a text had to be embedded so far."""
        return self._encoder is not None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts, shape (len(texts), dim). Raises ModelError when the model can't be loaded."""
        if self._encoder is None:
            self._encoder = self._load()
        return self._encoder.encode(texts)
