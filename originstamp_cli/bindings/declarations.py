"""What `generate` writes for one canister: the files by name, made of its interface's text."""

from originstamp_cli.candid import parse_program
from originstamp_cli.candid.depth import deeply

KINDS = ("js", "ts", "did")


def file_names(canister: str) -> set[str]:
    """Return the names of all files that declarations may consist of, Motoko's among them."""
    own = {canister + ending for ending in (".did", ".did.js", ".did.d.ts", ".mo")}
    return own | {"index.js", "index.d.ts"}


def declarations(
    canister: str,
    did: str,
    kinds: tuple[str, ...] = KINDS,
    *,
    env_override: str | None = None,
    has_actor: bool = True,
) -> dict[str, str]:
    """Return the text of each file by its name, for those of `KINDS` that are wanted.

    Raises `CandidError` for an interface that is not one, whatever is wanted of it.
    """
    # Here, since the program's help looks at every command and writes nothing.
    from .index import javascript_index, typescript_index
    from .javascript import javascript
    from .typescript import typescript

    program = parse_program(did)
    files = {}
    if "did" in kinds:
        files[f"{canister}.did"] = did
    if "js" in kinds:
        files[f"{canister}.did.js"] = deeply(lambda: javascript(program))
        files["index.js"] = javascript_index(
            canister, env_override=env_override, has_actor=has_actor
        )
    if "ts" in kinds:
        files[f"{canister}.did.d.ts"] = deeply(lambda: typescript(program))
        files["index.d.ts"] = typescript_index(canister, has_actor=has_actor)
    return files
