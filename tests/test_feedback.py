"""What readers say is kept masked, for its time, through crashes and beside other processes; nothing else is."""

import csv
import io
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.errors import LibraryBusyError, LibraryError
from assistant.feedback import FEEDBACK_DAYS, MAX_COMMENT, FeedbackStore, Reason, Verdict, record_of
from assistant.gaps import gaps
from assistant.types import Answer, Citation, Outcome

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 3, 1)
CITATION = Citation(1, "gids", "Gids", "", None, None, 7, None, "", "Zin.", 3, 7, "f" * 64, False)


def answer(question: str = "Wat kost een training?", outcome: Outcome = Outcome.NO_EVIDENCE, **more: object) -> Answer:
    return Answer(question, outcome, "", (), (CITATION,) if outcome is Outcome.ANSWERED else (), **more)


def store(tmp_path: Path, days: int = 0, today: date = TODAY) -> FeedbackStore:
    return FeedbackStore(tmp_path, days, lambda: today)


def said(question: str = "Wat kost een training?", verdict: Verdict = Verdict.MISSING, **more: object):
    given = {name: more.pop(name) for name in ("sector", "reason", "comment", "today") if name in more}
    return record_of(answer(question, **more), verdict, **({"today": TODAY} | given))


def file(tmp_path: Path) -> Path:
    return tmp_path / "feedback" / "feedback.jsonl"


def test_what_was_said_comes_back_with_its_citations(tmp_path: Path):
    record = record_of(
        answer(outcome=Outcome.ANSWERED, read_as="Zo", missing=("kosten",)),
        Verdict.DOWN,
        sector="vo",
        reason="wrong",
        comment=" Dit klopt niet. ",
        today=TODAY,
    )
    store(tmp_path).add(record)
    assert store(tmp_path).all() == (record,)
    assert (record.reason, record.comment, record.on) == (Reason.WRONG, "Dit klopt niet.", "2026-03-01")
    assert [(p.source, p.start, p.end, p.page) for p in record.citations] == [("gids", 3, 7, 7)]


def test_a_comment_is_masked_and_bounded_and_an_unknown_reason_is_none():
    record = said(comment="Bel Sanne de Vries op 06-12345678 " + "x" * 5_000, reason="__proto__")
    assert "Sanne" not in record.comment and "06-1" not in record.comment and "[telefoon]" in record.comment
    assert len(record.comment) <= MAX_COMMENT
    assert record.reason is None


def test_questions_are_not_kept_unless_the_deployment_says_so(tmp_path: Path):
    store(tmp_path).asked(answer())
    assert not file(tmp_path).exists()
    kept = store(tmp_path, days=30)
    kept.asked(answer(), "po")
    kept.asked(answer("Ik wil niet meer leven", Outcome.REFERRAL))
    assert [(r.question, r.verdict, r.sector) for r in kept.all()] == [("Wat kost een training?", Verdict.ASKED, "po")]
    assert store(tmp_path).all() == () and "training" not in file(tmp_path).read_text()


def test_everything_goes_when_its_time_is_over(tmp_path: Path):
    days = 30
    before = store(tmp_path, days)
    before.add(said())
    before.asked(answer("Hoe werkt fotosynthese?"))
    later = TODAY + timedelta(days=days)
    assert [r.question for r in store(tmp_path, days, later).all()] == ["Wat kost een training?"]
    assert "fotosynthese" not in file(tmp_path).read_text()
    store(tmp_path, days, TODAY + timedelta(days=FEEDBACK_DAYS)).add(said("Nieuw", today=TODAY + timedelta(days=365)))
    assert [json.loads(line)["question"] for line in file(tmp_path).read_text().splitlines()] == ["Nieuw"]


def test_records_are_erased_for_good(tmp_path: Path):
    one, two = said("Een?"), said("Twee?")
    kept = store(tmp_path)
    kept.add(one)
    kept.add(two)
    assert kept.remove([one.id, "onbekend"]) == 1
    assert kept.all() == (two,) and "Een?" not in file(tmp_path).read_text()
    assert kept.erase() == 1
    assert file(tmp_path).read_text() == ""


def test_a_line_that_a_crash_tore_costs_that_line_alone(tmp_path: Path):
    one, two, three = said("Een?"), said("Twee?"), said("Drie?")
    kept = store(tmp_path)
    kept.add(one)
    kept.add(two)
    whole = file(tmp_path).read_bytes()
    file(tmp_path).write_bytes(whole[:-20])
    kept.add(three)
    assert kept.all() == (one, three)
    file(tmp_path).write_bytes(b'{"on": 5}\n[]\n\xff\xfe\nnull\n' + whole)
    assert kept.all() == (one, two)


ADDS = """
import sys
from datetime import date
from pathlib import Path
from assistant.feedback import FeedbackStore, Verdict, record_of
from assistant.types import Answer, Outcome
store = FeedbackStore(Path(sys.argv[1]), 0, lambda: date(2026, 3, 1))
for number in range(20):
    answer = Answer(f"{sys.argv[2]}-{number}", Outcome.NO_EVIDENCE, "", (), ())
    record = record_of(answer, Verdict.MISSING, today=date(2026, 3, 1))
    store.add(record)
    if number % 5 == 0:
        store.remove([record.id])
"""


def test_two_processes_lose_nothing_of_one_another(tmp_path: Path):
    running = [subprocess.Popen([sys.executable, "-c", ADDS, str(tmp_path), name], cwd=ROOT) for name in "ab"]
    assert [process.wait(60) for process in running] == [0, 0]
    wanted = {f"{name}-{number}" for name in "ab" for number in range(20) if number % 5}
    assert {record.question for record in store(tmp_path).all()} == wanted


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "feedback").write_text("in the way")
    with pytest.raises(LibraryError):
        store(tmp_path).add(said())


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from filelock import FileLock

    from assistant import feedback

    monkeypatch.setattr(feedback, "LOCK_SECONDS", 0.05)
    (tmp_path / "feedback").mkdir()
    with FileLock(tmp_path / "feedback" / "feedback.lock"), pytest.raises(LibraryBusyError):
        store(tmp_path).add(said())


def test_the_table_has_a_row_for_each_and_no_formula(tmp_path: Path):
    kept = store(tmp_path)
    kept.add(said('=HYPERLINK("https://example.org")', comment="+1; en\nnog een regel"))
    kept.add(said("Wat; is “dit”?", outcome=Outcome.ANSWERED))
    rows = list(csv.DictReader(io.StringIO(kept.export(), newline=""), delimiter=";"))
    assert [row["question"] for row in rows] == ['\'=HYPERLINK("https://example.org")', "Wat; is “dit”?"]
    assert rows[0]["comment"] == "'+1; en\nnog een regel"
    assert rows[1]["sources"] == "gids p. 7"


def test_questions_that_ask_the_same_are_one_gap(tmp_path: Path):
    records = [
        said("Wat kost een training?", sector="vo"),
        said("Wat kosten trainingen", Verdict.DOWN, missing=("kosten",)),
        said("hoe betrek je ouders bij pesten?"),
        said("wat kost de training?", Verdict.ASKED, sector="mbo", today=date(2026, 3, 2)),
        said("Wat kost een training?"),
        said("Goed beantwoord", Verdict.UP),
        said("Beantwoord", Verdict.ASKED, outcome=Outcome.ANSWERED),
    ]
    first, second = gaps(records)
    assert (first.count, first.missing, first.down, first.unanswered) == (4, 2, 1, 1)
    assert first.questions == ("Wat kost een training?", "Wat kosten trainingen", "wat kost de training?")
    assert (first.parts, first.sectors, first.last) == (("kosten",), ("vo", "mbo"), "2026-03-02")
    assert (second.count, second.questions) == (1, ("hoe betrek je ouders bij pesten?",))


def test_questions_that_share_a_word_are_two_gaps():
    assert len(gaps([said("Wat kost een training over pesten?"), said("Hoe stop je pesten in de klas?")])) == 2


def test_what_an_editor_settled_is_no_gap_until_opened_again(tmp_path: Path):
    kept = store(tmp_path)
    record = said()
    kept.add(record)
    assert kept.settle([record.id], "Publicatie van het ministerie gevraagd") == 1
    assert gaps(kept.all()) == () and kept.all()[0].note.startswith("Publicatie")
    kept.settle([record.id], "")
    assert [gap.count for gap in gaps(kept.all())] == [1]


def test_a_question_without_content_words_still_groups_with_itself():
    assert [gap.count for gap in gaps([said("En dan?"), said("en dan?"), said("Wat kost dit?")])][0] == 2
