"""A new version in the place of the old one, "vervangen door", other values in an entry, and the way back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from seeded import TEXTS, SeededModel, encoder, entry, make_corpus

from assistant.errors import IngestError, ManifestError, ModelError, UnknownSourceError
from assistant.library import Library
from assistant.settings import Settings
from ingest import shelf, staging
from ingest.check import problems
from ingest.editing import edit, supersede, undo
from ingest.encoder import LazyEncoder
from ingest.intake import Fields, Proposal, add
from ingest.pipeline import build, remove
from ingest.rebuild import rebuild

FIRST = "De eerste druk\n\nDeze handreiking gaat over pauzes op school. Een pauze van twintig minuten helpt.\n"
SECOND = "De tweede druk\n\nDeze handreiking gaat over pauzes op school. Een pauze van dertig minuten helpt meer.\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = make_corpus(tmp_path_factory.mktemp("built"))
    library = Library.open(settings.library_path)
    build(settings, library, encoder(SeededModel()))
    file = settings.corpus.parent / "pauzes.txt"
    file.write_text(FIRST)
    add(str(file), Fields(id="pauzes", title="Pauzes", sectors=("vo",)), settings, library, encoder(SeededModel()))
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
def model() -> SeededModel:
    return SeededModel()


def written(tmp_path: Path, text: str, name: str = "pauzes-2.txt") -> str:
    path = tmp_path / name
    path.write_text(text)
    return str(path)


def sound(settings: Settings, library: Library) -> None:
    assert problems(settings, library, encoder(SeededModel())) == []
    assert not (settings.data / ".staging").exists()


def no_model() -> LazyEncoder:
    return LazyEncoder("seeded", lambda: pytest.fail("a text was embedded"))


# a new version


def test_a_new_version_takes_the_place_of_the_old_one_under_its_id(tmp_path, settings, library, model):
    generation = library.generation()
    document = add(written(tmp_path, SECOND), Fields(), settings, library, encoder(model), replaces="pauzes")
    assert (document.source.id, document.source.title, document.source.sectors) == ("pauzes", "Pauzes", ("vo",))
    assert "dertig minuten" in library.document("pauzes").text
    assert library.generation() == generation + 1
    folder = settings.added_path / "pauzes"
    assert [p.name for p in (folder / "documents").iterdir()] == ["pauzes-2.txt"]
    assert (folder / "previous" / "documents" / "pauzes.txt").read_text() == FIRST
    sound(settings, library)
    assert build(settings, library, no_model()).taken_in == []


def test_undo_puts_the_version_before_back_and_a_second_time_the_new_one(tmp_path, settings, library, model):
    before = library.document("pauzes")
    after = add(written(tmp_path, SECOND), Fields(title="Beter"), settings, library, encoder(model), replaces="pauzes")
    assert undo("pauzes", settings, library, encoder(model)) == before == library.document("pauzes")
    sound(settings, library)
    assert undo("pauzes", settings, library, encoder(model)) == after == library.document("pauzes")
    sound(settings, library)


def test_a_document_of_the_corpus_is_replaced_undone_and_withdrawn(tmp_path, settings, library, model):
    corpus_version = library.document("alfa")
    add(written(tmp_path, SECOND), Fields(), settings, library, encoder(model), replaces="alfa")
    assert [source.id for source in library.sources()] == ["alfa", "beta", "pauzes"]
    assert library.document("alfa").source.title == corpus_version.source.title
    assert build(settings, library, no_model()).unchanged == ["alfa", "beta", "pauzes"]
    sound(settings, library)
    undo("alfa", settings, library, encoder(model))
    assert library.document("alfa") == corpus_version
    assert not (settings.added_path / "alfa").exists()
    sound(settings, library)
    add(written(tmp_path, SECOND), Fields(), settings, library, encoder(model), replaces="alfa")
    remove("alfa", settings, library)
    assert library.withdrawn() == {"alfa"} and build(settings, library, no_model()).taken_in == []
    sound(settings, library)


def test_stored_questions_go_along_with_a_new_version(tmp_path, settings, library, model):
    (settings.corpus / "questions").mkdir()
    group = '  - {quote: "Ouders kennen hun kind het langst.", ask: ["Wie weet het meest?"]}\n'
    (settings.corpus / "questions" / "alfa.yaml").write_text(f"source: alfa\nquestions:\n{group}")
    text = TEXTS["alfa"].replace("veilig schoolklimaat", "warm schoolklimaat")
    add(written(tmp_path, text), Fields(), settings, library, encoder(model), replaces="alfa",
        confirm=lambda proposal: proposal)  # fmt: skip
    assert any(window.of_question for window in library.windows("alfa"))
    sound(settings, library)


@pytest.mark.parametrize("failing", ["model", "text", "id", "same"])
def test_a_replacement_that_fails_changes_nothing(tmp_path, settings, library, model, failing):
    before, files = library.snapshot()[:2], sorted(settings.data.rglob("*"))
    broken = LazyEncoder("seeded", lambda: (_ for _ in ()).throw(ModelError("gone", model="seeded")))
    used = broken if failing == "model" else encoder(model)
    path = written(tmp_path, {"text": "", "same": FIRST}.get(failing, SECOND))
    with pytest.raises((ModelError, IngestError, UnknownSourceError)):
        add(path, Fields(), settings, library, used, replaces="weg" if failing == "id" else "pauzes")
    assert library.snapshot()[:2] == before
    assert sorted(p for p in settings.data.rglob("*") if "-wal" not in p.name and "-shm" not in p.name) == [
        p for p in files if "-wal" not in p.name and "-shm" not in p.name
    ]


def test_a_document_that_another_changed_meanwhile_is_left_alone(tmp_path, settings, library, model):
    def meanwhile(proposal: Proposal) -> Proposal:
        edit("pauzes", {"title": "Tussendoor"}, settings, library, encoder(model))
        return proposal

    path = written(tmp_path, SECOND)

    class Slow(SeededModel):
        def encode(self, texts):
            if library.document("pauzes").source.title == "Pauzes":
                edit("pauzes", {"title": "Tussendoor"}, settings, library, encoder(model))
            return super().encode(texts)

    with pytest.raises(IngestError) as raised:
        add(path, Fields(), settings, library, encoder(Slow()), replaces="pauzes")
    assert raised.value.details["why"] == "meanwhile"
    assert library.document("pauzes").source.title == "Tussendoor" and "twintig" in library.document("pauzes").text
    sound(settings, library)


# what resembles what is there


def test_the_same_text_in_another_form_is_recognised(tmp_path, settings, library, model):
    hyphenated = FIRST.replace("handreiking", "hand-\nreiking").replace(
        "Een pauze van twintig minuten", "EEN pauze van twin-\ntig minuten"
    )
    with pytest.raises(IngestError) as raised:
        add(written(tmp_path, hyphenated, "kopie.txt"), Fields(), settings, library, encoder(model))
    assert (raised.value.details["why"], raised.value.details["id"]) == ("already", "pauzes")


def many(number: int = 40) -> str:
    return "\n\n".join(
        f"Hoofdstuk {n} gaat over onderwerp {n * n} en over wat klas {n} daarmee doet." for n in range(number)
    )


def test_what_is_nearly_the_same_is_refused_unless_someone_says_so(tmp_path, settings, library, model):
    add(written(tmp_path, many(), "a.txt"), Fields(id="lang"), settings, library, encoder(model))
    page = f"<html><body><article><h1>Lang</h1><p>{many().replace(chr(10), '</p><p>')}</p><p>Kleine noot.</p></article></body></html>"
    path = written(tmp_path, page, "b.html")
    with pytest.raises(IngestError) as raised:
        add(path, Fields(), settings, library, encoder(model))
    assert (raised.value.details["why"], raised.value.details["id"]) == ("near", "lang")
    seen: list[Proposal] = []
    document = add(
        path, Fields(id="tweede"), settings, library, encoder(model), confirm=lambda p: (seen.append(p), p)[1]
    )
    assert document.source.id == "tweede" and [near.source.id for near in seen[0].near] == ["lang"]


def test_a_version_with_much_new_text_and_the_same_file_name_are_only_pointed_out(tmp_path, settings, library, model):
    add(written(tmp_path, many(), "a.txt"), Fields(id="lang"), settings, library, encoder(model))
    seen: list[Proposal] = []

    def look(proposal: Proposal) -> Proposal:
        seen.append(proposal)
        return proposal

    changed = many().replace("daarmee doet", "ermee kan")
    add(written(tmp_path, changed, "c.txt"), Fields(id="anders"), settings, library, encoder(model), confirm=look)
    add(written(tmp_path, "Iets heel anders over sport.", "pauzes.txt"), Fields(title="Sport"), settings, library, encoder(model),
        confirm=look)  # fmt: skip
    assert [(near.source.id, near.why) for near in seen[0].near] == [("lang", "text")]
    assert [(near.source.id, near.why) for near in seen[1].near] == [("pauzes", "file")]


# entries


def test_other_values_in_an_entry_are_taken_over_without_embedding(settings, library):
    windows = [(w.id, w.vector.tobytes()) for w in library.windows("pauzes")]
    changes = {"title": "Rust", "publishers": ("A", "B"), "published": "2026-02", "url": "https://example.org/rust"}
    edit("pauzes", changes, settings, library, no_model())
    source = library.document("pauzes").source
    assert {name: getattr(source, name) for name in changes} == changes
    assert [(w.id, w.vector.tobytes()) for w in library.windows("pauzes")] == windows
    sound(settings, library)
    edit("pauzes", {"sectors": ("mbo",)}, settings, library, no_model())
    assert {p.sectors for p in library.passages() if p.source == "pauzes"} == {("mbo",)}
    edit("alfa", {"title": "Van het corpus"}, settings, library, no_model())
    assert library.document("alfa").source.title == "Van het corpus"
    sound(settings, library)
    undo("alfa", settings, library, no_model())
    assert library.document("alfa").source.title == "Alfa"


def test_an_edit_that_changes_nothing_or_is_wrong_does_nothing(settings, library):
    generation = library.generation()
    edit("pauzes", {"title": "Pauzes"}, settings, library, no_model())
    for wrong in ({"published": "ooit"}, {"published": "2024-13"}, {"sectors": ("hbo",)}):
        with pytest.raises(ManifestError):
            edit("pauzes", wrong, settings, library, no_model())
    with pytest.raises(UnknownSourceError):
        edit("weg", {"title": "x"}, settings, library, no_model())
    with pytest.raises(IngestError):
        undo("beta", settings, library, no_model())
    assert library.generation() == generation
    sound(settings, library)


def test_a_document_is_marked_as_replaced_and_no_longer(settings, library):
    supersede("alfa", "pauzes", "2026-03", settings, library, no_model())
    status = next(status for status in library.statuses() if status.id == "alfa")
    assert (status.superseded_by, status.superseded_on) == ("pauzes", "2026-03")
    for old, new in (("pauzes", "alfa"), ("beta", "beta")):
        with pytest.raises((IngestError, ManifestError)):
            supersede(old, new, None, settings, library, no_model())
    with pytest.raises(UnknownSourceError):
        supersede("beta", "weg", None, settings, library, no_model())
    supersede("alfa", None, None, settings, library, no_model())
    assert library.document("alfa").source.superseded_by is None
    sound(settings, library)


def test_the_manifest_of_the_corpus_can_say_that_a_document_is_replaced(settings, library, model):
    path = settings.corpus / "sources.toml"
    path.write_text(entry("alfa") + 'superseded_by = "beta"\nsuperseded_on = "2026"\n' + entry("beta"))
    assert build(settings, library, no_model()).taken_in == ["alfa"]
    assert library.document("alfa").source.superseded_by == "beta"


# more than half, and a whole library made anew


def test_a_build_that_would_empty_most_of_the_library_asks_first(settings, library, model):
    remove("pauzes", settings, library)
    (settings.corpus / "documents" / "gamma.txt").write_text("Een derde document over sport.")
    (settings.corpus / "sources.toml").write_text(entry("gamma"))
    before = library.snapshot()[1]
    with pytest.raises(IngestError) as raised:
        build(settings, library, encoder(model))
    assert (raised.value.details["why"], raised.value.details["count"]) == ("many_removed", 2)
    assert library.snapshot()[1] == before
    asked = []
    report = build(
        settings, library, encoder(model), may_remove=lambda gone, total: bool(asked.append((gone, total)) or 1)
    )
    assert (asked, report.removed, report.taken_in) == ([(["alfa", "beta"], 2)], ["alfa", "beta"], ["gamma"])


def test_a_library_made_anew_holds_the_same_and_keeps_what_was_withdrawn(settings, library, model):
    remove("beta", settings, library)
    assert (settings.data / staging.WITHDRAWN).read_text() == "beta\n"  # known even if the library can't be read
    before, generation = library.snapshot()[1], library.generation()
    reader = Library.open(settings.library_path)
    assert rebuild(settings, encoder(model)).failed == []
    assert library.snapshot()[1] == before == reader.snapshot()[1]
    assert library.withdrawn() == {"beta"}
    assert library.generation() > generation
    sound(settings, library)


def test_a_library_made_anew_with_a_failing_document_does_not_lose_it(settings, library, model):
    (settings.corpus / "documents" / "alfa.txt").write_bytes(b"")
    assert [name for name, _ in rebuild(settings, encoder(model)).failed] == ["alfa"]
    assert "schoolklimaat" in library.document("alfa").text


def test_a_change_of_model_loses_no_document_that_can_no_longer_be_read(settings, library):
    (settings.corpus / "documents" / "alfa.txt").write_bytes(b"")
    report = build(settings, library, encoder(SeededModel(), "nieuw"))
    assert [name for name, _ in report.failed] == ["alfa"] and set(report.taken_in) == {"beta", "pauzes"}
    assert "schoolklimaat" in library.document("alfa").text
    assert {w.source for w in library.windows()} == {"alfa", "beta", "pauzes"}


# the shelf


def test_a_folder_left_by_a_killed_process_is_cleared_up_unless_its_process_lives(settings, library, model):
    place = settings.data / ".staging" / "abc"
    shutil.copytree(settings.added_path / "pauzes", place / "nieuw")
    staging.recover(settings, library)
    assert not place.parent.exists() and sorted(library.signatures()) == ["alfa", "beta", "pauzes"]
    with staging.own_place(settings, library) as mine:
        staging.recover(settings, library)
        assert mine.is_dir()
    assert not (settings.data / ".staging").exists()


def test_a_folder_whose_document_the_library_holds_is_put_back(settings, library):
    place = settings.data / ".staging" / "abc"
    place.mkdir(parents=True)
    (settings.added_path / "pauzes").rename(place / "pauzes")
    staging.recover(settings, library)
    item = shelf.item_of(settings, "pauzes")
    assert item is not None and item.content().decode() == FIRST
    assert library.document("pauzes").source == replace(item.source, origin="added")
    sound(settings, library)


def test_an_empty_staging_folder_left_by_a_kill_goes_with_the_next_command(tmp_path: Path) -> None:
    settings = make_corpus(tmp_path)
    library = Library.open(settings.library_path)
    (settings.data / ".staging").mkdir()
    staging.recover(settings, library)
    library.close()
    assert not (settings.data / ".staging").exists()
