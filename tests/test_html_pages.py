"""Whole pages in the manners of the usual systems for sites: what is read of them, where it stands, what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.citing import address
from assistant.errors import UnreadableError
from assistant.texts_nl import error_line
from assistant.types import Kind, Source
from ingest import html, read
from ingest.blocks import Block, Part, Reading
from ingest.passages import assemble

PAGES = Path(__file__).parent / "data" / "pages"
# What belongs to the site and not to the page, on whichever of them.
SERVICE = """cookies partners Hoofdnavigatie Kruimelpad Facebook Gerelateerde Zomerschool Klimwand klimwand Examens Reacties
    Postbus Disclaimer bevindt verbeteren Volgende Nieuwsbrief Redactie Vaders Direct Tweet""".split()


def reading(name: str) -> Reading:
    return html.read((PAGES / f"{name}.html").read_bytes())


def headings(name: str) -> list[tuple[int, str | None, str]]:
    return [(b.level, b.anchor, b.text) for b in reading(name).blocks if b.part is Part.HEADING]


def below(name: str, heading: str) -> list[Block]:
    """The blocks from a heading to the next."""
    blocks = reading(name).blocks
    at = next(i for i, b in enumerate(blocks) if b.part is Part.HEADING and b.text == heading)
    end = next((i for i, b in enumerate(blocks[at + 1 :], at + 1) if b.part is Part.HEADING), len(blocks))
    return list(blocks[at + 1 : end])


def test_there_are_at_least_twelve_pages():
    assert len(list(PAGES.glob("*.html"))) >= 12


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.html")))
def test_nothing_of_the_site_is_read_and_the_title_comes_first(name: str):
    found = reading(name)
    text = "\n".join(block.text for block in found.blocks)
    assert not [word for word in SERVICE if word in text]
    first = found.blocks[0]
    assert (first.part, first.level) == (Part.HEADING, 1) and found.found["title"] == first.text
    assert len({block.text for block in found.blocks}) == len(found.blocks)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "wordpress",
            [
                (1, "post-12", "Rust in de brugklas"), (2, "h-wat-is-het", "Wat is het programma?"),
                (3, "faq-question-1", "Hoe lang duurt het programma?"), (3, "faq-question-2", "Wat kost het?"),
                (3, None, "Mogen ouders meedoen?"),
            ],
        ),
        (
            "drupal",
            [
                (1, "main-content", "Signaleren in de klas"), (2, "stappen", "Vier stappen"), (2, "gesprek", "Het gesprek"),
                (3, None, "Moet ik ouders meteen bellen?"), (3, None, "Wat leg ik vast?"),
            ],
        ),
        (
            "typo3",
            [
                (1, "c101", "Samen eten op school"), (2, "c102", "Wat heb je nodig?"), (2, "c103", "Vragen van ouders"),
                (4, "accordion-heading-1", "Wie let er op allergieën?"), (4, "accordion-heading-2", "Mag mijn kind thuis eten?"),
            ],
        ),
        (
            "rijk",
            [
                (1, "content-wrapper", "Zorgplicht voor veiligheid op school"), (2, "anker-1-plan", "Plan voor veiligheid"),
                (3, "anker-2-meten", "Jaarlijks meten"), (2, None, "Let op"), (2, None, "Veelgestelde vragen"),
                (3, None, "Wie is het aanspreekpunt voor pesten?"),
            ],
        ),
        ("wijkin", [(1, None, "Buurtmoeders op school"), (2, None, "Hoe het werkt"), (3, "cijfers", "Cijfers")]),
        (
            "dl",
            [
                (1, None, "Vragen over de vragenlijst"), (2, "v1", "Wie vult de lijst in?"), (2, "v2", "Hoe lang duurt het?"),
                (2, None, "Begrippen"), (3, None, "Welbevinden"), (3, None, "Veerkracht"), (2, None, "Gegevens"),
            ],
        ),
        (
            "microdata",
            [
                (1, "inhoud", "Veelgestelde vragen"), (2, "vraag-1", "Wat is een klassenraad?"),
                (2, "vraag-2", "Hoe vaak komt de raad bij elkaar?"),
            ],
        ),
        (
            "jsonld",
            [(1, None, "Veelgestelde vragen"), (2, "kosten", "Wat kost een training?"), (2, None, "Waar zijn de trainingen?")],
        ),
        (
            "elementor",
            [
                (1, None, "Groen schoolplein"), (2, "elementor-tab-title-1", "Wie onderhoudt het plein?"),
                (2, "elementor-tab-title-2", "Is er subsidie?"), (3, None, "Meer schaduw"),
            ],
        ),
        (
            "buttons",
            [
                (1, None, "Ouders betrekken"), (2, "faq", "Vragen"), (3, "knop-1", "Hoe bereik ik ouders die nooit komen?"),
                (3, "knop-2", "Mag een kind tolken?"), (3, None, "Uit de praktijk"),
            ],
        ),
        ("dotnet", [(1, "aspnetForm", "Leerlingenraad"), (2, None, "Taken")]),
        ("nieuws", [(1, None, "Meer leerlingen sporten in de pauze"), (2, None, "Minder ruzie")]),
    ],
)  # fmt: skip
def test_headings_with_the_names_that_lead_to_them(name: str, expected: list[tuple[int, str | None, str]]):
    assert headings(name) == expected


@pytest.mark.parametrize(
    ("name", "question", "answer"),
    [
        ("wordpress", "Wat kost het?", "deelname gratis"),
        ("wordpress", "Mogen ouders meedoen?", "ouders zijn welkom"),
        ("drupal", "Moet ik ouders meteen bellen?", "met de leerling zelf"),
        ("typo3", "Mag mijn kind thuis eten?", "Dat mag altijd"),
        ("rijk", "Wie is het aanspreekpunt voor pesten?", "wijst iemand aan"),
        ("dl", "Hoe lang duurt het?", "een kwartier. Daarna bespreekt"),
        ("dl", "Veerkracht", "Het vermogen om"),
        ("microdata", "Wat is een klassenraad?", "groep leerlingen"),
        ("jsonld", "Wat kost een training?", "450 euro per dag. Voor kleine scholen"),
        ("jsonld", "Waar zijn de trainingen?", "naar de school toe"),
        ("elementor", "Is er subsidie?", "de helft van de aanleg"),
        ("buttons", "Mag een kind tolken?", "Liever niet"),
    ],
)
def test_a_folded_answer_stands_below_its_question(name: str, question: str, answer: str):
    assert answer in " ".join(block.text for block in below(name, question))


def test_answers_for_search_engines_are_told_and_only_those_the_page_lacks():
    assert len(reading("jsonld").warnings) == 1 and "2 keer" in reading("jsonld").warnings[0]
    assert reading("wordpress").warnings == () == reading("microdata").warnings


@pytest.mark.parametrize(
    ("name", "publisher", "published"),
    [
        ("wordpress", "GGD Voorbeeldstad", "2024-02-14"),
        ("drupal", "Kenniscentrum Jong", "2023-09-01"),
        ("rijk", "Ministerie van Voorbeelden", "2022-08-01"),
        ("wijkin", "Wijk en School", "2021-05-20"),
        ("nieuws", "Schoolkrant Vandaag", "2025-01-20"),
        ("elementor", None, "2022-11-03"),
        ("dl", None, None),
    ],
)
def test_publisher_and_date(name: str, publisher: str | None, published: str | None):
    found = reading(name).found
    assert (found.get("publisher"), found.get("published")) == (publisher, published)


def test_boxes_are_boxes():
    for name, opening in (
        ("buttons", "Op een school in het oosten"),
        ("rijk", "De resultaten gaan"),
        ("wijkin", "Tip: begin"),
    ):
        (box,) = [b for b in reading(name).blocks if b.kind is Kind.BOX and b.part is not Part.HEADING]
        assert box.text.startswith(opening)
    kinds = {b.kind for b in below("rijk", "Wie is het aanspreekpunt voor pesten?")}
    assert kinds == {Kind.BODY}


def test_tables_with_merged_cells_and_a_caption():
    rows = [b.text for b in reading("dotnet").blocks if b.kind is Kind.TABLE]
    assert rows == ["Onderbouw | klas 1 | 4 leden", "Onderbouw | klas 2 | 4 leden", "Bovenbouw | 8 leden"]
    assert [b.text for b in reading("wordpress").blocks if b.kind is Kind.CAPTION] == ["Tabel 1. De eerste twee weken"]


def test_lists_also_those_typed_by_hand():
    items = [b.text for b in reading("wijkin").blocks if b.part is Part.ITEM]
    assert items == ["een vaste plek", "koffie en thee", "een contactpersoon op school"]
    assert [b.text for b in below("typo3", "Wat heb je nodig?") if b.part is Part.ITEM] == [
        "borden en bekers", "een plek om handen te wassen",
    ]  # fmt: skip
    assert [b.text for b in below("rijk", "Jaarlijks meten")][0].endswith("3 onderdelen:")


def test_a_citation_leads_to_the_heading_above_it():
    source = Source(
        "rijk", "x", (), None, "https://voorbeeld.nl/veilig#oud", "webpagina", "nl", (), (), "", "rijk.html"
    )
    document = assemble(source, reading("rijk"), "0" * 64)
    assert {s.path[-1]: s.anchor for s in document.sections}["Jaarlijks meten"] == "anker-2-meten"
    for words, anchor in (
        ("vragenlijst met 3 onderdelen", "anker-2-meten"),
        ("Elke school heeft een plan", "anker-1-plan"),
        ("Elke school wijst iemand aan", "oud"),
    ):
        place = address(document, document.text.index(words))
        assert place == f"https://voorbeeld.nl/veilig#{anchor}"


def test_a_name_with_odd_letters_is_written_as_an_address():
    page = "<html><body><main><h1>Kop</h1><h2 id='één/twee'>Deel</h2><p>Tekst van dit deel, lang genoeg.</p></main>"
    source = Source("x", "x", (), None, "https://voorbeeld.nl/", "webpagina", "nl", (), (), "", "x.html")
    document = assemble(source, html.read(page.encode()), "0" * 64)
    assert address(document, len(document.text) - 2) == "https://voorbeeld.nl/#%C3%A9%C3%A9n/twee"


def why(page: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        html.read(page.encode())
    reason = str(caught.value.details["why"])
    line = error_line(UnreadableError("", file="pagina.html", why=reason))
    assert "pagina.html" in line and "\n" not in line and line.endswith(".") and "{" not in line
    return reason


def test_pages_with_nothing_to_read_say_why():
    assert (
        why(
            "<html><head><title>App</title></head><body><div id='root'></div><script src='/a.js'></script></body></html>"
        )
        == "script"
    )
    assert why("<html><head><meta http-equiv='Refresh' content='0; url=/nieuw'></head><body></body></html>") == "moved"
    assert why("<html><head><title>Leeg</title></head><body></body></html>") == "no_content"


def test_a_page_that_says_it_needs_javascript_has_nothing_to_read():
    shell = (
        "<div id='app'><p>Je hebt JavaScript nodig om deze website te gebruiken.</p></div><script src='/a.js'></script>"
    )
    assert why(f"<html><head><title>App</title></head><body>{shell}</body></html>") == "script"


def test_reading_in_a_child_gives_the_same():
    data = (PAGES / "rijk.html").read_bytes()
    assert read.read(data, "rijk.html") == html.read(data)


@pytest.mark.parametrize("stated", ["utf-8", "iso-8859-1", "windows-1252"])
def test_utf_8_is_read_as_such_whatever_the_page_says(stated: str):
    page = f'<html><head><meta charset="{stated}"></head><body><p>Één ’s ochtends, reünie én café</p></body></html>'
    assert "Één ’s ochtends" in html.decode(page.encode())
    broken = page.encode().replace("Één".encode(), b"\xc9\xc3\xa9n \xff")
    assert "’s ochtends" in html.decode(broken) or stated != "utf-8"


def test_control_characters_do_no_harm():
    page = "<html><body><main><h1>Kop</h1><div>los &#1;woord\x02 hier en daar<p>en een alinea\x1f van tekst</p></div>"
    text = [block.text for block in html.read(page.encode()).blocks]
    assert text == ["Kop", "los woord hier en daar", "en een alinea van tekst"]


def test_a_page_of_too_many_parts_is_refused_in_time():
    assert why("<html><body><main>" + "<p><b>x</b></p>" * 120_000 + "</main></body></html>") == "too_heavy"


def test_text_for_search_engines_that_is_no_json_is_passed_over():
    body = "<main><h1>Kop</h1><p>Gewone tekst van een gewone pagina.</p></main>"
    for script in (
        "{geen json",
        '{"@type": ["Question"]}',
        "[" * 5000,
        '{"@type":"Question","name":5,"acceptedAnswer":[7]}',
    ):
        page = f"<html><body><script type='application/ld+json'>{script}</script>{body}</body></html>"
        assert html.read(page.encode()).blocks[-1].text == "Gewone tekst van een gewone pagina."
