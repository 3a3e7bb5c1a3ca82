"""`make generate`: compile the interfaces, so that no call has to parse them."""

from pathlib import Path
from pprint import pformat

from originstamp_cli.candid import parse_service
from originstamp_cli.canister import backend

_HEAD = '''"""The interfaces in their packed form. Made by `make generate`; not to be edited."""

# fmt: off
BACKEND: tuple[object, ...] = \\
'''


def compiled() -> str:
    """Return the text of the module `interfaces`."""
    packed = parse_service(backend.did()).pack()
    return f"{_HEAD}{pformat(packed, width=98, compact=True)}\n"


def main() -> None:
    """Write the module `interfaces` beside this one."""
    Path(__file__).with_name("interfaces.py").write_text(compiled(), encoding="utf-8")


if __name__ == "__main__":
    main()
