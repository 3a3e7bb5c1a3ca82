"""Burning, correcting, approving: the ledger by commands for people; accounts as text."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import BACKEND, PROGRAM, World
from terminal import run_on_terminal
from wallet import ask, log

VECTORS = json.loads(Path(__file__).with_name("icrc-vectors.json").read_text())
NASTY = '"quoted" </script><b>&amp;\n\x01\x7f\x9b \U0001f58c'


@pytest.fixture
def opened(world: World) -> str:
    """Open a session and return its id."""
    return world.run("create-session", "alice", "Harbour", "Oil on linen").stdout.strip()


@pytest.fixture
def minted(world: World, opened: str) -> str:
    """Mint a token to bob from a session of default's, and return the session."""
    assert world.run("mint", opened, "--to", "bob").stdout == "1\n"
    return opened


def told(world: World, token: int = 1) -> dict[str, Any]:
    """Return what `nft` says of a token, by key."""
    ((pairs,),) = ask(world, "icrc7_token_metadata", f"(vec {{ {token} }})")
    return {pair["0"]: pair["1"] for pair in pairs}


def uri_json(metadata: dict[str, Any]) -> tuple[str, Any]:
    """Return the JSON of ICRC-97 as text and as what it says."""
    ((_, address),) = metadata["icrc97:metadata"]["Array"][0].items()
    kind, _, data = address.partition(",")
    assert kind == "data:application/json;base64"
    text = base64.b64decode(data, validate=True).decode("ascii")
    return text, json.loads(text)


def test_metadata_is_minted_in_every_key_that_wallets_read(world: World, opened: str) -> None:
    world.run("add-photo", opened, "https://a/1.png")
    world.run("mint", opened, "--to", "bob", "--attribute", "medium=oil")

    found = told(world)

    assert list(found) == [
        *("icrc7:name", "icrc7:description", "icrc7:image", "icrc7:attributes"),
        *("icrc7:metadata:uri:image", "icrc97:metadata"),
        *("originstamp:created_at", "originstamp:session_id"),
    ]
    assert found["icrc7:image"] == found["icrc7:metadata:uri:image"] == {"Text": "https://a/1.png"}
    _, shown = uri_json(found)
    assert (shown["name"], shown["description"]) == ("Harbour - #1", "Oil on linen")
    assert shown["image"] == "https://a/1.png"
    assert {"trait_type": "medium", "value": "oil"} in shown["attributes"]


def test_text_of_a_session_is_escaped_where_it_is_embedded(world: World) -> None:
    session = world.run("create-session", "alice", NASTY, NASTY).stdout.strip()
    world.run("mint", session, "--to", "bob", "--attribute", f"{NASTY}={NASTY}")

    text, shown = uri_json(told(world))

    assert text.isascii()
    assert text.isprintable()
    assert not set(text) & set("<>&")
    assert shown["name"] == f"{NASTY} - #1"
    assert {"trait_type": NASTY, "value": NASTY} in shown["attributes"]


@pytest.mark.usefixtures("minted")
def test_a_token_without_photos_has_an_empty_image_where_one_is_required(world: World) -> None:
    found = told(world)

    assert "icrc7:image" not in found
    assert "icrc7:metadata:uri:image" not in found
    assert uri_json(found)[1]["image"] == ""


def test_what_is_long_is_not_told_twice(world: World, opened: str) -> None:
    world.run("mint", opened, "--to", "bob", "--attribute", "long=" + "x" * 100_000)
    big = 'record { "long"; "' + "x" * 300_000 + '" }'
    to = f'record {{ owner = principal "{world.principal("bob")}" }}'
    typed = f'("{opened}", {to}, vec {{ {big} }})'
    words = ("canister", "call", "backend", "mint_nft_from_session", "--argument-file", "-")
    world.run(*words, typed=typed)

    assert "icrc97:metadata" in told(world, 1)
    assert "icrc97:metadata" not in told(world, 2)


def test_the_holder_burns_a_token_and_its_id_is_not_given_again(world: World, minted: str) -> None:
    world.run("approve", "1", "--spender", "carol", "--identity", "bob")

    assert world.run("burn", "1", "--identity", "bob") == (0, "2\n", "")

    block = log(world)[2]
    assert (block["btype"], block["tx"]["tid"]) == ("7burn", 1)
    assert ask(world, "icrc7_owner_of", "(vec { 1 })") == [[]]
    assert ask(world, "icrc7_token_metadata", "(vec { 1 })") == [[]]
    assert ask(world, "icrc7_total_supply") == "0"
    assert ask(world, "icrc37_get_token_approvals", "(1, null, null)") == []
    assert world.run("mint", minted, "--to", "bob").stdout == "2\n"


@pytest.mark.usefixtures("minted")
def test_nobody_else_burns_a_token_not_even_a_controller(world: World) -> None:
    for who in ("default", "carol", "anonymous"):
        refused = world.run("burn", "1", "--identity", who)
        assert (refused.exit_code, refused.stdout) == (1, "")
    other = world.run("burn", "1", "--identity", "bob", "--from-subaccount", "7")
    assert other.stderr == (
        "Error: Unauthorized: only the account that holds a token may burn it\n"
        "To fix: See who owns it with originstamp show-token.\n"
    )
    assert len(log(world)) == 1


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("y\n", 0)])
def test_on_a_terminal_burning_asks_first(
    world: World, opened: str, answer: str, code: int
) -> None:
    world.run("mint", opened, "--to", "default")

    ended = run_on_terminal([PROGRAM, "burn", "1"], world.variables, [("[y/N] ", answer)])

    assert ended.exit_code == code, ended.shown
    assert "Destroy token 1 of " in ended.shown
    assert ask(world, "icrc7_total_supply") == str(code)


@pytest.mark.usefixtures("minted")
def test_a_correction_is_a_block_with_all_that_the_token_says(world: World) -> None:
    changes = ("--name", "Quay", "--image", "https://a/2.png", "--attribute", "medium=oil")

    assert world.run("update-token", "1", *changes) == (0, "1\n", "")

    block, found = log(world)[1], told(world)
    assert (block["btype"], block["tx"]["tid"]) == ("7update_token", 1)
    assert list(block["tx"]["meta"]["icrc7:token_metadata"]) == list(found)
    assert found["icrc7:metadata:uri:image"] == {"Text": "https://a/2.png"}
    _, shown = uri_json(found)
    assert (shown["name"], shown["image"]) == ("Quay", "https://a/2.png")
    assert {"trait_type": "medium", "value": "oil"} in shown["attributes"]
    assert "name\tQuay\n" in world.run("show-token", "1").stdout
    assert (
        world.run("update-token", "1", *changes).stderr
        == "Nothing changed: the token says so already.\n"
    )
    assert len(log(world)) == 2


@pytest.mark.usefixtures("opened")
def test_only_who_opened_the_session_corrects_its_token(world: World) -> None:
    session = world.run("create-session", "x", "Y", "--identity", "bob").stdout.strip()
    world.run("mint", session, "--to", "carol", "--identity", "bob")

    refused = world.run("update-token", "1", "--name", "Mine", "--identity", "carol")

    assert (refused.exit_code, len(log(world))) == (1, 1)
    assert refused.stderr.startswith("Error: Unauthorized: caller does not own this session")
    assert world.run("update-token", "1", "--name", "Z", "--identity", "bob").exit_code == 0
    assert world.run("update-token", "1", "--name", "W").exit_code == 0, "a controller"


@pytest.mark.usefixtures("minted")
def test_what_the_ledger_keeps_up_is_refused_when_stopped_and_noted_in_the_log(
    world: World,
) -> None:
    world.run("burn", "1")
    world.run("canister", "stop", "backend")
    stopped = world.run("burn", "1", "--identity", "bob")
    world.run("canister", "start", "backend")

    assert stopped.exit_code == 1
    assert stopped.stderr.startswith(f"Error: Canister {BACKEND} is stopped")
    lines = world.run("canister", "logs", "backend").stdout
    assert "mint called by" in lines
    assert "refused: Unauthorized: only the account that holds" in lines
    assert ask(world, "icrc7_total_supply") == "1"


def test_the_symbol_is_set_with_the_rest_and_kept_by_the_application(world: World) -> None:
    assert ask(world, "icrc7_symbol") == "OSTAMP"

    assert world.run("set-collection", "--symbol", "HARB") == (0, "", "")
    world.call("update_collection_metadata", '("Harbours", null, null, null)')

    assert ask(world, "icrc7_symbol") == "HARB"
    assert "symbol\tHARB\n" in world.run("collection").stdout
    for bad in ("", "A B", "x" * 21):
        assert world.run("set-collection", "--symbol", bad).exit_code == 1
    assert world.run("set-collection", "--symbol", "X", "--identity", "bob").exit_code == 1


@pytest.mark.usefixtures("minted")
def test_a_spender_moves_what_is_approved(world: World) -> None:
    world.run("approve", "--collection", "--spender", "carol", "--identity", "bob")

    moved = world.run(
        *("transfer-from", "1", "--from", "bob", "--to", "carol", "--identity", "carol")
    )

    assert moved == (0, "2\n", "")
    assert world.run("balance", "carol").stdout == "1\n"
    assert world.run("list-approvals", "--owner", "bob").stdout.count("\n") == 2


@pytest.mark.parametrize("text", [text for _, _, text in VECTORS["account_text_ok"]])
def test_an_account_is_read_and_written_in_its_text_form(
    world: World, opened: str, text: str
) -> None:
    assert world.run("mint", opened, "--to", text).stdout == "1\n"

    assert world.run("balance", text).stdout == "1\n"
    assert f"owner\t{text}\n" in world.run("show-token", "1").stdout
    assert f"1\t{text}\t" in world.run("list-tokens", "--owner", text).stdout
    world.run("transfer", "1", "--to", text)


@pytest.mark.parametrize("text", VECTORS["account_text_bad"])
def test_an_account_that_is_not_canonical_is_refused_with_a_sentence(
    world: World, text: str
) -> None:
    result = world.run("balance", text)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {text!r} is neither an identity nor an account")
    assert "\nTo fix: Give a principal, an account, or one of " in result.stderr
