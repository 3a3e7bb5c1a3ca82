"""The served interface and the functions behind it are one and the same."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from originstamp_cli.candid import parse_service, show_type
from originstamp_cli.candid.types import Opt, Record, Type, Variant, Vec
from originstamp_cli.canister import backend, interfaces, nft
from originstamp_cli.canister.canisters import CANISTERS
from originstamp_cli.canister.lifecycle import id_of

SERVICES = {name: parse_service(canister.did()) for name, canister in CANISTERS.items()}
ROOMS = {backend.NAME: backend.ROOMS, nft.NAME: nft.ROOMS}
METHODS = [(name, method) for name, service in SERVICES.items() for method in service.methods]
SERVICE = SERVICES[backend.NAME]

each_canister = pytest.mark.parametrize("canister", CANISTERS)


def test_every_canister_is_looked_at() -> None:
    assert list(ROOMS) == list(CANISTERS) == ["backend", "nft"]


@each_canister
def test_every_method_of_the_interface_has_its_function_and_no_other(canister: str) -> None:
    named = [name for names in ROOMS[canister].values() for name in names]

    assert sorted(named) == sorted(SERVICES[canister].methods)


@pytest.mark.parametrize(("canister", "name"), METHODS)
def test_a_function_has_the_mode_and_the_arguments_of_its_method(canister: str, name: str) -> None:
    method = SERVICES[canister].methods[name]
    function = CANISTERS[canister].find_method(name)
    assert function is not None
    parameters = list(inspect.signature(function).parameters)

    assert function.is_query is (method.mode == "query")
    assert parameters[0] in {"call", "_call"}
    assert len(parameters) - 1 == len(method.args)


# What the friendly face asks of the canister beyond its interface.
OF_NO_INTERFACE = {"why_not_add_photos", "generate_upload_url_for"}


@pytest.mark.parametrize(
    ("canister", "room"), [(name, room) for name, rooms in ROOMS.items() for room in rooms]
)
def test_no_marked_function_is_left_out_of_the_interface(canister: str, room: str) -> None:
    module = import_module(f"originstamp_cli.canister.{room}")
    marked = {
        name
        for name, found in vars(module).items()
        if hasattr(found, "is_query") and getattr(found, "__module__", "") == module.__name__
    }

    assert marked - OF_NO_INTERFACE == set(ROOMS[canister][room])


@each_canister
def test_every_field_of_a_record_has_a_name(canister: str) -> None:
    """Printed as JSON, fields are sorted by it (`render.json_line`)."""
    service = SERVICES[canister]
    waiting = [each for method in service.methods.values() for each in method.results]
    seen: set[Type] = set()
    while waiting:
        type_ = waiting.pop()
        if type_ in seen:
            continue
        seen.add(type_)
        structure = type_.resolve()
        if isinstance(structure, Record | Variant):
            is_named = all(isinstance(field.label, str) for field in structure.fields)
            assert is_named or getattr(structure, "is_tuple", False), show_type(structure)
            waiting += [field.type for field in structure.fields]
        elif isinstance(structure, Opt | Vec):
            waiting.append(structure.inner)

    assert any(isinstance(each.resolve(), Record) for each in seen)


@each_canister
def test_the_compiled_interface_is_that_of_the_file(canister: str) -> None:
    compiled = getattr(interfaces, canister.upper())

    assert SERVICES[canister].pack() == compiled, "stale: run `make generate`"


@each_canister
def test_the_id_is_the_one_that_the_network_gives_to_the_canisters_number(canister: str) -> None:
    module = {backend.NAME: backend, nft.NAME: nft}[canister]

    assert id_of(CANISTERS[canister].NUMBER) == module.ID


def test_the_deployed_names_types_and_modes_are_kept() -> None:
    """The contract is in data; the served file leaves out what is still to come."""
    contract = Path(__file__).parent.parent / "data" / "interfaces" / "deployed.did"
    deployed = parse_service(contract.read_text(encoding="utf-8"))
    later = set(deployed.methods) - set(SERVICE.methods)

    for name, method in SERVICE.methods.items():
        assert (method.args, method.results, method.mode) == (
            deployed.methods[name].args,
            deployed.methods[name].results,
            deployed.methods[name].mode,
        )
    assert all(re.search("certificate|role|audit|password", name) for name in later)
