"""What an encoder adds to BM25: `python -m evals.benchmarks.hybrid [MODEL ...] [--split dev|test]`.

The product's own retriever, three times or more in one run: BM25 alone, with the project's own model, with the English
all-MiniLM-L6-v2 where its package is installed, and with each MODEL (a folder or a hub's name). For each the library of the
settings' corpus is made anew in a passing folder. Prints the share of questions of which all vital facts stand in the first
900 and 3,000 characters of the ranked passages, with 95 % Wilson intervals and the sign test against BM25 alone, with and
without stored questions.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.embedding import Encoder, load_encoder
from assistant.errors import WelwijzerError
from assistant.library import Library
from assistant.retrieve import Retriever
from assistant.settings import Settings
from assistant.thesaurus import Thesaurus
from assistant.vectors import VectorIndex
from assistant.wiring import quiet
from evals.baselines import english_folder
from evals.benchmarks.encoder import LONG
from evals.cases import Case, load_cases
from evals.intervals import share, sign_test
from evals.ranking import facts_within
from evals.run import ranked_of
from ingest.encoder import LazyEncoder
from ingest.pipeline import build

SHORT = 900  # characters, as evals.scoring
_SPLITS = ((False, True), (True, False))
Hits = Mapping[tuple[bool, int], Sequence[bool]]
"""Per (with stored questions, number of characters): for each case whether all its vital facts stand within them."""


class Blind(Encoder):
    """An encoder to which nothing is near anything: what is left of the retriever is BM25."""

    def __init__(self, like: Encoder) -> None:
        self.name = like.name
        self._width = len(like.encode_query("?"))

    def encode_query(self, text: str) -> np.ndarray:
        """A vector of zeros, shape (dim,)."""
        return np.zeros(self._width, dtype=np.float32)


def hits_of(retrievers: Mapping[bool, Retriever], cases: Sequence[Case]) -> Hits:
    """What each retriever finds; its key tells whether it knows the stored questions."""
    found: dict[tuple[bool, int], list[bool]] = {}
    for stored, retriever in retrievers.items():
        view = retriever.view()
        for case in cases:
            query = retriever.understand(case.question, sector=case.sector, view=view)
            ranked = ranked_of(retriever.retrieve(query, view=view))
            for limit in (SHORT, LONG):
                found.setdefault((stored, limit), []).append(facts_within(case.vital, ranked, limit) == 1)
    return found


def ways(settings: Settings, cases: Sequence[Case], models: Sequence[str | None]) -> Iterator[tuple[str, Hits]]:
    """Each way of retrieving with its hits, BM25 alone first. Raises WelwijzerError."""
    thesaurus = Thesaurus.load(settings.corpus / "thesaurus.toml")
    for number, model in enumerate(models):
        with tempfile.TemporaryDirectory() as folder:
            own = replace(settings, embedding_model=model, data=Path(folder))
            library = Library.open(own.library_path)
            build(own, library, LazyEncoder.configured(own))
            encoder = load_encoder(own)
            vectors = VectorIndex.open(own.chroma_path, library)
            used = [("BM25 alone", Blind(encoder))] if not number else []
            for name, one in (*used, (encoder.name, encoder)):
                retrievers = {n: Retriever(library, vectors, one, thesaurus, n) for n in (False, True)}
                yield name, hits_of(retrievers, cases)
            vectors.close()
            library.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures. Exit 0, or 1 when a model or the corpus can't be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.hybrid", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL")
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    options = parser.parse_args(arguments)
    quiet()
    settings = Settings.from_env()
    english = english_folder()
    cases = [c for c in load_cases(split=options.split) if c.vital and not c.documents and len(c.turns) == 1]
    try:
        first: Hits | None = None
        for name, hits in ways(settings, cases, (None, *([str(english)] if english else []), *options.models)):
            print(f"== {name}")
            first = first or hits
            for line in lines(hits, first):
                print(line, flush=True)
    except WelwijzerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def lines(hits: Hits, first: Hits) -> Iterator[str]:
    """One line per figure, compared with the same figure of `first`."""
    for (stored, limit), found in hits.items():
        before = first[stored, limit]
        better, worse = (sum(a is x and b is y for a, b in zip(before, found, strict=True)) for x, y in _SPLITS)
        compared = (
            ""
            if found is before
            else f", {better} better and {worse} worse than BM25 alone, p {sign_test(better, worse):.4f}"
        )
        label = f"{'with' if stored else 'without'} stored questions, facts within {limit}"
        yield f"{label}: {share(sum(found), len(found))}{compared}"


if __name__ == "__main__":
    sys.exit(main())
