"""Changing the settings of a canister: who controls it, what it may use, who reads its logs."""

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.management import Managed, ManagementRejected, admitted, managing
from originstamp_cli.canister.records import Document
from originstamp_cli.canister.runtime import Host
from originstamp_cli.errors import OriginStampError

CONTROLLERS = "controllers"
PUBLIC = "public"
ALLOWED_VIEWERS = "allowed_viewers"

_METHOD = "update_settings"
_SYNCED = (
    *("controllers", "memory_allocation", "compute_allocation", "freezing_threshold"),
    *("reserved_cycles_limit", "wasm_memory_limit", "wasm_memory_threshold"),
    *("log_visibility", "log_viewers"),
)


class Listed:
    """What is done to a list of principals: put another in its place, or add to it and remove."""

    __slots__ = ("added", "removed", "replaced")

    def __init__(
        self,
        replaced: list[Principal] | None = None,
        added: list[Principal] | None = None,
        removed: list[Principal] | None = None,
    ) -> None:
        self.replaced = replaced
        self.added = added or []
        self.removed = removed or []

    def __bool__(self) -> bool:
        return self.replaced is not None or bool(self.added or self.removed)

    def applied(self, known: list[str]) -> list[str]:
        """Return the texts of the list as it is to be, each once and in the order it came."""
        before = known if self.replaced is None else [each.text for each in self.replaced]
        gone = {each.text for each in self.removed}
        wanted = dict.fromkeys([*before, *(each.text for each in self.added)])
        return [text for text in wanted if text not in gone]


class Changes:
    """The settings to change; what is None, empty or not among `values` stays as it is.

    `values` are the plain ones, by their names in a canister's record. `sync_with` names a canister
    whose settings are taken over first.
    """

    __slots__ = ("controllers", "log_viewers", "log_visibility", "policy", "sync_with", "values")

    def __init__(  # noqa: PLR0913 - the parts of a request
        self,
        *,
        controllers: Listed,
        log_viewers: Listed,
        log_visibility: str | None = None,
        values: Document | None = None,
        policy: str | None = None,
        sync_with: Principal | None = None,
    ) -> None:
        self.controllers = controllers
        self.log_viewers = log_viewers
        self.log_visibility = log_visibility
        self.values = values or {}
        self.policy = policy
        self.sync_with = sync_with


def update_settings(host: Host, caller: Principal, canister: Principal, changes: Changes) -> None:
    """Change a canister's settings, all of those asked for or none.

    Raises `NotController`, `ManagementRejected` and `OriginStampError` for what cannot be.
    """
    with managing(host, caller, canister, _METHOD) as managed:
        record = managed.record
        if changes.sync_with is not None:
            other = admitted(managed.state, caller, changes.sync_with, "canister_status").record
            record.update({name: other[name] for name in _SYNCED})
        record.update(changes.values)
        record["controllers"] = changes.controllers.applied(record["controllers"])
        _change_log_visibility(record, changes)
        _change_policy(managed, changes.policy)
        _check(managed, changes)


def _change_log_visibility(record: Document, changes: Changes) -> None:
    if changes.log_visibility is not None:
        record["log_visibility"] = changes.log_visibility
        record["log_viewers"] = []
    if changes.log_viewers:
        record["log_viewers"] = changes.log_viewers.applied(record["log_viewers"])
        record["log_visibility"] = ALLOWED_VIEWERS


def _change_policy(managed: Managed, policy: str | None) -> None:
    if policy is None:
        return
    if not managed.is_owner:
        raise OriginStampError(
            f"The canister {managed.canister.NAME} has no policy of its own.",
            fix="It goes by that of backend: dfx canister update-settings backend --policy …",
        )
    managed.owner["policy"] = policy


def _check(managed: Managed, changes: Changes) -> None:
    if not managed.record["controllers"]:
        # Whoever came next would become the first controller, as of a state that is new.
        raise OriginStampError(
            f"This would leave canister {managed.id.text} without any controller.",
            fix="Add another controller first, with --add-controller.",
        )
    given = changes.values.get("memory_allocation")
    if given and given < managed.memory_size:
        raise ManagementRejected(
            f"Canister was given {given} B memory allocation but at least "
            f"{managed.memory_size} B of memory allocation is needed.",
            method=_METHOD,
            canister=managed.id,
            error_code="IC0402",
        )
