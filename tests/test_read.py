from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import CorrectionError, UnreadableError
from ingest import read as reader
from ingest.corrections import Corrections, Entry
from ingest.read import format_of, original, read

TEXT = "Welbevinden op school is de basis. Leerlingen leren beter als zij zich veilig voelen.\n"


def refusal(data: bytes, name: str) -> tuple[str, str]:
    with pytest.raises(UnreadableError) as caught:
        read(data, name)
    return str(caught.value.details["why"]), str(caught.value.details["file"])


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"tekst", "a.txt", "plain"),
        (b"# Kop", "a.MD", "markdown"),
        (b"<p>", "a.html", "html"),
        (b"<!DOCTYPE html><html>", "a.txt", "html"),
        (b"  <html>", "zonder-achtervoegsel", "html"),
        (b"%PDF-1.7", "a.txt", "pdf"),
        (b"\n%PDF-1.7", "a.bin", "pdf"),
    ],
)
def test_the_first_bytes_decide_before_the_suffix(data: bytes, name: str, expected: str):
    assert format_of(data, name) == expected


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "leeg.txt", "empty"),
        (b" \n\t ", "wit.md", "empty"),
        (b"", "leeg.pdf", "empty"),
        (b"dit is geen pdf", "a.pdf", "broken"),
        (b"PK\x03\x04rest", "a.docx", "broken"),
        (b"\x89PNG\r\n", "plaatje.txt", "binary"),
        (b"\x00\x01\x02\x03" * 50, "a.txt", "binary"),
        (b"iets", "a.exe", "kind"),
        (b"iets", "zonder", "kind"),
    ],
)
def test_what_is_refused_names_the_file_and_the_reason(data: bytes, name: str, why: str):
    assert refusal(data, name) == (why, name)


def test_missing_folder_and_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    big = tmp_path / "groot.txt"
    big.write_text(TEXT)
    assert original(big) == TEXT.encode()
    monkeypatch.setattr(reader, "MAX_BYTES", 10)
    paths = [(tmp_path / "weg.txt", "missing"), (tmp_path / "x\0y", "missing"), (big, "too_large")]
    for path, why in paths:
        with pytest.raises(UnreadableError) as caught:
            original(path)
        assert caught.value.details["why"] == why
    monkeypatch.setattr(reader, "MAX_BYTES", 1 << 30)
    with pytest.raises(UnreadableError) as caught:
        original(tmp_path)
    assert caught.value.details["why"] == "kind"


def test_a_plain_file_is_read():
    assert read(TEXT.encode(), "a.txt").blocks[-1].text == TEXT.strip()


def test_a_line_of_100_000_characters_is_read():
    line = "woord " * 16_667
    assert sum(len(block.text) for block in read(line.encode(), "lang.txt").blocks) >= 99_000


def test_corrections_by_line_are_for_text_only():
    recorded = Corrections("x.toml", (Entry("omit", {"lines": 1, "text": "x", "reason": "y"}),))
    with pytest.raises(CorrectionError):
        read(b"<html><body><p>Tekst</p></body></html>", "x.html", recorded)
