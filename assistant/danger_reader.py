"""A trained reader of danger, beside the rules of `safety`: how much a message is like those that signal danger.

The rules know wordings; this knows some thousands of messages that people wrote. It adds up three things: pairs and triples
of words and pieces of words with learnt weights (which stand a misspelling), and how near the message as a whole lies to
each of the messages that it learnt from, by vectors of its words. `data/danger_reader.npz` holds the numbers and no text;
`evals/training/danger.py` makes it. Numpy only, no model is loaded, and the same text always gives the same score.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import dutch

Floats = NDArray[np.float32]
Hashes = NDArray[np.uint32]

BLOCKS = ("words", "people", "letters")
SHARPNESS = 2.0
"""How fast the likeness of two messages falls with the angle between them; 1 to 4 measured alike."""
LONGEST = 400
"""Words that are looked at; time grows with them."""

SENTENCE = 5
"""Words, its end among them, from which a sentence is also read by itself. Of messages that were put amid an ordinary
question, of rounds that the reader had not learnt from, it found 57 % when it read the whole and 84 % with the sentences, at
READER_ALARM = 0.3; of the messages alone 79 and 80 %, false alarms 0.7 and 1.0 %."""

_PEOPLE = {
    "<kind>": """leerling leerlinge leerlingen lln kind kinderen jongen jongetje meisje meiske student studente zoon zoontje
    dochter dochtertje kleuter brugklasser peuter puber mentorleerling klasgenoot klasgenote pupil stagiair stagiaire tweeling
    pleegkind""",
    "<thuis>": """vader moeder papa mama pa ma mam pap stiefvader stiefmoeder ouders opa oma oom tante broer zus broertje zusje
    neef nicht stiefbroer pleegvader ex man vrouw partner vriendin vriend vriendje""",
    "<werk>": "collega docent leraar juf meester leerkracht directeur mentor teamleider trainer coach begeleider",
    "<ik>": "ik k kben kheb kwil ikzelf mezelf mijzelf me mij",
    "<hij>": "hij zij ze ie hem haar der zn zijn zichzelf zich",
}
_PERSON = {word: kind for kind, words in _PEOPLE.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a message: above 0 more like danger than not; `suicide`: that, and not abuse."""

    score: float
    suicide: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Learnt numbers. Of each block the hashes of its features in order, how rare each is and its two weights."""

    features: dict[str, tuple[Hashes, Floats, Floats]]
    words: Hashes
    vectors: Floats
    middle: Floats
    learnt: Floats
    weights: Floats

    def read(self, words: Sequence[str]) -> Reading:
        """The reading of a message's normalised words: that of the whole, or of a sentence where that is more alarming."""
        words = words[:LONGEST]
        parts = [part for part in _sentences(words) if len(part) >= SENTENCE]
        return max(
            (self._of(part) for part in ([words] + parts if len(parts) > 1 else [words])), key=lambda one: one.score
        )

    def _of(self, words: Sequence[str]) -> Reading:
        total = np.zeros(2, dtype=np.float32)
        for name, found in features(words).items():
            hashes, rarity, weights = self.features[name]
            at = _places(hashes, found)
            length = float(np.sqrt((rarity[at] ** 2).sum()))
            if length:
                total += (rarity[at] / length) @ weights[at]
        near = np.exp(SHARPNESS * (self.learnt @ self.vector(words) - 1.0))
        total += near @ self.weights
        return Reading(float(total[0]), bool(total[1] > 0))

    def vector(self, words: Sequence[str]) -> Floats:
        """The direction of a message: its words' vectors added up, less what all messages have in common."""
        at = _places(self.words, hashed([word for word in words if word.isalpha()]), repeated=True)
        summed: Floats = self.vectors[at].sum(axis=0) - self.middle
        return summed / np.float32(max(float(np.linalg.norm(summed)), 1e-6))


def features(words: Sequence[str]) -> dict[str, Hashes]:
    """The hashed features of a message, each once, by block: stems, stems with people made alike, pieces of words."""
    stems = ["^", *(_stem(word) for word in words)]
    people = ["^", *(_PERSON.get(word) or _stem(word) for word in words)]
    text = f" {' '.join(words)} "
    letters = [text[at : at + size] for size in (3, 4, 5) for at in range(len(text) - size + 1)]
    blocks = (stems + _groups(stems, 0), _groups(people, 3), letters)
    return {name: np.unique(hashed(found)) for name, found in zip(BLOCKS, blocks, strict=True)}


def hashed(texts: Sequence[str]) -> Hashes:
    """The CRC-32 of each text."""
    return np.array([zlib.crc32(text.encode()) for text in texts], dtype=np.uint32)


@cache
def reader() -> Reader:
    """The reader that is shipped, read once."""
    with as_file(files("assistant") / "data" / "danger_reader.npz") as path:
        return load(path)


def load(path: Path) -> Reader:
    """A reader from its file. Weights and vectors are stored as whole numbers with a scale, and nothing is unpickled."""
    with np.load(path, allow_pickle=False) as data:
        blocks = {
            name: (data[f"{name}_hashes"], _scaled(data, f"{name}_rarity"), _scaled(data, f"{name}_weights"))
            for name in BLOCKS
        }
        learnt = _scaled(data, "learnt")
        learnt /= np.maximum(np.linalg.norm(learnt, axis=1, keepdims=True), 1e-6)
        middle: Floats = data["middle"].astype(np.float32)
        return Reader(blocks, data["words"], _scaled(data, "vectors"), middle, learnt, _scaled(data, "near_weights"))


def _groups(words: Sequence[str], skip: int) -> list[str]:
    """Pairs, triples and pairs with words between (one, and with `skip` two) of a message's words."""
    pairs = [f"2{a} {b}" for a, b in zip(words, words[1:], strict=False)]
    triples = [f"3{a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False)]
    apart = [f"4{a} {b}" for a, b in zip(words, words[2:], strict=False)]
    return [*pairs, *triples, *apart, *(f"5{a} {b}" for a, b in zip(words, words[3:], strict=False) if skip)]


def _sentences(words: Sequence[str]) -> list[Sequence[str]]:
    """A message's words by sentence, each with its end."""
    ends = [place + 1 for place, word in enumerate(words) if word == "."]
    return [words[start:end] for start, end in zip([0, *ends], [*ends, len(words)], strict=True) if end > start]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return dutch.keys(word)[0] if word.isalpha() else word


def _places(known: Hashes, wanted: Hashes, repeated: bool = False) -> NDArray[np.intp]:
    """Where the wanted hashes stand among the known ones, which are in order; those that are not known are left out."""
    if not wanted.size:
        return np.zeros(0, dtype=np.intp)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    found: NDArray[np.intp] = at[known[at] == wanted]
    return found if repeated else np.unique(found)


def _scaled(data: Mapping[str, NDArray[np.generic]], name: str) -> Floats:
    """Numbers that were stored as whole ones."""
    stored: Floats = data[name].astype(np.float32) * np.float32(data[f"{name}_scale"])
    return stored
