"""S3 settings from a `.env` file, under the names that scripts and AWS's own tools give them."""

from pydantic import AliasChoices, BaseModel, Field

from originstamp_cli.errors import UsageError

_NAMES = {
    "bucket": ("S3_BUCKET_NAME", "S3_BUCKET", "AWS_S3_BUCKET"),
    "region": ("S3_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"),
    "access_key": ("S3_ACCESS_KEY", "S3_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID"),
    "secret": ("S3_SECRET_KEY", "S3_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"),
    "endpoint": ("S3_ENDPOINT", "S3_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
}


def _named(field: str) -> str | None:
    found: str | None = Field(default=None, validation_alias=AliasChoices(*_NAMES[field]))
    return found


class EnvFile(BaseModel):
    """What a `.env` file says of S3; what it does not say, or leaves empty, is None."""

    bucket: str | None = _named("bucket")
    region: str | None = _named("region")
    access_key: str | None = _named("access_key")
    secret: str | None = Field(
        default=None, validation_alias=AliasChoices(*_NAMES["secret"]), repr=False
    )
    endpoint: str | None = _named("endpoint")

    def given(self, **values: str | None) -> "EnvFile":
        """Return these settings with those values that are given in place of what the file says."""
        return self.model_copy(update={name: v for name, v in values.items() if v is not None})


def read(path: str) -> EnvFile:
    """Return the S3 settings in a `.env` file; raises `UsageError` for one that cannot be read.

    Values are taken as they stand: a `$` in them is a `$`.
    """
    from dotenv.parser import parse_stream

    try:
        with open(path, encoding="utf-8-sig") as file:
            bindings = list(parse_stream(file))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(
            f"The file {path!r} cannot be read: {reason}.", fix="Check the path."
        ) from error
    for each in bindings:
        if each.error:
            raise UsageError(
                f"Line {each.original.line} of the file {path!r} cannot be understood.",
                fix="Write it as NAME=value, or NAME='value' with both quotes.",
            )
    return EnvFile.model_validate({each.key: each.value for each in bindings if each.value})


def first_name(field: str) -> str:
    """Return the first of the names that a setting goes by in a `.env` file."""
    return _NAMES[field][0]
