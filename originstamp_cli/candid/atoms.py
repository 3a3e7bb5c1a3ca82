"""Values without brackets.

A literal that means nothing (no UTF-8, no principal) becomes a node that holds the error: the
official parser looks at the token after it first, and complains about that if it can.
"""

from .errors import CandidError, parse_error
from .leaves import digits
from .nodes import Node
from .principal import Principal
from .strings import is_unicode, literal_bytes
from .tokens import Tokens
from .values import FuncRef, ServiceRef

_NUMBERS = ("decimal", "float", "hex")
_MAX_ID = 0xFFFFFFFF
_ENOUGH_DIGITS = 20

_Span = tuple[int, int]


def atom(tokens: Tokens) -> Node:
    """Read the value without brackets that begins here; raises `CandidError`."""
    kind, value, start = tokens.kind, tokens.value, tokens.start
    tokens.advance()
    end = tokens.last_end
    if kind == "sign":
        return _signed(tokens, value, start)
    if kind in _NUMBERS:
        return _number(kind, value, start, end)
    if kind == "text":
        return Node("text", _text(tokens.text, value, (start, end)), start, end)
    if kind == "bool":
        return Node("bool", value == "true", start, end)
    if kind == "null":
        return Node("null", None, start, end)
    return _reference(tokens, kind, start)


def checked(node: Node) -> Node:
    """Return the node; raises the `CandidError` that it holds instead of a value."""
    if isinstance(node.data, CandidError):
        raise node.data
    return node


def label_of(text: str, kind: str, value: str, span: _Span) -> str | int:
    """Return the label that a token stands for; raises `CandidError` for one that cannot be."""
    if kind in ("id", "text"):
        label = _text(text, value, span)
        if isinstance(label, CandidError):
            raise label
        return label
    significant = value.lstrip("0") or "0"
    # Cut off so far behind the largest id that Python's limit on digits is not met.
    number = int(significant[:_ENOUGH_DIGITS], 16 if kind == "hex" else 10)
    if number > _MAX_ID:
        raise parse_error("field id out of u32 range", text, span)
    return number


def _signed(tokens: Tokens, sign: str, start: int) -> Node:
    if tokens.kind not in _NUMBERS:
        raise tokens.unexpected(_NUMBERS)
    node = atom(tokens)
    node.start = start
    if sign == "-":
        data = node.data
        node.data = -data if isinstance(data, float) else f"-{data}"
    return node


def _number(kind: str, value: str, start: int, end: int) -> Node:
    if kind == "float":
        return Node("float64", float(value), start, end)
    if kind == "hex":
        value = digits(int(value, 16), grouped=False)
    return Node("number", value, start, end)


def _reference(tokens: Tokens, kind: str, start: int) -> Node:
    """Read what follows `blob`, `principal`, `service` or `func`."""
    value, span = _literal(tokens, ("text",))
    if kind == "blob":
        return Node(kind, literal_bytes(value), start, tokens.last_end)
    principal = _principal(tokens.text, value, span)
    if kind == "principal":
        return Node(kind, principal, start, tokens.last_end)
    if kind == "service":
        service = ServiceRef(principal) if isinstance(principal, Principal) else principal
        return Node(kind, service, start, tokens.last_end)
    if tokens.kind != ".":
        raise tokens.unexpected((".",))
    tokens.advance()
    method, span = _literal(tokens, ("id", "text"))
    data = _func(principal, _text(tokens.text, method, span))
    return Node(kind, data, start, tokens.last_end)


def _literal(tokens: Tokens, kinds: tuple[str, ...]) -> tuple[str, _Span]:
    if tokens.kind not in kinds:
        raise tokens.unexpected(kinds)
    value, span = tokens.value, (tokens.start, tokens.end)
    tokens.advance()
    return value, span


def _func(principal: Principal | CandidError, method: str | CandidError) -> FuncRef | CandidError:
    if isinstance(method, CandidError):
        return method
    return FuncRef(principal, method) if isinstance(principal, Principal) else principal


def _principal(text: str, value: str, span: _Span) -> Principal | CandidError:
    unicode = _text(text, value, span)
    if isinstance(unicode, CandidError):
        return unicode
    try:
        return Principal.from_text(value)
    except ValueError as error:
        return parse_error(str(error), text, span)


def _text(text: str, value: str, span: _Span) -> str | CandidError:
    if is_unicode(value):
        return value
    return parse_error("Not valid unicode text", text, span)
