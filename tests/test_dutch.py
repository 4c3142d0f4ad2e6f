"""Words, index keys and compound parts of Dutch."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import dutch


def test_normal_makes_typography_plain_and_keeps_accents():
    assert dutch.normal("Ça va, ‘Één’ mbo‑er – “ja”") == "ça va, 'één' mbo-er - \"ja\""


def test_fold_takes_accents_away_whether_composed_or_not():
    assert dutch.fold("Beïnvloeden") == dutch.fold("Bei\u0308nvloeden") == "beinvloeden"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Een veilige school.", ["een", "veilige", "school"]),
        ("sociaal-emotioneel leren", ["sociaalemotioneel", "sociaal", "emotioneel", "leren"]),
        ("mbo's en foto’s", ["mbo", "en", "foto"]),
        ("mbo'er", ["mboer"]),
        ("15% in 2023!", ["15", "in", "2023"]),
        ("🎉 ...", []),
    ],
)
def test_words(text: str, found: list[str]):
    assert dutch.words(text) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("leerling", "leerlingen"),
        ("school", "scholen"),
        ("vaardigheid", "vaardigheden"),
        ("praten", "praat"),
        ("gesprek", "gesprekken"),
        ("veilig", "veilige"),
    ],
)
def test_forms_of_one_word_share_a_key(one: str, other: str):
    assert set(dutch.keys(one)) & set(dutch.keys(other))


@pytest.mark.parametrize(("one", "other"), [("ouders", "leerlingen"), ("school", "scholing"), ("leraar", "lesrooster")])
def test_different_words_share_no_key(one: str, other: str):
    assert not set(dutch.keys(one)) & set(dutch.keys(other))


def test_a_word_with_a_digit_is_its_own_key():
    assert dutch.keys("21st") == ("21st",)


WORDS = {"anti", "pest", "beleid", "school", "klimaat", "welbevinden", "onderwijs", "professional", "gezond", "heid"}


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("schoolklimaat", ("school", "klimaat")),
        ("antipestbeleid", ("anti", "pest", "beleid")),
        ("onderwijsprofessional", ("onderwijs", "professional")),
        ("welbevindenklimaat", ("welbevinden", "klimaat")),
        ("gezondheid", ()),  # an ending is no part
        ("klimaat", ()),
        ("fotosynthese", ()),
    ],
)
def test_compound_parts(word: str, parts: tuple[str, ...]):
    assert dutch.compound_parts(word, WORDS.__contains__) == parts


def test_hyphen_parts_tells_which_words_are_parts_of_which():
    assert dutch.hyphen_parts(dutch.words("sociaal-emotioneel leren")) == {0: (1, 2)}
    assert dutch.hyphen_parts(dutch.words("sociaal emotioneel leren")) == {}


def test_relatives_lead_to_the_word_it_was_derived_from():
    assert set(dutch.relatives("pestertje")) & set(dutch.keys("pester"))
    assert set(dutch.relatives("verbondenheid")) & set(dutch.keys("verbonden"))
    assert dutch.relatives("school") == ()


def test_content_words_leave_out_what_carries_no_content():
    assert dutch.content_words("Waaruit bestaat een schoolbrede aanpak van de school van de school?") == [
        "schoolbrede",
        "aanpak",
        "school",
    ]


def test_no_stopword_is_a_question_word():
    assert not dutch.STOPWORDS & dutch.QUESTION_WORDS


@pytest.mark.parametrize(
    "word", ["kind", "thuis", "samen", "veilig", "boos", "plek", "geld", "stem", "let", "lot", "put"]
)
def test_words_of_content_are_no_stopwords(word: str):
    assert word not in dutch.STOPWORDS


def test_an_english_question_keeps_only_its_content():
    assert dutch.content_words("How many of these pupils do their teachers see, and why?") == [
        "pupils",
        "teachers",
        "see",
    ]


def test_commonness_grows_with_use():
    assert dutch.commonness("de") > dutch.commonness("school") > dutch.commonness("welbevinden") > 0
    assert dutch.commonness("xqzvvw") == 0


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_has_words_that_are_folded_and_have_keys(text: str):
    for word in dutch.words(text):
        assert word and " " not in word
        assert all(dutch.keys(word))
        dutch.compound_parts(word, dutch.is_word)
