"""What an encoder is worth: `python -m evals.benchmarks.encoder [MODEL ...] [--sick DIR] [--split dev|test] [--times]`.

MODEL is a folder or a hub's name; beside it are always measured the project's own model and, where its package is installed,
the English all-MiniLM-L6-v2. `--sick`:
Spearman's correlation with SICK-NL's relatedness, TEST. Then dense retrieval alone, without stored questions, over the
library that the settings name: whether a question's facts stand in the first 3,000 characters, with windows of 600
characters embedded whole and by their sentences, and apart for documents that the training never saw. `--times`:
milliseconds per question, passages of 900 characters read whole per second, seconds to load, and the reference vectors.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.embedding import OWN_MODEL, Encoder, load_encoder
from assistant.errors import WelwijzerError
from assistant.library import Library
from assistant.settings import Settings
from assistant.wiring import quiet
from evals.baselines import DenseWindows, english_folder, windows
from evals.cases import Case, load_cases, with_places
from evals.intervals import share
from evals.ranking import Ranked, facts_within

LONG = 3000  # characters, as evals.scoring
PASSAGE = 900
PIECE = 400
"""Characters of the pieces in which a passage is read whole."""
REFERENCE = "reference.json"
HELD_OUT = frozenset({"inspiratiekaart-vo", "infosheet-scholen"})
"""Documents on which the project's own encoder was not trained (evals/training)."""
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+|\n|$)")
Rankings = Sequence[Sequence[Ranked]]


class SentenceWindows:
    """Windows ranked by their sentence nearest to the question."""

    def __init__(self, texts: Mapping[str, str], encoder: Encoder) -> None:
        self._encoder = encoder
        self._windows = windows(texts)

    def search_all(self, questions: Sequence[str]) -> Rankings:
        """The ten best windows for each question."""
        pieces = [(n, text) for n, window in enumerate(self._windows) for text in sentences(window.text)]
        vectors = self._encoder.encode([text for _, text in pieces])
        starts = np.flatnonzero(np.diff([-1, *(n for n, _ in pieces)]))
        scores = np.maximum.reduceat(self._encoder.encode_queries(questions) @ vectors.T, starts, axis=1)
        kept = [pieces[start][0] for start in starts]
        return [[self._windows[kept[n]] for n in np.argsort(-row, kind="stable")[:10]] for row in scores]


def sentences(text: str) -> list[str]:
    """The sentences of a text, roughly: split at marks of ending and at blank lines; scraps of one word left out."""
    joined = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    return [one for found in _SENTENCE.findall(joined) if len((one := found.strip()).split()) > 1]


def spearman(left: np.ndarray, right: np.ndarray) -> float:
    """Spearman's rank correlation; ties get their mean rank."""
    return float(np.corrcoef(_ranks(left), _ranks(right))[0, 1])


def relatedness(encoder: Encoder, folder: Path) -> tuple[float, float, float, int]:
    """Spearman on SICK-NL's TEST pairs with its 95 % bootstrap interval (1,000 resamples), and the number of pairs."""
    with (folder / "SICK_NL.txt").open(encoding="utf-8", newline="") as lines:
        rows = [r for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if r["SemEval_set"] == "TEST"]
    texts = sorted({row[side] for row in rows for side in ("sentence_A", "sentence_B")}, key=len)
    vectors = dict(zip(texts, encoder.encode(texts), strict=True))
    near = np.array([vectors[row["sentence_A"]] @ vectors[row["sentence_B"]] for row in rows])
    people = np.array([float(row["relatedness_score"]) for row in rows])
    drawn = np.random.default_rng(1)
    again = [spearman(near[pick], people[pick]) for pick in drawn.integers(0, len(rows), (1000, len(rows)))]
    low, high = np.percentile(again, [2.5, 97.5])
    return spearman(near, people), float(low), float(high), len(rows)


def retrieved(cases: Sequence[Case], found: Rankings) -> list[bool]:
    """Per case whether all its vital facts stand in the first LONG characters."""
    return [facts_within(case.vital, ranked, LONG) == 1 for case, ranked in zip(cases, found, strict=True)]


def measured_cases(texts: Mapping[str, str], split: str) -> list[Case]:
    """The cases with facts of one question each, about the library itself: nothing planted, nothing before it."""
    loaded = [case for case in load_cases(split=split) if case.vital and not case.documents and len(case.turns) == 1]
    return list(with_places(loaded, texts))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a block of figures for each model. Exit 0, or 1 when a model or the library can't be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.encoder", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL")
    parser.add_argument("--sick", type=Path, metavar="DIR")
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--times", action="store_true")
    options = parser.parse_args(arguments)
    quiet()
    settings = Settings.from_env()
    try:
        library = Library.open(settings.library_path)
        texts = {source.id: library.document(source.id).text for source in library.sources()}
        if not texts:
            parser.error(f"the library in {settings.library_path} is empty: python -m ingest build")
        english = english_folder()
        for model in (None, *([str(english)] if english else []), *options.models):
            began = time.perf_counter()
            encoder = load_encoder(replace(settings, embedding_model=model))
            loading = time.perf_counter() - began
            print(f"== {encoder.name}")
            for line in _lines(encoder, options.sick, texts, options.split):
                print(line, flush=True)
            if options.times:
                print(f"imports and load, s: {loading:.2f}")
                print(*_times(encoder, replace(settings, embedding_model=model), texts), sep="\n", flush=True)
            print(*_reference(encoder, Path(model) if model else OWN_MODEL), sep="\n")
    except WelwijzerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _lines(encoder: Encoder, sick: Path | None, texts: Mapping[str, str], split: str) -> Iterator[str]:
    if sick is not None:
        value, low, high, count = relatedness(encoder, sick)
        yield f"SICK-NL relatedness TEST, Spearman: {value:.3f} [{low:.3f}, {high:.3f}], n {count}"
    cases = measured_cases(texts, split)
    if not cases:
        return
    questions = [case.question for case in cases]
    new = [bool(case.passages) and all(p.source in HELD_OUT for p in case.passages) for case in cases]
    ways: dict[str, Callable[[Sequence[str]], Rankings]] = {
        "windows": DenseWindows(texts, encoder).search_all,
        "sentences": SentenceWindows(texts, encoder).search_all,
    }
    for name, search in ways.items():
        hits = retrieved(cases, search(questions))
        yield f"facts within {LONG}, by {name}, {split}: {share(sum(hits), len(hits))}"
        for held_out, label in ((True, "never seen"), (False, "other")):
            part = [hit for hit, one in zip(hits, new, strict=True) if one is held_out]
            yield f"  of documents {label}: {share(sum(part), len(part))}"


def _times(encoder: Encoder, settings: Settings, texts: Mapping[str, str]) -> Iterator[str]:
    questions = [case.question for case in load_cases(split="dev")][:100]
    encoder.encode_query(questions[0])
    milliseconds = sorted(1000 * _timed(partial(encoder.encode_query, question)) for question in questions)
    late = milliseconds[int(0.95 * len(milliseconds))]
    yield f"one question, ms: {statistics.median(milliseconds):.1f} (p95 {late:.1f}, n {len(milliseconds)})"
    joined = " ".join(" ".join(text.split()) for text in texts.values())
    passages = [joined[at : at + PASSAGE] for at in range(0, min(len(joined), 64 * PASSAGE), PASSAGE)]
    pieces = [piece for passage in passages for piece in _pieces(passage)]
    for label, given in (("as they are", passages), (f"whole, in pieces of {PIECE}", pieces)):
        seconds = _timed(partial(encoder.encode, given))
        yield f"passages of {PASSAGE} characters {label}, per second: {len(passages) / seconds:.1f} (n {len(passages)})"
    yield f"load after imports, s: {statistics.median(_timed(lambda: load_encoder(settings)) for _ in range(3)):.2f}"


def _reference(encoder: Encoder, folder: Path) -> Iterator[str]:
    """The largest difference from the vectors stored beside the weights."""
    path = folder / REFERENCE
    if path.exists():
        stored = json.loads(path.read_text("utf-8"))
        apart = float(np.abs(encoder.encode(list(stored)) - np.array(list(stored.values()))).max())
        yield f"reference vectors, largest difference: {apart:.6f} (n {len(stored)})"


def _pieces(passage: str) -> list[str]:
    count = -(-len(passage) // PIECE)
    cuts = [round(n * len(passage) / count) for n in range(count + 1)]
    return [passage[start:end] for start, end in pairwise(cuts)]


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _ranks(values: np.ndarray) -> np.ndarray:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


if __name__ == "__main__":
    sys.exit(main())
