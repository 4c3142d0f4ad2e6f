"""Query → Evidence: passages ranked by BM25 over four fields and Chroma's nearest vectors, and their best sentences.

A stored question speaks for the sentence that answers it: by its words, and by its own vector (question to question).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.embedding import Encoder
from assistant.errors import LibraryEmptyError, ModelMismatchError
from assistant.lexical import LexicalIndex
from assistant.library import Library
from assistant.manners import about_itself
from assistant.ranking import CERTAIN
from assistant.sources import is_manual
from assistant.thesaurus import Thesaurus
from assistant.types import (
    QUOTABLE,
    SECTORS,
    Document,
    Evidence,
    Hit,
    Kind,
    Passage,
    Query,
    ScoredSentence,
    StoredQuestion,
    Turn,
)
from assistant.understand import understand
from assistant.vectors import VectorIndex

# HEADING_WEIGHT, SENTENCE_WEIGHT and SECTOR_BONUS were swept on the dev half of evals/cases (November 2026): all within 3
# points of facts in the first 3,000 characters.
HEADING_WEIGHT = 0.4
SENTENCE_WEIGHT = 0.8
# The same half (261 questions) with the project's own model, facts within 900 / 3,000 characters. Without stored questions:
# no vectors .743/.908, a share of .2 .812/.927, .3 .843/.927, .4 .843/.935, .5 .831/.927, .6 .801/.912. With them, at .3:
# .870/.958, .881/.962 and .877/.954 for a question's vector of .12, .2 and .3; at .4 .874/.958, .866/.962 and .862/.943.
DENSE_WEIGHT = 0.3
QUESTION_DENSE_WEIGHT = 0.2
QUESTION_WEIGHT = 0.8  # of the best stored question's BM25; .3 to 1.0 lie within 4 points
SENTENCE_DENSE_WEIGHT = 0.3  # in a sentence's own score
QUESTION_SHARE = 0.9  # of a term in a stored question, for the sentence that answers it
DENSE_DEPTH = 150
SENTENCES_FROM = 15  # passages whose sentences are scored one by one
OWN_WEIGHT = 0.6  # of a sentence's own score beside that of its passage
SECTOR_BONUS = 0.15
KIND_FACTOR = {Kind.REFERENCE: 0.4, Kind.LINK: 0.6, Kind.CAPTION: 0.5, Kind.NOISE: 0.0}


@dataclass(frozen=True, slots=True)
class View:
    """The library at one generation, as questions see it."""

    generation: int
    documents: dict[str, Document]
    lexical: LexicalIndex
    windows: dict[str, tuple[int, int, int]]
    of_passage: tuple[tuple[str, ...], ...]
    first_row: np.ndarray


class Retriever:
    """Finds evidence in the library and follows its changes. Safe to share between threads.

    `with_questions=False` leaves the stored questions out, to measure what a document without any gets.
    """

    def __init__(
        self,
        library: Library,
        vectors: VectorIndex,
        encoder: Encoder,
        thesaurus: Thesaurus,
        with_questions: bool = True,
    ) -> None:
        self._library = library
        self._with_questions = with_questions
        self._vectors = vectors
        self.encoder = encoder
        self.thesaurus = thesaurus
        self._guard = threading.Lock()
        self._view: View | None = None

    def view(self) -> View:
        """The present state. Raises LibraryEmptyError, or ModelMismatchError when another model made the vectors."""
        with self._guard:
            if self._view is None or self._view.generation != self._library.generation():
                stored = self._library.embedding_model()
                if stored is not None and stored != self.encoder.name:
                    raise ModelMismatchError("vectors of another model", model=self.encoder.name, stored=stored)
                self._view = _view(self._library, self._with_questions)
                self._vectors.sync()
            if not self._view.documents:
                raise LibraryEmptyError("no documents")
            return self._view

    def understand(
        self,
        question: str,
        history: Sequence[Turn] = (),
        sector: str | None = None,
        sources: tuple[str, ...] = (),
        view: View | None = None,
    ) -> Query:
        """The question in the library's own keys, of `view` or of the present state; see `assistant.understand`."""
        view = view or self.view()
        names = {d.source.id: f"{d.source.title} {d.source.kind}" for d in view.documents.values()}
        return understand(question, history, view.lexical, self.thesaurus, sector, sources, names)

    def retrieve(self, query: Query, k: int = 30, view: View | None = None) -> Evidence:
        """The `k` best passages for a query and the best sentences of the first of them, in `view` or the present state."""
        view = view or self.view()
        lexical, by_sentence = _lexical(view.lexical, query)
        vector = self.encoder.encode_query(query.text)
        dense, near = self._dense(view, query, vector, False)
        fused = (1 - DENSE_WEIGHT) * _unit(lexical) + DENSE_WEIGHT * dense
        if len(view.lexical.question_row):
            asked, asked_near = self._dense(view, query, vector, True)
            fused += QUESTION_DENSE_WEIGHT * (asked - _unit(lexical)) * float(asked.any())
            near = np.maximum(near, asked_near)
        literal = view.lexical.same_questions(query.text)
        fused *= _preference(view.lexical.passages, query) * _without_manual(view, query, literal)
        order = [int(i) for i in np.argsort(-fused, kind="stable")[:k] if fused[i] > 0]
        hits = tuple(Hit(view.lexical.passages[i], float(fused[i]), float(lexical[i]), float(dense[i])) for i in order)
        found = _sentences(view, query, order[:SENTENCES_FROM], by_sentence, near, fused, literal)
        return Evidence(query, hits, self._with_cosines(view, order[:SENTENCES_FROM], vector, found))

    def _with_cosines(
        self, view: View, order: Sequence[int], vector: np.ndarray, sentences: Sequence[ScoredSentence]
    ) -> tuple[ScoredSentence, ...]:
        """The sentences with their exact likeness to the question: their own, that of their run and of a stored question."""
        own, run, asked = (np.zeros(len(view.lexical.rows), dtype=np.float32) for _ in range(3))
        named = [window for passage in order for window in view.of_passage[passage]]
        for window, similarity in zip(named, self._vectors.similarities(vector, named), strict=True):
            _, first, last = view.windows[window]
            mark = window.rpartition(":")[2][0]
            rows = own if mark == "s" else asked if mark == "q" else run
            rows[first:last] = np.maximum(rows[first:last], similarity)
        found = []
        for one in sentences:
            row = view.first_row[order[one.hit]] + one.sentence
            found.append(replace(one, cosine=float(own[row]), run=float(run[row]), asked=float(asked[row])))
        return tuple(found)

    def _dense(self, view: View, query: Query, vector: np.ndarray, questions: bool) -> tuple[np.ndarray, np.ndarray]:
        """Per passage its best window's similarity scaled to 0..1, and per sentence that of its own window."""
        found = self._vectors.nearest(vector, DENSE_DEPTH, query.sources, questions)
        passages = np.zeros(len(view.lexical.passages), dtype=np.float32)
        rows = np.zeros(len(view.lexical.rows), dtype=np.float32)
        if not found:
            return passages, rows
        top, floor = found[0][1], found[-1][1]
        for window, similarity in found:
            if window in view.windows:
                passage, first, last = view.windows[window]
                scaled = (similarity - floor) / max(top - floor, 1e-6)
                passages[passage] = max(passages[passage], scaled)
                rows[first:last] = np.maximum(rows[first:last], scaled)
        return passages, rows


def _view(library: Library, with_questions: bool) -> View:
    generation, documents, windows = library.snapshot()
    passages = [passage for document in documents for passage in document.passages]
    if not with_questions:
        passages = [replace(passage, questions=()) for passage in passages]
    passages = _with_asking_headings(passages)
    lexical = LexicalIndex(passages, {document.source.id: document.source.title for document in documents})
    place = {passage.id: at for at, passage in enumerate(passages)}
    first_row = np.searchsorted(lexical.row_passage, np.arange(len(passages) + 1))
    spans: dict[str, tuple[int, int, int]] = {}
    own: list[list[str]] = [[] for _ in passages]
    for window in windows:
        at = place.get(window.passage)
        if at is not None and (with_questions or not window.of_question):
            own[at].append(window.id)
            inside = [
                n for n, s in enumerate(passages[at].sentences) if window.start <= s.start and s.end <= window.end
            ]
            base = int(first_row[at])
            spans[window.id] = (at, base + min(inside, default=0), base + max(inside, default=-1) + 1)
    known = {document.source.id: document for document in documents}
    return View(generation, known, lexical, spans, tuple(map(tuple, own)), first_row)


def _with_asking_headings(passages: Sequence[Passage]) -> list[Passage]:
    """Let a heading that asks ("Wat is welbevinden?") be a stored question of the sentence right below it."""
    asked: set[tuple[str, tuple[str, ...]]] = set()
    found = []
    for passage in passages:
        heading = passage.section[-1].strip() if passage.section else ""
        place = (passage.source, passage.section)
        if heading.endswith("?") and passage.kind in QUOTABLE and passage.sentences and place not in asked:
            asked.add(place)
            passage = replace(passage, questions=(*passage.questions, StoredQuestion(heading, 0)))
        found.append(passage)
    return found


def _lexical(index: LexicalIndex, query: Query) -> tuple[np.ndarray, np.ndarray]:
    """BM25 per passage over its three fields, and per sentence."""
    passages = np.zeros(len(index.passages), dtype=np.float32)
    rows = np.zeros(len(index.rows), dtype=np.float32)
    for term in query.terms:
        passages += np.float32(term.weight) * index.text_field.score(term)
        passages += np.float32(term.weight * HEADING_WEIGHT) * index.heading_field.score(term)
        rows += np.float32(term.weight) * index.sentence_field.score(term)
    best = np.zeros(len(index.passages), dtype=np.float32)
    np.maximum.at(best, index.row_passage, rows)
    passages += np.float32(SENTENCE_WEIGHT) * best
    if len(index.question_row):
        asked = sum((np.float32(t.weight) * index.question_field.score(t) for t in query.terms), np.float32(0))
        best = np.zeros(len(index.passages), dtype=np.float32)
        np.maximum.at(best, index.question_passage, asked)
        passages += np.float32(QUESTION_WEIGHT) * best
        np.maximum.at(rows, index.question_row, np.float32(QUESTION_SHARE) * asked)
    return passages, rows


def _preference(passages: Sequence[Passage], query: Query) -> np.ndarray:
    """A factor per passage: kinds that answer little, a source filter, and the sector asked about."""
    factor = np.array([KIND_FACTOR.get(p.kind, 1.0) for p in passages], dtype=np.float32)
    if query.sources:
        factor *= np.array([p.source in query.sources for p in passages], dtype=np.float32)
    if query.sector:
        for at, passage in enumerate(passages):
            if passage.sectors and query.sector not in passage.sectors:
                factor[at] *= 1 - SECTOR_BONUS
            elif passage.sectors and set(passage.sectors) != set(SECTORS):
                factor[at] *= 1 + SECTOR_BONUS / len(passage.sectors)
    return factor


def _without_manual(view: View, query: Query, literal: Sequence[int]) -> np.ndarray:
    """0 for the passages of the program's own manual, 1 for others; all 1 where the question is about the program."""
    index = view.lexical
    manual = np.array([is_manual(view.documents[p.source].source) for p in index.passages], dtype=bool)
    asked = {int(index.question_passage[number]) for number in literal}
    if about_itself(query.text) or query.sources or any(manual[place] for place in asked):
        return np.ones(len(manual), dtype=np.float32)
    return (~manual).astype(np.float32)


def _unit(scores: np.ndarray) -> np.ndarray:
    top = float(scores.max(initial=0.0))
    return scores / top if top > 0 else scores


def _asked(index: LexicalIndex, query: Query) -> tuple[np.ndarray, np.ndarray]:
    """Per term how far the best stored question of each sentence, and of each passage, speaks of it.

    Of one question each: the words of several questions do not make one that was asked. Shapes (terms, rows) and
    (terms, passages).
    """
    rows = np.zeros((len(query.terms), len(index.rows)), dtype=np.float32)
    passages = np.zeros((len(query.terms), len(index.passages)), dtype=np.float32)
    if query.terms and len(index.question_row):
        present = np.stack([index.question_field.presence(term) for term in query.terms])
        weights = np.array([term.weight * term.rarity for term in query.terms], dtype=np.float32)
        for number in np.argsort(weights @ present, kind="stable"):  # the best comes last and stays
            rows[:, index.question_row[number]] = present[:, number]
            passages[:, index.question_passage[number]] = present[:, number]
    return QUESTION_SHARE * rows, QUESTION_SHARE * passages


def _sentences(
    view: View,
    query: Query,
    order: list[int],
    by_sentence: np.ndarray,
    near: np.ndarray,
    fused: np.ndarray,
    literal: Sequence[int],
) -> tuple[ScoredSentence, ...]:
    """The sentences of the passages in `order`, best first. `literal`: stored questions that are the asker's own."""
    index = view.lexical
    lexical = _unit(by_sentence)
    present = [index.sentence_field.presence(term) for term in query.terms]
    heading = [index.heading_field.presence(term) for term in query.terms]
    text = [index.text_field.presence(term) for term in query.terms]
    asked, asked_around = _asked(index, query)
    present = [np.maximum(own, question) for own, question in zip(present, asked, strict=True)]
    text = [np.maximum(own, question) for own, question in zip(text, asked_around, strict=True)]
    asked_rows = {int(index.question_row[number]) for number in literal}
    found: list[ScoredSentence] = []
    top = max((float(fused[i]) for i in order), default=1.0)
    for hit, passage in enumerate(order):
        if index.passages[passage].kind not in QUOTABLE:
            continue
        above = tuple(float(column[passage]) for column in heading)
        around = tuple(max(float(column[passage]), up) for column, up in zip(text, above, strict=True))
        first = int(np.searchsorted(index.row_passage, passage))
        for number in range(len(index.passages[passage].sentences)):
            row = first + number
            own = (1 - SENTENCE_DENSE_WEIGHT) * float(lexical[row]) + SENTENCE_DENSE_WEIGHT * float(near[row])
            score = OWN_WEIGHT * own + (1 - OWN_WEIGHT) * float(fused[passage]) / top
            spoken = tuple(float(column[row]) for column in present)
            if row in asked_rows:
                score, spoken = CERTAIN, (1.0,) * len(spoken)
            found.append(ScoredSentence(hit, number, score, spoken, above, around))
    return tuple(sorted(found, key=lambda s: -s.score))
