"""`data/followup.toml`, compiled: the signs by which a follow-up leans on the turns before, and what takes whose place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant import dutch

# A name within a question, with its article: a capital that does not open the sentence.
NAME = re.compile(r"(?<=\w )(?:[Dd]e |[Hh]et )?[A-ZÀ-Ý][\w'’-]*(?: (?:(?:van|de|der|den) )*[A-ZÀ-Ý][\w'’-]*)*")
_NAMED = re.compile(r"(?:\w+ )?(?:[Dd]e |[Hh]et )?[A-ZÀ-Ý][\w'’-]*(?: (?:(?:van|de|der|den) )*[A-ZÀ-Ý][\w'’-]*)*$")
LAST, BEFORE_LAST = -1, -2


@dataclass(frozen=True, slots=True)
class Ordinal:
    """An ordinal in a question ("de tweede pijler"): which item (from 0, LAST, BEFORE_LAST), what it is called ("" for nothing), where."""

    number: int
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns by their names in the file; all are matched on `dutch.normal` text."""

    openers: re.Pattern[str]
    continues: re.Pattern[str]
    thanks: re.Pattern[str]
    aside: re.Pattern[str]
    new_topic: re.Pattern[str]
    corrects: re.Pattern[str]
    same_asked: re.Pattern[str]
    as_for: re.Pattern[str]
    for_whom: re.Pattern[str]
    described: re.Pattern[str]
    question_opening: re.Pattern[str]
    finite: re.Pattern[str]
    points_back: re.Pattern[str]
    within: re.Pattern[str]
    relative: re.Pattern[str]
    plural: re.Pattern[str]
    clause_subject: re.Pattern[str]
    asks_more: re.Pattern[str]
    about_own: re.Pattern[str]
    says_nothing: re.Pattern[str]
    before_last: re.Pattern[str]
    ordinal: re.Pattern[str]
    numbered: re.Pattern[str]
    named_source: re.Pattern[str]
    asks_name: re.Pattern[str]
    defines: re.Pattern[str]
    preposition: re.Pattern[str]
    determiner: re.Pattern[str]
    possessive: re.Pattern[str]
    phrase: re.Pattern[str]
    counterparts: Mapping[str, re.Pattern[str]]
    ordinals: Mapping[str, int]
    item_names: frozenset[str]
    relational: frozenset[str]

    def points(self, plain: str) -> bool:
        """Whether a question points back to what was said before ("daar", "die", "ze"), not to a word of its own."""
        if self.points_back.search(plain):
            return True
        opened = self.question_opening.match(plain)
        start = opened.end() if opened else 0
        for match in self.within.finditer(plain):
            before = " ".join(plain[start : match.start()].split()[:-1])  # without the verb
            if not any(pattern.search(before) for pattern in (self.plural, *self.counterparts.values())):
                return True
        return any(self._demonstrates(plain, match, start) for match in self.relative.finditer(plain))

    def _demonstrates(self, plain: str, match: re.Match[str], start: int) -> bool:
        """Whether "die" or "dat" is no conjunction ("zorg je dat de") and follows no noun ("kinderen die")."""
        if match.group() in ("deze", "dit", "this"):
            return True
        if match.group() == "dat" and self.clause_subject.match(plain[match.end() :]):
            return False
        before = plain[start : match.start()].split()
        at_end = not plain[match.end() :].strip(" ?.!")
        return at_end or not before or len(before) == 1 and not _nouns(plain[:start]) or not _nouns(before[-1])

    def ordinal_in(self, plain: str) -> Ordinal | None:
        """The first ordinal of a question that may stand for an item of a list."""
        match = self.before_last.search(plain)
        if match:
            return Ordinal(BEFORE_LAST, "", *match.span())
        match = self.numbered.search(plain)
        if match:
            return Ordinal(int(match.group(1)) - 1, "", *match.span())
        match = self.ordinal.search(plain)
        if match is None:
            return None
        name = match.group(2) or ""
        if not dutch.content_words(self.says_nothing.sub("", name)):
            return Ordinal(self.ordinals[match.group(1)], "", match.start(), match.end(1))
        return Ordinal(self.ordinals[match.group(1)], name, *match.span())

    def names_item(self, name: str, said: str) -> bool:
        """Whether a noun after an ordinal names an item of a list: by its nature, or because it was spoken of."""
        wanted = set(dutch.keys(name))
        return name in self.item_names or any(wanted & set(dutch.keys(word)) for word in dutch.content_words(said))

    def placed(self, fragment: str, question: str) -> str | None:
        """The question with the fragment in the place of its counterpart; None where it has none or several."""
        new = dutch.normal(fragment)
        led = self.preposition.match(new)
        for name, pattern in self.counterparts.items():
            if pattern.search(new):
                return self._by_class(fragment, question, name)
        if _NAMED.fullmatch(fragment) or _NAMED.fullmatch(fragment.partition(" ")[2]):
            names = list(NAME.finditer(question))
            return self._swapped(question, names[0], fragment) if len(names) == 1 else None
        if led:
            return self._by_preposition(fragment, question, led.group())
        return self._by_definition(fragment, question)

    def _by_class(self, fragment: str, question: str, name: str) -> str | None:
        plain = dutch.normal(question)
        found = list(self.counterparts[name].finditer(plain))
        if len(found) != 1:
            return None
        led = self.preposition.match(found[0].group())
        if name == "people":  # others take their place only where they have the same part in the clause
            bare = led is not None and not self.preposition.match(dutch.normal(fragment))
            if self.described.match(plain[found[0].end() :]) or (bare and not self.for_whom.match(found[0].group())):
                return None
        return self._swapped(question, found[0], fragment)

    def _swapped(self, question: str, place: re.Match[str], fragment: str) -> str:
        """The fragment in the place of a phrase: with its preposition where both have one, else without."""
        old = question[place.start() : place.end()]
        old_led = self.preposition.match(dutch.normal(old))
        new_led = self.preposition.match(dutch.normal(fragment))
        if old_led and not new_led:
            fragment = f"{old[: old_led.end()]}{fragment}"
        elif new_led and not old_led:
            fragment = fragment[new_led.end() :]
        bare = self.preposition.sub("", dutch.normal(old), count=1)
        if not self.preposition.match(dutch.normal(fragment)) and not self.determiner.match(bare):
            fragment = self.determiner.sub("", fragment, count=1)
        return f"{question[: place.start()]}{fragment}{question[place.end() :]}"

    def _by_preposition(self, fragment: str, question: str, led: str) -> str | None:
        """Put "tegen stress" for "tegen pesten": the phrase with the same preposition, when it holds no word of a class."""
        phrases = [m for m in self.phrase.finditer(dutch.normal(question)) if m.group(1) == led.strip()]
        if len(phrases) != 1 or any(p.search(phrases[0].group()) for p in self.counterparts.values()):
            return None
        return f"{question[: phrases[0].start()]}{fragment}{question[phrases[0].end() :]}"

    def _by_definition(self, fragment: str, question: str) -> str | None:
        """Put other words for what is to be defined, or only for its adjective ("selectieve interventies": "universele")."""
        match = self.defines.match(dutch.normal(question))
        if match is None:
            return None
        start, end = match.span(1)
        words = match.group(1).split()
        if len(words) == 2 and " " not in fragment and fragment.endswith("e") and words[0].endswith("e"):
            end = start + len(words[0])
        return f"{question[:start]}{fragment}{question[end:]}"


@cache
def rules() -> Rules:
    """The rules as the file has them."""
    data = tomllib.loads((files("assistant") / "data" / "followup.toml").read_text("utf-8"))
    words: dict[str, list[str]] = data["words"]
    numbers = {word: n for name in ("ordinals", "ordinals_english") for n, word in enumerate(data[name])}
    lists = {"ordinals": "|".join(numbers)} | {name: f"(?:{'|'.join(entries)})" for name, entries in words.items()}

    def compiled(pattern: str) -> re.Pattern[str]:
        for _ in range(2):  # a list may hold a list
            for name, entries in lists.items():
                pattern = pattern.replace(f"{{{name}}}", entries)
        return re.compile(pattern.replace("{{", "{").replace("}}", "}"))

    before = compiled(r"(?:{preposition}\s+)?(?:{determiner}\s+)?").pattern
    classes = {
        name: compiled(rf"\b{before}(?:{'|'.join(entries)})\b") for name, entries in data["counterparts"].items()
    }
    own = {name: compiled(value) for name, value in data.items() if isinstance(value, str)}
    return Rules(
        **own,
        preposition=compiled(r"{preposition}\s+"),
        determiner=compiled(r"^{determiner}\s+"),
        possessive=compiled(r"\b{preposition}\s+zijn\b"),
        phrase=compiled(r"\b({preposition})\s+(?:{determiner}\s+)?[\w'-]+"),
        counterparts=classes,
        ordinals=numbers | dict.fromkeys(data["last"], LAST),
        item_names=frozenset(data["item_names"]),
        relational=frozenset(data["relational"]),
    )


def _nouns(text: str | Sequence[str]) -> list[str]:
    """Content words: in a question mostly nouns; verbs among them are told apart by their place only."""
    return [word for word in dutch.content_words(text if isinstance(text, str) else " ".join(text)) if word]
