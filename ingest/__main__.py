"""Command line: `python -m ingest build|add|remove|status|show|verify`. JSON on stdout alone, all else on stderr."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Never

from assistant import texts_nl
from assistant.console import DONE, FAILED, INTERRUPTED, Parser
from assistant.errors import IngestError, WelwijzerError
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import SECTORS
from assistant.wiring import quiet

if TYPE_CHECKING:
    from ingest.pipeline import Progress

# The modules that read and embed take half a second to import; each command imports only what it needs.


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 a named failure, 2 wrong usage, 130 interrupted."""
    parsed = _parser().parse_args(arguments)
    quiet()
    try:
        settings = Settings.from_env()
        library = Library.open(settings.library_path)
        try:
            _COMMANDS[parsed.command](parsed, settings, library)
        finally:
            library.close()
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


def _parser() -> Parser:
    words = texts_nl.INGEST_HELP
    parser = Parser(prog="python -m ingest", description=words["ingest"])
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    for name in _COMMANDS:
        commands.add_parser(name, help=words[name], description=words[name], allow_abbrev=False)
    for name in ("remove", "show"):
        commands.choices[name].add_argument("source_id", metavar="ID", help=words["source_id"])
    for name in ("status", "show"):
        commands.choices[name].add_argument("--json", action="store_true", help=words["json"])
    add = commands.choices["add"]
    add.add_argument("target", metavar="PATH_OR_URL", help=words["target"])
    for name in ("id", "title", "published", "url"):
        add.add_argument(f"--{name}", help=words[name])
    add.add_argument("--publisher", action="append", default=[], help=words["publisher"])
    add.add_argument("--sector", action="append", default=[], choices=SECTORS, help=words["sector"])
    return parser


def _build(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.encoder import LazyEncoder
    from ingest.pipeline import build

    with _progress() as progress:
        report = build(settings, library, LazyEncoder.configured(settings), progress)
    for name, error in report.failed:
        _tell(texts_nl.INGEST_FAILED.format(id=name, line=texts_nl.error_line(error)))
    counts = {name: len(getattr(report, name)) for name in ("taken_in", "unchanged", "removed", "failed")}
    print(texts_nl.INGEST_BUILT.format(**counts))
    if report.failed:
        raise IngestError("not all documents were taken in", why="incomplete", count=len(report.failed))


def _add(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.encoder import LazyEncoder
    from ingest.intake import Fields, add

    fields = Fields(
        id=parsed.id,
        title=parsed.title,
        publishers=tuple(parsed.publisher),
        published=parsed.published,
        sectors=tuple(dict.fromkeys(parsed.sector)),
        url=parsed.url,
    )
    with _progress() as progress:
        document = add(parsed.target, fields, settings, library, LazyEncoder.configured(settings), progress)
    for warning in document.warnings:
        _tell(texts_nl.INGEST_WARNING.format(warning=warning).strip())
    print(document.source.id)


def _remove(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    from ingest.pipeline import remove

    remove(parsed.source_id, settings, library)
    withdrawn = parsed.source_id in library.withdrawn()
    text = texts_nl.INGEST_WITHDRAWN if withdrawn else texts_nl.INGEST_REMOVED
    print(text.format(id=parsed.source_id))


def _status(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    statuses, withdrawn = library.statuses(), sorted(library.withdrawn())
    if parsed.json:
        record = {"documents": [asdict(status) for status in statuses], "withdrawn": withdrawn}
        print(json.dumps(record, ensure_ascii=False, indent=2))
        return
    if not statuses:
        print(texts_nl.INGEST_EMPTY)
    for status in statuses:
        pages = texts_nl.INGEST_PAGES.format(count=status.pages) if status.pages else texts_nl.INGEST_NO_PAGES
        values = asdict(status) | {"version": status.version[:12], "pages": pages}
        print(texts_nl.INGEST_LINE.format(**values))
        for warning in status.warnings:
            print(texts_nl.INGEST_WARNING.format(warning=warning))
    for name in withdrawn:
        print(texts_nl.INGEST_WITHDRAWN_LINE.format(id=name))


def _show(parsed: argparse.Namespace, settings: Settings, library: Library) -> None:
    document = library.document(parsed.source_id)
    if not parsed.json:
        print(document.text)
        for warning in document.warnings:
            _tell(texts_nl.INGEST_WARNING.format(warning=warning).strip())
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
    "remove": _remove,
    "status": _status,
    "show": _show,
    "verify": _verify,
}


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on stderr that appears with the first text to embed, and only where a person is watching."""
    from tqdm import tqdm

    bar: tqdm[Never] | None = None

    def tell(name: str, done: int, more: int) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(total=0, desc=texts_nl.INGEST_PROGRESS, unit="", disable=None, leave=False)
        bar.total = (bar.total or 0) + more
        bar.set_postfix_str(name, refresh=False)
        bar.update(done)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.close()


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
