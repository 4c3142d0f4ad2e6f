"""Whether one sentence says a wording in other forms: all its words, near each other, and nothing that turns it around."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise

from evals.wordings.inflection import is_verb
from evals.wordings.roles import ARTICLES, movable, same_roles
from evals.wordings.sentence import (
    FREE,
    NEGATIONS,
    PREPOSITIONS,
    Reading,
    Sentence,
    Unit,
    count_of,
    open_compounds,
    sentences,
)

SLACK = 7
"""Tokens that the place in the text may be longer than the wording; judged on the dev pairs of the benchmark."""
EXTRAS = 3
"""Words of content among them, at most; judged likewise."""
_TRIES = 200
_BEFORE, _AFTER = 6, 4
"""Words before and after a place in which what undoes it ("voorkomt dat …", "… te voorkomen") is looked for."""
_BESIDE = 3
"""Words within which a degree stands by the word it stands beside in the wording."""
# Dictionary forms that have to stand on both sides or on neither: how much, how often, and what undoes the rest.
_DEGREES = frozenset(
    """
    =meer =minder =meest =minst =weinig =zelden =vaker =vaak:er =hoog:er =laag:er =beter =slecht:er =sommige =enkel
    =verminderen =afnemen =dalen =verlagen =bijna =hoogst =hoogstens =minstens =maximaal =minimaal =half
    =groot:er =klein:er =nieuw:er =toenemen =willen =mogen =hoeven
    =stijgen =tegen =buiten =behalve =ondanks =na =vervangen =slechts =uitsluitend
    """.split()
)
_UNDOES = frozenset(
    """
    =gebrek =tekort =voorkomen =vermijden =stoppen =weigeren =ontbreken =tegengaan =afzien =verbieden =gestopt
    =verboden =misschien =vroeger =verhinderen =ophouden =afschaffen
    =afname =daling =vermindering =verlaging
    """.split()
)
_EITHER = "of"
_THAN = frozenset({"dan"})


def states(text: str, wording: str) -> bool:
    """Whether one sentence of the text says the wording in other forms or another order."""
    readings = _readings(wording)
    if not readings:
        return False
    here = _vocabulary(text)
    readings = tuple(r for r in readings if not any(here.isdisjoint(unit.forms) for unit in r.units))
    return bool(readings) and any(
        _agrees(sentence, reading)
        for sentence in sentences(text)
        for reading in readings
        if sentence.asks == reading.sentence.asks
        and not any(sentence.places.keys().isdisjoint(u.forms) for u in reading.units)
    )


@lru_cache(maxsize=16384)
def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(form for sentence in sentences(text) for form in sentence.places)


@lru_cache(maxsize=8192)
def _readings(wording: str) -> tuple[Reading, ...]:
    """Ways to cut a wording into units: word by word, and with one pair of words as a compound. () over sentences."""
    read = sentences(wording)
    if len(read) != 1:
        return ()
    units = tuple(sorted(_units(read[0]), key=lambda unit: unit.start))
    if not units:
        return ()
    found = [Reading(read[0], units)]
    for start, end, form in open_compounds(read[0].tokens):
        rest = [unit for unit in units if unit.start < start or unit.end > end]
        if len(units) - len(rest) == 2:
            merged = sorted([*rest, Unit(start, end, frozenset({form}))], key=lambda unit: unit.start)
            found.append(Reading(read[0], tuple(merged)))
    return tuple(found)


def _units(sentence: Sentence) -> Iterator[Unit]:
    """Every word that binds, separated verbs as one."""
    taken: set[int] = set()
    forms_at: dict[tuple[int, int], set[str]] = {}
    for form, places in sentence.places.items():
        for place in places:
            if form.startswith(("=", "#")) or place[1] - place[0] == 1:
                forms_at.setdefault(place, set()).add(form)
    for (start, end), forms in forms_at.items():
        if end - start > 1:
            taken.update((start, end - 1))
            yield Unit(start, end, frozenset(forms))
    for (start, end), forms in forms_at.items():
        token = sentence.tokens[start]
        if end - start == 1 and start not in taken and token.word not in FREE and token.word not in NEGATIONS:
            yield Unit(start, end, frozenset(forms), token.word if token.name else None)


def _agrees(sentence: Sentence, reading: Reading) -> bool:
    limit = len(reading.sentence.tokens) + SLACK
    options = [_options(sentence, unit) for unit in reading.units]
    if not all(options):
        return False
    return any(_same(sentence, reading, chosen) for chosen in islice(_choices(options, limit), _TRIES))


def _options(sentence: Sentence, unit: Unit) -> list[tuple[int, int]]:
    found = {place for form in unit.forms for place in sentence.places.get(form, ())}
    if unit.exact is not None:
        found = {
            place for place in found if sentence.tokens[place[0]].word.removesuffix("s") == unit.exact.removesuffix("s")
        }
    return sorted(found)


def _choices(options: Sequence[list[tuple[int, int]]], limit: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Ways to give each unit a place of its own within `limit` tokens."""

    def extend(chosen: tuple[tuple[int, int], ...], low: int, high: int) -> Iterator[tuple[tuple[int, int], ...]]:
        if len(chosen) == len(options):
            yield chosen
            return
        for place in options[len(chosen)]:
            first, last = min(low, place[0]), max(high, place[1])
            if last - first <= limit and not any(_collide(place, other) for other in chosen):
                yield from extend((*chosen, place), first, last)

    yield from extend((), 10**9, -1)


def _collide(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two places use one token: separated verbs use their two ends only."""
    return bool({a[0], a[1] - 1} & {b[0], b[1] - 1})


def _same(sentence: Sentence, reading: Reading, chosen: Sequence[tuple[int, int]]) -> bool:
    """Whether the chosen places say what the wording says."""
    low, high = min(start for start, _ in chosen), max(end for _, end in chosen)
    window, whole = sentence.tokens[low:high], reading.sentence.tokens
    if window[-1].clause - window[0].clause > whole[-1].clause - whole[0].clause:
        return False
    used = {at for start, end in chosen for at in ({*range(start, end)} if end - start < 5 else {start, end - 1})}
    extras = [
        t for at, t in enumerate(window, low) if at not in used and t.word not in FREE and t.word not in NEGATIONS
    ]
    if len(extras) > EXTRAS or any(token.word[0].isdigit() for token in extras):
        return False
    around = [t for t in sentence.tokens if window[0].turn <= t.turn <= window[-1].turn]
    return (
        count_of(around, NEGATIONS) == count_of(whole, NEGATIONS)
        and _tally(sentence, low - 1, high + 1, _DEGREES) == _tally(reading.sentence, 0, len(whole), _DEGREES)
        and _tally(sentence, low - _BEFORE, high + _AFTER, _UNDOES) == _tally(reading.sentence, 0, len(whole), _UNDOES)
        and (_EITHER in {t.word for t in window}) == (_EITHER in {t.word for t in whole})
        and _denies_alike(sentence, reading, chosen)
        and (_DEGREES.isdisjoint(reading.sentence.places) or count_of(window, _THAN) == count_of(whole, _THAN))
        and _stays_together(sentence, reading, chosen)
        and same_roles(sentence, reading, chosen)
    )


def _tally(sentence: Sentence, low: int, high: int, forms: frozenset[str]) -> Counter[str]:
    return Counter(
        form
        for form in forms & sentence.places.keys()
        for start, end in sentence.places[form]
        if low <= start and end <= high
    )


def _denies_alike(sentence: Sentence, reading: Reading, chosen: Sequence[tuple[int, int]]) -> bool:
    """Whether each negation of the wording stands beside one of the words that it stands beside there."""
    for at, token in enumerate(reading.sentence.tokens):
        if token.word not in NEGATIONS:
            continue
        order = sorted(
            range(len(chosen)), key=lambda n: min(abs(reading.units[n].start - at), abs(reading.units[n].end - 1 - at))
        )
        near = {at for n in order[:2] for at in (chosen[n][0], chosen[n][1] - 1)}
        denied = [n for n, other in enumerate(sentence.tokens) if other.word in NEGATIONS]
        if not any(abs(n - place) <= 2 for n in denied for place in near):
            return False
    return True


def _stays_together(sentence: Sentence, reading: Reading, chosen: Sequence[tuple[int, int]]) -> bool:
    """Whether words side by side, as an adjective and its noun, are not parted by a verb or preposition.

    A wording of figures alone has to stand there word for word: a year is the year of something. Around a single word
    the wording's small words have to stand as well.
    """
    whole = [token.word for token in reading.sentence.tokens]
    if all(unit.end - unit.start == 1 and whole[unit.start][0].isdigit() for unit in reading.units):
        first = chosen[0][0] - reading.units[0].start
        return [token.word for token in sentence.tokens[max(0, first) : max(0, first) + len(whole)]] == whole
    if len(reading.units) == 1:
        near = {token.word for token in sentence.tokens[max(0, chosen[0][0] - _BESIDE) : chosen[0][1] + _BESIDE]}
        loose = (whole[at] for at in range(len(whole)) if not reading.units[0].start <= at < reading.units[0].end)
        return all(word in near or word in ARTICLES for word in loose)
    for (one, here), (other, there) in pairwise(zip(reading.units, chosen, strict=True)):
        if one.end != other.start:
            continue
        if (one.forms | other.forms) & _DEGREES and min(
            abs(a - b) for a in (here[0], here[1] - 1) for b in (there[0], there[1] - 1)
        ) > _BESIDE:
            return False
        if here[1] > there[0] or movable(reading.sentence, one) or movable(reading.sentence, other):
            continue
        if any(t.word in PREPOSITIONS or is_verb(t.word) for t in sentence.tokens[here[1] : there[0]]):
            return False
    return True
