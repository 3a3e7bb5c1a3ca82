export const idlFactory = ({ IDL }) => {
  const Registry = IDL.Rec();
  const Account = IDL.Record({
    'owner' : IDL.Principal,
    'subaccount' : IDL.Opt(IDL.Vec(IDL.Nat8)),
    'since' : IDL.Nat64,
  });
  const Answer = IDL.Variant({
    'Ok' : IDL.Text,
    'Err' : IDL.Variant({
      'NotFound' : IDL.Null,
      'Refused' : IDL.Record({ 'code' : IDL.Nat, 'text' : IDL.Text }),
    }),
  });
  const Callback = IDL.Func([IDL.Text, IDL.Opt(Account)], [Answer], ['query']);
  Registry.fill(
    IDL.Service({
      'all' : IDL.Func([], [IDL.Vec(Registry)], ['composite_query']),
      'find' : IDL.Func([IDL.Text], [IDL.Opt(Callback)], []),
    })
  );
  const Byte = IDL.Nat8;
  const Word = IDL.Nat64;
  const Arrays = IDL.Record({
    'a' : IDL.Vec(IDL.Nat),
    'b' : IDL.Vec(IDL.Int),
    'c' : IDL.Vec(IDL.Nat8),
    'd' : IDL.Vec(IDL.Nat16),
    'e' : IDL.Vec(IDL.Nat32),
    'f' : IDL.Vec(IDL.Nat64),
    'g' : IDL.Vec(IDL.Int8),
    'h' : IDL.Vec(IDL.Int16),
    'i' : IDL.Vec(IDL.Int32),
    'j' : IDL.Vec(IDL.Int64),
    'k' : IDL.Vec(IDL.Float32),
    'l' : IDL.Vec(IDL.Float64),
    'm' : IDL.Vec(Byte),
    'n' : IDL.Vec(Word),
    'o' : IDL.Vec(IDL.Vec(Byte)),
    'p' : IDL.Vec(IDL.Opt(IDL.Text)),
  });
  const Same = Registry;
  const Hooks = IDL.Record({
    'run' : Callback,
    'same' : Same,
    'anyone' : IDL.Service({ 'ping' : IDL.Func([], [], []) }),
    'inline' : IDL.Func([], [], []),
    'registry' : Registry,
  });
  const Pair = IDL.Tuple(IDL.Text, Answer);
  const Nested = IDL.Opt(
    IDL.Opt(IDL.Opt(IDL.Vec(IDL.Tuple(IDL.Opt(Pair), IDL.Null))))
  );
  const Rest = IDL.Record({
    'b' : IDL.Bool,
    'n' : IDL.Null,
    'p' : IDL.Principal,
    'r' : IDL.Reserved,
    't' : IDL.Text,
  });
  const Mixed = IDL.Record({
    _0_ : IDL.Text,
    _7_ : IDL.Nat,
    _8_ : IDL.Nat8,
    'x' : IDL.Bool,
  });
  const Notify = IDL.Func([IDL.Text], [], ['oneway']);
  const Numbers = IDL.Tuple(
    IDL.Nat,
    IDL.Int,
    IDL.Nat8,
    IDL.Nat16,
    IDL.Nat32,
    IDL.Nat64,
    IDL.Int8,
    IDL.Int16,
    IDL.Int32,
    IDL.Int64,
    IDL.Float32,
    IDL.Float64,
  );
  const Unit = IDL.Record({});
  const Nothing = IDL.Variant({});
  const Never = IDL.Empty;
  const Alone = IDL.Variant({ 'one' : IDL.Null });
  return IDL.Service({
    'arrays' : IDL.Func([Arrays], [Arrays], ['query']),
    'call' : Callback,
    'choose' : IDL.Func(
        [IDL.Variant({ 'a' : IDL.Bool, 'b' : IDL.Tuple(IDL.Nat8, IDL.Text) })],
        [IDL.Variant({ 'Ok' : IDL.Null, 'Err' : IDL.Text })],
        [],
      ),
    'hooks' : IDL.Func([Hooks, Nested, Rest, Mixed], [IDL.Opt(Hooks)], []),
    'long' : IDL.Func(
        [
          IDL.Record({
            'family_name' : IDL.Text,
            'address' : IDL.Record({ 'street' : IDL.Text }),
            'first_name' : IDL.Text,
          }),
        ],
        [
          IDL.Vec(
            IDL.Variant({
              'first_of_all' : IDL.Record({ 'value' : IDL.Nat }),
              'second_of_all' : IDL.Vec(IDL.Opt(IDL.Text)),
            })
          ),
        ],
        [],
      ),
    'nothing' : IDL.Func([], [], []),
    'notify' : Notify,
    'numbers' : IDL.Func([Numbers], [Numbers], ['query']),
    'odd' : IDL.Func(
        [Unit, IDL.Opt(Nothing), IDL.Opt(Never), Alone, IDL.Reserved],
        [Unit, Alone],
        ['query'],
      ),
    'one' : IDL.Func([IDL.Text], [IDL.Text], ['query']),
    'several' : IDL.Func(
        [IDL.Nat, IDL.Opt(IDL.Nat), IDL.Vec(Byte)],
        [Answer, IDL.Vec(Pair)],
        ['composite_query'],
      ),
  });
};
export const init = ({ IDL }) => {
  const Registry = IDL.Rec();
  const Account = IDL.Record({
    'owner' : IDL.Principal,
    'subaccount' : IDL.Opt(IDL.Vec(IDL.Nat8)),
    'since' : IDL.Nat64,
  });
  const Answer = IDL.Variant({
    'Ok' : IDL.Text,
    'Err' : IDL.Variant({
      'NotFound' : IDL.Null,
      'Refused' : IDL.Record({ 'code' : IDL.Nat, 'text' : IDL.Text }),
    }),
  });
  const Callback = IDL.Func([IDL.Text, IDL.Opt(Account)], [Answer], ['query']);
  Registry.fill(
    IDL.Service({
      'all' : IDL.Func([], [IDL.Vec(Registry)], ['composite_query']),
      'find' : IDL.Func([IDL.Text], [IDL.Opt(Callback)], []),
    })
  );
  return [
    Account,
    IDL.Opt(Callback),
    IDL.Variant({ 'fresh' : IDL.Null, 'from' : Registry }),
  ];
};
