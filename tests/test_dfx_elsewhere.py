"""What dfx has commands for and this program has not is refused with what to do instead."""

from pathlib import Path

import pytest
from conftest import World

from originstamp_cli.cli.app import GROUPS, ROOMS
from originstamp_cli.cli.elsewhere import ELSEWHERE


@pytest.mark.parametrize("command", sorted(ELSEWHERE))
def test_a_command_that_only_dfx_has_is_refused_with_what_to_do(fresh: World, command: str) -> None:
    result = fresh.run(*command.split(), "--some-option", "value")

    assert result.exit_code == (255 if command.split(maxsplit=1)[0] in GROUPS else 2)
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: `dfx {command}` is not part of this program.\nTo fix: {ELSEWHERE[command]}\n"
    )
    assert not fresh.home.exists()


def test_none_of_them_is_a_command_of_ours() -> None:
    ours = {command for commands in ROOMS.values() for command in commands}

    assert not ours & set(ELSEWHERE)


def test_as_dfx_they_fail_as_dfx_does(fresh: World, tmp_path: Path) -> None:
    fresh.process("dfx-shim", str(tmp_path / "bin"))
    fresh.variables["PATH"] = f"{tmp_path / 'bin'}:{fresh.variables['PATH']}"

    result = fresh.shell("dfx wallet balance")

    assert (result.exit_code, result.stdout) == (255, "")
    assert "nothing costs cycles" in result.stderr


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ("webserver-port", "4943"),
        ("replica-port", "4943"),
        ("candid-ui-url", "http://127.0.0.1:4943/?canisterId=bnz7o-iuaaa-aaaaa-qaaaa-cai"),
        ("networks-json-path", "{home}/.config/dfx/networks.json"),
    ],
)
def test_info_tells_a_fact(fresh: World, fact: str, told: str) -> None:
    result = fresh.run("info", fact)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{told.format(home=fresh.home)}\n"


def test_info_refuses_another_fact_in_the_words_of_clap(fresh: World) -> None:
    result = fresh.run("info", "replica-rev")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: invalid value 'replica-rev' for '")
    assert "[possible values: candid-ui-url, networks-json-path, " in result.stderr
