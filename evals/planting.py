"""A copy of the library with documents put in the way an editor adds them: for cases about what a document may try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answer import Assistant
from assistant.library import Library
from assistant.retrieve import Retriever
from assistant.settings import Settings
from assistant.vectors import VectorIndex
from ingest.encoder import LazyEncoder
from ingest.intake import Fields, add


@contextmanager
def planted(assistant: Assistant, settings: Settings, files: Sequence[Path]) -> Iterator[Assistant]:
    """Give an assistant like the one given whose library also holds `files`, each under its file's stem as source id.

    The library itself is not touched. Raises what `ingest.intake.add` raises.
    """
    encoder = assistant.retriever.encoder
    with TemporaryDirectory(prefix="welwijzer-planted-", ignore_cleanup_errors=True) as folder:
        own = replace(settings, data=Path(folder))
        library = Library.open(own.library_path)
        _copy(assistant.library, library)
        for file in files:
            add(str(file), Fields(id=file.stem), own, library, LazyEncoder(encoder.name, lambda: encoder))
        vectors = VectorIndex.open(own.chroma_path, library)
        try:
            yield Assistant(library, Retriever(library, vectors, encoder, assistant.retriever.thesaurus))
        finally:
            vectors.close()
            library.close()


def _copy(old: Library, new: Library) -> None:
    model = old.embedding_model() or ""
    for ordinal, source in enumerate(old.sources()):
        signature = old.signature(source.id) or ""
        new.replace(old.document(source.id), old.windows(source.id), signature, model, ordinal)
