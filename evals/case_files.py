"""What a file of cases holds before it is a case: entries with the line each stands on, and what is wrong with the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from assistant.errors import WelwijzerError

MAX_BYTES = 20 * 1024 * 1024  # the shipped cases, 508 of them, take 0.25 MB
MAX_DEPTH = 10  # a wording in a fact in a case stands at depth 6
YAML_SUFFIXES = frozenset({".yaml", ".yml"})
SHEET_SUFFIXES = frozenset({".csv", ".xlsx"})
# tables of other programs: in a folder of cases they are told, not passed over
OTHER_SUFFIXES = frozenset({".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".tsv"})
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a case file; `code` picks the Dutch explanation and remedy, `line` (or row) counts from 1."""

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
class Entry:
    """What one case says, still unchecked, and where in its file each part of it stands.

    `lines` maps places in the file to lines; `prefix` is the entry's own place. `names` gives the file's word for a
    field where that is another than the field's own (the columns of a sheet). `made_id` is true where the file gave no
    id and one was made from the question.
    """

    data: Mapping[str, object]
    lines: Mapping[Place, int]
    prefix: Place = ()
    names: Mapping[str, str] = field(default_factory=dict)
    made_id: bool = False

    def line(self, place: Place = ()) -> int | None:
        """Give the line of a field, of the default that it comes from, or of the nearest thing above it."""
        if self.from_defaults(place):
            return self.lines[("defaults", place[0])]
        whole = (*self.prefix, *place)
        return next((self.lines[whole[:n]] for n in range(len(whole), -1, -1) if whole[:n] in self.lines), None)

    def from_defaults(self, place: Place) -> bool:
        """Whether a field is not the entry's own but stands under `defaults`."""
        return bool(place) and (*self.prefix, place[0]) not in self.lines and ("defaults", place[0]) in self.lines

    def name(self, place: Place) -> str:
        """Give what the file calls a place: its column, or the path of its fields."""
        return (self.names.get(str(place[0])) if place else None) or ".".join(map(str, place))


class _WrongError(Exception):
    def __init__(self, line: int | None, code: str, name: str = "") -> None:
        super().__init__(code)
        self.line, self.code, self.name = line, code, name


def file_problem(path: Path, code: str, line: int | None = None, name: str = "") -> CasesError:
    """Make the error for a file that can't be used as a whole, or past a line."""
    return CasesError([Problem(path.name, line, "", name, code)])


def content(path: Path) -> bytes:
    """Give a file's bytes. Raises CasesError: missing_file, not_a_file, unreadable, too_large, empty_file."""
    try:
        if not path.exists():
            raise file_problem(path, "missing_file")
        if not path.is_file():
            raise file_problem(path, "not_a_file")
        if path.stat().st_size > MAX_BYTES:
            raise file_problem(path, "too_large")
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        raise file_problem(path, "unreadable") from error
    if not data.strip():
        raise file_problem(path, "empty_file")
    return data


def read_yaml(path: Path) -> tuple[Entry, ...]:
    """Read the entries of a YAML file; every scalar is text, an empty one None.

    Only plain YAML is taken: no aliases (a few lines of them can stand for more than memory holds), no doubled fields,
    no deep nesting. Tags make no objects. Raises CasesError with the line of what is wrong.
    """
    text = _decoded(path, content(path))
    lines: dict[Place, int] = {}
    try:
        data = _document(text, lines)
    except _WrongError as error:
        raise file_problem(path, error.code, error.line, error.name) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise file_problem(path, "not_yaml", line) from error
    except yaml.YAMLError as error:
        raise file_problem(path, "not_yaml") from error
    if not isinstance(data, dict) or not isinstance(data.get("cases"), list) or not isinstance(data.get("set"), str):
        raise file_problem(path, "no_cases", 1, "cases")
    return _entries(path, data, lines)


def _entries(path: Path, data: Mapping[str, object], lines: Mapping[Place, int]) -> tuple[Entry, ...]:
    defaults, listed = data.get("defaults") or {}, data["cases"]
    if not isinstance(defaults, dict):
        raise file_problem(path, "not_a_case", lines.get(("defaults",)), "defaults")
    entries, problems = [], []
    for number, entry in enumerate(listed if isinstance(listed, list) else []):
        prefix: Place = ("cases", number)
        if not isinstance(entry, dict):
            problems.append(Problem(path.name, lines.get(prefix), "", "", "not_a_case"))
            continue
        whole = {**defaults, "set": data["set"], **entry}
        entries.append(Entry({key: value for key, value in whole.items() if value is not None}, lines, prefix))
    if problems:
        raise CasesError(problems)
    return tuple(entries)


def _decoded(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise file_problem(path, "encoding", data.count(b"\n", 0, error.start) + 1) from error
    control = CONTROL.search(text)
    if control:
        raise file_problem(path, "control_character", text.count("\n", 0, control.start()) + 1)
    return text


# YAML's events come one by one and need no stack of their own; its tree of nodes is built in C by recursion, which a
# file of opening brackets overflows.


def _document(text: str, lines: dict[Place, int]) -> object:
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
    found: list[object] = []
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if found:
                raise _WrongError(_line(event), "not_yaml")
            found.append(_value(next(events), events, (), lines))
    return found[0] if found else None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _value(event: yaml.Event, events: Iterator[yaml.Event], place: Place, lines: dict[Place, int]) -> object:
    line = _line(event)
    if len(place) > MAX_DEPTH:
        raise _WrongError(line, "not_yaml")
    if isinstance(event, yaml.AliasEvent):
        raise _WrongError(line, "yaml_alias")
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events, place, lines)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events, place, lines)
    if isinstance(event, yaml.ScalarEvent):
        empty = event.implicit[0] and event.value in {"", "~", "null", "Null", "NULL"}
        return None if empty else event.value
    raise _WrongError(line, "not_yaml")


def _mapping(events: Iterator[yaml.Event], place: Place, lines: dict[Place, int]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            break
        line = _line(key)
        if not isinstance(key, yaml.ScalarEvent):
            raise _WrongError(line, "yaml_alias" if isinstance(key, yaml.AliasEvent) else "not_yaml")
        if key.value in found:
            raise _WrongError(line, "double_field", key.value)
        lines[(*place, key.value)] = line
        found[key.value] = _value(next(events), events, (*place, key.value), lines)
    return found


def _sequence(events: Iterator[yaml.Event], place: Place, lines: dict[Place, int]) -> list[object]:
    found: list[object] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        lines[(*place, len(found))] = _line(event)
        found.append(_value(event, events, (*place, len(found)), lines))
    return found
