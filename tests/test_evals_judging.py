"""Answers drawn for judging, and the sheet that editors fill in without seeing what was measured."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from judged import AFTER, BEFORE, COLUMN, RUN, TRICKY, record, run_of
from openpyxl import load_workbook

from evals.compare import RunError
from evals.judging.draw import Draw, draw, items_of, run_hash
from evals.judging.labels import LabelsError
from evals.judging.read import read_labels
from evals.judging.sheet import HIDDEN, write_sheet


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "anna.xlsx"
    write_sheet(draw(RUN, 6), "Anna", path)
    return path


# drawing


def test_half_of_the_drawn_answers_failed_and_every_set_has_its_share():
    drawn = draw(RUN, 8)
    cases = [RUN.cases[case] for case in dict.fromkeys(item.case for item in drawn.items)]
    assert len(cases) == 8
    assert sum(case["passed"] for case in cases) == 4
    assert {case["set"] for case in cases} == {"kern", "taal", "afwezig"}


def test_where_one_kind_is_short_the_other_fills_up_and_no_more_is_drawn_than_there_is():
    few = run_of(*(record(f"k-{n}", "kern", n > 0) for n in range(9)))
    assert len({item.case for item in draw(few, 6).items}) == 6
    assert "k-0" in {item.case for item in draw(few, 6).items}
    assert {item.case for item in draw(RUN, 500).items} == set(RUN.cases)


def test_a_draw_follows_from_the_seed_alone():
    assert draw(RUN, 6, 3) == draw(RUN, 6, 3)
    assert {i.case for i in draw(RUN, 6, 3).items} != {i.case for i in draw(RUN, 6, 4).items}
    backwards = replace(RUN, cases=dict(reversed(RUN.cases.items())))
    assert {i.id for i in draw(backwards, 6, 3).items} == {i.id for i in draw(RUN, 6, 3).items}


def test_each_editor_gets_the_same_items_in_an_own_order_with_an_answer_kept_together():
    drawn = draw(RUN, 8)
    anna, bart = drawn.for_editor("Anna"), drawn.for_editor("Bart")
    assert anna == drawn.for_editor("  anna ") != bart
    assert set(anna) == set(bart) == set(drawn.items)
    order = [item.case for item in anna]
    assert all(order[order.index(case) :][: order.count(case)] == [case] * order.count(case) for case in order)


def test_statements_are_asked_only_of_answers_and_each_answer_is_asked_as_a_whole():
    answered = items_of(RUN.cases["kern-1"])
    assert [item.claim for item in answered] == ["supported", "supported", "helpful"]
    assert answered[0].quotes[0].before == BEFORE and answered[0].quotes[0].page == "9"
    assert answered[2].text.startswith("Let op.") and "Zin twee" in answered[2].text
    (absent,) = items_of(RUN.cases["weg-1"])
    assert (
        absent.claim == "helpful" and absent.quotes[0].quote == "Dichtbij gevonden." and absent.quotes[0].before == ""
    )


def test_a_sentence_that_stands_twice_gives_two_items():
    twice = record("dubbel", "kern", True, texts=("Zelfde zin.", "Zelfde zin."))
    assert len({item.id for item in items_of(twice)}) == 3


def test_an_empty_draw_and_a_run_without_answers_are_named():
    for run, count in ((RUN, 0), (run_of(), 5), (RUN, -3)):
        with pytest.raises(LabelsError) as caught:
            draw(run, count)
        assert caught.value.details["why"] == "nothing_to_draw"
    with pytest.raises(RunError):
        draw(run_of({"id": "x", "set": "kern", "passed": True, "scores": {}}), 1)


def test_measuring_the_same_answers_anew_keeps_the_run_and_another_answer_does_not():
    rescored = {case: {**one, "scores": {"passed": 0.5}, "passed": True} for case, one in RUN.cases.items()}
    assert run_hash(replace(RUN, cases=rescored)) == run_hash(RUN)
    assert run_hash(
        replace(RUN, cases={**RUN.cases, "kern-1": record("kern-1", "kern", False, "no_evidence")})
    ) != run_hash(RUN)


# the sheet


def test_a_sheet_shows_the_answer_and_its_surroundings_and_nothing_that_was_measured(sheet: Path):
    with zipfile.ZipFile(sheet) as archive:
        everything = "\n".join(
            archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml")
        )
    assert BEFORE.strip() in everything and AFTER.strip() in everything and "De krant, p. 9, Sport" in everything
    assert "Eerder gevraagd: Wat eerst?" in everything
    for secret in ("kern", "taal-", "weg-", "afwezig", "verwachting", "passed", "vital"):
        assert secret not in everything, secret


def test_a_sheet_has_choices_a_fixed_head_wrapped_text_and_only_two_columns_to_fill_in(sheet: Path):
    book = load_workbook(sheet, rich_text=True)
    assert book.sheetnames == ["uitleg", "beoordelen"]
    page = book["beoordelen"]
    assert page.freeze_panes == "A2" and page.protection.sheet
    choices = {one.formula1: str(one.sqref) for one in page.data_validations.dataValidation}
    assert set(choices) == {'"volledig,deels,niet"', '"helpt,helpt niet"'}
    kinds = [page.cell(row, COLUMN["kind"]).value for row in range(2, page.max_row + 1)]
    covered = {cell for cells in choices.values() for span in cells.split() for cell in _cells(span)}
    assert covered == {f"G{row}" for row in range(2, len(kinds) + 2)}
    for name, column in COLUMN.items():
        cell = page.cell(2, column)
        assert cell.alignment.wrap_text and cell.protection.locked == (name not in ("label", "remark"))
        assert page.column_dimensions[cell.column_letter].hidden == (name in HIDDEN)
    supported = kinds.index("supported") + 2
    bold = [part for part in page.cell(supported, COLUMN["quote"]).value if getattr(part, "font", None)]
    text = page.cell(supported, COLUMN["text"]).value
    assert [part.text for part in bold] == [text]
    assert str(page.cell(supported, COLUMN["quote"]).value).endswith(f"] …{BEFORE}{text}{AFTER}…")


def _cells(span: str) -> list[str]:
    first, _, last = span.partition(":")
    return [f"G{row}" for row in range(int(first[1:]), int((last or first)[1:]) + 1)]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_no_cell_is_a_formula_and_every_text_comes_back(tmp_path: Path, suffix: str):
    path = tmp_path / f"blad{suffix}"
    drawn = draw(TRICKY, 2)
    write_sheet(drawn, "=cmd|' /C calc'!A0", path)
    if suffix == ".xlsx":
        cells = [
            cell for row in load_workbook(path)["beoordelen"].iter_rows() for cell in row if cell.value is not None
        ]
        assert cells and all(cell.data_type == "s" for cell in cells)
    else:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        table = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))
        assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@"))]
    read = read_labels(path, TRICKY)
    assert read.editor == "=cmd|' /C calc'!A0"
    wanted = {item.id: item.text.replace("\x07", " ").strip() for item in drawn.items}
    assert {label.item: label.text for label in read.labels} == wanted


def test_a_sheet_that_exists_is_never_overwritten(sheet: Path):
    before = sheet.read_bytes()
    for path, why in ((sheet, "exists"), (sheet.with_suffix(".ods"), "kind")):
        with pytest.raises(LabelsError) as caught:
            write_sheet(draw(RUN, 2), "Bart", path)
        assert caught.value.details["why"] == why
    with pytest.raises(LabelsError) as caught:
        write_sheet(draw(RUN, 2), "  ", sheet.with_name("b.xlsx"))
    assert caught.value.details["why"] == "no_name"
    assert sheet.read_bytes() == before and not sheet.with_name("b.xlsx").exists()


def test_a_drawn_record_is_hashable_and_holds_no_secret():
    fields = {name for one in draw(RUN, 2).items for name in one.__slots__}
    assert fields == {"id", "case", "claim", "turns", "text", "quotes"}
    assert isinstance(hash(draw(RUN, 2)), int) and isinstance(draw(RUN, 2), Draw)
