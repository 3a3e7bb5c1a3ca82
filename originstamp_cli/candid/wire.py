"""The head of a message: its types, from the type table that it begins with, and their checks.

The rules are those of the Candid specification, "Deserialisation", as candid 0.10.32 keeps them.
"""

from collections.abc import Iterator

from .leb128 import read_code, read_size, read_text
from .source import Source
from .types import (
    EMPTY,
    PRIMS,
    Field,
    Func,
    Opt,
    Prim,
    Record,
    Ref,
    Scope,
    ServiceType,
    Type,
    Variant,
    Vec,
)

MAGIC = b"DIDL"

# In the order of their codes, which are -1, -2 and so on.
_KINDS = (
    *("null", "bool", "nat", "int", "nat8", "nat16", "nat32", "nat64", "int8", "int16", "int32"),
    *("int64", "float32", "float64", "text", "reserved", "empty", "opt", "vec", "record"),
    *("variant", "func", "service", "principal"),
)
CODES = {kind: -1 - at for at, kind in enumerate(_KINDS)}
MODES = {"query": 1, "oneway": 2, "composite_query": 3}
_MODE_NAMES = {code: mode for mode, code in MODES.items()}

_PRIM_CODES = {CODES[kind]: prim for kind, prim in PRIMS.items()}
_LAST_CODE = -len(_KINDS)
MAX_ID = 0xFFFF_FFFF

# Of table entries, fields, parameters, results and methods; an interface has some hundreds.
_MAX_PARTS = 40_000

# A type of more parts than this is a name in the types around it, so that none of them is huge,
# as one could be that holds another twice, which holds another twice, and so on.
_MAX_INLINE = 200

# A value of a type that is not known yet, which says how long it is.
FUTURE = Prim("future")

# What a type is made of as the table has it: kind, and references to types (a number is one of the
# table) with what stands before each, an id or a name.
_Reference = int | Type
_Entry = tuple[str, list[tuple[int | str, _Reference]], int]


class Head:
    """The types that a message begins with."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.parts = 0
        self.size = 0
        if source.data[:4] != MAGIC:
            raise source.error("a message begins with DIDL")
        source.at = 4
        self.size = self._count("types")
        self.entries = [self._entry() for _ in range(self.size)]
        self.arguments = [self._reference() for _ in range(self._count("arguments"))]
        self._check_methods()
        self._replace_endless()

    def types(self, future: Type = FUTURE) -> list[Type]:
        """Return the types of the arguments; labels are ids, types not known yet are `future`."""
        return _Builder(self.entries, future).build_all(self.arguments)

    @property
    def has_future(self) -> bool:
        """Whether there are types that are not known yet."""
        return any(kind == "future" for kind, _, _ in self.entries)

    def names(self) -> list[str]:
        """Return the types of the arguments as official messages name them."""
        return [
            f"table{reference}" if isinstance(reference, int) else reference.kind
            for reference in self.arguments
        ]

    def _count(self, what: str) -> int:
        count = read_size(self.source)
        self.parts += count
        if self.parts > _MAX_PARTS:
            raise self.source.error(f"{count} {what} are too many")
        return count

    def _reference(self) -> _Reference:
        at = self.source.at
        code = read_code(self.source)
        if 0 <= code < self.size:
            return code
        known = _PRIM_CODES.get(code)
        if known is None:
            self.source.at = at
            raise self.source.error(f"there is no type {code}")
        return known

    def _entry(self) -> _Entry:
        source = self.source
        at = source.at
        code = read_code(source)
        if code < _LAST_CODE:
            source.take(read_size(source))
            return "future", [], 0
        kind = _KINDS[-1 - code] if code < 0 else ""
        if kind in ("opt", "vec"):
            return kind, [(0, self._reference())], 0
        if kind in ("record", "variant"):
            return kind, list(self._fields()), 0
        if kind == "func":
            return self._func()
        if kind == "service":
            return kind, list(self._methods()), 0
        source.at = at
        raise source.error(f"{code} is no type that a table may have")

    def _fields(self) -> Iterator[tuple[int, _Reference]]:
        before = -1
        for _ in range(self._count("fields")):
            id_ = read_size(self.source)
            if not before < id_ <= MAX_ID:
                raise self.source.error(f"the field id {id_} is too large or not in order")
            before = id_
            yield id_, self._reference()

    def _func(self) -> _Entry:
        arguments = [(0, self._reference()) for _ in range(self._count("parameters"))]
        results = [(0, self._reference()) for _ in range(self._count("results"))]
        modes = [read_size(self.source) for _ in range(self._count("annotations"))]
        if len(modes) > 1 or any(mode not in _MODE_NAMES for mode in modes):
            raise self.source.error("a function has one annotation at most: 1, 2 or 3")
        # Both are in one list; the number says where the results begin.
        mode = _MODE_NAMES[modes[0]] if modes else ""
        return f"func {mode}", [*arguments, *results], len(arguments)

    def _methods(self) -> Iterator[tuple[str, _Reference]]:
        before: str | None = None
        for _ in range(self._count("methods")):
            name = read_text(self.source)
            # By their bytes, which sort as the code points do.
            if before is not None and name <= before:
                raise self.source.error(f"the method {name!r} is not in order")
            before = name
            yield name, self._reference()

    def _check_methods(self) -> None:
        for kind, parts, _ in self.entries:
            for name, reference in parts if kind == "service" else ():
                is_func = isinstance(reference, int) and self.entries[reference][0].startswith(
                    "func"
                )
                if not is_func:
                    raise self.source.error(f"the method {name!r} is no function")

    def _replace_endless(self) -> None:
        """Replace records that contain themselves: no value is one, so they are `empty`."""
        records = {at for at, (kind, _, _) in enumerate(self.entries) if kind == "record"}
        inner: dict[int, set[int]] = {}
        outer: dict[int, list[int]] = {}
        for at in sorted(records):
            parts = [part for _, part in self.entries[at][1] if isinstance(part, int)]
            inner[at] = {part for part in parts if part in records}
        for at, references in inner.items():
            for reference in references:
                outer.setdefault(reference, []).append(at)
        ending = [at for at, references in inner.items() if not references]
        for at in ending:
            for around in outer.get(at, ()):
                inner[around].discard(at)
                if not inner[around]:
                    ending.append(around)
        for at in inner.keys() - set(ending):
            self.entries[at] = ("empty", [], 0)


class _Builder:
    """Types from table entries, each built once, and only those that are used."""

    def __init__(self, entries: list[_Entry], future: Type) -> None:
        self.entries = entries
        self.scope = Scope()
        self.built: dict[int, Type] = {}
        self.sizes: dict[int, int] = {}
        self.named: set[int] = set()
        self.future = future

    def build_all(self, references: list[_Reference]) -> list[Type]:
        for reference in references:
            if isinstance(reference, int):
                self._build(reference)
        return [self._type(reference) for reference in references]

    def _build(self, root: int) -> None:
        """Build an entry after those that it is made of; a list holds those still to be built."""
        todo = [root]
        begun: set[int] = set()
        while todo:
            at = todo[-1]
            if at in self.built:
                todo.pop()
            elif at in begun:
                todo.pop()
                self.built[at] = self._make(at)
                self.scope.types.setdefault(_name(at), self.built[at])
            else:
                begun.add(at)
                todo += [
                    part
                    for _, part in self.entries[at][1]
                    if isinstance(part, int) and part not in self.built and part not in begun
                ]

    def _type(self, reference: _Reference) -> Type:
        if not isinstance(reference, int):
            return reference
        # One that is not built yet is around the one that is being built.
        if self.sizes.get(reference, _MAX_INLINE + 1) > _MAX_INLINE:
            self.named.add(reference)
        if reference in self.named:
            return Ref(_name(reference), self.scope)
        return self.built[reference]

    def _make(self, at: int) -> Type:
        kind, parts, count = self.entries[at]
        types = [self._type(reference) for _, reference in parts]
        self.sizes[at] = 1 + sum(
            self.sizes.get(part, 1) if isinstance(part, int) and not isinstance(type_, Ref) else 1
            for (_, part), type_ in zip(parts, types, strict=True)
        )
        if kind == "opt":
            return Opt(types[0])
        if kind == "vec":
            return Vec(types[0])
        names = [name for name, _ in parts]
        if kind in ("record", "variant"):
            fields = [Field(name, type_) for name, type_ in zip(names, types, strict=True)]
            return Record(fields) if kind == "record" else Variant(fields)
        if kind == "service":
            return ServiceType(
                [(str(name), type_) for name, type_ in zip(names, types, strict=True)]
            )
        if kind.startswith("func"):
            return Func(types[:count], types[count:], tuple(kind.split()[1:]))
        return EMPTY if kind == "empty" else self.future


def _name(at: int) -> str:
    return f"table{at}"
