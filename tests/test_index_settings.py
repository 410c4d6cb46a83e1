"""Settings: defaults < config file < environment < flags, and what is refused."""

from pathlib import Path

import pytest

from index import SettingsError
from index.extensions import list_systems
from index.settings import Settings


@pytest.fixture(autouse=True)
def only_this_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    config = tmp_path / "config.toml"
    config.write_text("")
    monkeypatch.setenv("DATELINE_CONFIG", str(config))
    monkeypatch.delenv("DATELINE_PORT", raising=False)
    return config


def test_flags_win_over_environment_over_file_over_defaults(
    only_this_configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings.load().port == 7860
    only_this_configuration.write_text("port = 1001\npassages = 3\n")
    assert Settings.load().port == 1001
    monkeypatch.setenv("DATELINE_PORT", "1002")
    assert Settings.load().port == 1002
    assert Settings.load({"port": 1003, "passages": None}).port == 1003
    assert Settings.load({"port": 1003, "passages": None}).passages == 3


def test_the_library_is_in_the_users_data_folder_when_nobody_says(tmp_path: Path) -> None:
    assert Settings.load().library.name == "library"
    assert Settings.load({"library": tmp_path}).library == tmp_path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("port = 'many'", "port is 'many', but must be a whole number"),
        ("online = 'perhaps'", "must be true or false"),
        ("colour = 1", "sets colour, which Dateline does not know"),
        ("port = = 1", "is not valid TOML"),
        ("system = 'magic'", "choose dense, bm25, hybrid, rrf, sum or hybrid\\+reader"),
        ("passages = 0", "must be 1 or more"),
        ("passages = true", "must be a whole number"),
        ("min_confidence = 1.5", "must be at most 1"),
        ("port = 70000", "between 0 and 65535"),
    ],
)
def test_a_value_that_cannot_be_used_is_one_sentence(
    only_this_configuration: Path, text: str, message: str
) -> None:
    only_this_configuration.write_text(text)
    with pytest.raises(SettingsError, match=message):
        Settings.load()


def test_a_config_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml cannot be read"):
        Settings.load(config=tmp_path / "missing.toml")


def test_the_home_of_nobody_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_LIBRARY", "~nosuchuser/x")
    with pytest.raises(SettingsError, match="DATELINE_LIBRARY: library is '~nosuchuser/x', but"):
        Settings.load()


def test_words_for_yes_and_no_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_ONLINE", "yes")
    assert Settings.load().online is True
    monkeypatch.setenv("DATELINE_ONLINE", "0")
    assert Settings.load().online is False


@pytest.mark.parametrize("system", list_systems())
def test_retrieval_is_the_system_without_its_reader(system: str) -> None:
    assert Settings(system=system).retrieval == system.split("+")[0]
