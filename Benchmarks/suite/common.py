"""What every benchmark of the suite uses: the programs of both sides, and the table of results."""

import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(HERE)
PEERS = os.path.join(HERE, "peers", "build")
OURS = os.path.join(HERE, ".build", "release")
GRPC_PREFIX = 5  # bytes before each message on the wire


def fail(sentence):
    raise SystemExit(f"Benchmarks/run: {sentence}")


def output_of(*command, **options):
    """The standard output of a command that must succeed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, **options)
    if done.returncode != 0:
        fail(f"{command[0]} ended with {done.returncode}")
    return done.stdout


def json_of(*command, **options):
    return json.loads(output_of(*command, **options))


def framed(message):
    """A message as gRPC sends it."""
    return b"\0" + len(message).to_bytes(GRPC_PREFIX - 1, "big") + message


def test_python():
    """The Python that has grpcio: dev/setup looks in the same order."""
    venv = os.path.join(ROOT, ".venv", "bin", "python")
    return os.environ.get("DMS_PYTHON") or (venv if os.path.exists(venv) else "python3")


def swift_build(product):
    subprocess.run(
        ["swift", "build", "-c", "release", "--package-path", HERE, "--product", product], check=True,
        stdout=sys.stderr)


def make_peer(name):
    subprocess.run(["make", "--silent", "-C", os.path.join(HERE, "peers"), f"build/{name}"], check=True,
                   stdout=sys.stderr)


class Results:
    """What was measured, as rows of the table and of results.json."""

    def __init__(self):
        self.rows = []

    def add(self, name, unit, ours, peer, theirs):
        value, against = statistics.median(ours), statistics.median(theirs)
        self.rows.append(
            {"name": name, "value": round(value, 1), "unit": unit, "peer": peer, "peer_value": round(against, 1),
             "ratio": round(value / against, 3), "spread": round((max(ours) - min(ours)) / value, 3)})
        self.show(self.rows[-1])

    @staticmethod
    def show(row):
        print(f"{row['name']:<30} {row['value']:>12,.1f} {row['unit']:<10} {row['peer_value']:>12,.1f}  "
              f"{row['ratio']:>7.3f}  {row['peer']}", flush=True)

    @staticmethod
    def head():
        print(f"{'benchmark':<30} {'ours':>12} {'unit':<10} {'peer':>12}  {'ratio':>7}", flush=True)

    def write(self):
        """Writes the rows; those that an earlier run measured and this one did not stay."""
        path = os.path.join(HERE, "results.json")
        measured = {row["name"] for row in self.rows}
        kept = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                kept = [row for row in json.load(file) if row["name"] not in measured]
        with open(path, "w", encoding="utf-8") as file:
            json.dump(sorted(self.rows + kept, key=lambda row: row["name"]), file, indent=1)
            file.write("\n")
