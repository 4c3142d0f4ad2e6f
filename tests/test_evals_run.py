"""A run over a small library: equal to the byte each time, compared, reported, judged, and told in Dutch."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from assistant.answer import Asked
from assistant.types import (
    Answer,
    Citation,
    Evidence,
    Hit,
    Kind,
    Outcome,
    Passage,
    Query,
    QuestionKind,
    Statement,
    Turn,
)
from evals import __main__ as command
from evals.baselines import DenseWindows, PlainBm25, TutorialRag, windows
from evals.cases import Case, Quotation
from evals.compare import RunError, compare, read_run
from evals.console import comparison_lines, run_lines, shortfall_line
from evals.records import summary_of, times_of, write_run
from evals.run import Run, Subject, evaluate
from evals.scoring import Library
from evals.thresholds import shortfalls

SENTENCES = (
    "Op de Zonneschool krijgt ruim 23% van de kinderen elke dag zwemles.",
    "Kinderen die zwemmen, slapen volgens de juf beter.",
    "De kok maakt soep van de pompoenen uit de schooltuin.",
    "Ouders helpen op vrijdag in de bibliotheek.",
)
TEXTS = {"krant": " ".join(SENTENCES[:2]), "folder": " ".join(SENTENCES[2:])}


def _passage(source: str, sentence: str, ordinal: int) -> Passage:
    start = TEXTS[source].index(sentence)
    version = hashlib.sha256(TEXTS[source].encode()).hexdigest()
    end = start + len(sentence)
    return Passage(
        f"{source}:{ordinal}", source, version, ordinal, None, None, ("Kop",), Kind.BODY, (), start, end, sentence, ()
    )


LIBRARY = Library(TEXTS, {source: hashlib.sha256(text.encode()).hexdigest() for source, text in TEXTS.items()})
PASSAGES = tuple(_passage(s, line, n) for s in TEXTS for n, line in enumerate(SENTENCES) if line in TEXTS[s])


@dataclass
class StandIn:
    """Answers with the passage that shares most words with the question, as the real assistant is called."""

    refuses: bool = False
    shifts: int = 0

    def search(self, question: str, k: int = 10, history: Sequence[Turn] = ()) -> Evidence:
        """Passages by shared words, with those of the turns before."""
        asked = set(re.findall(r"\w+", " ".join([*(turn.question for turn in history), question]).lower()))
        shared = [len(asked & set(re.findall(r"\w+", passage.text.lower()))) for passage in PASSAGES]
        order = sorted(range(len(PASSAGES)), key=lambda place: -shared[place])
        hits = tuple(Hit(PASSAGES[i], float(shared[i]), 0.0, 0.0) for i in order[:k] if shared[i])
        return Evidence(Query(question, question, None, (), QuestionKind.OPEN), hits, ())

    def asked(self, question: str, history: Sequence[Turn] = ()) -> Asked:
        """The answer with its evidence."""
        return Asked(self.ask(question, history), self.search(question, 30, history))

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The best passage, verbatim."""
        hits = self.search(question, 1, history).hits
        if self.refuses or not hits:
            own = Statement("Daarover staat niets in de bronnen.", (), own=True)
            return Answer(question, Outcome.NO_EVIDENCE, own.text, (own,), (), milliseconds={"total": 1.0})
        p = hits[0].passage
        start = p.start + self.shifts
        cited = Citation(1, p.source, "T", "P", None, None, None, None, "Kop", p.text, start, p.end, p.version, False)
        return Answer(question, Outcome.ANSWERED, p.text, (Statement(p.text, (1,)),), (cited,))


def _case(case_id: str, turns: list[str], source: str = "", quote: str = "", wording: str = "") -> Case:
    return Case.model_validate(
        {
            "id": case_id,
            "set": "gesprek" if len(turns) > 1 else "kern",
            "turns": turns,
            "kind": "open",
            "asker": "teacher",
            "expected": "answered" if quote else "no_evidence",
            "facts": [{"text": "feit", "any_of": [wording]}] if quote else [],
            "passages": [{"source": source, "quote": quote}] if quote else [],
            "author": "toets",
            "date": "2026-01-01",
            "status": "draft",
        }
    )


CASES = (
    _case("zwemles", ["Hoeveel kinderen krijgen zwemles op de Zonneschool?"], "krant", SENTENCES[0], "ruim 23%"),
    _case("soep", ["Waarvan maakt de kok zijn soep?"], "folder", SENTENCES[2], "pompoenen"),
    _case("gesprek", ["Wat doet de kok?", "En op vrijdag ouders?"], "folder", SENTENCES[3], "bibliotheek"),
    _case("niets", ["Xyzzy?"]),
)


class Letters:
    """An embedding by letter counts: deterministic and without a model."""

    name = "letters"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts."""
        letters = "abcdefghijklmnopqrstuvwz%2"
        counts = np.array([[text.lower().count(c) + 0.01 for c in letters] for text in texts], np.float32)
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), np.float32)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of questions."""
        return self.encode(texts)


def _run(assistant: StandIn | None = None, cases: tuple[Case, ...] = CASES) -> Run:
    baselines = (PlainBm25(TEXTS), DenseWindows(TEXTS, Letters()))
    return evaluate(cases, Subject(assistant or StandIn(), LIBRARY), baselines, {"model": "geen", "code": "abc"})


def _value(run: Run, name: str) -> float | None:
    return next(figure.value for figure in run.figures() if figure.name == name)


def test_two_runs_are_equal_to_the_byte(tmp_path: Path) -> None:
    write_run(_run(), tmp_path / "a")
    write_run(_run(), tmp_path / "b")
    for name in ("cases.jsonl", "summary.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert json.loads((tmp_path / "a" / "times.json").read_text())["answers"] == len(CASES)
    assert "milliseconds" not in (tmp_path / "a" / "cases.jsonl").read_text()


def test_a_run_counts_what_it_could_not_measure() -> None:
    run = _run()
    figures = {figure.name: figure for figure in run.figures()}
    assert figures["passed"].value == 1.0, [result.score for result in run.results]
    assert (figures["facts_900"].measured, figures["facts_900"].not_measured) == (3, 1)
    assert figures["referral_recall"].value is None
    assert figures["referral_recall"].not_measured == len(CASES)
    assert figures["conversation"].measured == 1
    assert "NaN" not in json.dumps(summary_of(run))


def test_faults_planted_in_the_assistant_show_in_the_run() -> None:
    assert _value(_run(StandIn(refuses=True)), "refusal_error") == 1.0
    assert _value(_run(StandIn(shifts=1)), "quote_validity") == 0.0
    assert (_value(_run(StandIn(refuses=True)), "passed") or 0) < 0.5


def test_the_conversation_is_asked_turn_by_turn() -> None:
    seen: list[tuple[str, tuple[str, ...]]] = []

    class Listening(StandIn):
        def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
            seen.append((question, tuple(turn.question for turn in history)))
            return super().ask(question, history)

    _run(Listening(), (CASES[2],))
    assert seen == [(CASES[2].turns[0], ()), (CASES[2].turns[1], CASES[2].turns[:1])]


def test_stale_cases_are_named_and_not_measured() -> None:
    gone = CASES[0].model_copy(update={"passages": (Quotation(source="weg", quote="niets"),)})
    run = _run(cases=(gone,))
    assert [one.code for one in run.stale] == ["unknown_source"]
    assert _value(run, "recall_5") is None


def test_windows_cover_the_text_and_cut_at_blanks() -> None:
    text = "woord " * 300
    cut = windows({"a": text})
    assert "".join(window.text for window in cut) == text
    assert all(len(window.text) <= 600 and window.text[-1] != "o" for window in cut)
    assert len(windows({"a": "x" * 1300})) == 3


def test_baselines_find_what_shares_words_and_places_fit_the_text(tmp_path: Path) -> None:
    question = "soep van pompoenen uit de schooltuin"
    for baseline in (PlainBm25(TEXTS), TutorialRag(TEXTS, Letters(), str(tmp_path))):
        (found,) = baseline.search_all([question])
        assert found[0].source == "folder", baseline.name
        assert all(TEXTS[one.source][one.start : one.end] == one.text for one in found)
    assert list(PlainBm25(TEXTS).search_all(["qqqq"])[0]) == []


def test_compare_names_flips_and_says_when_it_cannot_tell(tmp_path: Path) -> None:
    write_run(_run(), tmp_path / "a")
    write_run(_run(StandIn(refuses=True)), tmp_path / "b")
    good, bad = read_run(tmp_path / "a"), read_run(tmp_path / "b")
    found = compare(good, bad)
    assert set(found.broken) == {"zwemles", "soep", "gesprek"}
    assert found.fixed == ()
    by_name = {one.name: one for one in found.differences}
    assert (by_name["passed"].worse, by_name["passed"].verdict) == (3, "cant_tell")
    assert by_name["refusal_error"].worse == 3
    assert by_name["facts_900"].verdict == "equal"
    assert compare(good, good).broken == ()
    assert any("zwemles" in line for line in comparison_lines(found))


def test_compare_is_sure_after_enough_flips_and_leaves_changed_cases_out(tmp_path: Path) -> None:
    many = tuple(replace_id(CASES[0], f"zwemles-{n}") for n in range(8))
    write_run(_run(cases=many), tmp_path / "a")
    write_run(_run(StandIn(refuses=True), many), tmp_path / "b")
    verdicts = {d.name: d.verdict for d in compare(read_run(tmp_path / "b"), read_run(tmp_path / "a")).differences}
    assert verdicts["passed"] == verdicts["refusal_error"] == "better"
    verdicts = {d.name: d.verdict for d in compare(read_run(tmp_path / "a"), read_run(tmp_path / "b")).differences}
    assert verdicts["passed"] == "worse"
    changed = replace_id(_case("x", ["Iets anders?"], "krant", SENTENCES[1], "slapen"), "zwemles-0")
    write_run(_run(cases=(changed,)), tmp_path / "c")
    found = compare(read_run(tmp_path / "a"), read_run(tmp_path / "c"))
    assert found.changed_cases == ("zwemles-0",)
    assert found.differences == ()


def replace_id(case: Case, case_id: str) -> Case:
    """The same case under another id."""
    return case.model_copy(update={"id": case_id})


@pytest.mark.parametrize("broken", ["", "{}", '{"figures": 3}', "\x00"])
def test_a_folder_without_a_run_is_a_named_failure(tmp_path: Path, broken: str) -> None:
    with pytest.raises(RunError):
        read_run(tmp_path)
    (tmp_path / "summary.json").write_text(broken)
    (tmp_path / "cases.jsonl").write_text(broken)
    with pytest.raises(RunError):
        read_run(tmp_path)


def test_limits_are_held_against_measured_figures_only(tmp_path: Path) -> None:
    limits = tmp_path / "limits.toml"
    whole = "[figures.passed]\nmin = 0.9\n[figures.referral_recall]\nmin = 1.0\n"
    limits.write_text(whole + "[sets.kern.refusal_error]\nmax = 0.1\n")
    assert shortfalls(summary_of(_run()), limits) == ()
    missed = shortfalls(summary_of(_run(StandIn(refuses=True))), limits)
    assert [(one.name, one.set) for one in missed] == [("passed", ""), ("refusal_error", "kern")]
    assert "hoogstens 0,100" in shortfall_line(missed[1])


def test_the_table_has_our_figures_beside_the_baselines() -> None:
    run = _run()
    lines = list(run_lines(summary_of(run), times_of(run)))
    row = next(line for line in lines if line.startswith("Feiten in eerste 900"))
    assert len(re.findall(r"\d,\d{3}", row)) == 5
    assert any(line.startswith("Geslaagd: 4 van 4") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["compare", "{tmp}/a", "{tmp}/weg"], 1, "staat geen run"),
        (["report", "{tmp}/weg"], 1, "staat geen run"),
        (["run", "--set", "bestaatniet"], 1, "deze set bestaat niet"),
        (["run", "--cases", "{tmp}/leeg"], 1, "hier staan geen vragen"),
    ],
)
def test_the_command_line_fails_in_one_dutch_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    write_run(_run(), tmp_path / "a")
    assert command.main([one.format(tmp=tmp_path) for one in arguments]) == code
    told = capsys.readouterr()
    assert says in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_the_command_line_compares_and_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_run(_run(), tmp_path / "a")
    write_run(_run(StandIn(refuses=True)), tmp_path / "b")
    assert command.main(["compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    assert "Ging goed, gaat nu fout (3)" in capsys.readouterr().out
    assert command.main(["compare", str(tmp_path / "a"), str(tmp_path / "b"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["broken"]) == 3
    assert command.main(["report", str(tmp_path / "a")]) == 0
    assert (tmp_path / "a" / "report.html").exists()
    for wrong in ([], ["run", "--split", "half"], ["compare", "a"]):
        with pytest.raises(SystemExit) as stopped:
            command.main(wrong)
        assert stopped.value.code == 2


def test_a_generated_answer_is_not_held_to_be_verbatim() -> None:
    class Writing(StandIn):
        def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
            return replace(super().ask(question, history), mode="generated")

    assert _value(_run(Writing()), "verbatim") is None


def test_a_generated_statement_counts_as_supported_by_what_its_quotes_say() -> None:
    class Writing(StandIn):
        def __init__(self, written: str) -> None:
            super().__init__()
            self.written = written

        def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
            answer = super().ask(question, history)
            return replace(answer, mode="generated", statements=(Statement(self.written, (1,)),), text=self.written)

    asked = (CASES[1],)
    assert _value(_run(Writing("Van pompoenen uit de schooltuin maakt de kok soep."), asked), "citation_recall") == 1.0
    assert _value(_run(Writing("De kok maakt geen soep van de pompoenen."), asked), "citation_recall") == 0.0
