"""`identity`: who acts. Files, texts and exit codes are dfx's."""

import re
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from originstamp_cli.cli.common import Console, dfx_command, reported
from originstamp_cli.cli.options import conflict, missing
from originstamp_cli.errors import IdentityError, UsageError
from originstamp_cli.identity.folder import KEYRING, PASSWORD, PLAINTEXT, read_small

ENCRYPTED = "Encryption complete."
_MODES = (KEYRING, PASSWORD, PLAINTEXT)
_WALLETS = {"get-wallet", "set-wallet", "deploy-wallet"}


class Group(TyperGroup):
    """The commands of `identity`, and a clear no to those about wallets."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - Typer's own
        """Return a command; says what there is not, with dfx's exit code."""
        if cmd_name in _WALLETS:
            with reported(ctx.obj, as_dfx=True):
                raise IdentityError(
                    f"`identity {cmd_name}` is about cycles wallets, and there are none here.",
                    fix="Leave it out: calls on the local network cost no cycles.",
                )
        return super().get_command(ctx, cmd_name)


app = typer.Typer(cls=Group, help="Manage the identities that you act as.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of an identity.")]
NewName = Annotated[str, typer.Argument(metavar="NEW_NAME", help="A name that nobody has.")]
Mode = Annotated[
    str | None,
    typer.Option(
        "--storage-mode",
        metavar="|".join(_MODES),
        help="How the key is kept; if not given, in the keyring or, without one, by a password.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace one of that name for ever.")]
DisableEncryption = Annotated[bool, typer.Option("--disable-encryption", hidden=True)]


def _mode(mode: str | None, *, disable_encryption: bool) -> str | None:
    if mode is not None and mode not in _MODES:
        raise UsageError(
            f"invalid value '{mode}' for '--storage-mode <STORAGE_MODE>'\n"
            f"  [possible values: {', '.join(_MODES)}]"
        )
    # Older scripts say it.
    return PLAINTEXT if disable_encryption else mode


def _refuse_hsm(library: str | None, key_id: str | None) -> None:
    if key_id is not None:
        why = None if re.fullmatch("[0-9A-Fa-f]*", key_id) else "contain only hex digits"
        if why is None and len(key_id) % 2:
            why = "consist of an even number of hex digits"
        if why is not None:
            raise UsageError(f"invalid value '{key_id}' for '--hsm-key-id': Key id must {why}")
    if key_id is not None or library is not None:
        raise IdentityError(
            "Keys in a hardware security module (HSM) cannot be used here.",
            fix="Leave out --hsm-pkcs11-lib-path and --hsm-key-id, and choose a --storage-mode.",
        )


def _naming(value: str, spelling: str, error: UsageError) -> UsageError:
    return UsageError(f"invalid value '{value}' for '<{spelling}>': {error.message}")


@dfx_command(app)
def new(
    console: Console,
    name: Name,
    storage_mode: Mode = None,
    force: Force = False,
    disable_encryption: DisableEncryption = False,
    hsm_pkcs11_lib_path: Annotated[
        str | None, typer.Option("--hsm-pkcs11-lib-path", hidden=True)
    ] = None,
    hsm_key_id: Annotated[str | None, typer.Option("--hsm-key-id", hidden=True)] = None,
) -> str | None:
    """Make an identity with a key of its own, and tell the seed phrase to make it again from.

    A password is asked for unseen, or taken from ORIGINSTAMP_IDENTITY_PASSWORD.

    Example: dfx identity new collector --storage-mode plaintext
    """
    mode = _mode(storage_mode, disable_encryption=disable_encryption)
    _refuse_hsm(hsm_pkcs11_lib_path, hsm_key_id)
    try:
        encrypted = console.identities.create(name, mode, force=force)
    except UsageError as error:
        raise _naming(name, "NEW_IDENTITY", error) from error
    return ENCRYPTED if encrypted else None


@dfx_command(app, name="import")
def import_(
    console: Console,
    name: NewName,
    pem_file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A PEM file with a private key.")
    ] = None,
    seed_file: Annotated[
        str | None,
        typer.Option("--seed-file", metavar="FILE", help="A file with a seed phrase instead."),
    ] = None,
    storage_mode: Mode = None,
    force: Force = False,
    disable_encryption: DisableEncryption = False,
) -> str | None:
    """Make an identity with a key that there is already.

    Example: dfx identity import studio key.pem --storage-mode plaintext
    """
    mode = _mode(storage_mode, disable_encryption=disable_encryption)
    if pem_file is None and seed_file is None:
        raise missing("<PEM_FILE>")
    if pem_file is not None and seed_file is not None:
        raise conflict("[PEM_FILE]", "--seed-file <SEED_FILE>")
    pem = _content(pem_file) if seed_file is None else _of_phrase(seed_file)
    try:
        encrypted = console.identities.add(name, pem, mode, force=force)
    except UsageError as error:
        raise _naming(name, "NEW_IDENTITY", error) from error
    return ENCRYPTED if encrypted else None


def _content(path: str | None) -> bytes:
    content = read_small(str(path))
    if content is None:
        raise IdentityError(f"There is no file '{path}'.", fix="Give the path of one.")
    return content


def _of_phrase(path: str) -> bytes:
    from originstamp_cli.identity.keys import BadKey, checked_phrase, pem_of_phrase

    try:
        return pem_of_phrase(checked_phrase(_content(path).decode("utf-8", "replace")))
    except BadKey as error:
        raise IdentityError(
            f"Failed to read a seed phrase from '{path}'.", causes=(str(error),)
        ) from error


@dfx_command(app)
def export(console: Console, name: Name) -> None:
    """Print the private key of an identity as PEM text, to keep or to import elsewhere.

    Example: dfx identity export default
    """
    console.environment.show(console.identities.pem(name).decode("utf-8", "surrogateescape"), "")


@dfx_command(app, name="list")
def list_(console: Console) -> None:
    """List identities, one a line; the selected one is marked on standard error.

    Example: dfx identity list
    """
    selected = console.identities.current()
    for name in console.identities.names():
        console.environment.show(name, end="")
        if name == selected:
            console.environment.say(" *", end="")
        console.environment.show("")


@dfx_command(app)
def use(console: Console, name: Name) -> None:
    """Act as an identity from now on.

    Example: dfx identity use collector
    """
    console.identities.use(name)


@dfx_command(app)
def rename(
    console: Console,
    from_: Annotated[str, typer.Argument(metavar="FROM", help="The name of an identity.")],
    to: Annotated[str, typer.Argument(metavar="TO", help="A name that nobody has.")],
) -> None:
    """Give an identity another name; it keeps its key, and stays selected if it was.

    Example: dfx identity rename studio atelier
    """
    try:
        console.identities.rename(from_, to)
    except UsageError as error:
        raise _naming(to, "TO", error) from error


@dfx_command(app)
def remove(
    console: Console,
    name: Name,
    drop_wallets: Annotated[
        bool, typer.Option("--drop-wallets", help="Even if dfx configured wallets for it.")
    ] = False,
) -> None:
    """Remove an identity and its key for ever.

    Example: dfx identity remove atelier
    """
    console.identities.remove(name, drop_wallets=drop_wallets)


@dfx_command(app)
def whoami(console: Console) -> str:
    """Print the name of the identity that acts.

    Example: dfx identity whoami
    """
    return console.identities.current()


@dfx_command(app, name="get-principal")
def get_principal(console: Console) -> str:
    """Print the principal of the identity that acts.

    Example: dfx identity get-principal --identity collector
    """
    return console.identities.principal().text
