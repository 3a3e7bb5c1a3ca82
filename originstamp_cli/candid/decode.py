"""Bytes to values, at the types that are wanted (Candid specification, "Deserialisation").

The rules are those of candid 0.10.32: a value of one type is read at any other that it fits, and
below an `opt` what does not fit is read as absent. For each pair of a type of the message and a
type that is wanted a reader is put together once, and kept for messages that begin with the same
types.
"""

import struct
from collections.abc import Sequence

from .depth import deeply
from .errors import CandidError
from .readers import (
    LEAVES,
    PACKED,
    Plan,
    blob,
    blob_of,
    opt,
    present,
    record,
    refusing,
    skipping,
    variant,
    vec,
    vec_of_packed,
)
from .source import MismatchError, Source
from .subtype import OPTIONAL, Compared, why_not_subtype
from .types import RESERVED, Field, Opt, Record, Ref, Type, Variant, Vec, check_types
from .values import RESERVED_VALUE, Value
from .wire import Head

# Parts of types that readers are made for, in one message.
_MAX_PLANS = 1_000_000


def decode_args(data: bytes, types: Sequence[Type] | None = None) -> tuple[list[Value], list[Type]]:
    """Return the values of a message and the types that they are read at.

    Without types they are the message's own, with the ids of fields as their labels. Raises
    `CandidError` of the kind "binary", whose `start` is an offset into the bytes. How much a
    message may make of how many bytes is said at `Source`.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"a message is bytes, not {type(data).__name__}")
    data = bytes(data)
    try:
        if types is not None:
            check_types(types)
        return deeply(lambda: _decode(data, types))
    except CandidError:
        raise
    except (TypeError, ValueError) as error:
        # Types that are none, or too deep for `deeply`.
        raise CandidError(str(error), "binary") from None


def _decode(data: bytes, types: Sequence[Type] | None) -> tuple[list[Value], list[Type]]:
    source = Source(data)
    program = _find_program(source, types)
    source.at = program.begins
    values = program.run(source)
    if source.at < len(data):
        raise source.error("Trailing value after finishing deserialization")
    return values, list(program.wanted)


def _ended(source: Source) -> CandidError:
    end = len(source.data)
    return CandidError("the message ends too early", "binary", span=(end, end))


# --- programs ---


class _Program:
    """What reads the messages that begin with the same types, at the types that are wanted."""

    def __init__(self, head: Head, types: Sequence[Type] | None) -> None:
        self.begins = head.source.at
        self.header = head.source.data[: self.begins]
        self.names = head.names()
        given = head.types()
        self.is_own = types is None
        self.wanted = _own_types(head, given) if types is None else list(types)
        self.compiler = _Compiler()
        self.plans = [
            self.compiler.plan(one, other, 0)
            for one, other in zip(given, self.wanted, strict=False)
        ]
        self.skipped = [self.compiler.plan(one, one, 0) for one in given[len(self.wanted) :]]
        self.missing = self.wanted[len(given) :]

    def run(self, source: Source) -> list[Value]:
        """Return the values of a message, of which all but the header is yet to be read."""
        values = [self._read(number, plan, source) for number, plan in enumerate(self.plans)]
        values += [_absent(type_, source) for type_ in self.missing]
        for number, plan in enumerate(self.skipped, start=len(self.plans)):
            self._read(number, plan, source)
        return values

    def _read(self, number: int, plan: Plan, source: Source) -> Value:
        try:
            source.charge(plan.values)
            return plan.read(source)
        except CandidError as error:
            reason = error
        except MismatchError as error:
            reason = source.error(str(error))
        except (IndexError, struct.error):
            reason = _ended(source)
        raise CandidError(
            f"Fail to decode argument {number} from {self.names[number]} to {self._name(number)}: "
            f"{reason.message} at byte {reason.start}",
            "binary",
            span=(reason.start, reason.end),
        )

    def _name(self, number: int) -> str:
        from .show import show_type

        if self.is_own or number >= len(self.wanted):
            return "unknown"
        return show_type(self.wanted[number])


def _own_types(head: Head, given: list[Type]) -> list[Type]:
    """Return the types of a message as they are for its reader: those not known are reserved."""
    return head.types(RESERVED) if head.has_future else given


def _absent(type_: Type, source: Source) -> Value:
    kind = type_.resolve().kind
    if kind == "reserved":
        return RESERVED_VALUE
    if kind in OPTIONAL:
        return None
    from .show import show_type

    raise source.error(
        f"No more values on the wire, the expected type {show_type(type_)} is not opt, null, or "
        "reserved"
    )


# The programs of the types wanted last, by the ids of those; the programs keep the types alive.
_programs: dict[tuple[int, ...] | None, list[_Program]] = {}
_MAX_KEPT = 64
_MAX_KEPT_EACH = 8
_MAX_KEPT_HEADER = 4096

# Bytes of a message that its error shows.
_SHOWN = 64


def _find_program(source: Source, types: Sequence[Type] | None) -> _Program:
    key = None if types is None else tuple([id(type_) for type_ in types])
    kept = _programs.get(key, [])
    for program in kept:
        # A header says itself where it ends, so no other message begins like it.
        if source.data.startswith(program.header):
            return program
    program = _Program(_read_head(source), types)
    if program.begins <= _MAX_KEPT_HEADER:
        if len(_programs) >= _MAX_KEPT:
            _programs.clear()
        _programs[key] = [program, *kept[: _MAX_KEPT_EACH - 1]]
    return program


def _read_head(source: Source) -> Head:
    try:
        return Head(source)
    except CandidError as error:
        reason = error
    except IndexError:
        reason = _ended(source)
    shown = source.data[:_SHOWN].hex() + ("…" if len(source.data) > _SHOWN else "")
    raise CandidError(
        f"Cannot parse header {shown}: {reason.message} at byte {reason.start}",
        "binary",
        span=(reason.start, reason.end),
    )


# --- readers for pairs of types ---


class _Named:
    """The reader of a part of the message's types that has a name; made when it is needed."""

    def __init__(self, compiler: "_Compiler", given: Type, wanted: Type) -> None:
        self.compiler = compiler
        self.given = given
        self.wanted = wanted
        self.made: Plan | None = None

    def plan(self) -> Plan:
        if self.made is None:
            self.made = self.compiler.plan(self.given, self.wanted, 0)
        return self.made

    def at(self, levels: int) -> Plan:
        """Return the plan of reading it so many levels below the last part with a name."""

        def read(source: Source) -> Value:
            plan = self.plan()
            source.enter(levels)
            source.charge(plan.values)
            value = plan.read(source)
            source.depth -= levels
            return value

        return Plan(read, 1, self.given is self.wanted)


class _Compiler:
    """The plans for pairs of a type that a message has and one that is wanted."""

    def __init__(self) -> None:
        self.named: dict[tuple[int, int], _Named] = {}
        self.made = 0
        # Shared, or a message with a thousand functions of huge types would take minutes.
        self.compared = Compared()

    def plan(self, given: Type, wanted: Type, levels: int) -> Plan:  # noqa: PLR0911 - one for each kind
        """Return the plan of reading the one as the other, so many levels below the last name."""
        self.made += 1
        if self.made > _MAX_PLANS:
            raise CandidError("the types have too many parts", "binary")
        wanted = wanted.resolve()
        if isinstance(given, Ref):
            key = (id(given.resolve()), id(wanted))
            if key not in self.named:
                self.named[key] = _Named(self, given.resolve(), wanted)
            return self.named[key].at(levels)
        if isinstance(wanted, Opt):
            return self._opt(given, wanted, levels)
        if wanted.kind == "reserved" and given.kind != "reserved":
            skip = self.plan(given, given, levels)
            return Plan(skipping(skip, RESERVED_VALUE))
        if isinstance(given, Vec) and isinstance(wanted, Vec):
            return self._vec(given, wanted, levels)
        if isinstance(given, Record) and isinstance(wanted, Record):
            return self._record(given, wanted, levels)
        if isinstance(given, Variant) and isinstance(wanted, Variant):
            return self._variant(given, wanted, levels)
        return self._leaf(given, wanted)

    def _leaf(self, given: Type, wanted: Type) -> Plan:
        if given.kind == "empty":
            return Plan(LEAVES["empty"])
        reason = why_not_subtype(given, wanted, self.compared)
        if reason is not None:
            return refusing(reason)
        # A service that is wanted as a principal has the same bytes.
        return Plan(LEAVES[wanted.kind if given.kind == "service" else given.kind])

    def _opt(self, given: Type, wanted: Opt, levels: int) -> Plan:
        if given.kind in ("null", "reserved", "future"):
            return Plan(skipping(self.plan(given, given, levels), None))
        if given.kind == "empty":
            return Plan(LEAVES["empty"])
        inner = given.inner if isinstance(given, Opt) else given
        if not isinstance(given, Opt) and _is_endless(wanted):
            return Plan(_read_endless)
        bare = wanted.inner.resolve()
        if isinstance(inner, Variant) and isinstance(bare, Variant):
            # There may be millions with other tags, and an exception for each would take long.
            plan = self._variant(inner, bare, levels + 1, is_opt=True)
        else:
            plan = self.plan(inner, wanted.inner, levels + 1)
        skip = None if plan.is_sure else self.plan(inner, inner, levels + 1)
        plan = present(plan, skip, wraps=wanted.wraps)
        return opt(plan) if isinstance(given, Opt) else plan

    def _vec(self, given: Vec, wanted: Vec, levels: int) -> Plan:
        inner = given.inner.resolve().kind
        if inner == wanted.inner.resolve().kind and inner in PACKED:
            return Plan(blob if inner == "nat8" else vec_of_packed(inner))
        plan = self.plan(given.inner, wanted.inner, levels + 1)
        return Plan(blob_of(plan) if wanted.is_blob else vec(plan), 1, plan.is_sure)

    def _record(self, given: Record, wanted: Record, levels: int) -> Plan:
        steps: list[tuple[str | int | None, Plan]] = []
        for field in given.fields:
            found = wanted.find(field.id)
            type_ = field.type if found is None else found.type
            label = None if found is None else found.label
            steps.append((label, self.plan(field.type, type_, levels + 1)))
        filled: dict[str | int | None, Value] = {}
        for field in wanted.fields:
            if given.find(field.id) is None:
                kind = field.type.resolve().kind
                if kind not in OPTIONAL:
                    return refusing(f"record field {field.label} is missing")
                filled[field.label] = RESERVED_VALUE if kind == "reserved" else None
        return record(wanted, steps, filled)

    def _variant(
        self, given: Variant, wanted: Variant, levels: int, *, is_opt: bool = False
    ) -> Plan:
        tags = [self._tag(field, wanted, levels + 1, is_opt=is_opt) for field in given.fields]
        return variant(tags)

    def _tag(
        self, given: Field, wanted: Variant, levels: int, *, is_opt: bool
    ) -> tuple[str | int | None, Plan]:
        found = wanted.find(given.id)
        if found is None and is_opt:
            return None, self.plan(given.type, given.type, levels)
        if found is None:
            return given.label, refusing(f"variant field {given.label} is not expected")
        return found.label, self.plan(given.type, found.type, levels)


def _is_endless(type_: Type) -> bool:
    """Return whether a type is an `opt` of an `opt` and so on, without end."""
    seen: set[int] = set()
    while isinstance(type_, Opt):
        if id(type_) in seen:
            return True
        seen.add(id(type_))
        type_ = type_.inner.resolve()
    return False


def _read_endless(source: Source) -> Value:
    raise source.error("a value cannot be in an opt that never ends")
