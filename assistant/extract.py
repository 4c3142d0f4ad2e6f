"""Evidence → statements, verbatim: which sentences answer, in which order, and what of the question they leave open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant import dutch
from assistant.defining import SUBJECT, defines
from assistant.demands import Wanted, wanted
from assistant.privacy import Private
from assistant.ranking import CERTAIN, Candidate, helpful
from assistant.texts_nl import A_DESCRIPTION, ANSWER_SIGNS, LEANS_ON_PREVIOUS, MORE_ELSEWHERE
from assistant.types import Evidence, Outcome, Passage, Query, QuestionKind, Role, ScoredSentence, Term

# The shares, COVERAGE_BASE, FORM_BONUS and REPEATED were swept on the dev half of evals/cases (November 2026) by
# facts in the answer. Steep is FOLLOWING_SHARE (0.3 instead of 0.65: 2 to 5 points fewer); the rest lies within 3 points. The
# other bonuses and penalties are set by judgement. HELPFUL_FROM: assistant.ranking. On the same half, against a floor on
# worth of 0.6: vital facts .899 -> .894, statements to the point .726 -> .807, citations at expected places .690 -> .774.
MAX_STATEMENTS = 6
MAX_LIST_CHARACTERS = 1800  # a longer list is given by its lead-in and the item that was found
MAX_NEAREST = 3
MAX_JUDGED = 10
HELPFUL_FROM = 0.15  # chance from which a further statement is shown
HELPFUL_SHARE = 0.3  # and of the best one's chance
RELATIVE_FLOOR = 0.6  # where lines are gathered, a further one is worth at least this share of the first
OWN_FLOOR = 0.6  # and speaks of at least this share of what the first speaks of
DEFINED = frozenset({QuestionKind.DEFINITION, QuestionKind.WHO})  # "Wie zijn de kwetsbaren?" asks what they are
REPEATED = 0.7  # share of content words that two sentences have in common when they say the same
HEADING_SHARE = 0.7  # of a term in the heading, for the sentences below it
LEANING_SHARE = 0.8  # of a term in the sentence before, for one that leans on it ("Het gaat om ...")
FOLLOWING_SHARE = 0.7  # and for any other that follows in the same paragraph
COVERAGE_BASE = 0.45  # of a sentence's score; the rest follows how much of the question it speaks of itself
FORM_BONUS = 0.2  # for a sentence of the form that was asked for
NUMBER_BONUS = 0.5  # and for one with a number, where a number was asked for
LIST_BONUS = 0.3  # for a list of the source, where a list was asked for
DEFINITION_BONUS = 0.6  # for one that says what the subject it opens with is
QUESTION_PENALTY = 0.6  # a question of the source is seldom an answer, nor is a line that only announces one
SHOWN_PENALTY = 0.7  # and what the turn before was answered with
POINTER_PENALTY = 0.7  # as is a sentence that only sends the reader elsewhere
# The same half, 196 answerable and 36 unanswerable cases: at these two 6.6 % were refused and 8.3 % answered as if known.
ANSWERED_FROM = 0.55  # share of the question that one passage with its headings speaks of
PARTIAL_FROM = 0.35
NEAR_FROM = 0.25  # the same, for what is shown as "found beside it"
DEMAND_FROM = 0.4  # the same, for the sentence that gives the number or date that was asked for
AROUND_DISCOUNT = 0.8
OWN_DEMAND = 0.45  # and of what the sentence itself, with what it leans on, must speak
STRONG = 0.5  # presence of a term from which it counts as spoken of
UNSEEN = 0.7  # weight of a term that, if the library never speaks of it, leaves an answer partial
NEAR_ASKED = 0.5  # cosine from which a stored question may ask the same; evals.benchmarks.abstention


@dataclass(frozen=True, slots=True)
class Span:
    """A quote to be: characters of one passage."""

    passage: Passage
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What the answer will be made of: per statement its quotes; and what was found beside it.

    `strength`: the share of the question, 0 to 1, that the best passage speaks of: what abstention is decided from.
    """

    outcome: Outcome
    statements: tuple[tuple[Span, ...], ...]
    missing: tuple[str, ...]
    nearest: tuple[Span, ...]
    strength: float | None = None


def compose(evidence: Evidence, broad: bool = False) -> Draft:
    """Choose and order the sentences that answer the question, or tell that the sources do not.

    `broad`: all that is worth much on a subject, for who gathers lines on it, not only what likely helps with a question.
    """
    terms = evidence.query.terms
    ranked = sorted(candidates(evidence), key=lambda candidate: -candidate.worth)
    if not ranked or not terms:
        return Draft(Outcome.NO_EVIDENCE, (), _names(terms), ())
    want = wanted(evidence.query)
    outcome, missing = _judge(evidence, ranked, want)
    statements = _choose(evidence, ranked, want, broad) if outcome is not Outcome.NO_EVIDENCE else ()
    if want and want.demand.hedged and not any(want.demand.met_by(_shown(spans)) for spans in statements):
        outcome = Outcome.PARTIAL if statements else outcome
        missing = missing or (want.demand.name,)
    nearest = _nearest(evidence, ranked, statements) if outcome is not Outcome.ANSWERED else ()
    return Draft(outcome, statements, missing, nearest, max(candidate.around for candidate in ranked[:MAX_JUDGED]))


def candidates(evidence: Evidence) -> list[Candidate]:
    """All sentences, each seen with what stands above and before it: a continuation speaks of what it continues."""
    by_place = {(s.hit, s.sentence): s for s in evidence.sentences}
    return [_candidate(evidence, s, by_place.get((s.hit, s.sentence - 1))) for s in evidence.sentences]


def _candidate(evidence: Evidence, scored: ScoredSentence, before: ScoredSentence | None) -> Candidate:
    """A sentence's score, raised when it has the form that was asked for, lowered when it can't be an answer."""
    query = evidence.query
    passage = evidence.hits[scored.hit].passage
    sentence = passage.sentences[scored.sentence]
    text = dutch.normal(_text(passage, scored.sentence))
    present = [max(own, HEADING_SHARE * above) for own, above in zip(scored.present, scored.heading, strict=True)]
    score = scored.score
    if before is not None and passage.sentences[before.sentence].block == sentence.block:
        share = LEANING_SHARE if _leans(passage, scored.sentence) else FOLLOWING_SHARE
        present = [max(own, share * previous) for own, previous in zip(present, before.present, strict=True)]
        score = max(score, (1 - share) * score + share * before.score)
    own = _covered(query.terms, present)
    around = _covered(query.terms, tuple(map(max, scored.around, scored.present)))
    form = _form(query, text, sentence.role)
    worth = score * (COVERAGE_BASE + (1 - COVERAGE_BASE) * own) * form
    if query.shown and sentence.role is Role.SENTENCE and _text(passage, scored.sentence) in query.shown:
        worth *= SHOWN_PENALTY
    if query.kind is QuestionKind.LIST and sentence.role is not Role.SENTENCE:
        worth *= 1 + LIST_BONUS
    return Candidate(scored, worth, own, around, tuple(present), form, _leans(passage, scored.sentence))


def _form(query: Query, text: str, role: Role) -> float:
    """A factor for the form of a sentence: of the kind that was asked for, or one that seldom answers."""
    factor = 1.0
    pattern = ANSWER_SIGNS.get(str(query.kind))
    if pattern and re.search(pattern, text):
        factor *= 1 + (NUMBER_BONUS if query.kind is QuestionKind.NUMBER else FORM_BONUS)
    if query.kind in DEFINED:
        factor *= 1 + DEFINITION_BONUS * defines(query.terms, text)
    if text.rstrip("\"' ”)").endswith("?") or (role is Role.SENTENCE and text.endswith(":")):
        factor *= QUESTION_PENALTY
    if re.search(MORE_ELSEWHERE, text) and query.kind is not QuestionKind.TOOL:
        factor *= POINTER_PENALTY
    return factor


def _covered(terms: Sequence[Term], shares: Sequence[float]) -> float:
    """The share of a question that is spoken of, its terms weighed by rarity and importance."""
    weights = [term.weight * term.rarity for term in terms]
    return sum(w * share for w, share in zip(weights, shares, strict=True)) / max(sum(weights), 1e-6)


def _judge(evidence: Evidence, ranked: Sequence[Candidate], want: Wanted | None) -> tuple[Outcome, tuple[str, ...]]:
    """Decide from the best candidates: how much of the question one passage speaks of, and what none of them does."""
    terms = evidence.query.terms
    best = sorted(ranked[:MAX_JUDGED], key=lambda candidate: -candidate.around)
    spoken = [max(max(c.scored.around[n], c.scored.present[n]) for c in best) for n in range(len(terms))]
    missing = _names(t for t, share in zip(terms, spoken, strict=True) if share < STRONG and t.weight >= SUBJECT)
    covered = best[0].around
    if want is not None and not any(_gives(evidence, candidate, want) for candidate in best):
        nothing = covered < PARTIAL_FROM if want.demand.hedged else want.alone or covered < ANSWERED_FROM
        held_back = Outcome.NO_EVIDENCE if nothing else Outcome.PARTIAL
        return held_back, (want.demand.name, *missing)
    if covered >= PARTIAL_FROM and _undefined(evidence, best):
        return Outcome.PARTIAL, (A_DESCRIPTION, *missing)
    if covered >= ANSWERED_FROM and not any(not t.known and t.weight >= UNSEEN for t in terms):
        return Outcome.ANSWERED, ()
    if covered >= PARTIAL_FROM:
        return (Outcome.PARTIAL, missing) if missing else (Outcome.ANSWERED, ())
    return Outcome.NO_EVIDENCE, missing


def _undefined(evidence: Evidence, best: Sequence[Candidate]) -> bool:
    """Whether it is asked what one thing is, and nothing found says so: no sentence opens with it, no stored question is near.

    Of a document without stored questions this can't be told.
    """
    query = evidence.query
    if query.kind is not QuestionKind.DEFINITION or sum(term.weight >= SUBJECT for term in query.terms) != 1:
        return False
    near = max(candidate.scored.asked for candidate in best)
    texts = (dutch.normal(_text(evidence.hits[c.scored.hit].passage, c.scored.sentence)) for c in best)
    return 0 < near < NEAR_ASKED and not any(defines(query.terms, text) for text in texts)


def _gives(evidence: Evidence, candidate: Candidate, want: Wanted) -> bool:
    """Whether a sentence with what is demanded speaks of what was asked."""
    if want.demand.of_person and f"[{Private.NAME}]" in evidence.query.question:
        return False
    if max(candidate.own, candidate.around * AROUND_DISCOUNT) < DEMAND_FROM or candidate.own < OWN_DEMAND:
        return False
    passage = evidence.hits[candidate.scored.hit].passage
    spoken = dict(zip(evidence.query.terms, candidate.present, strict=True))
    return want.met_by(_text(passage, candidate.scored.sentence), passage.text, lambda term: spoken[term])


def _choose(
    evidence: Evidence, ranked: Sequence[Candidate], want: Wanted | None, broad: bool
) -> tuple[tuple[Span, ...], ...]:
    """The sentence that most likely helps and at most five more that likely do and say something new.

    Where nothing but a number, a date or the like is asked for, only sentences that give it.
    """
    if want is not None and want.alone and not (want.demand.loose or want.demand.hedged):
        ranked = [candidate for candidate in ranked if _gives(evidence, candidate, want)]
    chosen: list[tuple[Span, ...]] = []
    for candidate in _worthy(ranked) if broad else _likely(evidence, ranked):
        if len(chosen) == MAX_STATEMENTS:
            break
        passage = evidence.hits[candidate.scored.hit].passage
        spans = _spans(passage, candidate.scored.sentence, chosen)
        if spans and not _repeats(spans, chosen):
            chosen.append(spans)
    return _in_order(chosen)


def _worthy(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The candidates worth nearly as much as the first that speak of its subject, best first."""
    return [c for c in ranked if c.worth >= RELATIVE_FLOOR * ranked[0].worth and c.own >= OWN_FLOOR * ranked[0].own]


def _likely(evidence: Evidence, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The candidate that most likely helps and those that likely do, best first; what was shown before comes later."""
    found = []
    for candidate, chance in zip(ranked, helpful(evidence, ranked), strict=True):
        text = _text(evidence.hits[candidate.scored.hit].passage, candidate.scored.sentence)
        if candidate.scored.score >= CERTAIN:
            chance = 1.0
        elif evidence.query.kind in DEFINED and defines(evidence.query.terms, dutch.normal(text)) == 1.0:
            chance = (1 + chance) / 2  # what a thing is stands first where that is asked
        elif evidence.query.shown and text in evidence.query.shown:
            chance *= SHOWN_PENALTY
        if text.rstrip("\"' ”)").endswith("?"):
            chance *= QUESTION_PENALTY**2  # the trained chance knows the form of a question, not that it answers none
        found.append((candidate, float(chance)))
    found.sort(key=lambda one: -one[1])
    floor = max(HELPFUL_FROM, HELPFUL_SHARE * found[0][1]) if found else 0.0
    return [candidate for at, (candidate, chance) in enumerate(found) if at == 0 or chance >= floor]


def _in_order(chosen: Sequence[tuple[Span, ...]]) -> tuple[tuple[Span, ...], ...]:
    """By worth, but what follows directly on a statement in its source stands behind it."""
    ordered: list[tuple[Span, ...]] = []
    for spans in chosen:
        at = len(ordered)
        for place, other in enumerate(ordered):
            if _adjoins(other[-1], spans[0]):
                at = place + 1
        ordered.insert(at, spans)
    return tuple(ordered)


def _adjoins(first: Span, second: Span) -> bool:
    """Whether the second quote follows directly on the first."""
    return first.passage.id == second.passage.id and 0 <= second.start - first.end <= 2


def _spans(passage: Passage, number: int, shown: Sequence[tuple[Span, ...]] = ()) -> tuple[Span, ...]:
    """The quotes by which one sentence can be read on its own: with its list, or with the sentence it leans on.

    A sentence whose forerunner is shown already is given alone; it will stand behind it.
    """
    sentence = passage.sentences[number]
    if sentence.role is not Role.SENTENCE:
        return _list(passage, number)
    first = number
    while _leans(passage, first):
        before = passage.sentences[first - 1]
        if any(
            s.passage.id == passage.id and s.start < before.end and before.start < s.end
            for spans in shown
            for s in spans
        ):
            break
        first -= 1
    return (Span(passage, passage.sentences[first].start, sentence.end),)


def _leans(passage: Passage, number: int) -> bool:
    """Whether a sentence can't be read without the one before: it points back, or answers the source's own question."""
    if number == 0 or {passage.sentences[number].role, passage.sentences[number - 1].role} != {Role.SENTENCE}:
        return False
    before = _text(passage, number - 1).rstrip("\"'”’ )")
    same = passage.sentences[number].block == passage.sentences[number - 1].block
    return (same and before.endswith("?")) or re.search(
        LEANS_ON_PREVIOUS, dutch.normal(_text(passage, number))
    ) is not None


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


def _nearest(evidence: Evidence, ranked: Sequence[Candidate], shown: Sequence[tuple[Span, ...]]) -> tuple[Span, ...]:
    found = list(shown)
    for candidate in ranked:
        if candidate.around < NEAR_FROM:
            continue
        spans = _spans(evidence.hits[candidate.scored.hit].passage, candidate.scored.sentence)
        if spans and not _repeats(spans, found):
            found.append(spans)
        if len(found) == len(shown) + MAX_NEAREST:
            break
    return tuple(spans[-1] for spans in found[len(shown) :])


def _words(spans: tuple[Span, ...]) -> set[str]:
    return {dutch.keys(word)[-1] for word in dutch.content_words(_shown(spans))}


def _shown(spans: tuple[Span, ...]) -> str:
    return " ".join(s.passage.text[s.start - s.passage.start : s.end - s.passage.start] for s in spans)


def _text(passage: Passage, number: int) -> str:
    sentence = passage.sentences[number]
    return passage.text[sentence.start - passage.start : sentence.end - passage.start]


def _names(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(term.word for term in terms)
