"""Separable verbs: "houdt de school de groei bij" says "bijhouden", wherever the particle stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant import dutch

PARTICLES = frozenset(
    "aan af achter bij binnen door in mee na om onder op over samen terug toe uit vast voor weg".split()
)
KNOWN = 2.0  # Zipf frequency from which a form that the dictionary lacks still counts as a verb ("meebeslissen": 2.48)


def joined(
    words: Sequence[str], content: Sequence[bool], follows: frozenset[str], precedes: frozenset[str]
) -> dict[int, tuple[int, str]]:
    """Per place of a particle the place of its verb and the verb in one word.

    `words` are those of one clause, `content` says which of them can be the verb. A particle has no object: it stands last, or
    before a word of `follows` (prepositions and joining words); and after none of `precedes` ("op de weg").
    """
    found: dict[int, tuple[int, str]] = {}
    for at, word in enumerate(words):
        if word not in PARTICLES or (at + 1 < len(words) and words[at + 1] not in follows):
            continue
        if at and words[at - 1] in precedes:
            continue
        verbs = [n for n in range(at) if content[n] and _is_verb(words[n]) and _exists(word + words[n])]
        if verbs:
            found[at] = verbs[-1], word + words[verbs[-1]]
    return found


def _is_verb(word: str) -> bool:
    return len(word) >= 3 and word.isalpha()


@lru_cache(maxsize=50_000)
def _exists(word: str) -> bool:
    return dutch.is_word(word) or dutch.commonness(word) >= KNOWN
