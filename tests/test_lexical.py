"""BM25 over sentences, passages and headings, with every form of a word and the parts of compounds."""

from __future__ import annotations

import numpy as np
import pytest
import school

from assistant import dutch
from assistant.lexical import REMEMBERED, Field, LexicalIndex
from assistant.types import Passage, Term

DOCUMENTS = [school.document(name) for name in school.TEXTS]
PASSAGES = [passage for document in DOCUMENTS for passage in document.passages]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex(PASSAGES, {document.source.id: document.source.title for document in DOCUMENTS})


def term(word: str, weight: float = 1.0) -> Term:
    return Term(word, tuple((key, weight) for key in dutch.keys(word)))


def best(index: LexicalIndex, *words: str) -> Passage:
    total = sum(index.text_field.score(term(word)) for word in words)
    return index.passages[int(np.argmax(total))]


# a field


def test_a_row_with_the_word_scores_and_one_without_does_not():
    field = Field([["ouder", "school"], ["school"], []], b=0.5)
    scores = field.score(Term("ouder", (("ouder", 1.0),)))
    assert scores[0] > 0 and scores[1] == scores[2] == 0


def test_a_rare_word_counts_more_than_a_common_one_and_more_often_counts_more():
    field = Field([["a", "b"], ["b"], ["b", "b", "b"], ["c"]], b=0.0)
    rare, common = field.score(Term("a", (("a", 1.0),))), field.score(Term("b", (("b", 1.0),)))
    assert rare[0] > common[0] > 0
    assert common[2] > common[1]


def test_the_forms_of_a_term_count_as_one_word_by_the_best_of_them():
    field = Field([["jeugdige"], ["leerling"], ["leerling", "jeugdige"], ["x"]], b=0.0)
    both = field.score(Term("leerling", (("leerling", 1.0), ("jeugdige", 0.8))))
    assert both[1] > both[0] > 0
    assert both[2] == both[1]
    assert field.presence(Term("l", (("leerling", 1.0), ("jeugdige", 0.8)))).tolist() == pytest.approx([0.8, 1, 1, 0])


def test_a_phrase_counts_only_where_all_its_words_stand():
    field = Field([["lekker", "vel"], ["lekker"], ["vel"]], b=0.0)
    phrase = Term("welbevinden", (), (((("lekker", 0.8),), (("vel", 0.8),)),))
    presence = field.presence(phrase)
    assert presence[0] == pytest.approx(0.8)
    assert presence[1] == presence[2] == 0


@pytest.mark.parametrize("rows", [[], [[]], [[], []]])
def test_an_empty_field_scores_nothing(rows: list[list[str]]):
    field = Field(rows, b=0.5)
    assert field.score(Term("a", (("a", 1.0),))).tolist() == [0.0] * len(rows)
    assert field.column("a") is None


# the index


def test_a_word_is_found_under_its_other_forms(index: LexicalIndex):
    for word in ("signaal", "signalen"):
        assert best(index, word).section == ("Wat je ziet",)


def test_a_compound_is_found_by_its_parts(index: LexicalIndex):
    assert set(index.parts("schoolwerk")) == {"school", "werk"}
    column = index.text_field.presence(term("klimaat"))
    assert [index.passages[n].section for n in np.flatnonzero(column)] == [("Een schoolbrede aanpak",)]


def test_titles_and_headings_are_a_field_of_their_own(index: LexicalIndex):
    found = index.heading_field.presence(term("cijfers"))
    assert [index.passages[n].section for n in np.flatnonzero(found)] == [("Cijfers",)]
    assert not index.text_field.presence(term("cijfers")).any()
    assert {index.passages[n].source for n in np.flatnonzero(index.heading_field.presence(term("gids")))} == set(
        school.TEXTS
    )


def test_every_sentence_is_a_row_of_its_passage(index: LexicalIndex):
    assert len(index.rows) == sum(len(passage.sentences) for passage in PASSAGES)
    (row,) = np.flatnonzero(index.sentence_field.presence(term("jongens")))
    place = index.rows[row]
    sentence = index.passages[place.passage].sentences[place.sentence]
    document = next(d for d in DOCUMENTS if d.source.id == index.passages[place.passage].source)
    assert document.text[sentence.start : sentence.end].startswith("Meisjes ervaren vaker druk")


def test_every_passage_is_found_by_its_own_rarest_words(index: LexicalIndex):
    for passage in PASSAGES:
        words = sorted(dutch.content_words(passage.text), key=lambda word: -index.rarity(term(word)))[:4]
        assert best(index, *words).id == passage.id, words


def test_rarity_and_knowing(index: LexicalIndex):
    assert index.rarity(term("fotosynthese")) > index.rarity(term("jongens")) > index.rarity(term("leerlingen"))
    assert index.knows(dutch.keys("ouders")[0]) and not index.knows(dutch.keys("fotosynthese")[0])
    assert index.vocabulary["welbevinden"] > 1 and "fotosynthese" not in index.vocabulary


def test_an_index_of_nothing_is_of_use(index: LexicalIndex):
    empty = LexicalIndex([], {})
    assert empty.text_field.score(term("ouders")).shape == (0,)
    assert empty.vocabulary == {}


def test_presence_is_remembered_and_cannot_be_changed_by_who_asked_for_it():
    field = Field([["pest", "school"], ["school"], []], 0.3)
    term = Term("pesten", (("pest", 1.0),))
    first = field.presence(term)
    assert first.tolist() == [1.0, 0.0, 0.0]
    assert field.presence(term) is first
    with pytest.raises(ValueError, match="read-only"):
        first[1] = 1.0
    for number in range(REMEMBERED + 1):
        field.presence(Term(f"woord{number}", ((f"woord{number}", 1.0),)))
    assert field.presence(term).tolist() == [1.0, 0.0, 0.0]
