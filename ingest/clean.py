"""What any text needs before it can be quoted: stray characters, noise lines, and words broken over lines."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.blocks import Edit
from ingest.lines import Line, drop, respace, rewrite, shifted

# Invisible in print, yet able to hide text from a reader: zero-width, bidirectional, variation and tag characters.
INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
# Text written in hidden characters: tags (but for the flags of countries in a country), or a long run of zero widths.
_ZERO = "\u180e\u200b-\u200f\u2060-\u2064\ufeff"
CODED = re.compile(f"(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]{{4,}}|[{_ZERO}]{{8,}}")
# Words spelt letter by letter with nothing between them, so that no filter knows them; inside a word one or two are usual.
SPELT = re.compile(rf"(?:[\w.,:;!?()'\"-][{_ZERO}]+(?:\s+[{_ZERO}]*)?){{4,}}[.,:;!?]*")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
LIGATURES = re.compile("[\ufb00-\ufb06\u0132\u0133]")
# The full stop of "et al." read as a second comma.
AND_OTHERS = re.compile(r"(?<=\bet al),,+")
DOUBLED = re.compile(r"(?<=[\w.)’'])(?:,\s?,+|;\s?;+)|(?<=\w)'’|(?<=\w)’'")
BULLETS = "•*+¢«»·▪◦○●■□►▸‣✓✔➢➔\ufffd\uf0b7"
ARROWS = "➤▶➡→⇒"
BULLET = re.compile(rf"^(?:[{BULLETS}]\s*(?=\S)|[-–—]\s+(?=\S)|[oO]\s{{2,}}(?=\S))")
NUMBER = re.compile(r"^(?:\d{1,2}|[a-z])[.)]\s+(?=\S)")
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
IMAGE = re.compile(
    r"^(?:\S+\.(?:jpe?g|png|gif|svg|webp)|[a-z0-9]+_[a-z0-9_]+|[a-z0-9]+(?:-[a-z0-9]+){2,})$", re.IGNORECASE
)
FILE_NAME = re.compile(r"^(?:\S+\.(?:jpe?g|png|gif|svg|webp)|[a-z0-9]+(?:_[a-z0-9]+)+)$", re.IGNORECASE)
LONGEST_WORD = 80
CLOSERS = "\"'”’»)]"
VOWEL = re.compile(r"[aeiouyáàâäéèêëíìîïóòôöúùûü]", re.IGNORECASE)
# No sentence or heading ends in one of these, so the next line goes on with it.
_OPEN_WORDS = """de het een van in op en of die dat met voor aan te bij tot om door naar uit over als dan is zijn was
    wordt worden kan kunnen ook niet hun haar deze dit onze ons je jouw hoe wat waar & the of and"""
OPEN_WORDS = frozenset(_OPEN_WORDS.split())
COORDINATORS = frozenset({"en", "of", "en/of", "tot", "dan"})


def tidy(line: Line) -> Line:
    """Return the line without hidden words, invisible and control characters, ligatures and doubled punctuation."""
    for pattern, rule, repair in (
        (SPELT, "hidden", True),
        (CODED, "hidden", False),
        (INVISIBLE, "invisible", False),
        (CONTROL, "control", False),
    ):
        line = _each(line, pattern, rule, lambda found: "", repair=repair)
    line = _each(line, LIGATURES, "ligature", lambda found: unicodedata.normalize("NFKC", found), repair=False)
    composed = unicodedata.normalize("NFC", line.text)
    if composed != line.text:
        line = rewrite(line, 0, len(line.text), composed, "composed", repair=False)
    line = respace(_each(line, AND_OTHERS, "doubled punctuation", lambda found: ".,", repair=True))
    line = respace(_each(line, DOUBLED, "doubled punctuation", _single, repair=True))
    opening = re.match(r"[“«]\s+(?=\S)", line.text)
    return respace(_unspaced(line, opening.end())) if opening else line


def _unspaced(line: Line, end: int) -> Line:
    """Return the line without the white space behind its opening quotation mark; nothing printed changes."""
    return replace(rewrite(line, 1, end, "", "space", repair=False), edits=tuple(shifted(line.edits, 1, end, 0)))


def _single(found: str) -> str:
    return "’" if "’" in found else found[0]


def _each(line: Line, pattern: re.Pattern[str], rule: str, after: Callable[[str], str], *, repair: bool) -> Line:
    """Replace all matches at once: one by one, each would move all edits behind it, and hostile lines hold thousands."""
    found = [(match.start(), match.end(), after(match.group())) for match in pattern.finditer(line.text)]
    if not found:
        return line
    pieces, edits, at, moved = [], [], 0, [0]
    for start, end, text in found:
        pieces += [line.text[at:start], text]
        place = start + moved[-1]
        edits.append(Edit(rule, line.number, line.text[start:end], text, place, place + len(text), repair))
        moved.append(moved[-1] + len(text) - (end - start))
        at = end
    starts = [start for start, _, _ in found]

    def move(old: int) -> int:
        index = bisect_left(starts, old) - 1  # of the last match that begins before the place
        if index < 0:
            return old
        start, end, text = found[index]
        return old + moved[index + 1] if old >= end else min(old, start + len(text)) + moved[index]

    kept = (replace(edit, start=move(edit.start), end=max(move(edit.start), move(edit.end))) for edit in line.edits)
    # the last match first, as if they had been replaced from the end
    return replace(line, text="".join(pieces) + line.text[at:], edits=(*kept, *reversed(edits)))


def words_of(lines: Iterable[Line]) -> Counter[str]:
    """Count each word (lower case, inner hyphens kept) of running text, i.e. of lines with three likely words."""
    counts: Counter[str] = Counter()
    for line in lines:
        words = WORD.findall(line.text)
        if sum(1 for word in words if _likely(word)) >= 3:
            counts.update(word.lower() for word in words)
    return counts


def believable(word: str, known: Counter[str]) -> bool:
    """Whether `word` looks like a word of the language: known from running text, or of a likely shape."""
    return _likely(word) or (len(word) >= 3 and known[word.lower()] > 0)


def _likely(word: str) -> bool:
    """Whether a word has three letters with a vowel, and small letters after the first."""
    return len(word) >= 3 and VOWEL.search(word) is not None and (word[1:].islower() or "-" in word or "’" in word)


def ends_sentence(text: str) -> bool:
    """Whether a line or paragraph ends where a sentence may end."""
    bare = text.rstrip().rstrip(CLOSERS)
    if bare.endswith(("...", "…", "!", "?", ":", ";")):
        return True
    return bare.endswith(".") and not bare.endswith((" al.", " etal.", " bijv.", " o.a.", " nl.", " m.n."))


def without_noise(lines: Sequence[Line]) -> tuple[list[Line], tuple[Edit, ...]]:
    """Leave out page numbers, reading noise and names of images that stand between the paragraphs.

    Only whole groups of lines between blank lines go, and only if no line in them holds a believable word or
    completes the sentence before it ("2003)."). Returns the lines kept and the cuts after the last.
    """
    known = words_of(lines)
    places: dict[int, str] = {}
    before = ""
    for group in _chunks(lines):
        if all(_is_noise(line, known, before) for line in group):
            places.update((id(line), "image name" if IMAGE.match(line.text) else "noise") for line in group)
        else:
            places.update((id(line), "image name") for line in group if FILE_NAME.match(line.text))
            before = group[-1].text
    return drop(lines, lambda line: places.get(id(line)))


def _chunks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield runs of printed lines between blank lines; a heading or paragraph set by an editor starts a new run."""
    chunk: list[Line] = []
    for line in lines:
        if chunk and (line.blank or line.starts or bool(line.level) != bool(chunk[-1].level)):
            yield chunk
            chunk = []
        if not line.blank:
            chunk.append(line)
    if chunk:
        yield chunk


def _is_noise(line: Line, known: Counter[str], before: str) -> bool:
    text = line.text.strip()
    if line.level or line.kind or line.follows or line.starts:
        return False
    if IMAGE.match(text):
        return True
    if re.match(r"^(?:\S+@\S+|https?:|www\.)", text) or "©" in text:
        return False
    if before and not ends_sentence(before) and re.search(r"[)\]][.,;:]?$|^\(?\d{4}\b|^\d+(?:[.,]\d+)?%?[.]$", text):
        return False
    words = WORD.findall(text)
    familiar = bool(words) and all(len(word) > 1 and known[word.lower()] for word in words)
    return not familiar and not any(believable(word, known) for word in words)


def continues(before: str, line: Line, gap: int) -> bool:
    """Whether `line`, `gap` blank lines after `before` (all text of the block so far), goes on with its sentence."""
    if gap == 0:
        return True
    if before.count("(") > before.count(")"):
        return True
    if ends_sentence(before):
        return False
    text = line.text.lstrip("“‘\"'([")
    if not text or text[0].islower() or line.text[0] in "&(":
        return True
    last = before.rstrip().rsplit(" ", 1)[-1].lower()
    return last in OPEN_WORDS or before.rstrip().endswith((",", "&", "-", "/"))


def merge(lines: Sequence[Line], known: Counter[str]) -> tuple[str, tuple[Edit, ...]]:
    """Join lines to one text with all their edits; what was cut between them becomes a repair at the seam."""
    text, edits = lines[0].text, [*lines[0].cuts, *lines[0].edits]
    for line in lines[1:]:
        text, edits = _hyphen(text, edits, line, known)
        at = len(text)
        edits.extend(replace(cut, start=at, end=at, repair=True) for cut in line.cuts)
        edits.extend(replace(edit, start=edit.start + at, end=edit.end + at) for edit in line.edits)
        text += line.text
    return text, tuple(edits)


def _hyphen(text: str, edits: list[Edit], line: Line, known: Counter[str]) -> tuple[str, list[Edit]]:
    """`text` made ready for `line` to be put behind it: with a space, without, or without its hyphen."""
    if text.endswith("/"):
        return text, edits
    broken = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$").search(text, max(0, len(text) - LONGEST_WORD))
    following = re.match(r"[\w/-]+", line.text)
    if not text.endswith("-") or broken is None or following is None:
        return text + " ", edits
    head, tail = broken.group(1), following.group().lower()
    if tail in COORDINATORS:
        return text + " ", edits
    inside = head[0].isupper() and not ends_sentence(text[max(0, broken.start() - 20) : broken.start()] or ".")
    if inside or not line.text[0].islower() or known[f"{head}-{tail}".lower()] or not known[f"{head}{tail}".lower()]:
        return text, edits
    at = len(text) - 1
    edits = [replace(e, start=min(e.start, at), end=min(e.end, at)) for e in edits]
    edits.append(Edit("hyphen", line.number, f"{head}-", head, broken.start(), at, True))
    return text[:-1], edits
