"""Commands about object storage."""

import shlex
from typing import Annotated

import typer

from originstamp_cli.candid.values import Value
from originstamp_cli.canister import backend, storage
from originstamp_cli.cli.common import Console, Secret, command
from originstamp_cli.cli.sessions import Session
from originstamp_cli.cli.usage import nat64
from originstamp_cli.errors import NetworkError, UsageError
from originstamp_cli.photos.signing import LONGEST_EXPIRY, checked_endpoint
from originstamp_cli.render import Answer

PANEL = "Storage"
SECRET = Secret("secret", "--secret-stdin", "S3_SECRET_KEY")
app = typer.Typer()


Bucket = Annotated[
    str | None,
    typer.Option("--bucket", metavar="BUCKET", help="The bucket that holds the photos."),
]
Region = Annotated[
    str | None, typer.Option("--region", metavar="REGION", help="Its region, such as us-east-1.")
]
AccessKey = Annotated[
    str | None, typer.Option("--access-key", metavar="KEY", help="The id of the access key.")
]
Endpoint = Annotated[
    str | None,
    typer.Option("--endpoint", metavar="URL", help="The address of a store other than AWS."),
]
EnvFile = Annotated[
    str | None,
    typer.Option("--env-file", metavar="FILE", help="Take what is not given from a .env file."),
]
SecretStdin = Annotated[
    bool, typer.Option("--secret-stdin", help="Read the secret key from standard input.")
]
Check = Annotated[
    bool, typer.Option("--check", help="Keep nothing unless the bucket answers to the keys.")
]


@command(app, panel=PANEL)
def configure_s3(
    console: Console,
    bucket: Bucket = None,
    region: Region = None,
    access_key: AccessKey = None,
    endpoint: Endpoint = None,
    env_file: EnvFile = None,
    secret_stdin: SecretStdin = False,
    check: Check = False,
) -> Answer:
    """Say where photos go. The secret key is asked for unseen, and kept encrypted.

    It may also come from standard input, the environment (S3_SECRET_KEY) or a .env file; never
    from the command line. A .env file has S3_BUCKET_NAME, S3_REGION, S3_ACCESS_KEY, S3_SECRET_KEY
    and, for a store other than AWS, S3_ENDPOINT.

    Example: originstamp configure-s3 --env-file .env
    """
    from originstamp_cli.cli import env_file as env

    settings = env.EnvFile() if env_file is None else env.read(env_file)
    settings = settings.given(
        bucket=bucket, region=region, access_key=access_key, endpoint=endpoint
    )
    config = {
        "bucket_name": _needed("bucket", settings.bucket),
        "region": _needed("region", settings.region),
        "access_key_id": _needed("access_key", settings.access_key),
        "secret_access_key": _secret(console, settings.secret, from_stdin=secret_stdin),
        "endpoint": settings.endpoint,
    }
    _check_endpoint(config["endpoint"])
    if check:
        _check_bucket(config)
    answer = console.call("configure_s3", config)
    if not answer.value:
        raise UsageError("Bucket, region, access key and secret must not be blank.")
    return answer.showing(None)


def _secret(console: Console, in_file: str | None, *, from_stdin: bool) -> str:
    """Return the secret key: what is handed to this command counts for more than a file."""
    handed = from_stdin or SECRET.variable in console.environment.variables
    return console.secret(SECRET, from_stdin=from_stdin) if handed or not in_file else in_file


def _needed(field: str, value: str | None) -> str:
    from originstamp_cli.cli.env_file import first_name

    if value is None:
        option = f"--{field.replace('_', '-')}"
        raise UsageError(
            f"{option} is missing.",
            fix=f"Give {option}, or an --env-file that has {first_name(field)}.",
        )
    return value


def _check_endpoint(endpoint: str | None) -> None:
    try:
        _ = None if endpoint is None else checked_endpoint(endpoint)
    except ValueError as error:
        shown = f"{endpoint!r} is no endpoint."
        if "@" in (endpoint or ""):  # what stands before it may be a password
            shown = "An endpoint does not hold a name or a password."
        raise UsageError(shown, fix=str(error)) from None


def _check_bucket(config: dict[str, str | None]) -> None:
    from originstamp_cli.photos.s3 import reachable

    answers, detail = reachable(config)
    if not answers:
        raise NetworkError(detail, fix="Nothing was kept. Check the settings, then try again.")


@command(app, panel=PANEL)
def s3_status(console: Console) -> Answer:
    """Say whether S3 is configured, and whether it answers.

    Example: originstamp s3-status
    """
    answer = console.call("get_s3_config_status")
    configured = answer.value
    checks = console.call("get_health_status").value["checks"]
    check = next(each for each in checks if each["name"] == "s3")
    answers = check["ok"] if configured else None
    answer.value = {"configured": configured, "answers": answers, "detail": check["detail"]}
    return answer.showing(answer.value)


Filename = Annotated[str, typer.Argument(metavar="FILENAME", help="The object's name.")]
ContentType = Annotated[
    str | None, typer.Option("--content-type", metavar="TYPE", help="Such as image/jpeg.")
]
Size = Annotated[int | None, typer.Option("--size", metavar="N", parser=nat64, help="In bytes.")]
File = Annotated[
    str | None, typer.Option("--file", metavar="PATH", help="Take type and size from a file.")
]
Expires = Annotated[
    int,
    typer.Option(
        "--expires", metavar="SECONDS", min=1, max=LONGEST_EXPIRY, help="Valid for so long."
    ),
]
Curl = Annotated[
    bool, typer.Option("--curl", help="Print the whole command that uploads the file.")
]


@command(app, panel=PANEL)
def upload_url(
    console: Console,
    session: Session,
    filename: Filename,
    content_type: ContentType = None,
    size: Size = None,
    file: File = None,
    expires: Expires = storage.EXPIRES_SECONDS,
    curl: Curl = False,
) -> Answer | str:
    """Print a signed address to PUT one photo to.

    It is good for exactly that content type and that many bytes.

    Example: originstamp upload-url 3f9c2a7be01d4c55 sketch.png --file sketch.png
    """
    if file is not None:
        from originstamp_cli.photos.photo import describe

        content_type, size = describe(file)
    if content_type is None or size is None:
        raise UsageError(
            "The content type and the size are part of what is signed.",
            fix="Give --file PATH, or both --content-type and --size.",
        )
    described: dict[str, Value] = {
        "filename": filename,
        "content_type": content_type,
        "file_size": size,
    }
    answer = _signed(console, session, described, expires)
    if curl:
        return _curl(file or filename, content_type, str(answer.value))
    return answer


def _signed(console: Console, session: str, described: dict[str, Value], expires: int) -> Answer:
    """Return the signed address; the canister's own method knows 15 minutes only."""
    if expires == storage.EXPIRES_SECONDS:
        return console.call("generate_upload_url", session, described)
    return console.perform(
        storage.generate_upload_url_for,
        [session, described, expires],
        backend.interface().methods["generate_upload_url"].results,
    )


def _curl(path: str, content_type: str, address: str) -> str:
    path = f"./{path}" if path.startswith("-") else path  # or curl takes it for an option
    words = ["curl", "--fail", "--globoff", "--upload-file", path]
    return shlex.join([*words, "--header", f"Content-Type: {content_type}", address])
