"""One generated answer: prompt → model → sentences, each given as soon as its passages are found to support it.

What does not hold is sent back once, to be written anew, and then left out. Failures of the provider are tried again within
one time budget; whoever asked gets the extractive answer where nothing came of it.
"""

from __future__ import annotations

import logging
import random
import re
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from assistant import dutch
from assistant.generation.allowance import Allowance
from assistant.generation.failures import RETRIED, ChatError, Failure
from assistant.generation.model import Call, ChatModel
from assistant.generation.reply import Proposed, Sentence, sentences
from assistant.prompt import SCHEMA, Message, Rejected, Source, answer_messages, repair_messages
from assistant.thesaurus import Thesaurus
from assistant.types import Turn
from assistant.verify import Citable, Entails, Objection, Verdict, claim_verdict, leans

log = logging.getLogger(__name__)

FOREIGN = 0.5  # share of sentences in another language above which the whole reply is
MOST_REPAIRED = 6  # sentences that one request asks to write anew
_Sources = Mapping[int, Citable]
JITTER = 0.25  # of a wait, so that many readers do not try again at the same moment


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be answered from what: all of it masked. `sources` by their numbers, from 1."""

    question: str
    sources: _Sources
    history: tuple[Turn, ...] = ()
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """A sentence that holds, and what it stands on."""

    text: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it. `failure`: why there is no answer; sentences that were given before it came are not one.

    `struck`: how many sentences were left out because nothing supports them.
    """

    proven: tuple[Proven, ...]
    struck: int = 0
    proposed: tuple[str, ...] = ()
    failure: Failure | None = None


@dataclass(slots=True)
class _Progress:
    """What is known so far of one answer, over all tries."""

    proven: list[Proven] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    proposed: tuple[str, ...] = ()
    reply: list[str] = field(default_factory=list)
    said: int = 0
    last: Verdict | None = None

    def begin(self) -> None:
        """A new try: what was proven stays, what was not is asked again."""
        self.rejected.clear()
        self.reply.clear()
        self.said = 0
        self.last = None

    @property
    def foreign(self) -> bool:
        """Whether the reply is in another language."""
        count = sum(Objection.LANGUAGE in one.reasons for one in self.rejected)
        return bool(count) and count > FOREIGN * self.said


class Writer:
    """Writes answers with one model. Safe to share between threads; holds no conversation."""

    def __init__(
        self,
        model: ChatModel,
        allowance: Allowance,
        thesaurus: Thesaurus | None = None,
        entailment: Entails | None = None,
    ) -> None:
        self.model = model
        self._allowance = allowance
        self._thesaurus = thesaurus
        self._entailment = entailment

    def call(self, cancelled: threading.Event | None = None) -> Call:
        """Begin a question: everything that is asked of the model for it shares this time and is counted together."""
        return self.model.call(cancelled)

    def may_ask(self, user: str) -> bool:
        """Whether this user has budget left today."""
        return self._allowance.left(user)

    def settle(self, user: str, call: Call) -> None:
        """Count what a question used against the user's day."""
        self._allowance.spend(user, call.meter.total)

    def write(self, task: Task, call: Call) -> Generator[Proven, None, Written]:
        """Give each sentence of an answer when it is proven; returns what came of it. Closing it takes the request back."""
        shown = [Source(number, one.heading, one.text) for number, one in task.sources.items()]
        messages = answer_messages(task.question, shown, task.history, task.sector)
        return (yield from self.prove(messages, task.sources, call))

    def prove(self, messages: Sequence[Message], sources: _Sources, call: Call) -> Generator[Proven, None, Written]:
        """What a request for sentences over numbered sources gives: each sentence when it is proven, and what came of it."""
        progress = _Progress()
        try:
            yield from self._tries(messages, sources, call, progress)
        except ChatError as error:
            log.info("nothing written: %s", error.failure)
            return Written(tuple(progress.proven), len(progress.rejected), failure=error.failure)
        if progress.rejected and call.left and not call.cancelled.is_set():
            yield from self._repaired(messages, sources, call, progress)
        if call.cancelled.is_set():
            return Written(tuple(progress.proven), failure=Failure.CANCELLED)
        failure = None if progress.proven else Failure.UNPROVEN if progress.said else Failure.EMPTY
        return Written(tuple(progress.proven), len(progress.rejected), progress.proposed, failure)

    def _tries(
        self, messages: Sequence[Message], sources: _Sources, call: Call, progress: _Progress
    ) -> Iterator[Proven]:
        """Ask until a reply was read to its end. Raises ChatError when the time or the tries are over."""
        wait = self.model.limits.backoff
        for number in range(1, self.model.limits.attempts + 1):
            progress.begin()
            try:
                yield from self._read(messages, sources, call, progress)
                if progress.foreign:
                    raise ChatError(Failure.LANGUAGE, "not in Dutch")
                return
            except ChatError as error:
                if error.failure not in RETRIED or number == self.model.limits.attempts:
                    raise
                asked = error.wait if error.wait is not None else wait * (1 + JITTER * random.random())
                if asked >= call.left:
                    raise
                call.pause(asked)
                wait *= 2

    def _read(
        self, messages: Sequence[Message], sources: _Sources, call: Call, progress: _Progress
    ) -> Iterator[Proven]:
        with closing(self.model.stream(messages, call, SCHEMA)) as pieces:  # closing it takes the request back
            for sentence in sentences(_kept(pieces, progress.reply)):
                if isinstance(sentence, Proposed):
                    progress.proposed = sentence.questions
                    continue
                progress.said += 1
                proven = self._judged(sentence, sources, progress)
                if proven is not None:
                    yield proven

    def _judged(self, sentence: Sentence, sources: _Sources, progress: _Progress) -> Proven | None:
        """The sentence, where it holds and says something new; otherwise it is kept for the repair."""
        verdict = claim_verdict(sentence.text, sentence.sources, sources, self._thesaurus, self._entailment)
        if verdict.holds and leans(sentence.text) and not _goes_on(verdict, progress.last):
            verdict = Verdict((), (Objection.LEANING,))
        progress.last = verdict
        if not verdict.holds:
            reasons = tuple(str(reason) for reason in verdict.objections)
            progress.rejected.append(Rejected(sentence.text, sentence.sources, reasons))
            return None
        if any(_same(sentence.text, one.text) for one in progress.proven):
            return None
        proven = Proven(_ended(sentence.text), verdict)
        progress.proven.append(proven)
        return proven

    def _repaired(
        self, messages: Sequence[Message], sources: _Sources, call: Call, progress: _Progress
    ) -> Iterator[Proven]:
        """One request to write anew what did not hold; whatever comes of it is judged the same way."""
        asked, rest = progress.rejected[:MOST_REPAIRED], progress.rejected[MOST_REPAIRED:]
        request = repair_messages(messages, "".join(progress.reply), asked)
        progress.rejected, progress.last = [], None
        mended = 0
        try:
            with closing(self.model.stream(request, call, SCHEMA)) as pieces:
                for sentence in sentences(pieces):
                    if isinstance(sentence, Proposed) or mended == len(asked):
                        continue
                    proven = self._judged(sentence, sources, progress)
                    if proven is not None:
                        mended += 1
                        yield proven
        except ChatError as error:
            log.info("nothing was repaired: %s", error.failure)
        progress.rejected = [*asked[mended:], *rest]


def _kept(pieces: Iterable[str], reply: list[str]) -> Iterator[str]:
    for piece in pieces:
        reply.append(piece)
        yield piece


def _goes_on(verdict: Verdict, before: Verdict | None) -> bool:
    """Whether a sentence that points back stands in a passage that the one before it stands in: then it means that one."""
    if before is None or not before.holds:
        return False
    return bool({s.passage.id for s in verdict.stretches} & {s.passage.id for s in before.stretches})


def _same(one: str, other: str) -> bool:
    return dutch.normal(one).strip(" .!?") == dutch.normal(other).strip(" .!?")


def _ended(text: str) -> str:
    """The sentence with an end mark."""
    return text if re.search(r"[.!?:][\"”’)]*$", text) else f"{text}."
