"""The support score against pairs that people labelled: `python -m evals.benchmarks.entailment PATH [--model] [--train] [--test]`.

PATH is `SICK_NL.txt` (Wijnholds & Moortgat 2021, the Dutch translation of SICK; Marelli et al. 2014): sentence A is the
evidence, B the claim, and a claim is supported when the label is ENTAILMENT (A entails B). Beside it stand our own
pairs about schools, `support_pairs.tsv`. Everything is tuned on TRAIN and TRIAL and on the dev half of our own; --test
shows TEST and the test half, to be looked at once a change is finished. Times apart, every run prints the same.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from assistant import dutch
from assistant.errors import ModelError
from assistant.settings import Settings
from assistant.support.score import SUPPORTED, Encodes, support
from assistant.support.spelled import sentences
from evals import intervals

SICK_COLUMNS = ("sentence_A", "sentence_B", "entailment_label", "entailment_AB", "SemEval_set")
SEPARATOR = " | "  # between the sentences of a piece of evidence in our own pairs
CURVE = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, its evidence, whether people call it supported, and what kind of pair it is."""

    claim: str
    evidence: tuple[str, ...]
    supported: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How a judge does at a threshold. Proportions with their counts: (hits, of)."""

    accuracy: tuple[int, int]
    precision: tuple[int, int]
    recall: tuple[int, int]
    passed: dict[str, tuple[int, int]] = field(hash=False)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 when nothing right passes."""
        hits, shown = self.precision
        return 2 * hits / (shown + self.recall[1]) if shown + self.recall[1] else 0.0


class UnreadablePairs(Exception):
    """The file is not SICK-NL; the argument is a key of the table of texts."""


Judge = Callable[[Pair], float]
SICK_FILE = "SICK_NL.txt"


def read_sick(path: Path, part: str) -> tuple[Pair, ...]:
    """The pairs of one part (TRAIN, TRIAL or TEST) of `SICK_NL.txt` or of the folder that holds it.

    The kind is the label from A to B. Raises UnreadablePairs.
    """
    try:
        with (path / SICK_FILE if path.is_dir() else path).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadablePairs("not_there") from error
    if not rows or any(row.get(column) is None for row in rows for column in SICK_COLUMNS):
        raise UnreadablePairs("not_sick")
    return tuple(
        Pair(
            row["sentence_B"],
            (row["sentence_A"],),
            row["entailment_label"] == "ENTAILMENT",
            row["entailment_AB"].split("_")[1],
        )
        for row in rows
        if row["SemEval_set"] == part
    )


def read_own(split: str) -> tuple[Pair, ...]:
    """Our own pairs of one half (dev or test)."""
    text = (files("evals.benchmarks") / "support_pairs.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Pair(row["claim"], tuple(row["evidence"].split(SEPARATOR)), row["supported"] == "yes", row["kind"])
        for row in rows
        if row["split"] == split
    )


class Remembering:
    """An encoder that encodes each text once, all of them in one batch."""

    def __init__(self, encoder: Encodes, pairs: Sequence[Pair]) -> None:
        texts = {text for pair in pairs for text in (pair.claim, *_pieces(pair))}
        ordered = sorted(texts)
        self._vectors = dict(zip(ordered, encoder.encode(ordered), strict=True)) if ordered else {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts of the pairs, shape (len(texts), dim)."""
        return np.stack([self._vectors[text] for text in texts])


def judges(encoder: Encodes | None) -> dict[str, Judge]:
    """What is compared, by name: ours last."""
    found: dict[str, Judge] = {"overlap": overlap, "stems": stems}
    if encoder is not None:
        found["cosine"] = lambda pair: _cosine(pair, encoder)
        found["support_encoder"] = lambda pair: support(pair.claim, pair.evidence, encoder).score
    return found | {"support": lambda pair: support(pair.claim, pair.evidence).score}


def overlap(pair: Pair) -> float:
    """The share of the claim's different words that are words of the evidence."""
    claim, evidence = set(dutch.words(pair.claim)), set(dutch.words(" ".join(pair.evidence)))
    return len(claim & evidence) / len(claim) if claim else 0.0


def stems(pair: Pair) -> float:
    """The share of the claim's different content words of which the evidence holds a stem."""
    claim = dutch.content_words(pair.claim)
    held = {key for word in dutch.words(" ".join(pair.evidence)) for key in dutch.keys(word)}
    return sum(not held.isdisjoint(dutch.keys(word)) for word in claim) / len(claim) if claim else 0.0


def auc(scores: Sequence[float], labels: Sequence[bool]) -> tuple[float, float, float]:
    """Return the area under the ROC curve with its 95 % interval (DeLong, DeLong & Clarke-Pearson 1988).

    Raises ValueError when there are not two of each label at least.
    """
    right = np.sort([score for score, label in zip(scores, labels, strict=True) if label])
    wrong = np.sort([score for score, label in zip(scores, labels, strict=True) if not label])
    if len(right) < 2 or len(wrong) < 2:
        raise ValueError("an area needs at least two pairs of each label")
    above = (np.searchsorted(wrong, right, "left") + np.searchsorted(wrong, right, "right")) / 2 / len(wrong)
    below = 1 - (np.searchsorted(right, wrong, "left") + np.searchsorted(right, wrong, "right")) / 2 / len(right)
    area = float(above.mean())
    half = intervals.Z95 * math.sqrt(above.var(ddof=1) / len(right) + below.var(ddof=1) / len(wrong))
    return area, max(0.0, area - half), min(1.0, area + half)


def verdicts(pairs: Sequence[Pair], scores: Sequence[float], threshold: float) -> Verdicts:
    """Count what passes at a threshold, in all and per kind of pair."""
    passes = [score >= threshold for score in scores]
    hits = sum(p and pair.supported for p, pair in zip(passes, pairs, strict=True))
    right = sum(p == pair.supported for p, pair in zip(passes, pairs, strict=True))
    kinds = sorted({(pair.supported, pair.kind) for pair in pairs})
    passed = {}
    for supported, kind in kinds:
        of = [p for p, pair in zip(passes, pairs, strict=True) if (pair.supported, pair.kind) == (supported, kind)]
        passed[_kind_name(supported, kind)] = (sum(of), len(of))
    wanted = sum(pair.supported for pair in pairs)
    return Verdicts((right, len(pairs)), (hits, sum(passes)), (hits, wanted), passed)


def equal_recall(pairs: Sequence[Pair], scores: Sequence[float], recall: float) -> float:
    """The highest threshold at which at least this share of the supported pairs passes."""
    right = sorted((score for score, pair in zip(scores, pairs, strict=True) if pair.supported), reverse=True)
    return right[min(len(right), max(1, math.ceil(recall * len(right)))) - 1]


def report(pairs: Sequence[Pair], tuning: Sequence[Pair], compared: dict[str, Judge]) -> Iterator[str]:
    """The figures of each judge on `pairs`; others' thresholds give them our recall on `tuning`."""
    ours = verdicts(tuning, [compared["support"](pair) for pair in tuning], SUPPORTED).recall
    labels = [pair.supported for pair in pairs]
    for name, judge in compared.items():
        scores = [judge(pair) for pair in pairs]
        threshold = SUPPORTED
        if not name.startswith("support"):
            threshold = equal_recall(tuning, [judge(pair) for pair in tuning], ours[0] / ours[1])
        found = verdicts(pairs, scores, threshold)
        yield _say("judge", name=_label(name), threshold=_comma(threshold))
        yield _say("auc", value=_with_interval(auc(scores, labels)))
        for figure in ("accuracy", "precision", "recall"):
            yield _say(figure, value=_proportion(getattr(found, figure)))
        yield _say("f1", value=_comma(found.f1))
        yield from (_say("passed", kind=kind, value=_proportion(share)) for kind, share in found.passed.items())
    yield from _curve(pairs, [compared["support"](pair) for pair in pairs])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures. Exit 0, or 1 with one line when the file or the model can't be used."""
    options = _parser().parse_args(arguments)
    parts = [part for part, wanted in (("TRAIN", options.train), ("TRIAL", True), ("TEST", options.test)) if wanted]
    try:
        shown = [(_say("part", part=part), read_sick(options.path, part)) for part in parts]
        trial, dev = read_sick(options.path, "TRIAL"), read_own("dev")
        shown += [(_say("own", part=split), read_own(split)) for split in ("dev", *(["test"] * options.test))]
        every = [pair for _, pairs in shown for pair in pairs]
        encoder = _encoder(options.model, every) if options.model is not None else None
    except UnreadablePairs as error:
        print(_say(str(error), path=options.path), file=sys.stderr)
        return 1
    except ModelError:
        print(_say("no_model", model=options.model), file=sys.stderr)
        return 1
    compared = judges(encoder)
    for n, (title, pairs) in enumerate(shown):
        print(_say("title", title=title, count=len(pairs)))
        print(*report(pairs, trial if n < len(parts) else dev, compared), sep="\n")
    began = time.perf_counter()
    for pair in every:
        support(pair.claim, pair.evidence)
    print(_say("time", value=_comma(1000 * (time.perf_counter() - began) / len(every))))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.entailment", description=_say("help"))
    parser.add_argument("path", type=Path, metavar="PATH", help=_say("help_path"))
    parser.add_argument("--model", nargs="?", const="", metavar="MODEL", help=_say("help_model"))
    parser.add_argument("--train", action="store_true", help=_say("help_train"))
    parser.add_argument("--test", action="store_true", help=_say("help_test"))
    return parser


def _encoder(model: str, pairs: Sequence[Pair]) -> Encodes:
    from assistant.embedding import load_encoder  # imports what only a model needs

    settings = Settings.from_env()
    chosen = Settings(settings.data, settings.corpus, embedding_model=model) if model else settings
    return Remembering(load_encoder(chosen), pairs)


def _pieces(pair: Pair) -> list[str]:
    return [sentence for text in pair.evidence for sentence in sentences(" ".join(text.split()))]


def _cosine(pair: Pair, encoder: Encodes) -> float:
    vectors = encoder.encode([pair.claim, *_pieces(pair)])
    return float((vectors[1:] @ vectors[0]).max())


def _curve(pairs: Sequence[Pair], scores: Sequence[float]) -> Iterator[str]:
    yield _say("curve")
    for threshold in CURVE:
        found = verdicts(pairs, scores, threshold)
        shares = {name: _proportion(getattr(found, name)) for name in ("precision", "recall")}
        yield _say("point", threshold=_comma(threshold), **shares)


def _proportion(share: tuple[int, int]) -> str:
    hits, of = share
    return (
        _say("proportion", hits=hits, of=of, value=_with_interval((hits / of, *intervals.wilson(hits, of))))
        if of
        else "–"
    )


def _with_interval(figure: tuple[float, float, float]) -> str:
    return _say("interval", **dict(zip(("value", "low", "high"), map(_comma, figure), strict=True)))


def _comma(value: float) -> str:
    return f"{value:.3f}".replace(".", ",")


def _label(name: str) -> str:
    return _texts()["judges"][name]


def _kind_name(supported: bool, kind: str) -> str:
    return f"{_texts()['kinds'].get(kind, kind)}, {_say('yes' if supported else 'no')}"


def _say(key: str, /, **values: object) -> str:
    return str(_texts()[key]).format(**values)


@cache
def _texts() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = tomllib.loads((files("evals") / "texts_nl.toml").read_text("utf-8"))[
        "entailment"
    ]
    return table


if __name__ == "__main__":
    sys.exit(main())
