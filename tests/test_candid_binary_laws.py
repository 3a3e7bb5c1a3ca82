"""What holds for all types, values and messages in the binary form (Hypothesis)."""

import time
from typing import Any

import pytest
from candid_strategies import LABELS, LEAVES, TYPED, TYPES
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from originstamp_cli.candid import (
    RESERVED_VALUE,
    CandidError,
    FuncRef,
    Principal,
    ServiceRef,
    Some,
    Tag,
    decode_args,
    encode_args,
    is_subtype,
    parse_args,
    show_args,
    to_json,
    why_not_subtype,
)
from originstamp_cli.candid.leb128 import (
    read_signed,
    read_unsigned,
    write_signed,
    write_unsigned,
)
from originstamp_cli.candid.source import Source
from originstamp_cli.candid.types import (
    INT,
    NAT,
    NULL,
    PRIMS,
    PRINCIPAL,
    RESERVED,
    TEXT,
    Field,
    Func,
    Opt,
    Record,
    Ref,
    Scope,
    ServiceType,
    Type,
    Variant,
    Vec,
)

NAMES = ("A", "B", "C")


@st.composite
def recursive_types(draw: st.DrawFn) -> Type:
    """Return a name among three whose types are made of each other."""
    scope = Scope()
    named = st.sampled_from([Ref(name, scope) for name in NAMES])
    for name in NAMES:
        # An opt or a vec on the way to a name, so that there is a value that ends.
        part = st.one_of(TYPES, named.map(Opt), named.map(Vec))
        labels = draw(st.lists(LABELS, min_size=1, max_size=3, unique_by=field_id_of))
        fields = [Field(label, draw(part)) for label in labels]
        scope.types[name] = draw(st.sampled_from([Record, Variant]))(fields)
    return draw(named)


def field_id_of(label: str | int) -> int:
    return Field(label, NULL).id


def value_of(draw: st.DrawFn, type_: Type, depth: int) -> Any:
    """Return a value of a type that may contain itself, so many levels deep at most."""
    type_ = type_.resolve()
    if isinstance(type_, Opt):
        if not depth or draw(st.booleans()):
            return None
        inner = value_of(draw, type_.inner, depth - 1)
        return Some(inner) if type_.wraps else inner
    if isinstance(type_, Vec) and not type_.is_blob:
        count = draw(st.integers(0, 3 if depth else 0))
        return [value_of(draw, type_.inner, depth - 1) for _ in range(count)]
    if isinstance(type_, Record):
        members = {field.label: value_of(draw, field.type, depth) for field in type_.fields}
        return tuple(members.values()) if type_.is_tuple else members
    if isinstance(type_, Variant):
        field = draw(st.sampled_from(type_.fields))
        return Tag(field.label, value_of(draw, field.type, depth))
    return draw(st.binary(max_size=5) if isinstance(type_, Vec) else LEAVES[type_.kind])


@st.composite
def recursive_values(draw: st.DrawFn) -> tuple[Type, Any]:
    """Return a type that contains itself, and a value of it."""
    type_ = draw(recursive_types())
    return type_, value_of(draw, type_, 4)


RECURSIVE = recursive_values()
# The machine may be busy, and types that contain themselves take a while to draw.
PATIENT = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


# --- there and back ---


@given(TYPED | RECURSIVE)
@PATIENT
@example((Vec(TEXT), ["x" * 127, "y" * 128, ""]))
@example((Opt(Opt(NAT)), Some(None)))
@example((Vec(PRIMS["int64"]), [-(2**63), 2**63 - 1]))
def test_what_is_written_is_read_as_the_same(typed: tuple[Type, Any]) -> None:
    type_, value = typed

    message = encode_args([value], [type_])

    assert decode_args(message, [type_]) == ([value], [type_])


@given(TYPED | RECURSIVE)
@PATIENT
def test_a_message_says_its_own_types(typed: tuple[Type, Any]) -> None:
    type_, value = typed
    message = encode_args([value], [type_])

    values, types = decode_args(message)

    assert is_subtype(types[0], type_)
    assert is_subtype(type_, types[0])
    again = encode_args(values, types)
    assert show_args(*decode_args(again)) == show_args(values, types)
    assert decode_args(again, [type_]) == ([value], [type_])


POWERS = st.builds(lambda bits, more: 2**bits + more, st.integers(0, 200), st.integers(-1, 1))


@given(st.integers() | POWERS | POWERS.map(lambda number: -number))
@example(2**70)
@example(-(2**69) - 1)
def test_a_number_has_its_fewest_bytes_and_reads_back(number: int) -> None:
    out = bytearray()
    write_signed(out, number)

    assert read_signed(Source(bytes(out))) == number
    assert len(out) == (number if number >= 0 else ~number).bit_length() // 7 + 1
    out = bytearray()
    write_unsigned(out, abs(number))
    assert read_unsigned(Source(bytes(out))) == abs(number)
    assert len(out) == max(1, -(-abs(number).bit_length() // 7))


# --- any bytes ---


KEYWORDS = [bytes([code]) for code in (*range(0x5F, 0x80), *range(5), 0xFF, 0x80)]
NOISE = st.binary(max_size=60) | st.lists(st.sampled_from(KEYWORDS), max_size=40).map(b"".join)


def outcome(data: bytes, types: list[Type] | None) -> object:
    """Return the values or the error, having checked that either is as it should be."""
    refused: list[CandidError] = []
    try:
        values, read_at = decode_args(data, types)
    except CandidError as error:
        refused.append(error)
    for each in refused:
        assert each.kind == "binary"
        assert each.message
        assert 0 <= each.start <= each.end <= len(data)
        return each
    assert show_args(values, read_at)
    assert types is None or read_at == types
    return values


@given(NOISE, st.lists(TYPES, max_size=2) | st.none())
@settings(PATIENT, max_examples=300)
def test_any_bytes_are_read_or_refused_at_a_place_in_them(
    noise: bytes, types: list[Type] | None
) -> None:
    outcome(noise, types)
    outcome(b"DIDL" + noise, types)
    outcome(b"DIDL\x00\x01" + noise, types)


@given(TYPED | RECURSIVE, st.data())
@PATIENT
def test_a_message_that_was_damaged_is_read_or_refused(
    typed: tuple[Type, Any], data: st.DataObject
) -> None:
    type_, value = typed
    message = bytearray(encode_args([value], [type_]))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(message)))
        length = data.draw(st.integers(0, 2))
        message[at : at + length] = data.draw(st.binary(max_size=2))

    outcome(bytes(message), [type_])
    outcome(bytes(message), None)


@given(TYPED, st.data())
@PATIENT
def test_a_message_that_was_cut_off_is_refused(
    typed: tuple[Type, Any], data: st.DataObject
) -> None:
    type_, value = typed
    message = encode_args([value], [type_])

    end = data.draw(st.integers(0, len(message) - 1))

    assert isinstance(outcome(message[:end], [type_]), CandidError)


@given(TYPED, TYPES)
@PATIENT
def test_a_value_at_another_type_is_read_or_refused(typed: tuple[Type, Any], other: Type) -> None:
    type_, value = typed
    message = encode_args([value], [type_])

    result = outcome(message, [other])
    below = outcome(message, [Opt(other)])

    assert not isinstance(below, CandidError), "below an opt every right value is read"
    if is_subtype(type_, other):
        assert not isinstance(result, CandidError)


# --- supertypes ---


def widened(draw: st.DrawFn, type_: Type, value: Any) -> tuple[Type, Any]:  # noqa: PLR0911
    """Return a supertype and what the value is there."""
    choice = draw(st.integers(0, 5))
    if choice == 0:
        return RESERVED, RESERVED_VALUE
    if choice == 1 and type_.kind not in ("opt", "null", "reserved"):
        inner, there = widened(draw, type_, value)
        opt = Opt(inner)
        return opt, Some(there) if opt.wraps else there
    if type_ == NAT:
        return INT, value
    if isinstance(type_, ServiceType):
        return PRINCIPAL, value.principal
    if isinstance(type_, Record) and type_.fields:
        return widened_record(draw, type_, value)
    if isinstance(type_, Variant) and value.name != "new":
        field = type_.find(Field(value.name, NULL).id)
        assert field is not None
        inner, there = widened(draw, field.type, value.value)
        fields = [Field(value.name, inner) if each is field else each for each in type_.fields]
        if all(each.id != Field("new", NULL).id for each in fields):
            fields.append(Field("new", NAT))
        return Variant(fields), Tag(value.name, there)
    return type_, value


def widened_record(draw: st.DrawFn, type_: Record, value: Any) -> tuple[Type, Any]:
    """Return a record with a field less, one widened and one more, and its value."""
    members = list(value) if type_.is_tuple else [value[field.label] for field in type_.fields]
    dropped = draw(st.integers(0, len(members) - 1))
    fields, there = [], {}
    for at, (field, member) in enumerate(zip(type_.fields, members, strict=True)):
        if at != dropped:
            inner, widened_member = widened(draw, field.type, member)
            fields.append(Field(field.label, inner))
            there[field.label] = widened_member
    new = Field("new", Opt(TEXT))
    if all(field.id != new.id for field in type_.fields):
        fields.append(new)
        there["new"] = None
    record = Record(fields)
    ordered = {field.label: there[field.label] for field in record.fields}
    return record, tuple(ordered.values()) if record.is_tuple else ordered


@st.composite
def coercions(draw: st.DrawFn) -> tuple[Type, Any, Type, Any]:
    type_, value = draw(TYPED)
    return (type_, value, *widened(draw, type_, value))


@given(coercions())
@PATIENT
@example((ServiceType([]), ServiceRef(Principal(b"")), PRINCIPAL, Principal(b"")))
@example((NAT, 1, Opt(Opt(INT)), Some(1)))
def test_a_value_is_read_at_a_supertype(coercion: tuple[Type, Any, Type, Any]) -> None:
    type_, value, wider, there = coercion

    assert why_not_subtype(type_, wider) is None
    assert decode_args(encode_args([value], [type_]), [wider])[0] == [there]


@given(st.lists(coercions(), max_size=3))
@PATIENT
def test_arguments_are_read_each_at_its_supertype_and_may_be_more(
    several: list[tuple[Type, Any, Type, Any]],
) -> None:
    types = [type_ for type_, _, _, _ in several]
    message = encode_args([value for _, value, _, _ in several], types)
    wider = [type_ for _, _, type_, _ in several]

    values, _ = decode_args(message, [*wider, Opt(NAT), NULL, RESERVED])

    assert values == [*[there for _, _, _, there in several], None, None, RESERVED_VALUE]
    assert decode_args(message, [])[0] == []


# --- the subtype relation ---


@given(TYPES | recursive_types())
@PATIENT
def test_every_type_is_a_subtype_of_itself(type_: Type) -> None:
    assert is_subtype(type_, type_)


def has_null(type_: Type) -> bool:
    """Return whether a null stands in a type.

    A field of type null may be missing, though no other type is a subtype of null: so there
    `record { a : nat } <: record {} <: record { a : null }` and yet not the first of the last.
    """
    if isinstance(type_, Opt | Vec):
        return has_null(type_.inner)
    if isinstance(type_, Record | Variant):
        return any(has_null(field.type) for field in type_.fields)
    if isinstance(type_, Func):
        return any(has_null(part) for part in (*type_.args, *type_.results))
    if isinstance(type_, ServiceType):
        return any(has_null(method) for _, method in type_.methods)
    return type_.kind == "null"


@given(coercions(), st.data())
@PATIENT
def test_a_supertype_of_a_supertype_is_a_supertype(
    coercion: tuple[Type, Any, Type, Any], data: st.DataObject
) -> None:
    type_, _, wider, there = coercion
    assume(not has_null(type_))
    widest, _ = data.draw(st.composite(widened)(wider, there))

    assert is_subtype(wider, widest)
    assert is_subtype(type_, widest)


@given(TYPES, TYPES, TYPES)
@PATIENT
def test_the_relation_is_transitive(one: Type, two: Type, three: Type) -> None:
    assume(not (has_null(one) or has_null(two) or has_null(three)))

    if is_subtype(one, two) and is_subtype(two, three):
        assert is_subtype(one, three)


# --- depth, size and time ---


def opts(levels: int) -> bytes:
    """Return a message of an opt in an opt and so on; the innermost is absent."""
    return b"DIDL\x01\x6e\x00\x01\x00" + b"\x01" * levels + b"\x00"


def test_a_thousand_levels_are_read_and_printed() -> None:
    values, types = decode_args(opts(999))

    assert show_args(values, types).count("opt") == 999
    assert encode_args(values, types) == opts(999)


@pytest.mark.parametrize("levels", [1_001, 1_000_000])
def test_more_levels_are_refused(levels: int) -> None:
    for types in (None, [], [RESERVED], [Opt(NAT)]):
        with pytest.raises(CandidError, match="values nested more than 1000 deep"):
            decode_args(opts(levels), types)


def test_types_nested_in_thousands_of_entries_are_read() -> None:
    count = 4_000
    out = bytearray(b"DIDL")
    write_unsigned(out, count)
    for at in range(1, count):
        out.append(0x6E)
        write_signed(out, at)
    out += b"\x6e\x7d\x01\x00"

    assert decode_args(bytes(out) + b"\x00")[0] == [None]
    with pytest.raises(CandidError, match="nested more than 1000 deep"):
        decode_args(bytes(out) + b"\x01" * count + b"\x05")


def test_a_number_of_a_million_bytes_takes_no_more_than_its_share() -> None:
    def read(count: int) -> float:
        message = b"DIDL\x00\x01\x7d" + b"\xff" * count + b"\x01"
        started = time.process_time()
        decode_args(message)
        return time.process_time() - started

    assert read(1_000_000) < 40 * max(read(100_000), 0.001)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (Vec(PRIMS["nat8"]), bytes(10 << 20)),
        (Vec(PRIMS["bool"]), [True] * 100_000),
        (Vec(PRIMS["nat64"]), [2**64 - 1] * 100_000),
        (Vec(Opt(TEXT)), [None, "x"] * 50_000),
        (
            Vec(Record([Field("id", NAT), *[Field(f"o{at}", Opt(TEXT)) for at in range(8)]])),
            [{"id": 1} | {f"o{at}": None for at in range(8)}] * 20_000,
        ),
    ],
    ids=["10 MiB", "bools", "numbers", "opts", "records"],
)
def test_a_large_message_of_real_data_is_read(type_: Type, value: Any) -> None:
    message = encode_args([value], [type_])

    assert decode_args(message, [type_])[0] == [value]
    assert decode_args(message, [])[0] == []


def test_a_hundred_thousand_records_are_read_with_fields_filled_in() -> None:
    narrow = Vec(Record([Field("id", NAT)]))
    wide = Vec(Record([Field("id", NAT), *[Field(f"o{at}", Opt(TEXT)) for at in range(8)]]))

    [records], _ = decode_args(encode_args([[{"id": 1}] * 100_000], [narrow]), [wide])

    assert len(records) == 100_000
    assert records[0]["o7"] is None


# --- what cannot be sent ---


@pytest.mark.parametrize(
    ("type_", "value", "reason"),
    [
        (NAT, "1", "a str is no value of the Candid type nat"),
        (NAT, -1, "out of the range of the Candid type nat"),
        (NAT, True, "a bool is no value"),
        (PRIMS["nat8"], 256, "out of the range of the Candid type nat8"),
        (PRIMS["int8"], -129, "out of the range of the Candid type int8"),
        (PRIMS["float64"], 1, "a int is no value of the Candid type float64"),
        (PRIMS["bool"], 1, "a int is no value of the Candid type bool"),
        (PRIMS["empty"], None, "no value of the Candid type empty"),
        (NULL, 0, "a int is no value of the Candid type null"),
        (RESERVED, None, "no value of the Candid type reserved"),
        (TEXT, b"x", "a bytes is no value of the Candid type text"),
        (TEXT, "\ud800", "half a surrogate pair"),
        (PRINCIPAL, "aaaaa-aa", "a str is no value of the Candid type principal"),
        (Vec(PRIMS["nat8"]), [1], "a list is no value of the Candid type blob"),
        (Vec(NAT), {1}, "a set is no value of the Candid type vec"),
        (Opt(Opt(NAT)), 1, "needs Some"),
        (Record([Field("a", NAT)]), {}, "the record has no field a"),
        (Record([Field("a", NAT)]), {"b": 1}, "no field a"),
        (Record([Field("a", NAT)]), {"a": 1, "b": 1}, "2 fields where 1 belong"),
        (Record([Field(0, NAT)]), [1], "a list is no value"),
        (Record([Field("a", NAT), Field(97, NAT)]), {"a": 1, 97: 1}, "have the same id"),
        (Record([Field(2**32, NAT)]), {2**32: 1}, "more than 32 bits"),
        (Variant([Field("a", NULL)]), "a", "a str is no value"),
        (Variant([Field("a", NULL)]), Tag("b"), "no tag b"),
        (Func((), (), ("often",)), None, "a function cannot be often"),
        (ServiceType([]), Principal(b""), "a Principal is no value of the Candid type service"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_wrong(type_: Type, value: Any, reason: str) -> None:
    with pytest.raises(CandidError, match=reason) as caught:
        encode_args([value], [type_])

    assert caught.value.kind == "value"


def test_as_many_values_as_types_are_sent() -> None:
    with pytest.raises(CandidError, match="1 values for 2 types"):
        encode_args([1], [NAT, NAT])
    with pytest.raises(CandidError, match="without types every value must be Typed"):
        encode_args([1], None)


def test_a_list_that_contains_itself_is_not_sent() -> None:
    scope = Scope()
    scope.types["L"] = Vec(Ref("L", scope))
    endless: list[Any] = []
    endless.append(endless)

    with pytest.raises(CandidError, match="nested too deeply"):
        encode_args([endless], [Ref("L", scope)])


# --- what is no type, and no reference ---

UNBOUND = Ref("Missing", Scope())
CYCLIC = Ref("Loop", Scope())
CYCLIC.scope.types["Loop"] = CYCLIC


@pytest.mark.parametrize(
    ("types", "reason"),
    [
        ([None], "a NoneType is no Candid type"),
        (["nat"], "a str is no Candid type"),
        ("nat", "types are a list, not a str"),
        (NAT, "types are a list, not a Prim"),
        ([UNBOUND], "Unbound type identifier Missing"),
        ([CYCLIC], "Loop has cyclic type definition"),
    ],
)
def test_what_is_no_type_is_refused_everywhere(types: Any, reason: str) -> None:
    with pytest.raises(CandidError, match=reason):
        encode_args([1], types)
    with pytest.raises(CandidError, match=reason):
        decode_args(encode_args([1], [NAT]), types)
    with pytest.raises(CandidError, match=reason):
        parse_args("(1)", types)
    for show in (show_args, to_json):
        with pytest.raises((TypeError, ValueError), match=reason):
            show([1], types)


def test_a_type_too_deep_to_read_a_text_at_is_refused() -> None:
    deep: Type = NAT
    for _ in range(20_000):
        deep = Opt(deep)

    with pytest.raises(CandidError, match="nested too deeply"):
        parse_args("(1)", [deep])


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (Func((), ()), FuncRef("aaaaa-aa", "m")),  # type: ignore[arg-type]  # which is the point
        (Func((), ()), FuncRef(Principal(b""), 5)),  # type: ignore[arg-type]  # the same
        (ServiceType([]), ServiceRef(None)),  # type: ignore[arg-type]  # the same
    ],
)
def test_a_reference_to_nothing_is_not_printed(type_: Type, value: Any) -> None:
    for show in (show_args, to_json):
        with pytest.raises(TypeError, match="is no value of the Candid type"):
            show([value], [type_])


@pytest.mark.parametrize("written", ["(%s1)", "(1 %s)"])
def test_of_a_line_of_a_megabyte_a_part_is_drawn(written: str) -> None:
    with pytest.raises(CandidError) as caught:
        parse_args(written % ('"a", ' * 200_000), [NAT])

    drawing = caught.value.frame()
    assert len(drawing) < 3_000
    assert "^" in drawing


def test_of_bytes_the_place_is_a_number() -> None:
    with pytest.raises(CandidError) as caught:
        decode_args(b"DIDL\x00\x01\x7e\x02", [PRIMS["bool"]])

    assert caught.value.frame("reply").splitlines() == [
        "error: binary error",
        " ┌─ reply: byte 7",
        f" = {caught.value.message}",
    ]


def test_a_value_that_is_no_text_has_no_place() -> None:
    with pytest.raises(CandidError) as caught:
        encode_args(["a"], [NAT])

    assert caught.value.frame() == ""


def many_functions(levels: int, parts: int) -> bytes:
    """Return a message of nested records, each with a function that returns one of many types."""
    table: list[bytes] = []
    for at in range(parts):
        table += [number(-20) + b"\1\0" + number(2 * at + 1)]
        table += [number(-19) + number((2 * at + 2) % (2 * parts))]
    for at in range(levels):
        function, following = 2 * parts + 3 * at, 2 * parts + 3 * ((at + 1) % levels)
        table += [number(-22) + b"\0\1" + number(2 * at) + b"\0"]
        table += [number(-20) + b"\2\0" + number(function) + b"\1" + number(function + 2)]
        table += [number(-18) + number(following + 1)]
    size = bytearray()
    write_unsigned(size, len(table))
    reference = b"\1\1\0\1m"
    values = (reference + b"\1") * (levels - 1) + reference + b"\0"
    return b"DIDL" + size + b"".join(table) + b"\1" + number(2 * parts + 1) + values


def number(code: int) -> bytes:
    out = bytearray()
    write_signed(out, code)
    return bytes(out)


REFERENCE = FuncRef(Principal(b""), "m")


@pytest.mark.parametrize(("more", "expected"), [((), REFERENCE), ((TEXT,), None)])
def test_hundreds_of_functions_of_huge_types_are_compared_in_bounded_time(
    more: tuple[Type, ...], expected: FuncRef | None
) -> None:
    scope = Scope()
    scope.types["Tree"] = Record([Field(0, Vec(Ref("Tree", scope)))])
    function = Func((), (Ref("Tree", scope), *more))
    list_ = Record([Field(0, Opt(function)), Field(1, Opt(Ref("List", scope)))])
    scope.types["List"] = list_
    message = many_functions(levels=300, parts=9_000)
    began = time.process_time()

    [read], _ = decode_args(message, [list_])

    assert read[0] == expected
    assert time.process_time() - began < 5


def test_a_table_of_thousands_of_records_is_read_in_no_more_than_its_share_of_time() -> None:
    rows = [number(-20) + b"\1\0" + number(at + 1) for at in range(19_000)]
    size = bytearray()
    write_unsigned(size, len(rows) + 1)
    table = b"DIDL" + size + b"".join(rows) + number(-18) + number(-3)
    began = time.process_time()

    assert len(decode_args(table + b"\0")[0]) == 0

    assert time.process_time() - began < 2


def test_unknown_tags_below_an_opt_cost_no_more_than_known_ones() -> None:
    known = Variant([Field("new", NAT)])
    message = encode_args([[Tag("new", 1)] * 200_000], [Vec(known)])
    wanted = Vec(Opt(Variant([Field("old", NAT)])))

    def seconds(type_: Type) -> float:
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            decode_args(message, [type_])
            best = min(best, time.process_time() - began)
        return best

    assert decode_args(message, [wanted])[0][0][:2] == [None, None]
    assert seconds(wanted) < 1.5 * seconds(Vec(known))
