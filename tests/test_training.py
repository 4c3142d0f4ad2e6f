"""Making the encoder: what is read, what is kept out, which pieces go together, and that a training can go on."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from evals.training import catalogs, distil, export, lexicon, network, pairs, retrieval, swap, vocabulary
from evals.training.pairs import Pair


def catalog(*entries: tuple[str, str]) -> bytes:
    """A compiled gettext catalog."""
    count, head = len(entries), 28
    texts, tables = b"", [[], []]
    for table, side in zip(tables, zip(*entries, strict=True), strict=True):
        for text in side:
            data = text.encode()
            table.append((len(data), head + 16 * count + len(texts)))
            texts += data + b"\0"
    packed = b"".join(struct.pack("<2I", *one) for table in tables for one in table)
    return struct.pack("<7I", 0x950412DE, 0, count, head, head + 8 * count, 0, 0) + packed + texts


def test_a_catalog_gives_its_texts_without_marks(tmp_path: Path):
    path = tmp_path / "locale/nl/LC_MESSAGES/school.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(
        catalog(
            ("", "Language: nl\n"),
            ("menu\x04Open the %s &file", "Het bestand %s &openen"),
            ("%d pupil\0%d pupils", "%d leerling\0%d leerlingen"),
            ("The class is here. It waits.", "De klas is er. Ze wacht."),
            ("Okay", "Okay"),
        )
    )
    assert list(catalogs.translations(tmp_path)) == [
        ("Het bestand openen", "Open the file"),
        ("leerling", "pupil"),
        ("De klas is er.", "The class is here."),
        ("Ze wacht", "It waits"),
    ]


def test_pages_are_joined_by_ids_or_by_their_elements_and_not_at_all_when_these_differ(tmp_path: Path):
    for name, dutch, english in (
        ("row.docbook", "<para>Het <b>kind</b> speelt</para><para>De school</para>", "<para>The child plays</para><para>The school</para>"),
        ("other.docbook", "<para>Het kind slaapt</para>", "<title>Sleep</title><para>The child sleeps</para>"),
        (
            "ids.html",
            '<p id="b">De tweede zin</p><p id="a">De eerste zin</p>',
            '<p id="a">The first one</p><p id="b">The second one</p><p id="c">More</p>',
        ),
    ):  # fmt: skip
        for folder, text in (("nl", dutch), ("en", english)):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / name).write_text(text, "utf-8")
    assert set(catalogs.translations(tmp_path)) == {
        ("Het kind speelt", "The child plays"), ("De school", "The school"),
        ("De tweede zin", "The second one"), ("De eerste zin", "The first one"),
    }  # fmt: skip


def test_a_dictionary_gives_its_meanings_with_the_blanks_that_they_lost(tmp_path: Path):
    text = "Info\n  about\nmet aandacht /mɛt/\nattentively\nfeitelĳk /fɛi/\n1. absolutely, infact\n2. asamatteroffact\n"
    for name, content in (("nld-eng", text), ("eng-nld", "school /skuːl/ <n>\nschool, onderwijsinstelling\n")):
        (tmp_path / f"freedict-{name}.dict.dz").write_bytes(gzip.compress(content.encode()))
    (tmp_path / "data.noun").write_text("  head\n00001740 03 n 02 pupil 0 school_child 0 001 ~ 1 n 0000 | who learns\n")
    for name in ("verb", "adj", "adv"):
        (tmp_path / f"data.{name}").write_text("")
    (tmp_path / "wn-a-nld.txt").write_text("00001740-n\tleerling\n")
    found = lexicon.lexicon(tmp_path, tmp_path, tmp_path)
    assert found == {
        "feitelijk": ["absolutely", "in fact", "as a matter of fact"],
        "leerling": ["pupil", "school child"],
        "met aandacht": ["attentively"],
        "onderwijsinstelling": ["school"],
        "school": ["school"],
    }


def test_a_frequent_form_gets_the_translations_of_its_word_and_a_compound_those_of_its_parts():
    found = lexicon.inflected(
        {"kind": ["child"], "speelplaats": ["playground"], "school": ["school"], "plein": ["square"]}
    )
    assert found["kinderen"] == ["child"]
    assert found["schoolplein"] == ["school square"]


def sick(folder: Path) -> Path:
    rows = [
        ("Een man eet", "Een kat slaapt", "A man eats", "A cat sleeps", "TRAIN"),
        ("Een hond rent", "Een man eet", "A dog runs", "A man eats", "TEST"),
    ]
    head = "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tsentence_A_original\tsentence_B_original\tSemEval_set"
    lines = [f"{n}\t{a}\t{b}\t3.0\t{c}\t{d}\t{part}" for n, (a, b, c, d, part) in enumerate(rows)]
    (folder / "SICK_NL.txt").write_text("\n".join([head, *lines]) + "\n", "utf-8")
    (folder / "sentences_nl.txt").write_text("Een hond rent!\nEen kat slaapt\nEen ander mens eet\n", "utf-8")
    (folder / "sentences_en.txt").write_text("A dog runs\nA cat sleeps\na man eats.\n", "utf-8")
    return folder


def test_no_sentence_of_the_test_pairs_is_trained_on_in_either_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    places = pairs.Places(tmp_path, tmp_path, tmp_path, sick(tmp_path))
    monkeypatch.setattr(lexicon, "lexicon", lambda *_: {"een man eet": ["eater"], "fiets": ["bicycle"]})
    monkeypatch.setattr(lexicon, "inflected", lambda _: {})
    found = pairs.all_pairs(places)
    kept_out = pairs.held_out(tmp_path)
    assert kept_out == {"een hond rent", "een man eet", "a dog runs", "a man eats"}
    assert {pair.dutch for pair in found if pair.kind == "caption"} == {"Een kat slaapt"}
    assert "fiets" in {pair.dutch for pair in found}
    assert not [pair for pair in found if {pairs.same(pair.dutch), pairs.same(pair.english)} & kept_out]


def test_our_own_tables_can_be_read_and_leave_the_held_out_documents_out():
    own = list(pairs.domain())
    assert {pair.kind for pair in own} == {"corpus", "question", "everyday", "passage"}
    assert all(pair.dutch.strip() and pair.english.strip() for pair in own)
    kept_out = {row[1] for row in pairs.rows("corpus_sentences.tsv") if row[0] in pairs.HELD_OUT_DOCUMENTS}
    learned = {row[1] for row in pairs.rows("corpus_sentences.tsv") if row[0] not in pairs.HELD_OUT_DOCUMENTS}
    assert kept_out
    assert not {pair.dutch for pair in own if pair.kind == "corpus"} & (kept_out - learned)
    sentences = {sentence for sentence, _ in retrieval.surroundings(1)}
    assert sentences
    assert not sentences & (kept_out - learned)


def test_an_uneven_row_is_told(tmp_path: Path):
    (tmp_path / "questions.tsv").write_text("# thema\nwelbevinden\tWat is dat?\tWhat is that?\nwelbevinden\tWat?\n")
    with pytest.raises(ValueError, match=r"questions\.tsv: 2 columns"):
        pairs.rows("questions.tsv", tmp_path)


def test_no_question_of_the_evaluation_is_learned():
    from evals.cases import load_cases

    asked = {pairs.same(turn) for case in load_cases() for turn in case.turns}
    learned = [pairs.same(pair.dutch) for pair in pairs.domain() if pair.kind == "question"]
    learned += [pairs.same(question) for row in pairs.passages() for question in row.questions]
    assert not asked.intersection(learned)


def test_pieces_that_go_together_find_each_other():
    ours = [[1, 2], [1, 3], [2, 3], [1], [4]]
    theirs = [[11, 12], [11, 13], [12, 13], [11], [14]]
    alignment = swap.align(ours, theirs, [1.0] * 5)
    english = np.zeros((20, 2), np.float32)
    english[11], english[12], english[13], english[14], english[7] = (1, 0), (0, 1), (1, 1), (2, 2), (5, 5)
    found = swap.vectors(alignment, english, [[], [], [], [], [], [7]])
    assert np.allclose(found[1], (1, 0), atol=0.1)
    assert np.allclose(found[2], (0, 1), atol=0.1)
    assert np.allclose(found[3], (1, 1), atol=0.1)
    assert found[4].tolist() == [2, 2]
    assert found[5].tolist() == [5, 5]


def test_batches_hold_texts_of_like_length_and_each_once():
    lengths = [3, 50, 4, 48, 5, 2]
    found = list(network.batches(lengths, range(6), tokens=100))
    assert sorted(index for batch in found for index in batch) == list(range(6))
    assert all(len(batch) * max(lengths[index] for index in batch) <= 100 for batch in found)
    assert [1, 3] in [sorted(batch) for batch in found]


def test_a_plan_is_the_same_each_time_and_sees_our_own_texts_more_often():
    some = [Pair(f"zin {n}", f"text {n}", "catalog" if n % 2 else "question") for n in range(40)]
    plan = distil.plan(some, [4] * 40, seed=3)
    assert plan == distil.plan(some, [4] * 40, seed=3)
    counts = np.bincount([index for batch in plan for index in batch])
    assert set(counts[1::2]) == {distil.ROUNDS["catalog"]}
    assert set(counts[::2]) == {distil.ROUNDS["question"]}


def test_equal_targets_are_no_contrast():
    targets = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert distil.contrast(targets, targets) < 1e-6


def test_hard_negatives_are_other_passages_that_share_words():
    texts = ["De school praat met ouders over pesten", "pesten en ouders", "Een boom in de wind", "ouders op school"]
    hard = retrieval._hard([("praat de school met ouders", 0)], texts, [0, 0, 2, 3])
    assert 3 in hard[0]
    assert not {0, 1} & set(hard[0])


def test_a_long_passage_is_cut_to_the_sentences_that_answer():
    filler = "Dit is een zin die over iets heel anders gaat dan wat er gevraagd wordt. " * 6
    found = retrieval.cut(
        f"{filler}Pesten stopt door afspraken met leerlingen.", "Waardoor stopt pesten van leerlingen?"
    )
    assert "Pesten stopt" in found
    assert len(found) <= retrieval.WINDOW


@pytest.fixture(scope="module")
def tokenizer():
    text = ["Hoe merk je dat een leerling niet lekker in zijn vel zit?", "De school praat met ouders, één keer."] * 20
    return vocabulary.train(text, pieces=400, words=300)


def small(tokenizer) -> BertModel:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=24, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=512, pad_token_id=0, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    return BertModel(config).eval()


def test_the_tokenizer_reads_words_whatever_their_case_accents_and_quotes(tokenizer):
    assert tokenizer.encode("LEERLING").tokens == tokenizer.encode("leerling").tokens
    assert tokenizer.encode("één").tokens == tokenizer.encode("een").tokens
    assert tokenizer.encode("z’n").tokens == tokenizer.encode("z'n").tokens
    assert tokenizer.encode("de school").tokens[0] == "[CLS]"
    assert tokenizer.token_to_id("[PAD]") == 0


def test_a_training_that_was_interrupted_ends_where_a_whole_one_does(
    tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(distil, "CHECKPOINT", 2)
    texts = [Pair(f"de school {n}", "", "question") for n in range(12)]
    ids = network.pieces(tokenizer, [pair.dutch for pair in texts])
    lesson = distil.Lesson(ids, np.eye(12, 24, dtype=np.float32))
    steps = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
    whole, halted = small(tokenizer), small(tokenizer)
    distil.train(whole, lesson, steps, tmp_path / "whole.pt", lambda _: None)

    class Interrupted(Exception):
        pass

    def stop(_: str) -> None:
        if (tmp_path / "halted.pt").exists():
            raise Interrupted

    with pytest.raises(Interrupted):
        distil.train(halted, lesson, steps, tmp_path / "halted.pt", stop)
    again = small(tokenizer)
    distil.train(again, lesson, steps, tmp_path / "halted.pt", lambda _: None)
    for name, tensor in whole.state_dict().items():
        assert torch.allclose(tensor, again.state_dict()[name], atol=1e-6), name


def test_the_exported_folder_loads_as_it_is_with_the_vectors_of_the_model(tokenizer, tmp_path: Path):
    from sentence_transformers import SentenceTransformer

    from assistant.embedding import load_encoder
    from assistant.settings import Settings

    model = small(tokenizer)
    export.write(model, tokenizer, tmp_path / "model")
    encoder = load_encoder(Settings(tmp_path, tmp_path, embedding_model=str(tmp_path / "model")))
    texts = ["De school praat met ouders.", "leerling"]
    expected = network.embed_all(model.float(), network.pieces(tokenizer, texts))
    assert np.allclose(encoder.encode(texts), expected, atol=0.02)  # trained with half precision
    assert encoder.encode(texts).dtype == np.float32
    assert next(SentenceTransformer(str(tmp_path / "model"), device="cpu").parameters()).dtype == torch.float32
    stored = json.loads((tmp_path / "model/reference.json").read_text("utf-8"))
    assert np.allclose(encoder.encode(list(stored)), list(stored.values()), atol=1e-3)
