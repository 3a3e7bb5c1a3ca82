"""The `.did.js` of an interface: the factories of its types for the official JavaScript library."""

from collections.abc import Sequence

from originstamp_cli.candid import Program
from originstamp_cli.candid.types import (
    Field,
    Func,
    Opt,
    Record,
    Ref,
    ServiceType,
    Type,
    Variant,
    Vec,
)

from .layout import ALWAYS, SPACE, Doc, Nest, enclosed, laid_out, lines, listed
from .names import RESERVED, identifiers, property_name, quoted

_TAKEN = RESERVED | {"IDL"}


def javascript(program: Program) -> str:
    """Return the text of a module that exports `idlFactory` and `init`."""
    writer = _Writer(program)
    return laid_out([writer.factory(), ALWAYS, writer.init(), ALWAYS])


class _Writer:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.names = identifiers(program.types, _TAKEN)
        # Names that are used before they are defined.
        self.recursive: set[str] = set()

    def factory(self) -> Doc:
        """Write the function that returns the service."""
        init = self.program.init or []
        body = [self._definitions([*init, self.program.actor]), "return ", self._actor(), ";"]
        return ["export const idlFactory = ({ IDL }) => ", enclosed("{", body, "};", SPACE)]

    def init(self) -> Doc:
        """Write the function that returns the types of the init arguments."""
        types = self.program.init or []
        body = [self._definitions(types), "return ", self._types(types), ";"]
        return ["export const init = ({ IDL }) => ", enclosed("{", body, "};", SPACE)]

    def _definitions(self, roots: Sequence[Type]) -> Doc:
        order, self.recursive = ordered(roots)
        declared = [f"const {self.names[name]} = IDL.Rec();" for name in sorted(self.recursive)]
        return lines([*declared, *[self._definition(name) for name in order]])

    def _definition(self, name: str) -> Doc:
        type_ = self._type(self.program.types[name])
        if name in self.recursive:
            return [f"{self.names[name]}.fill", enclosed("(", type_, ");")]
        return [f"const {self.names[name]} = ", type_, ";"]

    def _actor(self) -> Doc:
        actor = self.program.actor
        service = actor.resolve()
        if not isinstance(service, ServiceType):
            raise TypeError("the program has no service")  # it was read, so it has
        if isinstance(actor, Ref) and not any(map(self._is_recursive, _functions(service))):
            name = self.names[actor.name]
            return f"{name}.getType()" if self._is_recursive(actor) else name
        return self._service(service, is_actor=True)

    def _is_recursive(self, type_: Type) -> bool:
        return isinstance(type_, Ref) and type_.name in self.recursive

    # --- types ---

    def _type(self, type_: Type) -> Doc:  # noqa: PLR0911 - one for each kind
        if isinstance(type_, Ref):
            return self.names[type_.name]
        if isinstance(type_, Opt | Vec):
            return [f"IDL.{_NAMES[type_.kind]}", enclosed("(", self._type(type_.inner), ")")]
        if isinstance(type_, Record) and type_.is_tuple:
            members = listed([self._type(field.type) for field in type_.fields], ",")
            return ["IDL.Tuple", enclosed("(", members, ")")]
        if isinstance(type_, Record | Variant):
            fields = listed([self._field(field) for field in type_.fields], ",")
            return [f"IDL.{_NAMES[type_.kind]}", enclosed("({", fields, "})", SPACE)]
        if isinstance(type_, Func):
            return self._func(type_)
        if isinstance(type_, ServiceType):
            return self._service(type_)
        return f"IDL.{_NAMES[type_.kind]}"

    def _types(self, types: Sequence[Type]) -> Doc:
        return enclosed("[", listed([self._type(type_) for type_ in types], ","), "]")

    def _field(self, field: Field) -> Doc:
        # Quoted plainly, this name would set the object's prototype.
        name = "['__proto__']" if field.label == "__proto__" else property_name(field)
        return [f"{name} : ", self._type(field.type)]

    def _func(self, func: Func) -> Doc:
        modes = enclosed("[", listed([f"'{mode}'" for mode in func.modes], ","), "]")
        parts = listed([self._types(func.args), self._types(func.results), modes], ",")
        return ["IDL.Func", Nest(enclosed("(", parts, ")"))]

    def _service(self, service: ServiceType, *, is_actor: bool = False) -> Doc:
        methods: list[Doc] = []
        for name, type_ in service.methods:
            written = self._type(type_)
            if is_actor and self._is_recursive(type_):
                # The library reads the modes of a method, which a placeholder does not have.
                written = [written, ".getType()"]
            key = "['__proto__']" if name == "__proto__" else quoted(name)
            methods.append([f"{key} : ", written])
        return ["IDL.Service", enclosed("({", listed(methods, ","), "})", SPACE)]


_NAMES = {
    **{kind: kind.capitalize() for kind in ("opt", "vec", "record", "variant", "null", "bool")},
    **{kind: kind.capitalize() for kind in ("text", "reserved", "empty", "principal")},
    **{f"{kind}{bits}": f"{kind.capitalize()}{bits}" for kind in ("nat", "int")
       for bits in ("", 8, 16, 32, 64)},
    **{f"float{bits}": f"Float{bits}" for bits in (32, 64)},
}  # fmt: skip


def _functions(service: ServiceType) -> list[Type]:
    return [type_ for _name, type_ in service.methods]


def parts_of(type_: Type) -> list[Type]:
    """Return the types that a type is made of, in the order of the text that is written."""
    if isinstance(type_, Opt | Vec):
        return [type_.inner]
    if isinstance(type_, Record | Variant):
        return [field.type for field in type_.fields]
    if isinstance(type_, Func):
        return [*type_.args, *type_.results]
    if isinstance(type_, ServiceType):
        return _functions(type_)
    return []


def ordered(roots: Sequence[Type]) -> tuple[list[str], set[str]]:
    """Return the names that types use, each after those it uses, and which of them cannot be so."""
    order: dict[str, None] = {}
    begun: set[str] = set()
    recursive: set[str] = set()

    def visit(type_: Type) -> None:
        if not isinstance(type_, Ref):
            for part in parts_of(type_):
                visit(part)
        elif type_.name not in begun:
            begun.add(type_.name)
            visit(type_.scope.find(type_.name))
            order[type_.name] = None
        elif type_.name not in order:
            recursive.add(type_.name)

    for root in roots:
        visit(root)
    return list(order), recursive
