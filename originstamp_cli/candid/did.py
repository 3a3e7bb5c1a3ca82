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


def parse_service(did: str) -> Service:
    """Return the service that a `.did` text defines.

    Raises `CandidError` of kind "did" in the official words. `import` is
    refused: an interface must be whole, since no file can be read from here.
    """
    return _read(did, lambda interface: Service(interface.packed()))


def parse_program(did: str) -> "Program":
    """Return all that a `.did` text says, as it says it; raises what `parse_service` does."""
    return _read(did, Program)


def _read(did: str, made: "Callable[[_Interface], Made]") -> "Made":
    def read() -> Made:
        interface = _Interface(did)
        interface.read()
        return made(interface)

    try:
        return deeply(read)
    except CandidError as error:
        error.kind = "did"
        raise


class Program:
    """A `.did` text: its definitions, and its service with its names and comments kept.

    `types` and `docs` are by name, in the order of the text; `actor` is a `ServiceType`, or a `Ref`
    to one; `init` has the types of its init arguments, if it names any.
    """

    __slots__ = ("actor", "actor_doc", "docs", "init", "types")

    def __init__(self, interface: "_Interface") -> None:
        interface.service()
        self.types = interface.scope.types
        self.docs = interface.type_docs
        self.actor: Type = interface.actor or ServiceType([])
        self.actor_doc = interface.actor_doc
        self.init = interface.init


Made = TypeVar("Made", Service, Program)


class _Interface:
    __slots__ = ("actor", "actor_doc", "docs", "init", "scope", "text", "type_docs")

    def __init__(self, text: str) -> None:
        self.text = text
        self.scope = Scope()
        self.docs: dict[str, str] = {}
        self.type_docs: dict[str, str] = {}
        self.actor_doc = ""
        self.init: list[Type] | None = None
        self.actor: Type | None = None

    def read(self) -> None:
        """Read the text and check it; raises `CandidError`."""
        names = self._read_text()
        for name in names:
            if name not in self.scope.types:
                raise self._wrong(f"Unbound type identifier {name}")
        for name in self.scope.types:
            self._check_cycle(name)
        roots = [*self.scope.types.values(), *(self.init or [])]
        for type_ in roots + ([self.actor] if self.actor else []):
            self._check(type_)

    def _wrong(self, message: str) -> CandidError:
        return CandidError(message, "did", self.text, (0, len(self.text)))

    # --- reading ---

    def _read_text(self) -> list[str]:
        reader = TypeReader(Tokens(self.text), self.scope)
        reader.followers |= {"service"}
        tokens = reader.tokens
        while tokens.kind not in ("service", ""):
            self._read_definition(reader)
            if tokens.kind == ";":
                tokens.advance()
            elif tokens.kind:
                reader.check_end((";", "service"))
        if tokens.kind:
            self._read_actor(reader)
        return reader.names

    def _read_definition(self, reader: TypeReader) -> None:
        tokens = reader.tokens
        if tokens.kind == "import":
            span = (tokens.start, tokens.end)
            message = "import is not supported: put the imported definitions into the interface"
            raise CandidError(message, "did", self.text, span)
        doc = doc_comment(tokens)
        reader.expect_one(("import", "service", "type"))
        name = reader.expect("id")
        reader.expect("=")
        type_ = reader.read()
        if name in self.scope.types:
            raise self._wrong(f"duplicate binding for {name}")
        self.scope.types[name] = type_
        self.type_docs[name] = doc

    def _read_actor(self, reader: TypeReader) -> None:
        tokens = reader.tokens
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
            reader.names.append(tokens.value)
            self.actor = Ref(tokens.value, self.scope)
            tokens.advance()
        elif tokens.kind == "{":
            methods, self.docs = reader.read_methods()
            self.actor = ServiceType(methods, self.docs)
        else:
            raise tokens.unexpected(("(", "id", "{") if self.init is None else ("id", "{"))
        if tokens.kind == ";":
            tokens.advance()
            if tokens.kind:
                raise tokens.unexpected(())
        if tokens.kind:
            raise tokens.unexpected((";",))

    # --- checking ---

    def _check_cycle(self, name: str) -> None:
        seen = {name}
        found = self.scope.types[name]
        while isinstance(found, Ref):
            if found.name in seen:
                raise self._wrong(f"{name} has cyclic type definition")
            seen.add(found.name)
            found = self.scope.types[found.name]

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
                    raise self._wrong(f"method {name} is a non-function type")
                self._check(method)

    def _check_func(self, func: Func) -> None:
        for part in (*func.args, *func.results):
            self._check(part)
        if len(func.modes) > 1:
            raise self._wrong("cannot have more than one mode")
        if "oneway" in func.modes and func.results:
            raise self._wrong("oneway function has non-unit return type")

    # --- the result ---

    def packed(self) -> tuple[object, ...]:
        """Return the interface as `Service.unpack` takes it."""
        actor = self.service()
        methods = []
        for name in self.docs or [name for name, _type in actor.methods]:
            func = dict(actor.methods)[name].resolve()
            if isinstance(func, Func):
                mode = func.modes[0] if func.modes else "update"
                types = (pack_types(func.args), pack_types(func.results))
                methods.append((name, *types, mode, self.docs.get(name, "")))
        types_ = tuple([(name, pack_type(type_)) for name, type_ in self.scope.types.items()])
        return types_, tuple(methods), None if self.init is None else pack_types(self.init)

    def service(self) -> ServiceType:
        """Return the service that the text defines; raises `CandidError` where there is none."""
        if self.actor is None:
            raise self._wrong("the interface defines no service")
        actor = self.actor.resolve()
        if not isinstance(actor, ServiceType):
            raise self._wrong(f"not a service type: {show_type(actor)}")
        return actor
