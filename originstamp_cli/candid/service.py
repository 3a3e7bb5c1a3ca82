"""An interface: the methods of a canister, each built from its packed form when it is asked for.

Packed, a type is plain tuples, which Python can keep compiled. One without parts is its keyword;
any other is a tuple that begins with one. A field is its label, its id and its type: the id is kept
so that nobody has to hash the label again.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .depth import deeply
from .types import (
    PRIMS,
    Field,
    Func,
    Keyed,
    Opt,
    Record,
    Ref,
    Scope,
    ServiceType,
    Type,
    Variant,
    Vec,
)


class Method(Keyed):
    """The types of a method; `mode` is "update", "query", "composite_query" or "oneway"."""

    __slots__ = ("_quick", "args", "doc", "mode", "results")

    def __init__(self, args: list[Type], results: list[Type], mode: str, doc: str = "") -> None:
        self.args = args
        self.results = results
        self.mode = mode
        self.doc = doc
        self._quick: Callable[[str], list[Any] | None] | None = None

    def parse(self, text: str) -> list[Any]:
        """Return what `parse_dfx_argument` does of an argument, made to be asked many times."""
        if self._quick is None:
            from .quick import quick_reader

            self._quick = quick_reader(self.args)
        values = self._quick(text)
        if values is None:
            from .parse import parse_dfx_argument

            values = parse_dfx_argument(text, self.args)
        return values

    def _key(self) -> tuple[object, ...]:
        return (tuple(self.args), tuple(self.results), self.mode, self.doc)


class Methods(Mapping[str, Method]):
    """Methods by name, in the order of the interface."""

    __slots__ = ("_built", "_packed", "_scope")

    def __init__(self, packed: dict[str, tuple[object, ...]], scope: Scope) -> None:
        self._packed = packed
        self._scope = scope
        self._built: dict[str, Method] = {}

    def __getitem__(self, name: str) -> Method:
        method = self._built.get(name)
        if method is None:
            _name, args, results, mode, doc = self._packed[name]
            method = self._built[name] = Method(
                _unpacked(args, self._scope),
                _unpacked(results, self._scope),
                str(mode),
                str(doc),
            )
        return method

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def __contains__(self, name: object) -> bool:
        return name in self._packed


class Service:
    """What `parse_service` read; `init` has the types of its init arguments, if it names any."""

    __slots__ = ("_packed", "init", "methods", "scope")

    def __init__(self, packed: tuple[object, ...]) -> None:
        types, methods, init = packed
        self._packed = packed
        definitions = {str(name): definition for name, definition in _pairs(types)}
        self.scope = Scope(
            lambda name, scope: deeply(lambda: unpack_type(definitions[name], scope))
        )
        self.methods = Methods({str(entry[0]): entry for entry in _pairs(methods)}, self.scope)
        self.init = None if init is None else _unpacked(init, self.scope)

    def pack(self) -> tuple[object, ...]:
        """Return the interface as nested tuples of `str`, `int` and `None`, for `unpack`."""
        return self._packed

    @classmethod
    def unpack(cls, packed: tuple[object, ...]) -> "Service":
        """Return the interface that `pack` made a tuple of."""
        return cls(packed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Service) and self._packed == other._packed

    def __hash__(self) -> int:
        return hash(self._packed)


def _pairs(packed: object) -> tuple[tuple[object, ...], ...]:
    if not isinstance(packed, tuple):
        raise TypeError(f"not a packed interface: {packed!r}")
    return packed


# --- types, packed ---


def pack_type(type_: Type) -> object:
    """Return the type as a keyword or as nested tuples."""
    if isinstance(type_, Ref):
        return ("name", type_.name)
    if isinstance(type_, Opt | Vec):
        return (type_.kind, pack_type(type_.inner))
    if isinstance(type_, Record | Variant):
        fields = [(field.label, field.id, pack_type(field.type)) for field in type_.fields]
        return (type_.kind, *fields)
    if isinstance(type_, Func):
        return ("func", pack_types(type_.args), pack_types(type_.results), type_.modes)
    if isinstance(type_, ServiceType):
        return ("service", *[(name, pack_type(method)) for name, method in type_.methods])
    return type_.kind


def pack_types(types: tuple[Type, ...] | list[Type]) -> tuple[object, ...]:
    """Return each of the types packed."""
    return tuple([pack_type(type_) for type_ in types])


def _unpacked(packed: object, scope: Scope) -> list[Type]:
    return deeply(lambda: unpack_types(packed, scope))


def unpack_types(packed: object, scope: Scope) -> list[Type]:
    """Return the types that `pack_types` packed; their names mean what `scope` says."""
    return [unpack_type(part, scope) for part in _parts(packed)]


def unpack_type(packed: object, scope: Scope) -> Type:  # noqa: PLR0911 - one for each kind
    """Return the type that `pack_type` packed; `ValueError` for anything else."""
    if isinstance(packed, str):
        return PRIMS[packed]
    kind, *parts = _parts(packed)
    if kind == "name":
        return Ref(str(parts[0]), scope)
    if kind == "opt":
        return Opt(unpack_type(parts[0], scope))
    if kind == "vec":
        return Vec(unpack_type(parts[0], scope))
    if kind == "record":
        return Record([_field(part, scope) for part in parts])
    if kind == "variant":
        return Variant([_field(part, scope) for part in parts])
    if kind == "func":
        modes = tuple([str(mode) for mode in _parts(parts[2])])
        return Func(unpack_types(parts[0], scope), unpack_types(parts[1], scope), modes)
    if kind == "service":
        return ServiceType([_method(part, scope) for part in parts])
    raise ValueError(f"not a packed type: {kind}")


def _parts(packed: object) -> tuple[object, ...]:
    if not isinstance(packed, tuple):
        raise TypeError(f"not a packed type: {packed!r}")
    return packed


def _field(packed: object, scope: Scope) -> Field:
    label, id_, type_ = _parts(packed)
    if not isinstance(label, str | int) or not isinstance(id_, int):
        raise TypeError(f"not a packed field: {label!r}")
    return Field(label, unpack_type(type_, scope), id_)


def _method(packed: object, scope: Scope) -> tuple[str, Type]:
    name, type_ = _parts(packed)
    return str(name), unpack_type(type_, scope)
