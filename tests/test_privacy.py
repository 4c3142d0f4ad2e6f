"""Masking of personal data; all people in tests/data/private.txt are invented."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.names import names_in
from assistant.privacy import Private, mask, passes_elfproef

DATA = Path(__file__).parent / "data"
KNOWN = frozenset({"Hanneke Visser", "Steven Pont", "Marloes Kleinjan", "Ryan & Deci", "Mohammed El Hadioui"})


def rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("text", "masked"), rows("private.txt"))
def test_personal_data_are_masked(text: str, masked: str) -> None:
    result = mask(text, KNOWN)
    assert result.text == masked
    assert set(result.found) == {kind for kind in Private if f"[{kind}]" in masked}
    assert mask(result.text, KNOWN).text == masked


@pytest.mark.parametrize("text", [row[0] for row in rows("public.txt")])
def test_what_is_public_stays(text: str) -> None:
    result = mask(text, KNOWN)
    assert (result.text, result.found) == (text, ())


def test_a_name_of_the_library_is_exempt_only_if_it_is_known() -> None:
    assert mask("Wat doet Hanneke Visser?").text == "Wat doet [naam]?"
    assert mask("Wat doet Hanneke Visser?", KNOWN).found == ()
    assert mask("wat doet hanneke visser?", KNOWN).found == ()


def test_a_published_view_may_be_asked_for_by_full_name_only() -> None:
    assert mask("Wat zegt Jelle Jolles over het puberbrein?").found == ()
    assert mask("Wat zegt Jelle over zijn moeder?").text == "Wat zegt [naam] over zijn moeder?"


def test_a_hidden_character_does_not_hide_a_name() -> None:
    assert mask("San\u200bne huilt").text == "[naam] huilt"


@pytest.mark.parametrize(("digits", "right"), [("123456782", True), ("111222333", True), ("123456789", False),
                                               ("000000000", False), ("10000008", True), ("1234", False)])  # fmt: skip
def test_elfproef(digits: str, right: bool) -> None:
    assert passes_elfproef(digits) is right


def test_names_in_finds_the_people_of_a_text() -> None:
    text = "Hanneke Visser en Maartje van den Essenburg werken met de Gezonde School. In mei kwam Steven Pont."
    assert names_in(text) == {"Hanneke Visser", "Maartje van den Essenburg", "Steven Pont"}


PIECES = [
    "Sanne",
    "de",
    "Visser",
    "van den",
    "Ö",
    "12-03-2011",
    "0612345678",
    "1234 AB",
    "Kerkstraat 1",
    "leerling",
    ".",
    "(",
    "'t",
    "-",
    "\n",
    " ",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=12))
def test_masking_never_fails_and_leaves_nothing_to_mask(pieces: list[str]) -> None:
    once = mask(" ".join(pieces))
    assert "Sanne" not in once.text
    assert set(once.found) <= {str(kind) for kind in Private}


@pytest.mark.parametrize("word", ["Van ", "1", "a", "12-", "Straat ", "sanne ", "x.y@"])
def test_work_grows_with_the_length_of_a_text_and_no_faster(word: str) -> None:
    """Quadratic patterns took seconds on the longest question that is accepted."""
    began = time.perf_counter()
    mask((word * 4_000)[:4_000])
    assert time.perf_counter() - began < 1.0
