"""What dfx.json says of the declarations that `generate` writes."""

from typing import Literal

from pydantic import BaseModel


class Declarations(BaseModel):
    """What dfx.json says of a canister's declarations."""

    output: str | None = None
    bindings: list[Literal["js", "ts", "did", "mo"]] | None = None
    env_override: str | None = None
    node_compatibility: bool = False


class Canister(BaseModel):
    """What dfx.json says of a canister, as far as it matters here."""

    candid: str | None = None
    dependencies: list[str] = []
    declarations: Declarations = Declarations()


class DfxJson(BaseModel):
    """A dfx.json, as far as it matters here."""

    canisters: dict[str, Canister] | None = None
