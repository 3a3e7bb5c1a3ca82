"""States as each version of the schema has them, and what they answer: tests/states/VERSION/.

Run as `python tests/states.py` by the last program that writes a version, before the next one comes
to be; it plays one story on either kind of file and asks everything that does not depend on what
the program itself is. The files are kept as they are: nothing can make them again later.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from conftest import Result, World

from originstamp_cli.store import Store

FOLDER = Path(__file__).parent / "states"
NAMES = ("state.db", "state.json")
ANSWERS = "answers.json"
_SETTLED: dict[str, bytes] = {}

ALICE, BOB, CAROL = "default", "bob", "carol"
MEDIUM = 'vec { record { "medium"; "oil" }; record { "year"; "2026" } }'
SUBACCOUNT = 'blob "' + "\\00" * 31 + '\\07"'
ZEROS = 'blob "' + "\\00" * 32 + '"'
NOW = "1_700_000_000_000_000_000"


def story(world: World) -> dict[str, str]:
    """Play the story, and return what each query answers at its end."""
    alice, bob, carol = (world.principal(name) for name in (ALICE, BOB, CAROL))
    world.call("register_user", '("alice", "correct horse")')
    world.call("register_user", '("bob", "battery staple")', "--identity", BOB)
    harbour, dunes, empty = (_session(world, title) for title in ("Harbour", "Dunes", "Empty"))
    for url in ("https://example.com/1.png", "file:///photos/2.png", "ipfs://3"):
        world.call("upload_photo_to_session", f'("{harbour}", "{url}")')
    world.call("remove_photo_from_session", f'("{harbour}", "ipfs://3")')
    world.call("update_session_status", f'("{harbour}", "completed")')
    world.call("update_collection_metadata", '("Harbours", opt "Works", null, opt 100)')
    recipients = [
        f'record {{ owner = principal "{alice}" }}',
        f'record {{ owner = principal "{bob}"; subaccount = opt {SUBACCOUNT} }}',
        f'record {{ owner = principal "{carol}"; subaccount = opt {ZEROS} }}',
        f'record {{ owner = principal "{alice}" }}',
        f'record {{ owner = principal "{alice}" }}',
    ]
    for session, recipient in zip(
        (harbour, harbour, dunes, dunes, harbour), recipients, strict=True
    ):
        world.call("mint_nft_from_session", f'("{session}", {recipient}, {MEDIUM})')
    _transfers(world, recipients)
    return {
        line: world.call(*line.split(" ", 2)[1:], canister=line.split(" ", 1)[0])
        for line in (
            *_about_people(harbour, empty, (alice, bob, carol)),
            *_about_tokens(harbour, recipients),
        )
    }


def _session(world: World, title: str) -> str:
    reply = world.call("create_physical_art_session", f'("alice", "{title}", "Oil — on linen")')
    return reply.split('"')[1]


def _transfers(world: World, recipients: list[str]) -> None:
    world.call(
        "icrc7_transfer",
        f"(vec {{ record {{ from = {recipients[0]}; to = {recipients[1]}; token_id = 1 }} }})",
    )
    for token, more in ((4, f'memo = opt blob "with love"; created_at_time = opt {NOW}'), (5, "")):
        asked = f"record {{ to = {recipients[2]}; token_id = {token}; {more} }}"
        world.call("icrc7_transfer", f"(vec {{ {asked} }})", canister="nft")
    asked = f"record {{ to = {recipients[0]}; token_id = 5 }}"
    world.call("icrc7_transfer", f"(vec {{ {asked} }})", "--identity", CAROL, canister="nft")


def _about_people(session: str, empty: str, people: tuple[str, ...]) -> list[str]:
    return [
        "backend get_all_users ()",
        "backend get_user_count ()",
        'backend get_user_info ("alice")',
        'backend get_user_info ("nobody")',
        f'backend get_session_details ("{session}")',
        f'backend get_session_details ("{empty}")',
        'backend get_user_sessions ("alice")',
        "backend get_session_count ()",
        "backend get_recent_sessions (10)",
        "backend get_dashboard_metrics ()",
        *(f'backend get_user_nfts (principal "{each}")' for each in people),
    ]


def _about_tokens(session: str, recipients: list[str]) -> list[str]:
    ids = "vec { 1; 2; 3; 4; 5; 6 }"
    accounts = "; ".join(recipients[:3])
    return [
        f'backend get_session_nfts ("{session}")',
        *(f"backend get_token_details ({number})" for number in range(1, 7)),
        "backend icrc7_name ()",
        "backend icrc7_description ()",
        "backend icrc7_supply_cap ()",
        *(f"{each} icrc7_total_supply ()" for each in ("backend", "nft")),
        *(f"{each} icrc7_tokens (null, null)" for each in ("backend", "nft")),
        *(f"{each} icrc7_owner_of ({ids})" for each in ("backend", "nft")),
        *(f"{each} icrc7_token_metadata ({ids})" for each in ("backend", "nft")),
        *(f"{each} icrc7_balance_of (vec {{ {accounts} }})" for each in ("backend", "nft")),
        *(
            f"{each} icrc7_tokens_of ({recipient}, null, null)"
            for each in ("backend", "nft")
            for recipient in recipients[:3]
        ),
    ]


def settle(world: World) -> None:
    """Have a state with everything in it, of the version that is written now."""
    name = world.state.name
    world.state.parent.mkdir(parents=True, exist_ok=True)
    if name not in _SETTLED:
        shutil.copyfile(FOLDER / "1" / name, world.state)
        world.run("canister", "call", "backend", "get_user_count")
        _SETTLED[name] = world.state.read_bytes()
        for backup in world.run("state", "backups").stdout.splitlines()[1:]:
            Path(backup.split("\t")[0]).unlink()
    world.state.write_bytes(_SETTLED[name])


# Runs command lines one after the other as an unprivileged user. Each is run elsewhere before, so
# that all it needs is loaded: the interpreter itself may be where such a user cannot look.
_AS_NOBODY = """
import io, json, os, shutil, sys, tempfile
from originstamp_cli.__main__ import dispatch
from originstamp_cli.settings import Environment
from store_helpers import become_nobody
lines, state = json.loads(sys.argv[1]), sys.argv[2]
def run(words, state, home):
    streams = {name: io.StringIO() for name in ("stdin", "stdout", "stderr")}
    variables = {"HOME": home, "ORIGINSTAMP_STATE": state, "DFX_IDENTITY": "anonymous"}
    code = dispatch(words, Environment(variables=variables, **streams))
    return code, streams["stdout"].getvalue(), streams["stderr"].getvalue()
folder = os.path.dirname(state)
with tempfile.TemporaryDirectory() as elsewhere:
    shutil.copytree(folder, elsewhere + "/work")
    other = elsewhere + "/work/" + os.path.basename(state)
    os.chmod(other, 0o600)
    for words in lines:
        run([word.replace(folder, elsewhere + "/work") for word in words], other, elsewhere)
become_nobody()
print(json.dumps([run(words, state, os.path.dirname(folder) + "/home") for words in lines]))
"""


def run_as_nobody(state: Path, *lines: list[str]) -> list[Result]:
    """Run command lines on a state as an unprivileged user, to whom permissions mean something."""
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, json.dumps(lines), str(state)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Result(*each) for each in json.loads(done.stdout)]


def make() -> None:
    """Write the states of the schema that this program has."""
    target = FOLDER / str(Store.schema_version)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        World(Path(folder, "first"), Path(folder, "none")).ready()  # the others are as the second
        worlds = [World(Path(folder, f"home of {name}"), Path(folder, name)) for name in NAMES]
        answers, same = [story(world.ready()) for world in worlds]
        if answers != same:
            raise AssertionError("The two kinds of file do not answer the same.")
        for world in worlds:
            shutil.copyfile(world.state, target / world.state.name)
    text = json.dumps(answers, indent=1, ensure_ascii=False, sort_keys=True)
    (target / ANSWERS).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    make()
