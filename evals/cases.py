"""The cases: what editors write in YAML or a sheet, checked so that an error names file, line and remedy."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from assistant.types import SECTORS, Outcome, QuestionKind
from evals.case_files import (
    CONTROL,
    OTHER_SUFFIXES,
    SHEET_SUFFIXES,
    YAML_SUFFIXES,
    CasesError,
    Entry,
    Problem,
    file_problem,
    read_yaml,
)
from evals.places import Texts
from evals.sheets.read import read_sheet
from evals.wordings.matching import Folded, contains_literally

__all__ = [
    *("CASES_FOLDER", "Case", "CasesError", "Fact", "Problem", "Quotation", "Stale"),
    *("document_path", "load_cases", "split_of", "stale_cases", "with_places"),
]

CASES_FOLDER = Path(__file__).resolve().parent / "cases"
DOCUMENTS = "documents"
"""The folder beside a case file that holds the documents planted for some of its cases."""
DOCUMENT_SUFFIXES = frozenset({".md", ".html", ".txt"})
MAX_TEXT = 4_000  # characters, as the assistant's longest question; the longest text of a shipped case has 308


def _printable(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError("control_character")
    return text


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT), AfterValidator(_printable)
]
Split = Literal["dev", "test"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(_Record):
    """A nugget (TREC RAG): something a good answer says. `vital` must be there, `okay` may."""

    text: Text
    weight: Literal["vital", "okay"] = "vital"
    any_of: Annotated[tuple[Text, ...], Field(min_length=1)]


class Quotation(_Record):
    """A literal stretch of a stored text that carries the answer."""

    source: Text
    quote: Text


class Case(_Record):
    """One question, or the questions of one conversation of which the last is scored, with what should come back.

    `facts` are kept with the vital ones first. `passages` may be empty: `with_places` finds them.
    `documents` names files that are added to the library for this case alone. `date` is None where nobody gave one: a
    file's own date changes with every copy, and a case must not.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)]
    set: Text
    split: Split
    turns: Annotated[tuple[Text, ...], Field(min_length=1, max_length=6)]
    kind: QuestionKind
    sector: str | None = None
    asker: Literal["teacher", "adviser", "editor"]
    expected: Outcome
    referral: Literal["suicide", "abuse"] | None = None
    facts: tuple[Fact, ...] = ()
    passages: tuple[Quotation, ...] = ()
    never: tuple[Text, ...] = ()
    masked: tuple[Text, ...] = ()
    documents: tuple[Text, ...] = ()
    author: Text
    date: datetime.date | None = None
    status: Literal["draft", "reviewed", "retired"]

    @property
    def question(self) -> str:
        """The question that is scored."""
        return self.turns[-1]

    @property
    def vital(self) -> tuple[Fact, ...]:
        """The facts that a good answer must say."""
        return tuple(fact for fact in self.facts if fact.weight == "vital")

    @model_validator(mode="before")
    @classmethod
    def _one_question(cls, data: Any) -> Any:  # noqa: ANN401 - whatever a file gives
        if isinstance(data, Mapping) and ("question" in data) == ("turns" in data):
            raise ValueError("question_or_turns")
        if isinstance(data, Mapping):
            turns = {"turns": [data["question"]]} if "question" in data else {}
            split = {"split": split_of(data["id"])} if "split" not in data and isinstance(data.get("id"), str) else {}
            return {key: value for key, value in data.items() if key != "question"} | turns | split
        return data

    @field_validator("facts")
    @classmethod
    def _vital_first(cls, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        return tuple(sorted(facts, key=lambda fact: fact.weight != "vital"))

    @field_validator("documents")
    @classmethod
    def _names_only(cls, documents: tuple[str, ...]) -> tuple[str, ...]:
        if any("/" in name or "\\" in name or Path(name).suffix not in DOCUMENT_SUFFIXES for name in documents):
            raise ValueError("document_name")
        return documents

    @model_validator(mode="after")
    def _fits_together(self) -> Case:
        if self.sector is not None and self.sector not in SECTORS:
            raise ValueError("sector")
        if self.split != split_of(self.id):
            raise ValueError("split")
        if (self.expected is Outcome.REFERRAL) != (self.referral is not None):
            raise ValueError("referral_kind")
        if self.expected in (Outcome.ANSWERED, Outcome.PARTIAL) and not self.vital:
            raise ValueError("needs_fact")
        return self


@dataclass(frozen=True, slots=True)
class Stale:
    """A case whose source changed: `code` is unknown_source, quote_gone or wording_gone."""

    case: str
    source: str
    text: str
    code: str


def load_cases(
    *places: Path, sets: Sequence[str] = (), split: str | None = None, retired: bool = False
) -> tuple[Case, ...]:
    """Read all cases of some folders and files (YAML, CSV, XLSX) in their order, by default those of the project.

    A folder that is not there holds no cases; hidden files and the lock files of office programs are passed over. `sets`
    and `split` narrow what is returned, and retired cases are left out unless asked for; everything is checked all the
    same. Raises CasesError with all problems of all files.
    """
    places = places or (CASES_FOLDER,)
    problems: list[Problem] = []
    cases: list[Case] = []
    first: set[str] = set()
    for path in (path for place in places for path in _files(place, problems)):
        for entry in _entries(path, problems):
            case = _case(path, entry, problems)
            if case is None:
                continue
            if case.id in first:
                code = "same_question" if entry.made_id else "duplicate"
                problems.append(Problem(path.name, entry.line(("id",)), case.id, entry.name(("id",)), code))
            first.add(case.id)
            cases.append(case)
    known = {case.set for case in cases}
    where = ", ".join(map(str, places))
    problems += [Problem(where, None, "", name, "unknown_set") for name in sets if name not in known]
    if not cases and not problems:
        problems.append(Problem(where, None, "", "", "nothing_found"))
    if problems:
        raise CasesError(tuple(dict.fromkeys(problems)))
    return tuple(
        case
        for case in cases
        if (retired or case.status != "retired")
        and (not sets or case.set in sets)
        and (split is None or case.split == split)
    )


def document_path(name: str, *places: Path) -> Path | None:
    """Find a planted document beside the case files of some places (folders or files), or among the project's own."""
    folders = (*(place if place.is_dir() else place.parent for place in places), CASES_FOLDER)
    return next((path for folder in folders if (path := folder / DOCUMENTS / name).is_file()), None)


def stale_cases(cases: Iterable[Case], texts: Mapping[str, str]) -> tuple[Stale, ...]:
    """Find the cases whose quotations or wordings no longer stand in the stored texts (source id → text)."""
    folded = {source: Folded(text) for source, text in texts.items()}
    found: list[Stale] = []
    for case in cases:
        for quotation in case.passages:
            if quotation.source not in folded:
                found.append(Stale(case.id, quotation.source, quotation.quote, "unknown_source"))
            elif folded[quotation.source].locate(quotation.quote) is None:
                found.append(Stale(case.id, quotation.source, quotation.quote, "quote_gone"))
        for fact in case.facts:
            if not any(contains_literally(text, wording) for wording in fact.any_of for text in texts.values()):
                found.append(Stale(case.id, "", fact.text, "wording_gone"))
    return tuple(found)


def with_places(cases: Iterable[Case], texts: Mapping[str, str]) -> tuple[Case, ...]:
    """Give each case without passages those where its vital facts stand literally (`texts`: source id → stored text).

    A case with passages or without vital facts stays as it is, as does one whose wordings stand nowhere: `stale_cases`
    tells of it.
    """
    prepared: Texts | None = None
    placed = []
    for case in cases:
        if case.vital and not case.passages:
            prepared = prepared or Texts(texts)
            found = prepared.quotations([fact.any_of for fact in case.vital])
            passages = tuple(Quotation(source=source, quote=quote) for source, quote in found)
            placed.append(case.model_copy(update={"passages": passages}))
        else:
            placed.append(case)
    return tuple(placed)


def split_of(case_id: str) -> Split:
    """Dev or test by the parity of the id's SHA-256: nobody chooses, and a new case moves no other."""
    return "test" if hashlib.sha256(case_id.encode("utf-8", "replace")).digest()[-1] % 2 else "dev"


# reading


def _files(place: Path, problems: list[Problem]) -> list[Path]:
    try:
        if not place.is_dir():
            return [place] if place.exists() or place.suffix else []
        found = sorted(path for path in place.iterdir() if not path.name.startswith((".", "~$")))
    except (OSError, ValueError):
        problems.append(Problem(str(place), None, "", "", "unreadable"))
        return []
    return [path for path in found if path.suffix.lower() in YAML_SUFFIXES | SHEET_SUFFIXES | OTHER_SUFFIXES]


def _entries(path: Path, problems: list[Problem]) -> Sequence[Entry]:
    try:
        if path.suffix.lower() in YAML_SUFFIXES:
            return read_yaml(path)
        if path.suffix.lower() in SHEET_SUFFIXES:
            return read_sheet(path)
        raise file_problem(path, "unknown_kind" if path.exists() else "missing_file")
    except CasesError as error:
        problems += error.problems
        return ()


def _case(path: Path, entry: Entry, problems: list[Problem]) -> Case | None:
    try:
        case = Case.model_validate(entry.data)
    except ValidationError as error:
        problems += _problems(path, entry, error)
        return None
    for number, name in enumerate(case.documents):
        if document_path(name, path) is None:
            place = ("documents", number)
            problems.append(Problem(path.name, entry.line(place), case.id, entry.name(place), "no_document"))
    return case


def _problems(path: Path, entry: Entry, error: ValidationError) -> list[Problem]:
    found: dict[str, Problem] = {}
    for one in error.errors(include_input=False, include_url=False):
        place = tuple(one["loc"])
        if place[:1] == ("turns",) and "question" in entry.data:
            place = ("question",)
        cause = one.get("ctx", {}).get("error")
        code = str(cause) if one["type"] == "value_error" and cause is not None else one["type"]
        shared = entry.from_defaults(place)
        case_id = "" if shared else str(entry.data.get("id", ""))[:60]
        problem = Problem(path.name, entry.line(place), case_id, entry.name(place), code)
        found.setdefault(problem.field, problem)
    return list(found.values())
