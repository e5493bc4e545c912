"""Thousands of watches, and one client that never reads what its own brings."""

import json
import os
import socket
import sys
import tempfile
import urllib.parse

from . import server
from .common import PEERS, fail
from .server import Server

WATCHERS = 2_000  # 1,980 dealers' and 20 of the brand's
SECONDS = 10
IDLE_STREAM_KIB = 4

NAMES = ["load.watch_delay_p50", "load.watch_delay_p99", "load.watch_processor", "load.watch_memory"]


def run(results, names, options):
    server.build()
    few, many = [], []
    with tempfile.TemporaryDirectory(dir=PEERS) as folder, Server(folder) as running:
        running.bench("fill-watch")
        with never_reading(running):
            # Memory counts on a fresh server, time on a warm one.
            memory = feed(running, WATCHERS)["bytes_per_watch"] / 1_024
            for _ in range(options.pairs):
                few.append(feed(running, 1))
                many.append(feed(running, WATCHERS))
    rows = {
        "load.watch_delay_p50": ("ms", lambda one: one["delay_p50_us"] / 1_000),
        "load.watch_delay_p99": ("ms", lambda one: one["delay_p99_us"] / 1_000),
        "load.watch_processor": ("us", lambda one: one["processor_seconds"] / one["events"] * 1e6),
    }
    for name, (unit, figure) in rows.items():
        if name in names:
            results.add(name, unit, list(map(figure, many)), "the same with one watch", list(map(figure, few)))
    if "load.watch_memory" in names:
        results.add(
            "load.watch_memory", "KiB", [memory], "what an idle stream may take", [IDLE_STREAM_KIB])


def feed(running, watchers):
    """What came of feeding that many watches; every one must have been told all that is its own, once, in order."""
    outcome = json.loads(running.bench("watch", watchers, SECONDS))
    print(f"  {watchers} watches: {outcome['events_per_second']:.0f} events a second, {outcome['delivered']} deliveries; "
          f"commit to the feeder p50 {outcome['commit_p50_us'] / 1_000:.2f} ms, p99 {outcome['commit_p99_us'] / 1_000:.2f} "
          f"ms; to the watchers {outcome['delay_p50_us'] / 1_000:.2f} and {outcome['delay_p99_us'] / 1_000:.2f} ms; "
          f"{outcome['processor_seconds']:.2f} s of the server's processor; {outcome['bytes_per_watch'] / 1_024:.1f} KiB "
          f"for a watch", file=sys.stderr)
    if outcome["wrong_watchers"]:
        fail(f"load: {outcome['wrong_watchers']} watchers were not told what they should have been")
    return outcome


class never_reading:
    """A client that watches everything and reads nothing from its socket, for as long as its scope lasts."""

    def __init__(self, running):
        address = urllib.parse.urlsplit(running.url)
        with open(os.path.join(running.folder, "admin.key"), encoding="utf-8") as file:
            key = file.read().strip()
        headers = {
            ":method": "POST", ":scheme": "http", ":path": "/dms.inventory.v1.InventoryService/WatchInventory",
            ":authority": address.netloc, "content-type": "application/grpc", "te": "trailers",
            "authorization": f"Bearer {key}"}
        block = b"".join(b"\0" + text(name) + text(value) for name, value in headers.items())
        self.socket = socket.create_connection((address.hostname, address.port))
        self.socket.sendall(
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            # Windows that never close, so that only the socket holds the server up.
            + frame(4, 0, 0, b"\0\x04" + (2**31 - 1).to_bytes(4, "big"))
            + frame(8, 0, 0, (2**31 - 1 - 65_535).to_bytes(4, "big"))
            + frame(1, 4, 1, block) + frame(0, 1, 1, bytes(5)))

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.socket.close()


def text(value):
    """A literal of HPACK."""
    return bytes([len(value)]) + value.encode()


def frame(kind, flags, stream, content):
    """A frame of HTTP/2."""
    return len(content).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + content
