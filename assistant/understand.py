"""Question and history → Query: what is asked, in which form, about which sector, in keys that the library knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant import dutch
from assistant.followup import MAX_TURNS, Reading, read
from assistant.lexical import LexicalIndex
from assistant.named_sources import named_sources
from assistant.spelling import repair
from assistant.texts_nl import KIND_PATTERNS, SECTOR_PATTERNS
from assistant.thesaurus import Concept, Thesaurus, expansions
from assistant.types import Forms, Query, QuestionKind, Term, Turn

QUESTION_WORD_WEIGHT = 0.25  # of a word that names the question rather than its subject
NEWS = 0.45  # of a word that names the question, where a follow-up has no other word of its own
UNHEARD = 0.15  # of words of an earlier turn beside a new subject of which the library never speaks

# What masking left of a name or number, and markup that came along with a pasted question: no words of the question.
_NO_WORDS = re.compile(r"\[[a-z-]+\]|<[^<>]{0,200}>|\\[A-Za-z]+")


def understand(
    question: str,
    history: Sequence[Turn],
    index: LexicalIndex,
    thesaurus: Thesaurus,
    sector: str | None = None,
    sources: tuple[str, ...] = (),
    names: Mapping[str, str] | None = None,
) -> Query:
    """The question as a Query. `question` is masked already; `sector` set by the asker wins over one in the text.

    `names`: per source what else it is called than by its id (its title, its kind), for "volgens de inspiratiekaart".
    """
    repaired = repair(question, index, thesaurus)
    turns = [replace(turn, question=repair(turn.question, index, thesaurus)) for turn in history[-MAX_TURNS:]]
    reading = read(repaired, turns)
    bare = _without_marks(reading.text)
    asked_of, about = (sources, bare) if sources else named_sources(bare, index, names or {})
    terms = _weighed(reading, about, index, thesaurus)
    text = " ".join([about or bare or repaired, *(part.text for part in reading.parts)])
    kind = question_kind(reading.new)
    if reading.relational and kind is QuestionKind.DEFINITION:
        kind = QuestionKind.OPEN
    elif kind is QuestionKind.OPEN and (reading.form or reading.text != reading.new):
        kind = question_kind(f"{reading.text} {reading.form}")
    found = find_sector(reading.new) or find_sector(text)
    changed = dutch.normal(repaired) != dutch.normal(question)
    shown = re.sub(r"\\(?=[\\`*_\[\]<>#|$])", "", history[-1].answer) if reading.parts else ""
    return Query(
        question,
        text,
        reading.read_as or (repaired if changed else None),
        terms,
        kind,
        sector or found,
        asked_of,
        shown,
    )


def _without_marks(text: str) -> str:
    return re.sub(r" (?=[?!.,;:])", "", " ".join(_NO_WORDS.sub(" ", text).split()))


def _weighed(reading: Reading, text: str, index: LexicalIndex, thesaurus: Thesaurus) -> tuple[Term, ...]:
    """The terms of a reading: what was said now in full, what was said before by its share."""
    own = _terms(text, index, thesaurus)
    new = _terms(reading.new, index, thesaurus)
    subject = [term for term in new if term.weight > QUESTION_WORD_WEIGHT]
    most = 1.0 if any(term.known for term in subject) or not subject or find_sector(reading.new) else UNHEARD
    if reading.text != reading.new:
        said = {word for term in new for word in term.word.split()}
        kept = min(reading.kept, most)
        own = [term if said & set(term.word.split()) else replace(term, weight=term.weight * kept) for term in own]
    elif reading.parts and not subject:  # all that is new: "Wat hebben ze dan nodig?"
        own = [replace(term, weight=NEWS) for term in own]
    found = {term.word: term for term in own}
    for part in reading.parts:
        for term in _terms(_without_marks(part.text), index, thesaurus):
            found.setdefault(term.word, replace(term, weight=term.weight * min(part.weight, most)))
    return tuple(found.values())


def question_kind(text: str) -> QuestionKind:
    """The form a question asks for; OPEN when its words do not tell."""
    plain = dutch.normal(text)
    for kind, pattern in KIND_PATTERNS:
        if re.search(pattern, plain):
            return QuestionKind(kind)
    return QuestionKind.OPEN


def find_sector(text: str) -> str | None:
    """The one sector (po, vo, so, mbo) that a question names; None for none or several."""
    plain = dutch.normal(text)
    named = [sector for sector, pattern in SECTOR_PATTERNS if re.search(pattern, plain)]
    return named[0] if len(named) == 1 else None


def _terms(text: str, index: LexicalIndex, thesaurus: Thesaurus) -> list[Term]:
    """The question's content as terms: names of concepts whole, a hyphenated word once, every other content word."""
    words = dutch.words(text)
    hyphenated = dutch.hyphen_parts(words)
    found = thesaurus.find(words)
    covered = {place for places in hyphenated.values() for place in places}
    terms: dict[str, Term] = {}
    for start, end in dict.fromkeys((start, end) for start, end, _ in found):
        covered.update(range(start, end))
        name = tuple(words[start:end])
        if any(word not in dutch.STOPWORDS for word in name):
            terms[" ".join(name)] = _term(name, [c for s, e, c in found if (s, e) == (start, end)], index)
    for at, word in enumerate(words):
        if at not in covered and word not in dutch.STOPWORDS and (len(word) > 1 or word.isdigit()):
            parts = tuple(words[place] for place in hyphenated.get(at, ()))
            terms.setdefault(word, _term((word,), [], index, parts))
    return list(terms.values())


def _term(name: tuple[str, ...], concepts: Sequence[Concept], index: LexicalIndex, parts: tuple[str, ...] = ()) -> Term:
    forms: dict[str, float] = {}
    phrases: list[tuple[Forms, ...]] = []
    content = [word for word in name if word not in dutch.STOPWORDS]
    if len(content) == 1:
        forms.update((key, DERIVED_WEIGHT) for key in dutch.relatives(content[0]))
        forms.update((key, 1.0) for key in dutch.keys(content[0]))
        parts = parts or index.parts(content[0])
        seen = any(index.knows(key) for key in dutch.keys(content[0]))
        phrases.extend([_phrase(parts, PART_WEIGHT if seen else UNSEEN_PART_WEIGHT)] if parts else [])
    else:
        phrases.append(_phrase(content, 1.0))
    for concept in concepts:
        more, names = expansions(concept, name)
        for key, weight in more:
            forms[key] = max(weight, forms.get(key, 0.0))
        phrases.extend(names)
    bare = Term(" ".join(name), tuple(forms.items()), tuple(phrases))
    if all(word in dutch.QUESTION_WORDS for word in content):
        weight = QUESTION_WORD_WEIGHT
    else:
        weight = 1.0 if concepts else max(_says(word) for word in content)
    return replace(bare, known=_is_spoken_of(bare, index), weight=weight, rarity=index.rarity(bare))


def _phrase(words: Sequence[str], weight: float) -> tuple[Forms, ...]:
    return tuple(tuple((key, weight) for key in dutch.keys(word)) for word in words)


def _is_spoken_of(term: Term, index: LexicalIndex) -> bool:
    """Whether the library holds any of the term's forms, or all words of one of its phrases."""
    groups = [(term.forms,), *term.phrases]
    return any(all(any(index.knows(key) for key, _ in forms) for forms in group) for group in groups)


# These and PART_WEIGHT were swept on the dev half of evals/cases (November 2026): within 2 points of facts found.
DERIVED_WEIGHT = 0.6
COMMON, RARE = 6.2, 4.2  # Zipf frequencies between which a word's weight rises from LEAST to 1
LEAST = 0.2


def _says(word: str) -> float:
    """How much a word tells of a question's subject: everyday words ("later", "steeds") tell little."""
    return float(min(1.0, max(LEAST, LEAST + (1 - LEAST) * (COMMON - dutch.commonness(word)) / (COMMON - RARE))))


PART_WEIGHT = 0.8  # of a compound's parts beside the compound itself
# And where the library never has the compound: "vertrouwen" and "persoonlijke" in one sentence are no "vertrouwenspersoon", so
# that is named as missing (below `extract.STRONG`). December 2026, against 0.8 there: on 812 cases one fact fewer and nothing
# else; of 240 unanswerable questions of a stranger (evals.benchmarks.abstention) 90 answered as if known, were 92.
UNSEEN_PART_WEIGHT = 0.49
