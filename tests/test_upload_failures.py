"""`upload` to a store that is gone, refuses, cuts, lies or stalls: told, and nothing recorded."""

import hashlib
import select
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from conftest import PROGRAM, World
from object_store import ObjectStore
from test_upload import AGAIN, DETAIL, SKETCH, configure, name_of, recorded

from originstamp_cli.errors import NetworkError
from originstamp_cli.photos import photo, s3


@pytest.fixture
def opened(world: World) -> str:
    """Open a session and return its id."""
    return world.run("create-session", "alice", "Harbour").stdout.strip()


class Misbehaving(BaseHTTPRequestHandler):
    """Answers a PUT as `answer` has it."""

    answer: Callable[["Misbehaving"], None]

    def do_PUT(self) -> None:
        """Answer."""
        type(self).answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def take(self) -> str:
        """Read the whole body, and return the entity tag that a store would name it by."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'

    def say(self, status: int, **headers: str) -> None:
        """Answer with a status."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def store_that(answer: Callable[[Misbehaving], None]) -> Iterator[str]:
    """Run a store that answers every PUT in this way, and give its address."""
    handler = type("Handler", (Misbehaving,), {"answer": staticmethod(answer)})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def hang_up(request: Misbehaving) -> None:
    request.rfile.read(1000)
    request.connection.shutdown(socket.SHUT_RDWR)


def lie(request: Misbehaving) -> None:
    request.take()
    request.say(200, ETag='"d41d8cd98f00b204e9800998ecf8427e"')


def fail(request: Misbehaving) -> None:
    request.take()
    request.say(503)


def agree_to_anything(request: Misbehaving) -> None:
    request.take()
    request.say(200)


def say_nothing(request: Misbehaving) -> None:
    request.take()
    request.rfile.read(1)  # until the other side hangs up


def go_on_and_on(request: Misbehaving) -> None:
    request.take()
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
    with suppress(OSError):
        while not select.select([request.connection], [], [], 0.1)[0]:
            request.wfile.write(b".")  # so that no single wait is a long one


@pytest.mark.parametrize("answer", [say_nothing, go_on_and_on])
def test_a_store_is_not_waited_for_without_end(answer: Callable[[Misbehaving], None]) -> None:
    with store_that(answer) as url, pytest.raises(NetworkError, match="The object storage"):
        s3.put(f"{url}/a?b", photo.read(str(SKETCH)), lambda _: None, timeout_seconds=1.0)


def refuse_unread(request: Misbehaving) -> None:
    request.say(403)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (hang_up, r"The object storage cannot be reached: "),
        (agree_to_anything, "The object storage cannot be reached: it broke off the connection."),
        (lie, "The object storage did not store the bytes it was sent.\n"),
        (fail, "The object storage answered 503: try again later.\n"),
        (refuse_unread, "The object storage answered 403: check the access key, its secret, "),
    ],
)
def test_a_store_that_misbehaves_is_told_and_nothing_is_recorded(
    world: World,
    opened: str,
    object_store: ObjectStore,
    answer: Callable[[Misbehaving], None],
    why: str,
) -> None:
    with store_that(answer) as url:
        configure(world, object_store, endpoint=url)
        done = world.run_apart("upload", opened, SKETCH)

    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr.startswith(f"Error: '{SKETCH}' was not uploaded. {why}")
    assert done.stderr.endswith(AGAIN)
    assert recorded(world, opened) == []


def test_a_store_that_is_gone_is_told_once_for_every_file(
    world: World, opened: str, object_store: ObjectStore
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    configure(world, object_store, endpoint=f"http://127.0.0.1:{port}")

    done = world.run("upload", opened, str(SKETCH), str(DETAIL))

    why = "was not uploaded. The object storage cannot be reached: Connection refused.\n"
    assert done == (4, "", f"Error: '{SKETCH}' {why}Error: '{DETAIL}' {why}{AGAIN}")
    assert recorded(world, opened) == []


def test_a_store_that_hangs_up_on_encryption_is_told(
    world: World, opened: str, object_store: ObjectStore
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def hang_up_at_once() -> None:
            connection, _ = server.accept()
            connection.recv(100)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()

        thread = threading.Thread(target=hang_up_at_once, daemon=True)
        thread.start()
        configure(world, object_store, endpoint=f"https://127.0.0.1:{port}")
        done = world.run_apart("upload", opened, SKETCH)
        thread.join(30)

    assert (done.exit_code, done.stdout) == (4, "")
    assert "The object storage cannot be reached: Connection reset by peer." in done.stderr
    assert recorded(world, opened) == []


def test_a_yes_to_what_was_not_read_is_none(
    world: World, opened: str, object_store: ObjectStore, tmp_path: Path
) -> None:
    """As from what stands between: a gate of a public network, which answers all alike."""
    large = tmp_path / "large.png"
    large.write_bytes(SKETCH.read_bytes() + bytes(50_000_000))

    def agree_unread(request: Misbehaving) -> None:
        request.say(200, ETag='"gate"')
        request.close_connection = True

    with store_that(agree_unread) as url:
        configure(world, object_store, endpoint=url)
        done = world.run_apart("upload", opened, large)

    assert (done.exit_code, done.stdout) == (4, "")
    assert "was not uploaded. The object storage cannot be reached: " in done.stderr
    assert recorded(world, opened) == []


def test_an_object_that_the_store_encrypts_needs_no_md5_for_a_tag(
    world: World, opened: str, object_store: ObjectStore
) -> None:
    def encrypt(request: Misbehaving) -> None:
        request.take()
        tag = '"d41d8cd98f00b204e9800998ecf8427e"'
        request.say(200, **{"ETag": tag, "x-amz-server-side-encryption": "aws:kms"})

    with store_that(encrypt) as url:
        configure(world, object_store, endpoint=url)

        assert world.run_apart("upload", opened, SKETCH).exit_code == 0


def test_ctrl_c_leaves_whole_photos_only_and_says_how_many(
    world: World, opened: str, object_store: ObjectStore
) -> None:
    second, release = threading.Event(), threading.Event()

    def stall_at_the_second(request: Misbehaving) -> None:
        if request.headers["Content-Type"] == "image/jpeg":
            second.set()
            release.wait(30)
            return
        request.say(200, ETag=request.take())

    with store_that(stall_at_the_second) as url:
        configure(world, object_store, endpoint=url)
        with subprocess.Popen(
            [PROGRAM, "upload", opened, SKETCH, DETAIL],
            env=world.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert second.wait(30)
                process.send_signal(signal.SIGINT)
                stdout, stderr = process.communicate(timeout=30)
            finally:
                process.kill()
                release.set()

    stored = f"{url}/{object_store.bucket}/{opened}/{name_of(SKETCH, '.png')}"
    assert process.returncode == 130
    assert stdout == f"file\turl\n{SKETCH}\t{stored}\n"
    assert stderr == "Interrupted: 1 of 2 files are uploaded.\n"
    assert recorded(world, opened) == [stored]
