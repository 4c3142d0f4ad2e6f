"""The sheet that an editor fills in, .xlsx or .csv, written from a draw; `judging_read` reads it back.

Each row carries in columns that stay out of sight which item it is and a check on what it shows, so that a row that
was moved keeps its label and a row whose text no longer fits is noticed.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from evals.judging.draw import Draw, Item, Quoted
from evals.judging.labels import SCALES, LabelsError, editor_name
from evals.judging.texts import said, say, word

SHOWN = ("number", "asked", "text", "quote", "source", "claim", "label", "remark")
HIDDEN = ("item", "answer", "kind", "check", "run", "code", "corpus", "editor", "items")
"""`answer` is the case's id in base 64: a case's id can give away what is expected of the answer."""

_WIDTHS = {"number": 6, "asked": 34, "text": 78, "quote": 78, "source": 34, "claim": 16, "label": 14, "remark": 34}
"""In characters. A row grows no higher than 409 points; at these widths and this size nearly every answer fits."""
_SIZE = 10
_TO_FILL_IN = ("label", "remark")
_LIMIT = 32_000
"""Characters in one cell; a spreadsheet holds 32,767."""
FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would take for a formula when it opens a .csv, with any quote signs already before it."""
NO_NUMBER = "#"
"""Stands before a hash: a spreadsheet takes "12e4567" in a .csv for a number."""


def write_sheet(drawn: Draw, editor: str, path: Path) -> int:
    """Write the editor's sheet in the editor's own order, and return its number of rows.

    Raises LabelsError when the file exists (it may hold somebody's work), when its kind is neither .xlsx nor .csv, or
    when the editor has no name; OSError when it can't be written.
    """
    kind = kind_of(path)
    if path.exists():
        raise LabelsError(f"{path} exists", why="exists", file=str(path))
    rows = list(_rows(drawn, editor_name(editor)))
    content = _csv(rows) if kind == ".csv" else _xlsx(rows, drawn.for_editor(editor))
    with path.open("xb") as file:
        file.write(content)
    return len(rows)


# what a row shows


def _rows(drawn: Draw, editor: str) -> Iterator[dict[str, str]]:
    items = drawn.for_editor(editor)
    for number, item in enumerate(items, 1):
        shown = {
            "number": str(number),
            "asked": _asked(item),
            "text": item.text,
            "quote": "\n\n".join([*_lead(item), *("".join(_pieces(one, marked=True)) for one in item.quotes)]),
            "source": "\n\n".join(map(_source, item.quotes)),
            "claim": say(f"ask_{item.claim}"),
            "label": "",
            "remark": "",
            "item": item.id,
            "answer": base64.urlsafe_b64encode(item.case.encode()).decode(),
            "kind": item.claim,
            "run": drawn.run,
            "code": NO_NUMBER + drawn.code,
            "corpus": NO_NUMBER + drawn.corpus,
            "editor": editor,
            "items": str(len(items)),
        }
        row = {name: _clean(value) for name, value in shown.items()}
        yield row | {"check": check_of(row)}


def _asked(item: Item) -> str:
    earlier = [say("earlier", question=question) for question in item.turns[:-1]]
    return "\n".join([*earlier, item.turns[-1]])


def _lead(item: Item) -> tuple[str, ...]:
    """Tell that the quotes of a whole answer are what it showed as found nearby."""
    return (say("nearest"),) if item.claim == "helpful" and item.quotes else ()


def _pieces(quoted: Quoted, marked: bool) -> tuple[str, str, str]:
    """What stands before the quote, the quote, and what stands after it; `marked` for where bold can't be shown."""
    quote = f"«{quoted.quote}»" if marked else quoted.quote
    before, after = quoted.before and f"…{quoted.before}", quoted.after and f"{quoted.after}…"
    return f"[{quoted.number}] {before}", quote, after


def _source(quoted: Quoted) -> str:
    page = say("page", page=quoted.page) if quoted.page else ""
    return f"[{quoted.number}] " + ", ".join(part for part in (quoted.title, page, quoted.section) if part)


def _clean(text: str) -> str:
    text = str(ILLEGAL_CHARACTERS_RE.sub(" ", text)).strip()
    return text if len(text) <= _LIMIT else text[:_LIMIT] + "…"


# writing


def _csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Semicolons and a byte order mark: what a Dutch spreadsheet opens with a double click."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([*map(header, SHOWN), *HIDDEN])
    for row in rows:
        writer.writerow([_as_text(row[name]) for name in (*SHOWN, *HIDDEN)])
    return buffer.getvalue().encode("utf-8-sig")


def _as_text(value: str) -> str:
    """Put a quote sign before what a spreadsheet would take for a formula."""
    return "'" + value if FORMULA.match(value) else value


def _xlsx(rows: Sequence[Mapping[str, str]], items: Sequence[Item]) -> bytes:
    book = Workbook()
    explanation = book.active
    assert isinstance(explanation, Worksheet)
    _explain(explanation)
    sheet = book.create_sheet(say("sheet"))
    columns = (*SHOWN, *HIDDEN)
    for column, name in enumerate(columns, 1):
        _head(sheet.cell(1, column), header(name) if name in SHOWN else name)
        letter = sheet.column_dimensions[get_column_letter(column)]
        letter.width = _WIDTHS.get(name, 8)
        letter.hidden = name in HIDDEN
    for number, (row, item) in enumerate(zip(rows, items, strict=True), 2):
        for column, name in enumerate(columns, 1):
            _body(sheet.cell(number, column), row[name], name)
        if item.quotes and len(row["quote"]) < _LIMIT:
            sheet.cell(number, 1 + SHOWN.index("quote")).value = _rich(item)
    _choices(sheet, rows)
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


_LINE = Side(style="thin", color="BFBFBF")


def _head(cell: Any, text: str) -> None:  # noqa: ANN401 - openpyxl gives a cell or a merged one
    cell.value = text
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="1F4E5F")
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def _body(cell: Any, text: str, name: str) -> None:  # noqa: ANN401 - as above
    _write_text(cell, text)
    cell.font = Font(size=_SIZE)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = Border(bottom=_LINE, left=_LINE, right=_LINE)
    if name in _TO_FILL_IN:
        cell.fill = PatternFill("solid", fgColor="FFF8DC")
        cell.protection = Protection(locked=False)


def _write_text(cell: Cell, text: str) -> None:
    """Write text that stays text: never a formula, whatever it starts with."""
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = True


def _rich(item: Item) -> CellRichText:
    """Join the quotes, each bold in its surroundings."""
    bold = InlineFont(b=True, sz=_SIZE)
    parts: list[str | TextBlock] = list(_lead(item))
    for one in item.quotes:
        before, quote, after = (str(ILLEGAL_CHARACTERS_RE.sub(" ", part)) for part in _pieces(one, marked=False))
        parts += ["\n\n" + before if parts else before, TextBlock(bold, quote), after]
    return CellRichText([part for part in parts if str(part)])


def _choices(sheet: Worksheet, rows: Sequence[Mapping[str, str]]) -> None:
    """Give each label cell the drop-down of its claim."""
    letter = get_column_letter(1 + SHOWN.index("label"))
    for claim, scale in SCALES.items():
        choice = DataValidation("list", formula1='"' + ",".join(map(word, scale)) + '"', allow_blank=True)
        choice.error, choice.errorTitle = say("choose"), say("sheet")
        choice.showErrorMessage = True
        sheet.add_data_validation(choice)
        for number, row in enumerate(rows, 2):
            if row["kind"] == claim:
                choice.add(f"{letter}{number}")


def _explain(sheet: Worksheet) -> None:
    sheet.title = say("explanation_sheet")
    sheet.column_dimensions["A"].width = 110
    for number, line in enumerate(said("explanation"), 1):
        cell = sheet.cell(number, 1)
        cell.value = line.removeprefix("# ")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if line.startswith("# "):
            cell.font = Font(bold=True, size=13)
    sheet.protection.sheet = True


# what reading needs as well


def header(name: str) -> str:
    """Give the heading of a column that editors see."""
    return say(f"column_{name}")


def check_of(row: Mapping[str, str]) -> str:
    """Hash what makes a row what it is; of its texts only letters and digits: programs change marks, spaces, accents."""
    seen = " ".join(row[name] for name in ("asked", "text", "source"))
    letters = re.sub(r"[^a-z0-9]+", "", seen.lower())
    parts = ":".join((row["item"], row["answer"], row["kind"], letters))
    return "c" + hashlib.sha256(parts.encode()).hexdigest()[:8]


def kind_of(path: Path) -> str:
    """Tell .xlsx or .csv by the name. Raises LabelsError for any other."""
    if path.suffix.lower() not in {".xlsx", ".csv"}:
        raise LabelsError(f"{path} is neither .xlsx nor .csv", why="kind", file=str(path))
    return path.suffix.lower()
