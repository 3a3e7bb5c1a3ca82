"""Messages of the official JavaScript library and ours, by the backend's generated declarations."""

from typing import Any

import declared
import javascript
from candid_strategies import values_of
from hypothesis import given, settings
from hypothesis import strategies as st
from wire import alike

from originstamp_cli.bindings.declarations import declarations
from originstamp_cli.candid import decode_args, encode_args, parse_service
from originstamp_cli.candid.types import Field, Opt, Record, Type, Variant, Vec

DID = declared.interfaces()["backend"]
SERVICE = parse_service(DID)
JS = declarations("backend", DID, ("js",))["backend.did.js"]
MESSAGES: list[tuple[str, str, list[Type]]] = [
    message
    for name, method in SERVICE.methods.items()
    for message in ((name, "argTypes", method.args), (name, "retTypes", method.results))
]


def values_at(types: list[Type]) -> st.SearchStrategy[Any]:
    return st.tuples(*[values_of(without_names(type_)) for type_ in types])


def without_names(type_: Type) -> Type:
    """Return a type with what its names stand for in their places; none is recursive here."""
    found = type_.resolve()
    if isinstance(found, Opt | Vec):
        return type(found)(without_names(found.inner))
    if isinstance(found, Record | Variant):
        fields = [Field(each.label, without_names(each.type)) for each in found.fields]
        return type(found)(fields)
    return found


@settings(max_examples=4, deadline=None)
@given(st.tuples(*[values_at(types) for _name, _part, types in MESSAGES]))
def test_what_the_library_sends_is_what_we_send(values: tuple[Any, ...]) -> None:
    sent = [
        encode_args(each, types)
        for each, (_name, _part, types) in zip(values, MESSAGES, strict=True)
    ]

    told = javascript.recode(
        [
            {"js": JS, "method": name, "part": part, "hex": message.hex()}
            for message, (name, part, _types) in zip(sent, MESSAGES, strict=True)
        ]
    )

    for each, message, answer, (name, _part, types) in zip(
        values, sent, told, MESSAGES, strict=True
    ):
        back = bytes.fromhex(answer["hex"])
        assert alike(back) == alike(message), name
        assert decode_args(back, types)[0] == list(each), name
