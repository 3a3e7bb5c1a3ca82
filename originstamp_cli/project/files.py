"""dfx's JSON files: read with what matters here checked, and written so that they are whole."""

from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError, model_validator

from originstamp_cli.errors import OriginStampError

_Model = TypeVar("_Model", bound=BaseModel)


class _Lenient(BaseModel):
    """A part of a file that is dfx's: what we do not know is left to dfx."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        """Take a null for a thing that is not there, as dfx does."""
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if value is not None}


class Remote(_Lenient):
    """Where a canister is that somebody else deploys: its id on each network."""

    id: dict[str, str] = {}


class CanisterConfig(_Lenient):
    """What dfx.json says of a canister, as far as it matters here."""

    type: str | None = None
    dependencies: list[str] = []
    remote: Remote | None = None
    specified_id: str | None = None
    init_arg: str | None = None
    init_arg_file: str | None = None
    build: str | list[str] = []
    pre_install: str | list[str] = []
    post_install: str | list[str] = []
    post_deploy: str | list[str] = []

    def hooks(self, *, deployed: bool) -> list[str]:
        """Return the commands to run once the canister is installed or deployed, in order."""
        return [*_listed(self.post_install), *(_listed(self.post_deploy) if deployed else [])]

    @property
    def left_out(self) -> list[str]:
        """The names of the steps that never run here."""
        return [name for name in ("build", "pre_install") if _listed(getattr(self, name))]


class NetworkConfig(_Lenient):
    """A network: where it answers, and whether it outlasts a restart."""

    providers: list[str] | None = None
    bind: str | None = None
    type: Literal["ephemeral", "persistent"] | None = None


class DfxJson(_Lenient):
    """A project's dfx.json."""

    canisters: dict[str, CanisterConfig] = {}
    networks: dict[str, NetworkConfig | None] = {}
    output_env_file: str | None = None


class NetworksJson(RootModel[dict[str, NetworkConfig | None]]):
    """The networks.json that all projects share."""


class IdsJson(RootModel[dict[str, dict[str, str]]]):
    """A canister_ids.json: the id of each canister on each network."""

    root: dict[str, dict[str, str]] = Field(default_factory=dict)


def read(path: str, model: type[_Model]) -> _Model | None:
    """Return what a file holds, None where there is none.

    Raises `OriginStampError` with the full path and, where it is no JSON, the place in it.
    """
    try:
        with open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OriginStampError(
            f"{path} cannot be read: {error.strerror}.", fix="Check who may read it."
        ) from error
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        what = f"failed to parse contents of {path} as json"
        raise OriginStampError(what, causes=tuple(_flaws(error))) from error


def _listed(commands: str | list[str]) -> list[str]:
    return [commands] if isinstance(commands, str) else commands


def _flaws(error: ValidationError) -> list[str]:
    """Return what is wrong with a file, each flaw with its place."""
    found = []
    for details in error.errors():
        where = ".".join(str(part) for part in details["loc"])
        said = details["msg"].removeprefix("Invalid JSON: ")
        found.append(f"{where}: {said}" if where else said)
    return found
