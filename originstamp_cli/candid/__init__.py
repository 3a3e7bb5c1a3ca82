"""Candid as text: interfaces and arguments are read, values printed, to the byte as officially.

It knows nothing of the canister and needs the standard library only. Names are looked up when they
are first used, so that a program loads no more of it than it needs.
"""

# What type checkers see; at run time `__getattr__` below finds the same.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .decode import decode_args as decode_args
    from .did import Program as Program
    from .did import check_did as check_did
    from .did import parse_program as parse_program
    from .did import parse_service as parse_service
    from .encode import encode_args as encode_args
    from .errors import CandidError as CandidError
    from .json_text import to_json as to_json
    from .parse import parse_args as parse_args
    from .parse import parse_dfx_argument as parse_dfx_argument
    from .principal import Principal as Principal
    from .random_values import random_args as random_args
    from .service import Method as Method
    from .service import Service as Service
    from .show import show_args as show_args
    from .show import show_type as show_type
    from .show import show_value as show_value
    from .subtype import is_subtype as is_subtype
    from .subtype import why_not_subtype as why_not_subtype
    from .types import Type as Type
    from .types import field_id as field_id
    from .upgrade import why_not_upgrade as why_not_upgrade
    from .values import RESERVED_VALUE as RESERVED_VALUE
    from .values import FuncRef as FuncRef
    from .values import Reserved as Reserved
    from .values import ServiceRef as ServiceRef
    from .values import Some as Some
    from .values import Tag as Tag
    from .values import Typed as Typed
    from .values import Value as Value

_PLACES = {
    "decode": ("decode_args",),
    "did": ("Program", "check_did", "parse_program", "parse_service"),
    "encode": ("encode_args",),
    "errors": ("CandidError",),
    "json_text": ("to_json",),
    "parse": ("parse_args", "parse_dfx_argument"),
    "principal": ("Principal",),
    "random_values": ("random_args",),
    "service": ("Method", "Service"),
    "show": ("show_args", "show_type", "show_value"),
    "subtype": ("is_subtype", "why_not_subtype"),
    "types": ("Type", "field_id"),
    "upgrade": ("why_not_upgrade",),
    "values": (
        *("FuncRef", "RESERVED_VALUE", "Reserved", "ServiceRef", "Some", "Tag", "Typed", "Value"),
    ),
}


def __getattr__(name: str) -> object:
    for place, names in _PLACES.items():
        if name in names:
            # The import statement in a function, spelt so that the name can vary.
            module = __import__(f"{__name__}.{place}", fromlist=(name,))
            found: object = getattr(module, name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
