from pathlib import Path

import pytest

from assistant.types import Kind
from ingest import corrections
from ingest.blocks import Block, Part
from ingest.markdown import looks_like, read


def blocks(text: str) -> tuple[Block, ...]:
    return read(text.encode("utf-8"), None).blocks


def test_marks_go_and_words_stay() -> None:
    (block,) = blocks("Een *schuine* en **vette** tekst met `code` en “*rek aan*”, aldus 't Hooghe.")
    assert block.text == "Een schuine en vette tekst met code en “rek aan”, aldus 't Hooghe."
    assert block.edits == ()


def test_links_keep_their_text_and_real_ones_their_address() -> None:
    real, dead = blocks("Zie [de site](https://voorbeeld.example/a).\n\nKlik [hier](#).")
    assert (real.text, real.address) == ("Zie de site.", "https://voorbeeld.example/a")
    assert (dead.text, dead.address, dead.kind) == ("Klik hier.", None, Kind.LINK)


def test_lists_are_items_with_depth_and_number() -> None:
    found = blocks("Kies:\n\n- een\n  - dieper\n- twee\n\n3. derde\n4. vierde\n")
    assert [(block.text, block.level) for block in found if block.part is Part.ITEM] == [
        ("een", 1),
        ("dieper", 2),
        ("twee", 1),
        ("3. derde", 1),
        ("4. vierde", 1),
    ]


def test_a_table_gives_a_block_per_row() -> None:
    found = blocks("| Naam | Groep |\n|---|---|\n| Kanjer | 1-8 |\n| **Water** | 5 |\n")
    assert [(block.kind, block.text) for block in found] == [
        (Kind.TABLE, "Naam | Groep"),
        (Kind.TABLE, "Kanjer | 1-8"),
        (Kind.TABLE, "Water | 5"),
    ]


def test_comments_and_tags_are_no_text() -> None:
    found = blocks("<!-- verborgen -->\n\nTekst <b>hier</b><!-- ook -->.\n\n<div>\nIn een blok\n</div>\n")
    assert [block.text for block in found] == ["Tekst hier.", "In een blok"]


def test_an_arrow_is_a_pointer() -> None:
    (block,) = blocks("➤ Meer lezen? Klik **hier**.")
    assert (block.kind, block.text) == (Kind.LINK, "Meer lezen? Klik hier.")


def test_a_quote_keeps_the_name_below_it() -> None:
    found = blocks('*"Het is goed om te kijken. Hoe gaat het?"*\n\n– Laura de Vries, psycholoog\n\nVerder.')
    assert [block.text for block in found] == [
        '"Het is goed om te kijken. Hoe gaat het?" – Laura de Vries, psycholoog',
        "Verder.",
    ]


def test_lines_are_numbered_as_in_the_file() -> None:
    found = blocks("\n\n# Kop\n\nEen alinea\nop twee regels.\n\nNog een.\n")
    assert [(block.text, block.line) for block in found] == [
        ("Kop", 3),
        ("Een alinea op twee regels.", 5),
        ("Nog een.", 8),
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("# A\n\ntekst\n\n## B\n", True),
        ("# A\n\nmet **vet**\n", True),
        ("Gewone tekst.\n\n* een punt\n* nog een\n", False),
        ("# 1 in de klas\n\ngewone tekst\n", False),
    ],
)
def test_markdown_is_told_from_plain_text(text: str, answer: bool) -> None:
    assert looks_like(text) is answer


def test_corrections_work_on_markdown_too(tmp_path: Path) -> None:
    (tmp_path / "kaart.toml").write_text(
        """
split = [{ lines = 3, after = "**Voorbeeld**", reason = "Kop en tekst op één regel." }]
heading = [{ lines = "3A", level = 2, text = "**Voorbeeld**" }]
replace = [{ lines = 3, before = "ledere", after = "Iedere", reason = "Leesfout." }]
omit = [{ lines = 5, text = "Logo", reason = "Plaatje." }]
""",
        encoding="utf-8",
    )
    found = read(b"# Kaart\n\n**Voorbeeld** ledere *school* telt mee.\n\nLogo\n", corrections.load(tmp_path, "kaart"))
    assert [(block.part, block.text, block.level) for block in found.blocks] == [
        (Part.HEADING, "Kaart", 1),
        (Part.HEADING, "Voorbeeld", 2),
        (Part.PARAGRAPH, "Iedere school telt mee.", 0),
    ]
    (edit,) = found.blocks[2].edits
    assert (edit.before, edit.repair, found.blocks[2].text[edit.start : edit.end]) == ("ledere", True, "Iedere")
    assert [(cut.before, cut.reason) for cut in found.left_out] == [("Logo", "Plaatje.")]
