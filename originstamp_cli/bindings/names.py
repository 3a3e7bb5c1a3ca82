"""Names in JavaScript and TypeScript: identifiers for types, and quoted names for properties."""

import re
from collections.abc import Collection, Iterable

from originstamp_cli.candid.escapes import quote
from originstamp_cli.candid.types import Field

# What no variable can be called in a module, and what once could not.
RESERVED = frozenset(
    (
        *("abstract", "arguments", "await", "boolean", "break", "byte", "case", "catch", "char"),
        *("class", "const", "continue", "debugger", "default", "delete", "do", "double", "else"),
        *("enum", "eval", "export", "extends", "false", "final", "finally", "float", "for"),
        *("function", "goto", "if", "implements", "import", "in", "instanceof", "int"),
        *("interface", "let", "long", "native", "new", "null", "package", "private", "protected"),
        *("public", "return", "short", "static", "super", "switch", "synchronized", "this"),
        *("throw", "throws", "transient", "true", "try", "typeof", "var", "void", "volatile"),
        *("while", "with", "yield"),
    )
)

# Labels that the JavaScript library takes for the number between the underscores.
_LIKE_A_NUMBER = re.compile(r"_(?:[0-9]+|0x[0-9a-fA-F]+)_")
_NUL = re.compile(r"\\([\\0])")
_NO_IDENTIFIER = re.compile(r"[^A-Za-z0-9_]")


def identifiers(names: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """Return an identifier for each name: itself, with underscores where it is taken."""
    wanted = list(names)
    found: dict[str, str] = {name: name for name in wanted if name not in taken}
    used = {*taken, *found}
    for name in wanted:
        if name not in found:
            free = name + "_"
            while free in used:
                free += "_"
            found[name] = free
            used.add(free)
    return found


def variable(name: str, taken: Collection[str]) -> str:
    """Return the identifier for a canister of any name, such as `my_app` for `my-app`."""
    spelt = _NO_IDENTIFIER.sub("_", name)
    if spelt[:1].isdigit():
        spelt = "_" + spelt
    return identifiers([spelt], taken)[spelt]


def quoted(text: str) -> str:
    r"""Return a text as a string literal; `\0` is spelt out, since no digit may follow it."""
    inner = _NUL.sub(lambda found: "\\u{0}" if found[1] == "0" else found[0], quote(text)[1:-1])
    return f"'{inner}'"


def property_name(field: Field) -> str:
    """Return the name that a field goes by in the JavaScript library.

    A name that the library would take for a number is given as the number it is sent as.
    """
    if isinstance(field.label, int) or _LIKE_A_NUMBER.fullmatch(field.label):
        return f"_{field.id}_"
    return quoted(field.label)
