"""The trained decision: its figures tell what they are named for, and its weights come from rows that may be trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.support.alignment import align
from assistant.support.clauses import read
from assistant.support.decision import decision
from assistant.support.faults import Fault, faults
from assistant.support.features import NAMES, features
from assistant.support.polarity import negative, only_lost, reworded
from assistant.support.score import CONTAINED, LIGHT, REWORDED, SUPPORTED, stretches_of, support
from evals.benchmarks import lying
from evals.training import support as training

EVIDENCE = "De conciërge opent de poort elke dag om acht uur voor de kinderen."


def figures(claim: str, evidence: str) -> dict[str, float]:
    laid = align(read(claim), read(evidence), {})
    return dict(zip(NAMES, features(laid, tuple(faults(laid, LIGHT))).tolist(), strict=True))


def named(claim: str, evidence: str) -> set[Fault]:
    return set(faults(align(read(claim), read(evidence), {}), LIGHT))


def test_there_is_a_weight_for_each_figure_and_none_is_wild():
    assert len(decision().weights) == len(NAMES) == len(set(NAMES))
    assert np.isfinite(decision().weights).all() and np.abs(decision().weights).max() < 20


def test_the_figures_of_the_evidence_itself_miss_nothing():
    found = figures(EVIDENCE, EVIDENCE)
    assert found["containment"] == found["close"] == found["first_held"] == found["last_held"] == 1.0
    assert not any(found[name] for name in NAMES if name.startswith("missing")) and not found["only_adds"]


def test_what_is_added_is_told_from_what_is_said_otherwise():
    added = figures("De conciërge opent de poort en de fietsenstalling.", "De conciërge opent de poort.")
    other = figures("De conciërge ontsluit de poort.", "De conciërge opent de poort.")
    assert added["only_adds"] == 1.0 and added["missing_added"] == added["missing_behind"] == 1.0
    assert other["missing"] > 0 and other["only_adds"] == other["missing_added"] == 0.0


def test_a_difference_counts_by_how_close_the_wording_is():
    claim, evidence = "De coach helpt de leraar.", "De leraar helpt de coach."
    found = figures(claim, evidence)
    assert found["binding"] == 1.0 and found["close_binding"] == found["close"] > 0.5


def test_other_words_for_the_same_pass_and_an_addition_does_not():
    evidence = ["De school stimuleert dat leerlingen meedenken over regels, omdat zij zich dan meer betrokken voelen."]
    told = support("De school moedigt leerlingen aan om mee te denken over de afspraken.", evidence)
    assert SUPPORTED <= told.score <= REWORDED < CONTAINED and told.supported and not told.contained
    more = support("De school betaalt leerlingen een vergoeding uit het noodfonds van de provincie.", evidence)
    assert not more.supported and set(more.missing) >= {"vergoeding", "noodfonds", "provincie"}


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("De poort gaat in maart open.", "De poort gaat open."),
        ("Op het hbo is een coach.", "Op school is een coach."),
        ("De poort gaat 's avonds open.", "De poort gaat open."),
        ("Elke maand is er overleg.", "Er is regelmatig overleg."),
    ],
)
def test_a_sector_or_a_time_stands_there_in_those_words(claim: str, evidence: str):
    assert Fault.EXACT in named(claim, evidence)
    assert not support(claim, [evidence]).supported
    assert Fault.EXACT not in named(claim, claim)


def test_a_denial_in_other_words_is_no_hard_fault_and_a_lost_one_is():
    assert Fault.NEGATION in named("De tuin is groot.", "De tuin is niet groot.")
    evidence, claim = "Er is onvoldoende ruimte voor spel.", "Er is niet genoeg plek om te spelen."
    laid = align(read(claim), read(evidence), {})
    assert Fault.NEGATION not in named(claim, evidence)
    assert negative(read(evidence)) == ("onvoldoende",) and not only_lost(laid)
    assert not reworded(align(read("De tuin is niet groot."), read("De tuin is niet groot."), {}))
    assert Fault.NEGATION in named(
        "Het gaat alleen over geluk.", "Het gaat niet alleen over geluk, maar ook over rust."
    )


def test_who_does_is_not_who_undergoes():
    evidence = "Leerlingen die zelf pesten lopen risico."
    assert Fault.BINDING in named("Leerlingen die gepest worden lopen risico.", evidence)
    assert Fault.BINDING not in named("Leerlingen die pesten lopen risico.", evidence)


def test_items_of_a_list_are_sentences_of_their_own():
    assert stretches_of(["bieden van hulp;", "betrekken van ouders."]) == [
        "bieden van hulp;", "betrekken van ouders.", "bieden van hulp. betrekken van ouders.",
    ]  # fmt: skip


def test_a_fit_finds_the_figure_that_tells_and_is_the_same_twice():
    generator = np.random.default_rng(7)
    rows = generator.normal(size=(200, 3))
    labels = (rows[:, 1] > 0).astype(float)
    made, again = training.fit(rows, labels), training.fit(rows, labels)
    assert made.weights[1] > 5 * max(abs(made.weights[0]), abs(made.weights[2]))
    assert made.bias == again.bias and (made.weights == again.weights).all()
    right = [(made.probability(row) > 0.5) == label for row, label in zip(rows, labels, strict=True)]
    assert np.mean(right) > 0.95


def test_nothing_put_aside_is_trained_on():
    rows = training.load_rows()
    assert sum(row.part == "own" for row in rows) >= 500
    aside = [row for row in lying.load_rows() if row.half == "aside"]
    assert not {row.claim for row in rows} & {row.claim for row in aside}
    own = {quote for row in rows if row.part == "own" for quote in row.quotes}
    assert own and not own & {quote for row in aside for quote in row.quotes}


def test_a_row_with_a_wrong_label_is_told_with_its_line(tmp_path: Path):
    file = tmp_path / "support.tsv"
    file.write_text("kind\tclaim\tquotes\tsupported\ntrue\tA.\tB.\tyes\nnumber\tA.\tB.\tyes\n", "utf-8")
    with pytest.raises(ValueError, match=r"support\.tsv, line 3"):
        training.load_rows(file)


def test_folds_are_by_quote_and_what_is_written_can_be_read_back():
    rows = [training.laid(row) for row in training.load_rows()[::6]]
    scores = training.cross_validated(rows)
    lines = list(training.table(rows, scores))
    assert len(lines) == 3 * len(training.THRESHOLDS) and all("true" in line for line in lines)
    text = training.written(training.train(rows), len(rows), lines)
    assert text.count(" = ") >= len(NAMES) + 1 and all(f"\n{name} = " in text for name in NAMES)
