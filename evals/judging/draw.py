"""Which answers people judge, and what they see of them.

An answer gives one item per statement of the sources ("does the source say this?") and one item for the whole answer
("does this help?"). An item holds what an editor may see and nothing else: no score, verdict, expectation or set.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evals.compare import RunError, SavedRun
from evals.judging.labels import Claim, LabelsError, editor_name

_STATED = frozenset({"answered", "partial"})


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote in its surroundings, as an editor sees it."""

    number: int
    title: str
    page: str | None
    section: str
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to judge. `id` follows from what is shown, so the same answer in another run has the same item."""

    id: str
    case: str
    claim: Claim
    turns: tuple[str, ...]
    text: str
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """The items that every editor gets, and the run they come from: its `run_hash`, its code and its corpus."""

    run: str
    code: str
    corpus: str
    seed: int
    items: tuple[Item, ...]

    def for_editor(self, editor: str) -> tuple[Item, ...]:
        """The items in an order of the editor's own, the same each time; the items of one answer stay together."""
        by_case: dict[str, list[Item]] = {}
        for item in self.items:
            by_case.setdefault(item.case, []).append(item)
        name = editor_name(editor).casefold()
        order = sorted(by_case, key=lambda case: _shuffled(self.seed, name, case))
        return tuple(item for case in order for item in by_case[case])


def draw(run: SavedRun, count: int, seed: int = 1) -> Draw:
    """Draw `count` answers: half that failed and half that passed, over the sets as evenly as each half allows.

    Metrics can be checked on both kinds only if both are there; where one is short the other fills up. Which answers
    are drawn follows from `seed` and the case ids alone. Raises LabelsError when there is nothing to draw, RunError.
    """
    groups = {
        passed: [case for case in run.cases.values() if bool(case["passed"]) is passed] for passed in (False, True)
    }
    failed = min(len(groups[False]), max(count // 2, count - len(groups[True])))
    chosen = [*_even(groups[False], failed, seed), *_even(groups[True], count - failed, seed)]
    if not chosen:
        raise LabelsError("no answers to judge", why="nothing_to_draw", file=run.folder)
    made = run.summary.get("made_with", {})
    of_run = run_hash(run)
    items = tuple(item for case in chosen for item in items_of(case))
    return Draw(of_run, str(made.get("code", "")), str(made.get("corpus", "")), seed, items)


def _even(cases: Sequence[Mapping[str, Any]], count: int, seed: int) -> Iterator[Mapping[str, Any]]:
    """Take one case of each set in turn, within a set in an order that follows from the seed."""
    sets: dict[str, list[Mapping[str, Any]]] = {}
    for case in sorted(cases, key=lambda case: _shuffled(seed, case["id"])):
        sets.setdefault(str(case.get("set", "")), []).append(case)
    turns = sorted((turn, name) for name, members in sets.items() for turn in range(len(members)))
    for turn, name in turns[: max(count, 0)]:
        yield sets[name][turn]


def items_of(case: Mapping[str, Any]) -> tuple[Item, ...]:
    """List the items of one recorded case: its statements where it has an answer, then the answer as a whole.

    A statement comes with the quotes that it cites, the answer with what was shown as found nearby,
    without surroundings: there the question is not what the source says.
    """
    answer, turns = case["answer"], tuple(case["turns"])
    quotes = {one["number"]: _quoted(one) for one in answer["citations"]}
    items = []
    if answer["outcome"] in _STATED:
        for place, statement in enumerate(answer["statements"]):
            if not statement["own"]:
                cited = tuple(quotes[number] for number in statement["citations"] if number in quotes)
                items.append(_item(case["id"], "supported", turns, statement["text"], cited, place))
    shown = "\n\n".join([*answer.get("notices", ()), *(statement["text"] for statement in answer["statements"])])
    nearest = tuple(replace(_quoted(one), before="", after="") for one in answer.get("nearest", ()))
    return (*items, _item(case["id"], "helpful", turns, shown, nearest, -1))


def run_hash(run: SavedRun) -> str:
    """Hash what was asked and answered, scores left out: measuring the same answers anew keeps their labels.

    Raises RunError for a run without answers.
    """
    try:
        parts = [json.dumps([case["id"], case["turns"], case["answer"]], sort_keys=True) for case in run.cases.values()]
    except KeyError as error:
        raise RunError(f"no answers in {run.folder}: {error}", folder=run.folder) from error
    return "r" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _item(case: str, claim: Claim, turns: tuple[str, ...], text: str, quotes: tuple[Quoted, ...], place: int) -> Item:
    seen = json.dumps([case, claim, turns, text, [[one.title, one.quote] for one in quotes], place])
    return Item("i" + hashlib.sha256(seen.encode()).hexdigest()[:12], case, claim, turns, text, quotes)


def _quoted(citation: Mapping[str, Any]) -> Quoted:
    page = citation.get("page_label") or citation.get("page")
    return Quoted(
        number=citation["number"],
        title=citation["title"],
        page=None if page is None else str(page),
        section=citation.get("section") or "",
        before=citation.get("before") or "",
        quote=citation["quote"],
        after=citation.get("after") or "",
    )


def _shuffled(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
