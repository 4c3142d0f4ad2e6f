"""Opens a Word file so that nothing in it can do harm: sizes checked before anything is unpacked, macros never run.

A `.docx` is a zip of XML parts. python-docx parses them without following entities; it refuses documents with macros
and those of the strict form of the standard, so both are brought to the usual form first, in memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.errors import UnreadableError

if TYPE_CHECKING:
    from docx.document import Document

# A thesis of 500 pages has some 5 MB of XML and 300 parts; lxml takes about ten times the size of the XML in memory.
MAX_PARTS = 5_000
MAX_UNPACKED = 200 << 20
MAX_XML = 40 << 20
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_KINDS = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document|template)\.macroEnabled(?:Template)?"
    rb"|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml",
    re.IGNORECASE,
)
_FORMS = "http://schemas.openxmlformats.org/"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", f"{_FORMS}officeDocument/2006/".encode()),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/", f"{_FORMS}wordprocessingml/2006/".encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/", f"{_FORMS}drawingml/2006/".encode()),
)
_TEXT = (".xml", ".rels")
_ODF = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}


def holds(data: bytes) -> str:
    """What a zip holds: `docx`, `xlsx`, `pptx`, `odt`, `ods`, `odp`, `zip` for anything else, `` for a damaged one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()[: MAX_PARTS + 1]}
            if "mimetype" in names:
                stated = archive.open("mimetype").read(100).decode("ascii", "replace")
                return next((kind for word, kind in _ODF.items() if f"opendocument.{word}" in stated), "zip")
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, KeyError, EOFError):
        return "docx" if b"word/document.xml" in data else ""
    if "[content_types].xml" not in names:
        return "zip"
    parts = (("word/document", "docx"), ("xl/workbook", "xlsx"), ("ppt/presentation", "pptx"))
    return next((kind for start, kind in parts if any(name.startswith(start) for name in names)), "zip")


def open_document(data: bytes) -> Document:
    """Open a Word document. Raises UnreadableError (too_large, encrypted, broken)."""
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _measure(archive)
            usual = _rewritten(archive)
        return docx.Document(usual or io.BytesIO(data))
    except UnreadableError:
        raise
    except Exception as error:  # python-docx raises nearly every built-in kind on damaged files
        raise UnreadableError(f"not a Word document: {error!r}", why="broken") from error


def _measure(archive: zipfile.ZipFile) -> None:
    """Refuse what would grow too large; zipfile never unpacks more of a part than the size stated here."""
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError("the zip is encrypted", why="encrypted")
    xml = sum(part.file_size for part in parts if part.filename.lower().endswith(_TEXT))
    if len(parts) > MAX_PARTS or xml > MAX_XML or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UnreadableError(f"{len(parts)} parts, {xml} bytes of XML", why="too_large")


def _rewritten(archive: zipfile.ZipFile) -> io.BytesIO | None:
    """The same file as a usual Word document, or None where it is one."""
    types = archive.read("[Content_Types].xml")
    strict = b"purl.oclc.org" in archive.read("_rels/.rels")
    if not strict and not _KINDS.search(types):
        return None
    usual = io.BytesIO()
    change: Callable[[bytes], bytes] = _transitional if strict else bytes
    with zipfile.ZipFile(usual, "w", zipfile.ZIP_STORED) as copy:
        for name in dict.fromkeys(archive.namelist()):
            content = archive.read(name)
            if name == "[Content_Types].xml":
                content = _KINDS.sub(_MAIN.encode(), content)
            copy.writestr(name, change(content) if name.lower().endswith(_TEXT) else content)
    usual.seek(0)
    return usual


def _transitional(content: bytes) -> bytes:
    for strict, usual in _STRICT:
        content = content.replace(strict, usual)
    return content
