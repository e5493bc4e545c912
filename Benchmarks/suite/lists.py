"""Lists: a page deep in a long list against its first page, through the client."""

import json
import os
import tempfile

from . import server
from .common import PEERS
from .grown import grow
from .server import Server, database_in

ORDERS = 60_000  # more than 1,000 pages of 50, of orders and of movements
PAGE = 1_000

NAMES = ["list.orders", "list.movements"]


def run(results, names, options):
    server.build()
    with tempfile.TemporaryDirectory(dir=PEERS) as folder:
        with Server(folder) as running:
            running.bench("fill")
            running.load(1, 0.2)
        grow(database_in(folder), ORDERS, live_share=0)  # every row like the others
        outcomes = []
        with Server(folder) as running:
            for _ in range(options.pairs):
                outcomes.append(json.loads(running.bench("page", PAGE, max(50, round(100 * options.seconds)))))
    for name in names:
        of_list = [outcome[name.removeprefix("list.")] for outcome in outcomes]
        results.add(
            name, "us/page", [one["deep_us"] for one in of_list], f"page 1; ours is page {PAGE:,}",
            [one["first_us"] for one in of_list])
