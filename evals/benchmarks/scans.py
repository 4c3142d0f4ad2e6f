"""How well scanned pages are read: `python -m evals.benchmarks.scans [--dpi 200 …] [--render 300 …]`.

Pages of our own text are set in one and two columns, rendered as a scanner would at the given resolutions, damaged as
paper and copiers do, and read back. Prints per damage the share of the words that came back, how many of those read are
right, and the seconds per page on one core. `--render` compares resolutions at which the reader itself draws a page.
"""

from __future__ import annotations

import argparse
import io
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2
from fpdf import FPDF
from PIL import Image, ImageFilter

from ingest import ocr_page

HEADING = "Samen bouwen aan een veilig schoolklimaat"
PARAGRAPHS = (
    "Welbevinden is geen project dat je na een jaar afrondt. Het zit in de begroeting bij de deur, in de manier waarop "
    "een mentor een moeilijk gesprek opent en in de ruimte die leerlingen krijgen om mee te beslissen. Scholen die dit "
    "vasthouden, spreken af wie wat doet en leggen die afspraken vast in het schoolplan.",
    "Van de 1.248 leerlingen die de vragenlijst invulden, voelt 87,5% zich thuis op school; in 2019 was dat 82%. Bij "
    "meisjes in de bovenbouw van havo en vwo ligt de ervaren druk hoger (41%) dan bij jongens (23%). De verschillen "
    "tussen vestigingen zijn klein: tussen 3 en 5 procentpunt.",
    "“Wij dachten dat we alles al deden”, zegt een teamleider uit Zwolle. “Pas toen we de dagindeling naast de wensen "
    "van leerlingen legden, zagen we hoe weinig pauze er overbleef.” Sindsdien begint de dag om 08.45 uur en is er "
    "tussen het tweede en derde lesuur een kwartier zonder opdrachten.",
    "Een sociaal-emotionele aanpak werkt beter als ouders/verzorgers, de intern begeleider, het wijkteam en de GGD elkaar "
    "kennen. Reserveer daarvoor twee bijeenkomsten per jaar. Nodig ook een ervaringsdeskundige uit; coördinatie en "
    "financiën liggen bij de directie, niet bij de vakdocent.",
    "Let op vroege signalen: vaak te laat komen, hoofdpijn, terugtrekken, of juist opvallend druk gedrag. Bespreek ze "
    "binnen twee weken in het ondersteuningsteam, en noteer alleen wat nodig is. Vragen? Mail naar info@voorbeeld.nl of "
    "kijk op www.voorbeeld.nl/schoolklimaat.",
)
NOTE = "1 Percentages zijn afgerond; leerlingen die geen antwoord gaven (n = 36) zijn niet meegeteld."
_WORD = re.compile(r"[^\W_]+(?:[.,@/’'-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Result:
    """Shares of words, from 0 to 1: of those printed that came back, and of those read that were printed."""

    recall: float
    precision: float
    seconds: float


def page(columns: int = 1, family: str = "Helvetica", size: float = 10.5) -> bytes:
    """A PDF of one A4 page with a heading, the paragraphs and a note in small type."""
    pdf = FPDF(format="A4")
    pdf.set_margin(20)
    pdf.set_auto_page_break(True, 35)
    pdf.add_page()
    pdf.set_font(family, "B", 17)
    pdf.multi_cell(0, 9, HEADING, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.set_font(family, size=size)
    with pdf.text_columns(ncols=columns, gutter=7, text_align="J", line_height=1.25) as column:
        for text in PARAGRAPHS * 2:
            column.write(_latin(text) + "\n\n")
    pdf.set_auto_page_break(False)
    pdf.set_y(-28)
    pdf.set_font(family, size=8)
    pdf.cell(0, 4, NOTE)
    return bytes(pdf.output())


def printed() -> str:
    """What stands on such a page."""
    return "\n".join((HEADING, *map(_latin, PARAGRAPHS * 2), NOTE))


def _latin(text: str) -> str:
    """The built-in faces of PDF have the straight quotation marks only."""
    return text.replace("“", '"').replace("”", '"')


def _turned(degrees: float) -> Callable[[Image.Image], Image.Image]:
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, expand=degrees % 90 == 0, fillcolor=255)


def _speckled(image: Image.Image) -> Image.Image:
    chance = np.random.default_rng(7).random((image.height, image.width))
    grey = np.asarray(image).copy()
    grey[chance < 0.004] = 0
    grey[chance > 0.996] = 255
    return Image.fromarray(grey)


def _shadowed(image: Image.Image) -> Image.Image:
    light = np.linspace(1.0, 0.45, image.width)[None, :]
    return Image.fromarray((np.asarray(image) * light).astype(np.uint8))


DAMAGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean": lambda image: image,
    "skewed 1.7 degrees": _turned(1.7),
    "skewed -3.2 degrees": _turned(-3.2),
    "a quarter turn": _turned(90),
    "a quarter back": _turned(270),
    "upside down": _turned(180),
    "specks": _speckled,
    "grey on grey": lambda image: image.point(lambda value: 120 + value * 60 // 255),
    "shadow of a fold": _shadowed,
    "out of focus": lambda image: image.filter(ImageFilter.GaussianBlur(1.0)),
    "copied in black and white": lambda image: image.filter(ImageFilter.GaussianBlur(0.7)).point(
        lambda value: 255 if value > 150 else 0
    ),
}


def scan(pdf: bytes, dpi: int, damage: str = "clean", quality: int = 60) -> bytes:
    """The pages of a PDF as a scanner would deliver them: pictures in a PDF, as JPEG."""
    pages = [
        DAMAGES[damage](page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L"))
        for page in pypdfium2.PdfDocument(pdf)
    ]
    target = io.BytesIO()
    pages[0].save(target, "PDF", resolution=dpi, save_all=True, append_images=pages[1:], quality=quality)
    return target.getvalue()


def words(text: str) -> Counter[str]:
    """Words and numbers in small letters, as a reader would look for them."""
    return Counter(_WORD.findall(text.lower()))


def compared(truth: str, read: str) -> tuple[float, float]:
    """Recall and precision of the words, each as often as it stands there."""
    wanted, found = words(truth), words(read)
    common = (wanted & found).total()
    return common / wanted.total(), common / max(found.total(), 1)


def measure(data: bytes, truth: str, render: int) -> Result:
    """Read the first page of a scan, drawn at `render` dots per inch."""
    began = time.perf_counter()
    found = next(iter(ocr_page.read(data, [1], dpi=render)))
    seconds = time.perf_counter() - began
    return Result(*compared(truth, "\n".join(line[0] for line in found.get("lines", ()))), seconds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line per resolution, setting and damage, and the means."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dpi", type=int, nargs="+", default=[200], help="of the scanner")
    parser.add_argument("--render", type=int, nargs="+", default=[ocr_page.DPI], help="of the reader")
    parser.add_argument("--family", nargs="+", default=["Helvetica", "Times"], help="faces of the print")
    chosen = parser.parse_args(arguments)
    for render in chosen.render:
        for dpi in chosen.dpi:
            results = []
            for damage in DAMAGES:
                for family, columns in zip(chosen.family, (1, 2), strict=False):
                    result = measure(scan(page(columns, family), dpi, damage), printed(), render)
                    results.append(result)
                    print(
                        f"scanned at {dpi}, drawn at {render}, {family}, {columns} column(s), {damage}: "
                        f"recall {result.recall:.3f}, precision {result.precision:.3f}, {result.seconds:.1f} s"
                    )
            _tell(dpi, render, results)
    return 0


def _tell(dpi: int, render: int, results: Sequence[Result]) -> None:
    recalls = [result.recall for result in results]
    seconds = [result.seconds for result in results]
    print(
        f"= scanned at {dpi}, drawn at {render}: recall {np.mean(recalls):.4f} on average, {min(recalls):.3f} at worst, "
        f"{np.mean(seconds):.1f} s a page"
    )


if __name__ == "__main__":
    raise SystemExit(main())
