"""What a page holds that its reader never sees: left out before it is read, and told to the editor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from assistant import injection
from ingest import sentences
from ingest.blocks import Block, Reading

# Letters of at most this size or opacity nobody reads; and so far to the side a page puts what it does not want seen.
LEAST_PIXELS = 2.0
LEAST_OPACITY = 0.05
OFF_SCREEN = -900.0
# Difference per colour channel, of 255, that no eye sees.
SAME_COLOUR = 24
# Words from which hidden text is worth a warning: buttons and icons have fewer.
WORTH_TELLING = 5
MAX_AROUND = 100  # elements around one that are looked at; pages made to exhaust a reader nest deeper
LOOKED_AT = 4_000  # characters of a comment, and
LONGEST_VALUE = 100  # of a value in a style: what is longer was made to hold a reader up
OPENING = 60  # characters of it that are told
_PIXELS = {"": 1.0, "px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "vw": 9.0, "vh": 9.0, "%": 9.0}
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|rem|em|vw|vh|%)?")
_COLOURS = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_ASIDE = frozenset({"nav", "header", "footer", "aside", "form", "dialog"})
_FOLDS = frozenset({"display", "visibility", "height", "max-height", "opacity", "overflow"})
_Colour = tuple[int, int, int]


def unfold(tree: etree._Element) -> None:
    """Show what a press on a button that can be seen would show; nothing else about its looks changes."""
    panels = {element.get("id"): element for element in tree.iter("*") if element.get("id")}
    for button in tree.xpath("//*[@aria-controls][not(ancestor::nav or ancestor::header or ancestor::footer)]"):
        if any(_invisible(element) for element in (button, *islice(button.iterancestors(), MAX_AROUND))):
            continue
        for panel in (panels.get(name) for name in button.get("aria-controls").split()):
            if panel is not None and panel.tag not in {"nav", "form", "dialog"}:
                show(panel)


def show(part: etree._Element) -> None:
    """Take away what keeps a part folded; other looks that hide it stay."""
    for name in ("hidden", "aria-hidden"):
        part.attrib.pop(name, None)
    kept = [f"{name}:{value}" for name, value in _style(part).items() if name not in _FOLDS]
    part.set("style", ";".join(kept))


def take_out(tree: etree._Element) -> tuple[str, ...]:
    """Remove all that is not shown and return the texts an editor should know of.

    Of comments and of parts for other programs (`template`, `noscript`) only those that give orders to a model.
    """
    told: list[str] = []
    for part in [*tree.iter(etree.Comment), *tree.iter("template", "noscript")]:
        text = part.text if part.tag is etree.Comment else _text(part)
        told += [sentence for sentence in _sentences((text or "")[:LOOKED_AT]) if injection.addresses_machine(sentence)]
    gone: set[etree._Element] = set()
    for element in list(tree.iter("*")):
        if element not in gone and element.tag not in {"html", "body"} and _invisible(element):
            gone.update(element.iter("*"))
            aside = any(around.tag in _ASIDE for around in (element, *islice(element.iterancestors(), MAX_AROUND)))
            text = _text(element)
            if len(text.split()) >= WORTH_TELLING and not aside:
                told.append(text)
            drop(element)
    etree.strip_elements(tree, etree.Comment, "template", "noscript", with_tail=False)
    return tuple(dict.fromkeys(told))


def hidden(texts: Sequence[str]) -> tuple[str, ...]:
    """The warning about text that a page does not show; none where there is none."""
    if not texts:
        return ()
    return (injection.warning("hidden", count=len(texts), opening=_opening(texts[0])),)


def warnings(reading: Reading) -> tuple[str, ...]:
    """Warnings about what was read: sentences that give orders to a model, and text spelt with hidden characters."""
    told = [sentence for block in reading.blocks for sentence in _ordering(block)]
    spelt = [edit.before for block in reading.blocks for edit in block.edits if edit.rule == "hidden"]
    found = [injection.warning("orders", count=len(told), opening=_opening(told[0]))] if told else []
    if spelt:
        found.append(injection.warning("characters", count=len(spelt)))
    return tuple(found)


def _ordering(block: Block) -> Iterator[str]:
    parts = list(_sentences(block.text))
    yield from (part for part, order in zip(parts, injection.orders(parts), strict=True) if order)


def _sentences(text: str) -> Iterator[str]:
    text = " ".join(text.split())
    yield from (text[start:end] for start, end in sentences.spans(text))


def _opening(text: str) -> str:
    return text if len(text) <= OPENING else text[:OPENING].rsplit(" ", 1)[0] + " …"


def drop(element: etree._Element) -> None:
    """Take an element out and leave the text behind it."""
    if element.getparent() is None:
        return
    parent, before = element.getparent(), element.getprevious()
    tail = " " + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _invisible(element: etree._Element) -> bool:
    """Whether an element's own attributes keep its text from being seen."""
    shut = element.get("hidden", "until-found").lower() != "until-found"
    if shut or element.get("aria-hidden", "").lower() == "true":
        return True
    style = _style(element)
    if not style and element.get("color") is None:
        return False
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or _at_most(style.get("font-size"), LEAST_PIXELS)
        or (_at_most(style.get("opacity"), LEAST_OPACITY) and not _section(element))
        or _clipped(style)
        or _away(style)
        or _like_its_ground(element, style)
    )


def _section(element: etree._Element) -> bool:
    """Whether it holds a heading: pages let whole parts fade in that a reader does see."""
    return any(True for _ in element.iter("h1", "h2", "h3", "h4", "h5", "h6", "main", "article"))


def _style(element: etree._Element) -> dict[str, str]:
    """The inline style: property to value in lower case, the last one counting."""
    pairs = (part.split(":", 1) for part in (element.get("style") or "").lower().split(";") if ":" in part)
    return {name.strip(): value.replace("!important", "").strip()[:LONGEST_VALUE] for name, value in pairs}


def _lengths(value: str | None) -> list[float]:
    """The lengths in a value, in pixels as a browser would about show them."""
    return [float(number) * _PIXELS[unit] for number, unit in _LENGTH.findall(value or "")]


def _at_most(value: str | None, limit: float) -> bool:
    lengths = _lengths(value)
    return bool(lengths) and 0 <= lengths[0] <= limit


def _clipped(style: dict[str, str]) -> bool:
    """Whether a box has no size to show anything in."""
    if "scale(0" in style.get("transform", "").replace(" ", "") and "scale(0." not in style["transform"]:
        return True
    if re.search(r"inset\(\s*(?:50|100)%", style.get("clip-path", "")):
        return True
    if style.get("clip", "").startswith("rect") and all(abs(n) <= 1 for n in _lengths(style["clip"])):
        return True
    small = any(_at_most(style.get(name), 1.0) for name in ("width", "height", "max-height", "max-width"))
    return small and style.get("overflow", "").startswith(("hidden", "clip"))


def _away(style: dict[str, str]) -> bool:
    """Whether it is placed off the screen."""
    if any(n <= OFF_SCREEN for n in _lengths(style.get("text-indent"))):
        return True
    moved = [style.get(name) for name in ("left", "top", "right", "bottom")] if "position" in style else []
    shifts = [style.get("margin-left"), style.get("margin-top")]
    if "translate" in style.get("transform", ""):
        shifts.append(style["transform"])
    return any(n <= OFF_SCREEN for value in (*moved, *shifts) for n in _lengths(value))


def _like_its_ground(element: etree._Element, style: dict[str, str]) -> bool:
    """Whether its letters have the colour of what is behind them, as far as the page says so in its elements."""
    stated = style.get("color") or element.get("color") or ""
    if "transparent" in stated or re.search(r"rgba\([^)]*,\s*0(?:\.0*)?\s*\)", stated):
        return True
    colour = _colour(stated)
    if colour is None:
        return False
    for around in (element, *islice(element.iterancestors(), MAX_AROUND)):
        own = _style(around)
        ground = _colour(own.get("background-color") or own.get("background") or around.get("bgcolor") or "")
        if ground is not None:
            return all(abs(a - b) <= SAME_COLOUR for a, b in zip(colour, ground, strict=True))
    return False


def _colour(value: str) -> _Colour | None:
    """The colour that stands in a value, or None."""
    value = value.strip().lower()
    if found := re.search(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", value):
        digits = found.group(1) if len(found.group(1)) == 6 else "".join(2 * digit for digit in found.group(1))
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := re.search(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})", value):
        return int(found.group(1)), int(found.group(2)), int(found.group(3))
    return next((_COLOURS[word] for word in re.findall(r"[a-z]+", value) if word in _COLOURS), None)


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())
