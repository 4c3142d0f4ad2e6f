"""300 damaged and hostile files with fixed seeds, and a program that reads them as an editor's file is read.

`python mutants.py INDEX …` reads those and prints one JSON line each, then its own greatest memory in bytes. It runs
as a process of its own, so that this memory is that of the reading alone.
"""

from __future__ import annotations

import io
import json
import random
import re
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import bombs

TOTAL = 300
# take 8 s and more, most of them because they are held until their time is over; read only where all are
HEAVY = frozenset(
    f"{kind}: {what}"
    for kind, names in {
        "pdf": "page of 20,000 points|page of no size|page of a billion points|forms that show each other 10^12 times|"
        "a million letters a dot apart|a million saved states|200,000 objects|picture of 1.6 billion dots",
        "docx": "half a million paragraphs|100,000 paragraphs of text|one paragraph of 5 million letters",
        "html": "100,000 paragraphs|50,000 invisible letters|50,000 collapsed parts|300,000 attributes|"
        "10 million open brackets|tables 5,000 deep",
    }.items()
    for what in names.split("|")
)
PARAGRAPH = (
    "Leerlingen die zich veilig voelen, leren beter. Daarom begroet iedere leraar de klas bij de deur en is er na de "
    "lunch een kwartier zonder opdrachten. In 2023 gaf 64% van de scholen aan dat dit het verzuim verlaagt. "
)
Change = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file to read: what was done to it, its name, and how to make its bytes."""

    what: str
    name: str
    make: Callable[[], bytes]


@cache
def plain_pdf(compressed: bool = True) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_compression(compressed)
    for page in range(3):
        pdf.add_page()
        pdf.set_font("Helvetica", "B", 16)
        pdf.multi_cell(0, 9, f"Hoofdstuk {page + 1}", new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Helvetica", size=11)
        pdf.multi_cell(0, 6, PARAGRAPH * 3)
    return bytes(pdf.output())


@cache
def packed_pdf() -> bytes:
    """With object streams and a table of places that is a stream, as most programs write today."""
    import pypdfium2
    from pypdf import PdfWriter

    writer = PdfWriter(io.BytesIO(plain_pdf()))
    for page in writer.pages:
        page.compress_content_streams()
    out = io.BytesIO()
    writer.write(out)
    again = io.BytesIO()
    pypdfium2.PdfDocument(out.getvalue()).save(again)
    return again.getvalue()


@cache
def word(stored: bool = False) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Rust in de klas", 1)
    document.add_paragraph(PARAGRAPH * 2)
    for text in ("Begroet iedereen.", "Plan een pauze.", "Vraag wat helpt."):
        document.add_paragraph(text, style="List Bullet")
    table = document.add_table(2, 2)
    for at, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"Cel {at} over rust"
    out = io.BytesIO()
    document.save(out)
    if not stored:
        return out.getvalue()
    again = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return again.getvalue()


@cache
def web() -> bytes:
    rows = "".join(f"<tr><td>Groep {n}</td><td>{n * 3} leerlingen</td></tr>" for n in range(1, 6))
    return (
        '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Rust in de klas</title></head><body>'
        f'<nav><a href="/">Begin</a></nav><main><h1>Rust in de klas</h1><p>{PARAGRAPH * 2}</p><h2>Wat helpt</h2>'
        f"<ul><li>Begroeten bij de deur</li><li>Een pauze zonder opdrachten</li></ul><table>{rows}</table>"
        f"<details><summary>En thuis?</summary><p>{PARAGRAPH}</p></details></main></body></html>"
    ).encode()


def flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 4, 32, 256))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncated(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(1, len(data))]


def cut(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.randrange(1, len(data) // 3) :]


def doubled(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    part = data[start : start + rng.randrange(1, len(data) // 3)]
    return data[:start] + part * rng.choice((2, 3, 50)) + data[start:]


def blanked(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    part = data[start : start + rng.randrange(1, len(data) // 4)]
    return data[:start] + rng.choice((b"\0", b"\xff", b" ")) * len(part) + data[start + len(part) :]


def renumbered(data: bytes, rng: random.Random) -> bytes:
    """Other numbers: lengths, counts, places, references."""
    found = list(re.finditer(rb"\d+", data))
    changed = bytearray(data)
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 5, 40)))), key=lambda m: -m.start()):
        changed[match.start() : match.end()] = rng.choice((b"0", b"1", b"3", b"-1", b"4294967296", b"99999999999999"))
    return bytes(changed)


def shuffled(data: bytes, rng: random.Random) -> bytes:
    parts = [data[at : at + len(data) // 12] for at in range(0, len(data), len(data) // 12)]
    rng.shuffle(parts)
    return b"".join(parts)


def joined(data: bytes, rng: random.Random) -> bytes:
    other = rng.choice((plain_pdf(), word(), web()))
    return data + other if rng.random() < 0.5 else other[: len(other) // 2] + data


CHANGES: tuple[Change, ...] = (flipped, truncated, cut, doubled, blanked, renumbered, shuffled, joined)
SOURCES: tuple[tuple[str, Callable[[], bytes]], ...] = (
    (".pdf", plain_pdf),
    (".docx", word),
    (".html", web),
    (".pdf", lambda: plain_pdf(False)),
    (".docx", lambda: word(True)),
    (".html", web),
    (".pdf", packed_pdf),
)
ENDINGS = (".pdf", ".docx", ".html", ".txt", ".md", "", ".doc", ".PDF")


def mutants() -> list[Mutant]:
    """All of them, in an order in which any stretch holds some of each kind."""
    made = [
        Mutant(f"{kind}: {what}", f"bom.{kind}", make)
        for kind, group in (("pdf", bombs.PDF), ("docx", bombs.DOCX), ("html", bombs.HTML))
        for what, make in group.items()
    ]
    for source in (plain_pdf, word, web, lambda: random.Random(1).randbytes(5000)):
        made += [Mutant(f"wrong ending {ending}", f"verkeerd{ending}", source) for ending in ENDINGS]
    seed = 0
    while len(made) < TOTAL:
        ending, source = SOURCES[seed % len(SOURCES)]
        change = CHANGES[seed % len(CHANGES)]
        made.append(Mutant(f"{change.__name__} {ending} {seed}", f"kapot{ending}", _changed(source, change, seed)))
        seed += 1
    random.Random(5).shuffle(made)
    return made


def _changed(source: Callable[[], bytes], change: Change, seed: int) -> Callable[[], bytes]:
    return lambda: change(source(), random.Random(seed))


def outcome(mutant: Mutant) -> dict[str, object]:
    """How reading it ended: `read` passages, or the Dutch line that `reported` it; a `crash` is neither."""
    from assistant.errors import WelwijzerError
    from assistant.texts_nl import error_line
    from assistant.types import Source
    from ingest.passages import TARGET, assemble
    from ingest.read import read

    source = Source(
        id="kapot", title="Kapot", publishers=("Test",), published=None, url=None, kind="bestand", language="nl",
        sectors=(), audience=(), rights="", file=mutant.name, origin="added",
    )  # fmt: skip
    data = mutant.make()
    began = time.monotonic()
    result: dict[str, object] = {"what": mutant.what, "bytes": len(data)}
    try:
        document = assemble(source, read(data, mutant.name), "0" * 64, TARGET)
        # what the library stores and prints must be text that a file can hold
        result["read"] = len(document.passages)
        result["letters"] = len(document.text.encode("utf-8"))
    except WelwijzerError as error:
        result["reported"] = error_line(error)
        result["why"] = str(error)
    except BaseException as error:
        result["crash"] = repr(error)
    return result | {"seconds": round(time.monotonic() - began, 2)}


def results(chosen: Sequence[Mutant], workers: int = 2) -> Iterator[dict[str, object]]:
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(outcome, chosen)


def main() -> None:
    every = mutants()
    out = sys.stdout
    for result in results([every[int(index)] for index in sys.argv[1:]]):
        out.write(json.dumps(result) + "\n")
        out.flush()
    out.write(json.dumps({"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}) + "\n")


if __name__ == "__main__":
    main()
