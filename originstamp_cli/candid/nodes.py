"""A value as it is written, before anything is known of its type."""


class Node:
    """A written value: `kind` is its keyword, `data` its parts, `start` and `end` its place.

    Parts by kind: `number` its digits; `float64` a float; `text` a str; `blob` bytes; `principal` a
    Principal; `service` a ServiceRef; `func` a FuncRef; `opt` a node; `vec` nodes; `record` entries
    in the order of ids; `variant` one entry. A value with an annotation has the kind of its type's
    keyword (`nat8`, `float32`, …, and `none` for an absent opt).
    """

    __slots__ = ("data", "end", "kind", "start")

    def __init__(self, kind: str, data: object, start: int, end: int) -> None:
        self.kind = kind
        self.data = data
        self.start = start
        self.end = end


class Entry:
    """A field of a record, or the tag of a variant with what it carries."""

    __slots__ = ("id", "label", "node")

    def __init__(self, id_: int, label: str | int, node: Node) -> None:
        self.id = id_
        self.label = label
        self.node = node


class Frame:
    """An open bracket, or an `opt`, and what was read behind it so far."""

    __slots__ = ("closer", "entries", "first", "kind", "label", "nodes", "separator", "start")

    def __init__(self, kind: str, start: int) -> None:
        self.kind = kind
        self.start = start
        self.separator, self.closer = _MARKS[kind]
        # Where the first field begins: an error about a whole record points at its fields.
        self.first = start
        # The label of the value that comes next, once it is read.
        self.label: str | int | None = None
        self.nodes: list[Node] = []
        self.entries: list[Entry] = []

    @property
    def may_close(self) -> bool:
        """Whether the bracket may close where a value could begin."""
        return self.kind in ("args", "vec") or (self.kind == "record" and self.label is None)

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


_MARKS = {
    "args": (",", ")"),
    "vec": (";", "}"),
    "record": (";", "}"),
    "variant": ("", "}"),
    "(": ("", ")"),
    "opt": ("", ""),
}
