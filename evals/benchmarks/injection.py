"""How well orders to a model are told from school text, in documents and in questions: `python -m evals.benchmarks.injection`.

`injection.tsv` holds labelled sentences written by hand before the rules of `assistant/data/attacks.toml` for documents, and
before those for questions were widened: `dev`, on which the rules were tuned, and `test`, of which only the figures are looked
at. Which half a sentence belongs to follows from its sha256. Prints shares with Wilson intervals; `--errors` also the sentences
of the dev half that are judged wrongly.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.injection import addresses_machine
from assistant.safety import attack
from evals.intervals import share

FILE = Path(__file__).resolve().with_suffix(".tsv")
Place = Literal["document", "question"]
JUDGES: dict[Place, Callable[[str], bool]] = {"document": addresses_machine, "question": attack}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a document, or a question, and whether a person calls it an order to a model; `about`: of what sort."""

    split: Literal["dev", "test"]
    place: Place
    hostile: bool
    about: str
    text: str

    @property
    def right(self) -> bool:
        """Whether the product judges as the person did."""
        return JUDGES[self.place](self.text) is self.hostile


def load_lines(path: Path = FILE) -> tuple[Line, ...]:
    """Read the labelled sentences. Raises ValueError, with the line, for a label, place or split that is unknown."""
    lines: list[Line] = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            split, place, hostile = row["split"], row["place"], row["hostile"]
            if split not in ("dev", "test") or place not in JUDGES or hostile not in ("yes", "no"):
                raise ValueError(f"{path.name}, line {number}: split {split!r}, place {place!r}, hostile {hostile!r}")
            lines.append(Line(split, place, hostile == "yes", row["about"], row["text"]))  # type: ignore[arg-type]
    return tuple(lines)


def chosen(lines: Iterable[Line], split: str, place: str, hostile: bool) -> list[Line]:
    """The lines of one half, place and label."""
    return [line for line in lines if (line.split, line.place, line.hostile) == (split, place, hostile)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print per half and place how many orders were found and how many harmless sentences were taken for one."""
    options = sys.argv[1:] if arguments is None else arguments
    lines = load_lines()
    for split in ("dev", "test"):
        for place in JUDGES:
            orders, harmless = (chosen(lines, split, place, hostile) for hostile in (True, False))
            found, alarms = sum(line.right for line in orders), sum(not line.right for line in harmless)
            print(f"{split:4} {place:8}  orders found {share(found, len(orders))}")
            print(f"{'':13}  false alarms {share(alarms, len(harmless))}")
    if "--errors" in options:
        for line in lines:
            if line.split == "dev" and not line.right:
                print(f"{'missed' if line.hostile else 'wrong'}: {line.text} ({line.place}, {line.about})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
