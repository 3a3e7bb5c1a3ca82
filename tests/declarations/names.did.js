export const idlFactory = ({ IDL }) => {
  const let_ = IDL.Nat;
  const abstract_ = IDL.Nat;
  const await_ = IDL.Nat;
  const break_ = IDL.Nat;
  const case_ = IDL.Nat;
  const class__ = IDL.Nat;
  const const_ = IDL.Nat;
  const default_ = IDL.Nat;
  const delete_ = IDL.Nat;
  const do_ = IDL.Nat;
  const enum_ = IDL.Nat;
  const eval_ = IDL.Nat;
  const export_ = IDL.Nat;
  const false_ = IDL.Nat;
  const function_ = IDL.Nat;
  const if_ = IDL.Nat;
  const in_ = IDL.Nat;
  const interface_ = IDL.Nat;
  const new_ = IDL.Nat;
  const package_ = IDL.Nat;
  const return_ = IDL.Nat;
  const static_ = IDL.Nat;
  const switch_ = IDL.Nat;
  const this_ = IDL.Nat;
  const typeof_ = IDL.Nat;
  const var_ = IDL.Nat;
  const void_ = IDL.Nat;
  const while_ = IDL.Nat;
  const yield_ = IDL.Nat;
  const arguments_ = IDL.Nat;
  const any = IDL.Nat;
  const unknown = IDL.Nat;
  const never = IDL.Nat;
  const undefined = IDL.Nat;
  const number = IDL.Nat;
  const bigint = IDL.Nat;
  const string = IDL.Nat;
  const symbol = IDL.Nat;
  const object = IDL.Nat;
  const boolean_ = IDL.Nat;
  const keyof = IDL.Nat;
  const unique = IDL.Nat;
  const readonly = IDL.Nat;
  const infer = IDL.Nat;
  const asserts = IDL.Nat;
  const is = IDL.Nat;
  const as = IDL.Nat;
  const satisfies = IDL.Nat;
  const async = IDL.Nat;
  const of = IDL.Nat;
  const get = IDL.Nat;
  const set = IDL.Nat;
  const declare = IDL.Nat;
  const namespace = IDL.Nat;
  const module = IDL.Nat;
  const global = IDL.Nat;
  const require = IDL.Nat;
  const from = IDL.Nat;
  const accessor = IDL.Nat;
  const override = IDL.Nat;
  const out = IDL.Nat;
  const using = IDL.Nat;
  const defer = IDL.Nat;
  const intrinsic = IDL.Nat;
  const constructor = IDL.Nat;
  const NaN = IDL.Nat;
  const Array = IDL.Nat;
  const Uint8Array = IDL.Record({ 'of' : IDL.Nat });
  const Object = IDL.Nat;
  const Promise = IDL.Nat;
  const Record = IDL.Record({ '_' : IDL.Nat });
  const BigInt64Array = IDL.Nat;
  const Symbol = IDL.Nat;
  const Function = IDL.Nat;
  const Principal = IDL.Record({ 'id' : IDL.Principal });
  const ActorMethod = IDL.Nat;
  const IDL___ = IDL.Record({ 'IDL' : IDL.Nat });
  const IDL_ = IDL.Text;
  const IDL__ = IDL.Text;
  const _SERVICE = IDL.Variant({ 'a' : IDL.Null });
  const idlFactory = IDL.Nat;
  const init = IDL.Nat;
  const class_ = IDL.Text;
  const __proto__ = IDL.Nat;
  const hasOwnProperty = IDL.Nat;
  const _ = IDL.Nat;
  const All = IDL.Tuple(
    IDL.Opt(abstract_),
    IDL.Opt(await_),
    IDL.Opt(break_),
    IDL.Opt(case_),
    IDL.Opt(class__),
    IDL.Opt(const_),
    IDL.Opt(default_),
    IDL.Opt(delete_),
    IDL.Opt(do_),
    IDL.Opt(enum_),
    IDL.Opt(eval_),
    IDL.Opt(export_),
    IDL.Opt(false_),
    IDL.Opt(function_),
    IDL.Opt(if_),
    IDL.Opt(in_),
    IDL.Opt(interface_),
    IDL.Opt(let_),
    IDL.Opt(new_),
    IDL.Opt(package_),
    IDL.Opt(return_),
    IDL.Opt(static_),
    IDL.Opt(switch_),
    IDL.Opt(this_),
    IDL.Opt(typeof_),
    IDL.Opt(var_),
    IDL.Opt(void_),
    IDL.Opt(while_),
    IDL.Opt(yield_),
    IDL.Opt(arguments_),
    IDL.Opt(any),
    IDL.Opt(unknown),
    IDL.Opt(never),
    IDL.Opt(undefined),
    IDL.Opt(number),
    IDL.Opt(bigint),
    IDL.Opt(string),
    IDL.Opt(symbol),
    IDL.Opt(object),
    IDL.Opt(boolean_),
    IDL.Opt(keyof),
    IDL.Opt(unique),
    IDL.Opt(readonly),
    IDL.Opt(infer),
    IDL.Opt(asserts),
    IDL.Opt(is),
    IDL.Opt(as),
    IDL.Opt(satisfies),
    IDL.Opt(async),
    IDL.Opt(of),
    IDL.Opt(get),
    IDL.Opt(set),
    IDL.Opt(declare),
    IDL.Opt(namespace),
    IDL.Opt(module),
    IDL.Opt(global),
    IDL.Opt(require),
    IDL.Opt(from),
    IDL.Opt(accessor),
    IDL.Opt(override),
    IDL.Opt(out),
    IDL.Opt(using),
    IDL.Opt(defer),
    IDL.Opt(intrinsic),
    IDL.Opt(constructor),
    IDL.Opt(NaN),
    IDL.Opt(Array),
    IDL.Opt(Uint8Array),
    IDL.Opt(Object),
    IDL.Opt(Promise),
    IDL.Opt(Record),
    IDL.Opt(BigInt64Array),
    IDL.Opt(Symbol),
    IDL.Opt(Function),
    IDL.Opt(Principal),
    IDL.Opt(ActorMethod),
    IDL.Opt(IDL___),
    IDL.Opt(IDL_),
    IDL.Opt(IDL__),
    IDL.Opt(_SERVICE),
    IDL.Opt(idlFactory),
    IDL.Opt(init),
    IDL.Opt(class_),
    IDL.Opt(__proto__),
    IDL.Opt(hasOwnProperty),
    IDL.Opt(_),
    IDL.Vec(class__),
    IDL.Vec(keyof),
    IDL.Vec(unique),
  );
  const Fields = IDL.Record({
    '' : IDL.Nat,
    _5_ : IDL.Nat,
    '\u{0}1' : IDL.Nat,
    '`' : IDL.Nat,
    '\u{7f}' : IDL.Nat,
    '*/' : IDL.Nat,
    'é' : IDL.Nat,
    _4736169_ : IDL.Nat,
    'a b' : IDL.Nat,
    '\u{301}e' : IDL.Nat,
    '\u{2028}' : IDL.Nat,
    '${x}' : IDL.Nat,
    '</script>' : IDL.Nat,
    'toString' : IDL.Nat,
    'it\'s' : IDL.Nat,
    'tab\t' : IDL.Nat,
    'type' : IDL.Nat,
    'back\\slash' : IDL.Nat,
    'line\nbreak' : IDL.Nat,
    'prototype' : IDL.Nat,
    ['__proto__'] : IDL.Nat,
    'constructor' : IDL.Nat,
    '🦀' : IDL.Nat,
    '漢字' : IDL.Nat,
    _3228763717_ : IDL.Nat,
    _4003086755_ : IDL.Nat,
    '\"quoted\"' : IDL.Nat,
    _4294967295_ : IDL.Nat,
  });
  const Tags = IDL.Variant({
    _5_ : IDL.Null,
    _6_ : IDL.Nat,
    '\n' : IDL.Text,
    _4736615_ : IDL.Nat,
    'a b' : IDL.Nat,
    'it\'s' : IDL.Null,
    'class' : IDL.Null,
    ['__proto__'] : IDL.Bool,
    '🦀' : IDL.Null,
  });
  return IDL.Service({
    '_5_' : IDL.Func([], [], []),
    'a b\n\"c\"' : IDL.Func([IDL.Record({ 'x\\y' : IDL.Vec(let_) })], [], []),
    'all' : IDL.Func([All], [Fields], []),
    'class' : IDL.Func([], [class__, class_, IDL___, IDL_, IDL__], []),
    'it\'s' : IDL.Func([Tags], [IDL.Opt(class__)], ['query']),
    'then' : IDL.Func([init, idlFactory], [], []),
    'toString' : IDL.Func(
        [Principal, IDL.Principal],
        [Uint8Array, IDL.Vec(IDL.Nat8)],
        [],
      ),
    '漢字🦀' : IDL.Func([Array, IDL.Vec(Array), ActorMethod, _SERVICE], [], []),
  });
};
export const init = ({ IDL }) => { return []; };
