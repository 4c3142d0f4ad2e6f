"""The command line: Dutch lines or JSON alone on stdout, exit codes, batches. The trigram model stands in for the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import school

from assistant import embedding, texts_nl
from assistant.__main__ import main
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def error_line(self) -> str:
        (line,) = self.err.strip().splitlines()
        return line

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Result]


@pytest.fixture
def run(school_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("WELWIJZER_DATA", str(school_settings.data))
    monkeypatch.setenv("WELWIJZER_CORPUS", str(school_settings.corpus))
    monkeypatch.setattr(embedding, "load_encoder", lambda _settings: school.trigram_encoder())

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as stop:
            code = int(str(stop.code))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def batch(tmp_path: Path) -> Callable[..., str]:
    def write(*lines: object) -> str:
        path = tmp_path / "vragen.jsonl"
        texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        path.write_bytes(b"\n".join(texts) + b"\n")
        return str(path)

    return write


# one question


def test_an_answer_for_people(run: Run):
    told = run("ask", "Wat is mentaal welbevniden?")
    assert (told.code, told.err) == (0, "")
    assert texts_nl.READ_AS.format(text="Wat is mentaal welbevinden?") in told.out
    assert "Mentaal welbevinden is de ervaring van een goed gevoel en van kwaliteit van leven. [1]" in told.out
    assert "[1] Gids kader (Voorbeeldraad, 2023-12), Wat is mentaal welbevinden?" in told.out


def test_no_evidence_for_people_names_what_is_missing_and_what_was_found(run: Run):
    told = run("ask", "Wat kost de gesprekskaart?")
    assert told.code == 0
    assert texts_nl.NO_EVIDENCE in told.out and "een prijs" in told.out and texts_nl.NEAREST in told.out


def test_an_answer_as_json_is_alone_on_stdout_and_its_quotes_hold(run: Run, school_settings: Settings):
    told = run("ask", "Wat is mentaal welbevinden?", "--json")
    assert (told.code, told.err, told.json["outcome"]) == (0, "", "answered")
    from assistant.library import Library

    library = Library.open(school_settings.library_path)
    for citation in told.json["citations"]:
        stored = library.document(citation["source"])
        assert stored.text[citation["start"] : citation["end"]] == citation["quote"]
        assert stored.version == citation["version"]


def test_sector_and_source_are_kept_to(run: Run):
    by_sector = run("ask", "Hoe betrek je ouders?", "--sector", "mbo", "--json").json
    assert "mbo-gids" in {c["source"] for c in by_sector["citations"]}
    told = run("ask", "Wat is welbevinden?", "--source", "mbo-gids", "--source", "signalen", "--json").json
    assert {c["source"] for c in told["citations"]} <= {"mbo-gids", "signalen"}


def test_search_gives_passages_with_scores(run: Run, school_settings: Settings):
    told = run("search", "Hoe betrek je ouders?", "-k", "3", "--json")
    assert (told.code, len(told.json)) == (0, 3)
    assert set(told.json[0]) == {"source", "page", "section", "kind", "text", "start", "end", "score"}
    assert [p["score"] for p in told.json] == sorted((p["score"] for p in told.json), reverse=True)
    text = run("search", "Hoe betrek je ouders?", "-k", "3").out
    assert text.startswith("1. ") and told.json[0]["text"] in text


def test_danger_on_the_command_line(run: Run):
    assert run("ask", "Ik wil dood", "--json").json["referral"] == "suicide"
    assert run("ask", "Ik wil dood").out.startswith("Is er nu direct gevaar? Bel 112")


# failures: one Dutch line, nothing on stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("ask", ""), "Stel een vraag"),
        (("ask",), "Stel een vraag"),
        (("search", " \t "), "Stel een vraag"),
        (("ask", "x" * 4001), "te lang (4001 tekens)"),
        (("ask", "x" * 100_000, "--json"), "te lang (100000 tekens)"),
        (("ask", "ouders", "--source", "niets"), "niets"),
        (("search", "ouders", "--source", "niets", "--json"), "niets"),
        (("ask", "--batch", "weg.jsonl", "--json"), "weg.jsonl"),
        (("ask", "--batch", ".", "--json"), "kan niet worden geopend"),
    ],
)
def test_a_failure_is_one_dutch_line_and_exit_1(run: Run, arguments: tuple[str, ...], line: str):
    told = run(*arguments)
    assert (told.code, told.out) == (1, "")
    assert line in told.error_line


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("vraag",),
        ("ask", "ouders", "--sector", "hbo"),
        ("ask", "ouders", "--onbekend"),
        ("ask", "een", "twee"),
        ("search", "ouders", "-k", "0"),
        ("search", "ouders", "-k", "veel"),
        ("ask", "ouders", "-k", "3"),
    ],
)
def test_wrong_usage_is_one_dutch_line_and_exit_2(run: Run, arguments: tuple[str, ...]):
    told = run(*arguments)
    assert (told.code, told.out) == (2, "")
    assert told.error_line.startswith("Verkeerd gebruik") and "--help" in told.error_line


@pytest.mark.parametrize("question", ["🎉", "?!", "\x00\x07ouders", "ouders\ud83c", "𝕠𝕦𝕕𝕖𝕣𝕤"])
def test_odd_characters_give_a_sensible_answer(run: Run, question: str):
    for form in ((), ("--json",)):
        told = run("ask", question, *form)
        assert told.code == 0 and told.out and "Traceback" not in told.err


def test_an_empty_library_is_named_before_any_model_is_loaded(
    run: Run, school_settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WELWIJZER_DATA", str(school_settings.data / "leeg"))
    monkeypatch.setattr(embedding, "load_encoder", lambda _settings: pytest.fail("the model was loaded"))
    told = run("ask", "Hoe betrek je ouders?", "--json")
    assert (told.code, told.out) == (1, "")
    assert "python -m ingest build" in told.error_line


def test_a_setting_that_is_wrong_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("WELWIJZER_CORPUS", str(tmp_path / "weg"))
    told = run("ask", "ouders")
    assert told.code == 1 and "WELWIJZER_CORPUS" in told.error_line


def test_vectors_of_another_model_are_named(run: Run, monkeypatch: pytest.MonkeyPatch):
    strange = embedding.Encoder(school.TrigramModel(), "een-ander-model")  # type: ignore[arg-type]
    monkeypatch.setattr(embedding, "load_encoder", lambda _settings: strange)
    told = run("ask", "ouders", "--json")
    assert (told.code, told.out) == (1, "")
    assert "een-ander-model" in told.error_line


# batches


def test_a_batch_gives_one_line_each_in_order(run: Run, batch):
    questions = ["Wat is mentaal welbevinden?", "Hoe werkt fotosynthese?", "Ik wil dood", "Hoe betrek je ouders?"]
    told = run("ask", "--batch", batch(*({"id": n, "question": q} for n, q in enumerate(questions))), "--json")
    assert (told.code, told.err) == (0, "")
    assert [record["id"] for record in told.records] == [0, 1, 2, 3]
    assert [record["outcome"] for record in told.records] == ["answered", "no_evidence", "referral", "answered"]
    alone = run("ask", questions[0], "--json").json
    skip = {"id", "milliseconds"}
    assert {k: v for k, v in told.records[0].items() if k not in skip} == {
        k: v for k, v in alone.items() if k not in skip
    }


def test_lines_of_a_batch_do_not_know_of_each_other(run: Run, batch):
    lines = [{"id": "a", "question": "Hoe betrek je ouders?"}, {"id": "b", "question": "En in het mbo?"}]
    told = run("ask", "--batch", batch(*lines), "--json").records
    assert told[1]["read_as"] is None


def test_turns_are_one_conversation_and_the_last_is_answered(run: Run, batch):
    told = run("ask", "--batch", batch({"id": "t", "turns": ["Hoe betrek je ouders?", "En in het mbo?"]}), "--json")
    (record,) = told.records
    assert record["question"] == "En in het mbo?" and "ouders" in record["read_as"]
    assert {citation["source"] for citation in record["citations"]} == {"mbo-gids"}


BROKEN = [
    b"geen json",
    b'{"id": 1, "question": ',
    b"[1, 2]",
    b'"tekst"',
    b"null",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    {"id": 5},
    {"id": 5, "question": None},
    {"id": 5, "question": 7},
    {"id": 5, "question": ""},
    {"id": 5, "question": "x" * 5000},
    {"id": 5, "turns": []},
    {"id": 5, "turns": "ouders"},
    {"id": 5, "turns": ["ouders", 3]},
    {"id": 5, "question": "ouders", "sector": "hbo"},
    {"id": 5, "question": "ouders", "sector": ["mbo"]},
]


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_line_that_cannot_be_read_gives_its_error_and_the_batch_goes_on(run: Run, batch, command: str):
    good = {"id": "goed", "question": "Hoe betrek je ouders?"}
    told = run(command, "--batch", batch(*BROKEN, b"", good), "--json")
    assert told.code == 0
    *failed, last = told.records
    assert len(failed) == len(BROKEN)
    for line, record in zip(BROKEN, failed, strict=True):
        assert set(record) == {"id", "error"}
        assert record["id"] == (5 if isinstance(line, dict) else None)
        assert record["error"] and "\n" not in record["error"]
    assert last["id"] == "goed" and "error" not in last


def test_search_in_a_batch(run: Run, batch):
    told = run("search", "--batch", batch({"id": "a", "question": "Hoe betrek je ouders?"}), "-k", "2", "--json")
    assert set(told.records[0]) == {"id", "passages"} and len(told.records[0]["passages"]) == 2


def test_odd_ids_come_back_as_they_were(run: Run, batch):
    ids: list[object] = ["é🎉", 3, None, 1.5, ["a"], "\ud83c", ""]
    told = run("ask", "--batch", batch(*({"id": i, "question": "ouders"} for i in ids)), "--json")
    assert told.code == 0 and [record["id"] for record in told.records] == ids


# as a process of its own

SCRIPT = """
import sys
import school
from assistant import embedding
embedding.load_encoder = lambda _settings: school.trigram_encoder()
from assistant.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def process(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "WELWIJZER_DATA": str(settings.data),
        "WELWIJZER_CORPUS": str(settings.corpus),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "PYTHONIOENCODING": "latin-1",
    }
    command = [sys.executable, "-c", SCRIPT, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def test_a_batch_answers_while_it_is_written_and_stops_quietly_when_nobody_reads(
    school_settings: Settings, tmp_path: Path
):
    lines = tmp_path / "vragen"
    os.mkfifo(lines)
    running = process(school_settings, "ask", "--batch", str(lines), "--json")
    assert running.stdout is not None and running.stderr is not None
    with lines.open("w", encoding="utf-8", buffering=1) as writing:
        print(json.dumps({"id": "é…", "question": "Hoe betrek je ouders?"}), file=writing)
        first = json.loads(running.stdout.readline())
        assert (first["id"], first["outcome"]) == ("é…", "answered")
        running.stdout.close()
        print(json.dumps({"id": 2, "question": "Hoe betrek je ouders?"}), file=writing)
    assert running.wait(timeout=60) == 0
    assert running.stderr.read() == b""


def test_the_real_command_line_needs_no_model_to_tell_what_is_wrong(tmp_path: Path):
    environment = os.environ | {"WELWIJZER_DATA": str(tmp_path), "WELWIJZER_CORPUS": str(ROOT / "corpus")}
    for arguments, code in ((("ask", "x", "--fout"), 2), (("ask", "ouders", "--json"), 1)):
        command = [sys.executable, "-m", "assistant", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (code, "", 1), done.stderr
