"""Why a written value is not of the wanted type: the official sentence, and what helps a person.

The sentence does not say where in the value it was: the label and the hint of the error do.
"""

from collections.abc import Iterable

from .errors import CandidError
from .escapes import plain_label
from .infer import show_node
from .nodes import Entry, Node
from .show import show_type
from .types import Field, Record, Type, Variant

_LONGEST_TYPE = 60


def mismatch(node: Node, type_: Type, text: str) -> CandidError:
    """Return the error of a value of another kind than the type's."""
    can_not = "can not" if node.kind == "number" else "cannot"
    wanted = show_type(type_)
    message = f"type mismatch: {show_node(node)} {can_not} be of type {wanted}"
    is_short = "\n" not in wanted and len(wanted) <= _LONGEST_TYPE
    error = _refused(message, node, text, f"not of type {wanted if is_short else type_.kind}")
    error.hint = _how_to_write(node, type_)
    return error


def _how_to_write(node: Node, type_: Type) -> str:
    if type_.kind == "opt" and node.kind not in ("opt", "none"):
        return "a value that is there is written `opt value`, one that is not `null`"
    if type_.kind.startswith("float") and node.kind == "number":
        return f"a float has a point: write `{node.data}.0`" if len(str(node.data)) < 20 else ""  # noqa: PLR2004
    if type_.kind == "principal" and node.kind == "text":
        return 'a principal is written `principal "…"`'
    return ""


def out_of_range(node: Node, number: int, kind: str, text: str) -> CandidError:
    """Return the error of an integer that is too large or too small for its type."""
    if str(node.data).startswith("-") and kind.startswith("nat"):
        reason = "ParseIntError: invalid digit found in string"
        message = "Cannot parse BigUint" if kind == "nat" else reason
        return _refused(message, node, text, f"a {kind} cannot be negative")
    size = "small" if number < 0 else "large"
    message = f"ParseIntError: number too {size} to fit in target type"
    return _refused(message, node, text, f"too {size} for a {kind}")


def missing_field(node: Node, field: Field, type_: Record, text: str) -> CandidError:
    """Return the error of a record without a field that it needs, and the one meant for it."""
    label = plain_label(field.label)
    error = _refused(f"record field {label} not found", node, text, f"field {label} is missing")
    entries = node.data if isinstance(node.data, list) else []
    unknown = [plain_label(entry.label) for entry in entries if type_.find(entry.id) is None]
    near = _nearest(label, unknown)
    if near:
        error.hint = f"field `{near}` is not in the record; did you mean `{label}`?"
    return error


def unknown_tag(node: Node, entry: Entry, type_: Variant, text: str) -> CandidError:
    """Return the error of a tag that the variant does not have, and which one is near."""
    label = plain_label(entry.label)
    error = _refused(f"variant field {label} not found", node, text, "no such tag")
    known = [plain_label(field.label) for field in type_.fields]
    near = _nearest(label, known)
    if near:
        error.hint = f"the variant has no tag `{label}`; did you mean `{near}`?"
    elif known:
        error.hint = f"the tags are {', '.join([f'`{tag}`' for tag in known])}"
    return error


def _nearest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    by_small = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), by_small, n=1)
    return by_small[near[0]] if near else ""


def _refused(message: str, node: Node, text: str, label: str) -> CandidError:
    error = CandidError(message, "type", text, (node.start, node.end))
    error.label = label
    return error
