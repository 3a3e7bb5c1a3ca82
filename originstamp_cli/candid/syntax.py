"""The grammar of Candid values: text to nodes, no types needed.

Reading keeps its own stack, one frame for each open bracket, so that depth costs no Python calls.
The official parser is generated (LR), and one of its habits shows in its messages: it looks at the
meaning of a value (is it UTF-8, is it a principal) only when the token after it could follow one.
So an atom that means nothing becomes a node that holds the error.
"""

from .depth import MAX_NESTING
from .errors import CandidError, parse_error
from .lexer import LABEL_KINDS, Tokens, checked_id, in_order, label_of, literal_bytes, text_of
from .nodes import Entry, Node
from .principal import Principal
from .types import field_id
from .values import FuncRef, ServiceRef

_VALUE = (
    *("(", "blob", "bool", "decimal", "float", "func", "hex", "null", "opt", "principal"),
    *("record", "service", "sign", "text", "variant", "vec"),
)
_BRACKETS = frozenset(("opt", "vec", "record", "variant", "("))
_ATOMS = frozenset(_VALUE) - _BRACKETS
_AFTER_VALUE = frozenset((")", ",", ":", ";", "}"))
_NUMBERS = ("decimal", "float", "hex")
_LABELS = frozenset(LABEL_KINDS)
_LISTS = frozenset(("args", "vec", "record"))
_LABELLED = frozenset(("record", "variant"))

# What separates the values in a bracket, and what closes it.
_MARKS = {
    "args": (",", ")"),
    "vec": (";", "}"),
    "record": (";", "}"),
    "variant": ("", "}"),
    "(": ("", ")"),
    "opt": ("", ""),
}

_Span = tuple[int, int]


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


class _Frame:
    """An open bracket, or an `opt`, and what was read behind it so far."""

    __slots__ = (
        *("closer", "entries", "first", "kind", "label", "may_close", "nodes", "separator"),
        "start",
    )

    def __init__(self, kind: str, start: int) -> None:
        self.kind = kind
        self.start = start
        self.separator, self.closer = _MARKS[kind]
        # Whether the bracket may close where a value could begin.
        self.may_close = kind in _LISTS
        # Where the first field begins: an error about a whole record points at its fields.
        self.first = -1
        # The label of the value that comes next, once it is read.
        self.label: str | int | None = None
        self.nodes: list[Node] = []
        self.entries: list[Entry] = []

    @property
    def ends(self) -> tuple[str, ...]:
        """What may follow a value in it."""
        return (self.separator, self.closer) if self.separator else (self.closer,)

    @property
    def instead(self) -> tuple[str, ...]:
        """What else may stand where a value could begin."""
        if not self.may_close:
            return ()
        return ("id", self.closer) if self.kind == "record" else (self.closer,)


class _Reader:
    __slots__ = ("ids", "stack", "tokens")

    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.stack: list[_Frame] = []
        # The ids of the labels met so far: in a long vec they are the same again and again.
        self.ids: dict[str | int, int] = {}

    def read_tuple(self) -> list[Node]:
        self._expect("(")
        frame = _Frame("args", 0)
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
        tokens = self.tokens
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.may_close:
            if tokens.kind == frame.closer:
                return self._close(frame)
            if frame.kind == "record":
                if frame.first < 0:
                    frame.first = tokens.start
                if tokens.kind in _LABELS:
                    node = self._begin_field(frame)
                    if node is not None:
                        return node
        kind = tokens.kind
        if kind in _BRACKETS:
            return self._open(kind)
        if kind not in _ATOMS:
            raise tokens.unexpected(_VALUE + (frame.instead if frame else ()))
        node = _atom(tokens)
        if tokens.kind not in _AFTER_VALUE:
            self._refuse_next()
        return _checked(node)

    def _begin_field(self, frame: _Frame) -> Node | None:
        """Read `label =`, or the value that looked like a label."""
        tokens = self.tokens
        kind, value, start, end = tokens.kind, tokens.value, tokens.start, tokens.end
        if kind == "id":
            tokens.advance()
            if tokens.kind != "=":
                raise tokens.unexpected(("=",))
            frame.label = value
        else:
            node = _atom(tokens)
            if tokens.kind != "=":
                if tokens.kind in _AFTER_VALUE:
                    _checked(node)
                if tokens.kind not in (":", ";", "}"):
                    raise tokens.unexpected((":", ";", "=", "}"))
                return node
            frame.label = label_of(tokens.text, kind, value, (start, end))
        frame.may_close = False
        tokens.advance()
        return None

    def _open(self, kind: str) -> Node | None:
        tokens = self.tokens
        if len(self.stack) > MAX_NESTING:
            reason = f"values nested more than {MAX_NESTING} deep"
            raise parse_error(reason, tokens.text, (tokens.start, tokens.end))
        frame = _Frame(kind, tokens.start)
        tokens.advance()
        if kind not in ("opt", "("):
            self._expect("{")
        self.stack.append(frame)
        return self._begin_variant(frame) if kind == "variant" else None

    def _begin_variant(self, frame: _Frame) -> Node | None:
        """Read the tag; one that carries nothing carries null."""
        tokens = self.tokens
        kind, value, start, end = tokens.kind, tokens.value, tokens.start, tokens.end
        if kind not in _LABELS:
            raise tokens.unexpected(LABEL_KINDS)
        tokens.advance()
        if kind == "text" and tokens.kind in _AFTER_VALUE:
            label_of(tokens.text, kind, value, (start, end))
        if tokens.kind not in ("=", "}"):
            raise tokens.unexpected(("=", "}"))
        frame.label = label_of(tokens.text, kind, value, (start, end))
        if tokens.kind == "}":
            return Node("null", None, start, end)
        tokens.advance()
        return None

    # --- where a value ends ---

    def _refuse_next(self) -> None:
        """Raise the error of a token that cannot follow a value, unless a lone value ends there."""
        for frame in reversed(self.stack):
            if frame.kind != "opt":
                raise self.tokens.unexpected((*frame.ends, ":"))
        self.finish()

    def _put(self, frame: _Frame, node: Node) -> Node | None:
        """Put a value into its frame; the frame's own node if that closes it."""
        if frame.kind == "opt":
            self.stack.pop()
            return Node("opt", node, frame.start, node.end)
        tokens = self.tokens
        if tokens.kind == ":":
            node = self._annotated(frame, node)
        if frame.kind in _LABELLED:
            self._keep(frame, node)
        else:
            frame.nodes.append(node)
        if tokens.kind == frame.closer:
            return self._close(frame)
        if tokens.kind != frame.separator:
            raise tokens.unexpected(frame.ends)
        tokens.advance()
        return None

    def _keep(self, frame: _Frame, node: Node) -> None:
        label = frame.label
        if label is None:
            following = frame.entries[-1].id + 1 if frame.entries else 0
            label = checked_id(following, self.tokens.text, (node.start, node.end))
        id_ = self.ids.get(label)
        if id_ is None:
            id_ = self.ids[label] = field_id(label)
        frame.entries.append(Entry(id_, label, node))
        frame.label = None
        frame.may_close = True

    def _close(self, frame: _Frame) -> Node:
        tokens = self.tokens
        fields_end, end = tokens.last_end, tokens.end
        self.stack.pop()
        tokens.advance()
        kind = frame.kind
        if kind == "args":
            return Node(kind, None, frame.start, end)
        if tokens.kind not in _AFTER_VALUE:
            self._refuse_next()
        if kind == "(":
            node = frame.nodes[0]
            return Node(node.kind, node.data, frame.start, end)
        if kind == "vec":
            return Node(kind, frame.nodes, frame.start, end)
        if kind == "variant":
            return Node(kind, frame.entries[0], frame.start, end)
        entries = in_order(frame.entries, tokens.text, (frame.first, fields_end))
        return Node(kind, entries, frame.start, end)

    def _annotated(self, frame: _Frame, node: Node) -> Node:
        from .annotate import annotate
        from .type_syntax import read_annotation

        type_ = read_annotation(self.tokens, frame.ends)
        return annotate(node, type_, self.tokens.text)


# --- values without brackets ---


def _atom(tokens: Tokens) -> Node:
    """Read the value without brackets that begins here; raises `CandidError`."""
    kind, value, start = tokens.kind, tokens.value, tokens.start
    tokens.advance()
    end = tokens.last_end
    if kind == "sign":
        return _signed(tokens, value, start)
    if kind in _NUMBERS:
        return _number(kind, value, start, end)
    if kind == "text":
        return Node("text", text_of(tokens.text, value, (start, end)), start, end)
    if kind == "bool":
        return Node("bool", value == "true", start, end)
    if kind == "null":
        return Node("null", None, start, end)
    return _reference(tokens, kind, start)


def _checked(node: Node) -> Node:
    """Return the node; raises the `CandidError` that it holds instead of a value."""
    if isinstance(node.data, CandidError):
        raise node.data
    return node


def _signed(tokens: Tokens, sign: str, start: int) -> Node:
    if tokens.kind not in _NUMBERS:
        raise tokens.unexpected(_NUMBERS)
    node = _atom(tokens)
    node.start = start
    if sign == "-":
        data = node.data
        node.data = -data if isinstance(data, float) else f"-{data}"
    return node


def _number(kind: str, value: str, start: int, end: int) -> Node:
    if kind == "float":
        return Node("float64", float(value), start, end)
    if kind == "hex":
        from .number_text import write_digits

        value = write_digits(int(value, 16))
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
    data = _func(principal, text_of(tokens.text, method, span))
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
    unicode = text_of(text, value, span)
    if isinstance(unicode, CandidError):
        return unicode
    try:
        return Principal.from_text(value)
    except ValueError as error:
        return parse_error(str(error), text, span)
