"""Keys under a password, in dfx's format: Argon2id makes the key that AES-256-GCM seals with.

Beside the sealed file, `encryption` in identity.json holds `pw_salt`, 64 hex digits, and
`file_nonce`, a list of 12 numbers. The salt is those digits read as unpadded base64: dfx hands
them to a function that takes a salt of the PHC string format.
"""

import re
from base64 import b64decode
from collections.abc import Callable

from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SALT_BYTES = 32
_SALT = re.compile(r"[A-Za-z0-9+/]{11,86}")  # 8 to 64 bytes, as Argon2 and the PHC format have it
_NONCE_BYTES = 12
_PASSES = 3
_MEMORY_KIB = 64_000
_LANES = 1
_KEY_BYTES = 32


class BadSettings(ValueError):
    """What stands beside a sealed key cannot have been written by dfx or this program."""


class WrongPassword(ValueError):
    """The password does not open the file, or the file was changed."""


def seal(
    pem: bytes, password: str, random_bytes: Callable[[int], bytes]
) -> tuple[bytes, dict[str, object]]:
    """Return a key as it is stored under a password, and the `encryption` to store beside it."""
    salt = random_bytes(_SALT_BYTES).hex()
    nonce = random_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key(password, salt)).encrypt(nonce, pem, None)
    return sealed, {"pw_salt": salt, "file_nonce": list(nonce)}


def unseal(sealed: bytes, password: str, encryption: object) -> bytes:
    """Return the key that was stored; raises `BadSettings` and `WrongPassword`."""
    salt, nonce = _settings(encryption)
    try:
        return AESGCM(_key(password, salt)).decrypt(nonce, sealed, None)
    except InvalidTag:
        raise WrongPassword from None


def check(encryption: object) -> None:
    """Raise `BadSettings` for what no password can help with, so that none is asked for."""
    _settings(encryption)


def _settings(encryption: object) -> tuple[str, bytes]:
    if not isinstance(encryption, dict):
        raise BadSettings
    salt, nonce = encryption.get("pw_salt"), encryption.get("file_nonce")
    if not isinstance(salt, str) or not _SALT.fullmatch(salt) or len(salt) % 4 == 1:
        raise BadSettings
    if not isinstance(nonce, list) or len(nonce) != _NONCE_BYTES:
        raise BadSettings
    try:
        return salt, bytes(nonce)
    except (TypeError, ValueError):
        raise BadSettings from None


def _key(password: str, salt: str) -> bytes:
    return hash_secret_raw(
        password.encode(),
        b64decode(salt + "=" * (-len(salt) % 4)),
        time_cost=_PASSES,
        memory_cost=_MEMORY_KIB,
        parallelism=_LANES,
        hash_len=_KEY_BYTES,
        type=Type.ID,
        version=ARGON2_VERSION,
    )
