"""What is looked at before a question is answered: signs of danger, orders to the assistant, hidden characters.

Pure functions over words and patterns; no model is asked, so a referral never depends on one. The patterns are data,
`data/danger.toml` and `data/attacks.toml`, so that an editor can review them without reading code. Beside the rules of
danger stands a small reader that was trained on written messages (`danger_reader`), for wordings that no rule knows.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import permutations

from rapidfuzz.distance import OSA

from assistant import danger_reader, dutch, english

# Longest stretch that is matched; what a person types in a chat is far shorter, and time grows with it.
MATCHED_CHARACTERS = 4_000
# Words shorter than this are never taken for a misspelling: too many real words lie one letter apart.
FUZZY_LENGTH = 6
# From this length on two wrong letters are accepted ("zelfbeschadiging"), below it one.
FUZZY_LONG = 11
# A word that Dutch does not have ("geslaagen") is read as the rules' own word one letter away, if it has this many letters.
RESPELT_LENGTH = 5
# Rarer than this on the Zipf scale and in no dictionary: not a word. Misspellings in evals/benchmarks/danger_phrasings.tsv
# reach 2.4 ("maaken"), and the inflections that no dictionary has are as rare.
UNKNOWN_BELOW = 2.9

# From this score of the reader on a message signals danger although no rule knows it. Of the rounds of others, each left out of
# the training and read whole, it alone finds 77 % with 0.5 % false alarms (0.1: 86 and 1.9 %, 0.4: 69 and 0.2 %; `evals.training.danger`).
READER_ALARM = 0.25
# Below this score a rule's acute sign is taken for a manner of speaking: of the written training messages, that the rules
# did not know, about 10 of their 54 false alarms (1,262 harmless ones) and 1 of a hundred of what they rightly found.
READER_VETO = -0.6

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+")
_APOSTROPHE = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_WORD = re.compile(r"[a-z0-9]+|[.!?;:\n]")
_LITERAL = re.compile(r"(?<![a-z\\])[a-z]{4,}(?![a-z\\*?])")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_GAP = r"(?: \w+){0,5}? "
_NEAR = r"(?: \w+){0,8}? "


class Danger(StrEnum):
    """What a message signals; the value is `Answer.referral`."""

    SUICIDE = "suicide"
    ABUSE = "abuse"


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign of danger. `acute`: about somebody in particular; otherwise a general question, to be answered as well."""

    kind: Danger
    acute: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A statement that danger is there; it counts for nothing in a sentence in which `unless` is found."""

    sign: re.Pattern[str]
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Signs:
    """The compiled patterns of one kind of danger: mentions of the subject and statements that it happens."""

    topics: re.Pattern[str]
    phrases: tuple[_Phrase, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    """`data/danger.toml`, compiled."""

    decisive: tuple[str, ...]
    unlike: tuple[str, ...]
    shorthand: Mapping[str, str]
    harmless: re.Pattern[str]
    signs: Mapping[Danger, _Signs]
    innocent: re.Pattern[str]
    sport: re.Pattern[str]
    excuse: re.Pattern[str]
    personal: re.Pattern[str]
    general: re.Pattern[str]
    plural: re.Pattern[str]
    bare: re.Pattern[str]
    fiction: re.Pattern[str]
    told: re.Pattern[str]


def plain(text: str) -> str:
    r"""Take out what a reader can't see: zero-width, direction, tag and variation characters, and other controls.

    Hidden characters can carry instructions or split a word that a rule looks for. The result is NFC, line ends are
    "\n", and a run of other control characters becomes one space.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub(" ", _HIDDEN.sub("", text))


def danger(text: str) -> Signal | None:
    """Whether a message signals suicidality, self-harm, abuse or domestic violence; None where it does not.

    Acute goes before general, suicide before abuse. It recognises wordings and what is like messages that signalled danger;
    it does not diagnose.
    """
    known = _known(text)
    reading = danger_reader.reader().read(reader_words(text))
    if known is not None and known.acute:
        return known if reading.score > READER_VETO else None
    if reading.score > READER_ALARM:
        return Signal(Danger.SUICIDE if reading.suicide else Danger.ABUSE, acute=True)
    return known


def reader_words(text: str) -> list[str]:
    """A message as the trained reader sees it: the words of the rules, before any is respelt, and the ends of sentences."""
    return _words(text, _rules().shorthand).split()


@cache
def referral_lines(kind: Danger) -> tuple[str, ...]:
    """Whom to call and what to do, as Markdown lines, the most urgent first. Sources: `data/referrals.toml`."""
    data = tomllib.loads((files("assistant") / "data" / "referrals.toml").read_text("utf-8"))
    return tuple(line["text"] for line in data["lines"] if kind in line["for"])


def attack(text: str) -> bool:
    """Whether a question gives orders to the assistant: forget the rules, show the prompt, play a role, write code."""
    words = _words(text, {})
    commands, harmless = _attacks()
    return commands.search(harmless.sub(" ", words)) is not None


def _known(text: str) -> Signal | None:
    """The signal that the rules find."""
    rules = _rules()
    words = rules.harmless.sub(" ", _normalised(text))
    found = [signal for kind in Danger if (signal := _signal(words, kind, rules)) is not None]
    return min(found, key=lambda signal: not signal.acute, default=None)


def _signal(words: str, kind: Danger, rules: _Rules) -> Signal | None:
    """The signal of one kind in normalised words."""
    signs = rules.signs[kind]
    happens = any(_stands(phrase, words, rules) for phrase in signs.phrases)
    if not happens and not signs.topics.search(words):
        return None
    if rules.fiction.search(words) and not rules.told.search(words):
        return Signal(kind, acute=False)
    personal = rules.personal.search(words) is not None
    general = rules.general.search(words) is not None
    if happens:
        acute = personal or not (general and rules.plural.search(words))
    else:
        acute = personal or (not general and rules.bare.search(words) is not None)
    return Signal(kind, acute)


def _stands(phrase: _Phrase, words: str, rules: _Rules) -> bool:
    """Whether a phrase is said, other than of a bruise from sport; a bruise that somebody explains away counts."""
    for match in phrase.sign.finditer(words):
        start = words.rfind(" . ", 0, match.start()) + 1
        end = words.find(" . ", match.end() - 1)
        sentence = words[start : end + 1 if end >= 0 else len(words)]
        if phrase.unless is not None and phrase.unless.search(sentence):
            continue
        if not rules.innocent.fullmatch(match.group()):
            return True
        if not rules.sport.search(sentence) or rules.excuse.search(sentence):
            return True
    return False


def _normalised(text: str) -> str:
    """A message as the patterns see it: known shorthand written out and decisive words spelt right."""
    rules = _rules()
    words = _words(text, rules.shorthand)
    return " ".join(_meant(_respelt(word, rules.decisive, rules.unlike)) for word in words.split(" "))


def _words(text: str, shorthand: Mapping[str, str]) -> str:
    """Lower-case words without accents, one space apart and around, " . " where a sentence ends."""
    folded = unicodedata.normalize("NFKD", plain(text)[:MATCHED_CHARACTERS]).casefold()
    folded = _APOSTROPHE.sub("", "".join(mark for mark in folded if not unicodedata.combining(mark)))
    tokens = [token if token.isalnum() else "." for token in _WORD.findall(folded)]
    tokens = [_STRETCHED.sub(r"\1", token) for token in tokens]
    return f" {' '.join(shorthand.get(token, token) for token in tokens)} . "


@lru_cache(maxsize=4096)
def _respelt(word: str, decisive: tuple[str, ...], unlike: tuple[str, ...]) -> str:
    """The word with a misspelt decisive beginning put right ("zelfmoortgedachte" → "zelfmoordgedachte")."""
    if len(word) < FUZZY_LENGTH or word.startswith(decisive + unlike):
        return word
    for right in decisive:
        if word[0] != right[0]:
            continue
        allowed = 2 if len(right) >= FUZZY_LONG else 1
        for length in (len(right), len(right) - 1, len(right) + 1):
            if OSA.distance(word[:length], right, score_cutoff=allowed) <= allowed:
                return right + word[length:]
    return word


@lru_cache(maxsize=4096)
def _meant(word: str) -> str:
    """The word, or for one that Dutch does not have the most common word of the rules that differs in one letter."""
    if len(word) < RESPELT_LENGTH or not word.isalpha() or word in _vocabulary():
        return word
    if dutch.commonness(word) >= UNKNOWN_BELOW or dutch.is_word(word) or english.commonness(word):
        return word
    alike = [right for right in _vocabulary() if right[0] == word[0] and right + "s" != word]
    near = [right for right in alike if OSA.distance(word, right, score_cutoff=1) <= 1]
    return max(near, key=lambda right: (dutch.commonness(right), right), default=word)


@cache
def _vocabulary() -> frozenset[str]:
    """The common words that stand in the patterns as they are."""
    patterns = (phrase.sign.pattern for signs in _rules().signs.values() for phrase in signs.phrases)
    found = {word for pattern in patterns for word in _LITERAL.findall(pattern)}
    return frozenset(word for word in found if dutch.commonness(word) >= UNKNOWN_BELOW)


def _expanded(pattern: str, lists: Mapping[str, str]) -> str:
    """A pattern of the data file as a regular expression: lists put in (also lists within lists), gaps written out."""
    parts = pattern.split(" <> ")
    if len(parts) > 1:
        pattern = "|".join(_NEAR.join(f"(?:{part})" for part in order) for order in permutations(parts))
    while (named := re.sub(r"\{([a-z]+)\}", lambda match: f"(?:{lists[match.group(1)]})", pattern)) != pattern:
        pattern = named
    return pattern.replace("~", _GAP)


def _phrase(entry: str | Mapping[str, str], lists: Mapping[str, str]) -> _Phrase:
    """A phrase of the data file: a pattern, or a table of a pattern and what takes its meaning away."""
    if isinstance(entry, str):
        return _Phrase(_compiled([entry], lists), None)
    return _Phrase(_compiled([entry["sign"]], lists), _compiled([entry["unless"]], lists))


def _compiled(patterns: Iterable[str], lists: Mapping[str, str], before: str = "(?<= )") -> re.Pattern[str]:
    """One expression that finds any of the patterns as whole words."""
    return re.compile(f"{before}(?:{'|'.join(_expanded(pattern, lists) for pattern in patterns)})(?= )")


@cache
def _rules() -> _Rules:
    """The rules of danger, read once."""
    data = tomllib.loads((files("assistant") / "data" / "danger.toml").read_text("utf-8"))
    lists: dict[str, str] = data["words"]
    frames: dict[str, list[str]] = data["frames"]
    return _Rules(
        unlike=tuple(data["unlike"]),
        decisive=tuple(sorted(data["decisive"], key=len, reverse=True)),
        shorthand=data["shorthand"],
        harmless=_compiled(data["harmless"]["patterns"], lists),
        signs={
            kind: _Signs(
                _compiled(data[kind]["topics"], lists),
                tuple(_phrase(entry, lists) for entry in data[kind]["phrases"]),
            )
            for kind in Danger
        },
        innocent=re.compile(_expanded("|".join(data["abuse"]["innocent"]), lists)),
        sport=_compiled([lists["sport"]], lists),
        excuse=_compiled([data["abuse"]["excuse"]], lists),
        personal=_compiled(frames["personal"], lists),
        general=_compiled(frames["general"], lists, before=r"(?:(?<=^ )|(?<= \. )|(?<=^ en )|(?<=^ maar ))"),
        plural=_compiled(frames["plural"], lists),
        bare=_compiled(frames["bare"], lists),
        fiction=_compiled(frames["fiction"], lists),
        told=_compiled(frames["told"], lists),
    )


@cache
def _attacks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Commands aimed at the assistant and the school sentences that sound like them, read once."""
    data = tomllib.loads((files("assistant") / "data" / "attacks.toml").read_text("utf-8"))
    return _compiled(data["commands"], data["words"]), _compiled(data["harmless"], data["words"])
