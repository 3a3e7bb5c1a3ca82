"""Types, values of them and labels, as Hypothesis draws them."""

from typing import Any

from hypothesis import strategies as st

from originstamp_cli.candid import (
    RESERVED_VALUE,
    FuncRef,
    Principal,
    ServiceRef,
    Some,
    Tag,
)
from originstamp_cli.candid.types import (
    PRIMS,
    RANGES,
    Field,
    Func,
    Opt,
    Record,
    ServiceType,
    Type,
    Variant,
    Vec,
)

# Two flaws of the official printer: `true` and `false` are printed bare as labels, a NUL as `\\0`;
# neither reads back.
NAMES = st.text(max_size=8).filter(lambda name: name not in ("true", "false") and "\0" not in name)
LABELS = st.one_of(
    NAMES,
    st.sampled_from(["a", "Ok", "Err", "record", "with space", "日本", "_", "nat8", ""]),
    st.integers(0, 2**32 - 1),
    st.integers(0, 3),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.text(
    "ab\u0301\u200b\"'\\\n日😀\ufe0f\u00a0"
)
PRINCIPALS = st.binary(max_size=29).map(Principal)


def with_fields(make: Any, inner: st.SearchStrategy[Type], least: int) -> st.SearchStrategy[Type]:
    fields = st.lists(
        st.builds(Field, LABELS, inner),
        min_size=least,
        max_size=5,
        unique_by=(lambda field: field.id, lambda field: field.label),
    )
    tuples = st.lists(inner, min_size=1, max_size=4).map(
        lambda types: make([Field(at, type_) for at, type_ in enumerate(types)])
    )
    return st.one_of(fields.map(make), tuples)


def containers(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    functions = st.lists(inner, max_size=2).map(lambda types: Func(types, types, ("query",)))
    return st.one_of(
        inner.map(Opt),
        inner.map(Vec),
        with_fields(Record, inner, 0),
        with_fields(Variant, inner, 1),
        functions,
        functions.map(lambda func: ServiceType([("f", func)])),
    )


TYPES = st.recursive(
    st.sampled_from([prim for prim in PRIMS.values() if prim.kind != "empty"]),
    containers,
    max_leaves=8,
)


def floats(width: Any) -> st.SearchStrategy[float]:
    return st.floats(allow_nan=False, allow_infinity=False, width=width)


LEAVES: dict[str, st.SearchStrategy[Any]] = {
    **{kind: st.integers(low, high) for kind, (low, high) in RANGES.items()},
    "nat": st.integers(0, 10**40),
    "int": st.integers(-(10**40), 10**40),
    "null": st.none(),
    "bool": st.booleans(),
    "float32": floats(32),
    "float64": floats(64),
    "text": TEXTS,
    "reserved": st.just(RESERVED_VALUE),
    "principal": PRINCIPALS,
    "service": PRINCIPALS.map(ServiceRef),
    "func": st.builds(FuncRef, PRINCIPALS, NAMES),
}


def values_of(type_: Type) -> st.SearchStrategy[Any]:
    if isinstance(type_, Opt):
        inner = values_of(type_.inner)
        return st.none() | (inner.map(Some) if type_.wraps else inner)
    if isinstance(type_, Vec):
        return st.binary() if type_.is_blob else st.lists(values_of(type_.inner), max_size=12)
    if isinstance(type_, Record):
        members = [values_of(field.type) for field in type_.fields]
        if type_.is_tuple:
            return st.tuples(*members)
        labels = [field.label for field in type_.fields]
        return st.tuples(*members).map(lambda values: dict(zip(labels, values, strict=True)))
    if isinstance(type_, Variant):
        return st.one_of(
            *[st.builds(Tag, st.just(field.label), values_of(field.type)) for field in type_.fields]
        )
    return LEAVES[type_.kind]


TYPED = TYPES.flatmap(lambda type_: st.tuples(st.just(type_), values_of(type_)))
