export const idlFactory = ({ IDL }) => {
  const Alias = IDL.Rec();
  const Endless = IDL.Rec();
  const Even = IDL.Rec();
  const List = IDL.Rec();
  const Odd = IDL.Rec();
  const Peer = IDL.Rec();
  const Step = IDL.Rec();
  const Tree = IDL.Rec();
  const Value = IDL.Rec();
  List.fill(IDL.Opt(IDL.Record({ 'head' : IDL.Nat, 'tail' : List })));
  Tree.fill(
    IDL.Variant({
      'branch' : IDL.Record({ 'left' : Tree, 'right' : Tree }),
      'leaf' : IDL.Int,
    })
  );
  Odd.fill(IDL.Record({ 'even' : Even, 'next' : IDL.Opt(Odd) }));
  Even.fill(IDL.Opt(IDL.Record({ 'odd' : Odd })));
  const Deep = IDL.Vec(Alias);
  Alias.fill(Deep);
  Endless.fill(IDL.Tuple(Endless));
  Peer.fill(
    IDL.Service({
      'again' : IDL.Func([], [Peer], []),
      'all' : IDL.Func([List, Tree, Even, Odd, Alias, Deep], [Endless], []),
      'peers' : IDL.Func([IDL.Vec(Peer)], [], []),
      'step' : Step,
    })
  );
  const State = IDL.Record({ 'peer' : IDL.Opt(Peer), 'steps' : IDL.Vec(Step) });
  Step.fill(IDL.Func([State], [IDL.Opt(Step)], ['query']));
  Value.fill(
    IDL.Variant({
      'Map' : IDL.Vec(IDL.Tuple(IDL.Text, Value)),
      'Nat' : IDL.Nat,
      'Array' : IDL.Vec(Value),
    })
  );
  return IDL.Service({
    'again' : IDL.Func([], [Peer], []),
    'all' : IDL.Func([List, Tree, Even, Odd, Alias, Deep], [Endless], []),
    'peers' : IDL.Func([IDL.Vec(Peer)], [], []),
    'step' : Step.getType(),
  });
};
export const init = ({ IDL }) => {
  const Alias = IDL.Rec();
  const Endless = IDL.Rec();
  const Even = IDL.Rec();
  const List = IDL.Rec();
  const Odd = IDL.Rec();
  const Peer = IDL.Rec();
  const Step = IDL.Rec();
  const Tree = IDL.Rec();
  const Value = IDL.Rec();
  List.fill(IDL.Opt(IDL.Record({ 'head' : IDL.Nat, 'tail' : List })));
  Tree.fill(
    IDL.Variant({
      'branch' : IDL.Record({ 'left' : Tree, 'right' : Tree }),
      'leaf' : IDL.Int,
    })
  );
  Odd.fill(IDL.Record({ 'even' : Even, 'next' : IDL.Opt(Odd) }));
  Even.fill(IDL.Opt(IDL.Record({ 'odd' : Odd })));
  const Deep = IDL.Vec(Alias);
  Alias.fill(Deep);
  Endless.fill(IDL.Tuple(Endless));
  Peer.fill(
    IDL.Service({
      'again' : IDL.Func([], [Peer], []),
      'all' : IDL.Func([List, Tree, Even, Odd, Alias, Deep], [Endless], []),
      'peers' : IDL.Func([IDL.Vec(Peer)], [], []),
      'step' : Step,
    })
  );
  const State = IDL.Record({ 'peer' : IDL.Opt(Peer), 'steps' : IDL.Vec(Step) });
  Step.fill(IDL.Func([State], [IDL.Opt(Step)], ['query']));
  Value.fill(
    IDL.Variant({
      'Map' : IDL.Vec(IDL.Tuple(IDL.Text, Value)),
      'Nat' : IDL.Nat,
      'Array' : IDL.Vec(Value),
    })
  );
  return [Step, Value];
};
