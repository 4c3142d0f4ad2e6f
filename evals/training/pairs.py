"""The Dutch-English pairs that the encoder learns from, and what is kept from it: the sentences of SICK's test pairs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import wordfreq

from evals.cases import load_cases
from evals.training import catalogs, lexicon

DATA = Path(__file__).resolve().parent / "data"
HELD_OUT_DOCUMENTS = frozenset({"inspiratiekaart-vo", "infosheet-scholen"})
"""Documents of the corpus of which nothing is trained on: what the encoder does there, it does on texts new to it."""
PASSAGES = ("passages.tsv", "passages_vo_mbo.tsv", "passages_po_so.tsv")
"""Passages with questions, for retrieval. Only the first are distilled too: a gist is no translation, and they were enough."""
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the material lies: `texts` is the folder with unpacked packages (README.md names them)."""

    texts: Path
    wordnet: Path
    open_dutch_wordnet: Path
    sick: Path


@dataclass(frozen=True, slots=True)
class Pair:
    """A Dutch text and the English one whose vector it should get. `kind` tells where it comes from."""

    dutch: str
    english: str
    kind: str


@dataclass(frozen=True, slots=True)
class SickPair:
    """Two Dutch sentences, their English originals and how related people find them (1 to 5)."""

    dutch: tuple[str, str]
    english: tuple[str, str]
    relatedness: float


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage written for the training with two questions that it answers."""

    passage: str
    questions: tuple[str, str]
    gist: str
    english_question: str


def sick_pairs(folder: Path, part: str) -> tuple[SickPair, ...]:
    """The pairs of one part of SICK-NL: TRAIN, TRIAL or TEST."""
    return tuple(
        SickPair(
            (row["sentence_A"], row["sentence_B"]),
            (row["sentence_A_original"], row["sentence_B_original"]),
            float(row["relatedness_score"]),
        )
        for row in _sick_rows(folder)
        if row["SemEval_set"] == part
    )


def held_out(folder: Path) -> frozenset[str]:
    """Every sentence of SICK's TEST pairs, Dutch and English, as `same` writes it: no text of these is trained on."""
    return frozenset(same(text) for pair in sick_pairs(folder, "TEST") for text in (*pair.dutch, *pair.english))


def same(text: str) -> str:
    """A text as it is compared: its letters and digits, lower case."""
    return " ".join(re.findall(r"\w+", text.lower()))


def all_pairs(places: Places) -> list[Pair]:
    """Every pair but those with a held-out sentence on either side; each once, in a fixed order."""
    kept_out = held_out(places.sick)
    known = lexicon.lexicon(places.texts / "usr/share/dictd", places.wordnet, places.open_dutch_wordnet)
    found: dict[tuple[str, str], Pair] = {}
    for pair in (
        *domain(),
        *_sick(places.sick),
        *(Pair(word, ", ".join(english[:3]), "word") for word, english in known.items()),
        *(Pair(word, ", ".join(english[:2]), "form") for word, english in lexicon.inflected(known).items()),
        *(Pair(dutch, english, "catalog") for dutch, english in catalogs.translations(places.texts)),
    ):
        if same(pair.dutch) not in kept_out and same(pair.english) not in kept_out:
            found.setdefault((pair.dutch.lower(), pair.english.lower()), pair)
    return list(found.values())


def domain() -> Iterator[Pair]:
    """What was written for this training: sentences, questions, everyday wordings and passages about school."""
    for row in rows("corpus_sentences.tsv"):
        if row[0] not in HELD_OUT_DOCUMENTS:
            yield Pair(row[1], row[2], "corpus")
    kept_out = evaluated()
    for row in rows("questions.tsv"):
        if same(row[1]) not in kept_out:
            yield Pair(row[1], row[2], "question")
    for row in rows("everyday.tsv"):
        yield Pair(row[0], row[2], "everyday")
        yield Pair(row[1], row[2], "everyday")
    for passage in passages(PASSAGES[:1]):
        yield Pair(passage.passage, passage.gist, "passage")
        yield Pair(passage.questions[0], passage.english_question, "question")


@cache
def evaluated() -> frozenset[str]:
    """Every question of the evaluation, as `same` writes it. Two people can think of one question: it is not learned."""
    return frozenset(same(turn) for case in load_cases(retired=True) for turn in case.turns)


def passages(names: Sequence[str] = PASSAGES) -> list[PassageRow]:
    """The passages written for this training, but those of which the evaluation asks a question."""
    found = [PassageRow(row[1], (row[2], row[3]), row[4], row[5]) for name in names for row in rows(name)]
    return [row for row in found if evaluated().isdisjoint(map(same, row.questions))]


def rows(name: str, folder: Path = DATA) -> list[list[str]]:
    """The rows of one of our tables; a line that starts with # is a comment. Raises ValueError on an uneven row."""
    columns = 6 if name in PASSAGES else 3
    path = folder / name
    if not path.exists():
        return []
    found = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.strip() and line[0] != "#"]
    for row in found:
        if len(row) != columns:
            raise ValueError(f"{name}: {len(row)} columns instead of {columns} in {row[0][:60]!r}")
    return found


def commonness(text: str) -> float:
    """How everyday a Dutch text's words are: the mean Zipf frequency of its rarer half (7 is "de", 3 is "vlonder")."""
    found = sorted(wordfreq.zipf_frequency(word, "nl") for word in _LETTERS.findall(text.lower()))
    rare = found[: max(1, len(found) // 2)]
    return sum(rare) / len(rare) if rare else 0.0


def texts_of(pairs: Sequence[Pair], repeated: int = 1) -> Iterator[str]:
    """The Dutch sides of the pairs, those of our own and of SICK `repeated` times."""
    for pair in pairs:
        for _ in range(repeated if pair.kind not in {"catalog", "word", "form"} else 1):
            yield pair.dutch


def _sick(folder: Path) -> Iterator[Pair]:
    dutch, english = (
        (folder / f"sentences_{language}.txt").read_text("utf-8").splitlines() for language in ("nl", "en")
    )
    for pair in zip(dutch, english, strict=True):
        yield Pair(*pair, "caption")
    for part in ("TRAIN", "TRIAL"):
        for found in sick_pairs(folder, part):
            for both in zip(found.dutch, found.english, strict=True):
                yield Pair(*both, "caption")


def _sick_rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "SICK_NL.txt").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
