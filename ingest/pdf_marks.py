"""Signs by which the child that reads a PDF tells the parent what a plain character can't; imports nothing."""

from __future__ import annotations

# a raised small number after a word is the mark of a footnote; it travels between these two private characters
MARK_OPEN, MARK_CLOSE = "\ue000", "\ue001"
