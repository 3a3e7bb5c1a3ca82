"""What a line of a batch may be that is a JSON object."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class JsonLine(BaseModel):
    """A line that is a JSON object; `args` is Candid text, or a list of values as JSON."""

    model_config = ConfigDict(extra="forbid", strict=True)

    method: str
    args: str | list[Any] | None = None
    canister: str | None = None
    identity: str | None = None
