"""From a question to ranked passages: fused, filtered, through Chroma, and always of the library's present state."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import school
from langchain_core.retrievers import BaseRetriever
from school import House, open_house

from assistant.chain import WelwijzerRetriever
from assistant.embedding import Encoder
from assistant.errors import LibraryEmptyError, ModelMismatchError
from assistant.library import Library
from assistant.retrieve import Retriever
from assistant.settings import Settings
from assistant.texts_nl import error_line
from assistant.thesaurus import Thesaurus
from assistant.types import Evidence, Kind
from assistant.vectors import VectorIndex


def search(house: House, question: str, **options: object) -> Evidence:
    return house.assistant.search(question, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("Wat is mentaal welbevinden?", "Wat is mentaal welbevinden?"),
        ("Hoeveel leerlingen ervaren druk door schoolwerk?", "Cijfers"),
        ("Wie verwijst door naar het schoolmaatschappelijk werk?", "Wat je ziet"),
        ("lekker in je vel", "Wat is mentaal welbevinden?"),
        ("toestemming van studenten", "Ouderbetrokkenheid in het mbo"),
    ],
)
def test_the_passage_that_answers_stands_first(house: House, question: str, section: str):
    assert search(house, question).hits[0].passage.section == (section,)


def test_hits_are_ranked_whole_and_of_the_library(house: House):
    evidence = search(house, "Hoe praat je met leerlingen over gedrag?")
    scores = [hit.score for hit in evidence.hits]
    assert scores == sorted(scores, reverse=True) and scores[-1] > 0
    assert len({hit.passage.id for hit in evidence.hits}) == len(evidence.hits)
    found = {replace(hit.passage, questions=()) for hit in evidence.hits}  # a heading that asks stands among them
    assert found <= {replace(passage, questions=()) for passage in house.library.passages()}


def test_no_more_are_given_than_asked_for(house: House):
    assert len(search(house, "leerlingen", k=2).hits) == 2
    assert search(house, "leerlingen", k=2).hits == search(house, "leerlingen", k=9).hits[:2]


def test_sentences_are_those_of_the_hits_with_their_scores(house: House):
    evidence = search(house, "Hoeveel leerlingen ervaren druk door schoolwerk?")
    best = evidence.sentences[0]
    passage = evidence.hits[best.hit].passage
    assert "15%" in passage.text[: passage.sentences[0].end - passage.start] and best.sentence == 0
    assert all(0 <= s.score <= 1 + 1e-6 for s in evidence.sentences)
    for scored in evidence.sentences:
        for shares in (scored.present, scored.heading, scored.around):
            assert len(shares) == len(evidence.query.terms) and all(0 <= share <= 1 for share in shares)


# facets


def test_a_source_filter_gives_passages_of_that_source_alone(house: House):
    found = search(house, "welbevinden van leerlingen", sources=("mbo-gids",)).hits
    assert found and {hit.passage.source for hit in found} == {"mbo-gids"}


def test_the_sector_that_is_asked_about_goes_first(house: House):
    def place(sector: str | None) -> int:
        hits = search(house, "ouders betrekken", sector=sector).hits
        return next(n for n, hit in enumerate(hits) if hit.passage.source == "mbo-gids")

    def score(sector: str) -> float:
        hits = search(house, "ouders betrekken", sector=sector).hits
        return hits[place(sector)].score / max(h.score for h in hits if h.passage.source == "kader")

    assert place("mbo") <= place(None) <= place("po")
    assert score("mbo") > score("po")


def test_noise_is_never_found_and_references_are_never_quoted(school_settings: Settings):
    library = Library.open(school_settings.library_path)
    kinds = {"Cijfers": Kind.NOISE, "Ouders betrekken": Kind.REFERENCE}
    made = school.document("kader")
    passages = tuple(replace(p, kind=kinds.get(p.section[-1], p.kind)) for p in made.passages)
    school.put(library, replace(made, passages=passages))
    house = open_house(school_settings)
    found = search(house, "druk door schoolwerk en ouders betrekken")
    house.vectors.close()
    assert Kind.NOISE not in {hit.passage.kind for hit in found.hits}
    assert Kind.REFERENCE in {hit.passage.kind for hit in found.hits}
    assert Kind.REFERENCE not in {found.hits[s.hit].passage.kind for s in found.sentences}


# both ways of searching


def test_dense_scores_come_from_chroma(school_settings: Settings):
    question = "Wat is mentaal welbevinden?"
    house = open_house(school_settings)
    before = {hit.passage.id: hit.dense for hit in search(house, question).hits}
    assert house.vectors.through_chroma and max(before.values()) == pytest.approx(1)
    far = min(before, key=lambda passage: before[passage])
    window = next(window.id for window in house.library.windows() if window.passage == far)
    house.vectors.close()
    query = house.assistant.retriever.understand(question)
    school.move_in_chroma(school_settings.chroma_path, window, house.encoder.encode_query(query.text))
    house = open_house(school_settings)
    after = {hit.passage.id: hit.dense for hit in search(house, question).hits}
    assert house.vectors.through_chroma
    house.vectors.close()
    assert before[far] < 0.9 and after[far] == pytest.approx(1, abs=1e-3)


def test_a_question_whose_words_stand_nowhere_is_still_answered_by_its_vector(house: House):
    found = search(house, "welbehagen")
    assert found.hits and {hit.lexical for hit in found.hits} == {0.0}
    assert found.hits[0].dense == pytest.approx(1)


def test_a_process_that_does_not_own_the_folder_finds_the_same(own_house: House):
    guest = open_house(own_house.settings)
    assert own_house.vectors.through_chroma and not guest.vectors.through_chroma
    for question in ("Wat is mentaal welbevinden?", "Hoe betrek je ouders?", "spel"):
        ours, theirs = search(own_house, question), search(guest, question)
        assert [hit.passage.id for hit in ours.hits] == [hit.passage.id for hit in theirs.hits]
        assert [hit.score for hit in ours.hits] == pytest.approx([hit.score for hit in theirs.hits], abs=1e-4)


# the library changes, or does not fit


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Retriever]:
    library = Library.open(tmp_path / "library.sqlite")
    vectors = VectorIndex.open(tmp_path / "chroma", library)
    yield Retriever(library, vectors, school.trigram_encoder(), Thesaurus(()))
    vectors.close()


def test_an_empty_library_is_named(empty: Retriever):
    with pytest.raises(LibraryEmptyError):
        empty.view()


def test_a_change_by_another_process_is_seen_at_the_next_question(own_house: House):
    assert "banaan" in search(own_house, "banaan").hits[0].passage.text
    other = Library.open(own_house.settings.library_path)
    school.put(other, school.document("prikpen", "# Prikpen\n\n## Nieuw\n\nEen appel en een peer zijn fruit.\n"))
    assert "appel" in search(own_house, "appel en peer").hits[0].passage.text
    assert not any("banaan" in hit.passage.text for hit in search(own_house, "banaan").hits)
    assert own_house.vectors.check() == []


def test_vectors_of_another_model_are_never_mixed(own_house: House):
    strange = Encoder(school.TrigramModel(), "een-ander-model")  # type: ignore[arg-type]
    retriever = Retriever(own_house.library, own_house.vectors, strange, Thesaurus(()))
    with pytest.raises(ModelMismatchError) as raised:
        retriever.retrieve(own_house.assistant.retriever.understand("ouders"))
    line = error_line(raised.value)
    assert "een-ander-model" in line and school.MODEL in line and "ingest build" in line


def test_questions_at_the_same_moment_do_not_disturb_each_other(house: House):
    questions = ("Wat is mentaal welbevinden?", "Hoe betrek je ouders?", "druk door schoolwerk", "gesprekskaart") * 3
    alone = [[hit.passage.id for hit in search(house, question).hits] for question in questions]
    together: dict[int, list[str]] = {}

    def ask(number: int) -> None:
        together[number] = [hit.passage.id for hit in search(house, questions[number]).hits]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[number] for number in range(len(questions))] == alone


# in the chains of others


def test_langchain_gets_documents_with_their_place(house: House):
    retriever = WelwijzerRetriever(retriever=house.assistant.retriever, k=3, sector="mbo")
    assert isinstance(retriever, BaseRetriever)
    found = retriever.invoke("Hoe betrek je ouders?")
    assert len(found) == 3
    for document in found:
        stored = house.library.document(document.metadata["source"])
        assert stored.text[document.metadata["start"] : document.metadata["end"]] == document.page_content
        assert set(document.metadata) >= {"source", "page", "section", "start", "end", "score", "kind"}
    ours = search(house, "Hoe betrek je ouders?", k=3, sector="mbo").hits
    assert [document.id for document in found] == [hit.passage.id for hit in ours]
