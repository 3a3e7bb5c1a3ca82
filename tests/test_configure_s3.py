"""`configure-s3`, from flags, a file or the environment, and how long `upload-url` is valid."""

import contextlib
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import World
from object_store import ObjectStore

EXAMPLE = Path(__file__).parent.parent / "data" / "s3.env.example"
SECRET = "wJalr$XUtnFEMI/K7MD='ENG"


def config_of(world: World) -> dict[str, str | None]:
    """Return the settings with the secret, as only a faithful canister tells it."""
    world.run("deploy", "backend", "--policy", "faithful")
    reply = world.call("get_s3_config", None, "--output", "json")
    (found,) = json.loads(reply)
    return {**found, "endpoint": found["endpoint"][0] if found["endpoint"] else None}


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    """Return a file to write settings into."""
    return tmp_path / ".env"


def test_the_example_file_configures_everything(world: World) -> None:
    assert world.run("configure-s3", "--env-file", str(EXAMPLE)) == (0, "", "")

    assert config_of(world) == {
        "bucket_name": "art",
        "region": "eu-west-1",
        "access_key_id": "AKIAEXAMPLE",
        "secret_access_key": "put-the-secret-key-here",
        "endpoint": None,
    }


@pytest.mark.parametrize(
    "names",
    [
        ("S3_BUCKET_NAME", "S3_REGION", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_ENDPOINT"),
        ("S3_BUCKET", "S3_REGION", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "S3_ENDPOINT_URL"),
        (
            *("AWS_S3_BUCKET", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            "AWS_ENDPOINT_URL_S3",
        ),
    ],
)
def test_the_names_of_scripts_and_of_aws_are_known(
    world: World, env_file: Path, names: tuple[str, ...]
) -> None:
    bucket, region, key, secret, endpoint = names
    env_file.write_text(
        f"# by hand\nOTHER=1\nexport {bucket}='photos'\n{region} = us-east-1\n{key}=AK # mine\n"
        f'{secret}="{SECRET}"\n{endpoint}=http://127.0.0.1:9000\n',
        encoding="utf-8",
    )

    assert world.run("configure-s3", "--env-file", str(env_file)) == (0, "", "")

    assert config_of(world) == {
        "bucket_name": "photos",
        "region": "us-east-1",
        "access_key_id": "AK",
        "secret_access_key": SECRET,
        "endpoint": "http://127.0.0.1:9000",
    }


def test_what_the_command_line_gives_wins_over_the_file(world: World) -> None:
    given = ("--bucket", "other", "--secret-stdin", "--endpoint", "https://s3.example.org")

    done = world.run("configure-s3", "--env-file", str(EXAMPLE), *given, typed="typed\n")

    assert done == (0, "", "")
    found = config_of(world)
    assert (found["bucket_name"], found["secret_access_key"]) == ("other", "typed")
    assert (found["region"], found["endpoint"]) == ("eu-west-1", "https://s3.example.org")


def test_a_secret_that_the_file_leaves_out_comes_from_the_environment(
    world: World, env_file: Path
) -> None:
    env_file.write_text("S3_BUCKET_NAME=b\nS3_REGION=r\nS3_ACCESS_KEY=k\nS3_SECRET_KEY=\n")
    world.variables["S3_SECRET_KEY"] = "from outside"

    assert world.run("configure-s3", "--env-file", str(env_file)) == (0, "", "")
    assert config_of(world)["secret_access_key"] == "from outside"


def test_what_neither_gives_is_named(world: World, env_file: Path) -> None:
    env_file.write_text("S3_BUCKET_NAME=b\n")

    assert world.run("configure-s3", "--env-file", str(env_file)) == (
        2,
        "",
        (
            "Error: --region is missing.\n"
            "To fix: Give --region, or an --env-file that has S3_REGION.\n"
        ),
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "No such file or directory"), (b"S3_REGION=\xff\xfe", "it is not UTF-8 text")],
)
def test_a_file_that_cannot_be_read_is_told(
    world: World, env_file: Path, content: bytes | None, why: str
) -> None:
    if content is not None:
        env_file.write_bytes(content)

    assert world.run("configure-s3", "--env-file", str(env_file)) == (
        2,
        "",
        f"Error: The file '{env_file}' cannot be read: {why}.\nTo fix: Check the path.\n",
    )


@pytest.mark.parametrize(
    "endpoint",
    [
        *("localhost:9000", "ftp://s3.example.org", "http://a..b", "http://a:port", "http://[::1"),
        f"http://{64 * 'x'}.example.org",
    ],
)
def test_an_endpoint_that_is_no_web_address_is_refused_before_it_is_kept(
    world: World, endpoint: str
) -> None:
    done = world.run("configure-s3", "--env-file", str(EXAMPLE), "--endpoint", endpoint)

    assert done == (
        2,
        "",
        (
            f"Error: {endpoint!r} is no endpoint.\n"
            "To fix: An S3 endpoint looks like https://s3.example.org.\n"
        ),
    )
    assert world.call("get_s3_config_status") == "(false)"


@pytest.mark.parametrize("password", ["hunter2", "hun/ter2", "hun?ter2"])
def test_a_password_in_an_endpoint_is_neither_kept_nor_shown(world: World, password: str) -> None:
    endpoint = f"https://user:{password}@s3.example.org"

    done = world.run("configure-s3", "--env-file", str(EXAMPLE), "--endpoint", endpoint)

    assert done == (
        2,
        "",
        (
            "Error: An endpoint does not hold a name or a password.\n"
            "To fix: An S3 endpoint looks like https://s3.example.org.\n"
        ),
    )
    assert world.call("get_s3_config_status") == "(false)"


def test_a_line_that_cannot_be_understood_is_named_and_not_shown(
    world: World, env_file: Path
) -> None:
    env_file.write_text("S3_BUCKET_NAME=b\nS3_SECRET_KEY='hunter2\nS3_REGION=r\n")

    assert world.run("configure-s3", "--env-file", str(env_file)) == (
        2,
        "",
        (
            f"Error: Line 2 of the file '{env_file}' cannot be understood.\n"
            "To fix: Write it as NAME=value, or NAME='value' with both quotes.\n"
        ),
    )


def test_a_bucket_with_a_dot_is_addressed_by_path_as_amazons_certificate_has_it(
    world: World,
) -> None:
    session = world.run("create-session", "alice", "Harbour").stdout.strip()
    world.run("configure-s3", "--env-file", str(EXAMPLE), "--bucket", "photos.example.org")

    address = world.run("upload-url", session, "a.png", "--content-type", "image/png", "--size=9")

    place = f"https://s3.eu-west-1.amazonaws.com/photos.example.org/{session}/a.png?"
    assert address.stdout.startswith(place)


@pytest.mark.parametrize("name", ["study [1].png", "-.png", "{a,b}.png"])
def test_the_curl_command_uploads_a_file_of_any_name(
    world: World, object_store: ObjectStore, tmp_path: Path, name: str
) -> None:
    photo = Path(__file__).parent.parent / "data" / "photos" / "1-sketch.png"
    (tmp_path / name).write_bytes(photo.read_bytes())
    session = world.run("create-session", "alice", "Harbour").stdout.strip()
    world.run(
        *("configure-s3", "--bucket", object_store.bucket, "--region", object_store.region),
        *("--endpoint", object_store.url, "--access-key", object_store.access_key),
        "--secret-stdin",
        typed=object_store.secret,
    )

    # In a process: a store compares the time of signing with its own clock.
    with contextlib.chdir(tmp_path):
        printed = world.process("upload-url", session, "a.png", f"--file={name}", "--curl")
        done = world.shell(printed.stdout.decode())

    assert (done.exit_code, done.stdout) == (0, "")
    stored = object_store.client().get_object(Bucket=object_store.bucket, Key=f"{session}/a.png")
    assert stored["Body"].read() == photo.read_bytes()


def test_with_check_settings_are_kept_only_if_the_bucket_answers(
    world: World, object_store: ObjectStore, env_file: Path
) -> None:
    env_file.write_text(
        f"S3_BUCKET_NAME={object_store.bucket}\nS3_REGION={object_store.region}\n"
        f"S3_ACCESS_KEY={object_store.access_key}\nS3_ENDPOINT={object_store.url}\n"
    )
    check = ("configure-s3", "--check", "--secret-stdin", "--env-file", str(env_file))

    wrong = world.run(*check, typed="wrong")

    assert wrong == (
        4,
        "",
        (
            "Error: The object storage answered 403 for the bucket 'photos': check the access "
            "key, its secret, the region and this machine's clock.\n"
            "To fix: Nothing was kept. Check the settings, then try again.\n"
        ),
    )
    assert world.call("get_s3_config_status") == "(false)"
    assert world.run(*check, typed=object_store.secret) == (0, "", "")
    assert world.call("get_s3_config_status") == "(true)"


@pytest.mark.parametrize(("asked", "signed"), [((), "900"), (("--expires", "60"), "60")])
def test_an_address_is_valid_for_as_long_as_asked(
    world: World, asked: tuple[str, ...], signed: str
) -> None:
    session = world.run("create-session", "alice", "Harbour").stdout.strip()
    world.run("configure-s3", "--env-file", str(EXAMPLE))
    described = ("a.png", "--content-type", "image/png", "--size", "9")

    address = world.run("upload-url", session, *described, *asked)
    as_idl = world.run("upload-url", session, *described, *asked, "--output", "idl")

    assert (address.exit_code, address.stderr) == (0, "")
    assert parse_qs(urlsplit(address.stdout.strip()).query)["X-Amz-Expires"] == [signed]
    assert as_idl.stdout.startswith('(variant { Ok = "https://art.s3.eu-west-1.amazonaws.com/')


def test_for_another_time_the_same_is_refused_as_ever(world: World) -> None:
    world.run("configure-s3", "--env-file", str(EXAMPLE))
    asked = ("--content-type", "image/png", "--size", "9", "--expires", "60")
    session = world.run("create-session", "alice", "Harbour").stdout.strip()

    other = world.run("upload-url", session, "a.png", *asked, "--identity", "bob")
    unsafe = world.run("upload-url", session, "../a.png", *asked)

    assert other == (
        1,
        "",
        (
            "Error: Unauthorized: caller does not own this session\n"
            "To fix: Act as who opened it, with --identity.\n"
        ),
    )
    assert (unsafe.exit_code, unsafe.stdout) == (1, "")
    assert unsafe.stderr.startswith("Error: Invalid file name\nTo fix: Give a name of 1 to 255 ")


def test_no_address_is_valid_for_more_than_a_week(world: World) -> None:
    assert world.run("upload-url", "x", "a.png", "--expires", "604801") == (
        2,
        "",
        (
            "Error: --expires cannot be '604801': it is more than 604800.\n"
            "To fix: See originstamp upload-url --help.\n"
        ),
    )
