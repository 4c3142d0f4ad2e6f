"""Holds the library, its indexes and the originals against each other: nothing lost, doubled or stale."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from assistant import dutch, texts_nl
from assistant.embedding import window_places
from assistant.errors import LibraryDamagedError
from assistant.lexical import LexicalIndex
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Document, Window
from assistant.vectors import VectorIndex
from ingest.differences import differences
from ingest.encoder import LazyEncoder

OWN_WORDS_RANK = 10  # a passage has to be among this many for its own words
UNIT = 1e-3  # how far a vector's length may be from 1


def problems(settings: Settings, library: Library, encoder: LazyEncoder) -> list[str]:
    """All that is wrong, one Dutch line each; empty when all is well. Raises ManifestError, LibraryError."""
    damage = [_line("damaged", problem=problem) for problem in library.damage()]
    try:
        found = damage + [one.line for one in differences(settings, library, encoder.name) if one.what != "successor"]
        _, documents, windows = library.snapshot()
    except LibraryDamagedError:
        return damage
    by_passage: dict[str, list[Window]] = defaultdict(list)
    for window in windows:
        by_passage[window.passage].append(window)
    for document in documents:
        found += _document(document, by_passage)
    passages = {passage.id for document in documents for passage in document.passages}
    found += [_line("orphan", id=w.source, window=w.id) for w in windows if w.passage not in passages]
    found += _vectors(windows)
    found += _doubled(documents)
    found += _own_words(documents)
    index = VectorIndex.open(settings.chroma_path, library)
    try:
        found += [_line("index", problem=problem) for problem in index.check()]
    finally:
        index.close()
    return found


def _line(key: str, **details: object) -> str:
    return texts_nl.VERIFY[key].format(**details)


def _document(document: Document, by_passage: dict[str, list[Window]]) -> Iterator[str]:
    """Whether text, passages, sentences and windows of one document agree."""
    name = document.source.id
    if hashlib.sha256(document.text.encode("utf-8")).hexdigest() != document.version:
        yield _line("text", id=name)
    for passage in document.passages:
        if document.text[passage.start : passage.end] != passage.text:
            yield _line("passage", id=name, passage=passage.id)
        if passage.version != document.version:
            yield _line("passage_version", id=name, passage=passage.id)
        if any(not passage.start <= s.start < s.end <= passage.end for s in passage.sentences):
            yield _line("sentence", id=name, passage=passage.id)
        places = sorted((window.id, window.start, window.end) for window in by_passage.get(passage.id, ()))
        if places != sorted((place.id, place.start, place.end) for place in window_places(passage)):
            yield _line("windows", id=name, passage=passage.id)


def _vectors(windows: tuple[Window, ...]) -> Iterator[str]:
    """Whether all vectors have one length in numbers and length 1 in space."""
    sizes = Counter(len(window.vector) for window in windows)
    usual = sizes.most_common(1)[0][0] if sizes else 0
    for window in windows:
        if len(window.vector) != usual or not abs(float(np.linalg.norm(window.vector)) - 1.0) <= UNIT:
            yield _line("vector", id=window.source, window=window.id)


def _doubled(documents: tuple[Document, ...]) -> Iterator[str]:
    first: dict[str, str] = {}
    for document in documents:
        other = first.setdefault(document.version, document.source.id)
        if other != document.source.id:
            yield _line("doubled", id=document.source.id, other=other)


def _own_words(documents: tuple[Document, ...]) -> Iterator[str]:
    """Whether BM25 over a passage's own words ranks it among the first; fewer than so many may score higher."""
    passages = [passage for document in documents for passage in document.passages]
    index = LexicalIndex(passages, {document.source.id: document.source.title for document in documents})
    for number, passage in enumerate(index.passages):
        keys = {key for word in dutch.words(passage.text) for key in index.analyse(word)}
        columns = [column for key in keys if (column := index.text_field.column(key)) is not None]
        if not keys:
            continue  # a passage of function words alone has nothing to be found by
        scores = np.sum(columns, axis=0) if columns else np.zeros(len(index.passages))
        if scores[number] <= 0 or np.count_nonzero(scores > scores[number]) >= OWN_WORDS_RANK:
            yield _line("own_words", id=passage.source, passage=passage.id)
