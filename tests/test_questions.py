"""Stored questions: read with clear errors, tied to the sentence that answers, found by their words and their vectors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import school
from school import House

from assistant import texts_nl
from assistant.embedding import window_places
from assistant.errors import QuestionsError
from assistant.retrieve import Retriever
from assistant.settings import PROJECT, Settings
from assistant.texts_nl import error_line
from ingest import shelf
from ingest.questions import Group, attach, load

ASKED = "Wat doet een juf die een kind ziet dichtklappen?"
QUOTE = "Een mentor ziet als eerste"


def with_questions() -> Group:
    return Group(quote=QUOTE, ask=(ASKED, "Wie merkt het op?"))


def test_a_question_is_tied_to_the_sentence_in_which_its_quotation_begins():
    document = attach(school.document("signalen"), [with_questions()])
    (passage,) = [passage for passage in document.passages if passage.questions]
    assert [question.text for question in passage.questions] == [ASKED, "Wie merkt het op?"]
    sentence = passage.sentences[passage.questions[0].sentence]
    assert document.text[sentence.start : sentence.end].startswith(QUOTE)
    assert document.warnings == ()


def test_a_quotation_over_a_line_end_and_in_a_later_sentence_is_found():
    document = attach(
        school.document("signalen"), [Group(quote="De intern begeleider verwijst", ask=("Wie verwijst?",))]
    )
    (passage,) = [passage for passage in document.passages if passage.questions]
    sentence = passage.sentences[passage.questions[0].sentence]
    assert " ".join(document.text[sentence.start : sentence.end].split()).startswith("De intern begeleider verwijst")


def test_a_quotation_that_is_gone_is_told_and_loses_nothing():
    document = attach(school.document("signalen"), [Group(quote="Dit staat er niet", ask=("Wat?",)), with_questions()])
    assert document.warnings == (texts_nl.QUESTIONS_GONE.format(quote="Dit staat er niet"),)
    assert sum(len(passage.questions) for passage in document.passages) == 2


@pytest.mark.parametrize(
    "content",
    [
        "",
        "source: signalen",
        "source: kader\nquestions: []",
        "questions: [}",
        "source: signalen\nquestions:\n  - quote: x\n    ask: []",
        "source: signalen\nquestions:\n  - quote: x\n    vraag: [y]",
        "source: signalen\nquestions:\n  - ask: [y]",
        "\x00",
        "source: signalen\nquestions:\n  - {quote: x, ask: ['" + "a" * 500 + "']}",
    ],
)
def test_a_file_that_cannot_be_used_is_named_in_one_dutch_line(tmp_path: Path, content: str):
    path = tmp_path / "signalen.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionsError) as caught:
        load(path, "signalen")
    assert "signalen.yaml" in error_line(caught.value)
    assert "\n" not in error_line(caught.value)


def test_no_file_means_no_questions(tmp_path: Path):
    assert load(tmp_path / "weg.yaml", "weg") == ()


def test_the_vectors_of_questions_stand_beside_those_of_the_text():
    plain, asked = school.document("signalen"), attach(school.document("signalen"), [with_questions()])
    before = [place for passage in plain.passages for place in window_places(passage)]
    after = [place for passage in asked.passages for place in window_places(passage)]
    extra = [place for place in after if place not in before]
    assert [place.text for place in extra] == [ASKED, "Wie merkt het op?"]
    assert all(asked.text[place.start : place.end].startswith(QUOTE) for place in extra)


def test_a_stored_question_finds_its_passage_and_is_never_shown(own_house: House):
    strange = "Wat doet de juf bij dichtklappen?"
    plain = own_house.assistant.search(strange).hits
    school.put(own_house.library, attach(school.document("signalen"), [with_questions()]), 1)
    hit = own_house.assistant.search(strange).hits[0]
    assert QUOTE in hit.passage.text
    assert not plain or plain[0].score != hit.score
    answer = own_house.assistant.ask(strange)
    school.assert_grounded(answer, own_house.library)
    assert any(citation.quote.startswith(QUOTE) for citation in answer.citations)
    assert "dichtklappen" not in answer.text


def test_without_them_the_answer_is_that_of_a_library_that_has_none(own_house: House):
    questions = (
        "Een kind klapt dicht, wat doet de juf?",
        "Wat is mentaal welbevinden?",
        "Wie verwijst een leerling door?",
    )
    before = [own_house.assistant.ask(question).text for question in questions]
    school.put(own_house.library, attach(school.document("signalen"), [with_questions()]), 1)
    old = own_house.assistant.retriever
    retriever = Retriever(own_house.library, own_house.vectors, old.encoder, old.thesaurus, with_questions=False)
    without = replace(own_house.assistant, retriever=retriever)
    assert [without.ask(question).text for question in questions] == before


def test_text_and_questions_are_searched_apart(own_house: House):
    school.put(own_house.library, attach(school.document("signalen"), [with_questions()]), 1)
    own_house.vectors.sync()
    vector = own_house.encoder.encode_query(ASKED)
    assert own_house.vectors.through_chroma
    nearest = own_house.vectors.nearest(vector, 5, questions=True)
    assert len(nearest) == 2 and nearest[0][1] == pytest.approx(1.0, abs=1e-5)
    kinds = {window.id: window.of_question for window in own_house.library.windows()}
    assert not any(kinds[window] for window, _ in own_house.vectors.nearest(vector, 50))
    assert own_house.vectors.nearest(vector, 5, ("kader",), questions=True) == []


def test_all_questions_of_the_corpus_stand_at_a_sentence_of_their_document(corpus_house: House):
    items = shelf.corpus_items(Settings(corpus_house.settings.data, PROJECT / "corpus"))
    assert items
    for item in items:
        written = {ask for group in load(item.questions, item.source.id) for ask in group.ask}
        document = corpus_house.library.document(item.source.id)
        held = {question.text for passage in document.passages for question in passage.questions}
        assert held == written
        assert len(held) >= 3, f"{item.source.id} has no questions"
