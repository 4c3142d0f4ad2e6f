"""Each file of the index, and the library itself, cut or with one flipped byte: it is noticed, and all can be made anew."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house import Workers, corpus, rubbish

from assistant.errors import LibraryDamagedError
from assistant.library import Library
from assistant.texts_nl import error_line

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    folder = tmp_path_factory.mktemp("damage")
    (folder / "extra.md").write_text("# Toegevoegd\n\nDeze handreiking is door een redacteur toegevoegd.\n")
    started = Workers(corpus(folder))
    started.sound("build")
    started.sound("add", target=str(folder / "extra.md"), id="gamma", title="Handreiking")
    started.sound("remove", arguments=["beta"])
    shutil.copytree(started.settings.data, folder / "sound")
    yield started
    started.close()


@pytest.fixture
def sound(workers: Workers) -> Workers:
    """The workers with their library as it was at first."""
    shutil.rmtree(workers.settings.data)
    shutil.copytree(workers.settings.data.parent / "sound", workers.settings.data)
    return workers


def cut(path: Path, random_: random.Random) -> None:
    os.truncate(path, random_.randrange(path.stat().st_size))


def flip(path: Path, random_: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[random_.randrange(len(content))] ^= 1 << random_.randrange(8)
    path.write_bytes(content)


HARMS: dict[str, Callable[[Path, random.Random], None]] = {"cut": cut, "flip": flip}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_a_harmed_index_file_is_built_anew_and_the_answers_are_the_same(sound: Workers, harm):
    data = sound.settings.data
    before = sound.state()
    assert before["chroma"] is True
    names = sorted(p.relative_to(data) for p in (data / "chroma").rglob("*") if p.is_file() and p.stat().st_size)
    assert {"state.json", "chroma.sqlite3", "data_level0.bin"} <= {name.name for name in names}
    for number, name in enumerate(name.name for name in names):
        (path,) = (p for p in (data / "chroma").rglob(name)) if name != "state.json" else [data / "chroma" / name]
        (old,) = (data / "chroma").glob("copy-*")
        harm(path, random.Random(number))
        assert sound.state() == before, name
        (new,) = (data / "chroma").glob("copy-*")
        # a flipped byte in the list of what the index holds may cost one document's vectors alone
        assert new != old or name == "state.json", f"{name} was trusted"
        sound.sound("verify")
    assert rubbish(sound.settings) == []


def harmed(sound: Workers, seed: int, harm: Callable[[Path, random.Random], None]) -> bool:
    """Harm the library; whether anything of what it holds can't be read as it was."""
    path = sound.settings.library_path
    before = path.read_bytes()
    harm(path, random.Random(seed))
    return path.read_bytes() != before


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_a_harmed_library_is_never_trusted_and_comes_back_from_the_originals(sound: Workers, harm, seed: int):
    before = sound.state()
    assert harmed(sound, seed, harm)
    library = Library(sound.settings.library_path)
    noticed = library.damage()
    library.close()
    if noticed:
        assert sound.run("verify") != 0
        assert "python -m ingest rebuild" in sound.log()
    else:  # the byte stands where nothing is stored
        assert sound.state() == before
    sound.sound("rebuild")
    sound.sound("verify")
    assert sound.state() == before
    assert rubbish(sound.settings) == []


def test_what_is_no_database_any_more_says_in_dutch_what_to_do(sound: Workers):
    path = sound.settings.library_path
    path.write_bytes(os.urandom(20_000))
    with pytest.raises(LibraryDamagedError) as raised:
        Library.open(path)
    line = error_line(raised.value)
    assert "beschadigd" in line and "python -m ingest rebuild" in line and "\n" not in line


def test_every_flipped_byte_of_stored_content_is_noticed(sound: Workers):
    path = sound.settings.library_path
    content = path.read_bytes()
    for word in (b"welbevinden", b"Handreiking"):
        at = content.index(word)
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        library = Library(path)
        assert library.damage() != [], word
        library.close()


def test_a_library_that_is_gone_is_made_anew_by_build_with_what_was_withdrawn(sound: Workers):
    before = sound.state()
    sound.settings.library_path.unlink()
    sound.sound("build")
    assert sound.state() == before
    assert before["withdrawn"] == ["beta"]
