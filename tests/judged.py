"""A small run to judge, and an editor who fills in its sheet by script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from evals.compare import SavedRun
from evals.judging.sheet import HIDDEN, SHOWN

LABEL, REMARK = 1 + SHOWN.index("label"), 1 + SHOWN.index("remark")
COLUMN = {name: 1 + place for place, name in enumerate((*SHOWN, *HIDDEN))}
BEFORE, AFTER = "De school ligt aan het water. ", " De juf helpt mee."


def citation(number: int, quote: str, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": "De krant",
        "page": 7,
        "page_label": "9",
        "section": "Sport",
        "quote": quote,
        **more,
    }


def record(
    case: str, part: str, passed: bool, outcome: str = "answered", texts: tuple[str, ...] = ()
) -> dict[str, Any]:
    number = case.split("-")[-1]
    texts = texts or (f"Zin één over {number}.", f"Zin twee over {number}.")
    told = outcome in ("answered", "partial")
    own = {"text": "Daarover staat niets in de bronnen.", "citations": [], "own": True}
    sentences = [{"text": text, "citations": [n], "own": False} for n, text in enumerate(texts, 1)]
    cited = [citation(n, text, before=BEFORE, after=AFTER) for n, text in enumerate(texts, 1)]
    return {
        "id": case, "set": part, "turns": ["Wat eerst?", f"Vraag {number}?"], "expected": "verwachting", "passed": passed,
        "scores": {"passed": float(passed)},
        "answer": {
            "outcome": outcome, "notices": ["Let op."], "statements": sentences if told else [own],
            "citations": cited if told else [], "nearest": [] if told else [citation(1, "Dichtbij gevonden.")],
        },
    }  # fmt: skip


def run_of(*records: dict[str, Any]) -> SavedRun:
    made = {"made_with": {"code": "12345e6789012345", "corpus": "bbbb"}, "figures": []}
    return SavedRun("map", made, {}, {one["id"]: one for one in records})


RUN = run_of(
    *(record(f"kern-{n}", "kern", n % 2 == 0) for n in range(12)),
    *(record(f"taal-{n}", "taal", n % 2 == 0) for n in range(4)),
    record("weg-1", "afwezig", True, "no_evidence"),
    record("weg-2", "afwezig", False, "no_evidence"),
)
TRICKY = run_of(
    record("formule", "kern", True, texts=("=1+1 is twee", "- eerste\n- tweede", "@home \x07 en +3%", "'=aanhaling")),
    record("nog-een", "kern", False),
)


def fill_in(path: Path, label_of: Any, remark: str = "") -> None:
    book = load_workbook(path, rich_text=True)
    sheet = book["beoordelen"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, LABEL).value = label_of(sheet.cell(row, COLUMN["kind"]).value, row)
        sheet.cell(row, REMARK).value = remark
    book.save(path)


def best(kind: str, _row: int) -> str:
    return "volledig" if kind == "supported" else "helpt"


def change(path: Path, row: int, column: int, value: object) -> None:
    book = load_workbook(path, rich_text=True)
    book["beoordelen"].cell(row, column).value = value  # type: ignore[assignment]
    book.save(path)
