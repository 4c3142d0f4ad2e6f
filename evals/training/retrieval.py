"""Retrieval taught as retrieval: a question's vector is nearer to the passage that answers it than to others.

The others are the passages of the batch and a hard one per question: a wrong passage that BM25 ranks high (Karpukhin
et al. 2020, "Dense Passage Retrieval"). Beside the passages written for the training, sentences of the corpus stand for
questions to the text around them (inverse cloze; Lee et al. 2019), never those of the documents that are held out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from evals.training.distil import optimizer_of, resume, save
from evals.training.network import embed, pieces
from evals.training.pairs import HELD_OUT_DOCUMENTS, passages, rows

TEMPERATURE = 0.05
TABLE_STEP, REST_STEP = 2e-4, 3e-5
BATCH = 16
EPOCHS = 1
HARD = 4
"""A hard negative is drawn from so many wrong passages that BM25 ranks highest."""
WINDOW = 400  # characters, as the windows that the product embeds
CHECKPOINT = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the passage that answers it, and wrong passages that look like it."""

    question: str
    passage: int
    hard: tuple[int, ...]


def asked(seed: int) -> tuple[list[Asked], list[str]]:
    """All questions with their passages' places in the list of passages that comes with them."""
    written = [cut(row.passage, row.questions[number]) for row in passages() for number in (0, 1)]
    found = [(row.questions[number], 2 * n + number) for n, row in enumerate(passages()) for number in (0, 1)]
    around = surroundings(seed)
    texts = [*written, *(text for _, text in around)]
    found += [(sentence, len(written) + n) for n, (sentence, _) in enumerate(around)]
    owner = [n // 2 if n < len(written) else n for n in range(len(texts))]
    return [Asked(q, place, hard) for (q, place), hard in zip(found, _hard(found, texts, owner), strict=True)], texts


def cut(passage: str, question: str) -> str:
    """The passage, or of a long one its run of whole sentences of WINDOW characters that has most of the question."""
    runs = windows(re.split(r"(?<=[.!?])\s+", passage))
    wanted = set(re.findall(r"\w{4,}", question.lower()))
    return max(runs, key=lambda run: len(wanted & set(re.findall(r"\w{4,}", run.lower()))))


def windows(sentences: Sequence[str]) -> list[str]:
    """Runs of whole sentences of at most WINDOW characters; a longer sentence stands alone."""
    runs: list[str] = []
    for sentence in sentences:
        if runs and len(runs[-1]) + 1 + len(sentence) <= WINDOW:
            runs[-1] += " " + sentence
        else:
            runs.append(sentence)
    return runs


def surroundings(seed: int) -> list[tuple[str, str]]:
    """Sentences of the corpus with the text around them, without the sentence itself in three of four."""
    drawn = random.Random(seed)
    found = []
    sources: dict[str, list[str]] = {}
    for source, sentence, _ in rows("corpus_sentences.tsv"):
        if source not in HELD_OUT_DOCUMENTS:
            sources.setdefault(source, []).append(sentence)
    for sentences in sources.values():
        for at in range(0, len(sentences) - 2, 3):
            place = drawn.randrange(at, at + 3)
            kept = [s for n, s in enumerate(sentences[at : at + 3], at) if n != place or drawn.random() < 0.25]
            if len(sentences[place]) > 30:
                found.append((sentences[place], " ".join(kept)[: 2 * WINDOW]))
    return found


def train(model: BertModel, tokenizer: Tokenizer, seed: int, checkpoint: Path, tell: Callable[[str], object]) -> None:
    """Learn all questions, from the checkpoint on where there is one."""
    questions, texts = asked(seed)
    question_ids = pieces(tokenizer, [one.question for one in questions])
    text_ids = pieces(tokenizer, texts)
    drawn = random.Random(seed)
    steps = [batch for _ in range(EPOCHS) for batch in _shuffled(len(questions), drawn)]
    hard = [[drawn.choice(questions[n].hard or (questions[n].passage,)) for n in batch] for batch in steps]
    optimizer = optimizer_of(model)
    losses: list[float] = []
    for step in range(resume(checkpoint, model, optimizer), len(steps)):
        slope = min(1.0, (step + 1) / 10) * (1 - step / len(steps))
        optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = TABLE_STEP * slope, REST_STEP * slope
        places = [questions[n].passage for n in steps[step]] + hard[step]
        loss = _loss(model, [question_ids[n] for n in steps[step]], [text_ids[n] for n in places], places)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
        if (step + 1) % CHECKPOINT == 0 or step + 1 == len(steps):
            tell(f"retrieval {step + 1}/{len(steps)} loss {sum(losses) / len(losses):.4f}")
            losses = []
            save(checkpoint, model, optimizer, step + 1)


def _loss(model: BertModel, questions: list[list[int]], texts: list[list[int]], places: list[int]) -> torch.Tensor:
    scores = embed(model, questions) @ embed(model, texts).T / TEMPERATURE
    right = torch.tensor(places[: len(questions)])
    twice = (torch.tensor(places)[None] == right[:, None]) & ~torch.eye(len(questions), len(places), dtype=torch.bool)
    return torch.nn.functional.cross_entropy(scores.masked_fill(twice, -1e4), torch.arange(len(questions)))


def _shuffled(count: int, drawn: random.Random) -> list[list[int]]:
    order = list(range(count))
    drawn.shuffle(order)
    return [order[at : at + BATCH] for at in range(0, count, BATCH)]


def _hard(found: Sequence[tuple[str, int]], texts: Sequence[str], owner: Sequence[int]) -> list[tuple[int, ...]]:
    """Per question the wrong passages that BM25 ranks highest; cuts of its own passage are not wrong."""
    import bm25s

    index = bm25s.BM25()
    index.index([_words(text) for text in texts], show_progress=False)
    hard = []
    for question, place in found:
        known = [word for word in _words(question) if word in index.vocab_dict]
        ranked = index.get_scores(known).argsort()[::-1] if known else []
        hard.append(tuple([int(n) for n in ranked[: HARD + 2] if owner[n] != owner[place]][:HARD]))
    return hard


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
