"""More orders than the server takes: what it refuses, and what that costs it in memory."""

import json
import statistics
import sys
import tempfile
import threading

from . import server
from .common import PEERS, fail
from .server import Server

CALLERS = 6_000  # a principal's share of the writer's queue is 2,048
SECONDS = 21

NAMES = ["overload.memory"]


def run(results, names, options):
    server.build()
    with tempfile.TemporaryDirectory(dir=PEERS) as folder, Server(folder) as running:
        running.bench("fill")
        # So that the caches, which are bounded, are full when the flood begins.
        running.load(64, 4)
        samples, over = [], threading.Event()

        def watch():
            while not over.wait(0.1):
                samples.append(running.resident_bytes() / 2**20)

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            outcome = json.loads(running.bench("flood", CALLERS, SECONDS))
        finally:
            over.set()
            watcher.join()
    print(f"  {CALLERS} callers: {outcome['taken']} orders taken, {outcome['refused']} refused, with a wait of up to "
          f"{outcome['longest_delay_ms']:.0f} ms; {samples[0]:.0f} MiB at first, {max(samples):.0f} MiB at most",
          file=sys.stderr)
    for what in ("missing", "ghosts", "without_delay", "errors"):
        if outcome[what]:
            fail(f"overload: {what}: {outcome[what]}")
    if outcome["refused"] < CALLERS:
        fail("overload: the server was not offered more than it takes")
    # The first third fills the queue, the connections and the caches; from then on nothing may grow.
    third = len(samples) * 2 // 3
    results.add(
        names[0], "MiB", [statistics.median(samples[third:])], "the same server in the second third of the flood",
        [statistics.median(samples[len(samples) // 3:third])])
