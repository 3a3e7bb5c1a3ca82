"""Which type may stand where another is wanted (Candid specification, "Upgrading and subtyping").

The rules are those of candid 0.10.32. Any type is a subtype of every `opt`, so no rule has an
alternative: one type is a subtype of another unless some pair of their parts is not. That is why a
list of pairs still to be looked at is enough, however deep or recursive the types are.
"""

from collections.abc import Iterator, Sequence

from .types import Field, Func, Record, ServiceType, Type, Variant, Vec

# A record field or an argument of these need not be there.
OPTIONAL = frozenset(("opt", "null", "reserved"))

# More pairs than any interface has; hostile types can make many.
_MAX_PAIRS = 100_000


class _Pair:
    """Two types to compare, and how one gets to them: from which pair, by which step."""

    __slots__ = ("came_from", "step", "sub", "sup")

    def __init__(self, sub: Type, sup: Type, step: str, came_from: "_Pair | None") -> None:
        self.sub = sub.resolve()
        self.sup = sup.resolve()
        self.step = step
        self.came_from = came_from

    def path(self) -> str:
        """Return the steps from the outermost pair to this one."""
        steps: list[str] = []
        pair: _Pair | None = self
        while pair is not None:
            steps.append(pair.step)
            pair = pair.came_from
        return "".join([f"{step}: " for step in reversed(steps) if step])


class _Not(Exception):
    """Why a pair is not one of subtype and supertype."""


class Compared:
    """The pairs that hold, and how many more may be looked at, where many types are compared."""

    __slots__ = ("holding", "left")

    def __init__(self) -> None:
        # Of the types themselves, not of copies: that they stay alive keeps their ids their own.
        self.holding: dict[tuple[int, int], _Pair] = {}
        self.left = _MAX_PAIRS


def is_subtype(sub: Type, sup: Type) -> bool:
    """Return whether every value of `sub` can be read at `sup`.

    Raises `ValueError` for types of more than 100,000 pairs of parts.
    """
    return why_not_subtype(sub, sup) is None


def why_not_subtype(new: Type, old: Type, compared: Compared | None = None) -> str | None:
    """Return None where `new` is a subtype of `old`, else the way to the first part that is not.

    For interfaces: a canister whose service is of the type `new` serves all clients of `old` just
    where the answer is None. Raises `ValueError` for types of more than 100,000 pairs of parts; of
    all comparisons with the same `compared` together.
    """
    compared = compared or Compared()
    todo = [_Pair(new, old, "", None)]
    seen: dict[tuple[int, int], _Pair] = {}
    while todo:
        pair = todo.pop()
        key = (id(pair.sub), id(pair.sup))
        if pair.sub is pair.sup or key in seen or key in compared.holding:
            continue
        seen[key] = pair
        compared.left -= 1
        try:
            todo.extend(reversed(list(_parts(pair))))
        except _Not as reason:
            return f"{pair.path()}{reason}"
        if len(todo) > compared.left:
            raise ValueError("the types have too many parts to be compared")
    compared.holding.update(seen)
    return None


def _parts(pair: _Pair) -> Iterator[_Pair]:
    """Yield the pairs that must hold for this one to hold; raises `_Not` where it cannot."""
    sub, sup = pair.sub, pair.sup
    if sup.kind in ("opt", "reserved") or sub.kind == "empty":
        return
    if isinstance(sub, Vec) and isinstance(sup, Vec):
        yield _Pair(sub.inner, sup.inner, "element", pair)
    elif isinstance(sub, Record) and isinstance(sup, Record):
        yield from _record(sub, sup, pair)
    elif isinstance(sub, Variant) and isinstance(sup, Variant):
        yield from _variant(sub, sup, pair)
    elif isinstance(sub, Func) and isinstance(sup, Func):
        yield from _func(sub, sup, pair)
    elif isinstance(sub, ServiceType) and isinstance(sup, ServiceType):
        yield from _service(sub, sup, pair)
    elif sub.kind != sup.kind and (sub.kind, sup.kind) not in _WIDENED:
        raise _Not(f"{sub.kind} is no subtype of {sup.kind}")


_WIDENED = frozenset((("nat", "int"), ("service", "principal")))


def _record(sub: Record, sup: Record, pair: _Pair) -> Iterator[_Pair]:
    for wanted in sup.fields:
        given = sub.find(wanted.id)
        if given is not None:
            yield _Pair(given.type, wanted.type, f"record field {_label(wanted)}", pair)
        elif wanted.type.resolve().kind not in OPTIONAL:
            raise _Not(f"record field {_label(wanted)} is missing and not optional")


def _variant(sub: Variant, sup: Variant, pair: _Pair) -> Iterator[_Pair]:
    for given in sub.fields:
        wanted = sup.find(given.id)
        if wanted is None:
            raise _Not(f"variant field {_label(given)} is not expected")
        yield _Pair(given.type, wanted.type, f"variant field {_label(given)}", pair)


def _func(sub: Func, sup: Func, pair: _Pair) -> Iterator[_Pair]:
    if frozenset(sub.modes) != frozenset(sup.modes):
        raise _Not(f"the function is {_modes(sub)}, not {_modes(sup)}")
    # What the old one is called with, the new one must take: the other way round.
    yield from _tuple(sup.args, sub.args, "parameter", pair)
    yield from _tuple(sub.results, sup.results, "result", pair)


def _tuple(sub: Sequence[Type], sup: Sequence[Type], what: str, pair: _Pair) -> Iterator[_Pair]:
    for number, wanted in enumerate(sup):
        if number < len(sub):
            yield _Pair(sub[number], wanted, f"{what} {number + 1}", pair)
        elif wanted.resolve().kind not in OPTIONAL:
            raise _Not(f"{what} {number + 1} is missing on the other side and not optional")


def _service(sub: ServiceType, sup: ServiceType, pair: _Pair) -> Iterator[_Pair]:
    given = dict(sub.methods)
    for name, wanted in sup.methods:
        if name not in given:
            raise _Not(f"method {_quoted(name)} is missing")
        yield _Pair(given[name], wanted, f"method {_quoted(name)}", pair)


def _modes(func: Func) -> str:
    return " ".join(func.modes) or "update"


def _label(field: Field) -> str:
    return _quoted(field.label)


def _quoted(label: str | int) -> str:
    from .escapes import show_label

    return show_label(label)
