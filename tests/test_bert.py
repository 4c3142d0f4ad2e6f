"""The default model read with numpy alone gives the vectors of sentence_transformers, and leaves torch out of a start."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.bert import LightModel
from assistant.embedding import OWN_MODEL, load_encoder
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
TEXTS = [
    "Wat is welbevinden?",
    "x",
    "",
    "Hoe betrek je ouders — óók ‘moeilijk bereikbare’ — bij 中文 de aanpak van de school? " * 40,
    "\u202eeen omgekeerde zin\u202c met 🙂",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return OWN_MODEL


def never() -> None:
    raise AssertionError("the whole model is not needed for one text")


def test_one_text_has_the_vector_that_the_whole_model_gives_it(folder: Path):
    encoder = load_encoder(Settings(Path("data"), ROOT / "corpus"))
    light = LightModel(folder, never)  # type: ignore[arg-type]
    several = encoder.encode(TEXTS)  # more than one: by sentence_transformers
    one_by_one = np.stack([light.encode([text])[0] for text in TEXTS])
    assert one_by_one.dtype == np.float32
    assert np.abs(one_by_one - several).max() < 2e-6
    assert np.allclose(np.linalg.norm(one_by_one, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        ("config.json", "model_type", "xlm-roberta"),
        ("config.json", "hidden_act", "gelu_new"),
        ("1_Pooling/config.json", "pooling_mode_cls_token", True),
        ("model.safetensors", "", None),
    ],
)
def test_another_kind_of_model_is_left_to_sentence_transformers(
    folder: Path, tmp_path: Path, file: str, name: str, value: object
):
    copy = tmp_path / "model"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("model.safetensors"))
    (copy / "model.safetensors").write_bytes(b"")
    assert LightModel.reads(copy)
    if name:
        content = json.loads((copy / file).read_text(encoding="utf-8"))
        (copy / file).write_text(json.dumps(content | {name: value}), encoding="utf-8")
    else:
        (copy / file).unlink()
    assert not LightModel.reads(copy)


def test_a_question_is_encoded_without_torch():
    script = (
        "import sys; from pathlib import Path; from assistant.embedding import load_encoder;"
        "from assistant.settings import Settings;"
        "load_encoder(Settings(Path('data'), Path('corpus'))).encode_query('Wat is welbevinden?');"
        "print(*sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_document_that_an_editor_adds_is_encoded_without_torch_to_the_same_vectors():
    script = (
        "import sys, numpy as np; from concurrent.futures import Future; from pathlib import Path;"
        "from types import SimpleNamespace as Holding; from assistant.embedding import load_encoder;"
        "from assistant.settings import Settings; from assistant.ui import loading; from assistant.ui.library import intake;"
        "settings = Settings(Path('data'), Path('corpus')); held = load_encoder(settings); opened = Future();"
        "opened.set_result(Holding(retriever=Holding(encoder=held))); loading.loading_assistant = lambda: opened;"
        "texts = ['Wat is welbevinden?', 'Hoe betrek je ouders bij de aanpak van de school?'] * 20;"
        "found = intake.encoder_for(settings).encode(texts);"
        "print(*sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)));"
        "together = held.encode(texts);"  # by torch, which is there from now on, and is used for what is added next
        "print(found.shape == together.shape and found.dtype == np.float32, np.abs(found - together).max() < 2e-6);"
        "print('torch' in sys.modules, np.array_equal(intake.encoder_for(settings).encode(texts), together))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["", "True True", "True True"]
