"""The official JavaScript library calls every method of ICRC-7, ICRC-37 and ICRC-3 at `nft`.

It knows them as the standards publish them, and nothing of our interface.
"""

import json
from pathlib import Path
from typing import Any

import javascript
import pytest
from conftest import World
from wallet import mint

from originstamp_cli.candid import decode_args
from originstamp_cli.canister import nft
from originstamp_cli.canister.ledger.collection import DEFAULT_TAKE

SCRIPT = javascript.SCRIPTS / "standards.mjs"
OTHERS = {"icrc21_canister_call_consent_message"}  # of what `nft` serves besides
EXPIRES = str(1_700_000_000_000_000_000 + 10**15)


def library(names: dict[str, str], replies: list[str]) -> list[dict[str, Any]]:
    """Return each call as the library makes it, with what it reads in the replies there are."""
    typed = json.dumps({"names": names, "replies": replies})
    script = SCRIPT.read_text(encoding="utf-8")
    return list(json.loads(javascript.run("--input-type=module", "--eval", script, typed=typed)))


@pytest.fixture(scope="module")
def conversation(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Any]:
    """All calls made in order, with their replies: who is in it, and each by its method."""
    home = tmp_path_factory.mktemp("wallet")
    world = World(Path(home) / "home", Path(home) / "work" / "state.db").ready()
    names = {"alice": "default", "bob": "bob", "carol": "carol"}
    principals = {name: world.principal(identity) for name, identity in names.items()}
    mint(
        world, principals["bob"], [1, 2**64], metadata={"icrc7:name": "T", "a:b": [b"\xff", 2**80]}
    )
    replies = [
        world.call(
            *(call["method"], call["sent"], "--type", "raw", "--output", "raw"),
            *("--identity", names[call["by"]]),
            canister="nft",
        )
        for call in library(principals, [])
    ]
    calls = library(principals, replies)
    for call, reply in zip(calls, replies, strict=True):
        call["reply"] = reply
    return principals, {call["method"]: call for call in calls}


def test_every_method_is_called_in_its_mode(conversation: tuple[dict[str, str], Any]) -> None:
    _, calls = conversation
    served = nft.interface().methods

    assert set(calls) == set(served) - OTHERS
    assert {name: call["mode"] for name, call in calls.items()} == {
        name: served[name].mode for name in calls
    }


def test_every_answer_is_the_same_after_the_library(
    conversation: tuple[dict[str, str], Any],
) -> None:
    _, calls = conversation

    for name, call in calls.items():
        types = nft.interface().methods[name].results
        received, again = (bytes.fromhex(call[part]) for part in ("reply", "again"))
        assert decode_args(again, types) == decode_args(received, types), name


def test_the_library_reads_what_is_meant(conversation: tuple[dict[str, str], Any]) -> None:
    names, calls = conversation
    told = {name: call["told"][0] for name, call in calls.items()}

    def of(name: str) -> dict[str, Any]:
        return {"owner": names[name], "subaccount": []}

    approved = {
        "spender": of("carol"),
        "from_subaccount": [],
        "expires_at": [EXPIRES],
        "memo": ["07"],
        "created_at_time": "1700000000000000000",
    }
    tree = {"Array": [{"Blob": "ff"}, {"Nat": str(2**80)}]}
    described = [["icrc7:name", {"Text": "T"}], ["a:b", tree]]
    assert told["icrc7_total_supply"] == "2"
    assert told["icrc7_logo"] == told["icrc7_supply_cap"] == []
    assert told["icrc7_default_take_value"] == [str(DEFAULT_TAKE)]
    assert told["icrc7_token_metadata"] == [[described], []]
    assert told["icrc7_tokens"] == ["1", str(2**64)]
    assert told["icrc7_tokens_of"] == [str(2**64)]
    assert told["icrc7_balance_of"] == ["2", "0"]
    assert told["icrc37_approve_tokens"] == [[{"Ok": "2"}]]
    assert told["icrc37_approve_collection"] == [[{"Ok": "3"}]]
    assert told["icrc37_is_approved"] == [True]
    assert told["icrc37_get_token_approvals"] == [{"token_id": "1", "approval_info": approved}]
    assert told["icrc37_revoke_token_approvals"] == [[{"Ok": "4"}]]
    assert told["icrc37_transfer_from"] == [[{"Ok": "5"}]]
    assert told["icrc37_revoke_collection_approvals"] == [[{"Ok": "6"}]]
    missing = {"Err": {"NonExistingTokenId": None}}
    assert told["icrc7_transfer"] == [[{"Ok": "7"}], [missing]]
    assert told["icrc7_owner_of"] == [[of("alice")], []]


def test_the_library_reads_the_log(conversation: tuple[dict[str, str], Any]) -> None:
    _, calls = conversation
    log = calls["icrc3_get_blocks"]["told"][0]

    assert log["log_length"] == "8"
    assert [block["id"] for block in log["blocks"]] == [str(index) for index in range(8)]
    kinds = [dict(block["block"]["Map"])["btype"]["Text"] for block in log["blocks"]]
    assert kinds == [
        *("7mint", "7mint", "37approve", "37approve_coll", "37revoke", "37xfer"),
        *("37revoke_coll", "7xfer"),
    ]
    types = calls["icrc3_supported_block_types"]["told"][0]
    assert set(kinds) <= {each["block_type"] for each in types}
    assert calls["icrc3_get_archives"]["told"] == [[]]
    assert calls["icrc3_get_tip_certificate"]["told"] == [[]]
