"""Trains `assistant.ranking`: `python -m evals.training.ranking [--write]`, over the library that the settings name.

`data/answers.tsv` holds questions of a writer who read the publications and nothing else of the project: source, question,
and the sentences that answer, the best one first (" ¶ " between two, "ID::" before one of another source). Every candidate of
a question is a row, once with and once without the stored questions. Prints, by ten-fold cross-validation over questions,
how often the first sentence helps and what an answer shows at some floors, beside the same by `worth` alone. Then the same
for the 260 questions of `data/answers_second.tsv`, by another writer, with the weights of the first writer's: nothing is
trained on these. In December 2026, from a chance of 0.15: 3.2 sentences of which 48 % help, the first in 73 %, the best one
among them in 88 % (without stored questions 2.7, 46, 66 and 80 %); what is learned of one writer's questions holds for
another's, and learning of both gave half a point more.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from assistant import extract, ranking
from assistant.answer import Assistant
from assistant.injection import without_orders
from assistant.settings import Settings
from assistant.wiring import open_assistant, quiet

DATA = Path(__file__).resolve().parent / "data" / "answers.tsv"
SECOND = DATA.with_name("answers_second.tsv")
TARGET = Path(ranking.__file__).resolve().parent / "data" / ranking.FILE
STRENGTH = 0.3  # inverse of the L2 penalty: 0.01 to 1.0 gave the same to half a point
FOLDS = 10
FLOORS = (0.1, 0.15, 0.2, 0.25)
SHORTEST = 12  # characters from which a sentence is recognised by its text
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the sentences that answer it, as (source, text); the first is the best."""

    question: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The candidates of one question: `x` their features, `y` 2 for the best answer, 1 for others that help, else 0."""

    question: int
    stored: bool
    x: np.ndarray
    y: np.ndarray


def load_rows(path: Path = DATA) -> tuple[Row, ...]:
    """Read the questions. Raises ValueError, with the line, for one without three columns."""
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        columns = line.split("\t")
        if len(columns) != 3 or not all(column.strip() for column in columns):
            raise ValueError(f"{path.name}, line {number}: source, question and answers are needed")
        found.append(Row(columns[1], tuple(_placed(piece, columns[0]) for piece in columns[2].split(" ¶ "))))
    return tuple(found)


def labels(row: Row, sentences: Sequence[tuple[str, str]]) -> np.ndarray:
    """Per sentence, given as (source, text): 2 for the best answer, 1 for another one, 0 for none."""
    found = np.zeros(len(sentences), dtype=np.int64)
    for number, (source, text) in enumerate(sentences):
        own = _even(text)
        if len(own) >= SHORTEST:
            hits = [
                n for n, (of, answer) in enumerate(row.answers) if of == source and (own in answer or answer in own)
            ]
            found[number] = 0 if not hits else 2 if hits[0] == 0 else 1
    return found


def fitted(x: np.ndarray, y: np.ndarray) -> ranking.Weights:
    """The regression of `y > 0` on scaled features."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = x.mean(0), x.std(0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit((x - mean) / scale, y > 0)
    return ranking.Weights(mean, scale, model.coef_[0], float(model.intercept_[0]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; with `--write` put the weights of all questions into the product."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.ranking", description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    quiet()
    assistants = {stored: open_assistant(Settings.from_env(), stored) for stored in (False, True)}
    asked = [one for stored, assistant in assistants.items() for one in _asked(assistant, stored, load_rows())]
    for line in _measured(asked):
        print(line)
    weights = fitted(np.vstack([a.x for a in asked]), np.concatenate([a.y for a in asked]))
    for stored, assistant in assistants.items():
        others = [(one, weights.chances(one.x)) for one in _asked(assistant, stored, load_rows(SECOND))]
        print(f"another writer's, {'with' if stored else 'without'} stored questions, {len(others)} questions")
        for floor in FLOORS:
            print(_line(f"by chance, from {floor}", others, partial(_fixed, floor)))
    if options.write:
        TARGET.write_text(_toml(weights), "utf-8")
    return 0


def _asked(assistant: Assistant, stored: bool, rows: Sequence[Row]) -> Iterator[Asked]:
    retriever = assistant.retriever
    for number, row in enumerate(rows):
        view = retriever.view()
        query = retriever.understand(row.question, view=view)
        evidence = without_orders(retriever.retrieve(query, view=view))
        found = extract.candidates(evidence)
        if found:
            passages = [evidence.hits[one.scored.hit].passage for one in found]
            texts = [
                (passage.source, passage.text[s.start - passage.start : s.end - passage.start])
                for passage, one in zip(passages, found, strict=True)
                for s in (passage.sentences[one.scored.sentence],)
            ]
            yield Asked(number, stored, ranking.features(evidence, found), labels(row, texts))


def _measured(asked: Sequence[Asked]) -> Iterator[str]:
    crossed = []
    for fold in range(FOLDS):
        learned = [one for one in asked if one.question % FOLDS != fold]
        weights = fitted(np.vstack([one.x for one in learned]), np.concatenate([one.y for one in learned]))
        crossed += [(one, weights.chances(one.x)) for one in asked if one.question % FOLDS == fold]
    for stored in (False, True):
        part = [(one, chance) for one, chance in crossed if one.stored is stored]
        yield f"{'with' if stored else 'without'} stored questions, {len(part)} questions"
        worth = ranking.NAMES.index("worth")
        yield _line("by worth, 0.6 of the best", [(o, o.x[:, worth]) for o, _ in part], lambda v: 0.6 * v.max())
        for floor in FLOORS:
            yield _line(f"by chance, from {floor}", part, partial(_fixed, floor))


def _fixed(floor: float, _: np.ndarray) -> float:
    return floor


def _line(label: str, part: Sequence[tuple[Asked, np.ndarray]], floor: Callable[[np.ndarray], float]) -> str:
    shown = [
        one.y[[n for rank, n in enumerate(np.argsort(-v, kind="stable")[:SHOWN]) if not rank or v[n] >= floor(v)]]
        for one, v in part
    ]
    best = [bool((y == 2).any()) for y, (one, _) in zip(shown, part, strict=True) if (one.y == 2).any()]
    return (
        f"  {label}: {np.mean([len(y) for y in shown]):.2f} shown, {(np.concatenate(shown) > 0).mean():.3f} of them help, "
        f"first helps {np.mean([y[0] > 0 for y in shown]):.3f}, best one among them {np.mean(best):.3f}"
    )


def _toml(weights: ranking.Weights) -> str:
    lines = [
        "# Hoe waarschijnlijk een zin helpt: zie assistant/ranking.py. Gemaakt door `python -m evals.training.ranking --write`.",
        f"bias = {weights.bias:.6f}",
        "",
        "[feature]",
    ]
    for name, mean, scale, weight in zip(ranking.NAMES, weights.mean, weights.scale, weights.weight, strict=True):
        lines.append(f"{name} = {{ mean = {mean:.6f}, scale = {scale:.9f}, weight = {weight:.6f} }}")
    return "\n".join(lines) + "\n"


def _placed(piece: str, source: str) -> tuple[str, str]:
    named, found, text = piece.partition("::")
    return (named.strip(), _even(text)) if found and " " not in named.strip() else (source, _even(piece))


def _even(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
