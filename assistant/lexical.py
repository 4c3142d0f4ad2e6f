"""BM25 over sentences and passages with Dutch-analysed keys. Derived from the library, held in memory.

Three fields are scored apart and added: the passage's text, its headings, and its best sentence; that is BM25F's idea
(Robertson et al. 2004) with bm25s computing each field.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import bm25s
import numpy as np

from assistant import dutch
from assistant.types import Forms, Passage, Term

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG

K1 = 1.2
B_TEXT = 0.6
B_SHORT = 0.3
REMEMBERED = 200  # terms whose presence is kept: scoring and choosing sentences both ask for it


class Field:
    """One BM25 field: per key the scores over all rows, as a dense float32 vector of shape (rows,)."""

    def __init__(self, rows: Sequence[Sequence[str]], b: float) -> None:
        self.size = len(rows)
        self._present: dict[Term, np.ndarray] = {}
        self._bm25: bm25s.BM25 | None = None
        if any(rows):
            self._bm25 = bm25s.BM25(k1=K1, b=b, method="lucene")
            self._bm25.index([list(row) for row in rows], show_progress=False, create_empty_token=False)

    def column(self, key: str) -> np.ndarray | None:
        """The saturated frequency of one key in each row (BM25 without its idf), None when it does not occur."""
        if self._bm25 is None:
            return None
        number = self._bm25.vocab_dict.get(key)
        if number is None:
            return None
        scores = self._bm25.scores
        low, high = scores["indptr"][number], scores["indptr"][number + 1]
        column = np.zeros(self.size, dtype=np.float32)
        column[scores["indices"][low:high]] = scores["data"][low:high] / self.rarity(int(high - low))
        return column

    def rarity(self, rows: int) -> float:
        """Inverse document frequency of what occurs in `rows` rows, as Lucene's BM25 has it."""
        return float(np.log(1 + (self.size - rows + 0.5) / (rows + 0.5)))

    def score(self, term: Term) -> np.ndarray:
        """BM25 of a term in each row. All its forms are one word: the best counts, and they share one rarity."""
        presence = self.presence(term)
        return self._match(term, counted=True) * np.float32(self.rarity(int(np.count_nonzero(presence >= SAME))))

    def presence(self, term: Term) -> np.ndarray:
        """How far each row speaks of a term at all, 0..1: the weight of the best form or phrase found in it."""
        found = self._present.get(term)
        if found is None:
            found = self._match(term, counted=False)
            found.flags.writeable = False
            if len(self._present) >= REMEMBERED:
                self._present.clear()
            self._present[term] = found
        return found

    def _match(self, term: Term, counted: bool) -> np.ndarray:
        total = self._best(term.forms, counted)
        for phrase in term.phrases:
            found = np.stack([self._best(forms, counted) for forms in phrase])
            np.maximum(total, found.mean(axis=0) * (found.min(axis=0) > 0), out=total)
        return total

    def _best(self, forms: Forms, counted: bool) -> np.ndarray:
        best = np.zeros(self.size, dtype=np.float32)
        for key, weight in forms:
            column = self.column(key)
            if column is not None:
                np.maximum(best, (column if counted else column > 0) * np.float32(weight), out=best)
        return best


SAME = 0.7  # a form of at least this weight says the same as the word itself


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, lead-in or item of a passage, as the sentence field holds it."""

    passage: int
    sentence: int


SAME_QUESTION = 0.85  # share of the words of either of two questions that are one


class LexicalIndex:
    """The keys of all passages, sentences and stored questions, with the library's own vocabulary."""

    def __init__(self, passages: Sequence[Passage], titles: dict[str, str]) -> None:
        self.passages = tuple(passages)
        self.rows = tuple(Row(p, s) for p, passage in enumerate(self.passages) for s in range(len(passage.sentences)))
        self.row_passage = np.array([row.passage for row in self.rows], dtype=np.int64)
        sentences = [_sentence_text(self.passages[row.passage], row.sentence) for row in self.rows]
        self.vocabulary = _vocabulary(self.passages)
        analyse = lru_cache(maxsize=None)(self.analyse)
        keyed = [[k for w in dutch.words(text) for k in analyse(w)] for text in sentences]
        self.sentence_field = Field(keyed, B_SHORT)
        self.text_field = Field(_gather(keyed, self.row_passage, len(self.passages)), B_TEXT)
        headings = [" ".join((titles.get(p.source, ""), *p.section)) for p in self.passages]
        self.heading_field = Field([[k for w in dutch.words(h) for k in analyse(w)] for h in headings], B_SHORT)
        first = np.searchsorted(self.row_passage, np.arange(len(self.passages)))
        asked = [
            (first[p] + q.sentence, p, q.text) for p, passage in enumerate(self.passages) for q in passage.questions
        ]
        self.question_row = np.array([row for row, _, _ in asked], dtype=np.int64)
        self.question_passage = np.array([passage for _, passage, _ in asked], dtype=np.int64)
        self._question_words = [frozenset(dutch.words(text)) for _, _, text in asked]
        self.question_field = Field([[k for w in dutch.words(t) for k in analyse(w)] for _, _, t in asked], B_SHORT)

    def analyse(self, word: str) -> tuple[str, ...]:
        """All keys under which a word of the library is found: its own and those of its compound parts."""
        if word in dutch.STOPWORDS:
            return ()
        parts = self.parts(word)
        return tuple(dict.fromkeys([*dutch.keys(word), *(k for part in parts for k in dutch.keys(part))]))

    def parts(self, word: str) -> tuple[str, ...]:
        """Compound parts. A word of the dictionary is only split into words of the library ("vertrouwen" is whole)."""
        if dutch.is_word(word):
            return dutch.compound_parts(word, self.vocabulary.__contains__)
        return dutch.compound_parts(word, lambda part: part in self.vocabulary or dutch.is_word(part))

    def same_questions(self, question: str) -> list[int]:
        """Numbers of the stored questions that are, nearly word for word, this one."""
        words = frozenset(dutch.words(question))
        least = SAME_QUESTION * max(len(words), 1)
        return [
            n for n, own in enumerate(self._question_words) if len(own & words) >= max(least, SAME_QUESTION * len(own))
        ]

    def knows(self, key: str) -> bool:
        """Whether any sentence, heading or stored question holds this key."""
        fields = (self.sentence_field, self.heading_field, self.question_field)
        return any(field.column(key) is not None for field in fields)

    def rarity(self, term: Term) -> float:
        """Inverse document frequency of a term over sentences; a term that the library never speaks of is rarest."""
        return self.sentence_field.rarity(int(np.count_nonzero(self.sentence_field.presence(term) >= SAME)))


def _sentence_text(passage: Passage, number: int) -> str:
    sentence = passage.sentences[number]
    return passage.text[sentence.start - passage.start : sentence.end - passage.start]


def _gather(keyed: list[list[str]], owner: np.ndarray, count: int) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(count)]
    for passage, found in zip(owner, keyed, strict=True):
        rows[passage].extend(found)
    return rows


def _vocabulary(passages: Sequence[Passage]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for passage in passages:
        counted.update(dutch.words(passage.text))
        counted.update(w for heading in passage.section for w in dutch.words(heading))
        counted.update(w for question in passage.questions for w in dutch.words(question.text))
    return counted
