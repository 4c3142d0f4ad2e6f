from pathlib import Path

import pytest

from assistant.errors import CorrectionError
from assistant.types import Kind
from ingest import corrections
from ingest.blocks import Reading
from ingest.plain import read

TEXT = """Titel

De eerste alinea gaat over
de materiéle kant van school.
kader om de tekst

Linker tekst een rechter tekst twee
loopt hier door. loopt ook door.

het tweede deel van de zin.
Dit is een zin die verder gaat in
"""


def reading(folder: Path, toml: str, text: str = TEXT) -> Reading:
    (folder / "bron.toml").write_text(toml, encoding="utf-8")
    return read(text.encode(), corrections.load(folder, "bron"))


def texts(found: Reading) -> list[str]:
    return [block.text for block in found.blocks]


def test_words_are_replaced_and_marked(tmp_path: Path) -> None:
    found = reading(tmp_path, 'replace = [{ lines = 4, before = "materiéle", after = "materiële", reason = "Trema." }]')
    block = next(block for block in found.blocks if "materiële" in block.text)
    (edit,) = block.edits
    assert (edit.line, edit.before, edit.after, edit.reason, edit.repair) == (
        4,
        "materiéle",
        "materiële",
        "Trema.",
        True,
    )
    assert block.text[edit.start : edit.end] == "materiële"


def test_lines_are_left_out_with_their_reason(tmp_path: Path) -> None:
    found = reading(tmp_path, 'omit = [{ lines = 5, text = "kader om de tekst", reason = "Rand." }]')
    assert not any("kader" in text for text in texts(found))
    cuts = [edit for block in found.blocks for edit in block.edits if edit.rule == "omit"]
    assert [(cut.before, cut.reason, cut.start == cut.end) for cut in cuts] == [("kader om de tekst", "Rand.", True)]


def test_columns_are_told_apart_and_nothing_is_lost(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """
[[columns]]
lines = "7-8"
reason = "Twee kolommen."
[columns.right]
7 = "een rechter tekst twee"
8 = "loopt ook door."
""",
    )
    left = next(block for block in found.blocks if block.text.startswith("Linker"))
    right = next(block for block in found.blocks if block.text.startswith("een rechter"))
    assert (left.text, right.text) == ("Linker tekst loopt hier door.", "een rechter tekst twee loopt ook door.")
    assert all(edit.repair for block in (left, right) for edit in block.edits)
    covered = {at for edit in right.edits for at in range(edit.start, edit.end)}
    assert covered >= {at for at, char in enumerate(right.text) if char != " "}


def test_lines_are_put_in_order_and_the_seam_is_marked(tmp_path: Path) -> None:
    found = reading(
        tmp_path, 'rearrange = [{ lines = "10-11", order = [11, 10], reason = "Omgekeerd." }]', TEXT.rstrip("\n")
    )
    block = next(block for block in found.blocks if block.text.startswith("Dit is een zin"))
    assert block.text == "Dit is een zin die verder gaat in het tweede deel van de zin."
    seam = block.edits[-1]
    assert (seam.rule, seam.repair, block.text[seam.start :]) == ("rearrange", True, "het tweede deel van de zin.")


def test_headings_kinds_and_paragraphs_are_set(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        """
heading = [{ lines = 5, level = 3, text = "kader om de tekst" }]
kind = [{ lines = "7-8", kind = "box", text = "Linker tekst … ook door." }]
begin = [{ lines = 11, text = "Dit is een zin die verder gaat in" }]
""",
    )
    assert [(block.text, block.level) for block in found.blocks if block.level == 3] == [("kader om de tekst", 3)]
    assert [block.kind for block in found.blocks if block.text.startswith("Linker")] == [Kind.BOX]
    assert "Dit is een zin die verder gaat in" in texts(found)


def test_warnings_travel_with_the_document(tmp_path: Path) -> None:
    assert reading(tmp_path, 'warnings = ["Door een computer gelezen."]').warnings == ("Door een computer gelezen.",)


def test_no_file_means_no_corrections(tmp_path: Path) -> None:
    assert corrections.load(tmp_path, "bron") is None


@pytest.mark.parametrize(
    "toml",
    [
        'replace = [{ lines = 3, before = "materiéle", after = "x", reason = "r" }]',
        'replace = [{ lines = 4, before = "e", after = "x", reason = "r" }]',
        'replace = [{ lines = 4, before = "materiéle", after = "x" }]',
        'omit = [{ lines = 5, text = "iets anders", reason = "r" }]',
        'omit = [{ lines = 99, text = "kader", reason = "r" }]',
        'heading = [{ lines = 5, level = 9, text = "kader om de tekst" }]',
        'heading = [{ lines = 5, text = "kader om de tekst" }]',
        'kind = [{ lines = 5, kind = "raar", text = "kader om de tekst" }]',
        'rearrange = [{ lines = "10-11", order = [11], reason = "r" }]',
        'rearrange = [{ lines = "10-11", order = [11, 10, 11], reason = "r" }]',
        'rearrange = [{ lines = "10-11", order = [11, 10, 3], reason = "r" }]',
        'split = [{ lines = 3, after = "niet hier", reason = "r" }]',
        'columns = [{ lines = "7-8", reason = "r", right = { 7 = "andere tekst" } }]',
        'columns = [{ lines = "7-8", reason = "r", right = { 9 = "x" } }]',
        'verplaats = [{ lines = 3, text = "x" }]',
        "omit = 3",
        "omit = [",
    ],
)
def test_a_correction_that_does_not_fit_is_refused_with_its_place(tmp_path: Path, toml: str) -> None:
    with pytest.raises(CorrectionError) as caught:
        reading(tmp_path, toml)
    assert caught.value.details["file"] == "bron.toml"
