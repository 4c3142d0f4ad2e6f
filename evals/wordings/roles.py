"""Whether two sentences with the same words give them the same roles, as far as order, prepositions and voice tell."""

from __future__ import annotations

from collections.abc import Sequence

from evals.wordings.inflection import is_verb, lemma
from evals.wordings.sentence import FREE, PREPOSITIONS, Reading, Sentence, Token, Unit, count_of

_PASSIVE = frozenset("wordt worden werd werden geworden word".split())
ARTICLES = frozenset("de het een".split())
_COPULA = frozenset("is zijn was waren wordt worden blijft blijven bent ben".split())
_SAME_PREPOSITION = ({"in", "op", "binnen", "bij"}, {"over", "rond", "rondom"}, {"van", "voor"})
_PERSONS = frozenset(
    """
    =leerling =leraar =docent =ouder =kind =student =jongere =jong:er =meisje =jongen =collega =mentor =leerkracht
    =klasgenoot =schoolleider =team =directeur =begeleider =professional =adviseur =volwassene =medewerker
    """.split()
)
_MOVES = frozenset(
    """
    elk elke ieder iedere jaar dag week maand keer ochtend middag avond schooljaar
    maandag dinsdag woensdag donderdag vrijdag jaarlijks wekelijks dagelijks samen altijd vaak soms tijdig vroeg vroegtijdig
    snel
    """.split()
)


def same_roles(sentence: Sentence, reading: Reading, chosen: Sequence[tuple[int, int]]) -> bool:
    """Whether who does what to whom is the same, as far as word order, prepositions and the passive tell."""
    units = [n for n, unit in enumerate(reading.units) if not movable(reading.sentence, unit)]
    there = {n: _anchor(reading.sentence.tokens, reading.units[n].start) for n in units}
    here = {n: _anchor(sentence.tokens, chosen[n][0]) for n in units}
    low, high = min(start for start, _ in chosen), max(end for _, end in chosen)
    if any(there[n] and here[n] and not _alike(there[n], here[n]) for n in units):
        return False
    if len(reading.units) == 1 and any(there[n] and not _alike(there[n], here[n]) for n in units):
        return False
    swapped = [(a, b) for i, a in enumerate(units) for b in units[i + 1 :] if chosen[a][0] > chosen[b][0]]
    verbs = len(units) < len(reading.units)
    agents = {n for n in units if (there[n] == "door") != (here[n] == "door")}
    passive = count_of(sentence.tokens[max(0, low - 3) : high + 2], _PASSIVE) > 0
    if agents and verbs:
        if passive and count_of(reading.sentence.tokens, _PASSIVE):
            return False
        return len(units) == 1 or (bool(swapped) and all(a in agents or b in agents for a, b in swapped))
    if passive != (count_of(reading.sentence.tokens, _PASSIVE) > 0) and not _voice_apart(reading, units):
        return False
    return all(_may_swap(sentence, reading, chosen, (a, b), here, there) for a, b in swapped)


def _voice_apart(reading: Reading, units: Sequence[int]) -> bool:
    """Whether active or passive makes no difference: no person is meant, or one that a bare infinitive acts on."""
    verbs = [unit for n, unit in enumerate(reading.units) if n not in units]
    people = [reading.units[n] for n in units if reading.units[n].forms & _PERSONS]
    words = [token.word for token in reading.sentence.tokens]
    return (
        not people
        or not verbs
        or all(
            words[verb.start].endswith("en")
            and (person.end < verb.start or lemma(words[person.start]) == words[person.start])
            for person in people[:1]
            for verb in verbs[-1:]
        )
    )


def movable(sentence: Sentence, unit: Unit) -> bool:
    """Whether a unit of a wording is a verb or adverb, which Dutch puts first, second or last."""
    words = [sentence.tokens[at].word for at in (unit.start, unit.end - 1)]
    return any(is_verb(word) for word in words) or words[0] in _MOVES


def _may_swap(
    sentence: Sentence,
    reading: Reading,
    chosen: Sequence[tuple[int, int]],
    pair: tuple[int, int],
    here: dict[int, str | None],
    there: dict[int, str | None],
) -> bool:
    """Whether two words may stand the other way round: an adjunct, list items, "goede zorg" as "de zorg is goed"."""
    first, second = (reading.units[n] for n in pair)
    if any(here[n] is not None and here[n] == there[n] for n in pair):
        return True
    before = [t.word for t in reading.sentence.tokens[first.end : second.start]]
    between = range(chosen[pair[1]][1], chosen[pair[0]][0])
    after = [sentence.tokens[at].word for at in between]
    joined = {"en", "of"}
    said = {at for start, end in chosen for at in range(start, end)}
    loose = [at for at in between if at not in said and sentence.tokens[at].word not in joined]
    predicate = [sentence.tokens[at].word for at in loose]
    if sum(word in _COPULA for word in predicate) == 1 and all(word in FREE - ARTICLES for word in predicate):
        there_units = {at for unit in reading.units for at in range(unit.start, unit.end)}
        return all(
            at in there_units or t.word in joined
            for at, t in enumerate(reading.sentence.tokens)
            if first.end <= at < second.start
        )
    return bool(joined & {*before} and joined & {*after})


def _alike(a: str | None, b: str | None) -> bool:
    return a == b or any({a, b} <= group for group in _SAME_PREPOSITION)


def _anchor(tokens: Sequence[Token], at: int) -> str | None:
    """Find the preposition that a word depends on, None without one."""
    for before in range(at - 1, max(-1, at - 6), -1):
        token = tokens[before]
        if token.word in PREPOSITIONS:
            return token.word
        if token.clause != tokens[at].clause or is_verb(token.word):
            return None
        follows = tokens[before + 1].word
        if token.word not in FREE and follows not in ("en", "of") and not token.word.endswith("e"):
            return None
    return None
