"""Every statement against the stored text: what is not there is taken out.

A quote has to be there to the character. A sentence of a chat model has to be supported by a stretch of a passage that it cites:
its figures, dates, names, negations and sector stand there, and the rest in the same or in other words (`assistant.support`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from assistant import dutch, texts_nl
from assistant.english import is_english
from assistant.injection import addresses_machine, may_order
from assistant.support.faults import Fault
from assistant.support.score import SUPPORTED, Support, support
from assistant.texts_nl import DECIDING, LEANS_ON_PREVIOUS, SECTOR_PATTERNS
from assistant.thesaurus import Thesaurus
from assistant.types import Citation, Document, Passage, Role, Statement

# A sentence that tells someone what to say does not itself say it: "antwoord dan dat de school gesloten is".
_TOLD_TO_SAY = re.compile(
    r"(?:^|[.,:;?!] |\b(?:en|dan|altijd|and|then|always) )"
    r"(zeg|antwoord|schrijf|vermeld|beweer|meld|vertel|verklaar|noem|benadruk|verzwijg|herhaal|citeer|stel|raad|adviseer|"
    r"say|answer|write|state|claim|tell|repeat|hide)\b[^.!?]*"
)
JOIN = " … "
MAX_CITED = 4  # passages that one sentence may cite; who cites everything cites nothing
# Of the support score: a claim that shares little with a sentence is not about it, whatever a model says. Measured with the
# worst model there can be, which says yes to everything, on the build half of evals/benchmarks/lying.tsv (November 2026): all
# 175 changed or wrongly cited claims and 26 of the 27 other lies stay struck, and 12 of 114 true ones are (17 without it).
LIFTED_FROM = 0.5
MOST_LIFTED = 3  # stretches of a passage that a model for inference is asked about
ABOVE = 0.4  # share of a claim's words that its headings may give; the rest stands in the sentences themselves
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:nl|com|org|net|eu|be|io)\b", re.IGNORECASE)
_LINK = re.compile(r"!?\[[^\]]*\]\(|<[a-z/][^<>]*>", re.IGNORECASE)


def quote_holds(citation: Citation, documents: Mapping[str, Document]) -> bool:
    """Whether the quote stands in the stored text at its offsets, in the version that is cited."""
    document = documents.get(citation.source)
    if document is None or document.version != citation.version:
        return False
    inside = 0 <= citation.start < citation.end <= len(document.text)
    return inside and document.text[citation.start : citation.end] == citation.quote


def statement_holds(statement: Statement, citations: Mapping[int, Citation]) -> bool:
    """Whether a statement is its quotes and nothing else, white space apart; our own fixed sentences cite nothing."""
    if statement.own:
        return not statement.citations
    if not statement.citations or any(number not in citations for number in statement.citations):
        return False
    quotes = JOIN.join(citations[number].quote for number in statement.citations)
    return " ".join(quotes.split()) == " ".join(statement.text.split())


def verified(
    statements: tuple[Statement, ...], citations: tuple[Citation, ...], documents: Mapping[str, Document]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The statements and citations that hold; a statement falls with any of its citations."""
    sound = {c.number: c for c in citations if quote_holds(c, documents)}
    kept = tuple(s for s in statements if statement_holds(s, sound))
    used = {number for statement in kept for number in statement.citations}
    return kept, tuple(c for c in citations if c.number in used)


class Objection(StrEnum):
    """Why a sentence of a model is not shown, beside the faults of `assistant.support`."""

    NUMBER = "number"
    SECTOR = "sector"
    ORDER = "order"
    ADDRESS = "address"
    LEANING = "leaning"
    LANGUAGE = "language"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Citable:
    """A passage as a model may cite it: `allowed` are the numbers of its sentences that give no orders to a machine.

    `title`: of its publication; with the headings it may say what the sentences leave out.
    """

    passage: Passage
    title: str
    allowed: frozenset[int]

    @property
    def heading(self) -> str:
        """The title and the headings above the passage, without those that give orders."""
        return ", ".join([self.title, *(heading for heading in self.passage.section if not addresses_machine(heading))])

    @property
    def text(self) -> str:
        """The sentences that may be cited, each on a line where it is an item."""
        parts: list[str] = []
        for number, sentence in enumerate(self.passage.sentences):
            if number in self.allowed:
                parts.append(("\n- " if sentence.role is Role.ITEM else " " if parts else "") + self.sentence(number))
        return "".join(parts).strip()

    def sentence(self, number: int) -> str:
        """The text of a sentence, white space evened out."""
        sentence = self.passage.sentences[number]
        return " ".join(
            self.passage.text[sentence.start - self.passage.start : sentence.end - self.passage.start].split()
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences of one passage that support a claim, by their numbers, in order."""

    passage: Passage
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a claim stands on: a stretch per passage that supports it; or, where none does, why not."""

    stretches: tuple[Stretch, ...]
    objections: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the claim may be shown."""
        return bool(self.stretches)


class Entails(Protocol):
    """A model for natural language inference: `assistant.entailment.Entailment` is one."""

    def entailed(self, premises: Sequence[str], claim: str) -> Sequence[bool]:
        """For each premise whether the claim follows from it."""


def claim_verdict(
    claim: str,
    numbers: Sequence[int],
    sources: Mapping[int, Citable],
    thesaurus: Thesaurus | None = None,
    entailment: Entails | None = None,
) -> Verdict:
    """Whether passages that a sentence cites support it, and where.

    A number that does not exist fails the sentence; of those that do, only the passages that support it by themselves are
    kept. `entailment` may lift a sentence of which some words stand nowhere, and no other. A few milliseconds without it.
    """
    objection = _form(claim, numbers, sources)
    if objection is not None:
        return Verdict((), (objection,))
    found: list[Stretch] = []
    reasons: list[str] = []
    for number in numbers:
        stretch, why = _stretch(claim, sources[number], thesaurus)
        if stretch is None and entailment is not None:
            stretch = _lifted(claim, sources[number], thesaurus, entailment)
        reasons += why
        if stretch is not None:
            found.append(stretch)
    return Verdict(tuple(found)) if found else Verdict((), tuple(dict.fromkeys(reasons)) or (Objection.MISSING,))


def prepare() -> None:
    """Read the tables that judging a sentence needs: most of a second, which no first answer should wait for."""
    text = texts_nl.SUPPORT_QUESTION
    support(text, [f"{text} {text}"])
    leans(text)
    _form(text, (), {})
    addresses_machine(text)
    is_english(dutch.words(text))
    _sectors(text)


def leans(claim: str) -> bool:
    """Whether a sentence points back to the one before it ("Dit ...", "Daarnaast ...")."""
    return re.search(LEANS_ON_PREVIOUS, dutch.normal(claim)) is not None


def _form(claim: str, numbers: Sequence[int], sources: Mapping[int, Citable]) -> Objection | None:
    """What is wrong with a sentence before anything is looked up."""
    if not numbers or len(numbers) > MAX_CITED or any(number not in sources for number in numbers):
        return Objection.NUMBER
    if addresses_machine(claim) or may_order(claim) or _LINK.search(claim):
        return Objection.ORDER
    if is_english(dutch.words(claim)):
        return Objection.LANGUAGE
    return None


def _stretch(claim: str, source: Citable, thesaurus: Thesaurus | None) -> tuple[Stretch | None, list[str]]:
    """The stretch that supports the claim best, the shortest of these: by itself, or read under its headings."""
    stretches = list(_stretches(source))
    reasons: list[str] = []
    word_for_word = dutch.normal(" ".join(claim.split()))
    for above in ("", f"{source.heading}: "):
        texts = [above + _told(source, numbers) for numbers in stretches]
        if not texts:
            break
        whole = support(claim, texts, thesaurus=thesaurus)  # looks only where the words are
        if not whole.supported and not any(word_for_word == dutch.normal(text) for text in texts):
            reasons = reasons or _reasons(whole)
            if not _may_be_above(claim, whole):
                break
            continue
        scored = [
            (1.0 if word_for_word == dutch.normal(text) else support(claim, [text], thesaurus=thesaurus).score, n)
            for n, text in enumerate(texts)
        ]
        for score, n in sorted(scored, key=lambda one: (-round(one[0], 2), one[1])):
            if score < SUPPORTED:
                break
            objection = _beside(claim, texts[n], source)
            if objection is None:
                return Stretch(source.passage, stretches[n]), []
            reasons = [objection]
    return None, reasons


def _lifted(claim: str, source: Citable, thesaurus: Thesaurus | None, entailment: Entails) -> Stretch | None:
    """The stretch from which the claim follows by `entailment`, among those that have most of its words and no fault."""
    near: list[tuple[float, Stretch, str]] = []
    for numbers in _stretches(source):
        told = _told(source, numbers)
        judged = support(claim, [told], thesaurus=thesaurus)
        if judged.score < LIFTED_FROM or not set(judged.faults) <= {Fault.MISSING} or _decides(claim, judged):
            continue
        if _beside(claim, told, source) is None:
            near.append((judged.score, Stretch(source.passage, numbers), told))
    near = sorted(near, key=lambda one: -one[0])[:MOST_LIFTED]
    follows = entailment.entailed([f"{source.heading}: {told}" for _, _, told in near], claim)
    return next((stretch for (_, stretch, _), does in zip(near, follows, strict=True) if does), None)


def _decides(claim: str, judged: Support) -> bool:
    """Whether a word that stands nowhere says who, when, how often, how many or in what kind of school."""
    missing = " ".join(judged.missing)
    named = {word.casefold() for word in re.findall(r"(?<=\w )[A-ZÀ-Ý][\w'’-]+", claim)}
    return bool(
        re.search(DECIDING, missing)
        or re.search(r"\d", missing)
        or _sectors(missing)
        or not named.isdisjoint(judged.missing)
        or not dutch.words(missing)
    )


def _may_be_above(claim: str, judged: Support) -> bool:
    """Whether all that is wrong is a few words, which the headings may give: a school, a sector, a subject."""
    few = len(judged.missing) <= ABOVE * len(dutch.content_words(claim))
    return few and set(judged.faults) <= {Fault.MISSING, Fault.NAME, Fault.SUBJECT, Fault.EXACT}


def _reasons(judged: Support) -> list[str]:
    return [str(fault) for fault in judged.faults] or [Objection.MISSING]


def _told(source: Citable, numbers: Sequence[int]) -> str:
    return " ".join(source.sentence(number) for number in numbers)


def _stretches(source: Citable) -> Iterator[tuple[int, ...]]:
    """What a claim may stand on, shortest first: a sentence, two in a row, an item with its lead-in, a whole list."""
    kinds = source.passage.sentences
    allowed = sorted(source.allowed)
    yield from ((number,) for number in allowed)
    yield from ((one, two) for one, two in zip(allowed, allowed[1:], strict=False) if two == one + 1)
    blocks: dict[int, list[int]] = {}
    for number in allowed:
        if kinds[number].role is not Role.SENTENCE:
            blocks.setdefault(kinds[number].block, []).append(number)
    for numbers in blocks.values():
        lead = numbers[0]
        if kinds[lead].role is Role.LEAD_IN:
            yield from ((lead, item) for item in numbers[2:])
        if len(numbers) > 2:
            yield tuple(numbers)


def _beside(claim: str, text: str, source: Citable) -> Objection | None:
    """What the words alone do not tell: the sector that is spoken of, and addresses, which stand there literally."""
    spoken = _sectors(text) | _sectors(source.heading) | (
        frozenset(source.passage.sectors) if len(source.passage.sectors) == 1 else frozenset()
    )  # fmt: skip
    if not _sectors(claim) <= spoken:
        return Objection.SECTOR
    for one, other in ((text, claim), (claim, text)):
        told = _TOLD_TO_SAY.search(dutch.normal(one))
        if told is not None and told[1] not in dutch.words(other):
            return Objection.ORDER
    folded = text.casefold()
    if any(match.group().rstrip(".,;:)").casefold() not in folded for match in _ADDRESS.finditer(claim)):
        return Objection.ADDRESS
    return None


@lru_cache(maxsize=4096)
def _sectors(text: str) -> frozenset[str]:
    plain = dutch.normal(text)
    return frozenset(sector for sector, pattern in SECTOR_PATTERNS if re.search(pattern, plain))
