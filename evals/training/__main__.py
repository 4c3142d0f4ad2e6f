"""Command line: `python -m evals.training WORK --texts DIR --wordnet DIR --odwn DIR --sick DIR`.

Each stage leaves its result in the folder WORK and is passed over when that is there, so an interrupted training goes
on where it was; take a result away to make it again. The model is WORK/model. README.md tells what the folders hold.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from evals.training import distil, export, network, pairs, retrieval, swap, vocabulary

SEED = 20
WEIGHTS = {"catalog": 1.0, "word": 2.0, "form": 0.5}
"""What a pair counts in aligning pieces, 3 where it isn't named; a word stands alone with its translation."""
OF_CATALOGS = 3
"""One in so many of the catalogs' texts teaches the tokenizer: their words are those of software."""
REPEATED = 4  # times that our own texts are read for the tokenizer


class Training:
    """The stages over one folder of work."""

    def __init__(self, work: Path, places: pairs.Places, tell: Callable[[str], object], share: float) -> None:
        self._work = work
        self._places = places
        self._tell = tell
        self._share = share

    def run(self) -> Path:
        """All stages; returns the folder of the model."""
        found = self._pairs()
        tokenizer = self._tokenizer(found)
        teacher, english = network.load_teacher()
        words = self._first_vectors(found, tokenizer, english, network.table_of(teacher).detach().numpy())
        model = network.student(words, tokenizer, teacher, english)
        export_to = self._work / "model"
        learned = self._work / "learned.pt"
        if not learned.exists():
            export.write(model, tokenizer, self._work / "model-before")
            lessons = distil.chosen(found)
            self._tell(f"lessons {Counter(pair.kind for pair in lessons)}")
            targets = self._targets(lessons, lambda texts: network.embed_all(teacher, network.pieces(english, texts)))
            ids = network.pieces(tokenizer, [pair.dutch for pair in lessons])
            steps = distil.plan(lessons, [len(one) for one in ids], SEED, self._share)
            distil.train(model, distil.Lesson(ids, targets), steps, self._work / "distil.pt", self._tell)
            (self._work / "distil.pt").rename(learned)
        model.load_state_dict(torch.load(learned, weights_only=True)["model"])
        export.write(model, tokenizer, self._work / "model-distilled")
        for parameter in model.parameters():
            parameter.requires_grad_(True)
        retrieval.train(model, tokenizer, SEED, self._work / "retrieval.pt", self._tell)
        export.write(model, tokenizer, export_to)
        return export_to

    def _pairs(self) -> list[pairs.Pair]:
        path = self._work / "pairs.json"
        if not path.exists():
            found = pairs.all_pairs(self._places)
            path.write_text(json.dumps([list(asdict(one).values()) for one in found], ensure_ascii=False), "utf-8")
        read = [pairs.Pair(*row) for row in json.loads(path.read_text("utf-8"))]
        self._tell(f"pairs {Counter(pair.kind for pair in read)}")
        return read

    def _tokenizer(self, found: list[pairs.Pair]) -> Tokenizer:
        path = self._work / "tokenizer.json"
        if not path.exists():
            drawn = random.Random(SEED)
            read = [pair for pair in found if pair.kind != "catalog" or not drawn.randrange(OF_CATALOGS)]
            vocabulary.train(pairs.texts_of(read, REPEATED)).save(str(path))
        self._tell("tokenizer")
        return Tokenizer.from_file(str(path))

    def _first_vectors(
        self, found: list[pairs.Pair], tokenizer: Tokenizer, english: Tokenizer, table: np.ndarray
    ) -> np.ndarray:
        path = self._work / "first.npy"
        if not path.exists():
            dutch = [
                one.ids for one in tokenizer.encode_batch([pair.dutch for pair in found], add_special_tokens=False)
            ]
            theirs = [one.ids for one in english.encode_batch([p.english for p in found], add_special_tokens=False)]
            weights = [WEIGHTS.get(pair.kind, 3.0) for pair in found]
            alignment = swap.align(dutch, theirs, weights)
            names = [(tokenizer.id_to_token(number) or "").lstrip("▁") for number in range(tokenizer.get_vocab_size())]
            own = [one.ids for one in english.encode_batch(names, add_special_tokens=False)]
            np.save(path, swap.vectors(alignment, table, own))
        self._tell("first vectors")
        return np.asarray(np.load(path), np.float32)

    def _targets(self, lessons: list[pairs.Pair], embed: Callable[[list[str]], np.ndarray]) -> np.ndarray:
        """The teacher's vectors of the English sides, those made before taken from the folder."""
        path = self._work / "targets.npz"
        known: dict[str, np.ndarray] = {}
        if path.exists():
            with np.load(path) as kept:
                known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
        new = sorted({pair.english for pair in lessons} - known.keys())
        if new:
            known |= dict(zip(new, embed(new), strict=True))
            np.savez(path, texts=np.array(list(known)), vectors=np.stack(list(known.values())).astype(np.float16))
        self._tell(f"targets, {len(new)} new")
        return np.stack([known[pair.english] for pair in lessons]).astype(np.float32)


def main(arguments: list[str] | None = None) -> int:
    """Train; what is done is told on stderr with the seconds of processor time it took."""
    parser = argparse.ArgumentParser(prog="python -m evals.training", description=__doc__)
    parser.add_argument("work", type=Path)
    for name in ("texts", "wordnet", "odwn", "sick"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the distillation, for a trial")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    options.work.mkdir(parents=True, exist_ok=True)

    def tell(text: str) -> None:
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {time.process_time():.0f}s {text}\n")
        sys.stderr.flush()

    places = pairs.Places(options.texts, options.wordnet, options.odwn, options.sick)
    tell(f"model in {Training(options.work, places, tell, options.share).run()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
