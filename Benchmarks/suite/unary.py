"""Unary calls under h2load, against gRPC C++."""

import json
import os
import re
import signal
import subprocess
import tempfile

from .common import HERE, OURS, PEERS, fail, framed, make_peer, output_of, swift_build, test_python

CLIENTS_AND_STREAMS = {"unary.1x100": (1, 100), "unary.8x32": (8, 32), "unary.1x1": (1, 1)}
NAMES = list(CLIENTS_AND_STREAMS)


class EchoServer:
    """A running echo server. At the end of its scope it is stopped, and must have answered what was asked."""

    def __init__(self, program, order):
        self.program, self.order = program, order
        self.asked = 0

    def __enter__(self):
        self.process = subprocess.Popen([self.program], stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.check()
        return self

    def __exit__(self, *problem):
        if problem[0] is None:
            self.check()
        self.process.send_signal(signal.SIGTERM)
        last, _ = self.process.communicate(timeout=30)
        if problem[0] is None and json.loads(last)["answered"] < self.asked:
            fail(f"{self.program} answered {last.strip()}, asked were {self.asked}")

    def check(self):
        output_of(test_python(), os.path.join(HERE, "echo_check.py"), str(self.port), self.order)
        self.asked += 1

    def load(self, calls, clients, streams, body):
        """Calls a second when `calls` are made, every one answered by as many bytes as it sent."""
        text = output_of(
            "h2load", "-n", str(calls), "-c", str(clients), "-m", str(streams), "-t", "1", "-d", body,
            "-H", "content-type: application/grpc", "-H", "te: trailers",
            f"http://127.0.0.1:{self.port}/bench.v1.EchoService/Echo", text=True)
        rate = float(re.search(r"finished in .*?, ([\d.]+) req/s", text)[1])
        succeeded = int(re.search(r"(\d+) succeeded", text)[1])
        data = int(re.search(r"\((\d+)\) data", text)[1])
        # h2load takes an error of gRPC for success; an error has no body, so the bytes tell.
        if succeeded != calls or data != calls * os.path.getsize(body):
            fail(f"{self.program}: {succeeded} of {calls} calls succeeded, with {data} bytes of replies:\n{text}")
        self.asked += calls
        return rate


def run(results, order, names, options):
    swift_build("echo-server")
    make_peer("grpc_echo_server")
    ours, theirs = os.path.join(OURS, "echo-server"), os.path.join(PEERS, "grpc_echo_server")
    with tempfile.NamedTemporaryFile() as body:
        with open(order, "rb") as file:
            body.write(framed(file.read()))
        body.flush()
        for name in names:
            clients, streams = CLIENTS_AND_STREAMS[name]
            rates = {ours: [], theirs: []}
            for _ in range(options.pairs):
                for program in rates:
                    with EchoServer(program, order) as server:
                        warm = server.load(10_000, clients, streams, body.name)
                        calls = max(1000, int(warm * options.seconds))
                        rates[program].append(server.load(calls, clients, streams, body.name))
            if name == "unary.1x1":
                as_time = [[1e6 / rate for rate in rates[program]] for program in (ours, theirs)]
                results.add(name, "us/call", as_time[0], "gRPC C++, callback API", as_time[1])
            else:
                results.add(name, "calls/s", rates[ours], "gRPC C++, callback API", rates[theirs])
