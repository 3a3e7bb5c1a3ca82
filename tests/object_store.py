"""The fixture `object_store`: a real S3 server for the whole run, and the canary that watches it.

`conftest.py` names this module in `pytest_plugins`; one server serves the whole run, and none is
started for a run that does not ask for it.
"""

import functools
import os
import secrets
import select
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

HERE = Path(__file__).parent
REGION = "us-east-1"
ACCESS_KEY = "atelier:artist"
START_SECONDS = 60  # it takes less than two; a machine under load may take long
# A wrong answer must show as itself, not as that of a proxy of whoever runs the tests.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ObjectStore(NamedTuple):
    """Where the server listens, who may write there, and the bucket that is there."""

    url: str
    access_key: str
    secret: str
    region: str
    bucket: str

    def settings(self, **changes: object) -> dict[str, object]:
        """Return the settings that an operator would give, with changes."""
        return {
            "bucket_name": self.bucket,
            "region": self.region,
            "access_key_id": self.access_key,
            "secret_access_key": self.secret,
            "endpoint": self.url,
        } | changes

    def client(self) -> Any:
        """Return a boto3 client of the server, which signs SigV4."""
        return store_client(self)


class Answer(NamedTuple):
    """What a server said to a request."""

    status: int
    body: bytes


def s3_client(*, addressing_style: str = "path", **options: object) -> Any:
    """Return a boto3 client that signs SigV4, tries once and asks no proxy."""
    from boto3.session import Session  # type: ignore[import-untyped]
    from botocore.config import Config  # type: ignore[import-untyped]

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": addressing_style},
        retries={"total_max_attempts": 1},
        proxies={},
    )
    return Session().client("s3", config=config, **options)


def send(method: str, url: str, body: bytes | None = None, **headers: str) -> Answer:
    """Send a request as it is given; a keyword such as `content_type` is a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, headers=named, method=method)  # noqa: S310
    try:
        with DIRECT.open(request, timeout=30) as reply:
            return Answer(reply.status, reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read())


def flip_signature(url: str) -> str:
    """Return a presigned address with one hexadecimal digit of its signature changed."""
    address, mark, signature = url.partition("X-Amz-Signature=")
    return address + mark + ("1" if signature[0] == "0" else "0") + signature[1:]


def without_aws(environment: dict[str, str]) -> dict[str, str]:
    """Return an environment in which boto3 finds no account of whoever runs the tests."""
    nowhere = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    kept = {name: value for name, value in environment.items() if not name.startswith("AWS_")}
    return kept | nowhere | {"AWS_EC2_METADATA_DISABLED": "true"}


@functools.cache  # a client takes a fifth of a second to make
def store_client(store: ObjectStore) -> Any:
    """Return a boto3 client of a store."""
    return s3_client(
        aws_access_key_id=store.access_key,
        aws_secret_access_key=store.secret,
        region_name=store.region,
        endpoint_url=store.url,
    )


@contextmanager
def no_aws_environment() -> Iterator[None]:
    """Hide every AWS_* variable from this process for a while."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in without_aws({}).items():
            patch.setenv(name, value)
        yield


@contextmanager
def swift(folder: Path, secret: str) -> Iterator[str]:
    """Run the server as a process of its own, and give its address once it serves.

    The pipe to its standard input is its life line: should this process be killed, the system
    closes the pipe and the server ends itself.
    """
    environment = without_aws(dict(os.environ)) | {"ACCESS_KEY": ACCESS_KEY, "SECRET_KEY": secret}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, HERE / "swift_server.py", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            text=True,
            start_new_session=True,  # Ctrl-C is for pytest, which then ends the server
        )
    with process:
        try:
            yield wait_until_ready(process, folder)
        finally:
            process.kill()  # one process, nothing to save: there is no gentler end to wait for


def wait_until_ready(process: subprocess.Popen[str], folder: Path) -> str:
    """Return the address in the line `ready ADDRESS`."""
    assert process.stdout is not None
    select.select([process.stdout], [], [], START_SECONDS)
    os.set_blocking(process.stdout.fileno(), False)
    line = process.stdout.readline()
    if not line.startswith("ready "):
        pytest.exit(f"Swift did not start: {(folder / 'log').read_text()}", returncode=1)
    return line.split()[1]


def canary(store: ObjectStore) -> None:
    """End the whole run unless the server knows a forged signature from a right one.

    Several S3 servers made for tests check no presigned signature; with one of those, every test
    of a forgery would fail, or pass, for a reason that has nothing to do with this program. The
    address is boto3's, so that this judges the server and nothing else.
    """
    target = {"Bucket": store.bucket, "Key": "canary", "ContentType": "text/plain"}
    url = store.client().generate_presigned_url("put_object", target)
    answers = [
        send("PUT", address, b"tweet", content_type="text/plain").status
        for address in (url, flip_signature(url))
    ]
    if answers != [200, 403]:
        pytest.exit(
            "The object store of the tests answered a right and a forged signature with "
            f"{answers} instead of [200, 403], so nothing it says can be believed.",
            returncode=1,
        )


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """Give a running object store with an empty bucket; it ends with the run."""
    secret = secrets.token_hex(20)
    with (
        no_aws_environment(),
        tempfile.TemporaryDirectory(prefix="originstamp-swift-") as folder,
        swift(Path(folder), secret) as url,
    ):
        store = ObjectStore(url, ACCESS_KEY, secret, REGION, "photos")
        store.client().create_bucket(Bucket=store.bucket)
        canary(store)
        store.client().delete_object(Bucket=store.bucket, Key="canary")
        yield store
