"""The grammar of Candid types, in interfaces and behind the `:` of a value."""

from .depth import MAX_NESTING
from .errors import parse_error
from .lexer import LABEL_KINDS, Tokens, in_order, label_of
from .types import PRIMS, Field, Func, Opt, Record, Ref, Scope, ServiceType, Type, Variant, Vec

_TYPE = ("blob", "func", "id", "null", "opt", "principal", "record", "service", "variant", "vec")
_MODES = ("composite_query", "oneway", "query")
_ENDS = frozenset((")", ",", ";", "}"))

_Span = tuple[int, int]


def read_annotation(tokens: Tokens, ends: tuple[str, ...]) -> Type:
    """Read `: type`, behind which a value may end; raises `CandidError`.

    Like the official parser, it looks at what the type means before it looks whether the end of a
    value is that of the right bracket, which is one of `ends`.
    """
    tokens.advance()
    prim = PRIMS.get(tokens.value) if tokens.kind == "id" else None
    if prim is not None:
        tokens.advance()
        if tokens.kind not in _ENDS:
            raise tokens.unexpected(ends)
        return prim
    start = tokens.start
    reader = TypeReader(tokens, Scope())
    type_ = reader.read()
    if tokens.kind not in reader.followers:
        reader.check_end(ends)
    if reader.names:
        reason = f"Unbound type identifier {next(iter(reader.names))}"
        raise parse_error(reason, tokens.text, (start, tokens.last_end))
    return type_


class TypeReader:
    """Reads types from `tokens`; names get their meaning from `scope`, later."""

    __slots__ = (
        *("_depth", "_may_go_on", "followers", "names", "places", "scope"),
        "tokens",
    )

    def __init__(self, tokens: Tokens, scope: Scope) -> None:
        self.tokens = tokens
        self.scope = scope
        # Every name that was used, in order, and where first: each must be defined.
        self.names: dict[str, _Span] = {}
        # Where functions have their modes, by the ids of the types, and methods their names.
        self.places: dict[int | str, _Span] = {}
        # What may follow a type somewhere: at such a token the official parser takes the type for
        # complete, and does not say what else could have continued it.
        self.followers = _ENDS
        self._depth = 0
        # What could have continued the type just read: more modes of a function.
        self._may_go_on: tuple[str, ...] = ()

    def use(self, name: str, span: _Span) -> Ref:
        """Return the type that a name stands for, and remember that it must be defined."""
        self.names.setdefault(name, span)
        return Ref(name, self.scope)

    def expect(self, kind: str) -> str:
        """Take a token of this kind and return its value."""
        return self.expect_one((kind,))

    def expect_one(self, kinds: tuple[str, ...]) -> str:
        """Take a token of one of these kinds and return its value."""
        if self.tokens.kind not in kinds:
            raise self.tokens.unexpected(kinds)
        value = self.tokens.value
        self.tokens.advance()
        return value

    def check_end(self, kinds: tuple[str, ...]) -> None:
        """Raise the error of a type that is followed by none of these."""
        tokens = self.tokens
        if tokens.kind in kinds:
            return
        # Behind a name that could be a label, more tokens make no type complete.
        followers = _ENDS if self._may_go_on == (":",) else self.followers
        if tokens.kind not in followers:
            kinds += self._may_go_on
        raise tokens.unexpected(kinds)

    def read(self) -> Type:
        """Read a type."""
        tokens = self.tokens
        kind = tokens.kind
        if kind not in _TYPE:
            raise tokens.unexpected(_TYPE)
        self._depth += 1
        if self._depth > MAX_NESTING:
            reason = f"types nested more than {MAX_NESTING} deep"
            raise parse_error(reason, tokens.text, (tokens.start, tokens.end))
        self._may_go_on = ()
        name, span = tokens.value, (tokens.start, tokens.end)
        tokens.advance()
        type_ = self._named(name, span) if kind == "id" else self._built(kind)
        self._depth -= 1
        return type_

    def _named(self, name: str, span: _Span) -> Type:
        return PRIMS.get(name) or self.use(name, span)

    def _built(self, kind: str) -> Type:  # noqa: PLR0911 - one for each kind
        if kind == "opt":
            return Opt(self.read())
        if kind == "vec":
            return Vec(self.read())
        if kind == "record":
            return Record(self._read_fields(is_record=True))
        if kind == "variant":
            return Variant(self._read_fields(is_record=False))
        if kind == "func":
            return self.read_func()
        if kind == "service":
            return self.read_service()
        return Vec(PRIMS["nat8"]) if kind == "blob" else PRIMS[kind]

    # --- fields ---

    def _read_fields(self, *, is_record: bool) -> list[Field]:
        tokens = self.tokens
        self.expect("{")
        start = tokens.start
        fields: list[Field] = []
        while tokens.kind != "}":
            previous = fields[-1].id if fields else -1
            doc = doc_comment(tokens)
            fields.append(self._read_field(previous) if is_record else self._read_tag())
            fields[-1].doc = doc
            self._separate()
        in_order(fields, tokens.text, (start, tokens.last_end))
        self._close()
        return fields

    def _separate(self) -> None:
        if self.tokens.kind == ";":
            self.tokens.advance()
        else:
            self.check_end((";", "}"))

    def _close(self) -> None:
        # What came before the bracket cannot go on behind it.
        self._may_go_on = ()
        self.expect("}")

    def _read_field(self, previous: int) -> Field:
        tokens = self.tokens
        kind, value, span = tokens.kind, tokens.value, (tokens.start, tokens.end)
        if kind in LABEL_KINDS:
            tokens.advance()
            if tokens.kind == ":":
                return self._labelled(label_of(tokens.text, kind, value, span))
            if kind != "id":
                raise tokens.unexpected((":",))
            self._may_go_on = (":",)
            return Field(previous + 1, self._named(value, span))
        if kind not in _TYPE:
            raise tokens.unexpected((*_TYPE, "decimal", "hex", "text", "}"))
        return Field(previous + 1, self.read())

    def _read_tag(self) -> Field:
        tokens = self.tokens
        kind, value, span = tokens.kind, tokens.value, (tokens.start, tokens.end)
        if kind not in LABEL_KINDS:
            raise tokens.unexpected((*LABEL_KINDS, "}"))
        tokens.advance()
        if tokens.kind == ":":
            return self._labelled(label_of(tokens.text, kind, value, span))
        if tokens.kind not in (";", "}"):
            raise tokens.unexpected((":", ";", "}"))
        self._may_go_on = ()
        return Field(label_of(tokens.text, kind, value, span), PRIMS["null"])

    def _labelled(self, label: str | int) -> Field:
        self.tokens.advance()
        return Field(label, self.read())

    # --- functions and services ---

    def read_func(self) -> Func:
        """Read `(args) -> (results) modes`."""
        args = self.read_tuple()
        self.expect("->")
        results = self.read_tuple()
        tokens = self.tokens
        modes, start = [], tokens.start
        while tokens.kind in _MODES:
            modes.append(tokens.kind)
            tokens.advance()
        self._may_go_on = _MODES
        func = Func(args, results, tuple(modes))
        self.places[id(func)] = (start, tokens.last_end)
        return func

    def read_tuple(self) -> list[Type]:
        """Read `(type, name : type, …)`."""
        tokens = self.tokens
        self.expect("(")
        types: list[Type] = []
        while tokens.kind != ")":
            types.append(self._read_parameter())
            if tokens.kind == ",":
                tokens.advance()
            else:
                self.check_end((")", ","))
        self._may_go_on = ()
        tokens.advance()
        return types

    def _read_parameter(self) -> Type:
        tokens = self.tokens
        if tokens.kind not in _TYPE:
            if tokens.kind != "text":
                raise tokens.unexpected((*_TYPE, ")", "text"))
            return self._read_quoted_parameter()
        if tokens.kind != "id":
            return self.read()
        name, span = tokens.value, (tokens.start, tokens.end)
        tokens.advance()
        if tokens.kind == ":":
            tokens.advance()
            return self.read()
        self._may_go_on = (":",)
        return self._named(name, span)

    def _read_quoted_parameter(self) -> Type:
        tokens = self.tokens
        value, span = tokens.value, (tokens.start, tokens.end)
        tokens.advance()
        if tokens.kind != ":":
            raise tokens.unexpected((":",))
        label_of(tokens.text, "text", value, span)
        tokens.advance()
        return self.read()

    def read_service(self) -> ServiceType:
        """Read `{ name : func type; … }`."""
        tokens = self.tokens
        self.expect("{")
        start = tokens.start
        methods: list[tuple[str, Type]] = []
        docs: dict[str, str] = {}
        while tokens.kind != "}":
            doc = doc_comment(tokens)
            name = self._read_method_name()
            methods.append((name, self._read_method_type()))
            docs[name] = doc
            self._separate()
        fields = [Field(name, type_) for name, type_ in methods]
        in_order(fields, tokens.text, (start, tokens.last_end))
        self._close()
        return ServiceType(methods, docs)

    def _read_method_name(self) -> str:
        tokens = self.tokens
        if tokens.kind not in ("id", "text"):
            raise tokens.unexpected(("id", "text", "}"))
        kind, value, span = tokens.kind, tokens.value, (tokens.start, tokens.end)
        tokens.advance()
        if tokens.kind != ":":
            raise tokens.unexpected((":",))
        name = str(label_of(tokens.text, kind, value, span))
        tokens.advance()
        self.places.setdefault(name, span)
        return name

    def _read_method_type(self) -> Type:
        tokens = self.tokens
        if tokens.kind == "id":
            name, span = tokens.value, (tokens.start, tokens.end)
            tokens.advance()
            self._may_go_on = ()
            # A method's type must be a name or a function: `nat` here is a name too.
            return self.use(name, span)
        if tokens.kind != "(":
            raise tokens.unexpected(("(", "id"))
        return self.read_func()


def doc_comment(tokens: Tokens) -> str:
    """Return the lines of comment that stand right above the current token, without their marks."""
    lines: list[str] = []
    below = tokens.start
    for start, end in reversed(tokens.comments):
        line_start = tokens.text.rfind("\n", 0, start) + 1
        is_apart = tokens.text.count("\n", end, below) > 1
        if is_apart or tokens.text[line_start:start].strip():
            break
        lines.append(tokens.text[start:end].lstrip("/").strip())
        below = start
    return "\n".join(reversed(lines))
