"""A dfx project: its dfx.json, the ids that it keeps, and what a build leaves in it."""

from pathlib import Path

import pytest
from conftest import BACKEND, World
from projects import BACKEND_ONLY, WITH_FRONTEND, did, enter, fails, ids, misused, register, users

OTHER = "rwlgt-iiaaa-aaaaa-aaaaa-cai"
NO_PROJECT = (
    "Error: Cannot find dfx configuration file in the current working directory. "
    "Did you forget to create one?\n"
)


def not_found(name: str, network: str = "") -> str:
    """Return what is said of a canister without an id."""
    return f"Error: Cannot find canister id. Please issue 'dfx canister create {name}{network}'.\n"


# ---------------------------------------------------------------------- canister_ids.json


def test_id_prints_what_canister_ids_json_has(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)
    did(world, "deploy")

    for name in ("backend", "frontend"):
        assert world.run("canister", "id", name) == (0, f"{ids(folder)[name]['local']}\n", "")


def test_canister_ids_json_is_written_as_dfx_does(world: World) -> None:
    folder = enter(world, BACKEND_ONLY)

    said = did(world, "canister", "create", "backend").stderr

    text = (folder / ".dfx" / "local" / "canister_ids.json").read_text()
    assert text == (
        "{\n"
        '  "__Candid_UI": {\n    "local": "bnz7o-iuaaa-aaaaa-qaaaa-cai"\n  },\n'
        f'  "backend": {{\n    "local": "{BACKEND}"\n  }}\n'
        "}"
    )
    assert "WARNING" not in said
    assert not (folder / "canister_ids.json").exists()


def test_id_works_from_a_subdirectory_of_either_kind_of_network(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)
    did(world, "deploy")
    did(world, "canister", "set-id", "backend", OTHER, "--network", "ic")
    before = world.run("canister", "id", "frontend")

    world.folder = folder / "src" / "deep"
    world.folder.mkdir(parents=True)

    assert world.run("canister", "id", "frontend") == before
    assert world.run("canister", "id", "backend", "--network", "ic").stdout == f"{OTHER}\n"


def test_id_of_ic_comes_from_canister_ids_json_and_nothing_else_is_said(world: World) -> None:
    folder = enter(world, BACKEND_ONLY)
    (folder / "canister_ids.json").write_text(f'{{"backend": {{"ic": "{OTHER}"}}}}')

    assert world.run("canister", "id", "backend", "--ic") == (0, f"{OTHER}\n", "")
    assert world.run("canister", "id", "backend") == (0, f"{BACKEND}\n", "")


def test_a_remote_id_of_dfx_json_comes_first(world: World) -> None:
    remote = {"remote": {"id": {"ic": "aaaaa-aa"}}}
    folder = enter(world, {"canisters": {"backend": remote}})
    (folder / "canister_ids.json").write_text(f'{{"backend": {{"ic": "{OTHER}"}}}}')

    assert world.run("canister", "id", "backend", "--ic").stdout == "aaaaa-aa\n"


def test_set_id_writes_the_id_for_the_network_that_is_named(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)

    first = did(world, "canister", "set-id", "frontend", OTHER, "--network", "ic").stderr
    again = did(world, "canister", "set-id", "frontend", "aaaaa-aa", "--network", "ic").stderr

    assert first == (
        f'WARNING: The "{folder}/canister_ids.json" file has been generated. Please make sure you '
        "store it correctly, e.g., submitting it to a GitHub repository.\n"
        f"Set canister id for frontend to {OTHER}\n"
    )
    assert again == "Set canister id for frontend to aaaaa-aa\n"
    assert world.run("canister", "id", "frontend", "--network", "ic").stdout == "aaaaa-aa\n"
    assert fails(world, "canister", "id", "frontend", "--network", "local") == not_found("frontend")


def test_set_id_on_the_local_network_is_for_what_does_not_run_here(world: World) -> None:
    enter(world, WITH_FRONTEND)

    did(world, "canister", "set-id", "frontend", OTHER)
    did(world, "canister", "set-id", "backend", BACKEND)
    refused = fails(world, "canister", "set-id", "backend", OTHER)

    assert world.run("canister", "id", "frontend").stdout == f"{OTHER}\n"
    assert f"On this network backend cannot have the id {OTHER}." in refused
    assert world.run("canister", "id", "backend").stdout == f"{BACKEND}\n"


def test_set_id_needs_a_project_and_a_principal(world: World) -> None:
    assert fails(world, "canister", "set-id", "backend", OTHER, "--ic") == NO_PROJECT
    assert "invalid value 'nobody' for '<PRINCIPAL>'" in misused(
        world, "canister", "set-id", "backend", "nobody"
    )


def test_a_message_names_the_network_unless_it_is_local(world: World) -> None:
    enter(world, WITH_FRONTEND)

    assert fails(world, "canister", "id", "frontend") == not_found("frontend")
    assert fails(world, "canister", "id", "frontend", "--network", "local") == not_found("frontend")
    far = fails(world, "canister", "id", "frontend", "--network", "ic")
    assert far == not_found("frontend", " --network ic")
    called = fails(world, "canister", "call", "frontend", "f", "--network", "http://localhost:4943")
    assert called == not_found("frontend", " --network http___localhost_4943")


def test_a_name_that_is_nearly_known_is_suggested_below_dfx_s_own_line(world: World) -> None:
    enter(world, WITH_FRONTEND)

    for words in (("id", "backedn"), ("call", "backedn", "get_user_count")):
        said = fails(world, "canister", *words)
        assert said == f"{not_found('backedn')}To fix: Did you mean 'backend'?\n"
    assert fails(world, "canister", "id", "wallet") == not_found("wallet")


def test_an_id_is_echoed_as_it_was_given(world: World) -> None:
    for text in (OTHER, "aaaaa-aa", BACKEND):
        assert world.run("canister", "id", text) == (0, f"{text}\n", "")


def test_ids_that_another_network_left_are_not_ours(world: World) -> None:
    """Such as those of a dfx of its own, which was here before."""
    folder = enter(world, WITH_FRONTEND)
    place = folder / ".dfx" / "local"
    place.mkdir(parents=True)
    (place / "canister_ids.json").write_text(f'{{"frontend": {{"local": "{OTHER}"}}}}')

    assert fails(world, "canister", "id", "frontend") == not_found("frontend")
    did(world, "deploy")
    assert ids(folder)["frontend"] != {"local": OTHER}


def test_states_of_their_own_keep_projects_apart(world: World, tmp_path: Path) -> None:
    for name in ("one", "two"):
        world.variables["ORIGINSTAMP_STATE"] = str(tmp_path / name / world.state.name)
        enter(world, WITH_FRONTEND, name)
        did(world, "deploy")

    register(world)
    assert users(world) == "(1 : nat64)"
    world.folder = tmp_path / "one"
    world.variables["ORIGINSTAMP_STATE"] = str(tmp_path / "one" / world.state.name)
    assert users(world) == "(0 : nat64)"


@pytest.mark.parametrize("content", ["", "[]", '{"frontend": "x"}', '{"frontend": {"ic": 1}}'])
def test_a_corrupt_canister_ids_json_is_told_by_its_path(world: World, content: str) -> None:
    folder = enter(world, WITH_FRONTEND)
    file = folder / "canister_ids.json"
    file.write_text(content)

    said = fails(world, "canister", "id", "frontend", "--ic")
    refused = fails(world, "canister", "set-id", "frontend", OTHER, "--ic")

    assert said.startswith(f"Error: failed to parse contents of {file} as json\nCaused by: ")
    assert refused == said
    assert file.read_text() == content


def test_an_id_that_is_none_is_told(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)
    (folder / "canister_ids.json").write_text('{"frontend": {"ic": "not an id"}}')

    said = fails(world, "canister", "id", "frontend", "--ic")

    assert "The id that the project keeps of canister 'frontend' is none: 'not an id'." in said


# ---------------------------------------------------------------------- dfx.json


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("garbage", "expected value at line 1 column 1"),
        ("", "EOF while parsing a value at line 1 column 0"),
        ('{"canisters": {', "EOF while parsing an object at line 1 column 15"),
        ('{"canisters": []}', "canisters: Input should be an object"),
        ('{"networks": {"x": {"type": "odd"}}}', "networks.x.type: Input should be 'ephemeral'"),
    ],
)
def test_a_corrupt_dfx_json_is_told_by_its_full_path_and_place(
    world: World, content: str, why: str
) -> None:
    folder = enter(world, content)

    for words in (("deploy",), ("build",), ("canister", "create", "--all"), ("ping", "near")):
        said = fails(world, *words)
        assert said.startswith(f"Error: failed to parse contents of {folder}/dfx.json as json\n")
        assert why in said
    assert not world.state.exists()


def test_what_does_not_need_dfx_json_does_not_read_it(fresh: World) -> None:
    folder = enter(fresh, "garbage")

    assert fresh.run("identity", "get-principal").exit_code == 0
    assert fresh.run("canister", "call", "backend", "get_user_count").exit_code == 0
    assert fresh.run("canister", "id", "backend").stdout == f"{BACKEND}\n"
    assert fresh.run("ping").exit_code == 0
    assert fresh.run("get-user-count").exit_code == 0
    assert [each.name for each in folder.iterdir()] == ["dfx.json"], "nor is a .dfx made"


def test_a_call_looks_for_no_project(fresh: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.ready()

    def nowhere() -> str:
        raise AssertionError

    monkeypatch.setattr("os.getcwd", nowhere)

    assert fresh.call("get_user_count") == "(0 : nat64)"


def test_a_null_in_dfx_json_is_as_nothing(world: World) -> None:
    enter(world, '{"canisters": {"backend": {"dependencies": null, "post_install": null}}}')

    did(world, "deploy")


def test_what_another_dfx_needs_of_dfx_json_is_left_alone(world: World) -> None:
    config = {
        "version": 1,
        "dfx": "0.15.0",
        "defaults": {"build": {"args": "", "packtool": ""}},
        "canisters": {
            "origin_backend": {"type": "motoko", "main": "m.mo"},
            "backend": {"type": "custom", "wasm": "b.wasm", "candid": "b.did", "gzip": True},
        },
    }
    folder = enter(world, config)
    text = (folder / "dfx.json").read_text()

    said = did(world, "deploy").stderr

    assert "Not built: origin_backend." in said
    assert (folder / "dfx.json").read_text() == text


def test_a_current_folder_that_is_gone_is_told(world: World, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {gone}; rmdir {gone}; {{}} canister id frontend"

    from conftest import PROGRAM

    said = world.shell(script.format(PROGRAM))

    assert (said.exit_code, said.stdout) == (255, "")
    assert "The current folder is gone" in said.stderr


# ---------------------------------------------------------------------- build


def test_a_build_says_so_and_leaves_the_interface_where_dfx_does(world: World) -> None:
    folder = enter(world, BACKEND_ONLY)

    said = did(world, "build").stderr

    served = (
        Path(__file__).parent.parent / "originstamp_cli" / "canister" / "backend.did"
    ).read_text()
    place = folder / ".dfx" / "local" / "canisters" / "backend"
    assert said == "Building canister 'backend'.\nFinished building canisters.\n"
    assert (place / "backend.did").read_text() == served
    assert (place / "service.did").read_text() == served
    assert (place / "init_args.txt").read_text() == "()"
    assert not (place / "backend.wasm").exists(), "there is none, and none is pretended"
    assert "No backend.wasm is written" in did(world, "build", "-v").stderr


def test_a_build_needs_neither_network_nor_password(fresh: World) -> None:
    enter(fresh, BACKEND_ONLY)
    did(fresh, "stop")

    did(fresh, "build", "backend")
    did(fresh, "build", "--all", "--network", "local")

    assert not (fresh.home / ".config" / "dfx").exists()


def test_a_build_for_another_network_uses_its_ids(world: World) -> None:
    folder = enter(world, BACKEND_ONLY)

    missing = fails(world, "build", "backend", "--network", "ic")
    did(world, "canister", "set-id", "backend", OTHER, "--network", "ic")
    did(world, "build", "backend", "--network", "ic", "--output-env-file", ".env")

    assert missing == not_found("backend", " --network ic")
    assert (folder / ".dfx" / "ic" / "canisters" / "backend" / "backend.did").exists()
    assert f"\nCANISTER_ID_BACKEND='{OTHER}'\n" in (folder / ".env").read_text()
    assert "\nDFX_NETWORK='ic'\n" in (folder / ".env").read_text()


def test_a_build_needs_ids_unless_it_only_checks(world: World) -> None:
    enter(world, WITH_FRONTEND)
    did(world, "deploy", "backend")
    did(world, "canister", "delete", "backend", "--yes")

    for name in ("backend", "frontend"):
        assert fails(world, "build", name) == not_found(name)
    checked = did(world, "build", "--check").stderr
    assert checked.startswith(
        "WARNING: Building canisters to check they build ok. "
        "Canister IDs might be hard coded.\nBuilding canister 'backend'.\n"
    )


def test_a_build_of_a_name_that_nobody_knows_is_refused(world: World) -> None:
    outside = fails(world, "build", "nosuch")
    enter(world, BACKEND_ONLY)

    assert outside.startswith(NO_PROJECT)
    assert "Canister 'nosuch' not found in dfx.json." in fails(world, "build", "nosuch")
    assert "cannot be used with '--all'" in misused(world, "build", "backend", "--all")


def test_a_build_fails_where_interface_and_functions_differ(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from originstamp_cli.canister import backend, users

    rooms = {**backend.ROOMS, "users": (*backend.ROOMS["users"], "unasked")}
    rooms["diagnostics"] = tuple(set(rooms["diagnostics"]) - {"debug_info"})
    monkeypatch.setattr(backend, "ROOMS", rooms)
    monkeypatch.setattr(users.get_user_count, "is_query", False)

    said = fails(world, "build", "backend")

    assert "Error: Failed to build canister 'backend'.\n" in said
    assert "Caused by: The method debug_info has no function.\n" in said
    assert "Caused by: The method get_user_count is query, but its function an update.\n" in said
    assert "Caused by: The function unasked has no method.\n" in said


def test_two_deployments_at_once_both_end_well(world: World) -> None:
    folder = enter(world, WITH_FRONTEND)
    from conftest import PROGRAM

    done = world.shell(f"{PROGRAM} deploy & a=$!; {PROGRAM} deploy & b=$!; wait $a && wait $b")

    assert done.exit_code == 0, done.stderr
    assert ids(folder)["backend"] == {"local": BACKEND}
