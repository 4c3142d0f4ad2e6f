"""A generated answer as the reader gets it: sentences with places in the sources, or the extractive answer with a notice."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant import texts_nl
from assistant.citing import citation, markdown, sector_notice, superseded_notices
from assistant.extract import Span
from assistant.generation.failures import ChatError, Failure
from assistant.generation.rewrite import rewritten
from assistant.generation.writer import Proven, Task, Writer, Written
from assistant.injection import ordering
from assistant.types import QUOTABLE, Answer, Citation, Document, Evidence, Outcome, Statement, Turn
from assistant.verify import Citable, Stretch, quote_holds

if TYPE_CHECKING:
    from threading import Event

    from assistant.generation.model import Call

MAX_FOLLOW_UPS = 3
MOST_PASSAGES = 8
MOST_CHARACTERS = 7_000  # of passages together: with prompt and answer some 3,500 tokens, within Ollama's usual 4,096


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence that may be put on the screen, with the citations it brings that were not there before."""

    statement: Statement
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What retrieval found and what the extractive answer is: the ground that a generated one is made from and falls back on.

    `raw` is the evidence before sentences that give orders were set apart, `clean` after it, one for each question asked.
    """

    question: str
    answer: Answer
    raw: Sequence[Evidence]
    clean: Sequence[Evidence]
    documents: Mapping[str, Document]
    history: tuple[Turn, ...] = ()
    sector: str | None = None


def citable(ground: Ground) -> dict[int, Citable]:
    """The passages that the model gets, numbered from 1: those of the extractive answer first, then the best ranked."""
    quoted = {(c.source, c.start, c.end) for c in ground.answer.citations}
    pairs = [
        (before.passage, after.passage)
        for raw, clean in zip(ground.raw, ground.clean, strict=True)
        for before, after in zip(raw.hits[:MOST_PASSAGES], clean.hits[:MOST_PASSAGES], strict=True)
    ]
    pairs += [
        (before.passage, after.passage)
        for raw, clean in zip(ground.raw, ground.clean, strict=True)
        for before, after in zip(raw.hits[MOST_PASSAGES:], clean.hits[MOST_PASSAGES:], strict=True)
        if any(after.passage.source == s and after.passage.start <= a < after.passage.end for s, a, _ in quoted)
    ]
    pairs.sort(key=lambda pair: not any(pair[1].source == s and pair[1].start <= a < pair[1].end for s, a, _ in quoted))
    sources: dict[int, Citable] = {}
    size = 0
    for before, after in pairs:
        if after.kind not in QUOTABLE or any(one.passage.id == after.id for one in sources.values()):
            continue
        allowed = frozenset(range(len(after.sentences))) - ordering(before)
        one = Citable(after, ground.documents[after.source].source.title, allowed)
        if not one.text or (sources and size + len(one.text) > MOST_CHARACTERS):
            continue
        sources[len(sources) + 1] = one
        size += len(one.text)
        if len(sources) == MOST_PASSAGES:
            break
    return sources


@dataclass(frozen=True, slots=True)
class Pen:
    """The chat model for one question: its budget, its time, what it is told of the conversation, whether the asker left."""

    writer: Writer
    user: str
    history: tuple[Turn, ...]
    cancelled: Event | None
    call: Call = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "call", self.writer.call(self.cancelled))

    def rewritten(self, question: str) -> str | None:
        """The question as it stands without the turns before; None where there are none, or the model fails."""
        if not self.history or not self.writer.may_ask(self.user):
            return None
        try:
            return rewritten(question, self.history, self.writer.model, self.call)
        except ChatError:  # the asker left
            return None

    def written(self, ground: Ground, answers: Callable[[str], bool]) -> Generator[Shown, None, Answer]:
        """Give each sentence as it is proven; returns the answer, which is the extractive one where the model fails.

        `answers`: whether the sources answer a question that the model proposes to ask next.
        """
        if ground.answer.outcome not in (Outcome.ANSWERED, Outcome.PARTIAL):
            self.writer.settle(self.user, self.call)  # nothing to write from; rewriting may have cost something
            return ground.answer
        if not self.writer.may_ask(self.user):
            return _failed(ground.answer, Failure.SPENT)
        try:
            return (yield from _generated(self.writer, ground, self.call, answers))
        finally:
            self.writer.settle(self.user, self.call)


def _generated(
    writer: Writer, ground: Ground, call: Call, answers: Callable[[str], bool]
) -> Generator[Shown, None, Answer]:
    began = time.perf_counter()
    task = Task(ground.question, citable(ground), ground.history, ground.sector)
    if not task.sources:
        return ground.answer
    page = _Page(ground.documents)
    steps = writer.write(task, call)
    try:
        while True:
            shown = page.put(next(steps))
            if shown is not None:
                yield shown
    except StopIteration as ended:
        written: Written = ended.value
    finally:
        steps.close()
    if written.failure is not None or not page.statements:
        return _failed(ground.answer, written.failure or Failure.UNPROVEN, written.struck)
    own = tuple(statement for statement in ground.answer.statements if statement.own)
    statements = (*own, *page.statements)
    follow_ups = tuple(question for question in written.proposed if answers(question)) or ground.answer.follow_ups
    return replace(
        ground.answer,
        text=markdown(statements),
        statements=statements,
        citations=tuple(page.citations),
        nearest=tuple(replace(c, number=n) for n, c in enumerate(ground.answer.nearest, len(page.citations) + 1)),
        notices=(*page.notices(ground.sector), *_struck(written.struck)),
        follow_ups=follow_ups[:MAX_FOLLOW_UPS],
        mode="generated",
        milliseconds={"generate": round(1000 * (time.perf_counter() - began), 2)},
    )


def _failed(answer: Answer, failure: Failure, struck: int = 0) -> Answer:
    """The extractive answer, and why it stands in; whoever cancelled needs no telling."""
    lines = () if failure is Failure.CANCELLED else (texts_nl.CHAT_FAILURES[str(failure)],)
    return replace(answer, notices=(*answer.notices, *lines, *_struck(struck if failure is Failure.UNPROVEN else 0)))


def _struck(count: int) -> tuple[str, ...]:
    return (texts_nl.struck(count),) if count else ()


class _Page:
    """The statements and citations as they are put on the screen: one number per place, in the order of first use."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._spans: list[Span] = []
        self.citations: list[Citation] = []
        self.statements: list[Statement] = []

    def put(self, proven: Proven) -> Shown | None:
        """The sentence with its citations; None where a quote is not in the stored text, which no sentence survives."""
        spans = [span for stretch in proven.verdict.stretches for span in _spans(stretch)]
        fresh: list[Citation] = []
        numbers: list[int] = []
        for span in spans:
            made = citation(span, len(self.citations) + len(fresh) + 1, self._documents)
            if not quote_holds(made, self._documents):
                return None
            known = next((c for c in (*self.citations, *fresh) if _place(c) == _place(made)), None)
            if known is None:
                fresh.append(made)
            numbers.append((known or made).number)
        statement = Statement(proven.text, tuple(dict.fromkeys(numbers)))
        self._spans += spans
        self.citations += fresh
        self.statements.append(statement)
        return Shown(statement, tuple(fresh))

    def notices(self, sector: str | None) -> Iterable[str]:
        """What there is to say about where the sentences come from."""
        yield from sector_notice(sector, [span.passage for span in self._spans])
        yield from superseded_notices(self.citations)


def _place(made: Citation) -> tuple[str, int, int]:
    return made.source, made.start, made.end


def _spans(stretch: Stretch) -> tuple[Span, ...]:
    """The characters of a stretch: one span for sentences that follow each other, else one each."""
    sentences = stretch.passage.sentences
    runs: list[list[int]] = []
    for number in stretch.sentences:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return tuple(Span(stretch.passage, sentences[run[0]].start, sentences[run[-1]].end) for run in runs)
