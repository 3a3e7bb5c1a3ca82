"""How values without parts are printed, and the check that they are of their type."""

from collections.abc import Callable

from .escapes import quote, show_label
from .principal import Principal
from .types import RANGES
from .values import FuncRef, Reserved, ServiceRef

Printer = Callable[[object], str]

# In an `opt` these stand in parentheses.
IN_PARENTHESES = frozenset((*RANGES, "nat", "int", "float32", "float64", "null", "reserved"))


def wrong(value: object, kind: str) -> TypeError:
    """Return the error of printing a value that is not of the type `kind`."""
    return TypeError(f"a {type(value).__name__} is no value of the Candid type {kind}")


def show_text(value: object) -> str:
    """Return a text, quoted."""
    if not isinstance(value, str):
        raise wrong(value, "text")
    return quote(value)


def show_bool(value: object) -> str:
    """Return `true` or `false`."""
    if not isinstance(value, bool):
        raise wrong(value, "bool")
    return "true" if value else "false"


def show_null(value: object) -> str:
    """Return the null."""
    if value is not None:
        raise wrong(value, "null")
    return "null : null"


def show_reserved(value: object) -> str:
    """Return what stands for anything."""
    if not isinstance(value, Reserved):
        raise wrong(value, "reserved")
    return "null : reserved"


def show_principal(value: object) -> str:
    """Return a principal with its keyword."""
    if not isinstance(value, Principal):
        raise wrong(value, "principal")
    return f'principal "{value.text}"'


def show_service(value: object) -> str:
    """Return the principal of a canister with its keyword."""
    if not isinstance(value, ServiceRef):
        raise wrong(value, "service")
    return f'service "{value.principal.text}"'


def show_func(value: object) -> str:
    """Return a method and the canister it is of."""
    if not isinstance(value, FuncRef):
        raise wrong(value, "func")
    return f'func "{value.principal.text}".{show_label(value.method)}'


def show_empty(value: object) -> str:
    """Raise: no value is of this type."""
    raise wrong(value, "empty")


def show_blob(value: object) -> str:
    """Return bytes: themselves where all are printable, else each as two hex digits."""
    data = blob_of(value)
    plain = data.translate(None, b"\t\n\r").decode("latin-1")
    if plain.isascii() and (plain.isprintable() or not plain):
        return f'blob "{data.decode("ascii").translate(_BLOB_ESCAPES)}"'
    return 'blob "\\' + data.hex("\\") + '"' if data else 'blob ""'


def blob_of(value: object) -> bytes:
    """Return the value, which is bytes; raises `TypeError` if not."""
    if not isinstance(value, bytes):
        raise wrong(value, "blob")
    return value


_BLOB_ESCAPES = {code: f"\\{code:02x}" for code in b"\"'`\\\t\n\r"}


def digits(number: int, *, grouped: bool) -> str:
    """Return the decimal digits of a number, in groups of three between `_` if so wanted."""
    try:
        return f"{number:_}" if grouped else str(number)
    except ValueError:
        # Python's limit on the digits of one conversion.
        from .big_numbers import write_digits

        written = write_digits(number)
    if not grouped:
        return written
    sign = "-" if number < 0 else ""
    written = written.lstrip("-")
    written = written.rjust(-(-len(written) // 3) * 3)
    groups = [written[at : at + 3] for at in range(0, len(written), 3)]
    return sign + "_".join(groups).lstrip()


def check_integer(value: object, kind: str) -> int:
    """Return the value, which is an integer of this kind; raises what is wrong with it if not."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(value, kind)
    low, high = RANGES.get(kind, (0 if kind == "nat" else value, value))
    if not low <= value <= high:
        raise ValueError(f"the number is out of the range of the Candid type {kind}")
    return value


def check_float(value: object, kind: str) -> float:
    """Return the value, which is a float; raises `TypeError` if not."""
    if not isinstance(value, float):
        raise wrong(value, kind)
    return value


def _integer(kind: str) -> Printer:
    suffix = f" : {kind}"

    def show(value: object) -> str:
        return digits(check_integer(value, kind), grouped=True) + suffix

    return show


def _show_float32(value: object) -> str:
    from .floats import show_float, to_float32

    number = to_float32(check_float(value, "float32"))
    return f"{show_float(number, single=True)} : float32"


def _show_float64(value: object) -> str:
    from .floats import show_float

    return f"{show_float(check_float(value, 'float64'))} : float64"


def _show_number(value: object) -> str:
    return digits(check_integer(value, "number"), grouped=False)


LEAVES: dict[str, Printer] = {
    **{kind: _integer(kind) for kind in ("nat", "int", *RANGES)},
    "float32": _show_float32,
    "float64": _show_float64,
    "number": _show_number,
    "written": str,
    "text": show_text,
    "bool": show_bool,
    "null": show_null,
    "reserved": show_reserved,
    "principal": show_principal,
    "service": show_service,
    "func": show_func,
    "empty": show_empty,
}
