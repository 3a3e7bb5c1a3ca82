"""One call is all or nothing, and what was prepared before it must still hold."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import World
from hypothesis import given
from hypothesis import strategies as st

from originstamp_cli.candid.principal import ANONYMOUS, Principal
from originstamp_cli.canister import backend, installation, users
from originstamp_cli.canister.changes import Changes, Listed, update_settings
from originstamp_cli.canister.records import TABLES, USERS
from originstamp_cli.canister.runtime import Call, Host, Trapped, err, query, run, update
from originstamp_cli.store import ReadOnly, State, Store
from originstamp_cli.store.vault import Vault

ALICE = Principal(b"\x01\x02")


def host_of(store: Store) -> Host:
    """Return a host with a ticking clock on a store."""
    ticks = itertools.count(1)
    folder = str(Path(store.path).parent / "config")
    return Host(store, lambda: next(ticks), os.urandom, Vault(folder))


@pytest.fixture(params=["state.db", "state.json"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Host:
    """A host on either kind of state file."""
    return host_of(Store(str(tmp_path / request.param), TABLES))


def user(name: str) -> dict[str, object]:
    """Return a stored user."""
    return {"username": name, "password_hash": "", "created_at": 0, "principals": []}


@update
def write_and_refuse(call: Call, name: str) -> object:
    call.state.table(USERS).insert(user(name))
    return err("no")


@update
def write_and_trap(call: Call, names: list[str]) -> object:
    for name in names:
        call.state.table(USERS).insert(user(name))
    raise Trapped("out of paint")


@query
def write_in_a_query(call: Call, name: str) -> object:
    return call.state.table(USERS).insert(user(name))


def names_in(host: Host) -> list[str]:
    """Return the usernames that a state holds."""
    with host.store.read(scans=True) as state:
        return [found["username"] for found in state.table(USERS)]


def test_an_err_keeps_what_was_written_before_it(host: Host) -> None:
    answer = run(host, backend, write_and_refuse, ALICE, ["alice"])

    assert answer == err("no")
    assert names_in(host) == ["alice"]


@update
def count_photos(call: Call) -> object:
    call.settings["photos"] += 1
    return call.settings["photos"]


def test_a_change_of_the_canisters_record_alone_is_kept(host: Host) -> None:
    assert [run(host, backend, count_photos, ALICE, []) for _ in range(2)] == [1, 2]


def test_a_query_cannot_write(host: Host) -> None:
    with pytest.raises(ReadOnly):
        run(host, backend, write_in_a_query, ALICE, ["alice"])

    assert names_in(host) == []


@given(
    before=st.lists(st.text(max_size=3), unique=True, max_size=4),
    during=st.lists(st.text(max_size=3), max_size=4),
)
def test_a_trap_leaves_the_state_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], during: list[str]
) -> None:
    host = host_of(Store(str(tmp_path_factory.mktemp("trap") / "state.db"), TABLES))
    for name in before:
        run(host, backend, write_and_refuse, ALICE, [name])
    path = Path(host.store.path)
    kept = path.read_bytes() if path.exists() else None

    fresh = [name for name in dict.fromkeys(during) if name not in before]
    with pytest.raises(Trapped):
        run(host, backend, write_and_trap, ALICE, [fresh])

    assert (path.read_bytes() if path.exists() else None) == kept
    assert names_in(host) == before


class Interrupted(Store):
    """A store where, once, something happens between what was looked at and the lock."""

    meanwhile: Callable[[], object] | None = None

    @contextmanager
    def write(self, *, scans: bool = False) -> Iterator[State]:
        """Let the other thing happen first."""
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        with super().write(scans=scans) as state:
            yield state


@pytest.fixture
def racing(tmp_path: Path) -> Host:
    """A host on a store that can be interrupted."""
    return host_of(Interrupted(str(tmp_path / "state.db"), TABLES))


def happening(host: Host, what: Callable[[], object]) -> None:
    """Have something happen just before the next write."""
    assert isinstance(host.store, Interrupted)
    host.store.meanwhile = what


def ask(host: Host, method: str, *arguments: object, caller: Principal = ALICE) -> object:
    """Return what a method answers."""
    function = backend.find_method(method)
    assert function
    return run(host, backend, function, caller, list(arguments))


def said(answer: object) -> object:
    """Return the message of a LoginResult."""
    assert isinstance(answer, dict)
    return answer["message"]


def test_a_user_registered_meanwhile_is_logged_in(racing: Host) -> None:
    happening(racing, lambda: ask(racing, "register_user", "alice", "pw"))

    assert said(ask(racing, "login", "alice", "pw")) == "Login successful"


def test_a_password_changed_meanwhile_is_checked_anew(racing: Host) -> None:
    ask(racing, "register_user", "alice", "old")
    other_hash = users._hasher().hash("new")  # noqa: SLF001 - what another process would keep

    def change() -> None:
        with Store(racing.store.path, TABLES).write() as state:
            state.table(USERS).update({"password_hash": other_hash}, doc_ids=[1])

    happening(racing, change)

    assert said(ask(racing, "login", "alice", "old")) == "Invalid password"


CONFIG = {
    "bucket_name": "b",
    "region": "r",
    "access_key_id": "k",
    "secret_access_key": "old",
    "endpoint": None,
}


def sealed_secret(host: Host) -> str:
    """Return the secret that is kept, in clear."""
    from originstamp_cli.canister import storage
    from originstamp_cli.canister.records import STORAGE

    with host.store.read() as state:
        return str(
            storage.open_config(host, dict(state.table(STORAGE).get(doc_id=1)))["secret_access_key"]
        )


def test_a_secret_sent_while_becoming_a_controller_is_the_one_kept(racing: Host) -> None:
    bob = Principal(b"\x09")
    ask(racing, "configure_s3", CONFIG)
    added = Changes(controllers=Listed(added=[bob]), log_viewers=Listed())
    happening(racing, lambda: update_settings(racing, ALICE, backend.ID, added))

    assert ask(racing, "configure_s3", CONFIG | {"secret_access_key": "new"}, caller=bob) is True

    assert sealed_secret(racing) == "new"


def test_the_mask_is_never_kept_as_a_secret_when_the_policy_changes_meanwhile(
    racing: Host,
) -> None:
    ask(racing, "configure_s3", CONFIG)
    installation.deploy(racing, ALICE, "faithful", backend)
    happening(racing, lambda: installation.deploy(racing, ALICE, "hardened", backend))

    assert ask(racing, "configure_s3", CONFIG | {"secret_access_key": "********"}) is True

    assert sealed_secret(racing) == "old"


def test_a_name_freed_meanwhile_can_be_registered(racing: Host) -> None:
    ask(racing, "register_user", "alice", "pw")
    happening(racing, lambda: ask(racing, "update_username", "alice", "alicia", "pw"))

    assert said(ask(racing, "register_user", "alice", "pw")) == "User registered successfully"


def test_a_hash_of_older_settings_is_renewed_at_login(host: Host) -> None:
    from argon2 import PasswordHasher

    ask(host, "register_user", "alice", "pw")
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("pw")
    with host.store.write() as state:
        state.table(USERS).update({"password_hash": weak}, doc_ids=[1])

    assert said(ask(host, "login", "alice", "wrong")) == "Invalid password"
    with host.store.read() as state:
        assert state.table(USERS).get(doc_id=1)["password_hash"] == weak
    assert said(ask(host, "login", "alice", "pw")) == "Login successful"

    with host.store.read() as state:
        renewed = state.table(USERS).get(doc_id=1)["password_hash"]
    assert renewed != weak
    assert PasswordHasher().check_needs_rehash(renewed) is False
    assert said(ask(host, "login", "alice", "pw")) == "Login successful"


def test_the_first_to_change_anything_becomes_the_controller_unless_anonymous(host: Host) -> None:
    def controllers() -> object:
        answer = ask(host, "debug_info")
        assert isinstance(answer, dict)
        return answer["controllers"]

    ask(host, "login", "nobody", "pw")
    assert controllers() == [], "a refused call changes nothing"
    ask(host, "register_user", "ghost", "pw", caller=ANONYMOUS)
    assert controllers() == []
    ask(host, "register_user", "alice", "pw")
    assert controllers() == [ALICE]
    ask(host, "register_user", "bob", "pw", caller=Principal(b"\x09"))
    assert controllers() == [ALICE]


def test_the_lock_is_not_held_while_a_password_is_hashed(world: World) -> None:
    """Another process writes between the start of the hashing and the end of the call."""
    host = host_of(Store(str(world.state), TABLES))
    seen: list[bool] = []
    original = users._hasher  # noqa: SLF001 - the slow work itself

    def hash_while_another_writes() -> object:
        with Store(host.store.path, TABLES, wait_seconds=0.0).write() as state:
            seen.append(len(state.table(USERS)) == 0)
        return original()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "_hasher", hash_while_another_writes)
        ask(host, "register_user", "alice", "pw")

    assert seen == [True]
    assert names_in(host) == ["alice"]
