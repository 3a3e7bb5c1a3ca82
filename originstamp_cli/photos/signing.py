"""Addresses that an S3 store accepts from anyone, for a while.

An address is signed here, without asking the store: it is a pure function of the settings, the
object and the time. Nothing heavy is imported until an address is asked for.
"""

from collections.abc import Mapping

Settings = Mapping[str, object]

LOOKS_LIKE = "An S3 endpoint looks like https://s3.example.org."
_LONGEST_LABEL = 63  # of a host name (RFC 1035 §2.3.4)
LONGEST_EXPIRY = 604_800  # seconds; a week, the most that S3 accepts


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
    return presign(
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


def _address(settings: Settings, key: str) -> str:
    """Return the address of an object (of the bucket, for an empty key), without a query."""
    from urllib.parse import quote

    bucket, path = str(settings["bucket_name"]), quote(key, safe="/-_.~")
    endpoint = settings.get("endpoint")
    if not endpoint:
        return f"https://{_amazon_place(bucket, str(settings['region']))}/{path}"
    if bucket in {"", ".", ".."}:
        raise ValueError(f"{bucket!r} cannot be the name of an S3 bucket.")
    base = f"{checked_endpoint(str(endpoint))}/{quote(bucket, safe='-_.~')}"
    return f"{base}/{path}" if path else base


def _amazon_place(bucket: str, region: str) -> str:
    """Return the host name of a bucket at Amazon, or the host and a path for one with a dot.

    Amazon's certificate is for one label before its own: `a.b.s3…` would not be trusted. Both
    names become part of a host name, so neither may hold a character that would make it somebody
    else's.
    """
    import re

    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
        raise ValueError(f"{bucket!r} cannot be the name of an S3 bucket.")
    if not re.fullmatch(r"[a-z0-9-]{1,63}", region):
        raise ValueError(f"{region!r} cannot be the name of an S3 region.")
    host = f"s3.{region}.amazonaws.com"
    return f"{host}/{bucket}" if "." in bucket else f"{bucket}.{host}"


def checked_endpoint(endpoint: str) -> str:
    """Return an endpoint without a trailing slash, once it is known to be a plain web address.

    A name and password in it would be shown to everyone who gets an upload address. Raises
    ValueError for anything else.
    """
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(endpoint)
        _ = parts.port  # raises ValueError for what is no port number
    except ValueError:
        raise ValueError(LOOKS_LIKE) from None  # what it says may hold a part of a password
    host = parts.hostname or ""
    named = all(0 < len(label) <= _LONGEST_LABEL for label in host.removesuffix(".").split("."))
    plain = endpoint.isascii() and endpoint.isprintable() and not set(endpoint) & set(' ?#@\\"<>')
    if parts.scheme not in {"http", "https"} or not named or not plain:
        raise ValueError(LOOKS_LIKE)
    return endpoint.rstrip("/")


def presign(  # noqa: PLR0913 — the parts of one request
    method: str,
    key: str,
    settings: Settings,
    *,
    headers: Mapping[str, str],
    now_ns: int,
    expires_seconds: int,
) -> str:
    """Return an object's address (the bucket's, for an empty key) with one request's signature.

    Raises ValueError as `presigned_put` does. botocore's signer is driven step by step: its own
    `add_auth` would read this machine's clock, and would leave one content type (that of a form)
    unsigned.
    """
    from urllib.parse import quote, urlencode

    from botocore.auth import S3SigV4QueryAuth  # type: ignore[import-untyped]
    from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
    from botocore.credentials import Credentials  # type: ignore[import-untyped]

    if not 1 <= expires_seconds <= LONGEST_EXPIRY:
        raise ValueError(f"An address is valid for 1 to {LONGEST_EXPIRY} seconds.")
    keys = Credentials(str(settings["access_key_id"]), str(settings["secret_access_key"]))
    signer = S3SigV4QueryAuth(keys, "s3", str(settings["region"]), expires_seconds)
    target = _address(settings, key)
    request = AWSRequest(method, target, headers)
    request.context["timestamp"] = _timestamp(now_ns)
    parameters = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": signer.scope(request),
        "X-Amz-Date": request.context["timestamp"],
        "X-Amz-Expires": str(expires_seconds),
        "X-Amz-SignedHeaders": signer.signed_headers(signer.headers_to_sign(request)),
    }
    request.url = f"{target}?{urlencode(parameters, quote_via=quote, safe='-_.~')}"
    to_sign = signer.string_to_sign(request, signer.canonical_request(request))
    return f"{request.url}&X-Amz-Signature={signer.signature(to_sign, request)}"


def _timestamp(now_ns: int) -> str:
    """Return a time as a signature writes it: `20231114T221320Z`."""
    from time import gmtime, strftime

    return strftime("%Y%m%dT%H%M%SZ", gmtime(now_ns // 1_000_000_000))
