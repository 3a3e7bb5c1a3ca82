"""`make demo`: the whole path of an artwork, narrated, each step checked.

Everything happens in a throw-away folder: a home of its own, the default state in it, and a real
object store on this machine that gets the photos. Exits 0 only if every step answered right.
"""

import os
import secrets
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from object_store import ACCESS_KEY, REGION, ObjectStore, send, swift

PROGRAM = Path(sys.executable).parent / "originstamp"
PHOTOS = sorted((Path(__file__).parent.parent / "data" / "photos").iterdir())
TYPES = {".png": "image/png", ".jpg": "image/jpeg"}


class WrongAnswer(Exception):
    """A step did not answer as it should."""


class Demo:
    """A narrator with a machine of its own to show things on."""

    def __init__(self, home: Path) -> None:
        self.variables = {"HOME": str(home), "PATH": os.environ["PATH"], "NO_COLOR": "1"}

    def say(self, text: str) -> None:
        """Tell what comes next."""
        print(f"\n# {text}", flush=True)

    def run(self, *words: str, typed: str = "", secret: bool = False) -> str:
        """Show a command and what it prints, and return that; its exit code must be 0."""
        shown = shlex.join(["originstamp", *words])
        print(f"$ {shown}" + ("   (secret on standard input)" if secret else ""))
        done = subprocess.run(
            [PROGRAM, *words],
            env=self.variables,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = done.stdout.rstrip("\n")
        if printed:
            print(shortened(printed), flush=True)
        if done.returncode != 0:
            raise WrongAnswer(f"{shown} ended with {done.returncode}: {done.stderr}")
        return printed


def shortened(text: str) -> str:
    """Return lines that fit a terminal; a signed address is longer than anyone reads."""
    return "\n".join(line if len(line) <= 200 else f"{line[:160]}…" for line in text.splitlines())


def expect(what: str, found: str, wanted: str) -> None:
    """Stop the demo where an answer is not the right one."""
    if found != wanted:
        raise WrongAnswer(f"{what}: expected {wanted!r}, got {found!r}")


@contextmanager
def photo_store(folder: Path) -> Iterator[ObjectStore]:
    """Run a real object store with a bucket in it."""
    secret = secrets.token_hex(16)
    folder.mkdir()
    with swift(folder, secret) as url:
        store = ObjectStore(url, ACCESS_KEY, secret, REGION, "art")
        store.client().create_bucket(Bucket=store.bucket)
        yield store


def artists_path(demo: Demo, store: ObjectStore) -> None:
    """Register, open a session, upload photos, mint, transfer."""
    demo.say("An artist registers. The first to take a name keeps it.")
    register = ("register-user", "alice", "--password-stdin")
    expect("register", demo.run(*register, typed="s3cret\n"), "alice")
    expect("count", demo.run("get-user-count"), "1")
    demo.say("She opens a session for a work in progress.")
    session = demo.run("create-session", "alice", "Lake at dusk", "Oil on linen, 60 x 80 cm")
    photographed(demo, store, session)
    demo.say("The work is done: she mints its token and it is hers.")
    token = demo.run("mint", session, "--to", "default", "--attribute", "medium=oil")
    expect("token", token, "1")
    sold(demo, token)


def photographed(demo: Demo, store: ObjectStore, session: str) -> None:
    """Say where photos go, and upload each stage of the work."""
    demo.say("The operator says where photos go: here, a real object store on this machine.")
    demo.run(
        *("configure-s3", "--bucket", store.bucket, "--region", store.region),
        *("--endpoint", store.url, "--access-key", store.access_key, "--secret-stdin"),
        typed=store.secret,
        secret=True,
    )
    for photo in PHOTOS:
        upload(demo, store, session, photo)
    demo.run("set-status", session, "completed")
    recorded = demo.run("show-session", session).count(f"{store.url}/{store.bucket}/{session}/")
    expect("photos", str(recorded), str(len(PHOTOS)))


def sold(demo: Demo, token: str) -> None:
    """Give the token to a collector, and show it."""
    demo.say("A collector buys the work, and gets the token.")
    demo.run("identity", "new", "collector", "--storage-mode", "plaintext")
    demo.run("transfer", token, "--to", "collector", "--yes")
    expect("artist's balance", demo.run("balance", "default"), "0")
    expect("collector's balance", demo.run("balance", "collector"), "1")
    demo.say("The same canister answers scripts written for dfx.")
    supply = demo.run("canister", "call", "backend", "icrc7_total_supply")
    expect("supply", supply, "(1 : nat64)")
    demo.say("And everything is as it should be:")
    demo.run("health")
    collector = demo.run("identity", "get-principal", "--identity", "collector")
    demo.say("The token, for anyone to see:")
    details = demo.run("show-token", token)
    if f"owner\t{collector}\n" not in details or "attribute photo_4\t" not in details:
        raise WrongAnswer("the token's details are not those of this story")


def upload(demo: Demo, store: ObjectStore, session: str, photo: Path) -> None:
    """Upload one photo to a signed address and record where it is."""
    demo.say(
        f"She uploads {photo.name} ({photo.stat().st_size} bytes) to an address signed for it."
    )
    address = demo.run("upload-url", session, photo.name, "--file", str(photo))
    answer = send("PUT", address, photo.read_bytes(), content_type=TYPES[photo.suffix])
    expect("the object store's answer", str(answer.status), "200")
    demo.run("add-photo", session, address)
    stored = store.client().get_object(Bucket=store.bucket, Key=f"{session}/{photo.name}")
    expect("the photo in the store", stored["Body"].read().hex(), photo.read_bytes().hex())


def main() -> int:
    """Run the demo and return its exit code."""
    with tempfile.TemporaryDirectory(prefix="originstamp-demo-") as folder:
        demo = Demo(Path(folder) / "home")
        try:
            with photo_store(Path(folder) / "store") as store:
                artists_path(demo, store)
        except WrongAnswer as wrong:
            print(f"\nThe demo went wrong: {wrong}", file=sys.stderr)
            return 1
    demo.say("Every step answered right. The folder it happened in is gone.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
