"""Where a command acts: a network, and the project that the user stands in, if any."""

from functools import cached_property

from originstamp_cli.candid.principal import Principal
from originstamp_cli.canister import installation
from originstamp_cli.canister.canisters import CANISTERS, as_id, no_such_canister
from originstamp_cli.canister.lifecycle import id_of
from originstamp_cli.canister.runtime import Canister
from originstamp_cli.cli.call import caller_of, reach
from originstamp_cli.cli.common import Console
from originstamp_cli.cli.options import missing_option
from originstamp_cli.cli.usage import nearest
from originstamp_cli.errors import OriginStampError, UsageError
from originstamp_cli.network import Local, connect
from originstamp_cli.project import Project, find_project, no_project
from originstamp_cli.project.ids import CANDID_UI, Ids
from originstamp_cli.project.networks import HOST, Described, describe
from originstamp_cli.settings import LOCAL

CANDID_UI_ID = id_of(0)  # the page that shows interfaces, which a network installs first


class Site:
    """The network and the project of one command, looked at when they are first needed."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.settings = console.settings

    @cached_property
    def described(self) -> Described:
        """The network that the command names; raises `NetworkError` where there is none."""
        return describe(self.settings)

    @cached_property
    def project(self) -> Project | None:
        """The project, if the user stands in one."""
        return find_project(self.settings.environment.folder)

    @cached_property
    def network(self) -> Local:
        """The embedded network, without whether it runs; raises `NetworkError` for others."""
        return connect(self.settings)

    @cached_property
    def caller(self) -> Principal:
        """Who acts, on a network that was reached and runs."""
        reach(self.settings)
        self.network.check_running()
        return caller_of(self.settings)

    @property
    def on_network(self) -> str:
        """What dfx adds to its sentences on any network but the local one."""
        name = self.described.name
        return "" if name == LOCAL else f" on network {name}"

    def canister(self, name: str) -> Canister | None:
        """Return the canister that runs here under a name."""
        return CANISTERS.get(name)

    def name_of(self, text: str) -> str:
        """Return the name of a canister that is given by its id; any other text is a name."""
        if self.described.embedded:
            for name, known in self.network.directory.ids.items():
                if known.text == text:
                    return name
        kept = self.ids.names() if self.ids else {}
        return next((name for name, known in kept.items() if known == text), text)

    def names(self) -> list[str]:
        """Return the canisters of the project; outside of one those that run here."""
        if self.project is None:
            return [*CANISTERS]
        return self.project.with_dependencies(self.project.config.canisters)

    def chosen(self, name: str | None, *, all_: bool) -> list[str]:
        """Return the canisters that a command is about; raises `UsageError` in clap's words."""
        if name is not None and all_:
            raise UsageError("the argument '--all' cannot be used with '[CANISTER_NAME]'")
        if name is None and not all_:
            raise missing_option("--all")
        return self.names() if name is None else [name]

    def known(self, name: str) -> None:
        """Raise `OriginStampError` for a name that neither the program nor the project knows."""
        if name in CANISTERS:
            return
        if self.project is None:
            error = no_project()
            known = " and ".join(CANISTERS)
            near = nearest(name, [*CANISTERS]).lstrip()
            raise OriginStampError(
                error.message,
                fix=near or f"Without a project there is {known}; others are named in a dfx.json.",
            )
        if name not in self.project.config.canisters:
            names = list(dict.fromkeys([*self.project.config.canisters, *CANISTERS]))
            raise OriginStampError(
                f"Canister '{name}' not found in dfx.json.",
                fix=nearest(name, names).lstrip() or f"The canisters are {', '.join(names)}.",
            )

    @property
    def ids(self) -> Ids | None:
        """The ids that the project keeps for the network, None outside of a project."""
        if self.project is None:
            return None
        embedded = self.described.embedded
        known = installation.network_id(self.network.host) if embedded else None
        return Ids(self.project, self.described, known)

    def identifier(self, name: str) -> Principal:
        """Return the id of a canister; raises `OriginStampError` in dfx's words."""
        if name in CANISTERS and self.described.embedded:
            return self.network.canister_id(name)
        kept = self.ids.get(name) if self.ids else None
        if kept is not None:
            return as_id(kept, name)
        try:
            return Principal.from_text(name)
        except ValueError:
            known = tuple(self.project.config.canisters) if self.project else ()
            raise no_such_canister(name, self.described.name, known) from None

    def keep(self, added: dict[str, str]) -> None:
        """Write ids into the project's file; outside of a project nothing is written."""
        if self.project is None or not added:
            return
        lasting = self.described.persistent
        made = None
        if self.described.embedded and not lasting:
            made = installation.network_id(self.network.host, make=True)
            added = added | {CANDID_UI: CANDID_UI_ID.text}
        ids = Ids(self.project, self.described, made)
        if ids.keep(added) and lasting:
            self.console.warn(
                f'The "{ids.path}" file has been generated. Please make sure you store it '
                "correctly, e.g., submitting it to a GitHub repository."
            )

    def forget(self, name: str) -> None:
        """Take the id of a canister out of the project's file."""
        if self.ids is not None:
            self.ids.drop(name)

    def url(self, canister: str) -> str:
        """Return where a canister of the embedded network would be looked at in a browser."""
        return f"http://{HOST}/?canisterId={CANDID_UI_ID}&id={canister}"
