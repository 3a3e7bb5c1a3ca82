"""`state seed`: an invented state of any size."""

from typing import Annotated

import typer

from originstamp_cli.candid.types import NAT64, Field, Record
from originstamp_cli.canister.seeding import Amounts, Seeding
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.prompt import stoppable
from originstamp_cli.cli.state import PANEL
from originstamp_cli.errors import INTERRUPTED
from originstamp_cli.network import Local, Reply
from originstamp_cli.render import Answer, counting

_MADE = Record([Field(name, NAT64) for name in Amounts._fields])
_SECOND = 1_000_000_000
app = typer.Typer()


@command(app, panel=PANEL)
def seed(
    console: Console,
    tokens: Annotated[
        int, typer.Option(metavar="N", min=0, help="How many tokens to mint.")
    ] = 1_000,
    sessions: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="How many sessions to open; one for 10 tokens."),
    ] = None,
    users: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="How many users to register; one for 10 sessions."),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="K", help="Another number invents other records.")
    ] = 1,
    add: Annotated[bool, typer.Option("--add", help="Add to what is there.")] = False,
) -> Answer:
    """Fill the state with invented users, sessions and tokens, to try things out at size.

    The same numbers give the same records. Tokens are minted as any others, with their blocks. The
    password of each user is originstamp. Prints how many of each were made; Ctrl-C leaves those
    that are told.

    Example: originstamp state seed --tokens 20
    """
    sessions = -(-tokens // 10) if sessions is None else sessions
    users = -(-sessions // 10) if users is None else users
    host = Local(console.settings).host
    work = Seeding(host, Amounts(users, sessions, tokens), seed=seed, adding=add)
    started = host.clock()
    interrupted = False
    with stoppable(), counting(console.environment, sum(work.wanted)) as watch:
        try:
            work.run(watch)
        except KeyboardInterrupt:
            interrupted = True
    return _told(console, work, host.clock() - started, interrupted=interrupted)


def _told(console: Console, work: Seeding, taken: int, *, interrupted: bool) -> Answer:
    """Tell what was made and how fast, and return it."""
    made = work.made._asdict()
    answer = Answer(Reply([made], [_MADE]), made)
    if interrupted:
        console.environment.say(f"Interrupted: {work.made} of {work.wanted} are there.")
        answer.exit_code = INTERRUPTED
        return answer
    rate = round(sum(work.made) * _SECOND / max(taken, 1))
    console.inform(f"Made in {taken / _SECOND:.1f} s: {rate:,} records a second.")
    return answer
