"""Scanned pages: which pages need reading, and what comes back of pages made by rendering text of our own."""

from __future__ import annotations

import io
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from assistant.errors import OcrUnavailable
from assistant.texts_nl import error_line
from evals.benchmarks import scans
from ingest import ocr
from ingest.ocr import OcrPage, read_pages, usable
from ingest.ocr_lines import Word, lines_of

DUTCH = " ".join(scans.PARAGRAPHS)
ENGLISH = (
    "Schools that treat wellbeing as a whole-school task report fewer absences. Teachers greet pupils at the door, "
    "lessons start later and parents are invited twice a year. None of this is expensive, but it takes time. "
)
TURKISH = (
    "Çocuğunuz okulda kendini iyi hissetmiyorsa bize haber verin. Öğretmen sizinle birlikte bir plan yapar ve her hafta "
    "nasıl gittiğini sorar. Okulda her gün bir danışman vardır ve konuşmalar gizli kalır. "
)
ARABIC = "إذا كان طفلك لا يشعر بالراحة في المدرسة فتحدث مع المعلم. يمكنكم وضع خطة معا ومتابعتها كل أسبوع. " * 3
TABLE = [
    f"{year} {n * 137 % 1000} {n * 7.3:.1f} {n % 9},{n % 7} {100 - n}%" for n, year in enumerate(range(1990, 2024))
]
REFERENCES = [
    "Van den Berg, S., & Özdemir, K. (2019). Schoolklimaat en verzuim in het mbo. Pedagogiek, 39(2), 114-131.",
    "Durlak, J. A., Weissberg, R. P., & Dymnicki, A. B. (2011). Promoting social and emotional learning. Child Dev., 82.",
    "De Wit, L., Jansma, P., Bakker, H., & Smeets, T. (2021). Rust op school: een handreiking. Utrecht: Eigen Beheer.",
    "OECD (2017). PISA 2015 Results (Volume III): Students' Well-Being. Paris: OECD Publishing. doi:10.1787/9789264273856",
]


# --- which text layers can be used


@pytest.mark.parametrize(
    "lines",
    [
        [DUTCH],
        DUTCH.split(". "),
        [DUTCH.upper()],
        [ENGLISH],
        [TURKISH],
        [ARABIC],
        TABLE,
        REFERENCES,
        ["Handreiking", "Welbevinden", "Stichting Xyqz & Partners", "2023"],
        ["Inhoud", *(f"{n}.{m} Hoofdstuk ........ {n * 7 + m}" for n in range(5) for m in range(4))],
        ["Naam Groep A B C D", *(f"Leerling {n} x x x x V V O" for n in range(20))],
        ["\uf0b7 " + part for part in DUTCH.split(". ")],
        ["ﬁnanciën en oﬃciële aﬀaires: " + DUTCH],
        [DUTCH.replace("ë", "Ã«").replace("“", "â€œ").replace("”", "â€")],
        [
            "Ondersteuningsbehoefte Leerplichtambtenaar Schoolondersteuningsprofiel Samenwerkingsverband Onderwijszorgroute"
        ]
        + ["Zorgcoördinator Intern begeleider Schoolmaatschappelijk werker Jeugdgezondheidszorg Onderwijsconsulent"],
        ["Vul in: naam ________ datum ________ handtekening ________ " * 3],
    ],
    ids=(
        "dutch wrapped capitals english turkish arabic numbers references title contents marks bullets ligatures mojibake "
        "compounds form"
    ).split(),
)
def test_what_people_can_read_is_left_alone(lines: list[str]):
    assert usable(lines)


def _permuted(text: str) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return text.lower().translate(str.maketrans(letters, "".join(random.Random(4).sample(letters, 26))))


@pytest.mark.parametrize(
    "garble",
    [
        lambda text: "".join(c if c.isspace() else chr(max(33, ord(c) - 29)) for c in text),
        lambda text: "".join(c if c.isspace() else chr(ord(c) + 3) for c in text),
        _permuted,
        lambda text: text[::-1],
        lambda text: "".join(f"(cid:{ord(c)})" for c in text[:400]),
        lambda text: "".join(c if c.isspace() else chr(0xF000 + ord(c) % 256) for c in text),
        lambda text: re.sub(r"\w", "\ufffd", text),
        lambda text: " ".join(text),
        lambda text: text.replace(" ", ""),
        lambda text: "".join(" " if c in "eaoiu" else c for c in text),
    ],
    ids="shifted-back shifted permuted reversed cid private replaced spelt glued no-vowels".split(),
)
@pytest.mark.parametrize("text", [DUTCH, ENGLISH * 3], ids=["dutch", "english"])
def test_rubbish_that_looks_like_text_is_told_from_it(garble: Callable[[str], str], text: str):
    assert not usable(garble(text).split("\n"))


@pytest.mark.parametrize("lines", [[], [""], ["  ", "\u00ad"], ["12"], ["- 3 -", "iv 4"][:1], ["• • •"]])
def test_a_page_without_words_has_no_text_layer(lines: list[str]):
    assert not usable(lines)


def test_half_a_page_of_rubbish_under_a_heading_is_rubbish():
    assert not usable(["Samen werken aan rust", *_permuted(DUTCH).split(". ")])


# --- words to lines


def word(text: str, left: int, top: int = 100, line: int = 1, height: int = 30, confidence: float = 0.9) -> Word:
    return Word(text, confidence, left, top, left + 20 * len(text), top + height, (1, 1, line))


def test_a_line_over_two_columns_is_cut_where_the_lines_around_it_leave_white():
    rows = [
        (word("links", 0, 40 * n, n), word("naast", 120, 40 * n, n), word("rechts", 262, 40 * n, n)) for n in range(5)
    ]
    lines = lines_of([one for row in rows for one in row])
    assert [line.text for line in lines] == ["links naast", "rechts"] * 5


def test_a_stretched_line_stays_whole_and_cells_far_apart_do_not():
    stretched = [word("wij", 0), word("gaan", 160), word("samen", 340), word("door", 540)]
    assert [line.text for line in lines_of(stretched)] == ["wij gaan samen door"]
    cells = [word("Groep", 0), word("acht", 110), word("twaalf", 400), word("kinderen", 540)]
    assert [line.text for line in lines_of(cells)] == ["Groep acht", "twaalf kinderen"]


def test_the_size_of_a_line_does_not_hang_on_its_letters():
    # boxes as high as such letters are in type of 40 dots
    boxes = {"bekkig": (100, 137), "van": (108, 129), "sommen": (108, 129), "Ha": (100, 129), "zag": (108, 137)}
    sizes = [lines_of([Word(t, 0.9, 0, top, 99, foot, (1, 1, 1))])[0] for t, (top, foot) in boxes.items()]
    assert all(line.size == pytest.approx(40, rel=0.03) for line in sizes)
    assert all(line.base == pytest.approx(129, abs=1) for line in sizes)


def test_specks_and_stains_are_no_words():
    junk = [word("~", 0, confidence=0.5), word("Rust", 60), word("|", 160, confidence=0.4), word("klas", 200)]
    assert [line.text for line in lines_of([*junk, word("eS", 0, 300, 2, confidence=0.2)])] == ["Rust klas"]


# --- what comes back of scans


@pytest.fixture(scope="session")
def tesseract() -> None:
    """Without Tesseract these tests are skipped at home, and fail where they count."""
    try:
        ocr.available()
    except OcrUnavailable as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error}: the tests of scans may not be skipped here")
        pytest.skip(str(error))


def text_of(page: OcrPage) -> str:
    return "\n".join(line.text for line in page.lines)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("columns", "family", "damage"),
    [
        (1, "Helvetica", "clean"),
        (2, "Times", "skewed 1.7 degrees"),
        (1, "Times", "a quarter turn"),
        (2, "Helvetica", "upside down"),
        (1, "Times", "specks"),
        (2, "Helvetica", "shadow of a fold"),
        (1, "Times", "grey on grey"),
    ],
)
def test_the_words_of_a_scan_at_200_dpi_come_back(tesseract: None, columns: int, family: str, damage: str):
    data = scans.scan(scans.page(columns, family), 200, damage)
    page = read_pages(data, [1])[1]
    recall, precision = scans.compared(scans.printed(), text_of(page))
    assert recall >= 0.95 and precision >= 0.95
    assert 0.8 < page.confidence <= 1
    assert (round(page.width / 10), round(page.height / 10)) == (60, 84)
    assert all(0 < line.y < page.height and 0 < line.x < line.right < page.width for line in page.lines)
    middle = page.width / 2
    assert columns == 1 or not [
        line.text for line in page.lines[1:-1] if line.x < middle - 20 < middle + 20 < line.right
    ]
    assert len({line.size for line in page.lines}) == 3
    # a speck may cost the heading a word, as any other
    assert "een veilig schoolklimaat" in page.lines[0].text and page.lines[0].size > 1.3 * page.lines[1].size


@pytest.mark.slow
def test_only_the_pages_asked_for_are_read_and_numbers_stay(tesseract: None):
    writer = PdfWriter()
    for data in (scans.page(), scans.scan(scans.page(), 150), _empty(), scans.scan(scans.page(2), 150)):
        writer.append(PdfReader(io.BytesIO(data)))
    out = io.BytesIO()
    writer.write(out)
    pages = read_pages(out.getvalue(), [4, 2, 3, 9])
    assert list(pages) == [2, 3, 4]
    assert pages[3].lines == () and pages[3].confidence == 0
    for number in (2, 4):
        assert scans.compared(scans.printed(), text_of(pages[number]))[0] >= 0.95
        assert {line.page for line in pages[number].lines} == {number}
        assert [line.number for line in pages[number].lines] == list(range(1, len(pages[number].lines) + 1))


def _empty() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    return bytes(pdf.output())


@pytest.mark.slow
def test_a_page_without_end_takes_no_memory_without_end(tesseract: None):
    pdf = FPDF(unit="pt", format=(14_000, 14_000))
    pdf.add_page()
    pdf.set_font("Helvetica", size=700)
    pdf.text(1000, 2000, "Rust in de klas")
    pages = read_pages(bytes(pdf.output()), [1])
    assert [line.text for line in pages[1].lines] == ["Rust in de klas"]
    assert pages[1].width == pytest.approx(14_000, rel=0.01)


def test_what_can_not_be_rendered_gives_no_page_and_no_error(tesseract: None):
    assert read_pages(b"%PDF-1.4 and nothing more", [1, 2]) == {}
    assert read_pages(scans.page(), [7]) == {}


def test_without_tesseract_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OcrUnavailable) as raised:
        read_pages(scans.page(), [1])
    assert raised.value.details["missing"] == "tesseract"
    assert "tesseract-ocr-nld" in error_line(raised.value)
    assert read_pages(scans.page(), []) == {}


def test_without_dutch_there_is_the_same_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tesseract: None):
    folder = tmp_path / "tessdata"
    folder.mkdir()
    (folder / "eng.traineddata").write_bytes(b"")
    monkeypatch.setenv("TESSDATA_PREFIX", str(folder))
    with pytest.raises(OcrUnavailable) as raised:
        read_pages(scans.page(), [1])
    assert raised.value.details["missing"] == "nld"


def test_judging_pages_loads_nothing_that_only_scans_need():
    code = (
        "import sys; from ingest import ocr; ocr.usable(['Een rustige klas begint bij de deur'] * 9);"
        "print([m for m in ('pytesseract', 'pypdfium2', 'PIL') if m in sys.modules])"
    )
    root = Path(ocr.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
