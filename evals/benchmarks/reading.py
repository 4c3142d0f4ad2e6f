"""How well PDFs are read: words found again and sentences in order, beside pypdf's plain extraction; and how fast.

`python -m evals.benchmarks.reading [FILE.pdf ...]`: without files it draws pages of its own (by `tests/layouts.py`, so from
a checkout); with files, whose truth nobody knows, it tells time, blocks and kinds.
"""

from __future__ import annotations

import importlib
import io
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from assistant.types import Kind
from ingest import pdf, pdf_text

SEEDS = range(6)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Score:
    """`recall`: share of the words found again; `order`: Kendall's tau over sentences; `whole`: sentences found unbroken."""

    recall: float
    order: float
    whole: float


def score(truth: Sequence[str], text: str) -> Score:
    """Compare a reading with the sentences in their true order; each has a word of its own, by which it is placed."""
    wanted = Counter(word for sentence in truth for word in _WORD.findall(sentence.lower()))
    found = Counter(_WORD.findall(text.lower()))
    recall = sum(min(count, found[word]) for word, count in wanted.items()) / sum(wanted.values())
    flat = " ".join(text.split())
    places = [place for sentence in truth if (place := _place(sentence, wanted, flat)) >= 0]
    whole = sum(1 for sentence in truth if " ".join(sentence.split()) in flat) / len(truth)
    return Score(recall, tau(places), whole)


def _place(sentence: str, wanted: Counter[str], text: str) -> int:
    own = [word for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*", sentence) if wanted[word.lower()] == 1]
    return next((place for word in own if (place := text.find(word)) >= 0), -1)


def tau(places: Sequence[int]) -> float:
    """Kendall's tau of the places of sentences against their true order: 1 in order, -1 reversed."""
    pairs = len(places) * (len(places) - 1) // 2
    swapped = sum(1 for at, place in enumerate(places) for other in places[at + 1 :] if other < place)
    return 1.0 - 2.0 * swapped / pairs if pairs else 1.0


def ours(data: bytes) -> str:
    """The text as it would be stored, without what is left aside as noise."""
    return "\n".join(block.text for block in pdf.read(data).blocks if block.kind is not Kind.NOISE)


def plain(data: bytes) -> str:
    """What pypdf's own extraction gives."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def seconds(data: bytes) -> tuple[float, float]:
    """Processor seconds of the text part and of pypdf's bare extraction, one after the other in one process."""
    start = time.process_time()
    for _ in pdf_text.pages(data):
        pass
    middle = time.process_time()
    plain(data)
    return middle - start, time.process_time() - middle


def main(files: Sequence[str]) -> None:
    """Print the tables."""
    if files:
        for name in files:
            _file(Path(name))
        return
    layouts: Any = importlib.import_module("tests.layouts")
    print(f"{'layout':18} {'recall':>8} {'order':>7} {'whole':>7}   pypdf: {'recall':>7} {'order':>7} {'whole':>7}")
    for layout in layouts.LAYOUTS:
        scores = []
        for seed in SEEDS:
            data, truth = layouts.drawn(layout, seed)
            sentences = [sentence for sentence, _ in truth.sentences]
            scores.append((score(sentences, ours(data)), score(sentences, plain(data))))
        worst = [min(getattr(pair[side], name) for pair in scores) for side in (0, 1) for name in Score.__slots__]
        print("{:18} {:8.4f} {:7.4f} {:7.4f}          {:7.4f} {:7.4f} {:7.4f}".format(layout, *worst))


def _file(path: Path) -> None:
    data = path.read_bytes()
    own, bare = seconds(data)
    reading = pdf.read(data)
    kinds = Counter(str(block.kind) for block in reading.blocks)
    print(
        f"{path.name}: {len(reading.page_labels)} pages, text part {own:.2f} s, pypdf {bare:.2f} s ({own / bare:.2f}x)"
    )
    print(f"  {dict(kinds)}")
    for warning in reading.warnings:
        print(f"  {warning}")


if __name__ == "__main__":
    main(sys.argv[1:])
