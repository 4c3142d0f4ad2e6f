"""The trained encoder as a folder that sentence-transformers loads: weights of half precision, loaded as float32."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import BertModel

LONGEST = 256
REFERENCE = (
    "Hoe merk je dat een leerling niet lekker in zijn vel zit?",
    "telefoonverbod",
    "De school maakt samen met ouders afspraken over het gebruik van mobiele telefoons in de klas.",
    "Een man speelt gitaar.",
)
"""Texts whose vectors are stored beside the weights, to tell whether another machine makes the same."""


def write(model: BertModel, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the whole folder, and the reference vectors that it gives when it is loaded again."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(
        {name: tensor.to(torch.float16).contiguous() for name, tensor in model.state_dict().items()},
        folder / "model.safetensors",
        metadata={"format": "pt"},
    )
    (folder / "model.safetensors").chmod(0o644)  # safetensors writes for the owner alone
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        **{name: getattr(model.config, name) for name in _CONFIG},
    }
    _write(folder / "config.json", config)
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": LONGEST,
            "clean_up_tokenization_spaces": False,
            **{f"{name[1:-1].lower()}_token": name for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")},
        },
    )
    _write(folder / "sentence_bert_config.json", {"max_seq_length": LONGEST, "do_lower_case": False})
    _write(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine", "prompts": {}})
    _write(folder / "modules.json", _MODULES)
    _write(
        folder / "1_Pooling/config.json",
        {"word_embedding_dimension": model.config.hidden_size, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir(exist_ok=True)
    _reference(folder)


def _reference(folder: Path) -> None:
    """Vectors of REFERENCE as the loaded folder gives them, to five digits."""
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    vectors = loaded.encode(list(REFERENCE), normalize_embeddings=True, show_progress_bar=False)
    rounded = [[round(float(x), 5) for x in row] for row in vectors]
    _write(folder / "reference.json", dict(zip(REFERENCE, rounded, strict=True)), None)


_CONFIG = (
    *("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act"),
    *("max_position_embeddings", "type_vocab_size", "layer_norm_eps", "initializer_range", "pad_token_id"),
    *("hidden_dropout_prob", "attention_probs_dropout_prob"),
)
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def _write(path: Path, content: object, indent: int | None = 2) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=indent) + "\n", "utf-8")
