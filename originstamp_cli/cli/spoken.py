"""A call as it is written on a line: `METHOD (args)` or `CANISTER.METHOD (args)`."""

import re
from typing import NamedTuple

from originstamp_cli.candid import CandidError, Method, parse_dfx_argument
from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.values import Value
from originstamp_cli.cli.call import acting
from originstamp_cli.network import QUERY, UPDATE, Local, Request
from originstamp_cli.settings import Settings

# Those whose arguments nobody else is to see.
SECRET_METHODS = frozenset(
    (
        *("register_user", "login", "change_password", "update_username"),
        *("configure_s3", "set_s3_config"),
    )
)
_CALL = re.compile(r"\s*(?:([^\s()]+)\.)?([^\s().]+)\s*", re.ASCII)


class Spoken(NamedTuple):
    """The parts of a call as it was written; `at` is where its argument begins in the text."""

    canister: str | None
    method: str
    argument: str | None
    at: int


def spoken(text: str) -> Spoken | None:
    """Return the parts of a call, or None where a text begins with no method."""
    found = _CALL.match(text)
    if found is None:
        return None
    argument = text[found.end() :].rstrip()
    return Spoken(found[1], found[2], argument or None, found.end())


class Calls:
    """Makes requests to canisters of a network; what they need is looked up once."""

    def __init__(self, settings: Settings, network: Local, canister: str) -> None:
        self.canister = canister
        self._network = network
        self._identities = acting(settings)
        self._principals: dict[str | None, Principal] = {}

    def caller(self, identity: str | None = None) -> Principal:
        """Return who acts under a name, or by the settings; raises `IdentityError`."""
        known = self._principals.get(identity)
        if known is None:
            known = self._principals[identity] = self._identities.principal(identity)
        return known

    def names(self) -> list[str]:
        """Return the names of all identities."""
        return self._identities.names()

    def request(
        self, method: str, canister: str | None = None, identity: str | None = None
    ) -> tuple[Request, Method | None]:
        """Return a request without its argument, and the method's types where they are known.

        Raises `OriginStampError` where there is no such canister or identity.
        """
        found = self._network.canister_id(canister or self.canister)
        service = self._network.interface(found)
        signature = service.methods.get(method) if service else None
        kind = UPDATE if signature is None or signature.mode == UPDATE else QUERY
        request = Request(found, method, caller=self.caller(identity), kind=kind)
        request.types = signature.args if signature else None
        return request, signature


def read_argument(text: str | None, signature: Method | None) -> list[Value]:
    """Return the values of a method's argument as it was written; raises `CandidError`.

    It may be left out where every value of it may be.
    """
    if text is not None:
        return signature.parse(text) if signature else parse_dfx_argument(text, None)
    types = signature.args if signature else []
    if any(each.resolve().kind != "opt" for each in types):
        raise CandidError("An argument is needed, and there is none.", "value")
    return [None] * len(types)
