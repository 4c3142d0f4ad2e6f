"""How many quoted statements help the asker: `python -m evals.benchmarks.usefulness`.

`usefulness.tsv` holds 60 answers of one evaluation run, named by its hashes in the first line: test cases of the sets of
answerable questions, ten per set by the order of sha256(id), filled up from kern and gewoon. One reader, a language model
in the part of a demanding teacher, judged them once, without the scores and facts of the cases: not two editors, so there
is no agreement to give. `helps` tells whether a statement answers the question, a part of it, or gives directly useful
context; `answers`, only at the first statement, whether that one is an answer. Statements of our own are left out, and
intervals take statements as independent, which within one answer they are not: they are rather too narrow. The sample is
as many of each set, not as the sets are in the test split.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.intervals import share

FILE = Path(__file__).resolve().with_suffix(".tsv")
MADE_WITH = "# made_with "
SETS = {
    "k": "kern", "kg": "gewoon", "n": "dichtbij", "t": "taal", "tm": "taal",
    "g": "gesprek", "gm": "gesprek", "am2": "tweedelig",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """One quoted statement as it was judged; `answers` is None but for the first of an answer, `note` tells why not."""

    case: str
    number: int
    statement: str
    helps: bool
    answers: bool | None
    note: str

    @property
    def set_name(self) -> str:
        """The set of the case, from the prefix of its id; the prefix itself when it is unknown."""
        prefix = self.case.partition("-")[0]
        return SETS.get(prefix, prefix)


def load_judgements(path: Path = FILE) -> tuple[Judgement, ...]:
    """Read the judgements. Raises ValueError, with the line, for a label that is unknown or a no without a reason."""
    judgements: list[Judgement] = []
    with path.open(encoding="utf-8", newline="") as file:
        if not next(file, "").startswith(MADE_WITH):
            raise ValueError(f"{path.name}, line 1: the run that was judged is not named")
        for line, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 3):
            number, helps, answers = int(row["statement_number"]), row["helps"], row["answers"]
            if helps not in ("yes", "no") or answers not in (("yes", "no") if number == 1 else ("",)):
                raise ValueError(f"{path.name}, line {line}: helps {helps!r}, answers {answers!r}")
            if (helps == "no") != bool(row["note"]):
                raise ValueError(f"{path.name}, line {line}: a no, and only a no, has its reason")
            answering = answers == "yes" if answers else None
            judgements.append(Judgement(row["case"], number, row["statement"], helps == "yes", answering, row["note"]))
    return tuple(judgements)


def made_with(path: Path = FILE) -> str:
    """Return the hashes of the run that was judged."""
    with path.open(encoding="utf-8") as file:
        return file.readline().removeprefix(MADE_WITH).strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; with `--reasons` also every statement that does not help, and why."""
    options = sys.argv[1:] if arguments is None else arguments
    judgements = load_judgements()
    first = [judgement for judgement in judgements if judgement.number == 1]
    helped = {judgement.case for judgement in judgements if judgement.helps}
    unhelped = [judgement.case for judgement in first if judgement.case not in helped]
    print(f"{len(judgements)} statements in {len(first)} answers, one reader, once; run {made_with()}")
    print(f"statements that do not help       {_unhelpful(judgements)}")
    by_set: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_set[judgement.set_name].append(judgement)
    for name, part in by_set.items():
        print(f"  {name:31} {_unhelpful(part)}")
    for name, part in (("first of an answer", first), ("second and later", [j for j in judgements if j.number > 1])):
        print(f"  {name:31} {_unhelpful(part)}")
    print(f"answers without one that helps    {share(len(unhelped), len(first))}")
    print(f"answers whose first one helps     {share(sum(j.helps for j in first), len(first))}")
    print(f"answers whose first one answers   {share(sum(j.answers is True for j in first), len(first))}")
    if "--reasons" in options:
        for judgement in judgements:
            if not judgement.helps:
                print(f"{judgement.case} {judgement.number}: {judgement.statement} ({judgement.note})")
    return 0


def _unhelpful(judgements: Iterable[Judgement]) -> str:
    helps = [judgement.helps for judgement in judgements]
    return share(helps.count(False), len(helps))


if __name__ == "__main__":
    sys.exit(main())
