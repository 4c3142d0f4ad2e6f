"""A filled-in sheet read back into labels: what can't be used is named by row, what was left open is counted."""

from __future__ import annotations

import base64
import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from openpyxl import load_workbook

from evals.compare import SavedRun
from evals.judging.draw import run_hash
from evals.judging.labels import SCALES, Claim, Label, Labels, LabelsError, Problem
from evals.judging.sheet import FORMULA, HIDDEN, NO_NUMBER, SHOWN, check_of, header, kind_of
from evals.judging.texts import label_of_word

_HEAD = ("editor", "run", "code", "corpus", "items")
_MAX_BYTES = 20_000_000
_MAX_UNPACKED = 60_000_000
"""Bytes of the parts of an .xlsx; one of 300 rows has about one million."""
_MAX_ROWS = 20_000
_MAX_COLUMNS = 100


def read_labels(path: Path, run: SavedRun | None = None) -> Labels:
    """Read a filled-in sheet back. Rows left open have no value; rows taken out are counted by `Labels.removed`.

    Raises LabelsError: the file is no sheet, or is one of another run than `run`, or rows (all of them are named) have
    an unknown label, stand twice, or show another text than was written.
    """
    rows = list(_read_csv(path) if kind_of(path) == ".csv" else _read_xlsx(path))
    heads = {tuple(row[name].removeprefix(NO_NUMBER) for name in _HEAD) for _, row in rows if row["item"]}
    if not heads:
        raise LabelsError(f"no rows in {path}", why="empty", file=str(path))
    if len(heads) > 1:
        raise LabelsError(f"rows of several sheets in {path}", why="mixed", file=str(path))
    editor, of_run, code, corpus, items = heads.pop()
    if not (editor and of_run and items.isdecimal()):
        raise LabelsError(f"not a sheet: {path}", why="not_a_sheet", file=str(path))
    if run is not None and run_hash(run) != of_run:
        raise LabelsError(f"{path} is of another run", why="other_run", file=str(path))
    problems: list[Problem] = []
    labels = tuple(_labels(rows, problems))
    if problems:
        raise LabelsError(f"{len(problems)} row(s) in {path}", problems, why="rows", file=str(path))
    return Labels(editor, of_run, code, corpus, max(int(items), len(labels)), labels)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise LabelsError(f"{path} is too large", why="too_large", file=str(path))
        return path.read_bytes()
    except OSError as error:
        raise LabelsError(f"{path} can't be read", why="missing", file=str(path)) from error


def _read_csv(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    text = _decoded(_content(path))
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        cells = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        table = [[_unescaped(cell) for cell in row] for row in cells]
    except csv.Error as error:
        raise LabelsError(f"not a sheet: {path}", why="unreadable", file=str(path)) from error
    yield from _by_name(path, table)


def _unescaped(value: str) -> str:
    return value[1:] if value.startswith("'") and FORMULA.match(value) else value


def _decoded(content: bytes) -> str:
    """Decode what spreadsheets write: UTF-8, UTF-16 with its mark, or else Windows-1252."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", errors="replace")


def _read_xlsx(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    content = io.BytesIO(_content(path))
    try:
        tables = list(_tables(path, content))
    except LabelsError:
        raise
    except Exception as error:  # zipfile, expat and openpyxl don't say which errors a broken file gives
        raise LabelsError(f"{path} is no spreadsheet: {error}", why="unreadable", file=str(path)) from error
    named = [table for table in tables if table and set(HIDDEN) <= set(map(str, table[0]))]
    yield from _by_name(path, named[0] if named else [])


def _tables(path: Path, content: io.BytesIO) -> Iterator[list[Sequence[object]]]:
    with zipfile.ZipFile(content) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > _MAX_UNPACKED:
        raise LabelsError(f"{path} unpacks to {unpacked} bytes", why="too_large", file=str(path))
    for sheet in load_workbook(content, read_only=True, data_only=True).worksheets:
        sheet.reset_dimensions()  # other programs write them wrong
        yield list(sheet.iter_rows(max_row=_MAX_ROWS, max_col=_MAX_COLUMNS, values_only=True))


def _by_name(path: Path, table: Sequence[Sequence[object]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their number, by column name, wherever the columns stand; empty rows are left out."""
    names = {**{header(name): name for name in SHOWN}, **{name: name for name in HIDDEN}}
    head = [names.get(str(cell).strip(), "") for cell in table[0]] if table else []
    if not set((*SHOWN, *HIDDEN)) <= set(head):
        raise LabelsError(f"not a sheet: {path}", why="not_a_sheet", file=str(path))
    for number, cells in enumerate(table[1:], 2):
        values = ["" if cell is None else str(cell).strip() for cell in cells]
        values += [""] * (len(head) - len(values))
        row = {name: value for name, value in zip(head, values, strict=False) if name}
        if any(row.values()):
            yield number, row


def _labels(rows: Sequence[tuple[int, Mapping[str, str]]], problems: list[Problem]) -> Iterator[Label]:
    seen: dict[str, int] = {}
    for number, row in rows:
        value = label_of_word(row["kind"], row["label"]) if row["label"] else None
        if row["item"] in seen:
            problems.append(Problem(number, "twice", str(seen[row["item"]])))
        elif row["kind"] not in SCALES or check_of(row) != row["check"]:
            problems.append(Problem(number, "changed"))
        elif row["label"] and value is None:
            problems.append(Problem(number, f"label_{row['kind']}", row["label"]))
        else:
            claim: Claim = "supported" if row["kind"] == "supported" else "helpful"
            case = base64.urlsafe_b64decode(row["answer"]).decode()
            yield Label(row["item"], case, claim, row["asked"], row["text"], value, row["remark"])
        seen.setdefault(row["item"], number)
