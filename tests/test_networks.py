"""Start, stop and ping; and which network a name means."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import BACKEND, PROGRAM, World
from projects import BACKEND_ONLY, did, enter, fails, ids, misused, register, users

DOWN = (
    "Error: You are trying to connect to the local replica but dfx cannot connect to it.\n"
    "To fix: Target a different network or run 'dfx start' to start the local replica.\n"
)
HERE = "http://127.0.0.1:4943"
PLAIN = "The default identity is not stored securely."
SHUT = {"DFX_WARNING": "-mainnet_plaintext_identity"}


def test_start_and_stop_twice_in_a_row(world: World) -> None:
    for _ in range(2):
        started = did(world, "start", "--background")
        assert started.stderr.endswith("Replica API running in the background on 127.0.0.1:4943\n")
        assert '"root_key"' in world.run("ping").stdout
        assert did(world, "stop").stderr == ""
        assert fails(world, "ping") == DOWN

    assert did(world, "stop").stderr == "No local network replica found. Nothing to do.\n"


def test_start_in_the_foreground_returns_at_once(fresh: World) -> None:
    """Nothing has to keep running; a script that puts it behind `&` goes on just the same."""
    done = fresh.run_apart("start")

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == (
        "Running dfx start for version 0.32.0\n"
        "Using the default configuration for the local shared network.\n"
        "Replica API running on 127.0.0.1:4943. "
        "It needs no process, so this terminal stays free.\n"
    )


def test_start_takes_every_option_of_dfx(world: World) -> None:
    did(
        world,
        *("start", "--background", "--host", "127.0.0.1:4943", "--system-canisters", "--force"),
        *("--bitcoin-node", "127.0.0.1:18444", "--enable-bitcoin", "--dogecoin-node", "x"),
        *("--enable-dogecoin", "--enable-canister-http", "--artificial-delay", "100"),
        *("--domain", "a.test", "--domain", "b.test", "--pocketic", "--emulator"),
    )


@pytest.mark.parametrize("host", ["nowhere", "127.0.0.1", "localhost:4943", "1.2.3.4:port", ""])
def test_a_host_that_is_no_socket_address_is_refused(world: World, host: str) -> None:
    did(world, "stop")

    said = fails(world, "start", f"--host={host}")

    assert said == "Error: Invalid argument: Invalid host: invalid socket address syntax\n"
    assert fails(world, "ping") == DOWN, "nothing was started"


def test_the_replica_option_is_refused(world: World) -> None:
    assert "--replica option was removed" in fails(world, "start", "--replica")


def test_nothing_answers_while_the_network_is_stopped(world: World) -> None:
    register(world)
    did(world, "stop")

    for words in (
        ("canister", "call", "backend", "get_user_count"),
        ("canister", "call", "nosuch", "get_user_count"),  # looked at before the name
        ("deploy",),
        ("ping",),
        ("canister", "create", "backend"),
        ("canister", "install", "backend"),
        ("canister", "delete", "backend", "--yes"),
    ):
        assert fails(world, *words) == DOWN, words
    friendly = world.run("get-user-count")
    assert (friendly.exit_code, friendly.stdout, friendly.stderr) == (4, "", DOWN)


def test_what_needs_no_network_works_while_it_is_stopped(world: World) -> None:
    did(world, "stop")

    assert world.run("canister", "id", "backend") == (0, f"{BACKEND}\n", "")
    assert world.run("canister", "url", "backend").exit_code == 0
    assert world.run("identity", "whoami") == (0, "default\n", "")
    did(world, "build", "backend")


def test_a_state_survives_stop_and_start(world: World) -> None:
    register(world)

    did(world, "stop")
    did(world, "start", "--background")

    assert users(world) == "(1 : nat64)"


def test_starting_what_runs_makes_no_file(fresh: World) -> None:
    did(fresh, "start", "--background")

    assert not fresh.state.exists()


def test_start_creates_no_files_in_an_empty_directory(fresh: World, tmp_path: Path) -> None:
    fresh.folder = tmp_path / "empty"
    fresh.folder.mkdir()

    did(fresh, "start", "--background")

    assert [*fresh.folder.iterdir()] == []


def test_start_makes_only_an_empty_dfx_folder_in_a_project(fresh: World) -> None:
    folder = enter(fresh, BACKEND_ONLY)

    did(fresh, "start")

    assert sorted(each.name for each in folder.iterdir()) == [".dfx", "dfx.json"]
    assert [*(folder / ".dfx").iterdir()] == []


def test_start_and_stop_work_outside_a_project_by_id(world: World) -> None:
    did(world, "start", "--background")
    assert world.run("canister", "call", BACKEND, "get_user_count").stdout == "(0 : nat64)\n"
    did(world, "stop")


# ---------------------------------------------------------------------- ping


@pytest.mark.parametrize(
    "words", [(), ("local",), (HERE,), ("http://localhost:4943",), (f"{HERE}/",)]
)
def test_ping_answers_by_name_and_by_url(world: World, words: tuple[str, ...]) -> None:
    assert world.run("ping", *words) == world.run("ping")
    assert '"root_key": [48, 129, ' in world.run("ping", *words).stdout


def test_ping_does_not_create_a_default_identity(fresh: World) -> None:
    said = fresh.run("ping")

    assert (said.exit_code, said.stderr) == (0, "")
    assert not fresh.home.exists()


def test_ping_waits_until_the_network_is_started(world: World) -> None:
    did(world, "stop")
    waiting = subprocess.Popen(
        [PROGRAM, "ping", "--wait-healthy"],
        env=world.variables,
        stdout=subprocess.PIPE,
        text=True,
    )

    did(world, "start", "--background")
    stdout, _ = waiting.communicate(timeout=60)

    assert waiting.returncode == 0
    assert '"root_key"' in stdout


def test_ping_gives_up_waiting_after_a_minute(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    did(world, "stop")

    said = fails(world, "ping", "--wait-healthy")

    assert said == "Error: Timed out waiting for replica to become healthy\n"
    assert slept == [1] * 60


# ---------------------------------------------------------------------- names


def configured(**networks: object) -> dict[str, Any]:
    """Return a project with these networks."""
    return {**BACKEND_ONLY, "networks": networks}


def test_a_call_by_id_outside_of_a_project_goes_by_url(world: World) -> None:
    register(world)

    for url in (HERE, "http://localhost:4943"):
        assert users(world, "--network", url) == "(1 : nat64)"
        by_id = world.run("canister", "--network", url, "call", BACKEND, "get_user_count")
        assert by_id == (0, "(1 : nat64)\n", "")


@pytest.mark.parametrize(
    "network",
    [
        {"bind": "127.0.0.1:4943", "type": "ephemeral"},
        {"bind": "localhost:4943"},
        {"providers": [HERE], "type": "persistent"},
        {"providers": ["http://localhost:4943/"]},
        {},
        None,
    ],
)
def test_a_network_of_dfx_json_that_is_this_machine_answers(world: World, network: object) -> None:
    enter(world, configured(near=network))
    if network is None:
        assert "Network not found: near" in fails(world, "ping", "near")
        return

    assert '"root_key"' in world.run("ping", "near").stdout
    register(world)
    assert users(world, "--network", "near") == "(1 : nat64)"


def test_a_network_of_networks_json_is_known_in_every_project(world: World) -> None:
    shared = world.home / ".config" / "dfx" / "networks.json"
    shared.write_text(json.dumps({"near": {"bind": "127.0.0.1:4943"}, "far": {"bind": "a:1"}}))

    assert '"root_key"' in world.run("ping", "near").stdout
    assert "The network 'far' cannot be called" in fails(world, "ping", "far")


def test_dfx_json_comes_before_networks_json(world: World) -> None:
    shared = world.home / ".config" / "dfx" / "networks.json"
    shared.write_text(json.dumps({"one": {"bind": "127.0.0.1:4943"}}))
    enter(world, configured(one={"providers": ["https://one.test"]}))

    assert "The network 'one' cannot be called" in fails(world, "ping", "one")


def test_local_and_ic_are_what_they_are_whatever_a_project_says(world: World) -> None:
    enter(world, configured(local={"bind": "127.0.0.1:8000"}, ic={"providers": [HERE]}))

    assert '"root_key"' in world.run("ping", "local").stdout
    assert "The network 'ic' cannot be called" in fails(world, "ping", "ic")


def test_a_network_without_providers_is_told(world: World) -> None:
    enter(world, configured(none={"providers": []}))

    said = fails(world, "canister", "call", "backend", "get_user_count", "--network", "none")

    assert said == (
        "Error: Failed to create AgentEnvironment.\n"
        "Caused by: Did not find any providers for network 'none'\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("canister", "call", "backend", "get_user_count"),
        ("canister", "install", "backend"),
        ("canister", "create", "backend"),
        ("deploy",),
    ],
)
def test_an_unknown_network_is_told_as_dfx_does(world: World, words: tuple[str, ...]) -> None:
    said = fails(world, *words, "--network", "nosuch")

    assert said == (
        "Error: Failed to create AgentEnvironment.\nCaused by: Network not found: nosuch\n"
    )


def test_dfx_network_names_the_network_and_the_option_beats_it(world: World) -> None:
    world.variables["DFX_NETWORK"] = "nosuch"

    assert "Network not found: nosuch" in fails(world, "deploy")
    assert users(world, "--network", "local") == "(0 : nat64)"


@pytest.mark.parametrize(
    "options",
    [("--network", "ic"), ("--ic",), ("--playground",), ("--network", "http://127.0.0.1:8000")],
)
@pytest.mark.parametrize(
    "words",
    [
        ("deploy",),
        ("canister", "create", "backend"),
        ("canister", "install", "backend"),
        ("canister", "delete", "backend", "--yes"),
        ("canister", "call", "backend", "register_user", '("a", "b")'),
    ],
)
def test_a_remote_network_is_refused_by_one_sentence_and_nothing_changes(
    world: World, words: tuple[str, ...], options: tuple[str, ...]
) -> None:
    world.variables |= SHUT
    folder = enter(world, BACKEND_ONLY)
    if words[-1] == "--yes":
        did(world, "canister", "set-id", "backend", BACKEND, "-q", *options)
    before = sorted(folder.rglob("*"))

    said = fails(world, *words, *options)

    assert said.startswith("Error: The network '")
    assert "cannot be called: this version answers on the local network only.\n" in said
    assert said.count("\n") == 2, "the sentence, and what to do"
    assert sorted(folder.rglob("*")) == before
    assert not world.state.exists()


def test_a_friendly_command_on_a_remote_network_exits_with_4(world: World) -> None:
    refused = world.run("get-user-count", "--network", "ic")

    assert (refused.exit_code, refused.stdout) == (4, "")
    assert "this version answers on the local network only." in refused.stderr


def test_ic_and_network_ic_are_the_same(world: World) -> None:
    enter(world, BACKEND_ONLY)
    did(world, "canister", "set-id", "backend", "rwlgt-iiaaa-aaaaa-aaaaa-cai", "--ic")

    assert world.run("canister", "id", "backend", "--ic") == world.run(
        "canister", "id", "backend", "--network", "ic"
    )


def test_playground_has_a_default_definition(world: World) -> None:
    enter(world, BACKEND_ONLY)

    said = fails(world, "canister", "id", "backend", "--playground")

    assert said == (
        "Error: Cannot find canister id. "
        "Please issue 'dfx canister create backend --network playground'.\n"
    )


@pytest.mark.parametrize("words", [("deploy",), ("canister", "call", "backend", "get_user_count")])
def test_a_plaintext_identity_on_ic_is_a_hard_error_that_can_be_suppressed(
    world: World, words: tuple[str, ...]
) -> None:
    said = fails(world, *words, "--network", "ic")
    world.variables |= SHUT
    suppressed = fails(world, *words, "--network", "ic")

    assert said.startswith(
        "Error: Failed to create AgentEnvironment.\n"
        "Caused by: Failed to create AgentEnvironment for network 'ic'.\n"
        f"Caused by: {PLAIN} Do not use it to control a lot of cycles/ICP.\n"
        "- For enhanced security, create a new identity using the command: \n"
        "    dfx identity new\n"
    )
    assert PLAIN not in suppressed
    assert "this version answers on the local network only." in suppressed


def test_nobody_in_particular_is_no_plaintext_identity(world: World) -> None:
    said = fails(world, "deploy", "--ic", "--identity", "anonymous")

    assert "not stored securely" not in said


def test_what_makes_no_agent_does_not_warn_of_plaintext_keys(world: World) -> None:
    enter(world, BACKEND_ONLY)

    for words in (
        ("canister", "set-id", "backend", BACKEND),
        ("canister", "id", "backend"),
        ("build",),
    ):
        assert "not stored securely" not in world.run(*words, "--ic").stderr
    assert world.run("canister", "id", "backend", "--ic") == (0, f"{BACKEND}\n", "")
    assert "not stored securely" not in fails(world, "ping", "ic")


def test_ids_of_a_network_by_its_name_lie_where_it_says(world: World) -> None:
    folder = enter(
        world,
        configured(
            kept={"providers": [HERE], "type": "persistent"},
            brief={"providers": [HERE], "type": "ephemeral"},
        ),
    )

    brief = did(world, "canister", "create", "backend", "--network", "brief")
    kept = did(world, "canister", "create", "backend", "--network", "kept")

    assert brief.stderr == (
        f"backend canister created on network brief with canister id: {BACKEND}\n"
    )
    assert kept.stderr == (
        f'WARNING: The "{folder}/canister_ids.json" file has been generated. Please make sure you '
        "store it correctly, e.g., submitting it to a GitHub repository.\n"
        "backend canister was already created on network kept and has canister id: "
        f"{BACKEND}\n"
    )
    assert ids(folder, "brief")["backend"] == {"brief": BACKEND}
    assert ids(folder, None) == {"backend": {"kept": BACKEND}}
    assert misused(world, "canister", "id")
