"""Quoting of text and labels, as Rust's `escape_debug` does it."""

# `true` and `false` are missing in the official list too: labels of these names do not read back.
_KEYWORDS = frozenset(
    (
        *("import", "service", "func", "type", "opt", "vec", "record", "variant", "blob"),
        *("principal", "nat", "nat8", "nat16", "nat32", "nat64", "int", "int8", "int16", "int32"),
        *("int64", "float32", "float64", "bool", "text", "null", "reserved", "empty", "oneway"),
        *("query", "composite_query"),
    )
)
_SHORT = {0: "\\0", 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}
_LAST_ASCII = 127


class _Escapes(dict[int, "int | str"]):
    """For `str.translate`: what each character becomes, worked out when it is first met."""

    def __init__(self, *, is_debug: bool) -> None:
        super().__init__(_SHORT)
        self.is_debug = is_debug
        if not is_debug:
            self[39] = "\\'"

    def __missing__(self, code: int) -> int | str:
        known: int | str = code
        if code < 32 or code == _LAST_ASCII:  # noqa: PLR2004 - the control characters
            known = f"\\u{{{code:x}}}"
        elif code > _LAST_ASCII:
            from .unicode_tables import extends, is_hidden

            # A lone surrogate stands for a byte that is no UTF-8: only errors can quote one.
            is_byte = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - the surrogates
            if is_byte or is_hidden(code) or (self.is_debug and extends(code)):
                known = f"\\u{{{code:x}}}"
        self[code] = known
        return known


_PRETTY = _Escapes(is_debug=False)
_DEBUG = _Escapes(is_debug=True)


def quote(text: str) -> str:
    """Return the text in quotes as the pretty printer writes it."""
    if text.isascii():
        return f'"{text.translate(_PRETTY)}"'
    from .unicode_tables import extends

    first = ord(text[0])
    if first > _LAST_ASCII and extends(first):
        return f'"\\u{{{first:x}}}{text[1:].translate(_PRETTY)}"'
    return f'"{text.translate(_PRETTY)}"'


def quote_debug(text: str) -> str:
    """Return the text in quotes as the one-line form writes it."""
    return f'"{text.translate(_DEBUG)}"'


def plain_label(label: str | int) -> str:
    """Return a label as it stands in messages, a name without quotes."""
    return f"{label:_}" if isinstance(label, int) else label


def show_label(label: str | int) -> str:
    """Return a label as it stands before `=`: bare if it can be, quoted, or an id with `_`."""
    if isinstance(label, int):
        return f"{label:_}"
    if label.isascii() and label.isidentifier() and label not in _KEYWORDS:
        return label
    return quote(label)
