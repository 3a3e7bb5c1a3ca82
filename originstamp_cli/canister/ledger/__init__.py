"""The token ledger: who owns which token, and a hash-linked block for every change of it.

`core` and `approvals` know no interface. Two facades speak to them: `tokens`, the application's
own, and here `collection`, `icrc7`, `icrc37`, `icrc3` and `icrc21`, which are those standards to
the letter. `refusals` says why they refuse; `properties` is what both facades tell alike. `replay`
plays the log again and compares the state with it.
"""
