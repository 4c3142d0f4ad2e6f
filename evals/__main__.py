"""Command line: `python -m evals run|compare|report`. Exit 0 done, 1 failed or below a limit, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from tqdm import tqdm

from assistant.answer import Assistant
from assistant.console import DONE, FAILED, INTERRUPTED, Parser
from assistant.embedding import load_encoder
from assistant.errors import WelwijzerError
from assistant.settings import PROJECT, Settings
from assistant.wiring import open_assistant, quiet
from evals import texts
from evals.baselines import Retriever, all_baselines, english_folder
from evals.case_files import CasesError
from evals.cases import CASES_FOLDER, Case, document_path, load_cases
from evals.compare import RunError, compare, read_run
from evals.console import comparison_lines, failed_lines, run_lines, shortfall_line
from evals.helping import helped, opened
from evals.judging.labels import LabelsError
from evals.planting import planted
from evals.records import summary_of, times_of, write_run
from evals.run import Asking, Run, Subject, code_hash, evaluate
from evals.scoring import Library
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
    except LabelsError as error:
        from evals.judging.texts import error_lines

        print("\n".join(error_lines(error)), file=sys.stderr)
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
    run.add_argument("--cases", type=Path, action="append", metavar="PLACE", help=texts.say("help_cases"))
    run.add_argument("--quick", action="store_true", help=texts.say("help_quick"))
    run.add_argument("--without-questions", action="store_true", help=texts.say("help_without"))
    run.add_argument("-o", "--out", type=Path, metavar="DIR", help=texts.say("help_out"))
    run.add_argument("--json", action="store_true", help=texts.say("help_json"))
    run.set_defaults(command_of=_run)
    both = commands.add_parser("compare", help=texts.say("help_compare"))
    both.add_argument("before", type=Path, metavar="A")
    both.add_argument("after", type=Path, metavar="B")
    both.add_argument("--json", action="store_true", help=texts.say("help_json"))
    both.set_defaults(command_of=_compare)
    _add_people(commands)
    report = commands.add_parser("report", help=texts.say("help_report"))
    report.add_argument("folder", type=Path, metavar="DIR")
    report.set_defaults(command_of=_report)
    return parser


def _add_people(commands: argparse._SubParsersAction[Parser]) -> None:
    """The commands with which editors write cases and judge answers in a spreadsheet."""
    say = partial(texts.say, table="judging")
    cases = commands.add_parser("cases", help=texts.say("help_write_cases"))
    cases.add_argument("file", type=Path, metavar="FILE", help=texts.say("help_sheet"))
    cases.add_argument("--set", action="append", default=[], metavar="NAME", help=texts.say("help_set"))
    cases.add_argument("--template", action="store_true", help=texts.say("help_template"))
    cases.set_defaults(command_of=_cases, cases=None)
    label = commands.add_parser("label", help=say("help_label"))
    label.add_argument("run", type=Path, metavar="DIR", help=say("help_run"))
    label.add_argument("--by", required=True, metavar="NAAM", help=say("help_by"))
    label.add_argument("-o", "--out", type=Path, required=True, metavar="FILE", help=say("help_sheet"))
    label.add_argument("--count", type=int, default=60, metavar="N", help=say("help_count"))
    label.add_argument("--seed", type=int, default=1, metavar="N", help=say("help_seed"))
    label.set_defaults(command_of=_label)
    agreement = commands.add_parser("agreement", help=say("help_agreement"))
    agreement.add_argument("first", type=Path, metavar="A", help=say("help_filled_in"))
    agreement.add_argument("second", type=Path, metavar="B", help=say("help_filled_in"))
    agreement.add_argument("--run", type=Path, metavar="DIR", help=say("help_run"))
    agreement.add_argument("-o", "--out", type=Path, metavar="FILE", help=say("help_labels"))
    agreement.add_argument("--json", action="store_true", help=texts.say("help_json"))
    agreement.set_defaults(command_of=_agreement)


def _run(parsed: argparse.Namespace) -> int:
    settings = Settings.from_env()
    run = _evaluate(parsed, settings)
    summary = summary_of(run)
    times = times_of(run)
    if parsed.out is not None:
        write_run(run, parsed.out, summary)
    if parsed.json:
        print(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        print("\n".join((*run_lines(summary, times), *failed_lines(run))))
    for stale in run.stale:
        print(texts.stale_line(stale), file=sys.stderr)
    if parsed.out is not None:
        print(texts.say("written", folder=parsed.out), file=sys.stderr)
    missed = shortfalls(summary)
    for one in missed:
        print(shortfall_line(one), file=sys.stderr)
    return FAILED if missed else DONE


def _evaluate(parsed: argparse.Namespace, settings: Settings) -> Run:
    places = _places(parsed, settings)
    cases = load_cases(*places, sets=parsed.set, split=parsed.split)
    with helped(partial(opened, settings, not parsed.without_questions), len(cases)) as asking:
        run = _evaluated(parsed, settings, places, cases, asking)
    return replace(run, whole=not (parsed.cases or parsed.set or parsed.split or parsed.without_questions))


def _evaluated(
    parsed: argparse.Namespace, settings: Settings, places: Sequence[Path], cases: Sequence[Case], asking: Asking | None
) -> Run:
    assistant = open_assistant(settings, with_questions=not parsed.without_questions)
    made_with = {
        "model": str(assistant.library.embedding_model()),
        "settings": f"embedding_model={settings.embedding_model or 'default'}"
        + ("; without stored questions" if parsed.without_questions else ""),
        "knowledge": code_hash(settings.corpus),
        "code": code_hash(*(PROJECT / name for name in ("assistant", "ingest", "evals"))),
    }

    @contextmanager
    def plant(names: Sequence[str]) -> Iterator[Subject]:
        files = [path for name in names if (path := document_path(name, *places))]
        with planted(assistant, settings, files) as changed:
            yield Subject(changed, Library.of(changed.library))

    subject = Subject(assistant, Library.of(assistant.library))
    with ExitStack() as stack:
        baselines = () if parsed.quick else stack.enter_context(_baselines(subject.library.texts, settings, assistant))
        bar = stack.enter_context(tqdm(total=len(cases), desc=texts.say("asking"), disable=None, file=sys.stderr))
        return evaluate(cases, subject, baselines, made_with, lambda: bar.update(), plant, asking)


def _places(parsed: argparse.Namespace, settings: Settings) -> tuple[Path, ...]:
    """Where the cases are: what the command names, else those of the project and those made by this library's editors."""
    if parsed.cases:
        return tuple(parsed.cases)
    own = settings.data / "cases"
    return (CASES_FOLDER, own) if own.is_dir() else (CASES_FOLDER,)


def _baselines(
    texts_by_source: Mapping[str, str], settings: Settings, assistant: Assistant
) -> AbstractContextManager[Sequence[Retriever]]:
    """Build the baselines, those of the English model where that is installed."""
    folder = english_folder()
    english = load_encoder(replace(settings, embedding_model=str(folder))) if folder else None
    return all_baselines(texts_by_source, assistant.retriever.encoder, english, settings.data / "evals")


def _cases(parsed: argparse.Namespace) -> int:
    from evals.sheets.write import template, write_sheet

    if parsed.template:
        template(parsed.file)
    else:
        write_sheet(load_cases(*_places(parsed, Settings.from_env()), sets=parsed.set, retired=True), parsed.file)
    print(texts.say("cases_written", path=parsed.file))
    return DONE


def _label(parsed: argparse.Namespace) -> int:
    from evals.judging.draw import draw
    from evals.judging.sheet import write_sheet
    from evals.judging.texts import sheet_line

    drawn = draw(read_run(parsed.run), parsed.count, parsed.seed)
    rows = write_sheet(drawn, parsed.by, parsed.out)
    print(sheet_line(rows, len({item.case for item in drawn.items}), parsed.out))
    return DONE


def _agreement(parsed: argparse.Namespace) -> int:
    from evals.judging.agreement import judge
    from evals.judging.labels import labels_jsonl
    from evals.judging.read import read_labels
    from evals.judging.texts import judgement_lines

    run = read_run(parsed.run) if parsed.run else None
    first, second = read_labels(parsed.first, run), read_labels(parsed.second, run)
    judgement = judge(first, second, run)
    if parsed.out is not None:
        parsed.out.write_text(labels_jsonl([first, second]), encoding="utf-8")
    if parsed.json:
        print(json.dumps(judgement.as_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(judgement_lines(judgement)))
    return DONE


def _compare(parsed: argparse.Namespace) -> int:
    comparison = compare(read_run(parsed.before), read_run(parsed.after))
    if parsed.json:
        print(json.dumps(asdict(comparison), ensure_ascii=False, indent=1))
    else:
        print("\n".join(comparison_lines(comparison)))
    return DONE


def _report(parsed: argparse.Namespace) -> int:
    from evals.report.page import write_report

    run = read_run(parsed.folder)
    path = parsed.folder / "report.html"
    write_report(run, path)
    print(texts.say("report_written", path=path))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
