"""`upload`: photos end in S3 or beside the state, whole and once, and are recorded."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import BACKEND, PROGRAM, World
from object_store import ObjectStore
from terminal import run_on_terminal

from originstamp_cli.candid.principal import ANONYMOUS
from originstamp_cli.candid.types import TEXT, Opt
from originstamp_cli.canister.sessions import why_not_add_photos
from originstamp_cli.errors import CallRejected, NetworkError, UsageError
from originstamp_cli.network import connect
from originstamp_cli.photos import folder, photo
from originstamp_cli.settings import Environment, Settings

PHOTOS = Path(__file__).parent.parent / "data" / "photos"
SKETCH = PHOTOS / "1-sketch.png"
DETAIL = PHOTOS / "3-detail.jpg"
EXAMPLE = str(PHOTOS.parent / "s3.env.example")
AGAIN = (
    "To fix: See originstamp s3-status, then upload again: what is there already is not doubled.\n"
)


@pytest.fixture
def opened(world: World) -> str:
    """Open a session and return its id."""
    return world.run("create-session", "alice", "Harbour").stdout.strip()


def name_of(path: Path, suffix: str) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() + suffix


def kept(world: World) -> Path:
    return Path(f"{world.state}.photos")


def local_url(world: World, path: Path, suffix: str) -> str:
    return (kept(world) / name_of(path, suffix)).as_uri()


def recorded(world: World, session: str) -> list[str]:
    shown = json.loads(world.run("show-session", session, "--output", "json").stdout)
    return list(shown["uploaded_photos"])


def configure(world: World, store: ObjectStore, **changes: str) -> None:
    given = {"endpoint": store.url, "secret": store.secret} | changes
    done = world.run(
        *("configure-s3", "--bucket", store.bucket, "--region", store.region, "--secret-stdin"),
        *("--access-key", store.access_key, "--endpoint", given["endpoint"]),
        typed=given["secret"],
    )
    assert done == (0, "", "")


# Without S3: a folder beside the state.


def test_without_s3_a_photo_is_kept_beside_the_state(world: World, opened: str) -> None:
    url = local_url(world, SKETCH, ".png")

    assert world.run("upload", opened, str(SKETCH)) == (0, f"file\turl\n{SKETCH}\t{url}\n", "")

    (photo,) = kept(world).iterdir()
    assert photo.read_bytes() == SKETCH.read_bytes()
    assert (photo.stat().st_mode & 0o777, kept(world).stat().st_mode & 0o777) == (0o600, 0o700)
    assert recorded(world, opened) == [url]
    stats = json.loads(world.run("storage-stats", "--output", "json").stdout)
    assert (stats["photos"], stats["photo_bytes"]) == (1, SKETCH.stat().st_size)


def test_the_lines_are_json_and_candid_on_request(world: World, opened: str) -> None:
    url = local_url(world, SKETCH, ".png")

    as_json = world.run("upload", opened, str(SKETCH), "--output", "json")
    as_idl = world.run("upload", opened, str(SKETCH), "--output", "idl")

    assert json.loads(as_json.stdout) == [{"file": str(SKETCH), "url": url}]
    assert as_idl.stdout == f'(vec {{ record {{ url = "{url}"; file = "{SKETCH}";}};}})\n'
    assert (as_json.exit_code, as_json.stderr, as_idl.exit_code, as_idl.stderr) == (0, "", 0, "")


@pytest.mark.parametrize("policy", ["hardened", "faithful"])
def test_the_same_photo_is_there_once_under_whatever_name(
    world: World, opened: str, policy: str, tmp_path: Path
) -> None:
    world.run("deploy", "backend", "--policy", policy)
    copy = shutil.copy(SKETCH, tmp_path / "final version.jpg")
    url = local_url(world, SKETCH, ".png")

    first = world.run("upload", opened, str(SKETCH), str(copy))
    second = world.run("upload", opened, str(SKETCH))

    assert first == (0, f"file\turl\n{SKETCH}\t{url}\n{copy}\t{url}\n", "")
    assert second == (0, f"file\turl\n{SKETCH}\t{url}\n", "")
    assert recorded(world, opened) == [url]
    assert len(list(kept(world).iterdir())) == 1


def test_of_several_files_the_good_are_done_and_the_bad_are_named(
    world: World, opened: str, tmp_path: Path
) -> None:
    (tmp_path / "notes.jpg").write_text("about the light")
    (tmp_path / "empty.png").touch()
    bad = [tmp_path / "notes.jpg", tmp_path / "empty.png", tmp_path / "nowhere.png", tmp_path]
    url = local_url(world, DETAIL, ".jpg")

    done = world.run("upload", opened, *map(str, bad), str(DETAIL))

    assert (done.exit_code, done.stdout) == (1, f"file\turl\n{DETAIL}\t{url}\n")
    assert done.stderr == (
        f"Error: The file '{bad[0]}' is no photo: its bytes are not those of a JPEG, PNG, GIF, "
        "WebP, TIFF, HEIC or AVIF.\n"
        f"Error: The file '{bad[1]}' is no photo: it is empty.\n"
        f"Error: The file '{bad[2]}' cannot be read: No such file or directory.\n"
        f"Error: '{bad[3]}' is not a regular file.\n"
        "To fix: Choose a photo.\n"
        "To fix: Check the path.\n"
    )
    assert recorded(world, opened) == [url]


def test_a_single_bad_file_is_a_usage_error_and_nothing_is_kept(world: World, opened: str) -> None:
    done = world.run("upload", opened, __file__)

    assert (done.exit_code, done.stdout) == (2, "")
    assert recorded(world, opened) == []
    assert not kept(world).exists()


def test_a_photo_of_more_than_100_mb_is_refused_unread(
    world: World, opened: str, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.png"
    with huge.open("wb") as file:
        file.write(SKETCH.read_bytes())
        file.truncate(100_000_001)

    assert world.run("upload", opened, str(huge)) == (
        2,
        "",
        (
            f"Error: The file '{huge}' is larger than 100 MB.\n"
            "To fix: Make it smaller, such as by saving it as a JPEG.\n"
        ),
    )


def test_for_a_session_that_is_not_there_nothing_is_kept(world: World) -> None:
    assert world.run("upload", "nope", str(SKETCH)) == (
        1,
        "",
        "Error: There is no session 'nope'.\nTo fix: See the ids with originstamp list-sessions.\n",
    )
    assert not kept(world).exists()


def test_into_a_session_of_somebody_else_nothing_is_kept(world: World, opened: str) -> None:
    done = world.run("upload", opened, str(SKETCH), "--identity", "bob")

    assert done == (
        1,
        "",
        (
            f"Error: '{SKETCH}' was not uploaded. Unauthorized: caller does not own this session\n"
            "To fix: Act as who opened it, with --identity.\n"
        ),
    )
    assert recorded(world, opened) == []
    assert not kept(world).exists()


def test_a_folder_that_cannot_be_made_is_told(world: World, opened: str) -> None:
    kept(world).write_text("in the way")

    assert world.run("upload", opened, str(SKETCH)) == (
        3,
        "",
        (
            f"Error: '{SKETCH}' was not uploaded. The photo cannot be kept in {kept(world)}: "
            "Not a directory.\n"
            "To fix: Make room there, or check who may write to it.\n"
        ),
    )
    assert recorded(world, opened) == []


def test_what_stands_in_the_place_of_the_folder_is_not_counted(world: World) -> None:
    world.run("create-session", "alice", "Harbour")
    kept(world).write_text("in the way")

    stats = json.loads(world.run("storage-stats", "--output", "json").stdout)

    assert (stats["photos"], stats["photo_bytes"]) == (0, 0)


def test_a_state_file_of_any_name_has_photos_beside_it(fresh: World, tmp_path: Path) -> None:
    state = os.fsencode(tmp_path) + b"/caf\xe9 #1?.db"
    fresh.variables["ORIGINSTAMP_STATE"] = os.fsdecode(state)
    session = fresh.run_apart("create-session", "alice", "Harbour").stdout.strip()

    done = fresh.run_apart("upload", session, SKETCH)

    name = name_of(SKETCH, ".png")
    url = f"file://{tmp_path}/caf%E9%20%231%3F.db.photos/{name}"
    assert done == (0, f"file\turl\n{SKETCH}\t{url}\n", "")
    assert Path(os.fsdecode(state + b".photos/") + name).read_bytes() == SKETCH.read_bytes()


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    source = Path(shutil.copy(SKETCH, tmp_path / "sketch.png"))
    before = photo.read(str(source))
    source.write_bytes(SKETCH.read_bytes()[:-1] + b"?")

    with pytest.raises(UsageError, match="changed while it was read"):
        folder.keep(before, str(tmp_path / "kept"), lambda _: None)

    assert list((tmp_path / "kept").iterdir()) == []


# With S3: a real object store, which compares the clock of the program with its own.


def test_with_s3_a_photo_is_stored_under_its_content_and_recorded_without_signature(
    world: World, opened: str, object_store: ObjectStore
) -> None:
    configure(world, object_store)
    key = f"{opened}/{name_of(SKETCH, '.png')}"
    url = f"{object_store.url}/{object_store.bucket}/{key}"

    done = world.run_apart("upload", opened, SKETCH, SKETCH)

    assert done == (0, f"file\turl\n{SKETCH}\t{url}\n{SKETCH}\t{url}\n", "")
    stored = object_store.client().get_object(Bucket=object_store.bucket, Key=key)
    assert stored["Body"].read() == SKETCH.read_bytes()
    assert stored["ContentType"] == "image/png"
    assert recorded(world, opened) == [url]
    assert not kept(world).exists()


def test_keys_that_the_store_refuses_are_told_and_nothing_is_recorded(
    world: World, opened: str, object_store: ObjectStore
) -> None:
    configure(world, object_store, secret="not the secret")

    done = world.run_apart("upload", opened, SKETCH)

    assert done == (
        4,
        "",
        (
            f"Error: '{SKETCH}' was not uploaded. The object storage answered 403: check the "
            f"access key, its secret, the region and this machine's clock.\n{AGAIN}"
        ),
    )
    assert recorded(world, opened) == []


def test_the_store_refuses_bytes_that_are_not_those_announced(
    object_store: ObjectStore, tmp_path: Path
) -> None:
    """The MD5 that is sent along is what it checks: a changed file of the same length."""
    from originstamp_cli.errors import NetworkError
    from originstamp_cli.photos import s3

    changed = Path(shutil.copy(SKETCH, tmp_path / "sketch.png"))
    announced = photo.read(str(SKETCH))
    changed.write_bytes(SKETCH.read_bytes()[:-1] + b"?")
    sent = photo.read(str(changed))
    sent.md5 = announced.md5
    url = object_store.client().generate_presigned_url(
        "put_object",
        {"Bucket": object_store.bucket, "Key": "changed", "ContentType": "image/png"},
    )

    with pytest.raises(NetworkError, match="answered 4"):
        s3.put(url, sent, lambda _: None)


# On a terminal.


def test_on_a_terminal_progress_is_shown_on_standard_error_alone(world: World, opened: str) -> None:
    ended = run_on_terminal(
        [PROGRAM, "upload", opened, str(SKETCH), str(DETAIL)],
        world.variables | {"TERM": "xterm", "NO_COLOR": ""},
        stdout=subprocess.PIPE,
    )

    assert ended.exit_code == 0
    assert ended.piped == (
        f"file\turl\n{SKETCH}\t{local_url(world, SKETCH, '.png')}\n"
        f"{DETAIL}\t{local_url(world, DETAIL, '.jpg')}\n"
    )
    assert "2/2 3-detail.jpg" in ended.shown
    assert "205" in ended.shown  # kilobytes in all
    assert ended.shown.endswith("\x1b[2K")  # gone again


@pytest.mark.parametrize("what", ["upload", "upload-url"])
def test_a_stopped_canister_takes_no_photo_and_signs_no_address(
    world: World, opened: str, what: str
) -> None:
    options = ("--expires", "60", "a.png") if what == "upload-url" else ()
    world.run("configure-s3", "--env-file", EXAMPLE)
    world.run("canister", "stop", "backend")

    result = world.run(what, opened, *options, *(["--file"] if options else []), str(SKETCH))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: Canister {BACKEND} is stopped")
    assert not kept(world).exists()


def test_a_canister_that_stops_meanwhile_keeps_no_photo(world: World, opened: str) -> None:
    network = connect(Settings(Environment(variables=world.variables)))
    world.run("canister", "stop", "backend")

    with pytest.raises(CallRejected, match="is stopped"):
        network.perform(why_not_add_photos, ANONYMOUS, [opened], [Opt(TEXT)])
    world.run("stop")
    with pytest.raises(NetworkError, match="cannot connect"):
        connect(Settings(Environment(variables=world.variables))).perform(
            why_not_add_photos, ANONYMOUS, [opened], [Opt(TEXT)]
        )
