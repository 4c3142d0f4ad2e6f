"""What an answer has to contain when a price, a number, a date, a person ... is asked for, from `data/demands.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant import dutch

# "(Fisk et al., 2016; Trimbos-instituut, 2021)", "(2016)", "et al. 2016", and addresses
_REFERENCES = re.compile(r"\([^()]*\b(?:19|20)\d\d[a-z]?[^()]*\)|\bet al\.?,? ?(?:19|20)\d\d[a-z]?|https?://\S+")
_BEFORE = re.compile(r"\w\W+(?:en|of)\W+$|[?;]\W*$")  # what stands before the second of two questions
_MASKED = re.compile(r"\[[a-z-]+\]")


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that an answer must hold: `name` tells the asker what was not found.

    `of_person`: no source tells it of somebody whose name was masked.
    """

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]
    written: bool
    of_person: bool

    def met_by(self, sentence: str) -> bool:
        """Whether a sentence of a source holds it; years in references to literature do not count."""
        # an address is an answer only where one was asked for
        text = sentence if self.given.search("https://x.nl") else _REFERENCES.sub(" ", sentence)
        return self.given.search(text if self.written else dutch.normal(text)) is not None


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
        )
        for entry in data["demand"]
    )
