from pathlib import Path

import pytest

from assistant.errors import ManifestError
from ingest import manifest

ENTRY = """
[[source]]
id = "kaart-vo"
title = "Kaart"
publishers = ["Pharos"]
published = "2024"
sectors = ["vo"]
rights = "Citeren met bronvermelding."
file = "kaart.txt"
"""


def folder_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "kaart.txt").write_text("Tekst.", encoding="utf-8")
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_an_entry_becomes_a_source(tmp_path: Path) -> None:
    (source,) = manifest.load(folder_with(tmp_path, ENTRY))
    assert (source.id, source.publishers, source.published, source.sectors) == (
        "kaart-vo",
        ("Pharos",),
        "2024",
        ("vo",),
    )
    assert (source.url, source.language, source.origin) == (None, "nl", "corpus")


@pytest.mark.parametrize(
    ("text", "entry", "part"),
    [
        (ENTRY.replace('title = "Kaart"', ""), "kaart-vo", "field title is missing"),
        (ENTRY.replace('id = "kaart-vo"', ""), "number 1", "field id is missing"),
        (ENTRY.replace("kaart-vo", "Kaart VO"), "Kaart VO", "id must be"),
        (ENTRY.replace('["vo"]', '["havo"]'), "kaart-vo", "unknown sector havo"),
        (ENTRY.replace('["Pharos"]', '"Pharos"'), "kaart-vo", "publishers must be a list"),
        (ENTRY.replace('"2024"', "2024"), "kaart-vo", "published must be a text"),
        (ENTRY.replace('"2024"', '"mei 2024"'), "kaart-vo", "published must be like"),
        (ENTRY.replace("kaart.txt", "weg.txt"), "kaart-vo", "documents/weg.txt does not exist"),
        (ENTRY.replace("kaart.txt", "../kaart.txt"), "kaart-vo", "without folders"),
        (ENTRY.replace("title =", "titel ="), "kaart-vo", "unknown field titel"),
        (ENTRY + ENTRY, "kaart-vo", "id 'kaart-vo' occurs twice"),
        ("title = 'x'", None, "no [[source]] entries"),
        ("[[source", None, "not valid TOML"),
    ],
)
def test_errors_name_file_entry_and_remedy(tmp_path: Path, text: str, entry: str | None, part: str) -> None:
    with pytest.raises(ManifestError) as caught:
        manifest.load(folder_with(tmp_path, text))
    assert part in str(caught.value)
    assert caught.value.details["file"] == "sources.toml"
    assert caught.value.details["entry"] == entry


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"sources\.toml is missing"):
        manifest.load(tmp_path)
