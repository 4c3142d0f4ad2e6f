from itertools import pairwise

import pytest

from assistant.errors import UnreadableError
from assistant.types import Kind
from ingest.blocks import Block, Part
from ingest.plain import read


def blocks(text: str) -> tuple[Block, ...]:
    return read(text.encode("utf-8"), None).blocks


def shown(text: str) -> list[tuple[str, str]]:
    return [(str(block.part), block.text) for block in blocks(text)]


WRAPPED = """Welzijn op school

Kinderen leren beter als zij zich goed voelen. Dat geldt
voor iedere leerling, van de kleuterklas tot en met het
laatste jaar van de opleiding.

Wat is welzijn?
Onder welzijn verstaan we een goed gevoel over jezelf en
over de mensen om je heen (Jansen & De Vries, 2015). De
school let op:

• het contact met de klas;
• rust in het hoofd, want zonder rust
  lukt leren niet;
* een veilige plek.

Aan de slag?

Begin klein en kijk wat al goed gaat.
"""


def test_wrapped_text_becomes_headings_paragraphs_and_items() -> None:
    assert shown(WRAPPED) == [
        ("heading", "Welzijn op school"),
        (
            "paragraph",
            "Kinderen leren beter als zij zich goed voelen. Dat geldt voor iedere leerling, van de kleuterklas tot en "
            "met het laatste jaar van de opleiding.",
        ),
        ("heading", "Wat is welzijn?"),
        (
            "paragraph",
            "Onder welzijn verstaan we een goed gevoel over jezelf en over de mensen om je heen (Jansen & De Vries, "
            "2015). De school let op:",
        ),
        ("item", "het contact met de klas;"),
        ("item", "rust in het hoofd, want zonder rust lukt leren niet;"),
        ("item", "een veilige plek."),
        ("heading", "Aan de slag?"),
        ("paragraph", "Begin klein en kijk wat al goed gaat."),
    ]


def test_the_first_heading_is_the_title() -> None:
    found = blocks("Een titel\n\nKop\n\nDit is de tekst van de alinea.\n\nNog een kop\n\nEn dit is weer tekst.")
    assert [(block.text, block.level) for block in found if block.part is Part.HEADING] == [
        ("Een titel", 1),
        ("Kop", 2),
        ("Nog een kop", 2),
    ]


@pytest.mark.parametrize("glyph", ["•", "*", "+", "¢", "«\t", "-", "\ufffd ", "▪", "✓"])
def test_bullets_of_all_kinds_go_without_a_trace(glyph: str) -> None:
    found = blocks(f"De school let op:\n{glyph} het eerste punt\n{glyph} het tweede punt\n")
    assert [block.text for block in found if block.part is Part.ITEM] == ["het eerste punt", "het tweede punt"]
    assert all(block.kind is Kind.LIST and not block.edits for block in found if block.part is Part.ITEM)


def test_numbers_of_a_list_stay() -> None:
    found = blocks("Zo doe je dat:\n1. eerst kijken\n2. dan doen\n")
    assert [block.text for block in found if block.part is Part.ITEM] == ["1. eerst kijken", "2. dan doen"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Figuur 2. Werken in drie fasen", Kind.CAPTION),
        ("> Lees meer hierover", Kind.LINK),
        ("Meld je aan", Kind.LINK),
        ("➤ Weten hoe dat kan? Bekijk de film.", Kind.LINK),
        ("https://voorbeeld.example/video/1", Kind.LINK),
        ("19 november 2021", Kind.REFERENCE),
    ],
)
def test_lines_that_are_no_running_text_get_their_kind(line: str, kind: Kind) -> None:
    found = blocks(f"Dit is een alinea over de school en haar team.\n\n{line}\n\nEn hier gaat de tekst weer verder.")
    assert found[1].kind is kind
    assert [found[0].kind, found[2].kind] == [Kind.BODY, Kind.BODY]


def test_what_stands_under_sources_is_a_reference() -> None:
    found = blocks("Dit is een alinea over school.\n\nBronnen:\n\nWeare, K. (2015). What works?\n\nRyan, R. (2009).")
    assert [block.kind for block in found[2:]] == [Kind.REFERENCE, Kind.REFERENCE]
    assert found[1].part is Part.HEADING


def test_a_quote_keeps_the_name_below_it() -> None:
    found = blocks("“Begin klein. Sluit aan bij wat goed gaat.”\n\n– Thera de Boer, adviseur\n\nDaarna komt de tekst.")
    assert found[0].text == "“Begin klein. Sluit aan bij wat goed gaat.” – Thera de Boer, adviseur"
    assert len(found) == 2


def test_paragraphs_broken_by_stray_blank_lines_are_whole() -> None:
    text = (
        "Uit een onderzoek van Durlak et al.\n\n(2011) blijkt dat dit helpt (De Haan, &\n\nDibi, 2022). Dat is\n\nmooi."
    )
    assert [block.text for block in blocks(text)] == [
        "Uit een onderzoek van Durlak et al. (2011) blijkt dat dit helpt (De Haan, & Dibi, 2022). Dat is mooi."
    ]


def test_a_heading_that_introduces_a_list_stays_with_it() -> None:
    found = blocks("Dit is een inleiding op de lijst.\n\nKies zelf:\n\n• dit\n• of dat\n")
    assert [(block.part, block.text) for block in found[1:]] == [
        (Part.PARAGRAPH, "Kies zelf:"),
        (Part.ITEM, "dit"),
        (Part.ITEM, "of dat"),
    ]


def test_line_numbers_are_those_of_the_original() -> None:
    text = "Kop\n\nEen alinea van de tekst.\n\n\nNog een alinea."
    lines = text.split("\n")
    for block in blocks(text):
        assert lines[block.line - 1] == block.text
    numbers = [block.line for block in blocks(WRAPPED)]
    assert all(left < right for left, right in pairwise(numbers))


def test_other_encodings_and_line_ends_give_the_same_text() -> None:
    text = "Een kop\n\nGeïnformeerde ouders één keer per jaar “spreken”.\n"
    expected = read(text.encode(), None).blocks
    assert read(b"\xef\xbb\xbf" + text.encode(), None).blocks == expected
    assert read(text.encode("utf-16"), None).blocks == expected
    assert read(text.encode("cp1252"), None).blocks == expected
    assert read(text.replace("\n", "\r\n").encode(), None).blocks == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "empty"), (b" \n ", "empty"), (b"PK\x03\x04\0\0\0", "binary"), (bytes(range(1, 9)) * 9, "binary")],
)
def test_what_is_no_text_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(data, None)
    assert caught.value.details["why"] == why


def test_markdown_in_a_text_file_is_read_as_markdown() -> None:
    found = blocks("# Kaart\n\n## Kop\n\nMet **vette** tekst.\n")
    assert [(block.part, block.text, block.level) for block in found] == [
        (Part.HEADING, "Kaart", 1),
        (Part.HEADING, "Kop", 2),
        (Part.PARAGRAPH, "Met vette tekst.", 0),
    ]
