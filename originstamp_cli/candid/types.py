"""Candid types, compared as they are written: a name and what it stands for are two types.

Fields are kept in the order of their ids, which is the order Candid prints and sends them in.
"""

from collections.abc import Callable, Sequence

_HASH_BASE = 223
_HASH_MASK = 0xFFFFFFFF


def field_id(label: str | int) -> int:
    """Return the id that a label stands for: its hash, or the number itself (Candid spec, 1.4)."""
    if isinstance(label, int):
        return label
    number = 0
    for byte in label.encode("utf-8", "surrogatepass"):
        number = (number * _HASH_BASE + byte) & _HASH_MASK
    return number


class Keyed:
    """What is compared and hashed by its `_key`, the parts it was made of."""

    __slots__ = ()

    def _key(self) -> tuple[object, ...]:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return type(other) is type(self) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join([repr(part) for part in self._key()])})"


class Type(Keyed):
    """Any Candid type; `kind` is its keyword."""

    __slots__ = ()
    kind = ""

    def resolve(self) -> "Type":
        """Return the type itself, or for a name the structure that the name stands for."""
        return self


class Prim(Type):
    """A type without parts; there is one object for each."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def _key(self) -> tuple[object, ...]:
        return ()

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Prim) and self.kind == other.kind)

    def __hash__(self) -> int:
        return hash(self.kind)


class Opt(Type):
    """`opt inner`."""

    __slots__ = ("_wraps", "inner")
    kind = "opt"

    def __init__(self, inner: Type) -> None:
        self.inner = inner
        self._wraps: bool | None = None

    @property
    def wraps(self) -> bool:
        """Whether a present value is a `Some`, since bare it could be taken for an absent one."""
        if self._wraps is None:
            self._wraps = self.inner.resolve().kind in ("opt", "null", "reserved")
        return self._wraps

    def _key(self) -> tuple[object, ...]:
        return (self.inner,)


class Vec(Type):
    """`vec inner`; of `nat8` it is a blob."""

    __slots__ = ("_blob", "inner")
    kind = "vec"

    def __init__(self, inner: Type) -> None:
        self.inner = inner
        self._blob: bool | None = None

    @property
    def is_blob(self) -> bool:
        """Whether its values are `bytes`."""
        if self._blob is None:
            self._blob = self.inner.resolve().kind == "nat8"
        return self._blob

    def _key(self) -> tuple[object, ...]:
        return (self.inner,)


class Field:
    """A label and the type behind it, in a record or a variant; `doc` is the comment above it."""

    __slots__ = ("doc", "id", "label", "type")

    def __init__(self, label: str | int, type_: Type, id_: int | None = None) -> None:
        self.label = label
        self.type = type_
        self.id = field_id(label) if id_ is None else id_
        self.doc = ""

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Field)
            and self.id == other.id
            and self.label == other.label
            and self.type == other.type
        )

    def __hash__(self) -> int:
        return hash((self.id, self.type))

    def __repr__(self) -> str:
        return f"Field({self.label!r}, {self.type!r})"


class _Fields(Type):
    __slots__ = ("_by_id", "fields")

    def __init__(self, fields: "tuple[Field, ...] | list[Field]") -> None:
        self.fields = tuple(sorted(fields, key=_by_id))
        self._by_id: dict[int, Field] | None = None

    def find(self, id_: int) -> Field | None:
        """Return the field with this id, if there is one."""
        if self._by_id is None:
            self._by_id = {field.id: field for field in self.fields}
        return self._by_id.get(id_)

    def _key(self) -> tuple[object, ...]:
        return self.fields


class Record(_Fields):
    """`record { … }`."""

    __slots__ = ("is_positional", "is_tuple")
    kind = "record"

    def __init__(self, fields: tuple[Field, ...] | list[Field]) -> None:
        super().__init__(fields)
        self.is_positional = all(field.id == at for at, field in enumerate(self.fields))
        # A field named "" has id 0: its record is printed as a tuple, but its values are not one.
        self.is_tuple = self.is_positional and all(
            isinstance(field.label, int) for field in self.fields
        )
        if not self.fields:
            self.is_tuple = False


class Variant(_Fields):
    """`variant { … }`."""

    __slots__ = ()
    kind = "variant"


class Func(Type):
    """`func (args) -> (results) modes`."""

    __slots__ = ("args", "modes", "results")
    kind = "func"

    def __init__(
        self,
        args: tuple[Type, ...] | list[Type],
        results: tuple[Type, ...] | list[Type],
        modes: tuple[str, ...] = (),
    ) -> None:
        self.args = tuple(args)
        self.results = tuple(results)
        self.modes = tuple(modes)

    def _key(self) -> tuple[object, ...]:
        return (self.args, self.results, self.modes)


class ServiceType(Type):
    """`service { name : func … }`; methods are pairs of a name and a `Func` or `Ref`, by name.

    `docs` has the comments above them.
    """

    __slots__ = ("docs", "methods")
    kind = "service"

    def __init__(
        self,
        methods: "tuple[tuple[str, Type], ...] | list[tuple[str, Type]]",
        docs: dict[str, str] | None = None,
    ) -> None:
        self.methods = tuple(sorted(methods, key=_by_name))
        self.docs = docs or {}

    def _key(self) -> tuple[object, ...]:
        return self.methods


def check_types(types: Sequence[object]) -> None:
    """Raise `TypeError` for what is no list or tuple of types."""
    if not isinstance(types, list | tuple):
        raise TypeError(f"types are a list, not a {type(types).__name__}")
    for each in types:
        if not isinstance(each, Type):
            raise TypeError(f"a {type(each).__name__} is no Candid type")


class Scope:
    """What the names of one `.did` text stand for.

    `types` holds those that are there; `build` makes another from its name, when it is first asked
    for, and raises `KeyError` where there is none.
    """

    __slots__ = ("build", "types")

    def __init__(self, build: "Callable[[str, Scope], Type] | None" = None) -> None:
        self.types: dict[str, Type] = {}
        self.build = build

    def find(self, name: str) -> Type:
        """Return the type that `name` stands for (it may be a name again); `KeyError` if none."""
        found = self.types.get(name)
        if found is None:
            if self.build is None:
                raise KeyError(name)
            found = self.types[name] = self.build(name, self)
        return found


class Ref(Type):
    """A name for a type. Two are equal when the names are, wherever they were defined."""

    __slots__ = ("_resolved", "name", "scope")
    kind = "name"

    def __init__(self, name: str, scope: Scope) -> None:
        self.name = name
        self.scope = scope
        self._resolved: Type | None = None

    def resolve(self) -> Type:
        """Return the structure behind the name, through further names; `ValueError` if none."""
        if self._resolved is None:
            self._resolved = self._find()
        return self._resolved

    def _find(self) -> Type:
        found: Type = self
        seen: set[str] = set()
        while isinstance(found, Ref):
            if found.name in seen:
                raise ValueError(f"{self.name} has cyclic type definition")
            seen.add(found.name)
            name = found.name
            try:
                found = found.scope.find(name)
            except KeyError:
                raise ValueError(f"Unbound type identifier {name}") from None
        return found

    def _key(self) -> tuple[object, ...]:
        return (self.name,)


def _by_id(field: Field) -> int:
    return field.id


def _by_name(method: tuple[str, Type]) -> str:
    return method[0]


NULL = Prim("null")
BOOL = Prim("bool")
NAT = Prim("nat")
INT = Prim("int")
NAT8 = Prim("nat8")
NAT16 = Prim("nat16")
NAT32 = Prim("nat32")
NAT64 = Prim("nat64")
INT8 = Prim("int8")
INT16 = Prim("int16")
INT32 = Prim("int32")
INT64 = Prim("int64")
FLOAT32 = Prim("float32")
FLOAT64 = Prim("float64")
TEXT = Prim("text")
RESERVED = Prim("reserved")
EMPTY = Prim("empty")
PRINCIPAL = Prim("principal")

# A number literal of which no type is known: it prints without one and is sent as an `int`.
NUMBER = Prim("number")

PRIMS = {
    prim.kind: prim
    for prim in (
        *(NULL, BOOL, NAT, INT, NAT8, NAT16, NAT32, NAT64, INT8, INT16, INT32, INT64),
        *(FLOAT32, FLOAT64, TEXT, RESERVED, EMPTY, PRINCIPAL),
    )
}

# Both ends belong to the range; `nat` and `int` have no entry, being unbounded upwards.
RANGES = {
    "nat8": (0, 0xFF),
    "nat16": (0, 0xFFFF),
    "nat32": (0, 0xFFFF_FFFF),
    "nat64": (0, 0xFFFF_FFFF_FFFF_FFFF),
    "int8": (-0x80, 0x7F),
    "int16": (-0x8000, 0x7FFF),
    "int32": (-0x8000_0000, 0x7FFF_FFFF),
    "int64": (-0x8000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF),
}
