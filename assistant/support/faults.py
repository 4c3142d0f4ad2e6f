"""What may not differ between a claim and the evidence it is laid on; each check says whether it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from assistant.support.alignment import Alignment
from assistant.support.bindings import kind_of, kinds_of, objects_of, rebound
from assistant.support.clauses import Reading, Token
from assistant.support.modality import otherwise_sure
from assistant.support.opposites import opposites
from assistant.support.polarity import only_lost, reworded

KEPT = 1 / 3  # of a condition's words: fewer in the claim, and it is left out
HALF = 0.5
DENIED = 0.5  # of the words that a negation of the claim bears on: fewer denied in the evidence, and it denies something else
REACH = 2  # words behind "van" in which stands what a number is of


class Fault(StrEnum):
    """Why a claim goes further than its evidence."""

    FIGURE = "figure"
    NAME = "name"
    NEGATION = "negation"
    QUANTITY = "quantity"
    MODALITY = "modality"
    BINDING = "binding"
    CONDITION = "condition"
    SUBJECT = "subject"
    EXACT = "exact"
    POLARITY = "polarity"
    MISSING = "missing"


# What is never a matter of wording: one of these strikes a claim whatever else speaks for it.
HARD = frozenset({Fault.FIGURE, Fault.NAME, Fault.NEGATION, Fault.EXACT})


def faults(alignment: Alignment, light: float) -> Iterator[Fault]:
    """Every fault once; a missing word lighter than `light` is none."""
    if any(token.weight >= light for token in alignment.missing):
        yield Fault.MISSING
    yield from (fault for fault, found in _CHECKS.items() if found(alignment))


def _figure(a: Alignment) -> bool:
    """A number of the claim that the evidence has not, or has of something else."""
    numbers = a.evidence.numbers | ({"1"} if any(t.word == "een" for t in a.evidence.tokens) else set())
    if not a.claim.numbers <= numbers:
        return True
    counted = {after.at: token.number for token, after in _counted(a.evidence)}
    for token, after in _counted(a.claim):
        place = a.place(after.at)
        other = place in counted and counted[place] != token.number and token.number not in _same_counted(a, place)
        if other and not _points_back(a):
            return True
    return _shared_out(a) or _elsewhere(a) or _exchanged(_led(a.claim), _led(a.evidence))


def _shared_out(a: Alignment) -> bool:
    """A number said of another part ("12% van de jongens en 28% van de meisjes")."""
    parts = opposites().parts
    theirs: dict[int, set[str | None]] = {}
    for token, part in _parts(a.evidence, parts):
        theirs.setdefault(part.at, set()).add(token.number)
    for token, part in _parts(a.claim, parts):
        place = a.place(part.at)
        keys = set(a.evidence.tokens[place].keys) if place is not None else set()
        same = [numbers for at, numbers in theirs.items() if at == place or keys & set(a.evidence.tokens[at].keys)]
        if place in theirs and not any(token.number in numbers for numbers in same) and not _points_back(a):
            return True
    return False


def _elsewhere(a: Alignment) -> bool:
    """A number of another sentence than the member of a group it is said of ("in het po 7%. In het vo is dat 9%.")."""
    theirs = a.evidence
    sentence_of = [clause.sentence for clause in theirs.clauses]
    kinds: dict[int, set[tuple[int, int]]] = {n: set() for n in sentence_of}
    for token in theirs.content:
        if kind := kind_of(token):
            kinds[sentence_of[token.clause]].add(kind)
    for number in a.claim.tokens:
        homes = {sentence_of[t.clause] for t in theirs.tokens if t.number is not None and t.number == number.number}
        if len(homes) != 1 or not theirs.clauses[-1].sentence:
            continue
        here = kinds[homes.pop()]
        said = {k for t in a.claim.content if t.clause == number.clause and (k := kind_of(t))}
        others = {k for group in kinds.values() for k in group} - here
        at_home = {kind[0] for kind in here} - {kind[0] for kind in said & here}
        if any(kind[0] in at_home for kind in said & others):
            return True
    return False


def _points_back(a: Alignment) -> bool:
    """Whether the numbers stand in a sentence of the evidence that says the rest by pointing back ("daar is dat 7%")."""
    said = [t.clause for t in a.evidence.tokens if t.number is not None and t.number in a.claim.numbers]
    return bool(said) and all(a.evidence.clauses[clause].refers for clause in said)


def _parts(reading: Reading, words: frozenset[str]) -> Iterator[tuple[Token, Token]]:
    """A number and the content word that a word like "van" gives it, in the same clause or the one cut off after it."""
    for at, token in enumerate(reading.tokens[:-2]):
        if token.number is not None and reading.tokens[at + 1].word in words:
            after = reading.tokens[at + 2 : at + 2 + REACH]
            part = next((t for t in after if t.content), None)
            if part is not None:
                yield token, part


def _counted(reading: Reading) -> Iterator[tuple[Token, Token]]:
    """A number and the content word right after it."""
    for token, after in zip(reading.tokens, reading.tokens[1:], strict=False):
        if token.number is not None and after.content:
            yield token, after


def _same_counted(a: Alignment, place: int) -> set[str | None]:
    keys = set(a.evidence.tokens[place].keys)
    return {token.number for token, after in _counted(a.evidence) if keys & set(after.keys)}


def _led(reading: Reading) -> set[tuple[str, str]]:
    pairs = zip(reading.tokens, reading.tokens[1:], strict=False)
    return {
        (t.word, after.number) for t, after in pairs if after.number is not None and t.number is None and not t.content
    }


def _exchanged(claim: set[tuple[str, str]], evidence: set[tuple[str, str]]) -> bool:
    """Two numbers that changed places behind the same prepositions ("van 7 naar 18")."""
    bounds = opposites().bounds
    for lead, number in claim - evidence:
        others = {n for word, n in evidence if word == lead}
        if others and lead in bounds and number not in others:
            return True
        if (
            others
            and number not in others
            and any(n == number and (lead, m) in evidence and (w, m) in claim for w, n in evidence for m in others)
        ):
            return True
    return False


def _name(a: Alignment) -> bool:
    return any(token.name and not a.holds(token.at) for token in a.claim.content)


def _negation(a: Alignment) -> bool:
    """A denial that only one of the two has, "niet alle" made "alle"; not one that both have in other words."""
    return _not_all(a) or only_lost(a) or (denied_otherwise(a) and not reworded(a))


def _polarity(a: Alignment) -> bool:
    """Both deny or lessen something, in other words: the same, or another thing."""
    return denied_otherwise(a) and reworded(a) and not _not_all(a)


def _not_all(a: Alignment) -> bool:
    used = {n for places in a.clauses for n in places}
    theirs = any(a.evidence.clauses[n].not_all for n in used)
    return bool(used) and any(clause.not_all for clause in a.claim.clauses) != theirs


def denied_otherwise(a: Alignment) -> bool:
    """A denial that only one of the two has, or a word that became its opposite."""
    claim_denied = frozenset[int]().union(*a.claim.denied)
    evidence_denied = frozenset[int]().union(*a.evidence.denied)
    turned = {at for at, match in a.matches.items() if match.opposite}
    for at in turned:
        match = a.matches[at]
        balanced = match.complete and (at in claim_denied) != (match.at in evidence_denied)
        if not balanced:
            return True
    for focus, nearest in zip(a.claim.denied, a.claim.nearest, strict=True):
        held = [at for at in focus if a.holds(at)]
        denied = sum(a.matches[at].at in evidence_denied or at in turned for at in held)
        same = nearest in held and (a.matches[nearest].at in evidence_denied or nearest in turned)
        if (not denied or (not same and denied < DENIED * len(held))) if held else not evidence_denied:
            return True
    stood = {match.at: at for at, match in a.matches.items() if a.holds(at)}
    for focus in a.evidence.denied:
        mine = {stood[at] for at in focus if at in stood}
        if mine and len(mine) >= HALF * len(focus) and not mine & (claim_denied | turned):
            return True
    return _reported(a, stood) or _facing(a) or _neighbour(a) or _hardly(a, stood)


def _hardly(a: Alignment, stood: Mapping[int, int]) -> bool:
    """The evidence says there is little of something, the claim only that there is ("weinig zicht": "zicht")."""
    little, said = opposites().little, {token.word for token in a.claim.tokens}
    for token, after in zip(a.evidence.tokens, a.evidence.tokens[1:], strict=False):
        if token.word in little and after.at in stood and token.at not in stood:
            denied = frozenset[int]().union(*a.claim.denied)
            if little.isdisjoint(said) and stood[after.at] not in denied:
                return True
    return False


def _neighbour(a: Alignment) -> bool:
    """The opposite before the same word ("meer onrust" for "minder onrust"), though it stands elsewhere as well."""
    senses = opposites().senses
    for token, after in zip(a.claim.tokens, a.claim.tokens[1:], strict=False):
        place = a.place(after.at)
        if token.content and place:
            turned = {sense.key for key in token.keys for sense in senses.get(key, ()) if sense.opposite}
            if not turned.isdisjoint(a.evidence.tokens[place - 1].keys):
                return True
    return False


def _reported(a: Alignment, stood: Mapping[int, int]) -> bool:
    """The evidence denies that something is so ("er is geen bewijs dat …"), the claim says it is."""
    if a.claim.denied:
        return False
    for number, clause in enumerate(a.evidence.clauses):
        if number and clause.opening in opposites().reported and a.evidence.clauses[number - 1].denies:
            inside = [t.at for t in a.evidence.content if t.clause == number]
            if sum(at in stood for at in inside) > HALF * len(inside):
                return True
    return False


def _facing(a: Alignment) -> bool:
    """Opposite prepositions before the same word ("voor de pauze", "na de pauze")."""
    facing = opposites().facing
    words = {word for pair in facing for word in pair}
    theirs = {(word, obj[0].at) for word, obj in objects_of(a.evidence, words)}
    for word, obj in objects_of(a.claim, words):
        place = a.place(obj[0].at)
        if (
            place is not None
            and (word, place) not in theirs
            and any((word, w) in facing for w, at in theirs if at == place)
        ):
            return True
    return False


def _quantity(a: Alignment) -> bool:
    """A quantity stronger than the evidence's ("sommige" made "alle"), or dropped where it limits."""
    comparative = opposites().comparative
    for token in a.claim.content:
        place = a.place(token.at)
        if place is not None and not a.matches[token.at].opposite:
            their = a.evidence.tokens[place]
            if set(their.keys) & set(token.keys) and (their.word in comparative) != (token.word in comparative):
                return True
    exists = any(clause.exists for clause in a.claim.clauses)
    for clause, used in zip(a.claim.clauses, a.clauses, strict=True):
        theirs = frozenset[str]().union(*(a.evidence.clauses[n].quantities for n in used))
        not_all = any(a.evidence.clauses[n].not_all for n in used)
        if clause.not_all != not_all and (not_all or used):
            return True
        if any(not _enough(level, theirs) for level in clause.quantities):
            return True
        if used and not clause.quantities and not exists:
            first = a.evidence.clauses[used[0]].quantities
            if first == {"some"}:
                return True
    return False


_ENOUGH = {"all": {"all"}, "most": {"most", "all"}, "many": {"many", "most", "all"}}


def _enough(level: str, theirs: frozenset[str]) -> bool:
    return level not in _ENOUGH or not _ENOUGH[level].isdisjoint(theirs)


def _condition(a: Alignment) -> bool:
    """A condition of the evidence ("als …", "die …") of which the claim says nothing."""
    tables = opposites()
    placed = {match.at for at, match in a.matches.items() if a.holds(at)}
    used = {a.evidence.tokens[at].clause for at in placed}
    for number, clause in enumerate(a.evidence.clauses):
        conditional = clause.opening in tables.condition or (clause.opening == tables.whoever and number == 0)
        limits = conditional or (clause.opening in tables.relative and not clause.after_comma)
        governed = number - 1 in used or (conditional and number + 1 in used)
        inside = [t.at for t in a.evidence.content if t.clause == number]
        if limits and governed and inside and sum(at in placed for at in inside) < KEPT * len(inside):
            return True
    return False


def _subject(a: Alignment) -> bool:
    """A word of the claim whose place in the evidence another of its group has ("jongens" for "meisjes")."""
    theirs = {kind for token in a.evidence.content if (kind := kind_of(token))}
    missed = [kind for token in a.missing if (kind := kind_of(token))]
    return any(kind not in theirs and any(group == kind[0] for group, _ in theirs) for kind in missed)


def _exact(a: Alignment) -> bool:
    """A sector, month, day, part of it or period that the evidence does not speak of."""
    exact = opposites().exact
    missed = {kind for token in a.missing for kind in kinds_of(token) if kind[0] in exact}
    return bool(missed) and not missed <= {kind for token in a.evidence.content for kind in kinds_of(token)}


_CHECKS: dict[Fault, Callable[[Alignment], bool]] = {
    Fault.FIGURE: _figure,
    Fault.NAME: _name,
    Fault.NEGATION: _negation,
    Fault.QUANTITY: _quantity,
    Fault.MODALITY: otherwise_sure,
    Fault.BINDING: rebound,
    Fault.CONDITION: _condition,
    Fault.SUBJECT: _subject,
    Fault.EXACT: _exact,
    Fault.POLARITY: _polarity,
}
