"""The `.did.d.ts` of an interface: what its types are in TypeScript, with its comments."""

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

from .layout import SPACE, Doc, Nest, enclosed, laid_out, lines, listed
from .names import RESERVED, identifiers, property_name, quoted

_HEAD = """\
import type { Principal } from '@dfinity/principal';
import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
"""
_TAIL = (
    "export declare const idlFactory: IDL.InterfaceFactory;",
    "export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];",
)

_SIMPLE = {
    "null": "null",
    "bool": "boolean",
    "text": "string",
    "reserved": "any",
    "empty": "never",
    "principal": "Principal",
    **dict.fromkeys(("nat", "int", "nat64", "int64"), "bigint"),
    **dict.fromkeys(("nat8", "nat16", "nat32", "int8", "int16", "int32"), "number"),
    **dict.fromkeys(("float32", "float64"), "number"),
}
_ARRAYS = {
    **{f"nat{bits}": f"Uint{bits}Array | number[]" for bits in (8, 16, 32)},
    **{f"int{bits}": f"Int{bits}Array | number[]" for bits in (8, 16, 32)},
    "nat64": "BigUint64Array | bigint[]",
    "int64": "BigInt64Array | bigint[]",
}
# What the text itself uses, and what TypeScript lets no type be called or used as.
_TAKEN = RESERVED | {
    *("Principal", "ActorMethod", "IDL", "_SERVICE", "Array"),
    *[array.partition(" ")[0] for array in _ARRAYS.values()],
    *("any", "unknown", "never", "undefined", "number", "bigint", "string", "symbol", "object"),
    *("as", "asserts", "infer", "keyof", "readonly", "unique"),
}


def typescript(program: Program) -> str:
    """Return the text of the declarations that belong to `javascript`."""
    writer = _Writer(program)
    definitions = [writer.definition(name) for name in sorted(program.types)]
    return laid_out(lines([_HEAD, *definitions, writer.actor(), *_TAIL]))


class _Writer:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.names = identifiers(program.types, _TAKEN)

    def definition(self, name: str) -> Doc:
        """Write a type of the interface under its name."""
        type_ = self.program.types[name]
        return [_comment(self.program.docs[name]), self._definition(self.names[name], type_)]

    def _definition(self, name: str, type_: Type) -> Doc:
        if isinstance(type_, Record) and not type_.is_tuple:
            return [f"export interface {name} ", self._type(type_)]
        if isinstance(type_, ServiceType):
            return [f"export interface {name} ", self._methods(type_)]
        written = self._func(type_) if isinstance(type_, Func) else self._type(type_)
        if isinstance(type_, Ref):
            written = self.names[type_.name]
        return [f"export type {name} = ", written, ";"]

    def actor(self) -> Doc:
        """Write the service under the name that an actor's type is known by."""
        actor, comment = self.program.actor, _comment(self.program.actor_doc)
        if isinstance(actor, Ref):
            return [comment, f"export interface _SERVICE extends {self.names[actor.name]} {{}}"]
        if not isinstance(actor, ServiceType):
            raise TypeError("the program has no service")  # it was read, so it has
        return [comment, "export interface _SERVICE ", self._methods(actor)]

    # --- types ---

    def _type(self, type_: Type) -> Doc:  # noqa: PLR0911 - one for each kind
        kind = type_.resolve().kind
        if kind == "func":
            return "[Principal, string]"
        if kind == "service":
            return "Principal"
        if isinstance(type_, Ref):
            return self.names[type_.name]
        if isinstance(type_, Opt):
            return ["[] | ", enclosed("[", self._type(type_.inner), "]")]
        if isinstance(type_, Vec):
            return self._vec(type_)
        if isinstance(type_, Record):
            return self._record(type_)
        if isinstance(type_, Variant):
            return self._variant(type_)
        return _SIMPLE[kind]

    def _vec(self, vec: Vec) -> Doc:
        kind = vec.inner.resolve().kind
        return _ARRAYS.get(kind) or ["Array", enclosed("<", self._type(vec.inner), ">")]

    def _record(self, record: Record) -> Doc:
        if record.is_tuple:
            return self._tuple([field.type for field in record.fields])
        fields: list[Doc] = [[_comment(each.doc), self._field(each)] for each in record.fields]
        return enclosed("{", listed(fields, ","), "}", SPACE)

    def _variant(self, variant: Variant) -> Doc:
        if not variant.fields:
            return "never"
        tags: list[Doc] = [
            enclosed("{", [_comment(each.doc), self._field(each)], "}", SPACE)
            for each in variant.fields
        ]
        return Nest(listed(tags, " |", closes=False))

    def _field(self, field: Field) -> Doc:
        return [f"{property_name(field)} : ", self._type(field.type)]

    def _tuple(self, types: Sequence[Type]) -> Doc:
        return enclosed("[", listed([self._type(type_) for type_ in types], ","), "]")

    def _func(self, func: Func) -> Doc:
        results: Doc = "undefined"
        if len(func.results) == 1:
            results = self._type(func.results[0])
        elif func.results:
            results = self._tuple(func.results)
        parts = listed([self._tuple(func.args), results], ",", closes=False)
        return enclosed("ActorMethod<", parts, ">")

    def _methods(self, service: ServiceType) -> Doc:
        methods: list[Doc] = []
        for name, type_ in service.methods:
            written = self._func(type_) if isinstance(type_, Func) else self._named(type_)
            comment = _comment(service.docs.get(name, ""))
            methods.append([comment, f"{quoted(name)} : ", written])
        return enclosed("{", listed(methods, ","), "}", SPACE)

    def _named(self, type_: Type) -> str:
        return self.names[type_.name] if isinstance(type_, Ref) else ""


def _comment(doc: str) -> Doc:
    """Return a comment as JSDoc; what would end it early is broken up."""
    if not doc:
        return ""
    told = [f" * {line}" for line in doc.replace("*/", "*\\/").split("\n")]
    return lines(["/**", *told, " */"])
