"""`make generate`: compile the interfaces, so that no call has to parse them."""

from pathlib import Path
from pprint import pformat

from originstamp_cli.candid import parse_service
from originstamp_cli.canister.canisters import CANISTERS

_HEAD = '''"""The interfaces in their packed form. Made by `make generate`; not to be edited."""

# fmt: off
'''


def compiled() -> str:
    """Return the text of the module `interfaces`: a constant for each canister, named after it."""
    parts = [_HEAD]
    for name, canister in CANISTERS.items():
        packed = pformat(parse_service(canister.did()).pack(), width=98, compact=True)
        parts.append(f"{name.upper()}: tuple[object, ...] = \\\n{packed}\n")
    return "".join(parts)


def main() -> None:
    """Write the module `interfaces` beside this one."""
    Path(__file__).with_name("interfaces.py").write_text(compiled(), encoding="utf-8")


if __name__ == "__main__":
    main()
