"""The command line in this process with a seeded model; what a process does at its end is tested in one of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfWriter
from seeded import SeededModel, encoder, entry, make_corpus

from assistant.library import Library
from assistant.settings import Settings
from ingest import pipeline
from ingest.__main__ import main
from ingest.encoder import LazyEncoder

NOT_BUILT = [
    {
        "id": name,
        "what": "not_built",
        "line": f"{name}: staat nog niet in de bibliotheek; draai: python -m ingest build",
    }
    for name in ("alfa", "beta")
]


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def error_line(self) -> str:
        (line,) = self.err.strip().splitlines()
        return line


Run = Callable[..., Result]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = make_corpus(tmp_path)
    monkeypatch.setenv("WELWIJZER_DATA", str(settings.data))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(settings.corpus))
    model = SeededModel()
    monkeypatch.setattr(LazyEncoder, "configured", lambda _settings: encoder(model))
    return settings


@pytest.fixture
def run(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> Result:
        capsys.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as stop:
            code = int(str(stop.code))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


def test_build_status_show_verify(run: Run):
    built = run("build")
    assert (built.code, built.out.splitlines()) == (0, ["Opgenomen: 2. Ongewijzigd: 0. Verwijderd: 0. Mislukt: 0."])
    assert run("build").out.startswith("Opgenomen: 0. Ongewijzigd: 2.")
    status = run("status")
    assert [line.split("\t")[0] for line in status.out.splitlines()] == ["alfa", "beta"]
    assert run("verify").code == 0
    assert "Een veilig schoolklimaat" in run("show", "alfa").out


def test_json_is_alone_on_stdout(run: Run):
    run("build")
    status = json.loads(run("status", "--json").out)
    assert [d["id"] for d in status["documents"]] == ["alfa", "beta"] and status["withdrawn"] == []
    told = {"id", "title", "version", "origin", "pages", "passages", "windows", "warnings"}
    assert set(status["documents"][0]) >= told
    shown = json.loads(run("show", "alfa", "--json").out)
    wanted = {"id", "title", "text", "pages", "sections", "warnings", "original_sha256", "version", "changes"}
    assert set(shown) == wanted
    assert shown["version"] == status["documents"][0]["version"]
    for section in shown["sections"]:
        assert shown["text"][section["start"] : section["end"]].startswith(section["path"][-1])


def test_add_prints_the_id_and_remove_tells_how_to_bring_back(run: Run, tmp_path: Path):
    run("build")
    path = tmp_path / "nieuw.txt"
    path.write_text("Een nieuw document over de brugklas en de mentor.\n")
    arguments = ("--title", "Nieuw hier", "--publisher", "A", "--publisher", "B", "--sector", "vo", "--sector", "mbo")
    assert run("add", str(path), *arguments).out == "nieuw-hier\n"
    again = run("add", str(path))
    assert (again.code, again.out) == (1, "") and "nieuw-hier" in again.error_line
    assert run("remove", "nieuw-hier").code == 0
    assert "add alfa" in run("remove", "alfa").out
    assert "alfa" in json.loads(run("status", "--json").out)["withdrawn"]
    assert run("add", "alfa").out == "alfa\n"
    assert run("verify").code == 0


def test_a_document_is_replaced_edited_superseded_and_put_back(run: Run, tmp_path: Path):
    run("build")
    path, second = tmp_path / "nieuw.txt", tmp_path / "nieuwer.txt"
    path.write_text("Een nieuw document over de brugklas en de mentor.\n")
    second.write_text("Een nieuwer document over de brugklas, de mentor en de klas.\n")
    added = run("add", str(path), "--id", "brug")
    assert added.out == "brug\n" and "Titel: nieuw" in added.err and "Uitgever: uitgever onbekend" in added.err
    replaced = run("add", str(second), "--replace", "brug")
    assert replaced.out == "brug\n" and "python -m ingest undo brug" in replaced.err
    assert "nieuwer" in run("show", "brug").out
    assert "undo brug" in run("edit", "brug", "--title", "Brugklas", "--published", "2026").out
    assert run("edit", "brug", "--title", "Brugklas").out == "brug was al zo; er is niets veranderd.\n"
    assert "Brugklas" in run("status").out
    said = run("supersede", "alfa", "brug", "--date", "2026-03").out
    assert said == "alfa is vastgelegd als vervangen door ‘Brugklas’ (maart 2026).\n"
    assert "  vervangen door ‘Brugklas’ (maart 2026)" in run("status").out.splitlines()
    assert json.loads(run("status", "--json").out)["documents"][0]["superseded_by"] == "brug"
    assert run("supersede", "alfa", "--none").code == 0
    assert run("undo", "brug").code == 0 and "Brugklas" not in run("status").out
    assert run("verify").code == 0
    assert run("rebuild").out.startswith("Opgenomen: 3.")
    assert run("verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("edit", "alfa"), 1, "niets opgegeven"),
        (("edit", "weg", "--title", "x"), 1, "weg"),
        (("edit", "alfa", "--published", "ooit"), 1, "klopt iets niet"),
        (("undo", "alfa"), 1, "geen eerdere versie"),
        (("supersede", "alfa"), 2, "--none"),
        (("supersede", "alfa", "beta", "--none"), 2, "--none"),
        (("supersede", "alfa", "alfa"), 1, "alfa"),
        (("supersede", "alfa", "weg"), 1, "weg"),
        (("add", "alfa.txt", "--replace", "weg"), 1, "weg"),
    ],
)
def test_what_can_not_be_changed_is_told_in_one_line(run: Run, arguments: tuple[str, ...], code: int, words: str):
    run("build")
    result = run(*arguments)
    assert (result.code, result.out) == (code, "")
    assert words in result.error_line


def test_status_tells_where_documents_and_library_differ(run: Run, settings: Settings, tmp_path: Path):
    run("build")
    path = tmp_path / "extra.txt"
    path.write_text("Een toegevoegd document over sport op school.\n")
    run("add", str(path), "--id", "extra")
    (settings.corpus / "documents" / "alfa.txt").write_text("Iets anders.")
    (settings.corpus / "documents" / "gamma.txt").write_text("Een derde.")
    (settings.corpus / "sources.toml").write_text(entry("alfa") + entry("gamma"))
    (settings.added_path / "extra" / "documents" / "extra.txt").unlink()
    told = {one["id"]: one["what"] for one in json.loads(run("status", "--json").out)["differences"]}
    assert told == {"alfa": "changed", "gamma": "not_built", "beta": "unknown", "extra": "entry"}
    lines = run("status").out.splitlines()
    assert all(any(line.startswith(f"{name}: ") for line in lines) for name in told)
    (settings.corpus / "sources.toml").write_text("[[source")
    (only,) = json.loads(run("status", "--json").out)["differences"]
    assert only["what"] == "manifest"


def test_a_build_that_removes_most_needs_a_yes(run: Run, settings: Settings):
    run("build")
    (settings.corpus / "documents" / "gamma.txt").write_text("Een derde document over sport.")
    (settings.corpus / "sources.toml").write_text(entry("gamma"))
    refused = run("build")
    assert refused.code == 1 and "2 van de 2" in refused.error_line and "--yes" in refused.error_line
    assert run("build", "--yes").out == "Opgenomen: 1. Ongewijzigd: 0. Verwijderd: 2. Mislukt: 0.\n"


TERMINAL = """
import os, pty, sys
child, terminal = pty.fork()
if not child:
    os.execv(sys.executable, [sys.executable, "-c", sys.argv[1], *sys.argv[3:]])
for line in sys.argv[2].split("|"):
    os.write(terminal, (line + chr(10)).encode())
said = b""
try:
    while part := os.read(terminal, 10_000):
        said += part
except OSError:
    pass
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
COMMAND = """
import sys
from seeded import SeededModel, encoder
from ingest.encoder import LazyEncoder
LazyEncoder.configured = lambda _settings: encoder(SeededModel())
from ingest.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def at_a_terminal(typed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    tests = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": f"{tests.parent}{os.pathsep}{tests}", "COLUMNS": "200"}
    command = [sys.executable, "-c", TERMINAL, COMMAND, typed, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


def test_a_person_at_the_terminal_mends_what_was_found(run: Run, tmp_path: Path):
    run("build")
    path = tmp_path / "sportgids.txt"
    path.write_text("Een toegevoegd document over sport op school.\n")
    done = at_a_terminal("Sportgids|Bond, Raad|gisteren|2026-02|-|mbo, vo", "add", str(path), "--id", "sport")
    assert done.returncode == 0, done.stdout
    assert "Titel [sportgids]" in done.stdout and "Schrijf de datum als" in done.stdout
    source = Library.open(Settings.from_env().library_path).document("sport").source
    assert (source.title, source.publishers, source.published) == ("Sportgids", ("Bond", "Raad"), "2026-02")
    assert (source.url, source.sectors) == (None, ("mbo", "vo"))


def test_a_person_at_the_terminal_chooses_to_replace_or_to_stop(run: Run, tmp_path: Path):
    run("build")
    path = tmp_path / "alfa.txt"
    path.write_text("Een heel ander document over sport op school.\n")
    stopped = at_a_terminal("?|s", "add", str(path))
    assert stopped.returncode == 130 and "Vervangt dit alfa?" in stopped.stdout
    assert "sport" not in run("show", "alfa").out
    assert at_a_terminal("v", "add", str(path)).returncode == 0
    assert "sport" in run("show", "alfa").out


def test_a_person_at_the_terminal_is_asked_before_most_goes(run: Run, settings: Settings):
    run("build")
    (settings.corpus / "documents" / "gamma.txt").write_text("Een derde document over sport.")
    (settings.corpus / "sources.toml").write_text(entry("gamma"))
    assert at_a_terminal("", "build").returncode == 1
    done = at_a_terminal("j", "build")
    assert done.returncode == 0 and "alfa, beta" in done.stdout and "Verwijderd: 2." in done.stdout


def test_an_empty_library(run: Run):
    assert run("status").code == 0
    assert json.loads(run("status", "--json").out) == {"documents": [], "withdrawn": [], "differences": NOT_BUILT}


def pdf(pages: int, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("leeg.txt", b"", "leeg"),
        ("binair.txt", bytes(range(256)) * 40, "geen leesbare tekst"),
        ("slot.pdf", pdf(1, "geheim"), "wachtwoord"),
        ("nul.pdf", pdf(0), "geen bladzijden"),
        ("wit.pdf", pdf(2), "geen tekst"),
        ("stuk.pdf", b"%PDF-1.4 \x00\x00 stuk", "beschadigd"),
        ("brief.docx", b"PK\x03\x04" + b"x" * 100, "beschadigd"),
        ("foto.png", b"\x89PNG" + b"x" * 100, "soort bestand"),
    ],
)
def test_bad_files_give_one_dutch_line(run: Run, tmp_path: Path, name: str, content: bytes, words: str):
    before = run("status", "--json").out
    path = tmp_path / name
    path.write_bytes(content)
    result = run("add", str(path))
    assert (result.code, result.out) == (1, "")
    assert name in result.error_line and words in result.error_line
    assert run("status", "--json").out == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "bestaat-niet"), "bestaat-niet"),
        (("remove", "bestaat-niet"), "bestaat-niet"),
        (("add", "/nergens/bestand.txt"), "bestand.txt"),
        (("add", "x" * 5000), "is er niet"),
        (("add", "."), "soort bestand"),
        (("add", "http://127.0.0.1/geheim"), "niet op het openbare internet"),
        (("add", "http://169.254.169.254/latest/meta-data/"), "niet op het openbare internet"),
        (("add", "file:///etc/passwd"), "webadres"),
    ],
)
def test_named_failures_give_one_dutch_line(run: Run, arguments: tuple[str, ...], words: str):
    result = run(*arguments)
    assert (result.code, result.out) == (1, "")
    assert words in result.error_line


@pytest.mark.parametrize(
    "arguments",
    [
        *((), ("bouw",), ("add",), ("show",), ("build", "--vlag"), ("status", "--jso")),
        ("add", "x", "--sector", "hbo"),
    ],
)
def test_wrong_usage_is_exit_2(run: Run, arguments: tuple[str, ...]):
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.error_line


def test_help_is_exit_0(run: Run):
    assert run("--help").code == 0
    assert "bibliotheek" in run("--help").out


def test_a_line_of_100_000_characters_is_taken_in_whole(run: Run, tmp_path: Path):
    path = tmp_path / "lang.txt"
    path.write_text("Dit is een zin van gewone lengte, zoals die in een rapport staat. " * 1_520)
    assert run("add", str(path)).out == "lang\n"
    assert len(json.loads(run("show", "lang", "--json").out)["text"]) >= 99_000


def test_a_manifest_entry_without_its_file(run: Run, settings: Settings):
    run("build")
    (settings.corpus / "sources.toml").write_text(entry("alfa") + entry("weg"))
    result = run("build")
    assert result.code == 1 and "weg" in result.error_line
    assert len(json.loads(run("status", "--json").out)["documents"]) == 2


def test_a_document_that_fails_is_named_and_the_others_go_in(run: Run, settings: Settings):
    (settings.corpus / "documents" / "alfa.txt").write_bytes(b"")
    result = run("build")
    assert result.code == 1
    assert result.out.startswith("Opgenomen: 1.") and result.err.startswith("alfa: ")


def test_verify_names_what_is_wrong(run: Run, settings: Settings):
    run("build")
    (settings.corpus / "documents" / "alfa.txt").write_text("Iets anders.")
    result = run("verify")
    assert result.code == 1 and result.out.startswith("alfa: ") and result.error_line


def test_ctrl_c_is_one_line_and_exit_130(run: Run, monkeypatch: pytest.MonkeyPatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "build", stop)
    result = run("build")
    assert (result.code, result.error_line) == (130, "Afgebroken.")


def test_a_reader_that_goes_away_is_no_error(run: Run, settings: Settings):
    run("build")
    environment = {**os.environ, "PYTHONUNBUFFERED": ""}
    with subprocess.Popen(
        [sys.executable, "-m", "ingest", "show", "alfa", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=Path(__file__).parent.parent,
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_a_data_folder_that_is_a_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "bestand"
    path.write_text("x")
    monkeypatch.setenv("WELWIJZER_DATA", str(path))
    result = run("status")
    assert result.code == 1 and "WELWIJZER_DATA" in result.error_line


def test_a_file_of_nothing_but_a_byte_order_mark_is_refused(run: Run, tmp_path: Path):
    path = tmp_path / "leeg.txt"
    path.write_bytes(b"\xff\xfe")
    result = run("add", str(path))
    assert result.code == 1
    assert "leeg.txt" in result.error_line
