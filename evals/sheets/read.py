"""The rows of a sheet → entries: columns and values recognised in Dutch, what is left out filled in."""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evals.case_files import CasesError, Entry, Problem, file_problem
from evals.sheets import words as sheet_words
from evals.sheets.grid import Row, read_csv, read_xlsx

OWN_SET = "eigen"
"""The set of a question that an editor adds without saying which."""
_FORMULA_ERROR = re.compile(r"#(?:[A-Z]+(?:/0)?[!?]|N/[AB])")
_DUTCH_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
SLUG_LENGTH = 40
_COLUMN_OF_FIELD = {"turns": "question", "passages": "quote", "facts": "vital"}
_DEFAULTS = {"set": OWN_SET, "kind": "open", "asker": "editor", "author": "redactie", "status": "draft"}


def read_sheet(path: Path) -> tuple[Entry, ...]:
    """Read the entries of a CSV or XLSX file; empty rows are passed over. Raises CasesError with rows and columns."""
    rows = [row for row in (read_csv if path.suffix.lower() == ".csv" else read_xlsx)(path) if any(row[1])]
    if not rows:
        raise file_problem(path, "empty_file")
    problems: list[Problem] = []
    placed = _header(path, rows[0], problems)
    entries = []
    for number, cells in rows[1:] if placed else []:
        row = _Row(path, number, {column: cells[place] for place, column in placed.items() if place < len(cells)})
        row.problems += _nameless(row, cells, rows[0][1])
        entries.append(row.entry())
        problems += row.problems
    if problems:
        raise CasesError(problems)
    return tuple(entries)


def new_id(turns: Sequence[str]) -> str:
    """Make an id from the questions: the first words, and six characters that tell alike questions apart."""
    plain = unicodedata.normalize("NFKD", turns[-1]).encode("ascii", "ignore").decode().lower()
    slug = _NO_SLUG.sub("-", plain).strip("-")
    slug = slug if len(slug) <= SLUG_LENGTH else slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]
    return f"{slug or 'vraag'}-{hashlib.sha256(chr(10).join(turns).encode('utf-8', 'replace')).hexdigest()[:6]}"


def _header(path: Path, row: Row, problems: list[Problem]) -> Mapping[int, str]:
    """Give place → column of a header row, and tell of what it lacks or has too much."""
    number, cells = row
    placed: dict[int, str] = {}
    if not any(sheet_words.column_of(cell) for cell in cells):
        raise file_problem(path, "no_header", number)
    for place, cell in enumerate(cells):
        column = sheet_words.column_of(cell)
        if column is None and cell:
            shown = sheet_words.with_nearest(cell, sheet_words.columns().values())
            problems.append(Problem(path.name, number, "", shown, "unknown_column"))
        elif column is not None and column in placed.values():
            problems.append(Problem(path.name, number, "", cell, "double_field"))
        elif column is not None:
            placed[place] = column
    if "question" not in placed.values() and not problems:
        problems.append(Problem(path.name, number, "", sheet_words.columns()["question"], "no_question_column"))
    return placed


def _nameless(row: _Row, cells: Sequence[str], header: Sequence[str]) -> Iterator[Problem]:
    for place, cell in enumerate(cells):
        if cell and (place >= len(header) or not header[place]):
            name = sheet_words.with_nearest(cell, ())
            yield Problem(row.path.name, row.number, "", name, "nameless_column")


class _Row:
    """One row while it is read; what is wrong with it is gathered in `problems`."""

    def __init__(self, path: Path, number: int, cells: Mapping[str, str]) -> None:
        self.path, self.number = path, number
        self.problems: list[Problem] = []
        self.cells = {column: cell for column, cell in cells.items() if cell}
        for column, cell in cells.items():
            if _FORMULA_ERROR.fullmatch(cell):
                self.wrong(column, "formula_error")

    def wrong(self, column: str, code: str, shown: str = "") -> None:
        name = shown or sheet_words.columns()[column]
        self.problems.append(Problem(self.path.name, self.number, self.cells.get("id", "")[:60], name, code))

    def entry(self) -> Entry:
        """Give what the row says as the fields of a case."""
        cells, data = self.cells, dict[str, object](_DEFAULTS)
        turns = [*sheet_words.lines_of(cells.get("earlier", "")), *self._question()]
        data |= {"turns": turns, "facts": self._facts(), "passages": self._passages()}
        data |= {name: sheet_words.words_of(cells[name]) for name in ("never", "masked", "documents") if name in cells}
        data |= {name: cells[name] for name in ("set", "author") if name in cells}
        data |= {name: self._value(name) for name in sheet_words.VALUED if name in cells}
        if "date" in cells:
            data["date"] = self._date(cells["date"])
        data["expected"] = data["expected"] if "expected" in data else self._expected(data)
        data["id"] = cells.get("id") or (new_id(turns) if turns else "")
        names = {field: sheet_words.columns()[_COLUMN_OF_FIELD.get(field, field)] for field in data}
        return Entry(data, {(): self.number}, (), names, "id" not in cells)

    def _question(self) -> tuple[str, ...]:
        if "question" not in self.cells:
            self.wrong("question", "no_question")
            return ()
        return (" ".join(sheet_words.lines_of(self.cells["question"])),)

    def _facts(self) -> list[dict[str, object]]:
        facts: list[dict[str, object]] = []
        for weight in ("vital", "okay"):
            for line in self.cells.get(weight, "").split("\n"):
                label, wordings = sheet_words.fact_of(line)
                if wordings:
                    facts.append({"text": label, "weight": weight, "any_of": list(wordings)})
                elif line.strip():
                    self.wrong(weight, "no_wording")
        return facts

    def _passages(self) -> list[dict[str, str]]:
        sources = sheet_words.lines_of(self.cells.get("source", ""))
        quotes = sheet_words.lines_of(self.cells.get("quote", ""))
        if sources and not quotes:
            self.wrong("quote", "source_alone")
        elif quotes and not sources:
            self.wrong("source", "quote_alone")
        elif len(sources) not in (1, len(quotes)) and quotes:
            self.wrong("source", "pairs")
        sources = sources * len(quotes) if len(sources) == 1 else sources
        return [{"source": source, "quote": quote} for source, quote in zip(sources, quotes, strict=False)]

    def _value(self, column: str) -> str:
        value = sheet_words.value_of(column, self.cells[column])
        if value is None:
            known, name = sheet_words.values(column), sheet_words.columns()[column]
            self.wrong(column, f"value_{column}", sheet_words.with_nearest(self.cells[column], known, name))
        return value or ""

    def _expected(self, data: Mapping[str, object]) -> str:
        if "referral" in data:
            return "referral"
        if not data["facts"]:
            self.wrong("expected", "needs_expected")
        return "answered"

    def _date(self, cell: str) -> str:
        dutch = _DUTCH_DATE.fullmatch(cell)
        told = f"{dutch[3]}-{dutch[2]:0>2}-{dutch[1]:0>2}" if dutch else cell
        try:
            return datetime.date.fromisoformat(told).isoformat()
        except ValueError:
            self.wrong("date", "date_parsing")
            return told
