from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from seeded import TEXTS, SeededModel, encoder, entry, make_corpus

from assistant.embedding import model_name, window_places
from assistant.errors import (
    IngestError,
    ManifestError,
    ModelError,
    ModelMismatchError,
    UnknownSourceError,
    UnreadableError,
)
from assistant.library import Library
from assistant.settings import Settings
from ingest import shelf
from ingest.check import problems
from ingest.encoder import LazyEncoder
from ingest.intake import Fields, add
from ingest.pipeline import build, remove


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a built library, so that not every test has to build one."""
    settings = make_corpus(tmp_path_factory.mktemp("built"))
    library = Library.open(settings.library_path)
    assert build(settings, library, encoder(SeededModel())).taken_in == ["alfa", "beta"]
    library.close()
    return settings.data


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    settings = make_corpus(tmp_path)
    shutil.copytree(template, settings.data)
    return settings


@pytest.fixture
def library(settings: Settings) -> Library:
    return Library.open(settings.library_path)


@pytest.fixture
def fresh(tmp_path: Path) -> tuple[Settings, Library]:
    """The same corpus with nothing built."""
    settings = make_corpus(tmp_path / "fresh")
    return settings, Library.open(settings.library_path)


@pytest.fixture
def model() -> SeededModel:
    return SeededModel()


def state(library: Library) -> tuple[object, ...]:
    vectors = {w.id: w.vector.tobytes() for w in library.windows()}
    return library.passages(), vectors, library.signatures()


def write_file(tmp_path: Path, text: str = "", name: str = "nieuw.txt") -> str:
    path = tmp_path / name
    path.write_text(text or "Een nieuw document\n\nDit document is door een redacteur toegevoegd aan de bibliotheek.\n")
    return str(path)


# build


def test_build_takes_in_the_corpus_and_a_second_build_does_nothing(fresh, model):
    settings, library = fresh
    report = build(settings, library, encoder(model))
    assert (report.taken_in, report.failed) == (["alfa", "beta"], [])
    assert [source.id for source in library.sources()] == ["alfa", "beta"]
    before, generation = state(library), library.generation()
    again = LazyEncoder("seeded", lambda: pytest.fail("the model was loaded"))
    report = build(settings, library, again)
    assert (report.unchanged, report.taken_in, report.removed) == (["alfa", "beta"], [], [])
    assert not again.loaded
    assert (state(library), library.generation()) == (before, generation)


def test_two_libraries_built_from_one_corpus_are_identical(library, fresh, model):
    other, second = fresh
    build(other, second, encoder(SeededModel()))
    assert state(second) == state(library)


def test_only_what_changed_is_embedded(settings, library, model):
    path = settings.corpus / "documents" / "alfa.txt"
    path.write_text(TEXTS["alfa"].replace("Ouders kennen hun kind het langst.", "Ouders kennen hun kind het best."))
    model.embedded.clear()
    report = build(settings, library, encoder(model))
    assert (report.taken_in, report.unchanged) == (["alfa"], ["beta"])
    assert model.embedded and all("het best" in text for text in model.embedded)
    assert problems(settings, library, encoder(model)) == []


def test_new_questions_are_taken_in_and_embed_nothing_else(settings, library, model):
    folder = settings.corpus / "questions"
    folder.mkdir()
    group = '  - {quote: "Ouders kennen hun kind het langst.", ask: ["Wie weet het meest?", "Waarom bel je thuis?"]}\n'
    (folder / "alfa.yaml").write_text(f"source: alfa\nquestions:\n{group}")
    model.embedded.clear()
    report = build(settings, library, encoder(model))
    assert (report.taken_in, report.unchanged) == (["alfa"], ["beta"])
    assert model.embedded == ["Wie weet het meest?", "Waarom bel je thuis?"]
    assert sum(window.of_question for window in library.windows("alfa")) == 2
    assert problems(settings, library, encoder(model)) == []
    held = state(library)
    (folder / "alfa.yaml").write_text("questions: [}")
    broken = build(settings, library, encoder(model))
    assert [name for name, _ in broken.failed] == ["alfa"]
    assert state(library) == held


def test_a_changed_title_or_correction_counts_as_a_change(settings, library, model):
    manifest = settings.corpus / "sources.toml"
    manifest.write_text(entry("alfa", "Andere titel") + entry("beta"))
    assert build(settings, library, encoder(model)).taken_in == ["alfa"]
    assert library.document("alfa").source.title == "Andere titel"
    (settings.corpus / "corrections").mkdir()
    (settings.corpus / "corrections" / "beta.toml").write_text('warnings = ["Let hierop."]\n')
    assert build(settings, library, encoder(model)).taken_in == ["beta"]
    assert library.document("beta").warnings == ("Let hierop.",)


def test_a_document_that_fails_keeps_no_other_back(fresh, model):
    settings, library = fresh
    (settings.corpus / "documents" / "alfa.txt").write_bytes(b"\x00\x01\x02" * 100)
    report = build(settings, library, encoder(model))
    assert report.taken_in == ["beta"]
    ((name, error),) = report.failed
    assert (name, error.details["why"]) == ("alfa", "binary")


def test_a_document_that_fails_later_stays_as_it_was(settings, library, model):
    (settings.corpus / "documents" / "alfa.txt").write_bytes(b"")
    report = build(settings, library, encoder(model))
    assert [name for name, _ in report.failed] == ["alfa"]
    assert "schoolklimaat" in library.document("alfa").text


def test_what_left_the_manifest_leaves_the_library(settings, library, model):
    (settings.corpus / "sources.toml").write_text(entry("beta"))
    assert build(settings, library, encoder(model)).removed == ["alfa"]
    assert list(library.signatures()) == ["beta"]
    assert problems(settings, library, encoder(model)) == []


def test_a_broken_manifest_changes_nothing(settings, library, model):
    before = state(library)
    (settings.corpus / "sources.toml").write_text(entry("alfa") + entry("bestaat-niet"))
    with pytest.raises(ManifestError):
        build(settings, library, encoder(model))
    assert state(library) == before


def test_another_model_exchanges_all_vectors_at_once(fresh, model):
    settings, library = fresh
    build(settings, library, encoder(model, "oud"))
    broken = LazyEncoder("nieuw", lambda: (_ for _ in ()).throw(ModelError("not there", model="nieuw")))
    with pytest.raises(ModelError):
        build(settings, library, broken)
    assert (library.embedding_model(), len(library.sources())) == ("oud", 2)
    fresh = SeededModel()
    report = build(settings, library, encoder(fresh, "nieuw"))
    assert (report.taken_in, library.embedding_model()) == (["alfa", "beta"], "nieuw")
    assert len(fresh.embedded) == len(library.windows())


def test_unchanged_build_imports_no_model(fresh, model):
    """In a process of its own: the others have imported everything by now."""
    settings, library = fresh
    build(settings, library, encoder(model, model_name(settings)))
    program = (
        "import sys; from ingest.__main__ import main\n"
        "codes = [main([c]) for c in ('build', 'status')] + [main(['show', 'alfa'])]\n"
        "print([m for m in ('torch', 'sentence_transformers', 'chromadb') if m in sys.modules], codes, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"WELWIJZER_DATA": str(settings.data), "WELWIJZER_CORPUS": str(settings.corpus), "PATH": ""},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.strip().endswith("[] [0, 0, 0]")


# add, remove


def test_an_added_document_is_kept_with_its_entry_and_survives_a_build(tmp_path, settings, library, model):
    path = write_file(tmp_path)
    document = add(path, Fields(title="Mijn document", sectors=("vo",)), settings, library, encoder(model))
    folder = settings.added_path / "mijn-document"
    assert document.source.id == "mijn-document" and document.source.origin == "added"
    assert (folder / "documents" / "nieuw.txt").read_bytes() == Path(path).read_bytes()
    report = build(settings, library, encoder(model))
    assert report.unchanged == ["alfa", "beta", "mijn-document"]
    assert problems(settings, library, encoder(model)) == []
    shutil.rmtree(settings.data / "chroma")
    library.close()  # with its last connection SQLite puts away what stands beside the file
    settings.library_path.unlink()
    again = Library.open(settings.library_path)
    assert build(settings, again, encoder(model)).taken_in == ["alfa", "beta", "mijn-document"]
    assert again.document("mijn-document").source.sectors == ("vo",)


def test_the_same_content_is_not_taken_in_twice(tmp_path, settings, library, model):
    copy = write_file(tmp_path, TEXTS["alfa"], "kopie.txt")
    other_bytes = write_file(tmp_path, TEXTS["alfa"].replace("\n", "\r\n"), "windows.txt")
    for path in (copy, other_bytes):
        with pytest.raises(IngestError) as caught:
            add(path, Fields(), settings, library, encoder(model))
        assert (caught.value.details["why"], caught.value.details["id"]) == ("already", "alfa")
    assert shelf.added_folders(settings) == []


def test_a_taken_id_gets_a_number(tmp_path, settings, library, model):
    remove("alfa", settings, library)
    names = [
        add(write_file(tmp_path, f"Document {n}.\n\nTekst nummer {n}."), Fields(id="Alfa"), settings, library,
            encoder(model)).source.id
        for n in (1, 2)
    ]  # fmt: skip
    assert names == ["alfa-2", "alfa-3"]


@pytest.mark.parametrize(
    ("content", "fields", "error"),
    [
        (b"", Fields(), UnreadableError),
        (b"\x00" * 50, Fields(), UnreadableError),
        (b"Gewone tekst.", Fields(published="ooit"), ManifestError),
    ],
)
def test_nothing_is_kept_of_a_document_that_fails(tmp_path, settings, library, model, content, fields, error):
    before = state(library)
    path = tmp_path / "fout.txt"
    path.write_bytes(content)
    with pytest.raises(error):
        add(str(path), fields, settings, library, encoder(model))
    assert state(library) == before
    assert list(settings.added_path.glob("*")) == []


def test_a_failing_model_leaves_no_folder_behind(tmp_path, settings, library, model):
    broken = LazyEncoder("seeded", lambda: (_ for _ in ()).throw(ModelError("gone", model="seeded")))
    with pytest.raises(ModelError):
        add(write_file(tmp_path), Fields(), settings, library, broken)
    with pytest.raises(ModelMismatchError):
        add(write_file(tmp_path), Fields(), settings, library, encoder(model, "ander"))
    assert list(settings.added_path.glob("*")) == []


def test_remove_deletes_an_added_document_wholly(tmp_path, settings, library, model):
    name = add(write_file(tmp_path), Fields(), settings, library, encoder(model)).source.id
    remove(name, settings, library)
    assert not (settings.added_path / name).exists()
    assert name not in library.signatures() and name not in library.withdrawn()
    assert problems(settings, library, encoder(model)) == []
    with pytest.raises(UnknownSourceError):
        remove(name, settings, library)


def test_a_withdrawn_document_stays_away_until_it_is_added_by_its_id(settings, library, model):
    before = state(library)
    remove("alfa", settings, library)
    assert build(settings, library, encoder(model)).taken_in == []
    assert list(library.signatures()) == ["beta"]
    assert add("alfa", Fields(), settings, library, encoder(model)).source.id == "alfa"
    assert library.withdrawn() == frozenset()
    assert state(library) == before
    with pytest.raises(IngestError):
        add("alfa", Fields(), settings, library, encoder(model))


def test_titles_become_readable_ids():
    assert shelf.slug("Één crèche: 'Welbevinden' op school!") == "een-creche-welbevinden-op-school"
    assert shelf.slug("…") == "document"
    long = shelf.slug("woord " * 40)
    assert len(long) <= shelf.MAX_SLUG and not long.endswith("-")


def test_an_entry_is_written_so_that_it_reads_back(tmp_path, settings, library, model):
    title = 'Titel met "aanhalingstekens", \\ en é'
    add(write_file(tmp_path), Fields(title=title, publishers=("A, B", "C")), settings, library, encoder(model))
    ((item,), problems_found) = shelf.added_items(settings)
    assert (item.source.title, item.source.publishers, problems_found) == (title, ("A, B", "C"), ())


# verify


def test_a_sound_library_has_no_problems(settings, library, model):
    assert problems(settings, library, encoder(model)) == []


def change(settings: Settings, statement: str, **values: object) -> None:
    engine = sa.create_engine(f"sqlite:///{settings.library_path}")
    with engine.begin() as connection:
        assert connection.execute(sa.text(statement), values).rowcount
    engine.dispose()


def test_damage_to_the_stored_text_is_found(settings, library, model):
    change(settings, "update sources set text = text || 'x' where id = 'alfa'")
    assert any(line.startswith("alfa:") for line in problems(settings, library, encoder(model)))


@pytest.mark.parametrize(
    "statement",
    [
        "delete from windows where source = 'beta'",
        "update windows set vector = zeroblob(64) where source = 'beta'",
        "update windows set start = start + 1 where source = 'beta'",
        "delete from passages where source = 'beta' and ordinal = 0",
        "update sources set version = 'x' where id = 'beta'",
        "update passages set record = replace(record, 'mentor', 'docent') where source = 'beta'",
    ],
)
def test_verify_finds_damage(settings, library, model, statement):
    change(settings, statement)
    assert problems(settings, library, encoder(model)) != []


def test_verify_finds_what_is_stale_lost_or_unknown(tmp_path, settings, library, model):
    name = add(write_file(tmp_path), Fields(), settings, library, encoder(model)).source.id
    path = settings.corpus / "documents" / "alfa.txt"
    path.write_text(TEXTS["alfa"] + "\nNog een zin.\n")
    (settings.corpus / "documents" / "gamma.txt").write_text("Een derde document.")
    (settings.corpus / "sources.toml").write_text(entry("alfa") + entry("gamma"))
    shutil.rmtree(settings.added_path / name)
    lines = problems(settings, library, encoder(model))
    for wanted in ("alfa:", "gamma:", "beta:", f"{name}:"):
        assert any(line.startswith(wanted) for line in lines)


def test_vectors_are_stored_as_the_model_made_them(settings, library, model):
    texts = {place.id: place.text for passage in library.passages() for place in window_places(passage)}
    assert texts.keys() == {window.id for window in library.windows()}
    for window in library.windows():
        assert np.array_equal(window.vector, SeededModel().encode([texts[window.id]])[0])


def test_the_original_stands_byte_for_byte(settings, library, model):
    data = (settings.corpus / "documents" / "beta.txt").read_bytes()
    assert library.document("beta").original_sha256 == hashlib.sha256(data).hexdigest()
