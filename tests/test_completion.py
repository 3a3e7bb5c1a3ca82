"""What Tab offers, as the scripts of the shells ask for it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BACKEND, NFT, PATIENCE, Result, World
from hypothesis import given
from hypothesis import strategies as st
from test_startup import loaded

from originstamp_cli.cli import completion
from originstamp_cli.cli.completion import MOST_SHOWN
from originstamp_cli.cli.completion.bash_line import BashLine

SCRIPTS = Path(__file__).parent.parent / "completions"
FILES = {"bash": "{}.bash", "zsh": "_{}", "fish": "{}.fish"}


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world for many to look at, with identities default, bob and carol."""
    folder = tmp_path_factory.mktemp("settled")
    return World(folder / "home", folder / "work" / "state.db").ready()


def asked(world: World, *words: str) -> Result:
    """Ask as a shell does, but with time for a busy machine."""
    return world.seen(lambda environment: completion.main(words, environment, budget=PATIENCE))


def offered(world: World, line: str) -> list[str]:
    """Return the lines that a shell gets for words with a blank between; it must be no files."""
    result = asked(world, "zsh", *line.split(" "))
    kind, *lines = result.stdout.splitlines()
    assert (result.exit_code, kind, result.stderr) == (0, "words", "")
    return lines


def words(world: World, line: str) -> list[str]:
    """Return the words that are offered."""
    return [each.partition("\t")[0] for each in offered(world, line)]


MAXIMA = [
    "icrc7_max_query_batch_size",
    "icrc7_max_update_batch_size",
    "icrc7_max_take_value",
    "icrc7_max_memo_size",
]


def everything_below(folder: Path) -> dict[str, bytes]:
    """Return each file with what it holds, and each folder."""
    paths = folder.rglob("*")
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in paths}


@pytest.mark.parametrize("name", ["originstamp", "dfx"])
@pytest.mark.parametrize("shell", FILES)
def test_the_shipped_scripts_are_what_the_program_prints(
    fresh: World, shell: str, name: str
) -> None:
    printed = fresh.run("completions", shell, "--name", name)

    shipped = (SCRIPTS / FILES[shell].format(name)).read_text(encoding="utf-8")
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert printed.stdout == shipped, "stale: run `make generate`"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (
            "identity ",
            [
                *("new", "import", "export", "list", "use", "rename", "remove", "whoami"),
                "get-principal",
            ],
        ),
        ("identity new x --storage-mode ", ["keyring", "password-protected", "plaintext"]),
        ("identity import ", []),
        ("identity export b", ["bob"]),
        ("identity remove c", ["carol"]),
        ("identity rename c", ["carol"]),
        ("identity rename carol ", []),
        ("canister c", ["call", "create"]),
        ("identity use ", ["anonymous", "bob", "carol", "default"]),
        ("--identity c", ["carol"]),
        ("canister --identity c", ["carol"]),
        ("canister --net", ["--network"]),
        ("--network ", ["local", "ic", "playground"]),
        ("balance b", ["bob"]),
        ("mint x --to d", ["default"]),
        ("mint x --to=d", ["--to=default"]),
        ("list-tokens --owner c", ["carol"]),
        ("get-user-count --output ", ["text", "table", "json", "idl"]),
        ("canister call --output ", ["idl", "raw", "pp", "json"]),
        ("canister call --type ", ["idl", "raw"]),
        ("candid ", ["encode", "decode", "check", "subtype", "hash", "random"]),
        ("candid decode --output ", ["pp", "idl", "json"]),
        ("canister call ", ["backend", "nft"]),
        ("candid encode --method log", ["login"]),
        ("candid encode --did shop.did --method log", []),
        (f"canister call {BACKEND} login", ["login"]),
        ("canister call nft icrc7_max", MAXIMA),
        (f"canister call {NFT} icrc7_max", MAXIMA),
        ("canister call aaaaa-aa ", []),
        ("deploy --policy ", ["hardened", "faithful"]),
        ("set-status x ", ["draft", "in_progress", "completed", "archived"]),
        ("list-sessions --status a", ["archived"]),
        ("completions ", ["bash", "zsh", "fish"]),
        ("canister sn", ["snapshot"]),
        ("canister snapshot l", ["load", "list"]),
        ("canister snapshot --identity c", ["carol"]),
        ("canister snapshot load ", ["backend", "nft"]),
        ("canister metadata backend ", ["candid:service"]),
        ("canister update-settings backend --log-visibility ", ["controllers", "public"]),
        ("canister update-settings --add-log-viewer b", ["bob"]),
        ("identity new ", []),
        ("register-user ", []),
        ("set-collection --name ", []),
        ("create-session alice ", []),
        ("nonsense ", []),
        ("nonsense --", []),
        ("identity nonsense ", []),
        ("balance bob --sta", ["--state"]),
        ("balance -- --sta", []),
        ("balance -- b", ["bob"]),
        ("transfer 1 --yes --y", []),
        ("mint x --attribute a=b --attr", ["--attribute"]),
        ("deploy --provisional", []),
        (
            "get-user-count --identity=bob ",
            ["--network", "--state", "--at", "--quiet", "--output", "--help"],
        ),
        ("approve 1 --expires ", ["12h", "1d", "7d"]),
        ("approve 1 --spender b", ["bob"]),
        ("transfer-from 1 --from b", ["bob"]),
        ("list-approvals --owner b", ["bob"]),
    ],
)
def test_what_is_offered_is_what_may_come_next(
    settled: World, line: str, wanted: list[str]
) -> None:
    assert words(settled, line) == wanted


def test_the_program_answers_a_shell(fresh: World) -> None:
    assert fresh.run_apart("__complete", "zsh", "identity", "who") == (
        0,
        "words\nwhoami\tPrint the name of the identity that acts.\n",
        "",
    )


def test_every_command_is_offered_and_no_door(fresh: World) -> None:
    found = words(fresh, "")

    assert {"transfer", "upload", "canister", "identity", "deploy", "completions"} <= set(found)
    assert not [word for word in found if word.startswith("_")]


def test_what_is_offered_says_what_it_is(fresh: World) -> None:
    assert offered(fresh, "transf") == [
        "transfer\tGive a token that you own to somebody else.",
        "transfer-from\tMove a token that its owner approved you for.",
    ]
    assert offered(fresh, "transfer --y") == ["--yes\tDo not ask."]
    assert offered(fresh, "canister call backend get_user_c") == ["get_user_count\tquery"]
    assert offered(fresh, "canister call backend logi") == ["login\tupdate"]
    assert offered(fresh, "canister call nf") == [f"nft\t{NFT}"]


@pytest.mark.parametrize(
    "line",
    [
        *("upload-url x y --file ", "upload-url --file=a", "--state ", "canister --state=x"),
        *("canister call --candid ", "canister call backend login --argument-file x"),
        *("upload x ", "upload x one.png two", "configure-s3 --env-file ", "dfx-shim "),
    ],
)
def test_files_are_left_to_the_shell(fresh: World, line: str) -> None:
    assert asked(fresh, "fish", *line.split(" ")) == (0, "files\n", "")


def test_sessions_are_offered_newest_first(world: World, session_of: Callable[..., str]) -> None:
    world.run("register-user", "alice", "--password-stdin", typed="correct horse")
    older, newer = session_of(title="Harbour"), session_of(title="Lake")
    world.run("set-status", older, "completed")
    both = [f"{newer}\tLake (draft)", f"{older}\tHarbour (completed)"]

    for line in ("show-session ", "upload-url ", "list-tokens --session "):
        assert offered(world, line) == both
    assert offered(world, f"mint {older[:-1]}") == both[1:]


def test_users_and_tokens_are_offered(world: World, session_of: Callable[..., str]) -> None:
    world.run("register-user", "alice", "--password-stdin", typed="correct horse")
    world.run("mint", session_of(title="Harbour"), "--to", "bob")

    assert offered(world, "get-user a") == ["alice"]
    assert words(world, "rename-user ") == ["alice"]
    assert words(world, "list-sessions --user ") == ["alice"]
    assert offered(world, "show-token ") == ["1\tHarbour - #1"]


def test_they_come_from_the_state_that_the_line_names(fresh: World, tmp_path: Path) -> None:
    fresh.ready().run("register-user", "alice", "--password-stdin", typed="correct horse")
    other = fresh.home / "other.json"
    fresh.run("register-user", "zoe", "--password-stdin", "--state", str(other), typed="another")

    assert words(fresh, "get-user ") == ["alice"]
    assert words(fresh, f"get-user --state {other} ") == ["zoe"]
    assert words(fresh, f"--state={other} get-user ") == ["zoe"]
    assert words(fresh, "--state ~/other.json get-user ") == ["zoe"]
    assert words(fresh, "--state ${HOME}/other.json get-user ") == ["zoe"]
    assert words(fresh, f"--state {tmp_path}/none get-user ") == []
    assert words(fresh, "--network local get-user ") == ["alice"]
    fresh.variables["ORIGINSTAMP_STATE"] = str(other)
    assert words(fresh, "get-user ") == ["zoe"]


def test_the_ids_of_snapshots_are_offered(fresh: World) -> None:
    fresh.run("identity", "whoami")
    fresh.run("canister", "stop", "backend")
    made = fresh.run("canister", "snapshot", "create", "backend").stdout.split()[-1]

    assert offered(fresh, "canister snapshot delete backend ") == [made]


@pytest.mark.parametrize("options", ["--network ic ", "--ic ", "--network moon ", "canister --ic "])
def test_nothing_is_asked_of_another_network(fresh: World, options: str) -> None:
    fresh.ready().run("register-user", "alice", "--password-stdin", typed="correct horse")

    result = asked(fresh, "zsh", *f"{options}get-user ".split(" "))

    assert result in {(0, "", ""), (0, "words\n", "")}


@pytest.mark.parametrize(
    "line",
    [
        *("", "identity use ", "--identity ", "show-session ", "get-user ", "balance "),
        *("--identity bob show-token ", "canister call backend ", "--state new.db get-user "),
    ],
)
def test_nothing_is_made_by_looking(fresh: World, line: str) -> None:
    fresh.home.mkdir()

    offered(fresh, line)

    assert everything_below(fresh.home.parent) == {str(fresh.home): b""}


def test_nothing_is_changed_by_looking(world: World, session_of: Callable[..., str]) -> None:
    session_of()
    before = everything_below(world.home.parent)

    for line in ("show-session ", "get-user ", "show-token ", "--identity "):
        offered(world, line)

    assert everything_below(world.home.parent) == before


def test_a_damaged_state_offers_nothing_and_says_nothing(fresh: World) -> None:
    fresh.ready().state.parent.mkdir(exist_ok=True)
    fresh.state.write_text("This is no state.")

    assert asked(fresh, "zsh", "show-session", "") == (0, "", "")
    assert words(fresh, "show-sess") == ["show-session"]


def test_a_folder_of_identities_that_is_none_offers_nothing(fresh: World) -> None:
    (fresh.home / ".config" / "dfx").mkdir(parents=True)
    (fresh.home / ".config" / "dfx" / "identity").touch()

    assert asked(fresh, "zsh", "identity", "use", "") == (0, "", "")


@pytest.mark.parametrize(
    "question", [[], ["bash"], ["bash", "originstamp x"], ["zsh"], ["zsh", "\udc80"]]
)
def test_a_question_that_makes_no_sense_has_no_answer(fresh: World, question: list[str]) -> None:
    result = fresh.run("__complete", *question)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout in {"", "words\n"}


def test_a_state_that_somebody_holds_is_not_waited_for(fresh: World) -> None:
    fresh.ready().run("register-user", "alice", "--password-stdin", typed="correct horse")
    holder = sqlite3.connect(fresh.state, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    done = fresh.process("__complete", "zsh", "get-user", "", timeout=9)  # a call would wait 10 s

    holder.close()
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_tab_loads_nothing_that_looking_does_not_need(fresh: World) -> None:
    modules = loaded(fresh, "__complete", "zsh", "show-session", "")

    assert "originstamp_cli.cli.completion" in modules
    assert not modules & {"rich", "pydantic", "boto3", "argon2", "cryptography", "keyring"}


def test_what_others_wrote_is_kept_to_one_harmless_line(fresh: World) -> None:
    fresh.ready().run("deploy", "--policy", "faithful")
    title = "two\\nlines\\09\\1b[31m\\e2\\80\\ae" + "x" * 200
    fresh.call("create_physical_art_session", f'("alice", "{title}", "")')

    (line,) = offered(fresh, "show-session ")

    assert line.partition("\t")[2] == "two lines [31m " + "x" * 44 + "…"


def test_names_that_would_not_arrive_as_they_are_are_not_offered(fresh: World) -> None:
    fresh.ready().run("deploy", "--policy", "faithful")
    for name in ("\\n", "a\\09b", "-rf", "--policy", "\\1b[31m", "good", "x y"):
        fresh.call("register_user", f'("{name}", "correct horse")')

    assert offered(fresh, "get-user ") == ["good", "x y"]


def test_no_more_is_offered_than_can_be_looked_through(fresh: World) -> None:
    fresh.ready().run("deploy", "--policy", "faithful")
    for number in range(MOST_SHOWN + 1):
        fresh.call("create_physical_art_session", f'("alice", "{number}", "")')

    assert len(offered(fresh, "show-session ")) == MOST_SHOWN


@pytest.mark.parametrize(
    ("line", "replaced", "replies"),
    [
        ("originstamp identity use b", "b", ["bob"]),
        ("originstamp identity use 'b", "b", ["bob"]),
        ("originstamp identity use b\\o", "b\\o", ["bob"]),
        ('originstamp identity use b"o', "o", ["ob"]),
        ("originstamp completions --name=", "", ["originstamp", "dfx"]),
        ("originstamp completions --name=d", "d", ["dfx"]),
        ("originstamp completions --name='d", "d", ["dfx"]),
        ("originstamp completions --name d", "d", ["dfx"]),
        ("originstamp '' identity", "identity", []),
    ],
)
def test_bash_gets_what_stands_in_place_of_what_it_replaces(
    settled: World, line: str, replaced: str, replies: list[str]
) -> None:
    printed = asked(settled, "bash", line, replaced).stdout

    assert printed.splitlines() == ["words", *replies]


@given(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" ")))
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_what_is_written_for_bash_reads_the_same(quote: str, word: str) -> None:
    written = BashLine(f"x {quote}").reply(word, "")

    assert BashLine(f"x {quote}{written}{quote}").words == ["x", word]
