"""What our figures are compared with, on the same stored texts, the same cases, at equal numbers of characters.

Three retrievers as others build them: BM25 on windows, the English MiniLM on windows, and the tutorial RAG.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np

from evals.metrics import Ranked

WINDOW = 600
"""Characters of a window; the figures that this project is measured against were made with it."""
_K = 10
_WORD = re.compile(r"\w+")


class Retriever(Protocol):
    """Ranks stretches of the stored texts for a question."""

    name: str

    def search(self, question: str) -> Sequence[Ranked]:
        """Rank stretches, best first, at least 3,000 characters of them where there are as many."""


class Encodes(Protocol):
    """An embedding model: `assistant.embedding.Encoder` is one."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of stored texts, shape (len(texts), dim), unit length."""

    def encode_query(self, text: str) -> np.ndarray:
        """Give the vector of a question, shape (dim,), unit length."""


def windows(texts: Mapping[str, str], size: int = WINDOW) -> tuple[Ranked, ...]:
    """Cut the texts into stretches of at most `size` characters, at a blank where there is one."""
    cut: list[Ranked] = []
    for source, text in texts.items():
        start = 0
        while start < len(text):
            end = min(start + size, len(text))
            if end < len(text):
                blank = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
                end = blank if blank > start else end
            cut.append(Ranked(source, start, end, text[start:end]))
            start = end
    return tuple(cut)


class PlainBm25:
    """BM25 on lower-cased words of 600-character windows, without any Dutch analysis (bm25s, its defaults)."""

    name = "bm25"

    def __init__(self, texts: Mapping[str, str]) -> None:
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)
        self._windows = windows(texts)
        self._index = bm25s.BM25()
        self._index.index([_WORD.findall(window.text.lower()) for window in self._windows], show_progress=False)

    def search(self, question: str) -> Sequence[Ranked]:
        """Give the ten best windows."""
        known = [word for word in _WORD.findall(question.lower()) if word in self._index.vocab_dict]
        if not known:
            return ()
        scores = self._index.get_scores(known)
        return [self._windows[place] for place in _best(scores)]


class DenseWindows:
    """Nearest 600-character windows by an embedding model, exactly."""

    name = "minilm"

    def __init__(self, texts: Mapping[str, str], encoder: Encodes) -> None:
        self._encoder = encoder
        self._windows = windows(texts)
        self._vectors = encoder.encode([window.text for window in self._windows])

    def search(self, question: str) -> Sequence[Ranked]:
        """Give the ten best windows."""
        return [self._windows[place] for place in _best(self._vectors @ self._encoder.encode_query(question))]


class TutorialRag:
    """The RAG of the tutorials: RecursiveCharacterTextSplitter 1000/200, Chroma, the same English MiniLM."""

    name = "tutorial"

    def __init__(self, texts: Mapping[str, str], encoder: Encodes, folder: str) -> None:
        import chromadb
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        chunks = splitter.create_documents(list(texts.values()), [{"source": source} for source in texts])
        self._chunks = [_chunk(c.metadata["source"], c.metadata["start_index"], c.page_content) for c in chunks]
        self._encoder = encoder
        client = chromadb.PersistentClient(folder, settings=chromadb.Settings(anonymized_telemetry=False))
        self._collection = client.create_collection("tutorial", metadata={"hnsw:space": "cosine"})
        vectors = encoder.encode([chunk.text for chunk in self._chunks])
        self._collection.add(ids=[str(n) for n in range(len(chunks))], embeddings=vectors)

    def search(self, question: str) -> Sequence[Ranked]:
        """Give the ten nearest chunks."""
        count = min(_K, len(self._chunks))
        found = self._collection.query(query_embeddings=[self._encoder.encode_query(question)], n_results=count)
        return [self._chunks[int(number)] for number in found["ids"][0]]


class _Remembering:
    """An embedding model that two baselines ask the same questions."""

    def __init__(self, encoder: Encodes) -> None:
        self._encoder = encoder
        self._last: tuple[str, np.ndarray] | None = None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return self._encoder.encode(texts)

    def encode_query(self, text: str) -> np.ndarray:
        if self._last is None or self._last[0] != text:
            self._last = (text, self._encoder.encode_query(text))
        return self._last[1]


@contextmanager
def all_baselines(texts: Mapping[str, str], load: Callable[[], Encodes]) -> Iterator[tuple[Retriever, ...]]:
    """Build the three baselines over the stored texts (source id → text); `load` gives the English MiniLM."""
    encoder = _Remembering(load())
    with TemporaryDirectory(prefix="welwijzer-evals-", ignore_cleanup_errors=True) as folder:
        yield PlainBm25(texts), DenseWindows(texts, encoder), TutorialRag(texts, encoder, folder)


def _best(scores: np.ndarray) -> list[int]:
    """Give the places of the ten highest scores, best first, ties in the order of the text."""
    return [int(place) for place in np.argsort(-scores, kind="stable")[:_K]]


def _chunk(source: str, start: int, text: str) -> Ranked:
    return Ranked(source, start, start + len(text), text)
