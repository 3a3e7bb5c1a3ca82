"""Random values of any types, the same for the same seed."""

from collections.abc import Sequence
from math import inf
from random import Random

from .depth import deeply
from .errors import CandidError
from .number_text import to_float32
from .principal import Principal
from .show import show_type
from .types import RANGES, Opt, Record, Type, Variant, Vec
from .values import RESERVED_VALUE, FuncRef, ServiceRef, Some, Tag, Value

# How deep values are nested where their types leave a choice, and how many there are then.
_LEVELS = 5
_ENOUGH = 200

# How many there may be where the types leave none.
_MOST = 100_000

_MOST_ITEMS = 3
_MOST_LETTERS = 12
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,é日😀"
_PRINCIPAL_BYTES = 10


def random_args(types: Sequence[Type], seed: int) -> list[Value]:
    """Return a random value of each type, always the same ones for a seed.

    Recursive types end. Raises `CandidError` of kind "value" where a type has no values, as `empty`
    has none, or only values of too many parts.
    """
    maker = _Maker(seed)
    return deeply(lambda: [maker.argument(type_) for type_ in types])


class _Maker:
    __slots__ = ("depths", "made", "random")

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - nothing secret
        # How deep the least nested value of each type is, by the types' ids.
        self.depths: dict[int, float] = {}
        self.made = 0

    def argument(self, type_: Type) -> Value:
        self.depths |= _least_depths(type_.resolve())
        if self.depth(type_) == inf:
            raise CandidError(f"there is no value of the type {show_type(type_)}", "value")
        return self.value(type_, _LEVELS)

    def depth(self, type_: Type) -> float:
        return self.depths[id(type_.resolve())]

    def value(self, type_: Type, levels: int) -> Value:
        """Return a value; with no levels left, the least nested one there is."""
        self.made += 1
        if self.made > _MOST:
            raise CandidError("the smallest value of the types has too many parts", "value")
        type_ = type_.resolve()
        levels = levels - 1 if self.made < _ENOUGH else 0
        if isinstance(type_, Opt):
            return self.opt(type_, levels)
        if isinstance(type_, Vec):
            return self.vec(type_, levels)
        if isinstance(type_, Record):
            members = {field.label: self.value(field.type, levels) for field in type_.fields}
            return tuple(members.values()) if type_.is_tuple else members
        if isinstance(type_, Variant):
            least = min([self.depth(field.type) for field in type_.fields])
            bound = max(levels, least)
            fields = [field for field in type_.fields if self.depth(field.type) <= bound]
            field = self.random.choice(fields)
            return Tag(field.label, self.value(field.type, levels))
        return self.leaf(type_.kind)

    def opt(self, type_: Opt, levels: int) -> Value:
        if self.depth(type_.inner) > levels or self.random.random() < 1 / 3:
            return None
        value = self.value(type_.inner, levels)
        return Some(value) if type_.wraps else value

    def vec(self, type_: Vec, levels: int) -> Value:
        if type_.is_blob:
            return self.random.randbytes(self.random.randint(0, _MOST_LETTERS))
        most = _MOST_ITEMS if self.depth(type_.inner) <= levels else 0
        return [self.value(type_.inner, levels) for _ in range(self.random.randint(0, most))]

    def leaf(self, kind: str) -> Value:  # noqa: PLR0911 - one for each kind
        if kind in RANGES or kind in ("nat", "int"):
            return self.integer(kind)
        if kind in ("float32", "float64"):
            number = self.random.randint(-1_000_000, 1_000_000) / 2 ** self.random.randint(0, 10)
            return to_float32(number) if kind == "float32" else number
        if kind == "bool":
            return self.random.random() < 1 / 2
        if kind == "text":
            return self.text(_LETTERS, 0)
        if kind == "null":
            return None
        if kind == "reserved":
            return RESERVED_VALUE
        principal = Principal(self.random.randbytes(_PRINCIPAL_BYTES))
        if kind == "func":
            return FuncRef(principal, self.text(_LETTERS[:52], 1))
        return ServiceRef(principal) if kind == "service" else principal

    def integer(self, kind: str) -> int:
        """Return an integer, small ones and large ones as often."""
        low, high = RANGES.get(kind, (0 if kind == "nat" else -(2**80), 2**80))
        bound = 1 << self.random.randint(0, high.bit_length())
        return self.random.randint(max(low, -bound), min(high, bound))

    def text(self, letters: str, least: int) -> str:
        return "".join(self.random.choices(letters, k=self.random.randint(least, _MOST_LETTERS)))


def _least_depths(root: Type) -> dict[int, float]:
    """Return how deep the least nested value of each part of a type is; infinite where none is."""
    parts = _parts_below(root)
    depths = dict.fromkeys([id(part) for part in parts], inf)
    changed = True
    while changed:
        changed = False
        for part in reversed(parts):
            depth = _least_depth(part, depths)
            if depth < depths[id(part)]:
                depths[id(part)] = depth
                changed = True
    return depths


def _parts_below(root: Type) -> list[Type]:
    found: dict[int, Type] = {}
    todo = [root]
    while todo:
        type_ = todo.pop()
        if id(type_) in found:
            continue
        found[id(type_)] = type_
        if isinstance(type_, Opt | Vec):
            todo.append(type_.inner.resolve())
        elif isinstance(type_, Record | Variant):
            todo += [field.type.resolve() for field in type_.fields]
    return list(found.values())


def _least_depth(type_: Type, depths: dict[int, float]) -> float:
    if isinstance(type_, Record):
        return 1 + max([depths[id(field.type.resolve())] for field in type_.fields], default=0)
    if isinstance(type_, Variant):
        return 1 + min([depths[id(field.type.resolve())] for field in type_.fields], default=inf)
    return inf if type_.kind == "empty" else 0
