"""Five-line orders, placed through the client: on SQLite and on PostgreSQL, against the databases alone."""

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile

from . import postgres, server
from .common import PEERS, json_of, make_peer
from .server import Server, database_in, same_keys

CALLERS = 64

NAMES = ["place_order.sqlite", "place_order.postgres", "place_order.postgres_two", "place_order.postgres_function"]


def group_size(folder):
    """How many orders shared a commit on average: all that one transaction logs bears one time."""
    with contextlib.closing(sqlite3.connect(database_in(folder))) as database:
        orders, commits = database.execute(
            "SELECT count(*), count(DISTINCT record_time) FROM change_log WHERE change_key LIKE 'SO-%'").fetchone()
    return orders / commits


class OnSQLite:
    """Rates of the server on SQLite, and of the same statements in C on copies of the same database."""

    def __init__(self, place):
        self.place = place
        self.filled, self.copy = os.path.join(place, "filled"), os.path.join(place, "copy")
        self.served, self.raw = [], []
        self.group = 1
        with Server(self.filled) as running:
            running.bench("fill")

    def run(self, seconds, with_raw):
        shutil.copytree(self.filled, self.copy)
        with Server(self.copy) as running:
            outcome = running.load(CALLERS, seconds)
        self.served.append(outcome["orders_per_second"])
        self.group = max(1, round(group_size(self.copy)))
        shutil.rmtree(self.copy)
        tell("SQLite", outcome, f"{self.group} to a commit")
        if with_raw:
            shutil.copytree(self.filled, self.copy)
            peer = json_of(os.path.join(PEERS, "raw_order"), database_in(self.copy), str(self.group), str(seconds))
            self.raw.append(peer["orders_per_second"])
            shutil.rmtree(self.copy)


class OnPostgreSQL:
    """Rates of one server and of two on PostgreSQL, and of a stored function, each on a copy of one database."""

    def __init__(self, cluster, place):
        self.cluster = cluster
        self.folder = os.path.join(place, "first")
        self.one, self.two, self.function = [], [], []
        cluster.create("filled")
        with Server(self.folder, cluster.url("filled")) as running:
            running.bench("fill")
            # Statistics of empty tables would have PostgreSQL read the whole of them later.
            running.load(CALLERS, 2)
        cluster.sql("filled", "VACUUM ANALYZE")
        self.other_folder = same_keys(self.folder, os.path.join(place, "second"))

    def run_one(self, seconds):
        self.cluster.create("run", "filled")
        with Server(self.folder, self.cluster.url("run")) as running:
            outcome = running.load(CALLERS, seconds)
        self.one.append(outcome["orders_per_second"])
        tell("PostgreSQL", outcome)

    def run_two(self, seconds):
        self.cluster.create("run", "filled")
        with Server(self.folder, self.cluster.url("run")) as running:
            with Server(self.other_folder, self.cluster.url("run")) as other:
                outcome = running.load(CALLERS, seconds, also=[other])
        self.two.append(outcome["orders_per_second"])
        tell("PostgreSQL, two servers", outcome)

    def run_function(self, seconds):
        self.cluster.create("run", "filled")
        rate, median = postgres.place_with_function(self.cluster, "run", seconds)
        self.function.append(rate)
        print(f"  stored function: {rate:.0f} orders/s, median {median * 1000:.0f} us", file=sys.stderr)


def tell(store, outcome, more=""):
    more = f", {more}" if more else ""
    print(f"  {store}: {outcome['orders']} orders{more}, median {outcome['p50_us']} us, 99 % within "
          f"{outcome['p99_us']} us", file=sys.stderr)


def run(results, names, options):
    server.build()
    # PostgreSQL's runs are longer: its connections plan their statements at first.
    on_postgres, pg_seconds = set(names) - {"place_order.sqlite"}, 2 * options.seconds
    # Beside the sources, not in /tmp: that may be memory, where durability costs nothing.
    with tempfile.TemporaryDirectory(dir=PEERS) as place:
        if not on_postgres:
            measure(results, names, options.pairs, options.seconds, OnSQLite(place), None, 0)
            return
        with postgres.Cluster() as cluster:
            needs_sqlite = set(names) & {"place_order.sqlite", "place_order.postgres_function"}
            on_sqlite = OnSQLite(place) if needs_sqlite else None
            measure(
                results, names, options.pairs, options.seconds, on_sqlite, OnPostgreSQL(cluster, place), pg_seconds)


def measure(results, names, pairs, seconds, sqlite, pg, pg_seconds):
    """Runs what `names` need in turn, `pairs` times, and adds the rows."""
    if "place_order.sqlite" in names:
        make_peer("raw_order")
    for _ in range(pairs):
        if sqlite:
            sqlite.run(seconds, with_raw="place_order.sqlite" in names)
        if pg and {"place_order.postgres", "place_order.postgres_function"} & set(names):
            pg.run_function(pg_seconds)
        if pg and {"place_order.postgres", "place_order.postgres_two"} & set(names):
            pg.run_one(pg_seconds)
        if "place_order.postgres_two" in names:
            pg.run_two(pg_seconds)
    function = f"PostgreSQL {pg.cluster.version}, one stored function, {postgres.CLIENTS} clients" if pg else ""
    if "place_order.sqlite" in names:
        peer = f"raw SQLite in C, {sqlite.group} orders to a commit"
        results.add("place_order.sqlite", "orders/s", sqlite.served, peer, sqlite.raw)
    if "place_order.postgres_function" in names:
        peer = f"{function}; ours on SQLite"
        results.add("place_order.postgres_function", "orders/s", sqlite.served, peer, pg.function)
    if "place_order.postgres" in names:
        results.add("place_order.postgres", "orders/s", pg.one, function, pg.function)
    if "place_order.postgres_two" in names:
        results.add("place_order.postgres_two", "orders/s", pg.two, "one server alone", pg.one)
