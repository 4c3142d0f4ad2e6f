"""Libraries that tests share: a small one of hand-written publications, and that of the real corpus."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import school
from school import House, open_house

from assistant.library import Library
from assistant.settings import Settings
from assistant.vectors import VectorIndex
from ingest.encoder import LazyEncoder
from ingest.pipeline import build

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def school_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data and corpus folder of the small library with its Chroma folder, made once."""
    folder = tmp_path_factory.mktemp("school")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "thesaurus.toml").write_text(school.THESAURUS, encoding="utf-8")
    library = school.fill(Library.open(folder / "data" / "library.sqlite"))
    VectorIndex.open(folder / "data" / "chroma", library).close()
    library.close()
    return folder


@pytest.fixture
def school_settings(school_template: Path, tmp_path: Path) -> Settings:
    """A copy of the small library that a test may change."""
    shutil.copytree(school_template, tmp_path / "school")
    return Settings(tmp_path / "school" / "data", tmp_path / "school" / "corpus")


@pytest.fixture
def own_house(school_settings: Settings) -> Iterator[House]:
    """The small library for one test alone."""
    house = open_house(school_settings)
    yield house
    house.vectors.close()
    house.library.close()


@pytest.fixture(scope="session")
def house(school_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The small library, shared: only to be read."""
    folder = tmp_path_factory.mktemp("shared") / "school"
    shutil.copytree(school_template, folder)
    house = open_house(Settings(folder / "data", folder / "corpus"))
    yield house
    house.vectors.close()


@pytest.fixture(scope="session")
def corpus_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The project's own corpus, taken in by the real pipeline with the trigram model: only to be read."""
    settings = Settings(tmp_path_factory.mktemp("corpus") / "data", ROOT / "corpus")
    library = Library.open(settings.library_path)
    report = build(settings, library, LazyEncoder(school.MODEL, school.trigram_encoder))
    assert not report.failed and report.taken_in
    house = open_house(settings)
    yield house
    house.vectors.close()
