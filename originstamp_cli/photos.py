"""Where the bytes of photos go: upload addresses that an S3 store accepts from anyone, for a while.

An address is signed here, without asking the store: it is a pure function of the settings, the
object and the time. Nothing heavy is imported until an address is asked for.
"""

from collections.abc import Mapping

Settings = Mapping[str, object]

LONGEST_EXPIRY = 604_800  # seconds; a week, the most that S3 accepts
LONGEST_NAME = 255
HEAD_BYTES = 32  # as many of a file's first bytes as tell what it is
_FOUND = 200

_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
)

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_CONTENT_TYPE = rf"({_WORD}/{_WORD})(?: *; *{_WORD}=(?:{_WORD}|{_QUOTED}))*"

# A browser that opens an object of such a type may run what is in it, in the name of the site
# that serves it. XML is among them whatever its dialect: any of its documents may hold an XHTML
# `<script>`, or name a style sheet that makes one. So are wrappers, whose parts have types of
# their own, and types that make a browser guess from the bytes, as HTML is among its guesses.
_ACTIVE = "|".join(  # noqa: FLY002 — one kind a line
    (
        r"[^/]*/.*html.*",
        r"[^/]*/(?:xml.*|.*\+xml|xsl.*|rdf)",
        r"[^/]*/.*(?:java|ecma|j|live|vb)script.*",
        r"[^/]*/(?:hta|x-component|x-shockwave-flash|(?:x-)?java-.*)",
        r"(?:message|multipart)/.*",
        r"(?:unknown|application)/unknown|.*\*.*",
    )
)


def presigned_put(  # noqa: PLR0913 — what is signed, and until when
    settings: Settings,
    key: str,
    content_type: str,
    content_length: int,
    *,
    now_ns: int,
    expires_seconds: int = 900,
) -> str:
    """Return an address to which anyone may PUT one object until it expires.

    Whoever uses it must send exactly this Content-Type and this many bytes: both are signed
    (AWS Signature Version 4). `settings` has `bucket_name`, `region`, `access_key_id`,
    `secret_access_key` and `endpoint` (None: Amazon's own). `now_ns` is nanoseconds since 1970.
    The address is a secret until it expires; it does not contain the secret key.

    Raises ValueError for what no store could accept: no key, an expiry outside 1 to 604800
    seconds, a negative length, a content type that is no header value, an endpoint that is no
    web address, a bucket or region that cannot be part of Amazon's host name.
    """
    if not key:
        raise ValueError("An object's key cannot be empty.")
    if content_length < 0:
        raise ValueError(f"A length cannot be negative: {content_length}.")
    if not (content_type.isascii() and content_type.isprintable() and content_type.strip()):
        raise ValueError("A content type is one line of plain text.")
    headers = {"content-type": content_type, "content-length": str(content_length)}
    return _presign(
        "PUT", key, settings, headers=headers, now_ns=now_ns, expires_seconds=expires_seconds
    )


def without_signature(url: str) -> str:
    """Return a presigned address without its `X-Amz-…` parameters: the address of the object.

    Other parameters and the fragment stay as they are. An address that has no `X-Amz-Signature`
    is returned unchanged.
    """
    from urllib.parse import unquote

    def name(parameter: str) -> str:
        return unquote(parameter.partition("=")[0]).lower()

    before, hash_mark, fragment = url.partition("#")
    address, _, query = before.partition("?")
    parameters = query.split("&")
    if "x-amz-signature" not in map(name, parameters):
        return url
    kept = "&".join(one for one in parameters if not name(one).startswith("x-amz-"))
    return address + ("?" + kept if kept else "") + hash_mark + fragment


def content_type_of(head: bytes) -> str | None:
    """Return the content type of a photo by its first bytes, or None for no photo that we know.

    The name of a file says what somebody hoped it to be; the bytes say what it is.
    """
    for at, signature, content_type in _SIGNATURES:
        if head.startswith(signature, at):
            return content_type
    return None


def is_file_name(name: str) -> bool:
    r"""Say whether a name may end an object's key.

    1 to 255 characters; no `/`, `\`, control characters or halves of surrogate pairs; not `.` or
    `..`, which every client that tidies addresses would turn into another object.
    """
    from unicodedata import category

    if not 0 < len(name) <= LONGEST_NAME or name in {".", ".."}:
        return False
    return not any(one in "/\\" or category(one) in {"Cc", "Cs"} for one in name)


def is_content_type(text: str) -> bool:
    """Say whether a text is a content type to store a photo under.

    It must be well formed (`type/subtype`, then parameters; at most 255 plain ASCII characters, so
    nothing that could end a header) and not active content: HTML, anything XML (SVG and XHTML
    too), JavaScript and other scripts, applets, `multipart` and `message` wrappers, and types
    that make a browser guess. Case and parameters make no difference.

    Sources: RFC 9110 §8.3.1 for the form, WHATWG MIME Sniffing §4.6 and §7 for what is active.
    """
    import re

    form = re.fullmatch(_CONTENT_TYPE, text) if len(text) <= LONGEST_NAME else None
    return form is not None and not re.fullmatch(_ACTIVE, form[1].lower())


def reachable(settings: Settings, *, timeout_seconds: float = 3.0) -> tuple[bool, str]:
    """Say whether the bucket answers to these keys, and how, in a sentence without secrets.

    Asks once, and answers within `timeout_seconds` whatever the network does: a look-up of a name
    or a server that sends one byte at a time knows no time limit of its own, so the question is
    asked in a thread that is left behind when it is too late.
    """
    from threading import Thread

    answers: list[tuple[bool, str]] = []
    thread = Thread(
        target=lambda: answers.append(_ask_bucket(settings, timeout_seconds)), daemon=True
    )
    thread.start()
    thread.join(timeout_seconds)
    return answers[0] if answers else _too_late(timeout_seconds)


def _too_late(timeout_seconds: float) -> tuple[bool, str]:
    return False, f"The object storage did not answer within {timeout_seconds:g} seconds."


def _ask_bucket(settings: Settings, timeout_seconds: float) -> tuple[bool, str]:
    """Send a signed HEAD of the bucket, and say what came of it.

    The time is the machine's own: it is this clock that the store compares with its own.
    """
    from http.client import HTTPException
    from time import time_ns

    try:
        url = _presign("HEAD", "", settings, headers={}, now_ns=time_ns(), expires_seconds=60)
        status = _head(url, timeout_seconds)
    except ValueError as error:
        return False, f"The object storage cannot be asked: {error}"
    except TimeoutError:
        return _too_late(timeout_seconds)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return False, f"The object storage cannot be reached: {reason}."
    return status == _FOUND, _meaning(status, str(settings["bucket_name"]))


def _head(url: str, timeout_seconds: float) -> int:
    """Return the status of a HEAD; a redirect is not followed, as its signature is for one host."""
    from contextlib import closing
    from http.client import HTTPConnection, HTTPSConnection
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(connect(parts.hostname or "", parts.port, timeout=timeout_seconds)) as connection:
        connection.request("HEAD", f"{parts.path}?{parts.query}")
        return connection.getresponse().status


def _meaning(status: int, bucket: str) -> str:
    """Return what the store's answer means for whoever set it up."""
    if status == _FOUND:
        return f"The bucket {bucket!r} answers."
    hints = {
        301: "it is in another region",
        307: "it is in another region",
        400: "check the region and the endpoint",
        403: "check the access key, its secret, the region and this machine's clock",
        404: "there is no such bucket",
    }
    hint = hints.get(status, "try again later")
    return f"The object storage answered {status} for the bucket {bucket!r}: {hint}."


def _address(settings: Settings, key: str) -> str:
    """Return the address of an object (of the bucket, for an empty key), without a query."""
    from urllib.parse import quote

    bucket, path = str(settings["bucket_name"]), quote(key, safe="/-_.~")
    endpoint = settings.get("endpoint")
    if not endpoint:
        return f"https://{_amazon_host(bucket, str(settings['region']))}/{path}"
    if bucket in {"", ".", ".."}:
        raise ValueError(f"{bucket!r} cannot be the name of an S3 bucket.")
    base = f"{_checked_endpoint(str(endpoint))}/{quote(bucket, safe='-_.~')}"
    return f"{base}/{path}" if path else base


def _amazon_host(bucket: str, region: str) -> str:
    """Return the host name of a bucket at Amazon.

    Both names become part of a host name, so neither may hold a character that would make it
    somebody else's.
    """
    import re

    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
        raise ValueError(f"{bucket!r} cannot be the name of an S3 bucket.")
    if not re.fullmatch(r"[a-z0-9-]{1,63}", region):
        raise ValueError(f"{region!r} cannot be the name of an S3 region.")
    return f"{bucket}.s3.{region}.amazonaws.com"


def _checked_endpoint(endpoint: str) -> str:
    """Return an endpoint without a trailing slash, once it is known to be a plain web address.

    A name and password in it would be shown to everyone who gets an upload address.
    """
    from urllib.parse import urlsplit

    parts = urlsplit(endpoint)
    _ = parts.port  # raises ValueError for what is no port number
    plain = endpoint.isascii() and endpoint.isprintable() and not set(endpoint) & set(' ?#@\\"<>')
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise ValueError("An S3 endpoint looks like https://s3.example.org.")
    return endpoint.rstrip("/")


def _presign(  # noqa: PLR0913 — the parts of one request
    method: str,
    key: str,
    settings: Settings,
    *,
    headers: Mapping[str, str],
    now_ns: int,
    expires_seconds: int,
) -> str:
    """Return the address of an object with the signature of one request in its query.

    botocore's signer is driven step by step: its own `add_auth` would read this machine's clock,
    and would leave one content type (that of a form) unsigned.
    """
    from urllib.parse import quote, urlencode

    from botocore.auth import S3SigV4QueryAuth  # type: ignore[import-untyped]
    from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
    from botocore.credentials import Credentials  # type: ignore[import-untyped]

    if not 1 <= expires_seconds <= LONGEST_EXPIRY:
        raise ValueError(f"An address is valid for 1 to {LONGEST_EXPIRY} seconds.")
    keys = Credentials(str(settings["access_key_id"]), str(settings["secret_access_key"]))
    signer = S3SigV4QueryAuth(keys, "s3", str(settings["region"]), expires_seconds)
    address = _address(settings, key)
    request = AWSRequest(method, address, headers)
    request.context["timestamp"] = _timestamp(now_ns)
    parameters = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": signer.scope(request),
        "X-Amz-Date": request.context["timestamp"],
        "X-Amz-Expires": str(expires_seconds),
        "X-Amz-SignedHeaders": signer.signed_headers(signer.headers_to_sign(request)),
    }
    request.url = f"{address}?{urlencode(parameters, quote_via=quote, safe='-_.~')}"
    to_sign = signer.string_to_sign(request, signer.canonical_request(request))
    return f"{request.url}&X-Amz-Signature={signer.signature(to_sign, request)}"


def _timestamp(now_ns: int) -> str:
    """Return a time as a signature writes it: `20231114T221320Z`."""
    from time import gmtime, strftime

    return strftime("%Y%m%dT%H%M%SZ", gmtime(now_ns // 1_000_000_000))
