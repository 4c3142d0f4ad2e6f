"""What the styles and numberings of a Word document say of a paragraph or run: heading, list level, hidden, caption."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

if TYPE_CHECKING:
    from docx.document import Document

# The names of Word's own styles stay English inside the file; other programs write them in the user's language.
HEADING = re.compile(r"^(?:heading|kop|überschrift|titre)\s*([1-9])\b", re.IGNORECASE)
TITLE = re.compile(r"^(?:title|titel|documenttitel|hoofdtitel)$", re.IGNORECASE)
CAPTION = re.compile(r"^(?:caption|bijschrift|figuurbijschrift|tabelbijschrift|onderschrift)\b", re.IGNORECASE)
CONTENTS = re.compile(
    r"^(?:toc|inhopg|inhoudsopgave|contents|kopvaninhoudsopgave|table of figures|lijst met afbeeldingen|index)\b",
    re.IGNORECASE,
)
LISTED = re.compile(r"^(?:list bullet|lijstopsom|lijst opsom|opsomming)", re.IGNORECASE)
NUMBERED = re.compile(r"^(?:list number|lijstnummering|lijst nummer)", re.IGNORECASE)
MAX_LEVEL = 6
MAX_CHAIN = 20  # styles based on styles; a damaged file may go round in a circle
BODY_OUTLINE = 9  # the outline level of running text
_OFF = {"0", "false", "off", "none"}
_FORMATS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def value(parent: etree._Element | None, path: str) -> str | None:
    """The `w:val` of the element at `path` below `parent`, None where there is none."""
    found = parent.find("/".join(qn(f"w:{step}") for step in path.split("/"))) if parent is not None else None
    return found.get(qn("w:val")) if found is not None else None


def switch(properties: etree._Element | None, name: str) -> bool | None:
    """Whether a property that is on or off is on; None where nothing is said."""
    found = properties.find(qn(f"w:{name}")) if properties is not None else None
    return None if found is None else found.get(qn("w:val"), "1").lower() not in _OFF


@dataclass(frozen=True, slots=True)
class Listing:
    """A paragraph's place in a list: nesting depth from 1, and its label ("2.", "b)"), empty for a bullet."""

    depth: int
    label: str


class Styles:
    """Looks properties up along a paragraph's own settings, its style and the styles that one is based on."""

    def __init__(self, document: Document) -> None:
        root = document.styles.element
        self._styles = {style.get(qn("w:styleId")): style for style in root.iter(qn("w:style"))}
        self._default = next(
            (
                style
                for style in self._styles.values()
                if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default"), "0").lower() not in _OFF
            ),
            None,
        )
        defaults = root.find("/".join((qn("w:docDefaults"), qn("w:rPrDefault"), qn("w:rPr"))))
        self._size = float(value(defaults, "sz") or 20) / 2

    def chain(self, style_id: str | None) -> Iterator[etree._Element]:
        """The style and those it is based on, nearest first; the default one where none is named."""
        style = self._styles.get(style_id, self._default if style_id is None else None)
        for _ in range(MAX_CHAIN):
            if style is None:
                return
            yield style
            style = self._styles.get(value(style, "basedOn"))

    def of(self, paragraph: etree._Element) -> list[etree._Element]:
        """The styles of a paragraph, nearest first."""
        return list(self.chain(value(paragraph.find(qn("w:pPr")), "pStyle")))

    def named(self, paragraph: etree._Element, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match of a paragraph's styles' names."""
        names = ((value(style, "name") or "", style.get(qn("w:styleId")) or "") for style in self.of(paragraph))
        return next((found for pair in names for name in pair if (found := pattern.search(name))), None)

    def level(self, paragraph: etree._Element) -> int:
        """Heading level from 1 by outline level or by the name of the style; 0 for running text."""
        properties = paragraph.find(qn("w:pPr"))
        outlines = [value(properties, "outlineLvl")]
        for style in self.of(paragraph):
            named = HEADING.match(value(style, "name") or "") or HEADING.match(style.get(qn("w:styleId")) or "")
            outlines += [str(int(named.group(1)) - 1)] if named else [value(style, "pPr/outlineLvl")]
        stated = next((int(outline) for outline in outlines if outline and outline.isdigit()), BODY_OUTLINE)
        return 0 if stated >= BODY_OUTLINE else stated + 1

    def on(self, run: etree._Element, paragraph: etree._Element, name: str) -> bool:
        """Whether a switch such as `b` or `vanish` is on for a run."""
        own = switch(run.find(qn("w:rPr")), name)
        if own is not None:
            return own
        character = value(run.find(qn("w:rPr")), "rStyle")
        chain = [*(self.chain(character) if character else ()), *self.of(paragraph)]
        stated = (switch(style.find(qn("w:rPr")), name) for style in chain)
        return next((state for state in stated if state is not None), False)

    def stated(self, run: etree._Element, paragraph: etree._Element, name: str) -> str | None:
        """The value of a property such as `sz` or `color` for a run, None where nobody says."""
        character = value(run.find(qn("w:rPr")), "rStyle")
        chain = [*(self.chain(character) if character else ()), *self.of(paragraph)]
        values = (value(run.find(qn("w:rPr")), name), *(value(style.find(qn("w:rPr")), name) for style in chain))
        return next((found for found in values if found is not None), None)

    def size(self, run: etree._Element, paragraph: etree._Element) -> float:
        """Size of a run's letters in points."""
        stated = self.stated(run, paragraph, "sz")
        return float(stated) / 2 if stated and stated.isdigit() else self._size


class Numbering:
    """Counts the items of numbered lists, as a word processor does when it shows them."""

    def __init__(self, document: Document, styles: Styles) -> None:
        self._styles = styles
        self._levels: dict[str, dict[int, etree._Element]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[str] = set()
        root = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        element = getattr(root, "element", None)
        if element is None:
            return
        linked_levels = {
            value(abstract, "styleLink"): {
                int(level.get(qn("w:ilvl"), "0")): level for level in abstract.iter(qn("w:lvl"))
            }
            for abstract in element.iter(qn("w:abstractNum"))
        }
        for abstract in element.iter(qn("w:abstractNum")):
            levels = {int(level.get(qn("w:ilvl"), "0")): level for level in abstract.iter(qn("w:lvl"))}
            # an abstract numbering may only point to the style whose levels it uses
            linked = linked_levels.get(value(abstract, "numStyleLink") or "")
            self._levels[abstract.get(qn("w:abstractNumId"))] = levels or linked or {}
        for number in element.iter(qn("w:num")):
            self._abstract[number.get(qn("w:numId"))] = value(number, "abstractNumId") or ""
            if number.find(qn("w:lvlOverride")) is not None:
                self._started.add(number.get(qn("w:numId")))

    def of(self, paragraph: etree._Element) -> Listing | None:
        """The paragraph's place in its list, counting it; None where it is in none."""
        number, level = self._stated(paragraph)
        if number == "0":
            return None
        abstract = self._abstract.get(number or "")
        found = self._levels.get(abstract or "", {}).get(level)
        if number is None or abstract is None or found is None:
            return self._by_name(paragraph)
        key = number if number in self._started else abstract
        counts = self._counts[key]
        start = value(found, "start") or "1"
        counts[level] = counts[level] + 1 if level in counts else int(start) if start.isdigit() else 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        named = self._by_name(paragraph)  # Word's "List Bullet 2" is the first level of a numbering of its own
        return Listing(max(level + 1, named.depth if named else 1), self._label(abstract, level, counts))

    def _stated(self, paragraph: etree._Element) -> tuple[str | None, int]:
        """Number of the list and level from 0, by the paragraph itself or its style."""
        chain = (paragraph.find(qn("w:pPr")), *(style.find(qn("w:pPr")) for style in self._styles.of(paragraph)))
        number = next((n for properties in chain if (n := value(properties, "numPr/numId")) is not None), None)
        level = next((n for properties in chain if (n := value(properties, "numPr/ilvl")) is not None), "0")
        return number, min(int(level), BODY_OUTLINE) if level.isdigit() else 0

    def _by_name(self, paragraph: etree._Element) -> Listing | None:
        if self._styles.named(paragraph, LISTED) or self._styles.named(paragraph, NUMBERED):
            deeper = re.search(r"([2-5])\s*$", value(next(iter(self._styles.of(paragraph)), None), "name") or "")
            return Listing(int(deeper.group(1)) if deeper else 1, "")
        return None

    def _label(self, abstract: str, level: int, counts: dict[int, int]) -> str:
        levels = self._levels[abstract]
        if value(levels[level], "numFmt") in {"bullet", "none"}:
            return ""
        text = value(levels[level], "lvlText") or ""

        def counted(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            return _number(counts.get(at, 1), value(levels.get(at), "numFmt") or "decimal")

        return re.sub(r"%([1-9])", counted, text).strip()


def _number(count: int, form: str) -> str:
    kind = _FORMATS.get(form)
    if kind in {"a", "A"}:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters.upper() if kind == "A" else letters
    if kind in {"i", "I"}:
        text = ""
        for size, letters in _ROMAN:
            text += letters * (count // size)
            count %= size
        return text.upper() if kind == "I" else text
    return str(count)
