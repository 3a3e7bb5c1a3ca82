"""The canister `nft`: the collection and its tokens as ICRC-7 has them. Ids are of its rules."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from conftest import NFT, World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_tokens import mint as mint_from_session
from wallet import ONE, ZEROS, ask, log, mint, numbers, of, transfer, vec

from originstamp_cli.candid import Service, parse_service
from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import nft
from originstamp_cli.canister.ledger import collection, icrc7
from originstamp_cli.canister.ledger.accounts import account as core_account
from originstamp_cli.canister.ledger.hashing import Int
from originstamp_cli.canister.ledger.values import candid_value, encoded_size
from originstamp_cli.canister.lifecycle import read_canister, write_canister
from originstamp_cli.canister.records import TABLES
from originstamp_cli.canister.runtime import Call
from originstamp_cli.store import Store

CONTRACTS = ("icrc7.did", "icrc37.did", "icrc3.did", "icrc21.did")
INFERRED = "WARNING: Cannot fetch Candid interface for {}, sending arguments with inferred types.\n"
SIZES = (0, 2**64 - 1, 2**64, 2**128, 2**300)

# Each getter, the key of the same name, and what both say of a collection that all is said of.
GETTERS: list[tuple[str, Any]] = [
    ("icrc7_symbol", "OSTAMP"),
    ("icrc7_name", "Harbours"),
    ("icrc7_description", ["Works on linen"]),
    ("icrc7_logo", ["https://a/logo"]),
    ("icrc7_total_supply", "0"),
    ("icrc7_supply_cap", ["7"]),
    ("icrc7_max_query_batch_size", ["100"]),
    ("icrc7_max_update_batch_size", ["100"]),
    ("icrc7_default_take_value", ["1_000"]),
    ("icrc7_max_take_value", ["10_000"]),
    ("icrc7_max_memo_size", ["512"]),
    ("icrc7_tx_window", ["86_400"]),  # seconds
    ("icrc7_permitted_drift", ["120"]),  # seconds
    ("icrc37_max_approvals_per_token_or_collection", ["100"]),
    ("icrc37_max_revoke_approvals", ["100"]),
]


@pytest.fixture
def bob(world: World) -> str:
    """Bob's principal."""
    return world.principal("bob")


@pytest.fixture
def carol(world: World) -> str:
    """Carol's principal."""
    return world.principal("carol")


def metadata(world: World) -> dict[str, Any]:
    """Return what is said of the collection, by key."""
    pairs = ask(world, "icrc7_collection_metadata")
    assert len({pair["0"] for pair in pairs}) == len(pairs)
    return {pair["0"]: pair["1"] for pair in pairs}


# --- the canister ---


def contract(name: str) -> Service:
    """Return an interface as a standard publishes it."""
    return parse_service(Path(__file__).with_name(name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_types_and_modes_are_those_of_the_standard(name: str) -> None:
    # I7-046, I37-001: every variant and every width
    published, served = contract(name), parse_service(nft.did())

    for method_name, method in published.methods.items():
        found = served.methods[method_name]
        told = (found.args, found.results, found.mode)
        assert told == (method.args, method.results, method.mode), method_name
    types, defined = (service.pack()[0] for service in (published, served))
    assert isinstance(types, tuple)
    assert isinstance(defined, tuple)
    assert set(types) <= set(defined)


def test_nothing_is_served_that_no_standard_publishes() -> None:
    published = [method for name in CONTRACTS for method in contract(name).methods]

    assert sorted(published) == sorted(parse_service(nft.did()).methods)


def test_it_is_called_by_name_and_by_id(world: World) -> None:
    by_id = world.run("canister", "call", NFT, "icrc7_symbol")

    assert by_id == (0, '("OSTAMP")\n', "")
    assert world.run("canister", "id", "nft") == (0, f"{NFT}\n", "")
    assert world.call("icrc7_symbol", canister="nft") == '("OSTAMP")'


def test_the_application_has_no_symbol_and_the_standard_no_minting(world: World) -> None:  # OS-18
    # I7-170, I7-171
    for canister, method in (("backend", "icrc7_symbol"), ("nft", "mint_nft_from_session")):
        result = world.run("canister", "call", canister, method, "()")

        assert (result.exit_code, result.stdout) == (255, "")
        assert f"method '{method}'" in result.stderr


def test_a_stopped_nft_does_not_answer_and_the_backend_does(world: World, bob: str) -> None:
    mint(world, bob, [1])
    with Store(str(world.state), TABLES).write() as state:
        stopped = read_canister(state, nft.NUMBER) | {"status": "stopped"}
        write_canister(state, nft.NUMBER, stopped)

    refused = world.run("canister", "call", "nft", "icrc7_total_supply")

    assert (refused.exit_code, refused.stdout) == (255, "")
    assert f"Canister {NFT} is stopped" in refused.stderr
    assert world.call("icrc7_total_supply") == "(1 : nat64)"


def test_the_standards_listed_are_those_that_are_complete(world: World) -> None:
    # I7-160, I7-161, I7-162, I7-163, I10-01, I10-02, I10-03, I10-04, I10-06, I10-07, I37-002, W-08
    *named, last = ask(world, "icrc10_supported_standards")

    assert named == [
        {"name": name, "url": f"https://github.com/dfinity/ICRC/ICRCs/{name}"}
        for name in ("ICRC-7", "ICRC-10", "ICRC-37", "ICRC-21")
    ]
    log = "https://github.com/dfinity/ICRC-1/tree/main/standards/ICRC-3"
    assert last == {"name": "ICRC-3", "url": log}


# --- the collection ---


@pytest.mark.parametrize(("name", "wanted"), GETTERS, ids=[name for name, _ in GETTERS])
def test_a_getter_and_the_metadata_say_the_same(world: World, name: str, wanted: Any) -> None:
    # I7-050 to I7-064, I7-066, I7-070, I37-005, I37-006, I7-067
    world.call(
        "update_collection_metadata",
        '("Harbours", opt "Works on linen", opt "https://a/logo", opt 7)',
    )

    (kept,) = metadata(world)[name.replace("_", ":", 1)].items()

    content = wanted[0] if isinstance(wanted, list) else wanted
    assert ask(world, name) == wanted
    assert kept == ("Nat" if content[0].isdigit() else "Text", content)


def test_what_is_not_set_has_no_key_and_a_null_getter(
    world: World,
) -> None:  # I7-062, I7-065, I7-075
    world.call("update_collection_metadata", '("Bare", null, null, null)')

    words = ("description", "logo", "supply_cap", "atomic_batch_transfers")
    absent = [f"icrc7_{word}" for word in words]

    assert [ask(world, name) for name in absent] == [[]] * 4
    assert list(metadata(world)) == [
        name.replace("_", ":", 1) for name, _ in GETTERS if name not in absent
    ], "in the order of the standard"


def test_the_limits_agree_with_each_other() -> None:  # I7-043, I7-076
    assert 1 <= collection.DEFAULT_TAKE <= collection.MAX_TAKE
    assert min(collection.MAX_QUERY_BATCH, collection.MAX_UPDATE_BATCH) >= 1
    assert collection.MAX_MEMO_BYTES >= 32


def test_the_supply_is_live_and_no_transfer_changes_it(world: World, bob: str, carol: str) -> None:
    # I7-055, I7-071
    mint(world, bob, [1, 2])
    transfer(world, f"record {{ token_id = 1; to = {of(carol)} }}")

    assert ask(world, "icrc7_total_supply") == "2"
    assert metadata(world)["icrc7:total_supply"] == {"Nat": "2"}


def test_the_cap_is_that_of_the_backend_and_holds(world: World, bob: str) -> None:  # I7-072
    session = world.call("create_physical_art_session", '("a", "T", "")').split('"')[1]
    world.call("update_collection_metadata", '("Few", null, null, opt 1)')

    assert "Ok" in mint_from_session(world, session, of(bob))
    assert "Maximum supply" in mint_from_session(world, session, of(bob))
    assert ask(world, "icrc7_supply_cap") == ["1"]
    assert ask(world, "icrc7_total_supply") == "1"
    assert len(log(world)) == 1


# --- tokens: metadata ---


def test_metadata_is_null_only_where_there_is_no_token(world: World, bob: str) -> None:
    # I7-080, I7-081, I7-034
    mint(world, bob, [1], metadata={})

    assert ask(world, "icrc7_token_metadata", "(vec { 1; 2; 1 })") == [[[]], [], [[]]]


def test_metadata_of_any_shape_is_told_as_it_was_minted(world: World, bob: str) -> None:
    # I7-082, I7-084, I7-085
    tree: Any = {"#": b"\x00\xff", "z": 2**200, "a": ["é", b""]}
    for _ in range(16):
        tree = {"deeper": [tree], "#blob": "no blob"}
    mint(world, bob, [1], metadata={"last:first": tree, "a:b": ""})

    shown = world.call("icrc7_token_metadata", "(vec { 1 })", "--output", "idl", canister="nft")

    assert shown.index("last:first") < shown.index("a:b")
    assert shown.count("Map = ") == 17
    assert f"Nat = {2**200:_} : nat" in shown
    assert 'record { "#"; variant { Blob = blob "\\00\\ff" };}' in shown
    assert log(world)[0]["tx"]["meta"] == {"icrc7:token_metadata": {"last:first": tree, "a:b": ""}}


def test_a_minted_work_tells_its_story_to_wallets(world: World, bob: str) -> None:  # I7-083, W-04
    session = world.call("create_physical_art_session", '("alice", "Harbour", "Oil")').split('"')[1]
    world.call("upload_photo_to_session", f'("{session}", "https://a/1")')
    mint_from_session(world, session, of(bob), extra='record { "medium"; "oil" }')

    ((pairs,),) = ask(world, "icrc7_token_metadata", "(vec { 1 })")

    told = {pair["0"]: pair["1"] for pair in pairs}
    assert told["icrc7:name"] == {"Text": "Harbour - #1"}
    assert told["icrc7:description"] == {"Text": "Oil"}
    assert told["icrc7:image"] == {"Text": "https://a/1"}
    assert told["originstamp:session_id"] == {"Text": session}
    medium = [{"0": "trait_type", "1": {"Text": "medium"}}, {"0": "value", "1": {"Text": "oil"}}]
    assert {"Map": medium} in told["icrc7:attributes"]["Array"]


def test_metadata_that_would_not_fit_into_a_reply_is_left_for_the_next(
    world: World, bob: str
) -> None:
    # I7-032, I7-045
    mint(world, bob, range(1, 6), metadata={"a:b": "x" * 500_000})

    answers = ask(world, "icrc7_token_metadata", "(vec { 9; 1; 2; 3; 4; 5 })")

    assert [bool(answer) for answer in answers] == [False, True, True, True, True]


values = st.recursive(
    st.integers(min_value=0) | st.integers().map(Int) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # as on a busy machine
@given(values)
def test_the_size_of_a_value_is_what_candid_would_write(value: Any) -> None:
    def leb(number: int) -> int:
        return max(1, (number.bit_length() + 6) // 7)

    def size(tag: Any) -> Any:
        if tag.name == "Nat":
            return 1 + leb(tag.value)
        if tag.name == "Int":
            return 1 + ((tag.value if tag.value >= 0 else ~tag.value).bit_length() + 7) // 7
        if tag.name == "Array":
            return 1 + leb(len(tag.value)) + sum(map(size, tag.value))
        if tag.name == "Map":
            names = sum(leb(len(key.encode())) + len(key.encode()) for key, _ in tag.value)
            return 1 + leb(len(tag.value)) + names + sum(size(item) for _, item in tag.value)
        data = tag.value.encode() if tag.name == "Text" else tag.value
        return 1 + leb(len(data)) + len(data)

    assert encoded_size(value) == size(candid_value(value))


# --- tokens: owners and balances ---


def test_owners_are_told_in_order_and_null_where_there_is_no_token(
    world: World, bob: str, carol: str
) -> None:
    # I7-006, I7-030, I7-031, I7-034, I7-090
    mint(world, bob, [7, 3])
    mint(world, carol, [10**30])

    asked = vec([7, 10**30, 0, 3, 7])
    owners = ask(world, "icrc7_owner_of", f"({asked})")

    assert [answer and answer[0]["owner"] for answer in owners] == [bob, carol, [], bob, bob]


@pytest.mark.parametrize("kept", [None, ZEROS], ids=["none", "zeros"])
def test_no_subaccount_and_zeros_are_one_account(
    world: World, bob: str, kept: bytes | None
) -> None:
    # I7-001, I7-002, I7-008, I7-093
    mint(world, bob, [1], subaccount=kept)
    both = [of(bob), of(bob, ZEROS)]

    assert numbers(world, "icrc7_balance_of", f"({vec(both)})") == [1, 1]
    assert [numbers(world, "icrc7_tokens_of", f"({each}, null, null)") for each in both] == [
        [1],
        [1],
    ]
    (owner,) = ask(world, "icrc7_owner_of", "(vec { 1 })")
    assert owner == [{"owner": bob, "subaccount": []}], "the default account has none"
    assert log(world)[0]["tx"]["to"][1:] == ([] if kept is None else [kept]), "I3-27: raw"


def test_two_subaccounts_are_two_owners(world: World, bob: str) -> None:  # I7-004
    mint(world, bob, [1])
    mint(world, bob, [2, 3], subaccount=ONE)

    both = vec([of(bob), of(bob, ONE)])
    assert numbers(world, "icrc7_balance_of", f"({both})") == [1, 2]


def test_an_account_that_nobody_has_owns_nothing(world: World) -> None:  # I7-092, I7-111
    assert numbers(world, "icrc7_balance_of", f"({vec([of('aaaaa-aa')])})") == [0]
    assert numbers(world, "icrc7_tokens_of", f"({of('aaaaa-aa')}, null, null)") == []


def test_a_subaccount_of_another_length_owns_nothing(faithful: World) -> None:  # I7-009, I7-091
    """The backend as deployed lets such an account own a token; the standard knows it not."""
    bob = faithful.principal("bob")
    session = faithful.call("create_physical_art_session", '("a", "T", "")').split('"')[1]
    odd = of(bob, b"abc")
    assert "Ok" in mint_from_session(faithful, session, odd)

    assert numbers(faithful, "icrc7_balance_of", f"({vec([odd])})") == [0]
    assert numbers(faithful, "icrc7_tokens_of", f"({odd}, null, null)") == []
    assert ask(faithful, "icrc7_owner_of", "(vec { 1 })") == [[]]
    assert numbers(faithful, "icrc7_tokens") == [1]


def test_only_as_many_elements_are_answered_as_the_limit_says(world: World, bob: str) -> None:
    # I7-032, I7-033
    mint(world, bob, range(1, 121))
    ids, owners = vec(range(1, 121)), vec([of(bob)] * 120)

    assert len(ask(world, "icrc7_owner_of", f"({ids})")) == 100
    assert len(ask(world, "icrc7_token_metadata", f"({ids})")) == 100
    assert numbers(world, "icrc7_balance_of", f"({owners})") == [120] * 100


def test_an_empty_batch_has_an_empty_answer(world: World) -> None:  # I7-023, I7-040
    for method in ("owner_of", "token_metadata", "balance_of", "transfer"):
        assert ask(world, f"icrc7_{method}", "(vec {})") == []


# --- tokens: pages ---


def test_ids_of_any_size_are_sorted_as_numbers(world: World, bob: str) -> None:
    # I7-005, I7-100, I7-102
    mint(world, bob, reversed(SIZES))
    mint(world, world.principal("carol"), [10, 9, 2])
    everything = sorted([*SIZES, 10, 9, 2])

    assert numbers(world, "icrc7_tokens") == everything
    assert numbers(world, "icrc7_tokens_of", f"({of(bob)}, null, null)") == list(SIZES)
    assert numbers(world, "icrc7_tokens", f"(opt {2**64}, null)") == [2**128, 2**300]
    owners = ask(world, "icrc7_owner_of", f"({vec(SIZES)})")
    assert [owner["owner"] for (owner,) in owners] == [bob] * 5


@pytest.mark.parametrize(
    ("prev", "take", "wanted"),
    [
        pytest.param("opt 3", "null", [5, 7], id="I7-101 prev itself is left out"),
        pytest.param("null", "opt 2", [1, 3], id="I7-102 no prev is the beginning"),
        pytest.param("opt 7", "null", [], id="I7-103 nothing follows the last"),
        pytest.param("opt 1", "opt 9", [3, 5, 7], id="I7-104 a short page is the last"),
        pytest.param("opt 4", "opt 1", [5], id="I7-108 prev need not exist"),
        pytest.param(f"opt {2**300}", "null", [], id="I7-108 nor be of any size"),
        pytest.param("opt 6", "opt 9", [7], id="I7-108 nor be the account's"),
        pytest.param("null", "opt 0", [], id="I7-110 none are taken"),
        pytest.param("null", f"opt {2**300}", [1, 3, 5, 7], id="I7-109 too many are asked for"),
    ],
)
def test_a_page_begins_after_prev(world: World, prev: str, take: str, wanted: list[int]) -> None:
    bob, carol = world.principal("bob"), world.principal("carol")
    mint(world, bob, [7, 1, 5, 3])

    assert numbers(world, "icrc7_tokens", f"({prev}, {take})") == wanted
    mint(world, carol, [6])  # I7-106, I7-111: an account's pages do not know of another's
    assert numbers(world, "icrc7_tokens_of", f"({of(bob)}, {prev}, {take})") == wanted


def test_a_page_holds_1000_unless_asked_and_10000_at_most(fresh: World) -> None:
    # I7-074, I7-105, I7-109
    bob = fresh.ready().principal("bob")
    mint(fresh, bob, range(10_001))

    assert len(numbers(fresh, "icrc7_tokens")) == 1_000
    assert len(numbers(fresh, "icrc7_tokens_of", f"({of(bob)}, null, null)")) == 1_000
    assert len(numbers(fresh, "icrc7_tokens", "(null, opt 10001)")) == 10_000


def test_more_than_was_asked_for_is_overlooked(world: World, bob: str) -> None:  # I7-047
    mint(world, bob, [1, 5])
    account = (
        f'record {{ owner = principal "{bob}"; subaccount = null : opt blob; note = "hello" }}'
    )
    words = (
        *("canister", "call", "nft", "icrc7_tokens_of", "--candid", "/none.did"),
        f"({account}, opt (1 : nat), null, true)",
    )

    assert world.run(*words).stdout == "(vec { 5 : nat })\n"


@pytest.mark.parametrize(
    ("argument", "wanted"),
    [
        pytest.param("()", [1, 5], id="arguments may be left out"),
        pytest.param("(opt (1 : nat64))", [1, 5], id="of another width is not there"),
        pytest.param("(opt (1 : nat))", [5], id="one of two"),
        pytest.param("(null, opt (1 : nat64))", [1, 5], id="nor is a take of another width"),
        pytest.param("(null, null)", [1, 5], id="null"),
    ],
)
def test_what_cannot_be_read_as_an_optional_argument_is_none(
    world: World, bob: str, argument: str, wanted: list[int]
) -> None:
    # I7-047, 7.6: as Candid reads it, and no error
    mint(world, bob, [1, 5])

    words = ("canister", "call", "nft", "icrc7_tokens", "--candid", "/none.did", argument)

    result = world.run(*words, "--output", "json")
    assert (result.exit_code, result.stderr) == (0, INFERRED.format("icrc7_tokens"))
    assert [int(number) for number in json.loads(result.stdout)] == wanted


def test_fields_that_are_missing_in_a_transfer_are_none(world: World, bob: str, carol: str) -> None:
    # I7-047
    mint(world, bob, [1])
    element = f"record {{ token_id = 1 : nat; to = {of(carol)}; note = 7 }}"
    words = ("canister", "call", "nft", "icrc7_transfer", "--candid", "/none.did")

    result = world.run(*words, f"(vec {{ {element} }})", "--identity", "bob")

    assert (result.exit_code, result.stderr) == (0, INFERRED.format("icrc7_transfer"))
    assert log(world)[1]["tx"]["to"] == [Principal.from_text(carol).raw]
    assert set(log(world)[1]["tx"]) == {"tid", "from", "to"}


def test_metadata_has_no_key_twice_whatever_an_artist_adds(world: World, bob: str) -> None:
    # I7-085: what is added are attributes
    session = world.call("create_physical_art_session", '("a", "T", "")').split('"')[1]
    extra = "; ".join(['record { "icrc7:name"; "other" }'] * 2)
    mint_from_session(world, session, of(bob), extra=extra)

    ((pairs,),) = ask(world, "icrc7_token_metadata", "(vec { 1 })")

    keys = [pair["0"] for pair in pairs]
    assert len(set(keys)) == len(keys)
    assert pairs[0] == {"0": "icrc7:name", "1": {"Text": "T - #1"}}


def test_keys_are_of_a_namespace(world: World) -> None:  # I7-050
    for key in metadata(world):
        namespace, colon, name = key.partition(":")
        assert (namespace in {"icrc7", "icrc37"}, colon) == (True, ":")
        assert name


def test_ids_that_would_not_fit_into_a_reply_are_left_for_the_next_page(
    world: World, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # I7-045, I7-005: each takes 10 bytes of the 35 that there are here
    monkeypatch.setattr(icrc7, "MAX_REPLY_BYTES", 35)
    sizes = [2**64 + n for n in range(8)]
    mint(world, bob, sizes)

    pages = [numbers(world, "icrc7_tokens", f"(opt {prev}, null)") for prev in (0, *sizes[2::3])]

    assert pages == [sizes[:3], sizes[3:6], sizes[6:]]


def test_a_page_and_a_balance_read_no_token_of_others(world: World, bob: str, carol: str) -> None:
    # I7-094: what one account costs does not grow with what others hold
    mint(world, carol, range(1_000, 1_200), metadata={})
    mint(world, bob, range(0, 4_000, 400), metadata={})
    holder = core_account(Principal.from_text(bob))

    for name, arguments, answer, documents in (
        ("tokens_of", (holder, None, None), [*range(0, 4_000, 400)], 10),
        ("tokens_of", (holder, 400, 3), [800, 1_200, 1_600], 3),
        ("balance_of", ([holder] * 3,), [10] * 3, 0),
    ):
        with Store(str(world.state), TABLES).read() as state:
            method = nft.find_method(f"icrc7_{name}")
            assert method
            assert method(cast("Call", SimpleNamespace(state=state)), *arguments) == answer
            assert state.documents_decoded == documents


def test_the_backend_says_the_same_of_the_same_tokens(world: World, bob: str, carol: str) -> None:
    mint(world, bob, range(1, 6))
    transfer(world, *(f"record {{ token_id = {n}; to = {of(carol)} }}" for n in (2, 4)))

    def backend(method: str, argument: str | None = None) -> Any:
        return json.loads(world.call(method, argument, "--output", "json"))

    both = f"({vec([of(bob), of(carol)])})"
    ids = f"({vec(range(1, 7))})"
    for method, argument in (
        ("icrc7_balance_of", both),
        ("icrc7_owner_of", ids),
        ("icrc7_tokens", None),
        ("icrc7_tokens_of", f"({of(carol)}, null, null)"),
        ("icrc7_total_supply", None),
        ("icrc7_name", None),
        ("icrc7_description", None),
        ("icrc7_supply_cap", None),
    ):
        assert ask(world, method, argument) == backend(method, argument), method
    assert [token["id"] for token in backend("get_user_nfts", f'(principal "{carol}")')] == [
        "2",
        "4",
    ]
    counters = {pair["0"]: pair["1"] for pair in backend("debug_info")["counters"]}
    assert (counters["tokens"], counters["blocks"]) == ("5", "7")


def test_a_query_makes_no_state_file(fresh: World) -> None:
    fresh.ready()

    assert ask(fresh, "icrc7_tokens") == []
    assert ask(fresh, "icrc7_owner_of", "(vec { 1 })") == [[]]
    assert not fresh.state.exists()
