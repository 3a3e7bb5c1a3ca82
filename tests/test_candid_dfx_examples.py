"""Examples of what dfx prints and reads, argument by argument."""

from typing import NamedTuple

import pytest

from originstamp_cli.candid import (
    CandidError,
    Method,
    Typed,
    parse_args,
    parse_dfx_argument,
    parse_service,
    show_args,
    show_type,
    show_value,
    to_json,
)
from originstamp_cli.candid.types import INT, NAT, NAT8, NAT16, TEXT, Record, Variant, Vec


class Example(NamedTuple):
    """A type, what is written at it, and how that is printed; `None`: as `pp`."""

    did: str
    written: str
    pp: str
    idl: str | None
    json: str


def method(parameters: str) -> Method:
    return parse_service(f"service : {{ m : ({parameters}) -> () }}").methods["m"]


EXAMPLES = {
    1: Example("", "()", "()", "", ""),
    2: Example("text", '("Hello")', '("Hello")', None, '"Hello"'),
    3: Example(
        "text",
        r'("it\'s \"ok\"\n")',
        r'("it\'s \"ok\"\n")',
        r"""("it's \"ok\"\n")""",
        r'"it' + "'" + r's \"ok\"\n"',
    ),
    4: Example("text", '("哈哈")', '("哈哈")', None, '"哈哈"'),
    5: Example("nat", "(1234567)", "(1_234_567 : nat)", None, '"1_234_567"'),
    6: Example("nat", "(1337)", "(1_337 : nat)", None, '"1_337"'),
    7: Example("int", "(-4200)", "(-4_200 : int)", None, '"-4_200"'),
    8: Example("nat8", "(255)", "(255 : nat8)", None, "255"),
    9: Example("nat32", "(4294967295)", "(4_294_967_295 : nat32)", None, "4294967295"),
    10: Example(
        "nat64",
        "(1700000000000000000)",
        "(1_700_000_000_000_000_000 : nat64)",
        None,
        '"1700000000000000000"',
    ),
    11: Example("float64", "(42.)", "(42.0 : float64)", None, "42.0"),
    12: Example("float64", "(-42e5)", "(-4200000.0 : float64)", None, "-4200000.0"),
    13: Example("float64", "(42.42e-5)", "(0.0004242 : float64)", None, "0.0004242"),
    14: Example("bool", "(true)", "(true)", None, "true"),
    15: Example("null", "(null)", "(null : null)", None, "null"),
    16: Example(
        "principal",
        '(principal "bkyz2-fmaaa-aaaaa-qaaaq-cai")',
        '(principal "bkyz2-fmaaa-aaaaa-qaaaq-cai")',
        None,
        '"bkyz2-fmaaa-aaaaa-qaaaq-cai"',
    ),
    17: Example("blob", '(blob "abc")', '(blob "abc")', None, "[\n  97,\n  98,\n  99\n]"),
    18: Example(
        "blob",
        r'(blob "DIDL\00\01\7d\80\00")',
        r'(blob "\44\49\44\4c\00\01\7d\80\00")',
        None,
        "[\n  68,\n  73,\n  68,\n  76,\n  0,\n  1,\n  125,\n  128,\n  0\n]",
    ),
    19: Example(
        "blob",
        r'(blob "a\"\27`\\\0a")',
        r'(blob "a\22\27\60\5c\0a")',
        None,
        "[\n  97,\n  34,\n  39,\n  96,\n  92,\n  10\n]",
    ),
    20: Example(
        "vec nat8", "(vec {1;2;255})", r'(blob "\01\02\ff")', None, "[\n  1,\n  2,\n  255\n]"
    ),
    21: Example("opt text", "(null)", "(null)", None, "[]"),
    22: Example("opt text", '(opt "x")', '(opt "x")', None, '[\n  "x"\n]'),
    23: Example("opt nat64", "(opt 5)", "(opt (5 : nat64))", None, '[\n  "5"\n]'),
    24: Example(
        "opt opt nat", "(opt opt 5)", "(opt opt (5 : nat))", None, '[\n  [\n    "5"\n  ]\n]'
    ),
    25: Example("text, nat", '("a", 1)', '("a", 1 : nat)', None, '"a"\n"1"'),
    26: Example(
        "record {name:text; age:nat8}",
        '(record {name="Bob"; age=7})',
        '(record { age = 7 : nat8; name = "Bob" })',
        '(record { age = 7 : nat8; name = "Bob";})',
        '{\n  "age": 7,\n  "name": "Bob"\n}',
    ),
    27: Example("record {}", "(record {})", "(record {})", None, "{}"),
    28: Example(
        "record {text; nat}",
        '(record {"a"; 1})',
        '(record { "a"; 1 : nat })',
        '(record { "a"; 1 : nat;})',
        '{\n  "0": "a",\n  "1": "1"\n}',
    ),
    29: Example(
        "record {1:nat; 44:text; 2:bool}",
        '(record {1=42;44="test";2=false})',
        '(record { 1 = 42 : nat; 2 = false; 44 = "test" })',
        '(record { 1 = 42 : nat; 2 = false; 44 = "test";})',
        '{\n  "1": "42",\n  "2": false,\n  "44": "test"\n}',
    ),
    30: Example(
        'record {"opt":text; "with space":nat; "日":bool}',
        '(record {"opt"="o"; "with space"=1; "日"=true})',
        '(record { "opt" = "o"; "日" = true; "with space" = 1 : nat })',
        '(record { "opt" = "o"; "日" = true; "with space" = 1 : nat;})',
        '{\n  "opt": "o",\n  "with space": "1",\n  "日": true\n}',
    ),
    31: Example(
        "variant {Ok; Err:text}",
        "(variant {Ok})",
        "(variant { Ok })",
        None,
        '{\n  "Ok": null\n}',
    ),
    32: Example(
        "variant {Ok; Err:text}",
        '(variant {Err="Not found"})',
        '(variant { Err = "Not found" })',
        None,
        '{\n  "Err": "Not found"\n}',
    ),
    33: Example(
        "variant {Ok:nat; Err:text}",
        "(variant {Ok=1000})",
        "(variant { Ok = 1_000 : nat })",
        None,
        '{\n  "Ok": "1_000"\n}',
    ),
    34: Example(
        "variant {Ok:opt nat; Err}",
        "(variant {Ok=null})",
        "(variant { Ok = null })",
        None,
        '{\n  "Ok": []\n}',
    ),
    35: Example(
        "vec nat",
        "(vec{1;2;3;4})",
        "(vec { 1 : nat; 2 : nat; 3 : nat; 4 : nat })",
        "(vec { 1 : nat; 2 : nat; 3 : nat; 4 : nat;})",
        '[\n  "1",\n  "2",\n  "3",\n  "4"\n]',
    ),
    36: Example("vec nat", "(vec {})", "(vec {})", None, "[]"),
    37: Example("reserved", "(5)", "(null : reserved)", None, '"null : reserved"'),
    38: Example(
        "func () -> ()",
        '(func "aaaaa-aa"."foo")',
        '(func "aaaaa-aa".foo)',
        None,
        '{\n  "code": "foo",\n  "principal": "aaaaa-aa"\n}',
    ),
    39: Example("opt null", "(opt null)", "(opt (null : null))", None, "[\n  null\n]"),
    40: Example(
        "text",
        r'("\u{200d}a\u{301} zero\u{0}x\u{7f}")',
        '("\\u{200d}a\u0301 zero\\0x\\u{7f}")',
        r'("\u{200d}a\u{301} zero\0x\u{7f}")',
        '"\u200da\u0301 zero\\u0000x\x7f"',
    ),
}


@pytest.mark.parametrize("number", EXAMPLES)
def test_a_value_is_printed_in_each_style(number: int) -> None:
    example = EXAMPLES[number]
    types = method(example.did).args

    values = parse_args(example.written, types)

    assert show_args(values, types) == example.pp
    assert show_args(values, types, "idl") == (example.pp if example.idl is None else example.idl)
    assert to_json(values, types) == example.json


CERTIFICATE = (
    'variant { Ok = record { id = 1; title = "Certificate of origin"; '
    'owner = principal "bkyz2-fmaaa-aaaaa-qaaaq-cai" } }'
)
LAYOUTS = {
    41: (
        "variant {Ok:record {id:nat64; title:text; owner:principal}; Err:text}",
        f"({CERTIFICATE})",
        """(
  variant {
    Ok = record {
      id = 1 : nat64;
      title = "Certificate of origin";
      owner = principal "bkyz2-fmaaa-aaaaa-qaaaq-cai";
    }
  },
)""",
    ),
    42: (
        "vec vec int",
        "(vec { vec { 9; 12; 15 }; vec { 19; 26; 33 }; vec { 29; 40; 51 } })",
        """(
  vec {
    vec { 9 : int; 12 : int; 15 : int };
    vec { 19 : int; 26 : int; 33 : int };
    vec { 29 : int; 40 : int; 51 : int };
  },
)""",
    ),
    46: (
        "record { 43 : record { test : text; opt_ : text }; long_label : opt null; label : nat }",
        (
            '(record { label = 42; 43 = record { test = "test"; opt_ = "hello" }; '
            "long_label = opt null })"
        ),
        """(
  record {
    43 = record { "opt" = "hello"; test = "test" };
    long_label = opt (null : null);
    label = 42 : nat;
  },
)""",
    ),
    47: (
        "vec nat",
        "(vec { 1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11 })",
        """(
  vec { 1 : nat; 2 : nat; 3 : nat; 4 : nat; 5 : nat; 6 : nat; 7 : nat; 8 : nat; 9 : nat; 10 : nat; 11 : nat;},
)""",  # noqa: E501 - this form has no line breaks
    ),
    48: (
        "text, nat32, text",
        '("the first element of a fairly long tuple", 42, "the third element of the tuple")',
        """(
  "the first element of a fairly long tuple",
  42 : nat32,
  "the third element of the tuple",
)""",
    ),
    49: ("text", f'("{"x" * 77}")', f'(\n  "{"x" * 77}",\n)'),
    50: (
        "variant { LongVariantNameForTesting : text }",
        f'(variant {{ LongVariantNameForTesting = "{"a" * 42}" }})',
        f"""(
  variant {{
    LongVariantNameForTesting = "{"a" * 42}"
  }},
)""",
    ),
    51: (
        "opt nat",
        f"(opt 1{'0' * 79})",
        f"""(
  opt (
    10{"_000" * 26} : nat
  ),
)""",
    ),
}


@pytest.mark.parametrize("number", LAYOUTS)
def test_what_is_too_wide_is_broken_into_lines(number: int) -> None:
    did, written, expected = LAYOUTS[number]
    # In 46 a label is the keyword `opt`, which only quotes make a label.
    did, written = did.replace("opt_", '"opt"'), written.replace("opt_", '"opt"')
    types = method(did).args

    assert show_args(parse_args(written, types), types) == expected


def test_the_one_line_form_of_what_is_too_wide_stays_on_a_line() -> None:
    types = method(LAYOUTS[41][0]).args

    assert show_args(parse_args(LAYOUTS[41][1], types), types, "idl") == (
        '(variant { Ok = record { id = 1 : nat64; title = "Certificate of origin"; '
        'owner = principal "bkyz2-fmaaa-aaaaa-qaaaq-cai";} })'
    )


LISTS = "type List = opt record { head : int16; tail : List };"


def test_a_list_is_broken_where_it_must_be_and_prints_ids_where_names_are_unknown() -> None:
    written = (
        "(opt record { head = 1000; tail = opt record { head = -2000; tail = null } }, "
        "variant { a = 42 })"
    )
    did = f"{LISTS} service : {{ m : (List, variant {{ a : nat }}) -> () }}"
    types = parse_service(did).methods["m"].args
    nameless = written.replace("head", "1158359328").replace("tail", "1291237008")
    nameless_did = did.replace("head", "1158359328").replace("tail", "1291237008")
    nameless_types = parse_service(nameless_did.replace(" a ", " 97 ")).methods["m"].args

    assert show_args(parse_args(written, types), types) == (
        """(
  opt record {
    head = 1_000 : int16;
    tail = opt record { head = -2_000 : int16; tail = null };
  },
  variant { a = 42 : nat },
)"""
    )
    assert (
        show_args(parse_args(nameless.replace(" a ", " 97 "), nameless_types), nameless_types)
        == """(
  opt record {
    1_158_359_328 = 1_000 : int16;
    1_291_237_008 = opt record {
      1_158_359_328 = -2_000 : int16;
      1_291_237_008 = null;
    };
  },
  variant { 97 = 42 : nat },
)"""
    )


def test_numbers_without_a_type_print_without_one() -> None:
    shorthand = "(record { 42; record {}; true; record { 42; 0x2a=42; 42; 42 }; opt 42 })"
    literals = "(true, null, 42, 42., 42.42, -42e5, 42.42e-5)"

    assert show_args(parse_args(shorthand, None), None) == (
        """(
  record {
    42;
    record {};
    true;
    record { 0 = 42; 42 = 42; 43 = 42; 44 = 42 };
    opt 42;
  },
)"""
    )
    assert show_args(parse_args(literals, None), None) == (
        """(
  true,
  null : null,
  42,
  42.0 : float64,
  42.42 : float64,
  -4200000.0 : float64,
  0.0004242 : float64,
)"""
    )


def test_the_idl_style_of_many_arguments() -> None:
    did = """
        type List = opt record { head : int; tail : List };
        type Cell = variant { nil; cons : record { int; Cell } };
        service : { m : (int, bool, text, vec nat, List, Cell) -> () }
    """
    types = parse_service(did).methods["m"].args
    expected = (
        '(43 : int, true, "uftu{[", vec { 2 : nat; 3 : nat; 4 : nat;}, '
        "opt record { head = 43 : int; tail = opt record { head = 44 : int; tail = null;};}, "
        "variant { cons = record { 43 : int; variant { cons = record { 44 : int; "
        "variant { nil };} };} })"
    )

    assert show_args(parse_args(expected.replace(" : nat", ""), types), types, "idl") == expected


def test_a_text_of_76_characters_stays_on_one_line() -> None:
    assert show_args(["x" * 76], [TEXT]) == f'("{"x" * 76}")'


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1e21, "1e21"),
        (1e16, "1e16"),
        (1e15, "1000000000000000.0"),
        (1.5e-7, "1.5e-7"),
        (1e-5, "0.00001"),
        (1e-6, "1e-6"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (123456789.125, "123456789.125"),
        (float("nan"), '"NaN"'),
        (float("-inf"), '"NaN"'),
    ],
)
def test_json_spells_floats_as_rust_does(number: float, expected: str) -> None:
    types = method("float64").args

    assert to_json([number], types) == expected


def test_json_widens_floats_of_32_bits() -> None:
    types = method("float32").args

    assert to_json([0.1], types) == "0.10000000149011612"
    assert show_args([0.1], types) == "(0.1 : float32)"


def test_json_keys_of_unnamed_fields_have_groups_of_digits() -> None:
    types = method("record { 2138241783 : nat16; b : variant { 1000 } }").args
    values = parse_args("(record { 2138241783 = 1; b = variant { 1000 } })", types)

    assert to_json(values, types) == (
        '{\n  "2_138_241_783": 1,\n  "b": {\n    "1_000": null\n  }\n}'
    )


# --- what dfx reads ---


@pytest.mark.parametrize(
    ("did", "written", "value"),
    [
        ("text", "Alice", "Alice"),
        ("text", "a b", "a b"),
        ("text", "", ""),
        ("text", "two\nlines\n", "two\nlines\n"),
        ("text", '"x"', "x"),
        ("text", '("x")', "x"),
        ("nat", "1337", 1337),
        ("record { a : nat }", "record {a=1}", {"a": 1}),
        ("nat", "// c\n1", 1),
        ("nat", "((1))", 1),
        ("opt nat", "null", None),
    ],
)
def test_one_parameter_may_be_given_bare(did: str, written: str, value: object) -> None:
    assert parse_dfx_argument(written, method(did).args) == [value]


@pytest.mark.parametrize(
    ("did", "written", "message"),
    [
        ("text", "(Alice)", 'Unrecognized token `Id("Alice")` found at 1:6'),
        ("text", '"Alice', "Unclosed string at 0..6"),
        ("text, text", "Alice", 'Unrecognized token `Id("Alice")` found at 0:5'),
        ("opt text", "Alice", 'Unrecognized token `Id("Alice")` found at 0:5'),
        ("nat", "1 : nat", 'Unrecognized token `Decimal("1")` found at 0:1'),
        ("nat", "1, 2", 'Unrecognized token `Decimal("1")` found at 0:1'),
        ("", "1", 'Unrecognized token `Decimal("1")` found at 0:1'),
    ],
)
def test_what_is_not_read_bare_is_refused_as_an_argument_list(
    did: str, written: str, message: str
) -> None:
    with pytest.raises(CandidError) as caught:
        parse_dfx_argument(written, method(did).args)

    assert caught.value.kind == "parse"
    assert caught.value.message.startswith(f"Candid parser error: {message}")


def test_a_name_for_text_is_not_text_to_dfx() -> None:
    types = parse_service("type T = text; service : { m : (T) -> () }").methods["m"].args

    with pytest.raises(CandidError, match="Unrecognized token"):
        parse_dfx_argument("Alice", types)


def test_values_beyond_the_parameters_are_dropped_and_missing_ones_are_not_filled() -> None:
    assert parse_dfx_argument("(1, 2)", method("nat").args) == [1]
    assert parse_dfx_argument('("x")', []) == []
    with pytest.raises(CandidError) as caught:
        parse_dfx_argument("(1)", method("nat, opt nat").args)

    assert (caught.value.kind, caught.value.message) == (
        *("type", "wrong number of argument values"),
    )


def test_without_types_nothing_is_read_bare() -> None:
    assert parse_dfx_argument("(1 : nat16)", None) == [Typed(1, NAT16)]
    with pytest.raises(CandidError, match="Unrecognized token"):
        parse_dfx_argument("1", None)


@pytest.mark.parametrize(
    ("written", "value", "type_"),
    [
        ("vec { 1 : nat8; 2 : nat8 }", b"\1\2", Vec(NAT8)),
        ("vec { 1; 2 : int }", [1, 2], Vec(INT)),
        ("opt (1 : nat)", 1, None),
        ("record { 1 : nat; 2 : nat }", (1, 2), None),
    ],
)
def test_values_without_an_interface_say_their_types(
    written: str, value: object, type_: object
) -> None:
    typed = parse_args(f"({written})", None)[0]

    assert typed.value == value
    assert type_ is None or typed.type == type_


# --- errors ---

EVERYONE = """\
error: parser error
  ┌─ Candid argument:1:1
  │
1 │ everyone
  │ ^^^^^^^^ Unexpected token
  │
  = Expects "("
"""

LATER = """\
error: parser error
  ┌─ Candid argument:2:8
  │
2 │   "日", x)
  │         ^ Unexpected token
  │
  = Expects one of "(", ")", "blob", "bool", "decimal", "float", "func",
    "hex", "null", "opt", "principal", "record", "service", "sign",
    "text", "variant", "vec"
"""

NOT_CLOSED = """\
error: parser error
  ┌─ args.txt:1:3
  │
1 │ (1
  │   ^ Unexpected EOF
  │
  = Expects one of ")", ",", ":"
"""

BAD_LITERAL = """\
error: parser error
  ┌─ Candid argument:1:12
  │
1 │ (principal "xx")
  │            ^^^^ Text must be in valid Base32 encoding.
"""


@pytest.mark.parametrize(
    ("written", "source", "drawing"),
    [
        ("everyone", "Candid argument", EVERYONE),
        ('("a",\n  "日", x)\n', "Candid argument", LATER),
        ("(1", "args.txt", NOT_CLOSED),
        ('(principal "xx")', "Candid argument", BAD_LITERAL),
    ],
)
def test_the_place_of_an_error_is_drawn(written: str, source: str, drawing: str) -> None:
    with pytest.raises(CandidError) as caught:
        parse_args(written, [])

    assert caught.value.frame(source) == drawing


def test_the_tenth_line_has_a_wider_margin() -> None:
    with pytest.raises(CandidError) as caught:
        parse_args("(" + "\n" * 9 + "\t$)", [])

    assert caught.value.frame("x").splitlines()[1:5] == [
        "   ┌─ x:10:2",
        "   │",
        "10 │     $)",
        "   │     ^ Unknown token $",
    ]


@pytest.mark.parametrize(
    ("did", "written", "offending"),
    [
        ("nat, text", '(1, "é", opt 2)', None),
        ("text, record { a : vec nat8 }", '("é", record { a = vec { 1; 300 } })', "300"),
        ("text, variant { a }", '("日", variant { b })', "variant { b }"),
        ("record { a : nat }", "(record { a = opt (5) })", "opt (5)"),
        ("record { a : nat }", '(record { "a" = (true) })', "(true)"),
    ],
)
def test_an_error_of_type_points_at_the_value(
    did: str, written: str, offending: str | None
) -> None:
    types = method(did).args
    if offending is None:
        assert parse_args(written, types) == [1, "é"]
        return

    with pytest.raises(CandidError) as caught:
        parse_args(written, types)

    assert caught.value.kind == "type"
    assert written[caught.value.start : caught.value.end] == offending


@pytest.mark.parametrize(
    ("did", "shown"),
    [
        ("vec nat8", "blob"),
        ("opt vec text", "opt vec text"),
        ("record { a : nat; b : text }", "record { a : nat; b : text }"),
        ("record { nat; text }", "record { nat; text }"),
        ("variant { Ok : nat; Err }", "variant { Ok : nat; Err }"),
        ("func (a : text) -> (nat) query", "func (text) -> (nat) query"),
        ("service { f : () -> () }", "service { f : () -> () }"),
        (
            f"variant {{ {'a' * 40}; {'b' * 40} : nat }}",
            f"variant {{\n  {'b' * 40} : nat;\n  {'a' * 40};\n}}",
        ),
        (
            f"opt func (record {{ {'a' * 50} : text }}) -> (nat) query",
            f"opt func (\n    record {{ {'a' * 50} : text }},\n  ) -> (nat) query",
        ),
        (
            f"record {{ x : func (nat) -> (record {{ {'a' * 60} : text }}) query }}",
            (
                "record {\n  x : func (nat) -> (\n      record {\n"
                f"        {'a' * 60} : text;\n      }},\n    ) query;\n}}"
            ),
        ),
    ],
)
def test_types_are_printed_as_in_official_errors(did: str, shown: str) -> None:
    assert show_type(method(did).args[0]) == shown


@pytest.mark.parametrize(
    ("value", "did", "error"),
    [
        ("x", "nat", TypeError),
        (True, "nat", TypeError),
        (1, "bool", TypeError),
        (-1, "nat", ValueError),
        (256, "nat8", ValueError),
        (1, "float64", TypeError),
        (b"x", "text", TypeError),
        ("x", "blob", TypeError),
        ([1], "blob", TypeError),
        ("xy", "vec text", TypeError),
        ({}, "record { a : nat }", ValueError),
        ({"a": 1, "b": 2}, "record { a : nat }", ValueError),
        ((1, 2), "record { nat }", ValueError),
        ([1], "record { nat }", TypeError),
        ("a", "variant { a }", TypeError),
        (None, "principal", TypeError),
        (1, "opt opt nat", TypeError),
        (None, "empty", TypeError),
        (None, "reserved", TypeError),
    ],
)
def test_a_value_that_is_not_of_its_type_is_never_printed(
    value: object, did: str, error: type[Exception]
) -> None:
    types = method(did).args

    for show in (show_args, to_json, lambda values, types: show_args(values, types, "idl")):
        with pytest.raises(error):
            show([value], types)


def test_a_single_value_is_printed_without_parentheses() -> None:
    type_ = Record([])

    assert show_value({}, type_) == "record {}"
    assert show_value(1, NAT) == "1 : nat"
    with pytest.raises(ValueError, match="no tag"):
        show_value(parse_args("(variant { b })", None)[0].value, Variant([]))
