"""How sure a claim is of what its evidence says: that it is so, must be, may be, can be, is wanted."""

from __future__ import annotations

from collections.abc import Sequence, Set

from assistant.support.alignment import Alignment
from assistant.support.clauses import Reading
from assistant.support.opposites import opposites

_ABLE = "can"


def otherwise_sure(a: Alignment) -> bool:
    """What the evidence allows, demands or thinks possible said as something else."""
    covers = opposites().covers
    said = {token.word for token in a.claim.tokens}
    for clause, used in zip(a.claim.clauses, a.clauses, strict=True):
        if not used:
            continue
        theirs = frozenset[str]().union(*(a.evidence.clauses[n].modality for n in used))
        for kind in clause.modality - theirs:
            covered = any(kind in covers[their] for their in (theirs or {"plain"}))
            if not covered and not _said_like(kind, _words_of(a.evidence, used)):
                return True
        main = a.evidence.clauses[used[0]]
        unable = main.denies and clause.denies  # who cannot, does not
        both = zip(a.claim.clauses, a.clauses, strict=True)
        mine = frozenset[str]().union(*(other.modality for other, places in both if places[:1] == used[:1]))
        for their in main.modality - mine:
            excused = (unable or opposites().purpose in said) if their == _ABLE else _said_like(their, said)
            if not any(kind in covers[their] for kind in mine) and not excused:
                return True
    return False


def _said_like(kind: str, words: Set[str]) -> bool:
    """Whether words say in another way that something must be or is wanted ("het is belangrijk dat")."""
    return not opposites().alike.get(kind, frozenset()).isdisjoint(words)


def _words_of(reading: Reading, clauses: Sequence[int]) -> set[str]:
    """The words of the sentences of these clauses."""
    told = {reading.clauses[n].sentence for n in clauses}
    return {token.word for token in reading.tokens if reading.clauses[token.clause].sentence in told}
