"""Typing errors: what was meant is read, and what is right stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import school
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.lexical import LexicalIndex
from assistant.spelling import is_known, repair
from assistant.thesaurus import Thesaurus

TEXT = """# Gids

Welbevinden op de basisschool en de middelbare school. Welbevinden van leerlingen. De leerlingen en hun leerkrachten.
Leerkrachten signaleren problemen. Problemen signaleren op de basisschool. De middelbare school en de zelfscan.
Een vignet voor de school. Het vignet en de zelfscan. Sociale veiligheid. Veiligheid en sociale vaardigheden.
Vaardigheden van de leerlingen. Een klacht over de invoering. De invoering en de klacht. Sociaal-emotioneel leren.
Sociaal en emotioneel leren. Ouders betrekken. De ouders betrekken bij de groep. Gelijke kansen. Gelijke kansen in de klas.
Het antipestbeleid van Corderius. Kinderen in de klas. Kinderen en ouders.
"""


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex(school.document("gids", TEXT).passages, {"gids": "Gids"})


@pytest.fixture(scope="module")
def thesaurus(tmp_path_factory: pytest.TempPathFactory) -> Thesaurus:
    path = tmp_path_factory.mktemp("spelling") / "thesaurus.toml"
    path.write_text('[[concept]]\npreferred = "conflict"\nother = ["fittie"]\n', encoding="utf-8")
    return Thesaurus.load(Path(path))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat is welbevnden", "wat is welbevinden"),  # a letter missing
        ("de leerlinggen", "de leerlingen"),  # a letter twice
        ("de shcool en het vinget", "de school en het vignet"),  # letters swapped
        ("de leerlimgen", "de leerlingen"),  # the key beside it
        ("de leerkragten en een klagt", "de leerkrachten en een klacht"),  # as it sounds
        ("gelyke kansen en een selfscan", "gelijke kansen en een zelfscan"),
        ("veiligheit en vaardigeden", "veiligheid en vaardigheden"),
        ("wat wort bedoeld", "wat wordt bedoeld"),
        ("hoevel kindern hebbn dat", "hoeveel kinderen hebben dat"),
        ("de rol bij deinvoering", "de rol bij de invoering"),  # a space missing
        ("hoe isde klas", "hoe is de klas"),
        ("sociaal-emotoneel leren", "sociaal-emotioneel leren"),
        ("WAT IS WELBEVNDEN", "WAT IS welbevinden"),
        ("wrm gaan lln vd basisschool", "waarom gaan leerlingen van de basisschool"),  # shortenings
    ],
)
def test_what_was_meant_is_read(index: LexicalIndex, thesaurus: Thesaurus, typed: str, meant: str):
    assert repair(typed, index, thesaurus) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Hoe werkt fotosynthese?",  # words that the library does not have
        "Wat doet een fittie met de klas?",  # a name of the thesaurus
        "Wie is Bruinsma van het Berkenlyceum?",
        "Hoe werkt een jenaplan?",  # in no dictionary, and near nothing
        "een schoolfeestje en een klassenuitje",  # compounds
        "coaching en burn-out",
        "po, vo, BPV en de GGD",
        "de aangroei en de optimalisering",  # no space is missing, and no ending wrong
        "How does bullying affect them?",  # English words stay English
        "",
    ],
)
def test_a_known_word_is_never_changed(index: LexicalIndex, thesaurus: Thesaurus, question: str):
    assert repair(question, index, thesaurus) == question


def test_an_english_question_is_repaired_with_english_words(index: LexicalIndex, thesaurus: Thesaurus):
    assert repair("How does bulying affect pupls?", index, thesaurus) == "How does bullying affect pupils?"


def test_a_name_within_a_sentence_is_only_read_as_a_word_of_the_library_one_error_away(
    index: LexicalIndex, thesaurus: Thesaurus
):
    assert repair("Wie zit op Ouderrs?", index, thesaurus) == "Wie zit op ouders?"
    assert repair("Wie is Leerlijngun?", index, thesaurus) == "Wie is Leerlijngun?"


def test_a_shortening_that_the_library_uses_itself_stays(thesaurus: Thesaurus):
    text = "# Gids\n\nDe lln is de landelijke leerlingenraad. De lln praat mee.\n"
    own = LexicalIndex(school.document("gids", text).passages, {"gids": "Gids"})
    assert repair("wat is de lln", own, thesaurus) == "wat is de lln"


def test_every_word_of_the_library_is_known_and_stays(index: LexicalIndex, thesaurus: Thesaurus):
    for word in index.vocabulary:
        assert is_known(word, index, thesaurus)
        assert repair(word, index, thesaurus) == word


def test_a_compound_of_rare_words_is_no_known_word(index: LexicalIndex, thesaurus: Thesaurus):
    assert is_known("schoolfeest", index, thesaurus)
    assert not is_known("vaardigeden", index, thesaurus)  # "eden" is a word, but nobody meant it


@settings(max_examples=100, deadline=None)
@given(question=st.text(max_size=60))
def test_any_text_is_read_and_a_second_reading_changes_nothing_more(
    index: LexicalIndex, thesaurus: Thesaurus, question: str
):
    once = repair(question, index, thesaurus)
    assert isinstance(repair(once, index, thesaurus), str)
    if question.isascii() and not any(c.isalpha() for c in question):
        assert once == question
