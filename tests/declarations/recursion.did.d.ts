import type { Principal } from '@dfinity/principal';
import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';

export type Alias = Deep;
export type Deep = Array<Alias>;
export type Endless = [Endless];
export type Even = [] | [{ 'odd' : Odd }];
export type List = [] | [{ 'head' : bigint, 'tail' : List }];
export interface Odd { 'even' : Even, 'next' : [] | [Odd] }
export interface Peer {
  'again' : ActorMethod<[], Principal>,
  'all' : ActorMethod<[List, Tree, Even, Odd, Alias, Deep], Endless>,
  'peers' : ActorMethod<[Array<Principal>], undefined>,
  'step' : Step,
}
export interface State {
  'peer' : [] | [Principal],
  'steps' : Array<[Principal, string]>,
}
export type Step = ActorMethod<[State], [] | [[Principal, string]]>;
export type Tree = { 'branch' : { 'left' : Tree, 'right' : Tree } } |
  { 'leaf' : bigint };
export type Value = { 'Map' : Array<[string, Value]> } |
  { 'Nat' : bigint } |
  { 'Array' : Array<Value> };
export interface _SERVICE extends Peer {}
export declare const idlFactory: IDL.InterfaceFactory;
export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];
