"""A writer to be killed: `durable_writer.py OWNER SEED|mint [COUNT]` makes calls for an owner.

Each is a whole run of the program, but for starting Python anew; what was acknowledged is printed
at once. Without a COUNT it goes on until it is killed. Anything but success ends it.
"""

import contextlib
import io
import os
import random
import re
import sys
from collections.abc import Iterable
from itertools import count

from originstamp_cli.__main__ import dispatch
from originstamp_cli.settings import Environment

OTHER = "aaaaa-aa"
MINT = "mint"


def run(*words: str) -> str:
    """Run one command line as a user would, and return what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        environment = Environment(stdin=io.StringIO(""))
        code = dispatch(list(words), environment)
    if code or err.getvalue():
        sys.stderr.write(f"{' '.join(words)}: exit {code}: {err.getvalue()}")
        sys.exit(1)
    return out.getvalue()


def call(method: str, argument: str) -> str:
    """Return the one word or number in what a call answers."""
    reply = run("canister", "call", "backend", method, argument)
    found = re.search(r'Ok = "?(\w+)|"(\w+)"', reply)
    return next((each for each in found.groups() if each), "") if found else ""


def acknowledge(*words: str) -> None:
    """Say what is done, in one write."""
    os.write(1, " ".join(words).encode() + b"\n")


def session() -> str:
    """Open a session."""
    made = call("create_physical_art_session", '("alice", "Harbour", "Oil on linen")')
    acknowledge("sessions", made)
    return made


def photo(of: str, number: int) -> None:
    """Add a photo to a session."""
    address = f"https://a/{os.getpid()}-{number}"
    call("upload_photo_to_session", f'("{of}", "{address}")')
    acknowledge("photos", of, address)


def mint(of: str, owner: str) -> str:
    """Mint a token; empty where the canister would not, as the session is in another file now."""
    to = f'record {{ owner = principal "{owner}" }}'
    made = call("mint_nft_from_session", f'("{of}", {to}, vec {{ record {{ "medium"; "oil" }} }})')
    if made:
        acknowledge("minted", made)
    return made


def give(token: str) -> None:
    """Transfer a token."""
    to = f'record {{ owner = principal "{OTHER}" }}'
    request = f"(vec {{ record {{ to = {to}; token_id = {token} }} }})"
    reply = run("canister", "call", "nft", "icrc7_transfer", request)
    block = re.search(r"Ok = (\d+)", reply)
    assert block, reply
    acknowledge("given", block[1], token)


def user(number: int) -> None:
    """Register a user."""
    name = f"user{os.getpid()}x{number}"
    call("register_user", f'("{name}", "correct horse")')
    acknowledge("users", name)


def mix(me: str, seed: int, calls: Iterable[int]) -> None:
    """Make calls of every kind in an order that the seed decides."""
    chance = random.Random(seed)  # noqa: S311 - the same calls each time
    newest = session()
    tokens: list[str] = []
    for number in calls:
        what = chance.choices(("mint", "give", "photo", "session", "user"), (20, 10, 10, 5, 1))[0]
        if what == "give" and tokens:
            give(tokens.pop(chance.randrange(len(tokens))))
        elif what == "photo":
            photo(newest, number)
        elif what == "session":
            newest = session()
        elif what == "user":
            user(number)
        else:
            tokens.append(mint(newest, me))


def mint_all(me: str, calls: Iterable[int]) -> None:
    """Mint tokens."""
    of = session()
    for _ in calls:
        while not mint(of, me):
            of = session()


if __name__ == "__main__":
    _, owner, seed, *most = sys.argv
    numbers = range(int(most[0])) if most else count()
    if seed == MINT:
        mint_all(owner, numbers)
    else:
        mix(owner, int(seed), numbers)
