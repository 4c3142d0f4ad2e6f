"""The page "Bronnen": the list, the reader's parts, what is brought in, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as Word
from streamlit import config
from streamlit.testing.v1 import AppTest

from assistant import texts_nl as nl
from assistant.errors import IngestError, UnreadableError
from assistant.library import Library, SourceStatus
from assistant.settings import Settings
from assistant.types import Change, Kind, Source
from assistant.ui import loading
from assistant.ui.library import intake, listing
from assistant.ui.library.adding import portion
from assistant.ui.library.text import GONE, REPAIRED, Piece, Run, contents, data, pieces, preview
from assistant.ui.library.work import Job
from ingest.blocks import Block, Edit, Part, Reading
from ingest.passages import assemble
from ingest.pipeline import build
from ingest.read import read
from tests.seeded import SeededModel, encoder, make_corpus

ROOT = Path(__file__).resolve().parents[1]
SOURCE = Source("gids", "Gids", ("Uitgeverij",), "2024-03", None, "gids", "nl", ("po",), (), "Vrij", "gids.md")
TEXT = """# Gids

Een inleiding van twee zinnen. Dit is de tweede.

## Beginnen

Neem mee:

- een bal;
- een touw.

### Daarna

Ruim alles op.
"""


def document(text: str = TEXT, name: str = "gids.md"):
    return assemble(SOURCE, read(text.encode(), name), "0" * 64)


# the list


def status(name: str, **values: object) -> SourceStatus:
    return replace(SourceStatus(name, name, "v", "corpus", 0, 3, 3, ()), **values)


def test_a_row_tells_what_is_known_and_sorts_by_what_it_is():
    found = listing.table([status("gids", pages=12, warnings=("Kijk na.", "En dit."))], [SOURCE])
    row = found["rows"][0]
    assert (row["published"], row["pages"], row["warnings"]) == ("maart 2024", "12", "2 opmerkingen")
    assert (row["keys"]["published"], row["keys"]["pages"], row["keys"]["warnings"]) == ("2024-03", 12, 2)
    assert found["sectors"] == ["po"] and found["warnings"] is True


def test_a_publication_for_no_sector_in_particular_is_found_under_each():
    found = listing.table([status("gids")], [replace(SOURCE, sectors=(), published=None)])
    row = found["rows"][0]
    assert row["sectorList"] == ["po", "vo", "so", "mbo"]
    assert (row["sectors"], row["published"], row["pages"]) == ("alle", "onbekend", "–")


def test_a_row_names_the_publication_that_took_its_place():
    new = replace(SOURCE, id="nieuw", title="Gids 2")
    rows = listing.table(
        [status("gids", superseded_by="nieuw", superseded_on="2026-03"), status("nieuw")], [SOURCE, new]
    )
    assert rows["rows"][0]["replaced"] == "vervangen door ‘Gids 2’ (maart 2026)"


def test_hidden_characters_do_not_reach_the_table():
    row = listing.table([status("gids")], [replace(SOURCE, title="Gi\u202eds\u200b")])["rows"][0]
    assert row["title"] == "Gids"
    json.dumps(row)


# reading


def test_nothing_of_the_stored_text_is_left_out_and_nothing_added():
    found = document()
    lines = [line for line in found.text.split("\n") if line.strip()]
    assert [piece.text for piece in pieces(found)] == lines


def test_headings_items_and_paragraphs_are_told_apart_and_make_the_contents():
    parts = pieces(document())
    kinds = {part.text: part.kind for part in parts}
    assert kinds["Beginnen"] == "heading" and kinds["een bal;"] == "item" and kinds["Neem mee:"] == "paragraph"
    assert [(entry["text"], entry["level"]) for entry in contents(parts)] == [
        ("Gids", 1),
        ("Beginnen", 2),
        ("Daarna", 3),
    ]
    assert [parts[entry["part"]].text for entry in contents(parts)] == ["Gids", "Beginnen", "Daarna"]


def test_what_was_repaired_is_marked_with_what_stood_there():
    found = document()
    at = found.text.index("tweede")
    repaired = replace(found, changes=(*found.changes, Change("replace", 3, "tweedc", "tweede", at, at + 6, True)))
    runs = next(part.runs for part in pieces(repaired) if "tweede" in part.text)
    assert [(run.text, run.state) for run in runs] == [
        ("Een inleiding van twee zinnen. Dit is de ", ""), ("tweede", REPAIRED), (".", ""),
    ]  # fmt: skip
    assert "tweedc" in runs[1].title


def block(text: str, page: int | None, *edits: Edit, kind: Kind = Kind.BODY, part: Part = Part.PARAGRAPH) -> Block:
    return Block(part, kind, text, 5, 1 if part is Part.HEADING else 0, page, edits)


def test_the_preview_strikes_through_what_was_left_out_where_it_stood():
    head = Edit("running head", 1, "Uitgeverij 12", "", 0, 0, False)
    cut = Edit("noise", 2, " [1]", "", 4, 4, False, "Nootnummer.")
    reading = Reading((block("Een zin.", 1, head), block("Zinn over spel.", 2, cut)), page_labels=("i", "2"))
    parts = preview(reading)
    assert [(run.text, run.state) for part in parts for run in part.runs] == [
        ("Uitgeverij 12", GONE), ("Een zin.", ""), ("Zinn", ""), (" [1]", GONE), (" over spel.", ""),
    ]  # fmt: skip
    assert [part.page["name"] for part in parts] == ["pagina i (1 in het bestand)"] * 2 + ["pagina 2"]
    assert parts[0].label == nl.LIBRARY["left_out"]
    json.dumps(data(parts))


def test_a_repair_shows_the_new_words_and_tells_the_old_ones():
    repair = Edit("replace", 1, "tweedc", "tweede", 3, 9, True)
    assert preview(Reading((block("De tweede zin.", None, repair),)))[0].runs == (
        Run("De "), Run("tweede", REPAIRED, nl.LIBRARY["repaired"].format(before="tweedc")), Run(" zin."),
    )  # fmt: skip


def test_lines_left_out_of_a_text_stand_between_its_blocks_and_behind_them():
    gone = (Edit("noise", 9, "~~ 14 ~~", "", 0, 0, False), Edit("noise", 3, "___", "", 0, 0, False))
    parts = preview(Reading((block("Een zin.", None),), left_out=gone))
    assert ["".join(run.text for run in part.runs) for part in parts] == ["___", "Een zin.", "~~ 14 ~~"]


def test_a_document_is_looked_at_page_by_page_and_without_pages_in_parts():
    parts = tuple(Piece("paragraph", 0, (Run(str(n)),), {"number": n % 3 + 1, "name": ""}) for n in range(9))
    shown, count = portion(parts, 3, 2)
    assert count == 3 and {part.page["number"] for part in shown} == {2}
    assert portion(parts, 3, 99)[0] == portion(parts, 3, 3)[0]
    bare = tuple(Piece("paragraph", 0, (Run(str(n)),)) for n in range(130))
    shown = [portion(bare, 0, page)[0] for page in (1, 2, 3)]
    assert sum(shown, ()) == bare and portion(bare, 0, 1)[1] == 3
    assert portion((), 0, 1) == ((), 1)


# bringing in


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make_corpus(tmp_path)
    library = Library.open(made.library_path)
    build(made, library, encoder(SeededModel()))
    library.close()
    return made


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "leeg.pdf", "empty"),
        (b"MZ\x90\x00 a program", "gids.pdf", "broken"),
        (b"\x89PNG\r\n", "foto.png", "kind"),
        (b"{\\rtf1 x}", "brief.docx", "rtf"),
        (b"a" * (25 * 1024 * 1024 + 1), "groot.txt", "too_large"),
    ],
)
def test_what_is_no_document_is_refused_by_its_bytes_whatever_its_name_says(content: bytes, name: str, why: str):
    with pytest.raises(UnreadableError) as caught:
        intake.brought(content, name)
    assert caught.value.details["why"] == why
    assert name in nl.error_line(caught.value)


def test_a_files_name_can_lead_nowhere():
    assert intake.brought(b"Een tekst.", "../../etc/passwd.txt").name == "passwd.txt"
    assert intake.brought(b"Een tekst.", "c:\\map\\gi\nds.txt").name == "gi_ds.txt"
    assert len(intake.brought(b"Een tekst.", "x" * 500 + ".txt").name) <= 120


def told(steps: list[str]):
    return steps.append


NEW = "Buitenspelen helpt\n\nElke dag een half uur buiten spelen doet kinderen goed. De pleinwacht kijkt mee.\n"


def test_reading_keeps_nothing_and_taking_in_keeps_all(settings: Settings):
    library = Library.open(settings.library_path)
    generation, steps = library.generation(), []
    prepared = intake.prepare(intake.brought(NEW.encode(), "buiten spelen.txt"), settings, library, told(steps))
    assert library.generation() == generation and steps == ["read", "compare"]
    assert not settings.added_path.exists() or not list(settings.added_path.iterdir())
    assert prepared.source.title and prepared.near == () and not prepared.paged
    source = intake.with_values(prepared.source, {"title": "Buiten", "sectors": ("po",), "published": "2025"})
    job: Job[None] = Job("take_in", lambda _: None)
    taken = intake.take_in(prepared, source, None, settings, library, encoder(SeededModel()), job)
    held = library.document(taken.source.id)
    assert (held.source.title, held.source.sectors, held.source.published) == ("Buiten", ("po",), "2025")
    assert "pleinwacht" in held.text and job.to_embed > 0 and job.embedded == job.to_embed
    library.close()


def test_a_new_version_takes_the_place_of_the_old_one_with_what_was_confirmed(settings: Settings):
    library = Library.open(settings.library_path)
    old = library.document("alfa")
    text = old.text + "\n\nNieuw in deze versie: een hoofdstuk over buiten spelen.\n"
    prepared = intake.prepare(intake.brought(text.encode(), "alfa.txt"), settings, library, told([]))
    assert [near.source.id for near in prepared.near] == ["alfa"]
    source = intake.with_values(prepared.source, {"title": "Alfa, tweede druk"})
    job: Job[None] = Job("take_in", lambda _: None)
    taken = intake.take_in(prepared, source, "alfa", settings, library, encoder(SeededModel()), job)
    assert taken.source.id == "alfa" and taken.source.title == "Alfa, tweede druk"
    assert {source.id for source in library.sources()} == {"alfa", "beta"}
    library.close()


def test_what_is_there_already_is_told_before_anything_is_done(settings: Settings):
    library = Library.open(settings.library_path)
    content = (settings.corpus / "documents" / "alfa.txt").read_bytes()
    with pytest.raises(IngestError) as caught:
        intake.prepare(intake.brought(content, "nog eens.txt"), settings, library, told([]))
    assert caught.value.details["why"] == "already"
    library.close()


def test_a_word_file_is_prepared(settings: Settings, tmp_path: Path):
    word = Word()
    word.add_heading("Pauze op het plein", 1)
    word.add_paragraph("De pleinwacht speelt elke pauze mee met de jongste kinderen.")
    word.save(str(tmp_path / "plein.docx"))
    library = Library.open(settings.library_path)
    brought = intake.brought((tmp_path / "plein.docx").read_bytes(), "plein.docx")
    prepared = intake.prepare(brought, settings, library, told([]))
    assert "Pauze op het plein" in [part.text for part in preview(prepared.reading)]
    library.close()


def test_work_that_fails_tells_one_dutch_line():
    def broken(_: Job[None]) -> None:
        raise UnreadableError("x", file="gids.pdf", why="encrypted")

    def mistaken(_: Job[None]) -> None:
        raise ZeroDivisionError

    def failure(work) -> str | None:
        job: Job[None] = Job("work", work)
        job._future.exception(10)
        return job.failure()

    assert failure(broken) == nl.error_line(UnreadableError("x", file="gids.pdf", why="encrypted"))
    assert failure(mistaken) == nl.LIBRARY["unexpected"]
    assert failure(lambda _: None) is None


# the page


@pytest.fixture
def app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv("WELWIJZER_DATA", str(settings.data))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(settings.corpus))
    loading.retry()

    def page() -> None:
        from assistant.ui import library_page

        library_page.render()

    yield AppTest.from_function(page, default_timeout=30)
    loading.retry()


def test_a_publication_is_read_by_its_address_and_an_unknown_one_is_told(app: AppTest):
    app.query_params["document"] = "alfa"
    assert not app.run().exception
    assert any("<h1" in block.value and "alfa" in block.value.lower() for block in app.get("html"))
    app.query_params["document"] = "er-is-geen"
    assert not app.run().exception
    assert any("er-is-geen" in block.value and nl.LIBRARY["failed"] in block.value for block in app.get("html"))


@pytest.fixture
def reader() -> Iterator[Callable[[bool], None]]:
    """Makes who looks at the page a reader, or an editor again: without a login only this machine's user is one."""
    before = config.get_option("server.address")
    config.set_option("server.address", "127.0.0.1")
    yield lambda on: config.set_option("server.address", "0.0.0.0" if on else "127.0.0.1")
    config.set_option("server.address", before)


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.run().button}


def test_a_reader_sees_no_buttons_of_an_editor(app: AppTest, reader: Callable[[bool], None]):
    assert "library-add" in keys(app)
    reader(True)
    assert "library-add" not in keys(app)
    app.query_params["document"] = "alfa"
    assert keys(app) == {"library-back"}
    reader(False)
    assert {"library-remove", "library-undo"} <= keys(app)


def test_a_session_that_was_an_editors_can_do_nothing_more(
    app: AppTest, reader: Callable[[bool], None], settings: Settings
):
    app.query_params["document"] = "alfa"
    app.run()
    app.button(key="library-remove").click().run()
    assert "library-remove-now" in keys(app)
    reader(True)
    app.button(key="library-remove-now").click().run()
    assert app.title[0].value == nl.ACCESS_HEADING
    assert app.session_state["library_job"] is None if "library_job" in app.session_state else True
    library = Library.open(settings.library_path)
    assert library.document("alfa")
    library.close()


def test_an_editor_removes_a_publication_after_being_asked_twice(
    app: AppTest, reader: Callable[[bool], None], settings: Settings
):
    app.query_params["document"] = "alfa"
    app.run()
    app.button(key="library-remove").click().run()
    library = Library.open(settings.library_path)
    assert library.document("alfa")
    app.button(key="library-remove-now").click().run()
    app.session_state["library_job"].result() if app.session_state["library_job"] else None
    app.run()
    assert "alfa" not in library.signatures() and library.withdrawn() == {"alfa"}
    assert "library-restore-alfa" in keys(app)
    library.close()
