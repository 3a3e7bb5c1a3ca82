"""What goes to a network and comes back: a call to make, and the answer to it."""

from originstamp_cli.candid.principal import Principal
from originstamp_cli.candid.types import Type
from originstamp_cli.candid.values import Value

QUERY = "query"
UPDATE = "update"


class Request:
    """One call to make: which method of which canister, with what, for whom.

    The values are of `types`; with None each brings its own. `data`, where it is given, is sent in
    their place, whatever bytes it is. `kind` is "query" or "update".
    """

    __slots__ = ("caller", "canister", "data", "kind", "method", "types", "values")

    def __init__(  # noqa: PLR0913 - the parts of a call
        self,
        canister: Principal,
        method: str,
        *,
        values: list[Value] | None = None,
        types: list[Type] | None = None,
        data: bytes | None = None,
        caller: Principal,
        kind: str,
    ) -> None:
        self.canister = canister
        self.method = method
        self.values = values or []
        self.types = types
        self.data = data
        self.caller = caller
        self.kind = kind

    @property
    def sent(self) -> bytes:
        """The bytes of the argument."""
        if self.data is not None:
            return self.data
        from originstamp_cli.candid import encode_args

        return encode_args(self.values, self.types)


class Reply:
    """What a method answered: its values and the types they are of."""

    __slots__ = ("types", "values")

    def __init__(self, values: list[Value], types: list[Type]) -> None:
        self.values = values
        self.types = types

    @property
    def data(self) -> bytes:
        """The bytes of the answer."""
        from originstamp_cli.candid import encode_args

        return encode_args(self.values, self.types)

    def read_at(self, types: list[Type] | None) -> tuple[list[Value], list[Type]]:
        """Return the values and types as a caller gets them that expects `types`.

        With none expected, field names are lost, as they are on the wire. Raises `CandidError` when
        they do not fit.
        """
        if types is self.types:
            return self.values, self.types
        from originstamp_cli.candid import decode_args

        return decode_args(self.data, types)
