"""Written values as official errors quote them."""

from .infer import infer_loosely
from .nodes import Node
from .show import show_value


def show_node(node: Node) -> str:
    """Return the value as the official printer would write it, types unknown."""
    shown = infer_loosely(node)
    return show_value(shown.value, shown.type)
