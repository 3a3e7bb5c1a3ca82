"""Upload addresses: what a real object store takes and refuses, and the same address as boto3's."""

import datetime as dt
import functools
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from object_store import (
    DIRECT,
    Answer,
    ObjectStore,
    flip_signature,
    no_aws_environment,
    s3_client,
    send,
    without_aws,
)

from originstamp_cli.photos.kinds import is_content_type, is_file_name
from originstamp_cli.photos.s3 import reachable
from originstamp_cli.photos.signing import presigned_put, without_signature

PHOTO = b"\xff\xd8\xff\xe0 four and twenty bytes"
JPEG = "image/jpeg"
HOUR_NS = 3_600 * 10**9
NOON_NS = 1_700_049_600 * 10**9
AMAZON = {
    "bucket_name": "photos",
    "region": "eu-central-1",
    "access_key_id": "AKIDEXAMPLE",
    "secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "endpoint": None,
}


@pytest.fixture(scope="module", autouse=True)
def _no_account() -> Iterator[None]:
    with no_aws_environment():
        yield


@pytest.fixture
def key() -> str:
    return f"session-{secrets.token_hex(8)}/1-sketch.jpg"


def address(store: ObjectStore, key: str, **changes: object) -> str:
    given_settings = store.settings(**changes)
    return presigned_put(given_settings, key, JPEG, len(PHOTO), now_ns=time.time_ns())


def stored(store: ObjectStore, prefix: str) -> list[str]:
    listing = store.client().list_objects_v2(Bucket=store.bucket, Prefix=prefix)
    return [one["Key"] for one in listing.get("Contents", [])]


# What the store takes.


def test_the_right_put_stores_the_photo_with_its_content_type(
    object_store: ObjectStore, key: str
) -> None:
    answer = send("PUT", address(object_store, key), PHOTO, content_type=JPEG)

    assert answer.status == 200
    found = object_store.client().get_object(Bucket=object_store.bucket, Key=key)
    assert (found["ContentType"], found["Body"].read()) == (JPEG, PHOTO)


@pytest.mark.parametrize(
    "name",
    [
        "with space.jpg",
        "50%+1=1/2?.jpg",
        "a%20b.jpg",
        "#;&|^~'\"`<>{}[].jpg",
        "Ölbild são.jpg",
        "画像.jpg",
        "🎨👩‍🎨.jpg",
        "tab\tand\x7f.jpg",
        "..hidden..",
    ],
)
def test_any_name_is_the_key_that_is_stored(object_store: ObjectStore, name: str) -> None:
    key = f"names-{secrets.token_hex(8)}/{name}"

    answer = send("PUT", address(object_store, key), PHOTO, content_type=JPEG)

    assert answer.status == 200
    assert object_store.client().get_object(Bucket=object_store.bucket, Key=key)["Body"].read()


@pytest.mark.parametrize(
    "content_type",
    [
        "image/png",
        "IMAGE/PNG; a=b ; c=d",
        'text/plain; charset="utf  8"',
        "application/x-www-form-urlencoded; charset=utf-8",
    ],
)
def test_any_content_type_is_the_one_that_is_stored_and_the_only_one_taken(
    object_store: ObjectStore, key: str, content_type: str
) -> None:
    url = presigned_put(
        object_store.settings(), key, content_type, len(PHOTO), now_ns=time.time_ns()
    )

    forged = send("PUT", url, PHOTO, content_type="text/html")
    right = send("PUT", url, PHOTO, content_type=content_type)

    assert (forged.status, right.status) == (403, 200)
    found = object_store.client().head_object(Bucket=object_store.bucket, Key=key)
    assert found["ContentType"] == content_type


def test_an_empty_object_can_be_signed(object_store: ObjectStore, key: str) -> None:
    url = presigned_put(object_store.settings(), key, JPEG, 0, now_ns=time.time_ns())

    assert send("PUT", url, b"", content_type=JPEG).status == 200
    assert send("PUT", url, PHOTO, content_type=JPEG).status == 403


def test_an_endpoint_may_end_with_a_slash(object_store: ObjectStore, key: str) -> None:
    url = address(object_store, key, endpoint=object_store.url + "/")

    assert send("PUT", url, PHOTO, content_type=JPEG).status == 200


# What the store refuses. Each forgery starts from an address that would be taken as it is.


def changed_expiry(url: str) -> str:
    assert "X-Amz-Expires=900&" in url
    return url.replace("X-Amz-Expires=900&", "X-Amz-Expires=90000&")


FORGERIES = {
    "a flipped digit of the signature": lambda url: send_photo(flip_signature(url)),
    "no signature": lambda url: send_photo(url.partition("&X-Amz-Signature=")[0]),
    "another key": lambda url: send_photo(url.replace("/session-", "/session-0")),
    "another bucket": lambda url: send_photo(url.replace("/photos/", "/photos2/")),
    "a later expiry": lambda url: send_photo(changed_expiry(url)),
    "another access key": lambda url: send_photo(url.replace("atelier", "gallery")),
    "another content type": lambda url: send("PUT", url, PHOTO, content_type="text/html"),
    "no content type of its own": lambda url: send("PUT", url, PHOTO),
    "a longer body": lambda url: send_photo(url, PHOTO + b"!"),
    "a shorter body": lambda url: send_photo(url, PHOTO[:-1]),
    "an unsigned access list": lambda url: send(
        "PUT", url, PHOTO, content_type=JPEG, x_amz_acl="public-read"
    ),
    "unsigned metadata": lambda url: send(
        "PUT", url, PHOTO, content_type=JPEG, x_amz_meta_artist="Mallory"
    ),
}


def send_photo(url: str, body: bytes = PHOTO) -> Answer:
    return send("PUT", url, body, content_type=JPEG)


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_put_is_refused_and_stores_nothing(
    object_store: ObjectStore, key: str, forgery: str
) -> None:
    answer = FORGERIES[forgery](address(object_store, key))

    assert answer.status == 403
    assert stored(object_store, key.replace("session-", "session")) == []
    assert stored(object_store, key) == []


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD"])
def test_the_address_is_for_put_alone(object_store: ObjectStore, key: str, method: str) -> None:
    url = address(object_store, key)
    send_photo(url)

    answer = send(method, url, content_type=JPEG, content_length=str(len(PHOTO)))

    assert answer.status == 403
    assert PHOTO not in answer.body
    assert stored(object_store, key) == [key]


def test_an_address_of_an_hour_ago_has_expired(object_store: ObjectStore, key: str) -> None:
    then = time.time_ns() - HOUR_NS

    url = presigned_put(object_store.settings(), key, JPEG, len(PHOTO), now_ns=then)

    assert send_photo(url).status == 403
    assert stored(object_store, key) == []


def test_an_address_of_an_hour_ago_that_lasts_longer_has_not(
    object_store: ObjectStore, key: str
) -> None:
    then = time.time_ns() - HOUR_NS

    url = presigned_put(
        object_store.settings(), key, JPEG, len(PHOTO), now_ns=then, expires_seconds=7200
    )

    assert send_photo(url).status == 200


@pytest.mark.parametrize(
    "wrong", [{"region": "eu-west-1"}, {"secret_access_key": "guess"}, {"access_key_id": "a:b"}]
)
def test_wrong_settings_sign_nothing_that_is_taken(
    object_store: ObjectStore, key: str, wrong: dict[str, object]
) -> None:
    answer = send_photo(address(object_store, key, **wrong))

    assert answer.status in {400, 403}
    assert stored(object_store, key) == []


# The same address as boto3's.


@functools.cache
def boto3_client(endpoint: str | None) -> Any:
    style = "path" if endpoint else "virtual"
    return s3_client(
        aws_access_key_id=AMAZON["access_key_id"],
        aws_secret_access_key=AMAZON["secret_access_key"],
        region_name=AMAZON["region"],
        endpoint_url=endpoint,
        addressing_style=style,
    )


def presigned_by_boto3(
    endpoint: str | None, parameters: Mapping[str, object], *, expires: int, now_ns: int
) -> str:
    # The clock is stopped for boto3 alone; ours is told the time.
    second = now_ns // 10**9
    moment = dt.datetime.fromtimestamp(second, dt.UTC).replace(tzinfo=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: moment)
        return str(
            boto3_client(endpoint).generate_presigned_url(
                "put_object", {"Bucket": "photos", **parameters}, ExpiresIn=expires
            )
        )


ENDPOINTS = [
    None,
    "https://s3.example.org",
    "https://s3.example.org/",
    "https://s3.example.org:443",
    "http://s3.example.org:80",
    "http://localhost:9000",
    "http://127.0.0.1:8080/base/path/",
    "http://[::1]:9000",
    "https://[2001:db8::7]",
    "https://S3.Example.ORG",
]
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
ODD_KEYS = st.text(st.sampled_from(" +%?#;|^&='\"\\/~._-é画🎨"), min_size=1, max_size=30)
CONTENT_TYPES = st.sampled_from([JPEG, "image/png", "text/plain; charset=utf-8", 'a/b;c="d  e"'])


@given(
    endpoint=st.sampled_from(ENDPOINTS),
    key=KEYS | ODD_KEYS,
    content_type=CONTENT_TYPES,
    length=st.integers(0, 10**9),
    expires=st.integers(1, 604_800),
    now_ns=st.integers(0, 4 * 10**18),
)
@example(
    endpoint=None,
    key="a/../b//./c%2F",
    content_type=JPEG,
    length=1,
    expires=900,
    now_ns=NOON_NS,
)
@settings(deadline=None)  # the first client of each endpoint takes boto3 long to make
def test_the_address_is_the_one_boto3_would_sign(  # noqa: PLR0913 — all that is signed
    *, endpoint: str | None, key: str, content_type: str, length: int, expires: int, now_ns: int
) -> None:
    parameters = {"Key": key, "ContentType": content_type, "ContentLength": length}

    ours = presigned_put(
        AMAZON | {"endpoint": endpoint},
        key,
        content_type,
        length,
        now_ns=now_ns,
        expires_seconds=expires,
    )

    theirs = presigned_by_boto3(endpoint, parameters, expires=expires, now_ns=now_ns)
    assert parse_qsl(urlsplit(ours).query) == parse_qsl(urlsplit(theirs).query)
    assert urlsplit(ours).path == urlsplit(theirs).path
    assert urlsplit(ours).hostname == urlsplit(theirs).hostname


@given(key=KEYS, secret=st.text(st.sampled_from("abcXYZ0189/+="), min_size=16, max_size=40))
def test_the_address_is_of_version_four_and_without_the_secret(key: str, secret: str) -> None:
    url = presigned_put(
        AMAZON | {"secret_access_key": secret}, "photos/" + key, JPEG, 1, now_ns=NOON_NS
    )

    names = [name for name, _ in parse_qsl(urlsplit(url).query)]
    assert names == [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
    ]
    assert secret in key or (secret not in unquote(url) and quote(secret, safe="") not in url)


def test_without_an_endpoint_the_address_is_amazons_of_that_region() -> None:
    url = presigned_put(AMAZON, "session-1/a b.jpg", JPEG, 24, now_ns=NOON_NS)

    head, _, query = url.partition("?")
    assert head == "https://photos.s3.eu-central-1.amazonaws.com/session-1/a%20b.jpg"
    assert dict(parse_qsl(query)) | {"X-Amz-Signature": "…"} == {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": "AKIDEXAMPLE/20231115/eu-central-1/s3/aws4_request",
        "X-Amz-Date": "20231115T120000Z",
        "X-Amz-Expires": "900",
        "X-Amz-SignedHeaders": "content-length;content-type;host",
        "X-Amz-Signature": "…",
    }


@pytest.mark.parametrize(
    ("endpoint", "start"),
    [
        ("https://s3.example.org/", "https://s3.example.org/photos/k?"),
        ("http://[::1]:9000/base/", "http://[::1]:9000/base/photos/k?"),
        ("https://s3.example.org:443", "https://s3.example.org:443/photos/k?"),
        ("", "https://photos.s3.eu-central-1.amazonaws.com/k?"),
    ],
)
def test_an_endpoint_is_used_as_it_is_given(endpoint: str, start: str) -> None:
    url = presigned_put(AMAZON | {"endpoint": endpoint}, "k", JPEG, 1, now_ns=NOON_NS)

    assert url.startswith(start)


@pytest.mark.parametrize("expires", [-1, 0, 604_801, 10**7])
def test_an_expiry_that_stores_refuse_is_refused_here(expires: int) -> None:
    with pytest.raises(ValueError, match="1 to 604800 seconds"):
        presigned_put(AMAZON, "k", JPEG, 1, now_ns=NOON_NS, expires_seconds=expires)


@pytest.mark.parametrize(
    "endpoint",
    [
        "s3.example.org",
        "ftp://s3.example.org",
        "https://",
        "https://user:password@s3.example.org",
        "https://s3.example.org?a=b",
        "https://s3.example.org#a",
        "https://s3.example.org\r\nX: y",
        "https://s3.exa mple.org",
        "https://s3.example.org:port",
        "https://s3.example.org:99999",
        "https://[::1",
        "https://sää.example",
    ],
)
def test_an_endpoint_that_is_no_web_address_is_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        presigned_put(AMAZON | {"endpoint": endpoint}, "k", JPEG, 1, now_ns=NOON_NS)

    assert "password" not in str(refusal.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"bucket_name": "evil.example/"},
        {"bucket_name": "Upper"},
        {"bucket_name": "a"},
        {"bucket_name": "photos\n"},
        {"bucket_name": "..", "endpoint": "https://s3.example.org"},
        {"bucket_name": "", "endpoint": "https://s3.example.org"},
        {"region": "evil.example/"},
        {"region": ""},
        {"region": "eu-central-1\n"},
    ],
)
def test_a_bucket_or_region_cannot_become_another_host(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot be the name"):
        presigned_put(AMAZON | wrong, "k", JPEG, 1, now_ns=NOON_NS)


@pytest.mark.parametrize(
    ("key", "content_type", "length"),
    [
        ("", JPEG, 1),
        ("k", JPEG, -1),
        ("k", "", 1),
        ("k", " ", 1),
        ("k", "image/png\r\nx-amz-acl: public-read", 1),
        ("k", "image/é", 1),
        ("half a pair \ud83c", JPEG, 1),
    ],
)
def test_what_no_store_could_accept_is_not_signed(key: str, content_type: str, length: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        presigned_put(AMAZON, key, content_type, length, now_ns=NOON_NS)


# The address that is kept.


@given(key=KEYS | ODD_KEYS, endpoint=st.sampled_from(ENDPOINTS))
def test_without_its_signature_an_address_is_that_of_the_object(
    key: str, endpoint: str | None
) -> None:
    url = presigned_put(AMAZON | {"endpoint": endpoint}, key, JPEG, 1, now_ns=NOON_NS)

    bare = without_signature(url)

    assert bare == url.partition("?")[0]
    assert without_signature(bare) == bare


@given(url=st.text(max_size=80))
def test_an_address_without_a_signature_stays_as_it_is(url: str) -> None:
    assert without_signature(url) == url or "amz" in unquote(url).lower()


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://h/k?a=1&X-Amz-Signature=0&b=2&a=3#part", "https://h/k?a=1&b=2&a=3#part"),
        ("https://h/k?x-amz-date=1&x-AMZ-signature=0", "https://h/k"),
        ("https://h/k?X%2DAmz%2DSignature=0&b", "https://h/k?b"),
        ("https://h/k?X-Amz-Date=1", "https://h/k?X-Amz-Date=1"),
        ("https://h/k#?X-Amz-Signature=0", "https://h/k#?X-Amz-Signature=0"),
        ("https://h/X-Amz-Signature=0", "https://h/X-Amz-Signature=0"),
        ("", ""),
    ],
)
def test_only_what_was_added_by_signing_is_taken_away(url: str, bare: str) -> None:
    assert without_signature(url) == bare


# File names and content types.


@pytest.mark.parametrize(
    "name",
    ["a", "x" * 255, "1-sketch.png", "...", ".a", "é", "画像 🎨.jpg", "a%2Fb", "\u202egpj.a"],
)
def test_a_file_name(name: str) -> None:
    assert is_file_name(name)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "a/b", "/", "a\\b", "x" * 256, "a\0", "a\n", "\x7f", "a\x85b", "\ud83c", "\t"],
)
def test_no_file_name(name: str) -> None:
    assert not is_file_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "image/jpeg",
        "IMAGE/PNG",
        "image/heic",
        "image/vnd.adobe.photoshop",
        "application/octet-stream",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/postscript",
        "text/plain;charset=utf-8",
        'text/plain ; a="b \\" ; c" ; d=e',
    ],
)
def test_a_content_type(text: str) -> None:
    assert is_content_type(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "image",
        "image/",
        "/png",
        "image/png/x",
        "image /png",
        " image/png",
        "image/png ",
        "image/png;",
        "image/png; a",
        "image/png; a=",
        "image/png; a=b c",
        'image/png; a="b',
        "image/png, text/html",
        "image/png\n",
        "image/png;\ta=b",
        "image/png\r\nx-amz-acl: public-read",
        'image/png; a="\n"',
        "image/\x00png",
        "image/pñg",
        "image/png; a=" + "b" * 255,
        "image/" + "; ;" * 20_000,
    ],
)
def test_an_ill_formed_content_type(text: str) -> None:
    assert not is_content_type(text)


@pytest.mark.parametrize(
    "text",
    [
        "text/html",
        "Text/HTML; charset=utf-8",
        'text/html;a="b"',
        "image/svg+xml",
        "IMAGE/SVG+XML",
        "application/xhtml+xml",
        "text/xml",
        "application/xml",
        "application/atom+xml",
        "text/xsl",
        "text/javascript",
        "application/x-javascript",
        "text/javascript1.5",
        "application/ecmascript",
        "text/jscript",
        "text/livescript",
        "text/vbscript",
        "application/hta",
        "application/x-shockwave-flash",
        "application/java-archive",
        "multipart/related",
        "multipart/x-mixed-replace; boundary=x",
        "message/rfc822",
        "*/*",
        "image/*",
        "unknown/unknown",
        "application/unknown",
    ],
)
def test_active_content(text: str) -> None:
    assert not is_content_type(text)


@given(st.text(max_size=40) | st.from_regex(r"[a-z]+/[a-z+.]+(; *[a-z]=.*)?", fullmatch=False))
def test_no_content_type_could_end_a_header(text: str) -> None:
    assert not is_content_type(text) or (text.isascii() and text.isprintable())


# Whether the store is there.


def test_a_store_with_the_bucket_and_the_right_keys_is_reachable(object_store: ObjectStore) -> None:
    assert reachable(object_store.settings()) == (True, "The bucket 'photos' answers.")


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"secret_access_key": "not-the-secret"}, "answered 403"),
        ({"access_key_id": "who:ever"}, "answered 403"),
        ({"bucket_name": "nowhere"}, "answered 404 for the bucket 'nowhere'"),
        ({"endpoint": "http://no-such-host.invalid"}, "cannot be reached"),
        ({"endpoint": "no web address"}, "looks like https://"),
        ({"endpoint": None, "bucket_name": "UPPER"}, "cannot be the name"),
    ],
)
def test_what_is_wrong_with_a_store_is_said_without_secrets(
    object_store: ObjectStore, change: dict[str, object], hint: str
) -> None:
    changed = object_store.settings(**change)

    well, sentence = reachable(changed, timeout_seconds=20.0)

    assert not well
    assert hint in sentence
    assert str(changed["secret_access_key"]) not in sentence
    assert "X-Amz" not in sentence


def test_a_closed_port_is_not_reachable() -> None:
    # Bound and not listening: nobody else can open this port meanwhile.
    with closing(socket.socket()) as reserved:
        reserved.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{reserved.getsockname()[1]}"

        answer = reachable(AMAZON | {"endpoint": endpoint})

    assert answer == (False, "The object storage cannot be reached: Connection refused.")


def test_a_server_that_speaks_no_http_is_not_reachable() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        greeter = threading.Thread(target=lambda: greet(server))
        greeter.start()

        well, sentence = reachable(AMAZON | {"endpoint": local_address(server)})

        greeter.join()
    assert (well, sentence) == (False, "The object storage cannot be reached: BadStatusLine.")


def greet(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b"220 mail.example ready\r\n")


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        answer = reachable(AMAZON | {"endpoint": local_address(server)}, timeout_seconds=0.2)

    assert answer == (False, "The object storage did not answer within 0.2 seconds.")


def test_a_server_that_answers_byte_by_byte_is_not_waited_for() -> None:
    enough = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        dripper = threading.Thread(target=lambda: drip(server, enough))
        dripper.start()

        well, sentence = reachable(
            AMAZON | {"endpoint": local_address(server)}, timeout_seconds=0.3
        )

        enough.set()
        dripper.join()
    assert (well, sentence) == (False, "The object storage did not answer within 0.3 seconds.")


def drip(server: socket.socket, enough: threading.Event) -> None:
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 ")
        while not enough.wait(0.02):  # the pace of the server, not a wait of the test
            connection.sendall(b"O")


def local_address(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}"


# What must not be loaded, and must not be left behind.


def test_importing_the_module_loads_nothing_heavy() -> None:
    heavy = "{'boto3', 'botocore', 'cryptography', 'urllib.request', 'http.client', 'threading'}"
    code = f"import sys, originstamp_cli.photos.s3; print({heavy} & set(sys.modules))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "set()\n"


def test_the_object_store_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    start = "import subprocess, sys; subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE).wait()"
    server = [sys.executable, str(Path(__file__).parent / "swift_server.py"), str(tmp_path)]
    environment = without_aws(dict(os.environ)) | {"ACCESS_KEY": "a:b", "SECRET_KEY": "c"}
    starter = subprocess.Popen(
        [sys.executable, "-c", start, *server],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    with starter:
        assert starter.stdout is not None
        ready = starter.stdout.readline()
        starter.send_signal(signal.SIGKILL)

        # Both hold the pipe's other end: it closes when the second of them is gone.
        closed, _, _ = select.select([starter.stdout], [], [], 30)

        assert ready.startswith("ready http://127.0.0.1:")
        assert closed
        assert starter.stdout.read() == ""
    with pytest.raises(OSError, match="refused"):
        DIRECT.open(ready.split()[1], timeout=5)
