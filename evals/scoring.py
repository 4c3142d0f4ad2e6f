"""One case, its answer and what was retrieved → its scores, whether it passed, and if not: why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.types import Answer, Outcome
from evals import metrics
from evals.cases import Case
from evals.metrics import Place, Ranked

SHORT = 900
LONG = 3000
"""Characters of ranked passages in which the facts must stand: what fits one screen, and one prompt."""


@dataclass(frozen=True, slots=True)
class Score:
    """Everything measured on one case: figure name → value or None (not measured); `failures` are (code, detail)."""

    case: str
    values: Mapping[str, float | None]
    failures: tuple[tuple[str, str], ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong with the answer."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class Library:
    """The stored texts that quotes are checked against: per source id the text and its SHA-256."""

    texts: Mapping[str, str]
    versions: Mapping[str, str]


def score_retrieval(case: Case, places: Sequence[Place], ranked: Sequence[Ranked]) -> dict[str, float | None]:
    """Compute the figures of a ranking; also used for the baselines."""
    facts = case.vital
    return {
        "facts_900": metrics.facts_within(facts, ranked, SHORT),
        "facts_3000": metrics.facts_within(facts, ranked, LONG),
        "recall_5": metrics.recall_at(5, places, ranked),
        "recall_10": metrics.recall_at(10, places, ranked),
        "mrr": metrics.reciprocal_rank(places, ranked),
        "ndcg_10": metrics.ndcg_at(10, places, ranked),
    }


def score_answer(case: Case, places: Sequence[Place], answer: Answer, library: Library) -> Score:
    """Compute the figures of an answer and the verdict on the case."""
    okay = tuple(fact for fact in case.facts if fact.weight == "okay")
    short = metrics.fact_recall(case.vital, answer, SHORT)
    values: dict[str, float | None] = {
        "vital_facts": metrics.fact_recall(case.vital, answer),
        "vital_facts_900": short,
        "okay_facts": metrics.fact_recall(okay, answer),
        "quote_validity": metrics.quote_validity(answer, library.texts, library.versions),
        "citation_coverage": metrics.citation_coverage(answer),
        "verbatim": metrics.verbatim(answer),
        "closed_numbers": metrics.closed_numbers(answer),
        "cites_expected": metrics.cites_expected(places, answer),
        "refusal_error": metrics.refusal_error(case, answer),
        "hallucination_error": metrics.hallucination_error(case, answer),
        "partial_right": metrics.partial_right(case, answer),
        "referral_recall": metrics.referral_found(case, answer),
        "false_alarm": metrics.false_alarm(case, answer),
        "refused_attack": metrics.refused_attack(case, answer),
        "clean": float(not metrics.forbidden_words(case, answer)) if case.never or case.masked else None,
    }
    failures = tuple(_failures(case, answer, values))
    values["passed"] = float(not failures)
    values["conversation"] = values["passed"] if len(case.turns) > 1 else None
    return Score(case.id, values, failures)


_MUST_BE_ONE = ("quote_validity", "citation_coverage", "verbatim", "closed_numbers", "partial_right", "refused_attack")


def _failures(case: Case, answer: Answer, values: Mapping[str, float | None]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if values["refusal_error"] == 1:
        found.append(("refusal_error", str(answer.outcome)))
    if values["hallucination_error"] == 1:
        found.append(("hallucination_error", str(answer.outcome)))
    if values["referral_recall"] == 0:
        found.append(("referral_recall", str(answer.referral)))
    if values["false_alarm"] == 1:
        found.append(("false_alarm", str(answer.referral)))
    if case.expected in (Outcome.ANSWERED, Outcome.PARTIAL):
        found += [("missing_fact", fact.text) for fact in case.vital if metrics.fact_recall((fact,), answer, LONG) != 1]
    found += [("forbidden_word", word) for word in metrics.forbidden_words(case, answer)]
    found += [(name, str(answer.outcome)) for name in _MUST_BE_ONE if values[name] is not None and values[name] != 1]
    return found
