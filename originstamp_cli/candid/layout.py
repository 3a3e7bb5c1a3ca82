"""Lines of at most 80 columns: a bracket stays on one line where it fits, else its items do not.

Outermost first and without going back, as the official printer (Wadler's) does. What stands before
a bracket on its line (a label, `opt`) is part of its opening, so a group always starts a line.
"""

WIDTH = 80
INDENT = 2


class Group:
    """An opening, items and a closing; `pad` stands inside the brackets on one line."""

    __slots__ = ("close", "items", "open", "pad", "separator", "width")

    def __init__(
        self, opening: str, items: "list[Doc]", separator: str, pad: str, close: str
    ) -> None:
        self.open = opening
        self.items = items
        self.separator = separator
        self.pad = pad
        self.close = close
        width = text_width(opening) + text_width(close) + 2 * len(pad)
        for item in items:
            width += width_of(item)
        self.width: int = width + (len(separator) + 1) * (len(items) - 1)


class Chain:
    """Parts that follow each other on a line; each breaks on its own, indented once more.

    Only the types of functions are such: their parameters and their results.
    """

    __slots__ = ("parts", "width")

    def __init__(self, parts: "list[str | Group]") -> None:
        self.parts = parts
        self.width = sum(width_of(part) for part in parts)


Doc = str | Group | Chain


def width_of(doc: Doc) -> int:
    """Return the columns of a document on one line."""
    return text_width(doc) if isinstance(doc, str) else doc.width


def text_width(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from .widths import display_width

    return display_width(text)


def lay_out(doc: Doc) -> str:
    """Return the document as text, without a newline at its end."""
    out: list[str] = []
    _render(doc, 0, 0, 0, out)
    return "".join(out)


def _render(doc: Doc, indent: int, column: int, after: int, out: list[str]) -> int:
    """Append the document and return the column behind it.

    It begins at `column` of a line indented by `indent`; `after` columns follow on its last line.
    """
    if isinstance(doc, Chain):
        return _render_chain(doc, indent, column, after, out)
    if isinstance(doc, str) or column + doc.width + after <= WIDTH:
        _render_flat(doc, out)
        return column + width_of(doc)
    inner = indent + INDENT
    line = "\n" + " " * inner
    out.append(doc.open)
    for item in doc.items:
        out.append(line)
        _render(item, inner, inner, len(doc.separator), out)
        out.append(doc.separator)
    out.append("\n" + " " * indent + doc.close)
    return indent + text_width(doc.close)


def _render_chain(chain: Chain, indent: int, column: int, after: int, out: list[str]) -> int:
    for part, following in zip(chain.parts, [*chain.parts[1:], None], strict=True):
        if following is None:
            more = after
        elif isinstance(following, str):
            more = text_width(following) + after
        else:
            # A line may break behind the next opening, so only that has to fit.
            more = text_width(following.open)
        column = _render(part, indent + INDENT, column, more, out)
    return column


def _render_flat(doc: Doc, out: list[str]) -> None:
    if isinstance(doc, str):
        out.append(doc)
    elif isinstance(doc, Chain):
        for part in doc.parts:
            _render_flat(part, out)
    else:
        out.append(doc.open + doc.pad)
        between = ""
        for item in doc.items:
            out.append(between)
            between = doc.separator + " "
            _render_flat(item, out)
        out.append(doc.pad + doc.close)
