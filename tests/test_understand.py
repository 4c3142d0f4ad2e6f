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
    "question",
    ["En in het mbo?", "En voor jongens?", "Kun je daar meer over vertellen?", "Waarom?", "Wat zegt de wet daarover?"],
)
def test_a_follow_up_carries_the_turn_before(read, question: str):
    query = read(question, "Hoe betrek je ouders?")
    assert "ouders" in words(query)
    assert query.read_as is not None and "ouders" in query.read_as


def test_own_words_weigh_more_than_those_of_the_turn_before(read):
    query = read("Welke gesprekskaart past daarbij?", "Hoe betrek je ouders?")
    assert term(query, "gesprekskaart").weight > 2 * term(query, "ouders").weight > 0


def test_a_follow_up_without_words_of_its_own_weighs_the_turn_before_in_full(read):
    whole = term(read("Hoe betrek je ouders?"), "ouders").weight
    assert term(read("Hoe dan?", "Hoe betrek je ouders?"), "ouders").weight == whole


def test_a_completed_question_is_told_as_one(read):
    query = read("En in het mbo?", "Hoe betrek je ouders op de basisschool?")
    assert query.read_as == query.text == "Hoe betrek je ouders in het mbo?"
    assert query.sector == "mbo" and "basisschool" not in words(query)
    assert query.kind is QuestionKind.HOW_TO


def test_what_the_library_never_speaks_of_is_not_answered_by_the_turn_before(read):
    query = read("En op de maan?", "Hoeveel leerlingen ervaren druk door schoolwerk?")
    assert not term(query, "maan").known
    assert all(other.weight < 0.2 for other in query.terms if other.word != "maan")


@pytest.mark.parametrize("thanks", ["Dank je wel!", "Bedankt, daar kan ik wat mee", "Oké", "Top, dank je."])
def test_thanks_ask_nothing(read, thanks: str):
    assert read(thanks, "Hoe betrek je ouders?").terms == ()


def test_the_kind_that_is_asked_now_wins(read):
    number = "Hoeveel leerlingen ervaren druk door schoolwerk?"
    assert read("En in het mbo?", number).kind is QuestionKind.NUMBER
    why = read("Waarom?", number)
    assert why.kind is QuestionKind.WHY and "hoeveel" not in why.text.lower()


def test_another_question_about_the_same_keeps_its_sector_but_not_its_kind(read):
    before = "Hoeveel leerlingen in het mbo ervaren druk door schoolwerk?"
    assert read("Wat vinden ouders daarvan?", before).kind is QuestionKind.OPEN
    assert read("Wat zijn de gevolgen?", before).kind is QuestionKind.OPEN
    assert read("Wat vinden ouders daarvan?", before).sector == "mbo"


def test_an_item_of_the_last_answer_becomes_the_subject(index: LexicalIndex, thesaurus: Thesaurus):
    answer = "Daarbij horen:\n- ouders betrekken\n- gesprekken over schoolwerk [1]"
    query = understand("Wat houdt de laatste in?", [Turn("Wat hoort bij welbevinden?", answer)], index, thesaurus)
    assert query.read_as == "Wat houdt ‘gesprekken over schoolwerk’ in?"
    assert term(query, "schoolwerk").weight > term(query, "welbevinden").weight
    assert "ouders" not in words(query)


# named sources


def test_a_named_source_is_the_only_one_asked(read, index: LexicalIndex, thesaurus: Thesaurus):
    source = sorted({passage.source for passage in index.passages})[0]
    named = understand(
        "Wat staat er volgens de inspiratiekaart over ouders?", [], index, thesaurus, names={source: "Inspiratiekaart"}
    )
    assert named.sources == (source,)
    assert "inspiratiekaart" not in words(named) and "ouders" in words(named)
    assert read("Wat staat er volgens de inspiratiekaart over ouders?").sources == ()


@pytest.mark.parametrize(
    "question",
    [
        "Wat staat er in de inspiratiekaart?",  # nothing else is asked
        "Wie maakte de inspiratiekaart over ouders?",  # asks of it, not in it
        "Wat zegt de wet in de inspiratiekaart 'Bewegen'?",  # another one
        "Hoe zet je ouders op de kaart?",
    ],
)
def test_a_publication_that_is_only_mentioned_does_not_narrow(index: LexicalIndex, thesaurus: Thesaurus, question: str):
    source = sorted({passage.source for passage in index.passages})[0]
    assert understand(question, [], index, thesaurus, names={source: "Inspiratiekaart"}).sources == ()


def test_the_sources_that_were_chosen_win_over_a_named_one(index: LexicalIndex, thesaurus: Thesaurus):
    sources = sorted({passage.source for passage in index.passages})
    query = understand(
        "Wat zegt de wet volgens de inspiratiekaart?", [], index, thesaurus, sources=(sources[-1],),
        names={sources[0]: "Inspiratiekaart"},
    )  # fmt: skip
    assert query.sources == (sources[-1],)


# following a subject


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


def test_the_turn_before_is_read_without_its_typing_errors(read):
    assert read("En in het mbo?", "Hoe betrek je leerlngen?").read_as == "Hoe betrek je leerlingen in het mbo?"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read(index: LexicalIndex, thesaurus: Thesaurus, question: str, before: str, answer: str):
    query = understand(question, [Turn("Hoe betrek je ouders?"), Turn(before, answer)], index, thesaurus)
    assert all(term.forms or term.phrases for term in query.terms)
    assert all(0 < term.weight <= 1 for term in query.terms)
