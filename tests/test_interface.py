"""The served interface and the functions behind it are one and the same."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from originstamp_cli.candid import parse_service
from originstamp_cli.canister import backend, interfaces

SERVICE = parse_service(backend.did())


def test_every_method_of_the_interface_has_its_function_and_no_other() -> None:
    named = [name for names in backend.ROOMS.values() for name in names]

    assert sorted(named) == sorted(SERVICE.methods)


@pytest.mark.parametrize("name", sorted(SERVICE.methods))
def test_a_function_has_the_mode_and_the_arguments_of_its_method(name: str) -> None:
    function = backend.find_method(name)
    assert function is not None
    parameters = list(inspect.signature(function).parameters)

    assert function.is_query is (SERVICE.methods[name].mode == "query")
    assert parameters[0] == "call"
    assert len(parameters) - 1 == len(SERVICE.methods[name].args)


@pytest.mark.parametrize("room", sorted(backend.ROOMS))
def test_no_marked_function_is_left_out_of_the_interface(room: str) -> None:
    module = import_module(f"originstamp_cli.canister.{room}")
    marked = {
        name
        for name, found in vars(module).items()
        if hasattr(found, "is_query") and getattr(found, "__module__", "") == module.__name__
    }

    assert marked == set(backend.ROOMS[room])


def test_the_compiled_interface_is_that_of_the_file() -> None:
    assert SERVICE.pack() == interfaces.BACKEND, "stale: run `make generate`"


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
