"""The parts of a brief beside the knowledge itself: questions for the school, tools, example schools, vulnerable groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from assistant import dutch
from assistant.brief_lines import MAX_SENTENCES, Fits, Keep, Picker, Quotes, anything, sentence_text, within, words_of
from assistant.brief_themes import Place, Theme
from assistant.extract import Span
from assistant.types import Evidence, Kind, Passage, Role

OWN_QUESTIONS, SOURCE_QUESTIONS = 8, 2
MAX_TOOLS, FEWEST_TOOLS = 6, 4  # with fewer, tools for the other pillars are looked up as well
MAX_EXAMPLES = 5
MAX_CARE = 4
NEAR_HITS = 30  # of a look-up, whose passages are near enough to take a question from
FEWEST_IN_ROW = 2  # one question alone invites to read on; several are meant to be thought about

Line = tuple[Quotes | str, str]
"""Quotes or text of our own, and what the line is about."""


def knowledge(picker: Picker, evidence: Evidence, place: Place | None, most: int) -> list[Quotes]:
    """What the knowledge says on one principle: in its own section if it has one; first what is for this sector alone."""
    here = within(place)

    def keep(passage: Passage) -> bool:
        return here(passage) and picker.for_sector(passage) and not picker.is_example(passage)

    own = (
        []
        if place
        else picker.taken(picker.alone(evidence, lambda p: keep(p) and picker.of_sector_alone(p), anything), 1)
    )
    for heading in _boxes(picker, place):
        asked = picker.look_up(picker.rules.search.format(name=heading))
        own += picker.choose(asked, 1, lambda p: keep(p) and picker.of_sector_alone(p))
    return own + picker.choose(evidence, most, keep, lambda text: not picker.says("tool", text))


def _boxes(picker: Picker, place: Place | None) -> tuple[str, ...]:
    """Headings in or below a place under which something stands for this sector alone."""
    passages = picker.view.documents[place.source].passages if place else ()
    here = within(place)
    return tuple(dict.fromkeys(p.section[-1] for p in passages if here(p) and picker.of_sector_alone(p)))


def introduction(picker: Picker, theme: Theme) -> Iterator[Quotes]:
    """The line by which the library introduces a pillar's principles where it lists them, that pillar's own sections aside."""
    names = {principle.name for principle in theme.principles}
    passages = picker.view.documents[theme.place.source].passages if theme.place else ()
    for passage in passages:
        for first in passage.sentences:
            items = [s for s in passage.sentences if s.block == first.block and s.role is Role.ITEM]
            if first.role is Role.LEAD_IN and names & {sentence_text(passage, s) for s in items}:
                quotes = (Span(passage, first.start, first.end),)
                if picker.take(quotes):
                    yield quotes
                return


def school_questions(picker: Picker, themes: Sequence[Theme], seen: Sequence[Evidence]) -> Iterator[Line]:
    """Our own questions, a fair share for each theme, and such as stand in the sources."""
    share = max(OWN_QUESTIONS // max(len(themes), 1), 1)
    for theme in themes:
        for principle in [p for p in theme.principles if p.question][:share]:
            yield principle.question.format_map(_Words(picker)), ""
    found = 0
    for passage in _near(picker, [picker.look_up(picker.rules.asks), *seen]):
        for quotes in _rows(picker, passage):
            if found < SOURCE_QUESTIONS and picker.take(quotes):
                found += 1
                yield quotes, ""


class _Words(dict[str, str]):
    """What a word of a template is called in this sector."""

    def __init__(self, picker: Picker) -> None:
        super().__init__(leerlingen=picker.rules.words[picker.sector])


def tools(picker: Picker, themes: Sequence[Theme], seen: Sequence[Evidence]) -> Iterator[Line]:
    """Tools and materials: by asking for them, one question of each theme in turn, then by what was found on the themes."""

    def keep(passage: Passage) -> bool:
        return picker.for_sector(passage) and not picker.is_example(passage)

    kinds = {dutch.fold(document.source.kind) for document in picker.view.documents.values()}

    def fits(text: str) -> bool:
        # "Deze inspiratiekaart bouwt voort op ..." is what a publication says of itself
        return picker.says("tool", text) and not any(kind and kind in dutch.fold(text) for kind in kinds)

    mine = [theme.tools or (picker.rules.tools.format(name=theme.name),) for theme in themes]
    others = [pillar.theme.tools for pillar in picker.rules.pillars if pillar.theme.tools not in mine]
    found = 0
    for at, evidence in enumerate(chain(_asked(picker, mine), seen, _asked(picker, others))):
        enough = MAX_TOOLS if at < sum(map(len, mine)) + len(seen) else FEWEST_TOOLS
        if found >= enough:
            return
        for quotes in picker.taken(picker.materials(evidence, keep, fits), 1):
            found += 1
            yield quotes, _heading(quotes[0].passage)
    for quotes in picker.taken(_leafed_through(picker, keep, fits), FEWEST_TOOLS - found):
        yield quotes, _heading(quotes[0].passage)


def _leafed_through(picker: Picker, keep: Keep, fits: Fits) -> list[Quotes]:
    """The first sentence on a tool under each heading of the library: what no look-up brings, and a school can use.

    First what is for this sector alone.
    """
    first: dict[Place, Quotes] = {}
    passages = [passage for document in picker.view.documents.values() for passage in document.passages]
    for passage in sorted(passages, key=lambda passage: not picker.of_sector_alone(passage)):
        place = Place(passage.source, passage.section)
        if place in first or not keep(passage) or picker.says("for_others", passage.text):
            continue
        for sentence in passage.sentences:
            quotes = (Span(passage, sentence.start, sentence.end),)
            if sentence.role is Role.SENTENCE and fits(words_of(quotes)) and picker.suits(quotes):
                first[place] = quotes
                break
    return list(first.values())


def _asked(picker: Picker, questions: Sequence[Sequence[str]]) -> Iterator[Evidence]:
    """What is found for one question of each theme in turn, looked up when it is needed."""
    return (picker.look_up(question) for row in zip_longest(*questions) for question in row if question)


def examples(picker: Picker, seen: Sequence[Evidence]) -> Iterator[Line]:
    """Schools of this sector that the sources hold up as an example, those nearest to the themes first."""
    scores: dict[Place, float] = {}
    for evidence in seen:
        for hit in evidence.hits:
            if picker.is_example(hit.passage) and picker.for_sector(hit.passage):
                place = Place(hit.passage.source, hit.passage.section)
                scores[place] = max(scores.get(place, 0.0), hit.score)
    found: list[list[Line]] = []
    for place in sorted(scores, key=lambda place: -scores[place]):
        lines = _school(picker, place, seen)
        if lines and len(found) < MAX_EXAMPLES:
            found.append(lines)
    in_turn = [line for row in zip_longest(*found) for line in row if line][:MAX_EXAMPLES]
    yield from sorted(in_turn, key=lambda line: next(n for n, lines in enumerate(found) if line in lines))


def care(picker: Picker, seen: Sequence[Evidence]) -> Iterator[Quotes]:
    """Points of attention for vulnerable groups: of this sector alone first, then by theme, then in general."""

    def keep(passage: Passage) -> bool:
        return picker.for_sector(passage) and not picker.is_example(passage)

    def fits(text: str) -> bool:
        return picker.says("vulnerable", text) and picker.says("young", text) and not picker.says("tool", text)

    def in_words(passage: Passage) -> bool:
        return keep(passage) and passage.kind is not Kind.LIST

    asked = picker.look_up(picker.rules.care)
    found = picker.taken(picker.alone(asked, lambda p: in_words(p) and picker.of_sector_alone(p), fits), 2)
    for evidence in (asked, *seen):
        found += picker.taken(picker.alone(evidence, in_words, fits), min(2, MAX_CARE - len(found)))
    yield from found


def _school(picker: Picker, place: Place, seen: Sequence[Evidence]) -> list[Line]:
    """The sentence that names the school with the one behind it, and what else is told of it on the themes."""
    passages = [p for p in picker.view.documents[place.source].passages if p.section == place.path]
    label = picker.rules.patterns["example_label"].sub("", place.path[-1]).strip(" :.")
    named = re.search(r"[A-Z]", label) is not None and picker.rules.patterns["school_name"].search(place.path[-1])
    opening = next(
        (quotes for passage in passages for quotes in _naming(picker, passage, label if named else "")), None
    )
    if opening is None or not picker.take(opening):
        return []
    lines: list[Line] = [(opening, label)]
    here = within(place)
    for evidence in seen:
        lines += [(quotes, label) for quotes in picker.choose(evidence, 1, lambda p: here(p) and picker.for_sector(p))]
    return lines


def _naming(picker: Picker, passage: Passage, label: str) -> Iterator[Quotes]:
    """Sentences that name a school as one does, or by the first name in its heading, each with the one behind it."""
    first = next(iter(re.findall(r"[A-ZÀ-Ý][\w’'-]+", label)), None)
    for number, sentence in enumerate(passage.sentences):
        text = sentence_text(passage, sentence)
        named = picker.rules.patterns["school_name"].search(text) or (first is not None and first in text.split())
        if sentence.role is Role.SENTENCE and named:
            end = sentence.end
            for after in passage.sentences[number + 1 : number + 2]:
                if after.block == sentence.block and after.end - sentence.start <= MAX_SENTENCES:
                    end = after.end
            quotes = (Span(passage, sentence.start, end),)
            if picker.suits(quotes):
                yield quotes


def _near(picker: Picker, seen: Sequence[Evidence]) -> Iterator[Passage]:
    """The passages nearest to the themes, each once, those of the first ranks first."""
    shown: set[str] = set()
    for rank in zip_longest(*(evidence.hits[:NEAR_HITS] for evidence in seen)):
        for hit in rank:
            if hit is not None and hit.passage.id not in shown:
                shown.add(hit.passage.id)
                if picker.for_sector(hit.passage) and not picker.is_example(hit.passage):
                    yield hit.passage


def _rows(picker: Picker, passage: Passage) -> Iterator[Quotes]:
    """Questions that stand in a row in one paragraph or list, with the line that introduces a list."""
    row: list[int] = []
    for number, sentence in enumerate((*passage.sentences, None)):
        text = sentence_text(passage, sentence) if sentence else ""
        asks = text.rstrip("\"'”’ )").endswith("?")
        same = row and sentence and sentence.block == passage.sentences[row[0]].block
        if asks and (same or not row):
            row.append(number)
            continue
        if len(row) >= FEWEST_IN_ROW:
            yield from _row(picker, passage, row)
        row = [number] if asks else []


def _row(picker: Picker, passage: Passage, row: Sequence[int]) -> Iterator[Quotes]:
    first = passage.sentences[row[0]]
    before = passage.sentences[row[0] - 1] if row[0] else None
    start = before.start if before and before.block == first.block and before.role is Role.LEAD_IN else first.start
    in_list = first.role is Role.ITEM
    ends = [passage.sentences[n].end for n in row]
    fitting = ends if in_list else [end for end in ends if end - start <= MAX_SENTENCES]
    if fitting and len(fitting) >= FEWEST_IN_ROW:
        quotes = (Span(passage, start, fitting[-1]),)
        invites = any(picker.says("inviting", sentence_text(passage, passage.sentences[n])) for n in row)
        if picker.speaks_to_sector(words_of(quotes)) and not invites:
            yield quotes


def _heading(passage: Passage) -> str:
    """The heading as what stands before a line: without a mark of its own at its end."""
    return re.sub(r"^(TIP|Tip)\W+", "", passage.section[-1]).strip(" ?!:.") if passage.section else ""
