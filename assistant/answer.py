"""ask(): the whole way of one question on one screen: safety → understand → retrieve → extract → verify → Answer."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant import dutch, texts_nl
from assistant.citing import citation, markdown, public_names, sector_notice, superseded_notices
from assistant.english import is_english
from assistant.errors import QuestionError
from assistant.extract import Draft, Span, compose
from assistant.generation.answering import Ground, Pen, Shown
from assistant.injection import without_orders
from assistant.library import Library
from assistant.manners import courtesy, question_in
from assistant.parts import joined, questions_in
from assistant.privacy import mask
from assistant.retrieve import Retriever, View
from assistant.safety import Signal, attack, danger, plain, referral_lines
from assistant.types import Answer, Citation, Document, Evidence, Outcome, Query, Statement, Turn
from assistant.verify import JOIN, quote_holds, verified

if TYPE_CHECKING:
    from threading import Event

    from assistant.generation.writer import Writer

MAX_QUESTION = 4_000  # characters; the longest question in the evaluation set has 600
MAX_FOLLOW_UPS = 3
FOLLOW_UP_FROM = 0.4  # share of the best passage's score from which a section is near enough to ask about


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer with the evidence it was made from, and how strong that is (see `Draft`).

    None where nothing was looked up, or several questions were.
    """

    answer: Answer
    evidence: Evidence | None
    strength: float | None = None


@dataclass(frozen=True, slots=True)
class Assistant:
    """Answers questions from a library. Holds no conversation: whoever asks passes the turns before.

    Without a `writer` every answer is extractive; with one, those that the sources can answer are written by a chat model.
    """

    library: Library
    retriever: Retriever
    writer: Writer | None = None

    @property
    def extractive(self) -> Assistant:
        """The same without a chat model: for what must cost nothing and leave this machine by no means."""
        return replace(self, writer=None)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        sector: str | None = None,
        sources: tuple[str, ...] = (),
        user: str = "",
    ) -> Answer:
        """Answer one question. Raises QuestionError for an empty or overlong one, LibraryEmptyError, ModelMismatchError."""
        return self.asked(question, history, sector, sources, user).answer

    def asked(
        self,
        question: str,
        history: Sequence[Turn] = (),
        sector: str | None = None,
        sources: tuple[str, ...] = (),
        user: str = "",
    ) -> Asked:
        """Give the answer of `ask` with its evidence, for who measures both. Raises what `ask` raises."""
        return next(step for step in self._steps(question, history, sector, sources, user) if isinstance(step, Asked))

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        sector: str | None = None,
        sources: tuple[str, ...] = (),
        user: str = "",
        cancelled: Event | None = None,
    ) -> Generator[Shown | Answer, None, None]:
        """The sentences of a generated answer, each as soon as it is proven, and at last the answer, once.

        An extractive answer comes without sentences before it, and also where it stands in for a generated one: then what was
        shown gives way to it. `user`: whose budget is used. Setting `cancelled`, or closing the iterator, takes the request
        to the model back within a moment; the extractive answer then ends it. Raises what `ask` raises.
        """
        with closing(self._steps(question, history, sector, sources, user, cancelled)) as steps:
            for step in steps:
                yield step.answer if isinstance(step, Asked) else step

    def _steps(
        self,
        question: str,
        history: Sequence[Turn],
        sector: str | None,
        sources: tuple[str, ...],
        user: str,
        cancelled: Event | None = None,
    ) -> Generator[Shown | Asked, None, None]:
        """The whole way of one question; ends in `Asked`."""
        began = time.perf_counter()
        text, notices = self._safe(question)
        signal = danger(plain(question))  # on the words as typed: masking must never hide a sign of danger
        if signal is None and attack(text):
            yield Asked(_timed(_refusal(text, notices), began), None)
            return
        if signal is None and (kind := courtesy(text)):
            yield Asked(_timed(_courteous(text, kind), began), None)
            return
        turns = tuple(replace(turn, question=self._safe(turn.question)[0]) for turn in history)
        asked = texts_nl.SUPPORT_QUESTION if signal and signal.acute else question_in(text, first=not history)
        view = self.retriever.view()  # one state of the library for the whole answer, whatever is replaced meanwhile
        query = self.retriever.understand(asked, () if signal else turns, sector, sources, view)
        pen = None if self.writer is None or signal else Pen(self.writer, user, self._told(turns, view), cancelled)
        if pen is not None:  # signs of danger go to no model
            query = self._stand_alone(query, asked, pen, view)
        parts = questions_in(query.text) if signal is None else (query.text,)
        queries = self._queries(query, parts, turns, view) if len(parts) > 1 else (query,)
        raw = tuple(self.retriever.retrieve(one, view=view) for one in queries)
        evidence = tuple(map(without_orders, raw))
        found = time.perf_counter()
        drafts = tuple(compose(one) for one in evidence)
        draft = joined(drafts, parts) if len(parts) > 1 else drafts[0]
        answer = _assemble(replace(query, question=text), evidence[0], draft, view.documents)
        if signal is not None:
            answer = _with_referral(answer, signal)
        elif earlier := _earlier_danger(history):
            notices = (*notices, " ".join((texts_nl.NOTICE_EARLIER_DANGER, *referral_lines(earlier.kind))))
        if pen is not None:
            ground = Ground(query.text, answer, raw, evidence, view.documents, pen.history, query.sector)
            answer = yield from pen.written(ground, lambda asked: self._answers(asked, query, view))
        answer = _timed(replace(answer, notices=notices + answer.notices), began, found)
        yield Asked(answer, evidence[0], draft.strength) if len(evidence) == 1 else Asked(answer, None)

    def _told(self, turns: Sequence[Turn], view: View) -> tuple[Turn, ...]:
        """The turns before as they may leave: masked, and without those that signalled danger."""
        known = public_names(view.generation, view.documents)
        return tuple(
            replace(turn, answer=mask(turn.answer, known).text) for turn in turns if danger(turn.question) is None
        )

    def _stand_alone(self, query: Query, asked: str, pen: Pen, view: View) -> Query:
        """The query of the question as the model writes it out; that of the rules where it does not, or changes nothing."""
        text = pen.rewritten(asked)
        if text is None or text == asked:
            return query
        alone = self.retriever.understand(text, (), query.sector, query.sources, view)
        return replace(alone, question=query.question, read_as=text, shown=query.shown)

    def _answers(self, question: str, query: Query, view: View) -> bool:
        """Whether the sources answer a question that the model proposes to ask next."""
        if not question.endswith("?") or attack(question) or danger(question) or is_english(dutch.words(question)):
            return False
        asked = self.retriever.understand(question, (), query.sector, query.sources, view)
        return compose(without_orders(self.retriever.retrieve(asked, view=view))).outcome is Outcome.ANSWERED

    def _queries(self, query: Query, parts: Sequence[str], turns: tuple[Turn, ...], view: View) -> tuple[Query, ...]:
        """The questions of one message, each understood as going on from the one before."""
        queries = []
        for part in parts:
            queries.append(self.retriever.understand(part, turns, query.sector, query.sources, view))
            turns = (*turns, Turn(part))
        return tuple(queries)

    def search(
        self,
        question: str,
        k: int = 10,
        history: Sequence[Turn] = (),
        sector: str | None = None,
        sources: tuple[str, ...] = (),
    ) -> Evidence:
        """Ranked passages without an answer; the same understanding and retrieval as `ask`."""
        text, _ = self._safe(question)
        turns = tuple(replace(turn, question=self._safe(turn.question)[0]) for turn in history)
        view = self.retriever.view()
        return self.retriever.retrieve(self.retriever.understand(text, turns, sector, sources, view), k, view)

    def _safe(self, question: str) -> tuple[str, tuple[str, ...]]:
        """The question without hidden characters and pupils' data, and what to tell the asker about it."""
        # half a character (a lone surrogate) has no meaning and can't be written
        whole = question[: MAX_QUESTION * 2].encode("utf-8", "ignore").decode("utf-8")
        text = " ".join(plain(whole).split())
        if not text:
            raise QuestionError("empty question", why="empty")
        if len(question) > MAX_QUESTION:
            raise QuestionError("question too long", why="too_long", length=len(question), limit=MAX_QUESTION)
        view = self.retriever.view()
        masked = mask(text, public_names(view.generation, view.documents))
        kinds = ", ".join(masked.found)
        return masked.text, (texts_nl.NOTICE_PRIVACY.format(kinds=kinds),) if kinds else ()


def _earlier_danger(history: Sequence[Turn]) -> Signal | None:
    """The last acute sign of danger in the turns before: the numbers stay in sight for the rest of the conversation."""
    signals = (danger(plain(turn.question)) for turn in reversed(history))
    return next((signal for signal in signals if signal is not None and signal.acute), None)


def _assemble(query: Query, evidence: Evidence, draft: Draft, documents: Mapping[str, Document]) -> Answer:
    citations = [citation(span, number + 1, documents) for number, span in enumerate(_all_spans(draft))]
    at = 0
    statements = []
    for spans in draft.statements:
        cited = citations[at : at + len(spans)]
        at += len(spans)
        statements.append(Statement(JOIN.join(c.quote for c in cited), tuple(c.number for c in cited)))
    kept, used = verified(tuple(statements), tuple(citations[:at]), documents)
    nearest = tuple(c for c in citations[at:] if quote_holds(c, documents))
    outcome = draft.outcome if kept or draft.outcome is Outcome.NO_EVIDENCE else Outcome.NO_EVIDENCE
    own = _own_lines(outcome, draft)
    passages = [span.passage for spans in draft.statements for span in spans]
    return Answer(
        question=query.question,
        outcome=outcome,
        text=markdown(own + kept),
        statements=own + kept,
        citations=used,
        read_as=query.read_as,
        missing=draft.missing,
        notices=sector_notice(query.sector, passages) + superseded_notices(used),
        nearest=nearest,
        follow_ups=_follow_ups(evidence, used) if outcome is not Outcome.NO_EVIDENCE else (),
    )


def _own_lines(outcome: Outcome, draft: Draft) -> tuple[Statement, ...]:
    """The fixed sentences that go with an outcome; what is missing is named by itself in `Answer.missing`."""
    if outcome is Outcome.NO_EVIDENCE:
        lines = [texts_nl.NO_EVIDENCE] if draft.nearest else [texts_nl.NO_EVIDENCE, texts_nl.CAN_ASK]
    else:
        lines = [texts_nl.PARTIAL] if outcome is Outcome.PARTIAL else []
    return tuple(Statement(line, (), own=True) for line in lines)


def _with_referral(answer: Answer, signal: Signal) -> Answer:
    """Referral first. For an acute signal nothing else is answered; what the sources say of support stands beside it."""
    lines = tuple(Statement(line, (), own=True) for line in referral_lines(signal.kind))
    if not signal.acute:
        return replace(
            answer,
            statements=lines + answer.statements,
            text=markdown(lines + answer.statements),
            referral=str(signal.kind),
        )
    numbered = tuple(replace(c, number=n) for n, c in enumerate(answer.citations or answer.nearest, 1))
    return Answer(
        answer.question, Outcome.REFERRAL, markdown(lines), lines, (), None, str(signal.kind), nearest=numbered
    )


def _refusal(question: str, notices: tuple[str, ...]) -> Answer:
    lines = (Statement(texts_nl.REFUSED, (), own=True), Statement(texts_nl.CAN_ASK, (), own=True))
    return Answer(question, Outcome.REFUSED, markdown(lines), lines, (), notices=notices)


def _courteous(question: str, kind: str) -> Answer:
    lines = (Statement(texts_nl.COURTESIES[kind], (), own=True), Statement(texts_nl.CAN_ASK, (), own=True))
    return Answer(question, Outcome.NO_EVIDENCE, markdown(lines), lines, ())


def _all_spans(draft: Draft) -> list[Span]:
    return [span for spans in draft.statements for span in spans] + list(draft.nearest)


def _follow_ups(evidence: Evidence, used: Sequence[Citation]) -> tuple[str, ...]:
    """Questions that the next best sections answer, by their own headings."""
    shown = {c.section for c in used}
    asked: dict[str, None] = {}
    best = evidence.hits[0].score if evidence.hits else 0.0
    for hit in evidence.hits:
        if hit.score < best * FOLLOW_UP_FROM:
            break
        section = " > ".join(hit.passage.section)
        if hit.passage.section and section not in shown:
            heading = hit.passage.section[-1].rstrip(".?!: ")
            asked.setdefault(texts_nl.FOLLOW_UP.format(heading=heading))
    return tuple(asked)[:MAX_FOLLOW_UPS]


def _timed(answer: Answer, began: float, found: float | None = None) -> Answer:
    now = time.perf_counter()
    spent = {"total": round(1000 * (now - began), 2), "retrieve": round(1000 * ((found or now) - began), 2)}
    return replace(answer, milliseconds=spent)
