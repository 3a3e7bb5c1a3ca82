"""Object storage, as the backend answers about it, and a real store that gets the photos."""

import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import World
from object_store import ObjectStore, flip_signature, send
from test_sessions import OpenSession, err

PHOTO = Path(__file__).parent.parent / "data" / "photos" / "1-sketch.png"
NOT_CONFIGURED = "S3 configuration not found. Please configure S3 settings first."


def config(**changes: str) -> str:
    """Return an S3Config in Candid text."""
    fields = {
        "bucket_name": '"art"',
        "region": '"eu-west-1"',
        "access_key_id": '"AKIAEXAMPLE"',
        "secret_access_key": '"a-very-secret-key"',
        "endpoint": "null",
    } | changes
    return "(record { " + "; ".join(f"{name} = {value}" for name, value in fields.items()) + " })"


def upload(session: str, name: str = "a.png", kind: str = "image/png", size: int = 9) -> str:
    """Return the argument of generate_upload_url."""
    return (
        f'("{session}", record {{ filename = "{name}"; content_type = "{kind}"; '
        f"file_size = {size} }})"
    )


def address_in(reply: str) -> str:
    """Return the address that was answered."""
    found = re.search(r'Ok = "(.*)"', reply)
    assert found, reply
    return found[1]


def test_nothing_is_configured_at_first(world: World, session_of: OpenSession) -> None:
    assert world.call("get_s3_config") == "(null)"
    assert world.call("get_s3_config_status") == "(false)"
    assert world.call("generate_upload_url", upload(session_of())) == err(NOT_CONFIGURED)


@pytest.mark.parametrize("method", ["configure_s3", "set_s3_config"])
def test_the_settings_are_kept_and_the_secret_masked(world: World, method: str) -> None:
    assert world.call(method, config()) == "(true)"

    assert world.call("get_s3_config_status") == "(true)"
    assert world.call("get_s3_config", None, "--output", "json") == (
        "[\n  {\n"
        '    "access_key_id": "AKIAEXAMPLE",\n'
        '    "bucket_name": "art",\n'
        '    "endpoint": [],\n'
        '    "region": "eu-west-1",\n'
        '    "secret_access_key": "********"\n'
        "  }\n]"
    )


def test_the_secret_is_kept_nowhere_in_clear(world: World) -> None:
    world.call("configure_s3", config())

    written = [path for path in world.home.parent.rglob("*") if path.is_file()]
    assert world.state in written
    assert all(b"a-very-secret-key" not in path.read_bytes() for path in written)
    assert "a-very-secret-key" not in world.call("debug_info")


def test_an_endpoint_with_a_password_in_it_is_refused(world: World) -> None:
    endpoint = config(endpoint='opt "https://me:hunter2@s3.example"')

    result = world.run("canister", "call", "backend", "configure_s3", endpoint)

    assert (result.exit_code, result.stdout) == (255, "")
    assert "'Invalid endpoint: it must not hold a name or a password'" in result.stderr
    assert world.call("get_s3_config_status") == "(false)"


def test_a_password_in_the_endpoint_is_not_shown_by_debug_info_as_deployed(
    faithful: World,
) -> None:
    faithful.call("configure_s3", config(endpoint='opt "https://me:hunter2@s3.example"'))

    shown = faithful.call("debug_info", None, "--identity", "anonymous")

    assert 's3_endpoint"; "s3.example"' in shown
    assert "hunter2" not in shown


def test_a_missing_key_is_told_by_the_health_check_and_the_call(
    world: World, session_of: OpenSession
) -> None:
    session = session_of()
    world.call("configure_s3", config())
    key = world.home / ".config" / "originstamp" / "secret.key"
    key.unlink()

    health = world.call("get_health_status", None, "--output", "json")
    signing = world.run("canister", "call", "backend", "generate_upload_url", upload(session))

    assert '"status": "degraded"' in health
    assert f"The key '{key}' of the stored secrets is missing." in health
    assert (signing.exit_code, signing.stdout) == (255, "")
    assert f"The key '{key}' of the stored secrets is missing." in signing.stderr


def test_the_secret_is_answered_as_deployed(faithful: World) -> None:
    faithful.call("configure_s3", config())

    assert 'secret_access_key = "a-very-secret-key"' in faithful.call("get_s3_config")


def test_configuring_with_the_mask_keeps_the_secret(world: World, session_of: OpenSession) -> None:
    session = session_of()
    world.call("configure_s3", config())
    before = address_in(world.call("generate_upload_url", upload(session)))

    assert world.call("configure_s3", config(secret_access_key='"********"')) == "(true)"

    after = address_in(world.call("generate_upload_url", upload(session)))
    assert signature(after) == signature(before), "same second, same key"


def signature(address: str) -> str:
    """Return the signature in an address."""
    return parse_qs(urlsplit(address).query)["X-Amz-Signature"][0]


def test_the_mask_means_nothing_where_no_secret_was_kept(world: World) -> None:
    assert world.call("configure_s3", config(secret_access_key='"********"')) == "(false)"
    assert world.call("get_s3_config_status") == "(false)"


@pytest.mark.parametrize("field", ["bucket_name", "region", "access_key_id", "secret_access_key"])
def test_blank_settings_are_not_kept(world: World, field: str) -> None:
    assert world.call("configure_s3", config(**{field: '"  "'})) == "(false)"
    assert world.call("get_s3_config") == "(null)"


def test_only_a_controller_configures(world: World) -> None:
    world.call("register_user", '("owner", "pw")')

    result = world.run("canister", "call", "backend", "configure_s3", config(), "--identity", "bob")

    assert (result.exit_code, result.stdout) == (255, "")
    bob = world.principal("bob")
    assert result.stderr == (
        "Error: Failed update call.\n"
        "Caused by: The replica returned a rejection error: reject code CanisterError, "
        "reject message Error from Canister bkyz2-fmaaa-aaaaa-qaaaq-cai: Canister called "
        "`ic0.trap` with message: 'Unauthorized: only a controller may configure S3; a controller "
        f"adds another with: dfx canister update-settings backend --add-controller {bob}'.\n"
        "Consider gracefully handling failures from this canister or altering the canister to "
        "handle exceptions. See documentation: https://internetcomputer.org/docs/current/"
        'references/execution-errors#trapped-explicitly, error code Some("IC0503")\n'
    )
    assert world.call("get_s3_config_status") == "(false)"


def test_an_address_is_signed_for_amazon_where_there_is_no_endpoint(
    world: World, session_of: OpenSession
) -> None:
    session = session_of()
    world.call("configure_s3", config())

    address = address_in(world.call("generate_upload_url", upload(session, "my photo.png")))

    parts = urlsplit(address)
    query = parse_qs(parts.query)
    assert parts.scheme == "https"
    assert parts.netloc == "art.s3.eu-west-1.amazonaws.com"
    assert parts.path == f"/{session}/my%20photo.png"
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["900"]
    assert query["X-Amz-Date"] == ["20231114T221320Z"], "the time of the world's clock"
    assert query["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
    assert "a-very-secret-key" not in address


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ({"name": ""}, "Invalid file name"),
        ({"name": "../a.png"}, "Invalid file name"),
        ({"name": ".."}, "Invalid file name"),
        ({"name": "a\\\\b"}, "Invalid file name"),
        ({"name": "a\\u{7f}"}, "Invalid file name"),
        ({"name": "x" * 256}, "Invalid file name"),
        ({"kind": "picture"}, "Invalid content type"),
        ({"kind": "text/html"}, "Invalid content type"),
        ({"kind": "image/svg+xml; charset=utf-8"}, "Invalid content type"),
        ({"kind": "image/png\\r\\nx: y"}, "Invalid content type"),
        ({"size": 0}, "Invalid file size"),
        ({"size": 100_000_001}, "Invalid file size"),
        ({"size": 2**64 - 1}, "Invalid file size"),
    ],
)
def test_what_is_no_photo_gets_no_address(
    world: World, session_of: OpenSession, file: dict[str, str], why: str
) -> None:
    session = session_of()
    world.call("configure_s3", config())

    assert world.call("generate_upload_url", upload(session, **file)) == err(why)  # type: ignore[arg-type]


def test_a_file_of_100_megabytes_is_the_largest(world: World, session_of: OpenSession) -> None:
    session = session_of()
    world.call("configure_s3", config())

    assert "Ok" in world.call("generate_upload_url", upload(session, size=100_000_000))


def test_an_invented_session_gets_an_address_from_a_controller_only(world: World) -> None:
    world.call("configure_s3", config())

    assert "Ok" in world.call("generate_upload_url", upload("test-session"))
    by_bob = world.call("generate_upload_url", upload("test-session"), "--identity", "bob")
    assert by_bob == err("Session not found")


def test_only_the_sessions_owner_gets_an_address(world: World, session_of: OpenSession) -> None:
    world.call("configure_s3", config())
    session = session_of("--identity", "bob")

    by_carol = world.call("generate_upload_url", upload(session), "--identity", "carol")
    by_nobody = world.call("generate_upload_url", upload(session), "--identity", "anonymous")

    assert by_carol == err("Unauthorized: caller does not own this session")
    assert by_nobody == err("Anonymous calls not allowed")
    assert "Ok" in world.call("generate_upload_url", upload(session), "--identity", "bob")


@pytest.mark.parametrize(
    "changes",
    [{"endpoint": 'opt "not an address"'}, {"region": '"eu west"'}, {"bucket_name": '"A/B"'}],
)
def test_settings_that_nothing_can_be_signed_with_are_named(
    world: World, session_of: OpenSession, changes: dict[str, str]
) -> None:
    session = session_of()
    world.call("configure_s3", config(**changes))

    reply = world.call("generate_upload_url", upload(session))

    assert reply.startswith(('(variant { Err = "', '(\n  variant {\n    Err = "'))


def test_anyone_gets_an_address_for_anything_as_deployed(faithful: World) -> None:
    faithful.call("configure_s3", config())

    odd = upload("nope", "../x.html", "text/html", 0)

    assert "Ok" in faithful.call("generate_upload_url", odd, "--identity", "anonymous")


def test_a_photo_goes_to_a_real_store_and_a_forged_address_does_not(
    world: World, session_of: OpenSession, object_store: ObjectStore
) -> None:
    world.clock = time.time_ns  # type: ignore[method-assign]  # the store compares it with its own
    session = session_of()
    world.call(
        "configure_s3",
        config(
            bucket_name=f'"{object_store.bucket}"',
            region=f'"{object_store.region}"',
            access_key_id=f'"{object_store.access_key}"',
            secret_access_key=f'"{object_store.secret}"',
            endpoint=f'opt "{object_store.url}"',
        ),
    )
    photo = PHOTO.read_bytes()

    reply = world.call("generate_upload_url", upload(session, "1.png", size=len(photo)))
    address = address_in(reply)

    assert address.startswith(f"{object_store.url}/{object_store.bucket}/{session}/1.png?")
    assert send("PUT", flip_signature(address), photo, content_type="image/png").status == 403
    assert send("PUT", address, photo, content_type="image/jpeg").status == 403
    assert send("PUT", address, photo[:-1], content_type="image/png").status == 403
    assert send("PUT", address, photo, content_type="image/png").status == 200
    stored = object_store.client().get_object(Bucket=object_store.bucket, Key=f"{session}/1.png")
    assert stored["Body"].read() == photo
    assert stored["ContentType"] == "image/png"
    health = world.call("get_health_status")
    assert f"The bucket '{object_store.bucket}' answers." in health.replace("\\'", "'")


def test_a_store_that_is_gone_is_told_by_the_health_check(world: World) -> None:
    world.call("configure_s3", config(endpoint='opt "http://127.0.0.1:9"'))

    health = world.call("get_health_status")

    assert 'status = "degraded"' in health
    assert "The object storage cannot be reached" in health
