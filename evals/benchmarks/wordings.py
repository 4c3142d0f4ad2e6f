"""How well the evaluation tells a stated fact from one that is not: `python -m evals.benchmarks.wordings`.

`wordings.tsv` holds labelled pairs of a text and an accepted wording, written by hand: `dev`, on which the rules of
`evals.wordings.paraphrase` were tuned, and `test`, of which only the figures were looked at (one rule followed from them: "7 van
de 10" is a ratio; before it 64 of the 66 test pairs found stated were). Prints precision and recall with Wilson intervals
for matching as it is and for literal matching, by split, and by phenomenon the share that was judged right.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.intervals import share
from evals.wordings.matching import contains, contains_literally

FILE = Path(__file__).resolve().with_suffix(".tsv")
Matcher = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """Whether `text` states `wording`, as a person labelled it; `phenomenon` says what the pair tries."""

    split: Literal["dev", "test"]
    text: str
    wording: str
    stated: bool
    phenomenon: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Judgements counted: pairs rightly and wrongly found stated, and stated pairs that were missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the pairs found stated that are; 1 when none was found."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """Share of the stated pairs that were found. Raises ZeroDivisionError without stated pairs."""
        return self.right / (self.right + self.missed)


def load_pairs(path: Path = FILE) -> tuple[Pair, ...]:
    """Read the labelled pairs. Raises ValueError, with the line, for a label or split that is unknown."""
    pairs: list[Pair] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            split, stated = row["split"], row["stated"]
            if split not in ("dev", "test") or stated not in ("yes", "no"):
                raise ValueError(f"{path.name}, line {line}: split {split!r}, stated {stated!r}")
            pairs.append(Pair(split, row["text"], row["wording"], stated == "yes", row["phenomenon"]))  # type: ignore[arg-type]
    return tuple(pairs)


def tally(pairs: Iterable[Pair], matcher: Matcher) -> Tally:
    """Count how a matcher judges the pairs."""
    judged = [(matcher(pair.text, pair.wording), pair.stated) for pair in pairs]
    return Tally(judged.count((True, True)), judged.count((True, False)), judged.count((False, True)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; with `--errors` also the pairs of the dev split that are judged wrongly."""
    options = sys.argv[1:] if arguments is None else arguments
    pairs = load_pairs()
    for split in ("dev", "test"):
        part = [pair for pair in pairs if pair.split == split]
        print(f"{split}: {len(part)} pairs, {sum(pair.stated for pair in part)} stated")
        for name, matcher in (("literal", contains_literally), ("matching", contains)):
            _tell(name, tally(part, matcher))
        for kind in sorted({(pair.phenomenon, pair.stated) for pair in part}):
            same = [pair for pair in part if (pair.phenomenon, pair.stated) == kind]
            right = sum(contains(pair.text, pair.wording) == pair.stated for pair in same)
            literal = sum(contains_literally(pair.text, pair.wording) == pair.stated for pair in same)
            label = f"{kind[0]}, {'stated' if kind[1] else 'not stated'}"
            print(f"  {label:26} right {share(right, len(same))}, literal {literal}/{len(same)}")
    if "--errors" in options:
        for pair in pairs:
            if pair.split == "dev" and contains(pair.text, pair.wording) != pair.stated:
                print(f"{'missed' if pair.stated else 'wrong'}: {pair.text} | {pair.wording} ({pair.phenomenon})")
    return 0


def _tell(name: str, found: Tally) -> None:
    precision = share(found.right, found.right + found.wrong)
    print(f"  {name:9} precision {precision}, recall {share(found.right, found.right + found.missed)}")


if __name__ == "__main__":
    sys.exit(main())
