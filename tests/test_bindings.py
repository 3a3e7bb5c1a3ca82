"""Generated declarations against TypeScript and the official JavaScript library."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import declared
import javascript
import pytest
from candid_strategies import TYPES
from hypothesis import given, settings
from hypothesis import strategies as st
from test_candid_golden import ROWS, Row
from wire import alike, described

from originstamp_cli.bindings.declarations import declarations
from originstamp_cli.bindings.names import quoted
from originstamp_cli.candid import CandidError, Program, parse_program, parse_service, show_type
from originstamp_cli.candid.types import Func, Type

INTERFACES = declared.interfaces()
# What the official encoder made of an argument; rows of bytes alone are about broken messages.
ENCODED = [row for row in ROWS if {"hex", "input"} <= set(row) and row["method"] is not None]
# `import` is refused: an interface is one text.
WITHOUT_PROGRAM = {"did-039"}

SMALL = {
    "nothing": "service : {}",
    "no types": "service : { m : () -> () }",
    "a class": "type A = nat; service : (a : A, opt text) -> { m : () -> (A) }",
    "a class without arguments": "service : () -> {}",
    "by name": "type S = service { m : () -> () }; service : S",
    "by two names": "type S = service { m : () -> () }; type T = S; service : T",
    "a recursive service": "type S = service { m : (S) -> () }; service : S",
    "a recursive method": "type F = func (F) -> () query; service : { m : F }",
    "a recursive method by name": (
        "type F = func (F) -> () query; type S = service { m : F }; service : S"
    ),
    "a method that is recursive through its service": (
        "type F = func (S) -> (); type S = service { m : F }; service : (F) -> S"
    ),
    "a record that is a tuple but for its name": 'service : { m : (record { "" : nat }) -> () }',
    "a method that sets prototypes": 'service : { "__proto__" : () -> () query; b : () -> () }',
}


@cache
def program(did: str) -> Program:
    return parse_program(did)


@cache
def factory(did: str) -> str:
    return declarations("canister", did, ("js",))["canister.did.js"]


def golden_interfaces() -> list[str]:
    """Return the interfaces of the golden rows, but for those that are refused."""
    found = dict.fromkeys(row["idl"] for row in ROWS if row["id"] not in WITHOUT_PROGRAM)
    return [did for did in found if is_interface(did)]


def is_interface(did: str) -> bool:
    try:
        program(did)
    except CandidError:
        return False
    return True


@pytest.mark.parametrize("file", sorted(declared.expected()))
def test_declarations_are_those_beside_the_interface(file: str) -> None:
    assert (declared.FOLDER / file).read_text(encoding="utf-8") == declared.expected()[file]


def test_every_file_of_declarations_belongs_to_an_interface() -> None:
    found = {path.name for path in declared.FOLDER.iterdir() if path.suffix != ".did"}

    assert found == set(declared.expected())


def test_the_library_reads_every_interface_as_we_do() -> None:
    dids = [*INTERFACES.values(), *SMALL.values(), *golden_interfaces()]

    told = javascript.recode([{"js": factory(did)} for did in dids])

    assert len(dids) > 300
    for did, answer in zip(dids, told, strict=True):
        assert "hex" in answer, (did, answer)
        read = program(did)
        wanted = described([read.actor, Func(read.init or [], [])])
        assert alike(bytes.fromhex(answer["hex"]))[0] == wanted, did


@settings(max_examples=5, deadline=None)
@given(st.lists(TYPES, min_size=20, max_size=60))
def test_the_library_reads_any_type_as_we_do(types: list[Type]) -> None:
    dids = [f"service : {{ m : ({show_type(type_)}) -> () }}" for type_ in types]

    told = javascript.recode([{"js": factory(did)} for did in dids])

    for did, answer in zip(dids, told, strict=True):
        wanted = described([program(did).actor, Func([], [])])
        assert alike(bytes.fromhex(answer["hex"]))[0] == wanted, did


def test_the_library_decodes_and_encodes_what_the_official_encoder_made() -> None:
    rows = [row for row in ENCODED if row["id"] not in WITHOUT_PROGRAM]

    told = javascript.recode([{"js": factory(row["idl"]), **task(row)} for row in rows])

    assert len(rows) == 765
    for row, answer in zip(rows, told, strict=True):
        assert "hex" in answer, (row, answer)
        assert alike(bytes.fromhex(answer["hex"])) == alike(bytes.fromhex(row["hex"])), row


def task(row: Row) -> dict[str, str]:
    part = "retTypes" if row.get("dir") == "rets" else "argTypes"
    return {"method": row["method"], "part": part, "hex": row["hex"]}


def test_a_message_of_other_types_is_not_taken_for_the_same() -> None:
    nat, text = bytes.fromhex("4449444c016c01007d010005"), bytes.fromhex("4449444c016c010071010005")

    assert alike(nat) != alike(text)
    assert alike(nat) != alike(bytes.fromhex("4449444c016c01007d010006"))
    assert alike(nat) == alike(bytes.fromhex("4449444c026c01007d6c01007d010105"))
    assert javascript.recode([{"js": factory("service : {}"), "method": "m", "hex": ""}]) == [
        {"error": "Cannot read properties of undefined (reading '1')"}
    ]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Type-check every interface and a program that uses the backend's, and run the program."""
    folder = tmp_path_factory.mktemp("frontend")
    (folder / "usage.ts").write_bytes((javascript.SCRIPTS / "usage.ts").read_bytes())
    put(folder / "declarations" / "backend", declarations("backend", INTERFACES["backend"]))
    files = {
        f"c{at}.did.d.ts": declarations(f"c{at}", did, ("ts",))[f"c{at}.did.d.ts"]
        for at, did in enumerate([*INTERFACES.values(), *SMALL.values(), *golden_interfaces()])
    }
    put(folder / "others", files)
    javascript.type_check(folder, "usage.ts", *[f"others/{name}" for name in files])
    ids = {"CANISTER_ID_BACKEND": "bkyz2-fmaaa-aaaaa-qaaaq-cai", "DFX_NETWORK": "ic"}
    told: dict[str, Any] = json.loads(javascript.run("usage.js", folder=folder, **ids))
    return told


def put(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def test_a_program_that_uses_the_declarations_is_compiled_and_runs(used: dict[str, Any]) -> None:
    assert (used["canisterId"], used["isActor"]) == ("bkyz2-fmaaa-aaaaa-qaaaq-cai", "function")


def test_a_type_of_nine_hundred_levels_is_written() -> None:
    did = "service : { m : (" + "opt record { " * 450 + "nat" + " }" * 450 + ") -> () }"

    files = declarations("deep", did)

    assert files["deep.did.js"].count("IDL.Opt(") == 450
    assert files["deep.did.d.ts"].count("[] | [") == 450


# A principal of ten bytes and its length, behind the byte that says it is not hidden.
OWNER = "010a00000000000000010101"
MESSAGES = {
    "transfer": (
        "icrc7_transfer",
        "args",
        "01" + OWNER + "01020102" + "0700000000000000" + OWNER + "00" + "010103" + "00",
    ),
    "replies": (
        "icrc7_transfer",
        "results",
        "02" + "00" + "0700000000000000" + "010f" + b"Token not found".hex() + "0700000000000000",
    ),
    "token": (
        "get_token_details",
        "results",
        "01" + "ffffffffffffffff" + "0110" + b"3f9c2a7be01d4c55".hex() + OWNER + "01020102"
        # Its metadata: the name, no description, one attribute, no image.
        + "07" + b"Harbour".hex() + "00" + "0106" + b"medium".hex() + "03" + b"oil".hex() + "00"
        + "0000000000000000",
    ),
    "nothing": ("get_user_count", "args", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
def test_typed_values_are_sent_as_candid_has_them(used: dict[str, Any], name: str) -> None:
    method, part, values = MESSAGES[name]

    types = getattr(parse_service(INTERFACES["backend"]).methods[method], part)
    assert alike(bytes.fromhex(used[name])) == (described(types), bytes.fromhex(values))


def test_every_character_is_quoted_so_that_it_is_read_back() -> None:
    points = [point for point in range(0x3_0000) if not 0xD800 <= point < 0xE000]
    texts = ["".join(f"{chr(point)}1" for point in points[at::199]) for at in range(199)]

    literals = ", ".join(quoted(text) for text in texts)
    script = f"process.stdout.write(JSON.stringify([{literals}]));"

    assert json.loads(javascript.run("--input-type=module", typed=script)) == texts


def test_a_name_that_is_not_mended_does_not_pass_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "wrong.d.ts").write_text("export type as = bigint;\n", encoding="utf-8")

    with pytest.raises(AssertionError, match=r"wrong\.d\.ts\(1,13\): error"):
        javascript.type_check(tmp_path, "--noLib", "wrong.d.ts")
