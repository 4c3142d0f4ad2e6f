"""Runs commands on a library in children forked from one process, so that 300 of them need not import everything anew.

One JSON line in per command; out come the child's process id as soon as it runs, and its wait status when it ended.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401 - imported once, before the children are forked
import school
import torch  # noqa: F401 - as chromadb; a question's vector asks it for its threads

import ingest.__main__ as command_line
from assistant.answer import Assistant
from assistant.embedding import Encoder, model_name
from assistant.lexical import LexicalIndex
from assistant.library import Library
from assistant.retrieve import Retriever
from assistant.settings import Settings
from assistant.thesaurus import Thesaurus
from assistant.understand import understand
from assistant.vectors import VectorIndex
from ingest import check, pipeline, rebuild, shelf, talk  # noqa: F401 - as chromadb
from ingest.encoder import LazyEncoder
from ingest.intake import Fields, add
from ingest.passages import assemble
from ingest.read import read
from ingest.signature import signature_of

QUESTIONS = ("Wat is de basis van welbevinden op school?", "Wie ziet als eerste dat een leerling stiller wordt?")


def encoder(settings: Settings) -> LazyEncoder:
    """Vectors of letter trigrams under the configured model's name: no command that embeds nothing needs the model."""
    return LazyEncoder(model_name(settings), school.trigram_encoder)


def run(task: dict[str, Any], settings: Settings) -> int:
    """Do one task; those that embed nothing go through the command line itself."""
    if task["do"] == "rebuild":
        return len(rebuild.rebuild(settings, encoder(settings)).failed)
    if task["do"] in ("add", "build"):
        library = Library.open(settings.library_path)
        try:
            if task["do"] == "build":
                pipeline.build(settings, library, encoder(settings))
            else:
                fields = Fields(id=task.get("id"), title=task.get("title"))
                add(task["target"], fields, settings, library, encoder(settings), replaces=task.get("replaces"))
        finally:
            library.close()
        return 0
    if task["do"] == "state":
        Path(task["out"]).write_text(json.dumps(state(settings, task["ask"])), encoding="utf-8")
        return 0
    return command_line.main([task["do"], *task.get("arguments", ())])


def state(settings: Settings, ask: bool) -> dict[str, Any]:
    """What the library holds and answers, in a form that two libraries of one content share."""
    library = Library.open(settings.library_path)
    vectors = hashlib.sha256()
    for window in library.windows():
        vectors.update(f"{window.id} {window.start} {window.end}".encode() + window.vector.tobytes())
    held: dict[str, Any] = {
        "versions": {source.id: library.document(source.id).version for source in library.sources()},
        "entries": [repr(source) for source in library.sources()],
        "withdrawn": sorted(library.withdrawn()),
        "passages": [[passage.id, passage.version, passage.text] for passage in library.passages()],
        "vectors": vectors.hexdigest(),
        "shelf": {
            path.relative_to(settings.added_path).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(settings.added_path.rglob("*"))
            if path.is_file() and "previous" not in path.parts
        },
    }
    if ask:
        index = VectorIndex.open(settings.chroma_path, library)
        thesaurus = Thesaurus.load(settings.corpus / "thesaurus.toml")
        model = Encoder(school.TrigramModel(), model_name(settings))  # type: ignore[arg-type]
        assistant = Assistant(library, Retriever(library, index, model, thesaurus))
        held["chroma"] = index.through_chroma
        held["answers"] = [assistant.ask(question).text for question in QUESTIONS]
        index.close()
    library.close()
    return held


def warm(settings: Settings) -> None:
    """Load what is loaded on first use: word lists, rules, the hash of the code."""
    item = shelf.corpus_items(settings)[0]
    signature_of(item, item.content(), "")
    document = assemble(item.source, read(item.content(), item.original.name), "")
    thesaurus = Thesaurus.load(settings.corpus / "thesaurus.toml")
    understand(QUESTIONS[0], (), LexicalIndex(document.passages, {}), thesaurus)


def main() -> None:
    warm(Settings.from_env())
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 99
            try:
                task = json.loads(line)
                os.environ |= task["environment"]
                code = run(task, Settings.from_env())
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)  # noqa: T201 - what it is asked for
        print(os.waitpid(child, 0)[1], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
