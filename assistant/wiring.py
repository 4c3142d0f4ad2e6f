"""Puts the parts together from the settings; used by the command lines, the app and the evaluations."""

from __future__ import annotations

import gc
import io
import logging
import os
import sys
from typing import TYPE_CHECKING

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answer import Assistant
    from assistant.generation.writer import Writer
    from assistant.thesaurus import Thesaurus


def quiet() -> None:
    """Before anything is imported: no telemetry, no model hub's progress bars, warnings on stderr alone, UTF-8 out."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)  # a model that is not there is told in Dutch
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # half a character is written as \ud83c, which is what JSON writes as well
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def open_assistant(settings: Settings, with_questions: bool = True) -> Assistant:
    """The library, its indexes and the model, ready for questions; without the stored ones where that is measured.

    Raises LibraryEmptyError before the model is loaded when there is nothing to answer from, LibraryError, ModelError, and
    SettingsError for a chat model that can't be used.
    """
    # what is opened here stays: looking for garbage among it, now and later, costs time alone (see `embedding`)
    gc.disable()
    try:
        return _opened(settings, with_questions)
    finally:
        gc.enable()
        gc.freeze()


def _opened(settings: Settings, with_questions: bool) -> Assistant:
    from assistant.answer import Assistant
    from assistant.embedding import load_encoder
    from assistant.errors import LibraryEmptyError
    from assistant.library import Library
    from assistant.retrieve import Retriever
    from assistant.thesaurus import Thesaurus
    from assistant.vectors import VectorIndex

    library = Library.open(settings.library_path)
    if not library.sources():
        raise LibraryEmptyError("no documents")
    thesaurus = Thesaurus.load(settings.corpus / "thesaurus.toml")
    encoder = load_encoder(settings)
    vectors = VectorIndex.open(settings.chroma_path, library)
    retriever = Retriever(library, vectors, encoder, thesaurus, with_questions)
    return Assistant(library, retriever, _writer(settings, thesaurus) if settings.chat_model else None)


def _writer(settings: Settings, thesaurus: Thesaurus) -> Writer:
    """The chat model of the settings, with its budget and, where one is set, the model for inference. Raises SettingsError."""
    from assistant.entailment import load_entailment
    from assistant.generation.allowance import Allowance
    from assistant.generation.model import open_chat
    from assistant.generation.writer import Writer
    from assistant.verify import prepare

    logging.getLogger("assistant.generation").setLevel(logging.INFO)  # token counts; never a text
    model = open_chat(settings.chat_model or "")
    entailment = load_entailment(settings.nli_model) if settings.nli_model else None
    prepare()
    return Writer(model, Allowance(settings.data, settings.chat_daily_tokens), thesaurus, entailment)
