"""Whether a claim binds the words of its evidence otherwise: roles, comparisons, descriptions, two facts made one."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.support.alignment import Alignment
from assistant.support.clauses import Reading, Token
from assistant.support.opposites import opposites

REACH = 3  # words after a preposition in which its object stands, and before a word in which its preposition does
CROSSED = 1.5  # times as much of a clause's other words in the half that names another: then it is of that half


def rebound(a: Alignment) -> bool:
    """Words that changed roles: who does it to whom, what is compared with what, what belongs to which."""
    return _roles(a) or _objects_exchanged(a) or _crossed(a) or _described(a) or _fused(a) or _voice(a)


def _roles(a: Alignment) -> bool:
    nouns = [token for token in a.claim.content if a.holds(token.at) and _is_noun(a.claim, token)]
    for n, first in enumerate(nouns):
        for second in nouns[n + 1 :]:
            if first.clause != second.clause or _listed_together(a.claim, first, second):
                continue
            left, right = (a.evidence.tokens[a.matches[t.at].at] for t in (first, second))
            if left.at == right.at or left.clause != right.clause or not _is_noun(a.evidence, left):
                continue
            if _is_noun(a.evidence, right) and _role_changed(a, (first, second), (left, right)):
                return True
    return False


def _voice(a: Alignment) -> bool:
    """Who does something made who undergoes it, where nobody else is named ("wie pest", "wie gepest wordt")."""
    tables = opposites()
    for clause, used in zip(a.claim.clauses, a.clauses, strict=True):
        theirs = a.evidence.clauses[used[0]] if used else None
        if theirs is None or not {clause.opening, theirs.opening} <= tables.relative:
            continue
        if clause.passive != theirs.passive:
            return True
    return False


def _fused(a: Alignment) -> bool:
    """One clause of the claim made of two things said.

    Either of two sentences, the second not pointing back to the first; or of two clauses joined by "en", the end of the
    first and the beginning of the second left out.
    """
    theirs = a.evidence.clauses
    if not any(clause.refers for clause in theirs if clause.sentence) and any(
        len({theirs[n].sentence for n in used}) > 1 for used in a.clauses
    ):
        return True
    placed = {match.at for at, match in a.matches.items() if a.holds(at)}
    for used in a.clauses:
        for n in used:
            if n - 1 in used and theirs[n].opening in opposites().join:
                ends = [t for t in a.evidence.content if t.clause == n - 1][-1:]
                begins = [t for t in a.evidence.content if t.clause == n][:1]
                if placed.isdisjoint(t.at for t in (*ends, *begins)) and not _alike(ends, begins):
                    return True
    return False


def _alike(ends: list[Token], begins: list[Token]) -> bool:
    """Whether "en" joins two words here and not two statements: of one group, or of one form ("starten en begeleiden")."""
    if not ends or not begins:
        return False
    one, other = ends[0], begins[0]
    kinds = kind_of(one), kind_of(other)
    if kinds[0] is not None and kinds[1] is not None:
        return kinds[0][0] == kinds[1][0]
    return any(one.word.endswith(form) and other.word.endswith(form) for form in opposites().forms)


def _is_noun(reading: Reading, token: Token) -> bool:
    """Whether a word names someone: a member of a group, or a word right behind an article or its like."""
    if kind_of(token) is not None:
        return True
    determiners = opposites().determiners
    if token.word in opposites().each_of:
        return False
    before = reading.tokens[max(0, token.at - 2) : token.at]
    after = reading.tokens[token.at + 1 : token.at + 2]
    if not before or token.word.endswith(opposites().adjective) and after and after[0].content:
        return False
    near = before[-1]
    if near.word in determiners or near.number is not None:
        return True
    return near.word.endswith(opposites().adjective) and before[0].word in determiners


def _described(a: Alignment) -> bool:
    """An adjective that moved to another noun of the evidence ("een zware taak en jonge leraren")."""
    ending = opposites().adjective
    theirs: dict[str, list[Token]] = {}
    for token, after in zip(a.evidence.tokens, a.evidence.tokens[1:], strict=False):
        if token.content and after.content:
            theirs.setdefault(token.word, []).append(after)
    placed = {match.at for at, match in a.matches.items() if a.holds(at)}
    for token, after in zip(a.claim.tokens, a.claim.tokens[1:], strict=False):
        if token.content and after.content and token.word.endswith(ending) and token.word in theirs:
            nouns = theirs[token.word]
            place = a.place(after.at)
            if place is not None and all(noun.at != place and noun.at in placed for noun in nouns):
                return True
    return False


def _role_changed(a: Alignment, mine: tuple[Token, Token], theirs: tuple[Token, Token]) -> bool:
    """Whether two words changed places: those of their prepositions, or without any the order of the active form."""
    leads = tuple(_lead(a.claim, token) for token in mine)
    their_leads = tuple(_lead(a.evidence, token) for token in theirs)
    if leads[0] == leads[1] and their_leads[0] == their_leads[1]:
        passive = a.claim.clauses[mine[0].clause].passive != a.evidence.clauses[theirs[0].clause].passive
        return (theirs[0].at > theirs[1].at) != passive
    return leads[0] != leads[1] and leads == their_leads[::-1]


def _lead(reading: Reading, token: Token) -> str:
    """The preposition that a word stands behind, "" without one."""
    prepositions = opposites().prepositions
    for before in reversed(reading.tokens[max(0, token.at - REACH) : token.at]):
        if before.clause != token.clause or (before.content and _is_noun(reading, before)):
            return ""
        if before.word in prepositions:
            return before.word
    return ""


def _listed_together(reading: Reading, first: Token, second: Token) -> bool:
    between = [token.word for token in reading.tokens[first.at + 1 : second.at]]
    return len(between) <= REACH and not opposites().join.isdisjoint(between)


def _objects_exchanged(a: Alignment) -> bool:
    words = opposites().binding
    theirs = list(objects_of(a.evidence, words))
    for word, objects in objects_of(a.claim, words):
        mine = {a.place(token.at) for token in objects}
        same = [{token.at for token in found} for other, found in theirs if other == word]
        if not same or None in mine or any(mine & places for places in same):
            continue
        placed = {match.at for match in a.matches.values()}
        if any(min(places) in placed for places in same):
            return True
    return False


def _crossed(a: Alignment) -> bool:
    """Two halves of the evidence that each say something of another member of a group, crossed in the claim."""
    for token in a.claim.content:
        kind, place = kind_of(token), a.place(token.at)
        if kind is None or place is None:
            continue
        home = a.evidence.tokens[place].clause
        if _refers(a.evidence, home):
            continue
        fit: dict[int, float] = {}
        for other in a.claim.content:
            if other.clause == token.clause and other.at != token.at and (spot := a.place(other.at)) is not None:
                clause = a.evidence.tokens[spot].clause
                fit[clause] = fit.get(clause, 0.0) + other.weight
        best = max(fit, key=lambda clause: fit[clause], default=home)
        if best != home and fit[best] > CROSSED * fit.get(home, 0.0):
            kinds = {kind_of(t) for t in a.evidence.content if t.clause == best}
            kinds -= {kind_of(t) for t in a.claim.content if t.clause == token.clause and t.at != token.at}
            if any(k is not None and k[0] == kind[0] and k != kind for k in kinds):
                return True
    return False


def _refers(reading: Reading, clause: int) -> bool:
    """Whether the sentence of a clause leaves to the one before it what it says of its own member ("in het vo is dat 9%")."""
    sentence = reading.clauses[clause].sentence
    return any(c.refers and c.opening in opposites().reported for c in reading.clauses if c.sentence == sentence)


def kind_of(token: Token) -> tuple[int, int] | None:
    """The group that a word belongs to, and which member it is; words of one member say the same."""
    contrast = opposites().contrast
    return next((contrast[key] for key in token.keys if key in contrast), None)


def kinds_of(token: Token) -> set[tuple[int, int]]:
    """Every group and member that a word belongs to: by its other names, and a compound to the sector it begins with."""
    tables = opposites()
    found = {*token.keys, *(sense.key for k in token.keys for sense in tables.senses.get(k, ()) if not sense.opposite)}
    kinds = {tables.contrast[k] for k in found if k in tables.contrast}
    first = token.parts[0] if token.parts else ()
    return kinds | {kind for k in first if (kind := tables.contrast.get(k)) is not None and kind[0] == tables.sector}


def objects_of(reading: Reading, words: frozenset[str] | set[str]) -> Iterator[tuple[str, list[Token]]]:
    """Each of these words with the content words that follow it within its clause."""
    for token in reading.tokens:
        if token.word in words:
            after = reading.tokens[token.at + 1 : token.at + 1 + REACH]
            found = [t for t in after if t.content and t.clause == token.clause]
            if found:
                yield token.word, found
