"""The questions a document answers, as editors write them down: `questions/<source id>.yaml` beside the manifest.

Each group of questions stands at a quotation of the stored text; the sentence that the quotation begins in answers them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant import texts_nl
from assistant.errors import QuestionsError
from assistant.types import Document, Passage, StoredQuestion

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class Group(BaseModel):
    """Questions with one answer: a literal stretch of the stored text, white space apart."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quote: Text
    ask: Annotated[tuple[Text, ...], Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text
    questions: tuple[Group, ...]


def load(path: Path, source_id: str) -> tuple[Group, ...]:
    """Read the questions of one source; none where there is no such file. Raises QuestionsError."""
    if not path.is_file():
        return ()
    try:
        content = _File.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise QuestionsError(f"{path.name}: {error}", file=path.name, where=line) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "-"
        raise QuestionsError(f"{path.name}: {where}: {first['msg']}", file=path.name, where=where) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise QuestionsError(f"{path.name}: {error}", file=path.name, where="-") from error
    if content.source != source_id:
        raise QuestionsError(f"{path.name} is about {content.source}", file=path.name, where="source")
    return content.questions


def attach(document: Document, groups: Sequence[Group]) -> Document:
    """Give each passage its questions. A quotation that no passage holds is told in the document's warnings."""
    found: dict[str, list[StoredQuestion]] = {}
    gone: list[str] = []
    for group in groups:
        place = _place(document, group.quote)
        if place is None:
            gone.append(group.quote)
        else:
            passage, sentence = place
            found.setdefault(passage.id, []).extend(StoredQuestion(text, sentence) for text in group.ask)
    passages = tuple(replace(p, questions=tuple(dict.fromkeys(found.get(p.id, ())))) for p in document.passages)
    warnings = tuple(texts_nl.QUESTIONS_GONE.format(quote=quote) for quote in gone)
    return replace(document, passages=passages, warnings=document.warnings + warnings)


def _place(document: Document, quote: str) -> tuple[Passage, int] | None:
    """The passage that holds the quotation, and the number of the sentence in which it begins."""
    wanted = " ".join(quote.split())
    for passage in document.passages:
        words, starts = _collapsed(passage.text)
        at = words.find(wanted)
        if at >= 0 and passage.sentences:
            start = passage.start + starts[at]
            return passage, max(0, bisect_right([s.start for s in passage.sentences], start) - 1)
    return None


def _collapsed(text: str) -> tuple[str, list[int]]:
    """The text with each run of white space as one blank, and where each of its characters stands in the text."""
    pairs = list(_characters(text))
    return "".join(character for character, _ in pairs), [place for _, place in pairs]


def _characters(text: str) -> Iterator[tuple[str, int]]:
    blank = True
    for place, character in enumerate(text):
        if not character.isspace():
            yield character, place
        elif not blank:
            yield " ", place
        blank = character.isspace()
