"""A run: ask every case the way the app does, score it, and come to figures that are the same every time."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from assistant.answer import Asked
from assistant.support.score import support
from assistant.types import Answer, Evidence, Outcome, Turn
from evals.baselines import Retriever
from evals.cases import Case, Stale, stale_cases, with_places
from evals.figures import Figure, figures_of
from evals.ranking import Place, Ranked
from evals.scoring import Library, Score, score_answer, score_retrieval
from evals.wordings.matching import Folded

RETRIEVED = 20
# What decides over an answer besides the corpus; the hash of a run's code covers them.
CODE = frozenset({".py", ".toml", ".tsv", ".txt", ".json"})


class Asks(Protocol):
    """What is evaluated: the same object that the app and the command line use."""

    def asked(self, question: str, history: Sequence[Turn] = ()) -> Asked:
        """One answer with its evidence."""

    def search(self, question: str, k: int = 10, history: Sequence[Turn] = ()) -> Evidence:
        """Ranked passages."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An assistant and the library it answers from."""

    assistant: Asks
    library: Library


Plant = Callable[[Sequence[str]], AbstractContextManager[Subject]]
"""Gives the same assistant with the named documents added to its library."""

Asking = Callable[[Sequence[Case], Subject, Callable[[], object]], "Iterable[Result]"]
"""Asks and scores cases, in whatever order, and calls its last argument after each."""


@dataclass(frozen=True, slots=True)
class Result:
    """One case with what came back: its answer, what was retrieved, its score, and the baselines' retrieval figures.

    `evidence` is the share of the question that the best passage speaks of, None where nothing was looked up.
    """

    case: Case
    answer: Answer
    evidence: float | None
    ranked: tuple[Ranked, ...]
    places: tuple[Place, ...]
    score: Score
    baselines: Mapping[str, Mapping[str, float | None]]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """All results, what they were made with, the texts they are about, and the cases whose source changed.

    `whole` tells that these are all the project's cases: the limits of `thresholds.toml` are set for those.
    """

    results: tuple[Result, ...]
    made_with: Mapping[str, str]
    texts: Mapping[str, str]
    stale: tuple[Stale, ...] = ()
    baselines: tuple[str, ...] = field(default=())
    whole: bool = True

    def figures(self, pick: Callable[[Result], bool] = lambda _: True) -> tuple[Figure, ...]:
        """Give the figures over the results that `pick` takes."""
        return figures_of([result.score.values for result in self.results if pick(result)])

    def baseline_figures(self, name: str, pick: Callable[[Result], bool] = lambda _: True) -> tuple[Figure, ...]:
        """Give the retrieval figures of one baseline over the results that `pick` takes."""
        return figures_of([result.baselines[name] for result in self.results if pick(result)])


def evaluate(
    cases: Sequence[Case],
    subject: Subject,
    baselines: Sequence[Retriever] = (),
    made_with: Mapping[str, str] | None = None,
    progress: Callable[[], object] = lambda: None,
    plant: Plant | None = None,
    asking: Asking | None = None,
) -> Run:
    """Ask and score all cases. Those with documents of their own are asked, all together, where these are planted.

    Without `plant` such a case is asked of the library as it is, and told as stale. `asking` takes the place of
    `results_of` where another process helps. Figures are over all cases, in their order.
    """
    library = subject.library
    own = [case for case in cases if not (case.documents and plant)]
    asked = list((asking or results_of)(own, subject, progress))
    beside = {one.name: _ranked_by(one, own) for one in baselines}
    results = {result.case.id: _compared(result, beside) for result in asked}
    stale = list(stale_cases(own, library.texts))
    texts = dict(library.texts)
    planted = [case for case in cases if case.documents and plant]
    if planted and plant:
        with plant(sorted({name for case in planted for name in case.documents})) as changed:
            answered = results_of(planted, changed, progress)
            results |= {result.case.id: _compared(result, dict.fromkeys(beside, {})) for result in answered}
            stale += stale_cases(planted, changed.library.texts)
            texts |= changed.library.texts
    known = dict(made_with or {}) | {"corpus": corpus_hash(library.versions), "cases": _hash(map(repr, cases))}
    ordered = tuple(results[case.id] for case in cases)
    return Run(ordered, known, texts, tuple(stale), tuple(one.name for one in baselines))


def corpus_hash(versions: Mapping[str, str]) -> str:
    """One hash over all stored texts: equal hashes, equal texts."""
    return _hash(f"{source}:{version}" for source, version in sorted(versions.items()))


def code_hash(*folders: Path) -> str:
    """One hash over everything in the folders that decides over an answer or a figure; empty files count as well."""
    files = sorted((path, folder) for folder in folders for path in folder.rglob("*") if path.suffix in CODE)
    return _hash(
        f"{path.relative_to(folder.parent).as_posix()}:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path, folder in files
        if "cases" not in path.parts
    )


def _ranked_by(baseline: Retriever, cases: Sequence[Case]) -> dict[str, Sequence[Ranked]]:
    """What a baseline ranks for each case with facts: by its question, or by all turns of its conversation."""
    asked = [case for case in cases if case.facts]
    found = baseline.search_all([" ".join(case.turns) for case in asked])
    return {case.id: ranked for case, ranked in zip(asked, found, strict=True)}


def _compared(result: Result, beside: Mapping[str, Mapping[str, Sequence[Ranked]]]) -> Result:
    """The result with each baseline's figures; none for a case that the baseline could not look up."""
    found = {
        name: score_retrieval(result.case, result.places, by_case[result.case.id]) if result.case.id in by_case else {}
        for name, by_case in beside.items()
    }
    return replace(result, baselines=found)


def results_of(
    cases: Sequence[Case], subject: Subject, progress: Callable[[], object] = lambda: None
) -> Iterable[Result]:
    """Ask and score cases one after another."""
    folded = {source: Folded(text) for source, text in subject.library.texts.items()}
    for case in with_places(cases, subject.library.texts):
        yield _evaluate_one(case, subject, _places(case, folded))
        progress()


def _evaluate_one(case: Case, subject: Subject, places: Sequence[Place]) -> Result:
    assistant = subject.assistant
    history: tuple[Turn, ...] = ()
    for question in case.turns[:-1]:
        history = (*history, Turn(question, assistant.asked(question, history).answer.text))
    began = time.perf_counter()
    asked = assistant.asked(case.question, history)
    milliseconds = 1000 * (time.perf_counter() - began)
    # a referral looks up what the sources say of support, whatever was asked
    about = None if asked.answer.outcome is Outcome.REFERRAL else asked.evidence
    evidence = about
    if evidence is None and (case.facts or case.passages):  # not looked up, but there was something to find
        evidence = assistant.search(case.question, RETRIEVED, history)
    ranked = ranked_of(evidence) if evidence and (case.facts or case.passages) else ()
    score = score_answer(case, places, asked.answer, subject.library, _supported)
    values = {**score_retrieval(case, places, ranked), **score.values}
    return Result(
        case,
        asked.answer,
        None if about is None else asked.strength,
        ranked,
        tuple(places),
        Score(case.id, values, score.failures),
        {},
        milliseconds,
    )


def _supported(statement: str, quotes: Sequence[str]) -> bool:
    return support(statement, quotes).contained  # a sentence of a source: no wording to allow for


def ranked_of(evidence: Evidence) -> tuple[Ranked, ...]:
    """List the first passages of evidence in their order."""
    passages = (hit.passage for hit in evidence.hits[:RETRIEVED])
    return tuple(Ranked(passage.source, passage.start, passage.end, passage.text) for passage in passages)


def _places(case: Case, folded: Mapping[str, Folded]) -> tuple[Place, ...]:
    found = []
    for quotation in case.passages:
        span = folded[quotation.source].locate(quotation.quote) if quotation.source in folded else None
        if span is not None:
            found.append(Place(quotation.source, *span))
    return tuple(found)


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
