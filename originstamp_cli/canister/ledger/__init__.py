"""The token ledger: who owns which token, and a hash-linked block for every change of it.

It knows no interface: the `backend` facade and the standard one stand beside it and both speak to
`core`.
"""
