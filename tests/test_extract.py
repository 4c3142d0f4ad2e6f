"""Which sentences are chosen: verbatim, whole, readable on their own, of the form that was asked for, and none too many."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import school
from school import House, open_house

from assistant.extract import Draft, Span, compose
from assistant.library import Library
from assistant.settings import Settings
from assistant.texts_nl import A_DESCRIPTION
from assistant.types import Evidence, Outcome, Query, QuestionKind, Role
from assistant.vectors import VectorIndex


def drafted(house: House, question: str) -> Draft:
    return compose(house.assistant.search(question, 30))


def text(span: Span) -> str:
    return span.passage.text[span.start - span.passage.start : span.end - span.passage.start]


def said(draft: Draft) -> list[list[str]]:
    return [[text(span) for span in spans] for spans in draft.statements]


@pytest.fixture
def library_of(tmp_path: Path):
    """An assistant over documents of the test's own."""
    opened: list[VectorIndex] = []

    def call(**texts: str) -> House:
        (tmp_path / "corpus").mkdir()
        library = Library.open(tmp_path / "data" / "library.sqlite")
        for ordinal, (name, markdown) in enumerate(texts.items()):
            school.put(library, school.document(name, markdown), ordinal)
        house = open_house(Settings(tmp_path / "data", tmp_path / "corpus"))
        opened.append(house.vectors)
        return house

    yield call
    for vectors in opened:
        vectors.close()


# verbatim


QUESTIONS = (
    "Wat is mentaal welbevinden?",
    "Hoeveel leerlingen ervaren druk door schoolwerk?",
    "Waaruit bestaat een schoolbrede aanpak?",
    "Hoe signaleer je dat het niet goed gaat met een leerling?",
    "Hoe betrek je ouders in het mbo?",
    "Welke tools zijn er voor een gesprek over gedrag?",
    "Wat is bewezen over een schoolbrede aanpak?",
    "Waarom is een visie belangrijk?",
    "Welke vaardigheden vallen onder SEL?",
    "Hoe maak je een visie op welbevinden met je team?",
    "Welke scholen zijn een voorbeeld?",
    "Wat doet een zorgcoördinator?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_of_whole_sentences(corpus_house: House, question: str):
    draft = drafted(corpus_house, question)
    assert draft.outcome in (Outcome.ANSWERED, Outcome.PARTIAL)
    for span in [*(span for spans in draft.statements for span in spans), *draft.nearest]:
        starts = {sentence.start for sentence in span.passage.sentences}
        ends = {sentence.end for sentence in span.passage.sentences}
        assert span.start in starts and span.end in ends and span.start < span.end


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_short_and_says_nothing_twice(corpus_house: House, question: str):
    draft = drafted(corpus_house, question)
    assert 1 <= len(draft.statements) <= 6
    spans = [span for spans in draft.statements for span in spans]
    for number, span in enumerate(spans):
        for other in spans[number + 1 :]:
            apart = span.passage.source != other.passage.source or span.end <= other.start or other.end <= span.start
            assert apart, (text(span), text(other))
    assert len({school.one_space(text(span)) for span in spans}) == len(spans)


def test_what_two_sources_say_alike_is_said_once(library_of):
    line = "Een dagelijkse wandeling geeft leerlingen nieuwe energie."
    house = library_of(een=f"# Een\n\n## Bewegen\n\n{line}\n", twee=f"# Twee\n\n## Beweging\n\n{line}\n")
    assert said(drafted(house, "Wat geeft leerlingen nieuwe energie?")) == [[line]]


# lists


def test_a_list_is_given_whole_with_the_line_that_introduces_it(house: House):
    lists = [
        spans
        for spans in drafted(house, "Waaruit bestaat een schoolbrede aanpak?").statements
        if "\n" in text(spans[0])
    ]
    assert text(lists[0][0]).splitlines() == [
        "Een schoolbrede aanpak van welbevinden bestaat uit vier onderdelen:",
        "een veilig schoolklimaat;",
        "lessen over sociale vaardigheden;",
        "samenwerking met ouders;",
        "tijdige signalering en hulp.",
    ]


def test_one_item_brings_its_whole_list(house: House):
    first = said(drafted(house, "Horen lessen over sociale vaardigheden erbij?"))[0]
    assert first[0].startswith("Een schoolbrede aanpak van welbevinden bestaat") and "tijdige signalering" in first[-1]


def test_of_a_very_long_list_the_item_comes_with_its_introduction(library_of):
    subjects = "rust regels ruimte routine respect ritme reflectie rolmodellen rapportage rekenles rondleiding rommel rekenen".split()
    rest = "die het hele team in de eigen klas elke week weer opnieuw met zorg onder de aandacht brengt, ook als het"
    rest += " regent en als er weinig tijd is;"
    items = [f"- {subject}, {rest}" for subject in subjects]
    items[5] = "- kippen op het schoolplein die de kinderen om de beurt verzorgen;"
    house = library_of(lijst="# Lijst\n\n## Plein\n\nEen prettig schoolplein heeft:\n\n" + "\n".join(items) + "\n")
    (passage, *_), draft = house.library.passages(), drafted(house, "Wie verzorgen de kippen op het schoolplein?")
    assert passage.sentences[0].role is Role.LEAD_IN and passage.end - passage.start > 1800
    assert said(draft)[0] == ["Een prettig schoolplein heeft:", items[5][2:]]


# sentences that lean on others


def test_a_sentence_that_leans_on_the_one_before_brings_it(house: House):
    first = " ".join(said(drafted(house, "Waarmee begint een team?"))[0])
    assert first == (
        "Onderzoek laat zien dat een schoolbrede aanpak meer effect heeft dan losse lessen."
        " Daarom begint een team met een visie."
    )


def test_no_statement_of_the_corpus_opens_in_the_air(corpus_house: House):
    for question in QUESTIONS:
        shown: list[Span] = []
        for spans in drafted(corpus_house, question).statements:
            first = spans[0]
            opening = text(first).split()[0]
            begins = first.passage.sentences[0].start == first.start
            follows = any(s.passage.id == first.passage.id and 0 <= first.start - s.end <= 2 for s in shown)
            assert begins or follows or opening not in {"Daarnaast", "Daarom", "Daardoor", "Bovendien"}, text(first)
            shown.extend(spans)


# what is not there


@pytest.mark.parametrize(
    "question", ["Hoe werkt fotosynthese?", "Wie won het WK voetbal in 1974?", "quantumchromodynamica"]
)
def test_what_the_sources_never_speak_of_is_no_evidence(house: House, question: str):
    draft = drafted(house, question)
    assert (draft.outcome, draft.statements) == (Outcome.NO_EVIDENCE, ())
    assert draft.missing


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Wat kost de gesprekskaart?", "een prijs"),
        ("Wat is het telefoonnummer van het Berkenlyceum?", "een telefoonnummer"),
        ("Wat is het e-mailadres van de intern begeleider?", "een e-mailadres"),
    ],
)
def test_what_must_be_named_and_is_not_there_is_no_evidence(house: House, question: str, missing: str):
    draft = drafted(house, question)
    assert draft.outcome is Outcome.NO_EVIDENCE
    assert missing in draft.missing
    assert draft.nearest, "what stands beside it is shown"


def test_a_number_that_is_asked_for_stands_in_the_answer(house: House):
    assert "15%" in said(drafted(house, "Hoeveel leerlingen in het basisonderwijs ervaren druk door schoolwerk?"))[0][0]


def test_a_part_that_is_missing_is_named(house: House):
    draft = drafted(house, "Hoe voert een studieloopbaanbegeleider een gesprek met Marokkaanse gezinnen?")
    assert draft.outcome is Outcome.PARTIAL
    assert draft.missing == ("marokkaanse", "gezinnen")
    spans = {(span.passage.id, span.start) for spans in draft.statements for span in spans}
    assert not spans & {(span.passage.id, span.start) for span in draft.nearest}


def test_no_evidence_at_all_is_no_answer():
    query = Query("x", "x", None, (), QuestionKind.OPEN)
    assert compose(Evidence(query, ())) == Draft(Outcome.NO_EVIDENCE, (), (), ())


# what stands first


@pytest.mark.parametrize(
    ("question", "defining"),
    [
        ("Wat is heimwee?", "Heimwee verwijst naar het verlangen naar de plek waar je vandaan komt."),
        ("Wie zijn de buitenstaanders?", "Buitenstaanders: een groep die weinig meedoet in de buurt en op school."),
        ("Wat betekent traagheid?", "Onder traagheid verstaan we dat iemand meer tijd nodig heeft."),
    ],
)
def test_a_sentence_that_says_what_something_is_comes_first(library_of, question: str, defining: str):
    subject = question.rstrip("?").split()[-1]
    others = [
        f"Door {subject} komen leerlingen vaker te laat, en {subject} komt op elke school voor.",
        f"Over {subject} praten leerlingen, ouders en leraren niet graag; {subject} is met name een last voor de klas.",
    ]
    besides = "\n\n".join(f"De kok maakt op dag {n} soep voor groep {n} van de school." for n in range(1, 9))
    house = library_of(
        een=f"# Een\n\n## In de klas\n\n{others[0]}\n\n{defining}\n\n{others[1]}\n\n## Soep\n\n{besides}\n"
    )
    assert said(drafted(house, question))[0] == [defining]


def test_a_heading_that_asks_is_answered_by_what_stands_below_it(library_of):
    answer = "Spreek af op een plek die zij kennen, zoals het buurthuis of de sportclub."
    house = library_of(
        een=(
            "# Een\n\n## Betrokkenheid\n\nOuders die nooit komen, missen informatie. Ouders bereiken kost tijd.\n\n"
            f"## Hoe bereik ik ouders die nooit komen?\n\n{answer}\n\n## Tijd\n\nOuders komen liever in de avond.\n"
        )
    )
    assert said(drafted(house, "Hoe bereik ik ouders die nooit komen?"))[0] == [answer]


def test_a_name_of_several_words_is_defined_by_the_sentence_that_opens_with_it():
    from assistant.defining import defines
    from assistant.types import Term

    asked = (Term("mentaal welbevinden", (), ((("mentaal", 1.0),), (("welbevind", 1.0),))),)
    assert defines(asked, "mentaal welbevinden bestaat uit de ervaring van een goed gevoel") == 1.0
    assert defines(asked, "welbevinden is een veelomvattend begrip") == 0.0


@pytest.mark.parametrize(
    ("sentence", "asked", "outcome"),
    [
        ("Op school gebruiken mentoren elk najaar sociogrammen in de klas.", 0.3, Outcome.PARTIAL),
        ("Op school gebruiken mentoren elk najaar sociogrammen in de klas.", 0.8, Outcome.ANSWERED),
        ("Op school gebruiken mentoren elk najaar sociogrammen in de klas.", 0.0, Outcome.ANSWERED),
        ("Een sociogram is een tekening van wie met wie omgaat in de klas.", 0.3, Outcome.ANSWERED),
    ],
)
def test_where_nothing_says_what_a_thing_is_a_description_is_missing(
    library_of, sentence: str, asked: float, outcome: Outcome
):
    found = library_of(gids=f"# Groepen\n\n{sentence}").assistant.search("Wat is een sociogram?", 30)
    draft = compose(replace(found, sentences=tuple(replace(one, asked=asked) for one in found.sentences)))
    assert draft.outcome is outcome
    assert (A_DESCRIPTION in draft.missing) is (outcome is Outcome.PARTIAL)


def test_an_answer_that_shows_no_obligation_where_one_is_asked_for_is_partial(library_of):
    house = library_of(
        plicht="# Regels\n\nElke school is verplicht een coach voor leerlingen te hebben.",
        gids="# Coach\n\nDe coach voor leerlingen op school luistert en helpt.",
    )
    told = drafted(house, "Is een school verplicht een coach voor leerlingen te hebben?")
    assert told.outcome is Outcome.ANSWERED and "verplicht" in said(told)[0][0]


def test_an_opinion_that_is_asked_for_and_not_shown_is_missing(library_of):
    house = library_of(gids="# Pauze\n\nLeerlingen spelen in de lange pauze buiten op het plein.")
    silent = drafted(house, "Wat vinden leerlingen van de lange pauze buiten op het plein?")
    assert silent.outcome is Outcome.PARTIAL and silent.missing == ("een mening",)


def test_the_parts_of_a_word_that_the_library_never_has_do_not_make_that_word(library_of):
    scattered = "Vertrouwen is belangrijk, omdat leerlingen iets van de persoon in zichzelf laten zien."
    silent = drafted(library_of(gids=f"# Zorg\n\n{scattered}"), "Wat doet een vertrouwenspersoon?")
    assert silent.outcome is not Outcome.ANSWERED and "vertrouwenspersoon" in silent.missing


def test_the_parts_of_a_word_that_the_library_has_find_it(library_of):
    house = library_of(gids="# Zorg\n\nDe vertrouwenspersoon luistert naar leerlingen die pesten hebben gezien.")
    told = drafted(house, "Wat doet een vertrouwenspersoon?")
    assert told.outcome is Outcome.ANSWERED and "luistert" in said(told)[0][0]
