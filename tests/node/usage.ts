// A program that calls the backend through its declarations, as a frontend does.
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { backend, canisterId, createActor, idlFactory } from './declarations/backend/index.js';
import type {
  Account,
  Result_3,
  Token,
  TransferRequest,
  _SERVICE,
} from './declarations/backend/backend.did.js';

const owner = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const from: Account = { owner, subaccount: [] };
const to: Account = { owner, subaccount: [Uint8Array.from([1, 2])] };
const request: TransferRequest = { from, to, token_id: 7n, memo: [[3]], created_at_time: [] };
const token: Token = {
  id: 2n ** 64n - 1n,
  session_id: ['3f9c2a7be01d4c55'],
  owner: to,
  metadata: { name: 'Harbour', description: [], attributes: [['medium', 'oil']], image: [] },
  created_at: 0n,
};
const answers: Result_3[] = [{ Ok: null }, { Err: 'Token not found' }];

// What does not fit the interface is found by the compiler.
// @ts-expect-error a number is no bigint
export const wrongNumber: TransferRequest = { ...request, token_id: 7 };
// @ts-expect-error an `opt` is a list
export const wrongOption: Account = { owner, subaccount: null };
// @ts-expect-error there is no such tag
export const wrongTag: Result_3 = { No: null };
// @ts-expect-error a password is missing
export const tooFew = (service: _SERVICE) => service.login('alice');

export const transfer = async (): Promise<string[]> => {
  const replies = await createActor(owner, { actorOptions: {} }).icrc7_transfer([request]);
  return replies.map(({ result }) => ('Err' in result ? result.Err : 'transferred'));
};
export const found = async (): Promise<bigint | undefined> => {
  const [token] = await backend.get_token_details(1n);
  return token?.metadata.name === 'Harbour' ? token.id : undefined;
};

const typesOf = (method: keyof _SERVICE) => {
  const service = idlFactory({ IDL }) as IDL.ServiceClass;
  const func = service._fields.find(([name]) => name === method);
  if (func === undefined) throw new Error(`there is no ${method}`);
  return func[1];
};
const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
// As text, with the fields of records in one order: that of the library is its own.
const shown = (value: unknown) => JSON.stringify(value, (_, each: unknown) => plain(each));
const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return Array.from(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
};
const sent = (types: IDL.Type[], values: unknown[]) => {
  const bytes = IDL.encode(types, values);
  const back = IDL.decode(types, bytes);
  if (shown(back) !== shown(values)) throw new Error(`${shown(values)} came back as ${shown(back)}`);
  return hex(bytes);
};

console.log(
  JSON.stringify({
    canisterId,
    isActor: typeof backend.login,
    transfer: sent(typesOf('icrc7_transfer').argTypes, [[request]]),
    replies: sent(typesOf('icrc7_transfer').retTypes, [
      answers.map((result) => ({ token_id: 7n, result })),
    ]),
    token: sent(typesOf('get_token_details').retTypes, [[token]]),
    nothing: sent(typesOf('get_user_count').argTypes, []),
  }),
);
