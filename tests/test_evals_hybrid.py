"""What an encoder adds is told against BM25 alone, case by case."""

from __future__ import annotations

import numpy as np

from assistant.embedding import Encoder
from evals.benchmarks.encoder import LONG
from evals.benchmarks.hybrid import SHORT, Blind, lines


class _Small:
    """A model whose vectors are the lengths of the texts and 1."""

    prompts: dict[str, str] = {}

    def encode(self, texts: list[str], **_: object) -> np.ndarray:
        return np.array([[float(len(text)), 1.0] for text in texts], dtype=np.float32)


def test_a_way_is_compared_with_the_first_case_by_case() -> None:
    first = {(False, SHORT): [True, False, False, True], (False, LONG): [True] * 4}
    other = {(False, SHORT): [False, True, True, True], (False, LONG): [True] * 4}
    short, long = lines(other, first)
    assert short.startswith("without stored questions, facts within 900: 3/4 = 0.750 [")
    assert short.endswith("2 better and 1 worse than BM25 alone, p 1.0000")
    assert "0 better and 0 worse" in long
    assert all("than BM25" not in line for line in lines(first, first))


def test_without_sight_every_vector_is_nothing_of_the_same_width_and_name() -> None:
    seeing = Encoder(_Small(), "small#1")
    blind = Blind(seeing)
    assert blind.name == "small#1"
    assert np.any(seeing.encode_query("Wat is pesten?"))
    assert blind.encode_query("Wat is pesten?").tolist() == [0.0, 0.0]
