"""The library: whole changes, a generation for each, one writer, and readers that never see half a document."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import school

from assistant import library as library_module
from assistant.embedding import window_places
from assistant.errors import LibraryBusyError, LibraryError, UnknownSourceError
from assistant.library import Library
from assistant.texts_nl import error_line

ROOT = Path(__file__).resolve().parents[1]
TABLES = ("sources", "passages", "windows", "withdrawn")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "library.sqlite"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    opened = school.fill(Library.open(path), ("kader", "signalen"))
    yield opened
    opened.close()


def rows(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def set_meta(path: Path, key: str, value: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))


def longer(name: str) -> str:
    return school.TEXTS[name] + "\n## Nieuw\n\nDeze nieuwe paragraaf gaat over pauzes. Pauzes helpen leerlingen.\n"


# reading back


def test_a_document_comes_back_as_it_went_in(library: Library):
    assert library.document("kader") == school.document("kader")
    assert [source.id for source in library.sources()] == ["kader", "signalen"]
    assert library.passages() == school.document("kader").passages + school.document("signalen").passages


def test_vectors_come_back_to_the_bit(library: Library):
    windows = library.windows("kader")
    texts = {place.id: place.text for p in school.document("kader").passages for place in window_places(p)}
    vectors = school.trigram_encoder().encode([texts[w.id] for w in windows])
    assert np.array_equal(np.stack([w.vector for w in windows]), vectors)
    assert {w.source for w in library.windows()} == {"kader", "signalen"}


def test_sources_stand_in_their_order_and_survive_closing(library: Library, path: Path):
    school.put(library, school.document("prikpen"), ordinal=-1)
    library.close()
    again = Library.open(path)
    assert [source.id for source in again.sources()] == ["prikpen", "kader", "signalen"]
    assert again.embedding_model() == school.MODEL
    assert again.generation() == 3


def test_status_counts(library: Library):
    status = library.statuses()[0]
    stored = library.document("kader")
    assert (status.id, status.title, status.version) == ("kader", "Gids kader", stored.version)
    assert (status.passages, status.windows) == (len(stored.passages), len(library.windows("kader")))


def test_a_snapshot_is_the_whole_library_at_its_generation(library: Library):
    generation, documents, windows = library.snapshot()
    assert generation == library.generation() == 2
    assert documents == (school.document("kader"), school.document("signalen"))
    assert [window.id for window in windows] == [window.id for window in library.windows()]


def test_an_empty_library_has_generation_nought_and_no_model(tmp_path: Path):
    empty = Library.open(tmp_path / "nieuw" / "library.sqlite")
    assert (empty.generation(), empty.embedding_model(), empty.sources(), empty.snapshot()[1:]) == (
        0,
        None,
        (),
        ((), ()),
    )


# changing


def test_replacing_is_one_change_that_leaves_nothing_of_the_old_version(library: Library, path: Path):
    generation, old = library.generation(), library.document("kader")
    new = school.put(library, school.document("kader", longer("kader")))
    assert library.generation() == generation + 1
    assert library.document("kader") == new != old
    assert rows(path)["sources"] == 2
    assert {p.version for p in library.passages() if p.source == "kader"} == {new.version}
    assert {w.passage for w in library.windows("kader")} == {p.id for p in new.passages}
    assert library.document("signalen") == school.document("signalen")


def test_a_change_that_fails_half_way_changes_nothing(library: Library):
    before = library.snapshot()
    new = school.document("kader", longer("kader"))
    twice = library.windows("signalen")  # ids that are taken: the last insert of the transaction fails
    with pytest.raises(Exception, match="UNIQUE"):
        library.replace(new, twice, "x", school.MODEL)
    after = library.snapshot()
    assert (after[0], after[1]) == (before[0], before[1])
    assert [w.id for w in after[2]] == [w.id for w in before[2]]


def test_removing_leaves_no_row_behind(library: Library, path: Path):
    for name in ("kader", "signalen"):
        library.remove(name)
    assert rows(path) == dict.fromkeys(TABLES, 0)
    assert library.generation() == 4
    with pytest.raises(UnknownSourceError):
        library.document("kader")


def test_withdrawn_is_remembered_until_it_is_restored_or_put_back(library: Library):
    library.remove("kader", withdraw=True)
    assert library.withdrawn() == {"kader"}
    library.restore("kader")
    assert library.withdrawn() == frozenset()
    library.remove("signalen", withdraw=True)
    school.put(library, school.document("signalen"))
    assert library.withdrawn() == frozenset()


def test_an_unknown_id_is_named_and_changes_nothing(library: Library):
    generation = library.generation()
    for act in (library.document, library.remove):
        with pytest.raises(UnknownSourceError) as raised:
            act("niets")
        assert raised.value.details["id"] == "niets"
    assert library.generation() == generation


# more than one at once

HOLD = """
import sys
from pathlib import Path
from assistant.library import Library
with Library.open(Path(sys.argv[1])).writer():
    print("holding", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_who_writes_and_readers_are_not_kept_waiting(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(library_module, "WRITER_WAIT_SECONDS", 0.05)
    command = [sys.executable, "-c", HOLD, str(path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert other.stdout is not None and other.stdout.readline() == "holding\n"
        with pytest.raises(LibraryBusyError) as raised:
            library.remove("kader")
        assert raised.value.details["owner"] == str(other.pid)
        assert str(other.pid) in error_line(raised.value)
        assert library.document("kader").source.id == "kader"
    finally:
        other.kill()
        other.communicate()
    library.remove("kader")  # a writer that was killed keeps nobody out
    assert [source.id for source in library.sources()] == ["signalen"]


def test_a_reader_sees_the_old_or_the_new_version_and_never_half(library: Library, path: Path):
    versions = [school.document("kader"), school.document("kader", longer("kader"))]
    encoder = school.trigram_encoder()
    writing, wrong = threading.Event(), []
    reads = 0

    def write() -> None:
        for turn in range(40):
            school.put(library, versions[turn % 2], encoder=encoder)
        writing.set()

    thread = threading.Thread(target=write)
    reader = Library.open(path)
    thread.start()
    while not writing.is_set():
        reads += 1
        if reader.document("kader") not in versions:
            wrong.append("document")
        _, documents, windows = reader.snapshot()
        held = {passage.id for document in documents for passage in document.passages}
        if {window.passage for window in windows} != held:
            wrong.append("snapshot")
    thread.join()
    assert reads > 3 and wrong == []


def test_two_openers_of_a_new_library_both_get_it(path: Path):
    libraries: list[Library] = []
    threads = [threading.Thread(target=lambda: libraries.append(Library.open(path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(libraries) == 4
    school.fill(libraries[0], ("kader",))
    assert all(opened.generation() == 1 for opened in libraries)


# a library that can't be used


def test_another_schema_is_refused(library: Library, path: Path):
    library.close()
    set_meta(path, "schema", "999")
    with pytest.raises(LibraryError, match="schema 999"):
        Library.open(path)


def test_a_file_that_is_no_library_is_refused_and_left_as_it_is(tmp_path: Path):
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"geen databank " * 500)
    with pytest.raises(LibraryError) as raised:
        Library.open(path)
    assert str(path) in error_line(raised.value)
    assert path.read_bytes() == b"geen databank " * 500


def test_a_folder_in_its_place_is_refused(tmp_path: Path):
    (tmp_path / "library.sqlite").mkdir()
    with pytest.raises(LibraryError):
        Library.open(tmp_path / "library.sqlite")


def test_a_changed_title_is_a_change(library: Library):
    school.put(library, school.renamed(school.document("kader"), title="Nieuwe titel"))
    assert library.document("kader").source.title == "Nieuwe titel"
    assert library.document("kader") == replace(
        school.document("kader"), source=replace(school.source("kader"), title="Nieuwe titel")
    )
