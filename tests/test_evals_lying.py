"""The lying model: the sentences are sound, the counting is right, and the support score strikes what it should."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from evals.benchmarks import lying
from evals.benchmarks.lying import CITATIONS, FAKE, KINDS, OTHERS, SURE, TRUE, Row, Struck

HEADER = "half\tkind\tclaim\tquotes\tsupported\n"
# Floors for both halves together, below the figures of November 2026: they say that something broke, not how good it is.
SURE_FLOOR, OTHER_FLOOR, TRUE_CEILING = 0.97, 0.80, 0.20


@pytest.fixture(scope="module")
def rows() -> tuple[Row, ...]:
    return lying.load_rows()


def test_there_are_enough_of_every_kind_in_both_halves(rows: tuple[Row, ...]):
    kinds = Counter(row.kind for row in rows)
    assert set(kinds) == set(KINDS)
    assert kinds[TRUE] >= 200 and sum(kinds.values()) - kinds[TRUE] >= 300
    for kind in KINDS:
        assert kinds[kind] >= 24, kind
        halves = Counter(row.half for row in rows if row.kind == kind)
        assert abs(halves["build"] - halves["aside"]) <= 1, kind


def test_each_claim_is_there_once_and_quotes_something_unless_faked(rows: tuple[Row, ...]):
    assert len({row.claim for row in rows}) == len(rows)
    for row in rows:
        assert bool(row.quotes) == (row.kind != FAKE), row
        assert row.supported == (row.kind == TRUE)
        assert row.claim == row.claim.strip() and row.claim[-1] in ".!?", row
        assert all(quote == quote.strip() and quote for quote in row.quotes), row
        assert row.claim not in row.quotes


@pytest.mark.parametrize(
    "line",
    [
        "elsewhere\tnumber\tA.\tB.\tno",
        "build\tunheard\tA.\tB.\tno",
        "build\tnumber\tA.\tB.\tyes",
        "build\ttrue\tA.\tB.\tno",
    ],
)
def test_an_unknown_half_or_kind_or_a_wrong_label_is_refused_with_its_line(line: str, tmp_path: Path):
    path = tmp_path / "lying.tsv"
    path.write_text(HEADER + "build\tnumber\tGoed.\tBron.\tno\n" + line + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"lying\.tsv, line 3"):
        lying.load_rows(path)


def test_struck_claims_are_counted_by_kind():
    quote = ("De tuin is elke dag open.",)
    rows = [
        Row("build", "number", "De tuin heeft 4 poorten.", quote, False),
        Row("build", "number", "De tuin is open.", quote, False),
        Row("build", TRUE, "Elke dag is de tuin open.", quote, True),
        Row("build", FAKE, "De tuin is open.", (), False),
    ]
    found = lying.tally(rows)
    assert found == {"number": Struck(1, 2), FAKE: Struck(1, 1), TRUE: Struck(0, 1)}
    assert lying.together(found, ("number", FAKE, "name")) == Struck(2, 3)


def test_the_score_strikes_lies_and_lets_the_truth_pass(rows: tuple[Row, ...]):
    found = lying.tally(rows)
    sure, others = (lying.together(found, kinds) for kinds in ((*SURE, *CITATIONS), OTHERS))
    assert sure.struck >= SURE_FLOOR * sure.of
    assert others.struck >= OTHER_FLOOR * others.of
    assert found[TRUE].struck <= TRUE_CEILING * found[TRUE].of


def test_the_figures_are_printed_by_kind_and_the_claims_put_aside_never(
    rows: tuple[Row, ...], capsys: pytest.CaptureFixture[str]
):
    assert lying.main(["--aside", "--errors"]) == 0
    aside = capsys.readouterr().out
    assert aside.startswith("aside:") and all(kind in aside for kind in KINDS)
    assert not any(row.claim in aside for row in rows)
    assert lying.main(["--errors"]) == 0
    build = capsys.readouterr().out
    wrong = [row for row in rows if row.half == "build" and lying.judged(row).supported != row.supported]
    assert wrong and all(row.claim in build for row in wrong)
