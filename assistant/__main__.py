"""Command line: `python -m assistant ask|search|brief`. JSON on stdout alone, everything else on stderr."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from assistant import texts_nl
from assistant.console import DONE, FAILED, INTERRUPTED, Parser
from assistant.errors import QuestionError, WelwijzerError
from assistant.settings import Settings
from assistant.types import SECTORS, Answer, Evidence, Turn
from assistant.wiring import open_assistant, quiet

if TYPE_CHECKING:
    from assistant.answer import Assistant
    from assistant.export import Paper


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 a named failure, 2 wrong usage."""
    parsed = _parser().parse_args(arguments)
    quiet()
    try:
        if parsed.command != "brief" and parsed.batch is None and parsed.question is None:
            raise QuestionError("no question", why="empty")
        assistant = open_assistant(Settings.from_env())
        if parsed.command != "search":
            _tell_place(assistant)
        if parsed.command == "brief":
            _brief(assistant, parsed)
        elif parsed.batch is not None:
            _batch(assistant, parsed)
        elif parsed.command == "ask":
            _print(_ask(assistant, parsed, {"question": parsed.question}), parsed.json, _answer_lines)
        else:
            _print(_search(assistant, parsed, {"question": parsed.question}), parsed.json, _passage_lines)
        sys.stdout.flush()
    except WelwijzerError as error:
        print(texts_nl.error_line(error), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of our output went away; without this Python complains once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _parser() -> Parser:
    parser = Parser(prog="python -m assistant", description=texts_nl.HELP["assistant"])
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    for name in ("ask", "search"):
        command = commands.add_parser(name, help=texts_nl.HELP[name])
        command.add_argument("question", nargs="?", help=texts_nl.HELP["question"])
        command.add_argument("--sector", choices=SECTORS, help=texts_nl.HELP["sector"])
        command.add_argument("--source", action="append", default=[], metavar="ID", help=texts_nl.HELP["source"])
        command.add_argument("--batch", type=Path, metavar="FILE.jsonl", help=texts_nl.HELP["batch"])
        command.add_argument("--json", action="store_true", help=texts_nl.HELP["json"])
        command.set_defaults(k=10)
    commands.choices["search"].add_argument("-k", type=_count, default=10, help=texts_nl.HELP["k"])
    brief = commands.add_parser("brief", help=texts_nl.HELP["brief"])
    brief.add_argument("--sector", choices=SECTORS, required=True, help=texts_nl.HELP["brief_sector"])
    brief.add_argument("--theme", action="append", default=[], help=texts_nl.HELP["theme"])
    brief.add_argument("--context", default="", help=texts_nl.HELP["context"])
    brief.add_argument("-o", type=_paper_file, metavar="FILE", dest="output", help=texts_nl.HELP["output"])
    brief.add_argument("--json", action="store_true", help=texts_nl.HELP["json"])
    return parser


def _tell_place(assistant: Assistant) -> None:
    """Say where questions go, before the first one does."""
    if assistant.writer is not None:
        model = assistant.writer.model
        print(texts_nl.CHAT_PLACE.format(model=model.name, place=model.place), file=sys.stderr)


def _paper_file(value: str) -> Path:
    if Path(value).suffix.lower() not in (".docx", ".md"):
        raise argparse.ArgumentTypeError(".docx|.md")
    return Path(value)


def _brief(assistant: Assistant, parsed: argparse.Namespace) -> None:
    """Make a brief and write it to a file, or print it; notices are for the adviser and go to stderr."""
    from assistant.brief import brief_for
    from assistant.export import brief_paper
    from assistant.export_markdown import readable

    brief = brief_for(assistant, parsed.sector, parsed.theme, parsed.context)
    paper = brief_paper(brief, date.today())
    if parsed.output is not None:
        _write(paper, parsed.output)
    if parsed.json:
        print(json.dumps(brief.as_json(), ensure_ascii=False, indent=2))
    elif parsed.output is None:
        print(readable(paper))
    for line in brief.notices:
        print(line, file=sys.stderr)
    if parsed.output is not None:
        print(texts_nl.BRIEF_SAVED.format(file=parsed.output), file=sys.stderr if parsed.json else sys.stdout)


def _write(paper: Paper, file: Path) -> None:
    from assistant.export_docx import docx
    from assistant.export_markdown import markdown

    written = docx(paper) if file.suffix.lower() == ".docx" else markdown(paper).encode()
    try:
        file.write_bytes(written)
    except OSError as error:
        raise QuestionError(str(error), why="unwritable", file=str(file)) from error


def _count(value: str) -> int:
    number = int(value)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("1..1000")
    return number


def _ask(assistant: Assistant, parsed: argparse.Namespace, line: dict[str, Any]) -> Answer:
    question, history = _conversation(assistant, parsed, line)
    answer = assistant.ask(question, history, line.get("sector") or parsed.sector, _sources(assistant, parsed))
    return replace(answer, id=str(line.get("id", "")))


def _search(assistant: Assistant, parsed: argparse.Namespace, line: dict[str, Any]) -> list[dict[str, Any]]:
    question, history = _conversation(assistant, parsed, line)
    sector = line.get("sector") or parsed.sector
    return _passages(assistant.search(question, parsed.k, history, sector, _sources(assistant, parsed)))


def _sources(assistant: Assistant, parsed: argparse.Namespace) -> tuple[str, ...]:
    for source in parsed.source:
        assistant.library.document(source)
    return tuple(parsed.source)


def _conversation(
    assistant: Assistant, parsed: argparse.Namespace, line: dict[str, Any]
) -> tuple[str, tuple[Turn, ...]]:
    """The last question of a line, and the turns before it with what each was answered: "de laatste" is one of those."""
    turns = line.get("turns") or [line.get("question")]
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise QuestionError("a line needs `question` or `turns`", why="unreadable")
    sector = line.get("sector")
    if sector is not None and sector not in SECTORS:
        raise QuestionError("unknown sector", why="sector", sector=sector)
    history: tuple[Turn, ...] = ()
    for turn in turns[:-1]:
        answer = assistant.ask(turn, history, sector or parsed.sector, _sources(assistant, parsed))
        history = (*history, Turn(turn, answer.text, sector or parsed.sector))
    return turns[-1], history


def _batch(assistant: Assistant, parsed: argparse.Namespace) -> None:
    """One JSON object per line, in order, flushed as it goes; a bad line gives its error and the batch goes on."""
    try:
        lines = parsed.batch.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise QuestionError(str(error), why="file", file=str(parsed.batch)) from error
    with lines:
        for record in _batch_records(assistant, parsed, lines):
            print(json.dumps(record, ensure_ascii=False), flush=True)


def _batch_records(assistant: Assistant, parsed: argparse.Namespace, lines: TextIO) -> Iterator[dict[str, Any]]:
    for raw in lines:
        if not raw.strip():
            continue
        identity = None
        try:
            line = json.loads(raw)
            if not isinstance(line, dict):
                raise QuestionError("not an object", why="unreadable")
            identity = line.get("id")
            if parsed.command == "ask":
                yield _ask(assistant, parsed, line).as_json() | {"id": identity}
            else:
                yield {"id": identity, "passages": _search(assistant, parsed, line)}
        except (ValueError, RecursionError):
            yield {"id": identity, "error": texts_nl.error_line(QuestionError("not JSON", why="unreadable"))}
        except WelwijzerError as error:
            yield {"id": identity, "error": texts_nl.error_line(error)}


def _passages(evidence: Evidence) -> list[dict[str, Any]]:
    return [
        {
            "source": hit.passage.source,
            "page": hit.passage.page,
            "section": " > ".join(hit.passage.section),
            "kind": str(hit.passage.kind),
            "text": hit.passage.text,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": round(hit.score, 6),
        }
        for hit in evidence.hits
    ]


def _print(result: Any, as_json: bool, lines: Callable[[Any], Iterator[str]]) -> None:  # noqa: ANN401 - answer or passages
    if as_json:
        plain = result.as_json() if isinstance(result, Answer) else result
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines(result)))


def _answer_lines(answer: Answer) -> Iterator[str]:
    yield from answer.notices
    if answer.read_as:
        yield texts_nl.READ_AS.format(text=answer.read_as) + "\n"
    yield answer.text
    if answer.missing and answer.outcome != "answered":
        yield "\n" + texts_nl.MISSING.format(missing=", ".join(answer.missing))
    for heading, citations in ((texts_nl.SOURCES, answer.citations), (texts_nl.NEAREST, answer.nearest)):
        if citations:
            yield "\n" + heading
        for c in citations:
            place = texts_nl.PAGE.format(page=c.page_label or c.page) if c.page else c.section
            quote = "" if heading == texts_nl.SOURCES else f" “{' '.join(c.quote.split())}”"
            yield f"[{c.number}] {c.title} ({c.publisher}, {c.published or texts_nl.NO_DATE}), {place}{quote}"


def _passage_lines(passages: list[dict[str, Any]]) -> Iterator[str]:
    for number, passage in enumerate(passages, 1):
        yield f"{number}. {passage['source']} | {passage['section']} | {passage['score']:.3f}\n{passage['text']}\n"


if __name__ == "__main__":
    sys.exit(main())
