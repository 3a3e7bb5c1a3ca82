"""How a canister is looked at, stopped, started and emptied, in the words of dfx."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BACKEND, World

import originstamp_cli
from originstamp_cli.canister import backend, nft
from originstamp_cli.canister.management import module_hash

OpenSession = Callable[..., str]

DID = Path(originstamp_cli.__file__).parent / "canister" / "backend.did"
NOBODY = "ihrie-w4aaa-aaaaa-qabrq-cai"  # a canister's id that none has
NOT_A_CONTROLLER = "The principal you are using to call a management function is not part of the"


def field(shown: str, name: str) -> str:
    """Return what stands behind a name in what `canister status` printed."""
    found = re.search(rf"^{re.escape(name)}: (.*)$", shown, re.MULTILINE)
    assert found, shown
    return found[1]


def status(world: World, *options: str) -> str:
    """Return what `canister status backend` prints; it must succeed silently."""
    result = world.run("canister", "status", "backend", *options)
    assert (result.exit_code, result.stderr) == (0, ""), result
    return result.stdout


# --- status ---


def test_status_prints_the_lines_that_tools_read(world: World) -> None:
    world.call("register_user", '("alice", "pw")')

    shown = status(world)

    assert re.sub(r"[\d_]+ Bytes\nBalance", "0 Bytes\nBalance", shown) == (
        "Canister status call result for backend.\n"
        "Status: Running\n"
        f"Controllers: {world.principal('default')}\n"
        "Memory allocation: 0 Bytes\n"
        "Compute allocation: 0 %\n"
        "Freezing threshold: 2_592_000 Seconds\n"
        f"Idle cycles burned per day: {field(shown, 'Idle cycles burned per day')}\n"
        "Memory Size: 0 Bytes\n"
        "Balance: 3_000_000_000_000 Cycles\n"
        "Reserved: 0 Cycles\n"
        "Reserved cycles limit: 5_000_000_000_000 Cycles\n"
        "Wasm memory limit: 3_221_225_472 Bytes\n"
        "Wasm memory threshold: 0 Bytes\n"
        f"Module hash: 0x{module_hash(backend)}\n"
        "Number of queries: 0\n"
        "Instructions spent in queries: 0\n"
        "Total query request payload size: 0 Bytes\n"
        "Total query response payload size: 0 Bytes\n"
        "Log visibility: controllers\n"
    )


def test_the_memory_size_is_that_of_the_records_and_what_burns_follows_it(
    world: World, session_of: OpenSession
) -> None:
    session_of()
    before = int(field(status(world), "Memory Size").split()[0].replace("_", ""))
    session_of(title="x" * 1_000)
    shown = status(world)

    size = int(field(shown, "Memory Size").split()[0].replace("_", ""))
    assert before + 1_000 < size < before + 1_500
    burned = size * 127_000 * 86_400 // 2**30
    assert field(shown, "Idle cycles burned per day") == f"{burned:_} Cycles"


def test_the_first_line_repeats_what_was_typed_and_all_means_every_canister(world: World) -> None:
    by_id = world.run("canister", "status", BACKEND).stdout
    every = world.run("canister", "status", "--all").stdout

    assert by_id.startswith(f"Canister status call result for {BACKEND}.\n")
    assert "Canister status call result for backend.\n" in every


def test_looking_makes_no_file(fresh: World) -> None:
    fresh.run("identity", "whoami")

    for words in (("status", "backend"), ("info", "backend"), ("logs", "backend")):
        assert fresh.run("canister", *words).exit_code == 0
    assert not fresh.state.parent.exists()


def test_who_is_no_controller_gets_the_diagnosis_and_with_v_the_chain_before_it(
    world: World,
) -> None:
    world.call("register_user", '("alice", "pw")')

    plain = world.run("canister", "status", "backend", "--identity", "bob")
    verbose = world.run("canister", "status", "backend", "--identity", "bob", "-v")

    assert (plain.exit_code, plain.stdout) == (255, "")
    assert plain.stderr.startswith("Error: Each canister has a set of controllers. Only those ")
    assert f"\n{NOT_A_CONTROLLER} controllers.\n" in plain.stderr
    assert (
        "\nTo fix: Ask a controller to add you with 'dfx canister update-settings" in plain.stderr
    )
    assert verbose.stderr == (
        "Error: Failed to get canister status for 'backend'.\n"
        f"Caused by: Failed to get canister status of {BACKEND}.\n"
        "Caused by: Failed to call update function 'canister_status' regarding canister "
        f"'{BACKEND}'.\n"
        "Caused by: Update call (without wallet) failed.\n"
        "Caused by: The replica returned a rejection error: reject code CanisterError, reject "
        f"message Only controllers of canister {BACKEND} can call ic00 method canister_status, "
        'error code Some("IC0512")\n' + plain.stderr
    )


@pytest.mark.parametrize(
    ("command", "contexts", "method"),
    [
        (
            "status",
            ["Failed to get canister status for '{}'.", "Failed to get canister status of {}."],
            "canister_status",
        ),
        ("start", ["Failed to start canister {}."], "start_canister"),
        ("stop", ["Failed to stop canister {}."], "stop_canister"),
        ("uninstall-code", ["Failed to uninstall code for {}."], "uninstall_code"),
    ],
)
def test_an_id_that_no_canister_has_is_told_below_what_was_attempted(
    world: World, command: str, contexts: list[str], method: str
) -> None:
    result = world.run("canister", command, NOBODY)

    chain = [
        *(context.format(NOBODY) for context in contexts),
        f"Failed to call update function '{method}' regarding canister '{NOBODY}'.",
        "Update call (without wallet) failed.",
        (
            "The replica returned a rejection error: reject code DestinationInvalid, "
            f'reject message Canister {NOBODY} not found, error code Some("IC0301")'
        ),
    ]
    assert (result.exit_code, result.stdout) == (255, "")
    assert result.stderr.endswith("Error: " + "\nCaused by: ".join(chain) + "\n")


@pytest.mark.parametrize(
    "command", ["status", "start", "stop", "uninstall-code", "update-settings"]
)
def test_neither_a_name_nor_all_is_a_usage_error(world: World, command: str) -> None:
    assert world.run("canister", command) == (
        2,
        "",
        (
            "error: the following required arguments were not provided:\n  --all\n\n"
            "For more information, try '--help'.\n\n"
        ),
    )


def test_a_stopped_network_is_told_before_anything_else(world: World) -> None:
    from originstamp_cli.canister.records import NETWORK, TABLES, write_only_one
    from originstamp_cli.store import Store

    with Store(str(world.state), TABLES).write() as state:
        write_only_one(state, NETWORK, {"running": False, "canisters": 3})

    for line in ("status nosuch", "info backend", "logs backend", "start backend"):
        result = world.run("canister", *line.split())

        assert (result.exit_code, result.stdout) == (255, "")
        assert result.stderr.startswith(
            "Error: You are trying to connect to the local replica but dfx cannot connect to it.\n"
        )


# --- impersonating ---


def test_after_giving_control_away_one_manages_by_impersonating(world: World) -> None:
    other = world.principal("carol")
    gone = world.run("canister", "update-settings", "backend", "--set-controller", other, "-y")
    assert gone.exit_code == 0

    refused = world.run("canister", "status", "backend")
    assert NOT_A_CONTROLLER in refused.stderr
    back = world.principal("default")
    changing = ("canister", "update-settings", "backend", "--add-controller", back)
    assert NOT_A_CONTROLLER in world.run(*changing).stderr

    assert field(status(world, "--impersonate", other), "Controllers") == other
    assert world.run(*changing, "--impersonate", other).exit_code == 0
    assert field(status(world), "Controllers") == " ".join(sorted([other, back]))


def test_impersonating_somebody_without_control_is_told_in_pocketic_words(world: World) -> None:
    world.call("register_user", '("alice", "pw")')

    result = world.run("canister", "status", "backend", "--impersonate", world.principal("bob"))

    assert result == (
        255,
        "",
        (
            "Error: Failed to get canister status for 'backend'.\n"
            f"Caused by: Failed to get canister status of {BACKEND}.\n"
            "Caused by: Failed to submit management canister call: Only controllers of canister "
            f"{BACKEND} can call ic00 method canister_status (IC0512)\n"
        ),
    )


# --- info and metadata ---


def test_anyone_learns_the_controllers_and_the_hash_of_the_code(world: World) -> None:
    world.run("canister", "update-settings", "backend", "--add-controller", "carol")
    both = sorted([world.principal("default"), world.principal("carol")])

    installed = world.run("canister", "info", "backend", "--identity", "anonymous")
    world.run("canister", "uninstall-code", "backend")
    empty = world.run("canister", "info", BACKEND, "--identity", "bob")

    digest = module_hash(backend)
    assert installed == (0, f"Controllers: {' '.join(both)}\nModule hash: 0x{digest}\n", "")
    assert empty == (0, f"Controllers: {' '.join(both)}\nModule hash: None\n", "")
    assert len(module_hash(backend)) == hashlib.sha256().digest_size * 2


def test_info_of_an_id_that_no_canister_has(world: World) -> None:
    assert world.run("canister", "info", NOBODY) == (
        255,
        "",
        f"Error: Canister {NOBODY} does not exist.\n",
    )


def test_the_interface_is_printed_byte_for_byte(world: World) -> None:
    done = world.process("canister", "metadata", "backend", "candid:service")

    assert (done.returncode, done.stdout, done.stderr) == (0, DID.read_bytes(), b"")
    assert backend.did().encode() == done.stdout


@pytest.mark.parametrize(
    ("canister", "name"), [(BACKEND, "candid:args"), (NOBODY, "candid:service")]
)
def test_metadata_that_is_not_there_is_told_with_its_path(
    world: World, canister: str, name: str
) -> None:
    from originstamp_cli.candid.principal import Principal

    path = f'"canister", 0x{Principal.from_text(canister).raw.hex()}, "metadata", "{name}"'

    assert world.run("canister", "metadata", canister, name) == (
        255,
        "",
        (
            f"Error: Failed to read `{name}` metadata of canister {canister}.\n"
            f"Caused by: The lookup path ([{path}]) is absent in the certificate.\n"
        ),
    )


def test_a_canister_without_code_has_no_metadata(world: World) -> None:
    world.run("canister", "uninstall-code", "backend")

    assert world.run("canister", "metadata", "backend", "candid:service").exit_code == 255


# --- start, stop, uninstall-code ---


def test_a_canister_is_stopped_and_started(world: World, session_of: OpenSession) -> None:
    session_of()
    line = f"code for canister backend, with canister_id {BACKEND}\n"

    assert world.run("canister", "stop", "backend") == (0, "", f"Stopping {line}")
    assert field(status(world), "Status") == "Stopped"
    refused = world.run("canister", "call", "backend", "get_session_count")
    assert refused.exit_code == 255
    assert f"Canister {BACKEND} is stopped" in refused.stderr
    assert world.run("canister", "start", "backend") == (0, "", f"Starting {line}")
    assert field(status(world), "Status") == "Running"
    assert world.call("get_session_count") == "(1 : nat64)"


@pytest.mark.parametrize("command", ["start", "stop", "uninstall-code"])
def test_doing_it_twice_succeeds_and_quiet_says_nothing(world: World, command: str) -> None:
    assert world.run("canister", command, "backend").exit_code == 0
    assert world.run("canister", command, "--all", "-q") == (0, "", "")


@pytest.mark.parametrize("command", ["start", "stop", "uninstall-code"])
def test_only_a_controller_does_it_and_else_nothing_changes(
    world: World, session_of: OpenSession, command: str
) -> None:
    session_of()
    before = world.state.read_bytes()

    result = world.run("canister", command, "backend", "--identity", "bob")

    assert result.exit_code == 255
    assert NOT_A_CONTROLLER in result.stderr
    assert world.state.read_bytes() == before


def test_uninstalling_erases_what_the_canister_holds_and_keeps_what_the_network_does(
    world: World, session_of: OpenSession
) -> None:
    session = session_of()
    world.call("register_user", '("alice", "pw")')
    world.call("upload_photo_to_session", f'("{session}", "https://a/b")')
    owner = f'record {{ owner = principal "{world.principal("bob")}" }}'
    world.call("mint_nft_from_session", f'("{session}", {owner}, vec {{}})')
    world.run("canister", "update-settings", "backend", "--memory-allocation", "1GB")

    world.run("canister", "uninstall-code", "backend")

    shown = status(world)
    assert field(shown, "Module hash") == "None"
    assert field(shown, "Memory Size") == "0 Bytes"
    assert field(shown, "Memory allocation") == "1_000_000_000 Bytes"
    refused = world.run("canister", "call", "backend", "get_session_count")
    assert "contains no Wasm module" in refused.stderr
    assert 'Some("IC0537")' in refused.stderr
    assert world.run("deploy", "backend").exit_code == 0
    assert world.call("get_session_count") == "(0 : nat64)"
    assert world.call("get_user_count") == "(0 : nat64)"
    counters = json.loads(world.call("debug_info", None, "--output", "json"))["counters"]
    assert {row["1"] for row in counters} == {"0"}
    again = session_of()
    minted = world.call("mint_nft_from_session", f'("{again}", {owner}, vec {{}})')
    assert minted == "(variant { Ok = 1 : nat64 })", "tokens are counted anew"


# --- several canisters ---


NFT = "bd3sg-teaaa-aaaaa-qaaba-cai"


@pytest.fixture
def with_session(world: World) -> World:
    """A world whose state, which is backend's and not nft's, holds something."""
    world.call("create_physical_art_session", '("alice", "Harbour", "")')
    return world


def test_each_canister_is_managed_by_itself(with_session: World) -> None:
    world = with_session
    assert world.run("canister", "stop", "nft").exit_code == 0
    assert world.run("canister", "update-settings", "nft", "--memory-allocation", "1GB") == (
        0,
        "",
        "",
    )

    shown = world.run("canister", "status", "nft").stdout
    assert (field(shown, "Status"), field(shown, "Memory Size")) == ("Stopped", "0 Bytes")
    assert field(shown, "Memory allocation") == "1_000_000_000 Bytes"
    assert field(status(world), "Status") == "Running"
    assert field(status(world), "Memory allocation") == "0 Bytes"
    assert f"0x{module_hash(backend)}" not in shown
    assert world.call("get_session_count") == "(1 : nat64)"
    metadata = world.run("canister", "metadata", NFT, "candid:service")
    assert metadata == (0, nft.did(), "")


def test_all_means_all_of_them(with_session: World) -> None:
    world = with_session

    stopped = world.run("canister", "stop", "--all")

    assert stopped.stderr.count("Stopping code for canister ") == 2
    assert world.run("canister", "status", "--all").stdout.count("Status: Stopped\n") == 2


def test_uninstalling_one_that_has_no_state_erases_nothing(with_session: World) -> None:
    world = with_session

    world.run("canister", "uninstall-code", "nft")

    assert "Module hash: None" in world.run("canister", "info", "nft").stdout
    assert world.call("get_session_count") == "(1 : nat64)"
    refused = world.run("canister", "call", "nft", "icrc7_name")
    assert f"Canister {NFT} contains no Wasm module" in refused.stderr


def test_who_controls_the_state_controls_a_new_canister_and_no_stranger_does(
    with_session: World,
) -> None:
    world = with_session

    stranger = world.run("canister", "stop", "nft", "--identity", "bob")
    shown = world.run("canister", "info", "nft", "--identity", "bob").stdout

    assert NOT_A_CONTROLLER in stranger.stderr
    assert field(shown, "Controllers") == world.principal("default")


def test_settings_are_taken_over_from_another_canister(with_session: World) -> None:
    world = with_session
    world.run("canister", "update-settings", "backend", "--add-controller", "carol", "-c", "5")

    synced = world.run("canister", "update-settings", "nft", "--sync-with", "backend")

    assert synced == (0, "", "")
    shown = world.run("canister", "status", "nft").stdout
    assert field(shown, "Controllers") == field(status(world), "Controllers")
    assert field(shown, "Compute allocation") == "5 %"


def test_one_that_has_no_state_has_no_snapshots_and_no_policy(with_session: World) -> None:
    world = with_session
    world.run("canister", "stop", "nft")

    snapshot = world.run("canister", "snapshot", "create", "nft")
    policy = world.run("canister", "update-settings", "nft", "--policy", "faithful")

    assert (snapshot.exit_code, snapshot.stdout) == (policy.exit_code, policy.stdout) == (255, "")
    assert "The canister nft keeps no state of its own." in snapshot.stderr
    assert "The canister nft has no policy of its own." in policy.stderr
    listed = world.run("canister", "snapshot", "list", "nft")
    assert listed == (0, "", "No snapshots found in canister nft\n")


def test_each_canister_has_a_log_of_its_own(with_session: World) -> None:
    world = with_session
    world.run("canister", "call", "nft", "login", '("alice", "pw")')

    assert world.run("canister", "logs", "nft").stdout.startswith("[0. ")
    assert "login" not in world.run("canister", "logs", "backend").stdout


# --- who acts ---


@pytest.mark.parametrize(
    "line",
    [
        *("start backend", "stop backend", "uninstall-code backend", "status backend"),
        *("info backend", "logs backend", "snapshot list backend"),
        "update-settings backend --memory-allocation 1GB",
    ],
)
def test_an_identity_that_is_not_there_fails_as_it_does_for_a_call(world: World, line: str) -> None:
    call = world.run(*["canister", "call", "backend", "get_user_count", "--identity", "nosuch"])

    assert call.stderr.startswith("Error: Failed to create AgentEnvironment.\n")
    assert world.run("canister", *line.split(), "--identity", "nosuch") == call
