import type { Principal } from '@dfinity/principal';
import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';

export type ActorMethod_ = bigint;
export type All = [
  [] | [abstract_],
  [] | [await_],
  [] | [break_],
  [] | [case_],
  [] | [class__],
  [] | [const_],
  [] | [default_],
  [] | [delete_],
  [] | [do_],
  [] | [enum_],
  [] | [eval_],
  [] | [export_],
  [] | [false_],
  [] | [function_],
  [] | [if_],
  [] | [in_],
  [] | [interface_],
  [] | [let_],
  [] | [new_],
  [] | [package_],
  [] | [return_],
  [] | [static_],
  [] | [switch_],
  [] | [this_],
  [] | [typeof_],
  [] | [var_],
  [] | [void_],
  [] | [while_],
  [] | [yield_],
  [] | [arguments_],
  [] | [any_],
  [] | [unknown_],
  [] | [never_],
  [] | [undefined_],
  [] | [number_],
  [] | [bigint_],
  [] | [string_],
  [] | [symbol_],
  [] | [object_],
  [] | [boolean_],
  [] | [keyof_],
  [] | [unique_],
  [] | [readonly_],
  [] | [infer_],
  [] | [asserts_],
  [] | [is],
  [] | [as_],
  [] | [satisfies],
  [] | [async],
  [] | [of],
  [] | [get],
  [] | [set],
  [] | [declare],
  [] | [namespace],
  [] | [module],
  [] | [global],
  [] | [require],
  [] | [from],
  [] | [accessor],
  [] | [override],
  [] | [out],
  [] | [using],
  [] | [defer],
  [] | [intrinsic],
  [] | [constructor],
  [] | [NaN],
  [] | [Array_],
  [] | [Uint8Array_],
  [] | [Object],
  [] | [Promise],
  [] | [Record],
  [] | [BigInt64Array_],
  [] | [Symbol],
  [] | [Function],
  [] | [Principal_],
  [] | [ActorMethod_],
  [] | [IDL___],
  [] | [IDL_],
  [] | [IDL__],
  [] | [_SERVICE_],
  [] | [idlFactory],
  [] | [init],
  [] | [class_],
  [] | [__proto__],
  [] | [hasOwnProperty],
  [] | [_],
  Array<class__>,
  Array<keyof_>,
  Array<unique_>,
];
export type Array_ = bigint;
export type BigInt64Array_ = bigint;
export interface Fields {
  '' : bigint,
  _5_ : bigint,
  '\u{0}1' : bigint,
  '`' : bigint,
  '\u{7f}' : bigint,
  '*/' : bigint,
  'é' : bigint,
  _4736169_ : bigint,
  'a b' : bigint,
  '\u{301}e' : bigint,
  '\u{2028}' : bigint,
  '${x}' : bigint,
  '</script>' : bigint,
  'toString' : bigint,
  'it\'s' : bigint,
  'tab\t' : bigint,
  'type' : bigint,
  'back\\slash' : bigint,
  'line\nbreak' : bigint,
  'prototype' : bigint,
  '__proto__' : bigint,
  'constructor' : bigint,
  '🦀' : bigint,
  '漢字' : bigint,
  _3228763717_ : bigint,
  _4003086755_ : bigint,
  '\"quoted\"' : bigint,
  _4294967295_ : bigint,
}
export type Function = bigint;
export interface IDL___ { 'IDL' : bigint }
export type IDL_ = string;
export type IDL__ = string;
export type NaN = bigint;
export type Object = bigint;
export interface Principal_ { 'id' : Principal }
export type Promise = bigint;
export interface Record { '_' : bigint }
export type Symbol = bigint;
export type Tags = { _5_ : null } |
  { _6_ : bigint } |
  { '\n' : string } |
  { _4736615_ : bigint } |
  { 'a b' : bigint } |
  { 'it\'s' : null } |
  { 'class' : null } |
  { '__proto__' : boolean } |
  { '🦀' : null };
export interface Uint8Array_ { 'of' : bigint }
export type _ = bigint;
export type _SERVICE_ = { 'a' : null };
export type __proto__ = bigint;
/**
 * Names that mean something to JavaScript or TypeScript, or to neither.
 */
export type abstract_ = bigint;
export type accessor = bigint;
export type any_ = bigint;
export type arguments_ = bigint;
export type as_ = bigint;
export type asserts_ = bigint;
export type async = bigint;
export type await_ = bigint;
export type bigint_ = bigint;
export type boolean_ = bigint;
export type break_ = bigint;
export type case_ = bigint;
export type class__ = bigint;
export type class_ = string;
export type const_ = bigint;
export type constructor = bigint;
export type declare = bigint;
export type default_ = bigint;
export type defer = bigint;
export type delete_ = bigint;
export type do_ = bigint;
export type enum_ = bigint;
export type eval_ = bigint;
export type export_ = bigint;
export type false_ = bigint;
export type from = bigint;
export type function_ = bigint;
export type get = bigint;
export type global = bigint;
export type hasOwnProperty = bigint;
export type idlFactory = bigint;
export type if_ = bigint;
export type in_ = bigint;
export type infer_ = bigint;
export type init = bigint;
export type interface_ = bigint;
export type intrinsic = bigint;
export type is = bigint;
export type keyof_ = bigint;
export type let_ = bigint;
export type module = bigint;
export type namespace = bigint;
export type never_ = bigint;
export type new_ = bigint;
export type number_ = bigint;
export type object_ = bigint;
export type of = bigint;
export type out = bigint;
export type override = bigint;
export type package_ = bigint;
export type readonly_ = bigint;
export type require = bigint;
export type return_ = bigint;
export type satisfies = bigint;
export type set = bigint;
export type static_ = bigint;
export type string_ = bigint;
export type switch_ = bigint;
export type symbol_ = bigint;
export type this_ = bigint;
export type typeof_ = bigint;
export type undefined_ = bigint;
export type unique_ = bigint;
export type unknown_ = bigint;
export type using = bigint;
export type var_ = bigint;
export type void_ = bigint;
export type while_ = bigint;
export type yield_ = bigint;
export interface _SERVICE {
  '_5_' : ActorMethod<[], undefined>,
  'a b\n\"c\"' : ActorMethod<[{ 'x\\y' : Array<let_> }], undefined>,
  'all' : ActorMethod<[All], Fields>,
  'class' : ActorMethod<[], [class__, class_, IDL___, IDL_, IDL__]>,
  'it\'s' : ActorMethod<[Tags], [] | [class__]>,
  'then' : ActorMethod<[init, idlFactory], undefined>,
  'toString' : ActorMethod<
    [Principal_, Principal],
    [Uint8Array_, Uint8Array | number[]]
  >,
  '漢字🦀' : ActorMethod<
    [Array_, Array<Array_>, ActorMethod_, _SERVICE_],
    undefined
  >,
}
export declare const idlFactory: IDL.InterfaceFactory;
export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];
