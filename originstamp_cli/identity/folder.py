"""Reads the folder of identities, as dfx lays it out.

<root>/identity.json                         the selected one: {"default": NAME}
<root>/identity/NAME/identity.pem            its key
<root>/identity/NAME/identity.json           how the key is stored; may be absent for plaintext
<root>/identity/NAME/identity.pem.encrypted  its key under a password
<root>/identity/NAME/wallets.json            its wallets on networks that last
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
WALLETS_FILE = "wallets.json"
SUFFIX = "keyring_identity_suffix"

# How a key is stored, as --storage-mode has it.
KEYRING = "keyring"
PASSWORD = "password-protected"  # noqa: S105 - it is none
PLAINTEXT = "plaintext"

RESERVED_PREFIX = "___temp___"  # of folders that are nobody's yet, or no more
_LETTERS = frozenset(NAME_RULE.rpartition(" ")[2])
_LARGEST = 64 * 1024


def is_name(name: str) -> bool:
    """Whether an identity may be called `name`, and so is one folder below ours and no other."""
    return (
        _LETTERS.issuperset(name)
        and name not in ("", ".", "..")
        and not name.startswith(RESERVED_PREFIX)
    )


class Stored:
    """How and where a key is stored, in `mode`: what to load it with.

    `content` is what is on disk of it at `path`, and is another for another key. `encryption` is
    what a password needs besides, `suffix` ends the name of an entry in the keyring.
    """

    __slots__ = ("content", "encryption", "mode", "path", "suffix")

    def __init__(
        self, mode: str, path: str, content: bytes, *, encryption: object = None, suffix: str = ""
    ) -> None:
        self.mode = mode
        self.path = path
        self.content = content
        self.encryption = encryption
        self.suffix = suffix


class Folder:
    """What is in the folder `root`, which need not exist. Names given to it are checked already.

    Every method raises `IdentityError` with the path of a file that is there but of no use.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.selection = os.path.join(root, "identity.json")

    @property
    def legacy_key(self) -> str:
        """Where dfx kept its only key before it had identities: below the home of `.config`."""
        home = os.path.dirname(os.path.dirname(self.root))
        return os.path.join(home, ".dfinity", "identity", "creds.pem")

    def path(self, name: str, *file: str) -> str:
        """Return where the identity's folder or a file of it is, or would be."""
        return os.path.join(self.root, "identity", name, *file)

    def selected(self) -> str | None:
        """Return the name of the selected identity, or nothing before the first run."""
        settings = read_object(self.selection)
        if settings is None:
            return None
        name = settings.get("default")
        if not isinstance(name, str) or not is_name(name):
            raise damaged(self.selection)
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

    def settings(self, name: str) -> dict[str, object]:
        """Return what the identity's `identity.json` says; nothing where there is none."""
        return read_object(self.path(name, SETTINGS_FILE)) or {}

    def stored(self, name: str) -> Stored:
        """Return how the identity's key is stored, and what is on disk of it."""
        settings = self.settings(name)
        # The order is dfx's: more than one of them may be set.
        if settings.get("hsm") is not None:
            raise IdentityError(
                f"The key of the identity '{name}' is in a hardware security module (HSM), "
                "which cannot be used here.",
                fix="Act as another identity: `identity new NAME` makes one, "
                "`identity use NAME` selects it.",
            )
        if settings.get(SUFFIX) is not None:
            return self._in_keyring(name, settings[SUFFIX])
        encryption = settings.get("encryption")
        if encryption is not None:
            return self._in_file(name, PASSWORD, ENCRYPTED_FILE, encryption)
        return self._in_file(name, PLAINTEXT, KEY_FILE)

    def _in_file(self, name: str, mode: str, file: str, encryption: object = None) -> Stored:
        path = self.path(name, file)
        content = read_small(path)
        if content is None:
            raise IdentityError(
                f"The key of the identity '{name}' is missing: there is no file '{path}'.",
                fix="Put the file back, or select another identity with `identity use NAME`.",
            )
        return Stored(mode, path, content, encryption=encryption)

    def _in_keyring(self, name: str, suffix: object) -> Stored:
        path = self.path(name, SETTINGS_FILE)
        if not isinstance(suffix, str):
            raise damaged(path)
        try:
            file = os.stat(path)
        except OSError as error:
            raise _unreadable(path, error) from error
        # Whoever puts another key into the keyring, dfx or this program, writes the file anew.
        made = f"{KEYRING} {suffix} {file.st_ino} {file.st_mtime_ns}"
        return Stored(KEYRING, path, made.encode(), suffix=suffix)


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


def read_object(path: str) -> dict[str, object] | None:
    """Return the JSON object in a file, or nothing where there is none.

    Raises `IdentityError` where the file cannot be read, or holds anything else.
    """
    data = read_small(path)
    if data is None:
        return None
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise damaged(path) from error
    if not isinstance(value, dict):
        raise damaged(path)
    return value


def damaged(path: str) -> IdentityError:
    """Return the error for a file of settings that holds anything else."""
    return IdentityError(
        f"The file '{path}' is damaged.", fix="Mend it, or put back a copy of it from before."
    )


def _unreadable(path: str, error: OSError) -> IdentityError:
    return IdentityError(
        f"Cannot read '{path}': {error.strerror}.",
        fix="Make it readable to you, or act as nobody with `--identity anonymous`.",
    )
