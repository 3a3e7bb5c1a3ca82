"""A keyring that can be looked into, and some that misbehave as real ones do.

The program loads them by name, as it does any other.
"""

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordSetError
from keyrings.alt.file import PlaintextKeyring  # type: ignore[import-untyped]


class InAFile(PlaintextKeyring):  # type: ignore[misc]
    """One that keeps its secrets in a plain file, and says that it is safe."""

    priority = 5


class Forgetful(KeyringBackend):
    """One that says it kept the key, and did not."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002 - it forgot
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Locked(Forgetful):
    """One that nobody is there to unlock."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"Locked: {service} {username}")


class Strange(Forgetful):
    """One with a bug."""

    def get_password(self, service: str, username: str) -> str | None:
        raise ZeroDivisionError(service, username)


class Chatty(Forgetful):
    """One whose complaint holds what it was given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(f"Refused: {service} {username} {password}")


class Mangling(Forgetful):
    """One that keeps something else than it was given."""

    kept: str | None = None

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002 - it has one
        return self.kept

    def set_password(self, service: str, username: str, password: str) -> None:  # noqa: ARG002
        self.kept = password.swapcase()
