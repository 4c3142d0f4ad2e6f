"""Cases → a file that an editor opens: CSV, XLSX or YAML; and an empty sheet to begin with."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from evals.case_files import YAML_SUFFIXES, CasesError, Problem, file_problem
from evals.case_saving import replace_file, yaml_of
from evals.cases import Case
from evals.sheets import words as sheet_words
from evals.sheets.grid import guarded

MAX_CELL = 32_767  # characters that a cell of XLSX holds (Microsoft: Excel specifications and limits)
_WIDTHS = {"question": 50, "vital": 45, "okay": 35, "quote": 60, "earlier": 40, "source": 28, "never": 24, "id": 30}
_OTHER_WIDTH = 15
_EXPLANATION_WIDTHS = (20, 110)
_ROWS_WITH_CHOICE = 2_000
_HEADER = PatternFill("solid", fgColor="FFE3EDF7")


def write_sheet(cases: Sequence[Case], path: Path) -> None:
    """Write cases to `.xlsx`, `.csv` or `.yaml`, so that `load_cases` gives equal ones back.

    No cell is ever a formula. Raises CasesError: write_kind for another suffix, cell_too_long, not_saved.
    """
    suffix = path.suffix.lower()
    if suffix in YAML_SUFFIXES:
        replace_file(path, yaml_of(cases).encode())
    else:
        _write(path, [cells_of(case) for case in cases])


def template(path: Path) -> None:
    """Write an empty `.xlsx` or `.csv` sheet with one example, whose status keeps it from being measured."""
    _write(path, [sheet_words.example()])


def cells_of(case: Case) -> dict[str, str]:
    """Give the cells of a case, by column."""
    sources = [passage.source for passage in case.passages]
    facts = {
        weight: "\n".join(sheet_words.fact_cell(fact.text, fact.any_of) for fact in case.facts if fact.weight == weight)
        for weight in ("vital", "okay")
    }
    return facts | {
        "question": sheet_words.lines_cell(case.turns[-1:]),
        "earlier": sheet_words.lines_cell(case.turns[:-1]),
        "source": sheet_words.lines_cell(sources[:1] if len(set(sources)) == 1 else sources),
        "quote": sheet_words.lines_cell(passage.quote for passage in case.passages),
        "kind": sheet_words.dutch("kind", case.kind),
        "asker": sheet_words.dutch("asker", case.asker),
        "expected": sheet_words.dutch("expected", case.expected),
        "status": sheet_words.dutch("status", case.status),
        "sector": sheet_words.dutch("sector", case.sector) if case.sector else "",
        "referral": sheet_words.dutch("referral", case.referral) if case.referral else "",
        "never": sheet_words.words_cell(case.never),
        "masked": sheet_words.words_cell(case.masked),
        "documents": sheet_words.words_cell(case.documents),
        "set": case.set,
        "author": case.author,
        "date": case.date.isoformat() if case.date else "",
        "id": case.id,
    }


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        replace_file(path, _csv(rows))
    elif suffix == ".xlsx":
        _check_lengths(path, rows)
        replace_file(path, _xlsx(rows))
    else:
        raise file_problem(path, "write_kind")


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Make what Excel in the Netherlands opens at a double click: semicolons, a byte order mark."""
    told = io.StringIO()
    writer = csv.writer(told, delimiter=";", lineterminator="\r\n")
    writer.writerow(sheet_words.columns().values())
    writer.writerows([guarded(row.get(column, "")) for column in sheet_words.columns()] for row in rows)
    return told.getvalue().encode("utf-8-sig")


def _check_lengths(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Openpyxl would cut a long cell off and say nothing."""
    problems = [
        Problem(path.name, number, row.get("id", ""), sheet_words.columns()[column], "cell_too_long")
        for number, row in enumerate(rows, 2)
        for column, cell in row.items()
        if len(cell.encode("utf-16-le")) // 2 > MAX_CELL
    ]
    if problems:
        raise CasesError(problems)


def _xlsx(rows: Sequence[Mapping[str, str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = sheet_words.word("sheet")
    _header(sheet, list(sheet_words.columns().values()))
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(sheet_words.columns(), 1):
            _as_text(sheet.cell(number, place), row.get(column, ""))
    for place, column in enumerate(sheet_words.columns(), 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column, _OTHER_WIDTH)
        if column in sheet_words.VALUED:
            _offer(sheet, column, get_column_letter(place))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    _explain(book.create_sheet(sheet_words.word("explained")))
    told = io.BytesIO()
    book.save(told)
    return told.getvalue()


def _header(sheet: Worksheet, names: Sequence[str]) -> None:
    for place, name in enumerate(names, 1):
        cell = sheet.cell(1, place, name)
        cell.font, cell.fill = Font(bold=True), _HEADER


def _as_text(cell: Cell | MergedCell, text: str) -> None:
    """Write text that stays text: with the type set, `=1+1` is no formula and `48%` no number."""
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _offer(sheet: Worksheet, column: str, letter: str) -> None:
    """Let the cells of a column be chosen from a list."""
    first: dict[str, str] = {}
    for name, value in sheet_words.values(column).items():
        first.setdefault(value, name)
    offered = DataValidation(type="list", formula1=f'"{",".join(first.values())}"', allow_blank=True)
    offered.errorTitle, offered.error = sheet_words.word("choose_title"), sheet_words.word("choose")
    offered.showErrorMessage = True
    offered.add(f"{letter}2:{letter}{_ROWS_WITH_CHOICE}")
    sheet.add_data_validation(offered)


def _explain(sheet: Worksheet) -> None:
    _header(sheet, [sheet_words.word("column"), sheet_words.word("belongs")])
    for number, (column, name) in enumerate(sheet_words.columns().items(), 2):
        _as_text(sheet.cell(number, 1), name)
        _as_text(sheet.cell(number, 2), sheet_words.explanation(column))
    for letter, width in zip("AB", _EXPLANATION_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
