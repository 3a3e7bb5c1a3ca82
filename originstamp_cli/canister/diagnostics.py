"""What an operator asks of the canister: how it is, how much it holds, whether it works."""

from os import statvfs
from os.path import dirname, exists

from originstamp_cli import __version__
from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import clock
from originstamp_cli.canister.ledger import blocks, core
from originstamp_cli.canister.records import SESSIONS, USERS, Document
from originstamp_cli.canister.runtime import Ahead, Call, prepared_by, query
from originstamp_cli.canister.storage import open_config, read_config
from originstamp_cli.errors import StateError
from originstamp_cli.photos import folder, s3

LOW_DISK_BYTES = 64 * 1024 * 1024

HEALTHY = "healthy"
DEGRADED = "degraded"
UNHEALTHY = "unhealthy"


@query
def get_dashboard_metrics(call: Call) -> Document:
    """Return how many users, sessions and certificates there are."""
    return {
        "total_users": len(call.state.table(USERS)),
        "total_sessions": len(call.state.table(SESSIONS)),
        "total_certificates": 0,
    }


@query
def debug_info(call: Call) -> Document:
    """Return what the canister is and how it is set; never a secret."""
    return {
        "version": __version__,
        "canister_id": call.canister_id,
        "caller": call.caller,
        "controllers": [Principal.from_text(text) for text in call.settings["controllers"]],
        "status": call.settings["status"],
        "policy": call.settings["policy"],
        "time": call.now,
        "counters": _counters(call),
        "settings": _settings(call),
    }


def _counters(call: Call) -> list[tuple[str, int]]:
    return [
        ("users", len(call.state.table(USERS))),
        ("sessions", len(call.state.table(SESSIONS))),
        ("photos", call.settings["photos"]),
        ("tokens", core.supply(call.state)),
        ("blocks", blocks.read_ledger(call.state)["blocks"]),
    ]


def _settings(call: Call) -> list[tuple[str, str]]:
    config = read_config(call)
    shown = [
        ("state_file", call.host.store.path),
        ("storage_kind", call.host.store.kind),
        ("memory_allocation", str(call.settings["memory_allocation"])),
        ("wasm_memory_limit", str(call.settings["wasm_memory_limit"])),
        ("s3", "configured" if config else "not configured"),
    ]
    if call.host.emulated:
        shown.append(("clock", clock.described(call.host.emulated)))
    if config:
        shown += [
            ("s3_bucket", config["bucket_name"]),
            ("s3_region", config["region"]),
            # As deployed, an address may carry a name and a password before an @.
            ("s3_endpoint", (config["endpoint"] or "AWS").rpartition("@")[2]),
        ]
    return shown


@query
def get_storage_stats(call: Call) -> Document:
    """Return how much the state holds, from kept counters: the cost does not grow with it.

    Only the photos on this machine are counted when asked: their files are not the state's.
    """
    store = call.host.store
    return {
        "state_file": store.path,
        "storage_kind": store.kind,
        "total_bytes": store.size(),
        "memory_allocation": call.settings["memory_allocation"],
        "tables": [
            {"name": name, "records": records, "bytes": size}
            for name, records, size in call.state.statistics()
        ],
        "photos": call.settings["photos"],
        "photo_bytes": folder.size(folder.beside(store.path)),
    }


def _probe_ahead(ahead: Ahead) -> tuple[bool, str]:
    """Ask the object store whether it answers, before the state is opened."""
    with ahead.peek(adopting=False) as call:
        config = read_config(call)
    if config is None:
        return True, "skipped: S3 is not configured"
    try:
        return s3.reachable(open_config(ahead.host, config))
    except StateError as error:
        return False, error.message


@prepared_by(_probe_ahead)
@query
def get_health_status(call: Call) -> Document:
    """Return each check and the verdict: unhealthy when the state is, degraded for the rest."""
    vital = [_state_check(call), _schema_check(call), _ledger_check(call)]
    helpful = [_s3_check(call), _disk_check(call), _clock_check(call)]
    if not all(check["ok"] for check in vital):
        status = UNHEALTHY
    elif not all(check["ok"] for check in helpful):
        status = DEGRADED
    else:
        status = HEALTHY
    return {"status": status, "checks": vital + helpful, "time": call.now}


def _check(name: str, ok: bool, detail: str) -> Document:  # noqa: FBT001 - its result
    return {"name": name, "ok": ok, "detail": detail}


def _state_check(call: Call) -> Document:
    problem = call.host.store.why_not_writable()
    return _check("state", problem is None, problem or "readable and writable")


def _schema_check(call: Call) -> Document:
    return _check("schema", ok=True, detail=f"version {call.host.store.schema_version}")


def _ledger_check(call: Call) -> Document:
    problem = blocks.check_tail(call.state)
    return _check("ledger", problem is None, problem or "the newest block is sound and linked")


def _s3_check(call: Call) -> Document:
    answers, detail = call.prepared if isinstance(call.prepared, tuple) else (False, "not asked")
    return _check("s3", answers, detail)


def _disk_check(call: Call) -> Document:
    folder = dirname(call.host.store.path) or "."
    while not exists(folder):
        folder = dirname(folder) or "."
    disk = statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    return _check("disk", free >= LOW_DISK_BYTES, f"{free} bytes free")


def _clock_check(call: Call) -> Document:
    behind = call.settings["last_time"] - call.host.time()
    late = f"{behind} ns behind" if behind > 0 else "not behind"
    emulated = f"; it {clock.described(call.host.emulated)}" if call.host.emulated else ""
    return _check("clock", ok=behind <= 0, detail=f"{late} the newest record{emulated}")
