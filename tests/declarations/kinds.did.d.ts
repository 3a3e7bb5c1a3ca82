import type { Principal } from '@dfinity/principal';
import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';

/**
 * Who owns a thing.
 *
 * In /* three *\/ lines.
 */
export interface Account {
  /**
   * The principal.
   */
  'owner' : Principal,
  'subaccount' : [] | [Uint8Array | number[]],
  'since' : bigint,
}
export type Alone = { 'one' : null };
export type Answer = {
    /**
     * All went well.
     */
    'Ok' : string
  } |
  {
    'Err' : { 'NotFound' : null } |
      { 'Refused' : { 'code' : bigint, 'text' : string } }
  };
export interface Arrays {
  'a' : Array<bigint>,
  'b' : Array<bigint>,
  'c' : Uint8Array | number[],
  'd' : Uint16Array | number[],
  'e' : Uint32Array | number[],
  'f' : BigUint64Array | bigint[],
  'g' : Int8Array | number[],
  'h' : Int16Array | number[],
  'i' : Int32Array | number[],
  'j' : BigInt64Array | bigint[],
  'k' : Array<number>,
  'l' : Array<number>,
  'm' : Uint8Array | number[],
  'n' : BigUint64Array | bigint[],
  'o' : Array<Uint8Array | number[]>,
  'p' : Array<[] | [string]>,
}
export type Byte = number;
export type Callback = ActorMethod<[string, [] | [Account]], Answer>;
export interface Hooks {
  'run' : [Principal, string],
  'same' : Principal,
  'anyone' : Principal,
  'inline' : [Principal, string],
  'registry' : Principal,
}
export interface Mixed {
  _0_ : string,
  _7_ : bigint,
  _8_ : number,
  'x' : boolean,
}
export type Nested = [] | [[] | [[] | [Array<[[] | [Pair], null]>]]];
export type Never = never;
export type Nothing = never;
export type Notify = ActorMethod<[string], undefined>;
export type Numbers = [
  bigint,
  bigint,
  number,
  number,
  number,
  bigint,
  number,
  number,
  number,
  bigint,
  number,
  number,
];
export type Pair = [string, Answer];
export interface Registry {
  'all' : ActorMethod<[], Array<Principal>>,
  /**
   * Finds a callback.
   */
  'find' : ActorMethod<[string], [] | [[Principal, string]]>,
}
export interface Rest {
  'b' : boolean,
  'n' : null,
  'p' : Principal,
  'r' : any,
  't' : string,
}
export type Same = Registry;
export interface Unit {}
export type Word = bigint;
/**
 * What the canister answers.
 */
export interface _SERVICE {
  'arrays' : ActorMethod<[Arrays], Arrays>,
  'call' : Callback,
  'choose' : ActorMethod<
    [{ 'a' : boolean } | { 'b' : [number, string] }],
    { 'Ok' : null } |
      { 'Err' : string }
  >,
  'hooks' : ActorMethod<[Hooks, Nested, Rest, Mixed], [] | [Hooks]>,
  'long' : ActorMethod<
    [
      {
        'family_name' : string,
        'address' : { 'street' : string },
        'first_name' : string,
      },
    ],
    Array<
      { 'first_of_all' : { 'value' : bigint } } |
        { 'second_of_all' : Array<[] | [string]> }
    >
  >,
  /**
   * Nothing in, nothing out.
   */
  'nothing' : ActorMethod<[], undefined>,
  'notify' : Notify,
  'numbers' : ActorMethod<[Numbers], Numbers>,
  'odd' : ActorMethod<
    [Unit, [] | [Nothing], [] | [Never], Alone, any],
    [Unit, Alone]
  >,
  /**
   * Two lines,
   * and what would end a comment: *\/
   */
  'one' : ActorMethod<[string], string>,
  'several' : ActorMethod<
    [bigint, [] | [bigint], Uint8Array | number[]],
    [Answer, Array<Pair>]
  >,
}
export declare const idlFactory: IDL.InterfaceFactory;
export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];
