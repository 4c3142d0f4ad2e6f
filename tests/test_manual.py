"""The user manual: the PDF in the library is what its manuscript says, small, and read whole by the product's own reader."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from ingest.blocks import Part, Reading
from ingest.read import read

pytest.importorskip("fpdf")
from assistant.manual import EDITION, MANUSCRIPT, TYPESET, typeset

CORPUS = Path(__file__).parents[1] / "corpus"
MAX_BYTES = 400_000


@cache
def reading() -> Reading:
    return read(TYPESET.read_bytes(), TYPESET.name)


def manuscript() -> list[str]:
    lines = MANUSCRIPT.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip()]


def test_the_pdf_in_the_library_is_made_from_the_manuscript_as_it_is():
    found = " ".join(" ".join(block.text.split()) for block in reading().blocks)
    for line in manuscript():
        words = re.sub(r"^(#+|-|\d+\.) |^!\[|\]\([^)]*\)$", "", line)
        assert words in found, words


def test_the_same_manuscript_gives_the_same_bytes():
    assert typeset(MANUSCRIPT) == typeset(MANUSCRIPT)


def test_its_headings_are_headings_and_nothing_of_it_was_misread():
    wanted = [line.lstrip("# ") for line in manuscript() if line.startswith("#")]
    assert [block.text for block in reading().blocks if block.part is Part.HEADING] == wanted
    assert reading().warnings == ()
    assert {edit.before for block in reading().blocks for edit in block.edits if edit.rule == "running head"} <= {
        "Hoe werkt Welwijzer?", *map(str, range(1, 10)),
    } | {f"Hoe werkt Welwijzer? {n}" for n in range(1, 10)}  # fmt: skip


def test_it_has_pages_and_pictures_and_stays_small():
    data = TYPESET.read_bytes()
    assert 4 <= len(reading().page_labels) <= 6
    assert data.count(b"/Subtype /Image") >= 2
    assert len(data) < MAX_BYTES
    assert str(TYPESET.parents[2]).encode() not in data and str(Path.home()).encode() not in data


def test_its_entry_has_the_date_of_its_edition():
    entries = tomllib.loads((CORPUS / "sources.toml").read_text(encoding="utf-8"))["source"]
    entry = next(entry for entry in entries if entry["file"] == TYPESET.name)
    assert entry["published"] == EDITION.date().isoformat()
