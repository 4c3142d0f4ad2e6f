"""Sentences of Dutch running text: pysbd's boundaries, kept only where Dutch usage allows one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pysbd import Segmenter

# Longer than this and quoted speech is cut into its own sentences; shorter, it stays one statement with its speaker.
LONG_QUOTE = 450
# pysbd is given about this many characters at a time.
STRETCH = 2000

# Dutch abbreviations that pysbd does not know or not in every position.
_ABBREVIATIONS = """al ca dr drs dhr mw mevr mej mr ir ing prof ds jl st ed eds bijv bv b.v o.a a.u.b d.w.z e.a e.d e.v
    enz etc evt i.c i.p.v i.s.m i.v.m incl excl m.a.w m.b.t m.b.v m.i.v m.m.v m.n n.a.v nl o.i.d o.l.v resp t.a.v t.b.v
    t.g.v t.h.v t.m t.o.v t.w.v vgl z.d zgn a.d.h.v c.q e.g i.e cf vs"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
# These are abbreviations before a number only; some are ordinary words elsewhere.
_BEFORE_NUMBER = """nr nrs no p pp pag blz art afb fig tab hfst par vol tel
    jan feb mrt apr jun jul aug sept okt nov dec"""
BEFORE_NUMBER = frozenset(_BEFORE_NUMBER.split())
# These end a sentence as often as not, so a capital after them decides.
MAY_END = frozenset({"enz", "etc", "e.d", "e.a", "o.i.d", "z.d", "al"})
_TERMINATOR = re.compile(r"[.!?…]")
_LAST_WORD = re.compile(r"([\w.’'-]+)\.$")
_CLOSING = "\"'”’»)]"
_OPENING = "\"'“‘«(["
_LABEL = re.compile(r"^(?:figuur|tabel|afbeelding|grafiek|schema|bijlage)\s+\d+\.$", re.IGNORECASE)
_ENUMERATOR = re.compile(r"^(?:\d{1,2}|[a-z])[.)]$", re.IGNORECASE)


@cache
def _segmenter() -> Segmenter:
    return Segmenter(language="nl", clean=False)


def spans(text: str) -> list[tuple[int, int]]:
    """`(start, end)` of each sentence of unwrapped `text`, without the white space between them.

    An attribution ("– Name, role", "(ouder)") belongs to the sentence it follows.
    """
    if _unclosed(text):
        return [(0, len(text.rstrip()))]
    edges = _edges(text)
    found: list[tuple[int, int]] = []
    start = 0
    for edge in [*edges, len(text)]:
        left = start + (len(text[start:edge]) - len(text[start:edge].lstrip()))
        right = start + len(text[start:edge].rstrip())
        if right <= left:
            continue
        if found and not _boundary(text[found[-1][0] : found[-1][1]], text[left:]):
            found[-1] = (found[-1][0], right)
        else:
            found.append((left, right))
        start = edge
    return found


def _unclosed(text: str) -> bool:
    """Whether a short text is one quotation whose closing mark the publisher forgot before the speaker's name."""
    marks = text.count('"') + text.count("“") + text.count("”")
    return (
        len(text) <= LONG_QUOTE
        and text[:1] in ('"', "“")
        and marks == 1
        and re.search(r"[.!?] [–—-] \w", text) is not None
    )


def _edges(text: str) -> list[int]:
    """Where pysbd lets a new sentence start, long quoted speech cut open as well."""
    edges: set[int] = set()
    at = 0
    for piece in _pieces(text):
        edges.add(at)
        if len(piece) > LONG_QUOTE:
            bare = re.sub(r"[\"“”‘«»]", " ", piece)
            inner = at
            for part in _pieces(bare):
                edges.add(_past_closers(text, inner))
                inner += len(part)
        at += len(piece)
    return sorted(edge for edge in edges if edge)


def _past_closers(text: str, at: int) -> int:
    """`at` moved behind a closing mark that stood just before the white space it points past."""
    match = re.compile(r"[\"”’»)]+(?=\s|$)").match(text, at)
    return match.end() if match else at


def _pieces(text: str) -> list[str]:
    """Sentences of pysbd with all white space, so that they add up to `text`; the rest whole where they don't."""
    pieces: list[str] = []
    at = 0
    for part in (part for stretch in _stretches(text) for part in _segmented(stretch)):
        place = text.find(part.strip(), at)
        if place < 0:
            break
        end = place + len(part.strip())
        while end < len(text) and text[end].isspace():
            end += 1
        pieces.append(text[at:end])
        at = end
    if at < len(text):
        pieces.append(text[at:])
    return pieces


def _segmented(stretch: str) -> list[str]:
    return list(_segmenter().segment(stretch)) if _TERMINATOR.search(stretch) else [stretch]


def _stretches(text: str) -> Iterator[str]:
    """Yield `text` in parts that end with a sentence, or at a space if none does: pysbd is slow on more."""
    start = 0
    for match in re.finditer(r"\s+(?=\S)", text):
        length = match.end() - start
        ends = length > STRETCH and re.search(r"[a-z]{3}\.$", text[match.start() - 4 : match.start()])
        if (ends and text[match.end()].isupper()) or length > 4 * STRETCH:
            yield text[start : match.end()]
            start = match.end()
    yield text[start:]


def _boundary(before: str, after: str) -> bool:
    """Whether a sentence may end with `before` where `after` goes on."""
    bare = before.rstrip(_CLOSING)
    if not bare.endswith((".", "!", "?", "…", ":")) or before.count("(") > before.count(")"):
        return False
    if _LABEL.search(before) or re.match(r"^[^\"“”]{1,80}[\"”]-\w", after):
        return False
    if re.match(r"^[–—-]\s", after) or re.match(r"^\([^()]*\)[.]?(?=\s|$)", after):
        return False
    head = after.lstrip(_OPENING)
    if not head or not (head[0].isupper() or head[0].isdigit() or head.startswith(("’", "…", "..."))):
        return False
    if bare.endswith((":", "…", "...")) and before.endswith(":"):
        return False
    if _ENUMERATOR.match(before):
        return False
    word = _LAST_WORD.search(bare)
    return word is None or bare != before or _may_end(word.group(1), head)


def _may_end(word: str, head: str) -> bool:
    """Whether a full stop behind `word` ends a sentence before `head`."""
    word = word.lower().lstrip("'’")
    if word in BEFORE_NUMBER and head[0].isdigit():
        return False
    if len(word) == 1:
        return word.isdigit()
    if word not in ABBREVIATIONS:
        return True
    return word in MAY_END and head[0].isupper()
