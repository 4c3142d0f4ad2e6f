"""Questions that a chat model proposes for a section of a document: checked here, confirmed by an editor, then stored.

What is confirmed stands in the document's file of questions, as what editors write there themselves, and is found by it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from assistant.errors import IngestError, UnknownSourceError, WelwijzerError
from assistant.generation.proposals import answered_there, proposed, resembles
from assistant.injection import ordering
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import QUOTABLE, Document, Passage, StoredQuestion
from assistant.verify import Citable
from ingest import pipeline, questions, shelf
from ingest.encoder import LazyEncoder
from ingest.questions import Group

if TYPE_CHECKING:
    from assistant.generation.model import Call
    from assistant.generation.writer import Writer
    from assistant.retrieve import Retriever

MOST_PASSAGES = 8  # of one section: one request each
MAX_QUOTE = 300  # characters, of the 400 that a file of questions takes


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question with the place that answers it: `quote` is how its sentence begins, literally, `sentence` all of it."""

    text: str
    quote: str
    sentence: str


def sections(document: Document) -> tuple[tuple[str, ...], ...]:
    """The sections that have something to answer with, in order."""
    return tuple(dict.fromkeys(p.section for p in document.passages if p.kind in QUOTABLE and p.sentences))


def proposals(
    document: Document,
    section: tuple[str, ...],
    writer: Writer,
    retriever: Retriever,
    user: str = "",
    cancelled: Event | None = None,
) -> tuple[Proposal, ...]:
    """Questions that this section answers, by the model and by our own retrieval; none is stored already, or nearly so.

    Raises IngestError ("spent") for a user without budget.
    """
    if not writer.may_ask(user):
        raise IngestError("no budget left today", why="spent")
    call = writer.call(cancelled)
    try:
        return tuple(_checked(document, section, retriever, writer, call))
    finally:
        writer.settle(user, call)


def _checked(
    document: Document, section: tuple[str, ...], retriever: Retriever, writer: Writer, call: Call
) -> Iterator[Proposal]:
    view = retriever.view()
    known = [q.text for held in view.documents.values() for passage in held.passages for q in passage.questions]
    passages = [p for p in document.passages if p.section == section and p.kind in QUOTABLE]
    for passage in passages[:MOST_PASSAGES]:
        allowed = frozenset(range(len(passage.sentences))) - ordering(passage)
        for question in proposed(writer.model, Citable(passage, document.source.title, allowed), call):
            made = _placed(document, passage, question)
            if made is None or any(resembles(made.text, other) for other in known):
                continue
            if answered_there(made.text, passage, retriever):
                known.append(made.text)
                yield made


def confirm(
    source_id: str, chosen: Sequence[Proposal], settings: Settings, library: Library, encoder: LazyEncoder
) -> Document:
    """Store what an editor confirmed with the document's questions, and make it findable.

    Raises UnknownSourceError, QuestionsError for a file that can't be read, IngestError ("shelf", "full"), and what
    `pipeline.ingest` raises; the file is then as it was.
    """
    item = shelf.item_of(settings, source_id)
    if item is None or source_id not in library.signatures():
        raise UnknownSourceError(f"no source {source_id!r}", id=source_id)
    with library.writer(), shelf.writing(settings, item.questions.parent):
        before = item.questions.read_text(encoding="utf-8") if item.questions.is_file() else None
        held = questions.load(item.questions, source_id)
        fresh = _grouped(chosen, {text for group in held for text in group.ask})
        if fresh:
            _write(item.questions, _with(before, source_id, fresh))
            questions.load(item.questions, source_id)
    try:
        document = pipeline.ingest(item, library, encoder)
    except WelwijzerError:
        with shelf.writing(settings, item.questions.parent):
            _restore(item.questions, before)
        raise
    if document is not None:
        pipeline.follow(settings, library)
    return document or library.document(source_id)


def _placed(document: Document, passage: Passage, question: StoredQuestion) -> Proposal | None:
    """The question with a quotation that leads to its sentence and to no other; None where there is none."""
    at = passage.sentences[question.sentence]
    whole = passage.text[at.start - passage.start : at.end - passage.start]
    quote = " ".join(whole.split())
    if len(quote) > MAX_QUOTE:
        quote = quote[:MAX_QUOTE].rpartition(" ")[0]
    found = questions.attach(document, [Group(quote=quote, ask=(question.text,))]) if quote else document
    there = [(p.id, q.sentence) for p in found.passages for q in p.questions if q.text == question.text]
    if there != [(passage.id, question.sentence)]:
        return None
    return Proposal(question.text, quote, " ".join(whole.split()))


def _grouped(chosen: Sequence[Proposal], known: set[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for one in chosen:
        if one.text not in known:
            groups[one.quote].append(one.text)
    return dict(groups)


def _with(before: str | None, source_id: str, groups: dict[str, list[str]]) -> str:
    """The file with these groups behind what stands there; its remarks stay."""
    lines = [] if before is not None else [f"source: {json.dumps(source_id)}", "questions:"]
    for quote, asked in groups.items():
        lines += [f"  - quote: {json.dumps(quote, ensure_ascii=False)}", "    ask:"]
        lines += [f"      - {json.dumps(text, ensure_ascii=False)}" for text in asked]
    return "\n".join([*([before.rstrip("\n")] if before is not None else []), *lines]) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    shelf.write_durably(fresh, text.encode())
    fresh.replace(path)


def _restore(path: Path, before: str | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, before)
