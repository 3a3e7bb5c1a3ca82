"""What a controller sets: who controls, what may be used, who reads the logs, how strict it is."""

import json

import pytest
from conftest import BACKEND, World
from test_managing import field, status

GIB = 2**30
SETTING = ("canister", "update-settings", "backend")


def set_(world: World, *options: str, typed: str = "") -> tuple[int, str, str]:
    """Change the settings of the backend and return what came of it."""
    return world.run(*SETTING, *options, typed=typed)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ("4GB", "4_000_000_000"),
        ("4GiB", "4_294_967_296"),
        ("4gib", "4_294_967_296"),
        ("12GiB", "12_884_901_888"),
        ("1.5 MiB", "1_572_864"),
        ("2k", "2_000"),
        ("2m", "2_000_000"),
        ("512", "512"),
        ("512B", "512"),
        ("1_000KB", "1_000_000"),
        ("0", "0"),
    ],
)
def test_a_size_is_read_with_its_unit_and_setting_it_says_nothing(
    world: World, size: str, shown: str
) -> None:
    assert set_(world, "--memory-allocation", size) == (0, "", "")
    assert field(status(world), "Memory allocation") == f"{shown} Bytes"


@pytest.mark.parametrize(
    ("option", "value", "name", "shown"),
    [
        ("--compute-allocation", "100", "Compute allocation", "100 %"),
        ("-c", "7", "Compute allocation", "7 %"),
        ("--freezing-threshold", "604800", "Freezing threshold", "604_800 Seconds"),
        ("--reserved-cycles-limit", str(2**128 - 1), "Reserved cycles limit", None),
        ("--wasm-memory-limit", "256TiB", "Wasm memory limit", "281_474_976_710_656 Bytes"),
        ("--wasm-memory-threshold", "1KiB", "Wasm memory threshold", "1_024 Bytes"),
        ("--log-visibility", "public", "Log visibility", "public"),
    ],
)
def test_each_setting_is_kept_and_shown(
    world: World, option: str, value: str, name: str, shown: str | None
) -> None:
    assert set_(world, option, value) == (0, "", "")
    assert field(status(world), name) == (shown or f"{int(value):_} Cycles")


_MEMORY = "Must be a value between 0..12 GiB inclusive."
_WASM = "Must be a value between 0..256 TiB inclusive (e.g. `2GiB`)."


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("memory-allocation", "12884901889", _MEMORY),
        ("memory-allocation", "much", _MEMORY),
        ("memory-allocation", "4 Gi", _MEMORY),
        ("wasm-memory-limit", "257TiB", _WASM),
        ("wasm-memory-threshold", "1PB", _WASM),
        ("compute-allocation", "101", "Must be a percent between 0 and 100"),
        ("compute-allocation", "1.5", "Must be a percent between 0 and 100"),
        ("freezing-threshold", "1day", "Must be a value between 0..2^64-1 inclusive"),
        ("reserved-cycles-limit", str(2**128), "Must be a value between 0..2^128-1 inclusive"),
        ("log-visibility", "everyone", "Must be `controllers` or `public`."),
    ],
)
def test_a_value_out_of_its_bounds_is_a_usage_error(
    world: World, option: str, value: str, why: str
) -> None:
    usage = f"--{option} <{option.upper().replace('-', '_')}>"

    assert set_(world, f"--{option}", value) == (
        2,
        "",
        (
            f"error: invalid value '{value}' for '{usage}': {why}\n\n"
            "For more information, try '--help'.\n\n"
        ),
    )
    assert not world.state.exists()


def test_controllers_are_added_removed_and_set_by_name_or_principal(world: World) -> None:
    default, bob, carol = (world.principal(name) for name in ("default", "bob", "carol"))

    assert set_(world, "--add-controller", "carol", "--add-controller", bob) == (
        0,
        f'Added as controllers of "backend": {" ".join(sorted(["carol", bob]))}\n',
        "",
    )
    assert field(status(world), "Controllers") == " ".join(sorted([default, bob, carol]))
    assert set_(world, "--remove-controller", "bob", "--add-controller", "aaaaa-aa") == (
        0,
        'Added as controller of "backend": aaaaa-aa\nRemoved from controller of "backend": bob\n',
        "",
    )
    assert field(status(world), "Controllers") == " ".join(sorted([default, carol, "aaaaa-aa"]))
    assert set_(world, "--set-controller", "carol", "--set-controller", "default") == (
        0,
        'Set controllers of "backend" to: carol default\n',
        "",
    )
    assert field(status(world), "Controllers") == " ".join(sorted([default, carol]))


def test_a_new_controller_may_change_what_an_old_one_no_longer_can(world: World) -> None:
    set_(world, "--set-controller", "bob", "--yes")

    assert set_(world, "--memory-allocation", "1GB")[0] == 255
    assert set_(world, "--memory-allocation", "1GB", "--identity", "bob") == (0, "", "")


CONSENT = (
    "WARNING!\n"
    "You are trying to remove yourself as a controller of this canister. "
    "This may leave this canister un-upgradeable.\n"
    "Do you want to proceed? yes/No\n"
)


@pytest.mark.parametrize(
    "options", [("--remove-controller", "default"), ("--set-controller", "bob")]
)
def test_removing_oneself_is_asked_about(world: World, options: tuple[str, str]) -> None:
    set_(world, "--add-controller", "bob")
    before = status(world)

    for answer in ("", "no\n", "yep\n"):
        assert set_(world, *options, typed=answer) == (
            255,
            "",
            f"{CONSENT}Error: User declined consent.\n",
        )
    assert status(world) == before
    code, stdout, stderr = set_(world, *options, typed="Y\n")
    assert (code, stderr) == (0, CONSENT)
    assert stdout.count("\n") == 1
    assert world.run("canister", "status", "backend").exit_code == 255


def test_the_last_controller_stays_or_anybody_could_become_the_first(world: World) -> None:
    set_(world, "--add-controller", "bob")

    code, stdout, stderr = set_(
        world, "--remove-controller", "bob", "--remove-controller", "default", "-y"
    )

    assert (code, stdout) == (255, "")
    assert stderr.startswith(f"Error: This would leave canister {BACKEND} without any controller.")


def test_setting_a_list_does_not_stand_beside_adding_to_it(world: World) -> None:
    both = set_(world, "--set-log-viewer", "bob", "--remove-log-viewer", "bob")
    visible = set_(world, "--log-visibility", "public", "--add-log-viewer", "bob")

    assert both[0] == visible[0] == 2
    assert "'--set-log-viewer <SET_LOG_VIEWER>' cannot be used with '--remove-log" in both[2]
    assert "'--log-visibility <LOG_VISIBILITY>' cannot be used with '--add-log-" in visible[2]


def test_log_viewers_are_listed_in_the_status(world: World) -> None:
    bob, carol = world.principal("bob"), world.principal("carol")

    set_(world, f"--add-log-viewer={carol}", "--add-log-viewer", "bob")
    assert field(status(world), "Log visibility") == (
        f"allowed viewers: {', '.join(sorted([bob, carol]))}"
    )
    set_(world, "--remove-log-viewer", "bob", "--remove-log-viewer", "carol")
    assert field(status(world), "Log visibility") == "allowed viewers list is empty"
    set_(world, "--set-log-viewer", "bob")
    assert field(status(world), "Log visibility") == f"allowed viewers: {bob}"
    set_(world, "--log-visibility", "controllers")
    assert field(status(world), "Log visibility") == "controllers"


@pytest.mark.parametrize(
    ("seconds", "flag"),
    [
        ("50000001", "--confirm-very-long-freezing-threshold"),
        ("604799", "--confirm-very-short-freezing-threshold"),
    ],
)
def test_a_strange_freezing_threshold_must_be_meant(world: World, seconds: str, flag: str) -> None:
    code, stdout, stderr = set_(world, "--freezing-threshold", seconds)

    assert (code, stdout) == (255, "")
    assert stderr.startswith(
        "Error: The freezing threshold is defined in SECONDS before the canister would run out of "
        "cycles, not in cycles.\nTo fix: If you truly want "
    )
    assert flag in stderr
    assert set_(world, "--freezing-threshold", seconds, flag) == (0, "", "")


def test_settings_are_taken_over_from_another_canister_but_not_from_none(world: World) -> None:
    set_(world, "--memory-allocation", "1GB")

    same = set_(world, "--sync-with", "backend", "--compute-allocation", "3")
    none = set_(world, "--sync-with", "ihrie-w4aaa-aaaaa-qabrq-cai")

    assert same == (0, "", "")
    assert field(status(world), "Memory allocation") == "1_000_000_000 Bytes"
    assert field(status(world), "Compute allocation") == "3 %"
    assert none[0] == 255
    assert "Canister ihrie-w4aaa-aaaaa-qabrq-cai not found" in none[2]


def test_the_policy_is_a_setting_that_a_controller_changes(world: World) -> None:
    assert set_(world, "--policy", "faithful") == (0, "", "")
    assert '"faithful"' in world.call("debug_info")
    assert set_(world, "--policy", "hardened", "--identity", "bob")[0] == 255
    assert '"faithful"' in world.call("debug_info")


def test_nothing_to_change_changes_nothing_and_says_nothing(world: World) -> None:
    set_(world, "--add-controller", "bob")
    before = world.state.read_bytes()

    assert set_(world) == (0, "", "")
    assert world.state.read_bytes() == before


# --- limits that are met ---


def opened(world: World, *options: str, length: int = 1_000) -> tuple[int, str, str]:
    """Open a session with a description of this length."""
    text = f'("alice", "Harbour", "{"x" * length}")'
    return world.run("canister", "call", "backend", "create_physical_art_session", text, *options)


def test_an_update_that_outgrows_the_memory_allocation_is_undone_until_it_is_raised(
    world: World,
) -> None:
    set_(world, "--memory-allocation", "2KB")
    assert opened(world)[0] == 0
    before = world.state.read_bytes()

    refused = opened(world)

    assert refused == (
        255,
        "",
        (
            "Error: Failed update call.\n"
            "Caused by: The replica returned a rejection error: reject code CanisterError, reject "
            f"message Error from Canister {BACKEND}: Canister cannot grow its memory usage., error "
            'code Some("IC0507")\n'
        ),
    )
    assert world.state.read_bytes() == before
    assert world.call("get_session_count") == "(1 : nat64)"
    friendly = world.run("register-user", "alice", "--password-stdin", typed=f"{'x' * 20}\n")
    assert friendly.exit_code == 0, "what still fits is kept"
    set_(world, "--memory-allocation", "1MB")
    assert opened(world)[0] == 0


def test_a_friendly_command_says_how_much_there_is_and_what_to_do(world: World) -> None:
    set_(world, "--memory-allocation", "100")

    result = world.run("create-session", "alice", "Harbour")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "its memory allocation is 100 bytes." in result.stderr
    assert "To fix: A controller raises it with dfx canister update-settings." in result.stderr


def test_an_update_that_outgrows_the_wasm_memory_limit_is_told_with_its_figures(
    world: World,
) -> None:
    set_(world, "--wasm-memory-limit", "1KiB")

    code, stdout, stderr = opened(world)

    assert (code, stdout) == (255, "")
    assert (
        f"Error from Canister {BACKEND}: Canister exceeded its current Wasm memory limit of 1024 "
        "bytes. The peak Wasm memory usage was 1"
    ) in stderr
    assert 'error code Some("IC0539")\n' in stderr
    set_(world, "--wasm-memory-limit", "0")
    assert opened(world)[0] == 0, "0 is no limit"


def test_a_state_that_is_too_large_already_may_shrink(world: World) -> None:
    session = opened(world)[1].split('"')[1]
    world.call("upload_photo_to_session", f'("{session}", "https://a/b")')
    set_(world, "--wasm-memory-limit", "10")

    removed = world.call("remove_photo_from_session", f'("{session}", "https://a/b")')

    assert removed == "(variant { Ok = true })"


def test_an_allocation_below_what_is_held_is_refused(world: World) -> None:
    opened(world)
    used = field(status(world), "Memory Size").split()[0].replace("_", "")

    code, stdout, stderr = set_(world, "--memory-allocation", "1")

    assert (code, stdout) == (255, "")
    assert f"given 1 B memory allocation but at least {used} B of memory allocation" in stderr
    assert "reject code CanisterReject, " in stderr
    assert 'Some("IC0402")' in stderr


def test_the_setting_is_seen_by_what_asks_the_canister(world: World) -> None:
    set_(world, "--memory-allocation", "4GB")

    stats = json.loads(world.call("get_storage_stats", None, "--output", "json"))
    settings = json.loads(world.call("debug_info", None, "--output", "json"))["settings"]

    assert stats["memory_allocation"] == "4000000000"
    assert {"0": "memory_allocation", "1": "4000000000"} in settings


def test_all_of_it_or_nothing_is_changed(world: World) -> None:
    opened(world)
    before = world.state.read_bytes()

    refused = set_(world, "--add-controller", "bob", "--memory-allocation", "1")

    assert refused[:2] == (255, "")
    assert world.state.read_bytes() == before
