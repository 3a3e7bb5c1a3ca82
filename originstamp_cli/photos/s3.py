"""Talking to an S3 store: whether a bucket answers, and sending it a photo."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from originstamp_cli.errors import NetworkError
from originstamp_cli.photos.photo import Photo
from originstamp_cli.photos.signing import Settings, presign

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

_FOUND = 200
_AGAIN = "See originstamp s3-status, then upload again: what is there already is not doubled."


def reachable(settings: Settings, *, timeout_seconds: float = 3.0) -> tuple[bool, str]:
    """Say whether the bucket answers to these keys, and how, in a sentence without secrets.

    Asks once, and answers within `timeout_seconds` whatever the network does: a look-up of a name
    or a server that sends one byte at a time knows no time limit of its own, so the question is
    asked in a thread that is left behind when it is too late.
    """
    from threading import Thread
    from time import time_ns

    try:
        # The machine's own time: it is this clock that the store compares with its own.
        url = presign("HEAD", "", settings, headers={}, now_ns=time_ns(), expires_seconds=60)
    except ValueError as error:
        return False, f"The object storage cannot be asked: {error}"
    answers: list[tuple[bool, str]] = []
    bucket = str(settings["bucket_name"])
    thread = Thread(
        target=lambda: answers.append(_ask_bucket(url, bucket, timeout_seconds)), daemon=True
    )
    thread.start()
    thread.join(timeout_seconds)
    return answers[0] if answers else _too_late(timeout_seconds)


def _too_late(timeout_seconds: float) -> tuple[bool, str]:
    return False, f"The object storage did not answer within {timeout_seconds:g} seconds."


def _ask_bucket(url: str, bucket: str, timeout_seconds: float) -> tuple[bool, str]:
    """Send a signed HEAD of the bucket, and say what came of it."""
    from http.client import HTTPException

    try:
        status = _head(url, timeout_seconds)
    except TimeoutError:
        return _too_late(timeout_seconds)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return False, f"The object storage cannot be reached: {reason}."
    return status == _FOUND, _meaning(status, bucket)


def _head(url: str, timeout_seconds: float) -> int:
    """Return the status of a HEAD; a redirect is not followed, as its signature is for one host."""
    from contextlib import closing

    with closing(_connection(url, timeout_seconds)) as connection:
        connection.request("HEAD", _target(url))
        return connection.getresponse().status


def put(
    url: str, photo: Photo, on_bytes: Callable[[int], None], *, timeout_seconds: float = 60.0
) -> None:
    """Send a photo to a presigned address; returns once the store has said that it is stored.

    The store is told the MD5 of its bytes, and refuses any others; where its entity tag is one,
    that is compared as well. `on_bytes` is told of each chunk's length. The store has
    `timeout_seconds` for each step: to take in a chunk, and for its whole answer. Raises
    `NetworkError` when it cannot be reached, refuses, breaks off or takes longer, `UsageError` when
    the file changes meanwhile.
    """
    from contextlib import closing
    from http.client import HTTPException

    try:
        with closing(_connection(url, timeout_seconds)) as connection:
            status, stored = _send(connection, url, photo, on_bytes, timeout_seconds)
    except TimeoutError as error:
        raise NetworkError(_too_late(timeout_seconds)[1], fix=_AGAIN) from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or "it broke off the connection"
        raise NetworkError(
            f"The object storage cannot be reached: {reason}.", fix=_AGAIN
        ) from error
    if status != _FOUND:
        raise NetworkError(f"The object storage answered {status}: {_hint(status)}.", fix=_AGAIN)
    if stored not in {None, photo.md5.hex()}:
        raise NetworkError("The object storage did not store the bytes it was sent.", fix=_AGAIN)


def _send(
    connection: "HTTPConnection",
    url: str,
    photo: Photo,
    on_bytes: Callable[[int], None],
    timeout_seconds: float,
) -> tuple[int, str | None]:
    """PUT a photo and return the answer's status, and the MD5 of what was stored if it is told.

    Raises `BrokenPipeError` where the store says yes and did not read it all, or names no object.
    """
    import re
    from base64 import b64encode

    headers = {
        "Content-Type": photo.content_type,
        "Content-Length": str(photo.size),
        "Content-MD5": b64encode(photo.md5).decode(),
    }
    connection.connect()
    cut = False
    try:
        connection.request("PUT", _target(url), photo.chunks(on_bytes), headers)
    except (BrokenPipeError, ConnectionResetError):
        cut = True  # a store that refuses may answer and hang up before it has read everything
    answer = _answer(connection, timeout_seconds)
    tag = answer.getheader("etag", "").strip('"').lower()
    if answer.status == _FOUND and (cut or not tag):
        raise BrokenPipeError
    # The tag of an object that the store encrypts with keys of its own looks like an MD5.
    encrypted = answer.getheader("x-amz-server-side-encryption", "AES256") != "AES256"
    told = re.fullmatch("[0-9a-f]{32}", tag) and not encrypted
    return answer.status, tag if told else None


def _answer(connection: "HTTPConnection", timeout_seconds: float) -> "HTTPResponse":
    """Return the answer; a store that goes on and on with it is hung up on."""
    from socket import SHUT_RDWR
    from threading import Timer

    hang_up = Timer(timeout_seconds, lambda: connection.sock.shutdown(SHUT_RDWR))
    hang_up.daemon = True  # or an interrupted program would wait for it
    try:
        hang_up.start()
        return connection.getresponse()
    finally:
        hang_up.cancel()


def _connection(url: str, timeout_seconds: float) -> "HTTPConnection":
    from http.client import HTTPConnection, HTTPSConnection
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return connect(parts.hostname or "", parts.port, timeout=timeout_seconds)


def _target(url: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _meaning(status: int, bucket: str) -> str:
    """Return what the store's answer means for whoever set it up."""
    if status == _FOUND:
        return f"The bucket {bucket!r} answers."
    return f"The object storage answered {status} for the bucket {bucket!r}: {_hint(status)}."


def _hint(status: int) -> str:
    hints = {
        301: "it is in another region",
        307: "it is in another region",
        400: "check the region and the endpoint",
        403: "check the access key, its secret, the region and this machine's clock",
        404: "there is no such bucket",
    }
    return hints.get(status, "try again later")
