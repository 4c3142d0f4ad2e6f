"""Sheets to draw test pages on, by two writers, in the order they come, row by row or mixed up."""

from __future__ import annotations

import io
import random

from fpdf import FPDF
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0


class Sheet:
    """A page to draw on: lengths in points, y from the foot."""

    def __init__(self, family: str) -> None:
        self.family = family
        self.order = "drawn"
        self._waiting: list[tuple[float, float, str, float, bool]] = []

    def text(self, x: float, y: float, text: str, size: float, bold: bool = False) -> None:
        self._waiting.append((x, y, text, size, bold))

    def write(self) -> None:
        """Draw the page's text: in the order it came, row by row over all columns, or mixed up."""
        if self.order == "rows":
            self._waiting.sort(key=lambda one: (-one[1], one[0]))
        elif self.order == "mixed":
            random.Random(len(self._waiting)).shuffle(self._waiting)
        for one in self._waiting:
            self.draw(*one)
        self._waiting.clear()

    def font(self, bold: bool) -> str:
        base = {"Helvetica": "Helvetica", "Times": "Times-Roman", "Courier": "Courier"}[self.family]
        heavy = {"Helvetica": "Helvetica-Bold", "Times": "Times-Bold", "Courier": "Courier-Bold"}[self.family]
        return heavy if bold else base

    def measure(self, text: str, size: float, bold: bool = False) -> float:
        return float(pdfmetrics.stringWidth(text, self.font(bold), size))

    def draw(self, x: float, y: float, text: str, size: float, bold: bool) -> None:
        raise NotImplementedError

    def box(self, x: float, y: float, width: float, height: float, shade: float | None) -> None:
        raise NotImplementedError

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        raise NotImplementedError

    def link(self, x: float, y: float, width: float, height: float, address: str) -> None:
        raise NotImplementedError

    def page(self) -> None:
        raise NotImplementedError

    def done(self) -> bytes:
        raise NotImplementedError


class Reportlab(Sheet):
    def __init__(self, family: str) -> None:
        super().__init__(family)
        self._stream = io.BytesIO()
        self._canvas = Canvas(self._stream, pagesize=(WIDTH, HEIGHT))

    def draw(self, x: float, y: float, text: str, size: float, bold: bool) -> None:
        self._canvas.setFillGray(0)
        self._canvas.setFont(self.font(bold), size)
        self._canvas.drawString(x, y, text)

    def box(self, x: float, y: float, width: float, height: float, shade: float | None) -> None:
        self._canvas.setFillGray(1 if shade is None else shade)
        self._canvas.rect(x, y, width, height, stroke=shade is None, fill=shade is not None)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._canvas.setLineWidth(0.5)
        self._canvas.line(x0, y0, x1, y1)

    def link(self, x: float, y: float, width: float, height: float, address: str) -> None:
        self._canvas.linkURL(address, (x, y, x + width, y + height))

    def page(self) -> None:
        self.write()
        self._canvas.showPage()

    def done(self) -> bytes:
        self._canvas.save()
        return self._stream.getvalue()


class Fpdf(Sheet):
    def __init__(self, family: str) -> None:
        super().__init__(family)
        self._pdf = FPDF(unit="pt", format=(WIDTH, HEIGHT))
        self._pdf.set_auto_page_break(False)
        self._fresh = True

    def _ready(self) -> FPDF:
        if self._fresh:
            self._pdf.add_page()
            self._fresh = False
        return self._pdf

    def draw(self, x: float, y: float, text: str, size: float, bold: bool) -> None:
        pdf = self._ready()
        pdf.set_font(self.family, "B" if bold else "", size)
        pdf.text(x, HEIGHT - y, text)

    def box(self, x: float, y: float, width: float, height: float, shade: float | None) -> None:
        pdf = self._ready()
        if shade is not None:
            pdf.set_fill_color(round(shade * 255))
        pdf.rect(x, HEIGHT - y - height, width, height, style="D" if shade is None else "F")

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._ready().line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def link(self, x: float, y: float, width: float, height: float, address: str) -> None:
        self._ready().link(x, HEIGHT - y - height, width, height, address)

    def page(self) -> None:
        self.write()
        self._ready()
        self._fresh = True

    def done(self) -> bytes:
        return bytes(self._pdf.output())
