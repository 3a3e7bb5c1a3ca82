"""`canister create|install|delete|url`, and what becomes of calls meanwhile."""

import json
from pathlib import Path

import pytest
from conftest import BACKEND, World
from projects import BACKEND_ONLY, WITH_FRONTEND, did, enter, fails, ids, misused, register, users

NEXT = "be2us-64aaa-aaaaa-qaabq-cai"
GONE = "Error: Cannot find canister id. Please issue 'dfx canister create backend'.\n"
LOSS = "YOU WILL LOSE ALL DATA IN THE CANISTER."


def record(world: World) -> dict[str, object]:
    """Return what the network keeps of the backend."""
    from originstamp_cli.canister.lifecycle import read_canister
    from originstamp_cli.canister.records import TABLES
    from originstamp_cli.store import Store

    with Store(str(world.state), TABLES).read() as state:
        return read_canister(state, 1)


# ---------------------------------------------------------------------- create


def test_a_canister_is_created_once_and_without_code(world: World) -> None:
    first = did(world, "canister", "create", "backend").stderr
    again = did(world, "canister", "create", "backend").stderr

    assert first == f"backend canister created with canister id: {BACKEND}\n"
    assert again == f"backend canister was already created and has canister id: {BACKEND}\n"
    assert "contains no Wasm module" in fails(
        world, "canister", "call", "backend", "get_user_count"
    )


def test_created_built_and_installed_it_answers(world: World) -> None:
    enter(world, BACKEND_ONLY)

    did(world, "canister", "create", "backend")
    did(world, "build", "backend")
    did(world, "canister", "install", "backend")

    assert users(world) == "(0 : nat64)"


def test_a_canister_that_answered_all_the_while_is_not_emptied_by_create(world: World) -> None:
    register(world)

    said = did(world, "canister", "create", "backend").stderr

    assert "was already created" in said
    assert users(world) == "(1 : nat64)"


def test_all_canisters_of_the_project_are_created(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)

    said = did(world, "canister", "create", "--all").stderr

    assert said == (
        f"backend canister created with canister id: {BACKEND}\n"
        f"frontend canister created with canister id: {NEXT}\n"
    )
    assert ids(folder)["frontend"] == {"local": NEXT}


def test_create_takes_a_name_or_all(world: World) -> None:
    assert "not provided:\n  --all" in misused(world, "canister", "create")
    assert "'--all' cannot be used with" in misused(world, "canister", "create", "x", "--all")


def test_the_settings_of_a_new_canister_are_kept(world: World) -> None:
    did(
        world,
        *("canister", "create", "backend", "-c", "5", "--memory-allocation", "4GiB"),
        *("--freezing-threshold", "604800", "--reserved-cycles-limit", "470000"),
        *("--wasm-memory-limit", "2GB", "--wasm-memory-threshold", "50 KiB"),
        *("--log-visibility", "public", "--no-wallet", "--with-cycles", "1t"),
    )

    kept = record(world)
    assert kept["compute_allocation"] == 5
    assert kept["memory_allocation"] == 4 * 2**30
    assert kept["freezing_threshold"] == 604_800
    assert kept["reserved_cycles_limit"] == 470_000
    assert kept["wasm_memory_limit"] == 2_000_000_000
    assert kept["wasm_memory_threshold"] == 50 * 1024
    assert kept["log_visibility"] == "public"
    assert kept["controllers"] == [world.principal("default")]


def test_controllers_are_identities_or_principals(world: World) -> None:
    carol = world.principal("carol")

    did(world, "canister", "create", "backend", "--controller", "bob", "--controller", carol)

    assert record(world)["controllers"] == sorted([world.principal("bob"), carol])
    assert "not part of the controllers" in fails(world, "canister", "install", "backend")
    did(world, "canister", "install", "backend", "--identity", "bob")


def test_viewers_of_the_logs_are_kept(world: World) -> None:
    bob, carol = world.principal("bob"), world.principal("carol")

    did(world, "canister", "create", "backend", "--log-viewer", bob, "--log-viewer", carol)

    assert record(world)["log_viewers"] == sorted([bob, carol])


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("-c", "101"), "Must be a percent between 0 and 100"),
        (("-c", "-1"), ""),
        (("--compute-allocation", "x"), "Must be a percent between 0 and 100"),
        (("--memory-allocation", "13GiB"), "Must be a value between 0..12 GiB inclusive."),
        (("--memory-allocation", "4XB"), "Must be a value between 0..12 GiB inclusive."),
        (
            ("--wasm-memory-limit", "257TiB"),
            "Must be a value between 0..256 TiB inclusive (e.g. `2GiB`).",
        ),
        (("--wasm-memory-threshold", ""), "Must be a value between 0..256 TiB"),
        (("--freezing-threshold", "1.5"), "for '--freezing-threshold <FREEZING_THRESHOLD>'"),
        (("--freezing-threshold", str(2**64)), "invalid value"),
        (("--reserved-cycles-limit", "some"), "invalid value 'some'"),
        (("--log-visibility", "all"), "Must be `controllers` or `public`."),
        (("--log-viewer", "nobody"), "invalid value 'nobody' for '--log-viewer <LOG_VIEWER>'"),
        (
            ("--log-viewer", "aaaaa-aa", "--log-visibility", "public"),
            "the argument '--log-visibility <LOG_VISIBILITY>' cannot be used with",
        ),
        (("--with-cycles", "3x"), "Unknown amount specifier: 'x'"),
        (("--specified-id", "nobody"), "invalid value 'nobody'"),
        (("--created-at-time", "now"), "invalid value 'now'"),
    ],
)
def test_a_setting_that_cannot_be_is_a_misuse_and_creates_nothing(
    world: World, options: tuple[str, ...], why: str
) -> None:
    assert why in misused(world, "canister", "create", "backend", *options)
    assert not world.state.exists()


@pytest.mark.parametrize("controller", ["nobody", "bkyz2-fmaaa-aaaaa-qaaaq"])
def test_a_controller_that_is_nobody_is_told_and_nothing_is_created(
    world: World, controller: str
) -> None:
    said = fails(world, "canister", "create", "backend", "--controller", controller)

    assert f"{controller!r} is neither an identity nor a principal" in said
    assert not world.state.exists()


def test_nobody_in_particular_creates_nothing(world: World) -> None:
    enter(world, WITH_FRONTEND)

    for name in ("backend", "frontend"):
        said = fails(world, "canister", "create", name, "--identity", "anonymous")
        assert "The anonymous principal cannot be the first controller." in said
    assert not world.state.exists()


def test_a_canister_may_have_an_id_that_was_chosen(world: World) -> None:
    chosen = "rwlgt-iiaaa-aaaaa-aaaaa-cai"

    did(world, "canister", "create", "backend", "--specified-id", chosen)

    assert world.run("canister", "id", "backend").stdout == f"{chosen}\n"
    assert "cannot be used with '--all'" in misused(
        world, "canister", "create", "--all", "--specified-id", chosen
    )


def test_create_outside_of_a_project_is_for_what_runs_here(world: World) -> None:
    said = fails(world, "canister", "create", "frontend")

    assert "Cannot find dfx configuration file in the current working directory." in said


# ---------------------------------------------------------------------- install


def test_install_modes(world: World) -> None:
    did(world, "canister", "create", "backend")
    early = fails(world, "canister", "install", "backend", "--mode", "upgrade")
    first = did(world, "canister", "install", "backend").stderr
    register(world)
    taken = fails(world, "canister", "install", "backend")
    upgraded = did(world, "canister", "install", "backend", "--mode", "upgrade").stderr
    forced = did(
        world, *("canister", "install", "backend", "--mode", "auto", "--upgrade-unchanged")
    ).stderr
    kept = users(world)
    again = did(world, "canister", "install", "backend", "-m", "reinstall", "-y").stderr

    assert "contains no Wasm module" in early
    assert first == f"Installed code for canister backend, with canister ID {BACKEND}\n"
    assert 'error code Some("IC0514")' in taken
    assert "is already installed.\nUpgraded code for" in upgraded
    assert forced == f"Upgraded code for canister backend, with canister ID {BACKEND}\n"
    assert kept == "(1 : nat64)"
    assert again == f"Reinstalled code for canister backend, with canister ID {BACKEND}\n"
    assert users(world) == "(0 : nat64)"


def test_install_takes_a_name_or_all(world: World) -> None:
    assert "not provided:\n  --all" in misused(world, "canister", "install")
    assert "'--all' cannot be used with" in misused(
        world, "canister", "install", "--all", "--argument", "()"
    )
    assert fails(world, "canister", "install", "--all", "--mode", "reinstall") == (
        "Error: The --mode=reinstall is only valid when specifying a single canister, because "
        "reinstallation destroys all data in the canister.\n"
    )
    did(world, "canister", "install", "--all")


def test_a_canister_without_code_here_is_to_be_built_first(world: World) -> None:
    enter(world, WITH_FRONTEND)
    did(world, "canister", "create", "--all")

    said = fails(world, "canister", "install", "frontend")

    assert said.startswith(
        "Error: The canister must be built before install. Please run `dfx build`.\n"
    )
    did(world, "canister", "install", "--all")


def test_by_its_id_a_strange_canister_needs_a_wasm_and_none_can_be_run(world: World) -> None:
    by_id = fails(world, "canister", "install", "rwlgt-iiaaa-aaaaa-aaaaa-cai")
    wasm = fails(world, "canister", "install", "backend", "--wasm", "a.wasm")

    assert by_id == (
        "Error: When installing a canister by its ID, you must specify `--wasm` option.\n"
    )
    assert "The module a.wasm cannot be run" in wasm
    did(world, "canister", "install", BACKEND)


def test_install_options_that_fit_an_upgrade_only(world: World) -> None:
    for option in (("--skip-pre-upgrade",), ("--wasm-memory-persistence", "keep")):
        said = fails(world, "canister", "install", "backend", *option)
        assert "can only be used with mode 'upgrade' or 'auto'." in said
        did(world, "canister", "install", "backend", "--mode", "upgrade", *option)


def test_install_takes_multiple_kinds_of_argument_and_an_env_file(world: World) -> None:
    folder = enter(world, BACKEND_ONLY)

    did(world, "canister", "install", "backend", "--argument", "()")
    did(world, "canister", "install", "backend", ".env", "--mode", "upgrade")

    assert f"CANISTER_ID_BACKEND='{BACKEND}'" in (folder / ".env").read_text()


def test_install_runs_what_comes_after_it_and_not_what_comes_after_a_deployment(
    world: World,
) -> None:
    folder = enter(
        world,
        {
            "canisters": {
                "backend": {"post_install": "touch after", "post_deploy": "touch deployed"}
            }
        },
    )

    did(world, "canister", "install", "backend")

    assert (folder / "after").exists()
    assert not (folder / "deployed").exists()


def test_reinstall_asks_and_keeps_everything_at_a_no(world: World) -> None:
    did(world, "deploy")
    register(world)

    said = fails(world, "canister", "install", "backend", "--mode", "reinstall", typed="no\n")

    assert LOSS in said
    assert said.endswith(
        "Error: Failed to install wasm module to canister 'backend'.\n"
        "Caused by: Refusing to install canister without approval\n"
        "Caused by: User declined consent.\n"
    )
    assert users(world) == "(1 : nat64)"
    did(world, "canister", "install", "backend", "--mode", "reinstall", typed="yes\n")
    assert users(world) == "(0 : nat64)"


# ---------------------------------------------------------------------- delete


def test_a_deleted_canister_is_gone_with_its_data_and_gets_a_new_id(world: World) -> None:
    folder = enter(world, BACKEND_ONLY)
    did(world, "deploy", "--policy", "faithful")
    register(world)

    said = did(world, "canister", "delete", "backend", "--yes").stderr

    assert said == (
        "Beginning withdrawal of cycles; on failure try --no-wallet --no-withdrawal.\n"
        f"Deleting canister backend, with canister_id {BACKEND}\n"
    )
    assert "backend" not in ids(folder)
    assert fails(world, "canister", "id", "backend") == GONE
    assert fails(world, "canister", "call", "backend", "get_user_count") == GONE
    by_id = fails(world, "canister", "call", BACKEND, "get_user_count")
    assert f"reject code DestinationInvalid, reject message Canister {BACKEND} not found" in by_id

    created = did(world, "canister", "create", "backend").stderr
    assert created == f"backend canister created with canister id: {NEXT}\n"
    did(world, "canister", "install", "backend")
    assert users(world) == "(0 : nat64)"
    assert ids(folder)["backend"] == {"local": NEXT}
    fresh = json.loads(
        world.run("canister", "call", "backend", "debug_info", "--output", "json").stdout
    )
    assert fresh["policy"] == "hardened", "its settings are a new canister's"
    did(world, "canister", "delete", "backend", "--yes")
    assert "qaaca-cai\n" in did(world, "canister", "create", "backend").stderr


def test_what_it_remembered_is_kept_as_a_backup(world: World) -> None:
    register(world)
    for ending in (".photos", ".snapshots"):
        Path(f"{world.state}{ending}").mkdir()

    loud = did(world, "canister", "delete", "backend", "--yes", "-v").stderr

    backup = world.run("state", "backups").stdout.splitlines()[1].split("\t")[0]
    assert f"What it remembered is kept in {backup}.\n" in loud
    assert users(world, "--state", backup) == "(1 : nat64)"
    for ending in (".photos", ".snapshots"):
        assert not Path(f"{world.state}{ending}").exists()
        assert Path(f"{backup}{ending}").is_dir()


def test_deleting_what_runs_asks_for_consent(world: World) -> None:
    register(world)

    declined = [
        fails(world, "canister", "delete", "backend", typed=typed) for typed in ("no\n", "", "\n")
    ]
    assert users(world) == "(1 : nat64)"
    agreed = did(world, "canister", "delete", "backend", typed="Yes\n").stderr

    question = (
        "Beginning withdrawal of cycles; on failure try --no-wallet --no-withdrawal.\n"
        "WARNING!\nCanister backend has not been stopped. Delete anyway?\n"
        "Do you want to proceed? yes/No\n"
    )
    for said in declined:
        assert said.startswith(f"{question}Error: User declined consent.\n")
    assert agreed == f"{question}Deleting canister backend, with canister_id {BACKEND}\n"


def test_with_no_stdin_a_prompt_fails_rather_than_waits(world: World) -> None:
    from conftest import PROGRAM

    done = world.shell(f"{PROGRAM} canister delete backend <&-")

    assert (done.exit_code, done.stdout) == (255, "")
    assert "Error: User declined consent.\n" in done.stderr


def test_without_withdrawal_a_running_canister_is_not_deleted(world: World) -> None:
    register(world)

    said = fails(world, "canister", "delete", "backend", "--no-withdrawal", "--yes")

    assert said == (
        f"Error: Failed to delete canister {BACKEND}.\n"
        "Caused by: Failed to call update function 'delete_canister' regarding canister "
        f"'{BACKEND}'.\n"
        "Caused by: Update call (without wallet) failed.\n"
        "Caused by: The replica returned a rejection error: reject code CanisterError, reject "
        f"message Canister {BACKEND} must be stopped before it is deleted., error code "
        'Some("IC0510")\n'
    )
    assert users(world) == "(1 : nat64)"


def test_a_canister_is_deleted_by_its_id_too(world: World) -> None:
    folder = enter(world, BACKEND_ONLY)
    did(world, "deploy")

    did(world, "canister", "delete", BACKEND, "-y")

    assert "backend" not in ids(folder)
    assert fails(world, "canister", "id", "backend") == GONE


def test_what_does_not_run_here_only_loses_its_id(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)
    did(world, "deploy")
    register(world)

    said = did(world, "canister", "delete", "frontend").stderr

    assert said == f"Deleting canister frontend, with canister_id {NEXT}\n"
    assert "frontend" not in ids(folder)
    assert users(world) == "(1 : nat64)"


def test_all_that_there_are_are_deleted(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)
    did(world, "deploy")

    did(world, "canister", "delete", "--all", "--yes", "--no-wallet")
    did(world, "canister", "delete", "--all", "--yes")

    assert set(ids(folder)) == {"__Candid_UI"}


def test_somebody_else_deletes_nothing(world: World) -> None:
    register(world)

    said = fails(world, "canister", "delete", "backend", "--yes", "--identity", "bob")

    assert "not part of the controllers" in said
    assert users(world) == "(1 : nat64)"
    assert world.run("state", "backups").stdout == "path\tsize\ttaken\n"


def test_other_ways_of_withdrawal_are_accepted(world: World) -> None:
    did(
        world,
        *("canister", "delete", "backend", "--yes", "--withdraw-cycles-to-canister", BACKEND),
        *("--initial-margin", "1t", "--to-subaccount", "00"),
    )
    assert "cannot be used with" in misused(
        world, "canister", "delete", "backend", "--no-withdrawal", "--withdraw-cycles-to-dank"
    )


# ---------------------------------------------------------------------- url


def test_a_url_is_as_dfx_has_it(world: World) -> None:
    enter(world, BACKEND_ONLY)
    did(world, "canister", "set-id", "backend", NEXT, "--ic", "-q")
    ui = "http://127.0.0.1:4943/?canisterId=bnz7o-iuaaa-aaaaa-qaaaa-cai"

    assert world.run("canister", "url", "backend") == (0, f"{ui}&id={BACKEND}\n", "")
    assert world.run("canister", "url", BACKEND) == (0, f"{ui}&id={BACKEND}\n", "")
    far = world.run("canister", "url", "backend", "--network", "ic")
    assert far == (0, f"https://a4gq6-oaaaa-aaaab-qaa4q-cai.raw.icp0.io/?id={NEXT}\n", "")
