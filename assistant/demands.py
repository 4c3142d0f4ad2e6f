"""What an answer has to contain when a price, a number, a date, a person ... is asked for, from `data/demands.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant import dutch, quantities
from assistant.types import Query, Term

# "(Fisk et al., 2016; Trimbos-instituut, 2021)", "(2016)", "et al. 2016", and addresses
_REFERENCES = re.compile(r"\([^()]*\b(?:19|20)\d\d[a-z]?[^()]*\)|\bet al\.?,? ?(?:19|20)\d\d[a-z]?|https?://\S+")
_BEFORE = re.compile(r"\w\W+(?:en|of)\W+$|[?;]\W*$")  # what stands before the second of two questions
_MASKED = re.compile(r"\[[a-z-]+\]")


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that an answer must hold: `name` tells the asker what was not found.

    `of_person`: no source tells it of somebody whose name was masked. `hedged`: without it an answer is partial.
    """

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]
    written: bool
    of_person: bool
    counts: bool
    loose: bool
    hedged: bool = False

    def met_by(self, sentence: str) -> bool:
        """Whether a sentence of a source holds it; years in references to literature do not count."""
        # an address is an answer only where one was asked for
        text = sentence if self.given.search("https://x.nl") else without_references(sentence)
        return self.given.search(text if self.written else dutch.normal(text)) is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one question demands: the demand, whether that is all it asks, and of what its answer must speak.

    `what`: what is to be counted, or the role of who is to be named. `years`: those that the question names.
    """

    demand: Demand
    alone: bool
    what: Term | None
    sector: str | None
    years: frozenset[str]

    def met_by(self, sentence: str, passage: str, spoken: Callable[[Term], float]) -> bool:
        """Whether a sentence of a passage holds it for just what was asked; `spoken`: how far it speaks of a term."""
        if not self.demand.counts:
            return self.demand.met_by(sentence) and (self.what is None or spoken(self.what) >= quantities.SPOKEN)
        if not self.years <= quantities.years_in(without_references(passage)):
            return False
        if quantities.of_another_sector(sentence, self.sector):
            return False
        if self.what is None:
            return self.demand.met_by(sentence)
        return quantities.tells_number_of(without_references(sentence), self.what, spoken(self.what))


def wanted(query: Query) -> Wanted | None:
    """What a question demands of its answer; None if any sentence may answer."""
    found = demanded(query.text)
    if found is None:
        return None
    demand, alone = found
    years = quantities.years_in(query.text) if demand.counts else frozenset()
    return Wanted(demand, alone, _what(demand, query), query.sector, years)


def _what(demand: Demand, query: Query) -> Term | None:
    if demand.counts:
        return quantities.counted(query.text, query.terms)
    found = demand.asked.search(dutch.normal(query.text))
    role = found.groupdict().get("role") if found else None
    return next((term for term in query.terms if role and role in term.word.split()), None)


def without_references(text: str) -> str:
    """A text without the years and addresses of literature."""
    return _REFERENCES.sub(" ", text)


def demanded(question: str) -> tuple[Demand, bool] | None:
    """What a question demands of its answer, and whether that is all it asks; None if any sentence may answer.

    "Wie zit erachter en sinds wanneer bestaat het?" asks for more than a date.
    """
    plain = _MASKED.sub(" ", dutch.normal(question))  # without what masking left
    for demand in _demands():
        found = demand.asked.search(plain)
        if found is not None:
            return demand, _BEFORE.search(plain[: found.start()]) is None
    return None


@cache
def _demands() -> tuple[Demand, ...]:
    data = tomllib.loads((files("assistant") / "data" / "demands.toml").read_text("utf-8"))
    return tuple(
        Demand(
            entry["name"],
            re.compile(entry["asked"]),
            re.compile(entry["given"]),
            entry.get("written", False),
            entry.get("of_person", False),
            entry.get("counts", False),
            entry.get("loose", False),
            entry.get("hedged", False),
        )
        for entry in data["demand"]
    )
