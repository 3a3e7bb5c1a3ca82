"""`canister snapshot`: what a stopped canister held, kept and put back."""

import typer

app = typer.Typer()
