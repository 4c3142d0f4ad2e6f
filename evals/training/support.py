"""Train the support score's decision: `python -m evals.training.support [--write]`.

Read are `data/support.tsv`, the build half of `evals/benchmarks/lying.tsv` and the dev half of `support_pairs.tsv`; no row
that is put aside or kept for testing. A row counts once, on the stretch of evidence that supports it best by the weights of
the round before. Rows with a hard fault teach nothing: a rule strikes them. Prints what each threshold strikes when the
weights are trained without the rows of the same first quote (cross-validation), and with --write stores the weights trained
on all rows. The same rows give the same weights.
"""

from __future__ import annotations

import argparse
import csv
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from assistant.support.clauses import read
from assistant.support.decision import FILE, Decision
from assistant.support.features import NAMES, features
from assistant.support.score import CONTAINED, laid_on, stretches_of
from evals.benchmarks import lying
from evals.benchmarks.entailment import read_own
from evals.intervals import share

ROWS = Path(__file__).resolve().parent / "data" / "support.tsv"
THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
FOLDS = 10
ROUNDS = 3  # of choosing the stretches and training on them; the choice no longer changes after it
# Strength of the penalty on large weights, over figures of variance 1. Tried by cross-validation: 1, 3.3 and 10.
PENALTY = 3.3
STEPS = 30  # of Newton's method, which needs about ten


@dataclass(frozen=True, slots=True)
class Row:
    """A claim to train on: where it is from, its kind, its quotes and whether they support it."""

    part: str
    kind: str
    claim: str
    quotes: tuple[str, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Laid:
    """A row laid on its stretches: the figures of each without a hard fault, and whether it is contained in one."""

    row: Row
    figures: tuple[np.ndarray, ...]
    contained: bool


def load_rows(path: Path = ROWS) -> tuple[Row, ...]:
    """Every row that may be trained on. Raises ValueError for a label that is neither yes nor no."""
    rows: list[Row] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            if row["supported"] not in ("yes", "no") or (row["kind"] == lying.TRUE) != (row["supported"] == "yes"):
                raise ValueError(f"{path.name}, line {line}: kind {row['kind']!r}, supported {row['supported']!r}")
            quotes = tuple(quote for quote in row["quotes"].split(lying.SEPARATOR) if quote)
            rows.append(Row("own", row["kind"], row["claim"], quotes, row["supported"] == "yes"))
    rows += [Row("build", r.kind, r.claim, r.quotes, r.supported) for r in lying.load_rows() if r.half == "build"]
    rows += [Row("dev", pair.kind, pair.claim, pair.evidence, pair.supported) for pair in read_own("dev")]
    return tuple(rows)


def laid(row: Row) -> Laid:
    """Lay a row's claim on its evidence as `support` does, without thesaurus."""
    told = read(" ".join(row.claim.split()))
    stretches = [read(text) for text in stretches_of(row.quotes)]
    if not stretches or not told.content:
        return Laid(row, (), False)
    if any(told.words == stretch.words for stretch in stretches):
        return Laid(row, (), True)
    found = [one for one in laid_on(told, stretches, {}) if not one.hard]
    contained = any(not one.faults and one.alignment.containment >= CONTAINED for one in found)
    return Laid(row, tuple(features(one.alignment, one.faults) for one in found), contained)


def fit(figures: np.ndarray, labels: np.ndarray) -> Decision:
    """Logistic regression with a quadratic penalty on the weights of scaled figures, by Newton's method."""
    mean, scale = figures.mean(axis=0), figures.std(axis=0)
    scale[scale == 0] = 1.0
    rows = np.hstack([(figures - mean) / scale, np.ones((len(figures), 1))])
    penalty = np.diag([PENALTY] * figures.shape[1] + [0.0])
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        guess = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (guess - labels) + penalty @ weights
        weights = weights - np.linalg.solve(rows.T @ (rows * (guess * (1 - guess))[:, None]) + penalty, slope)
    raw = weights[:-1] / scale
    return Decision(float(weights[-1] - raw @ mean), raw)


def train(rows: Sequence[Laid]) -> Decision:
    """The decision trained on rows; first on the stretch with most of the claim's words, then on the most likely one."""
    usable = [row for row in rows if row.figures]
    labels = np.array([float(row.row.supported) for row in usable])
    chosen = np.array([max(row.figures, key=lambda one: float(one[0])) for row in usable])
    made = fit(chosen, labels)
    for _ in range(ROUNDS - 1):
        chosen = np.array([max(row.figures, key=made.probability) for row in usable])
        made = fit(chosen, labels)
    return made


def score(row: Laid, made: Decision) -> float:
    """The score that `support` gives a row by these weights; 0 with a hard fault on every stretch."""
    best = max((made.probability(figures) for figures in row.figures), default=0.0)
    return max(best, CONTAINED) if row.contained else best


def cross_validated(rows: Sequence[Laid]) -> list[float]:
    """Each row's score by weights trained without the rows of its fold; a fold holds all rows of a first quote."""
    folds = [zlib.crc32((row.row.quotes[0] if row.row.quotes else row.row.claim).encode()) % FOLDS for row in rows]
    scores = [0.0] * len(rows)
    for fold in range(FOLDS):
        made = train([row for row, at in zip(rows, folds, strict=True) if at != fold])
        for n, row in enumerate(rows):
            if folds[n] == fold:
                scores[n] = score(row, made)
    return scores


def table(rows: Sequence[Laid], scores: Sequence[float]) -> Iterator[str]:
    """A line per part and threshold: what is struck of the true claims, the changed ones, the other lies and the rest."""
    sure = {*lying.SURE, *lying.CITATIONS, "negation"}
    groups = (
        ("true", lambda row: row.supported),
        ("changed", lambda row: not row.supported and row.kind in sure),
        ("other lies", lambda row: row.kind in lying.OTHERS),
        ("rest", lambda row: not row.supported and row.kind not in {*sure, *lying.OTHERS}),
    )
    for part in dict.fromkeys(row.row.part for row in rows):
        for threshold in THRESHOLDS:
            told = []
            for name, belongs in groups:
                of = [s for row, s in zip(rows, scores, strict=True) if row.row.part == part and belongs(row.row)]
                if of:
                    told.append(f"{name} {share(sum(s < threshold for s in of), len(of))}")
            yield f"{part} {threshold}: " + "; ".join(told)


def written(made: Decision, count: int, measured: Sequence[str]) -> str:
    """The file of a decision's weights, with what was measured by cross-validation."""
    lines = [
        f"# Trained on {count} claims by `python -m evals.training.support --write`, which tells how; do not edit by hand.",
        "# Names are those of assistant/support/features.py; a weight is per unit of its figure.",
        "# Struck per threshold by weights trained without the rows of the same quote, with 95 % intervals:",
        *(f"# {line}" for line in measured),
        f"bias = {made.bias:.4f}",
        "",
        "[weights]",
        *(f"{name} = {weight:.4f}" for name, weight in zip(NAMES, made.weights, strict=True)),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each threshold strikes, and store the weights with --write."""
    parser = argparse.ArgumentParser(prog="python -m evals.training.support", description=__doc__)
    parser.add_argument("--write", action="store_true", help="store the weights of all rows")
    options = parser.parse_args(arguments)
    rows = [laid(row) for row in load_rows()]
    measured = tuple(table(rows, cross_validated(rows)))
    print(*measured, sep="\n")
    if options.write:
        Path(str(files("assistant") / "data" / FILE)).write_text(written(train(rows), len(rows), measured), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
