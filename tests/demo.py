"""`make demo`: the whole story of an artwork, told step by step, each step checked.

Everything happens in a throw-away folder: a home of its own, the default state in it, and a real
object store on this machine that gets the photos. Exits 0 only if every step answered right.
"""

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from demo_steps import Demo, WrongAnswer
from demo_story import tell
from narrator import Narrator, narrator_for
from object_store import ACCESS_KEY, REGION, ObjectStore, no_aws_environment, swift

DATA = Path(__file__).resolve().parent.parent / "data"
INTERRUPTED = 130
NOBODY_READS = 141


@contextmanager
def photo_store(folder: Path) -> Iterator[ObjectStore]:
    """Run a real object store with a bucket in it."""
    secret = secrets.token_hex(16)
    folder.mkdir()
    with no_aws_environment(), swift(folder, secret) as url:
        store = ObjectStore(url, ACCESS_KEY, secret, REGION, "art")
        store.client().create_bucket(Bucket=store.bucket)
        yield store


def shown(narrator: Narrator) -> str:
    """Tell the story in a folder that is gone afterwards; return how it went."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="originstamp-demo-") as name:
        demo = Demo(Path(name), narrator)
        (demo.studio / "data").symlink_to(DATA)
        with photo_store(Path(name) / "store") as store:
            tell(demo, store)
    seconds = time.monotonic() - began
    return f"{demo.steps} steps in {seconds:.0f} seconds; the folder they happened in is gone."


def main() -> int:
    """Run the demo and return its exit code."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # whatever letters it knows
    narrator = narrator_for(sys.stdout, os.environ)
    try:
        narrator.end(f"Every step answered right. {shown(narrator)}")
    except (WrongAnswer, pytest.exit.Exception) as wrong:
        print(f"\nThe demo went wrong: {wrong}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the folder of the demo is gone.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    return 0


if __name__ == "__main__":
    sys.exit(main())
