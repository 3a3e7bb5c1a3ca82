"""`state seed`: an invented state of any size."""

from typing import Annotated

import typer

from originstamp_cli.candid.types import NAT64, Field, Record
from originstamp_cli.canister.inventing import Amounts
from originstamp_cli.canister.seeding import Seeding
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.prompt import stoppable
from originstamp_cli.cli.state import PANEL
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
    password of each user is originstamp. Prints how many of each were made; Ctrl-C leaves none.

    Example: originstamp state seed --tokens 20
    """
    # With the first seeding, not with the help of the program, which looks at every command.
    from originstamp_cli.cli.working_ahead import working_ahead

    sessions = -(-tokens // 10) if sessions is None else sessions
    users = -(-sessions // 10) if users is None else users
    host = Local(console.settings).host
    wanted = Amounts(users, sessions, tokens)
    work = Seeding(host, wanted, seed=seed, adding=add, ahead=working_ahead)
    started = host.clock()
    with stoppable(), counting(console.environment, sum(wanted)) as watch:
        work.run(watch)
    seconds = (host.clock() - started) / _SECOND
    rate = f": {sum(wanted) / seconds:,.0f} records a second" if seconds >= 1 else ""
    console.inform(f"Made in {seconds:.1f} s{rate}.")
    made = wanted._asdict()
    return Answer(Reply([made], [_MADE]), made)
