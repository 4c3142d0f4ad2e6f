"""Whether a lie of a chat model is struck: `python -m evals.benchmarks.lying [--aside] [--errors]`.

`lying.tsv` holds sentences as a chat model might write them about the library, each with the quotes it cites (" ¶ "
between two, none for a citation of something that does not exist), all written by hand before any rule was tried on
them: corrupted ones by kind of corruption, and true paraphrases. The rules of `assistant.support` may be changed by
looking at the `build` half; of the `aside` half only the figures are looked at, once a change is finished. Prints by kind
the share that the support score strikes, with its Wilson interval.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.support.score import Support, support
from evals.intervals import share

FILE = Path(__file__).resolve().with_suffix(".tsv")
SEPARATOR = " ¶ "
TRUE, FAKE = "true", "fake citation"
# What one rule each is made for; of these nearly all must be struck, of the others most.
SURE = ("number", "date", "name", "school", "negation added", "negation removed", "sector", "injection")
CITATIONS = ("citation moved", FAKE)
OTHERS = ("world knowledge", "facts fused")
KINDS = (*SURE, *CITATIONS, *OTHERS, TRUE)


@dataclass(frozen=True, slots=True)
class Row:
    """A claim, the quotes it cites, how it was corrupted (TRUE: not at all), and whether the quotes support it."""

    half: Literal["build", "aside"]
    kind: str
    claim: str
    quotes: tuple[str, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Struck:
    """How many claims were struck, of how many."""

    struck: int
    of: int


def load_rows(path: Path = FILE) -> tuple[Row, ...]:
    """Read the claims. Raises ValueError, with the line, for a half, kind or label that is unknown."""
    rows: list[Row] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            half, kind, supported = row["half"], row["kind"], row["supported"]
            if half not in ("build", "aside") or kind not in KINDS or supported != ("yes" if kind == TRUE else "no"):
                raise ValueError(f"{path.name}, line {line}: half {half!r}, kind {kind!r}, supported {supported!r}")
            quotes = tuple(quote for quote in row["quotes"].split(SEPARATOR) if quote)
            rows.append(Row(half, kind, row["claim"], quotes, supported == "yes"))  # type: ignore[arg-type]
    return tuple(rows)


def judged(row: Row) -> Support:
    """The support that its quotes give a claim."""
    return support(row.claim, row.quotes)


def tally(rows: Iterable[Row]) -> dict[str, Struck]:
    """Count by kind, in the order of KINDS, the claims that the support score strikes."""
    verdicts: dict[str, list[Support]] = {}
    for row in rows:
        verdicts.setdefault(row.kind, []).append(judged(row))
    return {
        kind: Struck(sum(not one.supported for one in found), len(found))
        for kind in KINDS
        if (found := verdicts.get(kind))
    }


def together(found: Mapping[str, Struck], kinds: Iterable[str]) -> Struck:
    """Several kinds as one."""
    chosen = [found[kind] for kind in kinds if kind in found]
    return Struck(sum(one.struck for one in chosen), sum(one.of for one in chosen))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of the build half; with --aside those of the other half instead, never its claims."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.lying", description=__doc__)
    parser.add_argument("--aside", action="store_true", help="the half put aside; look once a change is finished")
    parser.add_argument("--errors", action="store_true", help="also the claims of the build half judged wrongly")
    options = parser.parse_args(arguments)
    half = "aside" if options.aside else "build"
    rows = [row for row in load_rows() if row.half == half]
    found = tally(rows)
    true = sum(row.supported for row in rows)
    print(f"{half}: {len(rows) - true} corrupted, {true} true; struck:")
    for kind, struck in found.items():
        print(f"  {kind:18} {share(struck.struck, struck.of)}")
    for name, kinds in (("changed or cited", (*SURE, *CITATIONS)), ("the other lies", OTHERS), ("true", (TRUE,))):
        struck = together(found, kinds)
        print(f"{name:20} {share(struck.struck, struck.of)}")
    if options.errors and not options.aside:
        for row in rows:
            verdict = judged(row)
            if verdict.supported == (not row.supported):
                why = ", ".join((*verdict.faults, *verdict.missing))
                print(f"{row.kind}: {row.claim} | {SEPARATOR.join(row.quotes)} ({why})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
