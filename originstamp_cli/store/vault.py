"""Secrets at rest: sealed with a key kept elsewhere, so that a copied state file gives none away.

A sealed secret is text: `v1:` and, in base64, a random nonce of 96 bits followed by what
AES-256-GCM makes of the secret. It opens only under the context it was sealed for.
"""

import os
from collections.abc import Callable
from contextlib import suppress

from originstamp_cli.errors import StateDamaged, StateError, StateTooNew, UsageError

_NONCE_BYTES = 12
_VERSION = "v1"


class Vault:
    """Seals and opens secrets with the keys of a configuration folder."""

    def __init__(self, folder: str, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        """Use the keys of `folder`; folder and key are made when the first secret is sealed.

        `random_bytes(n)` gives n bytes for keys and nonces. It must never repeat itself outside
        of tests: two secrets under one nonce can be read without the key.
        """
        self._folder = folder
        self._random_bytes = random_bytes

    def seal(self, plain: str, *, context: str) -> str:
        """Return a secret as text that is safe to store, and that `open` turns back.

        `context` says what the secret is for; it is not stored, and a secret moved to another
        place does not open there. Sealing twice gives two different texts. A StateError says why
        the key cannot be used or made, a UsageError that the secret is not text.
        """
        from base64 import urlsafe_b64encode

        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        from .keys import Keys

        try:
            secret = plain.encode()
        except UnicodeEncodeError:
            # `from None`: the error it replaces holds the secret.
            raise UsageError("The secret is not valid UTF-8 text.") from None
        nonce = self._random_bytes(_NONCE_BYTES)
        key = Keys(self._folder, self._random_bytes).to_seal()
        sealed = AESGCM(key).encrypt(nonce, secret, context.encode())
        return f"{_VERSION}:{urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, context: str) -> str:
        """Return the secret that `seal` made into this text for the same context.

        A StateError says that no key is found, that one is readable by others, that none is the
        one it was sealed with, or that the text or the context was changed; it holds nothing of
        the secret. Creates nothing.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        from .keys import SET_AGAIN, Keys

        content = _content(sealed)
        nonce, secret = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        places = []
        for key, place in Keys(self._folder, self._random_bytes).to_open():
            places.append(place)
            with suppress(InvalidTag, ValueError):
                return AESGCM(key).decrypt(nonce, secret, context.encode()).decode()
        raise StateError(
            f"A stored secret does not open with the key in {' or in '.join(places)}.",
            fix=f"Put back the key it was sealed with, or {SET_AGAIN}",
        )


def _content(sealed: str) -> bytes:
    """Return the bytes in a sealed text, of which exactly one spelling is taken."""
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    version, _, encoded = sealed.partition(":")
    if version != _VERSION and version[:1] == "v" and version[1:].isdecimal():
        raise StateTooNew(
            f"A stored secret has the form {version}, of a newer version of this program.",
            fix="Update originstamp.",
        )
    try:
        content = urlsafe_b64decode(encoded)
    except ValueError:
        content = b""
    # The last character may hold bits that decoding drops: a text that was changed there too is
    # not what we wrote.
    if version != _VERSION or urlsafe_b64encode(content).decode() != encoded:
        raise StateDamaged(
            "A stored secret is damaged.",
            fix="Set the secret again: the old one cannot be recovered.",
        )
    return content
