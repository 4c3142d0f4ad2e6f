"""The cases: what editors write in YAML, checked so that an error names file, line and remedy."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from assistant.errors import WelwijzerError
from assistant.types import SECTORS, Outcome, QuestionKind
from evals.matching import Folded, contains

CASES_FOLDER = Path(__file__).resolve().parent / "cases"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
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
    """One question, or the questions of one conversation of which the last is scored, with what should come back."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
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
    author: Text
    date: datetime.date
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
    def _one_question(cls, data: Any) -> Any:  # noqa: ANN401 - whatever YAML gives
        if isinstance(data, Mapping) and ("question" in data) == ("turns" in data):
            raise ValueError("question_or_turns")
        if isinstance(data, Mapping):
            turns = {"turns": [data["question"]]} if "question" in data else {}
            split = {"split": split_of(str(data.get("id")))} if "split" not in data else {}
            return {key: value for key, value in data.items() if key != "question"} | turns | split
        return data

    @model_validator(mode="after")
    def _fits_together(self) -> Case:
        if self.sector is not None and self.sector not in SECTORS:
            raise ValueError("sector")
        if self.split != split_of(self.id):
            raise ValueError("split")
        if (self.expected is Outcome.REFERRAL) != (self.referral is not None):
            raise ValueError("referral_kind")
        if self.expected in (Outcome.ANSWERED, Outcome.PARTIAL) and not (self.vital and self.passages):
            raise ValueError("needs_fact_and_passage")
        return self


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a case file; `code` picks the Dutch explanation and remedy, `line` counts from 1."""

    file: str
    line: int | None
    case: str
    field: str
    code: str


class CasesError(WelwijzerError):
    """Case files can't be used; `details['problems']` tells all that is wrong."""

    code = "cases"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problem(s) in the case files: {problems[0]}", problems=tuple(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Stale:
    """A case whose source changed: `code` is unknown_source, quote_gone or wording_gone."""

    case: str
    source: str
    text: str
    code: str


def load_cases(folder: Path = CASES_FOLDER, sets: Sequence[str] = (), split: str | None = None) -> tuple[Case, ...]:
    """Read all cases of a folder's YAML files in file order, without the retired ones.

    `sets` and `split` narrow what is returned; everything is checked all the same. Raises CasesError.
    """
    problems: list[Problem] = []
    cases: list[Case] = []
    first: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        for case in _read(path, problems):
            if case.id in first:
                problems.append(Problem(path.name, _line_of(path, case.id), case.id, "id", "duplicate"))
            first.setdefault(case.id, path.name)
            cases.append(case)
    known = {case.set for case in cases}
    problems += [Problem(str(folder), None, "", name, "unknown_set") for name in sets if name not in known]
    if not cases and not problems:
        problems.append(Problem(str(folder), None, "", "", "no_cases"))
    if problems:
        raise CasesError(problems)
    return tuple(
        case
        for case in cases
        if case.status != "retired" and (not sets or case.set in sets) and (split is None or case.split == split)
    )


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
            if not any(contains(text, wording) for wording in fact.any_of for text in texts.values()):
                found.append(Stale(case.id, "", fact.text, "wording_gone"))
    return tuple(found)


def split_of(case_id: str) -> Split:
    """Dev or test by the parity of the id's SHA-256: nobody chooses, and a new case moves no other."""
    return "test" if hashlib.sha256(case_id.encode()).digest()[-1] % 2 else "dev"


def _read(path: Path, problems: list[Problem]) -> list[Case]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 - the safe loader in C
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problems.append(Problem(path.name, line, "", "", "not_yaml"))
        return []
    except (UnicodeDecodeError, yaml.YAMLError):
        problems.append(Problem(path.name, None, "", "", "not_yaml"))
        return []
    if not isinstance(data, dict) or not isinstance(data.get("cases"), list) or not isinstance(data.get("set"), str):
        problems.append(Problem(path.name, 1, "", "cases", "no_cases"))
        return []
    defaults = data.get("defaults") or {}
    cases: list[Case] = []
    for number, entry in enumerate(data["cases"]):
        if not isinstance(entry, dict):
            problems.append(Problem(path.name, _line(path, number, ()), "", "", "not_a_case"))
            continue
        try:
            cases.append(Case.model_validate({**defaults, "set": data["set"], **entry}))
        except ValidationError as error:
            problems += _problems(path, number, entry, error)
    return cases


def _problems(path: Path, number: int, entry: Mapping[str, Any], error: ValidationError) -> list[Problem]:
    case_id, single = str(entry.get("id", "")), "question" in entry
    found: list[Problem] = []
    for one in error.errors():
        place = tuple(one["loc"])
        if place[:1] == ("turns",) and single:
            place = ("question",)
        if any(problem.field == ".".join(map(str, place)) for problem in found):
            continue
        cause = one.get("ctx", {}).get("error")
        code = str(cause) if one["type"] == "value_error" and cause is not None else one["type"]
        found.append(Problem(path.name, _line(path, number, place), case_id, ".".join(map(str, place)), code))
    return found


def _line(path: Path, number: int, place: tuple[str | int, ...]) -> int | None:
    """Find the line of a case's field, or of the nearest thing above it that the file has."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    line: int | None = None
    for step in ("cases", number, *place):
        child = _child(node, step)
        if child is None:
            break
        line, node = child
    return line


def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child.start_mark.line + 1, child
    return None


def _line_of(path: Path, case_id: str) -> int | None:
    lines = path.read_text(encoding="utf-8").splitlines()
    places = [n for n, line in enumerate(lines, 1) if line.strip().removeprefix("- ").strip() == f"id: {case_id}"]
    return places[-1] if places else None
