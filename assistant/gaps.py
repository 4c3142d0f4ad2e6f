"""Which questions the library does not serve well: what was reported, found no good or went unanswered, like with like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from assistant.dutch import content_words, keys
from assistant.feedback import Record, Verdict
from assistant.types import Outcome

# Of 100. "Hoe betrek je ouders?" and "hoe kan ik de ouders erbij betrekken" share all their content words and have 100;
# two questions of three content words that share two have 67 to 84, after their lengths.
ALIKE = 85.0


@dataclass(frozen=True, slots=True)
class Gap:
    """A group of questions that ask about the same.

    `questions`: each once, the commonest first. `count` is of all records, of which `down` were found no good, `missing`
    were sent in as not found and `unanswered` were just asked. `parts`: what answers said was missing.
    """

    questions: tuple[str, ...]
    count: int
    down: int
    missing: int
    unanswered: int
    parts: tuple[str, ...]
    sectors: tuple[str, ...]
    last: str
    records: tuple[Record, ...]


def gaps(records: Iterable[Record]) -> tuple[Gap, ...]:
    """Group the open records that point to a gap; the largest group first, then the latest."""
    groups: list[tuple[str, list[Record]]] = []
    for record in records:
        if not _open(record):
            continue
        words = _key(record.read_as or record.question)
        alike = next((group for key, group in groups if _alike(key, words)), None)
        if alike is None:
            groups.append((words, [record]))
        else:
            alike.append(record)
    found = [_gap(group) for _, group in groups]
    return tuple(sorted(found, key=lambda gap: (gap.count, gap.last), reverse=True))


def _open(record: Record) -> bool:
    if record.note or record.verdict is Verdict.UP:
        return False
    return record.verdict is not Verdict.ASKED or record.outcome in (Outcome.NO_EVIDENCE, Outcome.PARTIAL)


def _key(question: str) -> str:
    """The stems of a question's content words, each once and in order of the alphabet; its own words where it has none."""
    stems = {keys(word)[-1] for word in content_words(question)}
    return " ".join(sorted(stems)) or question.casefold().strip()


def _alike(one: str, other: str) -> bool:
    return one == other or fuzz.token_sort_ratio(one, other) >= ALIKE


def _gap(records: list[Record]) -> Gap:
    verdicts = Counter(record.verdict for record in records)
    return Gap(
        questions=tuple(question for question, _ in Counter(r.question for r in records).most_common()),
        count=len(records),
        down=verdicts[Verdict.DOWN],
        missing=verdicts[Verdict.MISSING],
        unanswered=verdicts[Verdict.ASKED],
        parts=tuple(dict.fromkeys(part for record in records for part in record.missing)),
        sectors=tuple(dict.fromkeys(record.sector for record in records if record.sector)),
        last=max(record.on for record in records),
        records=tuple(records),
    )
