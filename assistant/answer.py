"""ask(): the whole way of one question on one screen: safety → understand → retrieve → extract → verify → Answer."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, urldefrag

from assistant import texts_nl
from assistant.errors import QuestionError
from assistant.extract import Draft, Span, compose
from assistant.injection import without_orders
from assistant.library import Library
from assistant.manners import courtesy, question_in
from assistant.parts import joined, questions_in
from assistant.privacy import mask
from assistant.retrieve import Retriever, View
from assistant.safety import Signal, attack, danger, plain, referral_lines
from assistant.types import Answer, Citation, Document, Evidence, Outcome, Query, Source, Statement, Successor, Turn
from assistant.verify import JOIN, quote_holds, verified

MAX_QUESTION = 4_000  # characters; the longest question in the evaluation set has 600
MAX_FOLLOW_UPS = 3
FOLLOW_UP_FROM = 0.4  # share of the best passage's score from which a section is near enough to ask about
_IN_FRAGMENT = "!$&'()*+,;=:@/?-._~%"  # RFC 3986; a name that is percent-encoded already stays so
# Two or more capitalised words in a row, with surname particles between them: a name that stands in a source.
_NAME = re.compile(
    r"\b[A-ZÀ-Ý][\w'’-]+(?: (?:van|de|der|den|ten|ter|te|el|la|&|’t|'t|[A-ZÀ-Ý][\w'’-]+))* [A-ZÀ-Ý][\w'’-]+"
)


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
    """Answers questions from a library. Holds no conversation: whoever asks passes the turns before."""

    library: Library
    retriever: Retriever

    def ask(
        self, question: str, history: Sequence[Turn] = (), sector: str | None = None, sources: tuple[str, ...] = ()
    ) -> Answer:
        """Answer one question. Raises QuestionError for an empty or overlong one, LibraryEmptyError, ModelMismatchError."""
        return self.asked(question, history, sector, sources).answer

    def asked(
        self, question: str, history: Sequence[Turn] = (), sector: str | None = None, sources: tuple[str, ...] = ()
    ) -> Asked:
        """Give the answer of `ask` with its evidence, for who measures both. Raises what `ask` raises."""
        began = time.perf_counter()
        text, notices = self._safe(question)
        signal = danger(plain(question))  # on the words as typed: masking must never hide a sign of danger
        if signal is None and attack(text):
            return Asked(_timed(_refusal(text, notices), began), None)
        if signal is None and (kind := courtesy(text)):
            return Asked(_timed(_courteous(text, kind), began), None)
        turns = tuple(replace(turn, question=self._safe(turn.question)[0]) for turn in history)
        asked = texts_nl.SUPPORT_QUESTION if signal and signal.acute else question_in(text)
        view = self.retriever.view()  # one state of the library for the whole answer, whatever is replaced meanwhile
        query = self.retriever.understand(asked, () if signal else turns, sector, sources, view)
        parts = questions_in(query.text) if signal is None else (query.text,)
        queries = self._queries(query, parts, turns, view) if len(parts) > 1 else (query,)
        evidence = tuple(without_orders(self.retriever.retrieve(one, view=view)) for one in queries)
        found = time.perf_counter()
        drafts = tuple(compose(one) for one in evidence)
        draft = joined(drafts, parts) if len(parts) > 1 else drafts[0]
        answer = _assemble(replace(query, question=text), evidence[0], draft, view.documents)
        if signal is not None:
            answer = _with_referral(answer, signal)
        elif earlier := _earlier_danger(history):
            notices = (*notices, " ".join((texts_nl.NOTICE_EARLIER_DANGER, *referral_lines(earlier.kind))))
        answer = _timed(replace(answer, notices=notices + answer.notices), began, found)
        return Asked(answer, evidence[0], draft.strength) if len(evidence) == 1 else Asked(answer, None)

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
        masked = mask(text, _names(view.generation, view.documents))
        kinds = ", ".join(masked.found)
        return masked.text, (texts_nl.NOTICE_PRIVACY.format(kinds=kinds),) if kinds else ()


def _earlier_danger(history: Sequence[Turn]) -> Signal | None:
    """The last acute sign of danger in the turns before: the numbers stay in sight for the rest of the conversation."""
    signals = (danger(plain(turn.question)) for turn in reversed(history))
    return next((signal for signal in signals if signal is not None and signal.acute), None)


def _assemble(query: Query, evidence: Evidence, draft: Draft, documents: Mapping[str, Document]) -> Answer:
    citations = [_citation(span, number + 1, documents) for number, span in enumerate(_all_spans(draft))]
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
    return Answer(
        question=query.question,
        outcome=outcome,
        text=_markdown(own + kept),
        statements=own + kept,
        citations=used,
        read_as=query.read_as,
        missing=draft.missing,
        notices=_sector_notice(query, draft) + _superseded_notices(used),
        nearest=nearest,
        follow_ups=_follow_ups(evidence, used) if outcome is not Outcome.NO_EVIDENCE else (),
    )


def _sector_notice(query: Query, draft: Draft) -> tuple[str, ...]:
    """Tell when a sector was asked about and all quotes, or some, come from publications for others."""
    passages = [span.passage for spans in draft.statements for span in spans]
    if query.sector is None or not passages:
        return ()
    fits = [not passage.sectors or query.sector in passage.sectors for passage in passages]
    if all(fits):
        return ()
    notice = texts_nl.NOTICE_PART_OTHER_SECTOR if any(fits) else texts_nl.NOTICE_OTHER_SECTOR
    return (notice.format(sector=query.sector),)


def _superseded_notices(used: Sequence[Citation]) -> tuple[str, ...]:
    """Tell of each cited publication that has been replaced, once."""
    replaced = {c.title: c.superseded_by for c in used if c.superseded_by}
    return tuple(texts_nl.superseded_notice(title, new.title, new.on) for title, new in replaced.items())


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
            text=_markdown(lines + answer.statements),
            referral=str(signal.kind),
        )
    numbered = tuple(replace(c, number=n) for n, c in enumerate(answer.citations or answer.nearest, 1))
    return Answer(
        answer.question, Outcome.REFERRAL, _markdown(lines), lines, (), None, str(signal.kind), nearest=numbered
    )


def _refusal(question: str, notices: tuple[str, ...]) -> Answer:
    lines = (Statement(texts_nl.REFUSED, (), own=True), Statement(texts_nl.CAN_ASK, (), own=True))
    return Answer(question, Outcome.REFUSED, _markdown(lines), lines, (), notices=notices)


def _courteous(question: str, kind: str) -> Answer:
    lines = (Statement(texts_nl.COURTESIES[kind], (), own=True), Statement(texts_nl.CAN_ASK, (), own=True))
    return Answer(question, Outcome.NO_EVIDENCE, _markdown(lines), lines, ())


def _all_spans(draft: Draft) -> list[Span]:
    return [span for spans in draft.statements for span in spans] + list(draft.nearest)


def _citation(span: Span, number: int, documents: Mapping[str, Document]) -> Citation:
    document = documents[span.passage.source]
    source = document.source
    return Citation(
        number=number,
        source=source.id,
        title=source.title,
        publisher=", ".join(source.publishers),
        published=source.published,
        url=_address(document, span.start),
        page=span.passage.page,
        page_label=span.passage.page_label,
        section=" > ".join(span.passage.section),
        quote=span.passage.text[span.start - span.passage.start : span.end - span.passage.start],
        start=span.start,
        end=span.end,
        version=span.passage.version,
        repaired=any(c.repair and c.touches(span.start, span.end) for c in document.changes),
        superseded_by=_successor(source, documents),
    )


def _successor(source: Source, documents: Mapping[str, Document]) -> Successor | None:
    if source.superseded_by is None:
        return None
    held = documents.get(source.superseded_by)
    title = held.source.title if held else source.superseded_by
    return Successor(source.superseded_by, title, source.superseded_on)


def _address(document: Document, at: int) -> str | None:
    """The document's web address, at the innermost named heading above offset `at` where there is one."""
    named = [s for s in document.sections if s.anchor and s.start <= at < s.end]
    if document.source.url is None or not named:
        return document.source.url
    return f"{urldefrag(document.source.url).url}#{quote(named[-1].anchor or '', safe=_IN_FRAGMENT)}"


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


def _markdown(statements: Iterable[Statement]) -> str:
    """Statements as paragraphs with [1] marks; characters that Markdown would take as markup are escaped."""
    return "\n\n".join(_marked(statement) for statement in statements)


def _marked(statement: Statement) -> str:
    """One paragraph, or a lead-in with its items: within a quote a single line end divides a list's items."""
    escaped = re.sub(r"([\\`*_\[\]<>#|$])", r"\\\1", statement.text)
    marks = "".join(f" [{number}]" for number in statement.citations)
    return escaped.replace("\n\n", "\v").replace("\n", "\n- ").replace("\v", "\n\n") + marks


@lru_cache(maxsize=4)
def _cached_names(_generation: int, texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for text in texts for match in _NAME.finditer(text) for name in _endings(match.group()))


def _endings(run: str) -> Iterable[str]:
    """A run of capitalised words and what is left without its first ones: "Directeur Hanneke Visser" holds a name."""
    words = run.split(" ")
    return (" ".join(words[at:]) for at in range(len(words) - 1) if words[at][0].isupper())


def _names(generation: int, documents: Mapping[str, Document]) -> frozenset[str]:
    """Names of people and schools that stand in the sources: public, so never masked."""
    return _cached_names(generation, tuple(document.text for document in documents.values()))


def _timed(answer: Answer, began: float, found: float | None = None) -> Answer:
    now = time.perf_counter()
    spent = {"total": round(1000 * (now - began), 2), "retrieve": round(1000 * ((found or now) - began), 2)}
    return replace(answer, milliseconds=spent)
