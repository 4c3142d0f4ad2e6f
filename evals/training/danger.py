"""Train the reader of danger: `python -m evals.training.danger [--encoder DIR] [--out FILE]`.

It learns from `data/danger.tsv`, the rounds of `evals/benchmarks/danger_phrasings.tsv` but for the half that measures it and,
as messages without danger, every second question of `data/questions.tsv`; never from the messages of `tests/data`, by which
the tests look at it. It is ridge regression over the likeness of messages (features of `assistant.danger_reader` and vectors
of words), so there is one solution and no chance in it. What a training without a round would give follows from the same
matrix and is printed as a check: what the reader makes of each round when it has not learnt from it. The words' vectors are
those of the shipped file, or with `--encoder` are made anew: of each word the mean of its pieces in the encoder's table, in
the directions that tell messages apart.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from assistant import danger_reader, dutch
from assistant.danger_reader import BLOCKS, Floats, Hashes
from assistant.safety import READER_ALARM, Danger, reader_words
from evals.benchmarks.danger import HARMLESS, NAMES_THE_SUBJECT, PUT_ASIDE, load_phrasings
from evals.intervals import share

DATA = Path(__file__).resolve().parent / "data"
SHIPPED = Path(str(files("assistant"))) / "data" / "danger_reader.npz"
DIMENSIONS = 96
"""Of a word's vector; 160 and 384 found no more (recall at 2 % false alarms 0.60, 0.57 and 0.57)."""
VOCABULARY = 14_000
RIDGE = 1.0
DANGEROUS_WEIGHT = 2.0
NEAR_WEIGHT = 2.0
"""The vectors' share beside the three blocks of features, each of which counts 1."""
ALIKE = 0.5
"""From this share of common words on, two messages never stand on both sides of a check."""
OWN_PARTS = 40
SEED = 20


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message."""

    round: str
    label: str
    kind: str
    words: tuple[str, ...]

    @property
    def alarming(self) -> bool:
        """Whether it is a false alarm to see danger in it: harmless, and not about the subject."""
        return self.label == HARMLESS and self.kind not in NAMES_THE_SUBJECT and self.round != "questions"


@dataclass(frozen=True, slots=True)
class Vectors:
    """The words' vectors, rare words longer than common ones, and what all messages have in common."""

    words: Hashes
    vectors: Floats
    middle: Floats


@dataclass(frozen=True, slots=True)
class Block:
    """One block's features in all messages, as rows of length 1."""

    hashes: Hashes
    rarity: Floats
    rows: sparse.csr_matrix


def load_messages() -> tuple[Message, ...]:
    """All messages to learn from, each text once."""
    rows: list[tuple[str, str, str, str]] = []
    labels = {HARMLESS, *map(str, Danger)}
    for line in (DATA / "danger.tsv").read_text("utf-8").splitlines():
        if not line.startswith(("#", "round\t")):
            round_name, label, kind, text = line.split("\t")
            if label not in labels:
                raise ValueError(f"danger.tsv: label {label!r} of {text!r}")
            rows.append((f"own {round_name}", label, kind, text))
    rows += [(one.round, one.label, one.kind, one.text) for one in load_phrasings() if one.part not in PUT_ASIDE]
    rows += [("questions", HARMLESS, "question", text) for text in _questions()[::2]]
    once = {text.casefold(): (round_name, label, kind, text) for round_name, label, kind, text in reversed(rows)}
    return tuple(Message(*row[:3], tuple(reader_words(row[3]))) for row in reversed(once.values()))


def _questions() -> list[str]:
    lines = (DATA / "questions.tsv").read_text("utf-8").splitlines()
    return [line.split("\t")[1] for line in lines if not line.startswith("#")]


def shipped_vectors(path: Path = SHIPPED) -> Vectors:
    """The vectors of a reader that was made before."""
    with np.load(path, allow_pickle=False) as data:
        vectors = data["vectors"].astype(np.float32) * np.float32(data["vectors_scale"])
        return Vectors(data["words"], vectors, data["middle"].astype(np.float32))


def encoder_vectors(folder: Path, messages: Sequence[Message]) -> Vectors:
    """Vectors of the messages' words and of the most common ones, out of an encoder's table of pieces."""
    import wordfreq
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    weights = load_file(folder / "model.safetensors")
    table = next(value for name, value in weights.items() if "word_embeddings" in name).astype(np.float32)
    used = Counter(word for message in messages for word in set(message.words) if word.isalpha())
    common = (dutch.fold(word).replace("'", "") for word in wordfreq.top_n_list("nl", VOCABULARY))
    vocabulary = list(dict.fromkeys([*used, *(word for word in common if word.isalpha())]))[:VOCABULARY]
    vectors = np.stack(
        [table[tokenizer.encode(word, add_special_tokens=False).ids].mean(axis=0) for word in vocabulary]
    )
    # a common word says little: weighted down as Arora, Liang and Ma (2017) do
    weight = np.array([1e-3 / (1e-3 + wordfreq.word_frequency(word, "nl")) for word in vocabulary], dtype=np.float32)
    vectors = (vectors - (vectors * weight[:, None]).mean(axis=0) / weight.mean()) * weight[:, None]
    directions = np.linalg.svd(vectors[: len(used)], full_matrices=False)[2][:DIMENSIONS]
    hashes = danger_reader.hashed(vocabulary)
    hashes, first = np.unique(hashes, return_index=True)
    stored, scale = whole((vectors @ directions.T)[first], np.int8)
    found = Vectors(hashes, stored.astype(np.float32) * scale, np.zeros(DIMENSIONS, dtype=np.float32))
    sums = summed(found, messages)
    return Vectors(found.words, found.vectors, sums.mean(axis=0))


def summed(vectors: Vectors, messages: Sequence[Message]) -> Floats:
    """Of each message the sum of its words' vectors, less the middle."""
    at = {int(one): place for place, one in enumerate(vectors.words)}
    rows = []
    for message in messages:
        hashes = danger_reader.hashed([word for word in message.words[: danger_reader.LONGEST] if word.isalpha()])
        rows.append(vectors.vectors[[at[int(one)] for one in hashes if int(one) in at]].sum(axis=0))
    return np.stack(rows).astype(np.float32) - vectors.middle


def blocks(messages: Sequence[Message]) -> dict[str, Block]:
    """The blocks of features; one that stands in a single message is left out."""
    found = [danger_reader.features(message.words[: danger_reader.LONGEST]) for message in messages]
    return {name: _block([one[name] for one in found]) for name in BLOCKS}


def _block(found: Sequence[Hashes]) -> Block:
    hashes, at, times = np.unique(np.concatenate(found), return_inverse=True, return_counts=True)
    lengths = np.cumsum([0, *(len(one) for one in found)])
    rows = sparse.csr_matrix((np.ones(len(at), dtype=np.float32), at, lengths), shape=(len(found), len(hashes)))
    kept = np.flatnonzero(times > 1)
    rarity = np.log((len(found) + 1) / (times[kept] + 1)).astype(np.float32)
    rows = rows[:, kept] @ sparse.diags(rarity)
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return Block(hashes[kept], rarity, (sparse.diags(1 / np.maximum(length, 1e-9)) @ rows).tocsr())


def groups(messages: Sequence[Message]) -> np.ndarray:
    """The side on which each message stands in a check: its round, and of our own the part that its likes are in."""
    own = [place for place, message in enumerate(messages) if message.round.startswith(("own", "questions"))]
    side = np.zeros(len(messages), dtype=np.int64)
    for number, name in enumerate(sorted({message.round for message in messages})):
        side[[message.round == name for message in messages]] = OWN_PARTS + number
    sets = [frozenset(messages[place].words) for place in own]
    index = {word: number for number, word in enumerate(sorted(frozenset().union(*sets)))}
    bag = sparse.lil_matrix((len(own), len(index)), dtype=np.float32)
    for row, words in enumerate(sets):
        bag[row, [index[word] for word in words]] = 1
    shared = (bag.tocsr() @ bag.tocsr().T).toarray()
    size = shared.diagonal()
    alike = sparse.csr_matrix(shared / (size[:, None] + size[None] - shared) >= ALIKE)
    parts = connected_components(alike)[1]
    side[own] = np.random.default_rng(SEED).integers(0, OWN_PARTS, parts.max() + 1)[parts]
    return side


def whole(numbers: Floats, kind: type[np.int8] | type[np.int16]) -> tuple[np.ndarray, np.float32]:
    """Numbers as whole ones with a scale."""
    scale = np.float32(np.abs(numbers).max() / np.iinfo(kind).max)
    return np.round(numbers / scale).astype(kind), scale


def solve(
    found: dict[str, Block], learnt: Floats, messages: Sequence[Message], side: np.ndarray
) -> tuple[Floats, Floats]:
    """Each message's weight, and what it would be scored by a reader that has learnt from none of its side."""
    likeness = NEAR_WEIGHT * np.exp(danger_reader.SHARPNESS * (learnt @ learnt.T - 1))
    for block in found.values():
        likeness += (block.rows @ block.rows.T).toarray()
    labels = [message.label for message in messages]
    wanted = np.array(
        [(-1, 0) if label == HARMLESS else (1, 1 if label == Danger.SUICIDE else -1) for label in labels], np.float32
    )
    heed = np.array([1 if label == HARMLESS else DANGEROUS_WEIGHT for label in labels], np.float32)
    likeness[np.diag_indices(len(labels))] += RIDGE / heed
    inverse = np.linalg.inv(likeness)
    weights = inverse @ wanted
    unseen = np.zeros_like(weights)
    for one in np.unique(side):
        at = np.flatnonzero(side == one)
        unseen[at] = wanted[at] - np.linalg.solve(inverse[np.ix_(at, at)], weights[at])
    return weights, unseen


def write(path: Path, vectors: Vectors, found: dict[str, Block], learnt: Floats, weights: Floats) -> None:
    """The reader as whole numbers, without pickled objects."""
    arrays: dict[str, np.ndarray] = {"words": vectors.words, "middle": vectors.middle}
    arrays["vectors"], arrays["vectors_scale"] = map(np.asarray, whole(vectors.vectors, np.int8))
    arrays["learnt"], arrays["learnt_scale"] = map(np.asarray, whole(learnt, np.int8))
    arrays["near_weights"], arrays["near_weights_scale"] = map(np.asarray, whole(NEAR_WEIGHT * weights, np.int16))
    for name, block in found.items():
        arrays[f"{name}_hashes"] = block.hashes
        arrays[f"{name}_rarity"], arrays[f"{name}_rarity_scale"] = map(np.asarray, whole(block.rarity, np.int16))
        learned = block.rows.T @ weights
        arrays[f"{name}_weights"], arrays[f"{name}_weights_scale"] = map(np.asarray, whole(learned, np.int16))
    np.savez_compressed(path, allow_pickle=False, **arrays)


def tell(messages: Sequence[Message], unseen: Floats) -> None:
    """Print what the reader alone makes of each round that it has not learnt from, and of all but our own by threshold."""
    names = ("own", *dict.fromkeys(one.round for one in messages if not one.round.startswith(("own", "questions"))))
    for name in names:
        here = [place for place, message in enumerate(messages) if message.round.startswith(name)]
        print(f"{name:10} {_counted(messages, unseen, here, READER_ALARM)}")
    others = [place for place, message in enumerate(messages) if message.round in names]
    for threshold in sorted({0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, READER_ALARM}):
        print(f"others' from {threshold:.2f} on: {_counted(messages, unseen, others, threshold)}")
    questions = [place for place, message in enumerate(messages) if message.round == "questions"]
    print(f"questions: alarms {int((unseen[questions, 0] > READER_ALARM).sum())}/{len(questions)}")


def _counted(messages: Sequence[Message], unseen: Floats, here: Sequence[int], threshold: float) -> str:
    danger = [place for place in here if messages[place].label != HARMLESS]
    found = [place for place in danger if unseen[place, 0] > threshold]
    right = sum((unseen[place, 1] > 0) == (messages[place].label == Danger.SUICIDE) for place in found)
    harmless = [place for place in here if messages[place].alarming]
    alarms = sum(unseen[place, 0] > threshold for place in harmless)
    return f"found {share(len(found), len(danger))} (kind right {right}), false alarms {share(alarms, len(harmless))}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, check and write the reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, help="folder of an encoder whose table gives the words' vectors")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    messages = load_messages()
    vectors = encoder_vectors(options.encoder, messages) if options.encoder else shipped_vectors()
    learnt = summed(vectors, messages)
    learnt /= np.maximum(np.linalg.norm(learnt, axis=1, keepdims=True), 1e-6)
    found = blocks(messages)
    weights, unseen = solve(found, learnt, messages, groups(messages))
    write(options.out, vectors, found, learnt, weights)
    tell(messages, unseen)
    print(f"{len(messages)} messages, {options.out.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
