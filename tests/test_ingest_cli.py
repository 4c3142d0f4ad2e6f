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

from assistant.settings import Settings
from ingest import pipeline
from ingest.__main__ import main
from ingest.encoder import LazyEncoder


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


def test_an_empty_library(run: Run):
    assert run("status").code == 0
    assert json.loads(run("status", "--json").out) == {"documents": [], "withdrawn": []}


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
        ("brief.docx", b"PK\x03\x04" + b"x" * 100, "soort bestand"),
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
