"""The product's own Dutch: an error line for every failure, patterns that compile, no sentence that lies."""

from __future__ import annotations

import re

import pytest

from assistant import errors, texts_nl
from assistant.errors import WelwijzerError
from assistant.types import SECTORS, QuestionKind


def every_error(root: type[WelwijzerError] = WelwijzerError) -> list[type[WelwijzerError]]:
    own = (child for child in root.__subclasses__() if child.__module__ == errors.__name__)
    return [root, *(found for child in own for found in every_error(child))]


DETAILS = {
    "name": "NAAM", "value": "WAARDE", "path": "PAD", "owner": "123", "id": "ID", "model": "MODEL", "stored": "ANDER",
    "file": "BESTAND", "line": 7, "entry": "REGEL", "length": 5000, "limit": 4000, "sector": "hbo", "where": "questions.1",
}  # fmt: skip
WHYS = {
    errors.QuestionError: ["empty", "too_long", "unreadable", "sector", "file"],
    errors.UnreadableError: """
        empty binary encrypted broken no_text no_pages kind missing too_large too_heavy no_content script moved old_word
        rtf text_document slides sheet
    """.split(),
}


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_failure_has_one_dutch_line_of_its_own(kind: type[WelwijzerError]):
    for why in WHYS.get(kind, [None]):
        details = DETAILS | ({"why": why} if why else {})
        line = texts_nl.error_line(kind("english message", **details))
        assert line and "\n" not in line and "{" not in line and "?" not in line
        if kind not in (WelwijzerError, errors.IngestError):
            assert "english" not in line
            assert line != texts_nl.error_line(WelwijzerError("english message", **details))


def test_lines_of_reasons_differ():
    for kind, whys in WHYS.items():
        assert len({texts_nl.error_line(kind("x", **DETAILS, why=why)) for why in whys}) == len(whys)


def test_a_detail_that_is_missing_or_odd_breaks_no_line():
    assert "?" in texts_nl.error_line(errors.UnknownSourceError("no detail"))
    assert "{x}" in texts_nl.error_line(errors.UnknownSourceError("odd", id="{x}"))
    assert texts_nl.error_line(errors.QuestionError("odd", why="nieuw"))


def test_numbers_of_the_referral_stand_in_no_other_text():
    own = " ".join(str(value) for name, value in vars(texts_nl).items() if name.isupper())
    for number in ("0800-0113", "0800-2000", "0800-0432"):
        assert number not in own


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Hoeveel leerlingen ervaren druk?", "number"),
        ("Wat is welbevinden?", "definition"),
        ("Waarom is een visie nodig?", "why"),
        ("Wanneer begint het programma?", "when"),
        ("Wie verwijst een leerling door?", "who"),
        ("Welke stappen zijn er?", "list"),
        ("Hoe betrek je ouders?", "how_to"),
        ("Wat is het verschil tussen een scan en een vragenlijst?", None),
        ("Ouders", None),
    ],
)
def test_patterns_tell_the_kind_of_question(question: str, kind: str | None):
    hits = [name for name, pattern in texts_nl.KIND_PATTERNS if re.search(pattern, question.lower())]
    if kind is not None:
        assert hits[0] == kind
    elif question == "Ouders":
        assert hits == []
    else:
        assert "comparison" in hits


def test_tables_speak_of_kinds_and_sectors_that_exist():
    kinds = {str(kind) for kind in QuestionKind}
    assert {name for name, _ in texts_nl.KIND_PATTERNS} <= kinds
    assert set(texts_nl.ANSWER_SIGNS) <= kinds
    assert {sector for sector, _ in texts_nl.SECTOR_PATTERNS} == set(SECTORS)
