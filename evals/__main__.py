"""Command line: `python -m evals run|compare|report`. Exit 0 done, 1 failed or below a limit, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, replace
from pathlib import Path

from tqdm import tqdm

from assistant.console import DONE, FAILED, INTERRUPTED, Parser
from assistant.errors import WelwijzerError
from assistant.settings import PROJECT, Settings
from assistant.wiring import open_assistant, quiet
from evals import texts
from evals.baselines import Retriever, all_baselines
from evals.cases import CASES_FOLDER, CasesError, load_cases
from evals.compare import RunError, compare, read_run
from evals.console import comparison_lines, run_lines, shortfall_line
from evals.run import Run, code_hash, evaluate, summary_of, times_of, write_run
from evals.thresholds import shortfalls


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parsed = _parser().parse_args(arguments)
    quiet()
    try:
        exit_code: int = parsed.command_of(parsed)
        return exit_code
    except CasesError as error:
        print(texts.say("problems_found", count=len(error.problems)), file=sys.stderr)
        for problem in error.problems:
            print(f"- {texts.problem_line(problem)}", file=sys.stderr)
    except RunError as error:
        print(texts.say("run_unreadable", folder=error.details["folder"]), file=sys.stderr)
    except WelwijzerError as error:
        from assistant.texts_nl import error_line

        print(error_line(error), file=sys.stderr)
    except OSError as error:
        print(texts.say("not_writable", folder=error.filename or "?"), file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    return FAILED


def _parser() -> Parser:
    parser = Parser(prog="python -m evals", description=texts.say("help"))
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    run = commands.add_parser("run", help=texts.say("help_run"))
    run.add_argument("--set", action="append", default=[], metavar="NAME", help=texts.say("help_set"))
    run.add_argument("--split", choices=("dev", "test"), help=texts.say("help_split"))
    run.add_argument("--cases", type=Path, default=CASES_FOLDER, metavar="DIR", help=texts.say("help_cases"))
    run.add_argument("--quick", action="store_true", help=texts.say("help_quick"))
    run.add_argument("-o", "--out", type=Path, metavar="DIR", help=texts.say("help_out"))
    run.add_argument("--json", action="store_true", help=texts.say("help_json"))
    run.set_defaults(command_of=_run)
    both = commands.add_parser("compare", help=texts.say("help_compare"))
    both.add_argument("before", type=Path, metavar="A")
    both.add_argument("after", type=Path, metavar="B")
    both.add_argument("--json", action="store_true", help=texts.say("help_json"))
    both.set_defaults(command_of=_compare)
    report = commands.add_parser("report", help=texts.say("help_report"))
    report.add_argument("folder", type=Path, metavar="DIR")
    report.set_defaults(command_of=_report)
    return parser


def _run(parsed: argparse.Namespace) -> int:
    settings = Settings.from_env()
    run = _evaluate(parsed, settings)
    summary = summary_of(run)
    times = times_of(run)
    if parsed.out is not None:
        write_run(run, parsed.out)
    print(json.dumps(summary, ensure_ascii=False, indent=1) if parsed.json else "\n".join(run_lines(summary, times)))
    for stale in run.stale:
        print(texts.stale_line(stale), file=sys.stderr)
    if parsed.out is not None:
        print(texts.say("written", folder=parsed.out), file=sys.stderr)
    missed = shortfalls(summary)
    for one in missed:
        print(shortfall_line(one), file=sys.stderr)
    return FAILED if missed else DONE


def _evaluate(parsed: argparse.Namespace, settings: Settings) -> Run:
    cases = load_cases(parsed.cases, parsed.set, parsed.split)
    assistant = open_assistant(settings)
    texts_by_source = {source.id: assistant.library.document(source.id).text for source in assistant.library.sources()}
    made_with = {
        "model": str(assistant.library.embedding_model()),
        "settings": f"{settings.embedding_model or 'default'}",
        "code": code_hash(*(PROJECT / name for name in ("assistant", "ingest", "corpus"))),
    }
    with ExitStack() as stack:
        baselines = () if parsed.quick else stack.enter_context(_baselines(texts_by_source, settings))
        bar = stack.enter_context(tqdm(total=len(cases), desc=texts.say("asking"), disable=None, file=sys.stderr))
        return evaluate(cases, assistant, texts_by_source, baselines, made_with, lambda: bar.update())


def _baselines(texts_by_source: Mapping[str, str], settings: Settings) -> AbstractContextManager[Sequence[Retriever]]:
    """Build the three baselines; the MiniLM is the project's default model, whatever is configured."""
    from assistant.embedding import load_encoder

    return all_baselines(texts_by_source, lambda: load_encoder(replace(settings, embedding_model=None)))


def _compare(parsed: argparse.Namespace) -> int:
    comparison = compare(read_run(parsed.before), read_run(parsed.after))
    if parsed.json:
        print(json.dumps(asdict(comparison), ensure_ascii=False, indent=1))
    else:
        print("\n".join(comparison_lines(comparison)))
    return DONE


def _report(parsed: argparse.Namespace) -> int:
    from evals.report import write_report

    run = read_run(parsed.folder)
    path = parsed.folder / "report.html"
    write_report(run, path)
    print(texts.say("report_written", path=path))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
