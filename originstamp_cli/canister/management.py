"""What a controller does to the canister itself: add controllers."""

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import backend
from originstamp_cli.canister.lifecycle import write_canister
from originstamp_cli.canister.runtime import Call, Host
from originstamp_cli.errors import OriginStampError


class NotController(OriginStampError):
    """Somebody else than a controller tried to manage the canister."""

    def __init__(self, caller: Principal, canister: Principal, method: str) -> None:
        super().__init__(
            "Each canister has a set of controllers. Only those controllers have access to the "
            "canister's management functions (like install_code or stop_canister).\n"
            "The principal you are using to call a management function is not part of the "
            f"controllers.\nThe principal is {caller.text}, and the function is {method} of "
            f"canister {canister.text}.",
            fix=(
                "Ask a controller to add you with 'dfx canister update-settings --add-controller "
                "<controller principal to add> <canister id/name or --all> (--network ic)', or "
                "act as a controller with --identity."
            ),
        )


def add_controllers(host: Host, caller: Principal, added: list[Principal]) -> None:
    """Let others manage the canister too; raises `NotController`."""
    with host.store.write() as state:
        call = Call(host, backend, caller, state)
        _manage(call, "update_settings")
        known: list[str] = call.settings["controllers"]
        new = [principal.text for principal in added if principal.text not in known]
        call.settings["controllers"] = known + new
        write_canister(state, backend.NUMBER, call.settings)


def _manage(call: Call, method: str) -> None:
    if not call.settings["controllers"]:
        if call.anonymous:
            raise OriginStampError(
                "The anonymous principal cannot be the first controller.",
                fix="Act as somebody: leave out --identity anonymous.",
            )
        call.settings["controllers"] = [call.caller.text]
    if call.caller.text not in call.settings["controllers"]:
        raise NotController(call.caller, call.canister_id, method)
