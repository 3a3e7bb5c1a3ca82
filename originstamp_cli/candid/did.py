"""Interfaces: `.did` text to a `Service` or a `Program`, checked as the official tools do it."""

from collections.abc import Callable
from typing import TypeVar

from .depth import deeply
from .errors import CandidError
from .lexer import Tokens
from .service import Service, pack_type, pack_types
from .show import show_type
from .type_syntax import TypeReader, doc_comment
from .types import Func, Opt, Record, Ref, Scope, ServiceType, Type, Variant, Vec

T = TypeVar("T")


def parse_service(did: str) -> Service:
    """Return the service that a `.did` text defines.

    Raises `CandidError` of kind "did" in the official words. `import` is
    refused: an interface must be whole, since no file can be read from here.
    """
    return _read(lambda: _Interface(did).service())


def parse_program(did: str) -> "Program":
    """Return all that a `.did` text says, as it says it; raises what `parse_service` does."""
    return _read(lambda: _Interface(did).program())


def check_did(did: str) -> None:
    """Raise what is wrong with a `.did` text, as `parse_service`; it may define types alone."""
    _read(lambda: _Interface(did).check())


def _read(work: Callable[[], T]) -> T:
    try:
        return deeply(work)
    except CandidError as error:
        error.kind = "did"
        raise


class Program:
    """A `.did` text: its definitions, and its service with its names and comments kept.

    `types` and `docs` are by name, in the order of the text; `actor` is a `ServiceType`, or a `Ref`
    to one; `init` has the types of its init arguments, if it names any.
    """

    __slots__ = ("actor", "actor_doc", "docs", "init", "types")

    def __init__(self, interface: "_Interface", actor: Type) -> None:
        self.types = interface.scope.types
        self.docs = interface.docs
        self.actor = actor
        self.actor_doc = interface.actor_doc
        self.init = interface.init


class _Interface:
    __slots__ = (
        *("actor", "actor_doc", "definitions", "docs", "init", "reader", "scope", "text"),
        "tokens",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.scope = Scope()
        self.tokens = Tokens(text)
        self.reader = TypeReader(self.tokens, self.scope)
        self.reader.followers |= {"service", ""}
        # Where each type is defined.
        self.definitions: dict[str, tuple[int, int]] = {}
        # The comments above the types, and above the service.
        self.docs: dict[str, str] = {}
        self.actor_doc = ""
        self.init: list[Type] | None = None
        self.actor: Type | None = None

    def service(self) -> Service:
        """Return the interface; raises `CandidError`."""
        self.check()
        return Service(self._packed())

    def program(self) -> Program:
        """Return all that the text says; raises `CandidError`."""
        self.check()
        self._actor()
        return Program(self, self.actor or ServiceType(()))

    def check(self) -> None:
        """Read the text; raises `CandidError`."""
        self._read_text()
        for name, place in self.reader.names.items():
            if name not in self.scope.types:
                raise self._wrong(f"Unbound type identifier {name}", place)
        ending: set[str] = set()
        for name in self.scope.types:
            self._check_cycle(name, ending)
        roots = [*self.scope.types.values(), *(self.init or [])]
        for type_ in roots + ([self.actor] if self.actor else []):
            self._check(type_)
        if self.actor:
            self._actor()

    def _wrong(self, message: str, place: tuple[int, int] | None = None) -> CandidError:
        return CandidError(message, "did", self.text, place or (0, len(self.text)))

    # --- reading ---

    def _read_text(self) -> None:
        tokens = self.tokens
        while tokens.kind not in ("service", ""):
            self._read_definition()
            if tokens.kind == ";":
                tokens.advance()
            elif tokens.kind:
                self.reader.check_end((";", "service"))
        if tokens.kind:
            self._read_actor()

    def _read_definition(self) -> None:
        tokens, reader = self.tokens, self.reader
        if tokens.kind == "import":
            place = (tokens.start, tokens.end)
            message = "import is not supported: put the imported definitions into the interface"
            raise self._wrong(message, place)
        doc = doc_comment(tokens)
        reader.expect_one(("import", "service", "type"))
        place = (tokens.start, tokens.end)
        name = reader.expect("id")
        reader.expect("=")
        type_ = reader.read()
        if name in self.scope.types:
            raise self._wrong(f"duplicate binding for {name}", place)
        self.docs[name] = doc
        self.scope.types[name] = type_
        self.definitions[name] = place

    def _read_actor(self) -> None:
        tokens, reader = self.tokens, self.reader
        self.actor_doc = doc_comment(tokens)
        tokens.advance()
        if tokens.kind == "id":
            tokens.advance()
            reader.expect(":")
        elif tokens.kind == ":":
            tokens.advance()
        else:
            raise tokens.unexpected((":", "id"))
        if tokens.kind == "(":
            self.init = reader.read_tuple()
            reader.expect("->")
        if tokens.kind == "id":
            self.actor = reader.use(tokens.value, (tokens.start, tokens.end))
            tokens.advance()
        elif tokens.kind == "{":
            self.actor = reader.read_service()
        else:
            raise tokens.unexpected(("(", "id", "{") if self.init is None else ("id", "{"))
        if tokens.kind == ";":
            tokens.advance()
            if tokens.kind:
                raise tokens.unexpected(())
        if tokens.kind:
            raise tokens.unexpected((";",))

    # --- checking ---

    def _check_cycle(self, name: str, ending: set[str]) -> None:
        """Refuse a name for itself; `ending` has the names that are known to be none."""
        seen = {name}
        found = self.scope.types[name]
        while isinstance(found, Ref) and found.name not in ending:
            if found.name in seen:
                raise self._wrong(f"{name} has cyclic type definition", self.definitions[name])
            seen.add(found.name)
            found = self.scope.types[found.name]
        ending |= seen

    def _check(self, type_: Type) -> None:
        if isinstance(type_, Opt | Vec):
            self._check(type_.inner)
        elif isinstance(type_, Record | Variant):
            for field in type_.fields:
                self._check(field.type)
        elif isinstance(type_, Func):
            self._check_func(type_)
        elif isinstance(type_, ServiceType):
            for name, method in type_.methods:
                if not isinstance(method.resolve(), Func):
                    place = self.reader.places.get(name)
                    raise self._wrong(f"method {name} is a non-function type", place)
                self._check(method)

    def _check_func(self, func: Func) -> None:
        for part in (*func.args, *func.results):
            self._check(part)
        modes = self.reader.places.get(id(func))
        if len(func.modes) > 1:
            raise self._wrong("cannot have more than one mode", modes)
        if "oneway" in func.modes and func.results:
            raise self._wrong("oneway function has non-unit return type", modes)

    # --- the result ---

    def _packed(self) -> tuple[object, ...]:
        actor = self._actor()
        functions = dict(actor.methods)
        methods = []
        for name, doc in actor.docs.items():
            func = functions[name].resolve()
            if isinstance(func, Func):
                mode = func.modes[0] if func.modes else "update"
                types = (pack_types(func.args), pack_types(func.results))
                methods.append((name, *types, mode, doc))
        types_ = tuple([(name, pack_type(type_)) for name, type_ in self.scope.types.items()])
        return types_, tuple(methods), None if self.init is None else pack_types(self.init)

    def _actor(self) -> ServiceType:
        if self.actor is None:
            raise self._wrong("the interface defines no service")
        actor = self.actor.resolve()
        if not isinstance(actor, ServiceType):
            place = self.reader.names.get(self.actor.name) if isinstance(self.actor, Ref) else None
            raise self._wrong(f"not a service type: {show_type(actor)}", place)
        return actor
