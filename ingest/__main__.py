"""Command line: `python -m ingest build|add|edit|…`. JSON on stdout alone, questions and all else on stderr."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant import texts_nl
from assistant.console import DONE, FAILED, INTERRUPTED, Parser
from assistant.errors import IngestError, ModelError, WelwijzerError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import SECTORS, Document
from assistant.wiring import quiet

if TYPE_CHECKING:
    from ingest.pipeline import Report

# The modules that read and embed take half a second to import; each command imports only what it needs.


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 a named failure, 2 wrong usage, 130 interrupted."""
    parsed = _parser().parse_args(arguments)
    quiet()
    try:
        settings = Settings.from_env()
        if parsed.command == "rebuild":
            _rebuild(settings)
        else:
            _on_library(parsed, settings)
        sys.stdout.flush()
    except WelwijzerError as error:
        _tell(texts_nl.error_line(error))
        return FAILED
    except KeyboardInterrupt:
        _tell(texts_nl.INGEST_STOPPED)
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of our output went away; without this Python complains once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _on_library(parsed: argparse.Namespace, settings: Settings) -> None:
    from ingest import staging

    library = Library.open(settings.library_path)
    try:
        staging.recover(settings, library)
        _COMMANDS[parsed.command](parsed, settings, library)
    finally:
        library.close()


def _parser() -> Parser:
    words = texts_nl.INGEST_HELP
    parser = Parser(prog="python -m ingest", description=words["ingest"])
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    for name in (*_COMMANDS, "rebuild"):
        commands.add_parser(name, help=words[name], description=words[name], allow_abbrev=False)
    commands.choices["propose"].add_argument("--section", help=words["section"])
    for name in ("remove", "show", "edit", "supersede", "undo", "propose"):
        commands.choices[name].add_argument("source_id", metavar="ID", help=words["source_id"])
    for name in ("status", "show"):
        commands.choices[name].add_argument("--json", action="store_true", help=words["json"])
    for name in ("build", "add"):
        commands.choices[name].add_argument("--yes", action="store_true", help=words["yes"])
    add, edit, supersede = (commands.choices[name] for name in ("add", "edit", "supersede"))
    add.add_argument("target", metavar="PATH_OR_URL", help=words["target"])
    add.add_argument("--replace", metavar="ID", help=words["replace"])
    add.add_argument("--id", help=words["id"])
    for command, several in ((add, ""), (edit, "s")):
        for name in ("title", "published", "url"):
            command.add_argument(f"--{name}", help=words[name].split(";")[0] if several else words[name])
        command.add_argument("--publisher", action="append", default=[], help=words["publisher" + several])
        command.add_argument("--sector", action="append", default=[], choices=SECTORS, help=words["sector" + several])
    supersede.add_argument("newer", metavar="NEW", nargs="?", help=words["newer"])
    supersede.add_argument("--none", action="store_true", help=words["none"])
    supersede.add_argument("--date", help=words["date"])
    return parser


def _build(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.bar import progress
    from ingest.encoder import LazyEncoder
    from ingest.pipeline import build
    from ingest.talk import may_remove

    with progress() as bar:
        report = build(settings, library, LazyEncoder.configured(settings), bar, may_remove(parsed.yes))
    _told(report)


def _rebuild(settings: Settings) -> None:
    from ingest.bar import progress
    from ingest.encoder import LazyEncoder
    from ingest.rebuild import rebuild

    with progress() as bar:
        report = rebuild(settings, LazyEncoder.configured(settings), bar)
    _told(report)


def _told(report: Report) -> None:
    for name, error in report.failed:
        _tell(texts_nl.INGEST_FAILED.format(id=name, line=texts_nl.error_line(error)))
    counts = {name: len(getattr(report, name)) for name in ("taken_in", "unchanged", "removed", "failed")}
    print(texts_nl.INGEST_BUILT.format(**counts))
    if report.failed:
        raise IngestError("not all documents were taken in", why="incomplete", count=len(report.failed))


def _add(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.bar import progress
    from ingest.encoder import LazyEncoder
    from ingest.intake import Fields, add
    from ingest.talk import Talk

    fields = Fields(
        id=parsed.id,
        title=parsed.title,
        publishers=tuple(parsed.publisher),
        published=parsed.published,
        sectors=tuple(dict.fromkeys(parsed.sector)),
        url=parsed.url,
    )
    before, talk = set(library.signatures()), Talk(fields, parsed.yes)
    with progress() as bar:
        document = add(
            parsed.target,
            fields,
            settings,
            library,
            LazyEncoder.configured(settings),
            bar,
            replaces=parsed.replace,
            confirm=talk.confirm,
        )
    for line in talk.afterwards(document):
        _tell(line)
    _warn(document)
    if document.source.id in before:
        _tell(texts_nl.INGEST_REPLACED.format(id=document.source.id))
    print(document.source.id)


def _edit(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.editing import edit
    from ingest.encoder import LazyEncoder

    changes: dict[str, object] = {n: getattr(parsed, n) for n in ("title", "published", "url") if getattr(parsed, n)}
    if parsed.publisher:
        changes["publishers"] = tuple(parsed.publisher)
    if parsed.sector:
        changes["sectors"] = tuple(dict.fromkeys(parsed.sector))
    if not changes:
        raise IngestError("nothing to change", why="nothing")
    generation = library.generation()
    edit(parsed.source_id, changes, settings, library, LazyEncoder.configured(settings))
    changed = library.generation() != generation
    text = texts_nl.INGEST_EDITED if changed else texts_nl.INGEST_UNCHANGED
    print(text.format(id=parsed.source_id))


def _supersede(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.editing import supersede
    from ingest.encoder import LazyEncoder

    if bool(parsed.newer) == parsed.none or parsed.none and parsed.date:
        _parser().error(texts_nl.INGEST_SUPERSEDE_USAGE)
    supersede(parsed.source_id, parsed.newer, parsed.date, settings, library, LazyEncoder.configured(settings))
    if parsed.none:
        print(texts_nl.INGEST_NOT_SUPERSEDED.format(id=parsed.source_id))
        return
    words = texts_nl.superseded_by(library.document(parsed.newer).source.title, parsed.date)
    print(texts_nl.INGEST_SUPERSEDED.format(id=parsed.source_id, words=words))


def _undo(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.bar import progress
    from ingest.editing import undo
    from ingest.encoder import LazyEncoder

    with progress() as bar:
        undo(parsed.source_id, settings, library, LazyEncoder.configured(settings), bar)
    print(texts_nl.INGEST_UNDONE.format(id=parsed.source_id))


def _propose(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    """Let a chat model propose questions, have each confirmed, and store those that are."""
    from assistant.embedding import model_name
    from assistant.wiring import open_assistant
    from ingest.encoder import LazyEncoder
    from ingest.proposing import confirm, proposals, sections
    from ingest.talk import confirmed

    document = library.document(parsed.source_id)
    wanted = [path for path in sections(document) if parsed.section in (None, *path[-1:])]
    if not wanted:
        raise IngestError("no such section", why="no_section", id=parsed.source_id, section=parsed.section)
    if settings.chat_model is None:
        raise IngestError("no chat model", why="no_chat_model")
    assistant = open_assistant(settings)
    writer = assistant.writer
    assert writer is not None  # there is a chat model
    _tell(texts_nl.chat_place(writer.model.name, writer.model.place))
    found = (
        (" > ".join(path), one) for path in wanted for one in proposals(document, path, writer, assistant.retriever)
    )
    chosen = confirmed(found)
    if chosen:
        encoder = LazyEncoder(model_name(settings), lambda: assistant.retriever.encoder)
        confirm(parsed.source_id, chosen, settings, library, encoder)
        print(texts_nl.questions_stored(len(chosen), document.source.title))


def _remove(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.pipeline import remove

    remove(parsed.source_id, settings, library)
    withdrawn = parsed.source_id in library.withdrawn()
    text = texts_nl.INGEST_WITHDRAWN if withdrawn else texts_nl.INGEST_REMOVED
    print(text.format(id=parsed.source_id))


def _status(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest import listing
    from ingest.differences import differences
    from ingest.encoder import LazyEncoder

    try:
        model = LazyEncoder.configured(settings).name
    except ModelError as error:
        _tell(texts_nl.error_line(error))
        model = None
    statuses, withdrawn = library.statuses(), sorted(library.withdrawn())
    found = differences(settings, library, model)
    if parsed.json:
        record = {"documents": [asdict(status) for status in statuses], "withdrawn": withdrawn}
        record |= {"differences": [asdict(one) for one in found]}
        print(json.dumps(record, ensure_ascii=False, indent=2))
        return
    for line in listing.lines(statuses, withdrawn, found):
        print(line)


def _show(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    document = library.document(parsed.source_id)
    if not parsed.json:
        print(document.text)
        _warn(document)
        return
    record: dict[str, Any] = {"id": document.source.id, "title": document.source.title, "text": document.text}
    record |= {name: [asdict(part) for part in getattr(document, name)] for name in ("pages", "sections")}
    record |= {"warnings": document.warnings, "original_sha256": document.original_sha256}
    record |= {"version": document.version, "changes": [asdict(change) for change in document.changes]}
    print(json.dumps(record, ensure_ascii=False, indent=2))


def _verify(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.check import problems
    from ingest.encoder import LazyEncoder

    found = problems(settings, library, LazyEncoder.configured(settings))
    for line in found:
        print(line)
    if found:
        raise IngestError("library and indexes disagree", why="unsound", count=len(found))
    statuses = library.statuses()
    counts = {
        "documents": len(statuses),
        "passages": sum(status.passages for status in statuses),
        "windows": sum(status.windows for status in statuses),
    }
    print(texts_nl.INGEST_SOUND.format(**counts))


_COMMANDS: dict[str, Callable[[argparse.Namespace, Settings, Library], None]] = {
    "build": _build,
    "add": _add,
    "edit": _edit,
    "supersede": _supersede,
    "undo": _undo,
    "remove": _remove,
    "propose": _propose,
    "status": _status,
    "show": _show,
    "verify": _verify,
}


def _warn(document: Document) -> None:
    for warning in document.warnings:
        _tell(texts_nl.INGEST_WARNING.format(warning=warning).strip())


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
