"""What a reader gets that expects other types than a value was written at.

Values go from one room to another as they are; only where two interfaces meet, as with a file of
one's own for `canister call`, are they read anew.
"""

from collections.abc import Callable, Sequence

from .depth import deeply
from .errors import CandidError
from .fit import fit
from .retype import to_node
from .types import INT, NUMBER, Field, Opt, Record, Ref, Scope, Type, Variant, Vec
from .values import Typed


def reread(
    values: Sequence[object], types: Sequence[Type] | None, wanted: Sequence[Type]
) -> list[object]:
    """Return values of `types` (None: each is `Typed`) as read at the types that are wanted.

    Raises `CandidError` where one does not fit, or there are too few.
    """
    written = _written(values, types)
    if len(written) < len(wanted):
        raise CandidError("wrong number of argument values", "type")
    pairs = zip(written, wanted, strict=False)
    return deeply(lambda: [fit(to_node(*given, (0, 0)), at, "") for given, at in pairs])


def nameless(values: Sequence[object], types: Sequence[Type]) -> tuple[list[object], list[Type]]:
    """Return values and types as one gets them who knows no interface: names become their ids."""
    scope = Scope()
    bare = [_without_names(type_, scope) for type_ in types]
    return reread(values, types, bare), bare


def _written(values: Sequence[object], types: Sequence[Type] | None) -> list[tuple[object, Type]]:
    if types is not None:
        return list(zip(values, types, strict=True))
    typed = [value for value in values if isinstance(value, Typed)]
    return [(value.value, _as_sent(value.type)) for value in typed]


def _as_sent(type_: Type) -> Type:
    """Return an inferred type as it is sent: a number without a type is an `int`."""
    return INT if type_ == NUMBER else _rebuilt(type_, _as_sent)


def _without_names(type_: Type, scope: Scope) -> Type:
    if isinstance(type_, Ref):
        if type_.name not in scope.types:
            ref = scope.types[type_.name] = Ref(type_.name, scope)
            scope.types[type_.name] = _without_names(type_.resolve(), scope)
            return ref
        return Ref(type_.name, scope)
    return _rebuilt(type_, lambda inner: _without_names(inner, scope), keep_labels=False)


def _rebuilt(type_: Type, change: Callable[[Type], Type], *, keep_labels: bool = True) -> Type:
    """Return a type with each of its parts changed."""
    if isinstance(type_, Opt):
        return Opt(change(type_.inner))
    if isinstance(type_, Vec):
        return Vec(change(type_.inner))
    if isinstance(type_, (Record, Variant)):
        fields = [
            Field(field.label if keep_labels else field.id, change(field.type), field.id)
            for field in type_.fields
        ]
        return type(type_)(fields)
    return type_
