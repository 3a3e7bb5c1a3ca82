// The official library as a wallet: the interfaces of ICRC-7, ICRC-37 and ICRC-3 as these publish
// them, an argument for each method, and what is answered.
//
// Standard input has { names, replies }: principals by name, and replies in hex by the number of
// their call. Standard output gets the calls in order, each { method, mode, by, sent } and, where
// there is a reply, { told, again }: what the library reads in it, and what it writes of that.
import { readFileSync } from 'node:fs';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';

const idlFactory = ({ IDL }) => {
  const opt = IDL.Opt;
  const vec = IDL.Vec;
  const blob = vec(IDL.Nat8);
  const Account = IDL.Record({ owner: IDL.Principal, subaccount: opt(blob) });
  const Value = IDL.Rec();
  Value.fill(
    IDL.Variant({
      Blob: blob,
      Text: IDL.Text,
      Nat: IDL.Nat,
      Int: IDL.Int,
      Array: vec(Value),
      Map: vec(IDL.Tuple(IDL.Text, Value)),
    }),
  );
  const pairs = vec(IDL.Tuple(IDL.Text, Value));
  const described = IDL.Record({ error_code: IDL.Nat, message: IDL.Text });
  const always = {
    TooOld: IDL.Null,
    CreatedInFuture: IDL.Record({ ledger_time: IDL.Nat64 }),
    GenericError: described,
    GenericBatchError: described,
  };
  const ofTokens = { ...always, NonExistingTokenId: IDL.Null, Unauthorized: IDL.Null };
  const ofTransfers = {
    ...ofTokens,
    InvalidRecipient: IDL.Null,
    Duplicate: IDL.Record({ duplicate_of: IDL.Nat }),
  };
  const results = (errors) => [vec(opt(IDL.Variant({ Ok: IDL.Nat, Err: IDL.Variant(errors) })))];
  const given = { memo: opt(blob), created_at_time: opt(IDL.Nat64) };
  const own = { from_subaccount: opt(blob) };
  const token = { token_id: IDL.Nat };
  const ApprovalInfo = IDL.Record({
    spender: Account,
    ...own,
    expires_at: opt(IDL.Nat64),
    memo: opt(blob),
    created_at_time: IDL.Nat64,
  });
  const TokenApproval = IDL.Record({ ...token, approval_info: ApprovalInfo });
  const revoked = { spender: opt(Account), ...own, ...given };
  const TransferArg = IDL.Record({ ...own, to: Account, ...token, ...given });
  const TransferFromArg = IDL.Record({
    spender_subaccount: opt(blob),
    from: Account,
    to: Account,
    ...token,
    ...given,
  });
  const GetBlocksArgs = vec(IDL.Record({ start: IDL.Nat, length: IDL.Nat }));
  const GetBlocksResult = IDL.Rec();
  GetBlocksResult.fill(
    IDL.Record({
      log_length: IDL.Nat,
      blocks: vec(IDL.Record({ id: IDL.Nat, block: Value })),
      archived_blocks: vec(
        IDL.Record({
          args: GetBlocksArgs,
          callback: IDL.Func([GetBlocksArgs], [GetBlocksResult], ['query']),
        }),
      ),
    }),
  );
  const query = (args, answers) => IDL.Func(args, answers, ['query']);
  const update = (args, answers) => IDL.Func(args, answers, []);
  const getter = (type) => query([], [type]);
  return IDL.Service({
    icrc7_collection_metadata: getter(pairs),
    icrc7_symbol: getter(IDL.Text),
    icrc7_name: getter(IDL.Text),
    icrc7_description: getter(opt(IDL.Text)),
    icrc7_logo: getter(opt(IDL.Text)),
    icrc7_total_supply: getter(IDL.Nat),
    icrc7_supply_cap: getter(opt(IDL.Nat)),
    icrc7_max_query_batch_size: getter(opt(IDL.Nat)),
    icrc7_max_update_batch_size: getter(opt(IDL.Nat)),
    icrc7_default_take_value: getter(opt(IDL.Nat)),
    icrc7_max_take_value: getter(opt(IDL.Nat)),
    icrc7_max_memo_size: getter(opt(IDL.Nat)),
    icrc7_atomic_batch_transfers: getter(opt(IDL.Bool)),
    icrc7_tx_window: getter(opt(IDL.Nat)),
    icrc7_permitted_drift: getter(opt(IDL.Nat)),
    icrc7_token_metadata: query([vec(IDL.Nat)], [vec(opt(pairs))]),
    icrc7_owner_of: query([vec(IDL.Nat)], [vec(opt(Account))]),
    icrc7_balance_of: query([vec(Account)], [vec(IDL.Nat)]),
    icrc7_tokens: query([opt(IDL.Nat), opt(IDL.Nat)], [vec(IDL.Nat)]),
    icrc7_tokens_of: query([Account, opt(IDL.Nat), opt(IDL.Nat)], [vec(IDL.Nat)]),
    icrc7_transfer: update([vec(TransferArg)], results(ofTransfers)),
    icrc10_supported_standards: getter(vec(IDL.Record({ name: IDL.Text, url: IDL.Text }))),
    icrc37_max_approvals_per_token_or_collection: getter(opt(IDL.Nat)),
    icrc37_max_revoke_approvals: getter(opt(IDL.Nat)),
    icrc37_approve_tokens: update(
      [vec(TokenApproval)],
      results({ ...ofTokens, InvalidSpender: IDL.Null }),
    ),
    icrc37_approve_collection: update(
      [vec(IDL.Record({ approval_info: ApprovalInfo }))],
      results({ ...always, InvalidSpender: IDL.Null }),
    ),
    icrc37_revoke_token_approvals: update(
      [vec(IDL.Record({ ...revoked, ...token }))],
      results({ ...ofTokens, ApprovalDoesNotExist: IDL.Null }),
    ),
    icrc37_revoke_collection_approvals: update(
      [vec(IDL.Record(revoked))],
      results({ ...always, ApprovalDoesNotExist: IDL.Null }),
    ),
    icrc37_is_approved: query(
      [vec(IDL.Record({ spender: Account, ...own, ...token }))],
      [vec(IDL.Bool)],
    ),
    icrc37_get_token_approvals: query(
      [IDL.Nat, opt(TokenApproval), opt(IDL.Nat)],
      [vec(TokenApproval)],
    ),
    icrc37_get_collection_approvals: query(
      [Account, opt(ApprovalInfo), opt(IDL.Nat)],
      [vec(ApprovalInfo)],
    ),
    icrc37_transfer_from: update([vec(TransferFromArg)], results(ofTransfers)),
    icrc3_get_archives: query(
      [IDL.Record({ from: opt(IDL.Principal) })],
      [vec(IDL.Record({ canister_id: IDL.Principal, start: IDL.Nat, end: IDL.Nat }))],
    ),
    icrc3_get_tip_certificate: getter(
      opt(IDL.Record({ certificate: blob, hash_tree: blob })),
    ),
    icrc3_get_blocks: query([GetBlocksArgs], [GetBlocksResult]),
    icrc3_supported_block_types: getter(
      vec(IDL.Record({ block_type: IDL.Text, url: IDL.Text })),
    ),
  });
};

const { names, replies } = JSON.parse(readFileSync(0, 'utf8'));
const methods = new Map(idlFactory({ IDL })._fields);
const of = (name) => ({ owner: Principal.fromText(names[name]), subaccount: [] });
const bytes = (...numbers) => Uint8Array.from(numbers);
const now = 1_700_000_000_000_000_000n;
const later = now + 10n ** 15n;
const own = { from_subaccount: [] };
const unsaid = { memo: [], created_at_time: [] };
const info = (spender) => ({
  ...own,
  spender: of(spender),
  expires_at: [later],
  memo: [bytes(7)],
  created_at_time: now,
});
const token = { token_id: 1n };

// Getters first, then what changes something, each seen by what is asked after it.
const getters = [...methods].filter(([, { argTypes }]) => argTypes.length === 0);
const calls = [
  ...getters.map(([method]) => ['bob', method, []]),
  ['bob', 'icrc7_token_metadata', [[1n, 99n]]],
  ['bob', 'icrc7_tokens', [[], [5n]]],
  ['bob', 'icrc7_tokens_of', [of('bob'), [1n], []]],
  ['bob', 'icrc7_balance_of', [[of('bob'), of('carol')]]],
  ['bob', 'icrc37_approve_tokens', [[{ ...token, approval_info: info('carol') }]]],
  ['bob', 'icrc37_approve_collection', [[{ approval_info: info('carol') }]]],
  ['bob', 'icrc37_is_approved', [[{ spender: of('carol'), ...own, ...token }]]],
  ['bob', 'icrc37_get_token_approvals', [1n, [], [3n]]],
  ['bob', 'icrc37_get_collection_approvals', [of('bob'), [info('alice')], []]],
  ['bob', 'icrc37_revoke_token_approvals', [[{ spender: [of('carol')], ...own, ...unsaid, ...token }]]],
  [
    'carol',
    'icrc37_transfer_from',
    [[{ spender_subaccount: [], from: of('bob'), to: of('carol'), ...token, ...unsaid }]],
  ],
  ['bob', 'icrc37_revoke_collection_approvals', [[{ spender: [], ...own, ...unsaid }]]],
  [
    'carol',
    'icrc7_transfer',
    [
      [
        { ...own, to: of('alice'), ...token, memo: [bytes(0, 255)], created_at_time: [now] },
        { ...own, to: of('alice'), token_id: 2n ** 300n, ...unsaid },
      ],
    ],
  ],
  ['bob', 'icrc7_owner_of', [[1n, 99n]]],
  ['bob', 'icrc3_get_archives', [{ from: [] }]],
  ['bob', 'icrc3_get_blocks', [[{ start: 0n, length: 2n ** 100n }]]],
];

const hex = (data) => Buffer.from(data).toString('hex');
const plain = (_, value) => {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return hex(value);
  return value instanceof Principal ? value.toText() : value;
};
// A principal knows how to write itself as JSON, which comes before `plain`.
Principal.prototype.toJSON = undefined;

const answered = (number, types) => {
  if (replies[number] === undefined) return {};
  const told = IDL.decode(types, Uint8Array.from(Buffer.from(replies[number], 'hex')));
  return { told, again: hex(IDL.encode(types, told)) };
};

const done = calls.map(([by, method, args], number) => {
  const { argTypes, retTypes, annotations } = methods.get(method);
  const mode = annotations[0] ?? 'update';
  const sent = hex(IDL.encode(argTypes, args));
  return { method, mode, by, sent, ...answered(number, retTypes) };
});
const uncalled = [...methods.keys()].filter((name) => !calls.some(([, method]) => method === name));
if (uncalled.length > 0) throw new Error(`nobody calls ${uncalled}`);
process.stdout.write(JSON.stringify(done, plain));
