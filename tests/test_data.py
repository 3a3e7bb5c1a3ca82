"""What `data/` ships is what it says it is."""

import hashlib
import shutil
from pathlib import Path

import pytest
from conftest import World
from tinydb import TinyDB

from originstamp_cli.canister.ledger import blocks
from originstamp_cli.canister.records import TABLES
from originstamp_cli.photos.kinds import HEAD_BYTES, content_type_of
from originstamp_cli.store import Store

DATA = Path(__file__).parent.parent / "data"
EXAMPLE = DATA / "example-state.json"
PHOTOS = sorted((DATA / "photos").iterdir())


@pytest.fixture
def example(fresh: World) -> World:
    """A world on a copy of the example state."""
    fresh.state.parent.mkdir()
    fresh.variables["ORIGINSTAMP_STATE"] = str(
        shutil.copy(EXAMPLE, fresh.state.with_suffix(".json"))
    )
    fresh.run("identity", "whoami")
    return fresh


def test_the_example_state_tells_its_story(example: World) -> None:
    assert example.run("get-user-count").stdout == "1\n"
    shown = example.run("show-token", "1").stdout
    assert "name\tLake at dusk - #1\n" in shown
    assert "attribute photo_4\t" in shown
    assert example.call("get_session_count") == "(2 : nat64)"
    assert "true" in example.call("login", '("alice", "example")')


def test_looking_at_the_example_where_it_is_leaves_it_alone(fresh: World) -> None:
    before = hashlib.sha256(EXAMPLE.read_bytes()).digest()

    result = fresh.run("show-token", "1", "--state", str(EXAMPLE), "--identity", "anonymous")

    assert (result.exit_code, result.stderr) == (0, "")
    assert hashlib.sha256(EXAMPLE.read_bytes()).digest() == before


def test_the_chain_of_the_example_is_sound() -> None:
    with Store(str(EXAMPLE), TABLES).read() as state:
        chain = [blocks.block_at(state, index) for index in range(2)]
        assert blocks.check_tail(state) is None

    assert [block["btype"] for block in chain if block] == ["7mint", "7xfer"]


def test_stock_tinydb_opens_the_example(tmp_path: Path) -> None:
    copy = shutil.copy(EXAMPLE, tmp_path / "copy.json")

    with TinyDB(copy) as database:
        assert {"users", "sessions", "tokens", "blocks"} <= database.tables()
        assert [user["username"] for user in database.table("users")] == ["alice"]


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda photo: photo.name)
def test_the_photos_are_what_their_names_say(photo: Path) -> None:
    kind = {".png": "image/png", ".jpg": "image/jpeg"}[photo.suffix]
    content = photo.read_bytes()

    assert content_type_of(content[:HEAD_BYTES]) == kind
    assert 20_000 < len(content) < 200_000


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n0000", "image/png"),
        (b"\xff\xd8\xff\xe0....JFIF", "image/jpeg"),
        (b"GIF89a......", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"<html>..WEBP", None),
        (b"GIF8,<html>", None),
        (b"II*\x00........", "image/tiff"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypavif", "image/avif"),
        (b"<svg xmlns=", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_a_photo_is_told_by_its_bytes(head: bytes, kind: str | None) -> None:
    assert content_type_of(head) == kind
