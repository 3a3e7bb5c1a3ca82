"""The Candid values that Python has no type of its own for.

The others are plain: `None`, `bool`, `int`, `float`, `str`, `bytes` (blob), `list` (vec), `dict`
(record, by label) or `tuple` (record of unnamed fields), and the bare value of a present `opt`.
"""

from typing import Any, TypeAlias

from .principal import Principal
from .types import Keyed, Type

# Any of these; which, the type that stands beside it says.
Value: TypeAlias = Any


class Reserved(Keyed):
    """The one value of type `reserved`."""

    __slots__ = ()

    def _key(self) -> tuple[object, ...]:
        return ()

    def __repr__(self) -> str:
        return "RESERVED_VALUE"


RESERVED_VALUE = Reserved()


class Some(Keyed):
    """A present `opt` whose inner type is itself `opt`, `null` or `reserved`."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def _key(self) -> tuple[object, ...]:
        return (self.value,)


class Tag(Keyed):
    """A value of a variant: the name (or the id, where there is no name) and what it carries."""

    __slots__ = ("name", "value")

    def __init__(self, name: str | int, value: object = None) -> None:
        self.name = name
        self.value = value

    def _key(self) -> tuple[object, ...]:
        return (self.name, self.value)


class FuncRef(Keyed):
    """A reference to a method of a canister."""

    __slots__ = ("method", "principal")

    def __init__(self, principal: Principal, method: str) -> None:
        self.principal = principal
        self.method = method

    def _key(self) -> tuple[object, ...]:
        return (self.principal, self.method)


class ServiceRef(Keyed):
    """A reference to a canister."""

    __slots__ = ("principal",)

    def __init__(self, principal: Principal) -> None:
        self.principal = principal

    def _key(self) -> tuple[object, ...]:
        return (self.principal,)


class Typed(Keyed):
    """A value together with its type, where no interface gives one."""

    __slots__ = ("type", "value")

    def __init__(self, value: object, type_: Type) -> None:
        self.value = value
        self.type = type_

    def _key(self) -> tuple[object, ...]:
        return (self.value, self.type)
