"""Choosing the lines of a brief: what one look-up gives that suits the sector, can be read alone, and is not there yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant import dutch
from assistant.brief_themes import FEWEST_PRINCIPLES, BriefRules, Place
from assistant.extract import Span, compose
from assistant.injection import without_orders
from assistant.retrieve import Retriever, View
from assistant.texts_nl import LEANS_ON_PREVIOUS, MORE_ELSEWHERE, SECTOR_PATTERNS, SECTORS_JOINED
from assistant.types import QUOTABLE, Document, Evidence, Kind, Passage, Query, Role, Sentence, Term

# The lengths were set by judgement: a brief is read at a table and fits three pages.
MAX_SENTENCES = 330  # characters of one line of running text, which may be a sentence with the one it leans on
MAX_LIST = 650
MAX_MATERIAL = 450
SHORTEST = 6  # content words; "Welbevinden is één van deze thema's." says too little to take along
SAME = 0.7  # share of content words that two lines have in common when they say the same, as in an answer
BETWEEN = (
    2  # other words between those of one name: "aandacht voor welbevinden van leraren" names no "leerlingen per leraar"
)
# Source sentences that are read aloud by somebody stay whole between their quotation marks.
_QUESTION_END = re.compile(r"\?[\"'”’)\s]*$")

Quotes = tuple[Span, ...]
Keep = Callable[[Passage], bool]
Fits = Callable[[str], bool]


def anything(_text: str) -> bool:
    """Any sentence fits."""
    return True


@dataclass(slots=True)
class Picker:
    """Chooses lines for one brief, in one state of the library; remembers what was chosen, so that no line comes twice."""

    retriever: Retriever
    view: View
    sector: str
    rules: BriefRules
    headings: frozenset[str] = frozenset()
    wide: bool = False
    """Whether what is meant for several other sectors may be quoted too: nothing on the themes is for this one."""
    other_schools: frozenset[str] = frozenset()
    _chosen: list[Quotes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Learn which schools of other sectors the library names."""
        self.other_schools = _other_schools(self.view.documents, self.sector, self.rules)

    def look_up(self, text: str) -> Evidence:
        """What the library has for a question of ours, or for words of the adviser that were masked before."""
        query = self.retriever.understand(text, (), self.sector, (), self.view)
        return without_orders(self.retriever.retrieve(query, view=self.view))

    def choose(self, evidence: Evidence, most: int, keep: Keep, fits: Fits = anything) -> list[Quotes]:
        """At most `most` lines from passages to keep whose sentence fits; none is chosen twice.

        Those that can be read alone, or one other where there are none.
        """
        found = self.alone(evidence, keep, fits) or self.any(evidence, keep, fits)[:1]
        return self.taken(found, most)

    def alone(self, evidence: Evidence, keep: Keep, fits: Fits) -> list[Quotes]:
        """Lines that can be read without what stands before them in their source."""
        found = self.any(evidence, keep, lambda text: fits(text) and self._readable(text))
        return [quotes for quotes in found if not self._leans(quotes)]

    def any(self, evidence: Evidence, keep: Keep, fits: Fits) -> list[Quotes]:
        """Lines that suit, best first."""
        found = compose(_within(evidence, keep, fits), broad=True).statements
        return [quotes for quotes in found if self.suits(quotes) and not self._outlines(quotes)]

    def materials(self, evidence: Evidence, keep: Keep, fits: Fits) -> list[Quotes]:
        """Lines that tell of a tool: they may be short, lead to it, or lean on the tool's name above them."""
        found = compose(_within(evidence, keep, fits), broad=True).statements
        return [q for q in found if len(words_of(q)) <= MAX_MATERIAL and self.speaks_to_sector(words_of(q))]

    def taken(self, found: Sequence[Quotes], most: int) -> list[Quotes]:
        """The first `most` of these that are not in the brief yet, now they are."""
        taken: list[Quotes] = []
        for quotes in found:
            if len(taken) < most and self.take(quotes):
                taken.append(quotes)
        return taken

    def take(self, quotes: Quotes) -> bool:
        """Put quotes into the brief, unless they are there already or say what is."""
        if any(_same(quotes, other) for other in self._chosen):
            return False
        self._chosen.append(quotes)
        return True

    def suits(self, quotes: Quotes) -> bool:
        """Whether quotes can be a line for this sector: not too long, no pointer or question alone, of no other sector."""
        text = words_of(quotes)
        in_list = any(s.role is not Role.SENTENCE for span in quotes for s in _sentences(span))
        lengthy = len(text) > (MAX_LIST if in_list else MAX_SENTENCES)
        if (
            lengthy
            or not _closed(text)
            or len(dutch.content_words(text)) < SHORTEST
            or _QUESTION_END.search(text)
            or text.endswith(":")
        ):
            return False
        return self.speaks_to_sector(text) and not re.search(MORE_ELSEWHERE, dutch.normal(text))

    def speaks_to_sector(self, text: str) -> bool:
        """Whether a text names no sector, or this one among others, and no school of another."""
        whole = re.sub(*SECTORS_JOINED, dutch.normal(text))
        named = {sector for sector, pattern in SECTOR_PATTERNS if re.search(pattern, whole)}
        return (not named or self.sector in named) and not (self.other_schools & set(_capitalised(text)))

    def for_sector(self, passage: Passage) -> bool:
        """Whether a passage may be quoted at all: meant for schools of this sector, and no link or scrap."""
        headings = dutch.fold(" | ".join(passage.section))
        if passage.kind not in QUOTABLE or passage.kind is Kind.LINK:
            return False
        if self.rules.patterns["not_for_schools"].search(headings):
            return False
        several = self.wide and len(passage.sectors) > 1
        return not passage.sectors or self.sector in passage.sectors or several

    def of_sector_alone(self, passage: Passage) -> bool:
        """Whether a passage is about this sector and no other, as a box on the mbo is."""
        return passage.sectors == (self.sector,)

    def is_example(self, passage: Passage) -> bool:
        """Whether a passage tells of an example, by the headings above it."""
        headings = dutch.fold(" | ".join(passage.section))
        return self.rules.patterns["example_heading"].search(headings) is not None

    def says(self, pattern: str, text: str) -> bool:
        """Whether a pattern of the rules is found in a text."""
        return self.rules.patterns[pattern].search(dutch.fold(text)) is not None

    def _outlines(self, quotes: Quotes) -> bool:
        """Whether quotes are the list of a pillar's principles, which the headings of the brief give already."""
        items = {words_of((Span(span.passage, s.start, s.end),)) for span in quotes for s in _sentences(span)}
        return len(items & self.headings) >= FEWEST_PRINCIPLES

    def _readable(self, text: str) -> bool:
        """Whether a sentence may be a line: it can be read alone, or an answer would bring the one it leans on."""
        return not self.says("leans", text) or re.search(LEANS_ON_PREVIOUS, dutch.normal(text)) is not None

    def _leans(self, quotes: Quotes) -> bool:
        first = _sentences(quotes[0])[:1]
        text = words_of(quotes)[: first[0].end - first[0].start] if first else words_of(quotes)
        return self.says("leans", text)


def within(place: Place | None) -> Keep:
    """Keep what stands in a place or below it; everything where there is none."""

    def keep(passage: Passage) -> bool:
        return place is None or (passage.source == place.source and passage.section[: len(place.path)] == place.path)

    return keep


def speaks_of(query: Query, quotes: Quotes) -> float:
    """The share, 0 to 1, of a question's terms that quotes speak of themselves, weighed by rarity and importance.

    Stricter than retrieval: the words of a name of several words must stand close together.
    """
    said = [frozenset(dutch.keys(word)) for word in dutch.words(words_of(quotes))]
    weights = [term.weight * term.rarity for term in query.terms]
    spoken = [_spoken(term, said) for term in query.terms]
    return sum(w * share for w, share in zip(weights, spoken, strict=True)) / max(sum(weights), 1e-6)


def _spoken(term: Term, said: Sequence[frozenset[str]]) -> float:
    best = max((weight for key, weight in term.forms if any(key in word for word in said)), default=0.0)
    for phrase in term.phrases:
        for at in range(len(said)):
            near = frozenset[str]().union(*said[at : at + len(phrase) + BETWEEN])
            best = max(best, min(max((w for key, w in forms if key in near), default=0.0) for forms in phrase))
    return best


def words_of(quotes: Quotes) -> str:
    """The text of quotes, one behind the other."""
    return " ".join(s.passage.text[s.start - s.passage.start : s.end - s.passage.start] for s in quotes)


def sentence_text(passage: Passage, sentence: Sentence) -> str:
    """The text of one sentence of a passage."""
    return passage.text[sentence.start - passage.start : sentence.end - passage.start]


def _within(evidence: Evidence, keep: Keep, fits: Fits) -> Evidence:
    """The evidence from passages to keep alone, by sentences that fit."""
    kept = [at for at, hit in enumerate(evidence.hits) if keep(hit.passage)]
    place = {at: number for number, at in enumerate(kept)}
    sentences = tuple(
        replace(s, hit=place[s.hit])
        for s in evidence.sentences
        if s.hit in place
        and fits(sentence_text(passage := evidence.hits[s.hit].passage, passage.sentences[s.sentence]))
    )
    return replace(evidence, hits=tuple(evidence.hits[at] for at in kept), sentences=sentences)


def _sentences(span: Span) -> list[Sentence]:
    return [s for s in span.passage.sentences if span.start <= s.start and s.end <= span.end]


def _same(one: Quotes, other: Quotes) -> bool:
    """Whether quotes overlap, or the shorter of two says little that the other does not."""
    if any(a.passage.source == b.passage.source and a.start < b.end and b.start < a.end for a in one for b in other):
        return True
    a, b = ({dutch.keys(word)[-1] for word in dutch.content_words(words_of(quotes))} for quotes in (one, other))
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= SAME


def _closed(text: str) -> bool:
    """Whether every quotation mark that is opened is closed as well: no piece of what somebody said."""
    return text.count("“") == text.count("”") and text.count('"') % 2 == 0


def _capitalised(text: str) -> Iterable[str]:
    return re.findall(r"[A-ZÀ-Ý][\w’'-]+", text)


def _other_schools(documents: Mapping[str, Document], sector: str, rules: BriefRules) -> frozenset[str]:
    """Names in the headings of other sectors' examples that stand in none of this sector's own passages."""
    named: set[str] = set()
    own: set[str] = set()
    lower: set[str] = set()
    for document in documents.values():
        for passage in document.passages:
            lower.update(re.findall(r"\b[a-zà-ý]\w+", passage.text))
            if passage.sectors == (sector,):
                own.update(_capitalised(" ".join((*passage.section, passage.text))))
            elif sector not in passage.sectors and passage.sectors:
                for heading in passage.section:
                    if rules.patterns["example_heading"].search(dutch.fold(heading)):
                        named.update(_capitalised(heading))
    return frozenset(name for name in named - own if name.lower() not in lower)
