"""An interface: the methods of a canister, each built from its packed form when it is asked for."""

from collections.abc import Iterator, Mapping

from .types import Scope, Type


class Method:
    """The types of a method; `mode` is "update", "query", "composite_query" or "oneway"."""

    __slots__ = ("args", "doc", "mode", "results")

    def __init__(self, args: list[Type], results: list[Type], mode: str, doc: str = "") -> None:
        self.args = args
        self.results = results
        self.mode = mode
        self.doc = doc

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Method)
            and (self.args, self.results) == (other.args, other.results)
            and (self.mode, self.doc) == (other.mode, other.doc)
        )

    def __hash__(self) -> int:
        return hash((tuple(self.args), tuple(self.results), self.mode, self.doc))


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
            from .packing import unpack_types

            _name, args, results, mode, doc = self._packed[name]
            method = self._built[name] = Method(
                unpack_types(args, self._scope),
                unpack_types(results, self._scope),
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
        from .packing import unpack_types

        types, methods, init = packed
        self._packed = packed
        self.scope = Scope({str(name): type_ for name, type_ in _pairs(types)})
        self.methods = Methods({str(entry[0]): entry for entry in _pairs(methods)}, self.scope)
        self.init = None if init is None else unpack_types(init, self.scope)

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
