"""Evidence → statements, verbatim: which sentences answer, in which order, and what of the question they leave open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import dutch
from assistant.texts_nl import ANSWER_SIGNS, LEANS_ON_PREVIOUS, MORE_ELSEWHERE
from assistant.types import Evidence, Outcome, Passage, QuestionKind, Role, ScoredSentence, Term

MAX_STATEMENTS = 6
MAX_LIST_CHARACTERS = 1800  # a longer list is given by its lead-in and the item that was found
MAX_NEAREST = 3
RELATIVE_FLOOR = 0.62  # a further statement scores at least this share of the first
REPEATED = 0.6  # share of content words that two sentences have in common when they say the same
FORM_BONUS = 0.12  # for a sentence of the form that was asked for
QUESTION_PENALTY = 0.6  # a question of the source is seldom an answer
POINTER_PENALTY = 0.7  # as is a sentence that only sends the reader elsewhere
ANSWERED_FROM = 0.62  # share of the question's weight that the answer's passages speak of
PARTIAL_FROM = 0.42
STRONG = 0.5  # presence of a term from which it counts as spoken of

# kinds of question whose answer must contain something of that form
DEMANDING = frozenset({QuestionKind.NUMBER, QuestionKind.WHEN})


@dataclass(frozen=True, slots=True)
class Span:
    """A quote to be: characters of one passage."""

    passage: Passage
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What the answer will be made of: per statement its quotes; and what was found beside it."""

    outcome: Outcome
    statements: tuple[tuple[Span, ...], ...]
    missing: tuple[str, ...]
    nearest: tuple[Span, ...]


def compose(evidence: Evidence) -> Draft:
    """Choose and order the sentences that answer the question, or tell that the sources do not."""
    ranked = sorted(((_worth(evidence, s), s) for s in evidence.sentences), key=lambda pair: -pair[0])
    if not ranked or not evidence.query.terms:
        return Draft(Outcome.NO_EVIDENCE, (), _names(evidence.query.terms), ())
    outcome, missing = _judge(evidence, ranked)
    if outcome is Outcome.NO_EVIDENCE:
        return Draft(outcome, (), missing, _nearest(evidence, ranked))
    statements = _choose(evidence, ranked)
    nearest = _nearest(evidence, ranked) if outcome is Outcome.PARTIAL else ()
    return Draft(outcome, statements, missing, nearest)


def _worth(evidence: Evidence, scored: ScoredSentence) -> float:
    """A sentence's score, raised when it has the form that was asked for, lowered when it can't be an answer."""
    passage = evidence.hits[scored.hit].passage
    text = dutch.normal(_text(passage, scored.sentence))
    worth = scored.score
    pattern = ANSWER_SIGNS.get(str(evidence.query.kind))
    if pattern and re.search(pattern, text):
        worth *= 1 + FORM_BONUS
    if text.rstrip("\"' ”)").endswith("?"):
        worth *= QUESTION_PENALTY
    if re.search(MORE_ELSEWHERE, text) and evidence.query.kind is not QuestionKind.TOOL:
        worth *= POINTER_PENALTY
    return worth


def _judge(evidence: Evidence, ranked: Sequence[tuple[float, ScoredSentence]]) -> tuple[Outcome, tuple[str, ...]]:
    """How much of the question the best sentences' surroundings speak of, weighed by how rare each term is."""
    terms = evidence.query.terms
    weights = [term.weight * term.rarity for term in terms]
    best = [scored for _, scored in ranked[:MAX_STATEMENTS]]
    spoken = [max(max(s.around[n], s.present[n]) for s in best) for n in range(len(terms))]
    covered = sum(w * share for w, share in zip(weights, spoken, strict=True)) / max(sum(weights), 1e-6)
    missing = _names(t for t, share in zip(terms, spoken, strict=True) if share < STRONG and t.weight >= 1)
    if evidence.query.kind in DEMANDING and not _has_form(evidence, best):
        return Outcome.NO_EVIDENCE, missing
    if covered >= ANSWERED_FROM:
        return Outcome.ANSWERED, ()
    if covered >= PARTIAL_FROM and missing:
        return Outcome.PARTIAL, missing
    return (Outcome.ANSWERED, ()) if covered >= PARTIAL_FROM else (Outcome.NO_EVIDENCE, missing)


def _has_form(evidence: Evidence, best: Sequence[ScoredSentence]) -> bool:
    pattern = ANSWER_SIGNS[str(evidence.query.kind)]
    return any(re.search(pattern, dutch.normal(_text(evidence.hits[s.hit].passage, s.sentence))) for s in best)


def _choose(
    evidence: Evidence, ranked: Sequence[tuple[float, ScoredSentence]]
) -> tuple[tuple[Span, ...], ...]:
    floor = ranked[0][0] * RELATIVE_FLOOR
    chosen: list[tuple[Span, ...]] = []
    for worth, scored in ranked:
        if worth < floor or len(chosen) == MAX_STATEMENTS:
            break
        passage = evidence.hits[scored.hit].passage
        spans = _spans(passage, scored.sentence)
        if spans and not _repeats(spans, chosen):
            chosen.append(spans)
    return tuple(chosen)


def _spans(passage: Passage, number: int) -> tuple[Span, ...]:
    """The quotes by which one sentence can be read on its own: with its list, or with the sentence it leans on."""
    sentence = passage.sentences[number]
    if sentence.role is not Role.SENTENCE:
        return _list(passage, number)
    first = number
    while first > 0 and re.match(LEANS_ON_PREVIOUS, dutch.normal(_text(passage, first))):
        if passage.sentences[first - 1].role is not Role.SENTENCE:
            break
        first -= 1
    return (Span(passage, passage.sentences[first].start, sentence.end),)


def _list(passage: Passage, number: int) -> tuple[Span, ...]:
    """A list whole, in its order, with the line that introduces it; of a very long one the lead-in and the item."""
    block = [s for s in passage.sentences if s.block == passage.sentences[number].block]
    if block[-1].end - block[0].start <= MAX_LIST_CHARACTERS:
        return (Span(passage, block[0].start, block[-1].end),)
    item = passage.sentences[number]
    if item.role is Role.LEAD_IN or block[0].role is not Role.LEAD_IN:
        return (Span(passage, item.start, item.end),)
    return Span(passage, block[0].start, block[0].end), Span(passage, item.start, item.end)


def _repeats(spans: tuple[Span, ...], chosen: Sequence[tuple[Span, ...]]) -> bool:
    """Whether these quotes overlap with, or say the same as, quotes chosen before."""
    words = _words(spans)
    for other in chosen:
        for a in spans:
            if any(a.passage.source == b.passage.source and a.start < b.end and b.start < a.end for b in other):
                return True
        known = _words(other)
        if words and len(words & known) / min(len(words), len(known) or 1) >= REPEATED:
            return True
    return False


def _nearest(evidence: Evidence, ranked: Sequence[tuple[float, ScoredSentence]]) -> tuple[Span, ...]:
    found: list[tuple[Span, ...]] = []
    for _, scored in ranked:
        spans = _spans(evidence.hits[scored.hit].passage, scored.sentence)
        if spans and not _repeats(spans, found):
            found.append(spans)
        if len(found) == MAX_NEAREST:
            break
    return tuple(spans[-1] for spans in found)


def _words(spans: tuple[Span, ...]) -> set[str]:
    text = " ".join(s.passage.text[s.start - s.passage.start : s.end - s.passage.start] for s in spans)
    return {dutch.keys(word)[-1] for word in dutch.content_words(text)}


def _text(passage: Passage, number: int) -> str:
    sentence = passage.sentences[number]
    return passage.text[sentence.start - passage.start : sentence.end - passage.start]


def _names(terms: Sequence[Term] | object) -> tuple[str, ...]:
    return tuple(term.word for term in terms)  # type: ignore[attr-defined]
