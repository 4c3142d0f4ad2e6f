"""Chooses the reader for a file by its first bytes and its suffix, never by its suffix alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from assistant.errors import CorrectionError, UnreadableError
from ingest.blocks import Reading
from ingest.corrections import Corrections

MAX_BYTES = 25 * 1024 * 1024
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--(?>.*?-->)\s*)*)<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0"  # the file of older office programs, and of newer ones with a password
# what people take for a document and no reader here opens: archives and pictures
_OTHER = (
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc",
    b"BZh",
    b"\xfd7zXZ",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
)
_OFFICE = {"xlsx": "sheet", "ods": "sheet", "pptx": "slides", "odp": "slides", "odt": "text_document"}
_OLD_OFFICE = (
    ("WordDocument", "old_word"),
    ("PowerPoint Document", "slides"),
    ("Workbook", "sheet"),
    ("Book", "sheet"),
)
_SUFFIXES = {
    **dict.fromkeys((".txt", ".text"), "plain"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".htm", ".html", ".xhtml"), "html"),
}
_CONTAINERS = (".pdf", ".docx", ".docm", ".dotx")


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
    """`pdf`, `docx`, `html`, `markdown` or `plain`: what the content is, whatever the name says.

    Raises UnreadableError (empty, broken, binary, kind, encrypted, old_word, rtf, text_document, slides, sheet).
    """
    suffix = Path(name).suffix.lower()
    if not data.strip():
        raise UnreadableError("the file is empty", why="empty")
    if data.startswith((*_ZIP, _COMPOUND, b"{\\rtf")):
        return _office(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OTHER):
        raise UnreadableError("no reader for this kind of file", why="kind" if suffix not in _SUFFIXES else "binary")
    if suffix not in {".md", ".markdown"} and is_html(data):
        return "html"
    if suffix in _CONTAINERS:
        raise UnreadableError(f"not a {suffix} file", why="broken")
    if suffix not in _SUFFIXES:
        raise UnreadableError(f"no reader for {suffix or 'files without a suffix'}", why="kind")
    return _SUFFIXES[suffix]


def is_html(data: bytes) -> bool:
    """Whether the first characters are those of a web page."""
    return _HTML.match(data[:4096].removeprefix(b"\xef\xbb\xbf")) is not None


def _office(data: bytes) -> str:
    """`docx`. Raises UnreadableError for other office files (kind, encrypted, old_word, text_document, slides, sheet)."""
    if data.startswith(_ZIP):
        from ingest.docx_package import holds

        found = holds(data)
        if found == "docx":
            return found
        raise UnreadableError(f"no reader for {found}", why=_OFFICE.get(found, "kind") if found else "broken")
    if data.startswith(_COMPOUND):
        # names of the streams in a compound file stand in it as UTF-16
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableError("protected by a password", why="encrypted")
        kinds = (why for stream, why in _OLD_OFFICE if stream.encode("utf-16-le") in data)
        raise UnreadableError("an old office file", why=next(kinds, "kind"))
    raise UnreadableError("rich text", why="rtf")


def _dispatch(data: bytes, kind: str, name: str, corrections: Corrections | None) -> Reading:
    # each reader brings its own libraries, which are imported only for a file that needs them
    if kind in {"pdf", "html", "docx"} and corrections is not None and corrections.entries:
        raise CorrectionError(f"{name}: corrections are for text files only", file=corrections.file, line="?")
    if kind == "pdf":
        from ingest import pdf

        return pdf.read(data)
    if kind in {"html", "docx"}:
        from ingest import apart

        return apart.read(kind, data)
    if kind == "markdown":
        from ingest import markdown

        return markdown.read(data, corrections)
    from ingest import plain

    return plain.read(data, corrections)
