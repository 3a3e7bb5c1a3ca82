"""The token ledger: who owns which token, and a hash-linked block for every change of it.

`core` knows no interface. Two facades speak to it: `tokens`, the application's own, and here
`collection` and `icrc7`, which are ICRC-7 to the letter. `properties` is what both tell alike.
"""
