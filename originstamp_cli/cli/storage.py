"""Commands about object storage."""

import shlex
from os.path import getsize
from typing import Annotated

import typer

from originstamp_cli import photos
from originstamp_cli.cli.common import Console, command
from originstamp_cli.cli.sessions import Session
from originstamp_cli.errors import UsageError
from originstamp_cli.render import Answer

PANEL = "Storage"
SECRET_VARIABLE = "S3_SECRET_KEY"  # noqa: S105 - the name of a variable
MAX_SIZE = 2**64 - 1
app = typer.Typer()


@command(app, panel=PANEL)
def configure_s3(
    console: Console,
    bucket: Annotated[str, typer.Option("--bucket", help="The bucket that holds the photos.")],
    region: Annotated[str, typer.Option("--region", help="Its region, such as us-east-1.")],
    access_key: Annotated[str, typer.Option("--access-key", help="The id of the access key.")],
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="The address of a store other than AWS.")
    ] = None,
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="Read the secret key from standard input.")
    ] = False,
) -> Answer:
    """Say where photos go. The secret key is asked for unseen, and kept encrypted.

    It may also come from standard input or S3_SECRET_KEY; never from the command line.

    Example: originstamp configure-s3 --bucket art --region eu-west-1 --access-key AKIA…
    """
    secret = console.secret("secret", variable=SECRET_VARIABLE, from_stdin=secret_stdin)
    config = {
        "bucket_name": bucket,
        "region": region,
        "access_key_id": access_key,
        "secret_access_key": secret,
        "endpoint": endpoint,
    }
    answer = console.call("configure_s3", config)
    if not answer.value:
        raise UsageError("Bucket, region, access key and secret must not be blank.")
    return answer.showing(None)


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


@command(app, panel=PANEL)
def upload_url(
    console: Console,
    session: Session,
    filename: Annotated[str, typer.Argument(metavar="FILENAME", help="The object's name.")],
    content_type: Annotated[
        str | None, typer.Option("--content-type", help="Such as image/jpeg.")
    ] = None,
    size: Annotated[
        int | None, typer.Option("--size", min=0, max=MAX_SIZE, help="In bytes.")
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="PATH", help="Take type and size from a file.")
    ] = None,
    curl: Annotated[
        bool, typer.Option("--curl", help="Print the whole command that uploads the file.")
    ] = False,
) -> Answer | str:
    """Print a signed address to PUT one photo to, valid for 15 minutes.

    It is good for exactly that content type and that many bytes.

    Example: originstamp upload-url 3f9c2a7be01d4c55 1-sketch.png --file 1-sketch.png
    """
    if file is not None:
        content_type, size = _described(file)
    if content_type is None or size is None:
        raise UsageError(
            "The content type and the size are part of what is signed.",
            fix="Give --file PATH, or both --content-type and --size.",
        )
    described = {"filename": filename, "content_type": content_type, "file_size": size}
    answer = console.call("generate_upload_url", session, described)
    if curl:
        return _curl(file or filename, content_type, str(answer.value))
    return answer


def _described(path: str) -> tuple[str, int]:
    """Return a file's content type, told from its first bytes, and its size in bytes."""
    try:
        with open(path, "rb") as file:
            content_type = photos.content_type_of(file.read(photos.HEAD_BYTES))
        size = getsize(path)
    except OSError as error:
        raise UsageError(
            f"The file {path!r} cannot be read: {error.strerror}.", fix="Check the path."
        ) from error
    if content_type is None:
        raise UsageError(
            f"The file {path!r} is no photo: its bytes are not those of a JPEG, PNG, GIF, WebP, "
            "TIFF, HEIC or AVIF.",
            fix="Choose a photo, or give --content-type and --size.",
        )
    return content_type, size


def _curl(path: str, content_type: str, address: str) -> str:
    words = ["curl", "--fail", "--upload-file", path, "--header", f"Content-Type: {content_type}"]
    return shlex.join([*words, address])
