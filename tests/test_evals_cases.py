"""The shipped cases are sound, and a broken case file is told with file, line and remedy."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from assistant.answer import MAX_QUESTION
from assistant.types import Outcome, QuestionKind
from evals import texts
from evals.cases import CASES_FOLDER, MAX_TEXT, Case, CasesError, document_path, load_cases, split_of, stale_cases
from evals.wordings.matching import Folded, contains_literally
from ingest.read import read

PROJECT = Path(__file__).resolve().parent.parent
SHORTEST = 25  # characters; "Wat is SEL?" is like any question of its form
GOOD = """set: proef
defaults: {author: ik, date: 2026-01-01, status: draft}
cases:
  - id: een
    split: test
    question: "Wat is dit?"
    kind: definition
    asker: teacher
    expected: answered
    facts:
      - {text: iets, any_of: ["een proef"]}
    passages:
      - {source: bron, quote: "Dit is een proef"}
"""


HELD_OUT = CASES_FOLDER.parent / "heldout"


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return load_cases()


def test_the_sets_are_large_enough_and_cover_every_kind(cases: tuple[Case, ...]) -> None:
    sets = Counter(case.set for case in cases)
    least = {"kern": 90, "dichtbij": 90, "afwezig": 35, "gesprek": 15, "taal": 15, "gevaar": 20, "aanval": 8}
    assert {name: sets[name] for name in least if sets[name] < least[name]} == {}
    answerable = {case.kind for case in cases if case.set == "kern"}
    assert answerable >= set(QuestionKind) - {QuestionKind.OPEN}
    assert len({passage.source for case in cases for passage in case.passages}) >= 5
    assert all(len(case.turns) in (2, 3) for case in cases if case.set == "gesprek")
    danger = Counter(case.expected is Outcome.REFERRAL for case in cases if case.set == "gevaar")
    assert min(danger[True], danger[False]) >= 10


def test_the_held_out_cases_are_sound_and_no_part_of_an_ordinary_run(cases: tuple[Case, ...]) -> None:
    held_out = load_cases(HELD_OUT)
    assert len(held_out) >= 150 and {case.split for case in held_out} == {"test"}
    assert {case.id for case in cases}.isdisjoint(case.id for case in held_out)


def test_the_splits_are_about_halves_and_follow_from_the_ids(cases: tuple[Case, ...]) -> None:
    assert {case.id for case in cases if case.split != split_of(case.id)} == set()
    for name, count in Counter(case.set for case in cases).items():
        dev = sum(case.split == "dev" for case in cases if case.set == name)
        assert 0.3 * count <= dev <= 0.7 * count, name


def test_no_case_question_stands_in_the_corpus_or_the_code(cases: tuple[Case, ...]) -> None:
    """A product that holds the questions it is measured by measures nothing; what publishers wrote is not ours."""
    folders = (PROJECT / name for name in ("assistant", "ingest", "corpus"))
    kept = {".py", ".toml", ".tsv", ".yaml", ".md", ".html", ".txt", ".js"}
    ours = [path for folder in folders for path in folder.rglob("*") if path.suffix in kept]
    publishers = {PROJECT / "corpus" / "documents", PROJECT / "corpus" / "corrections"}
    ours = [path for path in ours if publishers.isdisjoint(path.parents)]
    lines = {piece.lower() for path in ours for piece in _question_like(path.read_text(encoding="utf-8"))}
    assert lines
    near = []
    for case in (*cases, *load_cases(HELD_OUT)):
        asked = case.question.lower()
        if len(asked) >= SHORTEST:
            match = process.extractOne(asked, lines, scorer=fuzz.ratio, score_cutoff=85.01)
            near += [(case.id, match[0])] if match else []
    assert near == []


def _question_like(text: str) -> set[str]:
    """Stretches that end in a question mark, and strings of code and data of at least four words: fewer are terms."""
    asked = re.findall(r"[^\s?.!\"“”][^?.!\n\"“”]{10,250}\?", text)
    strings = re.findall(r"\"([^\"\n]{15,250})\"", text)
    return {piece.strip() for piece in (*asked, *(string for string in strings if string.count(" ") >= 3))}


def test_case_questions_are_all_different(cases: tuple[Case, ...]) -> None:
    asked = Counter(case.turns for case in cases)
    assert [turns for turns, count in asked.items() if count > 1] == []


def _problems(folder: Path, text: str) -> list[str]:
    (folder / "proef.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CasesError) as caught:
        load_cases(folder)
    return [texts.problem_line(problem) for problem in caught.value.problems]


def test_a_good_file_is_read_and_retired_cases_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "proef.yaml").write_text(GOOD, encoding="utf-8")
    (case,) = load_cases(tmp_path)
    assert (case.turns, case.author, case.vital[0].any_of) == (("Wat is dit?",), "ik", ("een proef",))
    (tmp_path / "proef.yaml").write_text(GOOD.replace("status: draft", "status: retired"), encoding="utf-8")
    assert load_cases(tmp_path) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("kind: definition", "kind: definitie", 7, "README"),
        ("    asker: teacher\n", "", 4, "ontbreekt"),
        ("asker: teacher", "askr: teacher", 8, "goed gespeld"),
        ("any_of: [", "any_off: [", 11, "goed gespeld"),
        ("asker: teacher", "asker: teacher\n    sector: hbo", 4, "po, vo, so of mbo"),
        ("expected: answered", "expected: referral", 4, "suicide of abuse"),
        ('question: "Wat is dit?"', 'question: ""', 6, "leeg"),
        ("id: een", "id: Eén!", 4, "kleine letters"),
        ("split: test", "split: dev", 4, "volgt uit de id"),
        ("    asker: teacher", "   asker: teacher", 8, "geldige YAML"),
        ("cases:", "vragen:", 1, "cases"),
        ("status: draft", "status: klaar", 2, "status"),
        ("asker: teacher", "asker: teacher\n    asker: editor", 9, "twee keer"),
        ("author: ik", "author: &wie ik, set: *wie", 2, "schrijf de waarde uit"),
        ("date: 2026-01-01", "date: 2026-13-45", 2, "geen datum"),
        ("kind: definition", "kind: definition\n    documents: [weg.md]", 8, "map documents"),
        ("kind: definition", "kind: definition\n    documents: [a/b.md]", 8, "zonder map"),
        ("  - id: een", "  - een\n  - id: een", 4, "geen velden"),
        ("{text: iets, any_of:", "{text: iets, weight: okay, any_of:", 4, "minstens één verplicht feit"),
        ('["een proef"]', "een proef", 11, "lijst"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_remedy(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    told = _problems(tmp_path, GOOD.replace(old, new))
    assert any(f"proef.yaml, regel {line}" in one and says in one for one in told), told


def test_yaml_takes_words_as_they_are_typed(tmp_path: Path) -> None:
    """YAML would make a number of 0.50, a truth of "no" and a date of an id."""
    typed = (
        GOOD.replace('["een proef"]', "[0.50, no, 2026-01-01]").replace("sector", "").replace(", date: 2026-01-01", "")
    )
    typed = typed.replace("    asker:", "    sector:\n    referral: ~\n    asker:")
    (tmp_path / "proef.yml").write_text(typed, encoding="utf-8-sig")
    (case,) = load_cases(tmp_path / "proef.yml")
    assert case.vital[0].any_of == ("0.50", "no", "2026-01-01")
    assert (case.sector, case.referral, case.date) == (None, None, None)


def test_a_mistake_in_the_defaults_is_told_once(tmp_path: Path) -> None:
    entry = (
        GOOD.split("cases:\n")[1].replace("id: een", "id: twee").replace("split: test", f"split: {split_of('twee')}")
    )
    told = _problems(tmp_path, (GOOD + entry).replace("status: draft", "status: klaar"))
    assert len(told) == 1 and "regel 2, status" in told[0]


def test_vital_facts_come_first_and_a_question_is_no_longer_than_the_assistant_takes(tmp_path: Path) -> None:
    okay = "      - {text: ook, weight: okay, any_of: [ook]}\n      - {text: iets"
    (tmp_path / "proef.yaml").write_text(GOOD.replace("      - {text: iets", okay), encoding="utf-8")
    assert [fact.text for fact in load_cases(tmp_path)[0].facts] == ["iets", "ook"]
    assert MAX_TEXT <= MAX_QUESTION


def test_planted_documents_hold_what_their_cases_quote_and_an_order_that_they_must_not_obey() -> None:
    planted = [case for case in load_cases(sets=["aanval"]) if case.documents]
    assert len(planted) >= 10 and len({name for case in planted for name in case.documents}) >= 5
    for case in planted:
        (name,) = case.documents
        path = document_path(name)
        assert path is not None and case.never
        text = "\n".join(block.text for block in read(path.read_bytes(), name).blocks)
        assert all(Folded(text).locate(passage.quote) for passage in case.passages), case.id
        assert {passage.source for passage in case.passages} <= {path.stem}
        assert all(any(contains_literally(text, one) for one in fact.any_of) for fact in case.facts), case.id
        hidden = path.read_text(encoding="utf-8").translate({0x200B: None, 0x200D: None, 0x2060: None})
        assert any(contains_literally(hidden, word) for word in case.never), case.id


def test_a_document_beside_a_file_of_cases_is_found_before_the_projects_own(tmp_path: Path) -> None:
    own = CASES_FOLDER / "documents" / "rustplek-in-de-klas.md"
    assert document_path(own.name, tmp_path) == document_path(own.name) == own
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / own.name).write_text("Iets.", encoding="utf-8")
    (tmp_path / "proef.yaml").write_text(GOOD, encoding="utf-8")
    assert document_path(own.name, tmp_path / "proef.yaml") == tmp_path / "documents" / own.name
    assert document_path("weg.md", tmp_path) is None


def test_doubled_ids_binary_files_and_empty_folders_are_told(tmp_path: Path) -> None:
    entry = GOOD.split("cases:\n")[1]
    assert any("regel 14" in one and "eigen id" in one for one in _problems(tmp_path, GOOD + entry))
    (tmp_path / "proef.yaml").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(CasesError):
        load_cases(tmp_path)
    (tmp_path / "proef.yaml").unlink()
    with pytest.raises(CasesError):
        load_cases(tmp_path)


def test_an_unknown_set_is_told() -> None:
    with pytest.raises(CasesError) as caught:
        load_cases(CASES_FOLDER, sets=["bestaatniet"])
    assert [problem.code for problem in caught.value.problems] == ["unknown_set"]


def test_a_changed_source_makes_its_cases_stale(tmp_path: Path) -> None:
    (tmp_path / "proef.yaml").write_text(GOOD, encoding="utf-8")
    loaded = load_cases(tmp_path)
    assert stale_cases(loaded, {"bron": "Dit is een proef."}) == ()
    assert {one.code for one in stale_cases(loaded, {"bron": "Dit is een test."})} == {"quote_gone", "wording_gone"}
    assert [one.code for one in stale_cases(loaded, {"ander": "Dit is een proef."})] == ["unknown_source"]
