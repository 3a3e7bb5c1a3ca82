"""A canister for the tests alone: it greets, counts, says who calls, gives back, and refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from originstamp_cli.candid import Service, parse_service
from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.canister.lifecycle import id_of, write_canister
from originstamp_cli.canister.runtime import (
    Ahead,
    Call,
    Method,
    Reject,
    Rejected,
    Trapped,
    prepared_by,
    query,
    update,
)

NAME = "fixture"
NUMBER = 4
ID = id_of(NUMBER).text
DID = Path(__file__).with_name("fixture.did").read_text(encoding="utf-8")


class Canister:
    """A canister of an interface's text and its methods; those that begin with `echo` are made."""

    def __init__(self, name: str, number: int, did: str, methods: dict[str, Method]) -> None:
        self.NAME = name
        self.NUMBER = number
        self._did = did
        self._methods = methods

    def find_method(self, name: str) -> Method | None:
        """Return the function that answers a method, or None."""
        if name.startswith("echo") and name in self.interface().methods:
            return _echo_query if self.interface().methods[name].mode == "query" else _echo
        return self._methods.get(name)

    def interface(self) -> Service:
        """Return the interface."""
        return parse_service(self._did)

    def did(self) -> str:
        """Return the interface's text."""
        return self._did


def _given(_: Call, *arguments: Any) -> object:
    return arguments[0] if len(arguments) == 1 else arguments


def _given_too(_: Call, *arguments: Any) -> object:
    return _given(_, *arguments)


_echo = update(_given)
_echo_query = query(_given_too)


def _count(call: Call) -> int:
    return int(call.own.get("counter", 0))


def _set(call: Call, count: int) -> None:
    """Keep the counter with what the network keeps of the canister."""
    call.own["counter"] = count
    write_canister(call.state, NUMBER, call.own)


def _whoami(call: Call) -> Principal:
    return call.caller


def _whoami_query(call: Call) -> Principal:
    return call.caller


def _trap(_: Call, message: str) -> object:
    raise Trapped(message)


def _trap_query(_: Call, message: str) -> object:
    raise Trapped(message)


def _write_and_reject(call: Call, count: int) -> Reject:
    _set(call, count)
    return Reject("thought better of it")


def _write_and_trap(call: Call, count: int) -> object:
    _set(call, count)
    raise Trapped("thought better of it")


def _inspect(_: Ahead) -> object:
    raise Rejected("rejected the message", "IC0406", by_its_code=True)


def _multiply(_: Call, left: list[list[int]], right: list[list[int]]) -> list[list[int]]:
    return [
        [
            sum(a * b for a, b in zip(row, column, strict=True))
            for column in zip(*right, strict=True)
        ]
        for row in left
    ]


def _fibonacci(_: Call, number: int) -> int:
    """Return it slowly, by calling itself as the long call of dfx's own tests does."""
    return number if number < 2 else _fibonacci(_, number - 1) + _fibonacci(_, number - 2)


METHODS: dict[str, Method] = {
    "greet": query(lambda _, name: f"Hello, {name}!"),
    "inc": update(lambda call: _set(call, _count(call) + 1)),
    "read": query(_count),
    "write": update(_set),
    "whoami": update(_whoami),
    "whoami_query": query(_whoami_query),
    "trap": update(_trap),
    "trap_query": query(_trap_query),
    "reject": update(lambda _, message: Reject(message)),
    "reject_query": query(lambda _, message: Reject(message)),
    "write_and_reject": update(_write_and_reject),
    "write_and_trap": update(_write_and_trap),
    "inspected": prepared_by(_inspect)(update(lambda _: None)),
    "matrix_multiply": update(_multiply),
    "three": query(lambda _: ("one", 2, True)),
    "opt_only": query(lambda _, number, text: f"{number} {text}"),
    "fibonacci": query(_fibonacci),
}

FIXTURE = Canister(NAME, NUMBER, DID, METHODS)


@pytest.fixture
def fixture_canister(monkeypatch: pytest.MonkeyPatch) -> Callable[[Canister], None]:
    """Have the canister on the network, and give what puts another there."""

    def put(canister: Canister) -> None:
        monkeypatch.setitem(CANISTERS, canister.NAME, canister)

    put(FIXTURE)
    return put
