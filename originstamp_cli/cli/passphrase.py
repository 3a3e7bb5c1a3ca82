"""The passwords of identities: typed unseen, or taken from the environment by scripts.

dfx asks for them on a terminal only. Every call comes by here, so nothing is loaded before it asks.
"""

from originstamp_cli.errors import IdentityError, UsageError
from originstamp_cli.settings import Environment

VARIABLE = "ORIGINSTAMP_IDENTITY_PASSWORD"
TOO_SHORT = "Password must be longer than 8 characters."
_LONGER_THAN = 8
_NEW = "Please enter a passphrase for your identity"
_AGAIN = "Please enter it again"
_EXISTING = "Please enter the passphrase for your identity"


class Passphrase:
    """Asks for the password of an identity; raises `IdentityError` where nobody can be asked."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def new(self) -> str:
        """Return a password to protect a key with, longer than 8 characters.

        On a terminal it is typed twice, and asked for again while it is too short.
        """
        given = self._given(f"choose `--storage-mode plaintext`, or set {VARIABLE}.")
        if given is None:
            given = self._typed(_NEW)
            while len(given) <= _LONGER_THAN:
                self._environment.say(TOO_SHORT)
                given = self._typed(_NEW)
            if self._typed(_AGAIN) != given:
                raise IdentityError("The two entries differ.", fix="Type the same twice.")
        if len(given) <= _LONGER_THAN:
            raise IdentityError(TOO_SHORT, fix=f"Set {VARIABLE} to a longer one.")
        return given

    def existing(self) -> str:
        """Return the password that protects a key."""
        given = self._given(f"set {VARIABLE}, or act as another identity.")
        return self._typed(_EXISTING) if given is None else given

    def _given(self, instead: str) -> str | None:
        """Return what the environment has; None where there is somebody to ask."""
        given = self._environment.variables.get(VARIABLE)
        if given is None and not self._environment.stdin.isatty():
            raise IdentityError(
                "The identity's password is needed, and nobody is there to type it.",
                fix=f"Run it on a terminal, {instead}",
            )
        if given is not None and any("\ud800" <= letter <= "\udfff" for letter in given):
            raise IdentityError(f"{VARIABLE} is not valid UTF-8 text.", fix="Set another.")
        return given

    def _typed(self, prompt: str) -> str:
        from originstamp_cli.cli.prompt import typed_unseen

        try:
            return typed_unseen(prompt, self._environment)
        except UsageError as error:  # on the dfx face, that would be about the command line
            raise IdentityError(error.message, fix=error.fix) from error
