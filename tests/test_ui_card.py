"""The answer card as data: where marks stand, what surrounds a quote, what may become a link."""

import hashlib
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from assistant import texts_nl as nl
from assistant.export import web_address
from assistant.types import (
    Answer,
    Citation,
    Document,
    Kind,
    Outcome,
    Passage,
    Role,
    Section,
    Sentence,
    Source,
    Statement,
)
from assistant.ui.card import QUESTION_PARAMETER, answer_card, cited_sources
from assistant.ui.passage import surroundings

BLOCKS = (
    "Een gids",
    "Begin in de klas",
    "Eerste alinea van deze paragraaf.",
    "Een tweede zin staat hier. Begroet leerlingen bij de deur. Daarna begint de les.",
    "Doe het zo:\nkijk ze aan\nnoem hun naam",
    "Een ander hoofdstuk",
    "Deze alinea hoort er niet bij.",
)
TEXT = "\n\n".join(BLOCKS)
VERSION = hashlib.sha256(TEXT.encode()).hexdigest()


def at(words: str) -> int:
    return TEXT.index(words)


def sentences() -> tuple[Sentence, ...]:
    blocks = [BLOCKS[number] for number in (2, 3, 4, 6)]
    return tuple(Sentence(at(b), at(b) + len(b), Role.SENTENCE, number) for number, b in enumerate(blocks))


SOURCE = Source(
    "gids", "Een gids", ("Uitgever",), "2023-12", "https://example.org/gids", "pdf", "nl", ("po",), (), "", "gids.txt"
)
DOCUMENT = Document(
    source=SOURCE,
    text=TEXT,
    version=VERSION,
    original_sha256="",
    pages=(),
    sections=(
        Section(("Een gids",), 1, 0, len(TEXT)),
        Section(("Een gids", "Begin in de klas"), 2, at(BLOCKS[1]), at(BLOCKS[5])),
        Section(("Een gids", "Een ander hoofdstuk"), 2, at(BLOCKS[5]), len(TEXT)),
    ),
    passages=(Passage("gids-0", "gids", VERSION, 0, None, None, (), Kind.BODY, (), 0, len(TEXT), TEXT, sentences()),),
    changes=(),
    warnings=(),
)


def citation(quote: str, number: int = 1, **changes: object) -> Citation:
    start = at(quote)
    plain = Citation(
        number, "gids", "Een gids", "Uitgever", "2023-12", "https://example.org/gids", None, None,
        "Een gids > Begin in de klas", quote, start, start + len(quote), VERSION, False,
    )  # fmt: skip
    return replace(plain, **changes)


def answer(*statements: Statement, cited: tuple[Citation, ...] = (), **changes: object) -> Answer:
    return replace(Answer("Vraag?", Outcome.ANSWERED, "", statements, cited), **changes)


def card(given: Answer) -> dict:
    return answer_card(given, {"gids": DOCUMENT})


def test_a_quote_stands_between_its_own_paragraph_and_its_neighbours():
    found = surroundings(DOCUMENT, citation("Begroet leerlingen bij de deur."))
    assert found.path == ("Een gids", "Begin in de klas")
    assert found.before == BLOCKS[2]
    assert found.lead + found.quote + found.tail == BLOCKS[3]
    assert found.quote == "Begroet leerlingen bij de deur."
    assert found.after == BLOCKS[4]


def test_neighbours_of_another_section_are_left_out():
    assert surroundings(DOCUMENT, citation(BLOCKS[4])).after == ""
    assert surroundings(DOCUMENT, citation(BLOCKS[2])).before == ""


@pytest.mark.parametrize("document", [None, replace(DOCUMENT, version="0" * 64)])
def test_a_quote_from_a_text_that_is_gone_is_shown_alone_and_says_so(document: Document | None):
    quoted = citation("Begroet leerlingen bij de deur.")
    found = surroundings(document, quoted)
    assert (found.before, found.lead, found.quote, found.tail, found.after) == ("", "", quoted.quote, "", "")
    documents = {"gids": document} if document else {}
    shown = answer_card(answer(Statement(quoted.quote, (1,)), cited=(quoted,)), documents)
    assert shown["passages"]["c1"]["stale"] is True
    assert card(answer(Statement(quoted.quote, (1,)), cited=(quoted,)))["passages"]["c1"]["stale"] is False


def test_each_mark_follows_the_words_it_carries():
    first, second = citation("Een tweede zin staat hier.", 1), citation("Daarna begint de les.", 2)
    joined = f"{first.quote} … {second.quote}"
    lines = card(answer(Statement(joined, (1, 2)), cited=(first, second)))["statements"][0]["paragraphs"][0]
    assert lines == [[{"text": first.quote, "marks": [1]}, {"text": f" … {second.quote}", "marks": [2]}]]


def test_a_list_keeps_its_lines_and_its_mark_stands_behind_the_line_that_introduces_it():
    quoted = citation(BLOCKS[4])
    lines = card(answer(Statement(BLOCKS[4], (1,)), cited=(quoted,)))["statements"][0]["paragraphs"][0]
    assert ["".join(run["text"] for run in line) for line in lines] == BLOCKS[4].split("\n")
    assert [[run.get("marks") for run in line] for line in lines] == [[[1]], [None], [None]]


def test_a_quote_over_two_paragraphs_stays_two_paragraphs():
    text = f"{BLOCKS[2]}\n\n{BLOCKS[3]}"
    (shown,) = card(answer(Statement(text, (1,)), cited=(citation(text),)))["statements"]
    assert [len(lines) for lines in shown["paragraphs"]] == [1, 1]
    assert shown["paragraphs"] == [[[{"text": BLOCKS[2]}]], [[{"text": BLOCKS[3], "marks": [1]}]]]


def test_no_mark_is_lost_when_white_space_differs():
    quoted = citation(BLOCKS[3])
    lines = card(answer(Statement(BLOCKS[3].replace(" ", "  "), (1,)), cited=(quoted,)))["statements"][0]["paragraphs"][
        0
    ]
    assert [number for line in lines for run in line for number in run.get("marks", [])] == [1]


def test_sources_are_one_entry_per_publication_with_all_its_places():
    paged, sections = citation(BLOCKS[2], 1, page=7, page_label="9"), (citation(BLOCKS[6], 2), citation(BLOCKS[3], 3))
    cited = (paged, *sections)
    (entry,) = card(answer(cited=cited))["sources"]
    assert entry["title"] == "Een gids"
    assert entry["facts"] == "Uitgever, december 2023"
    assert [p["name"] for p in entry["places"]] == ["pagina 9", "Begin in de klas"]
    assert [[m["key"] for m in p["marks"]] for p in entry["places"]] == [["c1"], ["c2", "c3"]]


def test_a_mark_is_named_by_its_source_and_place():
    shown = card(answer(cited=(citation(BLOCKS[2], 3, page=7, page_label="9"),)))
    assert shown["passages"]["c3"]["name"] == "bron 3: Een gids, pagina 9"


def test_referral_lines_come_apart_from_the_answer_with_telephone_links():
    lines = (
        Statement("Bel bij acuut gevaar 112.", (), True),
        Statement("Praat: 113 of 0800-0113, op 113.nl.", (), True),
    )
    given = answer(
        *lines, Statement(nl.PARTIAL, (), True), Statement(BLOCKS[2], (1,)), cited=(citation(BLOCKS[2]),),
        outcome=Outcome.PARTIAL, referral="suicide", missing=("kosten",),
    )  # fmt: skip
    shown = card(given)
    runs = [run for line in shown["urgent"][0]["paragraphs"][0] for run in line]
    assert [run["tel"] for run in runs if "tel" in run] == ["112", "113", "08000113"]
    assert "".join(run["text"] for run in runs) == "Bel bij acuut gevaar 112.Praat: 113 of 0800-0113, op 113.nl."
    assert shown["outcome"] == [f"{nl.PARTIAL} {nl.MISSING.format(missing='kosten')}."]
    assert len(shown["statements"]) == 1


def test_telephone_links_are_never_made_of_quoted_text():
    text = BLOCKS[2].replace("Eerste", "Bel 112, eerste")
    shown = card(answer(Statement(text, (1,)), cited=(citation(BLOCKS[2]),)))
    assert all("tel" not in run for line in shown["statements"][0]["paragraphs"][0] for run in line)


def test_nothing_found_says_so_first_and_keeps_what_was_found_apart():
    given = answer(
        Statement(nl.NO_EVIDENCE, (), True),
        outcome=Outcome.NO_EVIDENCE,
        missing=("kosten",),
        nearest=(citation(BLOCKS[2]),),
    )
    shown = card(given)
    assert shown["outcome"] == [f"{nl.NO_EVIDENCE} {nl.MISSING.format(missing='kosten')}."]
    assert shown["statements"] == [] and shown["sources"] == []
    assert shown["nearest"][0]["quote"] == BLOCKS[2]
    assert shown["passages"]["n1"]["quote"] == BLOCKS[2]
    assert cited_sources(given) == ("gids",)


def test_hidden_characters_of_a_question_are_not_shown():
    assert card(answer(question="Wat\u202e is\u200b dit?"))["question"] == "Wat is dit?"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "www.example.org", "http://", "http://[", "", None],
)
def test_only_web_addresses_become_links(url: str | None):
    assert web_address(url) == ""


def test_a_web_address_stays_as_it_is():
    assert web_address(" https://example.org/a?b=c#d ") == "https://example.org/a?b=c#d"


@pytest.mark.parametrize(
    ("published", "written"),
    [
        ("2021-11-19", "19 november 2021"),
        ("2023-12", "december 2023"),
        ("2024", "2024"),
        (None, ""),
        ("2024-13", "2024-13"),
    ],
)
def test_dates_are_written_as_people_write_them(published: str | None, written: str):
    assert nl.app_date(published) == written


def test_an_answer_can_be_judged_copied_and_linked_to():
    quoted = citation(BLOCKS[2])
    given = answer(Statement(BLOCKS[2], (1,)), cited=(quoted,), question="Wat & hoe? #1", read_as="Wat is het & hoe?")
    feedback = card(given)["feedback"]
    assert feedback["judge"] and not feedback["report"]
    assert parse_qs(feedback["link"].removeprefix("?")) == {QUESTION_PARAMETER: ["Wat is het & hoe?"]}
    lines = feedback["copy"].split("\n")
    assert "Wat & hoe? #1" in lines[0] and lines[-1] == nl.EXPORT_CONVERSATION
    assert f"{BLOCKS[2]} [1]" in feedback["copy"] and SOURCE.url in feedback["copy"]


@pytest.mark.parametrize(
    ("outcome", "line", "judge", "report"),
    [
        (Outcome.NO_EVIDENCE, nl.NO_EVIDENCE, True, True),
        (Outcome.PARTIAL, nl.PARTIAL, True, True),
        (Outcome.ANSWERED, "", True, False),
        (Outcome.REFERRAL, "Bel 112.", True, False),
        (Outcome.REFUSED, nl.REFUSED, False, False),
        (Outcome.NO_EVIDENCE, nl.COURTESIES["thanks"], False, False),
    ],
)
def test_what_is_missing_can_be_reported_where_something_is(outcome: Outcome, line: str, judge: bool, report: bool):
    own = (Statement(line, (), own=True),) if line else ()
    feedback = card(answer(*own, outcome=outcome))["feedback"]
    assert (feedback["judge"], feedback["report"]) == (judge, report)


@pytest.mark.parametrize(
    ("file", "page", "viewable"),
    [("gids.pdf", 3, True), ("GIDS.PDF", 3, True), ("gids.pdf", None, False), ("gids.docx", 3, False)],
)
def test_a_page_can_be_looked_at_where_the_original_is_a_pdf(file: str, page: int | None, viewable: bool):
    document = replace(DOCUMENT, source=replace(SOURCE, file=file))
    given = answer(cited=(citation(BLOCKS[2], page=page),))
    assert answer_card(given, {"gids": document})["passages"]["c1"]["viewable"] is viewable
    assert answer_card(given, {"gids": replace(document, version="0" * 64)})["passages"]["c1"]["viewable"] is False
    assert answer_card(given, {})["passages"]["c1"]["viewable"] is False
