"""What must hold for the publications that come with the project, and for what an editor adds to them."""

import hashlib
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.types import QUOTABLE, Change, Document, Kind, Passage, Role
from ingest import corrections, manifest
from ingest.passages import assemble
from ingest.plain import read

CORPUS = Path(__file__).parent.parent / "corpus"
SOURCES = manifest.load(CORPUS)
PLAIN = [source for source in SOURCES if source.file.endswith((".txt", ".md"))]
# Layout that is dropped without a record: bullets, arrows and the marks of Markdown.
LAYOUT = re.compile(r"\]\([^)\s]*\)|[\s*#\[\]•+¢«\ufffd➤▶➡–-]")


@cache
def original(source_id: str) -> bytes:
    source = next(source for source in SOURCES if source.id == source_id)
    return (CORPUS / "documents" / source.file).read_bytes()


@cache
def document(source_id: str) -> Document:
    source = next(source for source in SOURCES if source.id == source_id)
    data = original(source_id)
    reading = read(data, corrections.load(CORPUS / "corrections", source_id))
    return assemble(source, reading, hashlib.sha256(data).hexdigest())


def bare(text: str) -> str:
    return LAYOUT.sub("", text)


def untouched(found: Document, passage: Passage) -> list[str]:
    """The longest stretches of a passage that no repair touches."""
    edges = {passage.start, passage.end}
    repairs = [c for c in found.changes if c.repair and c.start <= passage.end and c.end >= passage.start]
    for change in repairs:
        edges.update(at for at in (change.start, change.end) if passage.start < at < passage.end)
    return [
        found.text[start:end]
        for start, end in pairwise(sorted(edges))
        if not any(change.touches(start, end) for change in repairs)
    ]


def touching(found: Document, quote: str) -> list[Change]:
    start = found.text.index(quote)
    return [change for change in found.changes if change.repair and change.touches(start, start + len(quote))]


def passage_with(found: Document, quote: str) -> Passage:
    return next(passage for passage in found.passages if quote in passage.text)


each = pytest.mark.parametrize("source_id", [source.id for source in PLAIN])


@each
def test_passages_are_whole_sentences_of_the_stored_text(source_id: str) -> None:
    found = document(source_id)
    assert found.passages
    spans = [(sentence.start, sentence.end) for passage in found.passages for sentence in passage.sentences]
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    for passage in found.passages:
        assert found.text[passage.start : passage.end] == passage.text
        assert (passage.sentences[0].start, passage.sentences[-1].end) == (passage.start, passage.end)
        assert passage.kind is not Kind.NOISE


@each
def test_what_no_repair_touches_stands_in_the_original(source_id: str) -> None:
    found = document(source_id)
    printed = bare(original(source_id).decode("utf-8"))
    for passage in found.passages:
        for stretch in untouched(found, passage):
            assert bare(stretch) in printed, stretch
    for section in found.sections:
        title = section.path[-1]
        repaired = any(change.touches(section.start, section.start + len(title)) for change in found.changes)
        assert repaired or bare(title) in printed


@each
def test_everything_printed_is_stored_or_recorded_as_left_out(source_id: str) -> None:
    found = document(source_id)
    stored = bare(found.text)
    records = [bare(change.before) for change in found.changes]
    for line in original(source_id).decode("utf-8").split("\n"):
        text = bare(line)
        known = text in stored or any(text in record or (record and record in text) for record in records)
        assert known, line


@pytest.mark.parametrize("source_id", ["infosheet-scholen", "vo-raad-praktijkkaarten"])
def test_twice_the_same_input_gives_the_same_document(source_id: str) -> None:
    source = next(source for source in SOURCES if source.id == source_id)
    reading = read(original(source_id), corrections.load(CORPUS / "corrections", source_id))
    digest = hashlib.sha256(original(source_id)).hexdigest()
    assert assemble(source, reading, digest) == document(source_id)


@each
def test_no_leftovers_of_layout_or_reading_noise_can_be_quoted(source_id: str) -> None:
    for passage in document(source_id).passages:
        if passage.kind not in QUOTABLE:
            continue
        assert not re.search(r"[•¢«\ufffd➤]|\*\*|\]\(|^[*+-] |,,|\betal\b|\bEris\b", passage.text, re.MULTILINE)
        for sentence in passage.sentences:
            text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
            assert re.search(r"[a-z]{3}", text), text
            assert text == text.strip()


@each
def test_every_correction_is_applied(source_id: str) -> None:
    recorded = corrections.load(CORPUS / "corrections", source_id)
    changes = document(source_id).changes
    for entry in recorded.entries if recorded else ():
        if entry.reason and entry.operation in ("replace", "omit", "columns", "rearrange"):
            assert any(change.reason == entry.reason for change in changes), entry


def test_corrections_belong_to_sources() -> None:
    ids = {source.id for source in SOURCES}
    assert {path.stem for path in (CORPUS / "corrections").glob("*.toml")} <= ids
    listed = {source.file for source in SOURCES}
    assert {path.name for path in (CORPUS / "documents").iterdir()} == listed


@pytest.mark.parametrize(
    ("source_id", "quote", "section", "kind"),
    [
        (
            "theoretische-onderbouwing",
            "SEL is het proces waarbij jeugdigen kennis en vaardigheden leren toepassen die nodig zijn voor het "
            "begrijpen en reguleren van emoties, het stellen en bereiken van doelen, het voelen van empathie voor "
            "anderen, het aangaan en onderhouden van positieve relaties en het nemen van verantwoorde beslissingen "
            "(CASEL, z.d.).",
            "Sociaal-emotioneel leren.",
            Kind.BODY,
        ),
        (
            "theoretische-onderbouwing",
            "In het basisonderwijs ervaart ruim 15% van de leerlingen (nogal) veel druk door schoolwerk.",
            "Welbevinden: wat zeggen de cijfers?",
            Kind.BODY,
        ),
        (
            "theoretische-onderbouwing",
            "Volgens artikel 2.97 van wet voortgezet onderwijs mogen studenten vanaf 16 jaar zelf kiezen of zij hun "
            "ouders willen betrekken bij schoolgerelateerde zaken (overheid.nl, z.d.).",
            "Ouderbetrokkenheid in het mbo",
            Kind.BOX,
        ),
        (
            "theoretische-onderbouwing",
            "wanneer de school(omgeving):\nwarm en vriendelijk is, en leren beloont;\nsamenwerking promoot in plaats "
            "van competitie;",
            "Veilig en inclusief schoolklimaat",
            Kind.LIST,
        ),
        (
            "infosheet-scholen",
            "leerlingen en teamleden worden getraind op mentaal, emotioneel, gedragsmatig en sociaal vlak.",
            "Welbevinden op school: hoe doe je dat?",
            Kind.BODY,
        ),
        (
            "infosheet-scholen",
            "om goed gedrag te stimuleren:\nWij helpen elkaar als het nodig is\nWij houden rekening met elkaar\n",
            "VOORBEELD Welbevinden op de Parkschool in Delft",
            Kind.LIST,
        ),
        (
            "inspiratiekaart-vo",
            "En welke stappen je nog zou kunnen zetten.” – Hanneke Visser, schoolpsycholoog",
            "Praktijkverhaal: Versterk wat er goed gaat",
            Kind.BODY,
        ),
        (
            "inspiratiekaart-vo",
            "Iedere school in het voortgezet (speciaal) onderwijs in Utrecht heeft een vast kernteam",
            "GOED VOORBEELD: Kernpartneraanpak in Utrecht",
            Kind.BODY,
        ),
        (
            "programma-welbevinden-op-school",
            "Binnen een schoolbrede aanpak...\n...is er een lange termijn visie op welbevinden",
            "Schoolbrede aanpak",
            Kind.LIST,
        ),
        (
            "vo-raad-praktijkkaarten",
            "Dit wordt ook wel een ‘schoolbrede aanpak’ genoemd.",
            "Duurzaam effect",
            Kind.BODY,
        ),
    ],
)
def test_known_passages_stand_where_they_belong(source_id: str, quote: str, section: str, kind: Kind) -> None:
    passage = passage_with(document(source_id), quote)
    assert (passage.section[-1], passage.kind) == (section, kind)


@pytest.mark.parametrize(
    ("quote", "rule"),
    [
        ("dat in het basisonderwijs bijna 12% van de jongens", "noise"),
        ("een lage materiële welvaart lopen", "replace"),
        ("(Looman et al. 2014; O'Toole & Darlington, 2021", "rearrange"),
        ("Hygiëne, Mediawijsheid, Milieu", "rearrange"),
        ("Betrekken van en in contact staan met de gemeenschap om de school(locatie) heen\n", "rearrange"),
        ("Opvallend is dat de resultaten van deze studies niet eenduidig zijn", "columns"),
    ],
)
def test_a_quote_that_touches_a_repair_says_so(quote: str, rule: str) -> None:
    assert rule in {change.rule for change in touching(document("theoretische-onderbouwing"), quote)}


def test_a_quote_without_repairs_says_nothing() -> None:
    found = document("theoretische-onderbouwing")
    assert touching(found, "In het basisonderwijs ervaart ruim 15% van de leerlingen (nogal) veel druk") == []
    assert touching(found, "SEL is het proces waarbij jeugdigen kennis en vaardigheden leren toepassen") == []


def test_no_quote_mixes_the_two_columns() -> None:
    found = document("theoretische-onderbouwing")
    lines = original("theoretische-onderbouwing").decode("utf-8").split("\n")
    recorded = corrections.load(CORPUS / "corrections", "theoretische-onderbouwing")
    assert recorded is not None
    stored = bare(found.text)
    cut = 0
    for entry in recorded.entries:
        for number, right in entry.fields["right"].items() if entry.operation == "columns" else ():
            whole = lines[int(number) - 1].strip()
            left = whole[: len(whole) - len(right)].strip()
            if len(left) > 10 and len(right) > 10:
                assert bare(left[-10:] + right[:10]) not in stored
                cut += 1
    assert cut > 30
    columns = [change for change in found.changes if change.rule == "columns"]
    assert all(change.repair for change in columns)
    section = next(s for s in found.sections if s.path[-1] == "Effectiviteit van integraal werken aan welbevinden")
    text = found.text[section.start : section.end]
    assert "(Blank et al., 2010, Durlak et al., 2011, Kidger, 2012, Stewart & Wang, 2012). Opvallend is dat de" in text
    assert "de impact in de praktijk er wel degelijk is." in text
    assert any("twee kolommen" in warning for warning in found.warnings)


def test_the_overview_of_pillars_is_four_lists() -> None:
    found = document("theoretische-onderbouwing")
    lists: dict[str, list[str]] = {}
    for passage in found.passages:
        if passage.section == ("Wat is belangrijk bij integraal werken aan welbevinden?",):
            for sentence in passage.sentences:
                text = found.text[sentence.start : sentence.end]
                if sentence.role is Role.LEAD_IN:
                    name = text.split(":")[0]
                    lists[name] = []
                elif sentence.role is Role.ITEM:
                    lists[name].append(text)
    for pillar in ("Beleid", "Omgeving", "Educatie", "Signaleren"):
        own = next(p for p in found.passages if p.section[-1] == pillar and p.kind is Kind.LIST)
        assert lists[pillar] == [found.text[s.start : s.end] for s in own.sentences]


def test_boxes_about_the_mbo_are_for_the_mbo() -> None:
    found = document("theoretische-onderbouwing")
    boxes = {p.section[-1] for p in found.passages if p.kind is Kind.BOX and p.sectors == ("mbo",)}
    assert boxes >= {"Veilig en inclusief klimaat in het mbo", "Ouderbetrokkenheid in het mbo", "Stage in het mbo"}
    untitled = passage_with(found, "Bij mbo-studenten kunnen financiële problemen")
    assert (untitled.kind, untitled.sectors) == (Kind.BOX, ("mbo",))
