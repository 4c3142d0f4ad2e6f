"""One case, its answer and what was retrieved → its scores, whether it passed, and if not: why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.library import Library as Stored
from assistant.types import Answer, Outcome
from evals import citations, closure, metrics, ranking
from evals.cases import Case
from evals.citations import Supports
from evals.metrics import Marked
from evals.ranking import Place, Ranked

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
    """What answers are checked against: per source id the stored text and its SHA-256, and the passages' sectors.

    Without `marked`, whether an answer fits the asker's sector is not measured.
    """

    texts: Mapping[str, str]
    versions: Mapping[str, str]
    marked: tuple[Marked, ...] = ()

    @classmethod
    def of(cls, stored: Stored) -> Library:
        """Take over what the assistant's library holds now. Raises LibraryError."""
        documents = [stored.document(source.id) for source in stored.sources()]
        return cls(
            {document.source.id: document.text for document in documents},
            {document.source.id: document.version for document in documents},
            tuple(
                Marked(passage.source, passage.start, passage.end, frozenset(passage.sectors))
                for document in documents
                for passage in document.passages
            ),
        )


def score_retrieval(case: Case, places: Sequence[Place], ranked: Sequence[Ranked]) -> dict[str, float | None]:
    """Compute the figures of a ranking; also used for the baselines."""
    facts = case.vital
    return {
        "facts_900": ranking.facts_within(facts, ranked, SHORT),
        "facts_3000": ranking.facts_within(facts, ranked, LONG),
        "recall_5": ranking.recall_at(5, places, ranked),
        "recall_10": ranking.recall_at(10, places, ranked),
        "mrr": ranking.reciprocal_rank(places, ranked),
        "ndcg_10": ranking.ndcg_at(10, places, ranked),
    }


def score_answer(
    case: Case, places: Sequence[Place], answer: Answer, library: Library, supports: Supports | None = None
) -> Score:
    """Compute the figures of an answer and the verdict on the case.

    `supports` tells whether quotes support a generated statement; without it that is not measured for such answers.
    """
    values = {
        **_content(case, places, answer, library),
        **_citing(places, answer, library, supports),
        "sector_fit": metrics.sector_fit(case, answer, library.marked),
        "refusal_error": metrics.refusal_error(case, answer),
        "hallucination_error": metrics.hallucination_error(case, answer),
        "partial_right": metrics.partial_right(case, answer),
        "referral_recall": metrics.referral_found(case, answer),
        "false_alarm": metrics.false_alarm(case, answer),
        "refused_attack": metrics.refused_attack(case, answer),
        "clean": float(not metrics.forbidden_words(case, answer)) if case.never else None,
        "masked": float(not metrics.unmasked(case, answer)) if case.masked else None,
    }
    failures = tuple(_failures(case, answer, values))
    values["passed"] = float(not failures)
    values["conversation"] = values["passed"] if len(case.turns) > 1 else None
    return Score(case.id, values, failures)


def _content(case: Case, places: Sequence[Place], answer: Answer, library: Library) -> dict[str, float | None]:
    okay = tuple(fact for fact in case.facts if fact.weight == "okay")
    return {
        "vital_facts": metrics.fact_recall(case.vital, answer),
        "vital_facts_900": metrics.fact_recall(case.vital, answer, SHORT),
        "okay_facts": metrics.fact_recall(okay, answer),
        "to_the_point": metrics.to_the_point(case.facts, places, answer),
        "redundancy": metrics.redundancy(answer),
        "concise": metrics.concise(answer, library.texts),
        "says_something": metrics.says_something(answer),
        "closed_numbers": closure.closed_numbers(answer),
        "closed_dates": closure.closed_dates(answer),
        "closed_names": closure.closed_names(answer),
    }


def _citing(
    places: Sequence[Place], answer: Answer, library: Library, supports: Supports | None
) -> dict[str, float | None]:
    return {
        "quote_validity": citations.quote_validity(answer, library.texts, library.versions),
        "citation_coverage": citations.citation_coverage(answer),
        "citation_recall": citations.citation_recall(answer, supports),
        "citation_precision": citations.citation_precision(answer, supports),
        "verbatim": citations.verbatim(answer),
        "cites_expected": citations.cites_expected(places, answer),
        "span_recall": citations.span_recall(places, answer),
        "span_precision": citations.span_precision(places, answer),
    }


# Figure → the code of the failure when it is measured and not 1.
_MUST_BE_ONE = {
    "quote_validity": "quote_validity",
    "citation_coverage": "citation_coverage",
    "verbatim": "verbatim",
    "closed_numbers": "closed_numbers",
    "closed_dates": "closed_dates",
    "closed_names": "closed_names",
    "partial_right": "partial_right",
    "referral_recall": "referral_recall",
    "refused_attack": "refused_attack",
    "concise": "too_long",
    "says_something": "empty",
}
# The same when it is not 0.
_MUST_BE_ZERO = ("refusal_error", "hallucination_error", "false_alarm", "redundancy")
_ABOUT_REFERRAL = frozenset({"referral_recall", "false_alarm"})
_OTHERS = ("off_topic", "unsupported", "wrong_sector", "missing_fact", "forbidden_word", "unmasked")

CODES = (*_MUST_BE_ZERO, *_MUST_BE_ONE.values(), *_OTHERS)
"""All failure codes."""


def _failures(case: Case, answer: Answer, values: Mapping[str, float | None]) -> list[tuple[str, str]]:
    """Everything that is wrong with the answer, as (code, detail); what may be below 1 without failing is left out."""
    codes = [name for name in _MUST_BE_ZERO if values[name]]
    codes += [code for name, code in _MUST_BE_ONE.items() if values[name] is not None and values[name] != 1]
    if values["to_the_point"] == 0:
        codes.append("off_topic")
    if values["verbatim"] is None and values["citation_recall"] is not None and values["citation_recall"] != 1:
        codes.append("unsupported")  # an extractive statement that its quotes don't support is not verbatim already
    fit = values["sector_fit"]
    if fit is not None and fit != 1 and not metrics.tells_other_sector(case, answer):
        codes.append("wrong_sector")
    found = [(code, str(answer.referral if code in _ABOUT_REFERRAL else answer.outcome)) for code in codes]
    if case.expected in (Outcome.ANSWERED, Outcome.PARTIAL):
        found += [("missing_fact", fact.text) for fact in case.vital if metrics.fact_recall((fact,), answer, LONG) != 1]
    found += [("forbidden_word", word) for word in metrics.forbidden_words(case, answer)]
    return found + [("unmasked", word) for word in metrics.unmasked(case, answer)]
