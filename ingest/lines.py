"""Lines of a text document with what was done to them: the form in which corrections and cleaning work."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.errors import UnreadableError
from assistant.types import Kind
from ingest.blocks import Edit


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the original (`number` from 1) as it stands after the edits so far.

    `side`: "L" or "R" for the half of a line with two columns, "A" or "B" for the parts of a split line.
    `level`: heading level set by an editor, 0 where an editor says "running text", None where the shape decides.
    `edits`: offsets into `text`. `cuts`: what was left out or moved just before this line.
    `starts` / `follows`: an editor says that a block starts here / that the line continues the block before it.
    """

    number: int
    text: str
    side: str = ""
    page: int | None = None
    level: int | None = None
    kind: Kind | None = None
    edits: tuple[Edit, ...] = ()
    cuts: tuple[Edit, ...] = ()
    starts: bool = False
    follows: bool = False

    @property
    def label(self) -> str:
        """How corrections name this line: its number and, for a part of a line, its side."""
        return f"{self.number}{self.side}"

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on the line."""
        return not self.text.strip()


def decode(data: bytes) -> str:
    """Decode a plain file: UTF-8, UTF-16 with its mark, else Windows-1252 (old office exports).

    Raises UnreadableError ("empty" or "binary").
    """
    if not data.strip():
        raise UnreadableError("file is empty", why="empty")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UnreadableError("broken UTF-16", why="broken") from error
    if b"\0" in data:
        raise UnreadableError("file holds zero bytes, so it is not text", why="binary")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    controls = sum(1 for char in text if ord(char) < 32 and char not in "\n\r\t\f")
    if controls > len(text) // 100:
        raise UnreadableError("file holds control characters, so it is not text", why="binary")
    return text


def numbered(text: str) -> list[Line]:
    """Split `text` in lines, numbered from 1; carriage returns and form feeds go with the line break."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return [Line(number, line.replace("\f", " ")) for number, line in enumerate(unified.split("\n"), start=1)]


def rewrite(line: Line, start: int, end: int, after: str, rule: str, *, repair: bool, reason: str = "") -> Line:
    """Replace `line.text[start:end]` by `after` and record it; earlier edits keep their place."""
    edit = Edit(rule, line.number, line.text[start:end], after, start, start + len(after), repair, reason)
    kept = shifted(line.edits, start, end, len(after))
    return replace(line, text=line.text[:start] + after + line.text[end:], edits=(*kept, edit))


def shifted(edits: Sequence[Edit], start: int, end: int, length: int) -> list[Edit]:
    """Edits after `[start, end)` of their text became `length` characters long."""
    delta = length - (end - start)

    def move(at: int) -> int:
        if at <= start:
            return at
        return at + delta if at >= end else min(at, start + length)

    return [replace(edit, start=move(edit.start), end=max(move(edit.start), move(edit.end))) for edit in edits]


def respace(line: Line) -> Line:
    """One space for each run of white space and none at the ends; no edit, as nothing printed changes."""
    if line.text == " ".join(line.text.split()):
        return line
    out: list[str] = []
    places: list[int] = []
    for char in line.text:
        places.append(len(out))
        if not char.isspace():
            out.append(char)
        elif out and out[-1] != " ":
            out.append(" ")
    places.append(len(out))
    text = "".join(out).rstrip()
    limit = len(text)
    moved = (replace(e, start=min(places[e.start], limit), end=min(places[e.end], limit)) for e in line.edits)
    return replace(line, text=text, edits=tuple(moved))


def drop(lines: Sequence[Line], unwanted: Callable[[Line], str | None]) -> tuple[list[Line], tuple[Edit, ...]]:
    """Leave out the lines for which `unwanted` names a rule; each goes as a cut to the next line kept.

    Returns the lines kept and the cuts after the last of them.
    """
    kept: list[Line] = []
    pending: list[Edit] = []
    for line in lines:
        rule = unwanted(line)
        if rule is not None:
            pending.extend(line.cuts)
            pending.append(Edit(rule, line.number, line.text, "", 0, 0, False))
        elif line.blank:
            kept.append(line)
        else:
            kept.append(replace(line, cuts=(*pending, *line.cuts)))
            pending = []
    return kept, tuple(pending)
