"""The `index.js` and `index.d.ts` that make an actor out of a canister's declarations."""

from .names import RESERVED, quoted, variable

_OURS = RESERVED | {
    *("Actor", "HttpAgent", "Agent", "HttpAgentOptions", "ActorConfig", "ActorSubclass", "IDL"),
    *("Principal", "CreateActorOptions", "_SERVICE", "canisterId", "createActor", "idlFactory"),
    *("console", "process", "undefined"),
}

_JAVASCRIPT = """\
import {{ Actor, HttpAgent }} from '@dfinity/agent';
import {{ idlFactory }} from {module};

export {{ idlFactory }};

// A bundler puts the id here, which is what `dfx canister id` prints.
export const canisterId = {id};

// Makes an actor that calls the canister. The options are `agent`, or `agentOptions` to make one
// with, and `actorOptions`.
export const createActor = (canisterId, options = {{}}) => {{
  if (options.agent && options.agentOptions) {{
    console.warn('createActor was given an agent: its agentOptions are not used.');
  }}
  const agent = options.agent || new HttpAgent({{ ...options.agentOptions }});
  if (process.env.DFX_NETWORK !== 'ic') {{
    // Only the main network's key is built in; that of any other is asked for.
    agent.fetchRootKey().catch((error) => {{
      console.warn('The root key cannot be fetched: does the local network run?', error);
    }});
  }}
  return Actor.createActor(idlFactory, {{ agent, canisterId, ...options.actorOptions }});
}};
"""
_JAVASCRIPT_ACTOR = """
export const {name} = canisterId ? createActor(canisterId) : undefined;
"""

_TYPESCRIPT = """\
import type {{ ActorConfig, ActorSubclass, Agent, HttpAgentOptions }} from '@dfinity/agent';
import type {{ IDL }} from '@dfinity/candid';
import type {{ Principal }} from '@dfinity/principal';
import type {{ _SERVICE }} from {module};

export declare const idlFactory: IDL.InterfaceFactory;
export declare const canisterId: string;

export interface CreateActorOptions {{
  /** The agent that makes the calls. */
  agent?: Agent;
  /** What to make an agent with, where none is given. */
  agentOptions?: HttpAgentOptions;
  actorOptions?: Partial<ActorConfig>;
}}

/** Make an actor that calls the canister. */
export declare const createActor: (
  canisterId: string | Principal,
  options?: CreateActorOptions,
) => ActorSubclass<_SERVICE>;
"""
_TYPESCRIPT_ACTOR = """
/** The canister whose id is `canisterId`. */
export declare const {name}: ActorSubclass<_SERVICE>;
"""


def javascript_index(canister: str, *, env_override: str | None, has_actor: bool) -> str:
    """Return the text of `index.js`.

    The canister's id is `env_override` or comes from the environment; `has_actor` says whether an
    actor is made when the module is loaded.
    """
    name = variable(canister, _OURS)
    id_ = f"process.env.CANISTER_ID_{variable(canister, ()).upper()}"
    if env_override is not None:
        id_ = quoted(env_override)
    text = _JAVASCRIPT + (_JAVASCRIPT_ACTOR if has_actor else "")
    return text.format(name=name, id=id_, module=_module(canister))


def typescript_index(canister: str, *, has_actor: bool) -> str:
    """Return the text of `index.d.ts`, the types of what `javascript_index` exports."""
    text = _TYPESCRIPT + (_TYPESCRIPT_ACTOR if has_actor else "")
    return text.format(name=variable(canister, _OURS), module=_module(canister))


def _module(canister: str) -> str:
    return quoted(f"./{canister}.did.js")
