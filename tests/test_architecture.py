"""Who may import whom, how long a file may be, and what starting the command line costs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = sorted(path for folder in ("assistant", "ingest", "evals") for path in (ROOT / folder).rglob("*.py")) + [
    ROOT / "app.py"
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAX_LINES = 350


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)} imports relatively"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(*packages: str) -> set[str]:
    return {name(path) for path in CODE if any(module.split(".")[0] in packages for module in imported(path))}


def test_the_files_are_found():
    assert {"assistant/answer.py", "ingest/pipeline.py", "evals/run.py", "app.py"} <= {name(path) for path in CODE}


def test_the_assistant_imports_neither_ingest_nor_evals_but_for_its_pages():
    wrong = importers("ingest", "evals")
    assert not {path for path in wrong if path.startswith("assistant/") and not path.startswith("assistant/ui/")}


def test_the_evaluation_takes_in_documents_in_one_place():
    measuring = ("evals/benchmarks/", "evals/training/")  # which measure reading itself, or train on what was read
    importing = {path for path in importers("ingest") if path.startswith("evals/") and not path.startswith(measuring)}
    assert importing == {"evals/planting.py"}


def test_ingest_and_evals_know_nothing_of_the_pages_and_ingest_nothing_of_evals():
    for path in CODE:
        modules = set(imported(path))
        if name(path).startswith(("ingest/", "evals/")):
            assert not {m for m in modules if m.startswith("assistant.ui") or m == "app"}, name(path)
        if name(path).startswith("ingest/"):
            assert not {m for m in modules if m.split(".")[0] == "evals"}, name(path)
        if name(path).startswith("assistant/") and not name(path).startswith("assistant/ui/"):
            assert not {m for m in modules if m.startswith("assistant.ui") or m == "app"}, name(path)


@pytest.mark.parametrize(
    ("packages", "homes"),
    [
        (("chromadb",), {"assistant/vectors.py"}),
        (("sqlalchemy", "sqlite3"), {"assistant/database.py", "assistant/library.py"}),
        (("sentence_transformers", "torch", "transformers"), {"assistant/embedding.py", "assistant/entailment.py"}),
        (("bm25s",), {"assistant/lexical.py"}),
    ],
)
def test_a_package_has_one_home(packages: tuple[str, ...], homes: set[str]):
    found = {path for path in importers(*packages) if not path.startswith("evals/")}
    assert found == homes


def test_the_evaluations_use_of_search_packages_is_for_their_baselines_alone():
    used = importers("chromadb", "sqlalchemy", "sqlite3", "bm25s", "sentence_transformers", "torch")
    used = {path for path in used if path.startswith("evals/") and not path.startswith("evals/training/")}
    assert used <= {"evals/baselines.py"}


def test_every_package_with_code_goes_along_when_it_is_installed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    written = {name(path.parent).replace("/", ".") for path in CODE if path.name == "__init__.py"}
    assert written <= set(project["tool"]["setuptools"]["packages"])


def test_streamlit_stays_on_the_top_floor():
    found = importers("streamlit")
    assert "app.py" in found
    speaks_its_protocol = {"evals/benchmarks/crowd.py"}  # as a browser does, from outside
    assert all(path == "app.py" or path.startswith("assistant/ui/") for path in found - speaks_its_protocol)


def test_langchain_stands_only_where_it_is_the_interface():
    packages = {module.split(".")[0] for path in CODE for module in imported(path) if module.startswith("langchain")}
    assert packages
    assert importers(*packages) <= {
        "assistant/embedding.py", "assistant/chain.py", "assistant/generation/model.py", "evals/baselines.py",
    }  # fmt: skip


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_file_grows_too_long(path: Path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    # texts_nl.py is one table: all Dutch stands in one place
    assert lines <= MAX_LINES or name(path) == "assistant/texts_nl.py", f"{name(path)} has {lines} lines"


@pytest.mark.parametrize("path", CODE, ids=name)
def test_every_file_tells_what_it_is_for_and_names_nothing_vague(path: Path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert path.stem not in {"utils", "util", "helpers", "helper", "base", "common", "manager", "misc"}


MACHINE = re.compile(r"""["'](?:/(?:home|Users|root|work|tmp|mnt|opt|var|workspace)\b|[A-Z]:\\\\)""")


@pytest.mark.parametrize("path", CODE + TESTS, ids=name)
def test_no_path_of_one_machine_stands_in_the_code(path: Path):
    text = path.read_text(encoding="utf-8")
    found = [text[m.start() : m.start() + 40] for m in MACHINE.finditer(text)]
    assert not found


def test_no_test_reads_what_lies_beside_the_project():
    for path in TESTS:
        assert not re.search(r"\.\./" + "shared", path.read_text(encoding="utf-8")), name(path)


@pytest.mark.parametrize("module", ["assistant.__main__", "ingest.__main__"])
def test_starting_the_command_line_loads_neither_model_nor_chroma(module: str):
    script = f"import sys, {module}; print(*sorted({{'torch', 'chromadb', 'sentence_transformers', 'streamlit'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_status_and_show_need_no_model(tmp_path: Path):
    script = (
        "import sys, ingest.__main__ as command; command.main(['status']);"
        "print(*sorted({'torch', 'chromadb', 'sentence_transformers'} & set(sys.modules)), file=sys.stderr)"
    )
    environment = {"WELWIJZER_DATA": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr.split() == []
    assert done.stdout
