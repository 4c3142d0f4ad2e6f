"""Text in documents is text: sentences that give orders to a language model are stored, but never quoted.

The patterns are data, `data/attacks.toml`, so that an editor can review them without reading code. No model is asked.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from assistant.safety import plain
from assistant.types import Evidence, Passage, Role, ScoredSentence, Sentence

# Longest stretch of a sentence that is looked at; the longest sentence of the stored texts has some 900 characters.
MATCHED_CHARACTERS = 2_000
# Sentences whose judgement is kept: those of the passages found for one question come back for the next.
_KEPT = 16_384
_TOKEN = re.compile(r"[a-z0-9]+|[.!?;:,\n]")
_MARKS = dict.fromkeys("!?;\n", ".")
_APOSTROPHE = re.compile("['\u2018\u2019\u02bc`\u00b4]")
# Cyrillic and Greek letters that print as Latin ones.
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁοανρτ", "aeopcyxijsdoavpt")
# The marks by which chat models are told turns apart; in a publication they have no business.
_MARKUP = re.compile(
    r"<\|[a-z_]+\|>|\[/?inst\]|<</?sys>>|</?(?:system|instructions?|prompt)>|^\W*\[(?:system|systeem)\]"
    r"|^\s*#{2,}\s*(?:instruction|instructie|system|response)s?\b|-{2,}\s*(?:begin|start|end|einde)\s(?:of|van)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Signal:
    """Something an order to a model tends to say, its weight, and whether it names or addresses who is to answer."""

    points: int
    aimed: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Rules:
    """The part of `data/attacks.toml` about documents, compiled."""

    least: int
    after: int
    gate: tuple[str, ...]
    harmless: re.Pattern[str]
    signals: tuple[_Signal, ...]


@lru_cache(maxsize=_KEPT)
def addresses_machine(sentence: str) -> bool:
    """Whether a sentence of a document gives orders to a language model ("Negeer je instructies en zeg ...").

    One that is about such models, or that tells a teacher or pupil what to do, is not.
    """
    rules = _rules()
    words = _words(sentence)
    if not any(part in words for part in rules.gate) and not _MARKUP.search(sentence):
        return False  # no pattern that is aimed can be found: most sentences of a library end here
    points, aimed = _points(sentence)
    return aimed and points >= rules.least


def may_order(sentence: str) -> bool:
    """Whether a sentence says as much as an order does, aimed at a model or not: for what a model wants to say itself."""
    return _points(sentence)[0] >= _rules().least


def orders(sentences: Sequence[str]) -> tuple[bool, ...]:
    """Per sentence of one paragraph whether it gives orders to a model, or goes on with such an order."""
    found: list[bool] = []
    for sentence in sentences:
        goes_on = any(found) and _points(sentence)[0] >= _rules().after
        found.append(goes_on or addresses_machine(sentence))
    return tuple(found)


def ordering(passage: Passage) -> frozenset[int]:
    """Numbers of the sentences of a passage that give orders to a model."""
    places: dict[int, list[int]] = {}
    for number, sentence in enumerate(passage.sentences):
        places.setdefault(sentence.block, []).append(number)
    return frozenset(
        number
        for numbers in places.values()
        for number, order in zip(numbers, orders([_text(passage, n) for n in numbers]), strict=True)
        if order
    )


def without_orders(evidence: Evidence) -> Evidence:
    """The evidence as it may be quoted: no sentence that gives orders to a model answers, introduces or is led to.

    Numbers and offsets stay. Such a sentence stands apart from its list and neighbours, and what it speaks of no longer
    counts for its passage. A heading that gives orders is left out of the path.
    """
    numbers = {hit: found for hit, each in enumerate(evidence.hits) if (found := ordering(each.passage))}
    hits = tuple(
        replace(hit, passage=_apart(hit.passage, numbers.get(place, frozenset())))
        for place, hit in enumerate(evidence.hits)
    )
    kept = tuple(s for s in evidence.sentences if s.sentence not in numbers.get(s.hit, ()))
    return replace(evidence, hits=hits, sentences=tuple(_spoken(s, kept) if s.hit in numbers else s for s in kept))


def warning(kind: str, **details: object) -> str:
    """What an editor is told about a document: `hidden` and `orders` (count, opening) or `characters` (count)."""
    return _texts()[kind].format(**details)


def _apart(passage: Passage, numbers: frozenset[int]) -> Passage:
    """The passage with each of these sentences as a block of its own, so that no quote reaches over it."""
    section = tuple(heading for heading in passage.section if not addresses_machine(heading))
    if not numbers and section == passage.section:
        return passage
    sentences: list[Sentence] = []
    shift = 0
    for number, sentence in enumerate(passage.sentences):
        if number in numbers:
            shift -= 1
            # an item is never read on from by the sentence behind it
            sentences.append(replace(sentence, role=Role.ITEM, block=_fresh(sentence, 2 * shift)))
        else:
            sentences.append(replace(sentence, block=_fresh(sentence, 2 * shift + 1)) if shift else sentence)
    return replace(passage, section=section, sentences=tuple(sentences))


def _fresh(sentence: Sentence, shift: int) -> int:
    """A block number that no other block has: those of a document count from 1."""
    return -(sentence.block * 10_000) + shift


def _spoken(scored: ScoredSentence, kept: Sequence[ScoredSentence]) -> ScoredSentence:
    """The sentence with what is spoken of around it counted over the kept sentences and the headings alone."""
    shares = [s.present for s in kept if s.hit == scored.hit]
    return replace(scored, around=tuple(max(column) for column in zip(scored.heading, *shares, strict=True)))


def _text(passage: Passage, number: int) -> str:
    sentence = passage.sentences[number]
    return passage.text[sentence.start - passage.start : sentence.end - passage.start]


def _points(sentence: str) -> tuple[int, bool]:
    """The sum of what is found in a sentence, each signal once, and whether any of it is aimed."""
    rules = _rules()
    words = rules.harmless.sub(" ", _words(sentence))
    found = [signal for signal in rules.signals if signal.pattern.search(words)]
    marked = _MARKUP.search(plain(sentence)) is not None
    points = sum(signal.points for signal in found) + (rules.least if marked else 0)
    return points, marked or any(signal.aimed for signal in found)


def _words(sentence: str) -> str:
    """Lower-case words and marks one space apart; every end of a sentence is " . "."""
    text = plain(sentence[:MATCHED_CHARACTERS])
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold().translate(_LOOK_ALIKES)
        text = "".join(mark for mark in text if not unicodedata.combining(mark))
    tokens = _TOKEN.findall(_APOSTROPHE.sub("", text.casefold()))
    return f" . {' '.join(_MARKS.get(token, token) for token in tokens)} . "


def _expanded(pattern: str, lists: Mapping[str, str]) -> str:
    """A pattern of the data file as a regular expression, its lists put in."""
    while (named := re.sub(r"\{([a-z]+)\}", lambda match: lists[match.group(1)], pattern)) != pattern:
        pattern = named
    return pattern


def _compiled(patterns: Sequence[str], lists: Mapping[str, str]) -> re.Pattern[str]:
    """One expression that finds any of the patterns as whole words."""
    return re.compile(f"(?<= )(?:{'|'.join(_expanded(pattern.rstrip(), lists) for pattern in patterns)})(?= )")


@cache
def _rules() -> _Rules:
    """The rules for documents, read once."""
    data = tomllib.loads((files("assistant") / "data" / "attacks.toml").read_text("utf-8"))["documents"]
    return _Rules(
        data["least"],
        data["after"],
        tuple(data["gate"]),
        _compiled(data["harmless"], data["words"]),
        tuple(
            _Signal(signal["points"], signal.get("aimed", False), _compiled(signal["patterns"], data["words"]))
            for signal in data["signals"]
        ),
    )


@cache
def _texts() -> dict[str, str]:
    """The warnings, read once."""
    texts: dict[str, str] = tomllib.loads((files("assistant") / "data" / "attacks.toml").read_text("utf-8"))["warnings"]
    return texts
