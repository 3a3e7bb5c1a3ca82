"""Approving, revoking, moving by approval, correcting and burning, as people type it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import PROGRAM, START, World
from terminal import run_on_terminal
from test_nft_transfer import DAY, stop_clock
from wallet import approval, ask, of, record, vec

from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.types import Opt, Variant, Vec
from originstamp_cli.candid.values import Tag
from originstamp_cli.canister import clock, nft
from originstamp_cli.canister.ledger.accounts import account, account_text
from originstamp_cli.cli.transaction import WORDS, block_of
from originstamp_cli.errors import Refused

HEADER = "spender\texpires\tcreated\tmemo\n"
NO_TOKEN = "Error: There is no token 9.\nTo fix: See the ids with originstamp list-tokens.\n"
NOT_FOUND = "Error: Token not found\nTo fix: See the ids with originstamp list-tokens.\n"
ANONYMOUS = (
    "Error: Anonymous calls not allowed\nTo fix: Act as one of your identities, with --identity.\n"
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world of one kind of state file: what is typed and told here is the same on both."""
    return World(tmp_path / "home", tmp_path / "work" / "state.db").ready()


@pytest.fixture
def works(world: World) -> World:
    """A world where the default identity opened a session and has its tokens 1 and 2."""
    session = world.run("create-session", "alice", "Harbour").stdout.strip()
    for token in ("1\n", "2\n"):
        assert world.run("mint", session, "--to", "default").stdout == token
    return world


def done(world: World, *words: str) -> int:
    """Run a command that must succeed silently, and return the block's index that it printed."""
    result = world.run(*words)
    assert (result.exit_code, result.stderr) == (0, ""), result
    return int(result.stdout)


def refused(world: World, *words: str) -> str:
    """Run a command that must be refused, and return what it said."""
    result = world.run(*words)
    assert (result.exit_code, result.stdout) == (1, ""), result
    return result.stderr


def listed(world: World, *words: str) -> list[list[str]]:
    """Return the lines of a list of approvals."""
    result = world.run("list-approvals", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(HEADER)
    return [line.split("\t") for line in result.stdout.splitlines()[1:]]


def block(world: World, index: int) -> Any:
    """Return a block of the log."""
    return json.loads(world.run("blocks", str(index), "--output", "json").stdout)


def owner(world: World, token: int) -> str:
    """Return who holds a token."""
    return world.run("show-token", str(token)).stdout.splitlines()[2].removeprefix("owner\t")


def ask_for(token: int, info: str) -> str:
    """Return one element of a batch of approvals in Candid text."""
    return record(token_id=str(token), approval_info=info)


# --- approving ---


def test_a_market_sells_what_it_was_approved_for(works: World) -> None:
    # W-10: approve, check, transfer, and no approval is left.
    bob, carol = works.principal("bob"), works.principal("carol")
    assert done(works, "approve", "1", "--spender", "bob", "--expires", "7d") == 2
    ((spender, expires, created, memo),) = listed(works, "1")
    assert (spender, memo) == (bob, "")
    assert int(expires) == int(created) + 7 * DAY
    assert ask(
        works, "icrc37_is_approved", f"(vec {{ record {{ spender = {of(bob)}; token_id = 1 }} }})"
    ) == [True]

    sold = done(works, "transfer-from", "1", "--from", "default", "--to", "carol", *by("bob"))

    assert sold == 3
    assert owner(works, 1) == carol
    assert listed(works, "1") == []
    assert block(works, 3)["btype"] == "37xfer"
    again = refused(works, "transfer-from", "1", "--from", "carol", "--to", "bob", *by("bob"))
    assert again == (
        f"Error: Token 1 is not held by {carol}, or no approval lets you move it.\n"
        "To fix: See originstamp show-token and originstamp list-approvals.\n"
    )


def by(name: str) -> tuple[str, str]:
    return "--identity", name


def test_an_approval_of_all_is_for_tokens_that_come_later_too(works: World) -> None:
    done(works, "approve", "--collection", "--spender", "bob", "--memo", "for the fair")

    assert [line[3] for line in listed(works)] == ["for the fair"]
    assert listed(works) == listed(works, "--owner", "default")
    assert listed(works, "--owner", "bob") == listed(works, "1") == []
    for token in ("1", "2"):
        done(works, "transfer-from", token, "--from", "default", "--to", "bob", *by("bob"))
    assert works.run("balance", "bob").stdout == "2\n"


def test_an_approval_ends_when_it_says(works: World) -> None:
    done(works, "approve", "1", "--spender", "bob", "--expires", "12h")
    assert len(listed(works, "1")) == 1

    stop_clock(works, START + DAY)

    assert listed(works, "1") == []
    assert "no approval lets you move it" in refused(
        works, "transfer-from", "1", "--from", "default", "--to", "bob", *by("bob")
    )


def test_an_approval_is_of_the_networks_time(works: World) -> None:
    works.run(["state", "clock"][0], "clock", "2030-01-01")

    done(works, "approve", "1", "--spender", "bob", "--expires", "2030-01-02")

    ((_, expires, created, _),) = listed(works, "1")
    assert clock.shown(int(created)) == "2030-01-01T00:00:00Z"
    assert int(expires) == int(created) + DAY


def test_an_approval_of_an_old_time_is_made_at_the_newest_records(works: World) -> None:
    result = works.run("approve", "1", "--spender", "bob", "--at", "2001-01-01")

    assert (result.exit_code, result.stdout) == (0, "2\n")
    assert result.stderr.startswith("WARNING: 2001-01-01T00:00:00Z is before the newest record")


def test_a_subaccounts_tokens_are_approved_for_and_moved_by_themselves(works: World) -> None:
    mine = Principal.from_text(works.principal("default"))
    seventh = account_text(account(mine, bytes(31) + b"\x07"))
    ninth = account_text(account(Principal.from_text(works.principal("bob")), bytes(31) + b"\x09"))
    done(works, "transfer", "1", "--to", seventh)

    denied = refused(works, "approve", "1", "--spender", ninth)
    done(works, "approve", "1", "--spender", ninth, "--from-subaccount", "7")
    move = ("transfer-from", "1", "--from", seventh, "--to", "carol", *by("bob"))

    assert denied.startswith(f"Error: Token 1 is not held by {mine.text}.\n")
    assert [line[0] for line in listed(works, "1")] == [ninth]
    assert "no approval lets you" in refused(works, *move)
    done(works, *move, "--spender-subaccount", "9", "--memo", "sold")
    assert owner(works, 1) == works.principal("carol")
    assert block(works, 4)["tx"]["memo"] == b"sold".hex()


def test_approvals_are_revoked_by_spender_or_all_at_once(works: World) -> None:
    for spender in ("bob", "carol", "anonymous"):
        done(works, "approve", "1", "--spender", spender)
        done(works, "approve", "--collection", "--spender", spender)

    assert done(works, "revoke", "1", "--spender", "bob") == 8
    left = [line[0] for line in listed(works, "1")]
    assert sorted(left) == sorted(["2vxsx-fae", works.principal("carol")])
    assert done(works, "revoke", "1") == 9
    assert listed(works, "1") == []
    assert len(listed(works)) == 3  # of the account, which are others
    assert done(works, "revoke", "--collection", "--spender", "carol") == 10
    assert done(works, "revoke", "--collection") == 11
    assert listed(works) == []
    assert works.run("verify-ledger").exit_code == 0


def test_the_most_approvals_that_may_stand_are_listed_and_no_more_made(works: World) -> None:
    spenders = [Principal(number.to_bytes(2, "big") + b"\x01").text for number in range(100)]
    wanted = [ask_for(1, approval(of(each), at=START)) for each in spenders]
    ask(works, "icrc37_approve_tokens", f"({vec(wanted)})")

    assert [line[0] for line in listed(works, "1")] == spenders
    assert refused(works, "approve", "1", "--spender", "bob") == (
        "Error: There are 100 approvals already, which is the most.\n"
        "To fix: End some of them with originstamp revoke.\n"
    )


def test_a_memo_that_is_no_text_is_shown_in_hex(works: World) -> None:
    info = approval(of(works.principal("bob")), at=START, memo=b"\xff\x00")
    ask(works, "icrc37_approve_tokens", f"({vec([ask_for(1, info)])})")

    assert [line[3] for line in listed(works, "1")] == ["0xff00"]


def test_a_memo_cannot_play_tricks_on_a_terminal(works: World) -> None:
    done(works, "approve", "1", "--spender", "bob", "--memo", "red\x1b[31m\ttab")

    assert [line[3] for line in listed(works, "1")] == ["red\\u{1b}[31m\\ttab"]


REFUSALS = [
    (("approve", "9", "--spender", "bob"), NO_TOKEN),
    (("revoke", "9"), NO_TOKEN),
    (("list-approvals", "9"), NO_TOKEN),
    (("transfer-from", "9", "--from", "default", "--to", "bob"), NO_TOKEN),
    (("burn", "9"), NOT_FOUND),
    (("update-token", "9", "--name", "N"), NOT_FOUND),
    (
        ("approve", "1", "--spender", "default"),
        (
            "Error: Nobody needs an approval for tokens of their own.\n"
            "To fix: Give another as --spender.\n"
        ),
    ),
    (
        ("approve", "1", "--spender", "bob", "--expires", "2001-01-01"),
        (
            "Error: The approval would have expired already.\n"
            "To fix: Give a later time as --expires.\n"
        ),
    ),
    (
        ("approve", "1", "--spender", "bob", "--memo", "x" * 513),
        "Error: The memo has more than 512 bytes.\nTo fix: Give a shorter one as --memo.\n",
    ),
    (
        ("revoke", "1"),
        (
            "Error: There is no such approval.\n"
            "To fix: See those that stand with originstamp list-approvals.\n"
        ),
    ),
    (
        ("revoke", "--collection", "--spender", "bob"),
        (
            "Error: There is no such approval.\n"
            "To fix: See those that stand with originstamp list-approvals.\n"
        ),
    ),
    (
        ("transfer-from", "1", "--from", "default", "--to", "default"),
        "Error: Token 1 would stay where it is.\nTo fix: Give another as --to.\n",
    ),
    *(
        ((*words, "--identity", "anonymous"), ANONYMOUS)
        for words in (
            ("approve", "--collection", "--spender", "bob"),
            ("revoke", "--collection"),
            ("transfer-from", "1", "--from", "default", "--to", "bob"),
            ("burn", "1"),
            ("update-token", "1", "--name", "N"),
        )
    ),
]


@pytest.mark.parametrize(("words", "told"), REFUSALS, ids=lambda each: " ".join(each)[:40])
def test_what_is_refused_is_said_exactly_and_changes_nothing(
    works: World, words: tuple[str, ...], told: str
) -> None:
    before = works.run("blocks").stdout

    assert refused(works, *words) == told

    assert works.run("blocks").stdout == before


@pytest.mark.parametrize(
    "words", [("approve", "1", "--spender", "carol"), ("revoke", "1")], ids=lambda words: words[0]
)
def test_nobody_but_the_holder_decides_about_approvals(
    works: World, words: tuple[str, ...]
) -> None:
    done(works, "approve", "1", "--spender", "bob")

    assert refused(works, *words, *by("bob")) == (
        f"Error: Token 1 is not held by {works.principal('bob')}.\n"
        "To fix: See who owns it with originstamp show-token.\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("approve", "--spender", "bob"), "An approval is for one token, or for all of an account"),
        (("approve", "1", "--collection", "--spender", "bob"), "An approval is for one token, or"),
        (("revoke",), "An approval is for one token, or for all of an account"),
        (("revoke", "1", "--collection"), "An approval is for one token, or for all"),
        (("list-approvals", "1", "--owner", "bob"), "TOKEN and --owner ask for two lists"),
        (("approve", "1", "--spender", "bob", "--expires", "soon"), "'soon' cannot be when it exp"),
        (
            ("approve", "1", "--spender", "bob", "--expires", "999999999999w"),
            "'999999999999w' cannot be when it expires: it is after July 2554, where time ends.",
        ),
        (("approve", "1", "--spender", "bob", "--from-subaccount", "xyz"), "'xyz' is not a suba"),
        (("burn", "1", "--from-subaccount", "xyz"), "'xyz' is not a subaccount"),
        (("update-token", "1"), "There is nothing to change"),
        (("update-token", "1", "--attribute", "oil"), "'oil' is not an attribute"),
        (("set-collection",), "There is nothing to set"),
    ],
)
def test_what_cannot_be_understood_is_no_call(
    works: World, words: tuple[str, ...], told: str
) -> None:
    before = works.run("blocks").stdout

    result = works.run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {told}")
    assert "\nTo fix: " in result.stderr
    assert works.run("blocks").stdout == before


# --- the words ---


def errors_of(method: str) -> set[str]:
    """Return the errors that a method of the ledger may answer."""
    (answers,) = nft.interface().methods[method].results
    assert isinstance(answers, Vec)
    assert isinstance(answers.inner, Opt)
    result = answers.inner.inner.resolve()
    assert isinstance(result, Variant)
    (error,) = (field.type.resolve() for field in result.fields if field.label == "Err")
    assert isinstance(error, Variant)
    return {str(field.label) for field in error.fields}


def test_every_error_of_the_standards_has_its_sentence() -> None:
    # W-06
    updates = [name for name, method in nft.interface().methods.items() if method.mode != "query"]
    named = [errors_of(name) for name in updates if not name.startswith("icrc21_")]

    assert len(named) == 6
    assert set().union(*named) == set(WORDS)


ABOUT: dict[str, Any] = {"token": 1, "holder": "2vxsx-fae"}


@pytest.mark.parametrize("answer", [[], [None]])
def test_an_answer_that_holds_nothing_is_a_failure(answer: list[Tag | None]) -> None:
    # W-06
    with pytest.raises(Refused, match="The ledger did not answer what became of it"):
        block_of("icrc37_transfer_from", answer, ABOUT)


@pytest.mark.parametrize(
    ("error", "sentence", "fix"),
    [
        (
            Tag("Duplicate", {"duplicate_of": 7}),
            "This was done before.",
            "See it with originstamp blocks 7.",
        ),
        (
            Tag("TooOld"),
            "The request is too old to tell whether it was made before.",
            "Make it again now.",
        ),
        (
            Tag("CreatedInFuture", {"ledger_time": START}),
            f"The request is of a time to come: it is {clock.shown(START)} now.",
            "Set the clock with originstamp state clock.",
        ),
        (Tag("GenericError", {"error_code": 1, "message": "No {luck}."}), "No {luck}.", None),
        (Tag("GenericBatchError", {"error_code": 123, "message": "Too many."}), "Too many.", None),
    ],
    ids=lambda each: each.name if isinstance(each, Tag) else "",
)
def test_an_error_that_is_hard_to_come_by_is_told_too(
    error: Tag, sentence: str, fix: str | None
) -> None:
    with pytest.raises(Refused, match=re.escape(sentence)) as refusal:
        block_of("icrc37_approve_tokens", [Tag("Err", error)], ABOUT)

    assert (refusal.value.message, refusal.value.fix) == (sentence, fix)


# --- burning and correcting ---


def test_only_the_holder_burns_and_nothing_is_left(works: World) -> None:
    # I7-173
    done(works, "approve", "1", "--spender", "bob")
    assert refused(works, "burn", "1", *by("bob")) == (
        "Error: Unauthorized: only the account that holds a token may burn it\n"
        "To fix: See who owns it with originstamp show-token.\n"
    )

    burned = done(works, "burn", "1", "--memo", "lost in a fire")

    assert block(works, burned)["btype"] == "7burn"
    assert block(works, burned)["tx"]["memo"] == b"lost in a fire".hex()
    assert ask(works, "icrc7_owner_of", "(vec { 1; 2 })")[0] == []
    assert ask(works, "icrc7_token_metadata", "(vec { 1 })") == [[]]
    assert ask(works, "icrc7_total_supply") == "1"
    assert ask(works, "icrc37_get_token_approvals", "(1, null, null)") == []
    assert works.run("show-token", "1").exit_code == 1
    assert works.run("verify-ledger").exit_code == 0


ASKED = [
    (("burn", "1"), "Destroy token 1 of", "Nothing was destroyed."),
    (
        ("transfer-from", "1", "--from", "default", "--to", "bob"),
        "Transfer token 1 from",
        "Nothing was transferred.",
    ),
]


@pytest.mark.parametrize(("words", "question", "told"), ASKED, ids=["burn", "transfer-from"])
@pytest.mark.parametrize("answer", ["n\n", "y\n"])
def test_on_a_terminal_what_cannot_be_undone_is_asked_first(
    works: World, words: tuple[str, ...], question: str, told: str, answer: str
) -> None:
    ended = run_on_terminal([PROGRAM, *words], works.variables, [("[y/N] ", answer)])

    assert question in ended.shown
    assert ended.exit_code == (1 if answer == "n\n" else 0), ended.shown
    assert (told in ended.shown) is (answer == "n\n")
    assert works.run("balance", "default").stdout == ("2\n" if answer == "n\n" else "1\n")


def test_a_token_is_corrected_and_its_history_stays(works: World) -> None:
    corrected = done(
        works,
        *("update-token", "1", "--name", "Harbour at dusk", "--description", "Oil"),
        *("--image", "https://a/1.png", "--attribute", "medium=oil", "--attribute", "year=2026"),
    )

    shown = works.run("show-token", "1").stdout
    assert "name\tHarbour at dusk\ndescription\tOil\nimage\thttps://a/1.png\n" in shown
    assert "attribute medium\toil\nattribute year\t2026\n" in shown
    kinds = [
        line.split("\t")[2] for line in works.run("blocks", "--token", "1").stdout.splitlines()
    ]
    assert kinds == ["type", "7mint", "7update_token"]
    assert block(works, corrected)["tx"]["tid"] == 1


def test_a_correction_that_changes_nothing_is_no_block(works: World) -> None:
    done(works, "update-token", "1", "--attribute", "medium=oil")

    again = works.run("update-token", "1", "--attribute", "medium=oil")
    quiet = works.run("update-token", "1", "--attribute", "medium=oil", "-q")

    assert again == (0, "", "Nothing changed: the token says so already.\n")
    assert quiet == (0, "", "")
    assert len(works.run("blocks").stdout.splitlines()) == 1 + 3


def test_what_a_token_proves_is_not_corrected(works: World) -> None:
    for name in ("session_id", "created_at", "token_hash"):
        assert refused(works, "update-token", "1", "--attribute", f"{name}=x") == (
            f"Error: Attribute {name} is part of the proof and stays as it is\n"
        )
    assert refused(works, "update-token", "1", "--name", "Mine", *by("bob")) == (
        "Error: Unauthorized: caller does not own this session\n"
        "To fix: Act as who opened it, with --identity.\n"
    )


# --- the block's index ---


def test_minting_tells_its_block_beside_the_id(works: World) -> None:
    session = works.run("create-session", "alice", "Dusk").stdout.strip()

    assert works.run("mint", session, "--to", "bob") == (0, "3\n", "Block 2.\n")
    assert works.run("-q", "mint", session, "--to", "bob") == (0, "4\n", "")
    told = works.run("mint", session, "--to", "bob", "-q", "--output", "json")
    assert json.loads(told.stdout) == {"block": 4, "token": 5}
    assert block(works, 4)["tx"]["tid"] == 5


def test_a_transfer_prints_its_block(works: World) -> None:
    assert done(works, "transfer", "2", "--to", "bob") == 2
    assert works.run("transfer", "2", "--to", "carol", *by("bob"), "--output", "json").stdout == (
        "3\n"
    )
    assert block(works, 3)["tx"]["to"] == works.principal("carol")


# --- the collection's symbol ---


def test_the_symbol_is_set_with_the_rest_or_not_at_all(works: World) -> None:
    assert "symbol\tOSTAMP\n" in works.run("collection").stdout

    assert works.run("set-collection", "--symbol", "HARB", "--name", "Harbours") == (0, "", "")
    bad = refused(works, "set-collection", "--symbol", "A B", "--name", "Other")

    assert bad == "Error: A symbol has 1 to 20 characters and no blanks\n"
    assert works.run("collection").stdout.startswith("field\tvalue\nname\tHarbours\nsymbol\tHARB\n")
    assert ask(works, "icrc7_symbol") == "HARB"
    assert refused(works, "set-collection", "--symbol", "X", *by("bob")).startswith(
        "Error: Unauthorized: only a controller may change the collection;"
    )


def test_what_has_no_interface_is_refused_where_the_canister_is_stopped(works: World) -> None:
    works.run("canister", "stop", "backend", "-q")

    for words in (("burn", "1"), ("update-token", "1", "--name", "N"), ("collection",)):
        result = works.run(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "is stopped" in result.stderr
