"""Where a call goes: this machine. The seam for other networks is one method, `Network.call`."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from originstamp_cli.candid import CandidError, Service
from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.types import Type
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import backend
from originstamp_cli.canister.canisters import CANISTERS, Directory, as_id, no_such_canister
from originstamp_cli.canister.records import TABLES, Upgrade
from originstamp_cli.canister.runtime import (
    Canister,
    Host,
    Method,
    OutOfMemory,
    Reject,
    Rejected,
    Trapped,
    run,
)
from originstamp_cli.errors import CallRejected, NetworkError
from originstamp_cli.network.messages import QUERY, UPDATE, Reply, Request
from originstamp_cli.settings import LOCAL, WARNINGS, Settings
from originstamp_cli.store import Store
from originstamp_cli.store.vault import Vault

if TYPE_CHECKING:
    from originstamp_cli.canister.group import Group

__all__ = ["QUERY", "UPDATE", "Local", "Network", "Reply", "Request", "connect"]

_DOCS = "https://internetcomputer.org/docs/current/references/execution-errors"

_UNDECODABLE = "failed to decode call arguments"

# What the network itself refuses, before the canister is asked: not found, no code.
_AT_THE_DOOR = {"IC0301", "IC0537"}


class Network(Protocol):
    """Somewhere that canisters answer."""

    def canister_id(self, name: str) -> Principal:
        """Return the id of a canister by its name, or of a principal's text itself."""

    def interface(self, canister: Principal) -> Service | None:
        """Return a canister's interface, or None when there is no such canister."""

    def call(self, request: Request) -> Reply:
        """Return the answer to a call."""


def connect(settings: Settings) -> "Local":
    """Return the network that the settings name.

    Raises `NetworkError` for all but the one of this machine: calls to others are yet to come.
    """
    if settings.network == LOCAL:  # what every call asks for; no other file is looked for
        return Local(settings)
    from originstamp_cli.project.networks import LOCAL_ONLY, describe

    found = describe(settings)
    if found.embedded:
        return Local(settings, found.name)
    raise NetworkError(
        f"The network '{settings.network}' cannot be called: "
        "this version answers on the local network only.",
        fix=LOCAL_ONLY,
    )


class Local:
    """The embedded network: canisters that run in this process on a local state file."""

    def __init__(self, settings: Settings, name: str = LOCAL) -> None:
        environment = settings.environment
        self.name = name
        self._settings = settings
        self._directory: Directory | None = None
        self._services: dict[str, Service] = {}
        self.host = Host(
            Store(settings.state_path, TABLES, upgrade=Upgrade(environment.clock)),
            environment.clock,
            environment.random_bytes,
            Vault(settings.config_folder, environment.random_bytes),
            at=settings.at,
        )

    @property
    def directory(self) -> Directory:
        """What runs here and where it answers, as it was when first asked."""
        if self._directory is None:
            self._directory = Directory(self.host.store)
            self.host.emulated = self._directory.clock
        return self._directory

    def look_again(self) -> None:
        """Forget where canisters answered: one was made or deleted."""
        self._directory = None

    def check_running(self) -> None:
        """Raise `NetworkError` where the network was stopped."""
        if not self.directory.running:
            raise NetworkError(
                "You are trying to connect to the local replica but dfx cannot connect to it.",
                fix="Target a different network or run 'dfx start' to start the local replica.",
            )

    def canister_id(self, name: str) -> Principal:
        """Return the id of a canister by its name, or of a principal's text itself."""
        known = self.directory.ids.get(name)
        if known is not None:
            return known
        try:
            return Principal.from_text(name)
        except ValueError:
            pass
        kept = None if name in CANISTERS else self._kept_id(name)
        if kept is None:
            raise no_such_canister(name, self.name)
        return as_id(kept, name)

    def _kept_id(self, name: str) -> str | None:
        """Return the id that the project keeps for a canister without code here."""
        from originstamp_cli.canister.installation import network_id
        from originstamp_cli.project import find_project
        from originstamp_cli.project.ids import Ids
        from originstamp_cli.project.networks import describe

        project = find_project(self._settings.environment.folder)
        if project is None:
            return None
        return Ids(project, describe(self._settings), network_id(self.host)).get(name)

    def interface(self, canister: Principal) -> Service | None:
        """Return a canister's interface, or None when there is no such canister."""
        found = self.directory.at(canister)
        return None if found is None else self._service(found)

    def _service(self, canister: Canister) -> Service:
        known = self._services.get(canister.NAME)
        if known is None:
            known = self._services[canister.NAME] = canister.interface()
        return known

    def call(self, request: Request, group: "Group | None" = None) -> Reply:
        """Return what the canister answers, and have it noted in its log what an update came to.

        In a group, the call lasts when that ends. Raises `CallRejected` when the canister does not
        answer: not there, stopped, no such method, or trapped.
        """
        return self._noted(request, partial(self._answer, group=group), group)

    def perform(
        self, function: Method, caller: Principal, arguments: list[Value], results: list[Type]
    ) -> Reply:
        """Return what `backend` answers to a function of its code that is in no interface.

        In all else that is a call: one transaction, refused where the canister or the network is
        stopped, and noted in the log, under the function's name. Raises as `call` does.
        """
        request = Request(
            self.canister_id(backend.NAME),
            function.__name__,
            values=arguments,
            caller=caller,
            kind=QUERY if function.is_query else UPDATE,
        )

        def answer(request: Request) -> Reply:
            answered = self._run(request, backend, function, arguments, None)
            return _answered(request, answered, results)

        return self._noted(request, answer, None)

    def _noted(
        self, request: Request, answer: Callable[[Request], Reply], group: "Group | None"
    ) -> Reply:
        try:
            return self._called(request, answer, group)
        finally:
            self._warn_of_a_time_gone_by()

    def _warn_of_a_time_gone_by(self) -> None:
        """Say that `--at` is before the newest record: the call was made at that one's time."""
        host = self.host
        if host.at is None or host.at >= host.newest or self._settings.loudness < WARNINGS:
            return
        from originstamp_cli.canister.clock import shown

        self._settings.environment.log(
            f"WARNING: {shown(host.at)} is before the newest record, and time never runs "
            f"backwards: the call was made at {shown(host.newest)}."
        )

    def _called(
        self, request: Request, answer: Callable[[Request], Reply], group: "Group | None"
    ) -> Reply:
        self.check_running()
        if request.kind == QUERY:
            return answer(request)
        from originstamp_cli.canister import logs

        try:
            reply = answer(request)
        except CallRejected as refusal:
            self._note(request, f"failed: {_without_values(refusal.message)}", group)
            raise
        self._note(request, logs.outcome_of(next(iter(reply.values), None)), group)
        return reply

    def _note(self, request: Request, outcome: str, group: "Group | None") -> None:
        from originstamp_cli.canister import logs

        canister = self.directory.at(request.canister)
        if canister is not None:
            note = partial(logs.note, self.host) if group is None else group.note
            note(canister.NUMBER, method=request.method, caller=request.caller, outcome=outcome)

    def _answer(self, request: Request, group: "Group | None") -> Reply:
        canister = self.directory.at(request.canister)
        if canister is None:
            raise _no_canister(request)
        function = canister.find_method(request.method)
        signature = self._service(canister).methods.get(request.method)
        if function is None or signature is None:
            raise _no_method(request)
        if request.kind == QUERY and signature.mode == UPDATE:
            raise _no_method(request)
        try:
            arguments = _decoded(request, signature.args)
        except Trapped as trap:
            raise _trapped(request, str(trap)) from None
        answer = self._run(request, canister, function, arguments, group)
        return _answered(request, answer, signature.results)

    def _run(
        self,
        request: Request,
        canister: Canister,
        function: Method,
        arguments: list[Value],
        group: "Group | None",
    ) -> object:
        perform = partial(run, self.host) if group is None else group.run
        try:
            return perform(
                canister, function, request.caller, arguments, as_query=request.kind == QUERY
            )
        except Rejected as rejection:
            raise _rejected(request, rejection) from None
        except OutOfMemory as trap:
            raise _out_of_memory(request, trap) from None
        except Trapped as trap:
            raise _trapped(request, str(trap)) from None


def _decoded(request: Request, wanted: list[Type]) -> list[Value]:
    """Return the argument as the canister reads it, at its own types; raises `Trapped`."""
    if request.data is None and request.types is wanted:
        return request.values
    from originstamp_cli.candid import decode_args

    try:
        return decode_args(request.sent, wanted)[0]
    except CandidError as error:
        raise Trapped(f"{_UNDECODABLE}: {error.message}") from error


def _without_values(reason: str) -> str:
    """Return a reason as it may be kept: what does not fit a type may be a secret."""
    return "its arguments are of other types" if reason.startswith(_UNDECODABLE) else reason


def _no_canister(request: Request) -> CallRejected:
    return CallRejected(
        f"There is no canister {request.canister.text}.",
        kind=request.kind,
        reason=f"Canister {request.canister.text} not found",
        error_code="IC0301",
        at_the_door=True,
    )


def _rejected(request: Request, rejection: Rejected) -> CallRejected:
    place = f"Canister {request.canister.text}"
    reason = f"{place} {rejection.why}"
    if rejection.by_its_code:
        reason = f"Error from {place}: Canister {rejection.why}"
    return CallRejected(
        f"{place} {rejection.why}.",
        kind=request.kind,
        reason=reason,
        error_code=rejection.error_code,
        at_the_door=rejection.by_its_code or rejection.error_code in _AT_THE_DOOR,
    )


def _answered(request: Request, answer: object, results: list[Type]) -> Reply:
    """Return a method's answer as a reply; raises `CallRejected` where it is none."""
    if isinstance(answer, Reject):
        raise CallRejected(
            answer.message,
            kind=request.kind,
            reason=answer.message,
            error_code="IC0406",
        )
    if len(results) == 1:
        return Reply([answer], results)
    values = answer if isinstance(answer, tuple) else ()
    return Reply(list(values), results)


def _no_method(request: Request) -> CallRejected:
    kind, method = request.kind, request.method
    return CallRejected(
        f"The canister has no {kind} method {method!r}.",
        kind=kind,
        reason=(
            f"Error from Canister {request.canister.text}: "
            f"Canister has no {kind} method '{method}'..\n"
            "Check that the method being called is exported by the target canister. "
            f"See documentation: {_DOCS}#method-not-found"
        ),
        error_code="IC0536",
    )


def _out_of_memory(request: Request, trap: OutOfMemory) -> CallRejected:
    return CallRejected(
        str(trap),
        kind=request.kind,
        reason=f"Error from Canister {request.canister.text}: {trap.reason}",
        error_code=trap.error_code,
        fix="A controller raises it with dfx canister update-settings.",
    )


def _trapped(request: Request, message: str) -> CallRejected:
    return CallRejected(
        message,
        kind=request.kind,
        reason=(
            f"Error from Canister {request.canister.text}: Canister called `ic0.trap` with "
            f"message: '{message}'.\nConsider gracefully handling failures from this canister or "
            "altering the canister to handle exceptions. "
            f"See documentation: {_DOCS}#trapped-explicitly"
        ),
        error_code="IC0503",
    )
