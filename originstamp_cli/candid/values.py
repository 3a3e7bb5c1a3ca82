"""The Candid values that Python has no type of its own for.

The others are plain: `None`, `bool`, `int`, `float`, `str`, `bytes` (blob), `list` (vec), `dict`
(record, by label) or `tuple` (record of unnamed fields), and the bare value of a present `opt`.
"""

from typing import Any, TypeAlias

from .principal import Principal
from .types import Type

# Any of these; which, the type that stands beside it says.
Value: TypeAlias = Any


class Reserved:
    """The one value of type `reserved`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "RESERVED_VALUE"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reserved)

    def __hash__(self) -> int:
        return hash("reserved")


RESERVED_VALUE = Reserved()


class Some:
    """A present `opt` whose inner type is itself `opt`, `null` or `reserved`."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Some) and self.value == other.value

    def __hash__(self) -> int:
        return hash(("some", self.value))

    def __repr__(self) -> str:
        return f"Some({self.value!r})"


class Tag:
    """A value of a variant: the name (or the id, where there is no name) and what it carries."""

    __slots__ = ("name", "value")

    def __init__(self, name: str | int, value: object = None) -> None:
        self.name = name
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tag) and self.name == other.name and self.value == other.value

    def __hash__(self) -> int:
        return hash((self.name, self.value))

    def __repr__(self) -> str:
        return f"Tag({self.name!r}, {self.value!r})"


class FuncRef:
    """A reference to a method of a canister."""

    __slots__ = ("method", "principal")

    def __init__(self, principal: Principal, method: str) -> None:
        self.principal = principal
        self.method = method

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, FuncRef)
            and self.principal == other.principal
            and self.method == other.method
        )

    def __hash__(self) -> int:
        return hash((self.principal, self.method))

    def __repr__(self) -> str:
        return f"FuncRef({self.principal!r}, {self.method!r})"


class ServiceRef:
    """A reference to a canister."""

    __slots__ = ("principal",)

    def __init__(self, principal: Principal) -> None:
        self.principal = principal

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ServiceRef) and self.principal == other.principal

    def __hash__(self) -> int:
        return hash(("service", self.principal))

    def __repr__(self) -> str:
        return f"ServiceRef({self.principal!r})"


class Typed:
    """A value together with its type, where no interface gives one."""

    __slots__ = ("type", "value")

    def __init__(self, value: object, type_: Type) -> None:
        self.value = value
        self.type = type_

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Typed) and self.type == other.type and self.value == other.value

    def __hash__(self) -> int:
        return hash((self.type, self.value))

    def __repr__(self) -> str:
        return f"Typed({self.value!r}, {self.type!r})"
