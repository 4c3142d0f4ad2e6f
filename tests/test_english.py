"""English questions are recognised, and their words have Dutch names."""

from __future__ import annotations

import pytest

from assistant import dutch, english


@pytest.mark.parametrize(
    "question",
    [
        "What is the core of trauma-sensitive teaching?",
        "Does involving parents help?",
        "bullying prevention evidence",
        "How many pupils feel pressured by schoolwork?",
    ],
)
def test_an_english_question_is_recognised(question: str):
    assert english.is_english(dutch.words(question))


@pytest.mark.parametrize(
    "question",
    [
        "Wat is een whole school approach?",
        "hoe ga je om met feedback in de les",
        "yo hoezo mogen we onze mobiel niet meer in de les",
        "Rots en Water",
        "mindfulness?",
        "wat is welbevnden nou presies",
        "",
        "15 %",
    ],
)
def test_a_dutch_question_is_not(question: str):
    assert not english.is_english(dutch.words(question))


def names(question: str) -> dict[str, tuple[str, ...]]:
    words = dutch.words(question)
    return {
        " ".join(words[n.start : n.end]): tuple(" ".join(name) for name in n.dutch)
        for n in english.glossary().find(words)
    }


def test_english_words_are_found_in_all_their_inflections():
    assert names("the pupils")["pupils"] == names("a pupil")["pupil"] == ("leerling",)
    assert "pesten" in names("they were bullied at school")["bullied"]
    assert "schoolbeleid" in names("what are the school policies")["school policies"]


def test_names_of_several_words_are_found_and_small_words_may_stand_between():
    assert "druk door schoolwerk" in names("what is the pressure of the schoolwork")["pressure of the schoolwork"]
    assert "voortgezet onderwijs" in names("in which secondary schools")["secondary schools"]


def test_a_hyphen_may_be_typed_or_not():
    for typed in ("self-esteem", "self esteem", "selfesteem"):
        assert ("eigenwaarde", "zelfbeeld") in names(f"what is the {typed} of these pupils").values()


def test_in_a_dutch_question_only_words_that_are_not_dutch_are_english():
    found = names("hoe ga je om met bullying in de les")
    assert set(found) == {"bullying"}
    assert names("wat is een last voor de arts") == {}


def test_the_list_is_whole():
    glossary = english.glossary()
    assert len(glossary.names) > 700
    for name, translations in glossary.names.items():
        assert name and translations
        assert all(any(word not in dutch.STOPWORDS for word in translation) for translation in translations), name
