"""A store with millions of orders against one with thousands: what placing an order costs."""

import os
import subprocess
import sys
import tempfile
import time

from . import server
from .common import PEERS
from .grown import grow
from .orders import CALLERS, tell
from .server import Server, database_in

SMALL, LARGE = 5_000, 5_000_000

NAMES = ["large.place_order", "large.processor"]


def run(results, names, options):
    server.build()
    with tempfile.TemporaryDirectory(dir=PEERS) as place:
        folders = {}
        for orders in (SMALL, LARGE):
            folder = folders[orders] = os.path.join(place, str(orders))
            with Server(folder) as running:
                running.bench("fill")
                running.load(1, 0.2)
            begun = time.monotonic()
            grow(database_in(folder), orders)
            size = os.path.getsize(database_in(folder)) / 2**30
            print(f"  {orders:,} orders loaded in {time.monotonic() - begun:.0f} s, {size:.1f} GiB", file=sys.stderr)
        # What was loaded is on disk before anything is measured.
        subprocess.run(["sync"], check=True)
        times = {orders: [] for orders in folders}
        processor = {orders: [] for orders in folders}
        for round_number in range(options.pairs + 1):
            for orders, folder in folders.items():
                with Server(folder) as running:
                    before = running.processor_seconds()
                    outcome = running.load(CALLERS, options.seconds)
                    used = running.processor_seconds() - before
                tell(f"{orders:,} orders", outcome)
                # The first round reads the pages in.
                if round_number > 0:
                    times[orders].append(1e6 / outcome["orders_per_second"])
                    # The warm-up is a quarter more of the same.
                    processor[orders].append(used / outcome["orders"] / 1.25 * 1e6)
    peer = f"the same with {SMALL:,} orders in the store; ours has {LARGE:,}"
    if "large.place_order" in names:
        results.add("large.place_order", "us/order", times[LARGE], peer, times[SMALL])
    if "large.processor" in names:
        results.add("large.processor", "us/order", processor[LARGE], peer, processor[SMALL])
