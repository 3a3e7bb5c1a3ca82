// What the official library makes of generated factories.
//
// Standard input has a JSON list of tasks, each with `js`, the text of a `.did.js`:
// - with `method`, `part` ("argTypes" or "retTypes") and `hex`, a message: it is decoded by the
//   types of the method and encoded again;
// - without: an actor is made, and a reference to the service and one to a function of its init
//   arguments are encoded, so that the message describes the whole interface.
// Standard output gets a list of { hex } or { error }.
import { readFileSync } from 'node:fs';
import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';

const agent = HttpAgent.createSync({ host: 'http://127.0.0.1:1' });
const canisterId = Principal.managementCanister();
const modules = new Map();

const load = (js) => {
  if (!modules.has(js)) {
    modules.set(js, import(`data:text/javascript,${encodeURIComponent(js)}`));
  }
  return modules.get(js);
};

const described = (idlFactory, init) => {
  const actor = Actor.createActor(idlFactory, { agent, canisterId });
  const service = idlFactory({ IDL });
  const missing = service._fields.filter(([name]) => typeof actor[name] !== 'function');
  if (missing.length > 0) throw new Error(`the actor has no ${missing[0][0]}`);
  const types = [service, IDL.Func(init({ IDL }), [], [])];
  return IDL.encode(types, [canisterId, [canisterId, 'init']]);
};

const recoded = (idlFactory, { method, part, hex }) => {
  const types = idlFactory({ IDL })._fields.find(([name]) => name === method)[1][part];
  return IDL.encode(types, IDL.decode(types, Uint8Array.from(Buffer.from(hex, 'hex'))));
};

const done = async (task) => {
  try {
    const { idlFactory, init } = await load(task.js);
    const bytes = task.method ? recoded(idlFactory, task) : described(idlFactory, init);
    return { hex: Buffer.from(bytes).toString('hex') };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
};

const tasks = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(await Promise.all(tasks.map(done))));
