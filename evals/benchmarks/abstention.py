"""Whether it says so when the sources are silent: `python -m evals.benchmarks.abstention [--errors]`.

`abstention.tsv` holds 240 questions that lie near the publications and are not answered by them, and 60 of two parts of which
they answer one; by a writer who had read the publications and nothing else of the project. Beside them stand the 300 answered
questions of another such writer, on which the ranking of sentences is trained (`evals/training/data/answers.tsv`). Prints
the shares answered as if known, by sort of question, refused, and recognised as half answerable, with 95 % Wilson
intervals; over the library that the settings name, with and without stored questions.

When they were first asked (1 December 2026; retrieved and composed, not split into parts), 109/240 = .454 of the unanswerable
ones were answered as if known, 17/300 = .057 of the others refused, 36/300 = .120 called half answerable; without stored
questions .417, .100 and .183. The evaluation's own cases, by which the rules were made, had .076 and .236 (dev, held out) at
that moment: a stranger who knows the publications well finds many more gaps. Then `demands.toml` learned to ask for contact
details, an obligation or law, and an opinion, and "wat is X" to want a sentence that opens with X or a stored question near
it: .396 with, .367 without, 16 and 28 of 300 refused; an opinion or obligation that is not shown, and a compound of which
only the parts are known, leave it at .375 and .346. So what is printed of them now is a check, no measure.

`abstention_second.tsv`, 150 and 50 by another writer who saw none of these, measures, beside that writer's own 260 answered
questions (`answers_second.tsv`). Counted once, with all of the above in place: 61/150 = .407 answered as if known, 6/260 =
.023 refused, .119 called half answerable, half answerable ones recognised .580; without stored questions .373, .042, .142 and
.580.

Tried and left: logistic and boosted trees over coverage, likeness, chances, unknown and missing terms and the kind of question.
By cross-validation within these 540 they tell the two apart (area under the ROC curve .87, coverage alone .64), but by the way
the two writers word things: learned here and asked of the evaluation's dev cases they fall below coverage alone (.80 against
.93), and the other way round .62. With each weight's sign held to what it should mean they carry over (.95) and are no better
than the rules.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Assistant
from assistant.errors import WelwijzerError
from assistant.settings import Settings
from assistant.types import Outcome
from assistant.wiring import open_assistant, quiet
from evals.intervals import share
from evals.training import ranking

FILE = Path(__file__).resolve().with_suffix(".tsv")
SECOND = FILE.with_name("abstention_second.tsv")
VERDICTS = ("none", "partial", "answered")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its sort, and what the sources do with it: `none`, `partial` or `answered`."""

    verdict: str
    sort: str
    text: str


def load_questions(path: Path = FILE) -> tuple[Question, ...]:
    """Read the unanswerable questions. Raises ValueError, with the line, for a verdict that is none or no question."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for number, row in enumerate(rows, 1):
        if row[0].startswith("#") or row[0] == "verdict":
            continue
        if len(row) != 4 or row[0] not in VERDICTS or not row[2].strip():
            raise ValueError(f"{path.name}, line {number}: verdict, sort, question and sentence are needed")
        found.append(Question(row[0], row[1], row[2]))
    return tuple(found)


def outcomes(assistant: Assistant, questions: Sequence[Question]) -> list[Outcome]:
    """What the assistant makes of each question, by verbatim sentences."""
    return [assistant.extractive.ask(question.text).outcome for question in questions]


def lines(questions: Sequence[Question], found: Sequence[Outcome]) -> Iterator[str]:
    """The shares, the sorts that are worst first."""
    told = (
        ("unanswerable, answered as if known", "none", Outcome.ANSWERED),
        ("answerable, refused", "answered", Outcome.NO_EVIDENCE),
        ("answerable, called half answerable", "answered", Outcome.PARTIAL),
        ("half answerable, recognised", "partial", Outcome.PARTIAL),
    )
    for label, verdict, outcome in told:
        part = [one for question, one in zip(questions, found, strict=True) if question.verdict == verdict]
        yield f"{label}: {share(sum(one is outcome for one in part), len(part))}"
    sorts: dict[str, list[bool]] = {}
    for question, one in zip(questions, found, strict=True):
        if question.verdict == "none":
            sorts.setdefault(question.sort, []).append(one is Outcome.ANSWERED)
    for sort, wrong in sorted(sorts.items(), key=lambda item: (-sum(item[1]), item[0])):
        if any(wrong):
            yield f"  {sort}: {sum(wrong)} of {len(wrong)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures. Exit 0, or 1 when the library can't be used."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.abstention", description=__doc__)
    parser.add_argument(
        "--errors", action="store_true", help="print each question of the first writer that is answered as if known"
    )
    options = parser.parse_args(arguments)
    quiet()
    try:
        for stored in (True, False):
            assistant = open_assistant(Settings.from_env(), stored)
            for writer, unanswered, answered in (("first", FILE, ranking.DATA), ("second", SECOND, ranking.SECOND)):
                known = (Question("answered", "", row.question) for row in ranking.load_rows(answered))
                questions = (*load_questions(unanswered), *known)
                found = outcomes(assistant, questions)
                print(f"== {writer} writer, {'with' if stored else 'without'} stored questions")
                print(*lines(questions, found), sep="\n")
                if options.errors and writer == "first":
                    pairs = zip(questions, found, strict=True)
                    wrong = (q for q, o in pairs if q.verdict == "none" and o is Outcome.ANSWERED)
                    print(*(f"! {question.text}" for question in wrong), sep="\n")
    except WelwijzerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
