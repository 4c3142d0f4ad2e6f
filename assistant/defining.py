"""Whether a sentence says what a thing is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from assistant import dutch
from assistant.texts_nl import DEFINING
from assistant.types import Term

SUBJECT = 0.5  # weight of a term from which it belongs to a question's subject
SUBJECT_FIRST = 0.5  # how far a sentence defines that only opens with its subject


def defines(terms: Sequence[Term], text: str) -> float:
    """How far a sentence defines: 1 where it says what the subject it opens with is, SUBJECT_FIRST where it opens with it.

    "Mentaal welbevinden bestaat uit ...", "Onder pesten verstaan we ...", "Buitenstaanders: de groep ...".
    """
    asked = [keys for term in terms if term.weight >= SUBJECT for keys in _own_keys(term)]
    opening = list(islice(dutch.WORD.finditer(dutch.fold(text)), len(terms) + 4))
    places = [[m.end() for m in opening if not keys.isdisjoint(dutch.keys(m.group()))] for keys in asked]
    if not places or not all(places):
        return 0.0
    return 1.0 if re.match(DEFINING, text[max(ends[0] for ends in places) :]) else SUBJECT_FIRST


def _own_keys(term: Term) -> list[set[str]]:
    """The keys of a term's own words; of a name of several words ("mentaal welbevinden") those of each."""
    own = {key for key, weight in term.forms if weight >= 1.0}
    words = [word for word in term.word.split() if word not in dutch.STOPWORDS]
    return [own] if own or len(words) < 2 else [set(dutch.keys(word)) for word in words]
