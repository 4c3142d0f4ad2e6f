"""Walks the drawing instructions of one PDF page: every piece of text with both its ends, every line, surface and image.

pypdf parses the file, its streams and its fonts, as for its own `extract_text`; that gives no place where a piece
ends, and columns, boxes and tables can't be told apart without. Runs in the child process of `pdf.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject
from pypdf.generic import ContentStream, DictionaryObject

# not in pypdf's public part; the same class that its `extract_text` decodes and measures with
from pypdf.generic._font import Font

from ingest.pdf_drawn import OUTLINE, Drawn, Edge, Piece, painted
from ingest.pdf_faces import Face, Matrix, bold, multiply, point, word_gap

UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MAX_DEPTH = 8  # of forms within forms
INVISIBLE_SIZE = 1.5  # points: letters smaller than this nobody reads


@dataclass(slots=True)
class _State:
    """Graphics state as far as text and surfaces need it."""

    matrix: Matrix
    font: Face | None = None
    size: float = 12.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    fill: int = 0
    stroke: int = 0

    def copy(self) -> _State:
        return _State(
            self.matrix, self.font, self.size, self.char_space, self.word_space, self.stretch, self.leading, self.rise,
            self.fill, self.stroke,
        )  # fmt: skip


def _numbers(operands: list[Any], count: int) -> list[float]:
    values = [float(operand) for operand in operands[:count]]
    if len(values) < count:
        raise ValueError("too few operands")
    return values


class Walk:
    """Goes over one page. `faces` is shared between the pages of a file: fonts are the dearest part to read."""

    def __init__(self, base: Matrix, faces: dict[int, Face]) -> None:
        self.drawn = Drawn()
        self._faces = faces
        self._state = _State(base)
        self._stack: list[_State] = []
        self._text: Matrix = UNIT
        self._line: Matrix = UNIT
        self._path: list[Edge] = []
        self._at = self._start = (0.0, 0.0)
        self._marked: list[tuple[bool, str | None]] = []
        self._fonts: dict[str, Any] = {}
        self._objects: dict[str, Any] = {}
        self._reader: Any = None

    def page(self, page: PageObject) -> Drawn:
        """Everything the page draws."""
        self._reader = page.pdf
        content = page.get("/Contents")
        if content is not None:
            # "bytes": else what looks like text is decoded before the font has its say
            self._run(ContentStream(content.get_object(), page.pdf, "bytes"), page.get("/Resources"), 0)
        return self.drawn

    def _run(self, content: ContentStream, resources: Any, depth: int) -> None:  # noqa: ANN401
        resources = resources.get_object() if resources is not None else DictionaryObject()
        outer = self._fonts, self._objects
        self._fonts, self._objects = _entries(resources, "/Font"), _entries(resources, "/XObject")
        for operands, operator in content.operations:
            handle = _HANDLERS.get(operator)
            try:
                if handle is not None:
                    handle(self, operands)
                elif operator == b"Do":
                    self._do(str(operands[0]), depth)
            except (ValueError, TypeError, IndexError, KeyError, AttributeError, ZeroDivisionError):
                continue  # one instruction that makes no sense is no reason to lose the page
        self._fonts, self._objects = outer

    def _do(self, name: str, depth: int) -> None:
        form = self._objects[name].get_object()
        if form.get("/Subtype") == "/Image":
            corners = [point(self._state.matrix, x, y) for x in (0, 1) for y in (0, 1)]
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            self.drawn.images.append((min(xs), min(ys), max(xs), max(ys)))
        elif depth < MAX_DEPTH:
            self._save([])
            own = form.get("/Matrix")
            if own is not None:
                self._concat(list(own.get_object()))
            texts = self._text, self._line
            self._run(ContentStream(form, self._reader, "bytes"), form.get("/Resources"), depth + 1)
            self._text, self._line = texts
            self._restore([])

    # graphics state

    def _save(self, _: list[Any]) -> None:
        self._stack.append(self._state.copy())

    def _restore(self, _: list[Any]) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def _concat(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = _numbers(operands, 6)
        self._state.matrix = multiply((a, b, c, d, e, f), self._state.matrix)

    def _colour(self, operands: list[Any], stroke: bool) -> None:
        colour = _rgb(operands)
        if stroke:
            self._state.stroke = colour
        else:
            self._state.fill = colour

    # paths

    def _move(self, operands: list[Any]) -> None:
        x, y = _numbers(operands, 2)
        self._at = self._start = point(self._state.matrix, x, y)

    def _to(self, operands: list[Any]) -> None:
        x, y = _numbers(operands[-2:], 2)
        end = point(self._state.matrix, x, y)
        self._path.append((*self._at, *end))
        self._at = end

    def _shut(self, _: list[Any]) -> None:
        if self._at != self._start:
            self._path.append((*self._at, *self._start))
            self._at = self._start

    def _rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = _numbers(operands, 4)
        a, b = point(self._state.matrix, x, y), point(self._state.matrix, x + width, y + height)
        self._path.append((*a, a[0], b[1]))
        self._path.append((a[0], b[1], *b))
        self._path.append((*b, b[0], a[1]))
        self._path.append((b[0], a[1], *a))
        self._at = self._start = a

    def _paint(self, fill: bool) -> None:
        path, self._path = self._path, []
        self.drawn.surfaces += painted(path, self._state.fill if fill else OUTLINE)

    def _no_paint(self, _: list[Any]) -> None:
        self._path = []

    # text

    def _begin(self, _: list[Any]) -> None:
        self._text = self._line = UNIT

    def _set(self, name: str, operands: list[Any], factor: float = 1.0) -> None:
        setattr(self._state, name, float(operands[0]) * factor)

    def _face(self, operands: list[Any]) -> None:
        self._state.size = float(operands[1])
        entry = self._fonts[str(operands[0])]
        number = getattr(entry, "idnum", None) or id(entry)
        self._state.font = None  # where the font can't be read its text is no text
        if number not in self._faces:
            resource = entry.get_object()
            self._faces[number] = Face(Font.from_font_resource(resource), bold(resource))
        self._state.font = self._faces[number]

    def _next_line(self, x: float, y: float) -> None:
        self._line = self._text = multiply((1.0, 0.0, 0.0, 1.0, x, y), self._line)

    def _offset(self, operands: list[Any], leading: bool = False) -> None:
        x, y = _numbers(operands, 2)
        if leading:
            self._state.leading = -y
        self._next_line(x, y)

    def _place(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = _numbers(operands, 6)
        self._line = self._text = (a, b, c, d, e, f)

    def _newline(self, _: list[Any]) -> None:
        self._next_line(0.0, -self._state.leading)

    def _show(self, operands: list[Any]) -> None:
        self._array([[operands[-1]]])

    def _newline_show(self, operands: list[Any]) -> None:
        if len(operands) == 3:
            self._state.word_space, self._state.char_space = float(operands[0]), float(operands[1])
        self._newline([])
        self._show(operands)

    def _array(self, operands: list[Any]) -> None:
        """Show an array of strings with shifts between them, as one piece with spaces where a shift is wide enough."""
        state, face = self._state, self._state.font
        if face is None or not state.size:
            return
        parts = operands[0]
        gap = word_gap(parts)
        text, pen, lead, end = "", 0.0, 0.0, 0.0
        for part in parts:
            if isinstance(part, int | float):
                pen -= float(part) / 1000 * state.size * state.stretch
                continue
            shown, width, codes, spaces = face.show(part)
            bare = shown.strip()
            advance = (width / 1000 * state.size + codes * state.char_space + spaces * state.word_space) * state.stretch
            if bare:
                if not text:
                    lead = pen + face.blank(shown, state.char_space + state.word_space, state.size) * state.stretch
                elif pen - end > gap * abs(state.size) * state.stretch and not text.endswith(" "):
                    text += " "
                text += shown if text else shown.lstrip()
                behind = face.blank(shown[::-1], state.char_space + state.word_space, state.size)
                end = pen + advance - (state.char_space + behind) * state.stretch
            elif text and not text.endswith(" "):
                text += " "
            pen += advance
        self._keep(text, lead, end)
        self._text = multiply((1.0, 0.0, 0.0, 1.0, pen, 0.0), self._text)

    def _keep(self, text: str, lead: float, end: float) -> None:
        state = self._state
        if not text.strip():
            return
        matrix = multiply(self._text, state.matrix)
        size = abs(state.size) * (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5
        if size < INVISIBLE_SIZE or state.font is None:
            return
        x0, y0 = point(matrix, lead, state.rise)
        x1, y1 = point(matrix, end, state.rise)
        pagination = any(artifact for artifact, _ in self._marked)
        for _, actual in self._marked:
            text = "\xad" if actual == "\xad" and text.strip() in {"-", "\u2010"} else text
        self.drawn.pieces.append(
            Piece(text, round(size, 1), state.font.bold, x0, y0, x1, y1, state.fill, pagination)
        )  # fmt: skip

    # marked content

    def _mark(self, operands: list[Any]) -> None:
        about = operands[1].get_object() if len(operands) > 1 and hasattr(operands[1], "get_object") else None
        about = about if isinstance(about, dict) else {}
        actual = about.get("/ActualText")
        pagination = str(operands[0]) == "/Artifact" and about.get("/Type") == "/Pagination"
        self._marked.append((pagination, str(actual) if actual is not None else None))

    def _unmark(self, _: list[Any]) -> None:
        if self._marked:
            self._marked.pop()


def _entries(resources: Any, key: str) -> dict[str, Any]:  # noqa: ANN401
    found = resources.get(key)
    found = found.get_object() if found is not None else {}
    # raw: an entry's object number tells one font from another
    return {str(name): found.raw_get(name) for name in found} if isinstance(found, DictionaryObject) else {}


def _rgb(operands: list[Any]) -> int:
    """A colour as 0xRRGGBB from one (grey), three or four (process) components; a pattern counts as grey."""
    parts = [min(max(float(part), 0.0), 1.0) for part in operands if isinstance(part, int | float)]
    if len(parts) == 1:
        parts *= 3
    elif len(parts) == 4:
        parts = [(1 - part) * (1 - parts[3]) for part in parts[:3]]
    if len(parts) != 3:
        return 0x808080
    red, green, blue = (round(part * 255) for part in parts)
    return red << 16 | green << 8 | blue


_Handler = Callable[[Walk, list[Any]], None]
_HANDLERS: dict[bytes, _Handler] = {
    b"q": Walk._save,
    b"Q": Walk._restore,
    b"cm": Walk._concat,
    **dict.fromkeys((b"g", b"rg", b"k", b"sc", b"scn"), lambda walk, operands: walk._colour(operands, False)),
    **dict.fromkeys((b"G", b"RG", b"K", b"SC", b"SCN"), lambda walk, operands: walk._colour(operands, True)),
    b"m": Walk._move,
    **dict.fromkeys((b"l", b"c", b"v", b"y"), Walk._to),
    b"h": Walk._shut,
    b"re": Walk._rectangle,
    **dict.fromkeys((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"), lambda walk, _: walk._paint(True)),
    **dict.fromkeys((b"S", b"s"), lambda walk, _: walk._paint(False)),
    b"n": Walk._no_paint,
    b"BT": Walk._begin,
    b"Tc": lambda walk, operands: walk._set("char_space", operands),
    b"Tw": lambda walk, operands: walk._set("word_space", operands),
    b"Tz": lambda walk, operands: walk._set("stretch", operands, 0.01),
    b"TL": lambda walk, operands: walk._set("leading", operands),
    b"Ts": lambda walk, operands: walk._set("rise", operands),
    b"Tf": Walk._face,
    b"Td": Walk._offset,
    b"TD": lambda walk, operands: walk._offset(operands, True),
    b"Tm": Walk._place,
    b"T*": Walk._newline,
    b"Tj": Walk._show,
    b"TJ": Walk._array,
    **dict.fromkeys((b"'", b'"'), Walk._newline_show),
    b"BMC": Walk._mark,
    b"BDC": Walk._mark,
    b"EMC": Walk._unmark,
}
