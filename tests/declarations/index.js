import { Actor, HttpAgent } from '@dfinity/agent';
import { idlFactory } from './backend.did.js';

export { idlFactory };

// A bundler puts the id here, which is what `dfx canister id` prints.
export const canisterId = process.env.CANISTER_ID_BACKEND;

// Makes an actor that calls the canister. The options are `agent`, or `agentOptions` to make one
// with, and `actorOptions`.
export const createActor = (canisterId, options = {}) => {
  if (options.agent && options.agentOptions) {
    console.warn('createActor was given an agent: its agentOptions are not used.');
  }
  const agent = options.agent || new HttpAgent({ ...options.agentOptions });
  if (process.env.DFX_NETWORK !== 'ic') {
    // Only the main network's key is built in; that of any other is asked for.
    agent.fetchRootKey().catch((error) => {
      console.warn('The root key cannot be fetched: does the local network run?', error);
    });
  }
  return Actor.createActor(idlFactory, { agent, canisterId, ...options.actorOptions });
};

export const backend = canisterId ? createActor(canisterId) : undefined;
