"""The Candid codec beside that of icp-py-core, which checks little of what ours refuses.

CPU time of both in one process, in turn.
"""

from icp_candid import Types, decode, encode
from measuring import Bound, Report, Table, beside, times

from originstamp_cli.candid import decode_args, encode_args, parse_args, show_args
from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.types import NAT8, Opt, Record, Ref, Type, Vec
from originstamp_cli.candid.values import Value
from originstamp_cli.canister import backend

RUNS = 30
RECORDS = 1_000
ATTRIBUTES = 8
MEBIBYTE = 1 << 20


def token(number: int) -> dict[str, Value]:
    """Return a `Token` of the backend's interface."""
    return {
        "id": number,
        "owner": {"owner": Principal.from_text("rrkah-fqaaa-aaaaa-aaaaq-cai"), "subaccount": None},
        "metadata": {
            "name": f"Harbour - #{number}",
            "description": "Oil on linen",
            "image": "https://photos.example/1.jpg",
            "attributes": [(f"trait_{at}", f"value {number} {at}") for at in range(ATTRIBUTES)],
        },
        "created_at": 1_735_689_600_000_000_000 + number,
        "session_id": "0123456789abcdef",
    }


def theirs_of(type_: Type) -> object:
    """Return the type as icp-py-core writes it."""
    if isinstance(type_, Ref):
        return theirs_of(type_.resolve())
    if isinstance(type_, Opt | Vec):
        make = Types.Opt if isinstance(type_, Opt) else Types.Vec
        return make(theirs_of(type_.inner))
    if isinstance(type_, Record):
        return Types.Record({field.label: theirs_of(field.type) for field in type_.fields})
    return getattr(Types, type_.kind.capitalize())


def theirs(value: Value, type_: Type) -> object:
    """Return the value as icp-py-core has it."""
    type_ = type_.resolve()
    if isinstance(type_, Opt):
        return [] if value is None else [theirs(value, type_.inner)]
    if isinstance(type_, Vec):
        return value if type_.is_blob else [theirs(item, type_.inner) for item in value]
    if isinstance(type_, Record):
        members = value if type_.is_tuple else [value[field.label] for field in type_.fields]
        pairs = zip(type_.fields, members, strict=True)
        return {str(field.label): theirs(member, field.type) for field, member in pairs}
    return value.raw if isinstance(value, Principal) else value


def measure() -> Report:
    """Return what each thing took beside theirs, and the most that it may."""
    tokens = Vec(backend.interface().scope.find("Token"))
    values = [token(number) for number in range(RECORDS)]
    blob, bytes_ = Vec(NAT8), bytes(range(256)) * (MEBIBYTE // 256)
    message, large = encode_args([values], [tokens]), encode_args([bytes_], [blob])
    text = show_args([values], [tokens])
    their_tokens, their_values = theirs_of(tokens), theirs(values, tokens)
    their_blob = theirs_of(blob)
    if encode([{"type": their_tokens, "value": their_values}])[-100:] != message[-100:]:
        raise SystemExit("the two codecs do not write the same values")
    took = times(
        {
            "tokens to bytes": lambda: encode_args([values], [tokens]),
            "their tokens to bytes": lambda: encode(
                [{"type": their_tokens, "value": their_values}]
            ),
            "bytes to tokens": lambda: decode_args(message, [tokens]),
            "their bytes to tokens": lambda: decode(message, [their_tokens]),
            "text to tokens": lambda: parse_args(text, [tokens]),
            "blob to bytes": lambda: encode_args([bytes_], [blob]),
            "their blob to bytes": lambda: encode([{"type": their_blob, "value": bytes_}]),
            "bytes to blob": lambda: decode_args(large, [blob]),
            "their bytes to blob": lambda: decode(large, [their_blob]),
        },
        RUNS,
    )
    rows = [[name, f"{min(seconds) * 1000:.3f}"] for name, seconds in took.items()]
    bounds = [
        Bound(f"Candid: {name} / icp-py-core's", beside(took[name], took[f"their {name}"]), 1.0)
        for name in ("tokens to bytes", "bytes to tokens", "blob to bytes", "bytes to blob")
    ]
    bounds.append(
        Bound(
            "Candid: text to tokens / icp-py-core's bytes to tokens",
            beside(took["text to tokens"], took["their bytes to tokens"]),
            4.0,
        )
    )
    return Report([Table("Candid", ["work", "CPU ms"], rows)], bounds)
