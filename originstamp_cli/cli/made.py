"""What becomes of a canister on its way to running: it is created, built, and written down."""

import os

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import installation
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.cli.hooks import did_path, variables
from originstamp_cli.cli.site import CANDID_UI_ID, Site
from originstamp_cli.errors import OriginStampError
from originstamp_cli.project import no_project
from originstamp_cli.project.dotenv import env_file, write_block
from originstamp_cli.project.writing import write_text


def create(
    site: Site,
    name: str,
    settings: installation.Settings | None = None,
    specified: Principal | None = None,
    *,
    told: bool = False,
) -> bool:
    """Create a canister unless it is there, and return whether that was done now.

    `told` has one that is there told as well. One without code here, such as a front end, gets an
    id and no more. Raises `OriginStampError`.
    """
    created = _created(site, name, settings, specified)
    if created.is_new or site.canister(name):  # an id of dfx.json's own is kept there
        site.keep({name: created.id})
    if created.is_new:
        site.console.inform(
            f"{name} canister created{site.on_network} with canister id: {created.id}"
        )
    elif told:
        site.console.inform(
            f"{name} canister was already created{site.on_network} and has canister id: "
            f"{created.id}"
        )
    return created.is_new


def _created(
    site: Site, name: str, settings: installation.Settings | None, specified: Principal | None
) -> installation.Created:
    canister = site.canister(name)
    wanted = specified or _named(site, name)
    if canister is not None:
        _refuse_taken(site, name, wanted)
        host = site.network.host
        created = installation.create(host, canister, site.caller, settings, wanted)
        site.network.look_again()
        return created
    known = site.ids.get(name) if site.ids else None
    if known:
        return installation.Created(known, is_new=False)
    installation.refuse_nobody(site.caller)
    made = wanted.text if wanted else installation.new_id(site.network.host)
    return installation.Created(made, is_new=True)


def _named(site: Site, name: str) -> Principal | None:
    """Return the id that dfx.json wants a canister to have."""
    given = site.project.canister(name).specified_id if site.project else None
    try:
        return Principal.from_text(given) if given else None
    except ValueError as error:
        raise OriginStampError(
            f"The specified_id of canister '{name}' in dfx.json is no principal: {error}"
        ) from error


def _refuse_taken(site: Site, name: str, wanted: Principal | None) -> None:
    """Raise `OriginStampError` for an id that is another's, or can be no canister's."""
    if wanted is None:
        return
    others = {known for each, known in site.network.directory.ids.items() if each != name}
    longest = 10  # bytes of a canister's id; what is longer is somebody's principal
    if wanted in others | {CANDID_UI_ID} or not 1 < len(wanted.raw) <= longest:
        raise OriginStampError(
            f"The canister '{name}' cannot have the id {wanted}: it is taken, or no canister's."
        )


def build(site: Site, name: str) -> None:
    """Check that what a canister serves is what it says, and leave its interface in the project.

    Raises `OriginStampError` with every method that differs.
    """
    canister = site.canister(name)
    if canister is None:
        known = " and ".join(CANISTERS)
        site.console.inform(f"Not built: {name}. This program holds the code of {known} only.")
        return
    site.console.inform(f"Building canister '{name}'.")
    flaws = installation.flaws(canister)
    if flaws:
        raise OriginStampError(f"Failed to build canister '{name}'.", causes=tuple(flaws))
    if site.project is None:
        return
    path = did_path(site, site.project, name)
    folder = os.path.dirname(path)
    for file in (path, os.path.join(folder, "service.did")):
        write_text(file, canister.did())
    write_text(os.path.join(folder, "constructor.did"), canister.did())
    write_text(os.path.join(folder, "init_args.txt"), "()")
    site.console.detail(
        f"No {name}.wasm is written: this program holds the canister's code itself."
    )


def env_path(site: Site, given: str | None) -> str | None:
    """Return the env file that is wanted, None where none is; raises `OriginStampError`."""
    if site.project is not None:
        return env_file(site.project, given, site.settings.environment.folder)
    if given:
        raise no_project()
    return None


def keep_variables(site: Site, path: str | None, names: list[str]) -> None:
    """Keep the variables of the canisters in an env file, if one is wanted."""
    if site.project is not None and path is not None:
        for name in names:
            write_block(path, variables(site, site.project, name))
