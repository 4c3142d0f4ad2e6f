"""Every record that crosses a module. Offsets are character offsets into a document's stored text."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

SECTORS = ("po", "vo", "so", "mbo")


class Kind(StrEnum):
    """What a block or passage is; only QUOTABLE ones may be quoted as an answer."""

    BODY = "body"
    LIST = "list"
    TABLE = "table"
    BOX = "box"
    CAPTION = "caption"
    REFERENCE = "reference"
    LINK = "link"
    NOISE = "noise"


QUOTABLE = frozenset({Kind.BODY, Kind.LIST, Kind.TABLE, Kind.BOX, Kind.LINK})


class Role(StrEnum):
    """What a sentence is within its block."""

    SENTENCE = "sentence"
    LEAD_IN = "lead_in"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Source:
    """One publication as the manifest describes it. `superseded_by`: id of the publication that replaces it."""

    id: str
    title: str
    publishers: tuple[str, ...]
    published: str | None
    url: str | None
    kind: str
    language: str
    sectors: tuple[str, ...]
    audience: tuple[str, ...]
    rights: str
    file: str
    origin: str = "corpus"
    superseded_by: str | None = None
    superseded_on: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A physical page (from 1), its printed label and place; `ocr`: confidence (0..1) where it was read from its picture."""

    number: int
    label: str | None
    start: int
    end: int
    ocr: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the titles above it, from where it stands to where its text ends; `anchor`: its name on a web page."""

    path: tuple[str, ...]
    level: int
    start: int
    end: int
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that cleaning did to the original.

    `start`/`end`: where the result stands in the stored text (equal for something left out); `repair`: running text of the
    publisher was altered, reordered or left out, so that a quote touching it says so.
    """

    rule: str
    line: int
    before: str
    after: str
    start: int
    end: int
    repair: bool
    reason: str = ""

    def touches(self, start: int, end: int) -> bool:
        """Whether this change lies inside `[start, end)`: overlapping it, or a cut strictly within it."""
        if self.start == self.end:
            return start < self.start < end
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, list lead-in or list item; `block` numbers the paragraph or list it belongs to in its document."""

    start: int
    end: int
    role: Role
    block: int


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question that an editor wrote down for a passage; `sentence` is the number of the sentence that answers it."""

    text: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable stretch of one section: `stored_text[start:end] == text`, whole sentences only."""

    id: str
    source: str
    version: str
    ordinal: int
    page: int | None
    page_label: str | None
    section: tuple[str, ...]
    kind: Kind
    sectors: tuple[str, ...]
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    questions: tuple[StoredQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One source as the library holds it. `version` is the sha256 of `text` (UTF-8)."""

    source: Source
    text: str
    version: str
    original_sha256: str
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """What one vector stands for: a run of sentences of one passage, one of them, or a stored question of the one at its place.

    `vector`: float32, shape (dim,), unit length. `id`: the passage's with its offset, or with "s" or "q" and a number.
    """

    id: str
    passage: str
    source: str
    start: int
    end: int
    vector: np.ndarray

    @property
    def of_question(self) -> bool:
        """Whether the vector is that of a stored question."""
        return self.id.rpartition(":")[2].startswith("q")


class QuestionKind(StrEnum):
    """The form a question asks for (ANSWERS, rule 5)."""

    DEFINITION = "definition"
    NUMBER = "number"
    LIST = "list"
    HOW_TO = "how_to"
    WHY = "why"
    EVIDENCE = "evidence"
    EXAMPLE = "example"
    TOOL = "tool"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    COMPARISON = "comparison"
    YES_NO = "yes_no"
    OPEN = "open"


Forms = tuple[tuple[str, float], ...]  # index keys that stand for one word, each with a weight of at most 1


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question and the index keys it stands for, each with a weight of at most 1.

    `phrases`: words that together say the same (compound parts, names of several words), per word its forms. `known`: whether
    the library speaks of it under any form. `weight`: 1 for a word of the question's subject. `rarity`: its idf over sentences.
    """

    word: str
    forms: Forms
    phrases: tuple[tuple[Forms, ...], ...] = ()
    known: bool = True
    weight: float = 1.0
    rarity: float = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of this conversation with the sources and sentences that were shown for it."""

    question: str
    answer: str = ""
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood: stand-alone text, terms, kind and facets; `shown`: what the turn before was answered with."""

    question: str
    text: str
    read_as: str | None
    terms: tuple[Term, ...]
    kind: QuestionKind
    sector: str | None = None
    sources: tuple[str, ...] = ()
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its fused score and the two scores it came from."""

    passage: Passage
    score: float
    lexical: float
    dense: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a hit: its score, and how far it, the headings above it and its passage speak of each term, 0..1.

    `cosine`, `run`, `asked`: of the question's vector and the sentence's, its run's, its nearest stored question's (0: none).
    """

    hit: int
    sentence: int
    score: float
    present: tuple[float, ...]
    heading: tuple[float, ...]
    around: tuple[float, ...]
    cosine: float = 0.0
    run: float = 0.0
    asked: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What retrieval found for a query: passages best first, and the sentences of the best ones, best first."""

    query: Query
    hits: tuple[Hit, ...]
    sentences: tuple[ScoredSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Successor:
    """The publication that replaces another, and since when; its title is its id where the library does not hold it."""

    source: str
    title: str
    on: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source: `stored_text[start:end] == quote` in the stored text whose sha256 is `version`."""

    number: int
    source: str
    title: str
    publisher: str
    published: str | None
    url: str | None
    page: int | None
    page_label: str | None
    section: str
    quote: str
    start: int
    end: int
    version: str
    repaired: bool
    superseded_by: Successor | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or list as shown. `own` marks the product's fixed sentences, which carry no citation."""

    text: str
    citations: tuple[int, ...]
    own: bool = False


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NO_EVIDENCE = "no_evidence"
    REFERRAL = "referral"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `as_json` is the outside form agreed in the README."""

    question: str
    outcome: Outcome
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    read_as: str | None = None
    referral: str | None = None
    notices: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    nearest: tuple[Citation, ...] = ()
    follow_ups: tuple[str, ...] = ()
    mode: str = "extractive"
    milliseconds: dict[str, float] = field(default_factory=dict)
    id: str = ""

    def as_json(self) -> dict[str, Any]:
        """The answer as plain JSON types."""
        record = asdict(self)
        record["outcome"] = str(self.outcome)
        for citation in (*record["citations"], *record["nearest"]):
            if citation["superseded_by"] is None:
                del citation["superseded_by"]  # stands only where there is something to say
        return record
