"""Chroma answers, follows the library by small steps, is rebuilt whenever it is not sound, and never fails an asker."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import school

from assistant.library import Library
from assistant.vectors import VectorIndex

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ("Wat is mentaal welbevinden?", "Hoe betrek je ouders?", "druk door schoolwerk", "het prikpenspel", "🎉")
ALL = 1000


@pytest.fixture
def data(school_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(school_template / "data", tmp_path / "data"))


@pytest.fixture
def library(data: Path) -> Iterator[Library]:
    opened = Library.open(data / "library.sqlite")
    yield opened
    opened.close()


Open = Callable[[], VectorIndex]


@pytest.fixture
def open_index(data: Path, library: Library) -> Iterator[Open]:
    opened: list[VectorIndex] = []

    def call() -> VectorIndex:
        opened.append(VectorIndex.open(data / "chroma", library))
        return opened[-1]

    yield call
    for index in opened:
        index.close()


def copies(data: Path) -> list[str]:
    return [path.name for path in (data / "chroma").glob("copy-*")]


def expected(library: Library, question: str, k: int = ALL, sources: tuple[str, ...] = ()) -> list[tuple[str, float]]:
    """The truth by hand: cosine similarity with every vector of the library."""
    vector = school.trigram_encoder().encode_query(question)
    scored = [(w.id, float(w.vector @ vector)) for w in library.windows() if not sources or w.source in sources]
    return sorted(scored, key=lambda pair: (-round(pair[1], 6), pair[0]))[:k]  # a sentence may be its whole run


def assert_agrees(index: VectorIndex, library: Library, sources: tuple[str, ...] = ()) -> None:
    for question in QUESTIONS:
        found = index.nearest(school.trigram_encoder().encode_query(question), 5, sources)
        scores = dict(
            expected(library, question, ALL, sources)
        )  # of equal ones, a sentence that is a run too, any may come
        assert len({window for window, _ in found}) == len(found)
        assert [score for _, score in found] == pytest.approx([scores[window] for window, _ in found], abs=1e-5)
        assert [score for _, score in found] == pytest.approx(sorted(scores.values(), reverse=True)[:5], abs=1e-5)


# agreeing with exact search


def test_chroma_gives_the_nearest_windows_with_their_cosine_similarity(open_index: Open, library: Library):
    index = open_index()
    assert index.through_chroma
    assert_agrees(index, library)
    assert index.check() == []


def test_no_neighbour_is_missed_among_many(open_index: Open, library: Library):
    """With Chroma's own settings a few of 150 neighbours are others in every process, and answers with them."""
    document, windows = library.document("kader"), library.windows("kader")
    random = np.random.default_rng(7)
    middle = random.standard_normal(len(windows[0].vector))
    many = []
    for number in range(600):
        vector = middle + random.standard_normal(len(middle))
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        many.append(replace(windows[0], id=f"{windows[0].passage}:m{number}", vector=unit))
    library.replace(document, many, "veel", library.embedding_model() or "")
    index = open_index()
    assert index.through_chroma
    for _ in range(20):
        vector = (middle + random.standard_normal(len(middle))).astype(np.float32)
        unit = vector / np.linalg.norm(vector)
        scored = {w.id: float(w.vector @ unit) for w in library.windows()}
        wanted = sorted(scored, key=lambda window: -scored[window])[:150]
        assert {window for window, _ in index.nearest(unit, 150)} == set(wanted)


def test_a_source_filter_leaves_out_all_others(open_index: Open, library: Library):
    assert_agrees(open_index(), library, ("mbo-gids",))
    assert_agrees(open_index(), library, ("mbo-gids", "signalen"))


def test_all_windows_are_found_when_more_are_asked_for_than_there_are(open_index: Open, library: Library):
    found = open_index().nearest(school.trigram_encoder().encode_query("ouders"), ALL)
    assert {window for window, _ in found} == {window.id for window in library.windows()}


def test_an_empty_library_has_no_nearest_window(tmp_path: Path):
    index = VectorIndex.open(tmp_path / "chroma", Library.open(tmp_path / "library.sqlite"))
    assert index.nearest(school.trigram_encoder().encode_query("ouders"), 5) == []
    assert index.check() == []
    index.close()


# through Chroma, and exactly where another process owns the folder


def test_answers_come_from_chroma_where_it_is_owned_and_from_the_library_elsewhere(
    data: Path, library: Library, open_index: Open
):
    asked = school.trigram_encoder().encode_query("Hoe betrek je ouders?")
    best, last = expected(library, "Hoe betrek je ouders?")[0][0], expected(library, "Hoe betrek je ouders?")[-1][0]
    moved = next(window for window in library.windows() if window.id == last)
    school.move_in_chroma(data / "chroma", moved.id, asked)
    owner, guest = open_index(), open_index()
    assert (owner.through_chroma, guest.through_chroma) == (True, False)
    assert owner.nearest(asked, 1)[0][0] == last, "Chroma was not asked"
    assert guest.nearest(asked, 1)[0][0] == best, "the library was not asked"
    assert owner.check() != [], "a vector that differs from the library's is noticed"
    assert guest.check() == []


ASK = """
import json, sys
from pathlib import Path
import numpy as np
from assistant.library import Library
from assistant.vectors import VectorIndex
index = VectorIndex.open(Path(sys.argv[1]) / "chroma", Library.open(Path(sys.argv[1]) / "library.sqlite"))
vectors = json.load(sys.stdin)
found = [index.nearest(np.array(v, dtype=np.float32), 5) for v in vectors]
print(json.dumps({"chroma": index.through_chroma, "found": found}))
"""


def test_a_second_process_answers_the_same_without_owning_the_folder(data: Path, library: Library, open_index: Open):
    index = open_index()
    vectors = [school.trigram_encoder().encode_query(question) for question in QUESTIONS]
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(data)],
        input=json.dumps([vector.tolist() for vector in vectors]),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    told = json.loads(done.stdout)
    assert told["chroma"] is False
    for vector, theirs in zip(vectors, told["found"], strict=True):
        ours = index.nearest(vector, 5)
        assert [window for window, _ in ours] == [window for window, _ in theirs]
        assert [score for _, score in ours] == pytest.approx([score for _, score in theirs], abs=1e-5)
    assert index.through_chroma and len(copies(data)) == 1


def test_the_folder_goes_to_the_next_when_its_owner_lets_go(open_index: Open):
    first, second = open_index(), open_index()
    assert not second.through_chroma
    first.close()
    assert open_index().through_chroma


# following the library


def test_a_change_is_followed_by_small_steps(data: Path, library: Library, open_index: Open):
    index, before = open_index(), copies(data)
    longer = school.TEXTS["kader"] + "\n## Pauzes\n\nLange pauzes helpen leerlingen om tot rust te komen.\n"
    school.put(library, school.document("kader", longer))
    library.remove("prikpen")
    index.sync()
    assert (copies(data), index.check(), index.through_chroma) == (before, [], True)
    assert_agrees(index, library)
    best = index.nearest(school.trigram_encoder().encode_query("lange pauzes en rust"), 1)[0][0]
    assert "pauzes" in library.document("kader").text[slice(*span_of(library, best))]


def span_of(library: Library, window: str) -> tuple[int, int]:
    return next((w.start, w.end) for w in library.windows() if w.id == window)


def test_a_guest_follows_the_library_as_well(library: Library, open_index: Open):
    open_index()
    guest = open_index()
    library.remove("kader")
    guest.sync()
    assert not guest.through_chroma
    assert_agrees(guest, library)


def test_nothing_is_written_when_nothing_changed(data: Path, open_index: Open):
    index, before = open_index(), copies(data)
    written = {p: p.stat().st_mtime_ns for p in (data / "chroma").rglob("*")}
    index.sync()
    assert {p: p.stat().st_mtime_ns for p in (data / "chroma").rglob("*")} == written
    index.close()
    open_index()
    assert copies(data) == before


def test_what_changed_while_no_process_was_looking_is_followed(data: Path, library: Library, open_index: Open):
    open_index().close()
    before = copies(data)
    library.remove("signalen")
    index = open_index()
    assert (copies(data), index.check()) == (before, [])
    assert_agrees(index, library)


# damage


def cut(share: float) -> Callable[[Path, Path], None]:
    def harm(folder: Path, copy: Path) -> None:
        file = copy / "chroma.sqlite3"
        os.truncate(file, int(file.stat().st_size * share))

    return harm


def flip(first: float, last: float, name: str = "chroma.sqlite3") -> Callable[[Path, Path], None]:
    def harm(folder: Path, copy: Path) -> None:
        (file,) = copy.rglob(name)
        content = bytearray(file.read_bytes())
        for at in range(int(len(content) * first), int(len(content) * last)):
            content[at] ^= 0xFF
        file.write_bytes(content)

    return harm


def state(text: str) -> Callable[[Path, Path], None]:
    return lambda folder, copy: None if (folder / "state.json").write_text(text) else None


HARM: dict[str, Callable[[Path, Path], None]] = {
    "no state": lambda folder, copy: (folder / "state.json").unlink(),
    "empty state": state(""),
    "state of another form": state("[]"),
    "state of another layout": state('{"layout": "0", "copy": "copy-x", "sources": {}, "files": ""}'),
    "state that names no copy": state('{"layout": "2"}'),
    "state cut off": lambda folder, copy: os.truncate(folder / "state.json", 30),
    "copy gone": lambda folder, copy: shutil.rmtree(copy),
    "database gone": lambda folder, copy: (copy / "chroma.sqlite3").unlink(),
    "database empty": cut(0),
    "database cut in half": cut(0.5),
    "first bytes flipped": flip(0, 0.01),
    "schema flipped": flip(0.1, 0.2),
    "rows flipped": flip(0.5, 0.6),
    "last bytes flipped": flip(0.9, 1),
    "vectors cut": lambda folder, copy: os.truncate(next(copy.rglob("data_level0.bin")), 100),
    "vectors flipped": flip(0, 1, "data_level0.bin"),
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_a_damaged_index_is_built_anew(
    data: Path, library: Library, open_index: Open, harm: Callable[[Path, Path], None]
):
    (before,) = (data / "chroma").glob("copy-*")
    harm(data / "chroma", before)
    index = open_index()
    assert index.through_chroma
    assert len(copies(data)) == 1 and copies(data) != [before.name]
    assert index.check() == []
    assert_agrees(index, library)


def test_a_writer_that_was_killed_half_way_leaves_an_index_that_is_built_anew(
    data: Path, library: Library, open_index: Open
):
    before = copies(data)
    library.remove("prikpen")
    script = """
import os, sys
from pathlib import Path
from assistant import vectors
from assistant.library import Library
vectors._add = lambda *_: os.kill(os.getpid(), 9)
vectors.VectorIndex.open(Path(sys.argv[1]) / "chroma", Library.open(Path(sys.argv[1]) / "library.sqlite"))
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, "-c", script, str(data)], env=environment, check=False)
    assert killed.returncode == -9
    index = open_index()
    assert copies(data) != before and index.check() == []
    assert_agrees(index, library)


def test_damage_under_a_running_process_never_reaches_the_asker(data: Path, library: Library, open_index: Open):
    index = open_index()
    (copy,) = (data / "chroma").glob("copy-*")
    flip(0.0, 1.0)(data / "chroma", copy)
    assert_agrees(index, library)
    index.close()
    assert_agrees(open_index(), library)


def test_a_folder_that_cannot_be_used_is_done_without(data: Path, library: Library, open_index: Open):
    shutil.rmtree(data / "chroma")
    (data / "chroma").write_text("in de weg")
    index = open_index()
    assert not index.through_chroma
    assert_agrees(index, library)
