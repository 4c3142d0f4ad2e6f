"""A small library, a case over it and answers to it, for the tests of the evaluations."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from hypothesis import strategies as st

from assistant.types import Answer, Citation, Outcome, Statement
from evals.cases import Case
from evals.ranking import Place
from evals.scoring import Library, Score, score_answer

TEXTS = {
    "kaart": "Bijna 31% van de kinderen beïnvloedt de sfeer. Elke school heeft vier kernpartners.",
    "blad": "Hier staat iets heel anders over zwemles in de ochtend.",
}
VERSIONS = {source: hashlib.sha256(text.encode()).hexdigest() for source, text in TEXTS.items()}
LIBRARY = Library(TEXTS, VERSIONS)
QUOTE = "Bijna 31% van de kinderen beïnvloedt de sfeer."
PLACES = (Place("kaart", 0, len(QUOTE)),)

_WORDS = st.sampled_from(
    ["Ouders", "Trimbos", "5 maart 2021", "31%", "vier", "…", "\n", " ", "GGD", "sfeer", "é", "0-9"]
)
SOME_TEXT = st.one_of(st.text(max_size=30), st.lists(_WORDS, max_size=8).map(" ".join))
SOME_SOURCE = st.sampled_from(["kaart", "blad", "weg"])
SOME_OFFSET = st.integers(-5, 200)
SOME_PLACES = st.lists(
    st.builds(
        lambda source, start, length: Place(source, start, start + length), SOME_SOURCE, st.integers(0, 80), SOME_OFFSET
    ),
    max_size=2,
).map(tuple)


def case_of(expected: str = "answered", **more: object) -> Case:
    """A case that this library answers, unless `expected` says otherwise; `more` are its other fields."""
    okay = {"text": "sfeer", "weight": "okay", "any_of": ["de sfeer"]}
    facts = [{"text": "31 procent", "any_of": ["bijna 31%"]}, okay]
    answerable = expected in ("answered", "partial")
    fields: dict[str, object] = {
        "id": "een",
        "set": "kern",
        "question": "Hoeveel kinderen op de basisschool?",
        "kind": "number",
        "asker": "teacher",
        "expected": expected,
        "facts": facts if answerable else [],
        "passages": [{"source": "kaart", "quote": QUOTE}] if answerable else [],
        "author": "toets",
        "date": "2026-01-01",
        "status": "draft",
    }
    return Case.model_validate({name: value for name, value in (fields | more).items() if value is not None})


def citation_of(quote: str = QUOTE, source: str = "kaart", number: int = 1) -> Citation:
    """A quote of a source at its own place."""
    start = TEXTS[source].index(quote)
    return Citation(
        number, source, "T", "P", None, None, None, None, "", quote, start, start + len(quote), VERSIONS[source], False
    )


def answer_of(text: str = QUOTE, outcome: Outcome = Outcome.ANSWERED, citation: Citation | None = None) -> Answer:
    """An answer of one statement that cites one quote."""
    cited = citation or citation_of()
    return Answer("Hoeveel kinderen op de basisschool?", outcome, text, (Statement(text, (1,)),), (cited,))


def held_back(outcome: Outcome) -> Answer:
    """An answer that says nothing from the sources."""
    own = Statement("Daarover staat niets in de bronnen.", (), own=True)
    return Answer("Hoeveel kinderen op de basisschool?", outcome, own.text, (own,), ())


def score_of(case: Case, answer: Answer) -> Score:
    """The score of an answer to a case of this library."""
    return score_answer(case, PLACES if case.passages else (), answer, LIBRARY)


def saying(*texts: str, quotes: tuple[tuple[int, ...], ...] = ()) -> Answer:
    """An answer with these statements."""
    numbers = quotes or tuple((1,) for _ in texts)
    statements = tuple(Statement(text, cited) for text, cited in zip(texts, numbers, strict=True))
    return replace(answer_of(), statements=statements)
