"""Types as plain tuples, which Python can keep compiled, and back.

A type without parts is its keyword; any other is a tuple that begins with one. A field is its
label, its id and its type: the id is kept so that nobody has to hash the label again.
"""

from .types import PRIMS, Field, Func, Opt, Record, Ref, Scope, ServiceType, Type, Variant, Vec


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
