"""The encoder as it is trained: the teacher's transformer with a Dutch vocabulary, and a teacher to learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModel, BertModel

from assistant.errors import ModelError
from evals.baselines import ENGLISH_PACKAGE, english_folder

TOKENS = 2048
"""Pieces of a batch, padding included."""
LONGEST = 128


def teacher_folder() -> Path:
    """Where the English teacher is installed. Raises ModelError."""
    folder = english_folder()
    if folder is None:
        raise ModelError(f"package {ENGLISH_PACKAGE} is not installed", model=ENGLISH_PACKAGE)
    return folder


def load_teacher() -> tuple[BertModel, Tokenizer]:
    """The English teacher and its tokenizer."""
    folder = teacher_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    model: BertModel = AutoModel.from_pretrained(str(folder), local_files_only=True)
    return _without_dropout(model), tokenizer


def student(words: np.ndarray, tokenizer: Tokenizer, teacher: BertModel, english: Tokenizer) -> BertModel:
    """A copy of the teacher whose pieces are those of the Dutch tokenizer, with `words` as their first vectors."""
    import copy

    model = copy.deepcopy(teacher)
    table = torch.nn.Embedding(len(words), words.shape[1], padding_idx=_number(tokenizer, "[PAD]"))
    theirs = table_of(teacher).data
    with torch.no_grad():
        table.weight.copy_(torch.from_numpy(words))
        for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"):
            table.weight[_number(tokenizer, name)] = theirs[_number(english, name)]
    model.embeddings.word_embeddings = table
    model.config.vocab_size = len(words)
    model.config.pad_token_id = tokenizer.token_to_id("[PAD]")
    return model


def table_of(model: BertModel) -> torch.Tensor:
    """The table of the pieces' vectors."""
    weight: torch.Tensor = model.embeddings.word_embeddings.weight
    return weight


@cache
def halved() -> bool:
    """Whether this processor multiplies bfloat16 itself; one that does not takes over ten times as long as in float32."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def embed(model: BertModel, ids: Sequence[Sequence[int]]) -> torch.Tensor:
    """Vectors of unit length of some texts' pieces, shape (len(ids), dim): the mean over the pieces of each."""
    longest = max(map(len, ids))
    padded = torch.zeros(len(ids), longest, dtype=torch.long)
    mask = torch.zeros(len(ids), longest)
    for row, one in enumerate(ids):
        padded[row, : len(one)] = torch.as_tensor(one)
        mask[row, : len(one)] = 1
    with torch.autocast("cpu", torch.bfloat16, enabled=halved()):
        hidden = model(input_ids=padded, attention_mask=mask).last_hidden_state
    means = (hidden.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return torch.nn.functional.normalize(means, dim=1)


def pieces(tokenizer: Tokenizer, texts: Sequence[str], longest: int = LONGEST) -> list[list[int]]:
    """The pieces of texts, with their marks of begin and end, cut at `longest`."""
    end = _number(tokenizer, "[SEP]")
    return [
        one.ids if len(one.ids) <= longest else [*one.ids[: longest - 1], end] for one in tokenizer.encode_batch(texts)
    ]


def batches(lengths: Sequence[int], order: Sequence[int], tokens: int = TOKENS) -> Iterator[list[int]]:
    """Batches of like length: `order` is cut into runs that are sorted, so that a batch is padded little."""
    for at in range(0, len(order), 4096):
        run = sorted(order[at : at + 4096], key=lambda index: lengths[index])
        batch: list[int] = []
        for index in run:
            if batch and (len(batch) + 1) * lengths[index] > tokens:
                yield batch
                batch = []
            batch.append(index)
        if batch:
            yield batch


def embed_all(model: BertModel, ids: Sequence[Sequence[int]]) -> np.ndarray:
    """Vectors of many texts, shape (len(ids), dim), float32."""
    lengths = [len(one) for one in ids]
    found: np.ndarray | None = None
    with torch.no_grad():
        for batch in batches(lengths, sorted(range(len(ids)), key=lambda index: lengths[index]), 4096):
            vectors = embed(model, [ids[index] for index in batch]).numpy()
            found = np.zeros((len(ids), vectors.shape[1]), np.float32) if found is None else found
            found[batch] = vectors
    return found if found is not None else np.zeros((0, model.config.hidden_size), np.float32)


def _without_dropout(model: BertModel) -> BertModel:
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    torch.nn.Module.float(model)
    torch.nn.Module.eval(model)
    return model


def _number(tokenizer: Tokenizer, piece: str) -> int:
    number = tokenizer.token_to_id(piece)
    if number is None:
        raise ValueError(f"the tokenizer has no piece {piece}")
    return number
