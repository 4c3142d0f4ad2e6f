"""A CSV or XLSX file → its rows as a person sees them: text in every cell, and the number of each row."""

from __future__ import annotations

import csv
import datetime
import io
import re
import warnings
import zipfile
from pathlib import Path

import openpyxl
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.cell_range import CellRange

from evals.case_files import CONTROL, CasesError, content, file_problem
from evals.sheets import words as sheet_words

MAX_XML = 30 * 1024 * 1024  # bytes of an XLSX when unpacked; openpyxl needs about fifty times as much memory
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_MERGED = 100_000  # cells
_SEPARATORS = (";", ",", "\t")
_OLE = b"\xd0\xcf\x11\xe0"  # an XLSX behind a password, or an old XLS
_ZIP = b"PK\x03\x04"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Za-z]+\d+:[A-Za-z]+\d+)")
_REFUSED = re.compile(rb"<!(?:DOCTYPE|ENTITY)|\x00", re.I)  # a zero byte: XML in UTF-16, which no spreadsheet writes
_NUMBER_FORM = re.compile(r"([#0],[#0]+)?[#0]*(?:\.([#0]+))?(?=[^#0,.]*$)")
_DUTCH_POINTS = str.maketrans(",.", ".,")
_TEXT_SIGN = re.compile(r"'+[=+\-@\t\r]")
"""What keeps a spreadsheet from reading a cell of CSV as a formula: an apostrophe before it."""
Row = tuple[int, tuple[str, ...]]


def read_csv(path: Path) -> list[Row]:
    """Read the rows of a CSV file with `;`, `,` or tabs, in UTF-8, UTF-16 or Windows-1252.

    A row counts as one however many lines its cells have, as in the sheet that an editor sees. Raises CasesError.
    """
    text = _decoded(path, content(path))
    stated = re.match(r"sep=([;,\t])\r?\n", text)
    text = text[stated.end() :] if stated else text
    separator = stated[1] if stated else _separator(text)
    rows: list[Row] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append((len(rows) + 1, tuple(_cell_of_csv(cell) for cell in cells)))
    except csv.Error as error:
        raise file_problem(path, "not_csv", len(rows) + 1) from error
    return rows


def guarded(cell: str) -> str:
    """Write a cell of CSV so that no spreadsheet takes it for a formula; `read_csv` gives it back as it was."""
    return f"'{cell}" if re.match(r"'*[=+\-@\t\r]", cell) else cell


def _cell_of_csv(cell: str) -> str:
    cell = _one_break(cell)
    return cell[1:] if _TEXT_SIGN.match(cell) else cell


def _decoded(path: Path, data: bytes) -> str:
    if data.startswith((_ZIP, _OLE)):
        raise file_problem(path, "not_csv", None)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        control = CONTROL.search(text)
        if control is None:
            return text
        # C1 controls are what an undefined byte looks like; the others have no place in a table
        raise file_problem(path, "control_character", text.count("\n", 0, control.start()) + 1)
    raise file_problem(path, "encoding")


def _separator(text: str) -> str:
    """Take the separator that finds most known columns in the first row."""

    def known(separator: str) -> int:
        first = next(csv.reader(io.StringIO(text[:10_000], newline=""), delimiter=separator), [])
        return sum(sheet_words.column_of(cell) is not None for cell in first)

    return max(_SEPARATORS, key=known)


def read_xlsx(path: Path) -> list[Row]:
    """Read the rows of the sheet called "vragen", else of the first sheet: the values of formulas, numbers as shown.

    A cell merged over rows counts for each of them. Raises CasesError, whatever the file holds.
    """
    data = content(path)
    if data.startswith(_OLE):
        raise file_problem(path, "encrypted")
    try:
        _check_archive(path, data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of pictures and styles that it leaves out
            return _rows(path, openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False))
    except CasesError:
        raise
    except Exception as error:  # zipfile, zlib, expat and openpyxl don't say which errors a broken file gives
        raise file_problem(path, "not_xlsx") from error


def _check_archive(path: Path, data: bytes) -> None:
    """Refuse what would fill the memory when opened: parts that unpack to far more, entities, merged oceans."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [part for part in archive.infolist() if part.filename.lower().endswith((".xml", ".rels"))]
        if sum(part.file_size for part in parts) > MAX_XML:
            raise file_problem(path, "too_large")
        for part in parts:
            text = archive.read(part)
            if _REFUSED.search(text):
                raise file_problem(path, "not_xlsx")
            ranges = (CellRange(match[1].decode()).size for match in _MERGED.finditer(text))
            if sum(size["rows"] * size["columns"] for size in ranges) > MAX_MERGED:
                raise file_problem(path, "too_many_rows")


def _rows(path: Path, book: Workbook) -> list[Row]:
    wanted = sheet_words.word("sheet")
    sheet = next((one for one in book.worksheets if one.title.strip().lower() == wanted), book.worksheets[0])
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        raise file_problem(path, "too_many_rows", None, sheet.title)
    grid = [[_one_break(_shown(cell)) for cell in row] for row in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        if merged.min_col == merged.max_col:
            for row in filter(any, grid[merged.min_row : merged.max_row]):
                row[merged.min_col - 1] = grid[merged.min_row - 1][merged.min_col - 1]
    return [(number, tuple(row)) for number, row in enumerate(grid, 1)]


def _shown(cell: Cell | MergedCell) -> str:
    """Give the text that a person sees in a cell, in the Dutch manner."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return sheet_words.word("true" if value else "false")
    if isinstance(value, (int, float)):
        return _number(float(value) if isinstance(value, float) else value, str(cell.number_format))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return f"{value:%d-%m-%Y}"
    return f"{value:%d-%m-%Y %H:%M}" if isinstance(value, datetime.datetime) else str(value)


def _number(value: float, form: str) -> str:
    """Write a number by its format: per cent, decimals and thousands; other formats as a plain number."""
    form = form.split(";")[0]
    share = "%" in form
    value = round(value * 100, 9) if share else value
    shape = _NUMBER_FORM.search(form)
    if form == "General" or shape is None:
        told = f"{value:.10g}" if abs(value) < 1e10 or value != int(value) else str(int(value))
    else:
        told = f"{value:{',' if shape[1] else ''}.{len(shape[2] or '')}f}"
    return told.translate(_DUTCH_POINTS) + ("%" if share else "")


def _one_break(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()
