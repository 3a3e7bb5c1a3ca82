"""Argument text to values."""

from collections.abc import Callable, Sequence

from .depth import deeply
from .errors import CandidError
from .fit import fit
from .nodes import Node
from .syntax import read_args, read_value
from .types import Type, check_types
from .values import Value


def parse_args(text: str, types: Sequence[Type] | None, *, exact: bool = False) -> list[Value]:
    """Return the values of an argument list `( … )`, each at its type.

    Values beyond the types are dropped, as officially, or refused where `exact`. Without types
    (`None`) the values say theirs: a list of `Typed`. Raises `CandidError`. The rules are those of
    candid 0.10.26.
    """
    return _refusing(lambda: _at_types(read_args(text), types, text, exact=exact))


def parse_dfx_argument(text: str, types: Sequence[Type] | None) -> list[Value]:
    """Return what `parse_args` does, and read the shorter spellings that dfx allows.

    For a method of one parameter these are one bare value and, where it is `text`, the raw text.
    An error is that of reading an argument list (dfx 0.32).
    """
    return _refusing(lambda: _at_types(_read_leniently(text, types), types, text))


def _refusing(work: Callable[[], list[Value]]) -> list[Value]:
    """Return `work()`; `CandidError` where types are none, or too deep for `deeply`."""
    try:
        return deeply(work)
    except CandidError:
        raise
    except (TypeError, ValueError) as error:
        raise CandidError(str(error), "type") from error


def _read_leniently(text: str, types: Sequence[Type] | None) -> list[Node]:
    try:
        return read_args(text)
    except CandidError:
        if types is None or len(types) != 1 or text.startswith("("):
            raise
        if types[0].kind == "text" and not text.startswith('"'):
            return [Node("text", _unicode(text), 0, len(text))]
        try:
            return [read_value(text)]
        except CandidError:
            pass
        raise


def _unicode(text: str) -> str:
    # Bytes of a command line that are no UTF-8 reach Python as lone surrogates.
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _at_types(
    nodes: list[Node], types: Sequence[Type] | None, text: str, *, exact: bool = False
) -> list[Value]:
    if types is None:
        from .infer import infer_all

        return list(infer_all(nodes, text))
    check_types(types)
    if len(nodes) < len(types) or (exact and len(nodes) > len(types)):
        raise _wrong_number(nodes, types, text)
    return [fit(node, type_, text) for node, type_ in zip(nodes, types, strict=False)]


def _wrong_number(nodes: list[Node], types: Sequence[Type], text: str) -> CandidError:
    error = CandidError("wrong number of argument values", "type", text, (0, len(text)))
    error.label = f"{len(nodes)} here, where {len(types)} belong"
    return error
