"""What dfx refuses on the real Internet Computer before anything is sent."""

from originstamp_cli.cli.call import acting
from originstamp_cli.errors import NO_AGENT, IdentityError
from originstamp_cli.project.networks import IC, describe
from originstamp_cli.settings import Settings

_OFF = "-mainnet_plaintext_identity"


def refuse_plaintext_identity(settings: Settings) -> None:
    """Raise `IdentityError` where a key that lies open on the disk would act on `ic`.

    `DFX_WARNING=-mainnet_plaintext_identity` turns that off, as for dfx.
    """
    warnings = settings.environment.variables.get("DFX_WARNING", "").split(",")
    if describe(settings).name != IC or _OFF in warnings:
        return
    name = acting(settings).in_plaintext()
    if name is None:
        return
    raise IdentityError(
        NO_AGENT,
        causes=(
            "Failed to create AgentEnvironment for network 'ic'.",
            (
                f"The {name} identity is not stored securely. "
                "Do not use it to control a lot of cycles/ICP.\n"
                "- For enhanced security, create a new identity using the command: \n"
                "    dfx identity new\n"
                "  Then, specify the new identity in mainnet-facing commands with the `--identity` "
                "flag.\n"
                "- If you understand the risks and still wish to use the insecure plaintext "
                "identity, you can suppress this warning by running:\n"
                f"    export DFX_WARNING={_OFF}\n"
                "  After setting this environment variable, re-run the command."
            ),
        ),
    )
