"""Documents that are laid out to a width: a group stands on one line where it fits.

As the official tools lay out what they generate (the Rust crate `pretty`, 80 columns), so that
declarations made here and there differ in as little as possible.
"""

WIDTH = 80
INDENT = 2


class Line:
    """Where a line may break: `flat` stands there when it does not, `broken` before the break."""

    __slots__ = ("broken", "flat")

    def __init__(self, flat: str | None, broken: str = "") -> None:
        self.flat = flat
        self.broken = broken


class Group:
    """Parts that stand on one line if they fit, else each of their lines breaks."""

    __slots__ = ("parts",)

    def __init__(self, *parts: "Doc") -> None:
        self.parts = list(parts)


class Nest:
    """Parts whose lines are indented by one more step."""

    __slots__ = ("parts",)

    def __init__(self, *parts: "Doc") -> None:
        self.parts = list(parts)


Doc = str | Line | Group | Nest | list["Doc"]

SPACE = Line(" ")
NOTHING = Line("")
ALWAYS = Line(None)  # no group that holds it fits on one line


class Only(Line):
    """A text that is there only where its group is broken, such as a comma after the last item."""


def enclosed(opening: str, doc: Doc, closing: str, pad: Line = NOTHING) -> Doc:
    """Return the document between brackets; `pad` is what stands within them on one line."""
    if doc in ("", []):
        return opening + closing
    return Group(opening, Nest(pad, doc), pad, closing)


def listed(docs: list[Doc], separator: str, *, closes: bool = True) -> Doc:
    """Return documents with a separator between them; a list over lines may end in one too."""
    parts: list[Doc] = []
    for doc in docs:
        parts += [separator, SPACE, doc] if parts else [doc]
    return [*parts, Only("", separator)] if closes and parts else parts


def lines(docs: list[Doc]) -> Doc:
    """Return documents each on a line of its own."""
    return [part for doc in docs for part in (doc, ALWAYS)]


_Entry = tuple[int, bool, Doc]  # the indentation, whether its group is on one line, and what


def laid_out(doc: Doc) -> str:
    """Return the document as text, without blanks at the ends of lines."""
    out: list[str] = []
    column = 0
    todo: list[_Entry] = [(0, False, doc)]
    while todo:
        indent, flat, part = todo.pop()
        if isinstance(part, Group) and not flat:
            flat = _fits(part, todo, WIDTH - column)
        if isinstance(part, str | Line):
            text = _text(part, flat=flat, indent=indent)
            out.append(text)
            column = len(text) - 1 - text.index("\n") if "\n" in text else column + len(text)
        else:
            todo += _opened(part, indent, flat=flat)
    return "\n".join(line.rstrip(" ") for line in "".join(out).split("\n"))


def _text(part: str | Line, *, flat: bool, indent: int) -> str:
    if isinstance(part, str):
        return part
    if flat and part.flat is not None:
        return part.flat
    return part.broken if isinstance(part, Only) else "\n" + " " * indent


def _opened(part: Group | Nest | list[Doc], indent: int, *, flat: bool) -> list[_Entry]:
    """Return what a document is made of, the first of it last."""
    inner = indent + INDENT if isinstance(part, Nest) else indent
    parts = part if isinstance(part, list) else part.parts
    return [(inner, flat, each) for each in reversed(parts)]


def _fits(group: Group, after: list[_Entry], room: int) -> bool:
    """Tell whether a group fits on the line, with what follows up to where a line may break."""
    todo: list[tuple[bool, Doc]] = [(True, group)]
    following = len(after)
    while room >= 0:
        if not todo:
            if not following:
                return True
            following -= 1
            todo.append((False, after[following][2]))
        flat, part = todo.pop()
        if isinstance(part, Line) and not isinstance(part, Only):
            if not flat or part.flat is None:
                return not flat
            room -= len(part.flat)
        elif isinstance(part, str | Line):
            room -= len(_text(part, flat=flat, indent=0))
        else:
            parts = part if isinstance(part, list) else part.parts
            todo += [(flat, each) for each in reversed(parts)]
    return False
