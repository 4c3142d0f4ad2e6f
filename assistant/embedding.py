"""The sentence-transformers model behind LangChain's Embeddings, and the windows of a document that get a vector each.

torch and sentence_transformers take seconds to import, so they are imported when they are needed and not before: for a
model that `bert.py` can't read, and for many texts at once.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.bert import LightModel, Model
from assistant.errors import ModelError
from assistant.settings import Settings
from assistant.types import Document, Passage, Window

OWN_MODEL = Path(__file__).resolve().parent / "models" / "welwijzer-nl"
"""The Dutch encoder that comes with the project; its README.md tells how it was made and what it is worth."""
# A window is read whole: the project's own model reads 256 of its Dutch pieces, and an English one covers about 2
# characters of Dutch a piece. Runs of 400, 250 and 150 characters, sentences, each with and without the heading, and pairs
# of these were tried on the dev half of evals/cases (November 2026, vectors alone, without stored questions, facts within
# 3,000 characters): runs of 400 .774, of 250 .736, sentences .739, runs of 400 below their heading with sentences .808.
WINDOW_CHARACTERS = 400
BATCH = 32


class Encoder(Embeddings):
    """A loaded model. Vectors are float32 of unit length; `name` tells which model made them."""

    def __init__(self, model: Model, name: str) -> None:
        self._model = model
        self.name = name
        e5 = "e5" in Path(name.split("#")[0]).name.lower()
        self._query_prefix = str(model.prompts.get("query") or ("query: " if e5 else ""))
        self._passage_prefix = str(model.prompts.get("passage") or ("passage: " if e5 else ""))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of stored texts, shape (len(texts), dim)."""
        return self._encode([self._passage_prefix + text for text in texts])

    def encode_query(self, text: str) -> np.ndarray:
        """The vector of a question, shape (dim,)."""
        texts = [self._query_prefix + text]
        torch = sys.modules.get("torch")
        if torch is None:
            return self._first(texts)
        # one short text gains nothing from a second thread, and waits for it when the machine is busy: on 2 cores the
        # 95th percentile of a question is 43 ms with one thread and 279 ms with two
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return self._first(texts)
        finally:
            torch.set_num_threads(threads)

    def _first(self, texts: list[str]) -> np.ndarray:
        vector: np.ndarray = self._encode(texts)[0]
        return vector

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of many questions at once, shape (len(texts), dim): five times faster than one by one."""
        return self._encode([self._query_prefix + text for text in texts])

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of `encode`."""
        return [[float(x) for x in row] for row in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of `encode_query`."""
        return [float(x) for x in self.encode_query(text)]

    def _encode(self, texts: list[str]) -> np.ndarray:
        vectors = self._model.encode(
            texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)


def model_name(settings: Settings) -> str:
    """What identifies the configured model, found without loading it: two names differ where vectors could.

    Raises ModelError when the project's own model is not there.
    """
    chosen = settings.embedding_model
    if chosen is None:
        if not (OWN_MODEL / "model.safetensors").is_file():
            raise ModelError("the project's own model is not installed", model=str(OWN_MODEL))
        return f"{OWN_MODEL.name}#{_fingerprint(OWN_MODEL)}"
    folder = Path(chosen).expanduser()
    return f"{chosen}#{_fingerprint(folder)}" if folder.is_dir() else chosen


def load_encoder(settings: Settings) -> Encoder:
    """Load the configured model, from its folder where there is one. Raises ModelError."""
    name = model_name(settings)
    target = str(Path(settings.embedding_model).expanduser() if settings.embedding_model else OWN_MODEL)
    local = Path(target).is_dir()
    if local:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        if local and LightModel.reads(Path(target)):
            return Encoder(LightModel(Path(target), lambda: _whole_model(target, local)), name)
        return Encoder(_whole_model(target, local), name)
    except ModelError:
        raise
    except Exception as error:  # files of a model that is broken raise many kinds
        raise _unusable(target, error) from error


def _whole_model(target: str, local: bool) -> Model:
    """The model by sentence_transformers. Raises ModelError."""
    # Importing torch and transformers makes a million lasting objects; looking for garbage among them costs a fifth of
    # the import (9.3 s with, 7.6 s without, 2 busy cores). Frozen, they are not looked through at later collections
    # either, one of which Streamlit makes after every run of a page.
    swept = gc.isenabled()
    gc.disable()
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        model = SentenceTransformer(target, device="cpu", local_files_only=local)
    except Exception as error:  # the loader raises many kinds; each means that there is no usable model
        raise _unusable(target, error) from error
    finally:
        gc.freeze()
        if swept:
            gc.enable()
    return cast(Model, model)


def _unusable(target: str, error: Exception) -> ModelError:
    return ModelError(f"cannot load the embedding model {target!r}: {error}", model=target)


class Encodes(Protocol):
    """What is asked of a model that embeds stored texts."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of unit length, shape (len(texts), dim)."""


def embed_windows(
    document: Document,
    encoder: Encodes,
    progress: Callable[[int], object] | None = None,
    known: Mapping[str, np.ndarray] | None = None,
) -> tuple[Window, ...]:
    """The vectors of all passages of a document, in batches; `progress` is called with the number of texts just done.

    `known`: vectors that the same model made before, per text.
    """
    places = [place for passage in document.passages for place in window_places(passage)]
    vectors = dict(known or {})
    new = unembedded(document, vectors)
    # in one batch all texts are made as long as the longest: questions among passages would take twice the time
    new.sort(key=len)
    for at in range(0, len(new), BATCH):
        batch = new[at : at + BATCH]
        vectors.update(zip(batch, encoder.encode(batch), strict=True))
        if progress is not None:
            progress(len(batch))
    return tuple(Window(p.id, p.passage, document.source.id, p.start, p.end, vectors[p.text]) for p in places)


def unembedded(document: Document, known: Container[str]) -> list[str]:
    """The texts of a document that have no vector yet, each once, in their order."""
    texts = (place.text for passage in document.passages for place in window_places(passage))
    return [text for text in dict.fromkeys(texts) if text not in known]


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """A window before it has its vector: `text` is what is embedded."""

    id: str
    passage: str
    start: int
    end: int
    text: str


def window_places(passage: Passage) -> list[WindowPlace]:
    """What gets a vector of a passage: its runs of sentences below their heading, its sentences, its stored questions.

    A run is found by what it is about, a sentence by what it says itself, a question by who asks the same.
    """
    heading = f"{passage.section[-1]}. " if passage.section else ""
    places = [
        WindowPlace(
            f"{passage.id}:{start - passage.start}", passage.id, start, end, heading + _between(passage, start, end)
        )
        for start, end in window_spans(passage)
    ]
    for number, one in enumerate(passage.sentences):
        text = _between(passage, one.start, one.end)
        places.append(WindowPlace(sentence_window(passage.id, number), passage.id, one.start, one.end, text))
    for number, question in enumerate(passage.questions):
        sentence = passage.sentences[question.sentence]
        places.append(WindowPlace(f"{passage.id}:q{number}", passage.id, sentence.start, sentence.end, question.text))
    return places


def sentence_window(passage: str, number: int) -> str:
    """The id of the window that holds one sentence of a passage."""
    return f"{passage}:s{number}"


def _between(passage: Passage, start: int, end: int) -> str:
    return passage.text[start - passage.start : end - passage.start]


def window_spans(passage: Passage) -> list[tuple[int, int]]:
    """Runs of whole sentences of at most WINDOW_CHARACTERS (a longer sentence stands alone), covering the passage."""
    spans: list[tuple[int, int]] = []
    for sentence in passage.sentences:
        if spans and sentence.end - spans[-1][0] <= WINDOW_CHARACTERS:
            spans[-1] = (spans[-1][0], sentence.end)
        else:
            spans.append((sentence.start, sentence.end))
    return spans or [(passage.start, passage.end)]


def _fingerprint(folder: Path) -> str:
    """A short hash over names, sizes and small files of a model folder: reading the weights whole would cost a second.

    What is written about the model, in its .md files, is no part of it.
    """
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".md"):
        digest.update(f"{path.relative_to(folder)}:{path.stat().st_size}".encode())
        if path.stat().st_size < 100_000:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
