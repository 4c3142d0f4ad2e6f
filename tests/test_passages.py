import hashlib
from dataclasses import replace
from itertools import pairwise

from assistant.types import Document, Kind, Passage, Role, Source
from ingest.blocks import Block, Edit, Part, Reading
from ingest.passages import TARGET, TINY, assemble
from ingest.plain import read

SOURCE = Source(
    "bron", "Bron", ("Pharos",), None, None, "handreiking", "nl", ("po", "vo"), (), "Citeren mag.", "bron.txt"
)
SENTENCE = "Een school waar kinderen zich thuis voelen geeft hun de ruimte om te leren en te groeien."


def heading(text: str, level: int, kind: Kind = Kind.BODY) -> Block:
    return Block(Part.HEADING, kind, text, 1, level)


def paragraph(text: str, kind: Kind = Kind.BODY, **more: object) -> Block:
    return replace(Block(Part.PARAGRAPH, kind, text, 1), **more)  # type: ignore[arg-type]


def item(text: str, kind: Kind = Kind.LIST, **more: object) -> Block:
    return replace(Block(Part.ITEM, kind, text, 1, 1), **more)  # type: ignore[arg-type]


def document(*blocks: Block, target: int = TARGET, **more: object) -> Document:
    return assemble(SOURCE, replace(Reading(blocks), **more), "0" * 64, target)  # type: ignore[arg-type]


def check(found: Document) -> None:
    """Every passage is an exact stretch of whole sentences, in order, and no sentence stands in two of them."""
    spans = [(sentence.start, sentence.end) for passage in found.passages for sentence in passage.sentences]
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    for passage in found.passages:
        assert found.text[passage.start : passage.end] == passage.text
        assert (passage.sentences[0].start, passage.sentences[-1].end) == (passage.start, passage.end)
        gaps = [found.text[a.end : b.start] for a, b in pairwise(passage.sentences)]
        assert not "".join(gaps).strip()
    assert found.version == hashlib.sha256(found.text.encode()).hexdigest()


def only(found: Document, kind: Kind) -> Passage:
    (passage,) = [passage for passage in found.passages if passage.kind is kind]
    return passage


def test_a_list_is_one_stretch_with_the_line_that_introduces_it() -> None:
    found = document(
        heading("Kop", 2),
        paragraph(f"{SENTENCE} {SENTENCE} De school let op:"),
        item("het eerste;"),
        item("het tweede."),
        paragraph(SENTENCE),
    )
    check(found)
    listed = only(found, Kind.LIST)
    assert listed.text == "De school let op:\nhet eerste;\nhet tweede."
    assert [sentence.role for sentence in listed.sentences] == [Role.LEAD_IN, Role.ITEM, Role.ITEM]
    assert len({sentence.block for sentence in listed.sentences}) == 1
    body = [passage for passage in found.passages if passage.kind is Kind.BODY]
    assert [passage.text for passage in body] == [f"{SENTENCE} {SENTENCE}", SENTENCE]
    assert all(passage.section == ("Kop",) for passage in found.passages)


def test_a_paragraph_of_several_sentences_that_is_finished_introduces_nothing() -> None:
    found = document(paragraph(f"{SENTENCE} {SENTENCE}"), item("los punt"))
    check(found)
    assert [sentence.role for sentence in only(found, Kind.LIST).sentences] == [Role.ITEM]
    assert "\n\nlos punt" in found.text


def test_a_tiny_start_of_the_paragraph_goes_with_the_list() -> None:
    found = document(paragraph("Kort begin. Let op:"), item("het eerste"), item("het tweede"))
    check(found)
    assert [sentence.role for sentence in only(found, Kind.LIST).sentences] == [
        Role.SENTENCE,
        Role.LEAD_IN,
        Role.ITEM,
        Role.ITEM,
    ]


def test_long_paragraphs_are_cut_between_sentences_and_short_ones_gathered() -> None:
    long = " ".join(SENTENCE.replace("school", f"school{n}") for n in range(30))
    found = document(paragraph(long), paragraph("Heel kort."), paragraph(SENTENCE), paragraph(SENTENCE))
    check(found)
    lengths = [passage.end - passage.start for passage in found.passages]
    assert all(TINY <= length <= TARGET * 3 // 2 for length in lengths)
    assert len(found.passages) >= 4


def test_passages_never_cross_sections_pages_or_kinds() -> None:
    found = document(
        heading("A", 2),
        paragraph("Kort een.", page=1),
        paragraph("Kort twee.", page=2),
        paragraph("Figuur 1. Iets.", Kind.CAPTION, page=2),
        heading("B", 2),
        paragraph("Kort drie.", page=2),
        page_labels=("i", None, "3"),
    )
    check(found)
    assert [(p.section, p.page, p.page_label, p.kind) for p in found.passages] == [
        (("A",), 1, "i", Kind.BODY),
        (("A",), 2, None, Kind.BODY),
        (("A",), 2, None, Kind.CAPTION),
        (("B",), 2, None, Kind.BODY),
    ]
    assert [(page.number, page.label) for page in found.pages] == [(1, "i"), (2, None), (3, "3")]
    assert found.text[found.pages[0].start : found.pages[0].end] == "Kort een."
    assert found.pages[2].start == found.pages[2].end


def test_headings_stand_in_the_text_but_in_no_passage() -> None:
    headings = heading("Titel", 1), heading("Kop", 2), heading("Sub", 3)
    found = document(*headings[:2], paragraph(SENTENCE), headings[2], paragraph(SENTENCE))
    check(found)
    assert found.text == f"Titel\n\nKop\n\n{SENTENCE}\n\nSub\n\n{SENTENCE}"
    assert [passage.section for passage in found.passages] == [("Kop",), ("Kop", "Sub")]
    kop = next(section for section in found.sections if section.path == ("Kop",))
    assert found.text[kop.start : kop.end] == f"Kop\n\n{SENTENCE}\n\nSub\n\n{SENTENCE}"


def test_several_headings_of_the_top_level_are_sections_not_titles() -> None:
    found = document(heading("A", 1), heading("B", 2), paragraph(SENTENCE), heading("C", 1), paragraph(SENTENCE))
    assert [passage.section for passage in found.passages] == [("A", "B"), ("C",)]


def test_a_box_is_a_section_of_its_own_and_ends_with_itself() -> None:
    found = document(
        heading("Titel", 1),
        heading("Kop", 2),
        paragraph(SENTENCE),
        heading("Stage in het mbo", 3, Kind.BOX),
        paragraph(SENTENCE, Kind.BOX),
        paragraph(SENTENCE),
    )
    check(found)
    assert [(p.section, p.kind, p.sectors) for p in found.passages] == [
        (("Kop",), Kind.BODY, ("po", "vo")),
        (("Kop", "Stage in het mbo"), Kind.BOX, ("mbo",)),
        (("Kop",), Kind.BODY, ("po", "vo")),
    ]


def test_sectors_come_from_the_nearest_heading_that_names_one() -> None:
    found = document(
        heading("Onderzoek in het mbo", 2),
        paragraph(SENTENCE),
        heading("Primair en voortgezet onderwijs", 3),
        paragraph(SENTENCE),
        heading("Overig", 2),
        paragraph(SENTENCE),
        paragraph(f"Bij mbo-studenten speelt dit. {SENTENCE}", Kind.BOX),
    )
    assert [passage.sectors for passage in found.passages] == [("mbo",), ("po", "vo"), ("po", "vo"), ("mbo",)]


def test_noise_is_no_passage() -> None:
    found = document(paragraph(SENTENCE), paragraph("", Kind.NOISE))
    assert [passage.text for passage in found.passages] == [SENTENCE]


def test_edits_become_changes_of_the_stored_text() -> None:
    edit = Edit("replace", 7, "materiéle", "materiële", 3, 12, True, "Trema.")
    found = document(heading("Kop", 2), paragraph("De materiële kant van school telt mee.", edits=(edit,)))
    (change,) = found.changes
    assert found.text[change.start : change.end] == "materiële"
    assert (change.line, change.before, change.repair, change.reason) == (7, "materiéle", True, "Trema.")


def test_what_was_cut_out_between_two_paragraphs_of_a_passage_counts_as_a_repair() -> None:
    cut = Edit("noise", 3, "AT TR", "", 0, 0, False)
    inside = document(paragraph(SENTENCE), paragraph(SENTENCE, edits=(cut,)))
    between = document(paragraph(SENTENCE), heading("Kop", 2), paragraph(SENTENCE, edits=(cut,)))
    assert [change.repair for change in inside.changes] == [True]
    assert [change.repair for change in between.changes] == [False]


def test_what_was_left_out_at_the_end_stands_at_the_end() -> None:
    found = document(paragraph(SENTENCE), left_out=(Edit("noise", 9, "12", "", 0, 0, False),))
    assert [(change.start, change.before) for change in found.changes] == [(len(found.text), "12")]


def test_the_same_input_gives_the_same_document() -> None:
    text = f"Titel\n\nKop\n\n{SENTENCE} {SENTENCE}\n\nLet op:\n• een\n• twee\n".encode()
    one, two = (assemble(SOURCE, read(text, None), "0" * 64) for _ in range(2))
    assert one == two
    assert len({passage.id for passage in one.passages}) == len(one.passages)


def test_an_id_says_where_and_what() -> None:
    one = document(paragraph(SENTENCE), heading("Kop", 2), paragraph("Oud."))
    two = document(paragraph(SENTENCE), heading("Kop", 2), paragraph("Nieuw."))
    assert one.passages[0].id == two.passages[0].id
    assert one.passages[1].id != two.passages[1].id
    assert one.version != two.version


def test_a_quotation_with_its_speaker_is_not_cut() -> None:
    inner = " ".join(SENTENCE.replace("school", f"school{n}") for n in range(12))
    found = document(paragraph(f"“{inner}” – Afdeling Jeugd, GGD"))
    check(found)
    assert len(found.passages) == 1


def test_an_endless_list_is_cut_between_its_items() -> None:
    found = document(paragraph("Let op:"), *(item(f"{n}. {SENTENCE}") for n in range(1, 60)))
    check(found)
    assert len(found.passages) > 1
    assert sum(len(passage.sentences) for passage in found.passages) == 60


def test_an_empty_reading_is_an_empty_document() -> None:
    found = document()
    assert (found.text, found.passages, found.sections) == ("", (), ())
