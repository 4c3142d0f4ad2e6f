"""Settings come from the environment alone and are checked at start."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import PROJECT, Settings
from assistant.texts_nl import error_line


def test_defaults_need_no_variable():
    settings = Settings.from_env({})
    assert settings.corpus == PROJECT / "corpus"
    assert settings.embedding_model is None
    assert settings.data.is_absolute() and settings.data.name == "welwijzer"


def test_variables_win_and_an_empty_one_is_no_value(tmp_path: Path):
    (tmp_path / "corpus").mkdir()
    env = {
        "WELWIJZER_DATA": str(tmp_path / "data"),
        "WELWIJZER_CORPUS": str(tmp_path / "corpus"),
        "WELWIJZER_EMBEDDING_MODEL": "",
    }
    settings = Settings.from_env(env)
    assert (settings.data, settings.corpus) == (tmp_path / "data", tmp_path / "corpus")
    assert settings.embedding_model is None
    assert Settings.from_env(env | {"WELWIJZER_EMBEDDING_MODEL": "een/model"}).embedding_model == "een/model"


def test_a_chat_model_is_a_provider_and_a_name(tmp_path: Path):
    env = {"WELWIJZER_CORPUS": str(tmp_path)}
    assert Settings.from_env(env).chat_model is None
    assert Settings.from_env(env | {"WELWIJZER_CHAT_MODEL": " "}).chat_model is None
    assert Settings.from_env(env | {"WELWIJZER_CHAT_MODEL": "ollama:gemma3:4b"}).chat_model == "ollama:gemma3:4b"
    for wrong in ("gemma3", "ollama:", ":gemma3", "ollama: "):
        with pytest.raises(SettingsError) as raised:
            Settings.from_env(env | {"WELWIJZER_CHAT_MODEL": wrong})
        assert "WELWIJZER_CHAT_MODEL" in error_line(raised.value) and wrong.strip() in error_line(raised.value)


def test_the_budget_of_the_chat_model_is_a_number_of_tokens(tmp_path: Path):
    env = {"WELWIJZER_CORPUS": str(tmp_path)}
    assert Settings.from_env(env).chat_daily_tokens > 0
    assert Settings.from_env(env | {"WELWIJZER_CHAT_DAILY_TOKENS": "0"}).chat_daily_tokens == 0
    for wrong in ("-1", "veel", "1.5"):
        with pytest.raises(SettingsError) as raised:
            Settings.from_env(env | {"WELWIJZER_CHAT_DAILY_TOKENS": wrong})
        assert "WELWIJZER_CHAT_DAILY_TOKENS" in error_line(raised.value)


def test_everything_written_stands_below_the_data_folder(tmp_path: Path):
    settings = Settings(tmp_path, tmp_path)
    for path in (settings.library_path, settings.chroma_path, settings.added_path):
        assert path.parent == tmp_path


@pytest.mark.parametrize("name", ["WELWIJZER_DATA", "WELWIJZER_CORPUS"])
def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path, name: str):
    file = tmp_path / "bestand"
    file.write_text("x")
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({name: str(file)})
    assert raised.value.details["name"] == name
    assert name in error_line(raised.value) and str(file) in error_line(raised.value)


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(SettingsError):
        Settings.from_env({"WELWIJZER_CORPUS": str(tmp_path / "weg")})


@pytest.mark.parametrize("value", ["-1", "1.5", "een", "٣", "999999"])
def test_a_number_of_days_that_is_none_is_named(value: str):
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({"WELWIJZER_KEEP_QUESTIONS_DAYS": value})
    assert "WELWIJZER_KEEP_QUESTIONS_DAYS" in error_line(raised.value)


def test_questions_are_kept_for_as_many_days_as_the_deployment_says():
    days = [Settings.from_env({"WELWIJZER_KEEP_QUESTIONS_DAYS": value}).question_days for value in ("", "0", "30")]
    assert [Settings.from_env({}).question_days, *days] == [0, 0, 0, 30]
