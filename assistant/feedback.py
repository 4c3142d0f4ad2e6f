"""What readers said about answers, and which questions found none: stored masked, for a limited time.

One file of JSON lines below `WELWIJZER_DATA`, with a lock for several processes. Only what a reader sent in is kept; all
questions are kept as well where a deployment says so (`WELWIJZER_KEEP_QUESTIONS_DAYS`), but for those that signal danger.
"""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from assistant.errors import LibraryBusyError, LibraryError
from assistant.privacy import mask
from assistant.types import Answer, Outcome

log = logging.getLogger(__name__)

FEEDBACK_DAYS = 365  # a school year, and its holidays, to look at what came in
MAX_COMMENT = 1_000  # characters; what a field of the form takes
MAX_RECORDS = 20_000  # the oldest go first: some 20 MB
LOCK_SECONDS = 10.0
_TABLE_SIGNS = "=+-@\t\r"  # with which a spreadsheet would begin a formula


class Verdict(StrEnum):
    """What a record says of an answer; ASKED says nothing and is there because the deployment keeps questions."""

    UP = "up"
    DOWN = "down"
    MISSING = "missing"
    ASKED = "asked"


class Reason(StrEnum):
    """Why an answer was no good; the Dutch stands in `texts_nl.FEEDBACK_REASONS`."""

    OFF_TOPIC = "off_topic"
    INCOMPLETE = "incomplete"
    WRONG = "wrong"
    WRONG_SECTOR = "wrong_sector"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Place:
    """A citation of the answer that was judged: where, in which version of the text, and on which page from 1."""

    source: str
    start: int
    end: int
    version: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was said about one answer. `question`, `read_as` and `comment` are masked; `on` is a day.

    `note`: what an editor did with it; such a record is no gap any more.
    """

    id: str
    on: str
    verdict: Verdict
    question: str
    outcome: Outcome
    read_as: str | None = None
    sector: str | None = None
    reason: Reason | None = None
    comment: str = ""
    missing: tuple[str, ...] = ()
    citations: tuple[Place, ...] = ()
    note: str = ""


def record_of(
    answer: Answer,
    verdict: Verdict,
    *,
    sector: str | None = None,
    reason: str = "",
    comment: str = "",
    today: date | None = None,
) -> Record:
    """What is kept of an answer and of what was said about it. An unknown reason is none; a long comment is cut."""
    known = {str(one) for one in Reason}
    return Record(
        id=uuid4().hex,
        on=(today or _today()).isoformat(),
        verdict=verdict,
        question=answer.question,  # masked by the assistant, who knows the names of the library
        outcome=answer.outcome,
        read_as=answer.read_as,
        sector=sector,
        reason=Reason(reason) if reason in known else None,
        comment=mask(comment.strip()[:MAX_COMMENT]).text,
        missing=answer.missing,
        citations=tuple(Place(c.source, c.start, c.end, c.version, c.page) for c in answer.citations),
    )


class FeedbackStore:
    """The records of one deployment, below `data`; safe for several processes and threads.

    `question_days`: for how many days questions are kept, see `Settings`. Every method raises LibraryError where the file
    can't be used, and LibraryBusyError where another process holds it too long.
    """

    def __init__(self, data: Path, question_days: int = 0, today: Callable[[], date] | None = None) -> None:
        self._path = data / "feedback" / "feedback.jsonl"
        self._question_days = question_days
        self._today = today or _today

    def add(self, record: Record) -> None:
        """Keep a record; one that is not to be kept (a question, without the setting; danger) is dropped."""
        if not self._kept(record):
            return
        with self._locked():
            records = self._read()
            kept = [one for one in records if self._kept(one)]
            if len(kept) < len(records) or len(records) >= MAX_RECORDS or not self._whole():
                self._write([*kept, record][-MAX_RECORDS:])
                return
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(record))

    def asked(self, answer: Answer, sector: str | None = None) -> None:
        """Keep the question of an answer, where the deployment does."""
        if self._question_days:
            self.add(record_of(answer, Verdict.ASKED, sector=sector, today=self._today()))

    def all(self) -> tuple[Record, ...]:
        """Everything within its time, oldest first; what is past it is erased."""
        with self._locked():
            records = self._read()
            kept = [one for one in records if self._kept(one)]
            if len(kept) < len(records):
                self._write(kept)
            return tuple(kept)

    def remove(self, ids: Iterable[str]) -> int:
        """Erase these records for good; returns how many there were."""
        unwanted = frozenset(ids)
        return self._changed(lambda record: None if record.id in unwanted else record)

    def settle(self, ids: Iterable[str], note: str) -> int:
        """Write down what an editor did with these records; an empty note makes them open again."""
        meant = frozenset(ids)
        words = mask(note.strip()[:MAX_COMMENT]).text
        return self._changed(lambda record: replace(record, note=words) if record.id in meant else record)

    def erase(self) -> int:
        """Erase everything for good; returns how many records there were."""
        return self._changed(lambda record: None)

    def export(self) -> str:
        """All records as CSV for a spreadsheet: semicolons between, and no cell that it would run as a formula."""
        out = io.StringIO()
        names = ("on", "verdict", "reason", "comment", "question", "read_as", "outcome", "sector", "missing", "note")
        table = csv.writer(out, delimiter=";", lineterminator="\r\n")
        table.writerow([*names, "sources", "id"])
        for record in self.all():
            values = asdict(record)
            cells = [values[name] for name in names]
            places = [f"{p.source} p. {p.page}" if p.page is not None else p.source for p in record.citations]
            table.writerow([_cell(value) for value in (*cells, tuple(dict.fromkeys(places)), record.id)])
        return out.getvalue()

    def _kept(self, record: Record) -> bool:
        if record.verdict is Verdict.ASKED and record.outcome is Outcome.REFERRAL:
            return False
        days = self._question_days if record.verdict is Verdict.ASKED else FEEDBACK_DAYS
        return days > 0 and date.fromisoformat(record.on) > self._today() - timedelta(days=days)

    def _changed(self, change: Callable[[Record], Record | None]) -> int:
        """Rewrite the file with each record changed or, where the change gives none, left out; counts those touched."""
        with self._locked():
            before = [record for record in self._read() if self._kept(record)]
            after = [(record, change(record)) for record in before]
            touched = sum(new != old for old, new in after)
            self._write([new for _, new in after if new is not None])
            return touched

    def _read(self) -> list[Record]:
        """The records of the file; a line that was torn by a crash is passed over."""
        if not self._path.exists():
            return []
        records = []
        for number, line in enumerate(self._path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
            try:
                if line:
                    records.append(_record(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                log.warning("line %d of %s is not a record", number, self._path)
        return records

    def _whole(self) -> bool:
        """Whether the last line was written to its end, so that another may follow."""
        return not self._path.exists() or self._path.read_bytes()[-1:] in (b"", b"\n")

    def _write(self, records: Iterable[Record]) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(map(_line, records)), encoding="utf-8")
        fresh.replace(self._path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path.with_suffix(".lock"), timeout=LOCK_SECONDS):
                yield
        except Timeout as error:
            raise LibraryBusyError(f"{self._path} is in use", owner=None) from error
        except OSError as error:
            raise LibraryError(f"cannot use {self._path}: {error}", path=str(self._path)) from error


def _today() -> date:
    return datetime.now(UTC).date()


def _line(record: Record) -> str:
    return json.dumps(asdict(record), ensure_ascii=False) + "\n"


def _record(values: dict[str, object]) -> Record:
    """The record of a line. Raises ValueError, KeyError or TypeError for any other line."""
    date.fromisoformat(str(values["on"]))
    reason = values.get("reason")
    given = {
        "verdict": Verdict(str(values["verdict"])),
        "outcome": Outcome(str(values["outcome"])),
        "reason": Reason(str(reason)) if reason else None,
        "missing": tuple(values.get("missing") or ()),  # type: ignore[arg-type]
        "citations": tuple(Place(**place) for place in values.get("citations") or ()),  # type: ignore[attr-defined]
    }
    return Record(**(values | given))  # type: ignore[arg-type]


def _cell(value: object) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(tuple(_TABLE_SIGNS)) else text
