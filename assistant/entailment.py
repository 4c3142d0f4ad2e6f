"""An optional second judge of a chat model's sentences: a cross-encoder for natural language inference, by one setting.

torch and sentence_transformers take seconds to import, so they are imported when a model is loaded and not before.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

SETTING = "WELWIJZER_NLI_MODEL"
# Of the three labels' probabilities. Set by caution and not measured: no Dutch model for inference comes with the project.
ENTAILED = 0.9
BATCH = 16


class Entailment:
    """A loaded model. Safe to share between threads, which wait for each other."""

    def __init__(self, model: CrossEncoder, label: int, name: str) -> None:
        self._model = model
        self._label = label
        self._lock = threading.Lock()  # a tokenizer is no place for two threads at once
        self.name = name

    def entailed(self, premises: Sequence[str], claim: str) -> list[bool]:
        """For each premise whether the claim follows from it."""
        if not premises:
            return []
        with self._lock:
            logits = self._model.predict(
                [(premise, claim) for premise in premises],
                batch_size=BATCH,
                show_progress_bar=False,
                activation_fn=_as_it_is,
                convert_to_numpy=True,
            )
        shares = _softmax(np.asarray(logits, dtype=np.float64).reshape(len(premises), -1))
        return [bool(row.argmax() == self._label and row[self._label] >= ENTAILED) for row in shares]


def load_entailment(target: str) -> Entailment:
    """Load a model from a folder, or by its name on the hub. Raises SettingsError, also for one that judges no inference."""
    folder = Path(target).expanduser()
    if folder.is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from sentence_transformers import CrossEncoder

        where = str(folder) if folder.is_dir() else target
        model = CrossEncoder(where, device="cpu", local_files_only=folder.is_dir())
        labels: Mapping[int, str] = model.config.id2label
    except Exception as error:  # the loader raises many kinds; each means that there is no usable model
        raise _setting(target, "nli_model") from error
    found = [int(number) for number, label in labels.items() if label.lower().startswith("entail")]
    if len(found) != 1 or len(labels) < 2:
        raise _setting(target, "nli_labels")
    return Entailment(model, found[0], target)


def _setting(target: str, why: str) -> SettingsError:
    return SettingsError(f"{SETTING} can't be used: {target}", name=SETTING, value=target, why=why)


def _as_it_is(logits: object) -> object:
    return logits


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return shares
