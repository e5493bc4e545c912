"""A PostgreSQL of the benchmark's own, and the peer in it: an order placed by one stored function, under pgbench."""

import glob
import os
import shutil
import statistics
import subprocess
import tempfile

from .common import HERE, PEERS, ROOT, fail, output_of

CLIENTS = 32

# fsync and synchronous_commit are on, as they are unless told otherwise. Checkpoints come seldom, so that a run of
# seconds does not happen to hold one.
SETTINGS = ["shared_buffers=256MB", "max_wal_size=8GB", "checkpoint_timeout=30min"]


def program(name):
    """A program of PostgreSQL's, wherever it is installed."""
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)
    if not found:
        fail(f"{name} is not installed: dev/setup --bench installs it")
    return found


class Cluster:
    """A temporary PostgreSQL, reached through a socket, until the end of its scope."""

    def __enter__(self):
        # Beside the sources, not in /tmp: that may be memory, where durability costs nothing.
        self.folder = tempfile.mkdtemp(dir=PEERS, prefix="pg")
        self.process = subprocess.Popen(
            [os.path.join(ROOT, "dev", "private-postgres"), "run", self.folder, *SETTINGS], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        if not self.process.stdout.readline().startswith("postgres:"):
            fail("PostgreSQL did not start")
        self.version = self.sql("postgres", "SHOW server_version").split()[0]
        return self

    def __exit__(self, *problem):
        self.process.communicate(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database):
        return f"postgres:///{database}?host={self.folder}&user=dms"

    def options(self, database):
        """How PostgreSQL's own programs reach `database`."""
        return ["-h", self.folder, "-U", "dms", database]

    def sql(self, database, *statements, file=None):
        commands = [word for statement in statements for word in ("-c", statement)]
        return output_of(
            program("psql"), "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", *(["-f", file] if file else []), *commands,
            *self.options(database), text=True)

    def create(self, database, template="template0"):
        """Makes `database` anew, as a copy of `template`."""
        self.drop(database)
        self.sql("postgres", f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY file_copy", "CHECKPOINT")

    def drop(self, database):
        self.sql("postgres", "SET client_min_messages = error", f"DROP DATABASE IF EXISTS {database}")


def place_with_function(cluster, database, seconds):
    """Orders a second of the stored function on `database`, and the median time of one in milliseconds.

    The first quarter warms up: connections plan their statements then.
    """
    cluster.sql(database, file=os.path.join(HERE, "peers", "place_order.sql"))
    before = int(cluster.sql(database, "SELECT count(*) FROM sales_order"))
    script = os.path.join(HERE, "peers", "place_order.pgbench")
    with tempfile.TemporaryDirectory(dir=PEERS) as place:
        output_of(
            program("pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-T", str(max(1, round(seconds * 1.25))),
            "-D", "number=0", "-f", script, "-l", "--log-prefix", os.path.join(place, "log"),
            *cluster.options(database), stderr=subprocess.DEVNULL)
        rows = []
        for name in os.listdir(place):
            with open(os.path.join(place, name), encoding="ascii") as file:
                for line in file:
                    _, _, took, _, ended, micros = line.split()[:6]
                    rows.append((int(ended) + int(micros) / 1e6, int(took)))
    placed = int(cluster.sql(database, "SELECT count(*) FROM sales_order")) - before
    if not rows or placed != len(rows):
        fail(f"pgbench reports {len(rows)} orders, the table has {placed} new ones")
    rows.sort()
    start, end = rows[0][0], rows[-1][0]
    warm = start + (end - start) / 5
    counted = [took for ended, took in rows if ended > warm]
    return len(counted) / (end - warm), statistics.median(counted) / 1000
