"""Flags, then the environment, then defaults; and where things are kept."""

from pathlib import Path
from typing import Any

import platformdirs
import pytest

from originstamp_cli import settings
from originstamp_cli.settings import Environment, Settings


def given(variables: dict[str, str], **flags: Any) -> Settings:
    """Return the settings of a command line in an environment."""
    return Settings(Environment(variables=variables), **flags)


def test_a_flag_beats_the_environment_which_beats_the_default(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    outside = home | {"ORIGINSTAMP_STATE": "/e/s.db", "DFX_NETWORK": "n", "DFX_IDENTITY": "i"}

    by_flag = given(outside, state="/f/s.db", network="flagged", identity="me")
    by_environment = given(outside)
    by_default = given(home)

    assert (by_flag.state_path, by_flag.network, by_flag.identity) == ("/f/s.db", "flagged", "me")
    assert (by_environment.state_path, by_environment.network) == ("/e/s.db", "n")
    assert by_environment.identity == "i"
    assert by_default.state_path == f"{tmp_path}/.local/share/originstamp/state.db"
    assert (by_default.network, by_default.identity) == ("local", None)


def test_identities_are_where_dfx_keeps_them() -> None:
    assert given({"HOME": "/home/a"}).dfx_folder == "/home/a/.config/dfx"
    moved = given({"HOME": "/home/a", "DFX_CONFIG_ROOT": "/root-of-config"})
    assert moved.dfx_folder == "/root-of-config/.config/dfx"


@pytest.mark.parametrize("set_by", [{}, {"XDG_DATA_HOME": "/x/data", "XDG_CONFIG_HOME": "/x/conf"}])
def test_our_folders_are_those_of_the_platform(
    monkeypatch: pytest.MonkeyPatch, set_by: dict[str, str]
) -> None:
    """Two lines of our own stand in for the library on Linux; they must agree with it."""
    variables = {"HOME": "/home/a"} | set_by
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    ours = given(variables)

    assert ours.data_folder == platformdirs.user_data_dir("originstamp", appauthor=False)
    assert ours.config_folder == platformdirs.user_config_dir("originstamp", appauthor=False)


def test_on_other_platforms_the_library_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PLATFORM", "another")

    ours = given({"HOME": "/home/a"})

    assert ours.data_folder == platformdirs.user_data_dir("originstamp", appauthor=False)
