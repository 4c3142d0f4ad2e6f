"""A brief and a conversation as Word and Markdown: read back, every quote to the character, nothing that breaks the file."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import docx as reader
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree
from markdown_it import MarkdownIt
from school import House, one_space

from assistant import texts_nl as nl
from assistant.brief import brief_for
from assistant.brief_records import Brief, Part, annotate, shown, strike
from assistant.export import Look, Paper, brief_paper, clean, conversation_paper, web_address
from assistant.export_docx import docx
from assistant.export_markdown import escaped, markdown, readable
from assistant.types import Answer, Citation, Outcome, Statement, Successor, Turn

MADE = date(2026, 11, 5)
NASTY = (
    "Zie <b>dit</b> & <script>alert(1)</script> **vet** _schuin_ `code` [link](javascript:x) ![x](y) # kop $x^2$ ~~weg~~ "
    "| cel | \\ \x00\x07\x1b\u202eomgekeerd\ud800\ufffe http://kwaad.example www.kwaad.example a@kwaad.example &lt;"
)


@pytest.fixture(scope="module")
def brief(corpus_house: House) -> Brief:
    made = brief_for(corpus_house.assistant, "vo", ["Beleid", "Signaleren"], "Veel gezinnen met weinig geld")
    first = next(line for s in made.sections if s.part is Part.KNOWLEDGE for line in s.lines)
    return annotate(made, first.id, "Hierover belt de directeur nog.")


@pytest.fixture(scope="module")
def answers(corpus_house: House) -> list[Answer]:
    asked = [
        "Wat is mentaal welbevinden?",
        "Welke onderdelen heeft een schoolbrede aanpak?",
        "Wat kost de Kanjertraining?",
    ]
    history: tuple[Turn, ...] = ()
    found = []
    for question in [*asked, asked[0]]:
        found.append(corpus_house.assistant.ask(question, history))
        history = (*history, Turn(question, found[-1].text))
    return found


def opened(paper: Paper) -> WordDocument:
    return reader.Document(io.BytesIO(docx(paper)))


def styled(document: WordDocument, *names: str) -> list[Paragraph]:
    return [p for p in document.paragraphs if p.style is not None and p.style.name in names]


def own_runs(paragraph: Paragraph) -> str:
    """The text of a paragraph without its label and number marks."""
    return "".join(run.text for run in paragraph.runs if not run.bold)


def citation(number: int = 1, **changes: object) -> Citation:
    values = {
        "number": number, "source": "bron", "title": "Gids", "publisher": "Raad", "published": "2023-12",
        "url": "https://example.org/gids", "page": 7, "page_label": "9", "section": "Deel > Kop", "quote": "Een zin.",
        "start": 10 * number, "end": 10 * number + 8, "version": "v", "repaired": False,
    }  # fmt: skip
    return Citation(**(values | changes))  # type: ignore[arg-type]


def answer(text: str = "Een zin.", question: str = "Vraag?", **changes: object) -> Answer:
    return Answer(question, Outcome.ANSWERED, text, (Statement(text, (1,)),), (citation(**changes),))


# a brief in Word


def test_headings_follow_the_brief_and_end_with_the_sources(brief: Brief):
    document = opened(brief_paper(brief, MADE))
    assert [p.text for p in styled(document, "Title")] == [nl.BRIEF_TITLE.format(sector="vo")]
    top = [s.heading for s in brief.sections if s.level == 1]
    assert [p.text for p in styled(document, "Heading 1")] == [*top, nl.EXPORT_SOURCES]
    assert [p.text for p in styled(document, "Heading 2")] == [s.heading for s in brief.sections if s.level == 2]


def test_every_cited_line_equals_the_stored_text_and_leads_to_its_source(brief: Brief, corpus_house: House):
    document = opened(brief_paper(brief, MADE))
    body = document.paragraphs
    cited = [line for s in brief.sections for line in s.lines if not line.statement.own]
    numbered = {c.number: c for c in brief.citations}
    at = 0
    for line in cited:
        quotes = [numbered[n] for n in line.statement.citations]
        told = " … ".join(corpus_house.library.document(c.source).text[c.start : c.end] for c in quotes)
        collected = ""
        while not (links := body[at].hyperlinks) or f"bron_{quotes[-1].number}" not in {x.fragment for x in links}:
            collected = (
                collected + " " + own_runs(body[at]) if (body[at].style and "List" in str(body[at].style.name)) else ""
            )
            at += 1
        collected += " " + own_runs(body[at])
        assert one_space(collected).endswith(one_space(told))
        assert [x.text for x in links] == [f"[{c.number}]" for c in quotes]
        at += 1


def test_marks_lead_to_numbers_in_the_source_list_and_publications_to_their_address(brief: Brief):
    document = opened(brief_paper(brief, MADE))
    anchors = {x.get(qn("w:anchor")) for x in document.element.body.iter(qn("w:hyperlink"))} - {None}
    marked = [x.get(qn("w:name")) for x in document.element.body.iter(qn("w:bookmarkStart"))]
    assert anchors == set(marked) == {f"bron_{c.number}" for c in brief.citations}
    assert len(marked) == len(set(marked))
    external = {x.address for p in document.paragraphs for x in p.hyperlinks if x.address}
    assert external == {c.url for c in brief.citations if c.url} | {
        c.url.split("#")[0] for c in brief.citations if c.url
    }


def test_the_source_list_names_publisher_date_place_and_address(brief: Brief):
    document = opened(brief_paper(brief, MADE))
    listed = "\n".join(
        p.text for p in document.paragraphs[[p.text for p in document.paragraphs].index(nl.EXPORT_SOURCES) :]
    )
    for c in brief.citations:
        assert c.title in listed and c.publisher in listed and (c.url or "") in listed
        assert f"[{c.number}]" in listed and c.section.split(" > ")[-1] in listed
        assert nl.app_date(c.published) in listed


def test_own_text_and_notes_have_a_style_of_their_own(brief: Brief):
    document = opened(brief_paper(brief, MADE))
    own = [p.text for p in styled(document, nl.EXPORT_STYLES["own"])]
    told = [line.statement.text for s in brief.sections for line in s.lines if line.statement.own]
    assert [text for text in own if text != nl.EXPORT_OWN_EXPLAINED] == told
    notes = [p.text for p in styled(document, nl.EXPORT_STYLES["note"])]
    assert nl.EXPORT_NOTE.format(note="Hierover belt de directeur nog.") in notes
    assert nl.BRIEF_CONTEXT.format(context=brief.context) in notes
    assert document.styles[nl.EXPORT_STYLES["own"]].font.italic


def test_footer_language_and_properties(brief: Brief):
    document = opened(brief_paper(brief, MADE))
    footer = document.sections[0].footer.paragraphs[0]
    assert nl.EXPORT_FOOTER.format(date="5 november 2026") in footer.text
    fields = [x.text.strip() for x in footer._p.iter(qn("w:instrText")) if x.text]
    assert fields == ["PAGE", "NUMPAGES"]
    assert {x.get(qn("w:val")) for x in document.styles.element.iter(qn("w:lang"))} == {"nl-NL"}
    properties = document.core_properties
    assert (properties.language, properties.author) == ("nl-NL", nl.APP_NAME)
    assert properties.title == nl.BRIEF_TITLE.format(sector="vo")
    assert round(document.sections[0].page_width.cm, 1) == 21.0


def test_what_is_struck_is_in_no_file(brief: Brief):
    line = next(
        x for s in brief.sections if s.part is Part.KNOWLEDGE for x in s.lines if not x.statement.own and not x.note
    )
    paper = brief_paper(strike(brief, line.id), MADE)
    assert line.statement.text not in "\n".join(p.text for p in opened(paper).paragraphs)
    assert escaped(line.statement.text) not in markdown(paper)
    assert len(paper.addresses()) == len(shown(strike(brief, line.id)).citations)


def test_a_referral_stands_before_everything_else(house: House):
    urgent = brief_for(house.assistant, "vo", ["Signaleren"], "Een leerling zegt dat hij niet meer wil leven")
    first, second, *rest = brief_paper(urgent, MADE).blocks
    assert (first.look, first.text) == (Look.HEADING, nl.BRIEF_URGENT)
    assert second.look is Look.OWN and "112" in second.text
    assert nl.BRIEF_CONTEXT.format(context=urgent.context) in [block.text for block in rest]


# a conversation


def test_a_conversation_is_numbered_through_and_the_same_place_keeps_its_number(answers: list[Answer]):
    paper = conversation_paper(answers, MADE)
    places = {(c.source, c.start, c.end) for a in answers for c in a.citations}
    listed = [n for p in paper.publications for numbers, _, _ in p.places for n in numbers]
    assert sorted(listed) == list(range(1, len(places) + 1))
    document = opened(paper)
    assert [p.text for p in styled(document, "Heading 1")] == [
        *(nl.EXPORT_QUESTION.format(question=a.question) for a in answers), nl.EXPORT_SOURCES,
    ]  # fmt: skip
    first = [b.marks for b in paper.blocks if b.look is Look.QUOTED][0]
    again = [b.marks for b in paper.blocks if b.text == clean(answers[-1].statements[0].text)]
    assert first == (1,) and first in again
    assert sum(len(a.citations) for a in answers) > len(places)


def test_an_answer_that_was_not_found_is_told_as_ours(answers: list[Answer]):
    (silent,) = [a for a in answers if a.outcome is Outcome.NO_EVIDENCE]
    paper = conversation_paper([silent], MADE)
    assert nl.NO_EVIDENCE in [b.text for b in paper.blocks if b.look is Look.OWN]
    assert paper.publications == () and nl.EXPORT_SOURCES not in markdown(paper)


def test_lists_stay_lists(answers: list[Answer]):
    listed = next(s for a in answers for s in a.statements if "\n" in s.text)
    items = [one_space(line) for line in listed.text.split("\n") if line.strip()]
    document = opened(conversation_paper(answers, MADE))
    assert [own_runs(p).strip() for p in styled(document, "List Bullet 2")][: len(items) - 1] == items[1:]
    assert f"  - {escaped(items[1])}" in markdown(conversation_paper(answers, MADE))


# Markdown


def shown_text(source: str) -> str:
    """What a reader of Markdown sees, as CommonMark with links and tables and HTML on."""
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(source)
    return one_space("".join(etree.HTML(html).itertext()))


def test_markdown_shows_the_same_words_with_links(brief: Brief):
    source = markdown(brief_paper(brief, MADE))
    seen = shown_text(source)
    for section in brief.sections:
        assert one_space(section.heading) in seen
        for line in section.lines:
            assert all(one_space(part) in seen for part in line.statement.text.split("\n"))
    tokens = MarkdownIt("commonmark").parse(source)
    targets = {t.attrGet("href") for token in tokens for t in token.children or () if t.type == "link_open"}
    assert targets == {c.url for c in brief.citations if c.url} | {
        c.url.split("#")[0] for c in brief.citations if c.url
    }
    assert [t.tag for t in tokens if t.type == "heading_open"].count("h1") == 1
    assert "[1]" in seen and nl.EXPORT_NOTE.format(note="Hierover belt de directeur nog.") in seen


def test_lines_for_a_screen_hold_everything(brief: Brief):
    told = one_space(readable(brief_paper(brief, MADE)))
    assert all(one_space(line.statement.text) in told for s in brief.sections for line in s.lines)
    assert all(f"[{c.number}]" in told and c.title in told for c in brief.citations)


# what could break a file


@pytest.mark.parametrize(
    "text",
    [NASTY, "- streep", "1. een", "+ plus", "=== x", "--- x", "> citaat", "# kop", "    vier", ": dubbel", "1) een"],
)
def test_text_is_shown_as_text(text: str):
    paper = conversation_paper([answer(text, text, title=text, publisher=text, section=text, published=text)], MADE)
    seen = shown_text(markdown(paper))
    assert seen.count(one_space(clean(text))) >= 2
    html = MarkdownIt("commonmark", {"html": True}).render(markdown(paper))
    assert not re.search(r"<(script|b|img|code|table|del|blockquote)\b", html)
    document = opened(paper)
    assert one_space(own_runs(styled(document, "List Bullet")[0])) == one_space(clean(text))


def test_a_file_is_sound_xml_whatever_is_in_it():
    with zipfile.ZipFile(io.BytesIO(docx(conversation_paper([answer(NASTY, NASTY)], MADE)))) as package:
        assert package.testzip() is None
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "http://[",
        "https://x.nl/a b",
        'https://x.nl/">',
        None,
        "",
        "x",
    ],
)
def test_no_other_address_becomes_a_link(url: str | None):
    assert web_address(url) == ""
    paper = conversation_paper([answer(url=url)], MADE)
    assert not [x.address for p in opened(paper).paragraphs for x in p.hyperlinks if x.address]
    assert "](<" not in markdown(paper)


def test_page_and_section_date_and_successor_stand_in_the_source_list():
    new = Successor("nieuw", "Nieuwe gids", "2024")
    (entry,) = conversation_paper([answer(superseded_by=new, published=None)], MADE).publications
    assert entry.places == (((1,), "pagina 9, ‘Kop’", "https://example.org/gids"),)
    assert nl.NO_DATE in entry.facts and "Nieuwe gids" in entry.facts


def test_an_address_at_a_heading_is_kept_for_its_place():
    held = answer(url="https://example.org/gids#kop")
    (entry,) = conversation_paper([held], MADE).publications
    assert (entry.url, entry.places[0][2]) == ("https://example.org/gids", "https://example.org/gids#kop")


def test_an_empty_conversation_is_a_file_too():
    assert opened(conversation_paper([], MADE)).paragraphs[0].text == nl.EXPORT_CONVERSATION
    assert markdown(conversation_paper([], MADE)).startswith("# ")


def test_a_citation_without_place_or_address_breaks_nothing():
    bare = replace(answer(), citations=(citation(url=None, page=None, page_label=None, section=""),))
    assert "[1]" in "\n".join(p.text for p in opened(conversation_paper([bare], MADE)).paragraphs)
