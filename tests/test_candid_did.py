"""Interfaces: the grammar of `.did` texts, their checks, and their packed form."""

import ast
import subprocess
import sys
import time

import pytest

from originstamp_cli.candid import (
    CandidError,
    Service,
    check_did,
    parse_program,
    parse_service,
    show_type,
)
from originstamp_cli.candid.types import (
    BOOL,
    NAT,
    NAT8,
    NULL,
    TEXT,
    Field,
    Func,
    Opt,
    Record,
    Ref,
    ServiceType,
    Variant,
    Vec,
    field_id,
)

WHOLE = """
// What the application is about.
type Account = record { owner : principal; subaccount : opt blob };
type List = opt record { head : nat; tail : List };
type Answer = variant { Ok; Err : text; 5 : nat; "no name" };
type Callback = func (token : nat) -> (List) query;
type Registry = service { find : Callback; "odd name" : () -> () oneway };

service backend : (name : text, opt Account) -> {
  // Says who is there.
  // In two lines.
  find : (name : text, "quoted" : nat) -> (result : Answer) query;  // not about the next one

  // A section, apart.

  put : (record { nat; text; x : bool; 7 : nat; nat8 }) -> ();
  look : Callback;
  "odd name" : () -> () oneway;
  all : (vec blob, Registry) -> (List, bool) composite_query;
};
"""


def test_methods_have_their_types_modes_and_comments() -> None:
    service = parse_service(WHOLE)

    find = service.methods["find"]
    assert find.args == [TEXT, NAT]
    assert [show_type(type_) for type_ in find.results] == ["Answer"]
    assert (find.mode, find.doc) == ("query", "Says who is there.\nIn two lines.")
    assert list(service.methods) == ["find", "put", "look", "odd name", "all"]
    assert [method.mode for method in service.methods.values()] == [
        *("query", "update", "query", "oneway", "composite_query")
    ]


def test_types_and_fields_keep_their_comments() -> None:
    program = parse_program(
        """
        // A work of art.
        type Work = record {
          // What it is called.
          title : text;
          size : record {
            /// In centimetres.
            width : nat;
          };
          5 : nat;  // said of nothing
        };
        type State = variant {
          // Nothing is missing.
          Done;
          // Something is.
          "to do" : text;
        };
        service : {};
        """
    )

    work, state = program.types["Work"], program.types["State"]
    assert isinstance(work, Record)
    assert isinstance(state, Variant)
    assert program.docs == {"Work": "A work of art.", "State": ""}
    assert comments(work) == {"title": "What it is called.", "size": "", 5: ""}
    size = {field.label: field.type for field in work.fields}["size"]
    assert isinstance(size, Record)
    assert comments(size) == {"width": "In centimetres."}
    assert comments(state) == {"Done": "Nothing is missing.", "to do": "Something is."}


def comments(type_: Record | Variant) -> dict[str | int, str]:
    """Return the comments above fields."""
    return {field.label: field.doc for field in type_.fields}


def test_a_service_by_name_keeps_its_order_and_comments() -> None:
    methods = parse_service(
        "type S = service {\n // The first.\n b : () -> ();\n a : () -> () };\nservice : S"
    ).methods

    assert [(name, method.doc) for name, method in methods.items()] == [
        *(("b", "The first."), ("a", ""))
    ]


@pytest.mark.parametrize(
    ("did", "place"),
    [
        ("type A = nat; type T = opt Foo; service : {}", "Foo"),
        ("service : { m : (nat) -> (vec Bar) }", "Bar"),
        ("service : Gone", "Gone"),
        ("type S = nat; service : S", "S"),
        ("type A = nat; type A = text; service : {}", "A"),
        ("type Q = W; type W = Q; service : {}", "Q"),
        ("type F = nat; service : { good : () -> (); bad : F }", "bad"),
        ("service : { m : () -> (nat) oneway }", "oneway"),
        ("service : { m : () -> () query oneway }", "query oneway"),
        ("type F = func () -> (nat) oneway; service : {}", "oneway"),
    ],
)
def test_a_bad_interface_is_pointed_at(did: str, place: str) -> None:
    with pytest.raises(CandidError) as caught:
        parse_service(did)

    assert did[caught.value.start : caught.value.end] == place


def test_of_two_definitions_the_second_is_pointed_at() -> None:
    with pytest.raises(CandidError) as caught:
        parse_service("type A = nat;\ntype A = text; service : {}")

    assert "┌─ a.did:2:6" in caught.value.frame("a.did")


def test_types_alone_are_good_to_check_and_no_service() -> None:
    check_did("type T = nat")
    with pytest.raises(CandidError, match="the interface defines no service"):
        parse_service("type T = nat")
    with pytest.raises(CandidError, match="Unbound type identifier U"):
        check_did("type T = U")
    with pytest.raises(CandidError, match="not a service type: nat"):
        check_did("type T = nat; service : T")


def test_comments_apart_or_behind_say_nothing_of_a_method() -> None:
    methods = parse_service(WHOLE).methods

    assert [methods[name].doc for name in ("put", "look", "all")] == ["", "", ""]


def test_a_method_may_be_a_name_for_a_function() -> None:
    look = parse_service(WHOLE).methods["look"]

    assert look.args == [NAT]
    assert look.results[0].resolve() == parse_service(WHOLE).scope.find("List")


def test_init_arguments_are_those_of_the_service() -> None:
    init = parse_service(WHOLE).init

    assert init is not None
    assert [show_type(type_) for type_ in init] == ["text", "opt Account"]
    assert parse_service("service : {}").init is None


def test_unnamed_fields_count_on_from_the_one_before() -> None:
    put = parse_service(WHOLE).methods["put"]

    expected = [Field(0, NAT), Field(1, TEXT), Field("x", BOOL), Field(7, NAT), Field(8, NAT8)]
    assert put.args == [Record(expected)]


def test_a_recursive_type_resolves_to_itself() -> None:
    scope = parse_service(WHOLE).scope

    list_ = scope.find("List")
    assert isinstance(list_, Opt)
    assert isinstance(list_.inner, Record)
    tail = list_.inner.find(field_id("tail"))
    assert tail is not None
    assert tail.type == Ref("List", scope)
    assert tail.type.resolve() is list_


def test_fields_are_in_the_order_of_their_hashes() -> None:
    answer = parse_service(WHOLE).scope.find("Answer")

    assert isinstance(answer, Variant)
    assert [(field.label, field.id) for field in answer.fields] == [
        *((5, 5), ("Ok", 17_724), ("Err", 3_456_837), ("no name", 4_121_433_738))
    ]
    assert {field.label: field.type for field in answer.fields} == {
        "Ok": NULL,
        "Err": TEXT,
        5: NAT,
        "no name": NULL,
    }


def test_a_program_keeps_the_names_and_comments_of_the_text() -> None:
    program = parse_program(
        "// Of A.\ntype A = record {\n  // Of a.\n  a : nat; // not of b\n  b : nat };\n"
        "type F = func () -> (A);\ntype S = service {\n  // Of m.\n  m : F };\n"
        "// Of all.\nservice : (F) -> S"
    )

    assert list(program.types) == ["A", "F", "S"]
    assert program.docs == {"A": "Of A.", "F": "", "S": ""}
    record, service = program.types["A"], program.types["S"]
    assert isinstance(record, Record)
    assert isinstance(service, ServiceType)
    assert [field.doc for field in record.fields] == ["Of a.", ""]
    assert [(name, show_type(type_)) for name, type_ in service.methods] == [("m", "F")]
    assert service.docs == {"m": "Of m."}
    assert isinstance(program.actor, Ref)
    assert (program.actor.name, program.actor_doc) == ("S", "Of all.")
    assert [show_type(type_) for type_ in program.init or []] == ["F"]


def test_a_program_without_a_service_is_refused_as_an_interface_is() -> None:
    with pytest.raises(CandidError) as caught:
        parse_program("type A = nat;")

    assert (caught.value.kind, caught.value.message) == (
        "did",
        "the interface defines no service",
    )


def test_names_and_what_they_stand_for_are_different_types() -> None:
    scope = parse_service(WHOLE).scope

    assert Ref("List", scope) != scope.find("List")
    assert Vec(Ref("List", scope)) == Vec(Ref("List", scope))
    assert len({Vec(NAT8), Vec(NAT8), Opt(NAT8), Func([NAT8], []), Func([NAT8], [])}) == 3


@pytest.mark.parametrize(
    ("did", "message"),
    [
        ("type T = Foo; service : {}", "Unbound type identifier Foo"),
        ("service : S", "Unbound type identifier S"),
        ("type T = T; service : {}", "T has cyclic type definition"),
        ("type A = B; type B = A; service : {}", "A has cyclic type definition"),
        ("type T = nat; type T = text; service : {}", "duplicate binding for T"),
        ("service : { m : () -> (nat) oneway }", "oneway function has non-unit return type"),
        ("service : { m : () -> () query oneway }", "cannot have more than one mode"),
        ("type F = nat; service : { m : F }", "method m is a non-function type"),
        ("type S = nat; service : S", "not a service type: nat"),
        ("type T = nat;", "the interface defines no service"),
        ("", "the interface defines no service"),
        (
            'import "other.did"; service : {}',
            "import is not supported: put the imported definitions into the interface",
        ),
        (
            "service : { m : (record { a : nat; 97 : nat }) -> () }",
            "Candid parser error: label '97' hash collision with 'a' at 26..43",
        ),
        (
            "service : { m : () -> () } garbage",
            (
                'Candid parser error: Unrecognized token `Id("garbage")` found at 27:34\n'
                'Expected one of ";"'
            ),
        ),
        (
            "type 5 = nat",
            (
                'Candid parser error: Unrecognized token `Decimal("5")` found at 5:6\n'
                'Expected one of "id"'
            ),
        ),
        (
            'type T = record { "\\u{d800}" : nat }',
            "Candid parser error: Unicode escape out of range d800 at 19..27",
        ),
        (
            'type T = record { "\\ff" : nat }',
            "Candid parser error: Not valid unicode text at 18..23",
        ),
        (
            "type T = variant { a; b : nat; a : text }",
            "Candid parser error: label 'a' hash collision with 'a' at 19..39",
        ),
        (
            "type T = record { nat; 0 : nat }",
            "Candid parser error: label '0' hash collision with '0' at 18..30",
        ),
        (
            "service : { m : () -> (); m : () -> () }",
            "Candid parser error: label 'm' hash collision with 'm' at 12..38",
        ),
        ("type T = nat /* open", "Candid parser error: Unclosed comment at 13..19"),
        (
            "service : { m : (a b) -> () }",
            (
                'Candid parser error: Unrecognized token `Id("b")` found at 19:20\n'
                'Expected one of ")", "," or ":"'
            ),
        ),
        (
            "service : { m : () -> () quer }",
            (
                'Candid parser error: Unrecognized token `Id("quer")` found at 25:29\n'
                'Expected one of ";", "composite_query", "oneway", "query" or "}"'
            ),
        ),
        (
            "service : { é : () -> () }",
            "Candid parser error: Unknown token é at 12..14",
        ),
    ],
)
def test_a_bad_interface_is_refused_in_the_official_words(did: str, message: str) -> None:
    with pytest.raises(CandidError) as caught:
        parse_service(did)

    assert (caught.value.kind, caught.value.message) == ("did", message)
    assert 0 <= caught.value.start <= caught.value.end <= len(did)


@pytest.mark.parametrize(
    "did",
    [
        "service : {}",
        "service name : {};",
        "type T = nat service : { m : (T) -> () }",
        "type T = nat; service : { m : (T) -> () }",
        "type T = nat\n; service : { m : (T) -> (); }",
        "/* a /* b */ c */ service : { } // end",
        "service : () -> { m : () -> () }",
        "type S = service {}; service : (nat) -> S",
        "service : { m : (record {}, variant {}, service {}, func () -> ()) -> (empty) }",
    ],
)
def test_all_of_the_grammar_is_read(did: str) -> None:
    assert isinstance(parse_service(did), Service)


def test_an_interface_survives_being_packed_into_a_literal() -> None:
    service = parse_service(WHOLE)
    packed = service.pack()

    unpacked = Service.unpack(ast.literal_eval(repr(packed)))

    assert unpacked.pack() == packed
    assert dict(unpacked.methods) == dict(service.methods)
    assert unpacked.init == service.init


def test_the_packed_form_is_a_python_literal_of_plain_parts() -> None:
    def parts(packed: object) -> set[type]:
        found = {type(packed)}
        if isinstance(packed, tuple):
            found = found.union(*(parts(part) for part in packed))
        return found

    assert parts(parse_service(WHOLE).pack()) <= {tuple, str, int, type(None)}


def test_only_the_method_that_is_looked_up_is_built() -> None:
    service = Service.unpack(parse_service(WHOLE).pack())

    look = service.methods["look"]

    assert look.results[0].kind == "name"
    assert service.scope.types == {}
    look.results[0].resolve()
    assert list(service.scope.types) == ["List"]
    with pytest.raises(KeyError):
        service.methods["nothing"]


@pytest.mark.parametrize("opening", ["opt ", "vec ", "record { ", "func (", "service { m : ("])
def test_types_nested_beyond_the_limit_are_refused(opening: str) -> None:
    did = "service : { m : (" + opening * 10_000

    with pytest.raises(CandidError, match="types nested more than 1000 deep"):
        parse_service(did)


def test_a_type_of_nine_hundred_levels_is_read_and_packed() -> None:
    did = "service : { m : (" + "opt record { " * 450 + "nat" + " }" * 450 + ") -> () }"

    service = parse_service(did)

    assert Service.unpack(service.pack()).pack() == service.pack()


def test_reading_and_printing_load_no_heavy_module() -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "from originstamp_cli.candid import Service, parse_dfx_argument, show_args\n"
        "from originstamp_cli.candid.types import NAT, TEXT\n"
        "assert show_args(parse_dfx_argument('(1, \"x\")', [NAT, TEXT]), [NAT, TEXT])\n"
        "print(' '.join(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    heavy = {"dataclasses", "inspect", "pathlib", "base64", "decimal", "json", "textwrap"}
    rare = {f"originstamp_cli.candid.{name}" for name in ("did", "json_text", "unicode_tables")}
    assert "originstamp_cli.candid.show" in loaded
    assert not loaded & (heavy | rare)


def test_a_chain_of_thousands_of_names_is_checked_in_no_more_than_its_share_of_time() -> None:
    count = 10_000
    chain = "".join([f"type A{at} = A{at + 1};" for at in range(count)])
    began = time.process_time()

    service = parse_service(f"{chain} type A{count} = nat; service : {{ m : (A0) -> () }}")

    assert service.methods["m"].args[0].resolve().kind == "nat"
    assert time.process_time() - began < 3
