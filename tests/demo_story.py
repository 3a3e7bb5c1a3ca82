"""The story that the demo tells, in five chapters."""

import hashlib
import re
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from demo_steps import Demo, holding
from object_store import ObjectStore, flip_signature, send

from originstamp_cli.candid import Principal
from originstamp_cli.canister.ledger.accounts import account, account_text

SESSION_ID = re.compile("[0-9a-f]{16}")
PRINCIPAL = re.compile("[a-z0-9]{5}(-[a-z0-9]{3,5})+")
VAULT = (7).to_bytes(32, "big")  # the subaccount 7
NOT_HERS = "Unauthorized: caller does not own this session"
DFX_SCRIPT = """\
#!/bin/sh
set -e
SESSION=$(dfx canister call backend create_physical_art_session \\
    '("alice", "Lake at dawn", "A study in oil")' | cut -d '"' -f 2)
dfx canister call backend upload_photo_to_session \\
    "(\\"$SESSION\\", \\"https://photos.example/study.jpg\\")"
dfx canister call backend update_session_status "(\\"$SESSION\\", \\"archived\\")"
dfx canister call backend get_session_details "(\\"$SESSION\\")"
"""


def tell(demo: Demo, store: ObjectStore) -> None:
    """Tell the whole story; raises `WrongAnswer` at the first step that answers wrong."""
    password = secrets.token_urlsafe(12)
    demo.private_file("password.txt", f"{password}\n")
    session = the_artist(demo, store)
    what_guards_the_work(demo, store, session, password)
    the_collector(demo)
    the_script_author(demo, session)
    the_operator(demo)


def photos(demo: Demo) -> list[Path]:
    """Return the photos of the making of the work, in the order of a shell."""
    return sorted((demo.studio / "data" / "photos").iterdir())


def the_artist(demo: Demo, store: ObjectStore) -> str:
    """Tell how a work comes to its token; return the id of its session."""
    demo.narrator.chapter(1, "The artist")
    demo.step(
        "Alice, a painter, registers. Her password comes from a file of hers and is never shown.",
        "originstamp register-user alice --password-stdin < password.txt",
        "alice",
    )
    session = demo.step(
        "She opens a session for a painting in progress.",
        "originstamp create-session alice 'Lake at dusk' 'Oil on linen, 60 x 80 cm'",
        SESSION_ID,
    )
    a_store_for_photos(demo, store)
    photographed(demo, store, session)
    demo.step("The painting is done.", f"originstamp set-status {session} completed", "")
    demo.step(
        "Anybody may see that, and how many photos there are of its making.",
        "originstamp list-sessions --status completed --output table",
        holding(session, "alice", "completed", f" {len(photos(demo))} "),
    )
    demo.step(
        "She mints its token, number 1, to her own identity, which is called default.",
        f"originstamp mint {session} --to default --attribute medium=oil",
        "1",
    )
    demo.step(
        "The token names the work, its making and its photos.",
        "originstamp show-token 1 --output table",
        holding("Lake at dusk - #1", session, "token_hash", "medium", "oil", "photo_4"),
    )
    return session


def a_store_for_photos(demo: Demo, store: ObjectStore) -> None:
    """Tell where photos go."""
    file = demo.private_file(
        ".env",
        f"S3_BUCKET_NAME={store.bucket}\nS3_REGION={store.region}\nS3_ENDPOINT={store.url}\n"
        f"S3_ACCESS_KEY={store.access_key}\nS3_SECRET_KEY={store.secret}\n",
    )
    demo.step(
        "The operator has the keys of an object store, here a real one on this machine.",
        "sed '/SECRET/s/=.*/=********/' .env",
        file.read_text(encoding="utf-8").replace(store.secret, "********").rstrip("\n"),
    )
    demo.find("nobody but its owner can read the file", oct(file.stat().st_mode & 0o777), "0o600")
    demo.step(
        "They are tried, and kept because the bucket answers to them.",
        "originstamp configure-s3 --env-file .env --check",
        "",
    )


def photographed(demo: Demo, store: ObjectStore, session: str) -> None:
    """Tell how the photos of the making are uploaded."""
    upload = f"originstamp upload {session} data/photos/*"
    place = f"{store.url}/{store.bucket}/{session}/"
    lines = [part for photo in photos(demo) for part in (f"{photo.name}\t{place}", "\n")]
    printed = demo.step(
        "Alice uploads the photos of its making, each under the hash of its content.",
        upload,
        holding("file\turl\n", *lines[:-1]),
    )
    keys = [line.partition(place)[2] for line in printed.splitlines()[1:]]
    demo.find(
        "in the store each is what it is on her disk, byte for byte",
        [object_of(store, f"{session}/{key}") for key in keys],
        [photo.read_bytes() for photo in photos(demo)],
    )
    demo.step("She does it again, to be sure. Nothing is there twice.", upload, printed)
    demo.find(f"the bucket holds {len(keys)} photos", objects(store), len(keys))


def object_of(store: ObjectStore, key: str) -> bytes:
    """Return the content of an object."""
    content: bytes = store.client().get_object(Bucket=store.bucket, Key=key)["Body"].read()
    return content


def objects(store: ObjectStore) -> int:
    """Return how many objects are in the bucket."""
    return int(store.client().list_objects_v2(Bucket=store.bucket)["KeyCount"])


def what_guards_the_work(demo: Demo, store: ObjectStore, session: str, password: str) -> None:
    """Tell what nobody else can do."""
    demo.narrator.chapter(2, "What guards the work")
    a_stranger(demo, session)
    demo.private_file("guess.txt", "correct horse\n")
    demo.refused(
        "She guesses a password.",
        "originstamp login alice --password-stdin --identity mallory < guess.txt",
        "Invalid password",
    )
    a_forged_address(demo, store, session)
    demo.step(
        "Whoever asks for the S3 settings is told everything but the secret.",
        "originstamp canister call backend get_s3_config",
        holding('secret_access_key = "********"', store.access_key),
    )
    what_is_on_disk(demo, store, password)
    anybody_can_recompute(demo, session)


def a_stranger(demo: Demo, session: str) -> None:
    """Tell of somebody who would like to have the work."""
    demo.step(
        "Mallory has an identity too.",
        "originstamp identity new mallory --storage-mode plaintext",
        "",
    )
    demo.refused(
        "She tries to slip a photo into the session.",
        f"originstamp add-photo {session} https://mallory.example/me.jpg --identity mallory",
        NOT_HERS,
    )
    demo.refused(
        "She tries to mint a second token from it.",
        f"originstamp mint {session} --to mallory --identity mallory",
        NOT_HERS,
    )
    demo.refused(
        "She tries to take the first.",
        "originstamp transfer 1 --to mallory --yes --identity mallory",
        "Token not owned by from account",
    )


def a_forged_address(demo: Demo, store: ObjectStore, session: str) -> None:
    """Tell what the object store thinks of an address that was not signed for it."""
    photo = photos(demo)[-1]
    kept = objects(store)
    address = demo.step(
        "An upload address is signed, for exactly this photo.",
        f"originstamp upload-url {session} varnished.jpg --file data/photos/{photo.name}",
        holding(f"{session}/varnished.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&", "X-Amz-Signature="),
    )

    def answer(url: str) -> tuple[int, int]:
        status = send("PUT", url, photo.read_bytes(), content_type="image/jpeg").status
        return status, objects(store) - kept

    forged = flip_signature(address)
    demo.find("one digit of the signature changed: the store answers 403", answer(forged), (403, 0))
    demo.find("as it was signed: the store answers 200", answer(address), (200, 1))


def what_is_on_disk(demo: Demo, store: ObjectStore, password: str) -> None:
    """Tell that no secret can be read off the disk."""
    state = demo.step(
        "All that the canister remembers is in one file.",
        "originstamp debug-info | grep state_file",
        holding("settings state_file\t", "state.db"),
    )
    file = Path(state.partition("\t")[2])
    known = store.access_key.encode() in file.read_bytes()
    demo.find("the id of the S3 access key can be read in it", known, True)  # noqa: FBT003 - it holds
    hidden = (store.secret, password)
    written = [path.read_bytes() for path in demo.home.rglob("*") if path.is_file()]
    demo.find(
        f"its secret and the password cannot, nor in the {len(written) - 1} other files",
        sum(secret.encode() in content for content in written for secret in hidden),
        0,
    )


def anybody_can_recompute(demo: Demo, session: str) -> None:
    """Tell that a token's hash follows from what the token says of itself."""
    lines = demo.step(
        "What a token says of itself can be checked by anybody.",
        "originstamp show-token 1 | grep -E '^id|session_id|created_at|token_hash'",
        holding("id\t1\n", f"session_id\t{session}\n", "created_at\t", "token_hash\t"),
    )
    says = dict(line.removeprefix("attribute ").split("\t") for line in lines.splitlines())
    number, moment = (int(says[name]).to_bytes(8, "big") for name in ("id", "created_at"))
    computed = hashlib.sha256(number + says["session_id"].encode() + moment).hexdigest()
    demo.find(
        "token_hash is the SHA-256 of id (8 bytes), session_id and created_at (8 bytes)",
        computed,
        says["token_hash"],
    )


def the_collector(demo: Demo) -> None:
    """Tell how the work is sold."""
    demo.narrator.chapter(3, "The collector")
    demo.step(
        "A collector has an identity.",
        "originstamp identity new collector --storage-mode plaintext",
        "",
    )
    principal = demo.step(
        "This is the principal behind it.",
        "originstamp identity get-principal --identity collector",
        PRINCIPAL,
    )
    demo.step("Alice sells the work.", "originstamp transfer 1 --to collector --yes", "1")
    demo.step("It is no longer hers.", "originstamp balance default", "0")
    demo.step("It is the collector's.", "originstamp balance collector", "1")
    demo.refused(
        "She cannot sell it twice.",
        "originstamp transfer 1 --to mallory --yes",
        "Token not owned by from account",
    )
    vault = account_text(account(Principal.from_text(principal), VAULT))
    demo.step(
        "The collector moves it into a vault: a subaccount, written as ICRC-1 has it.",
        f"originstamp transfer 1 --to {vault} --yes --identity collector",
        "2",
    )
    demo.step(
        "There it is.",
        f"originstamp list-tokens --owner {vault}",
        f"id\towner\tname\n1\t{vault}\tLake at dusk - #1",
    )


def the_script_author(demo: Demo, session: str) -> None:
    """Tell that a script written for dfx runs as it is."""
    demo.narrator.chapter(4, "The script author")
    (demo.studio / "study.sh").write_text(DFX_SCRIPT, encoding="utf-8")
    demo.step("A script was written for dfx.", "cat study.sh", DFX_SCRIPT.rstrip("\n"))
    demo.step(
        "It runs unchanged with a dfx that is this program.",
        'PATH="$(dirname "$(originstamp dfx-shim bin)"):$PATH" sh study.sh',
        holding("(variant { Ok = true })", "(variant { Ok = true })", "opt record", "Lake at dawn"),
    )
    demo.step(
        "Both faces show one state.",
        "originstamp list-sessions --output table",
        holding(session, "completed", "alice", "archived"),
    )


def the_operator(demo: Demo) -> None:
    """Tell how the canister is looked after."""
    demo.narrator.chapter(5, "The operator")
    demo.step(
        "Is everything well?",
        "originstamp health",
        holding("ledger\ttrue", "s3\ttrue\tThe bucket 'art' answers.", "disk\ttrue"),
    )
    demo.step(
        "How much is there?",
        "originstamp dashboard",
        holding("total_users\t1\n", "total_sessions\t2\n"),
    )
    demo.step(
        "How much room does it take?",
        "originstamp storage-stats --output table",
        holding("tables users", "records 1", "tables sessions", "records 2", "tables tokens"),
    )
    what_is_kept(demo)
    for told, policy in (
        ("For a comparison, the canister can be just as it is deployed.", "faithful"),
        ("Then it is put on its guard again.", "hardened"),
    ):
        demo.step(told, f"originstamp deploy backend --policy {policy}", "")
        says = f"policy\t{policy}"
        demo.step("It says so itself.", "originstamp debug-info | grep policy", says)
    without_s3(demo)


def what_is_kept(demo: Demo) -> None:
    """Tell how all that is kept is looked through."""
    demo.step(
        "What does the state file hold?",
        "originstamp state info",
        holding("kind\tsqlite\n", "tables sessions\trecords 2", "tables tokens\trecords 1"),
    )
    demo.step(
        "Every record, index, count and block is looked at, and the log is played again.",
        "originstamp state verify",
        holding("flaws\t0"),
    )
    demo.step(
        "The history of the work is in the log for good.",
        "originstamp blocks --token 1 | cut -f 1,3",
        holding("index\ttype\n0\t7mint\n1\t7xfer"),
    )


def without_s3(demo: Demo) -> None:
    """Tell where photos go when there is no object store."""
    session = demo.step(
        "Another state file is another world, and this one has no S3.",
        "originstamp create-session alice Sketchbook --state sketchbook.db",
        SESSION_ID,
    )
    sketch = photos(demo)[0]
    printed = demo.step(
        "There, photos are kept beside the state.",
        f"originstamp upload {session} data/photos/{sketch.name} --state sketchbook.db",
        holding("file\turl\n", f"{sketch.name}\tfile://", "sketchbook.db.photos/"),
    )
    kept = Path(unquote(urlsplit(printed.rpartition("\t")[2]).path))
    demo.find(f"it is {sketch.name}, byte for byte", kept.read_bytes(), sketch.read_bytes())
