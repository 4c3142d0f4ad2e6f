"""Cases go into and out of sheets unharmed, and no file, whatever it holds, brings more than a told problem."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from assistant.types import SECTORS, Outcome, QuestionKind
from evals import case_saving, texts
from evals.case_files import MAX_BYTES
from evals.case_saving import OWN_FILE, save_case
from evals.cases import Case, CasesError, Fact, Quotation, load_cases, split_of, with_places
from evals.sheets import grid as sheet_grid
from evals.sheets import words as sheet_words
from evals.sheets.read import new_id
from evals.sheets.write import template, write_sheet

QUICK = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def made(case_id: str = "een", **fields: object) -> Case:
    given = {
        "id": case_id, "set": "proef", "question": "Wat is dit?", "kind": "definition", "asker": "teacher",
        "expected": "no_evidence", "author": "ik", "status": "draft",
    }  # fmt: skip
    return Case.model_validate({key: value for key, value in (given | fields).items() if value is not None})


def told(*places: Path) -> list[str]:
    """The lines that an editor reads."""
    with pytest.raises(CasesError) as caught:
        load_cases(*places)
    lines = [texts.problem_line(problem) for problem in caught.value.problems]
    assert all("deze waarde klopt niet" not in line and "{" not in line for line in lines), lines
    return lines


def workbook(path: Path, *rows: list[object], change: Callable[[Worksheet], None] = lambda _: None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    change(book.worksheets[0])
    book.save(path)
    return path


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


# out and in again


@pytest.fixture(scope="module")
def shipped() -> tuple[Case, ...]:
    return load_cases(retired=True)


@pytest.mark.parametrize("name", ["alle.xlsx", "alle.csv", "alle.yaml"])
def test_all_shipped_cases_come_back_equal(tmp_path: Path, shipped: tuple[Case, ...], name: str) -> None:
    write_sheet(shipped, tmp_path / name)
    assert len(shipped) >= 500
    assert load_cases(tmp_path / name, retired=True) == shipped


# what a person may type: all but what no file of text should hold
TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.just("\n"))
NASTY = st.sampled_from(
    ["=1+1", "+31", "-", "@x", "'=a", "a | b", "x = y", r"\n", r"a\|b", "\\", "a\nb", "48%", "ja", "~"]
)
WORDS = (TYPED.filter(lambda text: text.strip()) | NASTY).map(str.strip)
FACTS = st.builds(
    lambda text, weight, any_of: {"text": text, "weight": weight, "any_of": any_of},
    WORDS,
    st.sampled_from(["vital", "okay"]),
    st.lists(WORDS, min_size=1, max_size=3),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    facts = draw(st.lists(FACTS, max_size=3))
    answerable = any(fact["weight"] == "vital" for fact in facts)
    turns = draw(st.lists(WORDS, min_size=1, max_size=3))
    return made(
        question=None,
        turns=turns,
        set=draw(WORDS),
        facts=facts,
        expected=draw(st.sampled_from(["answered", "partial", "refused"])) if answerable else "no_evidence",
        passages=[{"source": a, "quote": b} for a, b in draw(st.lists(st.tuples(WORDS, WORDS), max_size=3))],
        never=draw(st.lists(WORDS, max_size=2)),
        masked=draw(st.lists(WORDS, max_size=2)),
        sector=draw(st.sampled_from([None, *SECTORS])),
        kind=draw(st.sampled_from([*QuestionKind])),
        author=draw(WORDS),
        date=draw(st.none() | st.dates()),
    )


@QUICK
@given(case=cases())
def test_any_case_comes_back_equal(tmp_path: Path, case: Case) -> None:
    for name in ("een.csv", "een.yaml", "een.xlsx"):
        write_sheet([case], tmp_path / name)
        assert load_cases(tmp_path / name) == (case,), name


def test_no_cell_becomes_a_formula(tmp_path: Path) -> None:
    danger = ['=HYPERLINK("http://boos.example")', "+1", "-1", "@SOM(A1)"]
    asked = [made(f"g{number}", question=f"{text}?", never=[text]) for number, text in enumerate(danger)]
    write_sheet(asked, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    write_sheet(load_cases(tmp_path / "a.xlsx"), tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert not re.search(r"(?:^|;)\"?[=+\-@]", text, re.M)
    assert [case.never[0] for case in load_cases(tmp_path / "a.csv")] == danger


def test_a_sheet_helps_its_editor(tmp_path: Path) -> None:
    write_sheet([made(sector="vo")], tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet, explained = book.worksheets
    assert (sheet.title, explained.title, sheet.freeze_panes) == ("vragen", "uitleg", "B2")
    assert [cell.value for cell in sheet[1]] == list(sheet_words.columns().values())
    assert len(sheet.data_validations.dataValidation) == len(sheet_words.VALUED)
    assert any("leraar,adviseur,redacteur" in one.formula1 for one in sheet.data_validations.dataValidation)
    assert {row[0].value for row in explained.iter_rows(min_row=2)} == set(sheet_words.columns().values())
    assert all(len(str(row[1].value)) > 10 for row in explained.iter_rows(min_row=2))


@pytest.mark.parametrize("name", ["leeg.xlsx", "leeg.csv"])
def test_the_empty_sheet_shows_an_example_that_does_not_count(tmp_path: Path, name: str) -> None:
    template(tmp_path / name)
    assert load_cases(tmp_path / name) == ()
    (example,) = load_cases(tmp_path / name, retired=True)
    assert example.vital and example.question.startswith("Voorbeeld")


def test_what_can_not_be_written_is_told(tmp_path: Path) -> None:
    long = made(never=[f"{'woord ' * 600}{n}" for n in range(10)])
    for cases_, path in (([long], tmp_path / "a.xlsx"), ([], tmp_path / "a.docx"), ([], tmp_path / "weg" / "a.csv")):
        with pytest.raises(CasesError) as caught:
            write_sheet(cases_, path)
        assert "klopt niet" not in texts.problem_line(caught.value.problems[0])
        assert not path.exists()
    write_sheet([long], tmp_path / "a.csv")
    assert load_cases(tmp_path / "a.csv") == (long,)


# what an editor gives


def test_a_question_and_a_fact_are_enough(tmp_path: Path) -> None:
    (case,) = load_cases(
        table(tmp_path / "a.csv", "vraag;verplichte feiten\nHoe groot is de klas?;bijna 30 kinderen\n")
    )
    assert case.vital == (Fact(text="bijna 30 kinderen", any_of=("bijna 30 kinderen",)),)
    assert (case.expected, case.set, case.status, case.date) == (Outcome.ANSWERED, "eigen", "draft", None)
    assert case.id == new_id(["Hoe groot is de klas?"]) and case.id.startswith("hoe-groot-is-de-klas-")
    (placed,) = with_places([case], {"a": "Niets.", "b": "Er zitten bijna 30  kinderen in de klas."})
    assert placed.passages == (Quotation(source="b", quote="bijna 30  kinderen"),)
    assert with_places([placed], {"a": "bijna 30 kinderen"}) == (placed,)


def test_places_are_whole_words_and_close_together() -> None:
    case = made(
        expected="answered",
        facts=[
            {"text": "a", "any_of": ["sel"]},
            {"text": "b", "any_of": ["in 2016"]},
            {"text": "c", "any_of": ["4 keer"]},
        ],
    )
    far = "In 2016 begon het. Bijzondersel. " + "Vulling. " * 50
    text = far + "Sel kwam er in 2016 bij. Het werd vier keer gemeten."
    (placed,) = with_places([case], {"een": "sel", "twee": text})
    assert [passage.source for passage in placed.passages] == ["twee"] * 3
    assert [passage.quote.strip() for passage in placed.passages] == ["Sel", "in 2016", "Het werd vier keer gemeten."]
    assert with_places([case], {"een": "niets"})[0].passages == ()


FULL = [
    "Vraag", "Eerdere_vragen", "SOORT", "sector", "Vrager", "verwacht", "verplichte feiten", "Extra Feiten", "bron",
    "citaat", "verboden  woorden", "datum", "status",
]  # fmt: skip


def test_a_full_row_in_dutch_is_read(tmp_path: Path) -> None:
    row = [
        "En daarna?", "Wat is a?\nEn b?", "Ja/Nee", "voortgezet onderwijs", "leerkracht", "Niet in de bronnen",
        "helft = bijna 48% | 48 procent\ntwee", "drie", "gids", "bijna 48%\ntwee", "Pharos | Trimbos", "22-11-2026",
        "Nagekeken",
    ]  # fmt: skip
    (case,) = load_cases(workbook(tmp_path / "a.xlsx", FULL, row))
    assert case.turns == ("Wat is a?", "En b?", "En daarna?")
    assert (case.kind, case.sector, case.asker) == (QuestionKind.YES_NO, "vo", "teacher")
    assert (case.expected, case.status) == (Outcome.NO_EVIDENCE, "reviewed")
    assert [(fact.text, fact.weight, fact.any_of) for fact in case.facts] == [
        ("helft", "vital", ("bijna 48%", "48 procent")), ("twee", "vital", ("twee",)),
        ("drie", "okay", ("drie",)),
    ]  # fmt: skip
    assert case.passages == (Quotation(source="gids", quote="bijna 48%"), Quotation(source="gids", quote="twee"))
    assert (case.never, case.date) == (("Pharos", "Trimbos"), datetime.date(2026, 11, 22))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_as_office_programs_write_it(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [["vraag", "verplichte feiten", "status"], ["Wat is coëducatie, echt?", '"één\ntwee"', "concept"]]
    rows[1][0] = f'"{rows[1][0]}"'
    text = "\r\n".join(separator.join(row) for row in rows)
    (case,) = load_cases(table(tmp_path / "a.csv", text, encoding))
    assert (case.question, [fact.text for fact in case.facts]) == ("Wat is coëducatie, echt?", ["één", "twee"])


def test_a_stated_separator_is_taken_out(tmp_path: Path) -> None:
    (case,) = load_cases(table(tmp_path / "a.csv", "sep=,\r\nvraag,verwacht\r\nWat; nu?,geen bewijs\r\n"))
    assert case.question == "Wat; nu?"


def test_numbers_dates_and_formulas_are_what_a_person_sees(tmp_path: Path) -> None:
    def shape(sheet: Worksheet) -> None:
        for row, form in ((2, "General"), (3, "0%"), (4, "0.0%"), (5, "#,##0"), (6, "0.00"), (7, "dd-mm-yyyy")):
            sheet.cell(row, 2).number_format = form

    facts = [48.0, 0.48, 0.485, 12345, 3.14159, datetime.datetime(2026, 11, 22), 48.5, True]
    path = workbook(tmp_path / "a.xlsx", ["vraag", "feit"], *([f"vraag {n}?", fact] for n, fact in enumerate(facts)),
                    change=shape)  # fmt: skip
    seen = [case.vital[0].text for case in load_cases(path)]
    assert seen == ["48", "48%", "48,5%", "12.345", "3,14", "22-11-2026", "48,5", "waar"]


def test_merged_cells_empty_rows_and_other_sheets(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.merge_cells("C2:C4")
        sheet.row_dimensions[3].hidden = True
        sheet.parent.create_sheet("grafiek", 0).append(["iets", "anders"])
        sheet.title = "Vragen"

    path = workbook(tmp_path / "a.xlsx", ["vraag", "verwacht", "set"], ["a?", "geen bewijs", "s"], [], ["b?", "geweigerd"],
                    change=change)  # fmt: skip
    assert [(case.question, case.set) for case in load_cases(path)] == [("a?", "s"), ("b?", "s")]


def test_folders_give_all_their_files_but_locks_and_hidden_ones(tmp_path: Path) -> None:
    table(tmp_path / "b.csv", "vraag;verwacht\nb?;geen bewijs\n")
    workbook(tmp_path / "A.XLSX", ["vraag", "verwacht"], ["a?", "geen bewijs"])
    for name in ("~$A.XLSX", ".~lock.b.csv#", ".b.csv", "README.md"):
        table(tmp_path / name, "slot")
    assert [case.question for case in load_cases(tmp_path, tmp_path / "bestaat-niet")] == ["a?", "b?"]
    with pytest.raises(CasesError):
        load_cases(tmp_path, tmp_path / "b.csv")


# what is wrong is told where it stands


@pytest.mark.parametrize(
    ("text", "row", "says"),
    [
        ("vrag;verwacht\na?;geen bewijs\n", 1, "vrag (bedoel je 'vraag'?)"),
        ("vraag;verwacht;vraag\na?;geen bewijs;b?\n", 1, "vraag: dit staat er twee keer"),
        ("verwacht\ngeen bewijs\n", 1, "vraag: deze kolom ontbreekt"),
        ("zomaar;iets\nanders;dan\n", 1, "namen van de kolommen"),
        ("vraag;verwacht\na?;geen bewijs;los\n", 2, "los: deze cel staat in een kolom zonder naam"),
        ('vraag;verwacht\n"a\n\nb?";geen bewijs\n\nc?;misschien\n', 4, "verwacht 'misschien'"),
        ("vraag;soort;verwacht\na?;lijstje;deels\n", 2, "soort 'lijstje' (bedoel je 'lijst'?): dit is geen soort"),
        ("vraag;sector;verwacht\na?;hbo;deels\n", 2, "kies po, vo, so of mbo"),
        ("vraag;status\na?;klaar\n", 2, "kies concept, nagekeken of vervallen"),
        ("vraag;vrager\na?;ouder\n", 2, "kies leraar, adviseur of redacteur"),
        ("vraag;verwijzing\na?;politie\n", 2, "kies zelfdoding of mishandeling"),
        ("vraag;set\na?;s\n", 2, "vul een verplicht feit in"),
        ("vraag;verwacht\n;geen bewijs\n", 2, "ontbreekt de vraag"),
        ("vraag;verwacht\na?;beantwoord\n", 2, "minstens één verplicht feit"),
        ("vraag;verwacht\na?;doorverwijzing\n", 2, "suicide of abuse"),
        ("vraag;feiten\na?;etiket = |\n", 2, "bewoording"),
        ("vraag;feiten;bron\na?;b;gids\n", 2, "ontbreekt het citaat"),
        ("vraag;feiten;citaat\na?;b;b\n", 2, "ontbreekt de bron"),
        ('vraag;feiten;bron;citaat\na?;b;"x\ny";"1\n2\n3"\n', 2, "evenveel bronnen als citaten"),
        ("vraag;feiten;datum\na?;b;31-02-2026\n", 2, "geen datum"),
        ("vraag;feiten\na?;#REF!\n", 2, "formule heeft geen uitkomst"),
        ("vraag;feiten\na?;#NAAM?\n", 2, "formule heeft geen uitkomst"),
        ("vraag;feiten;id\na?;b;Eén!\n", 2, "kleine letters"),
        ("vraag;feiten\na?;b\nc?;d\na?;b\n", 4, "deze vraag staat er al"),
        ("vraag;feiten;id\na?;b;x\nc?;d;x\n", 3, "deze id bestaat al"),
        ("vraag;feiten;documenten\na?;b;../geheim.md\n", 2, "zonder map"),
        ("vraag;feiten;documenten\na?;b;weg.md\n", 2, "map documents"),
        (f"vraag;feiten\na?;{'x' * 100_000}\n", 2, "te lang"),
        (f"vraag;feiten\na?;{'x' * 200_000}\n", 2, "geen CSV"),
        ('vraag;feiten\n"a?;b\n', 2, "aanhalingsteken"),
        ("vraag;feiten\na?;b\x07\n", 2, "stuurteken"),
        ("", None, "bestand is leeg"),
        (";;\n;\n", None, "bestand is leeg"),
    ],
)
def test_a_mistake_in_a_sheet_is_told_with_its_row_and_a_remedy(
    tmp_path: Path, text: str, row: int | None, says: str
) -> None:
    lines = told(table(tmp_path / "a.csv", text))
    where = f"a.csv, regel {row}," if row else "a.csv:"
    assert any(line.startswith(where.removesuffix(",")) and says in line for line in lines), lines


def test_a_mistake_in_a_workbook_has_the_row_that_the_editor_sees(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["vraag", "soort"], [], [], ["a?", "lijsd"])
    assert any("a.xlsx, regel 4, soort 'lijsd' (bedoel je 'lijst'?)" in line for line in told(path))


def test_only_a_header_holds_no_cases(tmp_path: Path) -> None:
    table(tmp_path / "a.csv", "vraag;feiten\n")
    assert any("hier staan geen vragen" in line for line in told(tmp_path))
    table(tmp_path / "b.csv", "vraag;feiten\na?;b\n")
    assert len(load_cases(tmp_path)) == 1


def _xlsx_parts(**changed: bytes) -> bytes:
    """A workbook whose sheet or other part is replaced."""
    made_, out = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["vraag", "feiten"])
    book.save(made_)
    with zipfile.ZipFile(made_) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(Path(name).stem, old.read(name)))
    return out.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</worksheet>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]>'
HOSTILE = {
    "binair.xlsx": b"\x00\x01\x02\xff" * 500,
    "tekst.xlsx": b"vraag;feiten\na?;b\n",
    "wachtwoord.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000,
    "halve.xlsx": _xlsx_parts()[:900],
    "leeg-archief.xlsx": b"PK\x05\x06" + b"\x00" * 18,
    "uitpakbom.xlsx": _xlsx_parts(sheet1=SHEET % (b" " * (sheet_grid.MAX_XML + 1))),
    "entiteiten.xlsx": _xlsx_parts(sheet1=LAUGHS + SHEET % b"<sheetData/>"),
    "oceaan.xlsx": _xlsx_parts(
        sheet1=SHEET % b'<sheetData/><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "verre-cel.xlsx": _xlsx_parts(
        sheet1=SHEET % b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    ),
    "kapot-blad.xlsx": _xlsx_parts(sheet1=b"<worksheet"),
    "geen-bladen.xlsx": _xlsx_parts(workbook=b"<workbook/>"),
    "leeg.xlsx": b"",
    "boek.csv": _xlsx_parts(),
    "binair.csv": b"\x00\x01\x81\x8d\xff" * 500,
    "onbekend.csv": b"vraag;feiten\n" + b"\x81\x8d\xe9\n",
    "oud.xls": b"\xd0\xcf\x11\xe0",
    "open.ods": b"PK\x03\x04",
    "haken.yaml": b"set: a\ncases: " + b"[" * 200_000,
    "streepjes.yaml": b"- " * 200_000,
    "bom.yaml": b"a: &a [x,x]\nb: &b [*a,*a]\nset: s\ncases: [{id: *b}]\n",
    "samenvoegen.yaml": b"set: s\ndefaults: &d {author: a}\ncases:\n- <<: *d\n  id: x\n",
    "python.yaml": b"set: s\ncases:\n- !!python/object/apply:os.system ['echo boos']\n",
    "python-vraag.yaml": b"set: s\ncases:\n- question: !!python/object/apply:os.system ['echo boos']\n",
    "getal.yaml": b"set: s\ncases:\n- {id: x, date: 2026-13-45, question: " + b"9" * 6000 + b"}\n",
    "dubbel.yaml": b"set: s\ncases:\n- id: x\n  id: y\n",
    "twee.yaml": b"set: s\ncases: []\n---\nset: t\ncases: []\n",
    "nul.yaml": b"set: s\x00\ncases: []\n",
    "wees.yaml": b'set: s\ncases:\n- {id: "\\ud800", question: "\\0"}\n',
    "lijst.yaml": b"- a\n- b\n",
    "tekst.yaml": b"zomaar tekst",
    "geen-velden.yaml": b"set: s\ncases: [1, 2]\n",
    "defaults.yaml": b"set: s\ndefaults: [1]\ncases: [{id: x}]\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_and_no_more(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    for place in (tmp_path, tmp_path / name):
        lines = told(place)
        assert all(line.startswith(name) for line in lines), lines


def test_places_that_are_no_files_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert any("bestand is er niet" in line for line in told(tmp_path / "weg.xlsx"))
    assert any("hier staan geen vragen" in line for line in told(tmp_path / "weg"))
    assert any("geen bestand" in line or "er niet" in line for line in told(Path("a\0b.yaml")))
    (tmp_path / "map.yaml").mkdir()
    assert any("map.yaml: dit is geen bestand" in line for line in told(tmp_path))
    (tmp_path / "map.yaml").rmdir()
    with (tmp_path / "groot.xlsx").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert any("te groot" in line for line in told(tmp_path))
    (tmp_path / "groot.xlsx").unlink()
    table(tmp_path / "dicht.csv", "vraag;feiten\na?;b\n")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert any("kan niet worden gelezen" in line for line in told(tmp_path))


def _read_or_told(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            load_cases(path)
        except CasesError as error:
            assert all(texts.problem_line(problem).startswith(name) or problem.code == "nothing_found" for problem in
                       error.problems)  # fmt: skip


YAML_PIECES = st.sampled_from(
    ["set: s\n", "cases:\n", "- id: x\n", "  question: a?\n", "  facts:\n", "  - {text: a}\n", "&a ", "*a", "!!set ", "? ",
     "{", "}", "[", "]", ": ", "- ", "'", '"', "|\n", "\t", "  ", "---\n", "%", "#", "é", "\u2028", "defaults: {a: b}\n"]
)  # fmt: skip
CSV_PIECES = st.sampled_from(
    ["vraag", "feiten", "bron", "citaat", "status", "datum", ";", ",", "\t", "\n", "\r", '"', "=", "|", "\\", "a?", "é",
     "sep=;\n", "#REF!", "concept", " ", "\ufeff"]
)  # fmt: skip


@pytest.mark.parametrize("name", ["a.yaml", "a.csv", "a.xlsx"])
@QUICK
@given(data=st.binary(max_size=2000))
def test_random_bytes_never_bring_more_than_a_problem(name: str, data: bytes) -> None:
    _read_or_told(name, data)


@QUICK
@given(pieces=st.lists(YAML_PIECES, max_size=40))
def test_random_yaml_never_brings_more_than_a_problem(pieces: list[str]) -> None:
    _read_or_told("a.yaml", "".join(pieces).encode())


@QUICK
@given(pieces=st.lists(CSV_PIECES, max_size=60))
def test_random_tables_never_bring_more_than_a_problem(pieces: list[str]) -> None:
    _read_or_told("a.csv", "".join(["vraag;feiten\n", *pieces]).encode())


WORKBOOK = _xlsx_parts()


@QUICK
@given(place=st.integers(0, len(WORKBOOK) - 1), byte=st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_never_brings_more_than_a_problem(place: int, byte: bytes) -> None:
    _read_or_told("a.xlsx", WORKBOOK[:place] + byte + WORKBOOK[place + len(byte) :])


@QUICK
@given(text=st.text(st.sampled_from('<>/="rcvtsA1B2 mergeCellref:&;'), max_size=200))
def test_a_strange_sheet_never_brings_more_than_a_problem(text: str) -> None:
    data = SHEET % b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>vraag</t></is></c></row>%s</sheetData>'
    _read_or_told("a.xlsx", _xlsx_parts(sheet1=data % text.encode()))


# the words


@pytest.mark.parametrize(
    ("column", "known"),
    [("kind", set(QuestionKind)), ("expected", set(Outcome)), ("sector", set(SECTORS)),
     ("asker", {"teacher", "adviser", "editor"}), ("referral", {"suicide", "abuse"}),
     ("status", {"draft", "reviewed", "retired"})],
)  # fmt: skip
def test_every_value_has_a_dutch_word_and_the_remedy_names_it(column: str, known: set[str]) -> None:
    assert set(sheet_words.values(column).values()) == {str(value) for value in known}
    problem = texts.problem_line(case_saving.file_problem(Path("a"), f"value_{column}").problems[0])
    for value in known:
        assert sheet_words.value_of(column, sheet_words.dutch(column, value)) == value
        assert sheet_words.value_of(column, value.upper()) == value
        assert sheet_words.dutch(column, value) in problem


@given(texts_=st.lists(WORDS, max_size=4))
def test_texts_in_one_cell_come_apart_as_they_were(texts_: list[str]) -> None:
    assert sheet_words.lines_of(sheet_words.lines_cell(texts_)) == tuple(texts_)
    assert sheet_words.words_of(sheet_words.words_cell(texts_)) == tuple(texts_)
    if texts_:
        assert sheet_words.fact_of(sheet_words.fact_cell("a = b", texts_)) == ("a = b", tuple(texts_))


def test_ids_are_readable_stable_and_tell_questions_apart() -> None:
    asked = "Hoeveel leerlingen op het vmbo, de havo én het vwo zitten niet lekker in hun vel?"
    assert re.fullmatch(r"hoeveel-leerlingen-op-het-vmbo-de-havo-[0-9a-f]{6}", new_id([asked]))
    assert len({new_id([asked]), new_id(["Wat?", asked]), new_id([asked + "!"])}) == 3
    assert re.fullmatch(r"vraag-[0-9a-f]{6}", new_id(["？？"]))


# saving


def test_a_saved_case_is_added_or_put_in_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    for name in ("een", "twee", "drie"):
        save_case(made(name, set="eigen"), folder)
    changed = made("twee", set="eigen", question="Wat is dit nu?", status="retired")
    path = save_case(changed, folder)
    assert path == folder / OWN_FILE
    assert [case.id for case in load_cases(folder, retired=True)] == ["een", "twee", "drie"]
    assert load_cases(folder, retired=True)[1] == changed
    assert [case.id for case in load_cases(folder)] == ["een", "drie"]


def test_a_save_that_is_cut_off_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_case(made("een"), tmp_path)
    before = (tmp_path / OWN_FILE).read_bytes()

    def cut_off(path: Path, target: Path) -> Path:
        raise OSError(28, "disk full", str(path))

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", cut_off)
        with pytest.raises(CasesError) as caught:
            save_case(made("twee"), tmp_path)
    assert caught.value.problems[0].code == "not_saved"
    assert (tmp_path / OWN_FILE).read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} <= {OWN_FILE, "eigen.lock"}
    save_case(made("twee"), tmp_path)
    assert len(load_cases(tmp_path)) == 2


def test_two_who_save_at_once_both_find_their_cases(tmp_path: Path) -> None:
    def save(who: str) -> None:
        for number in range(8):
            save_case(made(f"{who}-{number}"), tmp_path)

    threads = [threading.Thread(target=save, args=(who,)) for who in ("an", "bo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {case.id for case in load_cases(tmp_path)} == {f"{who}-{n}" for who in ("an", "bo") for n in range(8)}


def test_a_broken_file_and_a_held_lock_are_told_and_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / OWN_FILE).write_text("set: [", encoding="utf-8")
    with pytest.raises(CasesError):
        save_case(made("een"), tmp_path)
    assert (tmp_path / OWN_FILE).read_text(encoding="utf-8") == "set: ["
    monkeypatch.setattr(case_saving, "WAIT_SECONDS", 0.05)
    with FileLock(tmp_path / "eigen.lock"), pytest.raises(CasesError) as caught:
        save_case(made("een"), tmp_path)
    assert caught.value.problems[0].code == "busy"


def test_the_split_of_a_made_case_follows_its_id() -> None:
    assert made("een").split == split_of("een")
