"""The check of the support score against labelled pairs: the reader, the figures, what is said to people."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.support.clauses import read
from assistant.support.score import SUPPORTED, support
from evals.benchmarks import entailment
from evals.benchmarks.entailment import Pair, UnreadablePairs

COLUMNS = ["pair_ID", *entailment.SICK_COLUMNS]
ROWS = [
    ("De tuin is open en groen", "De tuin is open", "ENTAILMENT", "A_entails_B", "TRIAL"),
    ("De bel gaat om tien uur", "De bel gaat", "ENTAILMENT", "A_entails_B", "TRIAL"),
    ("De tuin is open", "De tuin is niet open", "CONTRADICTION", "A_contradicts_B", "TRIAL"),
    ("De tuin is open", "De poes slaapt", "NEUTRAL", "A_neutral_B", "TRIAL"),
    ("De boot vaart", 'De "boot vaart', "ENTAILMENT", "A_entails_B", "TEST"),
    ("De boot vaart snel", "De boot vaart", "ENTAILMENT", "A_entails_B", "TEST"),
    ("De boot vaart", "De boot zinkt", "NEUTRAL", "A_neutral_B", "TEST"),
    ("De boot vaart", "Geen boot vaart", "NEUTRAL", "A_contradicts_B", "TEST"),
]


@pytest.fixture
def sick(tmp_path: Path) -> Path:
    path = tmp_path / "SICK_NL.txt"
    lines = ["\t".join(COLUMNS), *("\t".join((str(n), *row)) for n, row in enumerate(ROWS, 1))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_part_is_read_with_the_claim_from_b_and_the_label_from_a_to_b(sick: Path):
    trial = entailment.read_sick(sick, "TRIAL")
    assert [pair.supported for pair in trial] == [True, True, False, False]
    assert trial[2] == Pair("De tuin is niet open", ("De tuin is open",), False, "contradicts")
    test = entailment.read_sick(sick, "TEST")
    assert test[0].claim == 'De "boot vaart'
    assert test[3].kind == "contradicts" and not test[3].supported


@pytest.mark.parametrize(
    ("content", "why"), [(None, "not_there"), (b"", "not_sick"), (b"a\tb\n1\t2\n", "not_sick"), (b"\xff\xfe\x00", "not_there")]
)  # fmt: skip
def test_another_file_is_told_apart(tmp_path: Path, content: bytes | None, why: str):
    path = tmp_path / "x.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadablePairs, match=why):
        entailment.read_sick(path, "TRIAL")


def test_a_missing_file_gives_one_dutch_line_and_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert entailment.main([str(tmp_path / "weg.txt")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1 and "weg.txt" in told.err and "SICK_NL.txt" in told.err


def test_the_test_part_is_shown_only_when_asked_for(sick: Path, capsys: pytest.CaptureFixture[str]):
    assert entailment.main([str(sick)]) == 0
    plain = capsys.readouterr().out
    assert "TRIAL" in plain and "TEST" not in plain and "test" not in plain
    assert entailment.main([str(sick), "--test"]) == 0
    both = capsys.readouterr().out
    assert "TRIAL: 4 paren" in both and "TEST: 4 paren" in both
    assert "{" not in both


def test_a_run_prints_the_same_twice(sick: Path, capsys: pytest.CaptureFixture[str]):
    runs = []
    for _ in range(2):
        read.cache_clear()
        assert entailment.main([str(sick)]) == 0
        runs.append(capsys.readouterr().out.splitlines())
    assert runs[0][:-1] == runs[1][:-1]
    assert len(runs[0]) > 20


def test_the_area_under_the_curve_by_hand():
    area, low, high = entailment.auc([0.9, 0.4, 0.4, 0.1], [True, True, False, False])
    assert area == pytest.approx(3.5 / 4)
    assert 0.0 <= low < area < high <= 1.0
    assert entailment.auc([3, 2, 1, 0], [True, True, False, False]) == (1.0, 1.0, 1.0)
    assert entailment.auc([0, 1, 2, 3], [True, True, False, False])[0] == 0.0
    with pytest.raises(ValueError, match="two pairs"):
        entailment.auc([1, 0, 0], [True, False, False])


def test_the_interval_narrows_with_more_pairs():
    def width(times: int) -> float:
        _, low, high = entailment.auc([0.9, 0.4, 0.5, 0.1] * times, [True, True, False, False] * times)
        return high - low

    assert width(50) < width(5) / 2


def test_counts_at_a_threshold_by_hand():
    pairs = [
        Pair("a", ("b",), supported, kind) for supported, kind in [(True, "x"), (True, "x"), (False, "y"), (False, "x")]
    ]
    found = entailment.verdicts(pairs, [0.9, 0.2, 0.7, 0.1], 0.6)
    assert found.accuracy == (2, 4) and found.precision == (1, 2) and found.recall == (1, 2)
    assert found.f1 == pytest.approx(0.5)
    assert sorted(found.passed.values()) == [(0, 1), (1, 1), (1, 2)]
    assert entailment.verdicts(pairs, [0.0] * 4, 0.6).f1 == 0.0


def test_a_threshold_of_equal_recall_lets_through_as_many_and_no_fewer():
    pairs = [Pair("a", ("b",), True, "x")] * 4 + [Pair("a", ("b",), False, "y")]
    scores = [0.9, 0.8, 0.3, 0.2, 0.85]
    assert entailment.equal_recall(pairs, scores, 0.5) == 0.8
    assert entailment.equal_recall(pairs, scores, 0.51) == 0.3
    assert entailment.equal_recall(pairs, scores, 0.0) == 0.9


def test_the_baselines_by_hand():
    pair = Pair("De tuinen zijn open", ("De tuin is nu open",), True, "x")
    assert entailment.overlap(pair) == pytest.approx(2 / 4)
    assert entailment.stems(pair) == 1.0
    assert entailment.overlap(Pair("", ("a",), False, "x")) == entailment.stems(Pair("", ("a",), False, "x")) == 0.0


def test_our_own_pairs_are_many_and_balanced_between_the_halves():
    dev, test = entailment.read_own("dev"), entailment.read_own("test")
    assert len(dev) + len(test) >= 150
    assert abs(len(dev) - len(test)) <= 10
    assert not {pair.evidence for pair in dev} & {pair.evidence for pair in test}
    for half in (dev, test):
        kinds = Counter(pair.kind for pair in half)
        assert set(kinds) >= {"paraphrase", "negation", "number", "name", "quantifier", "modality", "added detail"}
        assert set(kinds) >= {"swapped roles", "other subject", "generalisation", "fused"}
        assert 30 <= sum(pair.supported for pair in half) <= len(half) - 30
        assert len({(pair.claim, pair.evidence) for pair in half}) == len(half)


def test_on_the_dev_half_hardly_anything_false_passes_and_nearly_all_of_the_rest_does():
    dev = entailment.read_own("dev")
    passed = [pair for pair in dev if support(pair.claim, pair.evidence).score >= SUPPORTED]
    assert sum(not pair.supported for pair in passed) <= 2
    assert sum(pair.supported for pair in passed) >= 0.9 * sum(pair.supported for pair in dev)
