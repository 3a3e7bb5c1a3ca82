import type { ActorConfig, ActorSubclass, Agent, HttpAgentOptions } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { _SERVICE } from './backend.did.js';

export declare const idlFactory: IDL.InterfaceFactory;
export declare const canisterId: string;

export interface CreateActorOptions {
  /** The agent that makes the calls. */
  agent?: Agent;
  /** What to make an agent with, where none is given. */
  agentOptions?: HttpAgentOptions;
  actorOptions?: Partial<ActorConfig>;
}

/** Make an actor that calls the canister. */
export declare const createActor: (
  canisterId: string | Principal,
  options?: CreateActorOptions,
) => ActorSubclass<_SERVICE>;

/** The canister whose id is `canisterId`. */
export declare const backend: ActorSubclass<_SERVICE>;
