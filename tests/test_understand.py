"""What is asked: spelling, terms, kind, sector, and what a follow-up leaves unsaid."""

from __future__ import annotations

import pytest
import school
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import dutch
from assistant.lexical import LexicalIndex
from assistant.thesaurus import Thesaurus
from assistant.types import Query, QuestionKind, Term, Turn
from assistant.understand import find_sector, question_kind, understand


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    passages = [passage for name in school.TEXTS for passage in school.document(name).passages]
    return LexicalIndex(passages, {name: f"Gids {name}" for name in school.TEXTS})


@pytest.fixture(scope="module")
def thesaurus(tmp_path_factory: pytest.TempPathFactory) -> Thesaurus:
    path = tmp_path_factory.mktemp("understand") / "thesaurus.toml"
    path.write_text(school.THESAURUS, encoding="utf-8")
    return Thesaurus.load(path)


@pytest.fixture(scope="module")
def read(index: LexicalIndex, thesaurus: Thesaurus):
    def call(question: str, *before: str, sector: str | None = None) -> Query:
        return understand(question, [Turn(turn) for turn in before], index, thesaurus, sector)

    return call


def words(query: Query) -> set[str]:
    return {term.word for term in query.terms}


def term(query: Query, word: str) -> Term:
    return next(found for found in query.terms if found.word == word)


# spelling


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Wat is welbevniden?", "Wat is welbevinden?"),
        ("Hoe betrek je de leerlngen?", "Hoe betrek je de leerlingen?"),
        ("druk door schoolwrek", "druk door schoolwerk"),
    ],
)
def test_a_typing_error_is_repaired_and_told(read, typed: str, meant: str):
    query = read(typed)
    assert query.text == query.read_as == meant
    assert query.question == typed


@pytest.mark.parametrize(
    "question",
    [
        "Hoe werkt fotosynthese?",  # a word of the language that the library does not know
        "Wat doet een zwembad met mijn klas?",
        "Wie is Jansen?",
        "Hoe voer je een gesprekje?",
        "Wat zegt de NVWA over de JGZ?",
        "Wat is het Berkenlyceum?",
        "Hoeveel ouders en jongens?",
    ],
)
def test_a_known_word_is_never_changed(read, question: str):
    query = read(question)
    assert (query.text, query.read_as) == (question, None)


def test_every_word_of_the_library_stays_as_it_is(read, index: LexicalIndex):
    for word in index.vocabulary:
        assert read(word).text == word


# terms


def test_filler_is_no_term(read):
    assert words(read("Kun je me alsjeblieft uitleggen wat dat is, van de ouders?")) == {"ouders"}
    assert read("Wat is dat?").terms == ()


def test_another_name_counts_as_the_word_of_the_library(read):
    query = read("Hoe help ik jeugdigen?")
    forms = dict(term(query, "jeugdigen").forms)
    assert forms[dutch.keys("leerling")[0]] >= 0.7
    assert term(query, "jeugdigen").known


def test_a_name_of_several_words_is_one_term(read):
    assert words(read("Wat is mentaal welbevinden?")) == {"mentaal welbevinden"}


def test_what_the_library_never_speaks_of_is_marked(read):
    query = read("Hoe werkt fotosynthese bij leerlingen?")
    assert not term(query, "fotosynthese").known
    assert term(query, "leerlingen").known
    assert term(query, "fotosynthese").rarity > term(query, "leerlingen").rarity


def test_words_that_only_name_the_question_weigh_little(read):
    query = read("Noem een voorbeeld van schoolwerk")
    assert term(query, "voorbeeld").weight < 0.5 <= term(query, "schoolwerk").weight


def test_what_masking_left_is_no_term(read):
    assert words(read("Wat kan [naam] met [geboortedatum] aan schoolwerk doen?")) == {"schoolwerk"}


# kind and sector


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Hoeveel leerlingen ervaren druk?", QuestionKind.NUMBER),
        ("Wat is welbevinden?", QuestionKind.DEFINITION),
        ("Waarom begint een team met een visie?", QuestionKind.WHY),
        ("Hoe kan ik ouders betrekken?", QuestionKind.HOW_TO),
        ("ouders", QuestionKind.OPEN),
    ],
)
def test_kind(question: str, kind: QuestionKind):
    assert question_kind(question) is kind


@pytest.mark.parametrize(
    ("question", "sector"),
    [
        ("Hoe gaat dat in het mbo?", "mbo"),
        ("Hoe gaat dat op de basisschool?", "po"),
        ("En in groep 5?", "po"),
        ("Wat doet een brugklas?", "vo"),
        ("Wat doet het speciaal onderwijs?", "so"),
        ("Wat is het verschil tussen het mbo en de basisschool?", None),
        ("Wat doe je zo?", None),
        ("Wat doet de school?", None),
    ],
)
def test_the_one_sector_that_is_named(question: str, sector: str | None):
    found = find_sector(question)
    if question == "Wat doe je zo?":
        assert found != "po"
    else:
        assert found == sector


def test_the_askers_choice_wins_over_the_sector_in_the_text(read):
    assert read("Hoe gaat dat in het mbo?", sector="vo").sector == "vo"
    assert read("Hoe gaat dat in het mbo?").sector == "mbo"


# conversation


@pytest.mark.parametrize(
    "question", ["En in het mbo?", "En voor jongens?", "Kun je daar meer over vertellen?", "Waarom?"]
)
def test_a_follow_up_carries_the_turn_before(read, question: str):
    query = read(question, "Hoe betrek je ouders?")
    assert "ouders" in words(query)
    assert query.read_as is not None and "ouders" in query.read_as and question in query.read_as
    assert term(query, "ouders").weight < term(read("Hoe betrek je ouders?"), "ouders").weight


@pytest.mark.parametrize(
    "question",
    ["Wat is mentaal welbevinden?", "Hoeveel leerlingen ervaren druk door schoolwerk?", "Hoe werkt een gesprekskaart?"],
)
def test_a_new_subject_stands_alone(read, question: str):
    assert read(question, "Hoe betrek je ouders?") == read(question)


def test_a_chain_of_follow_ups_keeps_its_subject(read):
    query = read("En voor meisjes?", "Hoeveel leerlingen ervaren druk door schoolwerk?", "En in het mbo?")
    assert {"schoolwerk", "meisjes"} <= words(query)
    assert query.kind is QuestionKind.NUMBER
    assert query.sector == "mbo"


def test_a_subject_that_was_left_does_not_come_back(read):
    query = read("En in het mbo?", "Hoeveel leerlingen ervaren druk door schoolwerk?", "Hoe betrek je ouders?")
    assert "ouders" in words(query) and "schoolwerk" not in words(query)


def test_the_first_question_has_nothing_to_carry(read):
    assert read("En in het mbo?").read_as is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60))
def test_any_text_is_read(index: LexicalIndex, thesaurus: Thesaurus, question: str, before: str):
    query = understand(question, [Turn(before)], index, thesaurus)
    assert all(term.forms or term.phrases for term in query.terms)
    assert all(0 < term.weight <= 1 for term in query.terms)
