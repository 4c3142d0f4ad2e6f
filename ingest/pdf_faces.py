"""Fonts of a PDF as they decode and measure text, and the matrices that place it."""

from __future__ import annotations

from typing import Any

# not in pypdf's public part; the same class that its `extract_text` decodes and measures with
from pypdf.generic._font import Font

Matrix = tuple[float, float, float, float, float, float]
WORD_GAP = 0.16  # of the size: from here on a gap between two strings of one array is a space; kerning stays below 0.12
TRACKED = 1.8  # of the usual gap in letters that are set apart


class Face:
    """A font that decodes and measures strings; what it has seen it remembers."""

    def __init__(self, font: Font, bold: bool) -> None:
        self.bold = bold
        self.space = float(font.space_width)
        self._font = font
        self._seen: dict[bytes, tuple[str, float, int, int]] = {}

    def show(self, data: bytes | str) -> tuple[str, float, int, int]:
        """Text, width in thousandths of the size, number of codes and of one-byte spaces."""
        key = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._decoded(data if isinstance(data, str) else key)
        return found

    def _decoded(self, data: bytes | str) -> tuple[str, float, int, int]:
        font, spaces = self._font, 0
        if isinstance(data, str):
            codes = shown = data
        elif isinstance(font.encoding, str):
            codes = shown = data.decode(font.encoding, "surrogatepass" if len(data) % 2 == 0 else "replace")
        else:
            codes = "".join(map(chr, data))
            shown = "".join(font.encoding.get(byte, chr(byte)) for byte in data)
            spaces = data.count(b" ")
        text = "".join(str(font.character_map.get(char, char)) for char in shown)
        widths = font.character_widths
        default = widths.get("default", 500)
        width = sum(font.space_width if code == font.space_char else widths.get(code, default) for code in codes)
        return text.replace("\x00", ""), float(width), len(codes), spaces

    def blank(self, shown: str, extra: float, size: float) -> float:
        """How far the spaces before the first letter move it; `extra`: what every space gets besides its own width."""
        return (len(shown) - len(shown.lstrip())) * (self.space / 1000 * size + extra)


def multiply(a: Matrix, b: Matrix) -> Matrix:
    """First `a`, then `b`."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point comes to stand."""
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def bold(resource: Any) -> bool:  # noqa: ANN401
    """Whether a font is a heavy one, by its name."""
    name = str(resource.get("/BaseFont", "")).lower()
    return any(word in name for word in ("bold", "black", "heavy", "semibd", "demi"))


def word_gap(parts: list[Any]) -> float:
    """From which shift on, in sizes, two strings are two words; wider where all letters are set apart."""
    singles = [part for part in parts if isinstance(part, str | bytes) and len(part) <= 2]
    shifts = sorted(-float(part) / 1000 for part in parts if isinstance(part, int | float))
    if len(singles) < 4 or len(shifts) < 3:
        return WORD_GAP
    return max(WORD_GAP, TRACKED * shifts[len(shifts) // 2])
