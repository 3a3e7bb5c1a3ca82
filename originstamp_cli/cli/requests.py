"""Calls that `canister call` makes in another way: without waiting, or as any principal."""

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.ingress import KEPT_NS, NONCE_BYTES, Outcomes, request_id
from originstamp_cli.errors import CallRejected, OriginStampError, UsageError
from originstamp_cli.network import QUERY, Local, Request

ID_DIGITS = 64
_HEX = "0123456789abcdefABCDEF"
# As the Internet Computer answers who asks for what somebody else has sent.
_NOT_THE_CALLER = (
    "The replica returned an HTTP Error: Http Error: status 403 Forbidden, content type "
    '"text/plain; charset=utf-8", content: The user tries to access Request ID not signed by the '
    "caller."
)


def submit(network: Local, request: Request) -> str:
    """Return the id, in hex, of a call that is not waited for; what comes of it is kept.

    Raises `CallRejected` where it is refused before anything ran.
    """
    host = network.host
    id_ = request_id(
        {
            "request_type": "call",
            "sender": request.caller.raw,
            "nonce": host.random_bytes(NONCE_BYTES),
            "ingress_expiry": host.time() + KEPT_NS,
            "canister_id": request.canister.raw,
            "method_name": request.method,
            "arg": request.sent,
        }
    )
    outcome = {"canister": request.canister.text, "sender": request.caller.text}
    try:
        outcome["reply"] = network.call(request).data.hex()
    except CallRejected as rejection:
        if rejection.at_the_door:
            raise
        outcome["reject"] = rejection.causes[0]
    Outcomes(host.store.path).keep(id_, outcome, host.time())
    return id_


def reply_to(network: Local, id_: str, canister: Principal, caller: Principal) -> bytes:
    """Return the reply to a call that was not waited for.

    Raises `OriginStampError` where the call was rejected, is somebody else's, or is not known.
    """
    outcome = Outcomes(network.host.store.path).find(id_, network.host.time())
    if outcome is None or outcome["canister"] != canister.text:
        raise OriginStampError(
            f"No request 0x{id_} to canister {canister.text} is known.",
            fix="What came of a request is kept for 5 minutes: ask in time, or call again.",
        )
    if outcome["sender"] != caller.text:
        raise OriginStampError("Failed to fetch request status.", causes=(_NOT_THE_CALLER,))
    if "reject" in outcome:
        raise OriginStampError(outcome["reject"])
    return bytes.fromhex(outcome["reply"])


def read_id(text: str) -> str:
    """Return the 64 hex digits of a request id; raises `UsageError` with dfx's sentence."""
    why = _why_not_an_id(text)
    if why:
        raise UsageError(f"invalid value '{text}' for '<REQUEST_ID>': {why}")
    return text.removeprefix("0x").lower()


def _why_not_an_id(text: str) -> str:
    if not text.startswith("0x"):
        return "A Request ID needs to start with 0x."
    if len(text) != len("0x") + ID_DIGITS:
        return "A Request ID is 64 hexadecimal prefixed with 0x."
    if any(digit not in _HEX for digit in text.removeprefix("0x")):
        return "A Request ID is 64 hexadecimal prefixed with 0x. An invalid character was found."
    return ""


def as_the_emulator_says(rejection: CallRejected) -> OriginStampError:
    """Return a rejection as dfx tells it of a call in another's name (`--impersonate`).

    Such a call takes another way into the local network, whose errors have no causes.
    """
    if rejection.kind == QUERY:
        what = "Failed to perform query call"
    else:
        what = "Failed to submit canister call" if rejection.at_the_door else "Canister call failed"
    return OriginStampError(f"{what}: {rejection.reason} ({rejection.error_code})")
