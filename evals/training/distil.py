"""Distillation: a Dutch text's vector becomes the teacher's vector of its English translation (Reimers & Gurevych 2020).

Cosine loss, and in-batch contrast (a text is nearer to its own translation than to the others'). The table of pieces
learns alone at first, then everything with a small step. The order is drawn from a seed; a checkpoint continues it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import BertModel

from evals.training.network import batches, embed, table_of
from evals.training.pairs import Pair, commonness

CONTRAST = 0.3
TEMPERATURE = 0.05
TABLE_STEP, REST_STEP = 1e-3, 1e-4
TABLE_ALONE = 0.15
"""Share of the steps in which only the table of pieces learns."""
CHECKPOINT = 100  # steps
ROUNDS = {"corpus": 3, "question": 4, "everyday": 4, "passage": 2, "caption": 8, "word": 1, "form": 1, "catalog": 1}
"""How often a pair of each kind is seen."""
MOST = {"catalog": 25_000, "word": 20_000, "form": 12_000}
"""Of these kinds the pairs with the most everyday words, so many."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from: the pieces of each Dutch text and the vector that it should get."""

    ids: Sequence[Sequence[int]]
    targets: np.ndarray


def chosen(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that are worth their time: all of our own, of the others those with everyday words."""
    found = [pair for pair in pairs if pair.kind not in MOST]
    for kind, most in MOST.items():
        of = [pair for pair in pairs if pair.kind == kind and (kind != "catalog" or 3 <= len(pair.dutch.split()) <= 28)]
        found += sorted(of, key=lambda pair: -commonness(pair.dutch))[:most]
    return found


def plan(pairs: Sequence[Pair], lengths: Sequence[int], seed: int, share: float = 1.0) -> list[list[int]]:
    """All batches of the training, in order; `share` of them is spread over the same pairs for a shorter trial."""
    drawn = random.Random(seed)
    order = [index for index, pair in enumerate(pairs) for _ in range(ROUNDS[pair.kind])]
    drawn.shuffle(order)
    found = list(batches(lengths, order[: int(share * len(order))]))
    drawn.shuffle(found)
    return found


def train(
    model: BertModel, lesson: Lesson, steps: Sequence[Sequence[int]], checkpoint: Path, tell: Callable[[str], object]
) -> None:
    """Learn all batches, from the checkpoint on where there is one."""
    optimizer = optimizer_of(model)
    rest = optimizer.param_groups[1]["params"]
    alone = int(TABLE_ALONE * len(steps))
    start = resume(checkpoint, model, optimizer)
    losses: list[float] = []
    for step in range(start, len(steps)):
        _set_steps(optimizer, step, len(steps), alone, rest)
        losses.append(_learn(model, lesson, steps[step], optimizer))
        if (step + 1) % CHECKPOINT == 0 or step + 1 == len(steps):
            tell(f"distil {step + 1}/{len(steps)} loss {sum(losses) / len(losses):.4f}")
            losses = []
            save(checkpoint, model, optimizer, step + 1)


def optimizer_of(model: BertModel) -> torch.optim.Optimizer:
    """An optimizer with two groups: the table of pieces, and the rest."""
    table = table_of(model)
    groups: list[dict[str, Any]] = [{"params": [table]}, {"params": [p for p in model.parameters() if p is not table]}]
    return torch.optim.AdamW(groups, lr=0.0, weight_decay=0.0)


def contrast(vectors: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of each text's own target among those of the batch; equal targets count as one."""
    scores = vectors @ targets.T / TEMPERATURE
    same = (targets @ targets.T > 0.99) & ~torch.eye(len(targets), dtype=torch.bool)
    return torch.nn.functional.cross_entropy(scores.masked_fill(same, -1e4), torch.arange(len(targets)))


def resume(checkpoint: Path, model: BertModel, optimizer: torch.optim.Optimizer) -> int:
    """Take up a checkpoint; returns the step to go on with, 0 where there is none."""
    if not checkpoint.exists():
        return 0
    state: Mapping[str, object] = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(state["model"])  # type: ignore[arg-type]
    optimizer.load_state_dict(state["optimizer"])  # type: ignore[arg-type]
    return int(state["step"])  # type: ignore[call-overload, no-any-return]


def save(checkpoint: Path, model: BertModel, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Write a checkpoint, whole or not at all."""
    unfinished = checkpoint.with_suffix(".new")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, unfinished)
    unfinished.replace(checkpoint)


def _learn(model: BertModel, lesson: Lesson, batch: Sequence[int], optimizer: torch.optim.Optimizer) -> float:
    vectors = embed(model, [lesson.ids[index] for index in batch])
    targets = torch.from_numpy(lesson.targets[list(batch)])
    loss = 1 - (vectors * targets).sum(1).mean() + CONTRAST * contrast(vectors, targets)
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


def _set_steps(
    optimizer: torch.optim.Optimizer, step: int, steps: int, alone: int, rest: Sequence[torch.nn.Parameter]
) -> None:
    """Warm up over 3 % of the steps, then down to nothing; the rest joins when the table has learned alone."""
    slope = min(1.0, (step + 1) / max(1, 0.03 * steps)) * (1 - step / steps)
    joined = min(1.0, max(0.0, (step - alone) / max(1, 0.03 * steps)))
    optimizer.param_groups[0]["lr"] = TABLE_STEP * slope
    optimizer.param_groups[1]["lr"] = REST_STEP * slope * joined
    for parameter in rest:
        parameter.requires_grad_(step >= alone)
