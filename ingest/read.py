"""Chooses the reader for a file by its first bytes and its suffix, never by its suffix alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from assistant.errors import CorrectionError, UnreadableError
from ingest.blocks import Reading
from ingest.corrections import Corrections

MAX_BYTES = 25 * 1024 * 1024
_HTML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
# what people take for a document and no reader here opens: office files and archives, pictures, old Word
_OTHER = (
    *(b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc"),
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
)
_SUFFIXES = {
    **dict.fromkeys((".txt", ".text"), "plain"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".htm", ".html"), "html"),
}


def original(path: Path) -> bytes:
    """The bytes of an original. Raises UnreadableError (missing, too_large, and kind for a folder)."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(f"{path}: more than {MAX_BYTES} bytes", file=path.name, why="too_large")
        return path.read_bytes()
    except IsADirectoryError as error:
        raise UnreadableError(f"{path} is a folder", file=path.name, why="kind") from error
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        raise UnreadableError(f"{path}: {error}", file=path.name, why="missing") from error


def read(data: bytes, name: str, corrections: Corrections | None = None) -> Reading:
    """Read a file's content. `name` gives the suffix and stands in messages.

    Raises UnreadableError with file and reason, CorrectionError where a correction doesn't fit.
    """
    try:
        reading = _dispatch(data, format_of(data, name), name, corrections)
    except UnreadableError as error:
        raise UnreadableError(f"{name}: {error}", file=name, why=error.details.get("why", "broken")) from error
    from ingest import unseen

    return replace(reading, warnings=(*reading.warnings, *unseen.warnings(reading)))


def format_of(data: bytes, name: str) -> str:
    """`pdf`, `html`, `markdown` or `plain`. Raises UnreadableError (empty, broken, kind)."""
    suffix = Path(name).suffix.lower()
    if not data.strip():
        raise UnreadableError("the file is empty", why="empty")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if suffix == ".pdf":
        raise UnreadableError("not a PDF", why="broken")
    if data.startswith(_OTHER):
        raise UnreadableError("no reader for this kind of file", why="kind" if suffix not in _SUFFIXES else "binary")
    if suffix in {"", ".txt", ".aspx", ".php"} and _HTML.match(data[:4096]):
        return "html"
    if suffix not in _SUFFIXES:
        raise UnreadableError(f"no reader for {suffix or 'files without a suffix'}", why="kind")
    return _SUFFIXES[suffix]


def _dispatch(data: bytes, kind: str, name: str, corrections: Corrections | None) -> Reading:
    # each reader brings its own libraries, which are imported only for a file that needs them
    if kind in {"pdf", "html"} and corrections is not None and corrections.entries:
        raise CorrectionError(f"{name}: corrections are for text files only", file=corrections.file, line="?")
    if kind == "pdf":
        from ingest import pdf

        return pdf.read(data)
    if kind == "html":
        from ingest import html

        return html.read(data)
    if kind == "markdown":
        from ingest import markdown

        return markdown.read(data, corrections)
    from ingest import plain

    return plain.read(data, corrections)
