"""The canisters that run on the embedded network, and where each answers now."""

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import backend, nft
from originstamp_cli.canister.lifecycle import read_canister, read_network
from originstamp_cli.canister.records import Document
from originstamp_cli.canister.runtime import Canister
from originstamp_cli.errors import OriginStampError
from originstamp_cli.store import Store

CANISTERS: dict[str, Canister] = {backend.NAME: backend, nft.NAME: nft}


class Directory:
    """What stood in a state when it was looked at: does the network run, its clock, the ids."""

    __slots__ = ("_by_id", "clock", "ids", "running")

    def __init__(self, store: Store) -> None:
        with store.read() as state:
            network = read_network(state)
            records = {
                name: read_canister(state, canister.NUMBER) for name, canister in CANISTERS.items()
            }
        self.running: bool = network["running"]
        self.clock: Document | None = network["clock"]
        self.ids = {
            name: Principal.from_text(record["id"])
            for name, record in records.items()
            if record["exists"]
        }
        self._by_id = {known.raw: CANISTERS[name] for name, known in self.ids.items()}

    def at(self, principal: Principal) -> Canister | None:
        """Return the canister that answers at an id, or None."""
        return self._by_id.get(principal.raw)


def no_such_canister(name: str, network: str, known: tuple[str, ...] = ()) -> OriginStampError:
    """Return the error for a name without an id on a network, with the name that was meant."""
    elsewhere = "" if network == "local" else f" --network {network}"
    from difflib import get_close_matches

    names = [*CANISTERS, *known]
    near = [] if name in names else get_close_matches(name, names, n=1)
    return OriginStampError(
        f"Cannot find canister id. Please issue 'dfx canister create {name}{elsewhere}'.",
        fix=f"Did you mean {near[0]!r}?" if near else None,
    )


def as_id(text: str, name: str) -> Principal:
    """Return an id that a project keeps; raises `OriginStampError` where it is none."""
    try:
        return Principal.from_text(text)
    except ValueError as error:
        raise OriginStampError(
            f"The id that the project keeps of canister '{name}' is none: {text!r}.",
            fix="Correct it in canister_ids.json or dfx.json.",
        ) from error
