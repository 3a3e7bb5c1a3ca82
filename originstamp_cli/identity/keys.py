"""Keys: PEM text, seed phrases and the principals that follow from them.

Loaded only where a key is really needed: it brings cryptography and the BIP libraries with it.
"""

import binascii
import hashlib
import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256K1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from mnemonic import Mnemonic
from slip10 import SLIP10  # type: ignore[import-untyped]

from originstamp_cli.candid.principal import Principal

PHRASE_ENTROPY_BYTES = 32

_PATH = "m/44'/223'/0'/0/0"
_SELF_AUTHENTICATING = b"\x02"
_SECP256K1_PARAMETERS = bytes.fromhex("06052b8104000a")
_PKCS8 = "PRIVATE KEY"
_SEC1 = "EC PRIVATE KEY"
_WITH_PASSWORD = "It is protected by a password, in a format that cannot be read."  # noqa: S105
_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----")

# PKCS#8 (RFC 5958) around an Ed25519 key (RFC 8410): every length in it is fixed.
_ED25519_V2 = bytes.fromhex("3051020101300506032b657004220420"), bytes.fromhex("812100")
# What ring wrote for early dfx: the public key as BIT STRING within [1], not in its place.
_ED25519_ODD = bytes.fromhex("3053020101300506032b657004220420"), bytes.fromhex("a123032100")
_ED25519_HALF = 32


class BadKey(ValueError):
    """The text is not a key that can be used; says why, in a sentence for the user."""


def new_phrase(entropy: bytes) -> str:
    """Return the English seed phrase (BIP-39) of 32 random bytes: 24 words."""
    return Mnemonic("english").to_mnemonic(entropy)


def checked_phrase(text: str) -> str:
    """Return the English seed phrase (BIP-39) in a text, however its words are spaced.

    Raises `BadKey` where it is none, without a word of it.
    """
    words = text.split()
    if not Mnemonic("english").check(" ".join(words)):
        raise BadKey(
            f"Its {len(words)} words are not a seed phrase: one of 12, 15, 18, 21 or 24 English "
            "words, the last of which checks the others."
        )
    return " ".join(words)


def pem_of_phrase(phrase: str) -> bytes:
    """Return the key that dfx derives from a seed phrase, as the text that dfx saves.

    BIP-39 with an empty passphrase, BIP-32 at m/44'/223'/0'/0/0, SEC1 PEM with CRLF.
    """
    seed = Mnemonic.to_seed(phrase)
    secret: bytes = SLIP10.from_seed(seed).get_privkey_from_path(_PATH)
    key = derive_private_key(int.from_bytes(secret), SECP256K1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return pem.replace(b"\n", b"\r\n")


def principal_of(pem: bytes) -> Principal:
    """Return the principal of a key: SHA-224 of its public half in DER, and the byte 2.

    Raises `BadKey` where `load` does. Source: Internet Computer interface specification,
    "Principals", self-authenticating ids.
    """
    public = load(pem).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Principal(hashlib.sha224(der).digest() + _SELF_AUTHENTICATING)


def load(pem: bytes) -> EllipticCurvePrivateKey | Ed25519PrivateKey:
    """Return the key in a PEM text: secp256k1 (SEC1 or PKCS#8) first, else Ed25519 (PKCS#8 v2).

    Raises `BadKey` for any other content.
    """
    blocks = _blocks(pem)
    for label, der in blocks:
        if label == "EC PARAMETERS" and der != _SECP256K1_PARAMETERS:
            raise BadKey("Its EC PARAMETERS name another curve than secp256k1.")
    for label, der in blocks:
        key = _parse(der) if label in (_SEC1, _PKCS8) else None
        if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256K1):
            return key
    for label, der in blocks:
        ed25519 = _ed25519(der) if label == _PKCS8 else None
        if ed25519 is not None:
            return ed25519
    raise BadKey(_complaint(blocks))


def _blocks(pem: bytes) -> list[tuple[str, bytes]]:
    text = pem.decode("ascii", "replace")
    found = []
    at = 0
    while begin := _BEGIN.search(text, at):
        label = begin[1]
        at = text.find(f"-----END {label}-----", begin.end())
        if at < 0:
            raise BadKey(f"Its {label} block does not end.")
        found.append((label, _decode(label, text[begin.end() : at])))
    return found


def _decode(label: str, body: str) -> bytes:
    if "Proc-Type" in body:
        raise BadKey(_WITH_PASSWORD)
    try:
        return binascii.a2b_base64("".join(body.split()), strict_mode=True)
    except ValueError:
        raise BadKey(f"Its {label} block is not base64.") from None


def _parse(der: bytes) -> object:
    try:
        return load_der_private_key(der, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _ed25519(der: bytes) -> Ed25519PrivateKey | None:
    for head, middle in (_ED25519_V2, _ED25519_ODD):
        secret = der[len(head) : len(head) + _ED25519_HALF]
        public = der[-_ED25519_HALF:]
        if der == head + secret + middle + public:
            key = Ed25519PrivateKey.from_private_bytes(secret)
            if key.public_key().public_bytes_raw() != public:
                raise BadKey("Its public key is not that of its private key.")
            return key
    if isinstance(_parse(der), Ed25519PrivateKey):
        raise BadKey(
            "Ed25519 v1 keys (those generated by OpenSSL) are not supported. "
            "Try again with a v2 key"
        )
    return None


def _complaint(blocks: list[tuple[str, bytes]]) -> str:
    labels = [label for label, _ in blocks]
    if not labels:
        return "It is not a PEM file: no block from BEGIN to END is in it."
    if "ENCRYPTED PRIVATE KEY" in labels:
        return _WITH_PASSWORD
    for label, der in blocks:
        key = _parse(der) if label.endswith("PRIVATE KEY") else None
        if key is not None:
            return f"It is a key of another kind ({_kind(key)}); secp256k1 and Ed25519 can be used."
    return f"It holds no private key that can be read, but: {', '.join(labels)}."


def _kind(key: object) -> str:
    if isinstance(key, EllipticCurvePrivateKey):
        return key.curve.name
    return type(key).__name__.removesuffix("PrivateKey").lstrip("_")
