"""Labels read back from a filled-in sheet, whatever was done to it, and kept without losing one."""

from __future__ import annotations

import csv
import io
import json
import random
import threading
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from judged import COLUMN, LABEL, RUN, TRICKY, best, change, fill_in
from openpyxl import load_workbook

from evals import texts
from evals.compare import SavedRun
from evals.judging import labels
from evals.judging import texts as judging_texts
from evals.judging.draw import draw, run_hash
from evals.judging.labels import LabelsError, labels_from_jsonl, labels_jsonl, load_labels, save_labels
from evals.judging.read import read_labels
from evals.judging.sheet import write_sheet


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "anna.xlsx"
    write_sheet(draw(RUN, 6), "Anna", path)
    return path


def error_of(path: Path, run: SavedRun | None = None) -> LabelsError:
    with pytest.raises(LabelsError) as caught:
        read_labels(path, run)
    lines = list(judging_texts.error_lines(caught.value))
    assert lines and all(line and "{" not in line and "\n" not in line for line in lines)
    return caught.value


# reading


def test_a_filled_in_sheet_gives_labels_with_case_run_and_remark(sheet: Path):
    fill_in(sheet, lambda kind, row: " Deels. " if kind == "supported" else "HELPT  niet", "twijfel")
    read = read_labels(sheet, RUN)
    drawn = draw(RUN, 6)
    assert (read.editor, read.run, read.code, read.corpus) == ("Anna", run_hash(RUN), "12345e6789012345", "bbbb")
    assert [(label.item, label.case, label.claim) for label in read.labels] == [
        (item.id, item.case, item.claim) for item in drawn.for_editor("Anna")
    ]
    assert {(label.claim, label.value, label.remark) for label in read.labels} == {
        ("supported", "partly", "twijfel"), ("helpful", "not_helpful", "twijfel"),
    }  # fmt: skip


def test_rows_left_open_and_rows_taken_out_are_counted(sheet: Path):
    fill_in(sheet, lambda kind, row: best(kind, row) if row > 4 else None)
    book = load_workbook(sheet, rich_text=True)
    book["beoordelen"].delete_rows(9, 2)
    book.save(sheet)
    read = read_labels(sheet)
    items = len(draw(RUN, 6).items)
    assert (read.drawn, read.unlabelled, read.removed, read.labelled) == (items, 3, 2, items - 5)


def test_columns_and_rows_may_be_moved(sheet: Path):
    fill_in(sheet, best, "let op")
    read = read_labels(sheet)
    book = load_workbook(sheet)
    page = book["beoordelen"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    mixed = [rows[0], *reversed(rows[1:])]
    book.remove(page)
    other = book.create_sheet("Blad1")
    for row in mixed:
        other.append(row[::-1])
    book.save(sheet)
    assert set(read_labels(sheet).labels) == set(read.labels)


def test_all_rows_that_cannot_be_used_are_named_with_their_number(sheet: Path):
    fill_in(sheet, best)
    change(sheet, 3, LABEL, "misschien")
    change(sheet, 4, COLUMN["text"], "Iets heel anders.")
    book = load_workbook(sheet, rich_text=True)
    page = book["beoordelen"]
    last = page.max_row + 1
    for column in range(1, page.max_column + 1):
        page.cell(last, column).value = page.cell(2, column).value
    page.cell(last + 1, LABEL).value = "volledig"
    book.save(sheet)
    found = {(problem.row, problem.code.split("_")[0]) for problem in error_of(sheet).problems}
    assert found == {(3, "label"), (4, "changed"), (last, "twice"), (last + 1, "changed")}


def test_a_label_moved_to_another_text_is_noticed(sheet: Path):
    fill_in(sheet, best)
    book = load_workbook(sheet, rich_text=True)
    page = book["beoordelen"]
    first, second = (page.cell(row, COLUMN["item"]).value for row in (2, 3))
    page.cell(2, COLUMN["item"]).value, page.cell(3, COLUMN["item"]).value = second, first
    book.save(sheet)
    assert [problem.row for problem in error_of(sheet).problems] == [2, 3]


def test_a_sheet_of_another_run_is_refused(sheet: Path):
    assert error_of(sheet, TRICKY).details["why"] == "other_run"
    change(sheet, 3, COLUMN["run"], "r0")
    assert error_of(sheet).details["why"] == "mixed"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("weg.xlsx", None, "missing"),
        ("map.csv", None, "missing"),
        ("oud.xls", b"x", "kind"),
        ("leeg.xlsx", b"", "unreadable"),
        ("rommel.xlsx", random.Random(1).randbytes(5000), "unreadable"),
        ("zip.xlsx", b"PK\x03\x04" + bytes(60), "unreadable"),
        ("rommel.csv", random.Random(2).randbytes(5000), "not_a_sheet"),
        ("nul.csv", b"\x00" * 50, "not_a_sheet"),
        ("leeg.csv", b"", "not_a_sheet"),
        ("ander.csv", b"naam;waarde\r\na;b\r\n", "not_a_sheet"),
        ("groot.csv", b"x" * 20_000_001, "too_large"),
    ],
)
def test_a_file_that_is_no_sheet_gives_a_named_error(tmp_path: Path, name: str, content: bytes | None, why: str):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    elif name == "map.csv":
        path.mkdir()
    assert error_of(path).details["why"] == why


def test_a_part_that_unpacks_to_far_more_is_refused_unread(tmp_path: Path):
    path = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"a" * 61_000_000)
    assert error_of(path).details["why"] == "too_large"


def test_a_damaged_sheet_gives_labels_or_a_named_error(sheet: Path, tmp_path: Path):
    fill_in(sheet, best)
    whole, dice = sheet.read_bytes(), random.Random(7)
    table = tmp_path / "heel.csv"
    write_sheet(draw(RUN, 6), "Anna", table)
    for suffix, content in ((".xlsx", whole), (".csv", table.read_bytes())):
        for _ in range(40):
            broken = bytearray(content)
            for _ in range(dice.randint(1, 30)):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            path = tmp_path / f"kapot{suffix}"
            path.write_bytes(bytes(broken[: dice.randint(len(broken) // 2, len(broken))]))
            try:
                assert read_labels(path).labels
            except LabelsError as error:
                assert list(judging_texts.error_lines(error))


@pytest.mark.parametrize("form", ["cp1252", "utf-16", "komma", "tab"])
def test_a_table_saved_by_another_program_reads_the_same(tmp_path: Path, form: str):
    path = tmp_path / "a.csv"
    write_sheet(draw(RUN, 6), "Anna", path)
    wanted = read_labels(path)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))
    buffer = io.StringIO()
    csv.writer(buffer, delimiter={"komma": ",", "tab": "\t"}.get(form, ";")).writerows(rows)
    path.write_bytes(buffer.getvalue().encode(form if form in ("cp1252", "utf-16") else "utf-8", errors="replace"))
    assert [(one.item, one.value) for one in read_labels(path).labels] == [
        (one.item, one.value) for one in wanted.labels
    ]


# keeping


@pytest.fixture
def two(tmp_path: Path) -> list[labels.Labels]:
    made = []
    for editor in ("Anna", "Bàrt / de\u2028Vries"):
        path = tmp_path / f"{len(made)}.xlsx"
        write_sheet(draw(RUN, 6), editor, path)
        fill_in(path, lambda kind, row: best(kind, row) if row % 3 else None, "regel\u2028één; «ja»")
        made.append(read_labels(path))
    return made


def test_exported_labels_come_back_equal_one_line_per_item(two: list[labels.Labels]):
    text = labels_jsonl(two)
    lines = text.removesuffix("\n").split("\n")
    assert len(lines) == sum(len(one.labels) for one in two)
    record = json.loads(lines[0])
    assert {"editor", "item", "case", "code", "corpus", "run", "label", "remark"} <= set(record)
    assert record["editor"] == "Anna" and record["corpus"] == "bbbb" and record["case"] in RUN.cases
    assert labels_from_jsonl(text) == tuple(two)
    assert labels_from_jsonl("") == ()


@pytest.mark.parametrize(
    "broken", ["geen json", "[]", "{}", '"x"', '{"editor": 1, "run": "r", "code": "", "corpus": "", "items": 1}']
)
def test_broken_labels_are_named_with_their_file(tmp_path: Path, two: list[labels.Labels], broken: str):
    for text in (broken, labels_jsonl(two) + broken, labels_jsonl(two).replace('"full"', '"volledig"')):
        (tmp_path / "x.jsonl").write_text(text, encoding="utf-8")
        with pytest.raises(LabelsError) as caught:
            load_labels(tmp_path)
        assert caught.value.details["why"] == "broken"
        assert str(tmp_path / "x.jsonl") in next(judging_texts.error_lines(caught.value))
    (tmp_path / "x.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LabelsError):
        load_labels(tmp_path)


def test_kept_labels_are_replaced_per_editor_and_run_and_none_is_lost(tmp_path: Path, two: list[labels.Labels]):
    folder = tmp_path / "data" / "labels"
    assert load_labels(folder) == ()
    paths = {save_labels(one, folder) for one in two}
    assert len(paths) == 2 and all(path.parent == folder for path in paths)
    later = replace(two[0], labels=two[0].labels[:2])
    assert save_labels(later, folder) in paths
    assert set(load_labels(folder)) == {later, two[1]}
    assert not list(folder.glob("*.new"))


def test_many_savers_at_once_leave_whole_files(tmp_path: Path, two: list[labels.Labels]):
    threads = [threading.Thread(target=save_labels, args=(one, tmp_path / "labels")) for one in two * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(load_labels(tmp_path / "labels")) == set(two)


# the words


def test_every_label_reason_and_row_problem_has_its_dutch_words():
    table = tomllib.loads(Path(texts.__file__).with_name("texts_nl.toml").read_text(encoding="utf-8"))
    table = table["judging"]
    for claim, scale in labels.SCALES.items():
        words = [judging_texts.word(value) for value in scale]
        assert [judging_texts.label_of_word(claim, one.upper() + ".") for one in words] == list(scale)
        assert table["problems"][f"label_{claim}"].format(row=1, value="x")
        assert all(one in " ".join(table["explanation"]) for one in words)
    assert judging_texts.label_of_word("helpful", "volledig") is None
    documented = LabelsError.__doc__ or ""
    for why in table["errors"].keys() - {"other"}:
        assert why in documented
