"""Object storage: where photos go, and signed addresses to put them there."""

from originstamp_cli.candid.values import Tag
from originstamp_cli.canister import access, sessions
from originstamp_cli.canister.records import STORAGE, Document, read_only_one, write_only_one
from originstamp_cli.canister.runtime import (
    Ahead,
    Call,
    Host,
    Stale,
    Trapped,
    err,
    ok,
    prepared_by,
    query,
    update,
    update_that_keeps_nothing,
)
from originstamp_cli.photos.kinds import LARGEST_BYTES, is_content_type, is_file_name
from originstamp_cli.photos.signing import presigned_put

MASK = "********"
EXPIRES_SECONDS = 900
NOT_CONFIGURED = "S3 configuration not found. Please configure S3 settings first."

# An endpoint is shown to everybody, in settings and in every address.
BAD_ENDPOINT = "Invalid endpoint: it must not hold a name or a password"

_SECRET_CONTEXT = "s3-secret"  # noqa: S105 - names what is sealed, and is no secret itself
_REQUIRED = ("bucket_name", "region", "access_key_id", "secret_access_key")


def read_config(call: Call) -> Document | None:
    """Return the stored settings, the secret still sealed, or None."""
    return read_only_one(call.state, STORAGE)


def open_config(host: Host, config: Document) -> Document:
    """Return stored settings with the secret in clear, for signing."""
    secret = host.vault.open(config["secret_access_key"], context=_SECRET_CONTEXT)
    return config | {"secret_access_key": secret}


def _seal_ahead(ahead: Ahead, config: Document) -> str | None:
    """Seal the secret before the lock; the first time, that makes a key file."""
    with ahead.peek() as call:
        if _refusal(call, config) or _is_blank(call, config) or _is_masked(call, config):
            return None
    return ahead.host.vault.seal(config["secret_access_key"], context=_SECRET_CONTEXT)


def _refusal(call: Call, config: Document) -> str | None:
    return (
        access.refuse_anonymous(call)
        or access.refuse_unmanaged(call, "configure S3")
        or (BAD_ENDPOINT if call.hardened and "@" in (config["endpoint"] or "") else None)
    )


def _is_blank(call: Call, config: Document) -> bool:
    return call.hardened and not all(config[field].strip() for field in _REQUIRED)


def _is_masked(call: Call, config: Document) -> bool:
    return call.hardened and config["secret_access_key"] == MASK


@prepared_by(_seal_ahead)
@update
def configure_s3(call: Call, config: Document) -> bool:
    """Keep the S3 settings, the secret sealed; hardened: blank ones are not kept."""
    refusal = _refusal(call, config)
    if refusal:
        raise Trapped(refusal)
    if _is_blank(call, config):
        return False
    sealed = _secret_already_kept(call) if _is_masked(call, config) else _prepared(call)
    if sealed is None:
        return False
    write_only_one(call.state, STORAGE, config | {"secret_access_key": sealed})
    return True


def _prepared(call: Call) -> object:
    """Return the sealed secret; `Stale` where it was not needed when looked at, and now is."""
    if call.prepared is None:
        raise Stale
    return call.prepared


def _secret_already_kept(call: Call) -> object:
    config = read_config(call)
    return config["secret_access_key"] if config else None


set_s3_config = configure_s3


@query
def get_s3_config(call: Call) -> Document | None:
    """Return the S3 settings; hardened: with the secret masked."""
    config = read_config(call)
    if config is None:
        return None
    return config | {"secret_access_key": MASK} if call.hardened else open_config(call.host, config)


@query
def get_s3_config_status(call: Call) -> bool:
    """Return whether S3 is configured."""
    return read_config(call) is not None


def signed_address(
    ahead: Ahead, session_id: str, file: Document, expires_seconds: int = EXPIRES_SECONDS
) -> Tag:
    """Return `Ok` with a presigned PUT address of one photo, or `Err` with why there is none.

    Nothing is written, so all of it happens before the lock. `expires_seconds` is 1 to 604800.
    """
    with ahead.peek() as call:
        config = read_config(call)
        refusal = _refuse_upload(call, config, session_id, file)
    if refusal or config is None:
        return err(refusal or NOT_CONFIGURED)
    try:
        address = presigned_put(
            open_config(ahead.host, config),
            f"{session_id}/{file['filename']}",
            file["content_type"],
            file["file_size"],
            now_ns=ahead.host.clock(),  # the store compares it with its own, whatever --at says
            expires_seconds=expires_seconds,
        )
    except ValueError as unsignable:
        return err(str(unsignable))
    return ok(address)


def _refuse_upload(
    call: Call, config: Document | None, session_id: str, file: Document
) -> str | None:
    return (
        access.refuse_anonymous(call)
        or (None if config else NOT_CONFIGURED)
        or (_refuse_session(call, session_id) or _refuse_file(file) if call.hardened else None)
    )


def _refuse_session(call: Call, session_id: str) -> str | None:
    session = sessions.find_session(call, session_id)
    if session is None and access.is_manager(call):
        return None
    return sessions.refuse(call, session)


def _refuse_file(file: Document) -> str | None:
    if not is_file_name(file["filename"]):
        return "Invalid file name"
    if not is_content_type(file["content_type"]):
        return "Invalid content type"
    return None if 1 <= file["file_size"] <= LARGEST_BYTES else "Invalid file size"


@prepared_by(signed_address)
@update_that_keeps_nothing
def generate_upload_url(call: Call, _session_id: str, _file: Document) -> object:
    """Answer a presigned PUT address for one photo, valid 15 minutes, for that type and length."""
    return call.prepared


@prepared_by(signed_address)
@update_that_keeps_nothing
def generate_upload_url_for(
    call: Call, _session_id: str, _file: Document, _expires_seconds: int
) -> object:
    """Answer as `generate_upload_url` does, for another time than 15 minutes; of no interface."""
    return call.prepared
