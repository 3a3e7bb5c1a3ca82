"""Values that name their own type: `1 : nat8`."""

from .errors import CandidError, byte_offset, parse_error
from .fit import fit
from .nodes import Node
from .retype import to_node
from .tokens import Tokens
from .type_syntax import TypeReader
from .types import Scope, Type


def read_annotation(tokens: Tokens, ends: tuple[str, ...]) -> Type:
    """Read `: type`, which only the tokens in `ends` may follow; raises `CandidError`."""
    tokens.advance()
    start = tokens.start
    reader = TypeReader(tokens, Scope())
    type_ = reader.read()
    reader.check_end(ends)
    if reader.names:
        reason = f"Unbound type identifier {reader.names[0]}"
        raise parse_error(reason, tokens.text, (start, tokens.last_end))
    return type_


def annotate(node: Node, type_: Type, text: str) -> Node:
    """Return the node as a value of `type_`; raises `CandidError` where it is none."""
    try:
        return to_node(fit(node, type_, text), type_, (node.start, node.end))
    except CandidError as error:
        start, end = byte_offset(text, node.start), byte_offset(text, node.end)
        message = f"Candid parser error: {error.message} at {start}..{end}"
        span = (error.start, error.end)
        wrong = CandidError(message, "parse", text, span)
        wrong.label = error.message
        raise wrong from None
