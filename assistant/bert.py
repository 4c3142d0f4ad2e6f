"""A small BERT read with numpy alone, for the one question that somebody waits for.

Importing torch and sentence_transformers takes most of a start; a question needs none of it. Measured on the default model
(November 2026): read in 0.4 s instead of 6.9 s of processor time, 21 ms a question as with torch, and over 200 evaluation
questions no number of a vector differs by more than 2e-7. Many texts at once are faster with torch, which is loaded then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

# The parts of a sentence-transformers model that this file can follow, in their order; vectors are always normalised.
_MODULES = (("Transformer", "Pooling"), ("Transformer", "Pooling", "Normalize"))
_FILES = ("config.json", "modules.json", "model.safetensors", "tokenizer.json")
_MASKED = "embeddings.position_ids"  # of older files; no weight


class Model(Protocol):
    """What is asked of a sentence-transformers model."""

    prompts: Any

    def encode(self, texts: list[str], **options: Any) -> np.ndarray:  # noqa: ANN401 - passed on as they are
        """Vectors of texts."""


class LightModel:
    """Stands in for a sentence-transformers model: one text is encoded here, many by the whole model, loaded then."""

    def __init__(self, folder: Path, whole: Callable[[], Model]) -> None:
        from safetensors import safe_open
        from threadpoolctl import threadpool_limits
        from tokenizers import Tokenizer

        config = _json(folder / "config.json")
        self.prompts: Any = _json(folder / "config_sentence_transformers.json").get("prompts") or {}
        self._whole = whole
        self._loaded: Model | None = None
        self._heads, self._layers = int(config["num_attention_heads"]), int(config["num_hidden_layers"])
        self._tiny = np.float32(config["layer_norm_eps"])
        with safe_open(folder / "model.safetensors", "np") as file:
            self._weights: dict[str, np.ndarray] = {
                k: file.get_tensor(k).astype(np.float32)
                for k in file.keys()  # noqa: SIM118
                if k != _MASKED
            }
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        longest = _json(folder / "sentence_bert_config.json").get("max_seq_length") or config["max_position_embeddings"]
        self._tokenizer.enable_truncation(int(longest))
        self._tokenizer.no_padding()
        # matrices this small gain nothing from a second thread, and wait for it when the machine is busy:
        # 21 ms of processor time a question with one thread, 260 ms with two on 2 busy cores
        threadpool_limits(1, user_api="blas")

    @staticmethod
    def reads(folder: Path) -> bool:
        """Whether a folder holds a model that this class gives the same vectors for."""
        if not all((folder / name).is_file() for name in _FILES):
            return False
        config = _json(folder / "config.json")
        modules = [str(part.get("type", "")).rpartition(".")[2] for part in _json(folder / "modules.json")]
        pooling = _json(folder / "1_Pooling" / "config.json")
        modes = [name for name, used in pooling.items() if name.startswith("pooling_mode") and used]
        return (
            config.get("model_type") == "bert"
            and config.get("hidden_act") == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
            and tuple(modules) in _MODULES
            and (modes == ["pooling_mode_mean_tokens"] or pooling.get("pooling_mode") == "mean")
        )

    def encode(self, texts: list[str], **options: Any) -> np.ndarray:  # noqa: ANN401 - passed on as they are
        """Vectors of texts, of unit length."""
        if len(texts) == 1:
            return self._one(texts[0])[None, :]
        if self._loaded is None:
            self._loaded = self._whole()
        return self._loaded.encode(texts, **options)

    def _one(self, text: str) -> np.ndarray:
        ids: Sequence[int] = self._tokenizer.encode(text).ids
        found = self._weights
        x = found["embeddings.word_embeddings.weight"][list(ids)]
        x = x + found["embeddings.position_embeddings.weight"][: len(ids)]
        x = self._normal(x + found["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for number in range(self._layers):
            x = self._layer(x, f"encoder.layer.{number}")
        mean: np.ndarray = x.mean(axis=0)
        unit: np.ndarray = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return unit

    def _layer(self, x: np.ndarray, name: str) -> np.ndarray:
        query, key, value = (self._split(self._linear(x, f"{name}.attention.self.{part}")) for part in _PARTS)
        weights = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        seen = (weights @ value).transpose(1, 0, 2).reshape(len(x), -1)
        x = self._normal(x + self._linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        wide = _gelu(self._linear(x, f"{name}.intermediate.dense"))
        return self._normal(x + self._linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _split(self, x: np.ndarray) -> np.ndarray:
        return x.reshape(len(x), self._heads, -1).transpose(1, 0, 2)

    def _linear(self, x: np.ndarray, name: str) -> np.ndarray:
        result: np.ndarray = x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _normal(self, x: np.ndarray, name: str) -> np.ndarray:
        apart = x - x.mean(axis=-1, keepdims=True)
        spread = (apart * apart).mean(axis=-1, keepdims=True)
        result: np.ndarray = apart / np.sqrt(spread + self._tiny) * self._weights[f"{name}.weight"]
        result += self._weights[f"{name}.bias"]
        return result


_PARTS = ("query", "key", "value")
# Abramowitz and Stegun 7.1.26: the error function to 1.5e-7, which is what float32 holds.
_ERF = tuple(np.float32(n) for n in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592))
_ERF_SCALE = np.float32(0.3275911)


def _gelu(x: np.ndarray) -> np.ndarray:
    scaled = x * np.float32(2**-0.5)
    size = np.abs(scaled)
    t = 1 / (1 + _ERF_SCALE * size)
    series = np.zeros_like(t)
    for factor in _ERF:
        series = (series + factor) * t
    erf = np.sign(scaled) * (1 - series * np.exp(-size * size))
    result: np.ndarray = x * np.float32(0.5) * (1 + erf)
    return result


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever the model's files hold
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
