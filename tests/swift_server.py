"""A real OpenStack Swift object store, speaking S3, on this machine alone.

    ACCESS_KEY=account:user SECRET_KEY=… python tests/swift_server.py FOLDER

prints `ready http://127.0.0.1:PORT` and serves until it is terminated or its standard input
closes. The second is for whoever started it: if that process dies, however it dies, its end of
the pipe closes and the server goes too.

Swift's four servers (account, container, object, and the proxy in front of them) run in one
process, as Swift's own functional tests run them: there are no children to leave behind, and each
socket is bound before the others are told its port, so that no port is ever guessed.
"""


# `swift` and `eventlet` come without types, and what they give is only handed back to them.
# mypy: disable-error-code="import-untyped, import-not-found"

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

BACKENDS = ("account", "container", "object")
REGION = "us-east-1"
PIPELINE = (
    "catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo"
)
# Port 9 discards what it is sent: no line of a test run belongs in the machine's journal.
COMMON = """\
[DEFAULT]
swift_dir = {folder}
log_level = CRITICAL
log_udp_host = 127.0.0.1
log_udp_port = 9
"""
SWIFT = """\
[swift-hash]
swift_hash_path_prefix = originstamp
[storage-policy:0]
name = single
default = yes
"""
# A reserve would make the store answer 507 on a machine whose disk is nearly full.
BACKEND = """\
devices = {folder}/devices
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
PROXY = """\
[pipeline:main]
pipeline = {pipeline} proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
location = {region}
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret} .admin
"""
# tempauth wants a cache in the pipeline, but does without the daemon behind it.
CACHE = "[filter:cache]\nuse = egg:swift#memcache\nmemcache_servers = 127.0.0.1:9\n"


def write(path: Path, text: str) -> None:
    """Write a file that only its owner reads: the proxy's holds the secret."""
    path.touch(mode=0o600)
    path.write_text(text)


def configure(folder: Path, access_key: str, secret: str) -> None:
    """Write the settings of all four servers."""
    account, _, user = access_key.partition(":")
    common = COMMON.format(folder=folder)
    write(folder / "swift.conf", SWIFT)
    for name in BACKENDS:
        write(folder / f"{name}.conf", common + BACKEND.format(folder=folder, name=name))
    named = {"pipeline": PIPELINE, "region": REGION}
    proxy = PROXY.format(account=account, user=user, secret=secret, **named) + CACHE
    plain = [name for name in PIPELINE.split() if f"[filter:{name}]" not in proxy]
    filters = "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in plain)
    write(folder / "proxy.conf", common + proxy + filters)


def make_ring(folder: Path, name: str, port: int) -> None:
    """Write the map by which the proxy finds the one device of a server."""
    from swift.common.ring import RingBuilder

    builder = RingBuilder(part_power=2, replicas=1, min_part_hours=1)
    where = {"ip": "127.0.0.1", "port": port, "device": "disk", "region": 1, "zone": 1}
    builder.add_dev({"id": 0, "weight": 1.0, "meta": "", **where})
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{name}.ring.gz"))


def listen() -> Any:
    """Return a listening socket on a port of the system's choice, which no one shares."""
    import eventlet

    return eventlet.listen(("127.0.0.1", 0))


def serve(folder: Path, name: str, listener: Any) -> Any:
    """Begin to serve one of Swift's servers on a socket, and return its green thread."""
    import eventlet
    from eventlet import wsgi
    from swift.common.http_protocol import SwiftHttpProtocol
    from swift.common.utils import NullLogger
    from swift.common.wsgi import init_request_processor

    app, *_ = init_request_processor(str(folder / f"{name}.conf"), f"{name}-server")
    # S3 clients look for `ETag`; eventlet would answer `Etag`.
    options = {"protocol": SwiftHttpProtocol, "capitalize_response_headers": False}
    return eventlet.spawn(wsgi.server, listener, app, NullLogger(), **options)


def end_with(descriptor: int) -> Callable[[], None]:
    """Return a task that ends this process at once when a pipe closes."""

    def wait() -> None:
        while os.read(descriptor, 1):
            pass
        os._exit(0)

    return wait


def run(folder: Path, access_key: str, secret: str) -> None:
    """Serve until terminated."""
    from eventlet import patcher
    from swift.common.utils import monkey_patch

    patcher.original("threading").Thread(target=end_with(0), daemon=True).start()
    monkey_patch()
    configure(folder, access_key, secret)
    (folder / "devices" / "disk").mkdir(parents=True)
    for name in BACKENDS:
        listener = listen()
        make_ring(folder, name, listener.getsockname()[1])
        serve(folder, name, listener)
    proxy = listen()
    serving = serve(folder, "proxy", proxy)
    print(f"ready http://127.0.0.1:{proxy.getsockname()[1]}", flush=True)
    serving.wait()


if __name__ == "__main__":
    run(Path(sys.argv[1]).resolve(), os.environ["ACCESS_KEY"], os.environ["SECRET_KEY"])
