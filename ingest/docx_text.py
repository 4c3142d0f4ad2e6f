"""The text of one paragraph of a Word document as a reader sees it: fields shown, deletions and hidden letters left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml import etree

from ingest.docx_styles import Styles, value
from ingest.unseen import LEAST_PIXELS, SAME_COLOUR

# what may stand around runs without changing what is read
_AROUND = frozenset({"ins", "moveTo", "smartTag", "fldSimple", "customXml", "bdo", "dir", "sdtContent", "rubyBase"})
_DELETED = frozenset({"del", "moveFrom"})
_MARKS = {"tab": " ", "ptab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_PLAIN_TABLES = frozenset({"TableGrid", "TableNormal", "Tabelraster", "Standaardtabel"})
_WHITE = 255 - SAME_COLOUR
_LEAST_POINTS = LEAST_PIXELS * 0.75
MAX_DEPTH = 100  # elements inside elements; real documents have some twenty


def tag(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one look. `address`: where they lead, if they are a link."""

    text: str
    bold: bool
    size: float
    address: str | None = None


@dataclass(slots=True)
class Spoken:
    """What a paragraph holds: its letters, the notes it refers to (kind and id), and the text boxes anchored in it."""

    pieces: list[Piece] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The letters with single spaces."""
        return " ".join("".join(piece.text for piece in self.pieces).split())

    @property
    def bold(self) -> bool:
        """Whether all letters are bold."""
        return all(piece.bold for piece in self.pieces if piece.text.strip())

    @property
    def size(self) -> float:
        """Size in points of most of the letters, 0 where there are none."""
        sizes: Counter[float] = Counter()
        for piece in self.pieces:
            sizes[piece.size] += len(piece.text.strip())
        return sizes.most_common(1)[0][0] if sizes else 0.0

    @property
    def address(self) -> str | None:
        """Where the paragraph leads if it is one link and nothing else."""
        addresses = {piece.address for piece in self.pieces if piece.text.strip()}
        return addresses.pop() if len(addresses) == 1 else None


@dataclass(slots=True)
class _Field:
    """A field such as a page reference: its instruction is no text, its result is."""

    instruction: str = ""
    shows: bool = False


class Speaker:
    """Reads paragraphs in order; fields may begin in one and end in another.

    `link` gives the address behind a relationship's id. `hidden`: texts that a reader never sees. `deleted`: how many
    tracked deletions were left out.
    """

    def __init__(self, styles: Styles, link: Callable[[str], str | None]) -> None:
        self.hidden: list[str] = []
        self.deleted = 0
        self._styles = styles
        self._link = link
        self._fields: list[_Field] = []

    @property
    def in_contents(self) -> bool:
        """Whether a table of contents or of figures, or an index, is open."""
        return any(field.instruction.split()[:1] in (["TOC"], ["INDEX"], ["TOA"]) for field in self._fields)

    def read(self, paragraph: etree._Element) -> Spoken:
        """What the paragraph says."""
        spoken, unseen = Spoken(), list[str]()
        for piece in self._walk(paragraph, paragraph, spoken, unseen, None, 0):
            spoken.pieces.append(piece)
        if text := " ".join("".join(unseen).split()):
            self.hidden.append(text)
        return spoken

    def _walk(
        self,
        element: etree._Element,
        paragraph: etree._Element,
        spoken: Spoken,
        unseen: list[str],
        address: str | None,
        depth: int,
    ) -> Iterator[Piece]:
        for child in element if depth < MAX_DEPTH else ():
            name = tag(child)
            if name == "r":
                yield from self._run(child, paragraph, spoken, unseen, address)
            elif name in _DELETED:
                self.deleted += any(True for _ in child.iter(qn("w:delText"), qn("w:t")))
            elif name in {"oMath", "oMathPara"}:
                text = "".join(part.text or "" for part in child.iter(f"{_MATH}t"))
                yield Piece(text, False, 0.0, address)
            elif name == "sdt":
                if child.find("/".join((qn("w:sdtPr"), qn("w:showingPlcHdr")))) is None:
                    yield from self._walk(child, paragraph, spoken, unseen, address, depth + 1)
            elif name == "hyperlink":
                leads = self._link(child.get(qn("r:id")) or "")
                yield from self._walk(child, paragraph, spoken, unseen, leads or address, depth + 1)
            elif name in _AROUND:
                yield from self._walk(child, paragraph, spoken, unseen, address, depth + 1)

    def _run(
        self, run: etree._Element, paragraph: etree._Element, spoken: Spoken, unseen: list[str], address: str | None
    ) -> Iterator[Piece]:
        text = "".join(self._letters(run, spoken))
        if not text:
            return
        if self._invisible(run, paragraph):
            unseen.append(text)
            return
        shown = next((_target(f.instruction) for f in reversed(self._fields) if f.shows), None)
        size = self._styles.size(run, paragraph)
        yield Piece(text, self._styles.on(run, paragraph, "b"), size, address or shown)

    def _letters(self, run: etree._Element, spoken: Spoken) -> Iterator[str]:
        for child in run:
            name = tag(child)
            if name == "fldChar":
                self._turn(child.get(qn("w:fldCharType")) or "")
            elif name == "instrText" and self._fields:
                self._fields[-1].instruction += child.text or ""
            elif name in _NOTES:
                spoken.notes.append((_NOTES[name], child.get(qn("w:id")) or ""))
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                spoken.boxes.extend(_boxes(child))
            elif any(not field.shows for field in self._fields):
                continue
            elif name == "t":
                yield child.text or ""
            elif name == "ruby":
                yield "".join(part.text or "" for base in child.iter(qn("w:rubyBase")) for part in base.iter(qn("w:t")))
            else:
                yield _MARKS.get(name, "")

    def _turn(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif self._fields and kind == "separate":
            self._fields[-1].shows = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def _invisible(self, run: etree._Element, paragraph: etree._Element) -> bool:
        """Whether letters are hidden, too small to see, or white with nothing behind them."""
        if self._styles.on(run, paragraph, "vanish") or self._styles.size(run, paragraph) <= _LEAST_POINTS:
            return True
        colour = self._styles.stated(run, paragraph, "color") or "auto"
        try:
            white = all(part >= _WHITE for part in bytes.fromhex(colour))
        except ValueError:
            return False
        return white and not self._shaded(run, paragraph)

    def _shaded(self, run: etree._Element, paragraph: etree._Element) -> bool:
        """Whether anything behind the letters may be dark: their own shading, that of a cell, a table's style, a shape."""
        shades = [run.find(f"{qn('w:rPr')}/{qn('w:shd')}"), paragraph.find(f"{qn('w:pPr')}/{qn('w:shd')}")]
        for style in self._styles.of(paragraph):
            shades += style.iter(qn("w:shd"))
        for around in paragraph.iterancestors():
            if tag(around) == "txbxContent":
                return True
            if tag(around) == "tc":
                shades.append(around.find(f"{qn('w:tcPr')}/{qn('w:shd')}"))
            elif tag(around) == "tbl":
                if (value(around.find(qn("w:tblPr")), "tblStyle") or "TableGrid") not in _PLAIN_TABLES:
                    return True
                shades.append(around.find(f"{qn('w:tblPr')}/{qn('w:shd')}"))
        fills = {shade.get(qn("w:fill"), "auto").upper() for shade in shades if shade is not None}
        return bool(fills - {"AUTO", "FFFFFF"}) or run.find(f"{qn('w:rPr')}/{qn('w:highlight')}") is not None


def _boxes(element: etree._Element) -> list[etree._Element]:
    """The text boxes of a drawing, each once: for older programs the same text stands there a second time."""
    choice = next(element.iter(_CHOICE), None)
    within = choice if choice is not None and next(choice.iter(qn("w:txbxContent")), None) is not None else element
    found = list(within.iter(qn("w:txbxContent")))
    return [box for box in found if not any(around in found for around in box.iterancestors())]


def _target(instruction: str) -> str | None:
    """The address of a HYPERLINK field."""
    words = instruction.split('"')
    return words[1] if words[0].strip() == "HYPERLINK" and len(words) > 1 else None
