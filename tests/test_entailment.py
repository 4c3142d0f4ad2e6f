"""A model for natural language inference beside the support score: loaded from a folder, it lifts what misses words and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import school
import torch
from model_servers import Reply, serving
from school import House
from test_generate import QUESTION, QUICK, TRUE, WRONG, as_json, citing, shown
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from assistant.answer import Assistant
from assistant.entailment import ENTAILED, load_entailment
from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.texts_nl import error_line
from assistant.verify import Citable, claim_verdict
from assistant.wiring import _writer
from evals.benchmarks.lying import CITATIONS, FAKE, SURE, load_rows

LABELS = ("contradiction", "entailment", "neutral")
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] leerlingen druk school de het een ouders van in en".split()
# Says what its source says, but for one word that stands nowhere in it.
PARAPHRASE = "Meisjes ervaren vaker druk door huiswerk dan jongens."


def make(folder: Path, labels: Sequence[str] = LABELS, bias: Sequence[float] | None = None) -> Path:
    """A tiny cross-encoder with seeded weights; with `bias` it says the same of every pair."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=128,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
        num_labels=len(labels),
    )
    model = BertForSequenceClassification(config)
    if bias is not None:
        with torch.no_grad():
            model.classifier.weight.zero_()
            model.classifier.bias.copy_(torch.tensor(bias))
    model.save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), model_max_length=128).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def always(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("always"), bias=(0.0, 9.0, 0.0))


@pytest.fixture(scope="module")
def never(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("never"), bias=(9.0, 0.0, 0.0))


def source_of(text: str) -> Citable:
    (passage,) = school.document("x", f"# Gids\n\n## Kop\n\n{text}\n").passages
    return Citable(passage, "Gids", frozenset(range(len(passage.sentences))))


# --- loading


def test_a_folder_is_loaded_and_judges_pairs_the_same_each_time(tmp_path: Path):
    model = load_entailment(str(make(tmp_path / "klein")))
    pairs = ["de school", "een druk van ouders in de school", "x " * 400]
    assert model.entailed(pairs, "leerlingen en ouders") == model.entailed(pairs, "leerlingen en ouders")
    assert len(model.entailed(pairs, "het")) == 3 and model.entailed([], "het") == []


@pytest.mark.parametrize("labels", [LABELS, ("ENTAILMENT", "NEUTRAL", "CONTRADICTION"), ("not", "Entailed")])
def test_the_label_is_read_from_the_model_whatever_its_place(tmp_path: Path, labels: tuple[str, ...]):
    for number, label in enumerate(labels):
        bias = [9.0 if n == number else 0.0 for n in range(len(labels))]
        model = load_entailment(str(make(tmp_path / str(number), labels, bias)))
        assert model.entailed(["de school"], "het") == [label.lower().startswith("entail")]


def test_what_is_only_likely_is_not_enough(tmp_path: Path):
    likely = make(tmp_path, bias=(0.0, 2.0, 0.0))  # .79 of the three
    assert ENTAILED > 0.79 and load_entailment(str(likely)).entailed(["de school"], "het") == [False]


@pytest.mark.parametrize("labels", [("LABEL_0", "LABEL_1", "LABEL_2"), ("entailment",), ("entailment", "entails")])
def test_a_model_that_judges_no_inference_is_refused(tmp_path: Path, labels: tuple[str, ...]):
    folder = make(tmp_path / "x", labels)
    with pytest.raises(SettingsError) as raised:
        load_entailment(str(folder))
    assert raised.value.details["why"] == "nli_labels"
    assert "WELWIJZER_NLI_MODEL" in error_line(raised.value) and str(folder) in error_line(raised.value)


@pytest.mark.parametrize("what", ["missing", "empty", "broken"])
def test_what_can_not_be_loaded_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    folder = tmp_path / "model"
    if what != "missing":
        folder.mkdir()
    if what == "broken":
        (folder / "config.json").write_text("{kapot", encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_entailment(str(folder))
    assert raised.value.details["why"] == "nli_model"
    assert error_line(raised.value).count("\n") == 0 and "WELWIJZER_NLI_MODEL" in error_line(raised.value)


# --- what it may lift


def test_it_lifts_a_sentence_that_only_misses_a_word(always: Path, never: Path):
    source = source_of("Meisjes ervaren vaker druk door schoolwerk dan jongens.")
    assert not claim_verdict(PARAPHRASE, [1], {1: source}).holds
    lifted = claim_verdict(PARAPHRASE, [1], {1: source}, None, load_entailment(str(always)))
    assert lifted.holds and lifted.stretches[0].sentences == (0,)
    refused = claim_verdict(PARAPHRASE, [1], {1: source}, None, load_entailment(str(never)))
    assert refused == claim_verdict(PARAPHRASE, [1], {1: source})


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Meisjes ervaren in maart vaker druk dan jongens.", "Meisjes ervaren vaker druk dan jongens."),
        ("Meisjes ervaren elke week druk door schoolwerk.", "Meisjes ervaren druk door schoolwerk."),
        ("Meisjes ervaren volgens Bakker vaker druk dan jongens.", "Meisjes ervaren vaker druk dan jongens."),
        ("Meisjes in het mbo ervaren vaker druk dan jongens.", "Meisjes ervaren vaker druk dan jongens."),
        ("Peuters ervaren vaker druk door schoolwerk dan jongens.", "Meisjes ervaren vaker druk door schoolwerk dan jongens."),
        ("Meisjes ervaren 3 keer vaker druk dan jongens.", "Meisjes ervaren vaker druk dan jongens."),
        ("Meisjes ervaren niet vaker druk dan jongens.", "Meisjes ervaren vaker druk dan jongens."),
        ("Jongens ervaren vaker druk dan meisjes.", "Meisjes ervaren vaker druk dan jongens."),
        ("Alle meisjes ervaren druk.", "Sommige meisjes ervaren druk."),
        ("Slaaptekort veroorzaakt stress bij tieners.", "Meisjes ervaren vaker druk dan jongens."),
        ("Zeg dat meisjes vaker druk ervaren dan jongens.", "Meisjes ervaren vaker druk dan jongens."),
        ("Meisjes ervaren vaker druk dan jongens, zie www.example.com.", "Meisjes ervaren vaker druk dan jongens."),
    ],
)  # fmt: skip
def test_nothing_else_is_lifted_whatever_the_model_says(always: Path, claim: str, quote: str):
    assert not claim_verdict(claim, [1], {1: source_of(quote)}, None, load_entailment(str(always))).holds


def test_a_citation_of_nothing_is_not_lifted(always: Path):
    model = load_entailment(str(always))
    assert not claim_verdict(PARAPHRASE, [2], {1: source_of(TRUE)}, None, model).holds
    assert not claim_verdict(PARAPHRASE, [], {1: source_of(TRUE)}, None, model).holds


def test_a_model_that_says_yes_to_everything_lets_hardly_a_lie_through(always: Path):
    """The worst model there can be, on the lies that may be looked at: what it lifts is all that it can spoil."""
    model = load_entailment(str(always))
    rows = [row for row in load_rows() if row.half == "build" and row.kind in (*SURE, *CITATIONS) and row.quotes]
    struck = 0
    for row in rows:
        sources = {n: source_of(quote) for n, quote in enumerate(row.quotes, 1)}
        struck += not claim_verdict(row.claim, list(sources), sources, None, model).holds
    assert len(rows) > 140 and struck >= 0.97 * len(rows), f"{struck} of {len(rows)}"
    assert FAKE in CITATIONS


# --- within an answer


def assistant_with(house: House, tmp_path: Path, nli: Path | None) -> Assistant:
    settings = Settings(tmp_path, house.settings.corpus, None, "openai:proef", 0, str(nli) if nli else None)
    writer = _writer(settings, house.assistant.retriever.thesaurus)
    writer.model.limits = QUICK
    return replace(house.assistant, writer=writer)


def test_an_answer_shows_what_is_lifted_and_strikes_what_is_not(
    house: House, tmp_path: Path, always: Path, monkeypatch: pytest.MonkeyPatch
):
    lies = [text for text, words in WRONG.values() if words == "ruim 15%"]
    with serving("openai", citing("ruim 15%", PARAPHRASE, *lies), Reply(as_json())) as model:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("OPENAI_API_KEY", "geen")
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        answer = assistant_with(house, tmp_path, always).ask(QUESTION)
    assert shown(answer) == [PARAPHRASE]
    for citation in answer.citations:
        assert house.library.document(citation.source).text[citation.start : citation.end] == citation.quote


def test_without_the_setting_it_is_struck(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with serving("openai", citing("ruim 15%", PARAPHRASE, TRUE), Reply(as_json())) as model:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("OPENAI_API_KEY", "geen")
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        assert shown(assistant_with(house, tmp_path, None).ask(QUESTION)) == [TRUE]


def test_the_setting_is_checked_at_start(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "geen")
    (tmp_path / "leeg").mkdir()
    with pytest.raises(SettingsError) as raised:
        assistant_with(house, tmp_path, tmp_path / "leeg")
    assert raised.value.details["name"] == "WELWIJZER_NLI_MODEL"
    env = {"WELWIJZER_CORPUS": str(tmp_path), "WELWIJZER_NLI_MODEL": " een/model "}
    assert Settings.from_env(env).nli_model == "een/model" and Settings.from_env({}).nli_model is None
