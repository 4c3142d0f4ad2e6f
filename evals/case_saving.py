"""Cases → YAML as an editor would write it, and saving one case that was made in the app without losing another."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock, Timeout

from evals.case_files import file_problem
from evals.cases import Case, load_cases
from evals.sheets import words as sheet_words
from evals.sheets.read import OWN_SET

OWN_FILE = "eigen.yaml"
WAIT_SECONDS = 10.0
_WIDTH = 120


def save_case(case: Case, folder: Path) -> Path:
    """Add a case to the folder's `eigen.yaml`, or put it in the place of the one with its id; give the file's path.

    The whole file is written beside its place and moved there, under a lock: a reader sees the old cases or the new, and
    two who save at once both find theirs back. Raises CasesError: what is wrong with the file as it stands (which is
    then left as it is), busy after 10 s, not_saved.
    """
    path = folder / OWN_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=WAIT_SECONDS):
            cases = {known.id: known for known in load_cases(path, retired=True)} if path.exists() else {}
            cases[case.id] = case
            told = f"# {sheet_words.word('saved_header')}\n{yaml_of(tuple(cases.values()))}"
            replace_file(path, told.encode())
    except Timeout as error:
        raise file_problem(path, "busy") from error
    except OSError as error:
        raise file_problem(path, "not_saved") from error
    return path


def yaml_of(cases: Sequence[Case]) -> str:
    """Write cases as the YAML that `load_cases` reads; a set of its own stands with a case only where it is another."""
    name = Counter(case.set for case in cases).most_common(1)[0][0] if cases else OWN_SET
    entries = [_fields(case, name) for case in cases]
    return yaml.dump(
        {"set": name, "cases": entries}, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=_WIDTH
    )


def replace_file(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there. Raises CasesError (not_saved); the old file is then untouched."""
    beside: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        beside = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o644)
        beside.replace(path)
    except (OSError, ValueError) as error:
        raise file_problem(path, "not_saved") from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _fields(case: Case, shared_set: str) -> dict[str, Any]:
    """Give the fields of a case in the order of the README, without those that say nothing."""
    told = case.model_dump(mode="json", exclude={"split", "turns"}) | {"date": case.date}
    asked = {"question": case.question} if len(case.turns) == 1 else {"turns": list(case.turns)}
    head = {"id": case.id} | ({"set": case.set} if case.set != shared_set else {})
    rest = {name: value for name, value in told.items() if name not in {"id", "set"} and value not in (None, [])}
    return head | asked | rest
