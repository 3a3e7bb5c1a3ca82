"""`deploy`: its lines, its options, the hooks of a project and its .env file."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import BACKEND, World
from projects import (
    BACKEND_ONLY,
    USER,
    WITH_FRONTEND,
    did,
    enter,
    fails,
    ids,
    misused,
    register,
    users,
)

CANDID_UI = "bnz7o-iuaaa-aaaaa-qaaaa-cai"
URLS = (
    "URLs:\n"
    "  Backend canister via Candid interface:\n"
    "    backend: http://127.0.0.1:4943/?canisterId=bnz7o-iuaaa-aaaaa-qaaaa-cai"
    f"&id={BACKEND}\n"
)
LOSS = "YOU WILL LOSE ALL DATA IN THE CANISTER."
SINGLE = "The init argument can only be set when deploying a single canister."


def with_hooks(**hooks: object) -> dict[str, Any]:
    """Return a project whose backend has these steps."""
    return {"canisters": {"backend": {"type": "rust", **hooks}}}


def controllers(world: World) -> list[str]:
    """Return who controls the backend."""
    answer = world.run("canister", "call", "backend", "debug_info", "--output", "json").stdout
    found: list[str] = json.loads(answer)["controllers"]
    return found


def test_it_creates_installs_and_tells_so_in_dfx_s_order(world: World) -> None:
    enter(world, BACKEND_ONLY)

    assert did(world, "deploy").stderr == (
        "Deploying all canisters.\n"
        f"backend canister created with canister id: {BACKEND}\n"
        "Building canister 'backend'.\n"
        f"Installed code for canister backend, with canister ID {BACKEND}\n"
        f"Deployed canisters.\n{URLS}"
    )


def test_install_then_upgrade_on_deploy(world: World) -> None:
    enter(world, BACKEND_ONLY)
    assert (
        f"Installed code for canister backend, with canister ID {BACKEND}\n"
        in did(world, "deploy", "backend").stderr
    )
    register(world)

    again = did(world, "deploy", "backend").stderr
    forced = did(world, "deploy", "backend", "--upgrade-unchanged").stderr

    head = "Deploying: backend\nAll canisters have already been created.\n"
    assert again.startswith(f"{head}Building canister 'backend'.\nModule hash ")
    assert " is already installed.\nUpgraded code for canister backend, with" in again
    assert "is already installed" not in forced
    assert f"Upgraded code for canister backend, with canister ID {BACKEND}\n" in forced
    assert users(world) == "(1 : nat64)", "an upgrade keeps what is remembered"


def test_code_of_another_version_is_upgraded_without_further_ado(world: World) -> None:
    did(world, "deploy")
    from originstamp_cli.canister import management

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(management, "__version__", "0.0.0")
        newer = did(world, "deploy").stderr

    assert "is already installed" not in newer
    assert "Upgraded code for canister backend" in newer


def test_the_deployer_is_the_initializer_and_only_controller(world: World) -> None:
    did(world, "deploy", "--no-wallet", "--identity", "bob")

    assert controllers(world) == [world.principal("bob")]
    assert "not part of the controllers" in fails(world, "deploy")


def test_nobody_in_particular_cannot_deploy_first(world: World) -> None:
    said = fails(world, "deploy", "--identity", "anonymous")

    assert "The anonymous principal cannot be the first controller." in said
    assert not world.state.exists()


def test_it_works_from_a_subdirectory(world: World) -> None:
    folder = enter(world, BACKEND_ONLY)
    world.folder = folder / "src" / "deep"
    world.folder.mkdir(parents=True)

    assert "Installed code for" in did(world, "deploy").stderr
    assert "is already installed" in did(world, "deploy").stderr
    assert ids(folder)["backend"] == {"local": BACKEND}
    assert [*world.folder.iterdir()] == []


def test_outside_of_a_project_nothing_is_written(world: World, tmp_path: Path) -> None:
    world.folder = tmp_path / "elsewhere"
    world.folder.mkdir()

    did(world, "deploy", "backend")

    assert [*world.folder.iterdir()] == []


def test_a_front_end_gets_an_id_and_a_note(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)

    said = did(world, "deploy").stderr

    assert "frontend canister created with canister id: be2us-64aaa-aaaaa-qaabq-cai\n" in said
    assert "Not built: frontend. This program holds the code of" in said
    assert ids(folder)["frontend"] == {"local": "be2us-64aaa-aaaaa-qaabq-cai"}
    again = did(world, "deploy").stderr
    assert "All canisters have already been created.\n" in again
    gone = fails(world, "canister", "call", "frontend", "http_request")
    assert "Canister be2us-64aaa-aaaaa-qaabq-cai not found" in gone


def test_what_a_canister_depends_on_is_deployed_before_it(world: World) -> None:
    enter(world, WITH_FRONTEND)

    said = did(world, "deploy", "frontend").stderr

    assert said.startswith("Deploying: backend frontend\nbackend canister created")


def test_dependencies_in_a_circle_are_refused(world: World) -> None:
    circle = {name: {"dependencies": [other]} for name, other in (("a", "b"), ("b", "a"))}
    enter(world, {"canisters": circle})

    assert fails(world, "deploy") == (
        "Error: The dependencies of dfx.json go in a circle: a -> b -> a.\n"
        "To fix: Take one of them out of its list of dependencies.\n"
    )


def test_an_unknown_name_is_told_with_the_one_that_was_meant(world: World) -> None:
    outside = fails(world, "deploy", "bakend")
    enter(world, WITH_FRONTEND)
    inside = fails(world, "deploy", "frontned")

    assert outside == (
        "Error: Cannot find dfx configuration file in the current working directory. "
        "Did you forget to create one?\nTo fix: Did you mean 'backend'?\n"
    )
    assert inside == (
        "Error: Canister 'frontned' not found in dfx.json.\nTo fix: Did you mean 'frontend'?\n"
    )
    assert not world.state.exists()


def test_quiet_says_nothing(world: World) -> None:
    assert did(world, "deploy", "--quiet").stderr == ""


# ---------------------------------------------------------------------- options


@pytest.mark.parametrize(
    "options",
    [
        ("--argument", "()"),
        ("--argument", '("hello")'),
        ("--argument", "4449444c0000", "--argument-type", "raw"),
        ("--argument", "()", "--argument-type", "idl"),
        ("--with-cycles", "3.5TC"),
        ("--created-at-time", "1"),
        ("--from-subaccount", "00"),
        ("--subnet-type", "application"),
        ("--mode", "auto", "--skip-pre-upgrade", "--wasm-memory-persistence", "keep"),
        ("--always-assist", "--no-asset-upgrade", "--yes"),
    ],
)
def test_options_that_change_nothing_here_are_accepted(
    world: World, options: tuple[str, ...]
) -> None:
    did(world, "deploy", "backend", *options)

    assert users(world) == "(0 : nat64)"


def test_an_argument_comes_from_a_file_or_standard_input(world: World, tmp_path: Path) -> None:
    file = tmp_path / "init"
    file.write_text('("hello")')

    did(world, "deploy", "backend", "--argument-file", str(file))
    did(world, "deploy", "backend", "--argument-file", "-", typed="()")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--argument", "(1"), "Candid parser error: Unrecognized EOF found at 2"),
        (
            ("--argument", "xyz", "--argument-type", "raw"),
            "Argument is not a valid hex string",
        ),
    ],
)
def test_an_argument_that_is_none_is_refused_before_anything(
    world: World, options: tuple[str, ...], why: str
) -> None:
    said = fails(world, "deploy", "backend", *options)

    assert "Error: Failed to create argument blob.\n" in said
    assert why in said
    assert not world.state.exists()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--argument-type", "raw"), "not provided:\n  --argument <ARGUMENT>"),
        (
            ("--argument-file", "nosuch"),
            (
                "invalid value 'nosuch' for '--argument-file <ARGUMENT_FILE>': "
                "Path does not exist or is not a file."
            ),
        ),
        (
            ("--argument", "()", "--argument-file", "-"),
            (
                "the argument '--argument <ARGUMENT>' cannot be used with "
                "'--argument-file <ARGUMENT_FILE>'"
            ),
        ),
        (("--with-cycles", "1f"), "Unknown amount specifier: 'f'"),
        (("--with-cycles", "lots"), "Failed to parse amount. Please use digits only or"),
        (("--with-cycles", f"{2**128}"), "Amount too large."),
        (("--specified-id", "nobody"), "invalid value 'nosuch'".replace("nosuch", "nobody")),
    ],
)
def test_options_that_make_no_sense_are_a_misuse(
    world: World, options: tuple[str, ...], why: str
) -> None:
    assert why in misused(world, "deploy", "backend", *options)
    assert not world.state.exists()


def test_deploying_multiple_canisters_with_an_argument_fails(world: World) -> None:
    enter(world, WITH_FRONTEND)

    assert fails(world, "deploy", "--argument", "()") == f"Error: {SINGLE}\n"


def test_an_init_arg_of_dfx_json_that_differs_is_warned_of_in_three_lines(world: World) -> None:
    enter(world, with_hooks(init_arg='("dfx")'))

    same = did(world, "deploy", "backend", "--argument", '("dfx")').stderr
    other = did(world, "deploy", "backend", "--argument", '("cli")').stderr

    assert "WARNING" not in same
    assert (
        "WARNING: Canister 'backend' has init_arg/init_arg_file in dfx.json: (\"dfx\"),\n"
        'which is different from the one specified in the command line: ("cli").\n'
        "The command line value will be used.\n"
    ) in other


def test_a_specified_id_is_used(world: World) -> None:
    chosen = "rwlgt-iiaaa-aaaaa-aaaaa-cai"
    folder = enter(world, BACKEND_ONLY)

    did(world, "deploy", "backend", "--specified-id", chosen)

    assert world.run("canister", "id", "backend").stdout == f"{chosen}\n"
    assert ids(folder)["backend"] == {"local": chosen}
    assert world.run("canister", "call", chosen, "get_user_count").stdout == "(0 : nat64)\n"
    assert f"Canister {BACKEND} not found" in fails(
        world, "canister", "call", BACKEND, "get_user_count"
    )


def test_a_specified_id_of_dfx_json_is_used_too(world: World) -> None:
    enter(world, with_hooks(specified_id="rwlgt-iiaaa-aaaaa-aaaaa-cai"))

    assert "with canister id: rwlgt-iiaaa-aaaaa-aaaaa-cai\n" in did(world, "deploy").stderr


def test_a_specified_id_needs_a_name_and_cannot_be_somebody_s(world: World) -> None:
    assert "<CANISTER_NAME>" in misused(world, "deploy", "--specified-id", BACKEND)
    somebody = world.principal("bob")
    said = fails(world, "deploy", "backend", "--specified-id", somebody)
    assert f"cannot have the id {somebody}" in said
    assert not world.state.exists()


@pytest.mark.parametrize("option", ["--by-proposal", "--compute-evidence"])
def test_what_is_about_assets_is_refused(world: World, option: str) -> None:
    assert "are about canisters of assets" in fails(world, "deploy", "backend", option)


# ---------------------------------------------------------------------- modes


def test_an_install_mode_can_be_named(world: World) -> None:
    did(world, "deploy", "backend", "--mode", "install")
    register(world)
    taken = fails(world, "deploy", "backend", "--mode", "install")
    did(world, "deploy", "backend", "--mode", "upgrade")
    assert users(world) == "(1 : nat64)"

    again = did(world, "deploy", "backend", "--mode", "reinstall", "--yes").stderr

    assert (
        "Error: Failed while trying to deploy canisters.\n"
        "Caused by: Failed while trying to install all canisters.\n"
        "Caused by: Failed to install wasm module to canister 'backend'.\n"
        "Caused by: Failed during wasm installation call\n"
        "Caused by: The replica returned a rejection error: reject code CanisterError, reject "
    ) in taken
    assert f"Reinstalled code for canister backend, with canister ID {BACKEND}\n" in again
    assert users(world) == "(0 : nat64)"


@pytest.mark.parametrize("mode", ["install", "reinstall"])
@pytest.mark.parametrize(
    "options", [("--skip-pre-upgrade",), ("--wasm-memory-persistence", "replace")]
)
def test_options_of_an_upgrade_do_not_fit_other_modes(
    world: World, mode: str, options: tuple[str, ...]
) -> None:
    said = fails(world, "deploy", "backend", "--mode", mode, *options)

    assert said == (
        "Error: --skip-pre-upgrade and --wasm-memory-persistence can only be used with mode "
        "'upgrade' or 'auto'.\n"
    )


def test_a_reinstallation_needs_a_name(world: World) -> None:
    assert fails(world, "deploy", "--mode=reinstall", "-y") == (
        "Error: The --mode=reinstall is only valid when deploying a single canister, because "
        "reinstallation destroys all data in the canister.\n"
    )


@pytest.mark.parametrize("answer", ["yes", "y", "YES", "Y"])
def test_a_reinstallation_asks_and_takes_a_yes(world: World, answer: str) -> None:
    did(world, "deploy")
    register(world)

    said = did(world, "deploy", "backend", "--mode=reinstall", typed=f"{answer}\n").stderr

    assert "WARNING!\nYou are about to reinstall the backend canister\n" in said
    assert LOSS in said
    assert "Do you want to proceed? yes/No\n" in said
    assert "Reinstalled code for canister backend" in said
    assert users(world) == "(0 : nat64)"


@pytest.mark.parametrize("answer", ["no\n", "n\n", "\n", "maybe\n", ""])
def test_a_reinstallation_without_approval_changes_nothing(world: World, answer: str) -> None:
    did(world, "deploy")
    register(world)

    said = fails(world, "deploy", "backend", "--mode=reinstall", typed=answer)

    assert LOSS in said
    assert "Caused by: Refusing to install canister without approval\n" in said
    assert "Caused by: User declined consent.\n" in said
    assert users(world) == "(1 : nat64)"
    assert world.run("state", "backups").stdout == "path\tsize\ttaken\n"


def test_what_a_reinstallation_wipes_is_kept_with_its_photos(world: World) -> None:
    did(world, "deploy", "--policy", "faithful")
    register(world)
    photos = Path(f"{world.state}.photos")
    photos.mkdir()

    loud = did(world, "deploy", "backend", "--mode=reinstall", "-y", "-v").stderr

    backup = world.run("state", "backups").stdout.splitlines()[1].split("\t")[0]
    assert f"What it remembered is kept in {backup}.\n" in loud
    assert users(world, "--state", backup) == "(1 : nat64)"
    assert not photos.exists()
    assert Path(f"{backup}.photos").is_dir()
    assert controllers(world) == [world.principal("default")]
    assert world.run("state", "restore", "--yes").exit_code == 0
    assert users(world) == "(1 : nat64)"


def test_a_reinstallation_by_somebody_else_wipes_nothing(world: World) -> None:
    did(world, "deploy")
    register(world)

    said = fails(world, "deploy", "backend", "--mode=reinstall", "-y", "--identity", "bob")

    assert "not part of the controllers" in said
    assert users(world) == "(1 : nat64)"


# ---------------------------------------------------------------------- hooks


def test_a_hook_calls_what_was_just_deployed_with_a_dfx_that_is_ours(world: World) -> None:
    folder = enter(world, with_hooks(post_deploy="sh scripts/seed.sh"))
    (folder / "scripts").mkdir()
    (folder / "scripts" / "seed.sh").write_text(
        f"dfx canister call backend register_user '{USER}' >seeded || exit 1\n"
        "dfx --version\n"
        'echo "on $DFX_NETWORK: $CANISTER_ID $CANISTER_ID_BACKEND"\n'
        'test -f "$CANISTER_CANDID_PATH_BACKEND" && echo has its interface\n'
    )

    done = world.run_apart("deploy")

    assert (done.exit_code, done.stdout) == (0, "")
    assert (
        "Executing 'sh scripts/seed.sh'\n"
        "dfx 0.32.0\n"
        f"on local: {BACKEND} {BACKEND}\n"
        "has its interface\n"
        "Deployed canisters.\n"
    ) in done.stderr
    assert users(world) == "(1 : nat64)"
    assert "User registered successfully" in (folder / "seeded").read_text()


def test_a_hook_works_on_the_state_that_was_named(world: World, tmp_path: Path) -> None:
    enter(world, with_hooks(post_deploy=f"dfx canister call backend register_user '{USER}'"))
    other = tmp_path / f"other{world.state.suffix}"

    did(world, "deploy", "--state", str(other))

    assert users(world, "--state", str(other)) == "(1 : nat64)"
    assert not world.state.exists()


def test_hooks_run_in_their_order_from_the_project_whatever_the_folder(world: World) -> None:
    folder = enter(
        world,
        with_hooks(post_install=["echo one", "touch two"], post_deploy=["sh -c 'echo three; pwd'"]),
    )
    world.folder = folder / "src"
    world.folder.mkdir()

    said = did(world, "deploy").stderr

    assert said.index("\none\n") < said.index("Executing 'touch two'") < said.index("\nthree\n")
    assert f"\n{folder}\n" in said
    assert (folder / "two").exists()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("false", "It ended with exit code 1."),
        ("sh -c 'exit 7'", "It ended with exit code 7."),
        ("no-such-program-anywhere", "No such file or directory"),
        ("echo 'unclosed", "No closing quotation"),
    ],
)
def test_a_hook_that_fails_fails_the_deployment_by_name(
    world: World, command: str, why: str
) -> None:
    enter(world, with_hooks(post_deploy=[command, "echo never"]))

    said = fails(world, "deploy")

    assert f"Error: The command '{command}' of dfx.json failed.\nCaused by: " in said
    assert why in said
    assert "never" not in said
    assert "Deployed canisters." not in said
    assert users(world) == "(0 : nat64)", "it was installed before"


def test_what_would_build_or_come_before_is_not_run_and_told(world: World) -> None:
    folder = enter(world, with_hooks(build="touch built", pre_install=["touch before"]))

    said = did(world, "deploy").stderr

    assert (
        "Not run of dfx.json for backend, whose code is built in: build and pre_install.\n" in said
    )
    assert not (folder / "built").exists()
    assert not (folder / "before").exists()


def test_hooks_of_what_is_not_installed_here_are_not_run(world: World) -> None:
    enter(world, {"canisters": {"frontend": {"type": "assets", "post_install": "false"}}})

    said = did(world, "deploy").stderr

    assert "The hooks of frontend are not run: it is not installed here.\n" in said


# ---------------------------------------------------------------------- .env


def test_the_env_file_gets_a_block_that_is_replaced_in_place(world: World) -> None:
    folder = enter(world, {**BACKEND_ONLY, "output_env_file": ".env"})
    file = folder / ".env"
    file.write_text("MINE=1")
    did(world, "deploy")
    first = file.read_text()

    file.write_text(first + "\nALSO=2\n")
    did(world, "deploy")

    block = (
        "\n# DFX CANISTER ENVIRONMENT VARIABLES\n"
        "DFX_VERSION='0.32.0'\n"
        "DFX_NETWORK='local'\n"
        f"CANISTER_ID_BACKEND='{BACKEND}'\n"
        f"CANISTER_CANDID_PATH_BACKEND='{folder}/.dfx/local/canisters/backend/backend.did'\n"
        f"CANISTER_ID='{BACKEND}'\n"
        f"CANISTER_CANDID_PATH='{folder}/.dfx/local/canisters/backend/backend.did'\n"
        "# END DFX CANISTER ENVIRONMENT VARIABLES"
    )
    assert first == f"MINE=1{block}"
    assert file.read_text() == f"MINE=1{block}\nALSO=2\n"


def test_the_env_file_of_the_option_beats_that_of_dfx_json(world: World) -> None:
    folder = enter(world, {**BACKEND_ONLY, "output_env_file": ".env"})

    did(world, "deploy", "--output-env-file", "other.env")

    assert "CANISTER_ID_BACKEND=" in (folder / "other.env").read_text()
    assert not (folder / ".env").exists()


@pytest.mark.parametrize("outside", ["../evil.env", "/evil.env", "link/evil.env"])
def test_an_env_file_outside_of_the_project_is_refused_before_anything(
    world: World, tmp_path: Path, outside: str
) -> None:
    folder = enter(world, {**BACKEND_ONLY, "output_env_file": outside})
    (folder / "link").symlink_to(tmp_path)

    said = fails(world, "deploy")

    assert "The env file must be within the project" in said
    assert not world.state.exists()
    assert not (tmp_path / "evil.env").exists()


def test_an_init_argument_that_is_no_hex_is_told_of_as_that_of_a_call(world: World) -> None:
    for text, why in (
        ("zz", "Invalid character 'z' at position 0"),
        ("abc", "Odd number of digits"),
    ):
        said = fails(world, "deploy", "backend", "--argument", text, "--argument-type", "raw")

        assert said.endswith(f"Argument is not a valid hex string: {why}\n")


def test_a_canister_that_is_not_there_is_answered_with_each_name_once(world: World) -> None:
    enter(world, WITH_FRONTEND)

    said = fails(world, "deploy", "zzz")

    assert said.endswith("To fix: The canisters are frontend, backend, nft.\n")


def test_no_canister_gets_the_id_of_the_page_that_shows_interfaces(world: World) -> None:
    world.run("canister", "delete", "backend", "--yes")

    said = fails(world, "canister", "create", "backend", "--specified-id", CANDID_UI)

    assert "it is taken" in said
