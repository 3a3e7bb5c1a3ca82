"""`canister`: calls and what stands around them, as dfx has it."""

import inspect
from typing import Annotated, Any

import typer

from originstamp_cli.candid import decode_args, show_args
from originstamp_cli.cli import call as light_path
from originstamp_cli.cli import requests
from originstamp_cli.cli.common import Console, declared, dfx_command, parameter
from originstamp_cli.cli.managing import CanisterName
from originstamp_cli.cli.options import CALL, GLOBALS, Option, checked

app = typer.Typer(help="Call canisters and manage them.")

_FORM = Option("output", "How the reply is printed.", choices=("idl", "raw", "pp"))


def _call(ctx: typer.Context, **options: Any) -> None:  # noqa: ANN401 - as declared
    """Call a method of a canister with an argument in Candid text.

    Example: dfx canister call backend get_session_details '("3f9c2a7be01d4c55")'
    """
    names = ("canister_name", "method_name", "argument")
    words = [str(options[name]) for name in names if options[name] is not None]
    for option in (*CALL, *GLOBALS):
        words += _spelled(option, options[option.variable])
    raise typer.Exit(light_path.main(words, ctx.obj))


def _spelled(option: Option, value: object) -> list[str]:
    """Return an option as the light path reads it, where it was given."""
    if option.flag:
        return [option.long] * (value if isinstance(value, int) else 0)
    return [] if value is None else [f"{option.long}={value}"]


declared(
    _call,
    [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=Annotated[kind, typer.Argument(metavar=name.upper(), help=text)],
            default=default,
        )
        for name, kind, default, text in (
            ("canister_name", str, inspect.Parameter.empty, "A canister's name or id."),
            ("method_name", str, inspect.Parameter.empty, "The method to call."),
            ("argument", str | None, None, "The argument, such as '(\"alice\", 1)'."),
        )
    ]
    + [parameter(option, None) for option in CALL]
    + [parameter(option) for option in GLOBALS],
)
app.command("call")(_call)


@dfx_command(app)
def request_status(
    console: Console,
    request_id: Annotated[
        str, typer.Argument(metavar="REQUEST_ID", help="What call --async printed.")
    ],
    canister_name: CanisterName,
    form: Annotated[
        str,
        typer.Option("--output", metavar=_FORM.metavar, help=_FORM.help, show_default=False),
    ] = "pp",
) -> str:
    """Print the reply to a call that was not waited for.

    Example: dfx canister request-status "$(cat request.txt)" backend
    """
    checked(_FORM, form)
    id_ = requests.read_id(request_id)
    network = light_path.reach(console.settings)
    network.check_running()
    caller = light_path.caller_of(console.settings)
    data = requests.reply_to(network, id_, network.canister_id(canister_name), caller)
    return data.hex() if form == "raw" else show_args(*decode_args(data), form)
