"""What an operator asks of the canister."""

import json
import re
from collections.abc import Callable

from conftest import BACKEND, START, World

OpenSession = Callable[..., str]


def test_a_fresh_canister_is_healthy_and_empty_and_makes_no_file(fresh: World) -> None:
    fresh.run("identity", "whoami")

    assert 'status = "healthy"' in fresh.call("get_health_status")
    assert fresh.call("get_dashboard_metrics") == (
        "(\n"
        "  record {\n"
        "    total_sessions = 0 : nat64;\n"
        "    total_users = 0 : nat64;\n"
        "    total_certificates = 0 : nat64;\n"
        "  },\n"
        ")"
    )
    assert not fresh.state.exists()
    assert not fresh.state.parent.exists()


def test_the_dashboard_counts(world: World, session_of: OpenSession) -> None:
    world.call("register_user", '("alice", "pw")')
    session_of()
    session_of()

    shown = json.loads(world.call("get_dashboard_metrics", None, "--output", "json"))

    assert shown == {"total_users": "1", "total_sessions": "2", "total_certificates": "0"}


def test_debug_info_says_what_the_canister_is(world: World, session_of: OpenSession) -> None:
    session = session_of()
    world.call("upload_photo_to_session", f'("{session}", "https://a/b")')

    shown = json.loads(world.call("debug_info", None, "--output", "json", "--identity", "bob"))

    assert shown["canister_id"] == BACKEND
    assert shown["caller"] == world.principal("bob")
    assert shown["controllers"] == [world.principal("default")]
    assert (shown["status"], shown["policy"]) == ("running", "hardened")
    assert int(shown["time"]) >= START
    counters = {row["0"]: row["1"] for row in shown["counters"]}
    assert counters == {"users": "0", "sessions": "1", "photos": "1", "tokens": "0", "blocks": "0"}
    settings = {row["0"]: row["1"] for row in shown["settings"]}
    assert settings["state_file"] == str(world.state)
    assert settings["s3"] == "not configured"


def test_storage_stats_are_those_of_the_file(world: World, session_of: OpenSession) -> None:
    session_of()

    shown = json.loads(world.call("get_storage_stats", None, "--output", "json"))

    assert shown["state_file"] == str(world.state)
    assert shown["storage_kind"] == ("json" if world.state.suffix == ".json" else "sqlite")
    assert int(shown["total_bytes"].replace("_", "")) == world.state.stat().st_size
    records = {table["name"]: table["records"] for table in shown["tables"]}
    assert records["sessions"] == "1"
    assert records["users"] == "0"


def test_the_policy_is_chosen_by_a_controller_only(world: World) -> None:
    world.call("register_user", '("alice", "pw")')

    refused = world.run("deploy", "backend", "--policy", "faithful", "--identity", "bob")

    assert (refused.exit_code, refused.stdout) == (255, "")
    assert "The principal you are using to call a management function" in refused.stderr
    assert 'policy = "hardened"' in world.call("debug_info")
    assert world.run("deploy", "backend", "--policy", "faithful").exit_code == 0
    assert 'policy = "faithful"' in world.call("debug_info")
    assert world.run("deploy", "backend").exit_code == 0
    assert 'policy = "faithful"' in world.call("debug_info"), "kept unless said otherwise"


def test_time_never_runs_backwards(world: World, session_of: OpenSession) -> None:
    session_of()
    newest = int(re.findall(r"time = ([\d_]+)", world.call("debug_info"))[0].replace("_", ""))
    world.clock = lambda: START - 1  # type: ignore[method-assign]

    session = session_of()

    shown = json.loads(world.call("get_session_details", f'("{session}")', "--output", "json"))
    assert START <= int(shown[0]["created_at"]) <= newest
    health = world.call("get_health_status")
    assert 'status = "degraded"' in health
    assert "ns behind the newest record" in health
