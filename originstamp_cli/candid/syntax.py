"""The grammar of Candid values: text to nodes, no types needed.

Reading keeps its own stack, one frame for each open bracket, so that depth costs no Python calls.
The official parser is generated (LR), and one of its habits shows in its messages: it looks at the
meaning of a value (is it UTF-8, is it a principal) only when the token after it could follow one.
"""

from itertools import pairwise

from .atoms import atom, checked, label_of
from .depth import MAX_NESTING
from .errors import parse_error
from .escapes import plain_label
from .nodes import Entry, Frame, Node
from .tokens import Tokens
from .types import field_id

_VALUE = (
    *("(", "blob", "bool", "decimal", "float", "func", "hex", "null", "opt", "principal"),
    *("record", "service", "sign", "text", "variant", "vec"),
)
_LABEL = ("decimal", "hex", "id", "text")
_BRACKETS = frozenset(("opt", "vec", "record", "variant", "("))
_ATOMS = frozenset(_VALUE) - _BRACKETS
_AFTER_VALUE = frozenset((")", ",", ":", ";", "}"))
_MAX_ID = 0xFFFFFFFF


def read_args(text: str) -> list[Node]:
    """Return the values of an argument list `( … )`; raises `CandidError`."""
    reader = _Reader(text)
    nodes = reader.read_tuple()
    reader.finish()
    return nodes


def read_value(text: str) -> Node:
    """Return the one value that the whole text is; raises `CandidError`."""
    reader = _Reader(text)
    node = reader.read()
    reader.finish()
    return node


class _Reader:
    __slots__ = ("stack", "tokens")

    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.stack: list[Frame] = []

    def read_tuple(self) -> list[Node]:
        self._expect("(")
        frame = Frame("args", 0)
        self.stack.append(frame)
        self.read()
        return frame.nodes

    def finish(self) -> None:
        if self.tokens.kind:
            raise self.tokens.unexpected(())

    def read(self) -> Node:
        """Read on until every frame is closed; the node is the outermost one's."""
        while True:
            node = self._begin()
            while node is not None:
                if not self.stack:
                    return node
                node = self._put(self.stack[-1], node)

    def _expect(self, kind: str) -> None:
        if self.tokens.kind != kind:
            raise self.tokens.unexpected((kind,))
        self.tokens.advance()

    # --- where a value begins ---

    def _begin(self) -> Node | None:
        """Read an atom or close an empty bracket, which is a node, or open a bracket."""
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.may_close:
            if self.tokens.kind == frame.closer:
                return self._close(frame)
            if frame.kind == "record" and self.tokens.kind in _LABEL:
                return self._begin_field(frame)
        kind = self.tokens.kind
        if kind in _BRACKETS:
            return self._open(kind)
        if kind not in _ATOMS:
            raise self.tokens.unexpected(_VALUE + (frame.instead if frame else ()))
        node = atom(self.tokens)
        self._check_next()
        return checked(node)

    def _begin_field(self, frame: Frame) -> Node | None:
        """Read `label =`, or the value that looked like a label."""
        tokens = self.tokens
        kind, value, start, end = tokens.kind, tokens.value, tokens.start, tokens.end
        self._mark_first(frame)
        if kind == "id":
            tokens.advance()
            if tokens.kind != "=":
                raise tokens.unexpected(("=",))
        else:
            node = atom(tokens)
            if tokens.kind != "=":
                if tokens.kind not in (":", ";", "}"):
                    raise tokens.unexpected((":", ";", "=", "}"))
                return checked(node)
        frame.label = label_of(tokens.text, kind, value, (start, end))
        tokens.advance()
        return None

    def _open(self, kind: str) -> Node | None:
        tokens = self.tokens
        if len(self.stack) > MAX_NESTING:
            reason = f"values nested more than {MAX_NESTING} deep"
            raise parse_error(reason, tokens.text, (tokens.start, tokens.end))
        if self.stack:
            self._mark_first(self.stack[-1])
        frame = Frame(kind, tokens.start)
        tokens.advance()
        if kind not in ("opt", "("):
            self._expect("{")
        self.stack.append(frame)
        return self._begin_variant(frame) if kind == "variant" else None

    def _begin_variant(self, frame: Frame) -> Node | None:
        """Read the tag; one that carries nothing carries null."""
        tokens = self.tokens
        kind, value, start, end = tokens.kind, tokens.value, tokens.start, tokens.end
        if kind not in _LABEL:
            raise tokens.unexpected(_LABEL)
        tokens.advance()
        if tokens.kind not in ("=", "}"):
            raise tokens.unexpected(("=", "}"))
        frame.label = label_of(tokens.text, kind, value, (start, end))
        if tokens.kind == "}":
            return Node("null", None, start, end)
        tokens.advance()
        return None

    def _mark_first(self, frame: Frame) -> None:
        if not frame.entries and frame.label is None:
            frame.first = self.tokens.start

    # --- where a value ends ---

    def _check_next(self) -> None:
        if self.tokens.kind in _AFTER_VALUE:
            return
        for frame in reversed(self.stack):
            if frame.kind != "opt":
                raise self.tokens.unexpected((*frame.ends, ":"))
        self.finish()

    def _put(self, frame: Frame, node: Node) -> Node | None:
        """Put a value into its frame; the frame's own node if that closes it."""
        if frame.kind == "opt":
            self.stack.pop()
            return Node("opt", node, frame.start, node.end)
        if self.tokens.kind == ":":
            node = self._annotated(frame, node)
        self._keep(frame, node)
        if self.tokens.kind == frame.closer:
            return self._close(frame)
        if self.tokens.kind != frame.separator:
            raise self.tokens.unexpected(frame.ends)
        self.tokens.advance()
        return None

    def _keep(self, frame: Frame, node: Node) -> None:
        label = frame.label
        frame.label = None
        if frame.kind not in ("record", "variant"):
            frame.nodes.append(node)
            return
        if label is None:
            label = frame.entries[-1].id + 1 if frame.entries else 0
            if label > _MAX_ID:
                span = (node.start, node.end)
                raise parse_error("field id out of u32 range", self.tokens.text, span)
        frame.entries.append(Entry(field_id(label), label, node))

    def _close(self, frame: Frame) -> Node:
        fields_end = self.tokens.last_end
        end = self.tokens.end
        self.stack.pop()
        self.tokens.advance()
        if frame.kind == "args":
            return Node("args", None, frame.start, end)
        self._check_next()
        if frame.kind == "(":
            node = frame.nodes[0]
            return Node(node.kind, node.data, frame.start, end)
        if frame.kind == "vec":
            return Node("vec", frame.nodes, frame.start, end)
        if frame.kind == "variant":
            return Node("variant", frame.entries[0], frame.start, end)
        entries = sorted(frame.entries, key=_id_of)
        self._check_labels(entries, (frame.first, fields_end))
        return Node("record", entries, frame.start, end)

    def _check_labels(self, entries: list[Entry], span: tuple[int, int]) -> None:
        for before, entry in pairwise(entries):
            if before.id == entry.id:
                label, other = plain_label(entry.label), plain_label(before.label)
                reason = f"label '{label}' hash collision with '{other}'"
                raise parse_error(reason, self.tokens.text, span)

    def _annotated(self, frame: Frame, node: Node) -> Node:
        from .annotation import annotate, read_annotation

        type_ = read_annotation(self.tokens, frame.ends)
        return annotate(node, type_, self.tokens.text)


def _id_of(entry: Entry) -> int:
    return entry.id
