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
