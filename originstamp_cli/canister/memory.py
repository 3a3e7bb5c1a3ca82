"""How much memory a canister's records take, and the limits that an update must stay within.

What counts is the bytes of the records: they are what stands in the place of a canister's memory
here. Only an update that makes the state grow meets a limit; one that lets it shrink always passes.
"""

from originstamp_cli.canister.records import CANISTER, NETWORK, Document
from originstamp_cli.canister.runtime import OutOfMemory
from originstamp_cli.store import State

_NOT_ITS_OWN = {CANISTER.name, NETWORK.name}


def used(state: State) -> int:
    """Return the bytes of the records of the state's owner, from kept counts."""
    return sum(size for name, _, size in state.statistics() if name not in _NOT_ITS_OWN)


def check(state: State, record: Document, before: int) -> None:
    """Raise `OutOfMemory` where the state grew beyond what the canister may use.

    The codes are those of the Internet Computer: IC0507 (CanisterOutOfMemory) where the memory
    allocation is spent, in the words of its page of execution errors; IC0539 for the limit on Wasm
    memory, in the words of its replica.
    """
    after = used(state)
    allocation, limit = record["memory_allocation"], record["wasm_memory_limit"]
    if after <= before:
        return
    if allocation and after > allocation:
        raise OutOfMemory(
            f"The canister's records would take {after} bytes; its memory allocation is "
            f"{allocation} bytes.",
            reason="Canister cannot grow its memory usage.",
            error_code="IC0507",
        )
    if limit and after > limit:
        raise OutOfMemory(
            f"The canister's records would take {after} bytes; its Wasm memory limit is {limit} "
            "bytes.",
            reason=_over_the_wasm_limit(limit, after),
            error_code="IC0539",
        )


def _over_the_wasm_limit(limit: int, peak: int) -> str:
    return (
        f"Canister exceeded its current Wasm memory limit of {limit} bytes. The peak Wasm memory "
        f"usage was {peak} bytes. If the canister reaches 4GiB, then it may stop functioning and "
        "may become unrecoverable. Please reach out to the canister owner to investigate the "
        "reason for the increased memory usage. It might be necessary to move data from the Wasm "
        "memory to stable memory. If you are the canister owner, then you can increase the Wasm "
        "memory limit in the canister settings."
    )
