"""The README's commands, settings and files are there, and the settings that are there stand in the README."""

import re
from pathlib import Path

import pytest

from assistant.settings import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted({(m[1], m[2]) for m in re.finditer(r"python -m (assistant|ingest|evals) ([a-z]+)", README)})


@pytest.mark.parametrize(("package", "command"), COMMANDS)
def test_each_command_of_the_readme_has_a_help_page(package: str, command: str, capsys):
    module = __import__(f"{package}.__main__", fromlist=["main"])
    with pytest.raises(SystemExit) as stopped:
        module.main([command, "--help"])
    assert stopped.value.code == 0
    assert f"python -m {package} {command}" in capsys.readouterr().out


def test_the_commands_were_found():
    wanted = {
        ("assistant", "ask"),
        ("assistant", "search"),
        ("ingest", "build"),
        ("ingest", "status"),
        ("evals", "run"),
    }
    assert wanted <= set(COMMANDS)


def test_readme_and_code_name_the_same_settings():
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "assistant").rglob("*.py")))
    in_code = set(re.findall(r"\bWELWIJZER_[A-Z_]*[A-Z]\b", code))
    assert in_code == set(re.findall(r"\bWELWIJZER_[A-Z_]*[A-Z]\b", README))
    assert in_code


def test_what_the_readme_points_to_is_there():
    for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        picture = PROJECT / target
        assert picture.read_bytes().startswith(b"\x89PNG"), target
    for name in ("CONTRIBUTING.md", "LICENSE", "corpus/README.md", "assistant/data/referrals.toml"):
        assert name in README
        assert (PROJECT / name).is_file()


def test_make_has_the_two_commands():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "check"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        assert target == "check" or f"make {target}" in README


def test_the_licence_excludes_the_publications():
    assert "corpus/documents/" in (PROJECT / "LICENSE").read_text(encoding="utf-8")
    assert any(Path(PROJECT / "corpus/documents").iterdir())
