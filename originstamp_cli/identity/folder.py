"""Reads the folder of identities, as dfx lays it out.

<root>/identity.json                         the selected one: {"default": NAME}
<root>/identity/NAME/identity.pem            its key
<root>/identity/NAME/identity.json           how the key is stored; absent for plaintext
<root>/identity/NAME/identity.pem.encrypted  its key under a password
"""

import json
import os

from originstamp_cli.errors import IdentityError

ANONYMOUS_NAME = "anonymous"
DEFAULT_NAME = "default"
NAME_RULE = (
    "Invalid identity name. Please only use the characters "
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_@0123456789"
)
KEY_FILE = "identity.pem"
SETTINGS_FILE = "identity.json"
ENCRYPTED_FILE = "identity.pem.encrypted"

_LETTERS = frozenset(NAME_RULE.rpartition(" ")[2])
_RESERVED_PREFIX = "___temp___"
_LARGEST = 64 * 1024


def is_name(name: str) -> bool:
    """Whether an identity may be called `name`, and so is one folder below ours and no other."""
    return (
        _LETTERS.issuperset(name)
        and name not in ("", ".", "..")
        and not name.startswith(_RESERVED_PREFIX)
    )


class Folder:
    """What is in the folder `root`, which need not exist. Names given to it are checked already.

    Every method raises `IdentityError` with the path of a file that is there but of no use.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.selection = os.path.join(root, "identity.json")

    def path(self, name: str, file: str) -> str:
        """Return where `file` of the identity is, or would be."""
        return os.path.join(self.root, "identity", name, file)

    def selected(self) -> str | None:
        """Return the name of the selected identity, or nothing before the first run."""
        settings = _read_object(self.selection)
        if settings is None:
            return None
        name = settings.get("default")
        if not isinstance(name, str) or not is_name(name):
            raise _damaged(self.selection)
        return name

    def exists(self, name: str) -> bool:
        """Whether there is an identity of this name, in whatever storage."""
        files = (KEY_FILE, ENCRYPTED_FILE, SETTINGS_FILE)
        return any(os.path.exists(self.path(name, file)) for file in files)

    def names(self) -> list[str]:
        """Return the names of all identities on disk, in no order."""
        folder = os.path.join(self.root, "identity")
        try:
            found = os.listdir(folder)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unreadable(folder, error) from error
        return [name for name in found if is_name(name) and self.exists(name)]

    def key(self, name: str) -> bytes:
        """Return the bytes of the identity's PEM file."""
        storage = self._storage(name)
        if storage is not None:
            raise IdentityError(
                f"The identity '{name}' is {storage}, which this program cannot read yet.",
                fix="Act as an identity whose key is in a plain file: `identity new NAME "
                "--storage-mode plaintext` makes one, `identity use NAME` selects it.",
            )
        path = self.path(name, KEY_FILE)
        pem = read_small(path)
        if pem is None:
            raise IdentityError(
                f"The key of the identity '{name}' is missing: there is no file '{path}'.",
                fix="Put the file back, or select another identity with `identity use NAME`.",
            )
        return pem

    def _storage(self, name: str) -> str | None:
        # The order is dfx's: more than one of them may be set.
        settings = _read_object(self.path(name, SETTINGS_FILE)) or {}
        if settings.get("hsm") is not None:
            return "kept in a hardware security module (HSM)"
        if settings.get("keyring_identity_suffix") is not None:
            return "kept in the system's keyring"
        if settings.get("encryption") is not None:
            return "protected by a password"
        return None


def read_small(path: str) -> bytes | None:
    """Return the bytes of a file, or nothing where there is none.

    Raises `IdentityError` where it cannot be read, or is larger than any of ours can be.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(data) > _LARGEST:
        raise IdentityError(
            f"The file '{path}' is too large to be what it should be: over {_LARGEST:,} bytes."
        )
    return data


def _read_object(path: str) -> dict[str, object] | None:
    data = read_small(path)
    if data is None:
        return None
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(value, dict):
        raise _damaged(path)
    return value


def _damaged(path: str) -> IdentityError:
    return IdentityError(
        f"The file '{path}' is damaged.",
        fix="Mend it, or move it away: no key is in it.",
    )


def _unreadable(path: str, error: OSError) -> IdentityError:
    return IdentityError(
        f"Cannot read '{path}': {error.strerror}.",
        fix="Make it readable to you, or act as nobody with `--identity anonymous`.",
    )
