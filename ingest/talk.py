"""What the command line asks an editor at a terminal, on stderr; without one it says what it takes as it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import texts_nl
from assistant.types import SECTORS, Document, Source
from ingest.intake import Fields, Proposal, unattended
from ingest.manifest import is_date
from ingest.resemblance import Near

if TYPE_CHECKING:
    from ingest.proposing import Proposal as Question

_NONE = "-"  # what is typed to leave a value empty


def someone_there() -> bool:
    """Whether a person can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class Talk:
    """How what is about to be taken in is confirmed: by a person at the terminal, who is asked, or not."""

    def __init__(self, fields: Fields, yes: bool) -> None:
        """`fields`: what was said already and is not asked again; `yes`: ask nothing."""
        self._fields = fields
        self._yes = yes
        self._asked = not yes and someone_there()
        self._near: tuple[Near, ...] = ()

    def confirm(self, proposal: Proposal) -> Proposal:
        """Return the proposal as it is to be. Raises KeyboardInterrupt where the person stops, IngestError ("near")."""
        if self._asked:
            return _asked(proposal, self._fields)
        self._near = proposal.near
        return proposal if self._yes else unattended(proposal)

    def afterwards(self, document: Document) -> Iterator[str]:
        """What a person should look at who was not asked: the entry as it was taken, and documents that resemble it."""
        if self._asked:
            return
        for name, value in _values(document.source).items():
            yield f"{texts_nl.INGEST_FIELDS[name]}: {value or texts_nl.INGEST_NO_VALUE}"
        for near in self._near:
            hint = texts_nl.INGEST_NEAR_HINT.format(id=near.source.id, new=document.source.id)
            yield texts_nl.INGEST_WARNING.format(warning=f"{_near_line(near)} {hint}").strip()


def may_remove(yes: bool) -> Callable[[Sequence[str], int], bool]:
    """Whether more than half of the library may go: said beforehand, or by a person at the terminal."""

    def answer(gone: Sequence[str], total: int) -> bool:
        if yes or not someone_there():
            return yes
        _say(texts_nl.INGEST_MANY_REMOVED.format(count=len(gone), total=total, names=", ".join(gone)))
        return _read(texts_nl.INGEST_MAY_REMOVE).lower() in texts_nl.INGEST_YES

    return answer


def confirmed(found: Iterable[tuple[str, Question]]) -> list[Question]:
    """The proposed questions, each with its section, that a person at the terminal confirms; without one they are shown."""
    chosen: list[Question] = []
    shown = False
    for section, one in found:
        shown = True
        _say(texts_nl.PROPOSED.format(section=section, text=one.text, sentence=one.sentence))
        if someone_there():
            answer = _choice(texts_nl.PROPOSED_ASK, texts_nl.PROPOSED_ANSWERS)
            if answer == "stop":
                break
            chosen += [one] if answer == "yes" else []
    if not shown:
        _say(texts_nl.PROPOSED_NONE)
    elif not someone_there():
        _say(texts_nl.PROPOSED_UNCONFIRMED)
    return chosen


def _asked(proposal: Proposal, fields: Fields) -> Proposal:
    for near in proposal.near:
        _say(_near_line(near))
        answer = _choice(texts_nl.INGEST_REPLACE_QUESTION.format(id=near.source.id), texts_nl.INGEST_REPLACE_ANSWERS)
        if answer == "stop":
            raise KeyboardInterrupt
        if answer == "replace":
            # title, publisher and sectors stay those of the document that it replaces
            return replace(proposal, replaces=near.source.id, near=())
    return replace(proposal, source=_fields_asked(proposal.source, fields))


def _fields_asked(source: Source, fields: Fields) -> Source:
    _say(texts_nl.INGEST_CONFIRM)
    said = {
        "title": fields.title,
        "publishers": fields.publishers,
        "published": fields.published,
        "url": fields.url,
        "sectors": fields.sectors,
    }
    for name, value in _values(source).items():
        if not said[name]:
            source = _field_asked(source, name, value)
    return source


def _field_asked(source: Source, name: str, value: str) -> Source:
    while True:
        typed = _read(f"{texts_nl.INGEST_FIELDS[name]} [{value or texts_nl.INGEST_NO_VALUE}]: ")
        if not typed:
            return source
        if typed == _NONE and name in ("published", "url", "sectors"):
            return replace(source, **{name: () if name == "sectors" else None})  # type: ignore[arg-type]
        if name == "published" and not is_date(typed):
            _say(texts_nl.INGEST_NO_DATE)
        elif name in ("publishers", "sectors"):
            parts = tuple(part.strip() for part in typed.split(",") if part.strip())
            if parts and (name == "publishers" or set(parts) <= set(SECTORS)):
                return replace(source, **{name: parts})  # type: ignore[arg-type]
            _say(texts_nl.INGEST_NO_SECTOR)
        elif typed != _NONE:
            return replace(source, **{name: typed})  # type: ignore[arg-type]


def _values(source: Source) -> dict[str, str]:
    return {
        "title": source.title,
        "publishers": ", ".join(source.publishers),
        "published": source.published or "",
        "url": source.url or "",
        "sectors": ", ".join(source.sectors),
    }


def _near_line(near: Near) -> str:
    line = texts_nl.INGEST_NEAR[near.why]
    return line.format(title=near.source.title, id=near.source.id, share=round(100 * near.contained))


def _choice(question: str, answers: dict[str, str]) -> str:
    while True:
        typed = _read(question).lower()[:1]
        if typed in answers:
            return answers[typed]


def _read(question: str) -> str:
    """One line from the terminal; its end without a line counts as breaking off."""
    sys.stderr.write(question)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line.strip()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
