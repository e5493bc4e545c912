"""dms-server as the benchmarks run it."""

import json
import os
import re
import shutil
import signal
import subprocess

from .common import OURS, fail, output_of, swift_build


def build():
    for product in ("dms-server", "place-order-bench"):
        swift_build(product)


def database_in(folder):
    """The SQLite file of a server's folder."""
    return os.path.join(folder, "dms.db")


class Server:
    """dms-server on a free port of the loopback until the end of its scope.

    `folder` holds its keys, and its data unless `store` says where that is.
    """

    def __init__(self, folder, store=None):
        self.folder, self.store = folder, store

    def __enter__(self):
        where = ["--store", self.store] if self.store else []
        self.process = subprocess.Popen(
            [os.path.join(OURS, "dms-server"), "--data", self.folder, *where, "--port", "0", "--log-level", "error"],
            stderr=subprocess.PIPE, text=True)
        first = self.process.stderr.readline()
        found = re.search(r"http://\S+", first)
        if not found:
            fail(f"dms-server did not start: {first}{self.process.stderr.read()}")
        self.url = found[0]
        return self

    def __exit__(self, *problem):
        self.process.send_signal(signal.SIGTERM)
        _, rest = self.process.communicate(timeout=120)
        if problem[0] is None and self.process.returncode != 0:
            fail(f"dms-server ended with {self.process.returncode}:\n{rest}")

    def bench(self, command, *arguments, also=()):
        """The output of place-order-bench, called with the administrator's key; `also` names servers beside this."""
        with open(os.path.join(self.folder, "admin.key"), encoding="utf-8") as file:
            environment = dict(os.environ, DMS_API_KEY=file.read().strip(), DMS_PID=str(self.process.pid))
        addresses = ",".join([self.url, *(server.url for server in also)])
        return output_of(
            os.path.join(OURS, "place-order-bench"), command, addresses, *map(str, arguments), env=environment)

    def load(self, callers, seconds, also=()):
        """What came of placing orders; every one must have been placed."""
        outcome = json.loads(self.bench("load", callers, seconds, also=also))
        if outcome["errors"]:
            fail(f"{outcome['errors']} orders ended with an error, {outcome['orders']} were placed")
        return outcome

    def resident_bytes(self):
        """The memory that the server has in use."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def processor_seconds(self):
        """The processor time that the server has used."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def same_keys(folder, new_folder):
    """Makes a folder for another server on the same database, with the keys of `folder`."""
    os.mkdir(new_folder, 0o700)
    for name in ("admin.key", "server.key"):
        shutil.copy(os.path.join(folder, name), new_folder)
    return new_folder
