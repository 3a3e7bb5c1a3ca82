"""The two faces of the program. `call` is the light path; everything else here knows Typer."""
